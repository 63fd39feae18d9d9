"""What is a finding, how sure it is, and on what evidence."""

from __future__ import annotations

import pytest

from codemod.detect import find_secrets
from codemod.evidence import Confidence
from codemod.findings import Entry, Finding
from codemod.settings import Settings, words

from .texts import dockerfile

# A default, a use of V and what a person says who reads them: the uses are instructions below the ARG.
ISSUED = "ghp_" + "abcdefghij" * 4
CURL, PRINT, NONE = "RUN curl -u u:$V h", "RUN make A=$V", "RUN make"
ROWS = (
    # by its name alone
    ("NPM_TOKEN", None, NONE, "secret"),
    ("GH_PAT", None, NONE, "secret"),
    ("DB_PASS", "", NONE, "secret"),
    ("githubToken", None, PRINT, "secret"),
    ("SSH_PRIVATE_KEY", None, 'RUN echo "$V" > ~/.ssh/id_rsa', "secret"),
    ("COMPOSER_AUTH", None, NONE, "secret"),
    ("NPMRC", None, 'RUN echo "$V" > .npmrc', "secret"),
    ("AWS_SECRET_ACCESS_KEY", None, NONE, "secret"),
    ("BUNDLE_GITHUB__COM", None, "RUN bundle install", "secret"),
    ("SENTRY_AUTH_TOKEN", None, "RUN sentry-cli releases list", "secret"),
    ("MYSQL_ROOT_PASSWORD", "root", PRINT, "secret"),
    ("API_KEY", "changeme", PRINT, "secret"),
    ("SECRET_KEY_BASE", "dummy", "RUN rake assets:precompile", "secret"),
    ("LICENSE_KEY", None, PRINT, "secret"),
    ("PASSPHRASE", "hunter2", PRINT, "secret"),
    # by where it goes
    ("V", None, CURL, "secret"),
    ("CI_JOB", None, "RUN git clone https://gitlab-ci:$V@h/r", "secret"),
    ("REGISTRY", None, "RUN docker login -p $V h", "secret"),
    ("GH", None, "RUN PGPASSWORD=$V psql", "secret"),
    ("ACCESS", None, 'RUN curl -H "Authorization: Bearer $V" h', "secret"),
    ("JFROG", None, "ADD https://u:$V@h/a b", "secret"),
    ("PROXY", None, "RUN echo //r/:_authToken=$V > .npmrc", "secret"),
    ("ACCOUNT", None, "RUN sshpass -p $V ssh h", "secret"),
    ("DEPLOY", None, "ENV NPM_TOKEN=$V", "secret"),
    ("DEPLOY", None, "ARG NPM_TOKEN=$V", "secret"),
    ("PIP_INDEX_URL", None, "RUN pip install -i $V a --index-url $V", "secret"),
    # by its default
    ("SETTINGS", ISSUED, PRINT, "secret"),
    ("SETTINGS", "https://user:hunter2@h/x", PRINT, "secret"),
    ("DATABASE_URL", "postgres://u:hunter2@h/d", PRINT, "secret"),
    ("DATABASE_URL", None, PRINT, "secret"),
    # what says that it is none
    ("VERSION", None, NONE, "public"),
    ("NODE_ENV", "production", PRINT, "public"),
    ("UID", "1000", "RUN useradd -u $V a", "public"),
    ("APP", "app", "WORKDIR /$V", "public"),
    ("TOKEN_URL", None, PRINT, "public"),
    ("AUTH_MODE", "basic", PRINT, "public"),
    ("PASSWORD_FILE", "/run/secrets/a", PRINT, "public"),
    ("SECRET_NAME", "a", PRINT, "public"),
    ("API_KEY_VERSION", "1.2", PRINT, "public"),
    ("PUBLIC_KEY", None, PRINT, "public"),
    ("KEY_ID", None, "RUN gpg --recv-keys $V", "public"),
    ("GPG_KEY", "0123ABCD", "RUN gpg --recv-keys $V", "public"),
    ("CACHE_KEY", "1", PRINT, "public"),
    ("DATABASE_URL", "sqlite:///a", PRINT, "public"),
    ("SENTRY_DSN", None, PRINT, "public"),
    ("OAUTH", None, PRINT, "public"),
    ("USE_TOKEN", "true", PRINT, "public"),
    ("MAX_TOKENS", "4096", PRINT, "public"),
    ("PASSWORD_MIN_LENGTH", "8", PRINT, "public"),
    ("GIT_TOKEN_USER", None, PRINT, "public"),
    ("TOKENIZER", "bert", PRINT, "public"),
    ("COMPASS", None, PRINT, "public"),
    ("IMAGE", None, "RUN docker pull $V", "public"),
    ("BRANCH", None, "RUN git clone -b $V https://h/r", "public"),
    ("HOST", None, "RUN curl https://$V/a", "public"),
    ("USER_NAME", None, "RUN curl -u $V:$W h", "public"),
    ("PKG", None, "RUN apt-get install -y a=$V", "public"),
    ("DIST", None, "COPY $V /a", "public"),
    ("GREETING", "hunter2", PRINT, "public"),
    ("V", None, 'RUN ["curl", "-u", "u:$V", "h"]', "public"),
    ("DEPLOY", None, "ARG OTHER=$V\nRUN make $OTHER", "public"),
    ("API_TOKEN", None, "LABEL a=$V", "secret"),
)  # fmt: skip


def found(text: str, settings: Settings | None = None) -> tuple[Finding, ...]:
    return find_secrets(dockerfile(text), settings or Settings())


@pytest.mark.parametrize(
    ("name", "default", "use", "label"),
    ROWS,
    ids=[f"{name}={default}, {use}" if default else f"{name}, {use}" for name, default, use, _ in ROWS],
)
def test_what_a_person_would_say(name: str, default: str | None, use: str, label: str) -> None:
    declared = name if default is None else f"{name}={default}"
    findings = [
        finding for finding in found(f"FROM example.org/a\nARG {declared}\n{use.replace('$V', '$' + name)}\n") if finding.entry is Entry.ARG
    ]
    assert [finding.name for finding in findings] == ([name] if label == "secret" else [])


# --- findings -----------------------------------------------------------------------------------------------------------


def names_of(text: str, settings: Settings | None = None) -> list[str]:
    return [finding.name for finding in found(text, settings)]


def test_build_args_come_with_their_defaults_in_the_files_order_and_then_env() -> None:
    text = f"FROM a\nENV DB_PASSWORD=hunter2\nARG NPM_TOKEN\nARG VERSION=1\nARG API_TOKEN={ISSUED}\nRUN make\n"
    assert [(finding.name, finding.entry, finding.line) for finding in found(text)] == [
        ("NPM_TOKEN", Entry.ARG, 3),
        ("API_TOKEN", Entry.ARG, 5),
        ("API_TOKEN", Entry.DEFAULT, 5),
        ("DB_PASSWORD", Entry.ENV, 2),
    ]


def test_a_build_arg_is_found_where_it_is_first_declared() -> None:
    (finding,) = found("ARG API_TOKEN\nFROM a\nARG API_TOKEN\nRUN curl -u u:$API_TOKEN h\n")
    assert (finding.line, finding.confidence, finding.public, finding.ignored) == (1, Confidence.CERTAIN, False, False)
    assert finding.flow is not None
    assert [word.variable.line for word in finding.flow.declarations] == [1, 3]


def test_what_is_only_possible_is_found_where_it_is_asked_for() -> None:
    text = "FROM a\nARG AUTH\nRUN make\n"
    assert found(text) == ()
    (finding,) = found(text, Settings(show_possible=True))
    assert (finding.name, finding.confidence, finding.acted_on) == ("AUTH", Confidence.POSSIBLE, False)


def test_what_nothing_speaks_for_is_never_found() -> None:
    assert found("FROM a\nARG VERSION=1.2.3\nENV NODE_ENV=production\nRUN make $VERSION\n", Settings(show_possible=True)) == ()


def test_the_users_word_beats_all() -> None:
    text = "FROM a\nARG VERSION=1\nARG API_TOKEN\nARG VITE_KEY\nRUN curl -u u:$API_TOKEN h\n"
    by_user = found(text, Settings(words=words(not_secret=("API_*", "VITE_*"), secret=("VERSION",))))
    assert [(finding.name, finding.confidence) for finding in by_user if finding.entry is Entry.ARG] == [("VERSION", Confidence.CERTAIN)]
    assert found(text, Settings(words=words(secret=("version",), not_secret=("*",)))) == ()


PUBLIC = {
    "a framework's": ("NEXT_PUBLIC_API_TOKEN", [True]),
    "a framework's in small letters": ("vite_api_token", [True]),
    "a framework's, without a secret's name": ("NEXT_PUBLIC_URL", []),
    "no framework's": ("MY_VITE_API_TOKEN", [False]),
}


@pytest.mark.parametrize(("name", "public"), PUBLIC.values(), ids=PUBLIC)
def test_a_secret_that_the_framework_ships_is_public(name: str, public: list[bool]) -> None:
    findings = found(f"FROM a\nARG {name}\nRUN npm run build\n")
    assert [(finding.public, finding.acted_on) for finding in findings] == [(each, not each) for each in public]


def test_the_user_says_that_what_a_framework_ships_is_a_secret_all_the_same() -> None:
    (finding,) = found("FROM a\nARG VITE_API_TOKEN\nRUN make\n", Settings(words=words(secret=("VITE_*",))))
    assert not finding.public


def test_what_a_comment_ignores_is_found_and_not_acted_on() -> None:
    (finding,) = found("FROM a\nENV A=1\n# dockerfix: ignore=API_TOKEN\nARG API_TOKEN\nRUN make\n")
    assert (finding.ignored, finding.acted_on) == (True, False)


# --- what is made from a secret -----------------------------------------------------------------------------------------


def test_what_is_made_from_a_secret_goes_with_it() -> None:
    text = "FROM a\nARG API_TOKEN\nARG AUTH_TOKEN_HEADER_PASS=x$API_TOKEN\nRUN make\n"
    assert names_of(text) == ["API_TOKEN"]
    ignored = text.replace("ARG API_TOKEN", "ENV A=1\n# dockerfix: ignore=API_TOKEN\nARG API_TOKEN")
    assert names_of(ignored) == ["API_TOKEN", "AUTH_TOKEN_HEADER_PASS"]
    assert names_of("FROM a\nARG VITE_API_TOKEN\nARG GH_TOKEN=$VITE_API_TOKEN\nRUN make\n") == ["VITE_API_TOKEN", "GH_TOKEN"]
    assert names_of(text, Settings(words=words(not_secret=("API_TOKEN",)))) == ["AUTH_TOKEN_HEADER_PASS"]


def test_what_is_made_from_what_is_only_possible_is_a_secret_of_its_own() -> None:
    text = "FROM a\nARG AUTH\nARG GH_TOKEN=$AUTH\nRUN make\n"
    assert "GH_TOKEN" in names_of(text.replace("GH_TOKEN=$AUTH", "GH_TOKEN=a$AUTH"))


def test_no_finding_shows_a_value() -> None:
    shown = repr(found("FROM a\nARG API_TOKEN=zq7w\nENV DB_PASSWORD=zq7w B='zq7w://u:p@h'\nRUN make\n"))
    assert "API_TOKEN" in shown
    assert "zq7w" not in shown
