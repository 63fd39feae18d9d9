"""What holds for every file: a few hundred generated ones in CI, the same for everyone; as many as DOCKERFIX_EXAMPLES says at a desk."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from codemod.dockerfile.error import ParseError
from codemod.dockerfile.nodes import Dockerfile, Instruction, LineKind, Variable
from codemod.refusal import Reason
from codemod.result import Outcome, Result
from codemod.settings import Settings, words
from codemod.text import Source, Span

from . import shell_texts
from .generated import MARKER, Made, dockerfiles
from .same_behaviour import buildkit
from .shell_texts import SHELLS, is_valid, ran
from .texts import HAS_BUILDKIT, dockerfile, fixed


def as_many(examples: int) -> settings:
    wanted = os.environ.get("DOCKERFIX_EXAMPLES")
    return settings(
        max_examples=int(wanted or examples),
        derandomize=wanted is None,
        deadline=None,
        database=None,
        suppress_health_check=(
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
            HealthCheck.function_scoped_fixture,
        ),
    )


def attempt(text: str) -> Result | ParseError:
    """What becomes of a file, or why no builder takes it."""
    try:
        return fixed(text)
    except ParseError as error:
        return error


def result_of(made: Made) -> Result:
    """What becomes of a generated file; those that no builder takes are left out."""
    result = attempt(made.text)
    assume(isinstance(result, Result))
    assert isinstance(result, Result)
    event("changed" if result.changed else "as it was")
    return result


# --- any text -----------------------------------------------------------------------------------------------------------


LETTERS = st.text(max_size=60)


@given(content=st.one_of(st.binary(max_size=60), LETTERS.map(lambda text: f"FROM a\nARG A_TOKEN\nRUN {text} $A_TOKEN".encode())))
@as_many(400)
def test_any_bytes_are_a_result_or_an_error_with_a_line(content: bytes) -> None:
    result = attempt(Source.from_bytes(PurePosixPath("Dockerfile"), content).text)
    if isinstance(result, Result):
        assert Reason.CHECK_FAILED not in reasons(result)
    else:
        assert 1 <= result.line <= content.count(b"\n") + 1


@given(made=dockerfiles(), data=st.data())
@as_many(400)
def test_a_file_with_a_piece_cut_out_is_a_result_or_an_error(made: Made, data: st.DataObject) -> None:
    text = made.text
    start, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 12))
    result = attempt(text[:start] + data.draw(st.text(max_size=2)) + text[start + length :])
    if isinstance(result, Result):
        assert Reason.CHECK_FAILED not in reasons(result)
    else:
        assert MARKER not in result.message.lower()


def reasons(result: Result) -> set[Reason]:
    return {outcome.refusal.reason for outcome in result.outcomes if outcome.refusal}


# --- a file with secrets ------------------------------------------------------------------------------------------------


@given(made=dockerfiles())
@as_many(700)
def test_a_change_is_right_and_the_last_one(made: Made) -> None:
    """The check has nothing against it, BuildKit reads it, a second run has nothing to add, and nothing else moved."""
    result = result_of(made)
    assert Reason.CHECK_FAILED not in reasons(result)
    assert fixed(result.text).text == result.text
    before, after = dockerfile(made.text), dockerfile(result.text)
    assert_same_instructions(before, after, result)
    assert_secrets_moved(result, after)
    assert is_subsequence(lines_apart(before, result), [line.span.of(result.text) for line in after.lines])
    assert_same_to_buildkit(made.text, result.text)


def assert_same_instructions(before: Dockerfile, after: Dockerfile, result: Result) -> None:
    """All that no plan takes away is there, to the letter; a RUN ends as it did, and begins as it did."""
    gone = {word.variable for plan in result.plans for word in plan.removed}
    old = [instruction for instruction in before.instructions if stays(instruction, gone)]
    amended = {mount.span for plan in result.plans for step in plan.steps for mount, _ in ((step.amended,) if step.amended else ())}
    new = [instruction for instruction in after.instructions if instruction.name != "ARG"]
    assert len(old) == len(new)
    for was, now in zip(old, new, strict=True):
        text, changed = was.span.of(before.source.text), now.span.of(after.source.text)
        if was.name == "RUN":
            assert_same_run(was, now, (text, changed), amended)
        elif set(was.variables) & gone:
            kept = [(word.name, word.value) for word in was.variables if word not in gone]
            assert kept == [(word.name, word.value) for word in now.variables]
        else:
            assert changed == text


def stays(instruction: Instruction, gone: set[Variable]) -> bool:
    return instruction.name != "ARG" and (not instruction.variables or not set(instruction.variables) <= gone)


def assert_same_run(was: Instruction, now: Instruction, texts: tuple[str, str], amended: set[Span]) -> None:
    text, changed = texts
    command, insertion = was.arguments.origin(0) - was.span.start, was.insertion - was.span.start
    changes = [flag for flag in was.flags if flag.span in amended]
    assert changes or changed.startswith(text[:insertion])
    assert was.heredocs or changed.endswith(text[command:])
    assert now.arguments.text.endswith(was.arguments.text)
    last_lines = [heredoc.body.shifted(-was.span.start).of(text).splitlines()[-1:] for heredoc in was.heredocs]
    assert all(line in changed for lines in last_lines for line in lines)
    for old, new in zip(was.flags, now.flags, strict=False):
        assert new.text.startswith(f"{old.text},") if old in changes else new.text == old.text


def assert_secrets_moved(result: Result, after: Dockerfile) -> None:
    """No planned name is declared, every word that stays is what it was, and each RUN of a plan has its mount."""
    declared = [
        (word.name, word.value) for instruction in after.instructions if instruction.name == "ARG" for word in instruction.variables
    ]
    gone = {word.variable.name for plan in result.plans for word in plan.removed}
    assert gone.isdisjoint(name for name, _ in declared)
    assert {plan.name for plan in result.plans} <= gone
    mounted = [plan.id for plan in result.plans for step in plan.steps if step.mounts]
    assert set(mounted) <= set(result.mounted)
    assert all(result.text.count(f"id={identifier}") >= mounted.count(identifier) for identifier in mounted)


def lines_apart(before: Dockerfile, result: Result) -> list[str]:
    """The lines that no plan has to do with: not an ARG that loses words nor what stands around it, not the start of a RUN."""
    touched: set[int] = set()
    for instruction in {word.instruction.line: word.instruction for plan in result.plans for word in plan.removed}.values():
        first, last = instruction.line, instruction.lines[-1].number
        while first > 1 and before.lines[first - 2].kind in (LineKind.COMMENT, LineKind.BLANK):
            first -= 1
        while last < len(before.lines) and before.lines[last].kind is LineKind.BLANK:
            last += 1
        touched |= set(range(first, last + 1))
    for run in (step.run for plan in result.plans for step in plan.steps):
        touched |= {line.number for line in run.lines if line.span.start <= run.arguments.origin(0)}
    return [line.span.of(before.source.text) for line in before.lines if line.number not in touched]


def is_subsequence(lines: list[str], of: list[str]) -> bool:
    rest = iter(of)
    return all(line in rest for line in lines)


def assert_same_to_buildkit(before: str, after: str) -> None:
    """BuildKit's own parser finds the same instructions, and RUNs that end as they did."""
    if not HAS_BUILDKIT or not before.isascii() or "check=" in before:
        return  # it takes no text that is not UTF-8, and the one on PyPI is older than the directive
    old, new = ([command for command in buildkit.instructions(text) if command.cmd.upper() != "ARG"] for text in (before, after))
    assert [command.cmd for command in old] == [command.cmd for command in new]
    for was, now in zip(old, new, strict=True):
        assert now.value[-1].endswith(was.value[-1]) if was.cmd.upper() == "RUN" and was.value else now.value == was.value, was.original


@given(made=dockerfiles())
@as_many(400)
def test_no_value_is_shown(made: Made) -> None:
    """Not in what is said of a secret, and in no repr that a log could have."""
    result = result_of(made)
    names = [word.name for instruction in dockerfile(made.text).instructions for word in instruction.variables]
    assume(not any(MARKER in name for name in names))  # a continuation made a name of it, and names are shown
    assert MARKER not in repr(result)
    for outcome in result.outcomes:
        assert MARKER not in str((outcome.refusal, outcome.warnings, outcome.remains, outcome.finding.evidence))


# --- really run ---------------------------------------------------------------------------------------------------------

VALUES = ("one", "two words", "-n * $Y '\"")
DEFAULTS = {"": None, "=": "", "=d": "d", "='d e'": "d e"}
ANY_ARG = Settings(words=words(secret=("X",)))


@pytest.mark.parametrize("shell", SHELLS)
@given(text=shell_texts.texts, default=st.sampled_from(["", "", *DEFAULTS]), env=st.sampled_from(["", "", "ENV X=env\n"]))
@as_many(100)
def test_a_run_does_what_it_did(shell: str, tmp_path: Path, text: str, default: str, env: str) -> None:
    """The same output and the same end, for each value that is passed, and for none where the build goes on without."""
    result = fixed(f"FROM alpine\n{env}ARG X{default}\nRUN {text}\n", ANY_ARG)
    before, after = (run_of(dockerfile(content)) for content in (result.source.text, result.text))
    assume(result.plans and is_valid(shell, before))
    secret = tmp_path / "secret"
    after = after.replace("/run/secrets/X", str(secret))
    shown = {"X": "env"} if env else {}
    for value in (*VALUES, None):
        secret.unlink(missing_ok=True)
        if value is not None:
            secret.write_text(value, encoding="utf-8")
        elif "required=true" in result.text:
            continue
        passed = DEFAULTS[default] if value is None else value
        was = ran(shell, before, tmp_path, shown if passed is None else {"X": passed})
        now = ran(shell, after, tmp_path, shown)
        assert (now.status, now.output) == (was.status, was.output), value


def run_of(file: Dockerfile) -> str:
    (found,) = (instruction.arguments.text for instruction in file.instructions if instruction.name == "RUN")
    return found


# --- what is beside it --------------------------------------------------------------------------------------------------

UNRELATED = (
    "LABEL unrelated=1", "ARG UNRELATED", "ARG UNRELATED=1", "ARG UNRELATED_A UNRELATED_B=2", "EXPOSE 80", "STOPSIGNAL 9",
    "ENV UNRELATED=1", "VOLUME /unrelated", "COPY a b", "HEALTHCHECK NONE", "RUN echo unrelated", "# unrelated", "", "# unrelated \\",
    "RUN <<EOF\necho unrelated\nEOF",
)  # fmt: skip


@given(made=dockerfiles(), data=st.data())
@as_many(500)
def test_what_is_unrelated_changes_no_decision(made: Made, data: st.DataObject) -> None:
    starts = [index for index, part in enumerate(made.parts) if part.upper().startswith("FROM")]
    places = [index + 1 for index, part in enumerate(made.parts) if index >= starts[0] and not part.lstrip().startswith("#")]
    place = data.draw(st.sampled_from(places))
    more = (*made.parts[:place], data.draw(st.sampled_from(UNRELATED)), *made.parts[place:])
    result = result_of(made)
    other = result_of(Made(made.opening, more, made.newline, made.ends, made.secret))
    assume(is_only_more(result, other))
    assert decisions(other) == decisions(result)


def is_only_more(result: Result, other: Result) -> bool:
    """Whether nothing but one instruction came: a line that ended in a continuation would have swallowed it."""
    old, new = ([file.source.text[part.span.start : part.span.end].strip() for part in file.instructions] for file in files(result, other))
    return len(new) - len(old) in (0, 1) and is_subsequence(old, new)


def files(*results: Result) -> list[Dockerfile]:
    return [dockerfile(result.source.text) for result in results]


def decisions(result: Result) -> list[object]:
    return [decision(outcome) for outcome in result.outcomes]


def decision(outcome: Outcome) -> object:
    """All that was decided, but for places in the file."""
    plan = outcome.plan
    steps = plan and [(step.mounts, step.path, step.exported, step.optional, step.arrival) for step in plan.steps]
    return (
        (outcome.finding.name, outcome.finding.confidence, [item.detail for item in outcome.finding.evidence], outcome.status),
        outcome.refusal and (outcome.refusal.reason, outcome.refusal.detail),
        plan and (plan.id, plan.optional, plan.mounted, [word.variable.name for word in plan.removed], steps),
        [(remain.reason, remain.path, remain.detail) for remain in outcome.remains],
    )
