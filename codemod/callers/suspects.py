"""Which build args of a call may be secrets, by what the call itself says."""

from __future__ import annotations

from codemod import values
from codemod.callers.call import Passed
from codemod.names import NameSays, judgement
from codemod.values import ValueSays


def says(passed: Passed) -> str:
    """What a call shows of a value that is a secret, in words; empty where nothing does. It never has the value in it."""
    if passed.credential:
        return passed.credential
    is_literal = passed.value is not None and "$" not in passed.value
    return "a credential, as it stands" if is_literal and values.judge(passed.value) is ValueSays.CREDENTIAL else ""


def is_suspect(passed: Passed) -> bool:
    """Whether a build arg may be a secret: by its value, or by its name."""
    return bool(says(passed)) or judgement(passed.name)[0] in (NameSays.PROBABLY, NameSays.SECRET)
