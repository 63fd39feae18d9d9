"""What a name says by itself, and together with a default: rows of our own, in the words people use."""

from __future__ import annotations

import pytest

from codemod.names import PUBLIC_PREFIXES, NameSays, judge, words

WORDS = {
    "marks": ("NPM_TOKEN", "npm token"),
    "other marks": ("npm-token.value", "npm token value"),
    "case": ("githubApiToken", "github api token"),
    "capitals before a word": ("AWSSecretKey", "aws secret key"),
    "digits": ("PASSWORD2", "password"),
    "digits alone": ("2024", "2024"),
    "a plural of a secret": ("API_TOKENS", "api token"),
    "a plural of what it is not": ("TOKEN_URLS", "token url"),
    "a plural of anything else": ("USERS_CLASS", "user class"),
    "no word at all": ("__", ""),
}
AGAINST = (
    # what the last word says it is
    "TOKEN_URL", "TOKEN_ENDPOINT", "AUTH_MODE", "AUTH_TYPE", "PASSWORD_FILE", "API_KEY_FILE", "SECRET_PATH", "TOKEN_VERSION",
    "SECRET_NAME", "PASSWORD_MIN_LENGTH", "SECRETS_DIR", "PASSWORD_POLICY", "TOKEN_TTL", "KEY_ID", "SIGNING_KEY_ID", "KEY_SIZE",
    "JWT_ALGORITHM", "TOKEN_ISSUER", "SECRET_MANAGER_REGION", "PASSWD_USER", "GIT_TOKEN_USERNAME",
    # what the first word asks
    "USE_TOKEN", "ENABLE_API_KEY", "SKIP_SECRETS", "MAX_TOKENS", "TOKENS_PER_USER",
    # public by its own word
    "PUBLIC_KEY", "SSH_PUB_KEY", "PUBKEY", "STRIPE_PUBLISHABLE_KEY",
    # keys that open nothing
    "GPG_KEY", "PGP_KEY", "APT_KEY", "CACHE_KEY", "PRIMARY_KEY", "SORT_KEY", "GPG_KEYS", "REPO_KEY",
)  # fmt: skip
NOTHING = (
    "VERSION", "NODE_ENV", "TARGETARCH", "APP", "BASE", "UID", "PYTHON_VERSION", "DEBIAN_FRONTEND", "AUTHOR", "KEYBOARD", "MONKEY",
    "COMPASS", "TOKENIZERS_PARALLELISM", "PASSIVE", "PATH", "BYPASS", "OAUTH2_PROXY", "SECRETARY", "a", "_",
)  # fmt: skip
POSSIBLY = (
    "AUTH", "OAUTH",
    "KEY", "MY_KEY", "OAUTH_KEY_A", "DATABASE_URL", "MONGODB_URI", "REDIS_URL", "SENTRY_DSN", "DSN", "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL", "GITHUB_AUTH",
)  # fmt: skip
SECRET = (
    # BuildKit's words
    "NPM_TOKEN", "API_TOKEN", "GITHUB_TOKEN", "PASSWORD", "DB_PASSWORD", "MY_APIKEY", "SECRET", "CLIENT_SECRET", "CREDENTIAL",
    "AWS_CREDENTIALS", "AWS_SECRET_ACCESS_KEY", "USER_PASSWD", "MYSQL_PWORD", "X_TOKEN_Y",
    # and what it misses
    "GH_PAT", "GITHUB_PAT", "DB_PASS", "DB_PWD", "PASSPHRASE", "PASSWORD2", "SECRETS", "tokens", "accesskey", "npmToken", "githubToken",
    "GH-TOKEN", "CREDS", "NPMRC", "NETRC", "SSH_PRIVATE_KEY", "PRIVATE_KEY", "API_KEY", "SIGNING_KEY", "RSA_KEY", "COMPOSER_AUTH",
    "KEY_PRIVATE", "NPM_AUTH", "BUNDLE_GITHUB__COM", "BUNDLE_RUBYGEMS__PKG__GITHUB__COM", "AWS_ACCESS_KEY_ID", "rootpass", "dbPassword",
    "MY_ACCESSTOKEN", "JWT", "KUBECONFIG", "LICENSE_KEY", "ENCRYPTION_KEY", "HTPASSWD", "STOREPASS", "apiKey", "deploy_key", "MASTER_KEY",
    "API_KEYS",
)  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), WORDS.values(), ids=WORDS)
def test_words_of_a_name(name: str, expected: str) -> None:
    assert " ".join(words(name)) == expected


@pytest.mark.parametrize("name", AGAINST)
def test_it_says_what_it_is_and_that_is_no_secret(name: str) -> None:
    assert judge(name) is NameSays.AGAINST


@pytest.mark.parametrize("name", NOTHING)
def test_it_says_nothing(name: str) -> None:
    assert judge(name) in (NameSays.NOTHING, NameSays.AGAINST)


@pytest.mark.parametrize("name", POSSIBLY)
def test_it_may_say_so(name: str) -> None:
    assert judge(name) is NameSays.POSSIBLY


@pytest.mark.parametrize("name", SECRET)
def test_it_says_so(name: str) -> None:
    assert judge(name) is NameSays.SECRET


@pytest.mark.parametrize("name", [name for name in (*SECRET, *AGAINST) if name == name.upper() and "__" not in name])
def test_case_says_nothing(name: str) -> None:
    first, *others = name.replace("-", "_").split("_")
    assert judge(name.lower()) is judge(name)
    assert judge(first.lower() + "".join(map(str.capitalize, others))) is judge(name)


def test_the_order_of_what_names_say() -> None:
    assert sorted(NameSays) == [NameSays.AGAINST, NameSays.NOTHING, NameSays.POSSIBLY, NameSays.SECRET]


def test_prefixes_are_whole_words() -> None:
    assert all(prefix.endswith("_") and prefix == prefix.upper() for prefix in PUBLIC_PREFIXES)
