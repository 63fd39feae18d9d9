"""A makefile → the builds that its texts run, and the edits of these, as a makefile has to have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from posixpath import dirname

from codemod.callers.call import Call, Move, NotUnderstoodError, Tree
from codemod.callers.make.recipe_text import RecipeText, recipe_text
from codemod.callers.make.recipes import Recipe, read
from codemod.callers.make.references import MAKES, SKIPPED, marked, reference_end, references, unmarked
from codemod.callers.make.variables import Variables, variables
from codemod.callers.shell.calls import calls_of, edits_of
from codemod.text import Edit, Source, Span

# what a makefile is called that make reads by itself, and so in its own folder
OWN_NAMES = frozenset({"makefile", "gnumakefile"})
# in an argument of a function a comma is the end of it
COMMA = f"{MAKES}(comma)"
# without the newline at its end
LINE = re.compile(r"(?:[^\r\n]|\r(?!\n))+")
SHELL = re.compile(rf"{MAKES}[({{]shell\s+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A makefile, read."""

    marked: Source
    variables: Variables
    texts: tuple[RecipeText, ...]


@dataclass(frozen=True, slots=True)
class Build:
    """A call as the shell's reader has it, with the text that it is of."""

    call: Call
    text: RecipeText


def reading_of(source: Source, tree: Tree) -> Reading:
    """Read a makefile. Raises NotUnderstoodError."""
    text = marked(source)
    if text is None:
        raise NotUnderstoodError(1, "it has characters that no text may have")
    makefile, path = read(text), str(source.path)
    is_own = source.path.name.lower() in OWN_NAMES
    known = variables(makefile, alone=is_own and path not in tree.sourced)
    own = dirname(path) or "."
    folders = tuple(dict.fromkeys((own, ".") if is_own else (".", own)))
    texts = [recipe_text(text, lines, known, folders) for lines in _groups(makefile.recipes, together=makefile.one_shell)]
    # what $(shell …) runs has make's own environment, not that of recipes
    alien = replace(known, makefile=replace(makefile, hidden=None))
    texts += [recipe_text(text, [command], alien, folders) for command in _functions(text.text)]
    return Reading(text, known, tuple(texts))


def _functions(text: str) -> Iterator[Recipe]:
    """The commands of `$(shell …)`."""
    for match in SHELL.finditer(text):
        end = reference_end(text, match.start() + 1) - 1
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        parts = tuple(Span(*line.span()) for line in LINE.finditer(text, match.end(), end))
        if parts and not before.lstrip().startswith("#"):
            yield Recipe(parts, rule=0, target="")


def _groups(recipes: Sequence[Recipe], *, together: bool) -> Iterator[tuple[Recipe, ...]]:
    """The lines that one shell is given at once."""
    if not together:
        yield from ((recipe,) for recipe in recipes)
        return
    for _, lines in groupby(recipes, key=lambda recipe: (recipe.rule, recipe.macro)):
        yield tuple(lines)


def builds_of(reading: Reading) -> Iterator[Build]:
    """All builds of a makefile."""
    for text in reading.texts:
        yield from (Build(call, text) for call in _calls(reading, text))


def _calls(reading: Reading, text: RecipeText) -> tuple[Call, ...]:
    """The calls of a text; one that no shell could read matters only where it says something of build args."""
    try:
        return calls_of(text.shell, reading.marked)
    except NotUnderstoodError:
        if "--build-arg" in text.shell.text.text:
            raise
        return ()


def edits_in(reading: Reading, text: RecipeText, moves: Sequence[Move]) -> Iterator[Edit]:
    """The edits of one text, as the makefile has to have them."""
    for edit in found_edits(reading, text, moves):
        yield Edit(grown(reading.marked, edit.span, text.extent), unmarked(edit.new))


def found_edits(reading: Reading, text: RecipeText, moves: Sequence[Move]) -> Iterator[Edit]:
    """The edits of the shell's reader; what goes from the front of a variable's value takes the blank behind it, not the one before."""
    extents = tuple(values(reading, text))
    found = edits_of(text.shell, reading.marked, moves)
    taken = {edit.span.start for edit in found}
    for edit in found:
        end = edit.span.end
        value = next((value for value in extents if edit.span.start < value.start < end <= value.end), None)
        rest = "" if value is None or end in taken else Span(end, value.end).of(reading.marked.text)
        span = edit.span if value is None else Span(value.start, end + len(rest) - len(rest.lstrip(" \t")))
        yield Edit(span, _argument(reading, text, edit))


def _argument(reading: Reading, text: RecipeText, edit: Edit) -> str:
    """What is put in, as an argument of a function has it: without a comma."""
    for place, part in text.functions:
        if edit.span in part:
            asked = "|".join(re.escape(each.name) for each in references(Span(place.start + 1, part.start).of(reading.marked.text)))
            # where the variable that is asked for is not set, the secret is not passed
            return re.sub(rf"(id=({asked})),env=\2(?!\w)", r"\1", edit.new).replace(",", COMMA)
    return edit.new


def values(reading: Reading, text: RecipeText) -> Iterator[Span]:
    """Where the values stand that a text takes build args from."""
    for name in text.holders:
        yield from (each.value.span(Span(0, len(each.value.text))) for each in reading.variables.of(name))


def inside(span: Span, extent: Span) -> Span:
    """The part of `extent` that a span of a text that variables are put into stands for."""
    return Span(span.start, min(span.end, extent.end)) if extent.start <= span.start < min(span.end, extent.end) else extent


def grown(marked: Source, span: Span, extent: Span) -> Span:
    """With the second `$` of a `$$` that it ends in; `extent` where it begins in one variable and ends in another."""
    if not span.start <= span.end <= len(marked.text):
        return extent
    return Span(span.start, span.end + 1) if len(span) and marked.text[span.end : span.end + 1] == SKIPPED else span
