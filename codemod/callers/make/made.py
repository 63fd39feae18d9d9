"""What a function of make's makes build args of: the words that could be names of them, and whether there may be more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.callers.make.recipes import masked
from codemod.callers.make.references import MAKES, Reference, choices, references
from codemod.callers.make.variables import Variables

# what follows is the value of a build arg
VALUE = re.compile(r"(?<!--build-arg)=[^\s,]*\Z")
BOUND = re.compile(r"(?:foreach|let)\s+([^,]*),")
# of a macro's arguments, and of the rule that is made
GIVEN = re.compile(r"\d+|[@<^+?*%|][DF]?")
PROGRAMS = ("shell ", "file ")


def words(variables: Variables, text: str) -> Iterator[str]:
    """What stands in a text, and in the values of all variables that it has in it, references apart."""
    seen: set[str] = set()
    pending = [text]
    while pending:
        part = pending.pop()
        yield masked(part)
        inner = {reference for reference in references(part) if reference.name not in seen}
        seen |= {reference.name for reference in inner}
        pending += [reference.given for reference in inner if reference.given]
        pending += [assignment.value.text for reference in inner for assignment in variables.of(reference.asked)]


def may_have_others(variables: Variables, text: str, known: frozenset[str] = frozenset()) -> bool:
    """Whether a name may be put into a text that this file does not show: another program has it, another makefile, or who runs make.

    The variables that are `known` hold nothing else than other words of the file.
    """
    for reference in references(text):
        if VALUE.search(text[: reference.span.start]):
            continue
        if found := choices(text, reference):
            if any(may_have_others(variables, choice.of(text), known) for choice in found):
                return True
        elif _has_others(variables, reference, known):
            return True
    return False


def _has_others(variables: Variables, reference: Reference, known: frozenset[str]) -> bool:
    if reference.name.startswith(PROGRAMS) or MAKES in reference.asked:
        return True
    bound = BOUND.match(reference.name)
    within = known | {reference.asked, *(bound[1].split() if bound else ())}
    if reference.given and may_have_others(variables, reference.given, within):
        return True
    if not reference.asked or reference.asked in known or GIVEN.fullmatch(reference.asked):
        return False
    if not variables.of(reference.asked) or variables.makefile.unclear or not variables.alone:
        return True
    return any(may_have_others(variables, each.value.text, within) for each in variables.of(reference.asked))
