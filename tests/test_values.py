"""What a default or an ENV value says by itself."""

from __future__ import annotations

import pytest

from codemod.values import ValueSays, judge

# in pieces, so that nobody who looks for credentials in this repository finds these
LETTERS = "abcdefghij" * 4
ROWS: dict[ValueSays, dict[str, str | None]] = {
    ValueSays.EMPTY: {"none": None, "empty": ""},
    ValueSays.PLACEHOLDER: {
        "changeme": "changeme",
        "change me": "change-me",
        "replace this": "REPLACE_THIS",
        "your own": "your-token-here",
        "my own": "my_password",
        "angle brackets": "<token>",
        "square brackets": "[token]",
        "a template": "{{ token }}",
        "x": "xxxx",
        "asterisks": "****",
        "dots": "...",
        "the word itself": "password",
        "secret": "SECRET",
        "dummy": "dummy-token",
        "none": "none",
        "null": "null",
        "not set": "not-set",
        "n/a": "n/a",
        "todo": "TODO",
        "dev": "dev-secret",
    },
    ValueSays.HARMLESS: {
        "a number": "8080",
        "a version": "1.2.3",
        "a version with a v": "v2.0.0-rc.1",
        "true": "true",
        "off": "OFF",
        "a path": "/run/secrets/x",
        "a path from here": "./a",
        "a path at home": "~/.npmrc",
        "a URL": "https://example.org/x",
        "a duration": "30s",
    },
    ValueSays.OTHER: {
        "a word": "hunter2",
        "letters and digits": "q8Wz1nR5",
        "a longer one than a version": "1.2.3 4",
        "a URL that has an at sign": "https://example.org/@x",
        "a URL with a variable for its password": "https://u:$X@example.org",
        "a token too short for its prefix": "ghp_a",
        "several lines": "a\nb",
        "a word and a placeholder": "hunter2-password",
    },
    ValueSays.CREDENTIAL: {
        "GitHub's": "ghp_" + LETTERS,
        "GitHub's finer one": "github_pat_" + LETTERS,
        "GitLab's": "glpat-" + LETTERS,
        "npm's": "npm_" + LETTERS,
        "PyPI's": "pypi-" + LETTERS,
        "AWS's": "AKIA" + "ABCD" * 4,
        "Slack's": "xoxb-" + LETTERS,
        "Stripe's": "sk_live_" + LETTERS,
        "Google's": "AIza" + LETTERS,
        "SendGrid's": f"SG.{LETTERS}.{LETTERS}",
        "Docker's": "dckr_pat_" + LETTERS,
        "Hugging Face's": "hf_" + LETTERS,
        "OpenAI's": "sk-" + LETTERS,
        "Vault's": "hvs." + LETTERS,
        "a JWT": f"eyJ{LETTERS}.eyJ{LETTERS}.{LETTERS}",
        "a private key": "-----BEGIN OPENSSH " + "PRIVATE KEY-----\n" + LETTERS,
        "a URL with a password": "https://user:hunter2@example.org/x",
        "a database's URL": "postgres://user:hunter2@db/name",
        "a URL with only a password": "redis://:hunter2@db",
        "our canary": "canary-1",
    },
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [pytest.param(value, says, id=f"{says.name.lower()}: {name}") for says, rows in ROWS.items() for name, value in rows.items()],
)
def test_values(value: str | None, expected: ValueSays) -> None:
    assert judge(value) is expected


def test_every_answer_is_in_the_table() -> None:
    assert set(ROWS) == set(ValueSays)
