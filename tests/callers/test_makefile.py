"""Makefiles: what becomes of their recipes, and that each value arrives as it did, with GNU make and a recorder in docker's place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from codemod.callers.call import ID, Engine, NotUnderstoodError, Place, Tree
from codemod.callers.make import calls as makefile
from tests.callers.moved import calls, moved, obstacles, passed
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
    "set with +=": Case('docker build --build-arg "TOK=$(TOK)" .', 'TOK="$(TOK)" docker build --secret id=TOK .', "TOK += canary-2\n"),
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
    "a condition of make's": Case("docker build $(if $(TOK),--build-arg TOK=$(TOK)) .", "docker build $(if $(TOK),--secret id=TOK) ."),
    "a condition of make's, and another variable": Case(
        "docker build $(if $(OTHER), --build-arg TOK=$(OTHER),--build-arg B=$(B)) .",
        "docker build $(if $(OTHER), --secret id=TOK$(comma)env=OTHER,--secret id=B) .",
        "# no comma\n",
        "comma := ,\n# no comma\n",
    ),
    "a condition of make's, where it has a comma": Case(
        "docker build ${if ${OTHER},--build-arg TOK=${OTHER}} .",
        "docker build ${if ${OTHER},--secret id=TOK$(comma)env=OTHER} .",
        "comma := ,\n",
    ),
    "a condition of make's in a variable": Case(
        "docker build $(ARGS) .",
        "docker build $(ARGS) .",
        "ARGS = $(if $(TOK),--build-arg TOK=$(TOK))\n",
        "ARGS = $(if $(TOK),--secret id=TOK)\n",
    ),
    "a variable in a condition of make's": Case(
        "docker build $(if $(TOK),$(ARGS)) .",
        "docker build $(if $(TOK),$(ARGS)) .",
        "ARGS = --build-arg TOK=$(TOK)\n",
        "ARGS = --secret id=TOK\n",
    ),
    "a variable that holds the command, quietly": Case(
        "$(BUILD) .",
        "$(BUILD) .",
        "TOK = canary-2\nBUILD = @docker build --build-arg TOK=$(TOK)\n",
        "TOK = canary-2\nBUILD = @TOK=$(TOK) docker build --secret id=TOK\n",
    ),
    "a variable that is docker, quietly": Case(
        "$(DOCKER) build --build-arg TOK=$(TOK) .", "$(DOCKER) build --secret id=TOK .", "DOCKER = @docker\n"
    ),
    "a function that runs it": Case(
        "@echo $(shell docker build -q --build-arg TOK=$(TOK) .)",
        "@echo $(shell TOK=$(TOK) docker build -q --secret id=TOK .)",
        "export TOK = canary-2\n",
    ),
    "a function that runs it, with a variable of the shell": Case(
        "@echo $(ID)",
        "@echo $(ID)",
        "ID := $(shell docker build -q --build-arg TOK=$$TOK .)\n",
        "ID := $(shell docker build -q --secret id=TOK .)\n",
    ),
    "another value, by a condition": Case(
        "docker build $(ARGS) .",
        "docker build $(ARGS) .",
        "ifdef CI\nARGS = --build-arg TOK=$(B)\nelse\nARGS = --build-arg TOK=$(TOK)\nendif\n",
        "ifdef CI\nARGS = --secret id=TOK,env=B\nelse\nARGS = --secret id=TOK\nendif\n",
    ),
    "a variable that the line sets otherwise": Case(
        "export TOK=canary-4; docker build --build-arg TOK=$(TOK) .",
        "export TOK=canary-4; TOK=$(TOK) docker build --secret id=TOK .",
    ),
    "a variable of the makefile that has one letter": Case(
        "docker build --build-arg TOK=$T .", "TOK=$T docker build --secret id=TOK .", "T := canary-2\n"
    ),
    "a variable of variables that holds the command, quietly": Case(
        "$(BUILD) .",
        "$(BUILD) .",
        "BUILD = @$(DOCKER) build --build-arg TOK=$(TOK)\nDOCKER = docker\n",
        "BUILD = @$(DOCKER) build --secret id=TOK\nDOCKER = docker\n",
    ),
    "options at the front of a joined line": Case(
        "docker build \\\n$(ARGS) .",
        "docker build \\\n$(ARGS) .",
        "ARGS = --build-arg TOK=$(TOK)\n",
        "ARGS = --secret id=TOK\n",
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


HELD = "ARGS = --build-arg TOK=$(TOK)\nbuild:\n\tdocker build $(ARGS) .\n"
# a makefile, why TOK stays where it is, and what to put there
OBSTACLES = {
    "another program reads the recipes": (
        f"SHELL := pwsh\nbuild:\n\t{PLAIN}\n",
        "another program than a shell reads the recipes (SHELL)",
        "--secret id=ID,env=TOK",
    ),
    "one letter": (
        "build:\n\tdocker build --build-arg TOK=$TOK .\n",
        "make reads $T and the letters behind it as two things: $(…) or $$ may be meant",
        "--secret id=ID,env=TOK",
    ),
    "a macro in the middle of a line": (
        f"define image\n{PLAIN}\nendef\nbuild:\n\techo; $(image)\n",
        "it stands in `define image`, which is used as more than a line of a recipe",
        "--secret id=ID,env=TOK",
    ),
    "a macro that is evaluated": (
        f"define rule\nbuild:\n\t{PLAIN}\nendef\n$(eval $(call rule))\n",
        "it stands in `define rule`, which is used as more than a line of a recipe",
        "TOK=$(TOK) … --secret id=ID,env=TOK",
    ),
    "a macro that other programs have": (
        f"define image\n{PLAIN}\nendef\nexport image\nbuild:\n\t$(image)\n",
        "it stands in `define image`, which is used as more than a line of a recipe",
        "--secret id=ID,env=TOK",
    ),
    "a program that nothing names": (
        "build:\n\t$(DOCKER) build --build-arg TOK=$(TOK) .\n",
        "nothing here says which program $(DOCKER) is",
        "--secret id=ID,env=TOK",
    ),
    "held, and used otherwise": (
        f"{HELD}\techo $(ARGS)\n",
        "a variable holds it that something else than a build uses too",
        "--secret id=ID,env=TOK",
    ),
    "held, and used in another variable": (
        f"{HELD}X := $(filter-out x,$(ARGS))\n",
        "a variable holds it that something else than a build uses too",
        "--secret id=ID,env=TOK",
    ),
    "held, for what only begins with it as well": (
        f"{HELD}\td$(ARGS) -t web web\n",
        "a variable holds it that something else uses too, which cannot be given a secret",
        "--secret id=ID,env=TOK",
    ),
    "held, for what can pass no secret as well": (
        f"{HELD}\tsudo docker build $(ARGS) .\n",
        "a variable holds it that something else uses too, which cannot be given a secret",
        "--secret id=ID,env=TOK",
    ),
    "one of two values, that have to be assigned": (
        "ifdef CI\nARGS = --build-arg TOK=canary-1\nelse\nARGS = --build-arg TOK=canary-2\nendif\nbuild:\n\tdocker build $(ARGS) .\n",
        "make decides which of several it passes",
        "TOK=canary-1 … --secret id=ID,env=TOK",
    ),
    "under a condition, and as a secret": (
        "build:\n\tdocker build --secret id=TOK $(if $(CI),--build-arg TOK=$(TOK)) .\n",
        "make decides which of several it passes",
        "--secret id=ID$(comma)env=TOK",
    ),
    "held, with one of two commands": (
        "ifdef CI\nBUILD = podman build --build-arg TOK=$(TOK)\nelse\nBUILD = docker build\nendif\nbuild:\n\t$(BUILD) .\n",
        "nothing here says which program $(BUILD) is",
        "--secret id=ID,env=TOK",
    ),
    "held, quietly, by a variable for docker": (
        "BUILD = @$(DOCKER) build --build-arg TOK=canary-1\nDOCKER = docker\nbuild:\n\t$(BUILD) .\n",
        "a part of what would change stands in one of make's variables",
        "--secret id=ID,env=TOK",
    ),
    "held, and set later": (
        f"ARGS := --build-arg TOK=$(TOK)\nTOK = canary-2\n{HELD.partition(chr(10))[2]}",
        "a variable holds it as it is there, and what it is made of is set later",
        "TOK=$(TOK) … --secret id=ID,env=TOK",
    ),
    "held, and exported": (
        f"export ARGS\n{HELD}",
        "a variable holds it that is exported, so that other programs may use it",
        "--secret id=ID,env=TOK",
    ),
    "held, and another makefile is read": (
        f"include common.mk\n{HELD}",
        "a variable holds it that another makefile may use",
        "TOK=$(TOK) … --secret id=ID,env=TOK",
    ),
    "spread": (
        "FLAG = --build-arg\nbuild:\n\tdocker build $(FLAG) TOK=$(TOK) .\n",
        "a part of what would change stands in one of make's variables",
        "--secret id=ID,env=TOK",
    ),
    "held by what can be given no secret": (
        f"{HELD}\tdocker compose build $(ARGS)\n",
        "a variable holds it that something else uses too, which cannot be given a secret",
        "--secret id=ID,env=TOK",
    ),
    "docker has an @, and make one of its variables": (
        "DOCKER = @docker\nTOK = canary-2\nbuild:\n\t$(DOCKER) build --build-arg TOK=$(TOK) .\n",
        "a part of what would change stands in one of make's variables",
        "--secret id=ID,env=TOK",
    ),
    "made by a function": (
        "build:\n\tdocker build $(foreach name,TOK,--build-arg $(name)=$($(name))) .\n",
        "a function of make's makes the build arg",
        "--secret id=ID,env=TOK",
    ),
    "made by a function of a list": (
        "NAMES = TOK\nbuild:\n\tdocker build $(addprefix --build-arg ,$(NAMES)) .\n",
        "a function of make's makes the build arg",
        "--secret id=ID,env=TOK",
    ),
    "made around the words of a list": (
        "NAMES = TOK\nARGS = $(NAMES:%=--build-arg %)\nbuild:\n\tdocker build $(ARGS) .\n",
        "a function of make's makes the build arg",
        "--secret id=ID,env=TOK",
    ),
    "made by a macro": (
        "arg = --build-arg $(1)=$($(1))\nbuild:\n\tdocker build $(call arg,TOK) .\n",
        "a function of make's makes the build arg",
        "--secret id=ID,env=TOK",
    ),
    "spread, and the variable set behind": (
        "build:\n\t$(BUILD) TOK=$(TOK) .\nBUILD = docker build --build-arg\n",
        "a part of what would change stands in one of make's variables",
        "--secret id=ID,env=TOK",
    ),
    "held, for one where make decides about it": (
        "A = --build-arg TOK=canary-1\nbuild:\n\tdocker build $(A) .\n\tdocker build $(if $(CI),$(A)) --build-arg TOK=canary-2 .\n",
        "a variable holds it that something else uses too, which cannot be given a secret",
        "--secret id=ID,env=TOK",
    ),
    "held, for a recipe and for a function": (
        "ARGS = --build-arg TOK=$(OTHER)\nX := $(shell docker build $(ARGS) .)\nbuild:\n\tdocker build $(ARGS) .\n",
        "a variable holds it for builds that would have the secret from different places",
        "--secret id=ID,env=OTHER",
    ),
    "held by docker compose": (
        "build:\n\tdocker compose build --build-arg TOK=$(TOK)\n",
        "docker compose build has no --secret: its secrets are in the compose file",
        "in the compose file: secrets: [ID] under the service's build:, and secrets: ID: environment: TOK at the top level",
    ),
}


@pytest.mark.parametrize(("text", "obstacle", "suggestion"), OBSTACLES.values(), ids=OBSTACLES)
def test_what_stays(text: str, obstacle: str, suggestion: str) -> None:
    found = calls(makefile, "Makefile", text)
    assert (obstacle, suggestion) in [(each.obstacle, each.suggestion.replace(ID, "ID")) for each in passed(found)]
    assert all(each.obstacle for each in passed(found) if each.name == "TOK")
    assert moved(makefile, "Makefile", text) == text


def test_what_a_function_makes_is_of_the_call_that_has_it() -> None:
    function = "$(foreach x,TOK,--build-arg $(x))"
    text = f"A = $(addprefix --build-arg ,TOK)\nbuild:\n\tdocker build . && docker build {function} .\n\tdocker build $(A) .\n"
    assert [[each.name for each in call.passes] for call in calls(makefile, "Makefile", text)] == [[], ["TOK"], ["TOK"]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("build:\n\tdocker build $(foreach name,$(NAMES),--build-arg $(name)) .\n", "$(…)"),
        ("include b.mk\nNAMES = A\nbuild:\n\tdocker build $(NAMES:%=--build-arg %) .\n", "$(…)"),
        ("build:\n\tdocker build $(addprefix --build-arg ,$($(KIND)_NAMES)) .\n", "$(…)"),
        ("build:\n\tdocker build $(foreach n,A,$(if $(CI),$(OTHERS),--build-arg $n)) .\n", "$(…)"),
        ("include b.mk\nFLAG = --build-arg\n", "$(…)"),
        ("include b.mk\nARGS = $(addprefix --build-arg ,$(NAMES))\n", "$(…)"),
        ("include b.mk\ndefine ARGS\n--build-arg TOK\nendef\n", "TOK"),
    ],
)
def test_names_that_another_file_may_have_or_use(text: str, name: str) -> None:
    assert name in {each.name for each in passed(calls(makefile, "Makefile", text))}


@pytest.mark.parametrize(
    "value",
    [
        "$(foreach n,$(NAMES),--build-arg $(n)=$($(n)))",
        "$(addprefix --build-arg ,TOK=$(VALUE))",
        "$(CHOSEN)",
        "$(foreach n,TOK,$(if $($n),--build-arg $n))",
    ],
)
def test_names_that_are_all_here(value: str) -> None:
    text = f"NAMES = TOK\nCHOSEN = $(if $(CI),$(foreach n,$(NAMES),--build-arg $n))\nbuild:\n\tdocker build {value} .\n"
    assert "$(…)" not in {each.name for each in passed(calls(makefile, "Makefile", text))}


def test_names_of_variables_that_have_each_other() -> None:
    """Each is looked at once."""
    steps = "".join(f"A{step} = $(A{step + 1}) $(B{step + 1})\nB{step} = $(B{step + 1}) $(A{step + 1})\n" for step in range(40))
    text = f"{steps}A40 = TOK $(A0)\nB40 = $(A40)\nbuild:\n\tdocker build $(addprefix --build-arg ,$(A0)) .\n"
    assert {each.name for each in passed(calls(makefile, "Makefile", text))} == {"TOK"}


def test_what_is_passed_under_a_condition_says_so() -> None:
    text = (
        "ARGS = --build-arg A=1\nifdef B\nARGS += --build-arg B=$(B)\nendif\nbuild: ARGS += --build-arg C=1\n"
        "build:\n\tdocker build $(ARGS) $(if $(D),--build-arg D=$(D),--build-arg E) --build-arg F .\n"
    )
    found = {each.name: each.conditional for each in passed(calls(makefile, "Makefile", text))}
    assert found == {"A": False, "B": True, "C": True, "D": True, "E": True, "F": False}


def test_a_name_that_only_make_knows_stays() -> None:
    found = calls(makefile, "Makefile", "build:\n\tdocker build --build-arg $(NAME)=$(VALUE) --build-arg $(ONE) .\n")
    assert [each.obstacle for each in passed(found)] == ["which build arg it is, only the shell knows"] * 2


def test_a_variable_that_a_makefile_above_may_set_is_given() -> None:
    """A file that others include, or a script sources, has their variables too."""
    text = f"build:\n\t{PLAIN}\n"
    assert moved(makefile, "docker.mk", text) == f"build:\n\t{SET}\n"
    found = calls(makefile, "Makefile", HELD, Tree(sourced=frozenset({"Makefile"})))
    assert obstacles(found) == {"TOK": "a variable holds it that another makefile may use"}


FOLDERS = {
    "its own": ("api/Makefile", PLAIN, Place("api/Dockerfile", "api")),
    "the one where make is started": ("build/docker.mk", PLAIN, Place("Dockerfile", ".")),
    "a variable's": ("Makefile", "docker build -f $(DIR)/Dockerfile.prod $(DIR)", Place("svc/Dockerfile.prod", "svc")),
    "the current one, by make's name": ("api/Makefile", "docker build $(CURDIR)", Place("api/Dockerfile", "api")),
    "the current one, by a command": ("api/Makefile", "docker build -f $(shell pwd)/Dockerfile .", Place("api/Dockerfile", "api")),
    "another": ("Makefile", "cd web && docker build .", Place("web/Dockerfile", "web")),
}


@pytest.mark.parametrize(("path", "recipe", "place"), FOLDERS.values(), ids=FOLDERS)
def test_where_the_dockerfile_is(path: str, recipe: str, place: Place) -> None:
    call = calls(makefile, path, f"DIR := svc\nbuild:\n\t{recipe}\n")[0]
    assert call.places[0] == place


def test_who_takes_a_build_arg_from_the_same_variable_builds_all_of_their_dockerfiles() -> None:
    """It moves for all of them, or for none."""
    text = f"{HELD}\tdocker build $(ARGS) --build-arg A=1 web\n\tdocker build --build-arg A=1 other\n"
    own, web = Place("Dockerfile", "."), Place("web/Dockerfile", "web")
    assert [call.places for call in calls(makefile, "Makefile", text)] == [(own, web), (web, own), (Place("other/Dockerfile", "other"),)]
    assert moved(makefile, "Makefile", HELD + "\tdocker build $(ARGS) web\n").count("--secret") == 1
    unknown = calls(makefile, "Makefile", f"{HELD}\tdocker build $(ARGS) $(WHERE)\n")
    assert [call.places for call in unknown] == [(), ()]


def test_a_place_that_only_make_knows_is_none() -> None:
    call = calls(makefile, "Makefile", "build:\n\tdocker build -f $(FILE) --target $(STAGE) $(WHERE)\n")[0]
    assert call.places == ()
    assert call.target == "$(STAGE)"


def test_what_a_call_says() -> None:
    text = "all:\n\t@echo\nbuild:\n\t$(CT) build --secret id=A --build-arg TOK=$(TOK) --target app \\\n\t\t.\nCT = podman\n"
    call = calls(makefile, "Makefile", text)[0]
    assert (call.kind, call.line, call.feeds, call.target, call.engine) == ("make recipe", 4, ("A",), "app", Engine.BUILDAH)
    assert call.command == "make build"
    assert call.span.of(text) == "$(CT) build --secret id=A --build-arg TOK=$(TOK) --target app \\\n\t\t."
    assert passed([call])[0].value == "$(TOK)"
    assert passed([call])[0].line == 4


COMMANDS = {
    "here": ("Makefile", "build image: dep", "make build"),
    "in a folder": ("a/b/GNUmakefile", "build", "make -C a/b build"),
    "in a file of another name": ("build/docker.mk", "build", "make -f build/docker.mk build"),
    "for a pattern": ("Makefile", "build-%", "docker build -t $IMAGE$(shell x) $V"),
    "for a variable": ("Makefile", "$(IMAGE)", "docker build -t $IMAGE$(shell x) $V"),
}


@pytest.mark.parametrize(("path", "rule", "command"), COMMANDS.values(), ids=COMMANDS)
def test_what_one_would_type(path: str, rule: str, command: str) -> None:
    assert calls(makefile, path, f"{rule}:\n\tdocker build -t $(IMAGE)$(shell x) $$V\n")[0].command == command


def test_what_one_would_type_for_a_macro() -> None:
    text = "define image\n\tdocker build .\nendef\nlint:\n\techo\nall: ; $(image)\n"
    assert calls(makefile, "Makefile", text)[0].command == "make all"


def test_a_vault_shows_a_secret() -> None:
    found = calls(makefile, "Makefile", "build:\n\tdocker build --build-arg X=$(shell vault read -field=x secret/x) .\n")
    assert passed(found)[0].credential == "what vault read prints"


def test_podman_or_docker_is_who_can_do_less() -> None:
    text = "CT := $(shell command -v podman || command -v docker)\nbuild:\n\t$(CT) build .\n"
    assert calls(makefile, "Makefile", text)[0].engine is Engine.BUILDAH


def test_the_classic_builder_blocks() -> None:
    assert "DOCKER_BUILDKIT=0" in calls(makefile, "Makefile", f"build:\n\tDOCKER_BUILDKIT=0 {PLAIN}\n")[0].blocks


def test_a_function_over_lines_with_carriage_returns() -> None:
    text = "X := $(shell docker build \\\r\n  --build-arg TOK=$(TOK) .)\r\n"
    after = "X := $(shell TOK=$(TOK) docker build \\\r\n  --secret id=TOK .)\r\n"
    assert moved(makefile, "Makefile", text) == after


def test_a_function_of_nothing() -> None:
    assert calls(makefile, "Makefile", "X := $(shell )\n") == ()


def test_every_other_byte_stays() -> None:
    text = (
        f"\ufeff# ä \udcff\r\nTOK = canary-2\r\nbuild: a\r\n\t@docker build \\\r\n\t  --build-arg TOK=$(TOK) \\\r\n\t  .\r\n  \r\n{PLAIN}"
    )
    after = text.replace("--build-arg TOK=$(TOK)", "--secret id=TOK", 1).replace("@docker", "@TOK=$(TOK) docker")
    assert moved(makefile, "Makefile", text) == after


# not a recipe, or none that builds
NOTHING = {
    "nothing": "",
    "a makefile that builds no image": "build:\n\tgo build ./...\n",
    "a tab before any rule": f"\t{PLAIN}\n",
    "a tab behind an assignment": f"build:\nX = 1\n\t{PLAIN}\n",
    "a variable that nobody uses": f"X = {PLAIN}\n",
    "a function in a comment": f"# X = $(shell {PLAIN})\n",
    "make itself": "build:\n\t$(MAKE) build TOK=$(TOK)\n",
    "another program": "build:\n\t$(GO) build -o x .\n",
    "a recipe that no shell reads": "build:\n\tif ] docker ( build; then\n",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_there_is_no_call(text: str) -> None:
    assert calls(makefile, "Makefile", text) == ()


# recipes in other clothes: TOK moves in each
RECIPES = {
    "on the line of its rule": f"build: dep ; {PLAIN}\n",
    "on the line of its rule, over two": "build: dep; docker build \\\n\t  --build-arg TOK=$(TOK) .\n",
    "behind a static pattern": f"a b: %: %.in\n\t{PLAIN}\n",
    "behind two colons": f"build::\n\t{PLAIN}\n",
    "behind conditions": f"build:\nifdef CI\n\techo\nelse ifeq (a,b)\n\techo\nelse\n\t{PLAIN}\nendif\n",
    "behind a comment and an empty line": f"build:\n# no\n\n\t{PLAIN}",
    "behind another character": f".RECIPEPREFIX = >\nbuild:\n>{PLAIN}\n",
    "behind an inner define": f"define X\ndefine Y\nendef\nendef\nbuild:\n\t{PLAIN}\n",
    "with a variable of make's in its name": f"$(OUT)/build: $(OUT)/x\n\t{PLAIN}\n",
    "behind vpath": f"vpath %.c src\nbuild:\n\t{PLAIN}\n",
    "with an option behind an unclosed bracket": f"build:\n\t{PLAIN}\n\techo $(x\n",
    "at the end of a file that goes on": f"build:\n\t{PLAIN} \\",
}


@pytest.mark.parametrize("text", RECIPES.values(), ids=RECIPES)
def test_recipes(text: str) -> None:
    assert moved(makefile, "Makefile", text) == text.replace("--build-arg TOK=$(TOK)", "--secret id=TOK")


def test_a_recipe_that_no_shell_reads_is_not_understood() -> None:
    with pytest.raises(NotUnderstoodError):
        calls(makefile, "Makefile", "build:\n\tif ] docker build --build-arg TOK ( ; then\n")


def test_a_text_with_characters_that_are_none_is_not_understood() -> None:
    with pytest.raises(NotUnderstoodError):
        calls(makefile, "Makefile", f"\ufdd0build:\n\t{PLAIN}\n")


# what is left of a variable's value where build args only go
LEFT = {
    "all of it": ("--build-arg A=1 --build-arg TOK=$(TOK)", ""),
    "the options behind": ("--build-arg A=1 --pull", "--pull"),
    "the options before": ("--pull --build-arg A=1", "--pull"),
    "the options around": ("--pull --build-arg A=1 --build-arg TOK=$(TOK) --quiet # both", "--pull --quiet # both"),
    "the options behind, on another line": ("--build-arg A=1 \\\n  --pull", "\\\n  --pull"),
    "the options before, on another line": ("--pull \\\n  --build-arg A=1", "--pull"),
}


@pytest.mark.parametrize(("value", "left"), LEFT.values(), ids=LEFT)
def test_a_build_arg_can_only_go(value: str, left: str) -> None:
    text = f"ARGS = {value}\nbuild:\n\tdocker build $(ARGS) --build-arg B=$$B .\n"
    assert moved(makefile, "Makefile", text, adds=False) == f"ARGS = {left}\nbuild:\n\tdocker build $(ARGS) .\n"


def test_lines_that_only_go_leave_none() -> None:
    text = "build:\n\tdocker build \\\n\t\t--build-arg A \\\n\t\t--build-arg B=$(B) .\n"
    assert moved(makefile, "Makefile", text, adds=False) == "build:\n\tdocker build \\\n\t\t.\n"


# build args that go beside each other
BESIDE = {
    "in a recipe": (
        'build:\n\tdocker build \\\n\t\t--build-arg "A=$(A)" --build-arg B=$$B .\n',
        "build:\n\tdocker build \\\n\t\t.\n",
    ),
    "in a variable, over lines": (
        "ARGS := --build-arg A \\\n    --build-arg B=$$B\nbuild:\n\tdocker build $(ARGS) .\n",
        "ARGS := \nbuild:\n\tdocker build $(ARGS) .\n",
    ),
    "in a variable, over three lines": (
        "ARGS := --pull \\\n    --build-arg A \\\n    --build-arg B\nbuild:\n\tdocker build $(ARGS) .\n",
        "ARGS := --pull\nbuild:\n\tdocker build $(ARGS) .\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), BESIDE.values(), ids=BESIDE)
def test_build_args_beside_each_other_go(before: str, after: str) -> None:
    assert moved(makefile, "Makefile", before, adds=False) == after


def test_what_one_build_needs_stays_for_another_that_has_it() -> None:
    text = f"{HELD}\tdocker build --secret id=TOK $(ARGS) .\n"
    assert moved(makefile, "Makefile", text) == text.replace("--build-arg TOK=$(TOK)", "--secret id=TOK")


def test_a_word_that_ends_in_a_dollar_goes_whole() -> None:
    text = "build:\n\tdocker build --build-arg TOK=canary-1$$ .\n"
    assert moved(makefile, "Makefile", text) == "build:\n\tTOK=canary-1$$ docker build --secret id=TOK .\n"
