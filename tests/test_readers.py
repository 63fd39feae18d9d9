"""RUNs that have the secret already, and RUNs that may read it without naming it."""

from __future__ import annotations

import pytest

from codemod.dockerfile.nodes import Instruction
from codemod.fix import fix
from codemod.readers import existing_mount, has_arrived, run_shell
from codemod.refusal import Reason
from codemod.settings import Settings

from .texts import dockerfile, fixed, source

MOUNT = "--mount=type=secret,id=T"


def run(text: str) -> Instruction:
    (found,) = dockerfile(f"FROM a\nRUN {text}\n").stages[0].instructions
    return found


HAS_NOT = {
    "it has no mount": "a $T",
    "it has a mount of another kind": "--mount=type=cache,id=T,target=/c a $T",
    "it has another secret": "--mount=type=secret,id=A,env=A a $T",
    "it has the file and does not read it": f"{MOUNT} a $T",
    "it reads the file into another variable": f"{MOUNT} A=$(cat /run/secrets/T) && a $T",
    "it reads another file": f"{MOUNT} export T=$(cat /run/secrets/A) && a $T",
    "it reads the variable before": f'{MOUNT} a $T && export T="$(cat /run/secrets/T)"',
    "one command has it, and another could look": f"{MOUNT} T=$(cat /run/secrets/T) make && npm ci",
    "another command reads the variable": f"{MOUNT} T=$(cat /run/secrets/T) make && curl -u u:$T h",
    "it is exported in a subshell": f"{MOUNT} ( export T=$(cat /run/secrets/T); make ) && curl -u u:$T h",
    "it is exported on a condition": f"{MOUNT} if a; then export T=$(cat /run/secrets/T); fi; curl -u u:$T h",
    "it is exported behind an and": f"{MOUNT} a && export T=$(cat /run/secrets/T); curl -u u:$T h",
    "it is exported in a function": f"{MOUNT} f() {{ export T=$(cat /run/secrets/T); }}; curl -u u:$T h",
    "it is exported in a pipeline": f"{MOUNT} export T=$(cat /run/secrets/T) | a; curl -u u:$T h",
    "it is exported in the background": f"{MOUNT} export T=$(cat /run/secrets/T) & curl -u u:$T h",
    "it is exported by a text": f"{MOUNT} echo 'export T=$(cat /run/secrets/T)' > f; curl -u u:$T h",
    "a command could look before": f"{MOUNT} make; export T=$(cat /run/secrets/T) && make",
    "it does not export it for those who look": f"{MOUNT} T=$(cat /run/secrets/T); make",
}
HAS = {
    "a mount sets the variable": "--mount=type=secret,id=A,env=T a $T",
    "it exports the file": f'{MOUNT} export T="$(cat /run/secrets/T)" && make',
    "it exports the file in backticks": f"{MOUNT} export T=`cat /run/secrets/T` && make",
    "it exports the file without cat": f"{MOUNT} export T=$(< /run/secrets/T); make",
    "it exports a file of another place": f"{MOUNT},target=/t export T=$(cat /t) && make",
    "one command has it": f"{MOUNT} T=$(cat /run/secrets/T) make",
    "nobody looks for it": f'{MOUNT} T="$(cat /run/secrets/T)"; curl -u u:$T h',
}


@pytest.mark.parametrize("text", HAS_NOT.values(), ids=HAS_NOT)
def test_it_has_not_arrived(text: str) -> None:
    assert not has_arrived(run(text), "T")


@pytest.mark.parametrize("text", HAS.values(), ids=HAS)
def test_it_has_arrived(text: str) -> None:
    assert has_arrived(run(text), "T")


def test_the_mount_that_is_there() -> None:
    found = run("--mount=type=cache,id=T,target=/c --mount=type=secret,id=A --mount=type=secret,id=T,target=/t a")
    mount = existing_mount(found, "T")
    assert mount is not None
    assert mount.target == "/t"
    assert existing_mount(found, "B") is None


def test_what_a_shell_is_given() -> None:
    file = dockerfile('FROM a\nRUN ["a", "b \'c\'", "$T"]\nRUN a $T\nRUN <<X\na $T\nX\n')
    texts = [run_shell(file, instruction).text for instruction in file.stages[0].instructions]
    assert texts == ["'a' 'b '\\''c'\\''' '$T'", "a $T", "a $T\n"]


# --- readers that do not name it ------------------------------------------------------------------------------------------

SEEN = "RUN curl -u u:$NPM_CONFIG_TOKEN h"
NOBODY = {
    "no RUN at all": ("", ()),
    "nobody can look": ("RUN echo a && rm -rf b", ()),
    "git alone is left": ("RUN git clone https://h/r", ()),
    "another RUN shows the use": (f"{SEEN}\nRUN make", ()),
    "the RUN that names it runs the tool": ("RUN npm ci --token $NPM_CONFIG_TOKEN", ("a.sh:1",)),
    "the context names it, and nobody can look": ("RUN echo a", ("a.sh:1",)),
    "the context names it, and git alone is left": ("RUN git fetch", ("a.sh:1",)),
    "a mount brings it already": ("RUN --mount=type=secret,id=NPM_CONFIG_TOKEN,env=NPM_CONFIG_TOKEN npm ci", ()),
}
SOMEBODY = {
    "a tool is documented to read it": ("RUN npm ci", (), "`npm` reads NPM_CONFIG_TOKEN from its environment"),
    "a tool is documented to, though another RUN shows a use": (
        f"{SEEN}\nRUN npm ci",
        (),
        "`npm` reads NPM_CONFIG_TOKEN from its environment",
    ),
    "no use shows": (
        "RUN make",
        (),
        "no RUN does anything with NPM_CONFIG_TOKEN that shows, and `make` may read it from its environment",
    ),
    "no use shows, and a variable is the command": (
        "RUN $A",
        (),
        "no RUN does anything with NPM_CONFIG_TOKEN that shows, and `a command` may read it from its environment",
    ),
    "a RUN only asks whether it is there": (
        'RUN [ -n "$NPM_CONFIG_TOKEN" ]\nRUN make',
        (),
        "no RUN does anything with NPM_CONFIG_TOKEN that shows, and `make` may read it from its environment",
    ),
    "the context names it": (f"{SEEN}\nRUN make", ("a.sh:1", "b:2"), "it may read NPM_CONFIG_TOKEN, which a.sh:1 mentions"),
    "an earlier RUN wrote its name down": (
        "RUN echo '//r/:_authToken=${NPM_CONFIG_TOKEN}' > .npmrc\nRUN make",
        (),
        "it may read NPM_CONFIG_TOKEN, whose name an earlier RUN wrote down for later",
    ),
}
DECLARED = "FROM alpine\nARG NPM_CONFIG_TOKEN\n"


@pytest.mark.parametrize(("text", "mentioned"), NOBODY.values(), ids=NOBODY)
def test_nobody_reads_it_unseen(text: str, mentioned: tuple[str, ...]) -> None:
    (outcome,) = fix(source(f"{DECLARED}{text}\n"), Settings(), {"NPM_CONFIG_TOKEN": mentioned}).outcomes
    assert outcome.refusal is None


@pytest.mark.parametrize(("text", "mentioned", "detail"), SOMEBODY.values(), ids=SOMEBODY)
def test_somebody_may_read_it_unseen(text: str, mentioned: tuple[str, ...], detail: str) -> None:
    last = len(f"{DECLARED}{text}".splitlines())
    (outcome,) = fix(source(f"{DECLARED}{text}\n"), Settings(), {"NPM_CONFIG_TOKEN": mentioned}).outcomes
    assert outcome.refusal is not None
    assert (outcome.refusal.reason, outcome.refusal.line, outcome.refusal.detail) == (Reason.UNSEEN_READER, last, detail)


@pytest.mark.parametrize("text", [text for text, *_ in SOMEBODY.values()], ids=SOMEBODY)
def test_a_person_can_say_that_nobody_does(text: str) -> None:
    (outcome,) = fixed(f"{DECLARED}{text}\n", Settings(allow=frozenset({Reason.UNSEEN_READER}))).outcomes
    assert outcome.refusal is None
