"""Makefiles: which builds their recipes run, and what they pass as a secret instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from posixpath import dirname

from codemod.callers.call import ID, Call, Move, NotUnderstoodError, Passed, Place, Tree
from codemod.callers.credentials import credential
from codemod.callers.make_variables import Variables, variables
from codemod.callers.recipe_text import RecipeText, recipe_text
from codemod.callers.recipes import Recipe, read
from codemod.callers.references import MAKES, SKIPPED, marked, unmarked
from codemod.callers.shell_script import calls_of, edits_of
from codemod.callers.suggestions import flag
from codemod.text import Edit, Source, Span

BUILD = re.compile(r"\b(?:build|bud|bake)\b|\bbuildx\b|kaniko")
# what a makefile is called that make reads by itself, and so in its own folder
NAMED = re.compile(rf"{MAKES}[({{](\w+)[)}}]")
OWN_NAMES = frozenset({"makefile", "gnumakefile"})
# files that only have variables
VALUES_NAME = re.compile(r"\.?env\b|\.env|config|vars|version", re.IGNORECASE)
TWICE = re.compile(rf"{MAKES}([A-Za-z])[A-Za-z0-9_]")
TARGET = re.compile(r"[A-Za-z0-9][\w./-]*")
ASSIGNS = re.compile(r"\s*(?:\+|\?|:{1,3})?=")
# a line of a recipe that is a macro and nothing else
LINE = re.compile(rf"[@+\-\s]*{MAKES}[({{](?:call\s+)?([\w.-]+)(?=[)}},])")
SPREAD = "it is spread over several of make's variables"
ANOTHER_SHELL = "another program than a shell reads the recipes (SHELL)"


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The builds that the recipes of a makefile run."""
    reading = _reading(source, tree)
    builds = tuple(_builds(reading))
    return tuple(_call(reading, build, builds) for build in builds)


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """What passes the secrets instead of the build args: in recipes, and in the variables that they take build args from."""
    reading = _reading(source, tree)
    by_span = {move.passed.span: move for move in moves}
    found: dict[Edit, None] = {}
    for text, every in groupby(_builds(reading), key=lambda build: build.text):
        passed = {each: _grown(reading.marked, each.span) for build in every for each in build.call.passes}
        own = [replace(by_span[span], passed=each) for each, span in passed.items() if span in by_span]
        found |= dict.fromkeys(_edits(reading, text, own) if own else ())
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A makefile, read."""

    marked: Source
    variables: Variables
    texts: tuple[RecipeText, ...]


@dataclass(frozen=True, slots=True)
class _Build:
    """A call as the shell's reader has it, with the text that it is of."""

    call: Call
    text: RecipeText


def _reading(source: Source, tree: Tree) -> _Reading:
    text = marked(source)
    if text is None:
        raise NotUnderstoodError(1, "it has characters that no text may have")
    makefile = read(text)
    path = str(source.path)
    alone = source.path.name.lower() in OWN_NAMES and path not in tree.sourced
    known = variables(makefile, alone=alone)
    own = dirname(path) or "."
    folders = tuple(dict.fromkeys((own, ".") if source.path.name.lower() in OWN_NAMES else (".", own)))
    groups = _groups(makefile.recipes, together=makefile.one_shell)
    return _Reading(text, known, tuple(recipe_text(text, lines, known, folders) for lines in groups))


def _groups(recipes: Sequence[Recipe], *, together: bool) -> Iterator[tuple[Recipe, ...]]:
    """The lines that one shell is given at once."""
    if not together:
        yield from ((recipe,) for recipe in recipes)
        return
    for _, lines in groupby(recipes, key=lambda recipe: (recipe.rule, recipe.macro)):
        yield tuple(lines)


def _builds(reading: _Reading) -> Iterator[_Build]:
    for text in reading.texts:
        if BUILD.search(text.shell.text.text):
            yield from (_Build(call, text) for call in _calls(reading, text))


def _calls(reading: _Reading, text: RecipeText) -> tuple[Call, ...]:
    """The calls of a text; one that no shell could read matters only where it says something of build args."""
    try:
        return calls_of(text.shell, reading.marked)
    except NotUnderstoodError:
        if "--build-arg" in text.shell.text.text:
            raise
        return ()


def _edits(reading: _Reading, text: RecipeText, moves: Sequence[Move]) -> Iterator[Edit]:
    """The edits of one text, as the makefile has to have them."""
    for edit in _found_edits(reading, text, moves):
        yield Edit(_grown(reading.marked, edit.span), unmarked(edit.new))


def _found_edits(reading: _Reading, text: RecipeText, moves: Sequence[Move]) -> Iterator[Edit]:
    """The edits of the shell's reader; what goes from the front of a variable's value takes the blank behind it, not the one before."""
    starts = [value.start for value in _values(reading, text)]
    found = edits_of(text.shell, reading.marked, moves)
    taken = {edit.span.start for edit in found}
    for edit in found:
        end = edit.span.end
        start = next((start for start in starts if edit.span.start < start < end), None)
        rest = "" if start is None or end in taken else reading.marked.text[end:]
        yield edit if start is None else Edit(Span(start, end + len(rest) - len(rest.lstrip(" \t"))), edit.new)


def _values(reading: _Reading, text: RecipeText) -> Iterator[Span]:
    """Where the values stand that a text takes build args from."""
    for name in text.holders:
        yield from (each.value.span(Span(0, len(each.value.text))) for each in reading.variables.of(name))


def _call(reading: _Reading, build: _Build, builds: Sequence[_Build]) -> Call:
    call, text = build.call, build.text
    return replace(
        call,
        span=_inside(call.span, text.extent),
        line=reading.marked.line(_inside(call.span, text.extent).start),
        places=_places(build, builds),
        passes=tuple(_passed(reading, build, passed, builds) for passed in call.passes),
        target=None if call.target is None else unmarked(call.target),
        engine=text.engine or call.engine,
        command=_command(reading, build),
    )


def _command(reading: _Reading, build: _Build) -> str:
    """What one would type: make, or what it runs where nobody knows for which target."""
    path, target = reading.marked.path, build.text.target
    if not TARGET.fullmatch(target):
        return NAMED.sub(r"$\1", build.call.command.replace(SKIPPED, "")).replace(MAKES, "$")
    if path.name.lower() not in OWN_NAMES:
        return f"make -f {path} {target}"
    return f"make {target}" if str(path.parent) == "." else f"make -C {path.parent} {target}"


def _places(build: _Build, builds: Sequence[_Build]) -> tuple[Place, ...]:
    """Where the Dockerfiles of a call may be, and those of the calls that take a build arg from the same place: it moves for all."""
    held = {passed for passed in build.call.passes if passed.span not in build.text.extent}
    sharing = [build, *(other for other in builds if other is not build and not held.isdisjoint(other.call.passes))]
    found = [tuple(place for place in each.call.places if MAKES not in f"{place.dockerfile}{place.context}") for each in sharing]
    return tuple(dict.fromkeys(place for places in found for place in places)) if all(found) else ()


def _passed(reading: _Reading, build: _Build, passed: Passed, builds: Sequence[_Build]) -> Passed:
    value = None if passed.value is None else unmarked(passed.value)
    found = replace(
        passed,
        name=unmarked(passed.name),
        span=_grown(reading.marked, passed.span),
        value=value,
        credential=passed.credential or credential(value or ""),
        obstacle=unmarked(passed.obstacle),
        suggestion=unmarked(passed.suggestion),
    )
    if passed.obstacle:
        return found
    obstacle = _obstacle(reading, build, passed, builds)
    if obstacle == SPREAD:
        span = build.text.extent
        return replace(found, span=span, line=reading.marked.line(span.start), obstacle=obstacle, suggestion=flag(value, passed.name))
    return replace(found, obstacle=obstacle, suggestion=_suggestion(reading, build.text, passed)) if obstacle else found


def _obstacle(reading: _Reading, build: _Build, passed: Passed, builds: Sequence[_Build]) -> str:
    """Why a build arg that a shell could pass as a secret stays where it is."""
    text = build.text
    if not reading.variables.has_shell:
        return ANOTHER_SHELL
    if text.macro and not _is_a_line(reading, text.macro):
        return f"it stands in `define {text.macro}`, which is used as more than a line of a recipe"
    if text.unknown:
        return f"nothing here says which program $({text.unknown}) is"
    if letter := TWICE.search(passed.value or ""):
        return f"make reads ${letter[1]} and the letters behind it as two things: $(…) or $$ may be meant"
    if not _is_sound(reading, text, passed):
        return SPREAD
    return "" if passed.span in text.extent else _shared(reading, passed, builds)


def _shared(reading: _Reading, passed: Passed, builds: Sequence[_Build]) -> str:
    """Why a build arg that a variable holds stays there."""
    own = [build for build in builds if passed in build.call.passes]
    names = frozenset(name for build in own for name in build.text.holders)
    if _has_others(reading):
        return "a variable holds it that another makefile may use"
    if reading.variables.exported & names:
        return "a variable holds it that is exported, so that other programs may use it"
    if any(not _is_covered(reading, name, builds) for name in names):
        return "a variable holds it that something else than a build uses too"
    return ""


def _is_a_line(reading: _Reading, macro: str) -> bool:
    """Whether all that is made of a macro is lines of recipes, here."""
    makefile, text = reading.variables.makefile, reading.marked.text
    if _has_others(reading) or macro in reading.variables.exported:
        return False
    starts = {match.start(1) for recipe in makefile.recipes if (match := LINE.match(text, recipe.span.start))}
    used = re.compile(rf"(?<![\w.-]){re.escape(macro)}(?![\w.-])")
    return all(match.start() in starts or _is_defined(text, match) for match in used.finditer(text))


def _is_defined(text: str, match: re.Match[str]) -> bool:
    """Whether a name is one that a line gives a value to, or one of a comment."""
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    if before.lstrip().startswith("#") or before.split()[-1:] == ["define"]:
        return True
    return not before.strip() and ASSIGNS.match(text, match.end()) is not None


def _has_others(reading: _Reading) -> bool:
    """Whether other makefiles may use what this one has."""
    known = reading.variables
    return not known.alone or any(not VALUES_NAME.search(path) for path in known.makefile.includes)


def _is_covered(reading: _Reading, name: str, builds: Sequence[_Build]) -> bool:
    """Whether all that uses a variable is the calls of `builds`."""
    text = reading.marked.text
    covered = {
        place.start
        for build in builds
        for place in build.text.closed
        if place not in build.text.extent or place in _inside(build.call.span, build.text.extent)
    }
    used = re.finditer(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", text)
    return all(match.start() - 2 in covered or _is_defined(text, match) for match in used)


def _is_sound(reading: _Reading, text: RecipeText, passed: Passed) -> bool:
    """Whether what would be changed stands where it can be: in the recipe, or in one variable, and in no reference."""
    parts = (text.extent, *_values(reading, text))
    return all(
        edit.span.start <= edit.span.end
        and any(edit.span in part for part in parts)
        and not any(_cuts(edit.span, place) for place in text.closed)
        for edit in _found_edits(reading, text, [Move(passed, passed.name, optional=False)])
    )


def _cuts(span: Span, place: Span) -> bool:
    return place.start < span.end and span.start < place.end and place not in span


def _suggestion(reading: _Reading, text: RecipeText, passed: Passed) -> str:
    """What would be put in: before the command, then in it."""
    if TWICE.search(passed.value or ""):
        return flag(unmarked(passed.value or ""), passed.name)
    return " … ".join(edit.new.strip() for edit in _edits(reading, text, [Move(passed, ID, optional=False)]))


def _inside(span: Span, extent: Span) -> Span:
    """The part of `extent` that a span of a text that variables are put into stands for."""
    return Span(span.start, min(span.end, extent.end)) if extent.start <= span.start < span.end else extent


def _grown(marked: Source, span: Span) -> Span:
    """With the second `$` of a `$$` that it ends in."""
    return Span(span.start, span.end + 1) if len(span) and marked.text[span.end : span.end + 1] == SKIPPED else span
