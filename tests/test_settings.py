"""What the user said of names: which word counts, and how it sounds as evidence."""

from __future__ import annotations

import pytest

from codemod.settings import Settings, UsersWord, words

CONFIGURED = words(secret=("API_KEY", "*_URL"), not_secret=("API_*", "DB_*"), source="pyproject.toml")

SAID = {
    "nothing": (words(secret=("A",)), None),
    "a name": (words(secret=("API_KEY",)), "--secret says so"),
    "a glob": (words(not_secret=("API_*",)), "--not-secret says that it is none"),
    "a glob of one character": (words(secret=("API_KE?",)), "--secret says so"),
    "a glob of characters": (words(secret=("[A-Z]PI_KEY",)), "--secret says so"),
    "another case": (words(secret=("api_key", "api_*")), None),
    "a file": (CONFIGURED, "pyproject.toml says so"),
    "a name against a glob": (words(secret=("*",), not_secret=("API_KEY",)), "--not-secret says that it is none"),
    "a name for a glob against it": (words(secret=("API_KEY",), not_secret=("*",)), "--secret says so"),
    "both names": (words(secret=("API_KEY",), not_secret=("API_KEY",)), "--secret says so"),
    "both globs": (words(secret=("*_KEY",), not_secret=("API_*",)), "--secret says so"),
    "a glob before a file's name": (words(not_secret=("*",)) + CONFIGURED, "--not-secret says that it is none"),
    "another name before a file's": (words(not_secret=("OTHER",)) + CONFIGURED, "pyproject.toml says so"),
}


@pytest.mark.parametrize(("said", "evidence"), SAID.values(), ids=SAID)
def test_the_word_that_counts(said: tuple[UsersWord, ...], evidence: str | None) -> None:
    word = Settings(words=said).word_on("API_KEY")
    assert (str(word) if word else None) == evidence


def test_the_words_of_one_place_are_in_order() -> None:
    assert [word.pattern for word in CONFIGURED] == ["API_KEY", "*_URL", "API_*", "DB_*"]
