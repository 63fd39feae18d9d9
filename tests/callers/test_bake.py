"""Targets of bake files: what they pass, where their Dockerfiles are, and what becomes of a build arg."""

from __future__ import annotations

import json
from typing import Any

import hcl2
import pytest

from codemod.callers.bake import hcl as bake_hcl
from codemod.callers.bake import json as bake_json
from codemod.callers.call import ID, Move, NotUnderstoodError, Passed, Place
from codemod.text import Source, Span, apply

from .moving import TREE, Kind, moved, moves, passed, source

HCL, JSON = "docker-bake.hcl", "docker-bake.json"
TOK = 'variable "TOK" {}\n'
OTHER = 'variable "OTHER" { default = null }\n'
SPELLED = [
    (
        "among others",
        """\
variable "TOK" {
  default = ""
}

target "app" {
  context = "."
  args = {
    NODE = "20"
    # the token TOK
    TOK = TOK # from CI
    REGION = "eu"
  }
  tags = ["app"]
}
""",
        """\
variable "TOK" {
  default = ""
}

target "app" {
  context = "."
  args = {
    NODE = "20"
    REGION = "eu"
  }
  # the token TOK
  secret = ["id=TOK"] # from CI
  tags = ["app"]
}
""",
    ),
    (
        "alone, its `=` below those of the others",
        TOK + 'target "app" {\n  context = "x"\n  args    = { TOK = "${TOK}" }\n}\n',
        TOK + 'target "app" {\n  context = "x"\n  secret  = ["id=TOK"]\n}\n',
    ),
    (
        "alone on several lines",
        TOK + 'target "app" {\n  args = {\n    "TOK" : (TOK),\n  }\n}\n',
        TOK + 'target "app" {\n  secret = ["id=TOK"]\n}\n',
    ),
    (
        "all on one line",
        TOK + 'target "app" { args = { TOK = TOK } }\n',
        TOK + 'target "app" { secret = ["id=TOK"] }\n',
    ),
    (
        "all on one line, with others",
        TOK + 'target "app" { args = { A = "1", TOK = TOK, B = "2" } }\n',
        TOK + 'target "app" {\n  args = { A = "1", B = "2" }\n  secret = ["id=TOK"]\n}\n',
    ),
    (
        "the last on a line",
        TOK + 'target "app" {\n  args = { A = "1", TOK = TOK }\n  secret = []\n}\n',
        TOK + 'target "app" {\n  args = { A = "1" }\n  secret = ["id=TOK"]\n}\n',
    ),
    (
        "the last on a line, with a comma behind it",
        TOK + 'target "app" {\n  args = { A = "1", TOK = TOK, }\n  secret = [\n  ]\n}\n',
        TOK + 'target "app" {\n  args = { A = "1", }\n  secret = [\n    "id=TOK"\n  ]\n}\n',
    ),
    (
        "the last of those with commas",
        TOK + 'target "app" {\n  args = {\n    A = "1", # one\n    TOK = TOK\n  }\n  secret = [ /* none yet */ ]\n}\n',
        TOK + 'target "app" {\n  args = {\n    A = "1" # one\n  }\n  secret = ["id=TOK" /* none yet */ ]\n}\n',
    ),
    (
        "the first of two on a line of several",
        TOK + 'target "app" {\n  args = {\n    TOK = TOK, A = "1"\n    B = "2"\n  }\n}\n',
        TOK + 'target "app" {\n  args = {\n    A = "1"\n    B = "2"\n  }\n  secret = ["id=TOK"]\n}\n',
    ),
    (
        "the last of two on a line of several",
        TOK + 'target "app" {\n  args = {\n    A = "1", TOK = TOK\n    B = "2"\n  }\n}\n',
        TOK + 'target "app" {\n  args = {\n    A = "1"\n    B = "2"\n  }\n  secret = ["id=TOK"]\n}\n',
    ),
    (
        "before the bracket",
        TOK + 'target "app" {\n  args = {\n    A = "1"\n    TOK = TOK }\n}\n',
        TOK + 'target "app" {\n  args = {\n    A = "1"\n     }\n  secret = ["id=TOK"]\n}\n',
    ),
    (
        "behind the bracket",
        TOK + 'target "app" {\n  args = { TOK = TOK # x\n    A = "1"\n  }\n}\n',
        TOK + 'target "app" {\n  args = {\n    A = "1"\n  }\n  secret = ["id=TOK"] # x\n}\n',
    ),
    (
        "alone, with comments",
        TOK + 'target "app" {\n  args = {\n    # read access\n    TOK = TOK // from CI\n    # NODE = "20"\n  }\n}\n',
        TOK + 'target "app" {\n  # NODE = "20"\n  # read access\n  secret = ["id=TOK"] // from CI\n}\n',
    ),
    (
        "two with comments",
        TOK + OTHER + 'target "app" {\n  args = {\n    # the tok\n    TOK = TOK\n    X = OTHER # too\n  }\n}\n',
        TOK + OTHER + 'target "app" {\n  secret = [\n    # the tok\n    "id=TOK",\n    "id=X,env=OTHER" # too\n  ]\n}\n',
    ),
    (
        "comments where there is no room for one",
        TOK + 'target "app" {\n  args = {\n    TOK = TOK # x\n  }\n  secret = [\n    "id=a"]\n}\n',
        TOK + 'target "app" {\n  secret = [\n    "id=a",\n    "id=TOK"]\n}\n',
    ),
    (
        "two neighbours",
        TOK + 'target "app" {\n  args = {\n    A = "1",\n    TOK = TOK,\n    X = TOK\n  }\n}\n',
        TOK + 'target "app" {\n  args = {\n    A = "1"\n  }\n  secret = ["id=TOK", "id=X,env=TOK"]\n}\n',
    ),
    (
        "secrets are there already",
        TOK + 'target "app" {\n  secret = ["id=netrc,src=.netrc"]\n  # what the build takes\n  args = { TOK = TOK }\n}\n',
        TOK + 'target "app" {\n  secret = ["id=netrc,src=.netrc", "id=TOK"]\n  # what the build takes\n}\n',
    ),
    (
        "secrets on lines of their own",
        TOK + 'target "app" {\n  args = { TOK = TOK }\n  secret = [\n    "id=a", # one\n    "id=b" # two\n  ]\n}\n',
        TOK + 'target "app" {\n  secret = [\n    "id=a", # one\n    "id=b", # two\n    "id=TOK"\n  ]\n}\n',
    ),
    (
        "secrets with a comma behind the last",
        TOK + 'target "app" {\n  secret = [\n    { type = "env", id = "a" },\n  ]\n  args = { TOK = TOK }\n}\n',
        TOK + 'target "app" {\n  secret = [\n    { type = "env", id = "a" },\n    "id=TOK",\n  ]\n}\n',
    ),
    (
        "secrets before the bracket",
        TOK + 'target "app" {\n  secret = [\n    "id=a"]\n  args = { TOK = TOK }\n}\n',
        TOK + 'target "app" {\n  secret = [\n    "id=a",\n    "id=TOK"]\n}\n',
    ),
    (
        "several, and the list of other things has lines",
        TOK + OTHER + 'target "app" {\n  args = {\n    TOK = TOK\n    X = OTHER\n  }\n  tags = [\n    "a"\n  ]\n}\n',
        TOK + OTHER + 'target "app" {\n  secret = [\n    "id=TOK",\n    "id=X,env=OTHER"\n  ]\n  tags = [\n    "a"\n  ]\n}\n',
    ),
    (
        "the secret is there already",
        TOK + 'target "app" {\n  args = {\n    TOK = TOK\n  }\n  secret = ["type=env,id=TOK"]\n}\n',
        TOK + 'target "app" {\n  secret = ["type=env,id=TOK"]\n}\n',
    ),
    (
        "Windows' line ends",
        TOK + 'target "app" {\r\n  args = {\r\n    TOK = TOK\r\n    A = "é"\r\n  }\r\n}\r\n'.replace("\n", "\n"),
        TOK + 'target "app" {\r\n  args = {\r\n    A = "é"\r\n  }\r\n  secret = ["id=TOK"]\r\n}\r\n',
    ),
    (
        "a byte order mark, tabs, no line end at the end",
        "\ufeff" + TOK + 'target "app" {\n\targs = {\n\t\tTOK = TOK\n\t\tA = 1\n\t}\n}',
        "\ufeff" + TOK + 'target "app" {\n\targs = {\n\t\tA = 1\n\t}\n\tsecret = ["id=TOK"]\n}',
    ),
    (
        "blocks and texts around it",
        TOK + 'x = <<EOT\n TOK = TOK\nEOT\ntarget "app" {\n  args = { TOK = TOK }\n  y {\n    z = f(1, [for a in b : a])\n  }\n}\n',
        TOK + 'x = <<EOT\n TOK = TOK\nEOT\ntarget "app" {\n  secret = ["id=TOK"]\n  y {\n    z = f(1, [for a in b : a])\n  }\n}\n',
    ),
]


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in SPELLED], ids=[row[0] for row in SPELLED])
def test_a_build_arg_becomes_a_secret(before: str, after: str) -> None:
    if "Windows" in before or "\r\n" in before:
        before, after = before.replace(TOK, TOK.replace("\n", "\r\n")), after.replace(TOK, TOK.replace("\n", "\r\n"))
    assert moved(bake_hcl, source(HCL, before), ("TOK", "X")).text == after
    _agrees(before, after)


def _agrees(before: str, after: str) -> None:
    """Another reader of HCL finds the same difference."""
    old, new = (_target(text) for text in (before, after))
    names = {key.strip('"') for key in old.get("args", {})} - {key.strip('"') for key in new.get("args", {})}
    assert "TOK" in names
    assert len(new.get("secret", [])) - len(old.get("secret", [])) == (0 if "type=env,id=TOK" in before else len(names))
    assert {key: value for key, value in old.items() if key not in ("args", "secret")} == {
        key: value for key, value in new.items() if key not in ("args", "secret")
    }


def _target(text: str) -> dict[str, Any]:
    loaded = hcl2.loads(text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n") + "\n")
    (target,) = loaded["target"]
    (only,) = target.values()
    return {key: value for key, value in only.items() if not key.startswith("__")}


IN_JSON = '{\n  "target": {\n    "app": {\n      %s\n    }\n  }\n}\n'
SPELLED_IN_JSON = [
    (
        "among others",
        IN_JSON % ('"args": {\n        "N": "20",\n        "TOK": "${TOK}"\n      },\n      "tags": ["a"]'),
        IN_JSON % ('"args": {\n        "N": "20"\n      },\n      "secret": ["id=TOK"],\n      "tags": ["a"]'),
    ),
    (
        "lists have a line for each item",
        IN_JSON % ('"tags": [\n        "app"\n      ],\n      "args": {\n        "TOK": "${TOK}"\n      }'),
        IN_JSON % ('"tags": [\n        "app"\n      ],\n      "secret": [\n        "id=TOK"\n      ]'),
    ),
    (
        "all on one line",
        '{"target": {"app": {"args": {"A": "1", "TOK": "${ TOK }"}, "target": "x"}}}',
        '{"target": {"app": {"args": {"A": "1"}, "secret": ["id=TOK"], "target": "x"}}}',
    ),
    (
        "secrets are there already",
        '{"target": {"app": {"secret": ["id=a", {"id": "b"}], "args": {"TOK": "${TOK}"}}}}',
        '{"target": {"app": {"secret": ["id=a", {"id": "b"}, "id=TOK"]}}}',
    ),
    (
        "secrets are there already, behind it",
        '{\n"target": {"app": {\n  "args": {"TOK": "${TOK}"},\n  "secret": []\n}}}',
        '{\n"target": {"app": {\n  "secret": ["id=TOK"]\n}}}',
    ),
    (
        "a byte order mark and other characters",
        '\ufeff{"target": {"äpp": {"args": {"TOK": "${TOK}", "é": "\\u00e9"}}}}\r\n',
        '\ufeff{"target": {"äpp": {"args": {"é": "\\u00e9"}, "secret": ["id=TOK"]}}}\r\n',
    ),
]


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in SPELLED_IN_JSON], ids=[row[0] for row in SPELLED_IN_JSON])
def test_in_json_as_well(before: str, after: str) -> None:
    declared = '{"variable": {"TOK": {"default": ""}}, '
    old, new = (text.replace("{", declared, 1) for text in (before, after))
    assert moved(bake_json, source(JSON, old)).text == new
    json.loads(new.removeprefix("\ufeff"))


def test_an_optional_secret_names_its_variable() -> None:
    text = TOK + 'target "app" {\n  args = { TOK = TOK }\n}\n'
    assert '["id=TOK,env=TOK"]' in moved(bake_hcl, source(HCL, text), optional=True).text


def test_a_long_list_has_a_line_for_each() -> None:
    names = [f"TOKEN_OF_A_LONG_NAME_{number}" for number in range(5)]
    args = "".join(f"    {name} = TOK\n" for name in names)
    after = moved(bake_hcl, source(HCL, TOK + f'target "app" {{\n  args = {{\n{args}  }}\n}}\n'), names).text
    listed = ",\n".join(f'    "id={name},env=TOK"' for name in names)
    assert after == TOK + f'target "app" {{\n  secret = [\n{listed}\n  ]\n}}\n'


APP = 'target "app" {{\n  args = {{ {} }}\n}}\n'
REFUSED = [
    ("a literal", APP.format('TOK = "canary-1"'), "the value itself stands in the file"),
    ("nothing", APP.format('TOK = ""'), "the value is empty here"),
    ("a number", APP.format("TOK = 12345678"), "the value itself stands in the file"),
    ("null", APP.format("TOK = null"), "it is null here"),
    ("something around it", TOK + APP.format('TOK = "x-${TOK}"'), "put together by an expression"),
    ("a function", TOK + APP.format("TOK = upper(TOK)"), "put together by an expression"),
    ("a condition", TOK + APP.format('TOK = TOK != "" ? TOK : null'), "put together by an expression"),
    ("a part of a variable", TOK + APP.format("TOK = TOK.x"), "put together by an expression"),
    ("a part of a variable in a text", TOK + APP.format('TOK = "${TOK.x}"'), "put together by an expression"),
    ("a condition in a text", TOK + APP.format('TOK = "%{ if TOK }x%{ endif }"'), "put together by an expression"),
    ("a text over lines", TOK + 'target "app" {\n  args = {\n    TOK = <<EOT\n${TOK}\nEOT\n  }\n}\n', "put together by an expression"),
    ("a name that is put together", TOK + APP.format("(TOK) = TOK"), "the name of the build arg is put together"),
    ("a name with a variable", TOK + APP.format('"X${TOK}" = TOK'), "the name of the build arg is put together"),
    ("a blank", TOK + APP.format('TOK = "${TOK} "'), "put together by an expression"),
    ("a name that is none", TOK + APP.format('"TOK " = TOK'), "no name of a variable"),
    ("a default", 'variable "TOK" { default = "canary-1" }\n' + APP.format("TOK = TOK"), "TOK has a default"),
    ("a default from another", TOK + 'variable "V" { default = TOK }\n' + APP.format("TOK = V"), "V has a default"),
    ("no text", 'variable "TOK" {\n  type = bool\n}\n' + APP.format("TOK = TOK"), "TOK is no text"),
    ("set in the file", 'TOK = "canary-1"\n' + APP.format("TOK = TOK"), "TOK is set in this file"),
    ("declared elsewhere", APP.format("TOK = TOK"), "TOK is declared in another file"),
    ("of a matrix", TOK + 'target "app" {\n  matrix = { TOK = ["a"] }\n  args = { TOK = TOK }\n}\n', "TOK comes from the target's matrix"),
    (
        "secrets that are put together",
        TOK + APP.format("TOK = TOK").replace("}\n}", "}\n  secret = f(x)\n}"),
        "the target's list of secrets",
    ),
    (
        "its own Dockerfile",
        TOK + APP.format("TOK = TOK").replace("}\n}", '}\n  dockerfile-inline = "FROM x"\n}'),
        "in the bake file itself",
    ),
    ("args that are put together", TOK + 'target "app" {\n  args = merge(x, { TOK = TOK })\n}\n', "args are put together by an expression"),
    ("args of a variable", TOK + 'x = { TOK = TOK }\ntarget "app" {\n  args = x\n}\n', "args are put together by an expression"),
    ("args of a default", TOK + 'variable "x" { default = { TOK = TOK } }\ntarget "app" {\n  args = x\n}\n', "args are put together"),
]


@pytest.mark.parametrize(("text", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_be_moved_has_its_reason(text: str, reason: str) -> None:
    (only,) = passed(bake_hcl, source(HCL, text))
    assert reason in only.obstacle
    assert "canary" not in only.obstacle + only.suggestion
    assert f'secret = ["id={ID},env=' in only.suggestion


def test_args_that_nobody_knows_are_not_guessed() -> None:
    assert passed(bake_hcl, source(HCL, 'target "app" {\n  args = ours\n}\n')) == []


REFUSED_IN_JSON = [
    ('"canary-1"', "the value itself stands in the file"),
    ("null", "it is null here"),
    ('"${upper(TOK)}"', "put together by an expression"),
    ('"%{ if x }y%{ endif }"', "put together by an expression"),
    ('"a${TOK}"', "put together by an expression"),
    ('"$${TOK}"', "the value itself stands in the file"),
    ("1", "the value itself stands in the file"),
    ('"${V}"', "V has a default"),
    ('"${N}"', "N is no text"),
    ('"${S}"', "S is set in this file"),
]


@pytest.mark.parametrize(("value", "reason"), REFUSED_IN_JSON)
def test_what_cannot_be_moved_in_json_has_its_reason(value: str, reason: str) -> None:
    variables = '{"TOK": {}, "V": {"default": "x"}, "N": {"type": "number"}}'
    text = f'{{"variable": {variables}, "S": "x", "group": {{}}, "target": {{"app": {{"args": {{"TOK": {value}}}}}}}}}'
    (only,) = passed(bake_json, source(JSON, text))
    assert reason in only.obstacle
    assert f'"secret": ["id={ID},env=' in only.suggestion


def test_a_key_in_json_may_be_put_together() -> None:
    (only,) = passed(bake_json, source(JSON, '{"target": {"app": {"args": {"${X}": "1"}}}}'))
    assert (only.name, only.obstacle) == ("${X}", "the name of the build arg is put together by an expression")


def test_a_call_says_what_there_is_to_know() -> None:
    secrets = '["id=a,src=x", {id = "b"}, "src=y", "id=${X}", {src = "z"}, "id=a"]'
    text = TOK + f'target "default" {{\n  target = "prod"\n  args = {{ TOK = TOK, N = null }}\n  secret = {secrets}\n}}\n'
    (call,) = bake_hcl.calls(source(HCL, text), TREE)
    assert (call.kind, call.line, call.target, call.feeds) == ("target of a bake file", 2, "prod", ("a", "b"))
    assert call.command == "docker buildx bake"
    first, second = call.passes
    assert (first.name, first.line, first.value, first.span.of(text)) == ("TOK", 4, "TOK", "TOK = TOK")
    assert (second.name, second.value) == ("N", "null")


COMMANDS = [
    ("docker-bake.hcl", "docker buildx bake app"),
    ("x/docker-bake.override.hcl", "cd x && docker buildx bake app"),
    ("x/bake.hcl", "docker buildx bake -f x/bake.hcl app"),
]


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_the_command_is_what_one_would_type(path: str, command: str) -> None:
    (call,) = bake_hcl.calls(source(path, "target app {}\n"), TREE)
    assert call.command == command


ROOT = Place("Dockerfile", ".")
PLACES = [
    ("nothing said", HCL, "", (ROOT,)),
    ("a context", HCL, 'context = "svc"', (Place("svc/Dockerfile", "svc"),)),
    ("a Dockerfile in it", HCL, 'context = "svc"\ndockerfile = "../docker/Dockerfile"', (Place("docker/Dockerfile", "svc"),)),
    ("in a folder", "x/docker-bake.hcl", 'context = "svc"', (Place("x/svc/Dockerfile", "x/svc"), Place("svc/Dockerfile", "svc"))),
    ("of another name", "x/bake.hcl", "", (ROOT, Place("x/Dockerfile", "x"))),
    ("where it is run", HCL, 'context = "cwd://svc"', (Place("svc/Dockerfile", "svc"),)),
    ("a variable", HCL, 'context = "./${FOLDER}"', (Place("svc/Dockerfile", "svc"),)),
    ("a variable of the file", HCL, "context = HERE", (Place("here/Dockerfile", "here"),)),
    ("a variable nobody knows", HCL, "context = OTHER", ()),
    ("an expression", HCL, "context = f(x)", ()),
    (
        "a matrix",
        HCL,
        'matrix = { t = ["a", "b"] }\ndockerfile = "${t}.Dockerfile"',
        (Place("a.Dockerfile", "."), Place("b.Dockerfile", ".")),
    ),
    ("inherited", HCL, 'inherits = ["base", "other"]', (Place("other/Base", "other"),)),
    ("inherited twice", HCL, 'inherits = ["child"]', (Place("base/Base", "base"),)),
    ("part of another file", "docker-bake.override.hcl", 'args = { A = "1" }', ()),
]
AROUND = """
HERE = "here"
variable "FOLDER" { default = "svc" }
target "base" {
  context = "base"
  dockerfile = "Base"
}
target "other" { context = "other" }
target "child" { inherits = ["base", "nobody"] }
group "default" { targets = ["child"] }
target "app" {
"""


@pytest.mark.parametrize(("path", "body", "found"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_the_dockerfile_is_found(path: str, body: str, found: tuple[Place, ...]) -> None:
    *_, call = bake_hcl.calls(source(path, f"{AROUND}{body}\n}}\n"), TREE)
    assert (call.places, call.elsewhere) == (found, False)


@pytest.mark.parametrize("body", ['context = "https://example.com/x.git"', 'context = "github.com/x/y"', 'dockerfile-inline = "FROM x"'])
def test_other_dockerfiles_are_none_of_the_tree(body: str) -> None:
    (call,) = bake_hcl.calls(source(HCL, f'target "app" {{\n{body}\n}}\n'), TREE)
    assert (call.places, call.elsewhere) == ((), True)


def test_what_others_inherit_builds_their_dockerfiles() -> None:
    text = TOK + (
        'target "base" { args = { TOK = TOK } }\ntarget "a" {\n  inherits = ["base"]\n  context = "a"\n}\n'
        'target "b" {\n  inherits = ["a"]\n  args = { X = "1" }\n  dockerfile = "B"\n}\n'
    )
    base, a, b = bake_hcl.calls(source(HCL, text), TREE)
    assert base.places == (Place("a/Dockerfile", "a"), Place("a/B", "a"), ROOT)
    assert [a.inherits, b.inherits] == [{"TOK"}] * 2
    assert b.places == (Place("a/B", "a"),)


def test_a_target_may_have_several_blocks() -> None:
    text = TOK + 'target "a" {\n  args = { TOK = TOK }\n}\ntarget "a" {\n  inherits = ["a"]\n  context = "x"\n  secret = ["id=b"]\n}\n'
    first, second = bake_hcl.calls(source(HCL, text), TREE)
    assert [first.inherits, second.inherits] == [{"b"}, {"TOK"}]
    assert first.places == (Place("x/Dockerfile", "x"),)
    assert moved(bake_hcl, source(HCL, text)).text == text.replace("args = { TOK = TOK }", 'secret = ["id=TOK"]')


@pytest.mark.parametrize(
    ("kind", "path", "text", "line"),
    [
        (bake_hcl, HCL, 'target "a" {\n  args = {\n', 1),
        (bake_hcl, HCL, "a = 1\nb = = 2\n", 2),
        (bake_json, JSON, '{\n"target": {]}', 2),
        (bake_hcl, HCL, 'target "a" {\n  target = "b"\n  target = "c"\n}\n', 3),
        (bake_hcl, HCL, 'target "a" {\n  labels = {\n    A = b\n    A = c\n  }\n}\n', 4),
        (bake_json, JSON, '{"target": {"a": {},\n"a": {}}}', 2),
        (bake_json, JSON, '{"target": {"a": {"context": "\\u00"}}}', 1),
        (bake_json, JSON, "[]", 1),
        (bake_json, JSON, '{"target": []}', 1),
        (bake_json, JSON, '{"target":\n{"a": null}}', 2),
    ],
)
def test_what_cannot_be_read_says_so(kind: Kind, path: str, text: str, line: int) -> None:
    with pytest.raises(NotUnderstoodError) as raised:
        kind.calls(source(path, text), TREE)
    assert raised.value.line == line


# --- in steps, and read back ----------------------------------------------------------------------------------------------

IN_BOTH = [
    (bake_hcl, HCL, TOK + APP.format('TOK = TOK, A = "1"')),
    (bake_json, JSON, '{"variable": {"TOK": {}}, "target": {"app": {"args": {"TOK": "${TOK}", "A": "1"}}}}'),
]


COMMENTED = [
    (bake_hcl, HCL, TOK + APP.format('\n  # what TOK is good for\n  TOK = TOK   # ask us for it\n  A = "1"\n')),
]


@pytest.mark.parametrize(("kind", "path", "text"), [*IN_BOTH, *COMMENTED])
def test_in_steps_it_is_passed_twice_first(kind: Kind, path: str, text: str) -> None:
    file = source(path, text)
    both = moved(kind, file, removes=False)
    assert [call.feeds for call in kind.calls(both, TREE)] == [("TOK",)]
    assert [each.name for each in passed(kind, both)] == ["TOK", "A"]
    assert moved(kind, both, adds=False).text == moved(kind, file).text


@pytest.mark.parametrize(("kind", "path", "text"), IN_BOTH)
def test_args_that_are_empty_go(kind: Kind, path: str, text: str) -> None:
    file = source(path, text.replace(', A = "1"', "").replace(', "A": "1"', ""))
    after = moved(kind, file, adds=False)
    assert "args" not in after.text
    assert len(kind.calls(after, TREE)) == 1


def test_comments_stay_where_args_only_go() -> None:
    text = TOK + 'target "app" {\n  context = "."\n  args = {\n    TOK = TOK # x\n    # NODE = "20"\n    # PORT = "80"\n  }\n}\n'
    expected = TOK + 'target "app" {\n  context = "."\n  # NODE = "20"\n  # PORT = "80"\n}\n'
    assert moved(bake_hcl, source(HCL, text), adds=False).text == expected


@pytest.mark.parametrize(("kind", "path", "text"), IN_BOTH)
def test_a_mistake_is_found(kind: Kind, path: str, text: str) -> None:
    before = source(path, text)
    after = moved(kind, before)
    for old, new in (("id=TOK", "id=TAK"), ("1", "2"), ("app", "other")):
        broken = Source(after.path, after.text.replace(old, new))
        assert kind.mistake(before, broken, moves(kind, before, ["TOK"])) == "the bake file would say something else as well"
    unreadable = kind.mistake(before, Source(after.path, after.text + "{"), moves(kind, before, ["TOK"]))
    assert unreadable in ("the bake file would be no JSON", "is not HCL that can be read")


@pytest.mark.parametrize(("kind", "path", "text"), IN_BOTH)
def test_moves_of_other_files_change_nothing(kind: Kind, path: str, text: str) -> None:
    file = source(path, text)
    assert apply(file.text, kind.edits(file, TREE, [Move(Passed("TOK", Span(0, 1), 1), "TOK", optional=False)])) == text
