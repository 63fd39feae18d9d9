"""Words of ARG, ENV, USER and mount options, expanded as BuildKit's builder does (frontend/dockerfile/shell/lex.go)."""

from __future__ import annotations

import re
from collections.abc import Mapping

NAME = re.compile(r"[A-Za-z_]\w*")
MODIFIER = re.compile(r":?[-+?]")


class NotModelledError(Exception):
    """The harness would have to guess; a shape that needs it must be left out, never passed over."""


def expand(word: str, env: Mapping[str, str], escape: str) -> str:
    """Quotes taken off, variables put in."""
    return _Scanner(word, env, escape).until("")


class _Scanner:
    """One pass over one word."""

    def __init__(self, word: str, env: Mapping[str, str], escape: str) -> None:
        self.word, self.env, self.escape, self.at = word, env, escape, 0

    def until(self, end: str) -> str:
        """Everything up to an unquoted `end`, which is consumed."""
        out: list[str] = []
        while self.at < len(self.word):
            char = self.word[self.at]
            if char == end:
                self.at += 1
                return "".join(out)
            out.append(self._piece(char))
        if end:
            raise NotModelledError(f"no {end} in {self.word!r}")
        return "".join(out)

    def _piece(self, char: str) -> str:
        self.at += 1
        if char == "'":
            return self._single_quoted()
        if char == '"':
            return self._double_quoted()
        if char == self.escape:
            self.at += 1
            return self.word[self.at - 1 : self.at]
        return self._variable() if char == "$" else char

    def _single_quoted(self) -> str:
        start, self.at = self.at, self.word.index("'", self.at) + 1
        return self.word[start : self.at - 1]

    def _double_quoted(self) -> str:
        out: list[str] = []
        while (char := self.word[self.at]) != '"':
            self.at += 1
            if char == self.escape and self.word[self.at] in f'"${self.escape}':
                char, self.at = self.word[self.at], self.at + 1
            elif char == "$":
                char = self._variable()
            out.append(char)
        self.at += 1
        return "".join(out)

    def _variable(self) -> str:
        if bare := NAME.match(self.word, self.at):
            self.at = bare.end()
            return self.env.get(bare[0], "")
        if not self.word.startswith("{", self.at):
            return "$"
        name = NAME.match(self.word, self.at + 1)
        if not name:
            raise NotModelledError(self.word)
        self.at = name.end()
        return self._braced(self.env.get(name[0]))

    def _braced(self, value: str | None) -> str:
        modifier = MODIFIER.match(self.word, self.at)
        self.at = modifier.end() if modifier else self.at
        there = bool(value) if modifier and modifier[0][0] == ":" else value is not None
        other = self.until("}")
        if not modifier and other:
            raise NotModelledError(self.word)
        kind = modifier[0][-1] if modifier else ""
        if kind == "?" and not there:
            raise NotModelledError(f"{self.word!r} ends the build in the builder")
        if kind == "+":
            return other if there else ""
        return (value or "") if there or kind != "-" else other
