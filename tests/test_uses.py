"""Which RUNs need a secret, by which names, how they come to read it, and whether they can do without.

Places of the build context come with files that a COPY brings, so that what arrives in a stage does not depend on who asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from codemod.context import Mention
from codemod.dataflow import trace_all
from codemod.fix import fix
from codemod.plan import Plan
from codemod.refusal import Reason
from codemod.settings import Settings
from codemod.surroundings import Surroundings
from codemod.users import is_shell
from codemod.uses import How, Use, find_uses

from .texts import dockerfile, source

T = "API_TOKEN"
CURL = f"curl -u u:${T} h"
ALLOWED = Settings(allow=frozenset({Reason.RUNTIME_ENVIRONMENT}))


def plan(text: str, mentions: Mapping[str, Sequence[Mention]] | None = None, name: str = T) -> Plan:
    result = fix(source(text), ALLOWED, Surroundings(mentions or {}))
    (found,) = (outcome for outcome in result.outcomes if outcome.finding.name == name)
    assert found.refusal is None
    assert found.plan is not None
    return found.plan


def steps(text: str, mentions: Mapping[str, Sequence[Mention]] | None = None, name: str = T) -> list[tuple[int, How]]:
    return [(step.run.line, step.how) for step in plan(f"FROM alpine AS x\nARG {name}\n{text}\n", mentions, name).steps]


# --- what shows ---------------------------------------------------------------------------------------------------------

NO_USE = {
    "it does not name it": "RUN echo a && rm -rf b",
    "it only has what looks like it": f"RUN echo '${T}' \\${T} ${T}X",
    "a longer name": f"RUN curl ${T}_2 $MY_{T}",
    "a comment names it": f"RUN echo a # ${T}",
    "it sets it first": f"RUN {T}=1; echo ${T}",
    "it sets it and nobody reads it": f"RUN {T}=1; echo",
    "a builtin names it": f"RUN echo {T}",
    "a mount sets it already": f"RUN --mount=type=secret,id={T},env={T} {CURL}",
    "it exports the mounted file already": f"RUN --mount=type=secret,id={T} export {T}=$(cat /run/secrets/{T}); make ${T}",
    "a mount of an exec form sets it already": f'RUN --mount=type=secret,id={T},env={T} ["make"]',
    "an exec form that nobody expands, of a program that never looks": f'RUN ["echo", "${T}"]',
    "a heredoc that the command gets as it is": f"RUN cat <<'X' > f\n${T}\nX",
    "a heredoc whose comment names it": f"RUN <<X\n# ${T}\necho a\nX",
}
USES = {
    "the shell expands it": (f"RUN {CURL}", How.SHELL),
    "the shell expands it for a test": (f'RUN [ -n "${T}" ]', How.SHELL),
    "the shell expands a value of it that it sets later": (f"RUN {CURL}; {T}=1", How.SHELL),
    "a tool is told the name": (f"RUN printenv {T}", How.IMPLICIT),
    "a child expands it": (f"RUN sh -c 'b ${T}'", How.IMPLICIT),
    "nobody could read it without guessing": (f'RUN eval "b \\${T}"', How.IMPLICIT),
    "it sets it for one command, which reads more": (f"RUN {T}=1 make ${T}", How.SHELL),
    "a heredoc that the shell expands": (f"RUN cat <<X > f\n${T}\nX", How.SHELL),
    "a heredoc that a shell gets": (f"RUN bash <<'X'\nb ${T}\nX", How.IMPLICIT),
    "a heredoc that another language gets": (f"RUN python3 <<'X'\nimport os; os.environ['{T}']\nX", How.IMPLICIT),
    "a script expands it": (f"RUN <<X\n{CURL}\nX", How.HEREDOC),
    "a script in quotes expands it": (f"RUN <<'X'\n{CURL}\nX", How.HEREDOC),
    "a script tells a tool": (f"RUN <<X\nprintenv {T}\nX", How.IMPLICIT),
    "a script of a named shell": (f"RUN <<X\n#!/bin/bash -e\n{CURL}\nX", How.HEREDOC),
    "a script of another language": (f"RUN <<X\n#!/usr/bin/env python3\nimport os; os.environ['{T}']\nX", How.IMPLICIT),
    "a script of another language that only prints its name": (f"RUN <<X\n#!/usr/bin/env python3\nprint('{T}')\nX", How.IMPLICIT),
    "an exec form of a shell": (f'RUN ["sh", "-c", "b ${T}"]', How.EXEC),
    "an exec form of a program that is told": (f'RUN ["printenv", "{T}"]', How.EXEC),
    "an exec form of a program that only looks told": (f'RUN ["b", "${T}"]', How.EXEC),
    "another SHELL": (f'SHELL ["python", "-c"]\nRUN import os; os.environ["{T}"]', How.IMPLICIT),
    "another SHELL, of the parent": (f'SHELL ["node", "-e"]\nFROM x\nRUN process.env.{T}', How.IMPLICIT),
}


@pytest.mark.parametrize("text", NO_USE.values(), ids=NO_USE)
def test_no_use_shows(text: str) -> None:
    """Another RUN has it, so that nobody has to guess."""
    last = len(text.splitlines()) + 3
    assert steps(f"{text}\nRUN {CURL}") == [(last, How.SHELL)]


@pytest.mark.parametrize(("text", "how"), USES.values(), ids=USES)
def test_a_use_shows(text: str, how: How) -> None:
    line = next(number for number, row in enumerate(text.splitlines(), 3) if row.startswith("RUN"))
    assert steps(text) == [(line, how)]


def test_the_uses_are_in_the_order_of_the_file() -> None:
    assert steps(f"RUN make\nRUN printenv {T}\nRUN {CURL}\nFROM alpine\nARG {T}\nRUN <<X\n{CURL}\nX") == [
        (4, How.IMPLICIT),
        (5, How.SHELL),
        (8, How.HEREDOC),
    ]


# --- by which names -----------------------------------------------------------------------------------------------------

NAMES: dict[str, tuple[str, list[tuple[str, ...]]]] = {
    "its own": (f"RUN {CURL}", [(T,)]),
    "what ENV calls it": (f"ENV A=${T}\nRUN curl $A", [("A",)]),
    "both": (f"ENV A=${T}\nRUN curl $A ${T}", [(T, "A")]),
    "in the order of the file, not of the text": (f"ENV A=${T} B=${T}\nRUN curl $B $A", [("A", "B")]),
    "what the stage has by then": (f"RUN curl $A ${T}\nENV A=${T}\nRUN curl $A ${T}", [(T,), (T, "A")]),
    "what a hidden one is not": (f"ENV A=${T}\nENV A=1\nRUN curl $A ${T}", [(T,)]),
    "what a tool looks for": (f"ENV NODE_AUTH_TOKEN=${T}\nRUN npm ci", [("NODE_AUTH_TOKEN",)]),
    "what a tool looks for, and what it is told": (f"ENV NODE_AUTH_TOKEN=${T}\nRUN npm ci --token ${T}", [(T, "NODE_AUTH_TOKEN")]),
    "all, where nothing shows": (f"ENV A=${T}\nRUN make", [(T, "A")]),
}


def uses(text: str) -> tuple[Use, ...]:
    file = dockerfile(text)
    flows = trace_all(file, T)
    sights = {sight.run.span.start: sight for flow in flows.values() for sight in flow.sights}
    return find_uses(file, flows, [sights[start] for start in sorted(sights)], {})


@pytest.mark.parametrize(("text", "names"), NAMES.values(), ids=NAMES)
def test_by_which_names(text: str, names: list[tuple[str, ...]]) -> None:
    assert [use.names for use in uses(f"FROM alpine\nARG {T}\n{text}\nFROM alpine\n")] == names


# --- who reads, and whether it can do without -----------------------------------------------------------------------------

PYTHON = "RUN <<X\n#!/usr/bin/env python3\n{}\nX"
# who reads the text, whether it cannot do without, whether it does more than ask
READS: dict[str, tuple[str, tuple[str, ...] | None, bool, bool]] = {
    "the shell": (f"RUN {CURL}", ("/bin/sh", "-c"), True, True),
    "the shell only asks": (f'RUN [ -n "${T}" ]', ("/bin/sh", "-c"), True, False),
    "the shell asks and reads": (f'RUN [ -n "${T}" ] && curl ${T}', ("/bin/sh", "-c"), True, True),
    "the shell has a default": (f"RUN curl ${{{T}:-a}}", ("/bin/sh", "-c"), True, False),
    "another shell": (f'SHELL ["/bin/bash", "-ec"]\nRUN {CURL}', ("/bin/bash", "-ec"), True, True),
    "no shell, for an exec form": (f'SHELL ["/bin/bash", "-ec"]\nRUN ["printenv", "{T}"]', None, True, True),
    "the shell of a script": (f'SHELL ["/bin/bash", "-ec"]\nRUN <<X\n{CURL}\nX', ("/bin/bash", "-ec"), True, True),
    "the shell that a script names": (f'SHELL ["/bin/bash", "-ec"]\nRUN <<X\n#!/bin/sh\n{CURL}\nX', ("/bin/sh",), True, True),
    "an interpreter that must have it": (PYTHON.format(f"os.environ['{T}']"), ("python3",), True, True),
    "an interpreter that must have it, in other quotes": (PYTHON.format(f'os.environ[ "{T}" ]'), ("python3",), True, True),
    "an interpreter that asks in another line": (PYTHON.format(f"os.environ['A{T}'] or a\n'{T}'"), ("python3",), True, True),
    "an interpreter that gets it": (PYTHON.format(f"os.environ.get('{T}')"), ("python3",), False, True),
    "Ruby's fetch": (f"RUN <<X\n#!/usr/bin/env ruby\nENV.fetch('{T}')\nX", ("ruby",), True, True),
    "Ruby's index": (f"RUN <<X\n#!/usr/bin/env ruby\nENV['{T}']\nX", ("ruby",), True, True),
    "Ruby's index, where it asks": (f"RUN <<X\n#!/usr/bin/env ruby\na unless ENV['{T}']\nX", ("ruby",), False, True),
    "JavaScript, where it asks": (f"RUN <<X\n#!/usr/bin/env node\nprocess.env.{T} || b\nX", ("node",), False, True),
    "JavaScript, in a line that does not": (f"RUN <<X\n#!/usr/bin/env node\nif (a) b\nc(process.env.{T})\nX", ("node",), True, True),
    "another SHELL": (f'SHELL ["python3", "-c"]\nRUN os.environ["{T}"]', ("python3", "-c"), True, True),
    "a SHELL of a folder": (f'SHELL ["/usr/bin/fish", "-c"]\nRUN echo "${T}"', ("/usr/bin/fish", "-c"), True, True),
}


@pytest.mark.parametrize(("text", "interpreter", "demands", "consumes"), READS.values(), ids=READS)
def test_who_reads(text: str, interpreter: tuple[str, ...] | None, *, demands: bool, consumes: bool) -> None:
    (use,) = uses(f"FROM alpine\nARG {T}\n{text}\n")
    assert (use.interpreter, use.demands, use.consumes) == (interpreter, demands, consumes)
    assert use.is_foreign is (interpreter is not None and not is_shell(interpreter))


@pytest.mark.parametrize(
    ("words", "shell"), [(("sh",), True), (("/bin/bash", "-c"), True), (("python",), False), ((), False), (("/bin/sh.exe",), False)]
)
def test_which_programs_read_sh(words: tuple[str, ...], *, shell: bool) -> None:
    assert is_shell(words) is shell


# --- tools that look for it -----------------------------------------------------------------------------------------------

N = "NPM_TOKEN"
NODE = "NODE_AUTH_TOKEN"
LOOK = {
    "a tool that is known to": (NODE, "RUN npm ci", How.ENVIRONMENT),
    "a tool that is known to, behind another": (NODE, "RUN cd a && npm ci", How.ENVIRONMENT),
    "a tool that is known to, started by another": (NODE, "RUN sudo -E npm ci", How.ENVIRONMENT),
    "a tool that is known to, started by a shell": (NODE, "RUN sh -c 'npm ci'", How.ENVIRONMENT),
    "a tool that is known to, in a script": (NODE, "RUN <<X\nset -e\nnpm ci\nX", How.ENVIRONMENT),
    "a tool that is known to, in an exec form": (NODE, 'RUN ["npm", "ci"]', How.ENVIRONMENT),
    "a tool that is known to, and is told as well": (NODE, f"RUN npm ci --token ${NODE}", How.SHELL),
    "a tool that is known to look for what is made from it": (N, f"ENV {NODE}=${N}\nRUN npm ci", How.ENVIRONMENT),
}


@pytest.mark.parametrize(("name", "text", "how"), LOOK.values(), ids=LOOK)
def test_a_tool_looks_for_it(name: str, text: str, how: How) -> None:
    (step,) = plan(f"FROM alpine AS x\nARG {name}\n{text}\nFROM alpine\n", name=name).steps
    assert (step.how, step.optional) == (how, False)


def test_no_tool_looks_inside_a_program_of_another_language() -> None:
    """Its text has no commands, whatever it looks like to a shell."""
    assert steps(f'RUN printenv {NODE}\nSHELL ["python3", "-c"]\nRUN npm ci', name=NODE) == [(3, How.IMPLICIT)]


# --- files that have its name ---------------------------------------------------------------------------------------------

NPMRC = {N: (Mention(".npmrc", 1, demands=True),)}
LOOSE = {N: (Mention(".npmrc", 1, demands=False),)}
FILES = {
    "npm must have it": ("COPY . .\nRUN npm ci", NPMRC, [(4, How.IMPLICIT, False)]),
    "npm can do without": ("COPY . .\nRUN npm ci", LOOSE, [(4, How.IMPLICIT, True)]),
    "npm runs in a script": ("COPY . .\nRUN <<X\nset -e\nnpm ci\nX", NPMRC, [(4, How.IMPLICIT, False)]),
    "npm is told it as well": (f"COPY . .\nRUN npm ci --token ${N}", NPMRC, [(4, How.SHELL, False)]),
    "another RUN shows a use": (f"RUN curl -u u:${N} h\nCOPY . .\nRUN npm ci", NPMRC, [(3, How.SHELL, False), (5, How.IMPLICIT, False)]),
    "nobody can look": (f"COPY . .\nRUN echo a\nRUN curl -u u:${N} h", NPMRC, [(5, How.SHELL, False)]),
    "a mount brings it already": (f"COPY . .\nRUN --mount=type=secret,id=a,env={N} npm ci", NPMRC, []),
    "the context has another name": ("COPY . .\nRUN npm ci", {"OTHER": NPMRC[N]}, [(4, How.BROAD, True)]),
    "it arrives later": ("RUN npm ci\nCOPY . .", NPMRC, [(3, How.BROAD, True)]),
    "it arrives elsewhere": (
        f"RUN printenv {N}\nFROM node:22\nCOPY . .\nFROM node:22\nARG {N}\nRUN npm ci",
        NPMRC,
        [(3, How.IMPLICIT, False), (8, How.BROAD, True)],
    ),
    "a file that anybody may read": ("COPY . .\nRUN make", {N: (Mention("a.conf", 1, demands=True),)}, [(4, How.IMPLICIT, False)]),
    "a program of another language": ("COPY . .\nRUN npm ci\nRUN <<X\n#!/usr/bin/env python3\npass\nX", NPMRC, [(4, How.IMPLICIT, False)]),
}


@pytest.mark.parametrize(("text", "mentions", "expected"), FILES.values(), ids=FILES)
def test_a_file_of_the_context_names_it(
    text: str, mentions: Mapping[str, Sequence[Mention]], expected: list[tuple[int, How, bool]]
) -> None:
    found = plan(f"FROM node:22\nARG {N}\n{text}\n", mentions, N).steps
    assert [(step.run.line, step.how, step.optional) for step in found] == expected


WHY = {
    "a tool": ("COPY . .\nRUN npm ci", NODE, {}, f"`npm` reads {NODE} from its environment"),
    "a file of the context": ("COPY . .\nRUN npm ci", N, NPMRC, f"`npm` may look at .npmrc:1, which names {N}"),
    "a file that an earlier RUN wrote": (
        f"RUN echo '//r/:_authToken=${{{N}}}' > .npmrc\nRUN npm ci",
        N,
        {},
        f"`npm` may look at .npmrc, written in line 3, which names {N}",
    ),
    "nothing where the text says it": (f"COPY . .\nRUN npm ci --token ${N}", N, NPMRC, ""),
    "nothing where nobody knows": ("COPY . .\nRUN npm ci", N, {}, ""),
    "two": (
        f"ENV {NODE}=${N}\nCOPY . .\nRUN npm ci",
        N,
        NPMRC,
        f"`npm` may look at .npmrc:1, which names {N}; `npm` reads {NODE} from its environment",
    ),
}


@pytest.mark.parametrize(("text", "name", "mentions", "why"), WHY.values(), ids=WHY)
def test_who_reads_what_the_text_does_not_name(text: str, name: str, mentions: Mapping[str, Sequence[Mention]], why: str) -> None:
    assert plan(f"FROM node:22\nARG {name}\n{text}\n", mentions, name).steps[-1].why == why


WRITTEN = {
    "a later RUN": (f"RUN echo '//r/:_authToken=${{{N}}}' > .npmrc\nRUN npm ci", [(4, How.IMPLICIT)]),
    "a later RUN, by a heredoc": (f"COPY <<'X' .npmrc\n//r/:_authToken=${{{N}}}\nX\nRUN npm ci", [(6, How.IMPLICIT)]),
    "not an earlier one": (f"RUN npm ci\nRUN echo '//r/:_authToken=${{{N}}}' > .npmrc\nRUN printenv {N}", [(5, How.IMPLICIT)]),
    "not one of another stage": (
        f"RUN echo '//r/:_authToken=${{{N}}}' > .npmrc\nRUN printenv {N}\nFROM node:22\nARG {N}\nRUN printenv {N}\nRUN npm ci",
        [(4, How.IMPLICIT), (7, How.IMPLICIT)],
    ),
}


@pytest.mark.parametrize(("text", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_an_earlier_instruction_wrote_its_name_down(text: str, expected: list[tuple[int, How]]) -> None:
    assert steps(text, name=N) == expected


# --- where nothing shows --------------------------------------------------------------------------------------------------

BROAD: dict[str, tuple[str, list[int]]] = {
    "no RUN at all": ("", []),
    "nobody can look": ("RUN echo a && rm -rf b", []),
    "git alone is left": ("RUN git clone https://h/r", []),
    "somebody can": ("RUN make", [3]),
    "somebody can, in a script": ("RUN <<X\nmake\nX", [3]),
    "somebody can, in an exec form": ('RUN ["./a"]', [3]),
    "nobody can, in an exec form": ('RUN ["rm", "a"]', []),
    "somebody can, in an exec form of a shell": ('RUN ["sh", "-c", "make"]', [3]),
    "another language always can": ('SHELL ["python3", "-c"]\nRUN pass', [4]),
    "a script of another language always can": ("RUN <<X\n#!/usr/bin/perl\nX", [3]),
    "only the shell knows who": ("RUN $A", [3]),
    "those who can": ("RUN make\nRUN echo\nRUN npm ci\nRUN git pull", [3, 5]),
    "those behind the ARG": ("RUN make\nFROM a\nRUN make", [3]),
    "each stage for itself": ("RUN make\nFROM a\nARG §\nRUN make", [3, 6]),
    "a child of the stage": ("FROM x\nRUN make", [4]),
    "one that has it already": ("RUN --mount=type=secret,id=a,env=§ make", []),
    "one that has it already, and one that has not": ("RUN --mount=type=secret,id=a,env=§ make\nRUN make", [4]),
    "one that could, beside one that only asks": ('RUN [ -n "$§" ]\nRUN make', [3, 4]),
    "one of another stage than the one that shows": ("RUN make\nFROM a\nARG §\nRUN curl -u u:$§ h", [3, 6]),
    "not one of the stage that shows": ("RUN make\nRUN curl -u u:$§ h", [4]),
    "not one of a child of the stage that shows": ("RUN curl -u u:$§ h\nFROM x\nRUN make", [3]),
    "not one of the parent of the stage that shows": ("RUN make\nFROM x\nRUN curl -u u:$§ h", [5]),
    "one of a child that declares it again": ("RUN curl -u u:$§ h\nFROM x\nARG §\nRUN make", [3, 6]),
}


@pytest.mark.parametrize(("text", "lines"), BROAD.values(), ids=BROAD)
def test_every_run_that_could(text: str, lines: list[int]) -> None:
    assert [line for line, _ in steps(text.replace("§", T))] == lines


def test_what_no_shell_could_read_could_read_it_too() -> None:
    (outcome,) = fix(source(f"FROM alpine\nARG {T}\nRUN echo 'a\n"), Settings()).outcomes
    assert outcome.refusal is not None
    assert (outcome.refusal.reason, outcome.refusal.line) == (Reason.SHELL_NOT_UNDERSTOOD, 3)


def test_those_are_never_required() -> None:
    found = plan(f"FROM alpine\nARG {T}\nRUN make\nFROM alpine\nARG {T}\nRUN {CURL}\n").steps
    assert [(step.how, [mount.required for mount in step.mounts]) for step in found] == [(How.BROAD, [False]), (How.SHELL, [True])]


def test_a_tool_whose_configuration_is_mounted_needs_no_more() -> None:
    assert steps("RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci", name=N) == []
    assert steps("RUN --mount=type=cache,target=/root/.npm npm ci", name=N) == [(3, How.BROAD)]
    assert steps("RUN --mount=type=secret,id=A,env=B npm ci", name=N) == [(3, How.BROAD)]
