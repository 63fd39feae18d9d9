"""Which files are read at all: no secret is dismissed, and most Dockerfiles are."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from codemod import destinations, names, vocabulary
from codemod.candidates import may_hold_a_secret
from codemod.dockerfile.error import ParseError
from codemod.fix import NOTHING, decide
from codemod.settings import Settings, words

from . import test_carriers, test_destinations, test_detect, test_evidence, test_literals, test_names, test_sinks, test_values
from .generated import dockerfiles
from .texts import dockerfile

REPOSITORY = Path(__file__).parents[1]


def is_dismissed(text: str) -> bool:
    return not may_hold_a_secret(text.encode("utf-8", "surrogateescape"))


def has_a_secret(text: str, wanted: Settings | None = None) -> bool:
    """Whether anything is said of the file once it is read."""
    try:
        return bool(decide(dockerfile(text), wanted or Settings(), NOTHING))
    except ParseError:
        return False


def lost(texts: Iterator[str]) -> list[str]:
    return [text for text in texts if is_dismissed(text) and has_a_secret(text)]


# --- no secret is dismissed ---------------------------------------------------------------------------------------------


def test_no_name_is_dismissed() -> None:
    rows = [name for table, _ in test_names.TABLES.values() for name in table.values()]
    pairs = (*names.VENDORS, *vocabulary.SECRET_PAIRS, *vocabulary.CARRIERS, *((word, "key") for word in (*vocabulary.KEYS, "acme")))
    rows += [form for pair in pairs for form in ("_".join(pair).upper(), pair[0] + "".join(map(str.capitalize, pair[1:])))]
    rows += [form for word in vocabulary.SECRET_WORDS for form in (word, f"MY_{word.upper()}", f"my{word.capitalize()}s")]
    rows += [f"{word}_AUTH".upper() for word in vocabulary.AUTH]
    texts = [f"FROM a\n{instruction} {name}\nRUN make\n" for name in rows for instruction in ("ARG", "arg", "ARG A=1")]
    assert lost(text for text in texts) == []


def test_no_value_is_dismissed() -> None:
    values = [*test_values.ISSUERS.values(), *(value for rows in test_values.ROWS.values() for value in rows.values() if value)]
    texts = [
        f"FROM a\n{form}\n"
        for value in values
        for form in (f"ARG A={json.dumps(value)}", f"ENV A={value}", f"ENV A {value}", f"ENV B=1 A='{value}'")
    ]
    assert lost(text for text in texts) == []


def test_no_use_is_dismissed() -> None:
    rows = [text for texts in test_destinations.EXAMPLES.values() for text in texts.values()]
    for table in (test_sinks.WAYS, test_sinks.NAMED, test_sinks.NAMED_OTHERWISE):
        rows += [text for text, _ in table.values()]
    rows += [*test_sinks.SAYS_NOTHING.values(), *(text for text, _ in test_carriers.CARRY.values())]
    runs = [
        form for text in rows for form in (f"RUN {text}", f"RUN set -e; {text}", f"RUN <<DONE\n{text}\nDONE", f"RUN echo a && \\\n  {text}")
    ]
    assert lost(f"FROM a\nARG V\n{run}\n" for run in runs) == []


# tools that many files run; their options make the difference
COMMON = frozenset({"aria2c", "cargo", "curl", "http", "https", "wget"})


def test_no_tool_of_the_tables_is_dismissed() -> None:
    """Whatever its options are."""
    tools = {tool for row in destinations.CREDENTIALS if row.weight > 0 for tool in row.commands} - COMMON
    assert sorted(tool for tool in tools if is_dismissed(f"FROM a\nARG V\nRUN {tool} x y z $V\n")) == []
    readers = {tool for tools, _, weight, _ in destinations.STDIN if weight > 0 for tool in tools}
    assert sorted(tool for tool in readers if is_dismissed(f"FROM a\nARG V\nRUN echo $V | {tool} --import unlock\n")) == []


def test_no_evidence_is_dismissed() -> None:
    tables = (
        test_evidence.EVIDENCE,
        test_evidence.FLOWS,
        test_evidence.PRAGMAS,
        test_evidence.IGNORED,
        test_literals.ENV,
        test_literals.ARG,
    )
    assert lost(f"FROM a\n{row[0]}\n" for table in tables for row in table.values()) == []
    rows = [(name, default, use.replace("$V", f"${name}")) for name, default, use, _ in test_detect.ROWS]
    assert lost(f"FROM a\nARG {name}{'' if default is None else f'={default}'}\n{use}\n" for name, default, use in rows) == []


def test_no_file_of_a_case_or_an_example_is_dismissed() -> None:
    folders = (REPOSITORY / "tests" / "cases", REPOSITORY / "examples")
    files = [file for folder in folders for file in folder.rglob("*ockerfile*") if file.is_file()]
    assert len(files) > 100
    assert lost(file.read_bytes().decode("utf-8", "surrogateescape") for file in files) == []


def benchmark() -> ModuleType:
    """A script of benchmarks/, which is no package."""
    spec = spec_from_file_location("detection", REPOSITORY / "benchmarks" / "detection.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["detection"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def test_no_row_of_the_tuned_tables_is_dismissed() -> None:
    detection = benchmark()
    tables = [path.stem for path in sorted((REPOSITORY / "benchmarks" / "detection").glob("tuned*.tsv"))]
    assert tables
    assert lost(row.dockerfile for table in tables for row in detection.rows(table)) == []


# what is far from the word that gives it away, or stands before it
FAR = {
    "a password in SQL": """RUN echo "CREATE USER x IDENTIFIED BY '$V'" | psql""",
    "a user's password in SQL": """RUN psql -c "SET PASSWORD FOR u = '$V'" """,
    "a value that is an option": "RUN tool add API_TOKEN --value $V",
    "a list that printf makes": "RUN printf 'TOKENS=a b %s' $V > f",
    "an option before what is read": "RUN login token=- <<< $V",
    "an option behind what is read": "RUN login <<< $V token=-",
    "another scheme of a header": 'RUN curl -H "Authorization: Splunk a $V" h',
    "a URL before curl's password": 'RUN curl "https://$H/a?b&c" -o f -u u:$V',
    "curl on several lines": "RUN curl -fsSL \\\n    # a comment\n    -o f \\\n    --user u:$V \\\n    h",
    "a URL of several variables": "RUN git clone https://${U:-x}:$V@h/r",
    "a URL that printf makes of two": "RUN printf 'https://%s:%s@h' u $V > f",
    "a URL with a substitution": "RUN git clone https://$(echo $V)@h/r",
    "what sed replaces by it": 'RUN sed -i "s/API_TOKEN = .* here/$V/" f',
    "what sed replaces by it on some lines": 'RUN sed -i "/password here/s/x/$V/" f',
    "a file by its name alone": "RUN echo $V > f; minisign -s f",
    "a file that is read somewhere else": f"RUN echo $V > f; {'echo a; ' * 40} tool --key f",
    "a licence, word by word": "RUN tool license a b c d \\\n  $V",
    "a password of an element": 'RUN echo "<password encrypted=no>$V</password>" > f',
}


@pytest.mark.parametrize("use", FAR.values(), ids=FAR)
def test_no_use_is_dismissed_that_is_far_from_its_word(use: str) -> None:
    text = f"FROM a\nARG V\n{use}\n"
    assert has_a_secret(text)
    assert not is_dismissed(text)


def test_no_file_that_it_is_written_to_is_dismissed() -> None:
    files = [file for pattern in (destinations.KEY_FILES, destinations.WHOLE_FILES) for file in test_destinations.FILES[pattern]]
    texts = [f"FROM a\nARG V\nRUN echo $V {writes} {file}\n" for file in files for writes in (">", "| tee", "| base64 -d >", ">> ")]
    assert all(has_a_secret(text) for text in texts)
    assert lost(text for text in texts) == []


LAYOUTS = {
    "small letters": "from a\narg npm_token\nrun b\n",
    "a byte order mark": "\ufeffARG NPM_TOKEN\nFROM a\n",
    "carriage returns": "FROM a\r\nARG NPM_TOKEN\r\nRUN b\r\n",
    "blanks before it": "FROM a\n  \t ARG NPM_TOKEN\n",
    "a tab behind the keyword": "FROM a\nARG\tNPM_TOKEN\n",
    "no newline at the end": "FROM a\nARG NPM_TOKEN",
    "no newline but carriage returns in its continuation": "FROM a\r\nARG \\\r\n  NPM_TOKEN\r\n",
    "the second word": "FROM a\nARG A NPM_TOKEN\n",
    "the next line": "FROM a\nARG A \\\n  NPM_TOKEN\n",
    "the next line, with a comment between": "FROM a\nARG A \\\n# b\n\n  # c\n  NPM_TOKEN\n",
    "blanks behind the continuation": "FROM a\nARG A \\  \n  NPM_TOKEN\n",
    "another escape": "# escape=`\nFROM a\nARG A `\n  NPM_TOKEN\n",
    "a continuation behind the keyword": "FROM a\nARG\\\n NPM_TOKEN\n",
    "a continuation in the keyword": "FROM a\nA\\\nRG NPM_TOKEN\n",
    "another in the keyword": "FROM a\nE\\\nN\\\nV API_TOKEN=hunter2\n",
    "a continuation in the keyword, with another escape": "# escape=`\nFROM a\nAR`\nG NPM_TOKEN\n",
    "a continuation in the name": "FROM a\nARG NPM_TO\\\nKEN\n",
    "a continuation in the name, with a comment": "FROM a\nARG NPM_TO\\\n# a\nKEN\n",
    "a continuation in the name, with another escape": "# escape=`\nFROM a\nARG NPM_TO`\nKEN\n",
    "a continuation in the name, with carriage returns": "FROM a\r\nARG NPM_TO\\\r\nKEN\r\n",
    "a continuation in the value": "FROM a\nENV A=cana\\\nry-1\n",
    "a continuation in a use": "FROM a\nARG V\nRUN curl -\\\nu u:$V h\n",
    "a continuation in a variable": "FROM a\nARG V\nRUN chpass\\\nwd <<< $V\n",
    "a value of ENV": "FROM a\nENV API_TOKEN=hunter2\n",
    "a value of ENV in the old form": "FROM a\nENV API_TOKEN hunter2\n",
    "a value of ENV in the old form, of any name": "FROM a\nENV A canary-1\n",
    "a mount that leaves something behind": "FROM a\nRUN --mount=type=secret,id=a cat /run/secrets/a > /b\n",
    "a mount, continued": "FROM a\nRUN --mount=ty\\\npe=secret,id=a cat /run/secrets/a > /b\n",
    "bytes that are no text": "FROM a\n# caf\udce9\nARG NPM_TOKEN=\udcff\n",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_no_layout_is_dismissed(text: str) -> None:
    assert has_a_secret(text)
    assert not is_dismissed(text)


def test_a_trigger_is_not_dismissed() -> None:
    """Nothing is found in one today; it is read all the same, as it runs in other people's builds."""
    assert not is_dismissed("FROM a\nONBUILD ARG NPM_TOKEN\n")
    assert not is_dismissed("FROM a\nonbuild  arg NPM_TOKEN\n")


@pytest.mark.parametrize("text", ["", "hello\n", "version: 1\n", "# FROM a\n", "MAINTAINER a\n", "\ufeff\n"])
def test_what_is_no_dockerfile_is_read_for_its_error(text: str) -> None:
    assert not is_dismissed(text)


# --- the user's word ----------------------------------------------------------------------------------------------------

GLOBS = {
    "a name": "FLAVOUR",
    "a glob at the end": "FLAV*",
    "a glob at both ends": "*AVO*",
    "a single character": "FLAVOU?",
    "a set": "FLAVOU[RS]",
    "a set that is most of it": "[ABCDEFGHIJ]L[A-Z]VOUR",
    "none of a set": "FLAVOU[!ABCDEFGHI]",
    "a set with a bracket": "FLAVOU[]R]",
    "anything": "*",
    "nothing but sets": "[A-Z]*[A-Z]",
}


@pytest.mark.parametrize("pattern", GLOBS.values(), ids=GLOBS)
@pytest.mark.parametrize("declared", ["FLAVOUR", "FLAV\\\nOUR"], ids=["", "continued"])
def test_what_the_user_calls_a_secret_is_not_dismissed(pattern: str, declared: str) -> None:
    text = f"FROM a\nARG {declared}\n"
    assert has_a_secret(text, Settings(words=words(secret=(pattern,))))
    assert may_hold_a_secret(text.encode(), [pattern])


def test_what_the_user_calls_a_secret_and_is_not_there_changes_nothing() -> None:
    assert not may_hold_a_secret(b"FROM a\nARG FLAVOUR\n", ["OTHER", "X_*", "FLAVOURS?"])
    assert not may_hold_a_secret(b"FROM a\nARG flavour\n", ["FLAVOUR"])


def test_a_name_of_the_users_that_is_no_text() -> None:
    assert may_hold_a_secret(b"FROM a\nARG caf\xe9\n", ["caf\udce9"])


# --- what is dismissed --------------------------------------------------------------------------------------------------

EVERYDAY = (
    "",
    "# a comment about the token",
    "ARG VERSION", "ARG NODE_VERSION=22", "ARG TARGETARCH", "ARG BASE=alpine:3.20", "ARG UID=1000", "ARG DEBIAN_FRONTEND=noninteractive",
    "ENV NODE_ENV=production", 'ENV PATH="/app/bin:$PATH"', "ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=off", "ENV LANG C.UTF-8",
    "ENV GOPATH=/go JAVA_HOME=/usr/lib/jvm", "ENV PORT=8080", "ENV TZ=Europe/Berlin",
    "LABEL org.opencontainers.image.source=https://github.com/example/app", "WORKDIR /app", "USER node", "EXPOSE 80 443", "VOLUME /data",
    "COPY . .", "COPY --from=build /app/dist /usr/share/nginx/html", "COPY package.json yarn.lock ./", "ADD https://example.org/a.tgz /a",
    "STOPSIGNAL SIGTERM", 'CMD ["node", "server.js"]', 'ENTRYPOINT ["/entrypoint.sh"]',
    'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    "HEALTHCHECK CMD wget -q http://localhost:8080/health",
    "RUN apt-get update && apt-get install -y --no-install-recommends curl git && rm -rf /var/lib/apt/lists/*",
    "RUN apk add --no-cache curl bash", "RUN npm ci && npm run build", "RUN pip install -r requirements.txt", "RUN go build -o /app ./cmd",
    "RUN cargo build --release", "RUN mvn -B package", "RUN mkdir -p /data && chown -R node:node /data", "RUN chmod +x /entrypoint.sh",
    "RUN adduser -D app", "RUN make", "RUN ln -s /a /b", "RUN curl -fsSL https://example.org/install.sh | sh",
    "RUN echo 'export A=1' > /etc/profile.d/a.sh", "RUN tar -xzf a.tgz -C /opt", "RUN python -m compileall .",
    "RUN <<EOF\nset -e\nmake\nEOF",
    "RUN --mount=type=cache,target=/root/.cache pip install .", "ONBUILD COPY . .",
    "RUN apt-get install -y passwd openssh-client gnupg",
)  # fmt: skip


@pytest.mark.parametrize("line", EVERYDAY)
def test_what_every_file_has_is_dismissed(line: str) -> None:
    assert is_dismissed(f"FROM alpine:3.20\n{line}\n")
    assert is_dismissed(f"FROM alpine:3.20 AS build\r\n{line}\r\nRUN make\r\n".replace("EOF\n", "EOF\r\n"))


def test_a_word_that_is_far_from_any_arg_is_no_reason_to_read_a_file() -> None:
    assert is_dismissed('FROM a\nRUN apt-get install -y libsecret-1-dev\nCMD ["--password-file", "/run/secrets/a"]\n')


# --- generated files ----------------------------------------------------------------------------------------------------

NAMES = ("V", "GH", "FLAVOUR", "NPM_TOKEN", "API_KEY", "CACHE_KEY", "DATABASE_URL", "githubPat", "DB_PASS", "AUTH", "REPO", "X")
VALUES = (
    "",
    "=",
    "=1",
    "=canary-1",
    "=https://u:p4ss@h",
    "=postgres://u:hunter2@db/x",
    "=a$V",
    "=hunter2",
    '="a b"',
    "='ghp_" + "a1" * 15 + "'",
)
USES = tuple(text for texts in test_destinations.EXAMPLES.values() for text in texts.values())
WAYS = tuple(text for text, _ in (*test_sinks.WAYS.values(), *test_sinks.NAMED.values()))
LINES = (
    "ENV §=$V", "ENV § $V", "ENV A=https://u:$V@h B=1", "ENV B=u:$A", "LABEL a=$V", "COPY $V b", "WORKDIR /$V", "ADD https://$V@h/a b",
    "CMD curl -u u:$V h", "FROM b", "FROM c:$V", "USER a", "# a comment \\", "ONBUILD ARG §", "ENV A=canary-1", "RUN $A",
    "RUN --mount=type=secret,id=a cat /run/secrets/a > /b", "HEALTHCHECK CMD curl -u $V h",
)  # fmt: skip


@st.composite
def small_files(draw: st.DrawFn) -> str:
    """A few instructions, some of them continued where nobody would."""
    name = st.sampled_from(NAMES)
    instructions = st.one_of(
        st.builds("{} {}{}".format, st.sampled_from(("ARG", "arg", " ARG ", "ENV", "ONBUILD ARG")), name, st.sampled_from(VALUES)),
        st.sampled_from((*USES, *WAYS)).map(lambda text: f"RUN {text}"),
        st.builds(lambda line, name: line.replace("§", name), st.sampled_from(LINES), name),
    )
    escape = draw(st.sampled_from(("\\", "\\", "`")))
    lines = ["FROM a", "ARG V", *draw(st.lists(instructions, max_size=4))]
    lines[1:2] = [] if draw(st.booleans()) else ["ARG V"]
    for index, line in enumerate(lines):
        if not draw(st.integers(0, 3)) and "\n" not in line and "\\" not in line:
            cut = draw(st.integers(1, len(line)))
            between = draw(st.sampled_from(("", "", "# a\n", "  # b\n\n", "\n")))
            lines[index] = line[:cut] + escape + draw(st.sampled_from(("", "", " ", "\t "))) + "\n" + between + line[cut:]
    text = ("# escape=`\n" if escape == "`" else "") + "\n".join(lines) + draw(st.sampled_from(("\n", "")))
    return draw(st.sampled_from(("", "", "\ufeff"))) + text.replace("\n", draw(st.sampled_from(("\n", "\n", "\r\n"))))


def as_many(examples: int) -> settings:
    wanted = os.environ.get("DOCKERFIX_EXAMPLES")
    checks = (HealthCheck.too_slow, HealthCheck.filter_too_much)
    return settings(
        max_examples=int(wanted or examples), derandomize=wanted is None, deadline=None, database=None, suppress_health_check=checks
    )


@given(text=st.one_of(small_files(), dockerfiles().map(lambda made: made.text)))
@as_many(500)
def test_no_generated_file_is_dismissed_that_has_a_secret(text: str) -> None:
    event("dismissed" if is_dismissed(text) else "read")
    assume(is_dismissed(text))
    assert not has_a_secret(text)
