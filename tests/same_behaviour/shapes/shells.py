"""SHELL: shells that trace, that are strict, that nobody knows; a prelude must be silent, and understood."""

from __future__ import annotations

from .shape import Shape

DEPLOY = 'RUN deploy "$MY_SECRET"; fail3; touch never\n'


def shell(name: str, words: str, lines: str = DEPLOY, *, optional: bool | None = False, style: str = "file") -> Shape:
    """`words` of a SHELL, and what runs under it."""
    return Shape(f"SHELL, {name}", f"FROM debian\nARG MY_SECRET\nSHELL [{words}]\n{lines}", optional=optional, style=style)


def refused(name: str, words: str, lines: str = DEPLOY, *, default: str = "") -> Shape:
    """No rewrite keeps what it does."""
    return Shape(f"SHELL, {name}", f"FROM debian\nARG MY_SECRET{default}\nSHELL [{words}]\n{lines}", forced=("MY_SECRET",), refused=True)


SHAPES: tuple[Shape, ...] = (
    shell("pipefail", '"/bin/bash", "-o", "pipefail", "-c"', 'RUN fail3 "$MY_SECRET" | tee log; printf %s "$?"\n'),
    shell("pipefail and -e", '"/bin/bash", "-eo", "pipefail", "-c"', 'RUN fail3 "$MY_SECRET" | tee log; touch never\n'),
    shell("-e and -u", '"/bin/sh", "-euc"'),
    shell("-e and -u, a guard", '"/bin/sh", "-euc"', 'RUN if [ -n "${MY_SECRET:-}" ]; then deploy; fi\n', optional=True),
    shell("-e and -u, no quotes", '"bash", "-e", "-u", "-c"', "RUN deploy $MY_SECRET && fail2 || tidy\n"),
    shell("ash", '"/bin/ash", "-c"'),
    shell("ash, strict", '"/bin/ash", "-euc"', 'RUN deploy "$MY_SECRET" && fail2\n'),
    shell("zsh", '"/usr/bin/zsh", "-c"', 'RUN deploy "$MY_SECRET" && curl "$MY_SECRET"\n'),
    shell("dash", '"/bin/dash", "-c"'),
    shell("a login shell", '"bash", "--login", "-c"'),
    shell("a login shell, -l", '"/bin/bash", "-lc"', 'RUN curl "$MY_SECRET" | tee log\n'),
    shell("-x", '"/bin/bash", "-xc"'),
    shell("-x for sh", '"/bin/sh", "-xc"', 'RUN curl "$MY_SECRET" && touch f\n'),
    shell("-ex", '"/bin/bash", "-exc"'),
    shell("-x by itself", '"/bin/sh", "-e", "-x", "-c"'),
    shell("-eux and pipefail", '"/bin/bash", "-euxo", "pipefail", "-c"', 'RUN fail3 "$MY_SECRET" | tee log; touch never\n'),
    shell("xtrace", '"/bin/bash", "-o", "xtrace", "-c"'),
    shell("-x, several lines", '"/bin/sh", "-exc"', 'RUN prepare \\\n    && deploy "$MY_SECRET" \\\n    && fail4\n'),
    shell("-x, a heredoc", '"/bin/bash", "-xc"', 'RUN <<EOF\nset -e\ndeploy "$MY_SECRET"\nfail3\nEOF\n'),
    shell("-x, a fed heredoc", '"/bin/sh", "-exc"', "RUN cat <<EOF > conf\nkey=$MY_SECRET\nEOF\n"),
    shell("-x, a heredoc with a shebang", '"/bin/sh", "-xc"', 'RUN <<EOF\n#!/bin/sh\ndeploy "$MY_SECRET"\nEOF\n'),
    shell("-x, a guard", '"/bin/sh", "-xc"', 'RUN [ -z "$MY_SECRET" ] || deploy "$MY_SECRET"\n', optional=True),
    shell("-x, a default if empty", '"/bin/sh", "-exc"', 'RUN deploy "${MY_SECRET:-none}"\n', optional=True),
    shell("-x, no visible use", '"/bin/sh", "-exc"', "RUN deploy --now\n", optional=True),
    shell("-x, a user", '"/bin/sh", "-exc"', 'USER 1000\nRUN deploy "$MY_SECRET" > mine\n'),
    shell("-x, then not", '"/bin/sh", "-xc"', DEPLOY.replace("fail3; ", "") + 'SHELL ["/bin/sh", "-ec"]\n' + DEPLOY),
    shell("busybox", '"/bin/busybox", "sh", "-c"'),
    shell("by env", '"/usr/bin/env", "bash", "-c"'),
    shell("fish", '"/usr/bin/fish", "-c"', 'RUN deploy "$MY_SECRET"; and tidy\n'),
    shell("python", '"/usr/bin/python3", "-c"', 'RUN import os; print(os.environ["MY_SECRET"])\n'),
    shell("perl", '"/usr/bin/perl", "-e"', 'RUN print "$ENV{MY_SECRET}\\n";\n'),
    shell("one that nobody knows", '"/opt/shell", "run"', "RUN deploy $MY_SECRET\n"),
    shell("one that nobody knows, a heredoc", '"/opt/shell", "run"', "RUN <<EOF\nprepare\ndeploy $MY_SECRET\nEOF\n"),
    shell("exec form under python", '"/usr/bin/python3", "-c"', 'RUN ["sh", "-c", "deploy \\"$MY_SECRET\\""]\n'),
    shell("--style env", '"/bin/bash", "-o", "pipefail", "-c"', 'RUN fail3 "$MY_SECRET" | tee log\n', style="env"),
    shell("--style env, -e and -u", '"/bin/sh", "-euc"', style="env"),
    refused("-x, a default", '"/bin/sh", "-exc"', default="=none"),
    refused("-x, a default if unset", '"/bin/sh", "-exc"', 'RUN deploy "${MY_SECRET-none}"\n'),
    refused("-x, an option if set", '"/bin/bash", "-xc"', 'RUN deploy "${MY_SECRET+there}"\n'),
    refused("one that nobody knows, a default", '"/opt/shell", "run"', "RUN deploy $MY_SECRET\n", default="=none"),
    refused("PowerShell", '"powershell", "-Command"', "RUN deploy $env:MY_SECRET\n"),
    refused("cmd", '"cmd", "/S", "/C"', "RUN deploy %MY_SECRET%\n"),
    Shape(
        "SHELL, inherited by a stage",
        'FROM debian AS base\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM base\nARG MY_SECRET\nRUN fail3 "$MY_SECRET" | tee log\n',
    ),
    Shape(
        "SHELL, -x inherited by a stage of a stage",
        'FROM debian AS base\nSHELL ["/bin/bash", "-exc"]\nFROM base AS mid\nARG MY_SECRET\nFROM mid\nRUN deploy "$MY_SECRET"\n',
    ),
    Shape(
        "SHELL, -x of another stage",
        'FROM debian AS other\nSHELL ["/bin/bash", "-xc"]\nRUN true\nFROM alpine\nARG MY_SECRET\nRUN deploy "$MY_SECRET"; fail3\n',
    ),
)
