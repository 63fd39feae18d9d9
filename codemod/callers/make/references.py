"""What make puts into a text before a shell or a rule sees it: `$(NAME)`, `${NAME}`, `$@`; and `$$`, which is one `$`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.text import Source, Span

# A file is read with these in place of make's `$`, and of the second one of `$$`: then a `$` is the shell's, each character stays
# where it was, and what a shell reader makes of it can be written back. They are no characters, so no text has them.
MAKES = "\ufdd0"
SKIPPED = "\ufdd1"
DOLLAR = re.compile(r"\$(\$?)")
CLOSING = {"(": ")", "{": "}"}
IF = re.compile(rf"{MAKES}([({{])if\s")
SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FUNCTION = re.compile(r"[\w-]+[ \t]")
CALL = re.compile(r"call\s+([^,]*)")
# `$(NAMES:%=--build-arg %)`
SUBSTITUTION = re.compile(r"([^:\s]+):(?=[^=]*=)")


@dataclass(frozen=True, slots=True)
class Reference:
    """`$(…)` or `$X` at `span` of a text; `name` is what stands between the brackets: a name, or a function with all it is given."""

    span: Span
    name: str

    @property
    def is_variable(self) -> bool:
        """Whether it is one whose name a shell's variable could have too."""
        return SIMPLE.fullmatch(self.name) is not None

    @property
    def asked(self) -> str:
        """The variable whose value it asks for; none for a function, but for the one that calls a macro."""
        if FUNCTION.match(self.name):
            return match[1].strip() if (match := CALL.match(self.name)) else ""
        return match[1] if (match := SUBSTITUTION.match(self.name)) else self.name

    @property
    def given(self) -> str:
        """What a function is given, behind its name, or what is put around the words of a variable."""
        if FUNCTION.match(self.name):
            return self.name
        return self.name.partition("=")[2] if SUBSTITUTION.match(self.name) else ""


def marked(source: Source) -> Source | None:
    """The same file with MAKES and SKIPPED for make's own; None where it has one of them already."""
    if MAKES in source.text or SKIPPED in source.text:
        return None
    return Source(source.path, DOLLAR.sub(lambda match: f"${SKIPPED}" if match[1] else MAKES, source.text))


def unmarked(text: str) -> str:
    """A text as a makefile has to have it: a `$` of the shell's is doubled."""
    return text.replace(SKIPPED, "").replace("$", "$$").replace(MAKES, "$")


def references(text: str) -> Iterator[Reference]:
    """The references of a marked text, without those inside of others."""
    position = text.find(MAKES)
    while position >= 0:
        end = reference_end(text, position + 1)
        bracketed = text[position + 1 : position + 2] in CLOSING
        yield Reference(Span(position, end), text[position + 2 : end - 1] if bracketed else text[position + 1 : end])
        position = text.find(MAKES, end)


def choices(text: str, reference: Reference) -> tuple[Span, ...]:
    """What an `$(if …)` may put in, as spans of the marked text; none where the reference is nothing of that kind."""
    match = IF.match(text, reference.span.start)
    if match is None:
        return ()
    opening, start, depth = match[1], match.end(), 0
    found: list[Span] = []
    for index in range(start, reference.span.end - 1):
        depth += (text[index] == opening) - (text[index] == CLOSING[opening])
        if text[index] == "," and not depth and len(found) < 2:  # noqa: PLR2004  (the condition, and what holds then)
            found.append(Span(start, index))
            start = index + 1
    return (*found[1:], Span(start, reference.span.end - 1)) if found else ()


def reference_end(text: str, start: int) -> int:
    """Where the reference ends whose `$` is in front of `start`; make counts brackets of the one kind that it began with."""
    opening = text[start : start + 1]
    depth = 0
    for index in range(start, len(text)) if opening in CLOSING else ():
        depth += (text[index] == opening) - (text[index] == CLOSING[opening])
        if not depth:
            return index + 1
    return len(text) if opening in CLOSING else min(start + 1, len(text))
