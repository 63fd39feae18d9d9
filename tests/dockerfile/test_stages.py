"""Stages: where they begin, what they are called, what they are from."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codemod.dockerfile.error import ParseError
from codemod.dockerfile.nodes import Dockerfile, Stage
from codemod.dockerfile.parser import parse
from codemod.text import Source


def dockerfile_of(text: str) -> Dockerfile:
    """A file of this text."""
    return parse(Source(PurePosixPath("Dockerfile"), text))


def stage_of(text: str) -> Stage:
    """Its last stage."""
    return dockerfile_of(text).stages[-1]


FROM = {
    "an image": ("FROM a:1\n", "a:1", None, None),
    "a name": ("FROM a AS b\n", "a", "b", None),
    "a name in capitals": ("FROM A AS B\n", "A", "b", None),
    "as in small letters": ("from a as b\n", "a", "b", None),
    "a platform": ("FROM --platform=linux/arm64 a\n", "a", None, "linux/arm64"),
    "a platform by a variable": ("FROM --platform=$BUILDPLATFORM a\n", "a", None, "$BUILDPLATFORM"),
    "another flag": ("FROM --x=y a\n", "a", None, None),
    "tabs": ("FROM\ta\tAS\tb\n", "a", "b", None),
    "continuations": ("FROM a \\\n# c\n AS b\n", "a", "b", None),
    "U+00A0 is part of a word": ("FROM a\u00a0b\n", "a\u00a0b", None, None),
    "a default": ("ARG I=a\nFROM $I:1\n", "a:1", None, None),
    "a default with quotes": ('ARG I="a"\nFROM ${I}\n', "a", None, None),
    "a default by another": ("ARG I=a J=${I}b\nARG K=$J-c\nFROM $K\n", "ab-c", None, None),
    "a default redeclared": ("ARG I=a\nARG I=b\nFROM $I\n", "b", None, None),
    "a default declared again without": ("ARG I=a\nARG I\nFROM $I\n", "a", None, None),
    "no default": ("ARG I\nFROM a$I\n", "a", None, None),
    "an ARG of a stage is none": ("FROM a\nARG I=b\nFROM c$I\n", "c", None, None),
    "instead of nothing": ("ARG I=\nFROM ${I:-a}\n", "a", None, None),
    "instead of nothing, but set": ("ARG I=\nFROM a${I-b}\n", "a", None, None),
    "instead of unset": ("FROM ${I-a}\n", "a", None, None),
    "not instead of a value": ("ARG I=a\nFROM ${I:-b}${I-c}\n", "aa", None, None),
    "where it is set": ("ARG I=a J=\nFROM b${I:+c}${I+d}${J:+e}${J+f}${K+g}\n", "bcdf", None, None),
    "an error where it is not": ("ARG I=a\nFROM ${I:?x}${I?y}\n", "aa", None, None),
    "a default in a default": ("ARG J=b\nFROM ${I:-${J:-c}}\n", "b", None, None),
    "a pattern is not followed": ("ARG I=ab\nFROM ${I#a}\n", "${I#a}", None, None),
    "an error is left as it is": ("FROM ${I\n", "${I", None, None),
    "an error in a default": ("ARG I=${\nFROM $I\n", "${", None, None),
    "an escaped dollar": ("FROM \\$I\n", "$I", None, None),
    "the other escape": ("# escape=`\nFROM `$I\n", "$I", None, None),
}


@pytest.mark.parametrize(("text", "base", "name", "platform"), FROM.values(), ids=FROM)
def test_from(text: str, base: str, name: str | None, platform: str | None) -> None:
    """Image, name and platform, with no build arg passed."""
    stage = stage_of(text)
    assert (stage.base, stage.name, stage.platform) == (base, name, platform)


PARENTS = {
    "an image": ("FROM a\nFROM b\n", [None, None]),
    "a stage": ("FROM a AS b\nFROM b\n", [None, 0]),
    "a stage in other capitals": ("FROM a AS Build\nFROM BUILD\n", [None, 0]),
    "by a variable": ("ARG S=b\nFROM a AS b\nFROM $S\n", [None, 0]),
    "the last of a name": ("FROM a AS b\nFROM c AS b\nFROM b\n", [None, None, 1]),
    "not itself": ("FROM a AS a\n", [None]),
    "a stage of its own name": ("FROM a AS b\nFROM b AS b\nFROM b\n", [None, 0, 1]),
    "not one that comes later": ("FROM b\nFROM a AS b\n", [None, None]),
    "not by its number": ("FROM a\nFROM 0\n", [None, None]),
    "not with a tag": ("FROM a AS b\nFROM b:1\n", [None, None]),
}


@pytest.mark.parametrize(("text", "parents"), PARENTS.values(), ids=PARENTS)
def test_parents(text: str, parents: list[int | None]) -> None:
    """Which stage a stage is from."""
    stages = dockerfile_of(text).stages
    assert [stage.parent for stage in stages] == parents
    assert [stage.index for stage in stages] == list(range(len(stages)))


def test_what_a_stage_holds() -> None:
    """Its FROM, and all up to the next; the global ARGs are the head's."""
    dockerfile = dockerfile_of("ARG A\nARG B\nFROM a\nRUN b\nARG C\nFROM d\nRUN e\n")
    assert [one.line for one in dockerfile.head] == [1, 2]
    assert [stage.start.line for stage in dockerfile.stages] == [3, 6]
    assert [[one.line for one in stage.instructions] for stage in dockerfile.stages] == [[4, 5], [7]]


WRONG = {
    "no FROM": ("ARG a\n# b\n", 1, "no FROM"),
    "an instruction before FROM": ("ARG a\nRUN b\nFROM c\n", 2, "before the first FROM"),
    "an unknown instruction": ("FROM a\n\nFOO b\n", 3, "unknown instruction"),
    "a misspelt instruction": ("FROM a\nRUNN b\n", 2, "did you mean RUN"),
    "an unknown instruction of another alphabet": ("FROM a\nU\u017fER b\n", 2, "unknown instruction"),
    "a lone escape": ("FROM a\n\\\n", 2, "unknown instruction"),
    "FROM without an image": ("FROM\n", 1, "one or three arguments"),
    "FROM with two": ("FROM a b\n", 1, "one or three arguments"),
    "FROM with a wrong word": ("FROM a is b\n", 1, "one or three arguments"),
    "FROM with four": ("FROM a AS b c\n", 1, "one or three arguments"),
    "a name that begins with a digit": ("FROM a AS 1b\n", 1, "invalid name"),
    "a name with a slash": ("FROM a AS b/c\n", 1, "invalid name"),
    "ARG without a name": ("FROM a\nARG\n", 2, "at least one argument"),
    "ARG with an empty name": ("FROM a\nARG =b\n", 2, "can not be blank"),
    "ENV with an empty name": ("FROM a\nENV =b\n", 2, "can not be blank"),
    "ENV without a value": ("FROM a\nENV b\n", 2, "two arguments"),
    "USER without one": ("FROM a\nUSER\n", 2, "at least one argument"),
    "ONBUILD without one": ("FROM a\nONBUILD\n", 2, "at least one argument"),
    "ONBUILD in ONBUILD": ("FROM a\nONBUILD ONBUILD RUN b\n", 2, "isn't allowed"),
    "FROM in ONBUILD": ("FROM a\nONBUILD FROM b\n", 2, "isn't allowed"),
    "SHELL without an array": ("FROM a\nSHELL sh\n", 2, "JSON form"),
    "SHELL with an empty array": ("FROM a\nSHELL []\n", 2, "JSON form"),
    "an array of numbers": ("FROM a\nRUN \\\n [1]\n", 2, "strings only"),
    "a heredoc without its end": ("FROM a\nRUN <<A\nb\n", 2, "unterminated heredoc"),
    "a heredoc with a wrong name": ('FROM a\nRUN ${x-b <<"c d"}\n', 2, "double quote is not closed"),
    "a directive twice": ("# escape=`\n# escape=`\nFROM a\n", 2, "only one escape"),
    "a wrong escape": ("# syntax=a\n# escape=x\nFROM a\n", 2, "invalid escape token"),
    "a line too long": ("FROM a\nRUN " + "b" * 70_000 + "\n", 2, "longer than the 65535 bytes"),
    "nothing": ("", 1, "no instructions"),
    "only comments": ("# a\n\n# b\n", 3, "no instructions"),
}


@pytest.mark.parametrize(("text", "line", "message"), WRONG.values(), ids=WRONG)
def test_what_no_builder_takes(text: str, line: int, message: str) -> None:
    """An error with its line and its reason."""
    with pytest.raises(ParseError, match=message) as caught:
        dockerfile_of(text)
    assert caught.value.line == line


ALLOWED = {
    "RUN, CMD and ENTRYPOINT without a command": "FROM a\nRUN\nCMD\nENTRYPOINT\n",
    "a label with an empty name in quotes": 'FROM a\nLABEL ""=x\n',
    "an unknown instruction in ONBUILD": "FROM a\nONBUILD FOO\n",
    "two stages of one name": "FROM a AS b\nFROM c AS b\n",
}


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED)
def test_what_a_builder_takes(text: str) -> None:
    """However odd."""
    assert dockerfile_of(text).stages
