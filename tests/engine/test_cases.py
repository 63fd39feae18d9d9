"""Every case that is rewritten is built, before and after, the way its report says, or the table here says why it is not."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

import pytest

from .builds import Build, Builder
from .images import Image
from .light import LightBuilder, Outcome
from .recordings import Invocation, differences
from .standins import leaves
from .subjects import CASES, Rewritten, rewritten_cases

pytestmark = pytest.mark.engine

PULLED = "its `# syntax=` is an image, and none can be pulled"
NOT_BUILT = {
    "pinned_frontend_is_raised_for_env": PULLED,
    "pinned_frontend_that_knows_secret_mounts_stays": PULLED,
    "pinned_frontend_without_secret_mounts_is_raised": PULLED,
    "pinned_labs_frontend_stays_labs": PULLED,
}
# What a case needs, beside its secrets, to do what its report says.
ARGUMENTS = {"removal_under_a_condition_is_none": ("--build-arg=KEEP=yes",)}
CALLED = re.compile(r"Build it with \(as |^    \S+: (?:the build arg goes|is made to pass the secret as well)$", re.MULTILINE)
REWRITTEN = rewritten_cases()
BUILT = [
    pytest.param(case, marks=pytest.mark.xdist_group(case.subject.name), id=case.subject.name)
    for case in REWRITTEN
    if case.folder not in NOT_BUILT
]
# What a RUN prints: `#7 0.123 text`.
PRINTED = re.compile(r"(?m)^#\d+ \d+\.\d+ (.*)$")


@pytest.fixture(scope="module", params=BUILT)
def outcome(request: pytest.FixtureRequest, builder: Builder) -> Outcome:
    """Each Dockerfile of a case, built once in every way."""
    return LightBuilder(builder, ARGUMENTS).outcome(request.param)


def test_every_case_is_built_or_excused() -> None:
    """Nobody skips silently: what is rewritten is built, here or as a subject, or is in the table, which names nothing else.

    What callers of the case build is built with recorders in docker's place (tests/callers), and in the monorepo of the examples.
    """
    changed = {folder.name for folder in CASES.iterdir() if (folder / "after").exists()}
    built = {case.folder for case in REWRITTEN} | {command.parent.name for command in CASES.glob("*/command.txt")}
    called = {folder.name for folder in CASES.iterdir() if CALLED.search((folder / "report.txt").read_text())}
    assert changed - called <= built <= changed
    assert NOT_BUILT.keys() <= changed


@pytest.mark.parametrize("case", REWRITTEN, ids=lambda case: case.subject.name)
def test_a_command_builds_what_changed(case: Rewritten) -> None:
    """One command each for the Dockerfiles of a folder, and nothing that changed without one."""
    assert case.subject.before != case.subject.after


@pytest.mark.xdist_group("a group")
def test_a_group_stays_together(request: pytest.FixtureRequest) -> None:
    """Where tests are shared out, pytest-xdist says so in the name; without groups each case would be built by every process."""
    assert request.node.nodeid.endswith("@a group") or not hasattr(request.config, "workerinput")


def test_it_is_built(outcome: Outcome) -> None:
    """Both sides, each stage."""
    stages = len(leaves(outcome.case.subject.before))
    for side in (outcome.given.before, outcome.given.after):
        assert len(side.images) == stages, side.log


def test_tools_are_given_the_same(outcome: Outcome) -> None:
    """Arguments, input, the files they read and the environment of those that look at it."""
    for before, after in zip(outcome.given.before.images, outcome.given.after.images, strict=True):
        assert differences(before.recordings(), after.recordings()) == []


def test_images_hold_the_same_files(outcome: Outcome) -> None:
    """Same paths, modes, owners and contents; where the context is copied whole, the Dockerfile is not one of them."""
    for before, after in zip(outcome.given.before.images, outcome.given.after.images, strict=True):
        assert _files(after, outcome) == _files(before, outcome)


def test_runs_print_the_same(outcome: Outcome) -> None:
    """What goes to the log, a trace or a value that the program prints among it."""
    assert _printed(outcome.given.after) == _printed(outcome.given.before)


def test_a_run_had_each_secret(outcome: Outcome) -> None:
    """Two builds that both had nothing would also do the same: a tool saw it, or a file has it."""
    for secret in outcome.case.subject.secrets():
        canary, after = outcome.canaries[secret.variable], outcome.given.after
        assert canary in after.log or any(_has(image, canary) for image in after.images)


def test_before_shows_each_canary(outcome: Outcome) -> None:
    """Proof that the test can see: the value of an ARG is in the history and the provenance of an image."""
    for moved in outcome.case.told.moved:
        places = [set(image.places(outcome.canaries[moved.name])) for image in outcome.given.before.images]
        assert any({"history", "provenance"} <= shown for shown in places), f"{moved.name} is only in {places}"


def test_after_shows_no_canary(outcome: Outcome) -> None:
    """Neither history, config nor provenance has it, and no layer but in the files that the report names."""
    named = {path.strip("~./") for path in outcome.case.told.leftovers}
    for name, canary in outcome.canaries.items():
        for image in outcome.given.after.images:
            kept = image.keeping(canary)
            assert not kept or named, f"{name} is in {kept}"
            assert all(path.endswith(tuple(named)) for path in kept), f"{name} is in {kept}"
            shown = {place for place in image.places(canary) if not (kept and place.startswith("blob"))}
            assert not shown, f"{name} is still in {shown}"


def test_what_is_said_to_stay_stays(outcome: Outcome) -> None:
    """A file that the report names for nothing would send its reader looking for a leak that is none."""
    for path in outcome.case.told.leftovers:
        kept = [file for image in outcome.given.after.images for canary in outcome.canaries.values() for file in image.keeping(canary)]
        assert any(file.endswith(path.strip("~./")) for file in kept), f"nothing of {path} in {kept}"


def test_after_logs_no_canary(outcome: Outcome) -> None:
    """A mounted secret stays out of the log, unless the report says that a command prints it."""
    shown = [name for name, canary in outcome.canaries.items() if canary in outcome.given.after.log]
    assert bool(shown) == outcome.case.told.logged, f"the log has {shown}"


def test_a_build_without_the_optional_secrets(outcome: Outcome) -> None:
    """It does what it did without the build arg, be it to fail."""
    if outcome.without:
        assert _printed(outcome.without.after) == _printed(outcome.without.before)
        for before, after in zip(outcome.without.before.images, outcome.without.after.images, strict=True):
            assert differences(before.recordings(), _without_empty(after.recordings(), outcome)) == []
            assert _files(after, outcome) == _files(before, outcome)


def test_a_build_without_a_required_secret(outcome: Outcome) -> None:
    """It stops, with the secret's name; a mount that was there, and did not say so, stops where its file is read."""
    for moved, done in outcome.missing.items():
        assert done.returncode != 0
        lenient = re.search(rf"type=secret,id={moved.id}(?![^ \n]*required)", outcome.case.subject.after)
        assert f"secret {moved.id}: not found" in done.stderr or (lenient and "No such file" in done.stderr)


def _printed(build: Build) -> str:
    """The letters, in order of the alphabet: a trace and what is traced come from two pipes, the one in the midst of the other's line."""
    return "".join(sorted("".join(PRINTED.findall(build.log)).replace(" ", "")))


def _without_empty(tools: tuple[Invocation, ...], outcome: Outcome) -> list[Invocation]:
    """A mount with `env=` sets its variable, and empty, where there is no secret; BuildKit cannot leave it unset."""
    names = {each.name for each in outcome.case.optional() if f",env={each.name}" in outcome.case.subject.after}
    return [
        replace(tool, environment={name: value for name, value in tool.environment.items() if value or name not in names}) for tool in tools
    ]


def _files(image: Image, outcome: Outcome) -> dict[str, tuple[str, ...]]:
    subject = outcome.case.subject
    texts = (text.encode(errors="surrogateescape") for text in (subject.before, subject.after))
    dockerfiles = {sha256(text).hexdigest() for text in texts}
    return {path: file for path, file in image.files().items() if file[-1] not in dockerfiles}


def _has(image: Image, canary: str) -> bool:
    """As a mounted file, in the environment, in a word (a hash, for a record must be no leak), or in a file of the image."""
    hashed = sha256(canary.encode()).hexdigest()
    tools = image.recordings()
    whole = (value for tool in tools for value in (*tool.environment.values(), *tool.mounted.values(), *tool.files))
    return (
        any(value.endswith(hashed) for value in whole)
        or any(word.startswith("sha256:") for tool in tools for word in tool.words)
        or bool(image.keeping(canary))
    )
