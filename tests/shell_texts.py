"""Small shell texts for hypothesis, and real shells to run them in: what `X` is to them must be what we say it is."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# as /bin/sh is on Debian and Alpine's relatives, and as SHELL ["/bin/bash", "-c"] has it
SHELLS = {name: path for name in ("dash", "bash") if (path := shutil.which(name))}

WORDS = (
    "a", "b", "$X", '"$X"', "'$X'", "\\$X", '"\\$X"', "${X}", '"${X:-d}"', "${X:+y}", "${X-d}", "${Y:-$X}", '"${Y:-$X}"', "${Y:-'$X'}",
    "${#X}", "$XY", "X", "$Y", '"$Y"', "${X%e}", "a#$X", "#", "$X#", "{$X", '"a b"', "\\a", '\\"$X\\"', '"\\\\$X"', "\\\\$X",
    '"\\\\\\$X"', "\u00e9$X", "\u00e9", "=$X", "!", '"!"', "''", '"$(echo $X)"', "`echo $X`", "$((X))", "$((1|2))", "\"'$X'\"",
    "'\"$X\"'", "\"a\"'$X'",
)  # fmt: skip
SIMPLE = (
    "true", "false", ":", "unset X", '[ -n "$X" ]', 'test -z "$X"', "echo X", "set -e", "set -u", "exit 3", 'eval "echo \\$X"',
    "eval 'Y=$X'", "read X", ". ./missing", "readonly X=1", "trap 'echo $X' EXIT", "! true", "cd $X", "set -- $X", "echo $1", "X=$X",
    "case $X in o*) echo o;; esac",
)  # fmt: skip
FRAMES = (
    "{} && {}", "{}; {}", "{} || {}", "( {} )", "( {} ) && {}", "{{ {}; }}", "if {}; then {}; else {}; fi", "for X in 1 2; do {}; done",
    "for Y in $X z; do {}; done", "f() {{ {}; }}; f", "! {}", "{} # {}", "# {}", "{} | {{ {}; }}", "{} | cat",
    "while {}; do {}; break; done", "{} > /dev/null", "{};", "Y=$({})", "echo `{}`", "{} & wait; {}", "{} && {} && {}",
    "case a in a|b) {};; *) {};; esac", "X=1; {}", "X=1 && {}", "Y=$X; {}",
)  # fmt: skip

words = st.sampled_from(WORDS)
simple = st.one_of(
    st.builds("echo {} {}".format, words, words),
    st.builds('printf "%s." {} {}'.format, words, words),
    *(
        st.builds(f"{form}".format, words)
        for form in ("X={}", "Y={}", "export X={}", "X=1 Y={}", "export Y={} X=1", "X=1 echo {}", "X={} echo a")
    ),
    st.sampled_from(SIMPLE),
)


@st.composite
def _framed(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    frame = draw(st.sampled_from(FRAMES))
    return frame.format(*(draw(inner) for _ in range(frame.count("{}"))))


texts = st.recursive(simple, _framed, max_leaves=5)

# --- scripts with heredocs ----------------------------------------------------------------------------------------------

DELIMITERS = ("E", "'E'", '"E"', "\\E", "E-1", "'E F'", "$Y", "X", "!")
LINES = (
    "a", "", " b", "# $X", "it's", 'say "b"', "$X", "'$X'", '"$X"', "\\$X", "\\\\$X", "${X:-d}", "${Y:-$X}", "$(echo $X)", "`echo $X`",
    "x)",    "esac",    "fi", "}", "E ", "EX", "<<E", "<<<x", "$", "$ X", "((", "$((1<<2))", "a\\", '"', "'", "\\`", "\u00e9$X", "$'$X'",
    "\t$X",
    "$(cat <<I\n$X\nI\n)",
)  # fmt: skip
SCRIPT_FRAMES = (
    "{}{}", "if true; then\n{}fi\n{}", "(\n{})\n{}", "f() {{\n{}}}\nf\n{}", "Y=$(\n{})\n{}", "for y in 1; do\n{}done\n{}",
    "case a in\na)\n{};;\nesac\n{}", 'echo "$(\n{})"\n{}', "{{\n{}}} > /dev/null\n{}",
)  # fmt: skip


@st.composite
def _heredoc(draw: st.DrawFn) -> tuple[str, str]:
    """An operator, and the lines that belong behind the line it stands on."""
    delimiter = draw(st.sampled_from(DELIMITERS))
    name, dash = delimiter.strip("'\"\\"), draw(st.booleans())
    lines = [
        line for line in draw(st.lists(st.sampled_from(LINES), max_size=3)) if line.lstrip("\t") != name and name not in line.split("\n")
    ]
    lines += ["z"] if lines and lines[-1].endswith("\\") else []  # it would continue with the terminator
    tabs = "\t" * draw(st.integers(0, 2)) if dash else ""
    return f"<<{'-' * dash}{delimiter}", "".join(f"{tabs}{line}\n" for line in (*lines, name))


heredocs = _heredoc()


@st.composite
def _line(draw: st.DrawFn) -> str:
    fed = st.builds(
        lambda form, heredoc: (form.format(heredoc[0]), heredoc[1]), st.sampled_from(("cat {}", "cat {} > f", "{} cat")), heredocs
    )
    parts = draw(st.lists(st.one_of(fed, simple.map(lambda text: (text, ""))), min_size=1, max_size=3))
    joint = draw(st.sampled_from((" && ", "; ", " | ", " || ", " && \\\n")))
    return joint.join(text for text, _ in parts) + "\n" + "".join(body for _, body in parts)


lines = _line()
scripts = st.recursive(lines, lambda inner: st.builds(str.format, st.sampled_from(SCRIPT_FRAMES), inner, inner), max_leaves=4)


@dataclass(frozen=True)
class Ran:
    """What a shell did."""

    status: int
    output: bytes
    errors: bytes


def ran(shell: str, text: str, folder: Path, variables: Mapping[str, str]) -> Ran:
    """Run `text` with nothing in its environment but `variables`, and no command but the shell's own and cat."""
    done = subprocess.run(
        (SHELLS[shell], "-c", text),
        cwd=folder,
        env={"PATH": "/bin", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def is_valid(shell: str, text: str) -> bool:
    """Whether the shell itself can read the text."""
    return subprocess.run((SHELLS[shell], "-n", "-c", text), capture_output=True, check=False).returncode == 0
