"""Where the Dockerfile of a call may be."""

from __future__ import annotations

import pytest

from codemod.callers.call import Place
from codemod.callers.places import PODMANS_NAMES, places, within

WITHIN = {
    "a folder below": ("svc", "web", "svc/web"),
    "the folder itself": ("svc", ".", "svc"),
    "the root": ("svc", "..", "."),
    "out of the tree": ("svc", "../..", None),
    "from the machine's root": ("svc", "/srv", None),
    "somebody's home": ("svc", "~/web", None),
    "what a shell knows": ("svc", "$DIR", None),
    "below what a shell knows": ("$DIR", "web", None),
    "a remote": (".", "https://example.com/r.git", None),
    "a remote of git": (".", "git@example.com:r.git", None),
    "standard input": (".", "-", None),
}


@pytest.mark.parametrize(("folder", "path", "expected"), WITHIN.values(), ids=WITHIN)
def test_a_path_seen_from_a_folder(folder: str, path: str, expected: str | None) -> None:
    assert within(folder, path) == expected


def test_the_default_is_in_the_context() -> None:
    assert places((".",), None, "svc") == (Place("svc/Dockerfile", "svc"),)


def test_a_file_is_seen_from_the_folder() -> None:
    assert places(("ci",), "a.Dockerfile", "..") == (Place("ci/a.Dockerfile", "."),)


def test_a_file_whose_context_nobody_knows() -> None:
    assert places((".",), "Dockerfile", "$1") == (Place("Dockerfile", None),)


def test_a_file_that_nobody_knows() -> None:
    assert places((".",), "$1", ".") == ()


def test_a_context_that_nobody_knows() -> None:
    assert places((".",), None, "$1") == ()


def test_several_folders_and_names() -> None:
    expected = ("ci/Containerfile", "ci/Dockerfile", "Containerfile", "Dockerfile")
    assert tuple(place.dockerfile for place in places(("ci", ".", "ci"), None, None, PODMANS_NAMES)) == expected
