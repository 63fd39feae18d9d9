"""Services of compose files: what they pass, where their Dockerfiles are, and what becomes of a build arg."""

from __future__ import annotations

import pytest
import yaml

from codemod.callers.call import ID, Move, NotUnderstoodError, Passed, Place
from codemod.callers.compose import calls as compose
from codemod.text import Source, Span, apply

from .moving import TREE, moved, moves, passed, source

NAME = "docker-compose.yml"
SECTION = "secrets:\n  TOK:\n    environment: TOK\n"
INDENTED = " secrets:\n   TOK:\n     environment: TOK\n"
ENDING = f"\n{SECTION}"
# Each: what is said, before, after. TOK moves, and OTHER where it is there.
SPELLED = [
    (
        "a mapping, in the middle of others",
        """\
services:
  app:
    build:
      context: .
      args:
        NODE: "20"
        TOK: ${TOK}
        REGION: eu
    ports: ["80:80"]
""",
        """\
services:
  app:
    build:
      context: .
      args:
        NODE: "20"
        REGION: eu
      secrets:
        - TOK
    ports: ["80:80"]

secrets:
  TOK:
    environment: TOK
""",
    ),
    (
        "a list; the lists of the file are as far in as their keys",
        """\
services:
    app:
        build:
            args:
            - "TOK=$TOK_OF_CI"  # the one of CI
            - NODE=20
            context: .
""",
        """\
services:
    app:
        build:
            args:
            - NODE=20
            secrets:
            - TOK  # the one of CI
            context: .

secrets:
    TOK:
        environment: TOK_OF_CI
""",
    ),
    (
        "args that have nothing left go, with the comment on their line",
        """\
services:
  app:
    build:
      args:  # for npm
        # the token TOK, from CI
        TOK:
      context: .
volumes: {}
""",
        """\
services:
  app:
    build:
      secrets:
        # the token TOK, from CI
        - TOK
      context: .
volumes: {}
secrets:
  TOK:
    environment: TOK
""",
    ),
    (
        "a comment that says something else stays",
        """\
services:
  app:
    build:
      args:
        # what follows is for TOK and NODE_VERSION
        TOK: ~
        # NODE: "20"
""",
        """\
services:
  app:
    build:
        # what follows is for TOK and NODE_VERSION
        # NODE: "20"
      secrets:
        - TOK

secrets:
  TOK:
    environment: TOK
""",
    ),
    (
        "a comment that speaks of an arg that stays as well stays",
        """\
services:
  app:
    build:
      args:
        # TOK and NODE
        TOK: ${TOK}
        NODE: 20
""",
        """\
services:
  app:
    build:
      args:
        # TOK and NODE
        NODE: 20
      secrets:
        - TOK

secrets:
  TOK:
    environment: TOK
""",
    ),
    (
        "secrets are there already, of the build and of the file",
        """\
services:
  app:
    secrets: [db]
    build:
      context: .
      args: ["TOK=${TOK}", "A=1"]
      secrets:
        - netrc # for pip

secrets:
  db:
    file: ./db
  # for pip
  netrc:
    file: ./netrc # not in git

volumes:
  data:
""",
        """\
services:
  app:
    secrets: [db]
    build:
      context: .
      args: ["A=1"]
      secrets:
        - netrc # for pip
        - TOK

secrets:
  db:
    file: ./db
  # for pip
  netrc:
    file: ./netrc # not in git
  TOK:
    environment: TOK

volumes:
  data:
""",
    ),
    (
        "two services, one secret of the file",
        """\
services:
  web:
    build:
      context: web
      args:
        TOK: ${TOK}
        OTHER: ${OTHER?is needed}
  worker:
    build:
      context: worker
      args:
        - TOK=${TOK}
""",
        """\
services:
  web:
    build:
      context: web
      secrets:
        - TOK
        - OTHER
  worker:
    build:
      context: worker
      secrets:
        - TOK

secrets:
  TOK:
    environment: TOK
  OTHER:
    environment: OTHER
""",
    ),
    (
        "the secret of the file is there already, from the same variable",
        """\
secrets:
  TOK: {environment: TOK}
services:
  app:
    build:
      args: {TOK: $TOK, A: b}
      secrets: []
""",
        """\
secrets:
  TOK: {environment: TOK}
services:
  app:
    build:
      args: {A: b}
      secrets: [TOK]
""",
    ),
    (
        "a build in brackets",
        """\
services:
  a:
    build: {context: a, args: {TOK: $TOK}, target: x}
  b:
    build: {context: b, args: {A: 1, TOK: $TOK}, secrets: [netrc]}
  c: {build: {args: [TOK], secrets: [netrc]}}
  d: {build: {args: [TOK, A=1]}}
secrets: {netrc: {file: netrc}}
""",
        """\
services:
  a:
    build: {context: a, secrets: [TOK], target: x}
  b:
    build: {context: b, args: {A: 1}, secrets: [netrc, TOK]}
  c: {build: {secrets: [netrc, TOK]}}
  d: {build: {args: [A=1], secrets: [TOK]}}
secrets: {netrc: {file: netrc}, TOK: {environment: TOK}}
""",
    ),
    (
        "keys that have nothing yet",
        """\
services:
  app:
    build:
      secrets:
      args:
        TOK: ${TOK-}
secrets:
volumes: {}
""",
        """\
services:
  app:
    build:
      secrets:
        - TOK
secrets:
  TOK:
    environment: TOK
volumes: {}
""",
    ),
    (
        "secrets of the file that are empty brackets",
        "services: {app: {build: {args: [TOK]}}}\nsecrets: {}\n",
        "services: {app: {build: {secrets: [TOK]}}}\nsecrets: {TOK: {environment: TOK}}\n",
    ),
    (
        "a comment that nothing is left below goes with it",
        """\
services:
  app:
    build:
      args:
        # for all
        NODE: "20"
        # the key of the server
        TOK: ${TOK} # until May
        OTHER:

        REGION: eu
""",
        """\
services:
  app:
    build:
      args:
        # for all
        NODE: "20"

        REGION: eu
      secrets:
        # the key of the server
        - TOK # until May
        - OTHER

secrets:
  TOK:
    environment: TOK
  OTHER:
    environment: OTHER
""",
    ),
    (
        "services that share a build",
        """\
x-build: &build
  context: .
  args:
    TOK: ${TOK}
services:
  web:
    build: *build
  worker:
    build:
      <<: [*build]
      args: {A: 1}
  one: &one
    build:
      args: [OTHER, A=1]
  two: *one
""",
        """\
x-build: &build
  context: .
  secrets:
    - TOK
services:
  web:
    build: *build
  worker:
    build:
      <<: [*build]
      args: {A: 1}
  one: &one
    build:
      args: [A=1]
      secrets:
        - OTHER
  two: *one
secrets:
  TOK:
    environment: TOK
  OTHER:
    environment: OTHER
""",
    ),
    (
        "services that share args",
        """\
x-args: &args
  # the key of the server
  TOK: ${TOK} # from CI
  NODE: 20

services:
  web:
    build:
      context: web
      args: *args
  worker:
    build:
      context: worker
      args:
        <<: *args
        OTHER:
      secrets:
        - netrc
  one: {build: {args: {<<: [*args]}}}

secrets: {netrc: {file: netrc}}
""",
        """\
x-args: &args
  NODE: 20

services:
  web:
    build:
      context: web
      args: *args
      secrets:
        # the key of the server
        - TOK # from CI
  worker:
    build:
      context: worker
      args:
        <<: *args
      secrets:
        - netrc
        # the key of the server
        - TOK # from CI
        - OTHER
  one: {build: {args: {<<: [*args]}, secrets: [TOK]}}

secrets: {netrc: {file: netrc}, TOK: {environment: TOK}, OTHER: {environment: OTHER}}
""",
    ),
    (
        "services that share args, which have nothing left",
        """\
services:
  web:
    build:
      args: &args
      - TOK
  worker:
    build:
      args: *args
  one:
    build:
      args: &one
        TOK: ${TOK}
  two:
    build: {args: *one}
""",
        """\
services:
  web:
    build:
      args: &args
        []
      secrets:
      - TOK
  worker:
    build:
      args: *args
      secrets:
      - TOK
  one:
    build:
      args: &one
        {}
      secrets:
      - TOK
  two:
    build: {args: *one, secrets: [TOK]}

secrets:
  TOK:
    environment: TOK
""",
    ),
    (
        "services in brackets",
        "services: {app: {build: {args: [TOK]}}}\n",
        "services: {app: {build: {secrets: [TOK]}}}\n\nsecrets:\n  TOK:\n    environment: TOK\n",
    ),
    (
        "the build gets the secret already",
        """\
services:
  app:
    build:
      args:
        TOK: ${TOK}
      secrets:
        - source: TOK
secrets:
  TOK:
    environment: TOK
""",
        """\
services:
  app:
    build:
      secrets:
        - source: TOK
secrets:
  TOK:
    environment: TOK
""",
    ),
    (
        "no line end at the end",
        "services:\n  app:\n    build:\n      context: .\n      args:\n        TOK: ${TOK}",
        "services:\n  app:\n    build:\n      context: .\n      secrets:\n        - TOK\n\nsecrets:\n  TOK:\n    environment: TOK",
    ),
    (
        "Windows' line ends",
        "services:\r\n  app:\r\n    build:\r\n      args:\r\n        - TOK\r\n        - A=1\r\n",
        "services:\r\n  app:\r\n    build:\r\n      args:\r\n        - A=1\r\n      secrets:\r\n        - TOK\r\n"
        + ENDING.replace("\n", "\r\n"),
    ),
    (
        "a byte order mark, and characters of several bytes",
        "\ufeffservices:\n  äpp:\n    build:\n      args:\n        Ä: é\n        TOK: ${TOK}\n",
        "\ufeffservices:\n  äpp:\n    build:\n      args:\n        Ä: é\n      secrets:\n        - TOK\n" + ENDING,
    ),
    (
        "blank lines at the end are there once",
        "services:\n  app:\n    build:\n      args: {A: 1, TOK: $TOK}\n\n",
        "services:\n  app:\n    build:\n      args: {A: 1}\n      secrets:\n        - TOK\n\nsecrets:\n  TOK:\n    environment: TOK\n",
    ),
    (
        "all of it is indented",
        " services:\n   app:\n     build:\n       args: {A: 1, TOK: $TOK}\n secrets:\n",
        " services:\n   app:\n     build:\n       args: {A: 1}\n       secrets:\n         - TOK\n" + INDENTED,
    ),
    (
        "all of it is indented, and has no secrets",
        " services:\n   app:\n     build: {args: [TOK]}\n",
        " services:\n   app:\n     build: {secrets: [TOK]}\n\n" + INDENTED,
    ),
    (
        "the end of the document is marked",
        "---\nservices:\n  app:\n    build:\n      args:\n        TOK: $TOK\n...\n",
        "---\nservices:\n  app:\n    build:\n      secrets:\n        - TOK\n\nsecrets:\n  TOK:\n    environment: TOK\n...\n",
    ),
    (
        "the file ends in a text that a line more would change",
        "services:\n  app:\n    build:\n      args: [TOK, A=1]\nconfigs:\n  x:\n    content: |+\n      text\n\n",
        "services:\n  app:\n    build:\n      args: [A=1]\n      secrets:\n        - TOK\n"
        + SECTION
        + "\nconfigs:\n  x:\n    content: |+\n      text\n\n",
    ),
    (
        "the file ends in a text without a line end",
        "services:\n  app:\n    build:\n      args: [TOK, A=1]\n    command:\n      - |\n        text",
        SECTION
        + "\nservices:\n  app:\n    build:\n      args: [A=1]\n      secrets:\n        - TOK\n    command:\n      - |\n        text",
    ),
]


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in SPELLED], ids=[row[0] for row in SPELLED])
def test_a_build_arg_becomes_a_secret(before: str, after: str) -> None:
    assert moved(compose, source(NAME, before), ("TOK", "OTHER")).text == after


VALUES = [
    ("TOK: ${V}", "V"),
    ("TOK: $V", "V"),
    ('TOK: "${V}"', "V"),
    ("TOK: '$V'", "V"),
    ("TOK: ${V:-}", "V"),
    ("TOK: ${V-}", "V"),
    ("TOK: ${V:?is needed}", "V"),
    ("TOK: ${V?}", "V"),
    ("TOK:", "TOK"),
    ("TOK: ~", "TOK"),
    ("TOK: null", "TOK"),
    ("- TOK", "TOK"),
    ("- TOK=${V}", "V"),
    ("- TOK=$V", "V"),
    ("- 'TOK=${V}'", "V"),
]


@pytest.mark.parametrize(("written", "variable"), VALUES)
def test_the_secret_is_read_from_the_variable_of_the_value(written: str, variable: str) -> None:
    file = source(NAME, f"services:\n  app:\n    build:\n      args:\n        {written}\n")
    for text in (moved(compose, file).text, moved(compose, file, optional=True).text):
        loaded = yaml.safe_load(text)
        assert loaded["secrets"] == {"TOK": {"environment": variable}}
        assert loaded["services"]["app"]["build"] == {"secrets": ["TOK"]}


ONE = "services:\n  app:\n    build:\n      args:\n        {}\n"
BASE = "services:\n  a:\n    build: &b\n      args: [TOK]\n"
ARGS = "x-args: &args\n  TOK: $V\n"
REFUSED = [
    ("a default", ONE.format("TOK: ${V:-canary-1}"), "V has a default here"),
    ("a default in a default", ONE.format("TOK: ${V-${W}}"), "V has a default here"),
    ("a value where there is one", ONE.format("TOK: ${V:+yes}"), "depends on it"),
    ("a literal", ONE.format("TOK: canary-1"), "the value itself stands in the file"),
    ("a literal with a dollar", ONE.format("TOK: canary$$1"), "the value itself stands in the file"),
    ("a literal in a list", ONE.format("- TOK=canary-1"), "the value itself stands in the file"),
    ("nothing, in quotes", ONE.format('TOK: ""'), "the value is empty here"),
    ("nothing, in a list", ONE.format("- TOK="), "the value is empty here"),
    ("something around it", ONE.format("TOK: pre-${V}"), "the value is put together"),
    ("two of them", ONE.format("TOK: ${V}${W}"), "the value is put together"),
    ("brackets that do not end there", ONE.format("TOK: ${V:?}}"), "the value is put together"),
    ("an alias", "x-v: &v $V\n" + ONE.format("TOK: *v"), "an alias or a merge"),
    ("an anchor that others take", ONE.format("TOK: &v $V") + "x-v: *v\n", "an alias or a merge"),
    ("a tag", ONE.format("TOK: !reset null"), "the value is no plain text"),
    ("several words in a list", ONE.format("- TOK: x"), "the arg is no plain text"),
    ("a name that is none", ONE.format("TÖK: $V"), "the arg's name is no name of a variable"),
    ("a name that is put together", ONE.format("- T${X}=$V"), "the arg's name is put together"),
    ("args of others", ARGS + "services: {app: {build: {args: *args}, environment: *args}}\n", "an alias or a merge"),
    ("args that are of a name", ARGS + "services: {app: {build: {args: {<<: *args, TOK: $V}}}}\n", "has one of its own of that name"),
    ("a tag on shared args", ARGS.replace("&args", "&args !override") + "services: {app: {build: {args: *args}}}\n", "a tag says"),
    ("others have secrets", BASE + "  b:\n    build:\n      <<: *b\n      secrets: [x]\n", "secrets of its own"),
    (
        "its own are from elsewhere",
        "x: &x {secrets: [x]}\n" + ONE.format("TOK:").replace("args:", "<<: *x\n      args:"),
        "secrets of its own",
    ),
    ("several documents", "a: b\n---\n" + ONE.format("TOK:"), "the file has several documents"),
    ("a tag on the args", ONE.format("TOK: $V").replace("args:", "args: !override"), "a tag says"),
    ("args over several lines", ONE.format("{TOK: $V,\n         A: b}").replace("args:\n       ", "args:"), "over several lines"),
    ("args that are a text", "services: {app: {build: {args: TOK}}}\n", None),
    ("a text for secrets", ONE.format("TOK:") + "      secrets: x\n", "the build's secrets are no plain list"),
    ("secrets that are shared", ONE.format("TOK:") + "      secrets: &s [x]\n", "the build's secrets are no plain list"),
    ("secrets over several lines", ONE.format("TOK:") + "      secrets: [x,\n       y]\n", "secrets are in brackets over several lines"),
    ("the Dockerfile is there", ONE.format("TOK:") + "      dockerfile_inline: |\n        FROM x\n", "written in the compose file itself"),
    ("another secret of that name", ONE.format("TOK: $V") + "secrets:\n  TOK:\n    file: x\n", "a secret TOK that is not taken from V"),
    ("the secret of another variable", ONE.format("TOK: $V") + "secrets: {TOK: {environment: W}}\n", "that is not taken from V"),
    ("a secret with more to it", ONE.format("TOK:") + "secrets: {TOK: {environment: TOK, x: y}}\n", "that is not taken from TOK"),
    ("secrets that are merged", "x-s: &s {}\n" + ONE.format("TOK:") + "secrets: {<<: *s}\n", "the file's secrets are no plain mapping"),
    ("secrets that are an alias", "x-s: &s {}\n" + ONE.format("TOK:") + "secrets: *s\n", "the file's secrets are no plain mapping"),
    ("all of it in brackets", "{services: {app: {build: {args: [TOK]}}}}\n", "the whole file is in brackets"),
    (
        "secrets of the file over lines",
        ONE.format("TOK:") + "secrets: {a: {file: a},\n  b: {file: b}}\n",
        "the file's secrets are in brackets",
    ),
]


@pytest.mark.parametrize(("text", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_be_moved_has_its_reason(text: str, reason: str | None) -> None:
    found = passed(compose, source(NAME, text))
    assert bool(found) is (reason is not None)
    for each in found:
        assert reason is not None
        assert reason in each.obstacle
        assert "canary" not in each.obstacle + each.suggestion
        assert f"secrets: [{ID}]" in each.suggestion


def test_another_service_takes_the_name_from_another_variable() -> None:
    text = "services:\n  a:\n    build: {args: [TOK=x]}\n  b:\n    build: {args: [TOK=$A]}\n  c:\n    build: {args: [TOK=$B]}\n"
    assert [each.obstacle for each in passed(compose, source(NAME, text))] == [
        "the value itself stands in the file",
        "",
        "the file has one secret TOK, and another service takes it from A",
    ]


PLACES = [
    ("build: svc", (Place("svc/Dockerfile", "svc"),)),
    ("build: {context: svc, dockerfile: ../Other.Dockerfile}", (Place("Other.Dockerfile", "svc"),)),
    ("build: {dockerfile: docker/Dockerfile}", (Place("docker/Dockerfile", "."),)),
    ("build: {context: '${CONTEXT:-svc}'}", (Place("svc/Dockerfile", "svc"),)),
    ("build: {context: $CONTEXT}", ()),
    ("build: {context: /srv}", ()),
    ("build: {args: [A=1]}", (Place("Dockerfile", "."),)),
    ("extends: {service: base, file: base.yml}", ()),
    ("{extends: base, build: {dockerfile: Other}}", (Place("base/Other", "base"),)),
    ("{extends: nobody, build: {dockerfile: Other}}", (Place("Other", "."),)),
]


@pytest.mark.parametrize(("written", "found"), PLACES)
def test_the_dockerfile_is_found_from_the_file(written: str, found: tuple[Place, ...]) -> None:
    separator = " " if written.startswith("{") else "\n    "
    file = source(NAME, f"services:\n  base:\n    build: base\n  app:{separator}{written}\n")
    (call,) = [call for call in compose.calls(file, TREE) if call.line == 4]
    assert (call.places, call.elsewhere) == (found, False)


def test_a_service_takes_args_and_secrets_from_what_it_extends() -> None:
    text = "services:\n  a:\n    build: {args: [TOK], secrets: [x]}\n  b:\n    extends: a\n    build: {args: [A]}\n"
    assert [call.inherits for call in compose.calls(source(NAME, text), TREE)] == [frozenset(), {"TOK", "x"}]


def test_what_is_extended_may_build_other_files_as_well() -> None:
    other = "  b:\n    extends: {service: a}\n    build: {dockerfile: Other}\n"
    text = f"services:\n  a:\n    build: a\n{other}  c:\n    extends: c\n    build: c\n"
    first, *_ = compose.calls(source("x/" + NAME, text), TREE)
    assert first.places == (Place("x/a/Dockerfile", "x/a"), Place("x/a/Other", "x/a"))


@pytest.mark.parametrize("build", ["https://example.com/x.git", "git@example.com:x", "github.com/x/y", "{dockerfile_inline: FROM x}"])
def test_other_dockerfiles_are_none_of_the_tree(build: str) -> None:
    (call,) = compose.calls(source(NAME, f"services: {{app: {{build: {build}}}}}"), TREE)
    assert (call.places, call.elsewhere) == ((), True)


def test_shared_args_are_said_once() -> None:
    text = """\
x: &args {TOK: $TOK, A: 1}
services:
  a:
    build: {context: a, args: *args, secrets: [x, y]}
  b:
    build: {context: b, args: {<<: *args, B: 1}, secrets: [x, z]}
  c:
    build: {context: c}
"""
    first, second, third = compose.calls(source(NAME, text), TREE)
    assert [[each.name for each in call.passes] for call in (first, second, third)] == [["TOK", "A"], ["B"], []]
    assert [call.feeds for call in (first, second, third)] == [("x", "y"), ("z",), ()]
    assert [call.inherits for call in (first, second, third)] == [frozenset(), {"TOK", "A", "x"}, frozenset()]
    assert [len(call.places) for call in (first, second, third)] == [2, 2, 1]


def test_one_who_shares_args_keeps_them_all() -> None:
    text = "x: &args {TOK: $TOK}\nservices:\n  a:\n    build: {args: *args}\n  b:\n    build: {args: *args, dockerfile_inline: FROM x}\n"
    (only,) = passed(compose, source(NAME, text))
    assert only.obstacle == "the Dockerfile is written in the compose file itself"


def test_what_is_shared_is_said_once() -> None:
    text = """\
x-build: &build
  context: x
  args: [TOK]
  secrets: [netrc]
services:
  a:
    build: *build
  b:
    build: {<<: *build, dockerfile: Other, args: [A]}
  c:
    extends: b
"""
    first, second, third = compose.calls(source(NAME, text), TREE)
    assert first.places == (Place("x/Dockerfile", "x"), Place("x/Other", "x"))
    assert [[each.name for each in call.passes] for call in (first, second, third)] == [["TOK"], ["A"], []]
    assert [call.feeds for call in (first, second, third)] == [("netrc",), (), ()]
    assert [call.inherits for call in (first, second, third)] == [frozenset(), {"TOK", "netrc"}, {"TOK", "netrc", "A"}]


COMMANDS = [
    ("docker-compose.yml", "{args: [A]}", "docker compose build app"),
    ("docker-compose.override.yml", "{args: [A]}", "docker compose build app"),
    ("docker-compose.prod.yml", "{args: [A]}", "docker compose -f docker-compose.yml -f docker-compose.prod.yml build app"),
    ("x/compose.override.yaml", "{args: [A]}", "docker compose -f x/compose.yaml -f x/compose.override.yaml build app"),
    ("docker-compose.prod.yml", "{context: x}", "docker compose -f docker-compose.prod.yml build app"),
    ("docker-compose.override.yml", "x", "docker compose -f docker-compose.override.yml build app"),
    ("app-compose.yml", "{args: [A]}", "docker compose -f app-compose.yml build app"),
]


@pytest.mark.parametrize(("path", "build", "command"), COMMANDS)
def test_the_command_has_the_files_that_it_takes(path: str, build: str, command: str) -> None:
    (call,) = compose.calls(source(path, f"services: {{app: {{build: {build}}}}}"), TREE)
    assert call.command == command
    assert (call.places == ()) is ("args" in build and path != "docker-compose.yml")


def test_a_call_says_what_there_is_to_know() -> None:
    build = '      target: prod\n      args: ["TOK=${V:?x}"]\n      secrets: [a, {source: b}, {source: c, target: d}, {}]\n'
    text = f"version: '2.4'\nservices:\n  app:\n    build:\n{build}"
    (call,) = compose.calls(source(NAME, text), TREE)
    assert (call.kind, call.line, call.target, call.feeds) == ("service of a compose file", 3, "prod", ("a", "b", "d"))
    assert call.command == "docker compose build app"
    assert call.span.of(text).startswith("app:")
    (only,) = call.passes
    assert (only.name, only.line, only.value, only.credential, only.span.of(text)) == ("TOK", 6, "${V:?x}", "", '"TOK=${V:?x}"')
    assert [note.split(",")[0] for note in only.notes] == ["where V is not set compose stops no longer", "docker-compose 1"]


def test_a_stage_that_a_variable_names_is_not_known() -> None:
    (call,) = compose.calls(source(NAME, "services: {app: {build: {target: $STAGE}}}"), TREE)
    assert call.target is None


def test_a_file_that_is_extended_stays() -> None:
    text = "services:\n  a:\n    extends: {file: ../base.yml, service: a}\n  b:\n    extends: {file: ../../base.yml, service: a}\n"
    assert [call.keeps for call in compose.calls(source("x/" + NAME, text), TREE)] == [("base.yml",), ()]


@pytest.mark.parametrize("text", ["", "a: b\n", "- a\n", "services: [a]\n", "services:\n  a: b\n  c: {image: d}\n"])
def test_files_without_builds_have_no_calls(text: str) -> None:
    assert compose.calls(source(NAME, text), TREE) == ()


@pytest.mark.parametrize(
    "text",
    [
        "a: [\n",
        "services: {a: b, a: c}\n",
        "? [a]\n: b\n",
        "services: &a {b: *a}\n",
        "services: *a\n",
        "services:\n  app:\n    x: y\n   build: z\n",
        "a: &x b\nc: &x d\ne: *x\n",
    ],
)
def test_what_cannot_be_read_says_so(text: str) -> None:
    with pytest.raises(NotUnderstoodError):
        compose.calls(source(NAME, text), TREE)


# --- in steps, and read back ----------------------------------------------------------------------------------------------


def test_in_steps_it_is_passed_twice_first() -> None:
    file = source(NAME, "services:\n  app:\n    build:\n      args:\n        TOK: $TOK\n")
    both = moved(compose, file, removes=False)
    assert "TOK: $TOK" in both.text
    assert [call.feeds for call in compose.calls(both, TREE)] == [("TOK",)]
    assert moved(compose, both, adds=False).text == moved(compose, file).text


def test_in_steps_a_comment_is_at_both_places_first() -> None:
    args = "      args:\n        # what TOK is good for\n        TOK: $TOK   # ask us for it\n        A: 1\n"
    file = source(NAME, f"services:\n  app:\n    build:\n{args}")
    both = moved(compose, file, removes=False)
    secrets = "      secrets:\n        # what TOK is good for\n        - TOK   # ask us for it\n"
    assert f"{args}{secrets}" in both.text
    assert moved(compose, both, adds=False).text == moved(compose, file).text


def test_an_arg_that_only_goes_takes_its_keys_with_it() -> None:
    file = source(
        NAME, "services:\n  a:\n    build: {context: ., args: [TOK]}\n  b:\n    build:\n      context: .\n      args:\n        TOK: $TOK"
    )
    assert moved(compose, file, adds=False).text == "services:\n  a:\n    build: {context: .}\n  b:\n    build:\n      context: ."


def test_the_secret_may_have_another_name() -> None:
    file = source(NAME, "services:\n  app:\n    build:\n      args:\n        GIT_AUTH_TOKEN:\n")
    (only,) = passed(compose, file)
    after = apply(file.text, compose.edits(file, TREE, [Move(only, "OURS", optional=False)]))
    assert yaml.safe_load(after)["secrets"] == {"OURS": {"environment": "GIT_AUTH_TOKEN"}}


MISTAKES = [
    ("something else", "A: 1", "A: 2", "services.app.build.args.A would be another"),
    ("not moved", "secrets:\n  TOK", "secrets:\n  TAK", "secrets.TOK would be another"),
    ("no YAML", "A: 1", "A: [", "is not YAML that can be read"),
]


@pytest.mark.parametrize(("old", "new", "said"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_found(old: str, new: str, said: str) -> None:
    before = source(NAME, "services:\n  app:\n    build:\n      args:\n        TOK: $TOK\n        A: 1\n")
    after = moved(compose, before)
    broken = Source(after.path, after.text.replace(old, new))
    assert compose.mistake(before, broken, moves(compose, before, ["TOK"])) == said


def test_a_secret_that_is_something_else_is_a_mistake() -> None:
    file = source(NAME, "services:\n  app:\n    build:\n      args:\n        TOK: $TOK\nsecrets: {OURS: {file: x}}\n")
    (only,) = passed(compose, file)
    planned = [Move(only, "OURS", optional=False)]
    after = Source(file.path, apply(file.text, compose.edits(file, TREE, planned)))
    assert compose.mistake(file, after, planned) == "secrets.OURS.environment would be another"


def test_moves_of_other_files_change_nothing() -> None:
    file = source(NAME, "services:\n  app:\n    build:\n      args:\n        TOK: $TOK\n")
    assert compose.edits(file, TREE, [Move(Passed("TOK", Span(0, 1), 1), "TOK", optional=False)]) == ()
