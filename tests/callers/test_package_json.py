"""Scripts of package.json: what becomes of them, that JSON is what it was, and that a shell hands on the same values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codemod.callers import package_json
from codemod.callers.call import NotUnderstoodError, Place, Tree
from codemod.text import Source, apply
from tests.callers.moved import calls, moved, moves, obstacles, passed, source, suggestions
from tests.callers.recorder import install, recorded

PATH = "package.json"
# a script before and after, as its shell reads it
SCRIPTS = {
    "its own variable": ("docker build --build-arg TOK=$TOK .", "docker build --secret id=TOK ."),
    "no value": ("docker build --build-arg TOK .", "docker build --secret id=TOK ."),
    "in quotes": ('docker build --build-arg "TOK=${TOK}" .', "docker build --secret id=TOK ."),
    "in quotes at the end": ('docker build . --build-arg "TOK=${TOK}"', "docker build . --secret id=TOK"),
    "in single quotes of a value": (
        "docker build --build-arg=TOK='canary-1' -t $T .",
        "TOK='canary-1' docker build --secret=id=TOK -t $T .",
    ),
    "a variable of npm's": ("docker build --build-arg TOK=$npm_config_tok .", "docker build --secret id=TOK,env=npm_config_tok ."),
    "in a chain": (
        "cd . && docker build -t a --build-arg TOK=$TOK . && docker build --build-arg B=$B .",
        "cd . && docker build -t a --secret id=TOK . && docker build --secret id=B .",
    ),
    "set by the script": (
        "TOK=canary-2 && docker build --build-arg TOK=$TOK .",
        'TOK=canary-2 && TOK="$TOK" docker build --secret id=TOK .',
    ),
    "a command's text": (
        'docker build --build-arg TOK="$(echo \\"canary-3\\")" .',
        'TOK="$(echo \\"canary-3\\")" docker build --secret id=TOK .',
    ),
    "behind cross-env": (
        "cross-env A=canary-4 docker build --build-arg TOK=$TOK --build-arg B=$(echo canary-5) .",
        'cross-env A=canary-4 B="$(echo canary-5)" docker build --secret id=TOK --secret id=B .',
    ),
    "behind dotenv": ("npx dotenv -e .env -- docker build --build-arg TOK .", "npx dotenv -e .env -- docker build --secret id=TOK ."),
}
ENVIRONMENT = {"TOK": "canary-5", "B": "canary-6", "npm_config_tok": "canary-7"}


def written(script: str) -> str:
    """A file with the script, its characters as other programs write them."""
    return json.dumps({"name": "ä", "scripts": {"x": "tsc", "build": script}, "description": script}, indent=2) + "\n"


@pytest.mark.parametrize(("before", "after"), SCRIPTS.values(), ids=SCRIPTS)
def test_what_is_written(before: str, after: str) -> None:
    text = moved(package_json, PATH, written(before))
    assert text == written(before).replace(json.dumps(before), json.dumps(after), 1)
    assert passed(calls(package_json, PATH, text)) == []
    assert mistake(written(before), text) is None


@pytest.mark.parametrize(("before", "after"), SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_the_same_value_arrives(before: str, after: str, shell: str, tmp_path: Path) -> None:
    programs = install(tmp_path / "bin")
    for name, words in {"cross-env": 'exec env "$@"', "npx": 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{words}\n")
        (programs / name).chmod(0o755)
    found = [recorded([shell, "-c", script], tmp_path, programs, ENVIRONMENT) for script in (before, after)]
    assert found[0]
    assert found[0] == found[1]


@pytest.mark.parametrize(("before", "after"), SCRIPTS.values(), ids=SCRIPTS)
def test_both_can_be_passed(before: str, after: str) -> None:
    both = moved(package_json, PATH, written(before), removes=False)
    assert mistake(written(before), both, removes=False) is None
    assert moved(package_json, PATH, both) == written(before).replace(json.dumps(before), json.dumps(after), 1)


def mistake(before: str, after: str, *, removes: bool = True) -> str | None:
    made = moves(calls(package_json, PATH, before), removes=removes)
    return package_json.mistake(source(PATH, before), source(PATH, after), made)


OBSTACLES = {
    "a variable of Windows' shell": (
        "docker build --build-arg TOK=%TOK% .",
        "%…% is a variable to Windows' shell, and a text to any other",
        "--secret id=ID,env=TOK",
    ),
    "a text that Windows' shell could pass": (
        "docker build --build-arg TOK=canary-1 .",
        "its value would have to be assigned before the command, which not every shell can",
        "--secret id=ID,env=TOK, with TOK exported before",
    ),
    "what cross-env sets as well": (
        "cross-env TOK=canary-2 docker build --build-arg TOK=$TOK .",
        "the shell that reads the line may have another value than the command is given in front of it",
        "--secret id=ID,env=TOK",
    ),
    "a text, behind a program that nothing can stand behind": (
        "dotenv -- docker build --build-arg TOK=$(cat token) .",
        "its value would have to be assigned before the command, which not every shell can",
        "--secret id=ID,env=TOK, with TOK exported before",
    ),
}


@pytest.mark.parametrize(("script", "obstacle", "suggestion"), OBSTACLES.values(), ids=OBSTACLES)
def test_what_stays(script: str, obstacle: str, suggestion: str) -> None:
    found = calls(package_json, PATH, written(script))
    assert obstacles(found) == {"TOK": obstacle}
    assert suggestions(found) == {"TOK": suggestion}
    assert moved(package_json, PATH, written(script)) == written(script)


def test_what_a_call_says() -> None:
    text = '{"scripts":\n{"a": "docker build -f \\"x y\\" api"}}'
    call = calls(package_json, "web/package.json", text)[0]
    assert (call.kind, call.line, call.places) == ("package script", 2, (Place("web/x y", "web/api"),))
    assert call.span.of(text) == 'docker build -f \\"x y\\" api'
    assert call.command == "cd web && npm run a"
    assert calls(package_json, "deno.json", text.replace("scripts", "tasks"))[0].command == "deno task a"


def test_lists_and_objects_of_commands() -> None:
    """As composer.json and deno.json have them."""
    command = "docker build --build-arg TOK=$TOK ."
    text = json.dumps({"scripts": {"a": ["x", command]}, "tasks": {"b": {"command": command}}})
    assert moved(package_json, "composer.json", text) == text.replace("--build-arg TOK=$TOK", "--secret id=TOK")


def test_escapes() -> None:
    text = '\ufeff{"scripts": {"a": "docker build \\u002d-build-arg TOK=\\u0024TOK\\t--build-arg \\u0042 .\\r\\n"}}\r\n'
    after = '\ufeff{"scripts": {"a": "docker build --secret id=TOK\\t--secret id=B .\\r\\n"}}\r\n'
    assert moved(package_json, PATH, text) == after
    assert mistake(text, after) is None


NOTHING = {
    "no scripts": '{"name": "docker build --build-arg A ."}',
    "a list": '["docker build --build-arg A ."]',
    "a text": '"docker build --build-arg A ."',
    "no text": '{"scripts": {"a": 1, "b": "", "docker build": null}}',
    "a script that no shell reads": '{"scripts": {"a": "if ] ( docker build"}}',
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_there_is_no_call(text: str) -> None:
    assert calls(package_json, PATH, text) == ()


NOT_UNDERSTOOD = {
    "no JSON": ('{\n"scripts": {"a": }}', 2),
    "an end too early": ('{"scripts": {\n', 2),
    "a comment": ('{// why\n"scripts": {}}', 1),
    "a tab in a text": ('{\n"scripts": {"a": "\tdocker build --build-arg A ."}}', 2),
    "too deep": ("[" * 100_000, 1),
    "a script that no shell reads": ('{"scripts":\n {"a": "if ] ( docker build --build-arg A"}}', 2),
}


@pytest.mark.parametrize(("text", "line"), NOT_UNDERSTOOD.values(), ids=NOT_UNDERSTOOD)
def test_what_is_not_understood(text: str, line: int) -> None:
    with pytest.raises(NotUnderstoodError) as error:
        calls(package_json, PATH, text)
    assert error.value.line == line


BEFORE = written("docker build --build-arg TOK=$TOK .")
MISTAKES = {
    "no JSON": ("it would be no JSON", '"name": "'),
    "another value": ("a value that is no command with a moved build arg would change", '"name": "x'),
    "another script": ("a value that is no command with a moved build arg would change", '"x": "y'),
    "another word of the script": ("a value that is no command with a moved build arg would change", "docker buildx build"),
    "one more": ("it would have more values than before, or fewer", '"y": 1, "x": "'),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(name: str) -> None:
    """One character more in a file that is right is found out."""
    said, new = MISTAKES[name]
    after = moved(package_json, PATH, BEFORE)
    old = {"no JSON": '"name": ', "another value": '"name": "', "another script": '"x": "', "one more": '"x": "'}.get(name, "docker build")
    assert mistake(BEFORE, after.replace(old, new, 1)) == said


def test_only_the_moves_that_are_made_are_expected() -> None:
    made = moves(calls(package_json, PATH, BEFORE))
    after = Source(source(PATH, "").path, apply(BEFORE, package_json.edits(source(PATH, BEFORE), Tree(), made)))
    assert package_json.mistake(source(PATH, BEFORE), after, made) is None
    assert package_json.mistake(source(PATH, BEFORE), after, []) is not None
