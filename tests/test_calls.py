"""What the Dockerfiles take that calls build, as far as they can be read."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.callers.call import Call, Passed, Place
from codemod.callers.links import Takes
from codemod.calls import NOTHING, Known, takes_of
from codemod.dataflow import argument_names
from codemod.dockerfile.error import ParseError
from codemod.dockerfile.mounts import secret_mounts
from codemod.dockerfile.parser import parse
from codemod.repository import Repository
from codemod.text import Source, Span
from codemod.workers import Workers

from .trees import grow, said


class OneFile(Repository):
    """A tree whose only file has this content."""

    def __init__(self, content: bytes | None) -> None:
        super().__init__(Path("/nowhere"))
        self.content = content

    def read(self, path: str) -> bytes | None:  # noqa: ARG002  (whatever it is called)
        return self.content


def parsed(content: bytes) -> Takes | None:
    """As the parser has it; None where it is no Dockerfile."""
    try:
        dockerfile = parse(Source.from_bytes(PurePosixPath("Dockerfile"), content))
    except ParseError:
        return None
    secrets = frozenset(mount.id for _, mount in secret_mounts(dockerfile) if mount.id)
    return Takes(frozenset(argument_names(dockerfile)), secrets)


LINES = (
    *("ARG A", "ARG A=1", "arg B", "ARG  C =1", "ARG D=x.y/z:1@2", 'ARG E="x y"', "ARG F G", "ARG H=$A", "  ARG I", "\tARG J=2", "ARG", "ARG K=\\", "ARG L\r"),
    *("RUN echo \\", "RUN a \\ ", "# ARG M", "# a comment \\", "", "  ", "RUN <<EOF", "EOF", "RUN echo ARG N", "ARGS O", "ONBUILD ARG P", "ARG Q # x"),
    *("FROM alpine", "FROM a AS b", "RUN --mount=type=secret,id=S cat x", "RUN --mount=type=secret cat x", "ENV R=1", "COPY <<X /y", "X", "RUN a `"),
    *("# escape=`", "# syntax=docker/dockerfile:1", "ARG T=1 U=2", "A\\", "RG V", "ARG W-X=1", "ARG \\", "Y=1", "\ufeffARG Z", "ARG é=1", "RUN x\\"),
)  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=8), st.sampled_from(("\n", "\r\n")), st.booleans())
def test_a_quick_look_says_what_the_parser_says(lines: list[str], end: str, ends: bool) -> None:  # noqa: FBT001
    content = ("FROM alpine\n" + end.join(lines) + (end if ends else "")).encode()
    expected = parsed(content)
    if expected is not None:
        assert takes_of((OneFile(content), "Dockerfile")) == expected


@given(st.text("ARGarg=\\\n\r `#<$\"'x1_", max_size=40))
def test_whatever_stands_there(text: str) -> None:
    content = f"FROM alpine\nARG FIRST\n{text}\nARG LAST\n".encode()
    expected = parsed(content)
    if expected is not None:
        assert takes_of((OneFile(content), "Dockerfile")) == expected


@pytest.mark.parametrize("between", ["", "\n", "  \n\n", "# a comment\n", " # a comment\n\n", "\r\n"])
def test_an_instruction_that_goes_on(between: str) -> None:
    """Behind blank lines and comments, too: what looks like another one is a part of it."""
    content = f"FROM alpine\nRUN echo \\\n{between}ARG A=1\nARG B\n".encode()
    assert takes_of((OneFile(content), "Dockerfile")) == parsed(content) == Takes(frozenset("B"), frozenset())


def test_what_is_no_dockerfile_declares_what_it_seems_to() -> None:
    content = b"FROM alpine\nNONSENSE\n  ARG A\narg B=1 \\\nARG C\n"
    assert takes_of((OneFile(content), "Dockerfile")) == Takes(frozenset("ABC"), frozenset())


def test_what_cannot_be_read_takes_nobody_knows_what() -> None:
    assert takes_of((OneFile(None), "Dockerfile")) is None


def test_those_that_are_known(tmp_path: Path) -> None:
    files = {"a/Dockerfile": "FROM x\nARG A\n", "b/Dockerfile": "FROM x\nARG B\n", "app": "FROM x\nARG C\n", "c/Dockerfile": "FROM x\nARG D\n"}
    grow(tmp_path, files)
    (tmp_path / "folder").mkdir()
    places = tuple(Place(path, ".") for path in ("app", "b/Dockerfile", "none", "folder"))
    known = Known(Repository(tmp_path), ["a/Dockerfile", "gone/Dockerfile"], [Call("x", Span(0, 0), 1, places)], Workers())
    assert {path for path in (*files, "none", "folder", "gone/Dockerfile") if path in known} == {"a/Dockerfile", "b/Dockerfile", "app"}
    assert [*known] == ["a/Dockerfile", "app", "b/Dockerfile"]
    assert (known["app"].arguments, known.get("c/Dockerfile"), known.get("gone/Dockerfile")) == ({"C"}, None, None)
    assert len(known) == 4
    assert 1 not in known


def test_those_that_take_what_nobody_knows_where_it_goes(tmp_path: Path) -> None:
    grow(tmp_path, {"a/Dockerfile": "FROM x\nARG A\n", "b/Dockerfile": "FROM x\nARG B\n"})
    call = Call("x", Span(0, 0), 1, passes=(Passed("B", Span(0, 0), 1),))
    assert [*Known(Repository(tmp_path), [], [call], Workers())] == ["b/Dockerfile"]


def test_one_that_goes_while_it_is_looked_at(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": "FROM x\nARG A\n"})
    known = Known(Repository(tmp_path), ["Dockerfile"], [], Workers())
    assert "Dockerfile" in known
    (tmp_path / "Dockerfile").unlink()
    assert known["Dockerfile"] == NOTHING
    assert [*known] == []


@pytest.mark.parametrize("instead", ["nothing", "a large file"])
def test_a_call_of_one_that_cannot_be_read_keeps_what_it_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instead: str) -> None:
    monkeypatch.chdir(tmp_path)
    call = 'docker build --build-arg API_TOKEN="$API_TOKEN" '
    grow(tmp_path, {"a/Dockerfile": 'FROM x\nARG API_TOKEN\nRUN curl -u "ci:$API_TOKEN" https://example.com/f\n', "build.sh": f"{call}b\n"})
    if instead == "a large file":
        grow(tmp_path, {"b/Dockerfile": "FROM x\n" + "# \n" * 400_000})
    document = said("--exclude", "b")
    assert [file["path"] for file in document["files"] if file["changed"]] == []
