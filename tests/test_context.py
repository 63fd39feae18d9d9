"""Whether a file of the context may be there when a RUN runs: each row's last RUN, and `app/.npmrc` unless it says otherwise."""

from __future__ import annotations

import pytest

from codemod.context import Mention, Origin, arrives, asked_for, demands, known_as, reads, travel
from codemod.dockerfile.nodes import Dockerfile
from codemod.shell import read

from .texts import dockerfile

PATH = "app/.npmrc"
IS_THERE = {
    "all is copied": "FROM a\nCOPY . /b\nRUN c",
    "all is copied with a slash": "FROM a\nCOPY ./ /b\nRUN c",
    "all is copied with a star": "FROM a\nCOPY * /b\nRUN c",
    "all is added": "FROM a\nADD . /b\nRUN c",
    "the file is copied": "FROM a\nCOPY app/.npmrc /b/\nRUN c",
    "the file is copied by a path that is not clean": "FROM a\nCOPY ./x/../app//.npmrc /b/\nRUN c",
    "the file is copied from above the context": "FROM a\nCOPY ../app/.npmrc /b/\nRUN c",
    "the file is copied in quotes": 'FROM a\nCOPY "app/.npmrc" /b/\nRUN c',
    "the file is copied in exec form": 'FROM a\nCOPY ["x", "app/.npmrc", "/b/"]\nRUN c',
    "the file is copied among others": "FROM a\nCOPY x app/.npmrc y /b/\nRUN c",
    "the folder is copied": "FROM a\nCOPY app /b\nRUN c",
    "the folder is copied with a slash": "FROM a\nCOPY /app/ /b\nRUN c",
    "the folder is copied by a pattern": "FROM a\nCOPY a?p /b\nRUN c",
    "the file is copied by a pattern": "FROM a\nCOPY app/.npm* /b/\nRUN c",
    "the file is copied by a class": "FROM a\nCOPY app/.np[a-m]rc /b/\nRUN c",
    "the file is copied by a pattern that nobody understands": "FROM a\nCOPY app/[ /b/\nRUN c",
    "what a variable names is copied": "FROM a\nCOPY $X /b\nRUN c",
    "the file is copied by a class from back to front": "FROM a\nCOPY app/[b-a] /b/\nRUN c",
    "it is copied with flags": "FROM a\nCOPY --chown=a:b --chmod=600 --link app /b\nRUN c",
    "it is copied after a RUN": "FROM a\nRUN b\nCOPY . /b\nRUN c",
    "the parent copies it": "FROM a AS x\nCOPY . /b\nFROM x\nRUN c",
    "the parent's parent copies it": "FROM a AS x\nCOPY . /b\nFROM x AS y\nFROM y\nRUN c",
    "a trigger of the parent copies it": "FROM a AS x\nONBUILD COPY . /b\nFROM x\nRUN c",
    "a trigger of an image copies it": "FROM node:8-onbuild\nRUN c",
    "it is copied from a stage": "FROM a AS x\nCOPY . /b\nFROM a\nCOPY --from=x /b /c\nRUN c",
    "it is copied from a stage in capitals": "FROM a AS x\nCOPY . /b\nFROM a\nCOPY --from=X / /c\nRUN c",
    "it is copied from a stage's number": "FROM a\nCOPY . /b\nFROM a\nCOPY --from=0 /b /c\nRUN c",
    "it is copied from a stage that a variable names": "FROM a AS x\nCOPY . /b\nFROM a\nCOPY --from=$X /b /c\nRUN c",
    "a stage in between copies it": "FROM a AS x\nCOPY . /b\nFROM a AS y\nCOPY --from=x /b /c\nFROM a\nCOPY --from=y / /\nRUN c",
    "it is copied from a stage whose parent copies it": "FROM a AS x\nCOPY . /b\nFROM x AS y\nFROM a\nCOPY --from=y /b /d\nRUN c",
    "it is copied from a stage by its own path": "FROM a AS x\nWORKDIR /w\nCOPY . b\nFROM a\nCOPY --from=x /w/b/app/.npmrc /\nRUN c",
    "it is copied from the home of root": "FROM a AS x\nCOPY app/.npmrc /root/\nFROM a\nCOPY --from=x /root/.npmrc /root/\nRUN c",
    "it is copied from where nobody knows": "FROM a AS x\nCOPY . b\nFROM a\nCOPY --from=x /c /d\nRUN c",
    "it is copied from below a variable": "FROM a AS x\nWORKDIR /w/$X\nCOPY . b\nFROM a\nCOPY --from=x /c /d\nRUN c",
    "it is copied to below a variable": "FROM a AS x\nCOPY . /b/$X\nFROM a\nCOPY --from=x /c /d\nRUN c",
    "the context is mounted": "FROM a\nRUN --mount=type=bind,target=/b c",
    "the context is mounted without a type": "FROM a\nRUN --mount=target=/b c",
    "the file is mounted": "FROM a\nRUN --mount=type=bind,source=app/.npmrc,target=/root/.npmrc c",
    "the folder is mounted by the short word": "FROM a\nRUN --mount=type=bind,src=app,dst=/b c",
    "what a variable names is mounted": "FROM a\nRUN --mount=type=bind,source=$X,target=/b c",
    "a stage is mounted": "FROM a AS x\nCOPY . /b\nFROM a\nRUN --mount=type=bind,from=x,target=/b c",
    "a cache starts with a stage": "FROM a AS x\nCOPY . /b\nFROM a\nRUN --mount=type=cache,from=x,source=/b,target=/b c",
    "a RUN copies what it mounts": "FROM a\nRUN --mount=type=bind,target=/b cp -r /b /c\nRUN c",
    "a RUN copies the file that it mounts": "FROM a\nRUN --mount=type=bind,target=/b cp /b/app/.npmrc /root/\nRUN c",
    "another file is removed": "FROM a\nCOPY . /b\nRUN rm -f /b/app/.yarnrc\nRUN c",
    "a file of that name elsewhere is removed": "FROM a\nWORKDIR /b\nCOPY . .\nRUN rm -f .npmrc\nRUN c",
    "it may be removed": "FROM a\nCOPY . /b\nRUN if x; then rm -f /b/app/.npmrc; fi\nRUN c",
    "it may be removed on failure": "FROM a\nCOPY . /b\nRUN x || rm -f /b/app/.npmrc\nRUN c",
    "it is removed from another folder": "FROM a\nWORKDIR /b\nCOPY . .\nRUN cd x && rm -f app/.npmrc\nRUN c",
    "it is removed in a text that nobody understands": "FROM a\nCOPY . /b\nRUN rm -f /b/app/.npmrc 'x\nRUN c",
    "it is removed in exec form": 'FROM a\nCOPY . /b\nRUN ["rm", "/b/app/.npmrc"]\nRUN c',
    "it is removed by the same RUN": "FROM a\nCOPY . /b\nRUN c && rm -f /b/app/.npmrc",
    "it is copied before it is removed": "FROM a\nCOPY . /b\nRUN cp /b/app/.npmrc /c/ && rm -f /b/app/.npmrc\nRUN c",
    "the folder is moved before it is removed": "FROM a\nCOPY . /b\nRUN mv /b/app /c && rm -rf /b\nRUN c",
    "it is copied again": "FROM a\nCOPY . /b\nRUN rm -rf /b\nCOPY . /b\nRUN c",
}
IS_NOT_THERE = {
    "nothing is copied": "FROM a\nRUN c",
    "it is copied later": "FROM a\nRUN c\nCOPY . /b",
    "another file is copied": "FROM a\nCOPY app/package.json /b/\nRUN c",
    "another folder is copied": "FROM a\nCOPY ap /b\nRUN c",
    "a pattern does not fit": "FROM a\nCOPY app/*.json /b/\nRUN c",
    "a pattern fits no folder below": "FROM a\nCOPY .npm* /b/\nRUN c",
    "a URL is added": "FROM a\nADD https://example.com/app/.npmrc /b\nRUN c",
    "a repository is added": "FROM a\nADD git@git.example.com:app/.npmrc /b\nRUN c",
    "a heredoc is copied": "FROM a\nCOPY <<app/.npmrc /b/\nx\napp/.npmrc\nRUN c",
    "a heredoc goes where it would be": "FROM a\nCOPY <<X app/.npmrc\nx\nX\nRUN c",
    "another stage copies it": "FROM a AS x\nCOPY . /b\nFROM a\nRUN c",
    "another part of a stage is copied": "FROM a AS x\nCOPY . /b\nFROM a\nCOPY --from=x /b/dist /c\nRUN c",
    "an image is copied from": "FROM a\nCOPY --from=x . /b\nRUN c",
    "a stage that is later is copied from": "FROM a AS y\nCOPY --from=x . /b\nRUN c\nFROM a AS x\nCOPY . /b",
    "a trigger of a stage that is no parent": "FROM a AS x\nONBUILD COPY . /b\nFROM a\nRUN c",
    "a trigger reaches the child alone": "FROM a AS x\nONBUILD COPY app/.npmrc /b/\nFROM x AS y\nRUN rm -f /b/.npmrc\nFROM y\nRUN c",
    "a trigger that copies nothing": "FROM a AS x\nONBUILD RUN c\nFROM x\nRUN c",
    "another folder is mounted": "FROM a\nRUN --mount=type=bind,source=b,target=/b c",
    "an image is mounted": "FROM a\nRUN --mount=type=bind,from=x,target=/b c",
    "a cache": "FROM a\nRUN --mount=type=cache,target=/b c",
    "a secret": "FROM a\nRUN --mount=type=secret,id=app/.npmrc c",
    "another RUN mounts it": "FROM a\nRUN --mount=type=bind,target=/b npm ci\nRUN c",
    "it is removed": "FROM a\nCOPY . /b\nRUN x && rm -f /b/app/.npmrc\nRUN c",
    "its folder is removed": "FROM a\nWORKDIR /w\nCOPY . .\nRUN x; rm -rf app\nRUN c",
    "it is removed at home": "FROM a\nCOPY app/.npmrc /root/\nRUN rm ~/.npmrc\nRUN c",
    "it is removed where the parent put it": "FROM a AS x\nWORKDIR /w\nCOPY . .\nFROM x\nRUN rm app/.npmrc\nRUN c",
}  # fmt: skip


def is_there(text: str, path: str = PATH) -> bool:
    file = dockerfile(f"{text}\n")
    stage, run = [(stage, run) for stage in file.stages for run in stage.instructions if run.name == "RUN"][-1]
    return arrives(file, stage, run, path)


@pytest.mark.parametrize("text", IS_THERE.values(), ids=IS_THERE)
def test_it_may_be_there(text: str) -> None:
    assert is_there(text)


@pytest.mark.parametrize("text", IS_NOT_THERE.values(), ids=IS_NOT_THERE)
def test_it_is_not_there(text: str) -> None:
    assert not is_there(text)


def test_what_programs_are_made_from_may_be_anywhere_in_another_form() -> None:
    """A bundler puts it into another file; what tools look for by its name keeps it."""
    text = "FROM a AS x\nCOPY . /b\nRUN make\nFROM a\nCOPY --from=x /b/dist /c\nRUN c"
    assert is_there(text, "src/app.js")
    assert not is_there(text, ".npmrc")


def test_a_file_at_the_top() -> None:
    assert is_there("FROM a\nCOPY *rc /b/\nRUN c", ".npmrc")
    assert not is_there("FROM a\nCOPY app /b/\nRUN c", ".npmrc")


NAMES = {
    "it keeps its name": ("COPY conf/npm /b/", ["conf/npm", "/b/npm"]),
    "it may get a name, or go into a folder": ("COPY conf/npm /root/.npmrc", ["conf/npm", "~/.npmrc/npm", "~/.npmrc"]),
    "its folder is copied": ("WORKDIR /w\nCOPY conf .", ["conf/npm", "/w/npm"]),
    "it is mounted": ("RUN --mount=type=bind,source=conf/npm,target=/root/.npmrc c", ["conf/npm", "~/.npmrc/npm", "~/.npmrc"]),
    "nobody knows where it goes": ("COPY conf $X", ["conf/npm"]),
    "it goes nowhere": ("RUN c", ["conf/npm"]),
}


@pytest.mark.parametrize(("text", "names"), NAMES.values(), ids=NAMES)
def test_the_names_that_a_file_has(text: str, names: list[str]) -> None:
    assert sorted(known_as(dockerfile(f"FROM a\n{text}\n"), "conf/npm")) == sorted(names)


def test_a_file_that_becomes_configuration_is_read_as_such() -> None:
    file: Dockerfile = dockerfile("FROM a\nCOPY docker/npm /root/.npmrc\nRUN npm ci --ignore-scripts\n")
    (command,) = read("npm ci --ignore-scripts").commands
    assert not reads(command, "docker/npm")
    assert any(reads(command, name) for name in known_as(file, "docker/npm"))
    assert any(demands(name, "//npm.example.com/:_authToken=${X}", "X") for name in known_as(file, "docker/npm"))


def test_all_runs_that_may_find_it() -> None:
    file = dockerfile("FROM a AS x\nRUN a\nCOPY . /b\nRUN b\nRUN c\nFROM a\nRUN d\n")
    runs = [run for stage in file.stages for run in stage.instructions if run.name == "RUN"]
    assert travel(file, Origin(PATH)).runs == {run.span.start for run in runs[1:3]}


def test_what_is_asked_of_the_context() -> None:
    text = """\
    FROM alpine AS base
    COPY --chmod=755 a/b c\\ d /to/
    ADD https://example.com/x ["e", "/to"]
    RUN --mount=type=bind,source=f,target=/f --mount=type=bind,target=/all --mount=type=bind,from=base,source=g,target=/g true
    RUN --mount=type=cache,target=/h true
    COPY --from=base /i /j
    """
    assert [*asked_for(dockerfile(text))][-2:] == ["f", "/"]
    assert "/i" not in asked_for(dockerfile(text))


def test_a_mention_is_shown_by_its_place() -> None:
    mention = Mention("a/b.sh", 3, demands=False)
    assert str(mention) == mention.place == "a/b.sh:3"
