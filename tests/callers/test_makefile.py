"""Makefiles: what becomes of their recipes, and that each value arrives as it did, with GNU make and a recorder in docker's place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from codemod.callers import makefile
from codemod.callers.call import Engine, NotUnderstoodError, Place, Tree
from tests.callers.moved import calls, moved, obstacles, passed, suggestions
from tests.callers.recorder import install, recorded


class Case(NamedTuple):
    """What stands before the rule, and the recipe, before and after."""

    before: str
    after: str
    above: str = ""
    above_after: str | None = None

    @property
    def texts(self) -> tuple[str, str]:
        """The whole files."""
        above = self.above if self.above_after is None else self.above_after
        return f"{self.above}build:\n\t{self.before}\n", f"{above}build:\n\t{self.after}\n"


PLAIN = "docker build --build-arg TOK=$(TOK) ."
NAMED = "docker build --secret id=TOK ."
SET = "TOK=$(TOK) docker build --secret id=TOK ."

CASES = {
    "a variable that nobody sets": Case(PLAIN, NAMED),
    "in braces": Case("docker build --build-arg TOK=${TOK} .", NAMED),
    "in quotes": Case('docker build --build-arg "TOK=$(TOK)" .', NAMED),
    "its value in quotes": Case('docker build --build-arg TOK="$(TOK)" .', NAMED),
    "in one word": Case("docker build --build-arg=TOK=$(TOK) .", "docker build --secret=id=TOK ."),
    "no value": Case("docker build --build-arg TOK .", NAMED),
    "no value, and a variable of make's": Case("docker build --build-arg TOK .", NAMED, "TOK = canary-2\n"),
    "no value, exported": Case("docker build --build-arg TOK .", NAMED, "export TOK = canary-2\n"),
    "another variable": Case("docker build --build-arg TOK=$(OTHER) .", "docker build --secret id=TOK,env=OTHER ."),
    "set with :=": Case(PLAIN, SET, "TOK := canary-2\n"),
    "set with =": Case(PLAIN, SET, "TOK = canary-2\n"),
    "set with ?=": Case(PLAIN, SET, "TOK ?= canary-2\n"),
    "set with +=": Case(
        'docker build --build-arg "TOK=$(TOK)" .', 'TOK="$(TOK)" docker build --secret id=TOK .', "TOK += canary-2\n"
    ),
    "set with !=": Case(PLAIN, SET, "TOK != echo canary-2\n"),
    "set by a function": Case(PLAIN, SET, "TOK := $(shell echo canary-2)\n"),
    "set for a target": Case(PLAIN, SET, "build: TOK = canary-2\n"),
    "exported for a target": Case(PLAIN, SET, "build: export TOK = canary-2\n"),
    "set under a condition": Case(PLAIN, SET, "ifdef CI\nTOK = canary-2\nendif\n"),
    "set by define": Case(PLAIN, SET, "define TOK\ncanary-2\nendef\n"),
    "set by another file": Case(PLAIN, SET, "-include values.env\n"),
    "set by eval": Case(PLAIN, SET, "$(eval TOK := canary-2)\n"),
    "set and exported": Case(PLAIN, NAMED, "TOK := canary-2\nexport TOK\n"),
    "set and exported at once": Case(PLAIN, NAMED, "export TOK ?= canary-2\n"),
    "set, and all is exported": Case(PLAIN, NAMED, "TOK = canary-2\nexport\n"),
    "set, and all is exported by a target": Case(PLAIN, NAMED, ".EXPORT_ALL_VARIABLES:\nTOK = canary-2\n"),
    "exported under a condition": Case(PLAIN, SET, "TOK = canary-2\nifdef CI\nexport TOK\nendif\n"),
    "exported with quotes in it, that the shell takes off": Case(PLAIN, SET, 'export TOK = "canary-2"\n'),
    "exported with a function's text, that may have quotes": Case(PLAIN, SET, "export TOK := $(shell echo '\"canary-2\"')\n"),
    "not exported any more": Case(PLAIN, SET, "unexport TOK\n"),
    "nothing is exported": Case(PLAIN, SET, "unexport\n"),
    "undefined": Case(PLAIN, SET, "undefine TOK\n"),
    "in single quotes of the file": Case(PLAIN, SET, "TOK = 'canary-2 3'\n"),
    "make's own": Case("docker build --build-arg TOK=$(MAKE_VERSION) .", "TOK=$(MAKE_VERSION) docker build --secret id=TOK ."),
    "more than a variable": Case(
        'docker build --build-arg TOK="x-$(TOK)" .',
        'TOK="x-$(TOK)" docker build --secret id=TOK .',
    ),
    "a function": Case(
        "docker build --build-arg TOK=$(shell echo canary-2) .", "TOK=$(shell echo canary-2) docker build --secret id=TOK ."
    ),
    "a function over lines": Case(
        "docker build --build-arg TOK=$(shell echo \\\n\t  canary-2) .", "TOK=$(shell echo \\\n\t  canary-2) docker build --secret id=TOK ."
    ),
    "a literal": Case("docker build --build-arg TOK=canary-2 .", "TOK=canary-2 docker build --secret id=TOK ."),
    "a variable of the shell": Case("docker build --build-arg TOK=$$TOK .", NAMED),
    "… in braces and quotes": Case('docker build --build-arg "TOK=$${TOK}" .', NAMED),
    "… that the line sets": Case(
        "TOK=canary-$$((1+1)); docker build --build-arg TOK=$$TOK .",
        'TOK=canary-$$((1+1)); TOK="$$TOK" docker build --secret id=TOK .',
    ),
    "… that the line exports": Case(
        "export TOK=canary-4 && docker build --build-arg TOK=$$TOK .", "export TOK=canary-4 && docker build --secret id=TOK ."
    ),
    "… with a default": Case(
        'docker build --build-arg TOK="$${TOK:-canary-2}" .', 'TOK="$${TOK:-canary-2}" docker build --secret id=TOK .'
    ),
    "a command's text": Case(
        'docker build --build-arg TOK="$$(echo canary-$$((1+1)))" .', 'TOK="$$(echo canary-$$((1+1)))" docker build --secret id=TOK .'
    ),
    "an @ before the command": Case(f"@{PLAIN}", f"@{SET}", "TOK = canary-2\n"),
    "an @ and a - with blanks": Case(f"@ -+ {PLAIN}", f"@ -+ {SET}", "TOK = canary-2\n"),
    "a variable for the @": Case(f"$(Q){PLAIN}", f"$(Q){SET}", "Q := @\nTOK = canary-2\n"),
    "a variable of another name for the @": Case(f"$(QUIETLY) {PLAIN}", f"$(QUIETLY) {SET}", "QUIETLY = @\nTOK = canary-2\n"),
    "over lines": Case(
        "docker build \\\n\t\t--build-arg TOK=$(TOK) \\\n\t\t-t app \\\n\t\t.",
        "TOK=$(TOK) docker build \\\n\t\t--secret id=TOK \\\n\t\t-t app \\\n\t\t.",
        "TOK = canary-2\n",
    ),
    "two of them": Case(
        "docker build --build-arg TOK=$(TOK) --build-arg B=$(B) --build-arg C .",
        "TOK=$(TOK) docker build --secret id=TOK --secret id=B --secret id=C .",
        "TOK = canary-2\n",
    ),
    "behind cd": Case(f"cd . && {PLAIN}", f"cd . && {SET}", "TOK = canary-2\n"),
    "in a condition of the shell": Case(f"if true; then {PLAIN}; fi", f"if true; then {SET}; fi", "TOK = canary-2\n"),
    "a variable for docker": Case(
        "$(DOCKER) build --build-arg TOK=$(TOK) .", "TOK=$(TOK) $(DOCKER) build --secret id=TOK .", "DOCKER ?= docker\nTOK = canary-2\n"
    ),
    "a short variable for podman": Case("$D build --build-arg TOK=$(TOK) .", "$D build --secret id=TOK .", "D = podman\n"),
    "a variable that finds docker": Case(
        "$(CT) build --build-arg TOK=$(TOK) .", "$(CT) build --secret id=TOK .", "CT := $(shell command -v podman || command -v docker)\n"
    ),
    "a variable for docker of a variable": Case(
        "$(CT) build --build-arg TOK=$(TOK) .",
        "$(CT) build --secret id=TOK .",
        "ENGINE := $(shell command -v podman || command -v docker)\nCT = $(ENGINE)\n",
    ),
    "a variable for a variable before docker": Case(
        "$(DOCKER) build --build-arg TOK=$(TOK) .",
        "TOK=$(TOK) $(DOCKER) build --secret id=TOK .",
        "DOCKER = DOCKER_BUILDKIT=1 docker\nTOK = canary-2\n",
    ),
    "a variable that holds them": Case(
        "docker build $(ARGS) .", "docker build $(ARGS) .", "ARGS = --build-arg TOK=$(TOK)\n", "ARGS = --secret id=TOK\n"
    ),
    "a variable that holds them, over lines and in parts": Case(
        "docker build $(ARGS) .",
        "docker build $(ARGS) .",
        'ARGS := --build-arg A=$(A) \\\n        --build-arg "B=$(B)" # both\nifdef TOK\nARGS += --build-arg TOK=$(TOK)\nendif\n',
        "ARGS := --secret id=A \\\n        --secret id=B # both\nifdef TOK\nARGS += --secret id=TOK\nendif\n",
    ),
    "a variable that holds what is not exported": Case(
        "@docker build $(ARGS) .",
        "@TOK=$(TOK) docker build $(ARGS) .",
        "TOK = canary-2\nARGS = --build-arg TOK=$(TOK)\n",
        "TOK = canary-2\nARGS = --secret id=TOK\n",
    ),
    "a variable that holds the command": Case(
        "$(BUILD) -t app .",
        "TOK=$(TOK) $(BUILD) -t app .",
        "TOK = canary-2\nBUILD = docker build --build-arg TOK=$(TOK)\n",
        "TOK = canary-2\nBUILD = docker build --secret id=TOK\n",
    ),
    "variables in variables": Case(
        "$(BUILD) .",
        "TOK=$(TOK) $(BUILD) .",
        "TOK = canary-2\nARGS = --build-arg TOK=$(TOK)\nDOCKER = docker\nBUILD = $(DOCKER) build $(ARGS)\n",
        "TOK = canary-2\nARGS = --secret id=TOK\nDOCKER = docker\nBUILD = $(DOCKER) build $(ARGS)\n",
    ),
    "a variable that is added to itself": Case(
        "docker build $(ARGS) .",
        "docker build $(ARGS) .",
        "ARGS := --build-arg TOK=$(TOK)\nARGS := $(ARGS) --build-arg A=$(A)\n",
        "ARGS := --secret id=TOK\nARGS := $(ARGS) --secret id=A\n",
    ),
    "options that nobody sees": Case(
        "docker build $(DOCKER_ARGS) --build-arg TOK=$(TOK) $(CURDIR)", "docker build $(DOCKER_ARGS) --secret id=TOK $(CURDIR)"
    ),
    "a macro that is a line": Case(
        "$(call image,app)",
        "$(call image,app)",
        "TOK = canary-2\ndefine image\n\t@docker build --build-arg TOK=$(TOK) -t $(1) .\nendef\n",
        "TOK = canary-2\ndefine image\n\t@TOK=$(TOK) docker build --secret id=TOK -t $(1) .\nendef\n",
    ),
    "one shell for all lines": Case(
        "@TOK=canary-4\n\t@docker build --build-arg TOK=$$TOK .",
        '@TOK=canary-4\n\t@TOK="$$TOK" docker build --secret id=TOK .',
        ".ONESHELL:\n",
    ),
    "bash": Case(PLAIN, SET, "SHELL := /bin/bash\n.SHELLFLAGS := -euo pipefail -c\nTOK = canary-2\n"),
    "a comment of the shell": Case(f"# {PLAIN}\n\t{PLAIN}", f"# {PLAIN}\n\t{NAMED}"),
    "docker compose beside it": Case(f"docker compose up -d\n\t{PLAIN}", f"docker compose up -d\n\t{NAMED}"),
}
INVOCATIONS: dict[str, tuple[list[str], dict[str, str]]] = {
    "nothing given": ([], {}),
    "on the command line": (["TOK=canary-5", "A=canary-6", "B=canary-7", "OTHER=canary-8"], {}),
    "in the environment": ([], {"TOK": "canary-5", "A": "canary-6", "B": "canary-7", "C": "canary-8", "OTHER": "canary-9", "CI": "1"}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_written(case: Case) -> None:
    before, after = case.texts
    assert moved(makefile, "Makefile", before) == after


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_there_is_nothing_left_to_do(case: Case) -> None:
    before, after = case.texts
    names = {each.name for each in passed(calls(makefile, "Makefile", before))}
    found = calls(makefile, "Makefile", after)
    assert passed(found) == []
    assert {name for call in found for name in call.feeds} == names


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("programs") / "bin")


@pytest.fixture
def run(tmp_path: Path, programs: Path) -> Callable[[str, str], dict[str, str]]:
    """What the builds of a makefile get."""

    def run(text: str, invocation: str) -> dict[str, str]:
        (tmp_path / "Makefile").write_text(text)
        (tmp_path / "values.env").write_text('TOK = "canary-2"\n')
        words, environment = INVOCATIONS[invocation]
        found = recorded(["make", "--no-print-directory", *words], tmp_path, programs, environment)
        return {name: value for name, value in found.items() if value}

    return run


@pytest.mark.parametrize("invocation", INVOCATIONS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_same_value_arrives(case: Case, invocation: str, run: Callable[[str, str], dict[str, str]]) -> None:
    """GNU make runs it before and after; an empty build arg, and none, are an empty secret."""
    before, _ = case.texts
    assert run(moved(makefile, "Makefile", before, optional=True), invocation) == run(before, invocation)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_required_secret_arrives_where_it_is_given(case: Case, run: Callable[[str, str], dict[str, str]]) -> None:
    before, after = case.texts
    assert run(after, "in the environment") == run(before, "in the environment")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_both_can_be_passed(case: Case, run: Callable[[str, str], dict[str, str]]) -> None:
    before, after = case.texts
    both = moved(makefile, "Makefile", before, removes=False)
    assert run(both, "in the environment") == run(before, "in the environment")
    assert moved(makefile, "Makefile", both) == after
