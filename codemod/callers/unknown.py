"""Files that no kind of caller knows, or whose reader cannot read them: what looks as if it passed a build arg, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from codemod.callers.call import Call, Passed, Tree
from codemod.callers.covered import Covered
from codemod.callers.credentials import credential
from codemod.callers.shell.moving import HOW_UNREAD
from codemod.callers.suggestions import flag, variable
from codemod.text import Source, Span

KIND = "file of an unknown kind"
WHY = "nothing is known of this kind of caller"

COMMENT = re.compile(r"\ufeff?\s*(?:#|//|--(?:\s|\[\[|$)|<!--|/\*|;|%|::|(?i:rem)\s|\*(?:\s|/|$))")
# where * continues a comment; elsewhere it is an item of a list
STARRED = re.compile(r".*\.(?:java|kts?|groovy|gradle|scala|[jt]sx?|mjs|cjs|go|rs|c|cc|cpp|h|hpp|cs|php|swift|dart)", re.IGNORECASE)
# what all of these have
ANY = re.compile(r"build[-_]?arg", re.IGNORECASE)
# what may stand between `--build-arg` and the name: a blank, =, or the next string of a list
FLAG = re.compile(r"--build-arg(?:\s*[= ]\s*|[\"']?\s*,\s*|</\w+>\s*<\w+>)(?:[frb]{0,2}[\"'`]|\\\")?([A-Za-z_]\w*)(=?)")
BARE = re.compile(r"--build-arg(?![\w-])")
VARIABLE = re.compile(r"(?<![A-Za-z0-9])(?:BUILD_ARG|build_arg)_([A-Za-z_]\w*)[\"']?(\s*[:=]?)")
# what has build args, by its name: `build_args`, `buildArgs`, `extra_build_args`, `build-args`, `setBuildArgs`
TABLE = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=B))[bB](?i:uild[-_]?arg(?:ument)?s?)(?:FromEnv|_from_env)?(?![A-Za-z0-9_])")
ENTRY = re.compile(
    r"(?:^\s*(?:-\s+|[:=]\s*)?|[\[{(,;|=>]\s*|\b(?:Of|to)\(\s*)[\"'`]?([A-Za-z_]\w*)[\"'`]?(?:\s*(?::|=>?|,)\s*|\s+to\s+)(?=\S|$)|"
    r"^\s*-\s+[\"']?([A-Za-z_]\w*)[\"']?\s*$"
)
# the type of a table, whose brackets are none of the table's
GO_MAP = re.compile(r"\s*:?=?\s*map\[\w+\]")
# what make makes of a list, or of an argument: a makefile may include a file of any name
MADE = re.compile(r"\$[({](?:addprefix\b|foreach\b|patsubst\b|\w+:)[^\n]*--build-arg|--build-arg[= ]\$[({]\d[)}]")
# names a secret, and no build arg
SECRET = re.compile(r"--secret[=\s]+\S+")
OPENED = re.compile(r"[:=({\[|>][\s|>+-]*$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that stands where a build arg's would; `span` is the line's part that says so."""

    name: str
    span: Span
    value: str | None = field(default=None, repr=False)


def calls(source: Source, tree: Tree, why: str = "") -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """A call for each line that seems to pass build args; `why` nobody knows better."""
    named = rest(source, (), KIND, why or WHY)
    made = Covered(Span(*match.span()) for match in MADE.finditer(source.text))
    return (*named, *(call for call in unnamed(source, named, KIND, why or WHY) if made.touches(call.span)))


def rest(source: Source, found: Iterable[Call], kind: str, why: str) -> tuple[Call, ...]:
    """Calls for what seems to pass build args outside of those that are `found`."""
    known = Covered(span for call in found for span in (*(passed.span for passed in call.passes), call.span))
    unknown = (mention for mention in mentions(source) if not known.touches(mention.span))
    return tuple(_call(source, tuple(here), kind, why) for _, here in groupby(unknown, lambda mention: source.line(mention.span.start)))


def unnamed(source: Source, found: Iterable[Call], kind: str, why: str) -> Iterator[Call]:
    """Calls for each `--build-arg` outside of those that are `found` whose name stands elsewhere, or is put together."""
    known = Covered(span for call in found for span in (*(passed.span for passed in call.passes), call.span))
    for match in BARE.finditer(source.text):
        span = Span(*match.span())
        if not known.touches(span) and not FLAG.match(source.text, span.start):
            nameless = Passed("$(…)", span, source.line(span.start), obstacle=why, suggestion=HOW_UNREAD)
            yield Call(kind, span, nameless.line, passes=(nameless,))


def _call(source: Source, here: Sequence[Mention], kind: str, why: str) -> Call:
    span = Span(here[0].span.start, here[-1].span.end)
    return Call(kind, span, source.line(span.start), passes=tuple(passed(source, mention, why) for mention in here))


def passed(source: Source, mention: Mention, why: str) -> Passed:
    """A name, as a build arg that cannot be moved."""
    return Passed(
        name=mention.name,
        span=mention.span,
        line=source.line(mention.span.start),
        value=mention.value,
        credential=credential(mention.value or ""),
        obstacle=why,
        suggestion=flag(mention.value if variable(mention.value, "").isupper() else None, mention.name),
    )


def mentions(source: Source) -> Iterator[Mention]:
    """The names of a file that stand where a build arg's would: a line's each once, in order."""
    if ANY.search(source.text) is None:
        return  # as most files
    seen: set[tuple[str, int]] = set()
    is_starred = STARRED.fullmatch(source.path.name) is not None
    opened: int | None = None  # how far the line is indented whose table the lines below belong to
    for number in range(1, source.line(len(source.text)) + 1):
        span = source.line_span(number)
        line = span.of(source.text).rstrip("\r\n")
        comment = COMMENT.match(line)
        if not line.strip() or (comment and (is_starred or comment[0].strip()[:1] != "*")):
            continue
        indentation = len(line) - len(line.lstrip())
        if opened is not None and indentation <= opened:
            opened = None
        found = [*_flags(line), *_entries(line, inside=opened is not None)]
        for mention in sorted(found, key=lambda mention: mention.span):
            if (mention.name, number) not in seen:
                seen.add((mention.name, number))
                yield Mention(mention.name, mention.span.shifted(span.start), mention.value)
        if opened is None and (table := _last_table(line)) and OPENED.search(line[table.end() :]):
            opened = indentation


def _last_table(line: str) -> re.Match[str] | None:
    return next(reversed(list(TABLE.finditer(line))), None)


def _flags(line: str) -> Iterator[Mention]:
    for pattern in (FLAG, VARIABLE):
        for match in pattern.finditer(line):
            value = _value(line, match.end()) if match[2].strip() else None
            yield Mention(match[1], Span(match.start(), match.end() + len(value or "")), value)


def _entries(line: str, *, inside: bool) -> Iterator[Mention]:
    """Names with values, behind a word that has build args, or in the lines below it."""
    line = SECRET.sub(lambda match: " " * len(match[0]), line)
    table = TABLE.search(line)
    if not inside and (table is None or line[max(0, table.start() - 2) : table.start()] == "--"):
        return
    start, end = (0, len(line)) if inside or table is None else (table.end(), _reach(line, table.end()))
    for match in ENTRY.finditer(line[start:end]):
        name = match[1] or match[2]
        if TABLE.fullmatch(name) is None:
            yield Mention(name, Span(start + match.start(), start + match.end()), _value(line, start + match.end()) if match[1] else None)


def _reach(line: str, start: int) -> int:
    """Where what a word has ends, in its line: with the bracket that it opens, or that is opened before it."""
    depth, typed = 0, GO_MAP.match(line, start)
    start = typed.end() if typed else start
    for match in re.compile(r"[(\[{]|([)\]}])").finditer(line, start):
        depth += -1 if match[1] else 1
        if depth < 0 or (match[1] and depth == 0):
            return match.start()
    return len(line)


def _value(line: str, start: int) -> str:
    """The value behind a name, up to where its word may end."""
    match = re.compile(r"\s*(\"(?:\\.|[^\"\\])*\"|'[^']*'|\$\{\{.*?\}\}|\$\([^)]*\)|\(\([^)]*\)\)|\{\{.*?\}\}|[^\s,;\"'\]})<]*)").match(
        line, start
    )
    return match[1] if match else ""
