"""CODEOWNERS, as GitHub and as GitLab read it: the text of one → the owners of a path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from pathspec import PathSpec

if TYPE_CHECKING:
    from pathspec.pattern import Pattern

# where the two look for it, in the order in which the first counts
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")

OWNER = re.compile(r"[\w.+-]+@[\w.-]+|@{1,2}[\w.-]+(?:/[\w.-]+)*")
# words of a line; a backslash takes a blank into a word
WORD = re.compile(r"(?:\\.?|[^\s\\])+")
HEADING = re.compile(r"\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?:\s+(?P<owners>.*))?")
# Behind each path, and behind a pattern that fits a path itself and nothing below it: a character that is for private use.
END = "\ue000"


class Dialect(Enum):
    """Whose file it is."""

    GITHUB = "GitHub"
    GITLAB = "GitLab"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line: its patterns and its owners; `exempts` takes what it fits out of its section for good."""

    patterns: tuple[str, ...]
    owners: tuple[str, ...]
    exempts: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Rules of which the last that fits counts: their patterns, the owners by each, and the patterns of those that exempt."""

    patterns: PathSpec[Pattern] = field(repr=False)
    owners: tuple[tuple[str, ...], ...]
    exempting: PathSpec[Pattern] = field(repr=False)

    @classmethod
    def of_rules(cls, rules: Sequence[Rule]) -> Section:
        """The rules, compiled."""
        said = [(pattern, rule) for rule in rules for pattern in rule.patterns]
        naming = [(pattern, rule.owners) for pattern, rule in said if not rule.exempts]
        exempting = [pattern for pattern, rule in said if rule.exempts]
        return cls(_compiled([pattern for pattern, _ in naming]), tuple(owners for _, owners in naming), _compiled(exempting))

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a path."""
        index = None if self.exempting.match_file(path + END) else self.patterns.check_file(path + END).index
        return () if index is None else self.owners[index]


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """A file, section by section; GitHub's have one."""

    sections: tuple[Section, ...] = ()

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a path, which is seen from the root."""
        return tuple(dict.fromkeys(owner for section in self.sections for owner in section.of(path)))


def _compiled(patterns: Sequence[str]) -> PathSpec[Pattern]:
    return PathSpec.from_lines("gitignore", patterns)


def dialect(place: str, text: str, *, builds_on_gitlab: bool) -> Dialect:
    """Whose file the one at `place` is: where its folder does not tell, a section does, or the tree's other files."""
    if place.startswith((".github/", ".gitlab/")):
        return Dialect.GITLAB if place.startswith(".gitlab/") else Dialect.GITHUB
    has_sections = any(HEADING.fullmatch(line.strip()) for line in text.splitlines())
    return Dialect.GITLAB if has_sections or builds_on_gitlab else Dialect.GITHUB


def read(text: str, dialect: Dialect) -> CodeOwners:
    """The rules of a file. A line that GitHub or GitLab cannot read says nothing, as it does there."""
    lines = [line.strip() for line in text.removeprefix("\ufeff").split("\n")]
    said = [line for line in lines if line and not line.startswith("#")]
    if dialect is Dialect.GITHUB:
        return CodeOwners((Section.of_rules([rule for line in said for rule in _github(line)]),))
    sections: dict[str, list[Rule]] = {"": []}
    rules, defaults = sections[""], ()
    for line in said:
        if heading := HEADING.fullmatch(line):
            rules, defaults = sections.setdefault(heading["name"].strip().lower(), []), tuple(OWNER.findall(heading["owners"] or ""))
        else:
            rules.extend(_gitlab(line, defaults))
    return CodeOwners(tuple(map(Section.of_rules, sections.values())))


def _github(line: str) -> Iterator[Rule]:
    """Patterns as in a .gitignore, but without negation, without ranges, and with `folder/*` for the files of that folder alone."""
    pattern, *words = WORD.findall(line)
    comment = next((index for index, word in enumerate(words) if word.startswith("#")), len(words))
    owners = tuple(words[:comment])
    is_read = pattern.strip("/") and "[" not in pattern and not pattern.startswith(("!", "\\#"))
    if not (is_read and all(map(OWNER.fullmatch, owners))):
        return
    below = () if pattern.endswith("/*") else (pattern,)
    itself = () if pattern.endswith("/") else (pattern + END,)
    yield from _rule((*below, *itself), owners)


def _gitlab(line: str, defaults: tuple[str, ...]) -> Iterator[Rule]:
    """Ruby's fnmatch from the root on: a pattern is about files, and about a folder's where it ends in `/`."""
    pattern, *words = WORD.findall(line)
    owners = tuple(owner for word in words for owner in OWNER.findall(word)) or defaults
    exempts = pattern.startswith("!")
    pattern = re.sub(r"\\(\s)", r"\1", pattern.removeprefix("!").removeprefix("\\"))
    if not pattern:
        return
    rooted = pattern if pattern.startswith("/") else f"/**/{pattern}"
    yield from _rule(((f"{rooted}**/*" if rooted.endswith("/") else rooted) + END,), owners, exempts=exempts)


def _rule(patterns: tuple[str, ...], owners: tuple[str, ...], *, exempts: bool = False) -> Iterator[Rule]:
    with suppress(ValueError):  # it is no pattern at all
        _compiled(patterns)
        yield Rule(patterns, owners, exempts)
