"""Words and variables as the builder reads them (frontend/dockerfile/shell/lex.go); nothing is ever expanded.

RUN text is not its business: a shell reads that. It serves FROM, COPY, ENV, ARG defaults and heredoc words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from codemod.dockerfile.lines import BOM, GO_SPACE

END = ""
MODIFIERS = "+-?#%"
PATTERNS = "#%"
SPECIAL_PARAMETERS = "@*#?-$!0"
HEREDOC_SPACE = " \t\r\n"
# text/scanner reads the text: it skips a byte order mark at its start, and bytes that are not UTF-8 become U+FFFD.
NOT_UTF8 = re.compile("[\ud800-\udfff]")
SPACES = re.compile(f"[{GO_SPACE}]+")
# a run of characters that mean nothing by themselves, anywhere
NOT_SPECIAL = {escape: re.compile(rf"""[^$'"<}}/{re.escape(escape)}]+""") for escape in "\\`"}
# BuildKit knows no limit; ours keeps a text that only nests from exhausting the stack.
DEEPEST = 100


class LexError(Exception):
    """Text that BuildKit's lexer turns down."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`$name` or `${name<operator><operand>}`; `operator` is empty without a modifier, `nested` stands in an operand."""

    name: str
    operator: str
    operand: str = field(repr=False)
    nested: bool


@dataclass(frozen=True, slots=True)
class Lexed:
    """A text without its quotes: literal pieces and references in order, all references, and the words it splits into."""

    pieces: tuple[str | Reference, ...] = field(repr=False)
    references: tuple[Reference, ...]
    words: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mode:
    """How the lexer is set: shell.Lex's RawQuotes, RawEscapes, SkipProcessQuotes and SkipUnsetEnv.

    With `skip_unset` a reference stays what it is, so a modifier that does not exist is no error.
    """

    quotes: bool = True
    raw: bool = False
    raw_escapes: bool = False
    skip_unset: bool = False


def lex(text: str, escape: str, *, quotes: bool = True) -> Lexed:
    """Read `text` as the builder would. Raises LexError.

    `quotes=False` takes quotes for plain characters, as in the body of a COPY heredoc.
    """
    return lex_as(text, escape, Mode(quotes=quotes))


def lex_as(text: str, escape: str, mode: Mode) -> Lexed:
    """Read `text` in a given mode. Raises LexError."""
    lexer = _Lexer(NOT_UTF8.sub("\ufffd", text.removeprefix(BOM)), escape, mode)
    lexer.until(END)
    return Lexed(tuple(_merged(lexer.pieces)), tuple(lexer.references), lexer.words.all())


def _merged(pieces: list[str | Reference]) -> list[str | Reference]:
    merged: list[str | Reference] = []
    literal: list[str] = []
    for piece in (*pieces, None):
        if isinstance(piece, str):
            literal.append(piece)
            continue
        if any(literal):
            merged.append("".join(literal))
        literal = []
        if piece:
            merged.append(piece)
    return merged


class _Words:
    """Collects words the way wordsStruct does: only characters added one by one can end a word."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.parts: list[str] = []

    def split(self, text: str) -> None:
        first, *more = SPACES.split(text)
        self.parts.append(first)
        for part in more:
            self._end()
            self.parts.append(part)

    def keep(self, text: str) -> None:
        self.parts.append(text)

    def lose(self) -> None:
        """Forget the word that is being read; those before it stay."""
        self.parts.clear()

    def _end(self) -> None:
        if any(self.parts):
            self.done.append("".join(self.parts))
        self.parts.clear()

    def all(self) -> tuple[str, ...]:
        self._end()
        return tuple(self.done)


class _Lexer:
    def __init__(self, text: str, escape: str, mode: Mode) -> None:
        self.text, self.escape, self.mode, self.position = text, escape, mode, 0
        self.raw_escapes = mode.raw_escapes
        self.pieces: list[str | Reference] = []
        self.references: list[Reference] = []
        self.words = _Words()
        self.depth = 0

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def next(self) -> str:
        character = self.peek()
        self.position += 1
        return character

    def until(self, stop: str) -> str:
        """Read up to `stop`, which is consumed (END: the whole text); what was read, as BuildKit's result has it."""
        result: list[str] = []
        while character := self.peek():
            if character == stop:
                self.next()
                return "".join(result)
            result.append(self._token(character))
        if stop != END:
            raise LexError(f"no {stop} ends a substitution")
        return "".join(result)

    def _token(self, character: str) -> str:
        if character == "$":
            return self._top(self._dollar(), split=True)
        if character in "'\"" and self.mode.quotes:
            return self._top(self._single() if character == "'" else self._double(), split=False)
        if character == "<":
            return self._top(self._possible_heredoc(), split=False)
        return self._escaped() if character == self.escape else self._plain()

    def _top(self, text: str, *, split: bool) -> str:
        """Note what stands outside of every operand; a reference inside has noted itself."""
        if self.depth == 0:
            (self.words.split if split else self.words.keep)(text)
        return text

    def _literal(self, text: str) -> str:
        if self.depth == 0:
            self.pieces.append(text)
        return text

    def _plain(self) -> str:
        run = NOT_SPECIAL[self.escape].match(self.text, self.position)
        text = run[0] if run else self.peek()
        self.position += len(text)
        return self._top(self._literal(text), split=True)

    def _escaped(self) -> str:
        kept = self.next() if self.raw_escapes else self.next()[1:]
        return self._top(self._literal(kept + self.next()), split=False)

    def _possible_heredoc(self) -> str:
        start = self.position
        self.next()
        if self.peek() == "<":
            self.next()
            while self.peek() and self.peek() in HEREDOC_SPACE:
                self.next()
        return self._literal(self.text[start : self.position])

    def _single(self) -> str:
        end = self.text.find("'", self.position + 1)
        if end < 0:
            raise LexError("a single quote is not closed")
        inner = self.text[self.position + 1 : end]
        self.position = end + 1
        return self._literal(f"'{inner}'" if self.mode.raw else inner)

    def _double(self) -> str:
        result = [self._quote()]
        while (character := self.peek()) != '"':
            if character == END:
                raise LexError("a double quote is not closed")
            result.append(self._dollar() if character == "$" else self._in_double())
        return "".join((*result, self._quote()))

    def _quote(self) -> str:
        return self._literal(self.next() if self.mode.raw else self.next()[1:])

    def _in_double(self) -> str:
        character = self.next()
        kept = ""
        if character == self.escape:
            kept = character if self.raw_escapes else ""
            if self.peek() == END:
                return self._literal(kept)
            if self.peek() in ('"', "$", self.escape):
                character = self.next()
        return self._literal(kept + character)

    def _dollar(self) -> str:
        self.next()
        if self.peek() != "{":
            name = self._name()
            return self._reference(Reference(name, "", "", self.depth > 0), "$" + name) if name else self._literal("$")
        self.next()
        if self.peek() in (END, "{", "}", ":"):
            raise LexError("bad substitution")
        name = self._name()
        operator = self.next()
        if operator == "}":
            return self._reference(Reference(name, "", "", self.depth > 0), f"${{{name}}}")
        if self.depth == DEEPEST:
            raise LexError("substitutions are nested too deeply")
        # The operand is read into the same buffer (shellWord.wordsBuffer), which forgets what the word had so far.
        self.words.lose()
        self.depth += 1
        operator, operand, text = self._replacement() if operator == "/" else self._modifier(operator)
        self.depth -= 1
        return self._reference(Reference(name, operator, operand, self.depth > 0), f"${{{name}{text}}}")

    def _replacement(self) -> tuple[str, str, str]:
        """`/pattern/by` or `//pattern/by`: the operator, its operand as written, and both as BuildKit gives them back."""
        start = self.position
        self.position += self.peek() == "/"
        pattern = self._operand("/", raw_escapes=True)
        by = self._operand("}", raw_escapes=True)
        return "/", self.text[start : self.position - 1], f"/{pattern}/{by}"

    def _modifier(self, operator: str) -> tuple[str, str, str]:
        if operator == ":":
            operator += self.next()
            if operator[1:] in PATTERNS or not (self.mode.skip_unset or operator[1:] in MODIFIERS):
                raise LexError(f"unsupported modifier {operator!r}")
        elif operator == END or operator not in MODIFIERS:
            raise LexError(f"unsupported modifier {operator!r}")
        operand = self._operand("}", raw_escapes=operator in PATTERNS)
        return operator, operand, operator + operand

    def _operand(self, stop: str, *, raw_escapes: bool) -> str:
        before, self.raw_escapes = self.raw_escapes, raw_escapes
        result = self.until(stop)
        self.raw_escapes = before
        return result

    def _reference(self, reference: Reference, text: str) -> str:
        self.references.append(reference)
        if self.depth == 0:
            self.pieces.append(reference)
        return text

    def _name(self) -> str:
        # unicode.IsDigit and IsLetter are str.isdecimal and isalpha: str.isalnum has more, "²" for one
        start = self.position
        if self.peek().isdecimal():
            while self.peek().isdecimal():
                self.next()
        elif self.peek() and self.peek() in SPECIAL_PARAMETERS:
            self.next()
        else:
            while self.peek().isalpha() or self.peek().isdecimal() or self.peek() == "_":
                self.next()
        return self.text[start : self.position]
