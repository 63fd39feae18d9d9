"""Terraform: images that the kreuzwerker/docker provider builds, and commands of provisioners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from posixpath import dirname
from typing import TYPE_CHECKING

from codemod.callers.call import ID, Call, NotUnderstoodError, Passed, Tree
from codemod.callers.credentials import credential
from codemod.callers.places import places, within
from codemod.callers.reported.command_texts import Around, calls_in
from codemod.callers.reported.strings import content
from codemod.callers.suggestions import variable
from codemod.callers.unknown import WHY, rest
from codemod.text import Source, SourceMap, Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

KIND, COMMAND = "image of Terraform's docker provider", "command in Terraform"
OBSTACLE = "the docker provider takes secrets from 3.2.0 on, where it builds with buildx"
IMAGES = ("docker_image", "docker_registry_image")
ROOT = re.compile(r"\$\{(?:path\.(?:module|root|cwd))\}/?")
INPUT = re.compile(r"\"?(?:\$\{\s*)?var\.(\w+)(?:\s*\})?\"?")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The builds of a module. Raises NotUnderstoodError."""
    root = _root(source)
    reader = _Reader(source)
    found = [
        reader.call(build) for node in _blocks(root) if reader.is_image(node) for build in _blocks(node) if reader.type(build) == "build"
    ]
    around = Around(COMMAND, (dirname(source.path.as_posix()) or ".", "."), WHY)
    found += [call for text in _texts(root, source) for call in calls_in(text, source, around)]
    return tuple(sorted((*found, *rest(source, found, COMMAND, WHY)), key=lambda call: call.span))


class _Reader:
    """Reads blocks of HCL."""

    def __init__(self, source: Source) -> None:
        self.source, self.folder = source, dirname(source.path.as_posix()) or "."

    def of(self, node: Node) -> str:
        """The node's text."""
        return self.source.text[node.start_byte : node.end_byte]

    def type(self, block: Node) -> str:
        """A block's first word."""
        return self.of(block.named_children[0])

    def is_image(self, block: Node) -> bool:
        """Whether a block is an image that may be built."""
        labels = [self.of(child).strip('"') for child in block.named_children if child.type in ("string_lit", "identifier")]
        return labels[0] == "resource" and labels[1:2] in ([image] for image in IMAGES)

    def call(self, build: Node) -> Call:
        """The build of an image."""
        attributes = dict(self.attributes(build))
        names = ("context", "dockerfile", "target")
        context, file, target = (self.text(attributes[name]) if name in attributes else None for name in names)
        secrets = (dict(self.attributes(block)) for block in _blocks(build) if self.type(block) == "secrets")
        given = [attributes[name] for name in ("build_args", "build_arg") if name in attributes]
        inside = within(self.folder, context or ".")
        return Call(
            kind=KIND,
            span=Span(build.start_byte, build.end_byte),
            line=self.source.line(build.start_byte),
            places=places((inside,), file, None) if inside is not None else (),
            passes=tuple(self.passed(node) for value in given for node in _elements(value)),
            feeds=tuple(self.text(secret["id"]) for secret in secrets if "id" in secret),
            target=target,
        )

    def attributes(self, block: Node) -> Iterator[tuple[str, Node]]:
        """A block's attributes: names and expressions."""
        for node in _statements(block):
            if node.type == "attribute":
                yield self.of(node.named_children[0]), node.named_children[1]

    def text(self, expression: Node) -> str:
        """A string's text, where the folder of the module is nothing; else the expression, as a string would have it."""
        written = self.of(expression)
        return ROOT.sub("", written.strip('"') if written.startswith('"') else f"${{{written}}}") or "."

    def passed(self, element: Node) -> Passed:
        """An element of the build args."""
        key, value = (child for child in element.named_children if child.type == "expression")
        name, text = self.of(key).strip('"()'), self.of(value)
        given = INPUT.fullmatch(text)
        env = f"TF_VAR_{given[1]}" if given else variable(text, name)
        return Passed(
            name=name,
            span=Span(element.start_byte, element.end_byte),
            line=self.source.line(element.start_byte),
            value=text,
            credential=credential(text),
            obstacle=OBSTACLE,
            suggestion=f'secrets {{\n  id  = "{ID}"\n  env = "{env}"\n}}',
        )


def _root(source: Source) -> Node:
    text = NOT_ASCII.sub("x", re.sub("^\ufeff", " ", source.text))
    root = _parser().parse(text.encode("ascii")).root_node
    if root.has_error:
        raise NotUnderstoodError(source.line(_first_error(root)), "is not HCL that can be read")
    return root


def _first_error(node: Node) -> int:
    below = [node]
    while below and not (node.is_error or node.is_missing):
        node = below[0]
        below = [child for child in node.children if child.has_error or child.is_missing]
    return node.start_byte


def _statements(node: Node) -> Iterator[Node]:
    """The attributes and blocks of a file or a block."""
    for body in node.named_children:
        if body.type == "body":
            yield from (child for child in body.named_children if child.type in ("attribute", "block"))


def _blocks(node: Node) -> Iterator[Node]:
    yield from (statement for statement in _statements(node) if statement.type == "block")


def _below(node: Node) -> Iterator[Node]:
    """A node and all that is in it."""
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        pending += reversed(found.named_children)


def _elements(expression: Node) -> Iterator[Node]:
    yield from (node for node in _below(expression) if node.type == "object_elem")


def _texts(root: Node, source: Source) -> Iterator[SourceMap]:
    """The strings and heredocs of a file."""
    for node in _below(root):
        if node.type in ("quoted_template", "string_lit"):
            yield SourceMap.join(source.text, content(source.text, Span(node.start_byte + 1, node.end_byte - 1)))
        elif node.type == "heredoc_template":
            begin = source.text.index("\n", node.start_byte) + 1
            yield SourceMap.join(source.text, [Span(begin, source.text.rindex("\n", begin - 1, node.end_byte) + 1)])


@lru_cache(maxsize=1)
def _parser() -> Parser:
    # loaded when the first module of Terraform is read
    import tree_sitter_hcl  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_hcl.language()))
