"""RUNs that have the secret already, from a mount that somebody wrote before, and the id that it has there."""

from __future__ import annotations

import pytest

from codemod.dockerfile.nodes import Dockerfile, Instruction
from codemod.existing import existing_mount, has_arrived, id_in_use

from .texts import dockerfile

MOUNT = "--mount=type=secret,id=T"


def run(text: str) -> tuple[Dockerfile, Instruction]:
    file = dockerfile(f"FROM a\nRUN {text}\n")
    (found,) = file.stages[0].instructions
    return file, found


HAS_NOT = {
    "it has no mount": "a $T",
    "it has a mount of another kind": "--mount=type=cache,id=T,target=/c a $T",
    "it has another secret": "--mount=type=secret,id=A,env=A a $T",
    "it has the file and does not read it": f"{MOUNT} a $T",
    "it reads the file into another variable": f"{MOUNT} A=$(cat /run/secrets/T) && a $T",
    "it reads another file": f"{MOUNT} export T=$(cat /run/secrets/A) && a $T",
    "it reads more than the file": f"{MOUNT} export T=x$(cat /run/secrets/T) && a $T",
    "it has the path and does not read it": f"{MOUNT} export T=/run/secrets/T && a $T",
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
    "it is set at the end": f"{MOUNT} T=$(cat /run/secrets/T); T=$(cat /run/secrets/T) make; npm ci",
    "a comment of a script says so": f"{MOUNT} <<X\n# export T=$(cat /run/secrets/T)\na $T\nX",
    "a text that another program gets says so": f"{MOUNT} cat <<'X'\nexport T=$(cat /run/secrets/T)\nX",
}
HAS = {
    "a mount sets the variable": "--mount=type=secret,id=A,env=T a $T",
    "a mount sets the variable of an exec form": '--mount=type=secret,id=A,env=T ["a"]',
    "one of several mounts sets the variable": f"{MOUNT} --mount=type=secret,id=A,env=T a $T",
    "it exports the file": f'{MOUNT} export T="$(cat /run/secrets/T)" && make',
    "it exports the file in backticks": f"{MOUNT} export T=`cat /run/secrets/T` && make",
    "it exports the file without cat": f"{MOUNT} export T=$(< /run/secrets/T); make",
    "it exports a file of another place": f"{MOUNT},target=/t export T=$(cat /t) && make",
    "it exports a file of another id": "--mount=type=secret,id=a.b export T=$(cat /run/secrets/a.b) && make",
    "one command has it": f"{MOUNT} T=$(cat /run/secrets/T) make",
    "nobody looks for it": f'{MOUNT} T="$(cat /run/secrets/T)"; curl -u u:$T h',
    "a script exports it": f"{MOUNT} <<X\nexport T=$(cat /run/secrets/T)\nmake\nX",
    "a shell of an exec form exports it": f'{MOUNT} ["sh", "-c", "export T=$(cat /run/secrets/T); make"]',
}


@pytest.mark.parametrize("text", HAS_NOT.values(), ids=HAS_NOT)
def test_it_has_not_arrived(text: str) -> None:
    assert not has_arrived(*run(text), "T")


@pytest.mark.parametrize("text", HAS.values(), ids=HAS)
def test_it_has_arrived(text: str) -> None:
    assert has_arrived(*run(text), "T")


def test_the_mount_that_is_there() -> None:
    _, found = run("--mount=type=cache,id=T,target=/c --mount=type=secret,id=A --mount=type=secret,id=T,target=/t a")
    mount = existing_mount(found, "T")
    assert mount is not None
    assert mount.target == "/t"
    assert existing_mount(found, "B") is None


# --- the id by which it is known ------------------------------------------------------------------------------------------

IDS: dict[str, tuple[str, str | None]] = {
    "no mount": ("RUN a $NPM_TOKEN", None),
    "another secret's": ("RUN --mount=type=secret,id=OTHER a", None),
    "another kind of mount": ("RUN --mount=type=cache,id=npm_token,target=/a a", None),
    "its name": ("RUN --mount=type=secret,id=NPM_TOKEN a", "NPM_TOKEN"),
    "its name in small letters": ("RUN --mount=type=secret,id=npm_token a", "npm_token"),
    "its name with other marks": ("RUN --mount=type=secret,id=npm-token a", "npm-token"),
    "its name without marks": ("RUN --mount=type=secret,id=npmToken a", "npmToken"),
    "its name, as the file is called": ("RUN --mount=type=secret,target=/x/npm.token a", "npm.token"),
    "part of its name": ("RUN --mount=type=secret,id=token a", None),
    "another build arg's name": ("RUN --mount=type=secret,id=npmtoken a", None),
    "one that sets the variable": ("RUN --mount=type=secret,id=a,env=NPM_TOKEN a", "a"),
    "one that sets another variable": ("RUN --mount=type=secret,id=a,env=TOKEN a", None),
    "one that is read into the variable": ("RUN --mount=type=secret,id=a NPM_TOKEN=$(cat /run/secrets/a) b", "a"),
    "one that is read into the variable on a condition": (
        'RUN --mount=type=secret,id=a if b; then NPM_TOKEN="$(cat /run/secrets/a)"; fi; c',
        "a",
    ),
    "one that is read into another": ("RUN --mount=type=secret,id=a TOKEN=$(cat /run/secrets/a) b", None),
    "one that sets the variable, before one of its name": (
        "RUN --mount=type=secret,id=NPM_TOKEN a\nRUN --mount=type=secret,id=a,env=NPM_TOKEN a",
        "a",
    ),
    "the first of two": ("RUN --mount=type=secret,id=npm-token a\nRUN --mount=type=secret,id=npm_token a", "npm-token"),
    "one of another stage": ("RUN a\nFROM b\nRUN --mount=type=secret,id=npm-token a", "npm-token"),
}


@pytest.mark.parametrize(("text", "identifier"), IDS.values(), ids=IDS)
def test_the_id_that_is_in_use(text: str, identifier: str | None) -> None:
    file = dockerfile(f"FROM a\nARG NPM_TOKEN npmtoken\n{text}\n")
    assert id_in_use(file, "NPM_TOKEN", frozenset({"npmtoken"})) == identifier
