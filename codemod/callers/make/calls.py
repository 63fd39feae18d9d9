"""Makefiles: which builds their recipes run, and what they pass as a secret instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from codemod.callers.call import ID, Call, Move, Passed, Place, Tree
from codemod.callers.covered import Covered
from codemod.callers.credentials import credential
from codemod.callers.make.builds import COMMA, OWN_NAMES, Build, Reading, builds_of, edits_in, grown, inside, reading_of
from codemod.callers.make.loose import loose
from codemod.callers.make.made import may_have_others, words
from codemod.callers.make.obstacles import LINE, SPREAD, TAKEN, TWICE, is_chosen, obstacle_of
from codemod.callers.make.recipe_text import RecipeText
from codemod.callers.make.references import MAKES, SKIPPED, unmarked
from codemod.callers.shell.moving import HOW_UNREAD
from codemod.callers.suggestions import flag
from codemod.text import Edit, Source, Span

NAMED = re.compile(rf"{MAKES}[({{](\w+)[)}}]")
JOINED = re.compile(r"[ \t]*\\\r?\n[ \t]*\Z")
LINE_END = re.compile(r"[ \t]*(?:#.*)?(?:\r?\n|\Z)")
TARGET = re.compile(r"[A-Za-z0-9][\w./-]*")
WORD = re.compile(r"(?<!\w)[A-Za-z]\w+")
NO_NAMES = frozenset("addprefix addsuffix arg build call env filter foreach id if join patsubst secret shell sort strip subst".split())  # noqa: SIM905
MADE = "a function of make's makes the build arg"


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The builds that the recipes of a makefile run."""
    reading = reading_of(source, tree)
    builds = tuple(builds_of(reading))
    found = [_call(reading, build, builds) for build in builds]
    pairs = [(build.call.passes, call.passes) for build, call in zip(builds, found, strict=True)]
    stuck = Covered(raw.span for every, passes in pairs for raw, passed in zip(every, passes, strict=False) if passed.obstacle)
    together = tuple(_together(build, call, stuck) for build, call in zip(builds, found, strict=True))
    return (*together, *loose(source, reading, together))


def _together(build: Build, call: Call, stuck: Covered) -> Call:
    """What several builds take from one place moves for all of them, or for none."""
    passes = list(call.passes)
    for index, raw in enumerate(build.call.passes):
        if stuck.touches(raw.span) and not passes[index].obstacle:
            passes[index] = replace(passes[index], obstacle=TAKEN, suggestion=flag(passes[index].value, raw.name))
    return replace(call, passes=tuple(passes))


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """What passes the secrets instead of the build args: in recipes, and in the variables that they take build args from."""
    reading = reading_of(source, tree)
    by_span = {move.passed.span: move for move in moves}
    found: dict[Edit, None] = {}
    for text, every in groupby(builds_of(reading), key=lambda build: build.text):
        passed = {each: grown(reading.marked, each.span, text.extent) for build in every for each in build.call.passes}
        own = [replace(by_span[span], passed=each) for each, span in passed.items() if span in by_span]
        for part in _parts(text, own):
            found |= dict.fromkeys(edits_in(reading, text, part))
    tidy = [_tidy(edit, reading.marked.text) for edit in _without_clashes(found)]
    return (*_comma(reading, found), *_without_clashes(tidy))


def _parts(text: RecipeText, moves: Sequence[Move]) -> Iterator[list[Move]]:
    """The moves that are made together: where make chooses between several of one name, each is made as if it were the only one."""
    names = {move.passed.name for move in moves if is_chosen(text, move.passed)}
    apart = [move for move in moves if move.passed.name in names]
    yield from ([move] for move in apart)
    if len(apart) < len(moves):
        yield [move for move in moves if move not in apart]


def _without_clashes(found: Iterable[Edit]) -> list[Edit]:
    """The edits, where builds share a variable: what one of them puts in there, another one may have no need for, but no harm of."""
    kept: list[Edit] = []
    for edit in sorted(found, key=lambda edit: (not edit.new, edit.span)):
        met = [other for other in kept if edit.span.start < other.span.end and other.span.start < edit.span.end]
        if any(other.new for other in met):
            continue
        # two that go, one of which takes the blanks between them along
        kept = [other for other in kept if other not in met]
        start = min((edit.span.start, *(other.span.start for other in met)))
        kept.append(Edit(Span(start, max((edit.span.end, *(other.span.end for other in met)))), edit.new))
    return kept


def _tidy(edit: Edit, text: str) -> Edit:
    """An edit that takes something away, and a backslash that joins nothing any more, or the blanks at a line's beginning."""
    start, end = edit.span.start, edit.span.end
    joins = JOINED.search(text, text.rfind("\n", 0, max(0, text.rfind("\n", 0, start))) + 1, start)
    if edit.new or start == end or not joins:
        return edit
    if LINE_END.match(text, end):
        return Edit(Span(joins.start(), end), "")
    if text[start - 1] == "\n":
        return edit
    return Edit(Span(start, end + len(text[end:]) - len(text[end:].lstrip(" \t"))), "")


def _comma(reading: Reading, found: Iterable[Edit]) -> Iterator[Edit]:
    """The variable that stands for a comma, where it is needed and there is none."""
    if any(unmarked(COMMA) in edit.new for edit in found) and not reading.variables.of("comma"):
        text = reading.marked.text
        start = len(text) - len(text.removeprefix("\ufeff"))
        yield Edit(Span(start, start), "comma := ,\r\n" if "\r\n" in text else "comma := ,\n")


def _call(reading: Reading, build: Build, builds: Sequence[Build]) -> Call:
    call, text = build.call, build.text
    return replace(
        call,
        span=inside(call.span, text.extent),
        line=reading.marked.line(inside(call.span, text.extent).start),
        places=_places(build, builds),
        own=_places(build, [build]) or None,
        passes=(*(_passed(reading, build, passed, builds) for passed in call.passes), *_made(reading, build)),
        target=None if call.target is None else unmarked(call.target),
        engine=text.engine or call.engine,
        command=_command(reading, build),
    )


def _command(reading: Reading, build: Build) -> str:
    """What one would type: make, or what it runs where nobody knows for which target."""
    path, target = reading.marked.path, build.text.target or _user(reading, build.text.macro)
    if not TARGET.fullmatch(target):
        return NAMED.sub(r"$\1", build.call.command.replace(SKIPPED, "")).replace(MAKES, "$")
    if path.name.lower() not in OWN_NAMES:
        return f"make -f {path} {target}"
    return f"make {target}" if str(path.parent) == "." else f"make -C {path.parent} {target}"


def _user(reading: Reading, macro: str) -> str:
    """The first target that has a macro as a line of its recipe."""
    lines = ((recipe.target, LINE.match(reading.marked.text, recipe.span.start)) for recipe in reading.variables.makefile.recipes)
    return next((target for target, match in lines if match and macro and match[1] == macro), "")


def _places(build: Build, builds: Sequence[Build]) -> tuple[Place, ...]:
    """Where the Dockerfiles of a call may be, and those of the calls that take a build arg from the same place: it moves for all."""
    held = {passed for passed in build.call.passes if passed.span not in build.text.extent}
    sharing = [build, *(other for other in builds if other is not build and not held.isdisjoint(other.call.passes))]
    found = [tuple(place for place in each.call.places if MAKES not in f"{place.dockerfile}{place.context}") for each in sharing]
    return tuple(dict.fromkeys(place for places in found for place in places)) if all(found) else ()


def _passed(reading: Reading, build: Build, passed: Passed, builds: Sequence[Build]) -> Passed:
    value = None if passed.value is None else unmarked(passed.value)
    found = replace(
        passed,
        name=unmarked(passed.name),
        span=grown(reading.marked, passed.span, build.text.extent),
        value=value,
        credential=passed.credential or credential(value or ""),
        obstacle=unmarked(passed.obstacle),
        suggestion=unmarked(passed.suggestion),
        conditional=is_chosen(build.text, passed),
    )
    if passed.obstacle:
        return found
    obstacle = obstacle_of(reading, build, passed, builds)
    if obstacle == TAKEN:
        return replace(found, obstacle=obstacle, suggestion=flag(value, passed.name))
    if obstacle == SPREAD:
        span = build.text.extent
        return replace(found, span=span, line=reading.marked.line(span.start), obstacle=obstacle, suggestion=flag(value, passed.name))
    return replace(found, obstacle=obstacle, suggestion=_suggestion(reading, build.text, passed)) if obstacle else found


def _made(reading: Reading, build: Build) -> Iterator[Passed]:
    """The build args that a function of make's may make for a call: all that could be the name of one."""
    text = reading.marked.text
    for place in build.text.made:
        if place in inside(build.call.span, build.text.extent) or place not in build.text.extent:
            names = {name for part in words(reading.variables, place.of(text)) for name in WORD.findall(part)} - NO_NAMES
            line = reading.marked.line(place.start)
            for name in sorted(names):
                yield Passed(name, place, line, obstacle=MADE, suggestion=flag(None, name))
            if may_have_others(reading.variables, place.of(text)):
                yield Passed("$(…)", place, line, obstacle=MADE, suggestion=HOW_UNREAD)


def _suggestion(reading: Reading, text: RecipeText, passed: Passed) -> str:
    """What would be put in: before the command, then in it."""
    if TWICE.search(passed.value or ""):
        return flag(unmarked(passed.value or ""), passed.name)
    return " … ".join(edit.new.strip() for edit in edits_in(reading, text, [Move(passed, ID, optional=False)]))
