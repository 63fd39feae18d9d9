"""How well secrets are told from what is none, and that docs/detection.md says what the program does."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemod import destinations, evidence, values
from codemod.names import NameSays, judge
from codemod.settings import Settings
from codemod.values import ValueSays

REPOSITORY = Path(__file__).resolve().parents[1]
DOCUMENT = REPOSITORY / "docs" / "detection.md"
AIM = {"precision": 0.98, "recall": 0.97}


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


detection = loaded(REPOSITORY / "benchmarks" / "detection.py")


# --- the benchmark ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [detection.TUNED, detection.MORE, detection.HELD_OUT])
def test_secrets_are_found_and_nothing_else(table: str) -> None:
    got = detection.score(detection.rows(table), detection.dockerfix)
    assert got.precision >= AIM["precision"]
    assert got.recall >= AIM["recall"]


@pytest.mark.parametrize("table", [detection.TUNED, detection.HELD_OUT])
def test_a_rule_about_names_alone_does_neither(table: str) -> None:
    got = detection.score(detection.rows(table), detection.buildkit)
    assert got.precision < AIM["precision"]
    assert got.recall < AIM["recall"]


def test_there_are_rows_of_both_kinds_in_both_halves() -> None:
    for table in (detection.TUNED, detection.HELD_OUT):
        rows = detection.rows(table)
        secrets = sum(row.is_secret for row in rows)
        assert min(secrets, len(rows) - secrets) > 0.4 * len(rows)
        assert len({row.area for row in rows}) > 30
        assert {row.label for row in rows} == {"secret", "public"}


def test_the_halves_share_no_row() -> None:
    tuned, more, held_out = (
        {(row.name, row.use) for row in detection.rows(table)} for table in (detection.TUNED, detection.MORE, detection.HELD_OUT)
    )
    assert not (tuned | more) & held_out
    assert len(tuned) == len(held_out)


def test_every_decision_has_its_evidence() -> None:
    for row in detection.rows(detection.TUNED):
        found = detection.finding(row, Settings(show_possible=True))
        assert found is None or found.evidence
        assert found is None or all(item.detail for item in found.evidence)


UNRELATED = (
    "# a comment", "LABEL unrelated=1", "ARG UNRELATED=1", "ARG UNRELATED_TOKEN", "ENV UNRELATED=1", "EXPOSE 80", "USER unrelated", "WORKDIR /unrelated",
    "COPY unrelated /unrelated", "RUN curl -u u:$UNRELATED_TOKEN https://example.org", "RUN git checkout $UNRELATED && chmod 600 /unrelated",
    'SHELL ["/bin/bash", "-c"]', "HEALTHCHECK NONE", "RUN <<EOF\ncurl https://example.org/$UNRELATED\nEOF", "STOPSIGNAL 9", "VOLUME /unrelated",
)  # fmt: skip


@given(
    row=st.sampled_from(detection.rows(detection.TUNED)), parts=st.lists(st.sampled_from(UNRELATED), min_size=1, max_size=3), data=st.data()
)
@settings(max_examples=400, deadline=None)
def test_what_has_nothing_to_do_with_a_build_arg_decides_nothing_about_it(row: Any, parts: list[str], data: st.DataObject) -> None:
    text = row.dockerfile
    lines = text.splitlines()
    places = [len(lines), 1 if lines[0].startswith("FROM") else 0, *([2] if lines[0].startswith("FROM") else ())]
    if "<<" not in row.use:
        for part in parts:
            place = data.draw(st.sampled_from([*places, len(lines)]))
            if not (place == 0 and not part.startswith(("#", "ARG"))):
                lines.insert(place, part)
    before, after = (detection.finding(row, Settings(show_possible=True), each) for each in (text, "\n".join(lines) + "\n"))
    assert decision(after) == decision(before)


def decision(found: Any) -> list[tuple[str, int, str]]:
    return [] if found is None else sorted((item.kind, item.weight, item.detail) for item in found.evidence)


# --- the document -------------------------------------------------------------------------------------------------------


def table_below(column: str) -> list[tuple[str, int]]:
    """The rows of the document's table whose first column is called so: what, and its weight."""
    text = DOCUMENT.read_text(encoding="utf-8")
    (body,) = re.findall(rf"^\| {re.escape(column)} \| weight \|\n\|---\|---\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [(what.strip(), int(weight)) for what, weight in re.findall(r"^\| (.*) \| (-?\d+) \|$", body, re.MULTILINE)]


def test_the_weights_of_names() -> None:
    rows = table_below("the name")
    assert [weight for _, weight in rows] == sorted((said for said in NameSays if said), reverse=True)
    for what, weight in rows:
        assert evidence.NAME[NameSays(weight)].removeprefix("its name ") in what
        for name in re.findall(r"`([^`]+)`", what):
            assert judge(name) == weight, name


def test_the_weights_of_values() -> None:
    assert dict(table_below("the value")) == {said.value: weight for said, weight in values.WEIGHTS.items()}
    assert set(ValueSays) - set(values.WEIGHTS) == {ValueSays.OTHER}


def test_the_weights_of_uses() -> None:
    used = {row.weight for table in (destinations.CREDENTIALS, destinations.INNOCENT, destinations.FILE_USES) for row in table}
    assert {weight for _, weight in table_below("it goes")} >= used | set(evidence.PLACES.values())
    for what, weight in table_below("it goes"):
        for place in re.findall(r"`([A-Z]{2,})`", what):
            assert evidence.PLACES[place] == weight, place


def test_the_sums() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert f"| {evidence.CERTAIN} and more | certain |" in text
    assert f"| {evidence.LIKELY} and more | likely |" in text


def test_the_scores(*, update_cases: bool) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    block = re.compile(r"^```text\n.*?^```$", re.MULTILINE | re.DOTALL)
    new = block.sub("```text\n" + "\n".join(line.rstrip() for line in detection.report()) + "\n```", text)
    if update_cases:
        DOCUMENT.write_text(new, encoding="utf-8")
    assert text == new or update_cases
