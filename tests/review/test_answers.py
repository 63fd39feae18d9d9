"""What may be answered, and which changes an answer is for."""

from __future__ import annotations

import pytest

from codemod.review.answers import Answer, Standing, explained, read
from codemod.review.folders import folders

TYPED = {
    "a key": ("y", Answer.YES),
    "a capital": ("N", Answer.NO),
    "blanks around it": (" q ", Answer.QUIT),
    "Enter": ("", Answer.HELP),
    "another key": ("x", Answer.HELP),
    "an arrow": ("\x1b[A", Answer.HELP),
    "several keys at once": ("yy", Answer.HELP),
    "a word": ("yes", Answer.HELP),
}


@pytest.mark.parametrize(("typed", "answer"), TYPED.values(), ids=TYPED)
def test_only_the_keys_are_answers(typed: str, answer: Answer) -> None:
    assert read(typed) is answer


# an answer to a change in team-a → what becomes, unasked, of the next one in team-a and of one in team-b
MEANINGS = {
    Answer.YES: (None, None),
    Answer.NO: (None, None),
    Answer.ALL: (True, None),
    Answer.NONE: (False, None),
    Answer.QUIT: (False, False),
    Answer.EDIT: (None, None),
    Answer.HELP: (None, None),
}


@pytest.mark.parametrize("answer", Answer)
def test_what_an_answer_means_for_the_changes_that_follow(answer: Answer) -> None:
    standing = Standing().after(answer, "team-a")
    assert (standing.on("team-a"), standing.on("team-b")) == MEANINGS[answer]


def test_nothing_is_written_after_the_end() -> None:
    """Whatever was said before of its folder."""
    assert Standing().after(Answer.ALL, "team-a").after(Answer.QUIT, "team-b").on("team-a") is False


def test_the_help_has_each_key_and_says_how_many_changes_follow() -> None:
    said = dict(explained("below team-a", 3))
    assert list(said) == [answer.value for answer in Answer]
    assert said["a"] == "write it, and the 3 that follow below team-a"
    assert said["d"] == "leave it, and the 3 that follow below team-a"
    assert dict(explained("", 1))["a"] == "write it, and the 1 that follows"
    assert dict(explained("below team-a", 0))["a"] == "write it, and nothing else: it is the last below team-a"
    assert dict(explained("", 0))["d"] == "leave it, and nothing else: it is the last"


PLACES = {
    "one folder": ([["svc/Dockerfile"], ["svc/Dockerfile.test"]], ("", "")),
    "one change": ([["svc/Dockerfile"]], ("",)),
    "none": ([], ()),
    "teams": ([["a/Dockerfile"], ["a/x/Dockerfile"], ["b/Dockerfile"]], ("below a", "below a", "below b")),
    "teams below one folder": (
        [["services/a/Dockerfile"], ["services/b/x/Dockerfile"]],
        ("below services/a", "below services/b"),
    ),
    "one that lies above the others": (
        [["services/Dockerfile"], ["services/a/Dockerfile"]],
        ("directly in services", "below services/a"),
    ),
    "one at the top": ([["Dockerfile"], ["a/Dockerfile"]], ("directly in this folder", "below a")),
    "names that begin alike": ([["team/Dockerfile"], ["team-two/Dockerfile"]], ("below team", "below team-two")),
    "a change of two teams is of neither alone": (
        [["a/Dockerfile", "b/Dockerfile"], ["a/x/Dockerfile"], ["b/Dockerfile.test"]],
        ("below a and below b", "below a", "below b"),
    ),
    "a change of many teams": (
        [["a/Dockerfile", "b/Dockerfile", "c/Dockerfile"], ["a/Dockerfile.test"]],
        ("in the same 3 folders", "below a"),
    ),
    "folders outside": (
        [["/srv/one/Dockerfile"], ["/srv/two/Dockerfile"]],
        ("below /srv/one", "below /srv/two"),
    ),
}


@pytest.mark.parametrize(("changes", "said"), PLACES.values(), ids=PLACES)
def test_changes_are_told_apart_by_where_their_paths_part(changes: list[list[str]], said: tuple[str, ...]) -> None:
    assert folders(changes) == said
