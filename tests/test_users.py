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
