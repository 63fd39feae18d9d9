"""What a name says by itself, in the words people use; the rows hold the rules, not every word of the tables."""

from __future__ import annotations

import pytest

from codemod.names import VENDORS, NameSays, judge, judgement, words
from codemod.vocabulary import PUBLIC_PREFIXES

WORDS = {
    "marks": ("NPM_TOKEN", "npm token"),
    "other marks": ("npm-token.value", "npm token value"),
    "case": ("githubApiToken", "github api token"),
    "capitals before a word": ("AWSSecretKey", "aws secret key"),
    "digits": ("PASSWORD2", "password"),
    "digits of a word that has some": ("X509_P12_BASE64", "x509 p12 base64"),
    "a word of its own for a number": ("PASSWORD_2", "password"),
    "digits alone": ("2024", "2024"),
    "a plural of a secret": ("API_TOKENS", "api token"),
    "a plural of what it is not": ("TOKEN_URLS", "token url"),
    "a plural of a key": ("API_KEYS", "api key"),
    "no plural": ("PASS", "pass"),
    "a plural of anything else": ("MONKEYS", "monkeys"),
    "two words in one": ("tokenurl", "token url"),
    "two words in one, the first with another": ("KEYFILE", "key file"),
    "one word that begins with another": ("KEYBOARD", "keyboard"),
    "one word that is a secret's": ("APIKEY", "apikey"),
    "no word at all": ("__", ""),
}
SECRET = {
    "a word": "DB_PASSWORD",
    "a word in front": "TOKEN_FOR_NPM",
    "a word among others": "X_TOKEN_Y",
    "several": "PASSWORDS",
    "shortened": "GH_PAT",
    "shortened further": "DB_PW",
    "a plain pass": "DB_PASS",
    "small letters": "npm_token",
    "camel case": "githubToken",
    "dashes": "GH-TOKEN",
    "dots": "nexus.password",
    "a number": "PASSWORD2",
    "run together": "ROOTPASS",
    "run together with a key": "MYAPIKEY",
    "run together from the front": "PASSWORDADMIN",
    "a key and what it opens": "SIGNING_KEY",
    "what it is for": "PASSWORD_FOR_PUBLIC_URL",
    "a key in the middle": "API_KEY_OLD",
    "two words that are one": "GITHUB_DEPLOY_PRIVATE_KEY",
    "two words that are one, the other way round": "KEY_PRIVATE",
    "a key's file name in the contents' place": "ID_RSA",
    "a tool's login": "COMPOSER_AUTH",
    "a tool's file": "NPMRC",
    "a bundler's host": "BUNDLE_GITHUB__COM",
    "a bundler's host of three": "BUNDLE_RUBYGEMS__PKG__GITHUB__COM",
    "the other half of a credential": "AWS_ACCESS_KEY_ID",
    "how it is written": "SSH_PRIVATE_KEY_BASE64",
    "which stage it is for": "NPM_TOKEN_PROD",
    "that it has a value": "API_KEY_VALUE",
    "that it is an argument": "NPM_TOKEN_ARG",
    "a file's contents": "KEYSTORE_SECRET_FILE_CONTENT",
    "another language": "SENHA",
    "another language, two words": "MOT_DE_PASSE",
    "a vendor's own": "VAULT_SECRET_ID",
    "what a path is of, itself": "GOOGLE_APPLICATION_CREDENTIALS_BASE64",
}
PROBABLY = {
    "a URL that mostly carries a password": "DATABASE_URL",
    "another one, of another form": "MONGODB_URI",
    "a webhook's URL": "SLACK_WEBHOOK_URL",
    "a webhook": "DISCORD_WEBHOOK",
    "a further package index": "PIP_EXTRA_INDEX_URL",
    "a header": "AUTHORIZATION_HEADER",
    "a key and whose it is": "SENDGRID_KEY",
    "a key alone": "KEY",
    "a shared access signature": "BLOB_SAS",
}
POSSIBLY = {
    "a word that may": "AUTH",
    "a word that may, behind others": "MY_OAUTH",
    "a URL that may carry a password": "PIP_INDEX_URL",
    "a key that others follow": "OAUTH_KEY_A",
    "a service's address that may be public": "SENTRY_DSN",
    "a credential that is a file's path": "GOOGLE_APPLICATION_CREDENTIALS",
}
NOTHING = {
    "a word": "NODE",
    "several": "BUILD_FLAVOUR",
    "one that contains a secret's word": "MONKEY",
    "one that begins with one": "PASSIVE",
    "a pattern": "PAT_DIALECT_A",
    "one that begins with one and is none": "SECRETARY",
    "one that ends in one": "COMPASS",
    "a way around": "BYPASS",
    "a letter": "A",
    "nothing": "_",
}
AGAINST = {
    "what the last word says": "NODE_VERSION",
    "what the first word asks": "USE_TOKEN",
    "whether": "ENABLE_API_KEY",
    "whether not": "SKIP_SECRETS",
    "a key that everybody has": "GPG_KEY",
    "several of them": "GPG_KEYS",
    "a key that finds something": "CACHE_KEY",
    "a key's name": "SIGNING_KEY_ID",
}
NONE = {
    "where it is got": "TOKEN_URL",
    "where it lies": "API_KEY_FILE",
    "where they lie": "SECRETS_DIR",
    "which one": "SECRET_NAME",
    "how long": "TOKEN_TTL",
    "how good": "PASSWORD_POLICY",
    "how big": "KEY_SIZE",
    "whose": "PASSWD_USER",
    "in one word": "TOKENURL",
    "whichever stage it is for": "TOKEN_URL_PROD",
    "what is beside what may carry one": "SLACK_WEBHOOK_CHANNEL",
    "how many": "MAX_TOKENS",
    "how many for each": "TOKENS_PER_USER",
    "public by its word": "SSH_PUBLIC_KEY",
    "public by its shorter word": "SSH_KEY_PUB",
    "public by another word": "STRIPE_PUBLISHABLE_KEY",
    "public in one word": "PUBKEY",
    "a language model's": "EOS_TOKEN",
    "a language model's, and something of it": "STOP_TOKEN_A",
    "an nginx directive": "FASTCGI_PASS",
    "one of two rounds": "FIRST_PASS",
    "a kind of object": "KUBERNETES_SECRET",
    "a vendor's, for browsers": "RECAPTCHA_SITE_KEY",
    "a vendor's, for frontends": "ALGOLIA_SEARCH_KEY",
}
# how strongly is a matter of weights; that it is acted on, only mentioned, or nothing is not
TABLES = {
    "says so": (SECRET, {NameSays.SECRET}),
    "mostly says so": (PROBABLY, {NameSays.PROBABLY, NameSays.SECRET}),
    "may say so": (POSSIBLY, {NameSays.POSSIBLY}),
    "says nothing": (NOTHING, {NameSays.NOTHING}),
    "speaks of something else": (AGAINST, {NameSays.AGAINST, NameSays.NONE}),
    "says that it is none": (NONE, {NameSays.AGAINST, NameSays.NONE}),
}
ROWS = [pytest.param(name, says, id=f"{what}: {why}") for what, (rows, says) in TABLES.items() for why, name in rows.items()]
# the words that decide, as evidence shows them
DECIDING = {
    "NPM_TOKEN": "token",
    "SENDGRID_KEY": "sendgrid key",
    "KEY": "key",
    "KEY_PRIVATE": "key private",
    "BUNDLE_GITHUB__COM": "a gem server's host",
    "DATABASE_URL": "database url",
    "SLACK_WEBHOOK_URL": "slack webhook",
    "AUTH": "auth",
    "TOKEN_URL": "url",
    "USE_TOKEN": "use",
    "SSH_KEY_PUB": "pub",
    "EOS_TOKEN": "eos token",
    "KEY_ID": "key id",
    "ALGOLIA_SEARCH_KEY": "search key",
    "BLOB_SAS": "sas",
    "NODE": "",
}


@pytest.mark.parametrize(("name", "expected"), WORDS.values(), ids=WORDS)
def test_words_of_a_name(name: str, expected: str) -> None:
    assert " ".join(words(name)) == expected


@pytest.mark.parametrize(("name", "expected"), ROWS)
def test_what_a_name_says(name: str, expected: set[NameSays]) -> None:
    assert judge(name) in expected


def test_every_answer_is_in_the_tables() -> None:
    assert {judge(name) for rows, _ in TABLES.values() for name in rows.values()} == set(NameSays)


@pytest.mark.parametrize(("name", "expected"), DECIDING.items(), ids=DECIDING)
def test_the_words_that_decide_are_named(name: str, expected: str) -> None:
    assert judgement(name).words == expected


@pytest.mark.parametrize(("row", "says"), VENDORS.items(), ids=[" ".join(row) for row in VENDORS])
def test_a_vendors_own_words_count_before_any_other(row: tuple[str, ...], says: NameSays) -> None:
    """Whatever stands around them; so no row is dead, or hidden behind one before it."""
    assert judge("_".join(row).upper()) is says
    assert judge("_".join(("my", *row, "prod")).upper()) is says


@pytest.mark.parametrize(
    "name", [name for rows, _ in TABLES.values() for name in rows.values() if name == name.upper() and "__" not in name and name != "_"]
)
def test_case_says_nothing(name: str) -> None:
    first, *others = name.replace("-", "_").split("_")
    assert judge(name.lower()) is judge(name)
    assert judge(first.lower() + "".join(map(str.capitalize, others))) is judge(name)


def test_the_order_of_what_names_say() -> None:
    order = [NameSays.NONE, NameSays.AGAINST, NameSays.NOTHING, NameSays.POSSIBLY, NameSays.PROBABLY, NameSays.SECRET]
    assert sorted(NameSays) == order


def test_of_several_keys_the_plainest_counts() -> None:
    assert judge("KEY_OF_API_KEY") is NameSays.SECRET


def test_prefixes_are_whole_words() -> None:
    assert all(prefix.endswith("_") and prefix == prefix.upper() for prefix in PUBLIC_PREFIXES)
