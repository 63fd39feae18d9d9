"""Tiltfiles: `docker_build(…)`, and the commands of their strings. Starlark is Python as far as they go."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from posixpath import dirname

from codemod.callers.call import ID, Call, NotUnderstoodError, Passed, Tree
from codemod.callers.covered import Covered
from codemod.callers.credentials import credential
from codemod.callers.places import places
from codemod.callers.reported.command_texts import Around, call_of, calls_in
from codemod.callers.reported.strings import program
from codemod.callers.suggestions import variable
from codemod.callers.unknown import rest
from codemod.text import Source, Span

KIND, COMMAND = "image of Tilt", "command of Tilt"
OBSTACLE, WHY = "docker_build takes secrets in an argument of their own", "it is a string of Starlark"
BUILDS = ("docker_build", "docker_build_with_restart")
PARAMETERS = ("ref", "context", "build_args", "dockerfile")
# as many characters for its parser, which counts bytes, and takes a lone CR for a line end
NOT_ASCII, LONE_RETURN = re.compile(r"[^\x00-\x7f]"), re.compile(r"\r(?!\n)")
SECRET = re.compile(r"(?:.*,)?id=([^,]+)")


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The builds of a Tiltfile. Raises NotUnderstoodError."""
    reader = _Reader(source)
    found = [reader.call(node) for node in ast.walk(reader.module) if isinstance(node, ast.Call) and _name(node.func) in BUILDS]
    known = Covered(call.span for call in found)
    around = Around(COMMAND, (reader.folder,), WHY)
    script = program(source.text, hashes=True)
    found += [call for words in script.lists() if not known.touches(words[0].span) for call in call_of(words, source, around)]
    known = Covered(call.span for call in found)
    for string in script.strings:
        if not known.touches(string.span):
            found += calls_in(string.text, source, around)
    return tuple(sorted((*found, *rest(Source(source.path, script.uncommented), found, COMMAND, WHY)), key=lambda call: call.span))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr | None) -> str | None:
    """A text that stands there; None where it is nothing, or computed."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


class _Reader:
    """Reads the calls of a Tiltfile."""

    def __init__(self, source: Source) -> None:
        self.source, self.folder = source, dirname(source.path.as_posix()) or "."
        self.shift = 1 if source.text.startswith("\ufeff") else 0
        try:
            self.module = ast.parse(LONE_RETURN.sub(" ", NOT_ASCII.sub("x", source.text[self.shift :])))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise NotUnderstoodError(getattr(error, "lineno", None) or 1, "is not Starlark that can be read") from None
        self.assigned = {
            _name(target): node.value for node in ast.walk(self.module) if isinstance(node, ast.Assign) for target in node.targets
        }

    def span(self, first: ast.expr | ast.keyword, last: ast.expr) -> Span:
        """The file's part from the start of one expression to the end of another."""
        return Span(self.offset(first.lineno, first.col_offset), self.offset(last.end_lineno or 1, last.end_col_offset or 0))

    def offset(self, line: int, column: int) -> int:
        """The offset of a place as the parser has it: without a BOM."""
        return self.source.line_span(line).start + column + (self.shift if line == 1 else 0)

    def call(self, node: ast.Call) -> Call:
        """The build of `docker_build(…)`."""
        given = dict(zip(PARAMETERS, node.args, strict=False)) | {word.arg: word.value for word in node.keywords if word.arg}
        span = self.span(node, node)
        context, file = _text(given.get("context")), _text(given.get("dockerfile"))
        known = context is not None and (file is not None or "dockerfile" not in given)
        return Call(
            kind=KIND,
            span=span,
            line=node.lineno,
            places=places((self.folder,), file, context) if known else (),
            passes=tuple(self.passes(given.get("build_args"))),
            feeds=tuple(self.feeds(given.get("secret"))),
            target=_text(given.get("target")),
        )

    def passes(self, node: ast.expr | None) -> Iterator[Passed]:
        """The build args of a dictionary, or of a name that stands for one."""
        node = self.assigned.get(_name(node)) if isinstance(node, ast.Name) else node
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None and (name := _text(key)) is not None:
                    yield self.passed(name, self.span(key, value), self.span(value, value).of(self.source.text))
        elif isinstance(node, ast.Call) and _name(node.func) == "dict":
            for word in node.keywords:
                if word.arg is not None:
                    written = self.span(word.value, word.value).of(self.source.text)
                    yield self.passed(word.arg, self.span(word, word.value), written)

    def feeds(self, node: ast.expr | None) -> Iterator[str]:
        """The ids of the secrets of a text, or of a list of texts."""
        texts = node.elts if isinstance(node, ast.List) else [node]
        yield from (match[1] for text in texts if (match := SECRET.match(_text(text) or "")))

    def passed(self, name: str, span: Span, value: str) -> Passed:
        """A build arg, with what to put there."""
        return Passed(
            name=name,
            span=span,
            line=self.source.line(span.start),
            value=value,
            credential=credential(value),
            obstacle=OBSTACLE,
            suggestion=f"secret=['id={ID},env={variable(value, name)}']",
        )
