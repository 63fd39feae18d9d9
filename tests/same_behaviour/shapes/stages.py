"""Stages: what a child inherits, what a global ARG is, and who does not see it."""

from __future__ import annotations

from .shape import Shape

BASE = "FROM alpine AS base\nARG MY_SECRET\n"
DEPLOY = 'RUN deploy "$MY_SECRET"\n'


def stages(name: str, text: str, *, optional: bool | None = False, forced: bool = False, style: str = "file") -> Shape:
    """A whole file."""
    return Shape(f"stages, {name}", text, optional=optional, forced=("MY_SECRET",) if forced else (), style=style)


SHAPES: tuple[Shape, ...] = (
    stages("a child reads it", f"{BASE}FROM base\n{DEPLOY}"),
    stages("two children read it", f'{BASE}FROM base AS one\n{DEPLOY}FROM base AS two\nRUN curl "$MY_SECRET"\nFROM alpine\nRUN tidy\n'),
    stages("a child of a child reads it", f"{BASE}FROM base AS mid\nRUN true\nFROM mid\n{DEPLOY}"),
    stages("a child declares it again, its child reads it", f"{BASE}FROM base AS mid\nARG MY_SECRET\nFROM mid\n{DEPLOY}"),
    stages("a child by another case of its name", f"FROM alpine AS Base\nARG MY_SECRET\nFROM BASE\n{DEPLOY}"),
    stages("a child by a variable", f"ARG PARENT=base\n{BASE}FROM ${{PARENT}}\n{DEPLOY}"),
    stages("a child with another default", f"ARG MY_SECRET\n{BASE}FROM base\nARG MY_SECRET=child\n{DEPLOY}", optional=True, forced=True),
    stages("a default that a child inherits", f"{BASE.replace('SECRET', 'SECRET=none')}FROM base\n{DEPLOY}", optional=True, forced=True),
    stages("a name that is used twice", f"FROM alpine AS base\nRUN true\nFROM alpine AS base\nARG MY_SECRET\nFROM base\n{DEPLOY}"),
    stages("a heredoc in a child", f'{BASE}FROM base\nRUN <<EOF\nset -e\ndeploy "$MY_SECRET"\nEOF\n'),
    stages("an exec form in a child", f'{BASE}FROM base\nRUN ["sh", "-c", "deploy $MY_SECRET"]\n'),
    stages(
        "a folder and files of the parent",
        f'{BASE}WORKDIR /w/x\nRUN deploy "$MY_SECRET" > f\nFROM base\nWORKDIR y\nRUN pwd; cat ../f; deploy "$MY_SECRET"\n',
    ),
    stages("a parent's ENV beside it", f'{BASE}ENV MODE=fast\nFROM base\nENV MODE=$MODE/er\nRUN deploy "$MODE" "$MY_SECRET"\n'),
    stages(
        "a global ARG for one of three",
        f"ARG MY_SECRET\nFROM alpine AS a\nRUN tidy\nFROM alpine AS b\nARG MY_SECRET\n{DEPLOY}FROM alpine\nRUN tidy\n",
    ),
    stages(
        "a global ARG for all", f'ARG MY_SECRET\nFROM alpine AS a\nARG MY_SECRET\n{DEPLOY}FROM a\nARG MY_SECRET\nRUN curl "$MY_SECRET"\n'
    ),
    stages(
        "a global ARG that nobody takes", f"ARG MY_SECRET\n{BASE.replace('ARG MY_SECRET', 'RUN tidy')}FROM alpine\nARG MY_SECRET\n{DEPLOY}"
    ),
    stages(
        "a global default for two",
        f'ARG MY_SECRET=none\n{BASE}{DEPLOY}FROM alpine\nARG MY_SECRET\nRUN curl "$MY_SECRET"\n',
        optional=True,
        forced=True,
    ),
    stages(
        "a global default, of another ARG",
        f"ARG X=x\nARG MY_SECRET=${{X}}y\nFROM alpine\nARG MY_SECRET\n{DEPLOY}",
        optional=True,
        forced=True,
    ),
    stages("a guard in the child alone", f'{BASE}{DEPLOY}FROM base\nRUN [ -z "$MY_SECRET" ] || deploy "$MY_SECRET"\n', optional=None),
    stages("no visible use in a child", f"{BASE}FROM base\nRUN deploy --now\n", optional=True),
    stages(
        "no visible use, in parent and child", f"{BASE}RUN prepare\nFROM base\nRUN deploy --now\nFROM alpine\nRUN tidy\n", optional=True
    ),
    stages("a platform", f"FROM --platform=linux/amd64 alpine AS base\nARG MY_SECRET\nFROM --platform=linux/amd64 base\n{DEPLOY}"),
    stages("--style env, a child", f'{BASE}FROM base\n{DEPLOY}RUN deploy "$MY_SECRET" || fail2\n', style="env"),
    stages(
        "--style env, a default of a parent",
        f"{BASE.replace('SECRET', 'SECRET=none')}FROM base\n{DEPLOY}",
        optional=True,
        forced=True,
        style="env",
    ),
    Shape(
        "stages, a secret for each",
        'FROM alpine AS base\nARG NPM_TOKEN\nRUN curl "$NPM_TOKEN"\nFROM base\nARG MY_SECRET\nRUN deploy "$MY_SECRET" "$NPM_TOKEN"\n',
        moved=frozenset({"MY_SECRET", "NPM_TOKEN"}),
    ),
    Shape(
        "stages, derived in the parent",
        'FROM alpine AS base\nARG MY_SECRET\nARG URL=https://u:$MY_SECRET@h\nFROM base\nRUN curl "$URL"\n',
        moved=frozenset({"MY_SECRET", "URL"}),
    ),
)
