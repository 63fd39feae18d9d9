"""What holds for any makefile: build args that can be moved are, and nothing else moves."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from codemod.callers.call import Call, Move, NotUnderstoodError, Tree
from codemod.callers.make import calls as makefile
from codemod.text import Source, apply
from tests.callers.moved import source

# whether they are optional, add the secret, remove the build arg
MOVES = ((True, True, True), (False, True, True), (True, True, False), (False, False, True))
NAMES = ("TOK", "A", "B_C", "X")
VALUES = (
    "$({0})", "${{{0}}}", "$${0}", "$${{{0}}}", "canary-1", "$(shell cat {0})", '"$({0})"', "'$({0})'", "pre-$({0})", "$$(cat {0})",
    '"$${0}"', "${0}", "", "`cat x`", "$({0})$(TOK)", "$(or $({0}),d)", "a$$",
)  # fmt: skip
PASSED = (
    "--build-arg {0}={1}",
    "--build-arg={0}={1}",
    '--build-arg "{0}=$({0})"',
    "--build-arg {0}",
    "--secret id={0}",
    "--secret id={0},env=Z",
)
OPTIONS = ("$(ARGS)", "$(MORE)", "-t x", "$(EXTRA_OPTS)", "-f $(DF)", "--pull")
COMMANDS = (
    "docker build", "$(DOCKER) build", "docker buildx build", "$(BUILD)", "cd x && docker build", "FOO=1 docker build", "sudo docker build",
    "export A=1; docker build", "podman build",
)  # fmt: skip
LINES = (
    "{0} = v1\n", "{0} := $(shell echo v2)\n", "{0} ?= 'q'\n", "{0} += v1\n", "export {0}\n", "export\n", "unexport {0}\n",
    "DOCKER ?= docker\n", "DOCKER = sudo docker\n", "DF := d/Dockerfile\n", "BUILD = @$(DOCKER) build $(ARGS)\n", "-include .env\n",
    ".ONESHELL:\n", "t: {0} = z\n", "Q = @\n", "ARGS := {1} \\\n    {2}\n", "ARGS = {1} {2}\n", "ARGS += {1} # why\n",
    "ifdef A\nMORE += {1}\nendif\n", "MORE = $(ARGS) {1}\n", "BUILD = docker build {1}\n", "define M\n\t@{3}\nendef\n",
    "X := $(shell {3})\n",
)  # fmt: skip


def _passed(random: Random) -> str:
    name = random.choice(NAMES)
    return random.choice(PASSED).format(name, random.choice(VALUES).format(random.choice(NAMES)))


def _option(random: Random) -> str:
    choices = (_passed(random), f"$(if $(A),{_passed(random)})", f"$(if $(X),$(ARGS),{_passed(random)})", *OPTIONS)
    return random.choice((_passed(random), *choices))


def _command(random: Random) -> str:
    options = (_option(random) for _ in range(random.randint(0, 4)))
    words = [random.choice(COMMANDS), *options, random.choice((".", "$(CURDIR)", "$(CTX)"))]
    return "".join(word + random.choice((" ", " ", " \\\n\t\t")) for word in words) + random.choice(("x", "x && echo", "x | cat"))


def _makefile(random: Random) -> str:
    lines = [
        random.choice(LINES).format(random.choice(NAMES), _passed(random), _passed(random), _command(random))
        for _ in range(random.randint(0, 6))
    ]
    for number in range(random.randint(1, 3)):
        lines += [f"t{number}:{random.choice(('', ' ; ' + _command(random)))}\n"]
        recipes = (
            f"\t{random.choice(('', '@', '-', '$(Q)'))}{random.choice((_command(random), '$(M)'))}\n" for _ in range(random.randint(0, 3))
        )
        lines += recipes
    return random.choice(("".join(lines), "".join(lines).replace("\n", "\r\n")))


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(MOVES), st.sampled_from(["Makefile", "docker.mk"]))
def test_what_is_moved_is_passed_as_a_secret_and_the_rest_as_before(random: Random, mode: tuple[bool, bool, bool], path: str) -> None:
    file = source(path, _makefile(random))
    try:
        before = makefile.calls(file, Tree())
    except NotUnderstoodError:
        return
    moves = {each.span: Move(each, each.name, *mode) for call in before for each in call.passes if not each.obstacle}
    after = makefile.calls(Source(file.path, apply(file.text, makefile.edits(file, Tree(), [*moves.values()]))), Tree())
    assert len(before) == len(after)
    for was, now in zip(before, after, strict=True):
        _check(was, now, moves.values(), file)


def _check(was: Call, now: Call, moves: Collection[Move], file: Source) -> None:
    wanted = {move.passed.span: move for move in moves}
    own = [wanted[each.span] for each in was.passes if each.span in wanted]
    gone = [move.passed.span for move in own if move.removes]
    assert [each.name for each in now.passes] == [each.name for each in was.passes if each.span not in gone]
    assert {*now.feeds} == {*was.feeds, *(move.id for move in own if move.adds)}
    assert all(0 <= each.span.start <= each.span.end <= len(file.text) for each in was.passes)
