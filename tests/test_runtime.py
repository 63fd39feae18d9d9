"""What a container gets from the build: which ENV of a secret may go, and which somebody may still read when the image runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from codemod.context import Mention
from codemod.dataflow import trace_all
from codemod.fix import fix
from codemod.refusal import Reason, Refusal
from codemod.result import Status
from codemod.runtime import final_copies, serves_the_build_alone
from codemod.settings import Settings
from codemod.surroundings import Surroundings

from .texts import dockerfile, source

BUILD = (
    "NPM_TOKEN", "NPM_AUTH", "NPM_CONFIG_AUTH_TOKEN", "NODE_AUTH_TOKEN", "GITHUB_TOKEN", "GH_TOKEN", "GH_PAT", "GITLAB_DEPLOY_TOKEN",
    "GIT_PASSWORD", "PIP_INDEX_URL", "UV_INDEX_PASSWORD", "POETRY_HTTP_BASIC_PASSWORD", "CARGO_REGISTRIES_X_TOKEN", "BUNDLE_X__COM_TOKEN",
    "COMPOSER_AUTH", "ARTIFACTORY_API_KEY", "NEXUS_PASS", "NUGET_KEY", "githubToken", "FONTAWESOME_TOKEN", "NPMRC", "NETRC", "PYPIRC",
    "VERDACCIO_CREDENTIALS",
)  # fmt: skip
PROGRAMS = (
    "API_TOKEN", "DB_PASSWORD", "SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "STRIPE_KEY", "TOKEN", "PASSWORD", "GITHUB_CLIENT_SECRET",
    "GITHUB_APP_KEY", "GITHUB_WEBHOOK_TOKEN", "GITHUB_OAUTH_TOKEN", "GIT_COMMIT", "NODE_ENV", "NPM_VERSION", "DISCORD_BOT_TOKEN",
    "GITLAB_SSO_TOKEN", "DIGIT_TOKEN", "PIPELINE_KEY",
)  # fmt: skip


@pytest.mark.parametrize("name", BUILD)
def test_it_serves_the_build_alone(name: str) -> None:
    assert serves_the_build_alone(name)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_may_ask_for_it(name: str) -> None:
    assert not serves_the_build_alone(name)


# --- which words of ENV a container has -----------------------------------------------------------------------------------

COPIES = {
    "none": ("FROM a\nARG T\nRUN b $T\n", []),
    "an ARG that is made from it": ("FROM a\nARG T\nARG B=$T\n", []),
    "its own name": ("FROM a\nARG T\nENV T=$T\n", [("T", 3)]),
    "another name": ("FROM a\nARG T\nENV A=1 B=x$T\n", [("B", 3)]),
    "a copy of a copy": ("FROM a\nARG T\nENV A=$T\nENV B=$A\n", [("A", 3), ("B", 4)]),
    "in the order of the file": ("FROM a\nARG T\nENV B=$T\nENV T=$T A=$B\n", [("B", 3), ("T", 4), ("A", 4)]),
    "a word of two names once": ("FROM a\nARG T\nENV A=$T\nENV B=$A$T\n", [("A", 3), ("B", 4)]),
    "not what is hidden later": ("FROM a\nARG T\nENV A=$T\nENV A=1\n", []),
    "not what a child hides": ("FROM a AS x\nARG T\nENV A=$T\nFROM x\nENV A=1\n", []),
    "what is set again": ("FROM a\nARG T\nENV A=1\nENV A=$T\nARG A=2\n", [("A", 4)]),
    "of another stage": ("FROM a\nARG T\nENV A=$T\nFROM b\n", []),
    "of a stage that is copied from": ("FROM a AS x\nARG T\nENV A=$T\nFROM b\nCOPY --from=x c d\n", []),
    "of the stage that the last is from": ("FROM a AS x\nARG T\nENV A=$T\nFROM b\nFROM x\n", [("A", 3)]),
}


@pytest.mark.parametrize(("text", "words"), COPIES.values(), ids=COPIES)
def test_what_a_container_has(text: str, words: list[tuple[str, int]]) -> None:
    file = dockerfile(text)
    found = final_copies(file, trace_all(file, "T"))
    assert [(word.variable.name, word.variable.line) for word in found] == words


# --- what is decided ------------------------------------------------------------------------------------------------------

N, P = "NPM_TOKEN", "DB_PASSWORD"
NPMRC = {N: (Mention(".npmrc", 1, demands=True),)}
PROGRAM = {N: (Mention(".npmrc", 1, demands=True), Mention("server.js", 3, demands=False))}
GOES: dict[str, tuple[str, Mapping[str, Sequence[Mention]]]] = {
    "a credential of the build": (f"ARG {N}\nENV {N}=${N}\nRUN npm ci --token ${N}", {}),
    "a credential of the build, under another name": (f"ARG {N}\nENV A=${N}\nRUN npm ci --token $A", {}),
    "another's, under the name of one of the build": (f"ARG {P}\nENV {N}=${P}\nRUN npm ci --token ${N}", {}),
    "its configuration names it": (f"ARG {N}\nENV {N}=${N}\nCOPY . .\nRUN npm ci", NPMRC),
    "a program names another": (f"ARG {N}\nENV {N}=${N}\nCOPY . .\nRUN npm ci", {"OTHER": PROGRAM[N]}),
    "what starts reads another": (f'ARG {N}\nENV {N}=${N}\nRUN npm ci --token ${N}\nCMD ["sh", "-c", "a $NPM_TOKENS ${N}_2"]', {}),
    "what starts in another stage reads it": (f"ARG {N}\nENV {N}=${N}\nRUN npm ci --token ${N}\nCMD a ${N}\nFROM a", {}),
    "an application's, in another stage": (f"ARG {P}\nENV {P}=${P}\nRUN psql -p ${P}\nFROM a", {}),
}
STAYS: dict[str, tuple[str, Mapping[str, Sequence[Mention]], int, str]] = {
    "an application's": (f"ARG {P}\nENV {P}=${P}", {}, 3, f"{P} is the running container's too, which may read it"),
    "an application's, in a word with more": (f"ARG {P}\nENV URL=x:${P}@h", {}, 3, "URL is the running container's too, which may read it"),
    "the first of two": (f"ARG {P}\nENV A=${P}\nENV B=$A", {}, 3, "A is the running container's too, which may read it"),
    "an application's, of a parent": (f"ARG {P}\nENV A=${P}\nFROM x", {}, 3, "A is the running container's too, which may read it"),
    "a program names it": (
        f"ARG {N}\nENV {N}=${N}\nCOPY . .\nRUN npm ci", PROGRAM, 3, f"{N} is the running container's too, and server.js:3 mentions it",
    ),
    **{
        f"{instruction} reads it": (
            f"ARG {N}\nENV {N}=${N}\n{instruction} {words}", {}, 3,
            f"{N} is the running container's too, and {instruction} in line 4 reads it",
        )
        for instruction, words in (
            ("CMD", f"a ${N}"), ("ENTRYPOINT", f'["sh", "-c", "a ${{{N}}}"]'), ("HEALTHCHECK", f"CMD a ${{{N}:-b}}"),
        )
    },
    "what the parent starts reads it": (
        f"ARG {N}\nENV {N}=${N}\nCMD a ${N}\nFROM x", {}, 3, f"{N} is the running container's too, and CMD in line 4 reads it",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "mentions"), GOES.values(), ids=GOES)
def test_an_env_goes(text: str, mentions: Mapping[str, Sequence[Mention]]) -> None:
    result = fix(source(f"FROM node:22 AS x\n{text}\n"), Settings(), Surroundings(mentions))
    assert [outcome.status for outcome in result.outcomes] == [Status.REWRITTEN]
    assert "ENV" not in result.text


@pytest.mark.parametrize(("text", "mentions", "line", "detail"), STAYS.values(), ids=STAYS)
def test_an_env_is_the_containers_too(text: str, mentions: Mapping[str, Sequence[Mention]], line: int, detail: str) -> None:
    result = fix(source(f"FROM node:22 AS x\n{text}\n"), Settings(), Surroundings(mentions))
    assert [outcome.refusal for outcome in result.outcomes] == [Refusal(Reason.RUNTIME_ENVIRONMENT, line, f"ENV {detail}")]


@pytest.mark.parametrize("text", [text for text, *_ in STAYS.values()], ids=STAYS)
def test_a_person_can_say_that_it_may_go(text: str) -> None:
    result = fix(source(f"FROM node:22 AS x\n{text}\n"), Settings(allow=frozenset({Reason.RUNTIME_ENVIRONMENT})))
    (outcome,) = result.outcomes
    assert outcome.status is Status.REWRITTEN
    assert "ENV" not in result.text
    assert any("docker run -e" in warning for warning in outcome.warnings)
