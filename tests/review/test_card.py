"""What a person sees before answering."""

from __future__ import annotations

from pathlib import Path

import pytest

from codemod.refusal import Reason
from codemod.settings import Phase, Settings, words

from .grouped import card_of, group_of
from .team_trees import BILLING, BUILD, MOUNTED, SHOP


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_dockerfile_and_its_caller() -> None:
    """What it is about, the diffs, the evidence with its weights, and what follows."""
    assert card_of(group_of({"Dockerfile": BILLING, "build.sh": BUILD})) == [
        "",
        "─" * 80,
        "(1/1) Dockerfile",
        "Secret: NPM_TOKEN",
        "Callers that go along: build.sh",
        "Both files are written, or none.",
        "",
        "--- a/Dockerfile",
        "+++ b/Dockerfile",
        "@@ -1,4 +1,5 @@",
        " FROM node:22",
        " # the registry's",
        "-ARG NPM_TOKEN",
        "-RUN npm config set //registry.example.com/:_authToken $NPM_TOKEN && npm ci",
        "+RUN --mount=type=secret,id=NPM_TOKEN,required=true \\",
        '+    NPM_TOKEN="$(cat /run/secrets/NPM_TOKEN)" && export NPM_TOKEN \\',
        "+    && npm config set //registry.example.com/:_authToken $NPM_TOKEN && npm ci",
        "",
        "--- a/build.sh",
        "+++ b/build.sh",
        "@@ -1,2 +1,2 @@",
        " #!/bin/sh",
        '-docker build --build-arg NPM_TOKEN="$NPM_TOKEN" -t billing .',
        "+docker build --secret id=NPM_TOKEN -t billing .",
        "",
        "Dockerfile:3: NPM_TOKEN becomes the build secret NPM_TOKEN",
        "    certainly a secret (+8)",
        "       +3 line 3: its name says so: token",
        "       +5 line 4: npm sends it as a credential",
        "    build.sh:2: is made to pass the secret",
        "    ! left over: line 4: written-to-layer: `npm` keeps it in ~/.npmrc",
        "",
        "Build it with (as build.sh:2 does):",
        "    docker build --secret id=NPM_TOKEN -t billing .",
        "",
        "Rotate NPM_TOKEN afterwards: the images built so far, their provenance and the",
        "logs of their builds keep the old value.",
    ]


def test_several_dockerfiles_of_one_caller() -> None:
    script = 'for file in a b; do docker build --build-arg API_TOKEN="$API_TOKEN" -f $file/Dockerfile .; done\n'
    lines = card_of(group_of({"a/Dockerfile": SHOP, "b/Dockerfile": SHOP.replace("ci:", "cd:"), "build.sh": script}))
    assert lines[2:6] == [
        "(1/1) a/Dockerfile and 1 other Dockerfile",
        "Secret: API_TOKEN",
        "Callers that go along: build.sh",
        "All 3 files are written, or none.",
    ]
    assert [line for line in lines if line.startswith("--- ")] == ["--- a/a/Dockerfile", "--- a/b/Dockerfile", "--- a/build.sh"]


def test_what_stays_in_the_same_file_is_said_with_its_reason() -> None:
    lines = card_of(group_of({"Dockerfile": SHOP.replace("RUN", "ARG DB_PASSWORD\nLABEL x=$DB_PASSWORD\nRUN")}))
    start = lines.index("Dockerfile:3: DB_PASSWORD is a secret, and stays where it is")
    assert lines[start : start + 6] == [
        "Dockerfile:3: DB_PASSWORD is a secret, and stays where it is",
        "    likely a secret (+3)",
        "       +3 line 3: its name says so: password",
        "    ! used-by-instruction: line 4: LABEL expands DB_PASSWORD",
        "      The builder itself expands this, and a secret mount reaches RUN only: move",
        "      the use into a RUN, or take the secret out of it.",
    ]
    assert lines[-2].startswith("Rotate API_TOKEN afterwards")


def test_the_users_word_weighs_more_than_numbers_say() -> None:
    lines = card_of(group_of({"Dockerfile": SHOP.replace("API_TOKEN", "IT")}, Settings(words=words(secret=["IT"]))))
    assert lines[lines.index("    certainly a secret") + 1] == "      you line 2: --secret says so"


def test_who_reads_it_where_the_text_does_not_show_it() -> None:
    lines = card_of(group_of({"Dockerfile": "FROM alpine\nARG API_TOKEN\nCOPY f.sh .\nRUN sh f.sh\n", "f.sh": "echo $API_TOKEN | wc\n"}))
    assert [line for line in lines if line.startswith("    line 4: ")] == ["    line 4: `sh` may look at f.sh:1, which names API_TOKEN"]


def test_warnings_are_wrapped_behind_their_sign() -> None:
    dockerfile = 'FROM alpine\nARG API_TOKEN=""\nRUN [ -z "$API_TOKEN" ] || curl -u "ci:$API_TOKEN" https://example.com/f\n'
    lines = card_of(group_of({"Dockerfile": dockerfile, "build.sh": "docker build .\n"}), width=40)
    signs = [number for number, line in enumerate(lines) if line.startswith("    ! ")]
    assert all(len(line) <= 40 for number in signs for line in lines[number : number + 2])


def test_what_a_caller_has_to_be_told_stays_in_one_line() -> None:
    """It is there to be copied."""
    files = {"Dockerfile": SHOP, "build.js": "execSync(`docker build --build-arg API_TOKEN=${process.env.API_TOKEN} .`)\n"}
    lines = card_of(group_of(files, Settings(allow=frozenset({Reason.CALLER_NOT_REWRITTEN}))), width=40)
    assert [line for line in lines if line.startswith("        ") and "--secret" in line]


def test_a_step_that_changes_the_callers_alone() -> None:
    lines = card_of(group_of({"Dockerfile": BILLING, "build.sh": BUILD}, Settings(phase=Phase.CALLERS)))
    assert lines[2] == "(1/1) build.sh"
    assert "Dockerfile:3: NPM_TOKEN is to become a build secret: its callers come first" in lines
    assert "--- a/Dockerfile" not in lines


def test_the_last_step_only_takes_build_args_from_callers() -> None:
    """No secret is moved by it, so none is to be rotated, and nothing is built in another way."""
    both = 'docker build --build-arg API_TOKEN="$API_TOKEN" --secret id=API_TOKEN .\n'
    assert card_of(group_of({"Dockerfile": MOUNTED, "build.sh": both}, Settings(phase=Phase.CLEANUP))) == [
        "",
        "─" * 80,
        "(1/1) build.sh",
        "",
        "--- a/build.sh",
        "+++ b/build.sh",
        "@@ -1 +1 @@",
        '-docker build --build-arg API_TOKEN="$API_TOKEN" --secret id=API_TOKEN .',
        "+docker build --secret id=API_TOKEN .",
        "",
        "Dockerfile:2: API_TOKEN is mounted as a secret, and still passed as a build arg",
        "    build.sh:1: the build arg goes",
    ]
