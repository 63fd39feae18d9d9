"""Which files a `.dockerignore` leaves in the context; `tests/engine/test_dockerignore.py` asks BuildKit about the same rows."""

from __future__ import annotations

import pytest

from codemod.dockerignore import Ignored, PatternError, Verdict, read

FILES = ("#c", "!d", "[e]", "a.md", "a/b/f.txt", "a/g", "a b.txt", "aXb", "c/f.txt", "c/é.txt", "top", "x/y/z/a.md")
# a `.dockerignore`, and which of the files stay
KEPT = {
    "nothing": ("", FILES),
    "a file": ("top", {*FILES} - {"top"}),
    "a folder": ("a", {*FILES} - {"a/b/f.txt", "a/g"}),
    "a folder with slashes": ("/a/", {*FILES} - {"a/b/f.txt", "a/g"}),
    "a path that is not clean": ("./c//../top", {*FILES} - {"top"}),
    "a path out of the context": ("../top", FILES),
    "the folder itself": (".", FILES),
    "the root": ("/", FILES),
    "a name only at the top": ("f.txt", FILES),
    "spaces around it": (" top \t", {*FILES} - {"top"}),
    "a space in it": ("a b.txt", {*FILES} - {"a b.txt"}),
    "a byte order mark": ("\ufefftop", {*FILES} - {"top"}),
    "lines that end in CR LF": ("top\r\na.md\r\n", {*FILES} - {"top", "a.md"}),
    "a comment": ("#c", FILES),
    "a comment with a space before it is none": (" #c", {*FILES} - {"#c"}),
    "a comment's sign, escaped": (r"\#c", {*FILES} - {"#c"}),
    "an exclamation mark, escaped": (r"\!d", {*FILES} - {"!d"}),
    "a bracket, escaped": (r"\[e\]", {*FILES} - {"[e]"}),
    "a letter, escaped, is what a regular expression makes of it": (r"a\wb", {*FILES} - {"aXb"}),
    "a star": ("*.md", {*FILES} - {"a.md"}),
    "a star is no slash": ("*/*.txt", {*FILES} - {"c/f.txt", "c/é.txt"}),
    "a star alone": ("*", set()),
    "a question mark": ("a?b", {*FILES} - {"aXb"}),
    "a class": ("[a-c]/?.txt", {*FILES} - {"c/f.txt", "c/é.txt"}),
    "a class that is negated fits a slash, too": ("a[^W]b", {*FILES} - {"aXb", "a/b/f.txt"}),
    "a class with an exclamation mark is not negated": ("[!a]d", {*FILES} - {"!d"}),
    "a class with signs": ("[[&|~]e*", {*FILES} - {"[e]"}),
    "two stars": ("**", set()),
    "two stars and a name": ("**/*.txt", {*FILES} - {"a/b/f.txt", "a b.txt", "c/f.txt", "c/é.txt"}),
    "two stars find a name at the top": ("**/top", {*FILES} - {"top"}),
    "two stars without a slash are any beginning": ("**f.txt", {*FILES} - {"a/b/f.txt", "c/f.txt"}),
    "two stars between": ("x/**/a.md", {*FILES} - {"x/y/z/a.md"}),
    "two stars between nothing": ("a/**/g", {*FILES} - {"a/g"}),
    "two stars around": ("**/y/**", {*FILES} - {"x/y/z/a.md"}),
    "two stars behind": ("a/**", {*FILES} - {"a/b/f.txt", "a/g"}),
    "two stars behind a beginning": ("a**", {*FILES} - {"a.md", "a/b/f.txt", "a/g", "a b.txt", "aXb"}),
    "an exception": ("*\n!top", {"top"}),
    "an exception with a space": ("*\n! top", {"top"}),
    "an exception with slashes": ("*\n!/top/", {"top"}),
    "an exception behind a slash": ("*\n/!top", {"top"}),
    "an exception for a file of a folder": ("a\n!a/b/f.txt", {*FILES} - {"a/g"}),
    "an exception for a folder": ("*\n!a/b", {"a/b/f.txt"}),
    "an exception before": ("!top\ntop", {*FILES} - {"top"}),
    "an exception with a star": ("**\n!*.md", {"a.md"}),
    "an exception with two stars": ("**\n!**/*.md", {"a.md", "x/y/z/a.md"}),
    "an exception to an exception": ("*\n!c\nc/f.txt", {"c/é.txt"}),
    "an exception for a folder whose files are excluded": ("**/*.txt\n!c", {*FILES} - {"a/b/f.txt", "a b.txt", "c/f.txt", "c/é.txt"}),
}  # fmt: skip
ERRORS = ("!", "!/", "/!", "[", "[]", "a[b", "[a-]", "[-a]", "[b-a]*", "*[]a]", "a\\", r"\y", "top\n\n*[")


@pytest.mark.parametrize(("text", "kept"), KEPT.values(), ids=KEPT)
def test_what_stays(text: str, kept: set[str]) -> None:
    assert {path for path in FILES if not read(text).excludes(path)} == {*kept}


@pytest.mark.parametrize("text", ERRORS)
def test_what_the_builder_refuses(text: str) -> None:
    with pytest.raises(PatternError, match="is no pattern") as caught:
        read(text)
    assert caught.value.line == len(text.split("\n"))


def test_exceptions_are_a_reason_to_look_into_excluded_folders() -> None:
    assert read("a\n!b").has_exceptions
    assert not read("a\nb").has_exceptions
    assert not Ignored().has_exceptions


def test_a_walk_passes_on_what_was_said_of_the_folder() -> None:
    ignored = read("a\n!a/b")
    folder = ignored.verdict("a", Verdict(excluded=False))
    assert folder == Verdict(excluded=True, fitting=(True, False))
    assert [ignored.verdict(path, folder).excluded for path in ("a/b", "a/c")] == [False, True]
