"""A Python file as libcst reads it: where each node stands, and what each name means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from itertools import accumulate
from typing import TypeVar

import libcst as cst
from libcst.metadata import (
    BaseAssignment,
    BuiltinScope,
    ByteSpanPositionProvider,
    CodeSpan,
    ExpressionContext,
    ExpressionContextProvider,
    MetadataWrapper,
    QualifiedNameSource,
    Scope,
    ScopeProvider,
)

from codemod.callers.call import NotUnderstoodError
from codemod.callers.python.text import readable, tree
from codemod.text import Source, Span

Node = TypeVar("Node", bound=cst.CSTNode)


@dataclass(frozen=True, slots=True)
class Tables:
    """What libcst knows of each node."""

    spans: Mapping[cst.CSTNode, CodeSpan]
    parents: Mapping[cst.CSTNode, cst.CSTNode]
    scopes: Mapping[cst.CSTNode, Scope | None]
    contexts: Mapping[cst.CSTNode, ExpressionContext | None]


@dataclass(frozen=True, eq=False)
class PythonFile:
    """A file, its tree, and what is known of each node; `offsets` has each byte's character, where they differ."""

    source: Source
    module: cst.Module
    shift: int
    offsets: tuple[int, ...] = field(repr=False)
    tables: Tables = field(repr=False)
    _names: dict[cst.CSTNode, frozenset[str]] = field(default_factory=dict, repr=False)
    _occurrences: dict[tuple[int, str], tuple[cst.Name, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def _by_type(self) -> Mapping[type[cst.CSTNode], list[cst.CSTNode]]:
        found: dict[type[cst.CSTNode], list[cst.CSTNode]] = {}
        for node in self.tables.spans:
            found.setdefault(type(node), []).append(node)
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, list[cst.Name]]:
        found: dict[str, list[cst.Name]] = {}
        for name in self.every(cst.Name):
            if not self.is_a_label(name):
                found.setdefault(name.value, []).append(name)
        return found

    def every(self, kind: type[Node]) -> list[Node]:
        """All nodes of a kind, as the file has them."""
        return [node for node in self._by_type.get(kind, ()) if isinstance(node, kind)]

    def named(self, name: str) -> list[cst.Name]:
        """All variables with this name, whosever they are."""
        return self._by_name.get(name, [])

    def span(self, node: cst.CSTNode) -> Span:
        """The characters of a node, without the parentheses around it."""
        place = self.tables.spans[node]
        start, end = place.start, place.start + place.length
        if self.offsets:
            start, end = self.offsets[start], self.offsets[end]
        return Span(start, end).shifted(self.shift)

    @cached_property
    def imports_environ(self) -> bool:
        """Whether `os.environ` may have a name of its own."""
        return any(alias.evaluated_name == "environ" for node in self.every(cst.ImportFrom) for alias in aliases(node))

    @property
    def calls(self) -> list[cst.Call]:
        """All that is called."""
        return self.every(cst.Call)

    def text(self, node: cst.CSTNode) -> str:
        """A node as it is written, with the parentheses around it."""
        return self.module.code_for_node(node).strip()

    def line(self, node: cst.CSTNode) -> int:
        """The line where a node begins."""
        return self.source.line(self.span(node).start)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node that has this one in it; None for the module."""
        return self.tables.parents.get(node)

    def above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around this one, from the inside out."""
        while (found := self.tables.parents.get(node)) is not None:
            yield found
            node = found

    def names(self, node: cst.CSTNode) -> frozenset[str]:
        """What a name or an attribute means, by the import that brought it: `subprocess.run`."""
        if node not in self._names:
            found = self.scope(node).get_qualified_names_for(node)
            self._names[node] = frozenset(name.name for name in found if name.source is not QualifiedNameSource.LOCAL)
        return self._names[node]

    def binding_scope(self, name: cst.Name) -> Scope | None:
        """The scope in which a name that is read or bound here has its values; None where that is not one scope."""
        scope = self.scope(name)
        found = {id(binding.scope): binding.scope for binding in bindings(scope, name.value)}
        return next(iter(found.values())) if len(found) == 1 else None

    def occurrences(self, name: cst.Name) -> tuple[cst.Name, ...]:
        """All places that read or bind the same variable; none where that is not known."""
        scope = self.binding_scope(name)
        if scope is None or isinstance(scope, BuiltinScope):
            return ()
        known = (id(scope), name.value)
        if known not in self._occurrences:
            self._occurrences[known] = tuple(node for node in self.named(name.value) if self.binding_scope(node) is scope)
        return self._occurrences[known]

    def is_read(self, name: cst.Name) -> bool:
        """Whether a name is read there, and not bound or deleted."""
        return self.tables.contexts.get(name) is ExpressionContext.LOAD

    def value(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """The value of a name that is set once and for all; of anything else, itself."""
        for _ in range(5):
            if not isinstance(node, cst.Name) or (found := self.assigned(node)) is None:
                return node
            node = found
        return node

    def assigned(self, name: cst.Name) -> cst.BaseExpression | None:
        """The one value that a variable is ever given, where it is given by a plain assignment."""
        bound = [node for node in self.occurrences(name) if not self.is_read(node)]
        return self.only_value(bound[0]) if len(bound) == 1 else None

    def only_value(self, target: cst.Name) -> cst.BaseExpression | None:
        """What a plain assignment gives to the name that it binds here."""
        parent = self.parent(target)
        if isinstance(parent, cst.AnnAssign):
            return parent.value
        if isinstance(parent, cst.AssignTarget):
            assignment = self.parent(parent)
            return assignment.value if isinstance(assignment, cst.Assign) and len(assignment.targets) == 1 else None
        return None

    def statement(self, node: cst.CSTNode) -> cst.SimpleStatementLine | None:
        """The statement that a node is in, where it is a simple one."""
        return next((found for found in self.above(node) if isinstance(found, cst.SimpleStatementLine)), None)

    def scope(self, node: cst.CSTNode) -> Scope:
        """The scope that a node is in."""
        scopes = (self.tables.scopes.get(found) for found in (node, *self.above(node)))
        return next(scope for scope in scopes if scope is not None)

    def is_a_label(self, name: cst.Name) -> bool:
        """Whether a name is that of an attribute or of a keyword, which no variable has to do with."""
        parent = self.parent(name)
        return (isinstance(parent, cst.Attribute) and parent.attr is name) or (isinstance(parent, cst.Arg) and parent.keyword is name)


def bindings(scope: Scope, name: str) -> set[BaseAssignment]:
    """What binds a name that is read in a scope."""
    return set(scope[name])


def aliases(node: cst.ImportFrom) -> Sequence[cst.ImportAlias]:
    """What an import brings by name."""
    return () if isinstance(node.names, cst.ImportStar) else node.names


def parse(source: Source) -> PythonFile:
    """Read a file; raises NotUnderstoodError where it is no Python of today."""
    text, shift = readable(source.text)
    _check(text)
    try:
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        is_whole = wrapper.module.code == text
        # all in one walk; each is at hand then
        wrapper.resolve_many([ByteSpanPositionProvider, ExpressionContextProvider, ScopeProvider])
    except cst.ParserSyntaxError as error:
        raise NotUnderstoodError(error.raw_line, "libcst, which reads Python here, cannot read this line") from error
    if not is_whole:
        raise NotUnderstoodError(1, "libcst, which reads Python here, reads this file in another way than it is written")
    tables = Tables(
        wrapper.resolve(ByteSpanPositionProvider),
        _parents(wrapper.module),
        wrapper.resolve(ScopeProvider),
        wrapper.resolve(ExpressionContextProvider),
    )
    return PythonFile(source, wrapper.module, shift, _offsets(text), tables)


def _parents(module: cst.Module) -> Mapping[cst.CSTNode, cst.CSTNode]:
    """The node above each; libcst's own provider makes every node anew to find that out."""
    found: dict[cst.CSTNode, cst.CSTNode] = {}
    above: list[cst.CSTNode] = [module]
    while above:
        node = above.pop()
        for name in _fields(type(node)):
            value = getattr(node, name)
            children = [each for each in value if isinstance(each, cst.CSTNode)] if isinstance(value, (list, tuple)) else [value]
            for child in children:
                if isinstance(child, cst.CSTNode):
                    found[child] = node
                    above.append(child)
    return found


@cache
def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _check(text: str) -> None:
    """Python's own parser has to read the file as well: with it our changes are read back."""
    try:
        tree(text)
    except SyntaxError as error:
        raise NotUnderstoodError(error.lineno or 1, "this is no Python 3, or a newer one than dockerfix runs with") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise NotUnderstoodError(1, "Python cannot read this file") from error


def _offsets(text: str) -> tuple[int, ...]:
    if text.isascii():
        return ()
    starts = (0, *accumulate(len(character.encode()) for character in text))
    found = [0] * (starts[-1] + 1)
    for index, start in enumerate(starts):
        found[start] = index
    return tuple(found)
