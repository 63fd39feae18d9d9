"""The harness can fail: each classic mistake is seen, and its right twin is not."""

from __future__ import annotations

import pytest

from . import compare, mistakes
from .compare import difference
from .pair import Expected

pytestmark = pytest.mark.usefixtures("sandbox")

REQUIRED = Expected(moved=frozenset({"MY_SECRET"}), optional=False, never_read=frozenset({"curl"}))
OPTIONAL = Expected(moved=frozenset({"MY_SECRET"}), optional=True, never_read=frozenset({"curl"}))
READ = 'MY_SECRET="$(cat /run/secrets/MY_SECRET)"'
EXPORTED = f"{READ} && export MY_SECRET"
IF_THERE = f"if [ -s /run/secrets/MY_SECRET ]; then {EXPORTED} || exit 1; fi;"


def before(command: str, above: str = "ARG MY_SECRET") -> str:
    """The original around one command."""
    return f"FROM alpine\n{above}\nRUN {command}\n"


def after(command: str, above: str = "", mount: str = ",required=true") -> str:
    """The rewritten file, with the prelude as part of the command."""
    return f"FROM alpine\n{above}\nRUN --mount=type=secret,id=MY_SECRET{mount} {command}\n"


RIGHT = {
    "and, not exported": (before('curl "$MY_SECRET"'), after(f'{READ} && curl "$MY_SECRET"'), REQUIRED),
    "and, exported": (before("deploy"), after(f"{EXPORTED} && deploy"), REQUIRED),
    "statement": (
        before("deploy && fail2 || rollback & wait"),
        after(f"{EXPORTED} || exit 1; deploy && fail2 || rollback & wait"),
        REQUIRED,
    ),
    "optional": (before('[ -z "$MY_SECRET" ] || deploy'), after(f'{IF_THERE} [ -z "$MY_SECRET" ] || deploy', mount=""), OPTIONAL),
    "default": (
        before("deploy", "ARG MY_SECRET=none"),
        after(f"{IF_THERE.removesuffix(' fi;')} else MY_SECRET=none && export MY_SECRET; fi; deploy", mount=""),
        OPTIONAL,
    ),
    "env, required": (before("sh -c deploy"), after("sh -c deploy", mount=",env=MY_SECRET,required=true"), REQUIRED),
    "env, optional": (before("deploy"), after("deploy", mount=",env=MY_SECRET"), OPTIONAL),
    "user, its mount": (
        before("deploy", "ARG MY_SECRET\nUSER 1000"),
        after(f"{EXPORTED} && deploy", "USER 1000", ",required=true,uid=1000"),
        REQUIRED,
    ),
    "user, a mode": (
        before("deploy", "ARG MY_SECRET\nUSER app"),
        after(f"{EXPORTED} && deploy", "USER app", ",required=true,mode=0444"),
        REQUIRED,
    ),
}

WRONG = {
    "inner shell, not exported": (before("sh -c 'deploy \"$MY_SECRET\"'"), after(f"{READ} && sh -c 'deploy \"$MY_SECRET\"'"), REQUIRED),
    "command that could look, not exported": (before('deploy "$MY_SECRET"'), after(f'{READ} && deploy "$MY_SECRET"'), REQUIRED),
    "sudo -E, not exported": (before("sudo -E deploy"), after(f"{READ} && sudo -E deploy"), REQUIRED),
    "xargs, not exported": (before("echo a | xargs deploy"), after(f"{READ} && echo a | xargs deploy"), REQUIRED),
    "only for the first command": (before('curl "$MY_SECRET"'), after(f'{READ} curl "$MY_SECRET"'), REQUIRED),
    "and before a background": (
        before('deploy "$MY_SECRET" & wait; deploy "$MY_SECRET"'),
        after(f'{EXPORTED} && deploy "$MY_SECRET" & wait; deploy "$MY_SECRET"'),
        REQUIRED,
    ),
    "quotes lost": (before('deploy "$MY_SECRET"'), after(f"{EXPORTED} && deploy $MY_SECRET"), REQUIRED),
    "value read twice": (before('deploy "$MY_SECRET"'), after(f'{EXPORTED} && eval "deploy $MY_SECRET"'), REQUIRED),
    "prelude prints": (before("deploy"), after(f"{EXPORTED} && echo read && deploy"), REQUIRED),
    "prelude leaves a file": (before("deploy"), after(f"{EXPORTED} && touch read && deploy"), REQUIRED),
    "prelude leaves a variable": (before("deploy"), after(f"export F=x && {EXPORTED} && deploy"), REQUIRED),
    "prelude hides the exit status": (before("fail7"), after(f"{EXPORTED} && fail7 || exit 1"), REQUIRED),
    "command lost": (before("prepare; deploy"), after(f"{EXPORTED} && deploy"), REQUIRED),
    "command twice": (before("deploy"), after(f"{EXPORTED} && deploy && deploy"), REQUIRED),
    "commands swapped": (before("prepare && deploy"), after(f"{EXPORTED} && deploy && prepare"), REQUIRED),
    "regrouped": (
        before("fail1; deploy || rollback"),
        after(f"{EXPORTED} && fail1 && deploy || rollback"),
        REQUIRED,
    ),
    "input lost": (before('echo "$MY_SECRET" | deploy'), after(f"{EXPORTED} && echo | deploy"), REQUIRED),
    "user that cannot read it": (
        before('curl "$MY_SECRET"', "ARG MY_SECRET\nUSER 1000"),
        after(f'{READ} && curl "$MY_SECRET"', "USER 1000"),
        REQUIRED,
    ),
    "user that cannot read it, failure swallowed": (
        before("deploy", "ARG MY_SECRET\nUSER 1000"),
        after('export MY_SECRET="$(cat /run/secrets/MY_SECRET)" && deploy', "USER 1000"),
        REQUIRED,
    ),
    "another user's mount": (
        before("deploy", "ARG MY_SECRET\nUSER 1000"),
        after(f"{EXPORTED} && deploy", "USER 1000", ",required=true,uid=1001"),
        REQUIRED,
    ),
    "missing, and it goes on": (before("deploy"), after(f"{EXPORTED} && deploy", mount=""), REQUIRED),
    "missing, failure swallowed": (
        before('deploy "${MY_SECRET:-none}"'),
        after(f'{EXPORTED} || exit 1; deploy "${{MY_SECRET:-none}}"', mount=""),
        OPTIONAL,
    ),
    "required though guarded": (before('[ -z "$MY_SECRET" ] || deploy'), after(f"{EXPORTED} && deploy"), OPTIONAL),
    "empty instead of unset": (
        before('deploy "${MY_SECRET-none}"'),
        after('MY_SECRET="$(cat /run/secrets/MY_SECRET 2> /dev/null)"; export MY_SECRET; deploy "${MY_SECRET-none}"', mount=""),
        OPTIONAL,
    ),
    "default lost": (before("deploy", "ARG MY_SECRET=none"), after(f"{IF_THERE} deploy", mount=""), OPTIONAL),
    "default not exported": (
        before("deploy", "ARG MY_SECRET=none"),
        after(f"{IF_THERE.removesuffix(' fi;')} else MY_SECRET=none; fi; deploy", mount=""),
        OPTIONAL,
    ),
    "mount on the wrong RUN": (
        before("tidy\nRUN deploy"),
        after(f"{EXPORTED} && tidy\nRUN deploy"),
        REQUIRED,
    ),
    "flags within the command": (
        before("--network=none deploy"),
        f"FROM alpine\nRUN {EXPORTED} && --mount=type=secret,id=MY_SECRET --network=none deploy\n",
        REQUIRED,
    ),
    "continuation lost": (before("prepare && \\\n  deploy"), after(f"{EXPORTED} \\\n  && prepare && \\\n  dep loy"), REQUIRED),
    "heredoc that runs nothing": (before("<<E\ndeploy\nE"), after(f"{EXPORTED} && <<E\ndeploy\nE"), REQUIRED),
    "RUN lost": (before("deploy\nRUN tidy"), after(f"{EXPORTED} && deploy"), REQUIRED),
    "still an ARG": (before("deploy"), after(f"{EXPORTED} && deploy", "ARG MY_SECRET"), REQUIRED),
    "too much moved": (before("deploy", "ARG MY_SECRET VERSION=1"), after(f"{EXPORTED} && deploy"), REQUIRED),
    "nothing done": (before("deploy"), before("deploy"), REQUIRED),
}


@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize("pair", [pytest.param(pair, id=name) for name, pair in (RIGHT | mistakes.RIGHT).items()])
def test_right_rewrite_is_the_same(pair: tuple[str, str, Expected], shell: str) -> None:
    assert difference(*pair, shell) is None


@pytest.mark.parametrize("pair", [pytest.param(pair, id=name) for name, pair in (WRONG | mistakes.WRONG).items()])
def test_wrong_rewrite_is_seen(pair: tuple[str, str, Expected]) -> None:
    assert difference(*pair)


def test_command_that_never_ends_is_no_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "TIMEOUT", 0.2)
    assert "does not end" in (difference(before("sleep 99"), after(f"{EXPORTED} && sleep 99")) or "")
