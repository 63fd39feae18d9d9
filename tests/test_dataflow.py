"""Scopes of a build arg called T: rows from BuildKit's rules, each put to a model of BuildKit that shares no code with ours.

`sees` are the lines of the RUNs that have the value a caller passes.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codemod.dataflow import Flow, ancestry, argument_names, lineage, references, trace, trace_all

from .same_behaviour import buildkit
from .texts import HAS_BUILDKIT, dockerfile

SEES_NOTHING: dict[str, tuple[str, list[int]]] = {
    "nobody declares it": ("FROM a\nRUN b\n", []),
    "only a global ARG": ("ARG T\nFROM a\nRUN b\n", []),
    "an ARG of another name": ("FROM a\nARG TT\nRUN b\n", []),
    "an ARG of another case": ("FROM a\nARG t\nRUN b\n", []),
    "a RUN before the ARG": ("FROM a\nRUN b\nARG T\n", []),
    "a stage without the ARG": ("FROM a\nARG T\nFROM b\nRUN c\n", []),
    "a stage that only copies from the other": ("FROM a AS x\nARG T\nFROM b\nCOPY --from=x c d\nRUN e\n", []),
    "a RUN behind an ENV of its name": ("FROM a\nARG T\nENV T=env\nRUN b\n", []),
    "a stage from one with such an ENV": ("FROM a AS x\nARG T\nENV T=env\nFROM x\nRUN b\n", []),
    "a parent does not have what its child declares": ("FROM a AS x\nRUN b\nFROM x\nARG T\n", []),
    "a stage of a later stage's name": ("FROM x\nRUN b\nFROM a AS x\nARG T\n", []),
}
SEES = {
    "an ARG of the stage": ("FROM a\nARG T\nRUN b\n", [3]),
    "an ARG with a default": ("FROM a\nARG T=d\nRUN b\n", [3]),
    "a bare ARG of a global one": ("ARG T=g\nFROM a\nARG T\nRUN b\n", [4]),
    "every RUN from the ARG's line on": ("FROM a\nRUN b\nARG T\nRUN c\nRUN d\n", [4, 5]),
    "one of several words": ("FROM a\nARG A B=1 T C\nRUN b\n", [3]),
    "an ARG over several lines": ("FROM a\nARG A \\\n  # c\n  T\nRUN b\n", [5]),
    "a stage from the one that has it": ("FROM a AS x\nARG T\nFROM x\nRUN b\n", [4]),
    "a stage from the one that has it, in capitals": ("FROM a AS x\nARG T\nFROM X\nRUN b\n", [4]),
    "a stage whose base a global ARG names": ("ARG B=x\nFROM a AS x\nARG T\nFROM $B\nRUN b\n", [5]),
    "a stage's grandchild": ("FROM a AS x\nARG T\nFROM x AS y\nFROM y\nRUN b\n", [5]),
    "a child sees only what the parent had at its end": ("FROM a AS x\nARG T\nFROM x\nRUN b\nFROM a\nRUN c\n", [4]),
    "each stage that declares it": ("FROM a\nARG T\nRUN b\nFROM c\nARG T\nRUN d\n", [3, 6]),
    "an ARG behind an ENV of its name": ("FROM a\nENV T=env\nARG T\nRUN b\n", [4]),
    "an ARG again, behind an ENV": ("FROM a\nARG T\nENV T=env\nRUN b\nARG T\nRUN c\n", [6]),
    "an ARG twice": ("FROM a\nARG T=1\nRUN b\nARG T=2\nRUN c\n", [3, 5]),
    "an ENV that keeps its value": ("FROM a\nARG T\nENV T=$T\nRUN b\n", [4]),
    "an ENV of its name behind the RUN": ("FROM a\nARG T\nRUN b\nENV T=env\n", [3]),
    "instructions in small letters": ("from a\narg T\nrun b\n", [3]),
}


def flow(text: str) -> Flow:
    return trace(dockerfile(text), "T")


def passed(text: str) -> list[int]:
    """The lines of the RUNs that have the value, as BuildKit's model has it."""
    return [run.line for run in buildkit.runs(text, buildkit.Given({"T": "canary"})) if "canary" in run.env.get("T", "")]


def not_passed(text: str) -> dict[int, str | None]:
    """What each RUN has where nothing is passed, as BuildKit's model has it."""
    return {run.line: run.env.get("T") for run in buildkit.runs(text, buildkit.Given())}


@pytest.mark.parametrize(("text", "sees"), [*SEES_NOTHING.values(), *SEES.values()], ids=[*SEES_NOTHING, *SEES])
def test_which_runs_have_it(text: str, sees: list[int]) -> None:
    assert [sight.run.line for sight in flow(text).sights] == sees
    assert not HAS_BUILDKIT or passed(text) == sees


DEFAULTS = {
    "none": ("FROM a\nARG T\nRUN b\n", None),
    "its own": ("FROM a\nARG T=1\nRUN b\n", 2),
    "an empty one": ("FROM a\nARG T=\nRUN b\n", 2),
    "the global one": ("ARG T=g\nFROM a\nARG T\nRUN b\n", 1),
    "its own before the global one": ("ARG T=g\nFROM a\nARG T=1\nRUN b\n", 3),
    "the global one only behind a bare ARG": ("ARG T=g\nFROM a\nRUN b\nARG T\nRUN c\n", 1),
    "the last global one": ("ARG T=g\nARG T=h\nFROM a\nARG T\nRUN b\n", 2),
    "the last of the stage": ("FROM a\nARG T=1\nARG T=2\nRUN b\n", 3),
    "the first again, where the second has none": ("FROM a\nARG T=1\nARG T\nRUN b\n", 2),
    "the parent's": ("FROM a AS x\nARG T=1\nFROM x\nRUN b\n", 2),
    "the parent's, where there is a global one": ("ARG T=g\nFROM a AS x\nARG T=1\nFROM x\nRUN b\n", 3),
    "the global one again, by a bare ARG": ("ARG T=g\nFROM a\nARG T=1\nARG T\nRUN b\n", 1),
    "the global one, by a child's bare ARG": ("ARG T=g\nFROM a AS x\nARG T=1\nFROM x\nARG T\nRUN b\n", 1),
    "the first global one, where the second has none": ("ARG T=g\nARG T\nFROM a\nARG T\nRUN b\n", 1),
    "the child's own": ("FROM a AS x\nARG T=1\nFROM x\nARG T=2\nRUN b\n", 4),
}


@pytest.mark.parametrize(("text", "line"), DEFAULTS.values(), ids=DEFAULTS)
def test_which_default_a_run_has(text: str, line: int | None) -> None:
    (sight,) = flow(text).sights
    assert (sight.default and sight.default.variable.line) == line
    assert not HAS_BUILDKIT or not_passed(text)[sight.run.line] == (sight.default and sight.default.variable.value)


FALLS_BACK = {
    "no ENV": ("FROM a\nARG T\nRUN b\n", False),
    "an ENV of another name": ("FROM a\nENV A=1\nARG T\nRUN b\n", False),
    "an ENV before the ARG": ("FROM a\nENV T=env\nARG T\nRUN b\n", True),
    "an ENV between two ARGs": ("FROM a\nARG T=1\nENV T=env\nARG T\nRUN b\n", True),
    "an ENV behind the parent's ARG": ("FROM a AS x\nARG T=1\nENV T=env\nFROM x\nARG T\nRUN b\n", True),
    "an ENV of the parent": ("FROM a AS x\nENV T=env\nFROM x\nARG T\nRUN b\n", True),
}


@pytest.mark.parametrize(("text", "falls_back"), FALLS_BACK.values(), ids=FALLS_BACK)
def test_whether_an_env_shows_where_nothing_is_passed(text: str, *, falls_back: bool) -> None:
    (sight,) = flow(text).sights
    assert (sight.falls_back, sight.default) == (falls_back, None)
    assert not HAS_BUILDKIT or (not_passed(text)[sight.run.line] == "env") is falls_back


# --- where the builder itself puts it -----------------------------------------------------------------------------------

NOT_EXPANDED = {
    "text of a RUN": "RUN b $T",
    "CMD": "CMD b $T",
    "CMD in exec form": 'CMD ["b", "$T"]',
    "ENTRYPOINT": "ENTRYPOINT b $T",
    "HEALTHCHECK": "HEALTHCHECK CMD b $T",
    "SHELL": 'SHELL ["b", "$T"]',
    "another's LABEL": "LABEL a=$TT",
    "an escaped dollar": "LABEL a=\\$T",
    "single quotes": "LABEL a='$T'",
    "what BuildKit cannot read": "LABEL a=${T:=b}",
    "a quoted heredoc": "COPY <<'X' /c\n$T\nX",
    "an ENV of its name": "ENV T=1",
}
EXPANDED = {
    "LABEL": ("LABEL a=$T", "LABEL"),
    "LABEL with a default": ("LABEL a=${T:-b}", "LABEL"),
    "LABEL in another's operand": ("LABEL a=${A:-$T}", "LABEL"),
    "COPY": ("COPY $T b", "COPY"),
    "an option of COPY": ("COPY --chown=$T a b", "COPY"),
    "ADD": ("ADD https://$T@h/a b", "ADD"),
    "WORKDIR": ("WORKDIR /a/$T", "WORKDIR"),
    "USER": ("USER $T", "USER"),
    "EXPOSE": ("EXPOSE $T", "EXPOSE"),
    "VOLUME": ("VOLUME $T", "VOLUME"),
    "STOPSIGNAL": ("STOPSIGNAL $T", "STOPSIGNAL"),
    "a heredoc": ("COPY <<X /c\n'$T'\nX", "COPY"),
    "a mount": ("RUN --mount=type=secret,id=$T b", "an option of RUN"),
}


@pytest.mark.parametrize("line", NOT_EXPANDED.values(), ids=NOT_EXPANDED)
def test_the_builder_does_not_expand(line: str) -> None:
    found = flow(f"FROM a\nARG T\n{line}\n")
    assert (found.expansions, found.derived) == ((), ())


@pytest.mark.parametrize(("line", "what"), EXPANDED.values(), ids=EXPANDED)
def test_the_builder_expands(line: str, what: str) -> None:
    (expansion,) = flow(f"FROM a\nARG T\n{line}\n").expansions
    assert (expansion.what, expansion.instruction.line, expansion.stage) == (what, 3, 0)
    assert flow(f"FROM a\n{line}\n").expansions == ()
    assert flow(f"FROM a\n{line}\nARG T\n").expansions == ()


def test_from_knows_only_global_args() -> None:
    (expansion,) = flow("ARG T\nFROM a:$T\n").expansions
    assert (expansion.what, expansion.stage) == ("FROM", None)
    assert len(flow("ARG T\nFROM --platform=$T a\nFROM b:$T\n").expansions) == 2
    assert flow("FROM a\nARG T\nFROM b:$T\n").expansions == ()
    assert flow("ARG TT\nFROM a:$T\n").expansions == ()


def test_args_are_made_from_it() -> None:
    found = flow("ARG T\nARG G=$T\nFROM a\nARG B=$T\nARG T C=https://$T@h D='$T' E=$TT\n")
    assert [(word.variable.name, word.stage) for word in found.derived] == [("G", None), ("C", 0)]


def test_a_later_word_of_the_line_is_made_from_it() -> None:
    assert [word.variable.name for word in flow("FROM a\nARG T=1 B=$T\n").derived] == ["B"]
    assert flow("FROM a\nARG B=$T T=1\n").derived == ()


def test_triggers() -> None:
    found = flow("FROM a\nONBUILD RUN b $T\nONBUILD ARG T\nONBUILD RUN c $TT\nONBUILD ARG TT\nONBUILD LABEL a=${T}\n")
    assert [trigger.line for trigger in found.triggers] == [2, 3, 6]


def test_runs_that_name_it_and_do_not_have_it() -> None:
    found = flow("ARG T\nFROM a\nRUN b $T\nRUN c $TT\nENV T=1\nRUN d $T\nFROM e\nARG T\nRUN f $T\n")
    assert [run.line for run in found.undeclared] == [3]


def test_declarations_and_names_in_the_files_order() -> None:
    text = "ARG B T\nFROM a\nARG A\nARG T=1 # not D\nFROM b\nARG T\n"
    assert argument_names(dockerfile(text)) == ("B", "T", "A")
    assert [(word.stage, word.variable.line) for word in flow(text).declarations] == [(None, 1), (0, 4), (1, 6)]


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("FROM a\n", {0}),
        ("FROM a AS x\nFROM b\n", {1}),
        ("FROM a AS x\nFROM x\n", {0, 1}),
        ("FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM z\n", {0, 2, 3}),
        ("FROM a AS x\nFROM b\nCOPY --from=x c d\n", {1}),
    ],
)
def test_stages_that_the_image_is_made_of(text: str, stages: set[int]) -> None:
    assert lineage(dockerfile(text)) == stages


# --- what ENV makes of it -----------------------------------------------------------------------------------------------

# the names that each RUN reads it by
COPIES: dict[str, tuple[str, dict[int, set[str]]]] = {
    "under its name": ("FROM a\nARG T\nENV T=$T\nRUN b\n", {4: {"T"}}),
    "under its name, in braces": ("FROM a\nARG T\nENV T=${T}\nRUN b\n", {4: {"T"}}),
    "under its name, in the old form": ("FROM a\nARG T\nENV T $T\nRUN b\n", {4: {"T"}}),
    "under its name, with more to it": ("FROM a\nARG T\nENV T=x$T\nRUN b\n", {4: {"T"}}),
    "under its name, with a default": ("FROM a\nARG T\nENV T=${T:-d}\nRUN b\n", {4: {"T"}}),
    "under another name": ("FROM a\nARG T\nENV A=$T\nRUN b\n", {4: {"A", "T"}}),
    "in a word with more": ("FROM a\nARG T\nENV A=https://$T@h\nRUN b\n", {4: {"A", "T"}}),
    "in a word of several": ("FROM a\nARG T\nENV A=1 B=$T C=2\nRUN b\n", {4: {"B", "T"}}),
    "in two words": ("FROM a\nARG T\nENV A=$T B=x$T\nRUN b\n", {4: {"A", "B", "T"}}),
    "from a copy": ("FROM a\nARG T\nENV A=$T\nENV B=x$A\nRUN b\n", {5: {"A", "B", "T"}}),
    "from a copy of a copy": ("FROM a\nARG T\nENV A=$T\nENV B=$A\nENV C=$B\nRUN b\n", {6: {"A", "B", "C", "T"}}),
    "from a copy of the same line, which is not there yet": ("FROM a\nARG T\nENV A=$T B=$A\nRUN b\n", {4: {"A", "T"}}),
    "from a copy of the same line, which was there before": ("FROM a\nARG T\nENV A=$T\nENV A=1 B=$A\nRUN b\n", {5: {"B", "T"}}),
    "from what an ARG made": ("FROM a\nARG T\nARG A=$T\nENV B=$A\nRUN b\n", {5: {"A", "B", "T"}}),
    "by an ARG from a copy": ("FROM a\nARG T\nENV A=$T\nARG B=$A\nRUN b\n", {5: {"A", "B", "T"}}),
    "only behind its ARG": ("FROM a\nENV A=$T\nARG T\nRUN b\n", {4: {"T"}}),
    "not in single quotes": ("FROM a\nARG T\nENV A='$T'\nRUN b\n", {4: {"T"}}),
    "not with a backslash": ("FROM a\nARG T\nENV A=\\$T\nRUN b\n", {4: {"T"}}),
    "not of a name that goes on": ("FROM a\nARG T\nENV A=$TT\nRUN b\n", {4: {"T"}}),
    "from its line on": ("FROM a\nARG T\nRUN b\nENV A=$T\nRUN c\n", {3: {"T"}, 5: {"A", "T"}}),
    "a global ARG is none of the stage's": ("ARG T\nFROM a\nENV A=$T\nRUN b\n", {}),
    "a stage from the one that has it": ("FROM a AS x\nARG T\nENV A=$T\nFROM x\nRUN b\n", {5: {"A", "T"}}),
    "a stage's grandchild": ("FROM a AS x\nARG T\nENV A=$T\nFROM x AS y\nFROM y\nRUN b\n", {6: {"A", "T"}}),
    "a child's copy of the parent's": ("FROM a AS x\nARG T\nENV A=$T\nFROM x\nENV B=$A\nRUN b\n", {6: {"A", "B", "T"}}),
    "not the parent, of what its child has": ("FROM a AS x\nARG T\nRUN b\nFROM x\nENV A=$T\nRUN c\n", {3: {"T"}, 6: {"A", "T"}}),
    "not a stage from another": ("FROM a AS x\nARG T\nENV A=$T\nFROM b\nRUN c\n", {}),
    "hidden by an ENV": ("FROM a\nARG T\nENV A=$T\nRUN b\nENV A=1\nRUN c\n", {4: {"A", "T"}, 6: {"T"}}),
    "hidden by an ENV, under its name": ("FROM a\nARG T\nENV T=$T\nENV T=1\nRUN b\n", {}),
    "hidden by an ENV in a child": ("FROM a AS x\nARG T\nENV A=$T\nFROM x\nENV A=1\nRUN b\n", {6: {"T"}}),
    "not hidden by a bare ARG": ("FROM a\nARG T\nENV A=$T\nARG A\nRUN b\n", {5: {"A", "T"}}),
    "not hidden by an ENV before": ("FROM a\nENV A=1\nARG T\nENV A=$T\nRUN b\n", {5: {"A", "T"}}),
    "not hidden by another's ENV": ("FROM a\nARG T\nENV A=$T\nENV B=1\nRUN b\n", {5: {"A", "T"}}),
    "an ENV that keeps what another hid": ("FROM a\nARG T\nENV A=$T\nENV T=1\nENV B=$T\nRUN b\n", {6: {"A"}}),
    "set again behind what hid it": ("FROM a\nARG T\nENV T=1\nARG T\nENV A=$T\nRUN b\n", {6: {"A", "T"}}),
    "shown again by its ARG": ("FROM a\nARG T\nENV T=1\nRUN b\nARG T\nRUN c\n", {6: {"T"}}),
}


def names_of(text: str) -> dict[int, set[str]]:
    """By which names each RUN has the value or what is made from it."""
    found: dict[int, set[str]] = {}
    for name, each in trace_all(dockerfile(text), "T").items():
        for sight in each.sights:
            found.setdefault(sight.run.line, set()).add(name)
    return found


def passed_names(text: str) -> dict[int, set[str]]:
    """The same, as BuildKit's model has it."""
    runs = buildkit.runs(text, buildkit.Given({"T": "canary"}))
    found = {run.line: {name for name, value in run.env.items() if "canary" in value} for run in runs}
    return {line: names for line, names in found.items() if names}


@pytest.mark.parametrize(("text", "names"), COPIES.values(), ids=COPIES)
def test_which_names_a_run_has_it_by(text: str, names: dict[int, set[str]]) -> None:
    assert not HAS_BUILDKIT or passed_names(text) == names
    assert names_of(text) == names


DECLARED_ELSEWHERE = {
    "by another stage": ("FROM a AS x\nARG T\nENV A=$T\nFROM b\nARG A\nRUN c\n", {6: {"A"}}),
    "by an ARG that hides it": ("FROM a\nARG T\nENV A=$T\nARG A=1\nRUN b\n", {5: {"A", "T"}}),
    "by an ARG before the one that is made from it": ("FROM a\nARG T A\nRUN b\nARG A=$T\nRUN c\n", {3: {"A", "T"}, 5: {"A", "T"}}),
}


@pytest.mark.parametrize(("text", "names"), DECLARED_ELSEWHERE.values(), ids=DECLARED_ELSEWHERE)
def test_a_made_name_is_followed_wherever_an_arg_declares_it(text: str, names: dict[int, set[str]]) -> None:
    """A caller may pass it, so that the plan has to know of those places too."""
    assert names_of(text) == names


LAST_WORD = {
    "no copy": ("FROM a\nARG T\nRUN b\n", "T", None),
    "a copy": ("FROM a\nARG T\nENV T=$T\nRUN b\n", "T", 3),
    "the last of two": ("FROM a\nARG T\nENV T=$T\nENV T=x$T\nRUN b\n", "T", 4),
    "of another name": ("FROM a\nARG T\nENV A=$T\nRUN b\n", "A", 3),
    "none of the other name": ("FROM a\nARG T\nENV A=$T\nRUN b\n", "T", None),
    "the parent's": ("FROM a AS x\nARG T\nENV A=$T\nFROM x\nRUN b\n", "A", 3),
    "one that a bare ARG leaves": ("FROM a\nARG T\nENV A=$T\nARG A\nRUN b\n", "A", 3),
    "none behind an ARG with a value": ("FROM a\nARG T\nENV A=1\nARG A=$T\nRUN b\n", "A", None),
    "none behind its own ARG with a value": ("FROM a\nARG T\nENV T=$T\nARG T=1\nRUN b\n", "T", None),
}


@pytest.mark.parametrize(("text", "name", "line"), LAST_WORD.values(), ids=LAST_WORD)
def test_which_env_gave_the_value_last(text: str, name: str, line: int | None) -> None:
    (sight,) = trace_all(dockerfile(text), "T")[name].sights
    assert (sight.copy and sight.copy.variable.line) == line
    assert sight.copy is None or sight.copy.is_copy


def test_the_secrets_own_flow_comes_first() -> None:
    flows = trace_all(dockerfile("FROM a\nENV A=1\nARG T\nENV A=$T\nARG B=$A\n"), "T")
    assert list(flows) == ["T", "A", "B"]
    assert [(word.variable.name, word.variable.line) for each in flows.values() for word in each.derived] == [("A", 4), ("B", 5)]
    assert [word.is_copy for word in flows["A"].declarations] == [True]


def test_a_copy_can_be_expanded_too() -> None:
    flows = trace_all(dockerfile("FROM a\nARG T\nENV A=$T\nLABEL a=$A\nONBUILD RUN b $A\nRUN --mount=type=cache,id=$A c\n"), "T")
    assert [expansion.what for expansion in flows["A"].expansions] == ["LABEL", "an option of RUN"]
    assert [trigger.line for trigger in flows["A"].triggers] == [5]
    assert (flows["T"].expansions, flows["T"].triggers) == ((), ())


@pytest.mark.parametrize("text", ["", "a", "$", "${T", "${T:=a}", "\\$T", "'$T'", "$1T"])
def test_what_refers_to_nothing_named_so(text: str) -> None:
    assert "T" not in [reference.name for reference in references(text, "\\")]


def test_heredocs_have_no_quotes() -> None:
    assert [found.name for found in references("'$T' \"${A}\"", "\\", quotes=False)] == ["T", "A"]


def test_a_stage_and_those_that_it_is_from() -> None:
    file = dockerfile("FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM z\n")
    assert [stage.index for stage in ancestry(file, file.stages[3])] == [3, 2, 0]
    assert [stage.index for stage in ancestry(file, file.stages[1])] == [1]


# --- any order of them --------------------------------------------------------------------------------------------------

LINES = (
    "ARG T",
    "ARG T=d",
    "ARG T=e",
    "ARG A T=f B",
    "ARG A=$T",
    "ENV T=env",
    "ENV A=1",
    "ENV T=$T",
    "ENV T=x$T",
    "ENV A=$T B=$A",
    "ENV B=$A T=1",
    "ENV B=${T:-$A}",
    "ARG B",
    "RUN a",
    "RUN b",
    "USER u",
    "LABEL a=b",
    "WORKDIR /w",
)


@st.composite
def files(draw: st.DrawFn) -> str:
    lines = draw(st.lists(st.sampled_from(("ARG T", "ARG T=g", "ARG A=$T", "ARG B=s0")), max_size=2))
    for stage in range(draw(st.integers(1, 4))):
        bases = ("a", "$B", *(f"{letter}{before}" for before in range(stage) for letter in "sS"))
        lines += [f"FROM {draw(st.sampled_from(bases))} AS s{stage}", *draw(st.lists(st.sampled_from(LINES), max_size=5))]
    return "\n".join((*lines, ""))


@pytest.mark.skipif(not HAS_BUILDKIT, reason="BuildKit's parser is not on PyPI for this machine")
@given(text=files())
@settings(
    max_examples=int(os.environ.get("DOCKERFIX_EXAMPLES", "400")),
    derandomize="DOCKERFIX_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=(HealthCheck.too_slow,),
)
def test_the_model_agrees(text: str) -> None:
    """Which RUNs have a passed value, and what each has where none is passed."""
    found, real = names_of(text), passed_names(text)
    declared = set(argument_names(dockerfile(text))) - {"T"}
    assert {line: names - declared for line, names in real.items() if names - declared} == {
        line: names - declared for line, names in found.items() if names - declared
    }
    assert all(names <= found[line] for line, names in real.items())
    missing = not_passed(text)
    for sight in (sight for sight in flow(text).sights if sight.copy is None):
        expected = (sight.default.variable.value,) if sight.default else ("env", "", "x", "1") if sight.falls_back else (None,)
        assert missing[sight.run.line] in expected
