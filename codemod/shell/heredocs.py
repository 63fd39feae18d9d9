"""Where the heredocs and here-strings of a shell text are, and the text without them, for a grammar that often fails at them.

A reader of quotes, comments and substitutions only: just enough to know which `<<` is an operator, and which newline ends its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from codemod.text import Span

DULL = re.compile(r"[^\\'\"$`#<>()\nce]+")
DULL_IN_QUOTES = re.compile(r"[^\\'\"$`}]+")
BLANKS = re.compile(r"(?:[ \t]|\\\n)*")
CASE = re.compile(r"case\s[^\n;]*?\sin\b")
ESAC = re.compile(r"esac\b")
ANSI_C = re.compile(r"(?:[^'\\]|\\.)*'?", re.DOTALL)
BACKTICKED = re.compile(r"(?:[^`\\]|\\.)*", re.DOTALL)
DELIMITER = re.compile(
    r"""'(?P<single>[^']*)'|"(?P<double>[^"\\$`]*)"|\\(?P<escaped>.)|(?P<plain>[^ \t\n;&|<>()'"\\])""",
    re.DOTALL,
)
WORD_END = " \t\n;&|<>()"


@dataclass(frozen=True, slots=True)
class Heredoc:
    """One heredoc: `operator` has `<<` and the delimiter, `body` is followed by the line of the terminator, up to `end`."""

    operator: Span
    dash: bool
    quoted: bool
    body: Span
    end: int

    def shifted(self, by: int) -> Heredoc:
        """The same, `by` characters further on."""
        return Heredoc(self.operator.shifted(by), self.dash, self.quoted, self.body.shifted(by), self.end + by)


@dataclass(frozen=True, slots=True)
class Found:
    """What a text has of them. `content` is as long as the text: without bodies, and with `<` for each operator.

    `sure` is false where shells differ, or where one would not take it.
    """

    heredocs: tuple[Heredoc, ...]
    strings: tuple[int, ...]
    content: str = field(repr=False)
    sure: bool


def find(text: str) -> Found:
    """The heredocs and here-strings of a shell text."""
    if "<<" not in text:
        return Found((), (), text, sure=True)
    scanner = _Scanner(text)
    scanner.commands()
    return scanner.result()


def find_in_body(body: str) -> Found:
    """Those of the substitutions in the body of a heredoc; `content` is good to stand in double quotes."""
    scanner = _Scanner(body)
    scanner.body()
    return scanner.result()


@dataclass(frozen=True, slots=True)
class _Pending:
    """An operator whose body comes behind the line."""

    operator: Span
    name: str = field(repr=False)
    dash: bool
    quoted: bool


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.end = text, 0, len(text)
        self.pending: list[_Pending] = []
        self.waiting = False
        self.heredocs: list[Heredoc] = []
        self.strings: list[int] = []
        self.plain_quotes: list[int] = []
        self.sure = True

    def result(self) -> Found:
        pieces = list(self.text)
        for place in self.plain_quotes:
            pieces[place] = "."
        for place in self.strings:
            pieces[place : place + 3] = "<  "
        for heredoc in self.heredocs:
            start, length = heredoc.operator.start, len(heredoc.operator)
            pieces[start : start + length] = "< " + "x" * (length - 2)
            pieces[heredoc.body.start : heredoc.end] = " " * (heredoc.end - heredoc.body.start)
        return Found(tuple(self.heredocs), tuple(self.strings), "".join(pieces), self.sure)

    def commands(self, closer: str = "") -> None:
        """Go on to behind `closer`, or to the end."""
        cases = 0
        while self.at < self.end:
            character = self.text[self.at]
            if character == ")" and closer and not cases:
                self.at += 1
                return
            if character in "ce" and self._at_word():
                cases += self._case(cases)
            else:
                self._step(character)
        self.sure = self.sure and not closer
        self._bodies()

    def _step(self, character: str) -> None:
        text, at = self.text, self.at
        if character == "#" and self._at_word():
            self._skip_to("\n")
        elif text.startswith("<<<", at):
            self.strings.append(at)
            self.at += 3
        elif text.startswith("<<", at):
            self._operator()
        elif text.startswith(("<(", ">("), at):
            self._substitution(2)
        elif text.startswith("((", at) and self._is_arithmetic(at + 2):
            self.at = self._closing(at + 2) + 2
            self.sure = self.sure and "<<" not in text[at : self.at]  # to dash, these are subshells
        elif character == "(":
            self.at += 1
            self.commands(")")
        elif character == "\n":
            self.at += 1
            self.sure = self.sure and not self.waiting
            self._bodies()
        elif not self._quote(character):
            dull = DULL.match(text, at + 1, self.end)
            self.at = dull.end() if dull else at + 1

    def _at_word(self) -> bool:
        before = self.at
        while self.text.endswith("\\\n", 0, before):
            before -= 2
        return before == 0 or self.text[before - 1] in WORD_END + "`"

    def _case(self, cases: int) -> int:
        """Whether a `case` begins here, with patterns that have a `)` of their own, or one ends."""
        begins = CASE.match(self.text, self.at, self.end) is not None
        ends = cases > 0 and ESAC.match(self.text, self.at, self.end) is not None
        self.at += 4 if begins or ends else 1
        return begins - ends

    def _skip_to(self, character: str) -> None:
        place = self.text.find(character, self.at, self.end)
        self.at = self.end if place < 0 else place

    def _quote(self, character: str) -> bool:
        """Go over what begins here and is quoted or substituted, if anything is."""
        if character == "\\":
            self.at += 2
        elif character == "'":
            self.at += 1
            self._skip_to("'")
            self.at += 1
        elif character == '"':
            self.at += 1
            self._double('"')
        elif character in "$`":
            self._dollar(quoted=False)
        else:
            return False
        return True

    def _double(self, closer: str, *, single: bool = False, plain: bool = False) -> None:
        """Go on to behind `closer`; in between, `single` quotes count or not, and double ones may be `plain`."""
        while self.at < self.end:
            character = self.text[self.at]
            if character == closer:
                self.at += 1
                return
            if plain and character == '"':
                self.plain_quotes.append(self.at)
                self.at += 1
            elif plain and self.text.startswith("\\`", self.at):  # which the grammar takes for a quote
                self.plain_quotes += (self.at, self.at + 1)
                self.at += 2
            elif character in "$`":
                self._dollar(quoted=not single, plain=plain)
            elif character in ('\\"' + "'" * single):
                self._quote(character)
            else:
                dull = DULL_IN_QUOTES.match(self.text, self.at + 1, self.end)
                self.at = dull.end() if dull else self.at + 1

    def body(self) -> None:
        """Go through a body, where quotes are letters."""
        self._double("", plain=True)

    def _dollar(self, *, quoted: bool, plain: bool = False) -> None:
        text, at = self.text, self.at
        if text[at] == "`":
            self._backticks()
        elif text.startswith("$((", at) and self._is_arithmetic(at + 3):
            self.at = self._closing(at + 3) + 2
        elif text.startswith("$(", at):
            self._substitution(2)
        elif text.startswith("${", at):
            self.at += 2
            self._double("}", single=not quoted, plain=plain)
        elif text.startswith("$'", at) and not quoted:
            self.at = _end(ANSI_C, text, at + 2, self.end)
        else:
            self.at += 1

    def _substitution(self, opening: int) -> None:
        """Go behind `$(…)`; what is pending outside waits for a newline outside."""
        outer, waited = self.pending, self.waiting
        self.pending, self.waiting = [], bool(outer) or waited
        self.at += opening
        self.commands(")")
        self.sure = self.sure and not self.pending  # its body stands behind the end
        self.pending, self.waiting = outer, waited

    def _backticks(self) -> None:
        """The text between them is cut out first, then read: nothing in it is seen behind the end."""
        start = self.at + 1
        close = _end(BACKTICKED, self.text, start, self.end)
        if "<<" in self.text[start:close]:
            self.sure = self.sure and "\\" not in self.text[start:close]
            outer, waited, end = self.pending, self.waiting, self.end
            self.pending, self.waiting, self.at, self.end = [], bool(outer) or waited, start, close
            self.commands()
            self.pending, self.waiting, self.end = outer, waited, end
        self.at = close + 1

    def _closing(self, start: int) -> int:
        """Where the parenthesis ends that was opened just before `start`."""
        depth = 0
        for place in range(start, self.end):
            character = self.text[place]
            if character == ")" and depth == 0:
                return place
            depth += (character == "(") - (character == ")")
        return self.end

    def _is_arithmetic(self, start: int) -> bool:
        return self.text.startswith("))", self._closing(start))

    def _operator(self) -> None:
        start, text = self.at, self.text
        dash = text.startswith("-", start + 2)
        self.at = _end(BLANKS, text, start + 2 + dash, self.end)
        name, quoted = self._delimiter()
        self.sure = self.sure and (bool(name) or quoted) and "\n" not in name
        if self.at > start + 2:  # enough for the `< x` that stands in its place
            self.pending.append(_Pending(Span(start, self.at), name, dash, quoted))

    def _delimiter(self) -> tuple[str, bool]:
        """The word behind `<<`, quotes gone, and whether it had any."""
        name, quoted = "", False
        while (part := DELIMITER.match(self.text, self.at, self.end)) is not None:
            quoted = quoted or part["plain"] is None
            name += next(piece for piece in part.groups() if piece is not None)
            self.at = part.end()
        # what is left in the middle of a word, or a substitution in it: shells differ
        ended = self.at == self.end or self.text[self.at] in " \t\n;&|<>)"
        self.sure = self.sure and ended and "`" not in name and not re.search(r"\$[({'\"]", name)
        return name, quoted

    def _bodies(self) -> None:
        self.at = min(self.at, self.end)
        for pending in self.pending:
            body, end = self._body_of(pending)
            self.heredocs.append(Heredoc(pending.operator, pending.dash, pending.quoted, body, end))
        self.pending = []

    def _body_of(self, pending: _Pending) -> tuple[Span, int]:
        start = self.at
        while self.at < self.end:
            line_start, line = self.at, self._line(joined=not pending.quoted)
            if (line.lstrip("\t") if pending.dash else line) == pending.name:
                return Span(start, line_start), self.at
        return Span(start, self.end), self.end

    def _line(self, *, joined: bool) -> str:
        """The next line; a backslash at its end continues it where the delimiter is not quoted."""
        line = ""
        while self.at < self.end:
            place = self.text.find("\n", self.at, self.end)
            stop = self.end if place < 0 else place
            line += self.text[self.at : stop]
            self.at = min(stop + 1, self.end)
            if not joined or (len(line) - len(line.rstrip("\\"))) % 2 == 0:
                break
            line = line[:-1]
        return line


def _end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where what `pattern` takes ends; it may take nothing."""
    match = pattern.match(text, start, end)
    return match.end() if match else start
