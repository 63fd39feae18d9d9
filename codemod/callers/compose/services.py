"""The services of a compose file: what each builds, and what it passes to the build."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from codemod.callers.compose.arguments import Argument, Arguments, arguments, merged
from codemod.callers.yaml.tree import Alias, Mapping, Node, Pair, Scalar, Sequence, Yaml, pair_at, text_at, walk
from codemod.text import Span

NOTHING = Arguments()
Chains: TypeAlias = "list[tuple[Mapping, ...]]"
SHARED = "the args are shared with something else, by an alias or a merge"
OVERRIDDEN = "a service that takes the args by a merge has secrets of its own"


@dataclass(frozen=True, slots=True)
class Build:
    """A mapping that services have as their `build`, or take it from; `around` says why nothing of its args can be changed."""

    mapping: Mapping
    passed: Arguments = NOTHING
    around: str = ""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """The build args that it passes, its own and those it shares."""
        return self.passed.each

    @property
    def args(self) -> Pair | None:
        """What says so."""
        return self.mapping.get("args")

    @property
    def secrets(self) -> Pair | None:
        """The secrets that it passes, if it says any."""
        return self.mapping.get("secrets")

    def feeds(self) -> Iterator[str]:
        """The ids of the secrets."""
        listed = self.secrets.value if self.secrets else None
        for item in listed.items if isinstance(listed, Sequence) else ():
            found = item.value.text if isinstance(item.value, Scalar) else text_at(item.value, "target") or text_at(item.value, "source")
            if found:
                yield found

    @property
    def homes(self) -> frozenset[Span]:
        """Where its args stand, which may be elsewhere."""
        return frozenset(home.span for home in self.passed.homes)

    def names(self) -> set[str]:
        """All that it passes."""
        return {*self.feeds(), *(argument.name for argument in self.arguments)}


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is built, here or by what it extends.

    `path` is what it builds where that is all that is said; else `builds` are the mappings that say it, the one that wins first.
    """

    number: int
    name: str
    pair: Pair
    mapping: Mapping
    path: str | None
    builds: tuple[Build, ...]

    def text(self, key: str) -> str | None:
        """A text of the build; the short form is the context."""
        found = next((pair for build in self.builds if (pair := build.mapping.get(key))), None)
        node = found.value if found else None
        return node.text if isinstance(node, Scalar) else self.path if key == "context" else None


def services(tree: Yaml) -> tuple[Service, ...]:
    """The services that are built, in the order of the file."""
    found = [(pair, mapping, _built(tree, mapping)) for pair, mapping in _listed(tree)]
    kept = [(pair, mapping, built) for pair, mapping, built in found if built is not None or mapping.get("extends")]
    chains = [tuple(_chain(tree, built)) for _, _, built in kept]
    reader = _Reader(tree, chains, *_known(tree, chains))
    known = {span: reader.build(mapping) for span, mapping in {mapping.span: mapping for chain in chains for mapping in chain}.items()}
    paths = [built.text if isinstance(built, Scalar) else None for _, _, built in kept]
    return tuple(
        Service(number, pair.name, pair, mapping, path, tuple(known[each.span] for each in chain))
        for number, ((pair, mapping, _), path, chain) in enumerate(zip(kept, paths, chains, strict=True))
    )


def builds(tree: Yaml) -> Iterator[Build]:
    """The mappings that services build, each once."""
    found = {build.mapping.span: build for service in services(tree) for build in service.builds}
    yield from found.values()


def _listed(tree: Yaml) -> Iterator[tuple[Pair, Mapping]]:
    for document in tree.documents:
        listed = pair_at(document, "services")
        found = tree.resolved(listed.value) if listed else None
        for pair in found.pairs if isinstance(found, Mapping) else ():
            mapping = tree.resolved(pair.value)
            if isinstance(mapping, Mapping):
                yield pair, mapping


def _built(tree: Yaml, service: Mapping) -> Node | None:
    """What a service has as its build, be it through a merge."""
    pair = next((pair for mapping in _chain(tree, service) if (pair := mapping.get("build"))), None)
    return tree.resolved(pair.value) if pair else None


def _chain(tree: Yaml, node: Node | None) -> Iterator[Mapping]:
    """A mapping and those it takes pairs from, the one that wins first."""
    found = tree.resolved(node)
    if isinstance(found, Mapping):
        yield found
        for other in merged(found):
            yield from _chain(tree, other)


def _first(chain: tuple[Mapping, ...], key: str) -> Mapping | None:
    return next((mapping for mapping in chain if mapping.get(key)), None)


def _known(tree: Yaml, chains: Chains) -> tuple[list[Alias], list[Alias]]:
    """All aliases, and those that are no args nor in what args are taken from."""
    aliases = [node for _, node in tree.walk() if isinstance(node, Alias)]
    takers = {mapping.span: args.value for chain in chains for mapping in chain if (args := mapping.get("args"))} if aliases else {}
    known = {id(alias) for value in takers.values() for alias in _aliases(value)}
    return aliases, [alias for alias in aliases if id(alias) not in known]


@dataclass(frozen=True, slots=True)
class _Reader:
    tree: Yaml
    chains: Chains
    aliases: list[Alias]
    strangers: list[Alias]

    def build(self, mapping: Mapping) -> Build:
        args = mapping.get("args")
        if args is None:
            return Build(mapping)
        passed = arguments(self.tree, args.value)
        return Build(mapping, passed, self.around(mapping, passed) or self.overridden(mapping))

    def overridden(self, mapping: Mapping) -> str:
        """Whether one who takes the args takes secrets from elsewhere: it would go without the new one."""
        secrets = [_first(chain, "secrets") for chain in self.chains if _first(chain, "args") is mapping]
        return OVERRIDDEN if any(found is not None and found is not mapping for found in secrets) else ""

    def around(self, build: Mapping, passed: Arguments) -> str:
        """Why nothing can be changed there; empty where it can."""
        if len([document for document in self.tree.documents if document is not None]) > 1:
            return "the file has several documents"
        if any(node.tag for node in (build, *passed.homes)):
            return "a tag says how the args are merged with other files'"
        flows = [node for node in (build, *passed.homes) if node.flow]
        if any("\n" in node.span.of(self.tree.source.text) for node in flows):
            return "the args are in brackets over several lines"
        is_shared = any(map(self.is_shared, passed.homes))
        return SHARED if is_shared else _form_of_secrets(self.tree, build.get("secrets"))

    def is_shared(self, home: Mapping | Sequence) -> bool:
        """Args may stand for others' args, and nothing in them for anything."""
        inside = [node for _, node in walk(home) if node is not home] if self.aliases else []
        has_strangers = any(node is alias for node in inside for alias in self.strangers)
        return has_strangers or _is_named(self.tree, self.strangers, [home]) or _is_named(self.tree, self.aliases, inside)


def _aliases(args: Node | None) -> Iterator[Alias]:
    """The aliases that args are, or that they take args from."""
    for node in (args, *(merged(args) if isinstance(args, Mapping) else ())):
        if isinstance(node, Alias):
            yield node


def _is_named(tree: Yaml, aliases: list[Alias], nodes: list[Node]) -> bool:
    """Whether one of the aliases stands for one of the nodes."""
    named = {id(tree.resolved(alias)) for alias in aliases}
    return any(id(node) in named for node in nodes)


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
