"""Physical lines joined to logical ones, as BuildKit's parser does (frontend/dockerfile/parser/parser.go)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from codemod.dockerfile.error import ParseError
from codemod.dockerfile.nodes import Directive, Line, LineKind
from codemod.text import Source, SourceMap, Span

# unicode.IsSpace of Go, which is not str.isspace: that one has U+001C to U+001F as well.
GO_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
BOM = "\ufeff"
# \s of Go's regular expressions, which is not unicode.IsSpace: a line tabulator or U+00A0 after the # makes a comment of it.
REGEX_SPACE = "\t\n\f\r "
DIRECTIVE = re.compile(rf"#[{REGEX_SPACE}]*([a-zA-Z][a-zA-Z0-9]*)[{REGEX_SPACE}]*=[{REGEX_SPACE}]*(.+)\Z")
DIRECTIVE_NAMES = ("syntax", "escape", "check")
CONTINUATION = {
    "\\": re.compile(r"(?:(?<=[^\\])|\A)\\[ \t]*\Z"),
    "`": re.compile(r"(?:(?<=[^`])|\A)`[ \t]*\Z"),
}
# bufio.MaxScanTokenSize, newline included; the message names one less, as BuildKit's does.
LONGEST_LINE = 65_536


class LogicalLine(NamedTuple):
    """The lines of one instruction without its heredocs, and their code joined."""

    lines: tuple[Line, ...]
    code: SourceMap


class LineReader:
    """Reads a file's lines once, front to back; the parser asks for a logical line, then for its heredoc bodies."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.escape = "\\"
        self.directives: list[Directive] = []
        self.lines: list[Line] = []
        self._in_directives = True
        self._spans = _line_spans(source.text)

    def logical_line(self) -> LogicalLine | None:
        """The next instruction's lines, or None at the end of the file. Raises ParseError."""
        for span in self._spans:
            text = _content(span, self.source.text).lstrip(GO_SPACE)
            if self._reads_directive(text, span) or text[:1] in ("", "#"):
                continue
            first = self._add(span, LineKind.CODE)
            stop = span.start + len(self.source.text[span.start : span.end].rstrip("\r\n"))
            code = Span(stop - len(text), stop)
            return self._continued(first, code)
        return None

    def heredoc_body(self, name: str, *, chomp: bool, start: Line) -> tuple[Span, Line]:
        """Read up to the line that is `name`: the body's span and that line. Raises ParseError at the file's end."""
        first = None
        for span in self._spans:
            first = span.start if first is None else first
            end = span.of(self.source.text).rstrip("\r\n")
            if (end.lstrip("\t") if chomp else end) == name:
                return Span(first, span.start), self._add(span, LineKind.TERMINATOR)
            self._add(span, LineKind.HEREDOC)
        raise ParseError("unterminated heredoc: no line is just the word after its <<", start.number)

    def _add(self, span: Span, kind: LineKind) -> Line:
        line = Line(len(self.lines) + 1, span, kind)
        if len(span) * 4 >= LONGEST_LINE and _bytes_to_scan(span.of(self.source.text)) > LONGEST_LINE:
            raise ParseError(f"line is longer than the {LONGEST_LINE - 1} bytes that BuildKit takes", line.number)
        self.lines.append(line)
        return line

    def _reads_directive(self, text: str, span: Span) -> bool:
        """Note a directive, comment or blank line that stands between instructions; say whether it was a directive."""
        match = DIRECTIVE.match(text) if self._in_directives else None
        name = match[1].lower() if match else ""
        if match and name in DIRECTIVE_NAMES:
            value = match[2].rstrip(REGEX_SPACE) or match[2]
            self._set_directive(Directive(self._add(span, LineKind.DIRECTIVE), name, value))
            return True
        self._in_directives = False
        if not text:
            self._add(span, LineKind.BLANK)
        elif text.startswith("#"):
            self._add(span, LineKind.COMMENT)
        return False

    def _set_directive(self, directive: Directive) -> None:
        if any(directive.name == seen.name for seen in self.directives):
            raise ParseError(f"only one {directive.name} parser directive can be used", directive.line.number)
        self.directives.append(directive)
        if directive.name == "escape":
            if directive.value not in CONTINUATION:
                raise ParseError("invalid escape token: it must be ` or \\", directive.line.number)
            self.escape = directive.value

    def _continued(self, first: Line, code: Span) -> LogicalLine:
        lines, pieces = [first], []
        code, continues = self._without_continuation(code)
        pieces.append(code)
        while continues and (span := next(self._spans, None)):
            text = _content(span, self.source.text)
            if text.lstrip(GO_SPACE)[:1] in ("", "#"):
                kind = LineKind.COMMENT if text.strip(GO_SPACE) else LineKind.BLANK
                lines.append(self._add(span, kind))
                continue
            lines.append(self._add(span, LineKind.CODE))
            code, continues = self._without_continuation(Span(span.start, span.start + len(text)))
            pieces.append(code)
        return LogicalLine(tuple(lines), SourceMap.join(self.source.text, pieces))

    def _without_continuation(self, code: Span) -> tuple[Span, bool]:
        match = CONTINUATION[self.escape].search(code.of(self.source.text))
        return (Span(code.start, code.start + match.start()), True) if match else (code, False)


def _line_spans(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield Span(start, end)
        start = end


def _content(span: Span, text: str) -> str:
    """A line without its newline and, on the first one, without its BOM."""
    content = span.of(text).rstrip("\r\n")
    return content.removeprefix(BOM) if span.start == 0 else content


def _bytes_to_scan(line: str) -> int:
    """How much of its buffer the scanner needs: without a newline, one byte more to see that the file ends."""
    return len(line.encode("utf-8", "surrogateescape")) + (not line.endswith("\n"))
