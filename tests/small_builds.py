"""Small Dockerfiles about one secret T and what ARG and ENV make of it, and a way to really run their RUNs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import strategies as st

from .same_behaviour import buildkit, run
from .shell_texts import Ran

DIRECTORY = "/run/secrets/"
SETTINGS = (
    "ARG T", "ARG T", "ARG T", "ARG T=d", "ARG T=", "ARG T='d e'", "ARG A", "ARG A=1", "ARG A=x$T", "ARG B=$T$A", "ARG A=${T:-d}",
    "ARG T A=$T", "ENV T=$T", "ENV T=${T}", "ENV T=x$T", "ENV T=${T:-d}", "ENV T=${T-d}", "ENV T=1", "ENV T=", "ENV A=$T", "ENV A=$T",
    "ENV A=x${T}y", 'ENV A="a $T \\"b\\" \\$x"', "ENV A=${T:-d}", "ENV A=${T:+d}", "ENV A=1", "ENV B=$A", "ENV B=$A$T", "ENV B=x$A-$T",
    "ENV A=$A", "ENV A=x$A", "ENV A=${A:-d}", "ENV A=$T B=$A", "ENV A=$T B=$T", "ENV A=1 B=$T", "ENV B=1", "ENV B=${A:-$T}", "ENV A='$T'",
    "ENV A $T", "USER 1000", "LABEL a=b", 'SHELL ["/bin/sh", "-uc"]', 'SHELL ["/bin/sh", "-c"]',
)  # fmt: skip
TEXTS = (
    'printf "%s." "$T"', 'printf "%s." "$T"', 'printf "%s." "$A"', 'printf "%s." "$A" "$B"', 'printf "%s." "$T" "$A"',
    'sh -c \'printf "%s." "$A"\'', 'sh -c \'printf "%s." "$T" "$B"\'', 'printf "%s." "${T:-n}"', 'printf "%s." "${A-n}"',
    '[ -n "$A" ] && printf "%s." "$A"', 'if [ -n "$T" ]; then printf "%s." "$T"; fi', 'printf "%s." "$B" | cat', "true",
    'A=2; printf "%s." "$A" "$T"', 'printf "%s." "$B" || false', 'printf "%s." "${T+n}"', 'printf "%s." "$T"; printf "%s." "$A"',
)  # fmt: skip
FORMS = ("RUN {}", "RUN {}", "RUN {}", "RUN <<X\n{}\nX", "RUN <<-X\n\t{}\n\tX", "RUN <<X\n#!/bin/sh\n{}\nX", "RUN sh <<'X'\n{}\nX")


def _exec(text: str) -> str:
    return 'RUN ["sh", "-c", "{}"]'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


lines = st.one_of(
    st.sampled_from(SETTINGS),
    st.sampled_from(SETTINGS),
    st.builds(str.format, st.sampled_from(FORMS), st.sampled_from(TEXTS)),
    st.sampled_from(TEXTS).map(_exec),
)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file of one stage, or two."""
    head = draw(st.sampled_from(((), (), ("ARG T",), ("ARG T=g",))))
    body = draw(st.lists(lines, min_size=1, max_size=6))
    child = ("FROM s AS t", *draw(st.lists(lines, max_size=4))) if draw(st.booleans()) else ()
    last = f"RUN {draw(st.sampled_from(TEXTS))}"
    return "\n".join((*head, "FROM alpine AS s", draw(st.sampled_from(("ARG T", "ARG T", "ENV T=1"))), *body, *child, last, ""))


def ran(one: run.Run, folder: Path) -> Ran:
    """What a RUN does, with its secrets below `folder`."""
    for file in one.files:
        _place(file.path, folder).write_text(file.content, encoding="utf-8")
    argv = [word.replace(DIRECTORY, f"{folder}/") for word in one.argv]
    if one.script:
        path, content = one.script
        script = folder / Path(path).name
        script.write_text(content.replace(DIRECTORY, f"{folder}/"), encoding="utf-8")
        argv = ["/bin/sh", str(script)]
    done = subprocess.run(argv, env=one.env | {"PATH": "/bin:/usr/bin"}, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    for file in one.files:
        _place(file.path, folder).unlink()
    return Ran(done.returncode, done.stdout, done.stderr)


def _place(path: str, folder: Path) -> Path:
    return folder / path.removeprefix(DIRECTORY)


def built(text: str, value: str | None, folder: Path) -> list[Ran | None]:
    """What the RUNs of a file do, one after the other; None is the end of a build that has to have the secret."""
    passed = {} if value is None else {"T": value}
    runs = buildkit.runs(text, buildkit.Given(args=passed, secrets=passed))
    return [None if one.missing else ran(one, folder) for one in runs]
