"""A fingerprint is that of one thing in one place of one file, whatever else changes."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from codemod.fix import fix
from codemod.report.fingerprints import Fingerprints, fingerprints
from codemod.settings import Settings
from codemod.text import Source

from .reports import PARAMETERS, report_of_case

CURL = 'RUN curl -u "ci:$API_TOKEN" https://example.com/f\n'
PLAIN = f"FROM alpine\nARG API_TOKEN\n{CURL}"
KEPT = 'RUN echo "$API_TOKEN" > /etc/token\n'
LEFT = f"FROM alpine AS one\nARG API_TOKEN\n{KEPT}FROM one AS two\nARG API_TOKEN\n{KEPT}"


def known(text: str, path: str = "Dockerfile") -> dict[str, Fingerprints]:
    """The fingerprints of a file's findings by name and kind."""
    result = fix(Source(PurePosixPath(path), text), Settings())
    pairs = zip(result.outcomes, fingerprints(path, result), strict=True)
    return {f"{outcome.finding.name} {outcome.finding.entry.name}": each for outcome, each in pairs}


SAME = {
    "lines move": PLAIN.replace("ARG", "\n# a comment\n\nARG"),
    "the image changes": PLAIN.replace("alpine", "debian"),
    "a stage comes before it": f"FROM debian AS tools\nRUN true\n{PLAIN}",
    "another secret comes": PLAIN.replace("ARG", "ARG OTHER_TOKEN\nARG") + 'RUN curl -u "ci:$OTHER_TOKEN" https://example.com\n',
    "it is read elsewhere": PLAIN.replace("curl", "wget && curl"),
    "the newlines change": PLAIN.replace("\n", "\r\n"),
    "it is refused now": PLAIN + "LABEL token=$API_TOKEN\n",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_it_stays_the_same_where(text: str) -> None:
    assert known(text)["API_TOKEN ARG"].finding == known(PLAIN)["API_TOKEN ARG"].finding


def test_another_file_another_secret_and_another_kind_have_others() -> None:
    literal = PLAIN.replace("ARG API_TOKEN", "ARG API_TOKEN=canary-0123456789")
    found = known(literal)
    assert len(found) == 2
    others = [*found.values(), *known(PLAIN, "b/Dockerfile").values(), *known(PLAIN.replace("API_TOKEN", "MY_TOKEN")).values()]
    assert len({each.finding for each in others}) == len(others) == 4


def test_copies_of_two_stages_have_their_own() -> None:
    one, two = known(LEFT)["API_TOKEN ARG"].remains
    assert one != two


def test_a_copy_that_is_mended_leaves_the_others_theirs() -> None:
    _, two = known(LEFT)["API_TOKEN ARG"].remains
    mended = LEFT.replace(KEPT, CURL, 1)
    assert known(mended)["API_TOKEN ARG"].remains == (two,)


def test_stages_without_a_name_are_told_apart_by_their_images() -> None:
    """A stage of another image before it changes nothing; one of the same image is counted."""
    text = LEFT.replace("one AS two", "alpine").replace(" AS one", "")
    (first, second) = text.split("FROM alpine\n")[1:]
    both = f"FROM alpine\n{first}RUN true\nFROM debian\n{second}COPY --from=0 /etc/token /a\n"
    later = f"FROM busybox\nFROM alpine\n{first}RUN true\nFROM debian\n{second}COPY --from=1 /etc/token /a\n"
    assert known(both)["API_TOKEN ARG"].remains == known(later)["API_TOKEN ARG"].remains
    assert len(known(both)["API_TOKEN ARG"].remains) == 2


def test_copies_of_one_stage_are_told_apart_by_their_files_and_their_order() -> None:
    twice = LEFT.split("FROM one", maxsplit=1)[0] + KEPT + KEPT.replace("/etc/token", "/etc/other")
    remains = known(twice)["API_TOKEN ARG"].remains
    assert len(remains) == len(set(remains)) == 3


def test_literals_of_two_stages_have_their_own() -> None:
    env = "ENV API_TOKEN=canary-0123456789\n"
    text = f"FROM alpine AS one\n{env}FROM one AS two\n{env}"
    result = fix(Source(PurePosixPath("Dockerfile"), text), Settings())
    first, second = fingerprints("Dockerfile", result)
    assert first.finding != second.finding
    assert known(f"FROM one AS two\n{env}")["API_TOKEN ENV"].finding == second.finding


def test_an_argument_before_the_first_stage_has_one() -> None:
    text = f"ARG API_TOKEN=canary-0123456789\n{PLAIN}"
    assert set(known(text)) == {"API_TOKEN ARG", "API_TOKEN DEFAULT"}


@pytest.mark.parametrize("case", PARAMETERS)
def test_no_two_of_a_run_are_the_same(case: Path) -> None:
    found = [each for file in report_of_case(case).dockerfiles for each in fingerprints(file.path, file.result)]
    words = [word for each in found for word in (each.finding, *each.remains)]
    assert len(words) == len(set(words))
