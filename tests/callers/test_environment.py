"""What is said to be in the environment of a command is there, in real shells; and what a script does about it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.callers.shell.environment import Environment
from codemod.shell import read

from .recorded import SHELLS, ended
from .small_scripts import AS_MANY, calls_itself, scripts

# it says where the shell's value is not the one of the environment
PROBE = '#!/bin/sh\nif [ "$1" != "${X-}" ]; then echo "$1 is not ${X-}" >> "$RECORD"; fi\n'
PROBED = 'probe "$X"'


def has(script: str, variable: str = "X", **around: object) -> bool:
    """Whether the first `probe` of the script surely has the variable."""
    shell = read(script)
    probe = next(command for command in shell.commands if command.name == "probe")
    return Environment(shell, **around).has(variable, probe.span)  # type: ignore[arg-type]  # as ShellText has them


@pytest.mark.parametrize(
    "script",
    [
        "probe",
        'echo "$X"\nprobe',
        "if [ -z \"$X\" ]; then echo 'X is missing'; exit 1; fi\nprobe",
        '[ -n "${X:-}" ] || exit 1\nprobe',
        ": ${X:?}\nprobe",
        "docker run -e X -e Y=1 image\nprobe",
        "export X=1\nprobe",
        "export X\nX=1\nprobe",
        "X=1\nexport X\nprobe",
        "X=1; export X; probe",
        "X=1 && export X && probe",
        "X=1 && export X && true a && probe",
        "X=1\nexport X; unset Y; unset $n; export X; probe",
        "X=1\nexport A X B=2\nif true; then probe; fi",
        'if [ -n "$Y" ]; then export X=1; probe; fi',
        "f() { export X=1; probe; }",
        "export X=1\nf() { probe; }",
        "X=1\nexport X || exit 1\nprobe",
        "declare -x X=1\nprobe",
        "probe\nexport X=1",
        "typeset -gx X=1\nprobe",
        "set -a\nX=1\nset +a\nprobe",
        "set -o allexport\n. ./file\nset +o allexport\nprobe",
        "set -ea\n. ./file\nprobe",
        "#!/bin/bash\nset -a; source .env; set +a\nprobe",
        "export $(cat .env | xargs)\nprobe",
        'eval "$(ssh-agent -s)"\nprobe',
        "eval $(minikube -p minikube docker-env)\nprobe",
        ". ./file\nexport X\nprobe",
        "printf '%s' \"$X\" | cat\nprobe",
        "local Y=1\nprobe",
        "readonly X2=1\nprobe",
        "trap 'rm -f f' EXIT\nprobe",
        "if [ -v X ]; then :; fi\nprobe",
        "echo $((1 + X))\nprobe",
    ],
)  # fmt: skip
def test_a_variable_is_in_the_environment(script: str) -> None:
    assert has(script)


@pytest.mark.parametrize(
    "script",
    [
        "X=1\nprobe",
        "probe\nX=1",
        "X+=1\nprobe",
        "X=1\n(export X)\nprobe",
        "X=1\nif true; then export X; fi\nprobe",
        "X=1\nf() { export X; }\nf\nprobe",
        "X=1\nexport X &\nprobe",
        "X=1\nexport X | cat\nprobe",
        "X=1\nfalse && export X\nprobe",
        "X=1\nfalse && export X || probe",
        "X=1\nfalse && export X; probe",
        "X=1\ntrue || export X\nprobe",
        "export X=1\nunset X\nX=2\nprobe",
        "export X=1\nexport -n X\nprobe",
        "export X=1\ndeclare +x X\nprobe",
        "export -n X\nprobe",
        "unset X\nprobe",
        "local X\nprobe",
        "declare X=1\nprobe",
        "readonly X=1\nprobe",
        "read X\nprobe",
        "read -r X <<EOF\na\nEOF\nprobe",
        "read -r $name\nprobe",
        "unset $name\nprobe",
        "export -n $name\nprobe",
        "printf -v $name x\nprobe",
        "! if X=1; then :; fi\nprobe",
        "X=1 && export X || true && probe",
        'declare "$name=1"\nprobe',
        "printf -v X a\nprobe",
        "mapfile X\nprobe",
        "getopts a X\nprobe",
        "for X in a b; do probe; done",
        "let X=1\nprobe",
        "((X = 1))\nprobe",
        "((X++))\nprobe",
        ": $((X += 1))\nprobe",
        ": ${X:=1}\nprobe",
        ": ${X=1}\nprobe",
        "trap 'X=1' USR1\nprobe",
        ". ./file\nprobe",
        "source ./file\nprobe",
        'eval "$(cat file)"\nprobe',
        "eval X=1\nprobe",
        "export X\n. ./file\nprobe",
        "set -a\nset +a\n. ./file\nprobe",
        "if true; then set -a; fi\n. ./file\nprobe",
        "(set -a)\n. ./file\nprobe",
        "set -a\n. ./file\nset +a\n. ./other\nprobe",
        "set +a\nX=1\nprobe",
        "set -e\nX=1\nprobe",
        "set -- -a\nX=1\nprobe",
        "X=1 probe",
    ],
)  # fmt: skip
def test_a_variable_may_not_be_in_the_environment(script: str) -> None:
    assert not has(script)


def test_what_is_around_a_text_counts() -> None:
    assert has("X=1\nprobe", exported=frozenset({"X"}))
    assert not has("unset X\nprobe", exported=frozenset({"X"}))
    assert not has("probe", assigned=frozenset({"X"}))
    assert not has("probe", sourced=True)
    assert has("export X\nprobe", sourced=True, assigned=frozenset({"X"}))


def test_the_shells_own_variables_are_nobodys() -> None:
    assert not has("probe", "RANDOM")
    assert not has("export IFS\nprobe", "IFS")


def test_a_variable_changes_behind_a_place() -> None:
    shell = read("X=1\nprobe\nX=2\n")
    first, last = (word.span for _, word in shell.assignments)
    environment = Environment(shell)
    assert environment.changes_behind("X", first)
    assert not environment.changes_behind("X", last)


def _wrong(shell: str, script: str, folder: Path, variables: Mapping[str, str]) -> str:
    """Where a probe does not find what the shell has."""
    record = folder / "wrong"
    record.unlink(missing_ok=True)
    (folder / "script.sh").write_text(script)
    ended((SHELLS[shell], "script.sh"), folder, {"PATH": f"{folder}:/usr/bin:/bin", "RECORD": str(record), **variables})
    return record.read_text() if record.exists() else ""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the probe, and files to source and to read."""
    found = tmp_path_factory.mktemp("environment")
    (found / "probe").write_text(PROBE)
    (found / "probe").chmod(0o755)
    (found / ".sets").write_text("X=canary-sourced-1\n")
    (found / "home").mkdir()
    (found / "home" / "key").write_text("canary-key-1\n")
    return found


@AS_MANY
@given(script=scripts(st.just(PROBED)))
def test_what_is_said_to_be_there_is_there(script: str, folder: Path) -> None:
    script = f"f() {{ :; }}\ng() {{ :; }}\n{script}\n"
    shell = read(script)
    probes = [command for command in shell.commands if command.name == "probe"]
    if not shell.understood or calls_itself(shell) or not probes or not all(Environment(shell).has("X", probe.span) for probe in probes):
        return
    for name in SHELLS:
        for variables in ({"X": "canary-given-1", "Y": "canary-y"}, {"Y": ""}, {"X": ""}, {}):
            assert _wrong(name, script, folder, variables) == "", script
