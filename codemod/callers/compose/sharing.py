"""What services of a compose file share, and which of them it is said of: the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codemod.callers.compose.arguments import Argument
from codemod.callers.compose.services import Build, Service
from codemod.callers.yaml.tree import Scalar, text_at
from codemod.text import Span


@dataclass(frozen=True, slots=True)
class Sharing:
    """The services by their numbers; `of_builds` and `of_arguments` have the first that has one, `takers` all that take args from a place.

    `lineages` are the services that one extends in this file, itself first.
    """

    services: tuple[Service, ...]
    of_builds: dict[Span, int]
    of_arguments: dict[Span, int]
    takers: dict[Span, list[tuple[Service, Build]]]
    lineages: tuple[tuple[Service, ...], ...]

    @classmethod
    def of(cls, services: tuple[Service, ...]) -> Sharing:
        """What these share."""
        sharing = cls(services, {}, {}, {}, tuple(_lineages(services)))
        for service in services:
            for build in service.builds:
                sharing.of_builds.setdefault(build.mapping.span, service.number)
                for argument in build.arguments:
                    sharing.of_arguments.setdefault(argument.span, service.number)
                for home in build.homes:
                    sharing.takers.setdefault(home, []).append((service, build))
        return sharing

    def owned(self, service: Service) -> list[Build]:
        """The builds that no service before it has."""
        return [build for build in service.builds if self.of_builds[build.mapping.span] == service.number]

    def passes(self, service: Service) -> list[Argument]:
        """The args that no service before it has."""
        owned = (argument for build in self.owned(service) for argument in build.arguments)
        return [argument for argument in owned if self.of_arguments[argument.span] == service.number]

    def feeds(self, service: Service) -> dict[str, None]:
        """The secrets of its builds, but for what all have that share args: that is the first one's, as the args are."""
        found: dict[str, None] = {}
        for build in self.owned(service):
            shared = [home for home in build.homes if self.takers[home][0][1].mapping is not build.mapping]
            others = [set(other.feeds()) for home in shared for _, other in self.takers[home]]
            found |= dict.fromkeys(fed for fed in build.feeds() if not others or not all(fed in each for each in others))
        return found

    def inherits(self, service: Service) -> Iterator[str]:
        """The build args and the ids of the secrets that it takes from other services, or together with them."""
        own = {*self.feeds(service), *(argument.name for argument in self.passes(service))}
        for each in self.lineages[service.number]:
            yield from (name for build in each.builds for name in build.names() if name not in own)

    def below(self, service: Service) -> Iterator[Service]:
        """The services that take args from it."""
        owned = self.owned(service)
        spans, homes = {build.mapping.span for build in owned}, {home for build in owned for home in build.homes}
        for other, lineage in zip(self.services, self.lineages, strict=True):
            has_builds = any(build.mapping.span in spans or build.homes & homes for each in lineage for build in each.builds)
            if other is not service and (has_builds or any(each is service for each in lineage)):
                yield other

    def text(self, service: Service, key: str) -> str | None:
        """A text of its build, or of that of what it extends."""
        return next((found for each in self.lineages[service.number] if (found := each.text(key)) is not None), None)


def _lineages(services: tuple[Service, ...]) -> Iterator[tuple[Service, ...]]:
    named = {service.name: service for service in reversed(services)}
    for service in services:
        found = {service.number: service}
        base = named.get(_extended(service) or "")
        while base is not None and base.number not in found:
            found[base.number] = base
            base = named.get(_extended(base) or "")
        yield tuple(found.values())


def _extended(service: Service) -> str | None:
    """The service of this file that one extends."""
    extends = service.mapping.get("extends")
    node = extends.value if extends else None
    name = node.text if isinstance(node, Scalar) else text_at(node, "service")
    return None if text_at(node, "file") is not None else name
