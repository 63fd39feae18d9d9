"""The words of a shell text that has templates: each as its command gets it, and the value that stands in it as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from codemod.callers.shell.command_line import Argument
from codemod.callers.shell.text import ShellText
from codemod.shell.quoting import plain_word
from codemod.text import Span

# stand for templates while quotes are taken off; no text has them
FIRST_MARK = 0xF0000
EXPANSION = re.compile(r"\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?P<operator>:?-)?\})", re.ASCII)
# what an argument does not mean the same as an assignment does: to one shell or the other
UNEQUAL = re.compile(r"[~*?\[{]")
QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.|\$\{[^}]*\}|\$\([^()]*(?:\([^()]*\)[^()]*)*\)|`[^`]*`", re.DOTALL)
SUBSTITUTION = re.compile(r"\$\(|`")
FILE = re.compile(r"""\$\(\s*(?:cat\s+|<\s*)(?P<path>[^\s|;&<>()]+|"[^"]*"|'[^']*')\s*\)""")


@dataclass(frozen=True, slots=True)
class Value:
    """The value that a word passes: `plain` without quotes, `written` as it would stand in an assignment, from `span` on.

    `written` begins with the quote that is open where the value begins. `variable` is the one whose value it is and nothing else,
    `empties` says that it is empty where that is not set; `template` is the one that it is, `path` the file that it is read from,
    as the shell has it. `obstacle` says why it cannot stand before the command.
    """

    plain: str = field(repr=False)
    written: str = field(repr=False)
    span: Span
    quote: str
    variable: str | None = None
    empties: bool = False
    template: bool = False
    has_template: bool = False
    path: str | None = None
    obstacle: str = ""

    @property
    def is_literal(self) -> bool:
        """Whether all of it stands in the file."""
        return bool(self.plain) and not self.has_template and (self.quote == "'" or not re.search(r"[$`]", self.plain))

    @property
    def runs(self) -> bool:
        """Whether commands are run for it."""
        return self.quote != "'" and SUBSTITUTION.search(self.written) is not None


class Words:
    """The words of a shell text, with its templates as they are written."""

    def __init__(self, text: ShellText) -> None:
        """`text.masked` has the places of the templates."""
        self.original, self.masked = text.text.text, text.masked
        self.templates = tuple(_templates(self.original, self.masked))

    def argument(self, span: Span) -> Argument:
        """The word at `span`."""
        return Argument(self.plain(span), span)

    def plain(self, span: Span) -> str:
        """What a command gets for the word at `span`: templates and expansions as they are written."""
        marked, templates = self._marked(span)
        return _unmarked(plain_word(marked), templates)

    def has_template(self, span: Span) -> bool:
        """Whether a template stands in it."""
        return any(template.start < span.end and span.start < template.end for template in self.templates)

    def value(self, word: Span, length: int) -> Value:
        """The value of a word, behind the first `length` characters that the command gets."""
        start, quote = _behind(word.of(self.masked), length)
        span = Span(word.start + start, word.end)
        raw = quote + span.of(self.original)
        marked, templates = self._marked(span)
        plain = _unmarked(plain_word(quote + marked), templates)
        expansion = EXPANSION.fullmatch(plain) if raw.strip('"') == plain else None
        bare = "" if quote else QUOTED.sub("", marked)
        return Value(
            plain=plain,
            written=raw or '""',
            span=span,
            quote=quote,
            variable=(expansion["plain"] or expansion["braced"]) if expansion else None,
            empties=bool(expansion and expansion["operator"]),
            template=len(templates) == 1 and plain == templates[0],
            has_template=bool(templates),
            path=_file(raw),
            obstacle=_obstacle(bare, raw),
        )

    def _marked(self, span: Span) -> tuple[str, list[str]]:
        """The text of a word with a mark for each template, and the templates."""
        if not self.templates:
            return span.of(self.original), []
        found = [Span(max(each.start, span.start), min(each.end, span.end)) for each in self.templates]
        found = [each for each in found if each.start < each.end]
        pieces, end = [], span.start
        for index, template in enumerate(found):
            pieces += [self.original[end : template.start], chr(FIRST_MARK + index)]
            end = template.end
        return "".join((*pieces, self.original[end : span.end])), [template.of(self.original) for template in found]


def _templates(original: str, masked: str) -> Iterator[Span]:
    """The places where a template was masked; an `_` beside one is not told from it."""
    if original == masked:
        return
    for run in re.finditer("_+", masked):
        span = Span(*run.span())
        written = span.of(original)
        if written.strip("_"):
            start = span.start + len(written) - len(written.lstrip("_"))
            yield Span(start, start + len(written.strip("_")))


def _unmarked(text: str, templates: list[str]) -> str:
    for index, template in enumerate(templates):
        text = text.replace(chr(FIRST_MARK + index), template)
    return text


def _behind(raw: str, length: int) -> tuple[int, str]:
    """Where in a word as written the first `length` characters end that the command gets, and the quote that is open there."""
    index, quote = 0, ""
    while length:
        character = raw[index]
        if character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        else:
            index += character == "\\" and quote != "'"
            length -= 1
        index += 1
    if quote and raw[index : index + 1] == quote:  # "TOK="$X
        return index + 1, ""
    return index, quote


def _file(raw: str) -> str | None:
    """The file whose text `$(cat FILE)` is, as written."""
    inner = raw[1:-1] if raw.startswith('"') and raw.endswith('"') else raw
    match = FILE.fullmatch(inner)
    return match["path"] if match else None


def _obstacle(bare: str, raw: str) -> str:
    if re.search(r"\$['\"]", raw):
        return "it is quoted in a way that not every shell knows"
    if UNEQUAL.search(bare):
        return "an argument means something else there than an assignment: quote it"
    return ""
