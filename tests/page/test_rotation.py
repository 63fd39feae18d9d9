"""Which secrets are to be rotated, and why; the worst counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from codemod.report.rotation import Exposure, exposure

from .documents import CREDENTIAL, reported

CURL = 'RUN curl -u "ci:$API_TOKEN" https://example.com\n'
MOUNT = "RUN --mount=type=secret,id=API_TOKEN "
MOUNTED = f'FROM alpine\n{MOUNT}curl -u "x:$(cat /run/secrets/API_TOKEN)" https://example.com\n'
CASES = {
    "a build arg that is moved": (f"FROM alpine\nARG API_TOKEN\n{CURL}", Exposure.HISTORY),
    "one that stays": (f"FROM alpine\nARG API_TOKEN\nLABEL x=$API_TOKEN\n{CURL}", Exposure.OPEN),
    "a copy that the image keeps": (f"FROM alpine\nARG API_TOKEN\nRUN echo $API_TOKEN > /token\n{CURL}", Exposure.IMAGE),
    "a copy of a mounted secret": (f"FROM alpine\n{MOUNT}cp /run/secrets/API_TOKEN /token\n", Exposure.IMAGE),
    "a credential in an ENV": (f"FROM alpine\nENV API_TOKEN={CREDENTIAL}\n", Exposure.FILE),
    "a default that is a credential": (f"FROM alpine\nARG API_TOKEN={CREDENTIAL}\n{CURL}", Exposure.FILE),
    "a name that may be one": ("FROM alpine\nARG GITHUB_LOGIN\nRUN echo $GITHUB_LOGIN\n", None),
    "public by its framework's rule": ("FROM alpine\nARG VITE_API_TOKEN\nRUN npm run build\n", None),
    "ignored": (f"FROM alpine\n# dockerfix: ignore=API_TOKEN ours\nARG API_TOKEN\n{CURL}", None),
}
CALLS = {
    "a secret that no call passes": ("docker build .\n", None),
    "a secret that is passed as a build arg too": ("docker build --secret id=API_TOKEN --build-arg API_TOKEN .\n", Exposure.OPEN),
}


@pytest.mark.parametrize(("text", "why"), CASES.values(), ids=CASES)
def test_dockerfiles(tmp_path: Path, text: str, why: Exposure | None) -> None:
    (tmp_path / "Dockerfile").write_text(text, encoding="utf-8")
    findings = reported(tmp_path)["findings"]
    assert {exposure(finding) for finding in findings} == {why}


@pytest.mark.parametrize(("call", "why"), CALLS.values(), ids=CALLS)
def test_half_of_a_migration(tmp_path: Path, call: str, why: Exposure | None) -> None:
    (tmp_path / "Dockerfile").write_text(MOUNTED.replace("API_TOKEN ", "API_TOKEN,required=true "), encoding="utf-8")
    (tmp_path / "build.sh").write_text(call, encoding="utf-8")
    (finding,) = reported(tmp_path)["findings"]
    assert finding["declared"][0]["instruction"] == "RUN"
    assert exposure(finding) is why
