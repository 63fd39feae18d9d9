"""Where a command of a shell text runs, and which files of the tree its words name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from codemod.callers.call import Engine, Place
from codemod.callers.places import NAMES, PODMANS_NAMES, places, within
from codemod.callers.shell.build_tools import Tool
from codemod.callers.shell.command_line import BuildCommand
from codemod.callers.shell.text import ShellText
from codemod.shell import Command, Shell
from codemod.text import Span

# begins a path that is seen from the root of the tree
ROOT = "\x02"
UNKNOWN = "?"
# between words whose variables have the same values
BESIDE = "\x03"
ITSELF = r"""(?:\$0|\$\{0\}|\$\{?BASH_SOURCE(?:\[0\])?\}?|\$\{\(%\):-%[xN]\})"""
FOLDER = rf"""\$\(\s*dirname\s+(?:--\s+)?"?(?:\$\(\s*(?:readlink\s+-f|realpath)\s+(?:--\s+)?"?{ITSELF}"?\s*\)|{ITSELF})"?\s*\)"""
OF_SCRIPT = re.compile(rf"""{FOLDER}|`dirname\s+"?{ITSELF}"?`|\$\{{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\}}""")
# what is made of a path that is known
MADE = (
    (
        re.compile(
            r"""\$\(\s*(?:CDPATH=\s+)?cd\s+(?:-P\s+|--\s+)*"?([^"$()`;&|>]+?)"?(?:\s*\d?&?>\s*[\w/.&-]+(?=\s))*\s*(?:&&|;)\s*pwd(?:\s+-P)?\s*\)"""
        ),
        r"\1",
    ),
    (re.compile(r"""\$\(\s*(?:realpath|readlink\s+-f)\s+(?:--\s+)?"?([^"$()`]+?)"?\s*\)"""), r"\1"),
    (re.compile(r"""\$\(\s*dirname\s+(?:--\s+)?"?([^"$()`]+?)"?\s*\)"""), r"\1/.."),
)
OF_TREE = re.compile(
    r"\$\(\s*git\s+rev-parse\s+--show-toplevel\s*\)|`git\s+rev-parse\s+--show-toplevel`|"
    r"\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|BITBUCKET_CLONE_DIR|CODEBUILD_SRC_DIR|BUILD_SOURCESDIRECTORY|CIRCLE_WORKING_DIRECTORY)\b\}?"
)
HERE = re.compile(r"\$\(\s*pwd\s*\)|`pwd`|\$PWD\b|\$\{PWD\}")
VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::?-(?P<default>[^{}`]*))?\}|(?P<plain>\w+))")
MANY = 8


@dataclass(frozen=True, slots=True)
class WorkingDirectory:
    """The folders of a shell text's commands; `plain` gives what a command gets for a word."""

    text: ShellText = field(repr=False)
    shell: Shell = field(repr=False)
    plain: Callable[[Span], str] = field(repr=False)
    _known: dict[Span, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def places(self, build: BuildCommand, at: Span, fed: str | None = None) -> tuple[Place, ...]:
        """Where the Dockerfile of a build at `at` may be; `fed` is the file that it reads as its standard input."""
        if not build.tool.has_places:
            return ()
        words = f"{'' if build.file is None else build.file}{BESIDE}{build.context or '.'}"
        found: list[Place] = []
        for index, folder in enumerate(self.folders(at)):
            for file, _, context in (text.partition(BESIDE) for text in self._expanded(words, at, index)):
                found += self._places(build.tool, folder, None if build.file is None else file, context, fed)
        return tuple(dict.fromkeys(found))

    def _places(self, tool: Tool, folder: str, file: str | None, context: str, fed: str | None) -> tuple[Place, ...]:
        base = _seen(folder, context) if not re.match("-.", context) else None
        if fed is not None and (file == "-" or (file is None and context == "-")):
            path = _seen(folder, fed)
            return (Place(path, base),) if path is not None else ()
        names = PODMANS_NAMES if tool.engine is Engine.BUILDAH else NAMES
        path = UNKNOWN if file is None else _seen(folder, file) or UNKNOWN
        return places((".",), None if file is None else path, base or UNKNOWN, names)

    def files(self, word: str, at: Span) -> tuple[str, ...]:
        """The paths from the root of the tree that a word may name."""
        folders = enumerate(self.folders(at))
        seen = (_seen(folder, path) for index, folder in folders for path in self._expanded(word, at, index))
        return tuple(dict.fromkeys(path for path in seen if path is not None))

    def folders(self, at: Span) -> tuple[str, ...]:
        """The folders where a command at `at` may run; none where nobody can tell."""
        if at not in self._known:
            self._known[at] = self._folders(at)
        return self._known[at]

    def _folders(self, at: Span) -> tuple[str, ...]:
        current, left = self.text.folders, [self.text.folders]
        for command, always in self._changes(at):
            if command.name == "popd":
                changed = left.pop() if left else ()
            else:
                left.append(current)
                changed = self._changed(command, current, left)
            current = changed if always else tuple(dict.fromkeys((*current, *changed)))[:MANY]
        return current

    def _changed(self, command: Command, current: tuple[str, ...], left: list[tuple[str, ...]]) -> tuple[str, ...]:
        operands = [self.plain(word.span) for word in command.words[1:] if not re.fullmatch(r"--|-[LPe]+", word.text)]
        if operands == ["-"]:
            return left[-2] if len(left) > 1 else current
        if len(operands) != 1:
            return ()
        folders = enumerate(current)
        seen = (_seen(folder, path) for index, folder in folders for path in self._expanded(operands[0], command.span, index))
        return tuple(dict.fromkeys(path for path in seen if path is not None))

    def _changes(self, at: Span) -> Iterator[tuple[Command, bool]]:
        """The commands before `at` that change the folder of its shell, and whether they surely do."""
        body = self._function(at)
        site = self._site(*body) if body else at
        changes = [command for command in self.shell.commands if command.name in ("cd", "pushd", "popd")]
        for own in (False, True):
            point = at if own else site
            for command in changes:
                is_own = body is not None and command.span in body[1]
                if is_own is own and command.span.end <= point.start and not self._is_elsewhere(command.span, point, own=own):
                    yield command, not any(command.span in branch.span and point not in branch.span for branch in self.shell.branches)

    def _is_elsewhere(self, span: Span, point: Span, *, own: bool) -> bool:
        """Whether what runs there changes nothing for `point`: in a subshell, or in a function that is not the one."""
        closed = self.shell.scopes if own else (*self.shell.scopes, *(body for _, body in self.shell.definitions))
        return any(span in part and point not in part for part in closed)

    def _function(self, at: Span) -> tuple[str, Span] | None:
        return next(((name, span) for name, span in reversed(self.shell.definitions) if at in span), None)

    def _site(self, name: str, body: Span) -> Span:
        """Where a function is called first."""
        calls = (command.span for command in self.shell.commands if command.name == name and command.span not in body)
        return next(calls, body)

    def _expanded(self, word: str, at: Span, index: int, depth: int = 4) -> list[str]:
        """What a word may be: the folders of the script, the tree and the shell put in, and what the text sets variables to.

        `index` says which of the folders is meant where the shell may be in several.
        """
        for template, value in self.text.values.items():
            word = word.replace(template, value)
        text = _made(OF_TREE.sub(ROOT, OF_SCRIPT.sub(self._of_script, word)))
        here, match = HERE.search(text), VARIABLE.search(text)
        if (here is None and match is None) or not depth:
            return [text]
        if here is not None:
            folders = self.folders(at)
            texts = [HERE.sub(f"{ROOT}/{folder}", text) for folder in folders[index : index + 1] or folders]
        else:
            texts = [text.replace(match[0], value) for value in self._values(match, at, index, depth - 1)] if match else []
        found = [rest for each in texts for rest in self._expanded(each, at, index, depth - 1)]
        return list(dict.fromkeys(found))[:MANY]

    def _of_script(self, _: re.Match[str]) -> str:
        return UNKNOWN if self.text.folder is None else f"{ROOT}/{self.text.folder}"

    def _values(self, match: re.Match[str], at: Span, index: int, depth: int) -> list[str]:
        """What a variable may be: what is set before `at`, what loops give it, what the function around is called with."""
        name = match["braced"] or match["plain"]
        found = [match["default"]] if match["default"] else []
        found += self._arguments(int(name), at) if name.isdigit() else []
        found += self._assigned(name, at, index, depth)
        for looped, words in self.shell.loops:
            found += [self.plain(word.span) for word in words if looped == name]
        return found[:MANY] or [UNKNOWN]

    def _assigned(self, name: str, at: Span, index: int, depth: int) -> list[str]:
        """What a variable may be set to, from the last place on before `at` to the first that surely sets it."""
        found: list[str] = []
        for assigned, word in sorted(self.shell.assignments, key=lambda each: each[1].span, reverse=True):
            if assigned == name and word.span.end <= at.start and len(found) < MANY:
                found += self._expanded(self.plain(word.span).partition("=")[2], word.span, index, depth)
                if not any(word.span in branch.span and at not in branch.span for branch in self.shell.branches):
                    break
        return found

    def _arguments(self, number: int, at: Span) -> list[str]:
        function = self._function(at)
        calls = [command for command in self.shell.commands if function and command.name == function[0]]
        return [self.plain(command.words[number].span) for command in calls if len(command.words) > number]


def _made(text: str) -> str:
    """A path without the commands that only make another spelling of it, or of the folder that it is in."""
    for pattern, new in MADE:
        text = pattern.sub(new, text)
    return text


def _seen(folder: str, path: str) -> str | None:
    """A path as seen from `folder`, unless it says itself that it is seen from the root of the tree."""
    return within(".", path[1:].lstrip("/") or ".") if path.startswith(ROOT) else within(folder, path)
