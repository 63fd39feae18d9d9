"""Why a build arg of a makefile stays where it is, though a shell could pass it as a secret."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from codemod.callers.call import Move, Passed
from codemod.callers.make.builds import Build, Reading, found_edits, inside, values
from codemod.callers.make.recipe_text import RecipeText
from codemod.callers.make.references import MAKES, references
from codemod.text import Span

# files that only have variables
VALUES_NAME = re.compile(r"\.?env\b|\.env|config|vars|version", re.IGNORECASE)
TWICE = re.compile(rf"{MAKES}([A-Za-z])[A-Za-z0-9_]")
ASSIGNS = re.compile(r"\s*(?:\+|\?|:{1,3})?=")
# a line of a recipe that is a macro and nothing else
LINE = re.compile(rf"[@+\-\s]*{MAKES}[({{](?:call\s+)?([\w.-]+)(?=[)}},])")
TAKEN = "a variable holds it that something else uses too, which cannot be given a secret"
SPREAD = "a part of what would change stands in one of make's variables"
ANOTHER_SHELL = "another program than a shell reads the recipes (SHELL)"


def obstacle_of(reading: Reading, build: Build, passed: Passed, builds: Sequence[Build]) -> str:
    """Why a build arg that a shell could pass as a secret stays where it is."""
    stuck = {each.span for other in builds for each in other.call.passes if each.obstacle}
    if passed.span in stuck:
        return TAKEN
    if letter := TWICE.search(passed.value or ""):
        return f"make reads ${letter[1]} and the letters behind it as two things: $(…) or $$ may be meant"
    return _of_recipe(reading, build.text) or _of_place(reading, build, passed, builds, stuck)


def _of_recipe(reading: Reading, text: RecipeText) -> str:
    """Why nothing of a recipe can be changed."""
    if not reading.variables.has_shell:
        return ANOTHER_SHELL
    if text.macro and not _is_a_line(reading, text.macro):
        return f"it stands in `define {text.macro}`, which is used as more than a line of a recipe"
    return f"nothing here says which program $({text.unknown}) is" if text.unknown else ""


def _of_place(reading: Reading, build: Build, passed: Passed, builds: Sequence[Build], stuck: Collection[Span]) -> str:
    """Why a build arg cannot be changed where it stands."""
    if not _is_sound(reading, build.text, passed):
        return SPREAD
    if _is_one_of_several(reading, build, passed, stuck):
        return "make decides which of several it passes"
    return "" if passed.span in build.text.extent else _shared(reading, passed, builds)


def is_chosen(text: RecipeText, passed: Passed) -> bool:
    """Whether make decides if it is passed at all."""
    return any(passed.span in part for part in text.choices)


def _is_one_of_several(reading: Reading, build: Build, passed: Passed, stuck: Collection[Span]) -> bool:
    """Whether it depends on make what one build arg is, and the secret cannot depend on it in the same way.

    It can where all that has to be done stands where they stand: an assignment before the command would be made for all.
    """
    call, text = build.call, build.text
    same = [each for each in call.passes if each.name == passed.name]
    if not text.choices:
        return False
    if passed.name in call.feeds:
        return not all(_is_fed_beside(reading, text, each) for each in same)
    if len(same) == 1 or not any(is_chosen(text, each) for each in same):
        return False
    alone = (found_edits(reading, text, [Move(each, each.name, optional=False)]) for each in same if each.span not in stuck)
    return any(len(tuple(found)) > 1 for found in alone)


def _is_fed_beside(reading: Reading, text: RecipeText, passed: Passed) -> bool:
    """Whether the secret of that name is passed wherever the build arg is."""
    around = sorted((part for part in text.choices if passed.span in part), key=len)
    secret = re.compile(rf"--secret[=\s]+\S*\bid={re.escape(passed.name)}(?![\w.-])")
    if around:
        return secret.search(around[0].of(reading.marked.text)) is not None
    found = [Span(*match.span()) for match in secret.finditer(reading.marked.text)]
    parts = (text.extent, *values(reading, text))
    return any(any(each in part for part in parts) and not any(each in part for part in text.choices) for each in found)


def _shared(reading: Reading, passed: Passed, builds: Sequence[Build]) -> str:
    """Why a build arg that a variable holds stays there."""
    own = [build for build in builds for each in build.call.passes if each.span == passed.span]
    names = frozenset(name for build in own for name in build.text.holders)
    if len({spelled for build in own for spelled in _spellings(reading, build, passed.span)}) > 1:
        return "a variable holds it for builds that would have the secret from different places"
    if _is_set_later(reading, passed):
        return "a variable holds it as it is there, and what it is made of is set later"
    if _has_others(reading):
        return "a variable holds it that another makefile may use"
    if reading.variables.exported & names:
        return "a variable holds it that is exported, so that other programs may use it"
    if any(not _is_covered(reading, name, builds) for name in names):
        return "a variable holds it that something else than a build uses too"
    return ""


def _spellings(reading: Reading, build: Build, span: Span) -> Iterator[str]:
    """What would be put in at `span` for a build."""
    for passed in build.call.passes:
        if passed.span == span:
            found = found_edits(reading, build.text, [Move(passed, passed.name, optional=False)])
            yield from (edit.new for edit in found if edit.new and _meet(edit.span, span))


def _is_set_later(reading: Reading, passed: Passed) -> bool:
    """Whether the value is put together where it stands, and what it is made of gets another value before a recipe runs."""
    known = reading.variables
    here = [
        each for every in known.named.values() for each in every if passed.span.start - each.value.origin(0) in range(len(each.value.text))
    ]
    is_deferred = all(each.operator in ("=", "?=", "+=") for each in here)
    names = {reference.name for reference in references(passed.value or "")}
    return not is_deferred and any(each.value.origin(0) > passed.span.start for name in names for each in known.of(name))


def _is_a_line(reading: Reading, macro: str) -> bool:
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


def _has_others(reading: Reading) -> bool:
    """Whether other makefiles may use what this one has."""
    known = reading.variables
    return not known.alone or any(not VALUES_NAME.search(path) for path in known.makefile.includes)


def _is_covered(reading: Reading, name: str, builds: Sequence[Build]) -> bool:
    """Whether all that uses a variable is the calls of `builds`."""
    text = reading.marked.text
    covered = {
        place.start
        for build in builds
        for place in build.text.closed
        if place not in build.text.extent or _meet(place, inside(build.call.span, build.text.extent))
    }
    used = re.finditer(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", text)
    return all(match.start() - 2 in covered or _is_defined(text, match) for match in used)


def _is_sound(reading: Reading, text: RecipeText, passed: Passed) -> bool:
    """Whether what would be changed stands where it can be: in the recipe, or in one variable, and in no reference."""
    parts = (text.extent, *values(reading, text))
    return all(
        edit.span.start <= edit.span.end
        and any(edit.span in part for part in parts)
        and not any(_meet(edit.span, place) and place not in edit.span for place in text.closed)
        for edit in found_edits(reading, text, [Move(passed, passed.name, optional=False)])
    )


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
