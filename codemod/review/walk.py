"""From change to change: show, ask, do as one is told."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import PurePosixPath

from codemod.groups import Group
from codemod.headers import Headers
from codemod.proposed import caller_reports, file_reports
from codemod.review import answers
from codemod.review.answers import Answer, Standing
from codemod.review.card import card
from codemod.review.console import Console, uninterrupted
from codemod.review.edited import texts, with_text
from codemod.review.editor import EditorError, edited
from codemod.review.folders import folders
from codemod.review.looks import EMPTY, Line, Look, Part, line, wrapped

QUESTION, AGAIN, WHICH = "Write this change [{}]?", "Edit it again (n drops what was edited) [y,n]?", "Which file [1-{}]?"
# of so many files one key says which
MOST_KEYS = 9


class Review:
    """A walk through all that changes. Groups in which nothing does are nobody's question."""

    def __init__(self, groups: Sequence[Group], headers: Headers, console: Console) -> None:
        self.headers, self.console = headers, console
        changing = [number for number, group in enumerate(groups, start=1) if texts(group)]
        places = folders([_places(groups[number - 1]) for number in changing])
        self.folders = dict(zip(changing, places, strict=True))
        self.standing = Standing()
        self.answered: set[int] = set()

    def decided(self, group: Group, number: int) -> Group | None:
        """What is to be written of the group with this number, as it was edited; None where it stays as it is."""
        if number not in self.folders:
            return None
        is_written = self.standing.on(self.folders[number])
        if is_written:
            return group
        self.answered.add(number)
        if is_written is not None:
            return None
        try:
            return self._asked(group, number)
        except (EOFError, KeyboardInterrupt):
            self.stop()
            return None

    def stop(self) -> None:
        """Ask no more, write no more."""
        self.standing = self.standing.after(Answer.QUIT, "")

    def writing(self) -> AbstractContextManager[None]:
        """What is done in it is done to its end: Ctrl-C ends the review afterwards."""
        return uninterrupted(self.stop)

    def say_written(self, group: Group) -> None:
        """Say that all files of the group have been written."""
        self.console.show(wrapped(", ".join(texts(group)), self.console.width, mark=(Part("Written: ", Look.SUPPORT),)))

    def _asked(self, group: Group, number: int) -> Group | None:
        self._show(group, number)
        while True:
            answer = answers.read(self.console.ask(self._question(number)))
            if answer is Answer.HELP:
                self._help(number)
            elif answer is Answer.EDIT:
                group = self._edited(group, number)
            else:
                self.standing = self.standing.after(answer, self.folders[number])
                return group if answer in answers.WRITES else None

    def _show(self, group: Group, number: int) -> None:
        dockerfiles, callers = [*file_reports(group, number, self.headers)], [*caller_reports(group, number, self.headers)]
        self.console.show(card(dockerfiles, callers, self._position(number), self.console.width))
        self.console.show([EMPTY])

    def _position(self, number: int) -> str:
        return f"({[*self.folders].index(number) + 1}/{len(self.folders)})"

    def _question(self, number: int) -> Line:
        return (Part(f"{self._position(number)} {QUESTION.format(answers.KEYS)}", Look.QUESTION),)

    def _help(self, number: int) -> None:
        folder = self.folders[number]
        following = sum(each > number and place == folder for each, place in self.folders.items())
        for key, text in answers.explained(folder, following):
            self.console.show(wrapped(text, self.console.width, mark=(Part(key, Look.FILE), Part(" - "))))
        self.console.show(wrapped(answers.CANCELS, self.console.width))

    def _edited(self, group: Group, number: int) -> Group:
        """The group with another text for one of its files, shown; or as it was."""
        proposed = texts(group)
        path = self._which([*proposed])
        text = proposed[path]
        while True:
            try:
                new = edited(PurePosixPath(path), text)
            except EditorError as error:
                return self._kept(group, str(error))
            if new == proposed[path] or not new.strip():
                return self._kept(group, "nothing was edited" if new.strip() else "the text is empty")
            text, changed = new, with_text(group, path, new)
            if isinstance(changed, Group):
                self._show(changed, number)
                return changed
            self._say_wrong(f"{path}:{changed}")
            if not self._is_to_go_on():
                return self._kept(group, "what was edited is dropped")

    def _kept(self, group: Group, why: str) -> Group:
        self.console.show(wrapped(f"{why}: the change is as it was", self.console.width))
        return group

    def _say_wrong(self, text: str) -> None:
        self.console.show(wrapped(text, self.console.width, mark=(Part("error: ", Look.ERROR),)))

    def _is_to_go_on(self) -> bool:
        question = (Part(AGAIN, Look.QUESTION),)
        typed = ""
        while typed not in ("y", "n"):
            typed = self.console.ask(question).strip().lower()
        return typed == "y"

    def _which(self, paths: Sequence[str]) -> str:
        """The file that is meant, by its number."""
        if len(paths) == 1:
            return paths[0]
        self.console.show(line(f"{number:>3}  {path}") for number, path in enumerate(paths, start=1))
        question = (Part(WHICH.format(len(paths)), Look.QUESTION),)
        chosen = ""
        while chosen not in map(str, range(1, len(paths) + 1)):
            chosen = self.console.ask(question, a_key=len(paths) <= MOST_KEYS).strip()
        return paths[int(chosen) - 1]


def _places(group: Group) -> Sequence[str]:
    """The paths that say where a change is: its Dockerfiles', or where none changes its callers'."""
    paths = [*texts(group)]
    own = [each.subject.shown for each in group.dockerfiles]
    return [path for path in paths if path in own] or paths
