"""What a function of make's makes build args of: the words that could be names of them, and whether there may be more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

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


def may_have_others(variables: Variables, text: str) -> bool:
    """Whether a name may be put into a text that this file does not show: another program has it, another makefile, or who runs make."""
    return _Search(variables).finds(text, frozenset())


@dataclass(frozen=True, slots=True)
class _Search:
    """`seen` are the variables that were looked at, each with those of the loops around it."""

    variables: Variables
    seen: set[tuple[str, frozenset[str]]] = field(default_factory=set)

    def finds(self, text: str, loops: frozenset[str]) -> bool:
        """Whether there is such a name in a text; the variables of `loops` hold other words of the file."""
        for reference in references(text):
            if VALUE.search(text[: reference.span.start]):
                continue
            if found := choices(text, reference):
                if any(self.finds(choice.of(text), loops) for choice in found):
                    return True
            elif self._has(reference, loops):
                return True
        return False

    def _has(self, reference: Reference, loops: frozenset[str]) -> bool:
        name = reference.asked
        if reference.name.startswith(PROGRAMS) or MAKES in name:
            return True
        bound = BOUND.match(reference.name)
        within = loops | frozenset(bound[1].split()) if bound else loops
        if reference.given and self.finds(reference.given, within):
            return True
        if not name or name in loops or GIVEN.fullmatch(name) or (name, loops) in self.seen:
            return False
        self.seen.add((name, loops))
        known = self.variables
        if not known.of(name) or known.makefile.unclear or not known.alone:
            return True
        return any(self.finds(each.value.text, loops) for each in known.of(name))
