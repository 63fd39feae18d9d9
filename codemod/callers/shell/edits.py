"""Moves → edits of the commands that build: the option, and the assignment that it needs before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from codemod.callers.call import Move
from codemod.callers.shell.builds import Build, Given, place
from codemod.callers.shell.moving import IN_OUR_NAME, Assigned, FromFile, Named, Way
from codemod.callers.shell.text import Quotes, ShellText
from codemod.callers.shell.words import EXPANSION, QUOTED, Value
from codemod.text import Edit, Source, Span

ESCAPES = {Quotes.SINGLE: (r"'", "''"), Quotes.DOUBLE: (r'(["\\])', r"\\\1")}
POSITIONAL = re.compile(r"\$(?:\d|\{\d+\}|[*@])")
AT_LINE_START = re.compile(r"(?P<break>[ \t]*\\?\r?\n)(?P<indent>[ \t]*)\Z")
LINE_GOES_ON = re.compile(r"[ \t]*(?:\\)?\r?\n")


@dataclass(frozen=True, slots=True)
class _Moved:
    given: Given
    move: Move
    way: Way
    adds: bool


def edits_for(builds: Iterable[Build], source: Source, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """What the moves make of the builds; a build arg that several builds share is changed once."""
    by_span = {move.passed.span: move for move in moves}
    found: dict[Span, Edit] = {}
    prefixes: dict[int, str] = {}
    for build in builds:
        moved = _moved(build, by_span)
        for each in moved:
            edit = _option_edit(each, source)
            found[edit.span] = edit
        for at, text in _prefixes(moved, source):
            prefixes.setdefault(at, text)
    return (*(Edit(Span(at, at), text) for at, text in prefixes.items()), *_side_by_side(found.values()))


def _side_by_side(edits: Iterable[Edit]) -> list[Edit]:
    """Of two options that go, one behind the other, each would take the blank between them: they go as one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.span):
        if kept and not (edit.new or kept[-1].new) and edit.span.start < kept[-1].span.end:
            kept[-1] = Edit(Span(kept[-1].span.start, max(edit.span.end, kept[-1].span.end)), "")
        else:
            kept.append(edit)
    return kept


def _moved(build: Build, by_span: dict[Span, Move]) -> list[_Moved]:
    """The build args of a build that move, in their order; of several for one id the last one counts, as it does for docker."""
    moved = [(given, by_span[given.passed.span]) for given in build.given if given.passed.span in by_span]
    last = {move.id: given.passed.span for given, move in moved}
    found = [
        _Moved(given, move, given.way, move.adds and move.id not in build.call.feeds and last[move.id] == given.passed.span)
        for given, move in moved
    ]
    return [replace(each, way=_apart(each, found, build.call.command)) for each in found]


def _apart(moved: _Moved, others: list[_Moved], command: str) -> Way:
    """A carrier that nothing else of the same `command` reads, unless that is what it has anyway."""
    carried = moved.way
    if not isinstance(carried, Assigned) or carried.value.variable == carried.carrier:
        return carried
    ways = [other.way for other in others if other is not moved]
    texts = [each.value.written for each in ways if isinstance(each, Assigned)]
    is_read = re.search(rf"\benv={carried.carrier}\b", command) is not None
    is_read = is_read or any(re.search(rf"\$\{{?{carried.carrier}\b", text) for text in texts)
    is_read = is_read or any(isinstance(each, Named) and each.variable == carried.carrier for each in ways)
    return replace(carried, carrier=f"{IN_OUR_NAME}{carried.carrier}") if is_read else carried


def _prefixes(moved: list[_Moved], source: Source) -> Iterator[tuple[int, str]]:
    """The assignments before a command; those that run commands come first, so that these do not see the others."""
    texts: dict[int, list[tuple[bool, str]]] = {}
    for each in moved:
        if isinstance(each.way, Assigned) and each.adds:
            text = each.given.text
            at = place(text, source, Span(each.way.place, each.way.place + 1)).start
            texts.setdefault(at, []).append((not each.way.value.runs, f"{each.way.carrier}={_written(each.way.value, text, source)} "))
    for at, found in texts.items():
        yield at, "".join(text for _, text in sorted(found, key=lambda pair: pair[0]))


def _written(value: Value, text: ShellText, source: Source) -> str:
    """The value's word, as the file has it; one expansion without quotes gets them."""
    if not value.plain:
        return _escaped('""', text)
    raw = place(text, source, value.span).of(source.text) if len(value.span) else ""
    whole = EXPANSION.fullmatch(value.written) or POSITIONAL.fullmatch(value.written)
    if whole or (value.written.startswith(("$(", "${")) and QUOTED.fullmatch(value.written)):
        quote = _escaped('"', text)
        return f"{quote}{raw}{quote}"
    return _escaped(value.quote, text) + raw


def _option_edit(moved: _Moved, source: Source) -> Edit:
    """What becomes of the option."""
    given, span = moved.given, moved.given.passed.span
    if moved.move.removes:
        return Edit(span, _secret(moved)) if moved.adds else Edit(_with_its_line(span, source.text), "")
    if not moved.adds:
        return Edit(Span(span.end, span.end), "")
    secret = _separator(span, source.text) + _secret(moved)
    if isinstance(moved.way, Assigned) and moved.way.carrier == given.arg.name:  # its value is made once, and both take it
        equals = "=" if given.arg.joined else " "
        return Edit(span, f"--build-arg{equals}{given.arg.name}{secret}")
    return Edit(Span(span.end, span.end), secret)


def _secret(moved: _Moved) -> str:
    """The option that passes the secret."""
    spec, carried = f"id={moved.move.id}", moved.way
    if isinstance(carried, FromFile):
        spec += f",src={_path(carried.path, moved.given.text)}"
    else:
        assert isinstance(carried, Named | Assigned), "what has an obstacle is never moved"  # noqa: S101  (our own bug)
        variable = carried.variable if isinstance(carried, Named) else carried.carrier
        is_explicit = isinstance(carried, Named) and carried.explicit
        if variable != moved.move.id or moved.move.optional or is_explicit:
            spec += f",env={variable}"
    return f"--secret{'=' if moved.given.arg.joined else ' '}{spec}"


def _path(path: str, text: ShellText) -> str:
    """A file's name as a part of a word, where no `~` means a folder."""
    return _escaped(re.sub(r"\A~(?=/)", '"$HOME"', path), text)


def _escaped(written: str, text: ShellText) -> str:
    """Text for a shell, as the file around writes it."""
    pattern, new = ESCAPES.get(text.quotes, ("", ""))
    return (re.sub(pattern, new, written) if pattern else written).replace("$", text.dollar)


def _separator(span: Span, text: str) -> str:
    """What stands before the option, to stand before another one behind it."""
    found = AT_LINE_START.search(text, 0, span.start)
    return found[0] if found else " "


def _with_its_line(span: Span, text: str) -> Span:
    """An option with the blanks that it leaves, and with its line where it has one of its own."""
    found, behind = AT_LINE_START.search(text, 0, span.start), LINE_GOES_ON.match(text, span.end)
    if found and behind and "\\" in behind[0]:
        return Span(found.end("break"), behind.end())
    if found and (behind or not text[span.end :].strip()):
        return Span(found.start(), span.end) if "\\" in found["break"] else Span(found.end("break"), behind.end() if behind else span.end)
    before = 0 if found else len(text[: span.start]) - len(text[: span.start].rstrip(" \t"))
    if before:
        return Span(span.start - before, span.end)
    return Span(span.start, span.end + len(text[span.end :]) - len(text[span.end :].lstrip(" \t")))
