"""Whether what differs between two loads of a file of YAML is what the moves were to change, and no more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codemod.callers.call import Move
from codemod.callers.ci.workflow_inputs import entries_of
from codemod.callers.yaml.check import MISSING, both, differences
from codemod.text import Source

SEPARATORS = re.compile(r"[\s\\'\"=,|&;()<>`]+")
OWN_WORDS = frozenset({"--secret", "--build-arg", "id", "env", "src", "$HOME", ""})


@dataclass(frozen=True, slots=True)
class Planned:
    """The moves of a file, `before` as it was."""

    before: Source
    moves: Sequence[Move]

    def mistake(self, after: Source) -> str | None:
        """What else differs in `after`, as another parser loads it."""
        versions = both(self.before, after)
        if versions is None:
            return "it could not be read any more"
        for path, old, new in differences(*versions):
            if not self.allows(str(path[-1]) if path else "", str(path[-2]) if len(path) > 1 else "", old, new):
                return f"{'.'.join(map(str, path))} would change"
        return None

    def allows(self, key: str, above: str, old: Any, new: Any) -> bool:  # noqa: ANN401  (what is in a file has no type)
        """Whether a difference is planned: that of the value of `key`, in what `above` has."""
        if key in ("build-args", "set"):
            return self.loses(old, new, coming=".secrets+" if key == "set" else None)
        if key == "secrets" and above == "with":
            return self.gains(old, new)
        if key == "with" and isinstance(old, dict) and new is MISSING:
            return set(old) <= {"build-args", "set"} and all(self.loses(value, "", None) for value in old.values())
        if old in (MISSING, "") and "env" in (key, above):
            given = new.values() if isinstance(new, dict) else [new]
            return all(map(self.is_template, given))
        return isinstance(old, str) and isinstance(new, str) and self.is_moved_within(old, new)

    def is_template(self, value: Any) -> bool:  # noqa: ANN401  (…)
        """Whether it is what a build arg had."""
        return isinstance(value, str) and any(value in (move.passed.value or "") for move in self.moves)

    def loses(self, old: Any, new: Any, coming: str | None) -> bool:  # noqa: ANN401  (…)
        """Whether entries of moved build args are all that goes, and such as end in `coming` all that comes."""
        names = {move.passed.name for move in self.moves}
        gone, come = _exchanged(old, new)
        return all(name.rpartition(".")[2] in names for name, _ in gone) and all(coming and name.endswith(coming) for name, _ in come)

    def gains(self, old: Any, new: Any) -> bool:  # noqa: ANN401  (…)
        """Whether entries of the moves' secrets are all that comes."""
        values = {(move.id, move.passed.value or f"${{{{ env.{move.passed.name} }}}}") for move in self.moves}
        gone, come = _exchanged(old, new)
        return not gone and all((name, text) in values for name, text in come)

    def is_moved_within(self, old: str, new: str) -> bool:
        """Whether a script has lost words of its build args alone, and gained words of theirs and of their secrets alone."""
        own = Counter(word for move in self.moves for word in _words(move.passed.span.of(self.before.text)))
        ids = "|".join(re.escape(move.id) for move in self.moves)
        fed = re.compile(rf"--secret[ =][\"']*id=(?:{ids})(?:,env=\w+)?(?![\w,])")
        known = {*own, *OWN_WORDS, *(move.id for move in self.moves), *(move.passed.name for move in self.moves)}
        before, after = Counter(_words(fed.sub("", old))), Counter(_words(fed.sub("", new)))
        return all(word in own for word in before - after) and all(word in known or self.is_carrier(word) for word in after - before)

    def is_carrier(self, word: str) -> bool:
        """Whether it is a variable that was made for a build arg, or the value of one."""
        carried = any(
            re.fullmatch(rf"(?:DOCKERFIX_)?{re.escape(move.passed.name)}(?:_BUILD_SECRET(?:_\d+)?)?", word) for move in self.moves
        )
        return carried or any(word in (move.passed.value or "") for move in self.moves)


def _exchanged(old: Any, new: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:  # noqa: ANN401  (…)
    """What a list has lost, and what it has gained: names with values."""
    before, after = (Counter(_entries(value)) for value in (old, new))
    return list((before - after).elements()), list((after - before).elements())


def _entries(value: Any) -> list[tuple[str, str]]:  # noqa: ANN401  (…)
    return [(entry.name, entry.value or "") for entry in entries_of(value)] if isinstance(value, str) else []


def _words(text: str) -> list[str]:
    return SEPARATORS.split(text)
