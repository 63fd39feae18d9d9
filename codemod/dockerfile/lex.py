"""Words and variables as the builder reads them (frontend/dockerfile/shell/lex.go); nothing is ever expanded.

RUN text is not its business: a shell reads that. It serves FROM, COPY, ENV, ARG defaults and heredoc words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from codemod.dockerfile.lines import GO_SPACE

END = ""
MODIFIERS = "+-?#%"
SPECIAL_PARAMETERS = "@*#?-$!0"


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


def lex(text: str, escape: str, *, quotes: bool = True, raw: bool = False, raw_escapes: bool = False) -> Lexed:
    """Read `text` as the builder would. Raises LexError.

    `quotes=False` takes quotes for plain characters, as in the body of a COPY heredoc;
    `raw` keeps quotes and `raw_escapes` keeps escape characters in what comes out (RawQuotes, RawEscapes).
    """
    lexer = _Lexer(text, escape, quotes=quotes, raw=raw, raw_escapes=raw_escapes)
    lexer.until(END)
    return Lexed(tuple(_merged(lexer.pieces)), tuple(lexer.references), lexer.words.all())


def _merged(pieces: list[str | Reference]) -> list[str | Reference]:
    merged: list[str | Reference] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece:
            merged.append(piece)
    return merged


class _Words:
    """Collects words the way wordsStruct does: only characters added one by one can end a word."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.word = ""

    def split(self, text: str) -> None:
        for character in text:
            if character not in GO_SPACE:
                self.word += character
            elif self.word:
                self.done.append(self.word)
                self.word = ""

    def keep(self, text: str) -> None:
        self.word += text

    def all(self) -> tuple[str, ...]:
        return (*self.done, self.word) if self.word else tuple(self.done)


class _Lexer:
    def __init__(self, text: str, escape: str, *, quotes: bool, raw: bool, raw_escapes: bool) -> None:
        self.text, self.escape, self.position = text, escape, 0
        self.quotes, self.raw, self.raw_escapes = quotes, raw, raw_escapes
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
        result = ""
        while character := self.peek():
            if character == stop:
                self.next()
                return result
            if character == "$":
                result += self._top(self._dollar(), split=True)
            elif character in "'\"" and self.quotes:
                result += self._top(self._single() if character == "'" else self._double(), split=False)
            elif character == "<":
                result += self._top(self._possible_heredoc(), split=False)
            else:
                result += self._plain()
        if stop != END:
            raise LexError(f"no {stop} ends a substitution")
        return result

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
        character = self.next()
        if character != self.escape:
            return self._top(self._literal(character), split=True)
        kept = character if self.raw_escapes else ""
        return self._top(self._literal(kept + self.next()), split=False)

    def _possible_heredoc(self) -> str:
        start = self.position
        self.next()
        if self.peek() == "<":
            self.next()
            while self.peek() and self.peek() in " \t\r\n":
                self.next()
        return self._literal(self.text[start : self.position])

    def _single(self) -> str:
        end = self.text.find("'", self.position + 1)
        if end < 0:
            raise LexError("a single quote is not closed")
        inner = self.text[self.position + 1 : end]
        self.position = end + 1
        return self._literal(f"'{inner}'" if self.raw else inner)

    def _double(self) -> str:
        result = self._quote()
        while (character := self.peek()) != '"':
            if character == END:
                raise LexError("a double quote is not closed")
            result += self._dollar() if character == "$" else self._in_double()
        return result + self._quote()

    def _quote(self) -> str:
        return self._literal(self.next() if self.raw else self.next()[1:])

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
            return self._reference(name, "", "", "$" + name) if name else self._literal("$")
        self.next()
        if self.peek() in (END, "{", "}", ":"):
            raise LexError("bad substitution")
        name = self._name()
        operator = self.next()
        if operator == "}":
            return self._reference(name, "", "", f"${{{name}}}")
        operand = self._operand(operator)
        if operator == ":":
            operator, operand = operator + operand[:1], operand[1:]
        return self._reference(name, operator, operand, f"${{{name}{operator}{operand}}}")

    def _operand(self, operator: str) -> str:
        self.depth += 1
        if operator == "/":
            start = self.position
            self.position += self.peek() == "/"
            self._raw_until("/")
            self._raw_until("}")
            operand = self.text[start : self.position - 1]
        elif operator == ":":
            modifier = self.next()
            operand = modifier + (self._raw_until("}") if modifier in "#%" else self.until("}"))
        elif operator and operator in MODIFIERS:
            operand = self._raw_until("}") if operator in "#%" else self.until("}")
        else:
            raise LexError(f"unsupported modifier {operator!r}")
        self.depth -= 1
        return operand

    def _raw_until(self, stop: str) -> str:
        before, self.raw_escapes = self.raw_escapes, True
        result = self.until(stop)
        self.raw_escapes = before
        return result

    def _reference(self, name: str, operator: str, operand: str, text: str) -> str:
        reference = Reference(name, operator, operand, nested=self.depth > 0)
        self.references.append(reference)
        if self.depth == 0:
            self.pieces.append(reference)
        return text

    def _name(self) -> str:
        start = self.position
        if self.peek().isdigit():
            while self.peek().isdigit():
                self.next()
        elif self.peek() and self.peek() in SPECIAL_PARAMETERS:
            self.next()
        else:
            while self.peek().isalnum() or self.peek() == "_":
                self.next()
        return self.text[start : self.position]
