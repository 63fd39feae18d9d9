"""Which copies of a secret the final image keeps, with their lines."""

from __future__ import annotations

import pytest

from codemod.result import Outcome, Status

from .texts import fixed, outcome_of

T = "API_TOKEN"
NOTHING = {
    "it is given to a program": f"RUN curl -u u:${T} h",
    "it is written to a mount": f"RUN --mount=type=tmpfs,target=/t echo ${T} > /t/f",
    "it is written below a cache mount": f"RUN --mount=type=cache,target=/root/.npm echo ${T} > /root/.npm/f",
    "it is written to the secret's own place": f"RUN --mount=type=secret,id=a,target=/t echo ${T} > /dev/null",
    "a RUN before the ARG writes its name": f"ENV A=1\nRUN echo ${T}XX > f",
}
REMAINS = {
    "a file": (f"RUN echo ${T} > /f", [(3, "written-to-layer", "/f")]),
    "a file, in the line of the command": (f"RUN a \\\n  # b\n  && echo ${T} > /f", [(5, "written-to-layer", "/f")]),
    "several of one RUN": (f"RUN echo ${T} > /f && echo ${T}", [(3, "written-to-layer", "/f"), (3, "printed", None)]),
    "several RUNs": (f"RUN echo ${T}\nRUN git clone https://${T}@h/r", [(3, "printed", None), (4, "git-remote", "r/.git/config")]),
    "a heredoc": (f"RUN <<X\na\necho ${T} > /f\nX", [(5, "written-to-layer", "/f")]),
    "a value made from it": (f"ARG URL=https://${T}@h\nRUN echo $URL > /f", [(4, "written-to-layer", "/f")]),
    "a file of a folder that is no mount": (f"RUN --mount=type=cache,target=/c echo ${T} > /cf", [(3, "written-to-layer", "/cf")]),
}


def remains(outcome: Outcome) -> list[tuple[int, str, str | None]]:
    return [(remain.line, remain.reason, remain.path) for remain in outcome.remains]


def only(text: str) -> Outcome:
    return outcome_of(text, T if T in text else "other")


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_nothing_remains(text: str) -> None:
    found = only(f"FROM alpine\nARG {T}\n{text}\n")
    assert remains(found) == []
    assert found.warnings == ()


@pytest.mark.parametrize(("text", "expected"), REMAINS.values(), ids=REMAINS)
def test_what_remains(text: str, expected: list[tuple[int, str, str | None]]) -> None:
    assert remains(only(f"FROM alpine\nARG {T}\n{text}\n")) == expected


def test_what_only_an_earlier_stage_has_is_a_warning() -> None:
    text = f"FROM alpine AS x\nARG {T}\nRUN echo ${T} > /f\nFROM alpine\n"
    found = only(text)
    assert remains(found) == []
    assert found.warnings == (
        "line 3: `echo` writes it to /f, which the layer keeps; no later stage was seen to copy it, so only the build cache has it",
    )
    assert remains(only(f"{text}COPY --from=x /f /\n")) == [(3, "written-to-layer", "/f")]
    assert remains(only(f"{text}COPY --from=x /g /\n")) == []
    assert remains(only(text.replace("FROM alpine\n", "FROM x\n"))) == [(3, "written-to-layer", "/f")]


def test_a_folder_below_the_workdir() -> None:
    text = f"FROM alpine AS x\nARG {T}\nWORKDIR /a\nRUN echo ${T} > f\nFROM alpine\nCOPY --from=x "
    assert remains(only(f"{text}/a /\n")) == [(4, "written-to-layer", "f")]
    assert remains(only(f"{text}/b /\n")) == []


def test_what_is_printed_in_an_earlier_stage_is_in_the_log_all_the_same() -> None:
    assert remains(only(f"FROM alpine AS x\nARG {T}\nRUN echo ${T}\nFROM alpine\n")) == [(3, "printed", None)]


def test_what_is_refused_leaves_its_copies_too() -> None:
    found = only(f"FROM alpine\nARG {T}\nLABEL a=${T}\nRUN echo ${T} > /f\n")
    assert found.status is Status.REFUSED
    assert remains(found) == [(4, "written-to-layer", "/f")]


# --- mounts that were there ---------------------------------------------------------------------------------------------

MOUNT = "RUN --mount=type=secret,id=other"
OF_MOUNTS = {
    "a variable that the mount sets": (f"{MOUNT},env=O echo $O > /f", [(2, "written-to-layer", "/f")]),
    "a variable that the RUN reads": (f'{MOUNT} O="$(cat /run/secrets/other)" && echo $O > /f', [(2, "written-to-layer", "/f")]),
    "a variable in backticks": (f"{MOUNT} O=`cat /run/secrets/other` && echo $O", [(2, "printed", None)]),
    "a variable read without cat": (f"{MOUNT} O=$(< /run/secrets/other) && echo $O", [(2, "printed", None)]),
    "a variable of a file elsewhere": (f"{MOUNT},target=/s O=$(cat /s) && echo $O", [(2, "printed", None)]),
    "two RUNs": (f"{MOUNT},env=O echo $O\n{MOUNT},env=P echo $P", [(2, "printed", None), (3, "printed", None)]),
}
NOT_OF_MOUNTS = {
    "nothing is kept": f"{MOUNT},env=O curl -u u:$O h",
    "another variable is": f"{MOUNT},env=O echo $P > /f",
    "the file is only read": f"{MOUNT} a /run/secrets/other",
    "exec form": 'RUN --mount=type=secret,id=other,env=O ["echo", "$O"]',
    "a mount of another kind": "RUN --mount=type=cache,id=other,target=/c O=$(cat /c) && echo $O",
    "a stage that nobody copies from": f"{MOUNT},env=O echo $O > /f\nFROM alpine",
}


@pytest.mark.parametrize(("text", "expected"), OF_MOUNTS.values(), ids=OF_MOUNTS)
def test_what_remains_of_a_mount(text: str, expected: list[tuple[int, str, str | None]]) -> None:
    found = only(f"FROM alpine\n{text}\n")
    assert (found.status, found.finding.line, found.plan, found.refusal) == (Status.REPORTED, 2, None, None)
    assert [item.detail for item in found.finding.evidence] == ["a secret mount brings it in"]
    assert remains(found) == expected


@pytest.mark.parametrize("text", NOT_OF_MOUNTS.values(), ids=NOT_OF_MOUNTS)
def test_nothing_remains_of_a_mount(text: str) -> None:
    assert fixed(f"FROM alpine\n{text}\n").outcomes == ()


def test_no_default_is_in_a_path() -> None:
    (remain,) = only(f"FROM alpine\nARG {T}=zq7w\nRUN echo ${T} > /a/zq7w\n").remains
    assert (remain.path, remain.detail) == ("/a/…", "`echo` writes it to /a/…, which the layer keeps")


def test_a_planned_secret_is_not_said_twice() -> None:
    text = f"FROM alpine\nARG {T}\nRUN --mount=type=secret,id={T} echo ${T}\n"
    assert [outcome.finding.name for outcome in fixed(text).outcomes] == [T]
