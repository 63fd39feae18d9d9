"""What is a finding, how sure it is, and on what evidence."""

from __future__ import annotations

import pytest

from codemod.detect import Confidence, Entry, Finding, comments_above, find_secrets, plain_value
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
    ("DATABASE_URL", None, PRINT, "public"),
    ("DATABASE_URL", "sqlite:///a", PRINT, "public"),
    ("SENTRY_DSN", None, PRINT, "public"),
    ("OAUTH", None, PRINT, "public"),
    ("KEY", None, PRINT, "public"),
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


# --- evidence -----------------------------------------------------------------------------------------------------------

SAYS = "its name says so"
EVIDENCE = {
    "a name": ("ARG API_TOKEN\nRUN make", [("name", 2, SAYS)], Confidence.LIKELY),
    "a name and a placeholder": ("ARG API_TOKEN=changeme\nRUN make", [("name", 2, SAYS)], Confidence.LIKELY),
    "a name and what could be anything": ("ARG API_TOKEN=hunter2\nRUN make", [("name", 2, SAYS)], Confidence.LIKELY),
    "a name and a credential": (
        f"ARG API_TOKEN={ISSUED}\nRUN make",
        [("name", 2, SAYS), ("value", 2, "its default has the form of a credential")],
        Confidence.CERTAIN,
    ),
    "a name and a use": (
        "ARG API_TOKEN\nRUN curl -u u:$API_TOKEN h",
        [("name", 2, SAYS), ("use", 3, "curl sends it as a password")],
        Confidence.CERTAIN,
    ),
    "a name and a use that is none": (
        "ARG API_TOKEN=\nRUN useradd $API_TOKEN",
        [("name", 2, SAYS), ("use", 3, "it is a user's or group's name")],
        Confidence.LIKELY,
    ),
    "a use for and a use against": (
        "ARG API_TOKEN\nRUN curl -u u:$API_TOKEN h\nRUN useradd $API_TOKEN",
        [("name", 2, SAYS), ("use", 3, "curl sends it as a password"), ("use", 4, "it is a user's or group's name")],
        Confidence.CERTAIN,
    ),
    "the second declaration's default": (
        f"ARG API_TOKEN\nRUN make\nARG API_TOKEN={ISSUED}",
        [("name", 2, SAYS), ("value", 4, "its default has the form of a credential")],
        Confidence.CERTAIN,
    ),
    "the line of a continued command": (
        "ARG API_TOKEN\nRUN a \\\n  # b\n  && curl -u u:$API_TOKEN h",
        [("name", 2, SAYS), ("use", 5, "curl sends it as a password")],
        Confidence.CERTAIN,
    ),
    "a copy by an ARG": (
        "ARG API_TOKEN\nARG GH_TOKEN=$API_TOKEN\nRUN make",
        [("name", 2, SAYS), ("use", 3, "it is copied into GH_TOKEN")],
        Confidence.CERTAIN,
    ),
    "a URL of ADD": ("ARG T\nADD https://$T@h/a b", [("use", 3, "a URL carries it as a credential")], Confidence.LIKELY),
    "two credentials of a URL in ARG and RUN": (
        "ARG PIP_INDEX_URL=https://u:hunter2@h\nRUN pip install a",
        [("name", 2, "its name may say so"), ("value", 2, "its default has the form of a credential")],
        Confidence.LIKELY,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "evidence", "confidence"), EVIDENCE.values(), ids=EVIDENCE)
def test_evidence(text: str, evidence: list[tuple[str, int, str]], confidence: Confidence) -> None:
    (finding,) = (finding for finding in found(f"FROM example.org/a\n{text}\n") if finding.entry is Entry.ARG)
    assert [(item.kind, item.line, item.detail) for item in finding.evidence] == evidence
    assert finding.confidence is confidence
    assert (finding.line, finding.public, finding.ignored) == (2, False, False)


@pytest.mark.parametrize(
    "use",
    [
        "FROM a:$API_TOKEN",
        "COPY $API_TOKEN b\nARG A\nRUN useradd $API_TOKEN",
        "WORKDIR /$API_TOKEN",
        "USER $API_TOKEN",
        "EXPOSE $API_TOKEN",
    ],
)
def test_a_builders_use_speaks_against(use: str) -> None:
    text = f"ARG API_TOKEN\nFROM a\nARG API_TOKEN\n{use}\n"
    weights = [item.weight for finding in found(text) for item in finding.evidence if item.kind == "use"]
    assert not weights or min(weights) < 0


def test_each_kind_of_evidence_counts_once() -> None:
    (finding,) = found("FROM a\nARG T\nRUN curl -u u:$T h\nRUN curl -u u:$T h && wget --password=$T h\n")
    assert len(finding.evidence) == 1


# --- the user's word, the framework's rule, comments ---------------------------------------------------------------------


def test_the_users_word_beats_all() -> None:
    text = "FROM a\nARG VERSION=1\nARG API_TOKEN\nARG VITE_KEY\nRUN curl -u u:$API_TOKEN h\n"
    assert [finding.name for finding in found(text)] == ["API_TOKEN"]
    (finding,) = found(text, Settings(words=words(not_secret=("API_*",), secret=("VERSION",))))
    assert (finding.name, finding.confidence) == ("VERSION", Confidence.CERTAIN)
    assert [item.detail for item in finding.evidence] == ["--secret says so"]
    assert [finding.public for finding in found(text, Settings(words=words(secret=("VITE_*",)))) if finding.name == "VITE_KEY"] == [False]
    assert found(text, Settings(words=words(secret=("version",), not_secret=("*",)))) == ()


def test_a_secret_that_the_framework_ships_is_public() -> None:
    (finding,) = found("FROM a\nARG NEXT_PUBLIC_API_TOKEN\nRUN npm run build\n")
    assert finding.public
    (finding,) = found("FROM a\nARG vite_api_token\nRUN npm run build\n")
    assert finding.public
    assert found("FROM a\nARG NEXT_PUBLIC_URL\nRUN npm run build\n") == ()


IGNORED = {
    "directly above": ("# dockerfix: ignore=API_TOKEN it is a test's\nARG API_TOKEN", True),
    "above other comments": ("# dockerfix: ignore=API_TOKEN\n# a comment\nARG API_TOKEN", True),
    "one of several": ("# dockerfix: ignore=A,API_TOKEN\nARG API_TOKEN", True),
    "a glob": ("# dockerfix:ignore=API_*\nARG API_TOKEN", True),
    "at its second ARG": ("ARG API_TOKEN\n# dockerfix: ignore=API_TOKEN\nARG API_TOKEN", True),
    "another one": ("# dockerfix: ignore=A\nARG API_TOKEN", False),
    "with a blank line between": ("# dockerfix: ignore=API_TOKEN\n\nARG API_TOKEN", False),
    "below": ("ARG API_TOKEN\n# dockerfix: ignore=API_TOKEN", False),
    "at another ARG": ("# dockerfix: ignore=API_TOKEN\nARG A\nARG API_TOKEN", False),
}


@pytest.mark.parametrize(("text", "ignored"), IGNORED.values(), ids=IGNORED)
def test_ignored_by_a_comment(text: str, *, ignored: bool) -> None:
    (finding,) = found(f"FROM a\nENV A=1\n{text}\nRUN make\n")
    assert finding.ignored is ignored


def test_the_comments_above() -> None:
    file = dockerfile("FROM a\n# 1\n\n# 2\n  # 3\nRUN b\n")
    assert comments_above(file, file.stages[0].instructions[0]) == ("# 2\n", "  # 3\n")
    assert comments_above(file, file.stages[0].start) == ()


# --- what is made from a secret, and what stands in the file ---------------------------------------------------------------


def test_what_is_made_from_a_secret_goes_with_it() -> None:
    text = "FROM a\nARG API_TOKEN\nARG AUTH_TOKEN_HEADER_PASS=x$API_TOKEN\nRUN make\n"
    assert [finding.name for finding in found(text)] == ["API_TOKEN"]
    ignored = text.replace("ARG API_TOKEN", "ENV A=1\n# dockerfix: ignore=API_TOKEN\nARG API_TOKEN")
    assert [finding.name for finding in found(ignored)] == ["API_TOKEN", "AUTH_TOKEN_HEADER_PASS"]
    public = found("FROM a\nARG VITE_API_TOKEN\nARG GH_TOKEN=$VITE_API_TOKEN\nRUN make\n")
    assert [finding.name for finding in public] == ["VITE_API_TOKEN", "GH_TOKEN"]
    apart = Settings(words=words(not_secret=("API_TOKEN",)))
    assert [finding.name for finding in found(text, apart)] == ["AUTH_TOKEN_HEADER_PASS"]


BY_NAME = "its name says so, and a value stands in the file"
LITERALS = {
    "no secret": ("ENV A=1 B=hunter2", []),
    "a secret's name without a value": ("ENV API_TOKEN=", []),
    "a secret's name with a placeholder": ("ENV API_TOKEN=changeme", []),
    "a secret's name with a variable": ("ENV API_TOKEN=$A", []),
    "a secret's name with a path": ("ENV API_TOKEN=/run/secrets/a", []),
    "a secret's name with a value": ("ENV API_TOKEN=hunter2", [("API_TOKEN", Confidence.LIKELY, BY_NAME)]),
    "in the old form": ("ENV API_TOKEN hunter2", [("API_TOKEN", Confidence.LIKELY, BY_NAME)]),
    "a credential of any name": (f"ENV A={ISSUED}", [("A", Confidence.CERTAIN, "its value has the form of a credential")]),
    "two of three": (f'ENV A="{ISSUED}" B=1 DB_PASSWORD=\'hunter2\'', [
        ("A", Confidence.CERTAIN, "its value has the form of a credential"),
        ("DB_PASSWORD", Confidence.LIKELY, BY_NAME),
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), LITERALS.values(), ids=LITERALS)
def test_literals_of_env(line: str, expected: list[tuple[str, Confidence, str]]) -> None:
    findings = found(f"FROM a\n{line}\n")
    assert [(finding.name, finding.confidence, finding.evidence[0].detail) for finding in findings] == expected
    assert {(finding.entry, finding.line) for finding in findings} <= {(Entry.ENV, 2)}


def test_the_users_word_on_a_literal() -> None:
    text = "FROM a\nENV API_TOKEN=hunter2\nENV GREETING=hello\n"
    assert [finding.name for finding in found(text, Settings(words=words(not_secret=("API_TOKEN",), secret=("GREET*",))))] == ["GREETING"]


# --- small things -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("T", None),
        ("T=", ""),
        ("T=a", "a"),
        ("T='a b'", "a b"),
        ('T="a\\"b"', 'a"b'),
        ("T=$A", None),
        ("T=a${A}", None),
        ("T='$A'", "$A"),
        ("T=${A", "${A"),
    ],
)
def test_a_value_without_its_quotes(word: str, value: str | None) -> None:
    file = dockerfile(f"FROM a\nARG {word}\n")
    assert plain_value(file.stages[0].instructions[0].variables[0], file.escape) == value
