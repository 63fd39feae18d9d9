"""Files of YAML and JSON that describe a build: where in them what stands, and what to put there instead of a build arg.

A shape is a row of a table; one reader reads them all. Such files are reported, never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence as Row
from dataclasses import dataclass
from enum import Enum
from posixpath import dirname, join, normpath

from codemod.callers.call import Call, Passed, Place
from codemod.callers.credentials import credential
from codemod.callers.places import places, within
from codemod.callers.reported.command_texts import Around, given, words_of
from codemod.callers.shell.build_tools import VARIABLE
from codemod.callers.shell.command_line import Argument
from codemod.callers.suggestions import expression, variable
from codemod.callers.yaml.tree import MERGE, Item, Mapping, Node, Pair, Scalar, Sequence, Yaml, parse, walk
from codemod.text import Source, Span

# in a suggestion: the expression that the value is
EXPRESSION = "\x02"
JSON = re.compile(r".*\.(?:jsonc?|json5)|.*captain-definition", re.IGNORECASE)
# a string is kept, a comment is not
JSON_PART = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|(//[^\n]*|/\*.*?(?:\*/|\Z))", re.DOTALL)
NOTHING = ("", "null", "~")
ARG = re.compile(r"([A-Za-z_]\w*)(=?)(.*)", re.DOTALL)
FED = re.compile(r"(?:.*?\bid=)?([\w.-]+)")
# what editors, build tools and kaniko write for the folder of the repository
ROOTS = re.compile(r"\$\{workspaceFolder\}/?|\{workspaceRoot\}/?|dir://(?:/workspace/?(?:source/?)?)?")


class Seen(Enum):
    """From where the Dockerfile's path is seen."""

    FOLDER = "the folder of the file that describes the build"
    ROOT = "the root of the tree; where nothing is said, that folder"
    CONTEXT = "the context"
    ITSELF = "that folder; the Dockerfile's own is the context"
    NOWHERE = "that folder; the context is none of the tree's"
    ELSEWHERE = "what another file says"


@dataclass(frozen=True, slots=True)
class Shape:
    """A part of a file that describes a build.

    `files` fits its path, and its text has the word that it `says`. `at` fits the keys and numbers that lead to the part, with /
    between them. All of `needs` have to be there,
    each a key and a pattern for its text, none of `lacks`, and one of `one_of`. From the part on, or from the root where they begin
    with a /, `args` lead to the build args, `flags` to words that `program` is given, `dockerfile`, `context` and `target` to
    what their names say, `feeds` to the secrets; `folder` is where paths are seen from, as the file sees it. Items of args that have
    the key and text of `skips` are none.
    """

    kind: str
    files: str
    at: str
    says: str = ""
    args: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    program: str = "docker build"
    dockerfile: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    lacks: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    folder: str = "."
    seen: Seen = Seen.FOLDER
    obstacle: str = ""
    suggestion: str = ""
    blocks: str = ""
    skips: tuple[str, str] = ("", "")

    def reads(self, source: Source) -> bool:
        """Whether it is a shape of such files."""
        return self.says in source.text and re.fullmatch(self.files, source.path.as_posix(), re.IGNORECASE) is not None


def read(source: Source) -> Yaml:
    """The tree of a file of YAML, or of JSON with comments; raises NotUnderstoodError."""
    if not JSON.fullmatch(source.path.as_posix()):
        return parse(source)
    blanked = JSON_PART.sub(lambda part: re.sub(r"[^\n]", " ", part[0]) if part[1] else part[0], source.text)
    return parse(Source(source.path, blanked))


def calls_of(shapes: Row[Shape], tree: Yaml, source: Source) -> Iterator[Call]:
    """The builds that a file describes, by those of the `shapes` that are of such files."""
    fitting = [(shape, re.compile(shape.at)) for shape in shapes if shape.reads(source)]
    for document in tree.documents if fitting else ():
        for path, node in walk(document) if document is not None else ():
            keys = "/".join(map(str, path))
            for shape, at in fitting:
                if at.fullmatch(keys):
                    yield from _Reader(shape, tree, source, document).call(node)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one part by one shape."""

    shape: Shape
    tree: Yaml
    source: Source
    document: Node | None

    def call(self, node: Node) -> Iterator[Call]:
        """The build that a part describes, if it is one."""
        shape = self.shape
        if isinstance(node, Sequence) or not self.fits(node):
            return
        words = [found for path in shape.flags for found in self.at(node, path)]
        flagged = [call for found in words for call in self.flagged(found)]
        if words and not flagged:
            return  # the program does something else
        file = node.text if isinstance(node, Scalar) else self.text(node, shape.dockerfile)
        context = self.text(node, shape.context)
        said = tuple(place for call in flagged for place in call.places)
        args = [passed for path in shape.args for found in self.at(node, path) for passed in self.passed(found)]
        yield Call(
            kind=shape.kind,
            span=node.span,
            line=self.source.line(node.span.start),
            places=said if said and file is None and context is None and shape.seen is Seen.FOLDER else self.places(file, context),
            passes=(*args, *(passed for call in flagged for passed in call.passes)),
            feeds=tuple(dict.fromkeys((*self.feeds(node), *(name for call in flagged for name in call.feeds)))),
            target=next((call.target for call in flagged if call.target), self.text(node, shape.target)),
            engine=next((call.engine for call in flagged), Call(shape.kind, node.span, 0).engine),
            blocks=shape.blocks or next((call.blocks for call in flagged), ""),
        )

    def fits(self, node: Node) -> bool:
        """Whether what has to be there is, and what must not is not."""
        shape = self.shape
        if isinstance(node, Scalar):
            return bool(shape.dockerfile[:1] == ("",) and node.text)
        has = {pair.name for pair in self.pairs(node)}
        return (
            all(re.search(pattern, self.text(node, (key,)) or "") and next(self.at(node, key), None) for key, pattern in shape.needs)
            and not has.intersection(shape.lacks)
            and (not shape.one_of or any(next(self.at(node, path), None) for path in shape.one_of))
        )

    def at(self, node: Node, path: str) -> Iterator[Node]:
        """The nodes that the keys lead to; `*` is every item."""
        found = [self.document if path.startswith("/") else node]
        for key in filter(None, path.split("/")):
            found = [inner for outer in found for inner in self.below(self.tree.resolved(outer), key)]
        yield from (resolved for each in found if (resolved := self.tree.resolved(each)) is not None)

    def below(self, node: Node | None, key: str) -> Iterator[Node | None]:
        """The items or the values of a key."""
        if isinstance(node, Sequence) and key == "*":
            yield from (item.value for item in node.items)
        yield from (pair.value for pair in self.pairs(node) if key in ("*", pair.name))

    def pairs(self, node: Node | None) -> Iterator[Pair]:
        """The pairs of a mapping, and those behind `<<` that it does not have itself."""
        pending, seen, names = [node], set[Span](), set[str]()
        while pending:
            found = self.tree.resolved(pending.pop(0))
            if isinstance(found, Sequence):
                pending += [item.value for item in found.items] if found is not node else []
            elif isinstance(found, Mapping) and found.span not in seen:
                seen.add(found.span)
                own = [pair for pair in found.pairs if pair.name not in names]
                yield from (pair for pair in own if pair.name != MERGE)
                names |= {pair.name for pair in own} - {MERGE}
                pending += [pair.value for pair in own if pair.name == MERGE]

    def text(self, node: Node, paths: tuple[str, ...]) -> str | None:
        """What the first of the paths says that says anything."""
        found = (each for path in paths if path for each in self.at(node, path))
        return next((each.text for each in found if isinstance(each, Scalar) and each.text), None)

    def feeds(self, node: Node) -> Iterator[str]:
        """The ids of secrets: texts of a list, keys of a mapping."""
        for found in (found for path in self.shape.feeds for found in self.at(node, path)):
            names = [found.text] if isinstance(found, Scalar) else [pair.name for pair in self.pairs(found)]
            yield from (match[1] for name in names if (match := FED.match(name)))

    def base(self) -> str:
        """The folder from which paths are seen."""
        return "." if self.shape.folder == "/" else normpath(join(dirname(self.source.path.as_posix()), self.shape.folder))

    def places(self, file: str | None, context: str | None) -> tuple[Place, ...]:
        """Where the Dockerfile may be."""
        base, seen = self.base(), self.shape.seen
        file, context = (ROOTS.sub("", text) or "." if text is not None else None for text in (file, context))
        if seen is Seen.ELSEWHERE:
            return ()
        if seen is Seen.CONTEXT:
            inside = within(base, context or ".")
            return places((inside,), file, None) if inside is not None else ()
        if seen is Seen.ITSELF:
            return places((base,), file, dirname(file or "") or ".")
        if seen is Seen.NOWHERE:
            return tuple(Place(place.dockerfile, None) for place in places((base,), file, None))
        return places((base if seen is Seen.FOLDER or (file is None and context is None) else ".",), file, context)

    def passed(self, node: Node) -> Iterator[Passed]:
        """The build args of a mapping, or of a list of texts or of mappings."""
        for pair in self.pairs(node):
            text = self.value(pair.value)
            yield self.one(pair.name, pair.span, None if text in NOTHING else text)
        for item in node.items if isinstance(node, Sequence) else ():
            yield from self.item(item)

    def item(self, item: Item) -> Iterator[Passed]:
        """The build arg of an item."""
        value = self.tree.resolved(item.value)
        if isinstance(value, Scalar) and (match := ARG.fullmatch(value.text)):
            yield self.one(match[1], item.span, match[3] if match[2] else None)
        if isinstance(value, Mapping) and (name := self.text(value, ("name", "key"))):
            key, skipped = self.shape.skips
            if not key or self.text(value, (key,)) != skipped:
                yield self.one(name, item.span, self.text(value, ("value",)), self.value(value))

    def value(self, node: Node | None) -> str:
        """What stands for a value: a text with its tag, all of what is no text."""
        resolved = self.tree.resolved(node)
        if isinstance(resolved, Scalar):
            return f"!{resolved.tag} {resolved.text}" if resolved.tag else resolved.text
        return resolved.span.of(self.source.text).rstrip() if resolved is not None else ""

    def flagged(self, node: Node) -> Iterator[Call]:
        """What words say that a program is given: a list of them, or a text."""
        words: tuple[Argument, ...] = ()
        if isinstance(node, Scalar):
            words = words_of(node.content.text)
        if isinstance(node, Sequence):
            items = [self.tree.resolved(item.value) for item in node.items]
            words = tuple(Argument(ROOTS.sub("", item.text), item.span) for item in items if isinstance(item, Scalar))
        shape = self.shape
        around = Around(shape.kind, (self.base(),), shape.obstacle, shape.suggestion, shape.blocks)
        yield from given(words, self.source, around, node.span, shape.program)

    def one(self, name: str, span: Span, value: str | None, said: str = "") -> Passed:
        """A build arg with what to put there; `said` is all that is said of it."""
        shape = self.shape
        suggestion = shape.suggestion.replace(VARIABLE, variable(value, name)).replace(EXPRESSION, expression(value))
        return Passed(
            name=name,
            span=span,
            line=self.source.line(span.start),
            value=value,
            credential=credential(value or "") or credential(said),
            obstacle=shape.obstacle or shape.blocks,
            suggestion=suggestion,
        )
