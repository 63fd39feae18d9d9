"""A text that a person edited is read back before it is shown, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from codemod.groups import Group
from codemod.result import Result
from codemod.review.edited import texts, with_text

from .grouped import card_of, group_of
from .team_trees import MOUNTED, SHOP

BUILD = 'docker build --build-arg API_TOKEN="$API_TOKEN" .\n'
TREE = {"Dockerfile": SHOP, "build.sh": BUILD}
MOUNT = "RUN --mount=type=secret,id=API_TOKEN,required=true"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


TAKEN = {
    "a comment more": MOUNTED.replace("RUN", "# the shop's\nRUN"),
    "another spelling of the same": f'FROM alpine\n{MOUNT} curl -u "ci:$(cat /run/secrets/API_TOKEN)" https://example.com/f\n',
    "a mount that sets the variable": MOUNTED.replace(
        ',required=true \\\n    API_TOKEN="$(cat /run/secrets/API_TOKEN)" \\\n    &&', ",env=API_TOKEN"
    ),
    "a shell that reads the file itself": MOUNTED.replace(
        'API_TOKEN="$(cat /run/secrets/API_TOKEN)"', "read -r API_TOKEN < /run/secrets/API_TOKEN"
    ),
    "another command": MOUNTED.replace("https://example.com/f", "-o /f https://example.com/f"),
    "a variable of the same name that a RUN sets": MOUNTED + "RUN API_TOKEN=none; echo $API_TOKEN\n",
    "other newlines": MOUNTED.replace("\n", "\r\n"),
    "an argument more": f"{MOUNTED}ARG VERSION=1.2.3\nRUN echo $VERSION\n",
    "no newline at the end": MOUNTED.rstrip("\n"),
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_what_is_right_is_taken(text: str) -> None:
    group = with_text(group_of(TREE), "Dockerfile", text)
    assert isinstance(group, Group)
    assert texts(group) == {"Dockerfile": text, "build.sh": "docker build --secret id=API_TOKEN .\n"}


WRONG = {
    "a syntax error": (MOUNTED.replace("RUN", "RUM"), "2: unknown instruction (did you mean RUN?)"),
    "a heredoc that nothing closes": (MOUNTED + "RUN <<EOF\ntrue\n", "5: unterminated heredoc: no line is just the word after its <<"),
    "the file as it was": (SHOP, "2: API_TOKEN is still a build arg"),
    "the build arg again": (MOUNTED.replace("RUN", "ARG API_TOKEN\nRUN"), "2: API_TOKEN is still a build arg"),
    "the build arg among others": (MOUNTED.replace("RUN", "ARG A=1 \\\n  API_TOKEN\nRUN"), "3: API_TOKEN is still a build arg"),
    "no mount any more": ("FROM alpine\nRUN true\n", "1: no RUN mounts the secret API_TOKEN any more"),
    "another secret": (f"{MOUNTED}ARG NPM_TOKEN\n", "5: NPM_TOKEN is another secret, and would be for everybody to read in the image"),
    "a credential": (
        f"{MOUNTED}ENV DB_PASSWORD=canary-1a2b3c4d5e6f\n",
        "5: DB_PASSWORD is another secret, and would be for everybody to read in the image",
    ),
    "a mount by another id": (MOUNTED.replace("id=API_TOKEN", "id=token"), "2: no RUN mounts the secret API_TOKEN any more"),
    "a mount of another secret": (
        MOUNTED.replace("RUN ", "RUN --mount=type=secret,id=OTHER "),
        "2: nobody passes a secret OTHER: the callers pass API_TOKEN",
    ),
    "a variable that nothing sets": (
        f'FROM alpine\n{MOUNT} curl -u "ci:$API_TOKEN" https://example.com/f\n',
        "2: reads API_TOKEN, and no mount gives it",
    ),
    "a RUN without the mount": (MOUNTED + "RUN true \\\n    && echo $API_TOKEN\n", "5: reads API_TOKEN, and no mount gives it"),
}


@pytest.mark.parametrize(("text", "wrong"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_its_line(text: str, wrong: str) -> None:
    assert with_text(group_of(TREE), "Dockerfile", text) == wrong


def test_an_env_that_was_to_go_is_no_more_to_come_back() -> None:
    stage = "FROM alpine AS build\nARG API_TOKEN\nENV API_TOKEN=$API_TOKEN\nRUN curl -u ci:$API_TOKEN https://example.com/f\n"
    source = stage + "FROM alpine\nCOPY --from=build /f /\n"
    group = group_of({"Dockerfile": source})
    text = texts(group)["Dockerfile"]
    assert "ENV" not in text
    assert with_text(group, "Dockerfile", text.replace("RUN", "ENV API_TOKEN=x\nRUN")) == "2: API_TOKEN is still an ENV"


def test_a_run_that_had_no_secret_before_is_nobodys_mistake() -> None:
    """In that stage the build arg was never declared."""
    source = SHOP + "FROM alpine\nRUN echo $API_TOKEN > /dev/null\n"
    group = group_of({"Dockerfile": source})
    assert isinstance(with_text(group, "Dockerfile", "# edited\n" + texts(group)["Dockerfile"]), Group)


def test_other_secrets_of_the_file_may_stay_where_they_stay() -> None:
    source = SHOP.replace("RUN", "ARG DB_PASSWORD\nLABEL x=$DB_PASSWORD\nRUN")
    group = group_of({"Dockerfile": source})
    assert isinstance(with_text(group, "Dockerfile", texts(group)["Dockerfile"] + "# edited\n"), Group)


def remains(group: Group) -> list[str]:
    results = [each.result for each in group.dockerfiles if isinstance(each.result, Result)]
    return [remain.reason for result in results for outcome in result.outcomes for remain in outcome.remains]


def test_what_stays_in_the_image_is_looked_for_anew() -> None:
    """An edit that erases a copy closes that leak, one that prints the secret opens another."""
    group = group_of({"Dockerfile": SHOP.replace("curl -u", 'echo "$API_TOKEN" > /root/.token && curl -u')})
    assert remains(group) == ["written-to-layer"]
    text = texts(group)["Dockerfile"]
    erased = with_text(group, "Dockerfile", text.replace("/f\n", "/f && rm /root/.token\n"))
    assert isinstance(erased, Group)
    assert remains(erased) == []
    printed = with_text(group, "Dockerfile", text.replace('echo "$API_TOKEN" > /root/.token', 'echo "$API_TOKEN"'))
    assert isinstance(printed, Group)
    assert remains(printed) == ["printed"]


CALLERS: Mapping[str, tuple[str, str, str]] = {
    "a script that passes the build arg": ("build.sh", BUILD, " line 1: the build args are not those that were planned"),
    "a script that passes nothing": ("build.sh", "docker build .\n", " line 1: the secrets are not those that were planned"),
    "a script that builds nothing": ("build.sh", "true\n", " it has another number of calls"),
    "a workflow that is no YAML": ("ci.yml", "jobs: [\n", "1: is not YAML that can be read"),
}


@pytest.mark.parametrize(("path", "text", "wrong"), CALLERS.values(), ids=CALLERS)
def test_a_caller_has_to_pass_the_secret(path: str, text: str, wrong: str) -> None:
    workflow = "jobs:\n  a:\n    steps:\n      - run: docker build --build-arg API_TOKEN=${{ secrets.API_TOKEN }} .\n"
    files = TREE if path == "build.sh" else {"Dockerfile": SHOP, ".github/workflows/ci.yml": workflow}
    whole = path if path == "build.sh" else f".github/workflows/{path}"
    assert with_text(group_of(files), whole, text) == wrong


def test_the_command_is_the_edited_callers() -> None:
    group = with_text(group_of(TREE), "build.sh", "docker build --pull --secret id=API_TOKEN .\n")
    assert isinstance(group, Group)
    assert "    docker build --pull --secret id=API_TOKEN ." in card_of(group)


def test_the_other_dockerfiles_of_a_group_stay_as_proposed() -> None:
    script = 'for file in a b; do docker build --build-arg API_TOKEN="$API_TOKEN" -f $file/Dockerfile .; done\n'
    group = group_of({"a/Dockerfile": SHOP, "b/Dockerfile": SHOP, "build.sh": script})
    changed = with_text(group, "b/Dockerfile", "# edited\n" + MOUNTED)
    assert isinstance(changed, Group)
    assert texts(changed) == {**texts(group), "b/Dockerfile": "# edited\n" + MOUNTED}
