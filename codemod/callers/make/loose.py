"""Build args that stand in a makefile where only make reads them, and that no call of the file is seen to take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from codemod.callers.call import Call
from codemod.callers.covered import Covered
from codemod.callers.make.builds import Reading
from codemod.callers.make.recipe_text import KIND
from codemod.callers.make.references import MAKES, references
from codemod.callers.unknown import rest, unnamed
from codemod.text import Source, Span

WHY = "which build make gives it to is not seen in this file"
# a line of a `define` that is no command, but words of one
WORDS = re.compile(rf"\s*[-{MAKES}]")


def loose(source: Source, reading: Reading, found: Sequence[Call]) -> Iterator[Call]:
    """What seems to pass build args where only make reads it: a shell, which reads the rest of a recipe, has said what that does."""
    makes = Covered(_read_by_make(reading, {passed.span for call in found for passed in call.passes}))
    named = [call for call in rest(source, found, KIND, WHY) if makes.touches(call.span)]
    yield from named
    yield from (call for call in unnamed(source, (*found, *named), KIND, WHY) if makes.touches(call.span))


def _read_by_make(reading: Reading, told: AbstractSet[Span]) -> Iterator[Span]:
    """Where the values stand that something else may use than what is `told` already, and what make puts into recipes."""
    known, text = reading.variables, reading.marked.text
    for name, every in known.named.items():
        if not _is_idle(reading, name, told):
            yield from (each.value.span(Span(0, len(each.value.text))) for each in every if each.value.text)
    for recipe in known.makefile.recipes:
        if recipe.macro and WORDS.match(text, recipe.span.start) and not _is_idle(reading, recipe.macro, told):
            yield recipe.span
        yield from (each.span.shifted(recipe.span.start) for each in references(recipe.span.of(text)))


def _is_idle(reading: Reading, name: str, told: AbstractSet[Span]) -> bool:
    """Whether surely nothing else uses a variable."""
    known = reading.variables
    if known.makefile.unclear or not known.alone or known.makefile.exported is None or name in known.makefile.exported:
        return False
    return not any(name in reference.name and reference.span not in told for reference in references(reading.marked.text))
