"""What cannot be done, as values: the closed list of reasons, each with what the user can do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Reason(Enum):
    """Why a plan was not made or not kept. A new one needs a hint here, an explanation in explanations.py and a case."""

    USED_BY_INSTRUCTION = "used-by-instruction"
    ONBUILD = "onbuild"
    WINDOWS = "windows"
    RUNTIME_ENVIRONMENT = "runtime-environment"
    DEFAULT_NEEDS_SHELL = "default-needs-shell"
    FRONTEND_TOO_OLD = "frontend-too-old"
    FRONTEND_UNKNOWN = "frontend-unknown"
    SHELL_NOT_UNDERSTOOD = "shell-not-understood"
    NAME_NOT_A_VARIABLE = "name-not-a-variable"
    DERIVED_VALUE_TOO_COMPLEX = "derived-value-too-complex"
    CALLER_CANNOT_PASS_SECRETS = "caller-cannot-pass-secrets"  # noqa: S105  (a reason)
    CALLER_NOT_REWRITTEN = "caller-not-rewritten"
    SHARED_CALL = "shared-call"
    LITERAL_CREDENTIAL = "literal-credential"
    CHECK_FAILED = "check-failed"


HINTS = {
    Reason.USED_BY_INSTRUCTION: "The builder itself expands this, and a secret mount reaches RUN only: move the use into a RUN, "
    "or take the secret out of it.",
    Reason.ONBUILD: "The trigger runs in the build of a child image: move the secret there, or write the mount into the trigger by hand.",
    Reason.WINDOWS: "Secret mounts on Windows need a recent BuildKit and an explicit target: write the mount by hand.",
    Reason.RUNTIME_ENVIRONMENT: "Where the container needs the value, give it one with docker run -e and say --allow runtime-environment; "
    "where it does not, move the ENV into a stage of the build, or take it out.",
    Reason.DEFAULT_NEEDS_SHELL: "Write the RUN in shell form, without --style env, or take the default out: the secret is then "
    "always passed.",
    Reason.FRONTEND_TOO_OLD: "Build with `# syntax=docker/dockerfile:1`, the newest, or write the RUN in shell form.",
    Reason.FRONTEND_UNKNOWN: "Use `# syntax=docker/dockerfile:1`, or name a version behind the image: docker/dockerfile:1.4@sha256:….",
    Reason.SHELL_NOT_UNDERSTOOD: "Put the command into a plain sh or bash form, or write the mount by hand: "
    "RUN --mount=type=secret,id=NAME.",
    Reason.NAME_NOT_A_VARIABLE: "Give the build arg a name of letters, digits and underscores.",
    Reason.DERIVED_VALUE_TOO_COMPLEX: "Build the value inside the RUN that needs it, from the secret alone.",
    Reason.CALLER_CANNOT_PASS_SECRETS: "Build it with something that has BuildKit secrets, or take the call away; "
    "--no-callers does as if there were none.",
    Reason.CALLER_NOT_REWRITTEN: "Change the call by hand as its line says, in the same commit, and say --allow caller-not-rewritten.",
    Reason.SHARED_CALL: "Mend what keeps it in the other Dockerfile and give dockerfix both, or give each a call of its own.",
    Reason.LITERAL_CREDENTIAL: "Revoke the credential, take it out of the file, and pass a new one as a build secret or when the container "
    "runs.",
    Reason.CHECK_FAILED: "This is a bug of dockerfix: nothing was changed. Please report it with the instruction concerned.",
}

# What `--allow` takes: reasons that ask for a person's judgement, not those that name something impossible.
ALLOWABLE = (Reason.RUNTIME_ENVIRONMENT, Reason.CALLER_NOT_REWRITTEN, Reason.LITERAL_CREDENTIAL)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One secret that stays where it is; `line` counts from 1 in the file as read."""

    reason: Reason
    line: int
    detail: str

    @property
    def hint(self) -> str:
        """What to do about it."""
        return HINTS[self.reason]


class Refused(Exception):  # noqa: N818  (a decision on its way out of a step, not an error)
    """Raised deep inside planning; make_plan turns it into the value."""

    def __init__(self, reason: Reason, line: int, detail: str) -> None:
        super().__init__(detail)
        self.refusal = Refusal(reason, line, detail)
