"""What a default or an ENV value says by itself."""

from __future__ import annotations

import re

import pytest

from codemod.values import ENTROPY, FORMS, ISSUED, UNKNOWN, WEIGHTS, ValueSays, is_random, judge

# in pieces, so that nobody who looks for credentials in this repository finds these
LETTERS = "abcdefghij" * 4
CAPITALS, HEX, DIGITS = LETTERS.upper(), "0123456789abcdef" * 3, "0123456789"
MADE = "aB3dE5gH7" + "jK9mN1pQ2rS4"
ROWS: dict[ValueSays, dict[str, str | None]] = {
    ValueSays.EMPTY: {"none": None, "empty": ""},
    ValueSays.PLACEHOLDER: {
        "fill it in": "fill-me-in",
        "replace this": "REPLACE_THIS",
        "your own": "your-value-here",
        "angle brackets": "<value>",
        "square brackets": "[value]",
        "a template": "{{ value }}",
        "x": "xxxx",
        "asterisks": "****",
        "dots": "...",
        "dummy": "dummy",
        "none": "none",
        "null": "null",
        "not set": "not-set",
        "not needed": "not_needed",
        "n/a": "n/a",
        "todo": "TODO",
        "dev": "dev-value",
    },
    ValueSays.ASKED_FOR: {
        "changeme": "changeme",
        "change me": "change-me",
        "change it before": "CHANGE_ME_BEFORE_USE",
        "your own": "your-token-here",
        "my own": "my_password",
        "angle brackets": "<api-key>",
        "a template": "{{ token }}",
        "the word itself": "password",
        "secret": "SECRET",
        "dummy": "dummy-token",
    },
    ValueSays.PUBLIC: {
        "a public key": "-----BEGIN PUBLIC KEY-----\n" + LETTERS,
        "a certificate": "-----BEGIN CERTIFICATE-----\n" + LETTERS,
        "an SSH key's other half": "ssh-ed25519 AAAA" + LETTERS,
        "what Stripe issues for browsers": "pk_live_" + LETTERS,
    },
    ValueSays.NUMBER: {"a port": "8080", "zeros": "0000", "a long one": DIGITS * 2},
    ValueSays.SWITCH: {
        "true": "true",
        "off": "OFF",
        "one": "1",
        "nought": "0",
        "enabled": "Enabled",
        "asked for": "required",
        "never": "never",
    },
    ValueSays.HARMLESS: {
        "a version": "1.2.3",
        "a version with a v": "v2.0.0-rc.1",
        "a path": "/run/secrets/x",
        "a path from here": "./a",
        "a path at home": "~/.npmrc",
        "a path of Windows": "C:\\a",
        "a file in a folder": "config/secrets.yml",
        "a glob": "*.key",
        "a URL": "https://example.org/x",
        "a host": "auth.example.org",
        "a host with a port": "db.example.org:5432",
        "this machine": "localhost:8080",
        "a duration": "30s",
        "a checksum": "sha256:" + HEX,
    },
    ValueSays.WORD: {"a word": "production", "two": "dark-mode", "one with a capital": "Production"},
    ValueSays.RANDOM: {"what a generator makes": MADE, "with marks": MADE[:12] + "/+" + MADE[12:] + "="},
    ValueSays.OTHER: {
        "a word with a digit": "hunter2",
        "letters and digits, but few": "q8Wz1nR5",
        "hexadecimal digits": "b" + HEX,
        "several words, none of them together": MADE[:10] + " " + MADE[10:],
        "many of the same": "aB1" * 10,
        "a longer one than a version": "1.2.3 4",
        "a URL that has an at sign": "https://example.org/@x",
        "a URL with a variable for its password": "https://u:$X@example.org",
        "a URL with a variable for its token": "https://h.example/?access_token=$X@",
        "several lines": "a\nb",
        "a placeholder at its end": "hunter2-password",
    },
    ValueSays.CREDENTIAL: {
        "a private key": "-----BEGIN OPENSSH " + "PRIVATE KEY-----\n" + LETTERS,
        "a private key in JSON": '{"private_' + 'key": "' + LETTERS + '"}',
        "a private key in base64": "LS0tLS1CRUdJTi" + LETTERS,
        "a JWT": f"eyJ{LETTERS}.eyJ{LETTERS}.{LETTERS}",
        "a URL with a password": "https://user:hunter2@example.org/x",
        "a database's URL": "postgres://user:hunter2@db/name",
        "a URL with only a password": "redis://:hunter2@db",
        "a URL with a token in its query": "https://example.org/x?access_token=" + LETTERS,
        "a URL with a signature": "https://example.org/x?a=b&sig=" + LETTERS,
        "a webhook's URL": "https://example.org/webhooks/1/" + LETTERS,
        "a header": "Authorization: Bearer " + LETTERS,
        "a bearer": "Bearer " + LETTERS,
        "a connection string": "Server=db;User=u;Password=" + "hunter2;",
        "a shared access key": "Endpoint=x;SharedAccess" + "Key=" + LETTERS,
        "our canary": "canary-1",
    },
}  # fmt: skip
# what looks like the form, and is none
NO_CREDENTIALS = {
    "too short for its prefix": "ghp_a",
    "a prefix in the middle": "x-ghp_" + LETTERS,
    "a placeholder for a query's token": "https://example.org/?token=changeme",
    "a placeholder for a connection string's": "Server=db;Password=changeme",
    "a variable for a query's token": "https://example.org/?token=$TOKEN",
}
ISSUERS = {
    "GitHub": "ghp_" + LETTERS,
    "GitHub's app": "ghs_" + LETTERS,
    "GitHub, finer": "github_pat_" + LETTERS,
    "GitLab": "glpat-" + LETTERS,
    "GitLab's runner": "glrt-" + LETTERS,
    "npm": "npm_" + LETTERS,
    "PyPI": "pypi-Ag" + LETTERS,
    "Mollie": "live_A1" + LETTERS,
    "RubyGems": "rubygems_" + HEX,
    "Clojars": "CLOJARS_" + HEX,
    "AWS": "AKIA" + "ABCD" * 4,
    "AWS for a while": "ASIA" + "ABCD" * 4,
    "Slack": "xoxb-" + LETTERS,
    "Slack's app": "xapp-1-A" + LETTERS,
    "Slack's hook": "https://hooks.slack.com/services/" + "T0/B0/x",
    "Discord's hook": "https://discord.com/api/" + "webhooks/1/x",
    "Stripe": "sk_live_" + LETTERS,
    "Stripe's hook": "whsec_" + LETTERS,
    "Google": "AIza" + LETTERS,
    "Google's client": "GOCSPX-" + LETTERS,
    "Google for a while": "ya29." + LETTERS,
    "SendGrid": f"SG.{LETTERS}.{LETTERS}",
    "Mailgun": "key-" + HEX[:32],
    "Docker": "dckr_pat_" + LETTERS,
    "Hugging Face": "hf_" + LETTERS,
    "OpenAI": "sk-1" + LETTERS,
    "Groq": "gsk_" + LETTERS,
    "xAI": "xai-" + LETTERS,
    "Replicate": "r8_" + LETTERS,
    "DigitalOcean": "dop_v1_" + HEX,
    "Vault": "hvs." + LETTERS,
    "Terraform Cloud": LETTERS[:14] + ".atlasv1." + LETTERS,
    "Sentry": "sntrys_" + LETTERS,
    "Shopify": "shpat_" + HEX,
    "Atlassian": "ATATT3x" + LETTERS,
    "Atlassian's client": "ATCTT3x" + LETTERS,
    "Bitbucket": "ATBB" + LETTERS,
    "Doppler": "dp.st." + LETTERS,
    "Databricks": "dapi" + HEX[:32],
    "Grafana": "glsa_" + LETTERS,
    "Grafana Cloud": "glc_" + LETTERS,
    "New Relic": "NRAK-" + CAPITALS,
    "PlanetScale": "pscale_tkn_" + LETTERS,
    "Pulumi": "pul-" + HEX,
    "Postman": "PMAK-" + HEX,
    "Supabase": "sbp_" + HEX,
    "Figma": "figd_" + LETTERS,
    "Linear": "lin_api_" + LETTERS,
    "Notion": "ntn_" + LETTERS,
    "Notion, older": "secret_" + LETTERS + "abc",
    "Tailscale": "tskey-" + LETTERS,
    "Netlify": "nfp_" + LETTERS,
    "Heroku": "HRKU-" + LETTERS,
    "JFrog": "AKCp" + LETTERS,
    "Square": "sq0atp-" + LETTERS,
    "Twilio": "SK" + HEX[:32],
    "Telegram": DIGITS + ":AA" + LETTERS,
    "age": "AGE-SECRET-KEY-1" + CAPITALS,
    "1Password": "ops_eyJ" + LETTERS,
    "a JWT": f"eyJ{LETTERS}.eyJ{LETTERS}.{LETTERS}",
    "a private key in base64": "LS0tLS1CRUdJTi" + LETTERS,
    "ours": "canary-1",
}
VALUES = [pytest.param(value, says, id=f"{says.name.lower()}: {name}") for says, rows in ROWS.items() for name, value in rows.items()]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_values(value: str | None, expected: ValueSays) -> None:
    assert judge(value) is expected


@pytest.mark.parametrize("value", ISSUERS.values(), ids=ISSUERS)
def test_issuers_own_forms(value: str) -> None:
    assert judge(value) is ValueSays.CREDENTIAL


def test_every_form_of_an_issuer_has_an_example() -> None:
    """The alternatives of the pattern, parted where no parenthesis or bracket is open."""
    forms = re.findall(r"(?:\((?:\([^()]*\)|[^()])*\)|\[[^\]]*\]|[^|(\[])+", ISSUED)
    assert "|".join(forms) == ISSUED
    assert [form for form in forms if not any(re.match(form, value) for value in ISSUERS.values())] == []


@pytest.mark.parametrize("value", NO_CREDENTIALS.values(), ids=NO_CREDENTIALS)
def test_what_only_looks_like_a_credential(value: str) -> None:
    assert judge(value) is not ValueSays.CREDENTIAL


def test_every_answer_is_in_the_table() -> None:
    assert set(ROWS) == set(ValueSays)
    assert {says for says, _ in FORMS} | UNKNOWN | {ValueSays.CREDENTIAL, ValueSays.ASKED_FOR, ValueSays.EMPTY} == set(ValueSays)


def test_what_could_be_anything_weighs_nothing() -> None:
    assert set(ValueSays) - set(WEIGHTS) == {ValueSays.OTHER}
    assert {says for says, weight in WEIGHTS.items() if weight > 0} == {ValueSays.CREDENTIAL, ValueSays.RANDOM, ValueSays.ASKED_FOR}
    assert WEIGHTS[ValueSays.CREDENTIAL] == max(WEIGHTS.values())


RANDOM = {
    "letters of both cases and digits": (MADE, True),
    "too short": (MADE[:19], False),
    "no digits": ("aBcDeFgHiJkLmNoPqRsTuV", False),
    "no capitals": (MADE.lower(), False),
    "no small letters": (MADE.upper(), False),
    "few characters": ("aB11" * 6, False),
    "a blank": (f"{MADE} {MADE}", False),
}


@pytest.mark.parametrize(("value", "random"), RANDOM.values(), ids=RANDOM)
def test_what_a_generator_makes(value: str, *, random: bool) -> None:
    """Its entropy is that of many different characters, of at most log2(64) bits each."""
    assert 0 < ENTROPY < 6
    assert is_random(value) is random
