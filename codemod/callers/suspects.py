"""Which build args of a call may be secrets, by what the call itself says."""

from __future__ import annotations

from codemod import values
from codemod.callers.call import Passed
from codemod.callers.credentials import named_secret
from codemod.names import NameSays, judgement
from codemod.values import ValueSays

# what callers say weighs: a secret store or a credential, or a variable whose name is a secret's
TOLD, NAMED = 6, 3


def says(passed: Passed) -> tuple[str, int]:
    """What a call shows of a value that is a secret, in words, and what that weighs; nothing and 0 where it shows nothing.

    The words never have the value in them.
    """
    if passed.credential:
        return passed.credential, TOLD
    value = passed.value or ""
    if "$" not in value and values.judge(value) is ValueSays.CREDENTIAL:
        return "a credential, as it stands", TOLD
    name = named_secret(value)
    return (f"the variable {name}, which is a secret by its name", NAMED) if name and name != passed.name else ("", 0)


def is_suspect(passed: Passed) -> bool:
    """Whether a build arg may be a secret: by its value, or by its name."""
    return says(passed)[1] > 0 or judgement(passed.name)[0] in (NameSays.PROBABLY, NameSays.SECRET)
