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
# Behind a path and a pattern it makes the pattern fit the path itself, and nothing below it: a character that is for private use.
END = "\ue000"


class Dialect(Enum):
    """Whose file it is."""

    GITHUB = "GitHub"
    GITLAB = "GitLab"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line: a pattern and its owners; `exempts` takes what it fits out of its section for good."""

    spec: PathSpec[Pattern] = field(repr=False)
    is_whole: bool
    owners: tuple[str, ...]
    exempts: bool = False

    def fits(self, path: str) -> bool:
        """Whether it is about this path, which is seen from the root."""
        return self.spec.match_file(path + END if self.is_whole else path)


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """The rules, section by section; GitHub has one."""

    sections: tuple[tuple[Rule, ...], ...]

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a path, seen from the root: those of the last rule of each section that is about it."""
        return tuple(dict.fromkeys(owner for rules in self.sections for owner in _owners(rules, path)))


def _owners(rules: Sequence[Rule], path: str) -> tuple[str, ...]:
    fitting = [rule for rule in rules if rule.fits(path)]
    return () if not fitting or any(rule.exempts for rule in fitting) else fitting[-1].owners


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
        return CodeOwners((tuple(rule for line in said for rule in _github(line)),))
    sections: dict[str, list[Rule]] = {"": []}
    rules, defaults = sections[""], ()
    for line in said:
        if heading := HEADING.fullmatch(line):
            rules, defaults = sections.setdefault(heading["name"].strip().lower(), []), tuple(OWNER.findall(heading["owners"] or ""))
        else:
            rules.extend(_gitlab(line, defaults))
    return CodeOwners(tuple(map(tuple, sections.values())))


def _github(line: str) -> Iterator[Rule]:
    """Patterns as in a .gitignore, but without negation, without ranges, and with `folder/*` for the files of that folder alone."""
    pattern, *words = WORD.findall(line)
    comment = next((index for index, word in enumerate(words) if word.startswith("#")), len(words))
    owners = tuple(words[:comment])
    is_read = pattern.strip("/") and "[" not in pattern and not pattern.startswith(("!", "\\#"))
    if not (is_read and all(map(OWNER.fullmatch, owners))):
        return
    yield from _rule(pattern, owners, is_whole=pattern.endswith("/*"))


def _gitlab(line: str, defaults: tuple[str, ...]) -> Iterator[Rule]:
    """Ruby's fnmatch from the root on: a pattern is about files, and about a folder's where it ends in `/`."""
    pattern, *words = WORD.findall(line)
    owners = tuple(owner for word in words for owner in OWNER.findall(word)) or defaults
    exempts = pattern.startswith("!")
    pattern = re.sub(r"\\(\s)", r"\1", pattern.removeprefix("!").removeprefix("\\"))
    if not pattern:
        return
    rooted = pattern if pattern.startswith("/") else f"/**/{pattern}"
    yield from _rule(f"{rooted}**/*" if rooted.endswith("/") else rooted, owners, is_whole=True, exempts=exempts)


def _rule(pattern: str, owners: tuple[str, ...], *, is_whole: bool, exempts: bool = False) -> Iterator[Rule]:
    with suppress(ValueError):  # it is no pattern at all
        yield Rule(PathSpec.from_lines("gitignore", [pattern + END if is_whole else pattern]), is_whole, owners, exempts)
