"""What takes a copy of a secret away again, and whether it certainly does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from codemod.acts import Act
from codemod.outputs import COPIERS, Outputs
from codemod.places import covers, spelled

REMOVERS = frozenset({"rm", "shred", "unlink"})
EMPTIES = re.compile(r"(?:-s|--size=)0|0")
TAKES_A_WORD = frozenset({"-n", "-s", "--iterations", "--size", "-r", "--reference"})
# `find` with no more than this removes all that has the name
FIND = re.compile(
    r"(?P<tops>(?:(?!-)\S+ )+)(?:-type f |-depth )*(?:-name (?P<name>\S+) )?(?:-type f )?"
    r"(?:-delete|-exec(?:dir)? rm (?:-\w+ )*\{\} (?:;|\+))"
)


class Erasures:
    """The removals of a text, each with the act that makes it."""

    def __init__(self, outputs: Outputs) -> None:
        self.outputs, self.acts = outputs, outputs.acts
        self.made = [(index, target) for index in range(len(self.acts)) for target in self._targets(index)]
        self.found = [(index, *found) for index, act in enumerate(self.acts) for found in _found(act, outputs.folders[index])]

    def removes(self, index: int, path: str) -> bool:
        """Whether `path`, spelled from the root or from where the text starts, is removed after act `index`, whatever happens."""
        places = [place for place, target in self.made if covers(target, path)]
        places += [place for place, top, name in self.found if _finds(top, name, path)]
        return any(self.is_certain(place, index) for place in places)

    def is_certain(self, later: int, index: int) -> bool:
        """Whether act `later` runs after act `index` has: at the exit, or behind it and under no condition that it is not under."""
        act, writer = self.acts[later], self.acts[index]
        questions = {branch.question for _, branch in writer.branches if branch.question}
        extra = act.branches - writer.branches
        return (act.at_exit or later > index) and all(branch.question and branch.question in questions for _, branch in extra)

    def _targets(self, index: int) -> Iterator[str]:
        if not self.acts[index].inside:
            for path in (*self._removed(self.acts[index]), *self._emptied(index)):
                yield spelled(path, self.outputs.folders[index])

    def _removed(self, act: Act) -> Iterator[str]:
        if act.tool in REMOVERS:
            yield from act.operands
        elif act.tool == "mv":
            yield from act.operands[:-1]
        elif act.tool == "truncate" and any(EMPTIES.fullmatch(word) for word in act.words):
            yield from (word for before, word in zip(("", *act.words), act.words, strict=False) if before not in TAKES_A_WORD)

    def _emptied(self, index: int) -> Iterator[str]:
        """The files that are written anew, without the value."""
        act = self.acts[index]
        if not self.outputs.prints(index):
            yield from (redirect.target.plain for redirect in act.command.redirects if redirect.operator in (">", ">|", "&>"))
        if act.tool in COPIERS and act.operands[:1] == ("/dev/null",):
            yield from act.operands[1:]


def _found(act: Act, folder: str) -> Iterator[tuple[str, str]]:
    """The folders that `find` looks in, and the names that it deletes."""
    match = FIND.fullmatch(" ".join(act.words)) if act.tool == "find" else None
    for top in match["tops"].split() if match else ():
        yield spelled(top, folder), match["name"] or "*" if match else "*"


def _finds(top: str, name: str, path: str) -> bool:
    inside = path if top in (".", "") else path[len(top) + 1 :] if path.startswith(top.rstrip("/") + "/") else ""
    return any(fnmatchcase(part, name) for part in inside.split("/") if part)
