"""Who runs a RUN and through which shell: the last RUN of each row is asked."""

from __future__ import annotations

import pytest

from codemod.users import DEFAULT_SHELL, is_windows, shell_of, takes_a_prelude, user_of

from .texts import dockerfile

UNKNOWN = {
    "a base image of anyone's": "FROM example.org/base\nRUN b\n",
    "an image that has a root image's name in its own": "FROM example.org/node\nRUN b\n",
    "a rootless variant": "FROM docker:rootless\nRUN b\n",
    "an image that a variable names": "ARG B\nFROM $B\nRUN b\n",
    "a named user": "FROM alpine\nUSER app\nRUN b\n",
    "a user whom a variable names": "FROM alpine\nUSER $U\nRUN b\n",
    "a user whom a build arg names": "FROM alpine\nARG U=1000\nUSER $U\nRUN b\n",
    "a user whom a build arg of the parent names": "FROM alpine AS x\nARG U=1000\nFROM x\nUSER ${U}\nRUN b\n",
    "a user whom a build arg and an ENV name": "FROM alpine\nARG U=1\nENV U=1000\nUSER $U\nRUN b\n",
    "a user whom an ENV makes of another": "FROM alpine\nENV A=1 U=$A\nUSER $U\nRUN b\n",
    "a user with a default": "FROM alpine\nENV U=1000\nUSER ${U:-app}\nRUN b\n",
    "a user whom an ENV names too late": "FROM alpine\nUSER $U\nENV U=1000\nRUN b\n",
    "a user whom only a LABEL names": "FROM alpine\nLABEL U=1000\nUSER $U\nRUN b\n",
    "a user whom the builder cannot read": "FROM alpine\nUSER ${\nRUN b\n",
    "an ENV that the builder cannot read": "FROM alpine\nENV U=${\nUSER $U\nRUN b\n",
    "an empty user": 'FROM alpine\nUSER ""\nRUN b\n',
    "only a group": "FROM alpine\nUSER :1000\nRUN b\n",
    "a number that is octal to some": "FROM alpine\nUSER 01000\nRUN b\n",
    "a number that is too large": "FROM alpine\nUSER 2147483648\nRUN b\n",
    "other digits": "FROM alpine\nUSER \u0661\nRUN b\n",
    "nobody, who has another number elsewhere": "FROM alpine\nUSER nobody\nRUN b\n",
    "a user whom the image may have": "FROM debian\nUSER www-data\nRUN b\n",
    "wordpress's command line": "FROM wordpress:cli-php8.3\nRUN b\n",
    "node elsewhere": "FROM example/node\nUSER node\nRUN b\n",
    "node where a build arg chooses the image": "ARG B=node\nFROM $B\nUSER node\nRUN b\n",
    "node once it has changed": "FROM node\nRUN usermod -u 1001 $U\nUSER node\nRUN b\n",
    "node once it is gone": "FROM node\nRUN deluser node\nUSER node\nRUN b\n",
    "a group does not tell": "FROM alpine\nUSER app:0\nRUN b\n",
    "a stage from one with a named user": "FROM alpine AS x\nUSER app\nFROM x\nRUN b\n",
    "what a command that needs no root does": "FROM example.org/base\nRUN apt list\nRUN b\n",
    "what only root can do, but through sudo": "FROM example.org/base\nRUN sudo apt-get install c\nRUN b\n",
    "what only root can do, but with a heredoc": "FROM example.org/base\nRUN apk add c <<X\nX\nRUN b\n",
    "what only root can do, but in exec form": 'FROM example.org/base\nRUN ["apk", "add", "c"]\nRUN b\n',
    "what only root can do, before the user changes": "FROM example.org/base\nRUN apk add c\nUSER app\nRUN b\n",
}
KNOWN = {
    "an official image": ("FROM node:22\nRUN b\n", 0),
    "an official image with its registry": ("FROM docker.io/library/debian@sha256:0\nRUN b\n", 0),
    "an official image by a global ARG": ("ARG B=alpine\nFROM $B:3\nRUN b\n", 0),
    "nothing at all": ("FROM scratch\nRUN b\n", 0),
    "root": ("FROM example.org/base\nUSER root\nRUN b\n", 0),
    "root by both numbers": ("FROM example.org/base\nUSER 0:0\nRUN b\n", 0),
    "root by a variable": ("FROM example.org/base\nENV U=root\nUSER $U:$U\nRUN b\n", 0),
    "a number in quotes": ('FROM alpine\nUSER "1000"\nRUN b\n', 1000),
    "a number by a variable": ("FROM alpine\nENV U=1000\nUSER $U:0\nRUN b\n", 1000),
    "a number by a variable of the parent": ("FROM alpine AS x\nENV U=1000\nFROM x\nUSER ${U}\nRUN b\n", 1000),
    "the largest number": ("FROM alpine\nUSER 2147483647\nRUN b\n", 2147483647),
    "node": ("FROM node:22-alpine\nUSER node\nRUN b\n", 1000),
    "node with its registry": ("ARG V=22\nFROM docker.io/library/node:$V AS x\nFROM x\nUSER node:node\nRUN b\n", 1000),
    "node with more groups": ("FROM node\nRUN usermod -aG x node\nUSER node\nRUN b\n", 1000),
    "node with another number": ("FROM node\nRUN usermod -u 1001 node\nUSER node\nRUN b\n", 1001),
    "root with a group": ("FROM example.org/base\nUSER root:root\nRUN b\n", 0),
    "root in quotes": ('FROM example.org/base\nUSER "root"\nRUN b\n', 0),
    "zero": ("FROM example.org/base\nUSER 0\nRUN b\n", 0),
    "a number": ("FROM alpine\nUSER 1000\nRUN b\n", 1000),
    "a number with a group": ("FROM alpine\nUSER 1000:1001\nRUN b\n", 1000),
    "the last of several": ("FROM alpine\nUSER app\nUSER 1\nUSER 2\nRUN b\nUSER 3\n", 2),
    "a stage from one with a user": ("FROM alpine AS x\nUSER 7\nFROM x\nRUN b\n", 7),
    "a stage from one from an official image": ("FROM alpine AS x\nFROM x AS y\nFROM y\nRUN b\n", 0),
    "a stage beside one with a user": ("FROM alpine AS x\nUSER 7\nFROM alpine\nRUN b\n", 0),
    "what only root can do": ("FROM example.org/base\nRUN apk add c\nRUN b\n", 0),
    "what only root can do, in a list": ("FROM example.org/base\nRUN set -e; /usr/bin/apt-get update && d\nRUN b\n", 0),
    "a new user": ("FROM example.org/base\nRUN useradd app\nRUN b\n", 0),
    "what only root can do, in the parent": ("FROM example.org/base AS x\nRUN apk add c\nFROM x\nRUN b\n", 0),
    "what only root can do, behind the user": ("FROM example.org/base\nUSER app\nUSER $R\nRUN dnf install c\nRUN b\n", 0),
}

MAKES_NONE = {
    "without a number": "RUN useradd app",
    "with the number of a variable": "RUN useradd -u $UID app",
    "another": "RUN useradd -u 1000 other",
    "perhaps": "RUN getent passwd app || useradd -u 1000 app",
    "under a condition": "RUN if ! id app; then useradd -u 1000 app; fi",
    "in a loop": "RUN for x in app; do useradd -u 1000 app; done",
    "in a function": "RUN f() { useradd -u 1000 app; }; f",
    "in a pipeline": "RUN useradd -u 1000 app | cat",
    "and goes on where that fails": "RUN useradd -u 1000 app; true",
    "and goes on where that fails, in a heredoc": "RUN <<X\nuseradd -u 1000 app\ntrue\nX",
    "in a string": "RUN sh -c 'useradd -u 1000 app'",
    "in a string, in exec form": 'RUN ["sh", "-c", "useradd -u 1000 app"]',
    "by a program of its own": 'RUN ["/srv/useradd", "-u", "1000", "app"]',
    "in an own program's heredoc": "RUN <<X\n#!/usr/bin/env python3\nuseradd -u 1000 app\nX",
    "in a heredoc that a command reads": "RUN sh <<X\nuseradd -u 1000 app\nX",
    "in another shell": 'SHELL ["/bin/fish", "-c"]\nRUN useradd -u 1000 app',
    "in the file itself": "RUN echo app:x:1000:1000::/: >> /etc/passwd",
    "and takes it away": "RUN useradd -u 1000 app\nRUN userdel app",
    "and changes it somehow": 'RUN useradd -u 1000 app\nRUN ["sh", "-c", "usermod -u 2000 app"]',
    "and changes it perhaps": "RUN useradd -u 1000 app\nRUN test -e x || usermod -u 2000 app",
    "and changes the file": "RUN useradd -u 1000 app && sed -i s/1000/1001/ /etc/passwd",
    "and brings another file": "RUN useradd -u 1000 app\nCOPY --from=x /etc/passwd /etc/",
    "and brings a whole system": "RUN useradd -u 1000 app\nADD rootfs.tar /",
    "and a later set +e": 'SHELL ["/bin/sh", "-ec"]\nRUN set +e; useradd -u 1000 app; true',
}
MAKES_ONE = {
    "useradd": ("RUN useradd -u 1000 app", 1000),
    "adduser of BusyBox": ("RUN adduser -u 1000 -D app", 1000),
    "in a list": ("RUN groupadd -g 1 app && useradd --uid=1000 -g app app && mkdir /srv/app", 1000),
    "in a heredoc": ("RUN <<X\ngroupadd app\nuseradd -u 1000 app\nX", 1000),
    "in a heredoc that stops": ("RUN <<X\nset -eux\nuseradd -u 1000 app\nmkdir /srv/app\nX", 1000),
    "in a heredoc whose shell stops": ("RUN <<X\n#!/bin/bash -e\nuseradd -u 1000 app\nmkdir /srv/app\nX", 1000),
    "in a shell that stops": ('SHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN useradd -u 1000 app; mkdir /srv/app', 1000),
    "in statements that stop": ("RUN set -e; if x; then y; fi; useradd -u 1000 app; mkdir /srv/app", 1000),
    "in exec form": ('RUN ["/usr/sbin/useradd", "-u", "1000", "app"]', 1000),
    "behind its package": ("RUN apk add shadow adduser && useradd -u 1000 app", 1000),
    "and another": ("RUN useradd -u 1000 app\nRUN useradd -u 1001 other", 1000),
    "and changes it": ("RUN useradd -u 1000 app\nRUN usermod -u 2000 app", 2000),
    "and gives it a group": ("RUN useradd -u 1000 app && usermod -aG x app && adduser app y", 1000),
    "and makes it again": ("RUN useradd -u 1000 app\nRUN userdel app && useradd -u 2000 app", 2000),
    "certainly, after all": ("RUN id app || useradd -u 1000 app\nRUN userdel app && useradd -u 1001 app", 1001),
    "and copies other files": ("RUN useradd -u 1000 app\nCOPY . /srv/app\nADD x.tar /srv\nENV U=x\nRUN id app", 1000),
    "root by another name": ("RUN useradd -o -u 0 app", 0),
}
NAMES = ("app", "app:app", "app:1000", '"app"', "'app'", "$U", "${U}", "${U}:${U}", 'a"p"p')


@pytest.mark.parametrize("text", MAKES_NONE.values(), ids=MAKES_NONE)
def test_a_stage_makes_a_user_whose_number_is_not_certain(text: str) -> None:
    assert last(f"FROM example/base\n{text}\nUSER app\nRUN b\n")[0] is None


@pytest.mark.parametrize(("text", "uid"), MAKES_ONE.values(), ids=MAKES_ONE)
def test_a_stage_makes_a_user(text: str, uid: int) -> None:
    assert last(f"FROM example/base\n{text}\nUSER app\nRUN b\n")[0] == uid
    assert last(f"FROM example/base AS x\n{text}\nFROM x\nUSER app\nWORKDIR /srv\nRUN b\n")[0] == uid


@pytest.mark.parametrize("name", NAMES)
def test_a_user_by_any_spelling(name: str) -> None:
    assert last(f"FROM example/base\nENV U=app\nRUN useradd -u 1000 app\nUSER {name}\nRUN b\n")[0] == 1000


def test_the_last_env_counts() -> None:
    assert last("FROM alpine\nENV U=1 U='2'\nENV V=3\nENV U 4\nUSER $U\nENV U=5\nRUN b\n")[0] == 4


def test_a_user_may_be_made_behind_the_instruction() -> None:
    """The number is looked up when the RUN starts (executor/oci/user.go)."""
    assert last("FROM example/base\nUSER app\nUSER 0\nRUN useradd -u 5 app\nUSER app\nRUN b\n")[0] == 5


def last(text: str, name: str = "RUN") -> tuple[int | None, tuple[str, ...]]:
    file = dockerfile(text)
    stage = file.stages[-1]
    run = [instruction for instruction in stage.instructions if instruction.name == name][-1]
    return user_of(file, stage, run).uid, shell_of(file, stage, run)


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_the_file_does_not_tell_who_runs_it(text: str) -> None:
    assert last(text)[0] is None


@pytest.mark.parametrize(("text", "uid"), KNOWN.values(), ids=KNOWN)
def test_who_runs_it(text: str, uid: int) -> None:
    assert last(text)[0] == uid


BASH = ("/bin/bash", "-c")
SHELLS = {
    "none": ("FROM a\nRUN b\n", DEFAULT_SHELL),
    "one behind it": ('FROM a\nRUN b\nSHELL ["/bin/bash", "-c"]\n', DEFAULT_SHELL),
    "one of another stage": ('FROM a\nSHELL ["/bin/bash", "-c"]\nFROM a\nRUN b\n', DEFAULT_SHELL),
    "one": ('FROM a\nSHELL ["/bin/bash", "-c"]\nRUN b\n', BASH),
    "the last": ('FROM a\nSHELL ["x"]\nSHELL ["/bin/bash", "-c"]\nRUN b\n', BASH),
    "the parent's": ('FROM a AS x\nSHELL ["/bin/bash", "-c"]\nFROM x\nRUN b\n', BASH),
}


@pytest.mark.parametrize(("text", "shell"), SHELLS.values(), ids=SHELLS)
def test_which_shell_runs_it(text: str, shell: tuple[str, ...]) -> None:
    assert last(text)[1] == shell


TAKE_NONE = {
    "powershell": ("powershell", "-Command"),
    "python": ("/usr/bin/python3", "-c"),
    "a shell that reads a file": ("/bin/sh",),
    "a shell that is told to read a file": ("/bin/bash", "-e"),
    "a shell whose options are no options": ("/bin/sh", "c"),
    "a shell that prints commands": ("/bin/sh", "-xc"),
    "a shell that prints commands, apart": ("/bin/bash", "-x", "-c"),
    "a shell that prints commands, by the long name": ("/bin/bash", "-o", "xtrace", "-c"),
}
TAKE_ONE = {
    "the default": DEFAULT_SHELL,
    "bash": BASH,
    "bash that stops at errors": ("/bin/bash", "-eo", "pipefail", "-c"),
    "bash with one word of options": ("bash", "-euo", "pipefail", "-c"),
    "a login shell": ("/bin/bash", "--login", "-c"),
    "a login shell, in one word": ("/bin/ash", "-lc"),
}


@pytest.mark.parametrize("shell", TAKE_NONE.values(), ids=TAKE_NONE)
def test_shells_that_take_no_prelude(shell: tuple[str, ...]) -> None:
    assert not takes_a_prelude(shell)


@pytest.mark.parametrize("shell", TAKE_ONE.values(), ids=TAKE_ONE)
def test_shells_that_take_a_prelude(shell: tuple[str, ...]) -> None:
    assert takes_a_prelude(shell)


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("FROM alpine\n", False),
        ("FROM example.org/windows-tools\n", False),
        ("FROM --platform=linux/amd64 a\n", False),
        ('FROM a\nCMD ["powershell"]\n', False),
        ('FROM alpine\nSHELL ["/bin/bash", "-c"]\n', False),
        ("FROM mcr.microsoft.com/windows/servercore AS x\nFROM alpine\n", False),
        ("FROM mcr.microsoft.com/windows/servercore:ltsc2022\n", True),
        ("FROM MCR.microsoft.com/Windows/nanoserver\n", True),
        ("FROM golang:nanoserver\n", True),
        ("FROM python:3-windowsservercore\n", True),
        ("FROM microsoft/dotnet-framework\n", True),
        ("FROM --platform=windows/amd64 a\n", True),
        ("FROM mcr.microsoft.com/windows/servercore AS x\nFROM x\n", True),
        ('FROM a\nSHELL ["powershell", "-Command"]\n', True),
        ('FROM a\nSHELL ["C:\\\\Windows\\\\System32\\\\cmd.exe", "/S"]\n', True),
        ('FROM a\nSHELL ["/usr/bin/pwsh", "-c"]\n', True),
    ],
)
def test_windows(text: str, *, windows: bool) -> None:
    file = dockerfile(text)
    assert is_windows(file, file.stages[-1]) is windows
