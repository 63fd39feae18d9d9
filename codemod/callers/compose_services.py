"""The services of a compose file: what each builds, and what it passes to the build."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codemod.callers.yaml_tree import Alias, Item, Mapping, Node, Pair, Scalar, Sequence, Yaml, text_at
from codemod.text import Span

NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Argument:
    """A build arg: `value` is its text, None where the environment has it; `odd` says why it is not read as others are."""

    name: str
    part: Pair | Item
    value: str | None
    odd: str = ""

    @property
    def span(self) -> Span:
        """All that says so."""
        return self.part.span


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is built, here or by what it extends.

    `build` is its mapping, None where it is a path; `around` says why nothing of it can be changed.
    """

    name: str
    pair: Pair
    mapping: Mapping
    built: Pair | None
    build: Mapping | None
    args: Pair | None
    arguments: tuple[Argument, ...]
    around: str = ""

    @property
    def secrets(self) -> Pair | None:
        """The secrets that the build gets, if it says any."""
        return self.build.get("secrets") if self.build else None

    def text(self, key: str) -> str | None:
        """A text of the build; the short form is the context."""
        if self.build is None:
            path = self.built.value if self.built else None
            return path.text if key == "context" and isinstance(path, Scalar) else None
        return text_at(self.build, key)

    def feeds(self) -> Iterator[str]:
        """The ids of the secrets that the build gets."""
        listed = self.secrets.value if self.secrets else None
        for item in listed.items if isinstance(listed, Sequence) else ():
            found = item.value.text if isinstance(item.value, Scalar) else text_at(item.value, "target") or text_at(item.value, "source")
            if found:
                yield found


def services(tree: Yaml) -> Iterator[Service]:
    """The services that are built, in the order of the file."""
    listed = tree.find("services")
    found = tree.resolved(listed.value) if listed else None
    for pair in found.pairs if isinstance(found, Mapping) else ():
        service = _service(tree, pair)
        if service is not None:
            yield service


def _service(tree: Yaml, pair: Pair) -> Service | None:
    reader = _Reader(tree)
    mapping, built = tree.resolved(pair.value), reader.get(pair.value, "build")
    build = tree.resolved(built.value) if built else None
    if not isinstance(mapping, Mapping) or (build is None and mapping.get("extends") is None):
        return None
    if not isinstance(build, Mapping):
        return Service(pair.name, pair, mapping, built, None, None, ())
    args = reader.get(build, "args")
    arguments = tuple(reader.arguments(args.value)) if args else ()
    return Service(pair.name, pair, mapping, built, build, args, arguments, reader.around(pair, build, args))


@dataclass(frozen=True, slots=True)
class _Reader:
    tree: Yaml

    def get(self, node: Node | None, key: str) -> Pair | None:
        """The pair of a mapping, be it one that comes through an alias or a merge."""
        found = self.tree.resolved(node)
        if not isinstance(found, Mapping):
            return None
        own = found.get(key)
        return own or next((pair for merged in self.merged(found) if (pair := self.get(merged, key))), None)

    def merged(self, mapping: Mapping) -> Iterator[Node | None]:
        """What a mapping takes pairs from."""
        merge = mapping.get("<<")
        if merge and isinstance(merge.value, Sequence):
            yield from (item.value for item in merge.value.items)
        elif merge:
            yield merge.value

    def arguments(self, node: Node | None) -> Iterator[Argument]:
        found = self.tree.resolved(node)
        if isinstance(found, Sequence):
            yield from map(_of_item, found.items)
        elif isinstance(found, Mapping):
            yield from (_of_pair(pair) for pair in found.pairs if pair.name != "<<")
            for merged in self.merged(found):
                yield from self.arguments(merged)

    def around(self, service: Pair, build: Mapping, args: Pair | None) -> str:
        """Why nothing can be changed there; empty where it can."""
        if args is None:
            return ""
        if build.span not in service.span or args.span not in build.span or self.shares(build.span, args):
            return "the args are shared with others, by an alias or a merge"
        if any(node.tag for node in (build, args.value) if isinstance(node, (Mapping, Sequence))):
            return "a tag says how the args are merged with other files'"
        return _form(self.tree, build, args) or _form_of_secrets(self.tree, build.get("secrets"))

    def shares(self, build: Span, args: Pair) -> bool:
        """Whether an alias stands for something that has the build in it, or for something in the args."""
        nodes = [node for _, node in self.tree.walk()]
        named = {node.name for node in nodes if isinstance(node, Alias)}
        held = [node.span for node in nodes if not isinstance(node, Alias) and node.anchor in named]
        inside = any(isinstance(node, Alias) and node.span in args.span for node in nodes)
        return inside or any(build in span or span in args.span for span in held)


def _form(tree: Yaml, build: Mapping, args: Pair) -> str:
    """Flow style is fine on one line."""
    flows = [node for node in (build, args.value) if isinstance(node, (Mapping, Sequence)) and node.flow]
    if any("\n" in node.span.of(tree.source.text) for node in flows):
        return "the args are in brackets over several lines"
    return "" if isinstance(args.value, (Mapping, Sequence)) else "the args are neither a mapping nor a list"


def _form_of_secrets(tree: Yaml, secrets: Pair | None) -> str:
    if secrets is None or is_nothing(secrets.value):
        return ""
    if not isinstance(secrets.value, Sequence) or secrets.value.tag or secrets.value.anchor:
        return "the build's secrets are no plain list"
    if secrets.value.flow and "\n" in secrets.value.span.of(tree.source.text):
        return "the build's secrets are in brackets over several lines"
    return ""


def is_nothing(node: Node | None) -> bool:
    """Whether nothing is written for a value."""
    return node is None or (isinstance(node, Scalar) and node.span.start == node.span.end)


def _of_pair(pair: Pair) -> Argument:
    node = pair.value
    if node is None:
        return Argument(pair.name, pair, None)
    if not isinstance(node, Scalar) or node.tag:
        return Argument(pair.name, pair, "", odd="the value is no plain text")
    is_plain = len(node.span) == len(node.text)
    return Argument(pair.name, pair, None if is_plain and node.text in NULLS else node.text)


def _of_item(item: Item) -> Argument:
    if not isinstance(item.value, Scalar) or item.value.tag:
        return Argument("", item, "", odd="the arg is no plain text")
    name, equals, value = item.value.text.partition("=")
    return Argument(name, item, value if equals else None, odd="the arg's name is put together" if "$" in name else "")
