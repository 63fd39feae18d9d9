"""Whether a file of an earlier stage comes into the image: each row is what the last stage says of `/app/f` of the first."""

from __future__ import annotations

import pytest

from codemod.copies import reaches_the_image, workdir

from .texts import dockerfile

STAYS = {
    "it takes nothing": "FROM a",
    "it copies from the context": "FROM a\nCOPY /app/f /",
    "it copies another file": "FROM a\nCOPY --from=x /app/g /",
    "it copies a folder with a like name": "FROM a\nCOPY --from=x /ap /",
    "it copies from another stage": "FROM a\nCOPY --from=y /app /",
    "it copies from another number": "FROM a\nCOPY --from=1 /app /",
    "it copies with a pattern that does not fit": "FROM a\nCOPY --from=x /app/*.js /",
    "it mounts another folder": "FROM a\nRUN --mount=type=bind,from=x,source=/b,target=/c d",
    "it mounts another stage": "FROM a\nRUN --mount=type=bind,from=y,target=/c d",
    "it mounts the context": "FROM a\nRUN --mount=type=bind,target=/c d",
    "it mounts a cache from it": "FROM a\nRUN --mount=type=cache,from=x,target=/c d",
    "a stage that it takes nothing from has it": "FROM a AS z\nCOPY --from=x /app /\nFROM b",
    "it copies from a stage that copies something else": "FROM a AS z\nCOPY --from=x /b /\nFROM b\nCOPY --from=z / /",
    "stages that only copy from each other": "FROM a AS z\nCOPY --from=x /app /\nFROM a AS w\nCOPY --from=z / /\nFROM b",
}
COMES = {
    "it is made from it": "FROM x",
    "it is made from a stage that is": "FROM x AS z\nFROM z",
    "it copies the file": "FROM a\nCOPY --from=x /app/f /",
    "it copies the file in exec form": 'FROM a\nCOPY --from=x ["/app/f", "/"]',
    "it copies the file among others": "FROM a\nCOPY --from=x /b /app/f /",
    "it copies the folder": "FROM a\nCOPY --from=x /app /",
    "it copies the folder, with a slash": "FROM a\nCOPY --from=x /app/ /",
    "it copies the folder without a slash before it": "FROM a\nCOPY --from=x app /",
    "it copies all": "FROM a\nCOPY --from=x / /",
    "it copies with a pattern": "FROM a\nCOPY --from=x /app/* /",
    "it copies with a pattern for the folder": "FROM a\nCOPY --from=x /a?p /",
    "it copies what a variable names": "FROM a\nCOPY --from=x $A /",
    "it copies from the stage's number": "FROM a\nCOPY --from=0 /app /",
    "it copies from the stage in capitals": "FROM a\nCOPY --from=X /app /",
    "it copies from a stage that a variable names": "FROM a\nCOPY --from=$A /app /",
    "it adds the folder": "FROM a\nADD --from=x /app /",
    "it mounts the folder": "FROM a\nRUN --mount=type=bind,from=x,source=/app,target=/c d",
    "it mounts the folder by the short word": "FROM a\nRUN --mount=type=bind,from=x,src=/app,target=/c d",
    "it mounts all": "FROM a\nRUN --mount=from=x,target=/c d",
    "it copies from a stage that copies it": "FROM a AS z\nCOPY --from=x /app /\nFROM b\nCOPY --from=z / /",
    "it copies from a stage that is made from it": "FROM x AS z\nFROM b\nCOPY --from=z /app /",
}
FIRST = "FROM base AS x\nFROM base AS y\n"


def comes(text: str, place: str | None = "/app/f") -> bool:
    file = dockerfile(f"{FIRST}{text}\n")
    return reaches_the_image(file, file.stages[0], place)


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_it_stays_behind(text: str) -> None:
    assert not comes(text)


@pytest.mark.parametrize("text", COMES.values(), ids=COMES)
def test_it_comes_into_the_image(text: str) -> None:
    assert comes(text)


def test_where_nobody_can_tell_it_may_come() -> None:
    assert comes("FROM a\nCOPY --from=x /other /", None)
    assert not comes("FROM a", None)


def test_a_file_at_home() -> None:
    assert comes("FROM a\nCOPY --from=x /root /", "~/.npmrc")
    assert not comes("FROM a\nCOPY --from=x /app /", "~/.npmrc")


WORKDIRS = {
    "none": ("FROM a\nRUN b", None),
    "one from nobody knows where": ("FROM a\nWORKDIR b\nRUN c", None),
    "one that a variable names": ("FROM a\nWORKDIR /b/$C\nRUN c", None),
    "one below one that a variable names": ("FROM a\nWORKDIR $B\nWORKDIR c\nRUN d", None),
    "one behind it": ("FROM a\nRUN b\nWORKDIR /c", None),
    "one of another stage": ("FROM a\nWORKDIR /b\nFROM c\nRUN d", None),
    "one": ("FROM a\nWORKDIR /b\nRUN c", "/b"),
    "one in quotes": ('FROM a\nWORKDIR "/b"\nRUN c', "/b"),
    "the last": ("FROM a\nWORKDIR /b\nWORKDIR /c\nRUN d", "/c"),
    "one below the other": ("FROM a\nWORKDIR /b\nWORKDIR c\nRUN d", "/b/c"),
    "the parent's": ("FROM a AS x\nWORKDIR /b\nFROM x\nRUN c", "/b"),
    "one below the parent's": ("FROM a AS x\nWORKDIR /b\nFROM x\nWORKDIR c\nRUN d", "/b/c"),
}


@pytest.mark.parametrize(("text", "folder"), WORKDIRS.values(), ids=WORKDIRS)
def test_the_folder_that_a_run_starts_in(text: str, folder: str | None) -> None:
    file = dockerfile(f"{text}\n")
    (run,) = (instruction for instruction in file.stages[-1].instructions if instruction.name == "RUN")
    assert workdir(file, file.stages[-1], run) == folder
