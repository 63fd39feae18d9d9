"""USER: who reads the secret's file, and whose files are left."""

from __future__ import annotations

from .shape import Shape

HEREDOC = 'RUN <<EOF\nset -e\ndeploy "$MY_SECRET" > mine\nEOF\n'


def user(
    name: str,
    lines: str,
    *,
    image: str = "alpine",
    arg: str = "ARG MY_SECRET",
    optional: bool | None = False,
    style: str = "file",
) -> Shape:
    """Lines behind the ARG."""
    forced = ("MY_SECRET",) if "=" in arg else ()
    return Shape(f"user, {name}", f"FROM {image}\n{arg}\n{lines}", optional=optional, forced=forced, style=style)


SHAPES: tuple[Shape, ...] = (
    user("a heredoc, numeric", "USER 1000\n" + HEREDOC),
    user("a heredoc, named", "USER app\n" + HEREDOC),
    user("a heredoc, sh", 'USER app\nRUN <<EOF\n#!/bin/sh\nid -u\ndeploy "$MY_SECRET" > mine\nEOF\n'),
    user("a heredoc, python", "USER app\nRUN <<EOF\n#!/usr/bin/env python3\nos.environ['MY_SECRET']\nEOF\n"),
    user("a fed heredoc", "USER 1000:50\nRUN cat <<EOF > conf\nkey=$MY_SECRET\nEOF\n"),
    user("a fed heredoc, bash", "USER node\nRUN bash <<'EOF'\ndeploy \"$MY_SECRET\"\nEOF\n", optional=None),
    user("in root's group", 'USER 1234\nRUN deploy "$MY_SECRET"; id -g\n'),
    user("in root's group by name", 'USER app:root\nRUN deploy "$MY_SECRET"; id -g\n'),
    user("0", 'USER 0\nRUN deploy "$MY_SECRET"\n', image="own/base"),
    user("0 with a group", 'USER 0:1000\nRUN deploy "$MY_SECRET" && id -g\n', image="own/base"),
    user("unknown", 'RUN deploy "$MY_SECRET"\n', image="own/base"),
    user("of a variable with a default", 'ARG APP_UID=1001\nUSER ${APP_UID:-1000}\nRUN deploy "$MY_SECRET"\n'),
    user("in quotes", 'USER "1000"\nRUN deploy "$MY_SECRET"\n'),
    user("each in turn", 'USER 1000\nRUN curl "$MY_SECRET" > a\nUSER app\nRUN curl "$MY_SECRET" > b\nUSER 0\nRUN curl "$MY_SECRET" > c\n'),
    user("guard", 'USER 1000\nRUN if [ -n "$MY_SECRET" ]; then deploy "$MY_SECRET"; fi\n', optional=True),
    user("guard, named", 'USER app\nRUN [ -z "$MY_SECRET" ] || curl "$MY_SECRET" > mine\n', optional=True),
    user("default", 'USER app\nRUN deploy "$MY_SECRET"\n', arg="ARG MY_SECRET=none", optional=True),
    user("no visible use", "USER app\nRUN deploy --now\n", optional=True),
    user("a mount that is there", 'USER app\nRUN --mount=type=secret,id=other,mode=0444 deploy "$(cat /run/secrets/other)$MY_SECRET"\n'),
    user("su inside", "RUN su app -c 'deploy \"$MY_SECRET\" > mine'\n", optional=None),
    user("sudo inside", 'USER app\nRUN sudo -E deploy "$MY_SECRET"\n'),
    user("--style env, numeric", 'USER 1000\nRUN deploy "$MY_SECRET" > mine\n', style="env"),
    user("--style env, named", "USER app\n" + HEREDOC, style="env"),
    user("--style env, default", 'USER app\nRUN deploy "$MY_SECRET"\n', arg="ARG MY_SECRET=none", style="env", optional=True),
    Shape(
        "user, of a stage's stage",
        'FROM alpine AS base\nUSER app\nFROM base AS mid\nARG MY_SECRET\nFROM mid\nRUN deploy "$MY_SECRET" > mine\n',
    ),
    Shape(
        "user, of a child stage alone",
        'FROM alpine AS base\nARG MY_SECRET\nRUN curl "$MY_SECRET" > a\nFROM base\nUSER 1000\nRUN curl "$MY_SECRET" > b\n',
    ),
    Shape(
        "user, of another stage",
        'FROM alpine AS base\nUSER app\nRUN true\nFROM alpine\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n',
    ),
    Shape(
        "user, two secrets",
        'FROM alpine\nARG MY_SECRET NPM_TOKEN\nUSER 1000\nRUN deploy "$MY_SECRET"; deploy "$NPM_TOKEN"\nUSER app\nRUN curl "$NPM_TOKEN"\n',
        moved=frozenset({"MY_SECRET", "NPM_TOKEN"}),
    ),
)
