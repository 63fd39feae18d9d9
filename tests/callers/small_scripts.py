"""Small scripts for hypothesis: they set, export and lose variables, and run something in between."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from codemod.shell import read

AS_MANY = settings(
    max_examples=int(os.environ.get("DOCKERFIX_EXAMPLES", "100")),
    derandomize="DOCKERFIX_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much),
)

SETTINGS = (
    "X=canary-1", "X=$Y", 'X="${Y}b"', "export X", "export X=canary-2", "export X Y", "X=canary-3 export Y", "unset X", ". ./.sets",
    "set -a", "set +a", "set -o allexport", "read X < home/key", "f", "g", ": ${X:=canary-4}", ": ${X:-canary-5}", "eval X=canary-6",
    'eval "export X=canary-7"', "Y=canary-8", "export Y", "X=canary-9 true", 'X="$X"', "true", "false", "readonly Z=1", "cd .",
    "export -p > /dev/null", "unset Y", 'export "X=$Y"', "for X in a; do true; done", "printf '%s' x > /dev/null", "n=X; export $n",
    "n=X; unset $n", "n=X; eval $n=1", "n=X; read $n < home/key",
)  # fmt: skip
FRAMES = (
    "{}\n{}", "{}; {}", "{} && {}", "{} || {}", "( {} )\n{}", "{{ {}; }}\n{}", "if {}; then {}; fi", 'if [ -n "$Y" ]; then {}; else {}; fi',
    "for i in 1 2; do {}; {}; done", "while {}; do {}; break; done", "{} &\nwait\n{}", "! {}\n{}", "{} | cat\n{}", ": $( {} )\n{}",
    "case a in a) {};; *) {};; esac", "f() {{ {}; }}\n{}", "g() {{ local X; {}; }}\n{}", "f() {{ {}; {}; }}\nf", "# X=1\n{}\n{}",
    "false && {{ {}; }}\n{}", "true || {}\n{}", "f() {{ {}; }}\n{}\nf", "{} > /dev/null\n{}",
)  # fmt: skip


@st.composite
def _framed(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    frame = draw(st.sampled_from(FRAMES))
    return frame.format(*(draw(inner) for _ in range(frame.count("{}"))))


def scripts(command: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Scripts with `command` in them, here and there."""
    return st.recursive(st.one_of(st.sampled_from(SETTINGS), st.sampled_from(SETTINGS), command), _framed, max_leaves=6)


VALUES = (
    "$X", '"$X"', '"${X}"', '"$Y"', "canary-10", "'canary $X'", '"a $X b"', '"${X:-canary-11}"', '"${X:-}"', '"$(echo "$X")"', '""', "",
    '"$X$Y"', "a\\ b", '"`echo $Y`"', '"${X%y}"', "'a'\"$X\"", '"$1"',
)  # fmt: skip
NAMES = ("X", "Y", "TOK", "DOCKER_X")
BEFORE = ("", "", "", "A=1 ", "X=canary-12 ", "Y=$X ", "env ", "env X=canary-13 ", "env -u X ", "nohup ", "command ", "retry ", "sudo -E ",
          "run ", "exec ", "timeout 9 ")  # fmt: skip


@st.composite
def _build(draw: st.DrawFn) -> str:
    options: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        name, value = draw(st.sampled_from(NAMES)), draw(st.sampled_from((*VALUES, None)))
        joint = draw(st.sampled_from((" ", "=", " \\\n  ")))
        options.append(f"--build-arg{joint}{name}" + (f"={value}" if value is not None else ""))
    if draw(st.integers(0, 4)) == 0:
        return "b " + " ".join(options)
    return f"{draw(st.sampled_from(BEFORE))}docker build {' '.join(options)} ."


builds = _build()
FUNCTIONS = 'run() { "$@"; }\nb() { docker build "$@" .; }\nf() { :; }\ng() { :; }\n'


def calls_itself(script: str) -> bool:
    """Whether a function of the script may run itself, in a pipe each time twice; or nobody can tell."""
    shell = read(script)
    inside = [span for _, span in shell.definitions]
    words = {word.plain for command in shell.commands for word in command.words if any(command.span in span for span in inside)}
    return not shell.understood or bool(words & {"f", "g", "run", "b", *shell.functions})
