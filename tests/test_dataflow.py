"""Scopes of a build arg called T: rows from BuildKit's rules, each put to a model of BuildKit that shares no code with ours.

`sees` are the lines of the RUNs that have the value a caller passes.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codemod.dataflow import Flow, argument_names, is_simple_heredoc, lineage, shell_text, trace

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
    assert (found.expansions, found.copies) == ((), ())


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


def test_env_copies() -> None:
    found = flow("FROM a\nARG T\nENV A=1 B=x${T}y\nENV C=$B\n")
    assert [(copy.what, copy.instruction.line) for copy in found.copies] == [("ENV", 3)]
    assert flow("FROM a\nENV A=$T\nARG T\n").copies == ()


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


# --- what a shell is handed ---------------------------------------------------------------------------------------------

SHELL_TEXTS = {
    "a command": ("RUN a b", "a b", False),
    "a command on two lines": ("RUN a \\\n  b", "a   b", False),
    "a heredoc": ("RUN <<X\na\nb\nX", "a\nb\n", True),
    "a heredoc with options": ("RUN --network=none <<-X\n\ta\n\tX", "\ta\n", True),
    "a heredoc that a command reads": ("RUN cat <<X\na\nX", "cat <<X\na\nX\n", False),
    "a heredoc and a redirect": ("RUN <<X > f\na\nX", "<<X > f\na\nX\n", False),
    "two heredocs": ("RUN a <<X 3<<Y\na\nX\nb\nY", "a <<X 3<<Y\na\nX\nb\nY\n", False),
}


@pytest.mark.parametrize(("line", "text", "simple"), SHELL_TEXTS.values(), ids=SHELL_TEXTS)
def test_what_a_shell_is_handed(line: str, text: str, *, simple: bool) -> None:
    file = dockerfile(f"FROM a\n{line}\n")
    (run,) = file.stages[0].instructions
    assert shell_text(run, file.source.text).text == text
    assert bool(run.heredocs) is ("<<" in line)
    assert is_simple_heredoc(run) is simple


# --- any order of them --------------------------------------------------------------------------------------------------

LINES = (
    "ARG T",
    "ARG T=d",
    "ARG T=e",
    "ARG A T=f B",
    "ARG A=$T",
    "ENV T=env",
    "ENV A=1",
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
    sights = {sight.run.line: sight for sight in flow(text).sights}
    assert list(sights) == passed(text)
    found = not_passed(text)
    for line, sight in sights.items():
        assert found[line] == (sight.default.variable.value if sight.default else "env" if sight.falls_back else None)
