"""What stops the reading of a Dockerfile."""

from __future__ import annotations


class ParseError(Exception):
    """BuildKit would not take this file; `line` counts from 1, and the message never quotes it: it may hold a secret."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line

    def __reduce__(self) -> tuple[type[ParseError], tuple[str, int]]:
        return ParseError, (self.message, self.line)
