"""RUNs without a shell: only the environment can bring it."""

from __future__ import annotations

from .shape import Shape

HEAD = "FROM alpine\nARG MY_SECRET\n"


def words(name: str, lines: str, *, optional: bool | None = False, head: str = HEAD, refused: bool = False) -> Shape:
    """Lines behind the ARG."""
    return Shape(f"exec form, {name}", head + lines, optional=optional, refused=refused)


SHAPES: tuple[Shape, ...] = (
    words("a shell", 'RUN ["sh", "-c", "deploy \\"$MY_SECRET\\""]\n'),
    words("a shell by its path", 'RUN ["/bin/sh", "-c", "curl \\"$MY_SECRET\\"; fail3"]\n'),
    words("bash", 'RUN ["/bin/bash", "-eo", "pipefail", "-c", "fail3 \\"$MY_SECRET\\" | tee log"]\n'),
    words("bash that traces", 'RUN ["bash", "-exc", "deploy \\"${MY_SECRET}\\""]\n'),
    words("a program that is told the name", 'RUN ["printenv", "MY_SECRET"]\n'),
    words("an inline program", 'RUN ["python3", "-c", "import os; print(os.environ[\'MY_SECRET\'])"]\n'),
    words("env", 'RUN ["env", "TOKEN=x", "sh", "-c", "deploy $TOKEN $MY_SECRET"]\n'),
    words("a dollar that nobody expands", 'RUN ["deploy", "$MY_SECRET"]\n', optional=None),
    words("no visible use", 'RUN ["deploy", "--now"]\n', optional=True),
    words("no blanks, lower case", 'run ["sh","-c","deploy $MY_SECRET"]\n'),
    words("over several lines", 'RUN [ \\\n    "sh", "-c", \\\n    # why\n    "deploy \\"$MY_SECRET\\"" \\\n    ]\n'),
    words("flags", 'RUN --network=none --mount=type=cache,target=/x ["sh", "-c", "deploy $MY_SECRET"]\n'),
    words("flags on their own lines", 'RUN --network=none \\\n    ["sh", "-c", "deploy $MY_SECRET"]\n'),
    words("end of flags", 'RUN --network=none -- ["sh", "-c", "deploy $MY_SECRET"]\n'),
    words("CRLF", 'RUN ["sh", "-c", \\\r\n  "deploy $MY_SECRET"]\r\n', head=HEAD.replace("\n", "\r\n")),
    words("under another SHELL", 'SHELL ["/bin/bash", "-exc"]\nRUN ["sh", "-c", "deploy $MY_SECRET"]\n'),
    words("a numeric user", 'USER 1000\nRUN ["sh", "-c", "deploy $MY_SECRET > mine"]\n'),
    words("a named user", 'USER app\nRUN ["sh", "-c", "id -u; deploy $MY_SECRET"]\n'),
    words("beside the shell form", 'RUN ["sh", "-c", "deploy $MY_SECRET"]\nRUN curl "$MY_SECRET"\nRUN ["curl", "https://h"]\n'),
    words("a guard", 'RUN ["sh", "-c", "[ -z \\"$MY_SECRET\\" ] || deploy"]\n', optional=True),
    words("an option if there", 'RUN ["sh", "-c", "deploy ${MY_SECRET:+--key=$MY_SECRET}"]\n', optional=True),
    words("a default if empty", 'RUN ["sh", "-c", "deploy ${MY_SECRET:-none}"]\n', optional=True),
    words("a default if unset", 'RUN ["sh", "-c", "deploy ${MY_SECRET-none}"]\n', refused=True),
    words("an option if set", 'RUN ["sh", "-c", "deploy ${MY_SECRET+there}"]\n', refused=True),
    words("in a child stage", 'FROM alpine AS base\nARG MY_SECRET\nFROM base\nRUN ["sh", "-c", "deploy $MY_SECRET"]\n', head=""),
    Shape(
        "exec form, a default",
        'FROM alpine\nARG MY_SECRET=none\nRUN ["sh", "-c", "deploy $MY_SECRET"]\n',
        forced=("MY_SECRET",),
        refused=True,
    ),
    Shape(
        "exec form, an ENV below it",
        'FROM alpine\nENV MY_SECRET=none\nARG MY_SECRET\nRUN ["sh", "-c", "deploy $MY_SECRET"]\n',
        forced=("MY_SECRET",),
        refused=True,
    ),
    Shape(
        "exec form, a derived ARG",
        'FROM alpine\nARG MY_SECRET\nARG URL=https://u:$MY_SECRET@h\nRUN ["sh", "-c", "deploy $URL"]\n',
        refused=True,
    ),
    Shape(
        "exec form, two secrets",
        'FROM alpine\nARG MY_SECRET NPM_TOKEN\nRUN ["sh", "-c", "deploy \\"$MY_SECRET\\" \\"$NPM_TOKEN\\""]\n',
        moved=frozenset({"MY_SECRET", "NPM_TOKEN"}),
    ),
    Shape(
        "exec form, a known tool",
        'FROM alpine\nARG GH_TOKEN\nRUN ["gh", "release", "list"]\n',
        moved=frozenset({"GH_TOKEN"}),
        optional=None,
    ),
)
