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
