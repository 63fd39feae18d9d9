"""One function from text to Result: its steps together, and what a caller may rely on."""

from __future__ import annotations

import pickle
from pathlib import PurePosixPath

import pytest

from codemod.context import Mention
from codemod.dockerfile.error import ParseError
from codemod.findings import Entry
from codemod.fix import fix
from codemod.refusal import Reason
from codemod.result import Outcome, Result, Status
from codemod.settings import Settings, Style, words
from codemod.surroundings import Surroundings
from codemod.text import Source

from .texts import fixed, source

TEXT = """\
FROM alpine
ARG NPM_TOKEN
ARG DB_PASSWORD=hunter2
ARG VITE_API_TOKEN
# dockerfix: ignore=OLD_TOKEN a test's
ARG OLD_TOKEN
ENV GITHUB_TOKEN=hunter3
LABEL a=$DB_PASSWORD
RUN curl -u u:$NPM_TOKEN h
RUN --mount=type=secret,id=other export O="$(cat /run/secrets/other)" && echo $O
"""


def by_name(result: Result) -> dict[str, Outcome]:
    """Each secret's; the defaults of build args, findings of their own, apart."""
    return {outcome.finding.name: outcome for outcome in result.outcomes if outcome.finding.entry is not Entry.DEFAULT}


def test_what_becomes_of_each_secret() -> None:
    found = by_name(fixed(TEXT))
    assert {name: outcome.status for name, outcome in found.items()} == {
        "NPM_TOKEN": Status.REWRITTEN,
        "DB_PASSWORD": Status.REFUSED,
        "VITE_API_TOKEN": Status.REPORTED,
        "OLD_TOKEN": Status.IGNORED,
        "GITHUB_TOKEN": Status.REPORTED,
        "other": Status.REPORTED,
    }
    assert {outcome.finding.entry for outcome in fixed(TEXT).outcomes} == set(Entry) - {Entry.CALL}
    assert {name for name, outcome in found.items() if outcome.plan} == {"NPM_TOKEN"}
    assert {name: outcome.refusal.reason for name, outcome in found.items() if outcome.refusal} == {
        "DB_PASSWORD": Reason.USED_BY_INSTRUCTION,
        "GITHUB_TOKEN": Reason.LITERAL_CREDENTIAL,
    }
    assert found["VITE_API_TOKEN"].warnings == ("VITE_API_TOKEN is public by its framework's rule: what it holds is shipped to everyone",)
    assert [(remain.reason, remain.line) for remain in found["other"].remains] == [("printed", 10)]


def test_a_default_comes_behind_its_arg() -> None:
    (default,) = (outcome for outcome in fixed(TEXT).outcomes if outcome.finding.entry is Entry.DEFAULT)
    names = [outcome.finding.name for outcome in fixed(TEXT).outcomes]
    assert (default.finding.name, default.finding.line, default.status) == ("DB_PASSWORD", 3, Status.REPORTED)
    assert names == ["NPM_TOKEN", "DB_PASSWORD", "DB_PASSWORD", "VITE_API_TOKEN", "OLD_TOKEN", "GITHUB_TOKEN", "other"]


def test_the_result() -> None:
    result = fixed(TEXT)
    assert result.changed
    assert result.source == source(TEXT)
    assert [plan.name for plan in result.plans] == ["NPM_TOKEN"]
    assert result.mounted == ("NPM_TOKEN", "other")
    assert "ARG NPM_TOKEN" not in result.text
    assert "ARG DB_PASSWORD=hunter2\n" in result.text


def test_plans_are_in_the_order_of_the_file() -> None:
    result = fixed("FROM alpine\nARG B_TOKEN\nFROM alpine\nARG A_TOKEN\nRUN curl -u u:$A_TOKEN h\nARG B_TOKEN\nRUN curl -u u:$B_TOKEN h\n")
    assert [plan.name for plan in result.plans] == ["B_TOKEN", "A_TOKEN"]


def test_a_file_without_secrets_is_what_it_was() -> None:
    result = fixed("FROM alpine\nARG VERSION\nRUN a $VERSION\n")
    assert not result.changed
    assert (result.outcomes, result.plans, result.mounted) == ((), (), ())


def test_a_file_whose_secrets_are_all_refused_is_what_it_was() -> None:
    result = fixed("FROM alpine\nARG NPM_TOKEN\nLABEL a=$NPM_TOKEN\n")
    assert not result.changed
    assert result.text == result.source.text


def test_a_second_run_is_idle() -> None:
    first = fixed(TEXT)
    second = fixed(first.text)
    assert not second.changed
    assert second.plans == ()
    kept = by_name(first).keys() - {"NPM_TOKEN"}
    assert by_name(second).keys() == kept


def test_a_second_run_with_another_id_is_idle() -> None:
    settings = Settings(ids=(("NPM_TOKEN", "npm"),))
    assert not fixed(fixed(TEXT, settings).text, settings).changed


def test_the_same_text_has_the_same_result() -> None:
    assert fixed(TEXT) == fixed(TEXT)


def test_what_is_given_and_what_comes_back_can_be_pickled() -> None:
    """A process pool and a distributed executor run the same function."""
    result = fixed(TEXT)
    for thing in (
        fix,
        Settings(words=words(secret=("A",)), allow=frozenset({Reason.RUNTIME_ENVIRONMENT}), style=Style.ENV),
        source(TEXT),
        result,
    ):
        assert pickle.loads(pickle.dumps(thing)) == thing
    error = ParseError("a", 3)
    again = pickle.loads(pickle.dumps(error))
    assert (again.message, again.line) == ("a", 3)


def test_what_no_builder_takes_is_an_error_with_its_line() -> None:
    with pytest.raises(ParseError) as caught:
        fixed("FROM alpine\nARG NPM_TOKEN\nRUNN a\n")
    assert caught.value.line == 3


def test_what_can_hold_no_secret_is_not_even_parsed() -> None:
    text = "FROM alpine\nARG VERSION\nRUNN a\n"
    assert fixed(text).outcomes == ()
    for settings in (Settings(show_possible=True), Settings(words=words(secret=("VERS*",)))):
        with pytest.raises(ParseError):
            fixed(text, settings)


def test_any_bytes_come_back() -> None:
    content = b"\xef\xbb\xbfFROM alpine\r\n# caf\xe9\r\nARG NPM_TOKEN\r\nRUN curl -u u:$NPM_TOKEN \xff"
    result = fix(Source.from_bytes(PurePosixPath("a"), content), Settings())
    written = Source(result.source.path, result.text).to_bytes()
    assert written == (
        b"\xef\xbb\xbfFROM alpine\r\n# caf\xe9\r\nRUN --mount=type=secret,id=NPM_TOKEN,required=true \\\r\n"
        b'    NPM_TOKEN="$(cat /run/secrets/NPM_TOKEN)" \\\r\n    && curl -u u:$NPM_TOKEN \xff'
    )


def test_mentions_of_the_context_are_each_names_own() -> None:
    text = "FROM node:22\nARG NPM_TOKEN GH_TOKEN\nRUN curl -u $NPM_TOKEN:$GH_TOKEN h\nCOPY . .\nRUN npm ci\n"
    result = fix(
        source(text),
        Settings(),
        Surroundings({"NPM_TOKEN": (Mention(".npmrc", 1, demands=True),), "OTHER": (Mention(".npmrc", 1, demands=True),)}),
    )
    assert {plan.name: [step.run.line for step in plan.steps] for plan in result.plans} == {"NPM_TOKEN": [3, 5], "GH_TOKEN": [3]}


FORMS = """\
FROM alpine
ARG NPM_TOKEN
ENV NODE_AUTH_TOKEN=$NPM_TOKEN
USER 1000
RUN ["npm", "ci"]
RUN <<EOF
curl -u u:$NPM_TOKEN h
EOF
SHELL ["/bin/bash", "-exc"]
RUN cat <<EOF > /dev/null
$NPM_TOKEN
EOF
RUN --mount=type=secret,id=NPM_TOKEN,target=/a curl -u u:$NPM_TOKEN h
"""


@pytest.mark.parametrize("style", Style)
def test_every_form_comes_to_rest(style: Style) -> None:
    first = fixed(FORMS, Settings(style=style))
    assert [outcome.status for outcome in first.outcomes] == [Status.REWRITTEN]
    assert not fixed(first.text, Settings(style=style)).changed
    assert not {"ARG", "ENV"} & {line.partition(" ")[0] for line in first.text.splitlines()}


def test_a_style_changes_nothing_that_is_done() -> None:
    """A file that has its mounts keeps them, whatever is asked for later."""
    for style in Style:
        assert not fixed(fixed(FORMS).text, Settings(style=style)).changed
        assert not fixed(fixed(FORMS, Settings(style=Style.ENV)).text, Settings(style=style)).changed


SHOWN = {
    "a default that moves": "FROM alpine\nARG API_TOKEN=§\nRUN curl -u u:$API_TOKEN h\n",
    "a default that is dropped": "FROM alpine\nARG API_TOKEN=canary-§\nRUN curl -u u:$API_TOKEN h\n",
    "a default of a value made from it": "FROM alpine\nARG API_TOKEN\nARG URL=https://§$API_TOKEN@h\nRUN curl $URL\n",
    "a global default in FROM": "ARG API_TOKEN=§\nFROM a:$API_TOKEN\nARG API_TOKEN\nRUN curl -u u:$API_TOKEN h\n",
    "a literal of ENV": "FROM alpine\nENV API_TOKEN=§\n",
    "a default that is the name of a file": "FROM alpine\nARG API_TOKEN=§\nRUN echo $API_TOKEN > §\n",
    "a default that is the name of a credential's file": "FROM alpine\nARG API_TOKEN=§\nRUN echo $API_TOKEN > /a/§-token\n",
    "a default that is an option": "FROM alpine\nARG API_TOKEN=§\nRUN a --§-password $API_TOKEN | b §-secret\n",
    "a default that is what the rest is read behind": "FROM alpine\nARG API_TOKEN=§\nRUN echo $API_TOKEN | b §-secret\n",
    "a default that is a clone's folder": "FROM alpine\nARG API_TOKEN=§\nRUN git clone https://$API_TOKEN@h/§\n",
    "a default of what is refused": "FROM alpine\nARG API_TOKEN=${A#§}\nRUN curl -u u:$API_TOKEN h\n",
    "a platform": "ARG API_TOKEN=§\nFROM --platform=$API_TOKEN a\nARG API_TOKEN\nRUN curl -u u:$API_TOKEN h\n",
    "a default of ENV": "FROM alpine AS x\nARG API_TOKEN\nENV A=${API_TOKEN:-§}\nRUN curl $A\nFROM alpine\n",
    "a default of ENV, dropped": "FROM alpine\nARG API_TOKEN\nENV API_TOKEN=${API_TOKEN:-canary-§}\nRUN curl $API_TOKEN\n",
    "a script": "FROM alpine\nARG API_TOKEN=§\nRUN <<X\ncurl -u u:$API_TOKEN §\nX\n",
    "exec form with a default": 'FROM alpine\nARG API_TOKEN=§\nRUN ["sh", "-c", "$API_TOKEN"]\n',
    "exec form": 'FROM alpine\nARG API_TOKEN=§\nRUN ["a", "$API_TOKEN", "§"]\n',
}


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_no_value_is_shown(text: str) -> None:
    """Neither what is said of a secret nor the repr of anything has its value."""
    result = fixed(text.replace("§", "zq7w"))
    assert result.outcomes
    assert "zq7w" not in repr(result)
    for outcome in result.outcomes:
        said = (outcome.refusal, outcome.warnings, outcome.remains, [item.detail for item in outcome.finding.evidence])
        assert "zq7w" not in str(said)


WRONG = {
    "a word of ENV": "FROM a\nENV API_TOKEN=b zq7w\n",
    "an instruction that is the rest of a value": 'FROM a\nARG API_KEY="-----BEGIN\nzq7wABC\n"\n',
    "a word of LABEL": "FROM a\nARG API_TOKEN\nLABEL a=b zq7w\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_no_value_is_in_an_error(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        fixed(text)
    assert "zq7w" not in caught.value.message.lower()
