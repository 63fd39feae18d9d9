"""Scripts in package.json, composer.json and deno.json: which builds they run, and what they pass as a secret instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from posixpath import dirname
from typing import Any

from codemod.callers.call import Call, Move, NotUnderstoodError, Passed, Tree
from codemod.callers.covered import Covered
from codemod.callers.make.tape import joined, parts
from codemod.callers.scripts_json import Text, texts
from codemod.callers.shell.calls import calls_of, edits_of
from codemod.callers.shell.text import Quotes, ShellText
from codemod.callers.suggestions import flag
from codemod.callers.unknown import rest, unnamed
from codemod.text import Edit, Source, Span

# the objects of a file whose values are commands
OBJECTS = frozenset({"scripts", "tasks"})
# what no build is told: scripts say what they do, the others are prose
READ = OBJECTS | {"name", "description", "keywords"}
KIND = "package script"
LOOSE = "which build is given it is not seen in this file"
RUNS = {"composer.json": "composer run", "deno.json": "deno task"}
# a script that has one of these runs in no cmd.exe, so that `NAME=value` before a command is nothing new there
POSIX = re.compile(r"\$[A-Za-z_{(]|`|\bexport\s|(?:^|&&|;)\s*\w+=\S*\s+\w")
WINDOWS_VARIABLE = re.compile(r"%\w+%")
# Programs that set variables and start what stands behind them; cross-env takes more of them in the same form, …
SETTER = re.compile(r"(?<!\S)(?:npx\s+)?cross-env(?:-shell)?\s+(?P<names>(?:\w+=(?:\"[^\"]*\"|'[^']*'|[^\s\"'])*\s+)*)")
# … the others have them from a file or a vault
LOADER = re.compile(r"(?<!\S)(?:npx\s+)?(?:dotenv|dotenvx|env-cmd|doppler|infisical|chamber|aws-vault|op)\s(?:[^&|;]*?\s)?--\s+")
VARIABLE = re.compile(r"\$\{?(\w+)")
ASSIGNMENT = re.compile(r"\w+=")
SECRET = re.compile(r"--secret[ =]id=[^\s\"']+")
WINDOWS = "%…% is a variable to Windows' shell, and a text to any other"
SET_TWICE = "the shell that reads the line may have another value than the command is given in front of it"


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The builds that the scripts of a file run."""
    del tree  # nothing sources them
    every = tuple(texts(source))
    found = tuple(script.call(call) for script in _scripts(source) for call in script.calls(source))
    read = Covered(text.span for text in every if not text.path or text.path[0] in READ)
    return (*found, *(call for call in _rest(source, found) if not read.touches(call.span)))


def _rest(source: Source, found: Sequence[Call]) -> tuple[Call, ...]:
    """What seems to pass build args beside the scripts, such as the `config` that npm gives them: `$npm_package_config_…`."""
    named = rest(source, found, KIND, LOOSE)
    return (*named, *unnamed(source, (*found, *named), KIND, LOOSE))


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """What passes the secrets instead of the build args."""
    del tree
    return tuple(edit for script in _scripts(source) for edit in script.edits(source, moves))


def mistake(before: Source, after: Source, moves: Sequence[Move]) -> str | None:
    """What differs, in the files as Python loads them, other than the build args that are moved."""
    try:
        old, new = _loaded(before), _loaded(after)
    except ValueError:
        return "it would be no JSON"
    if len(old) != len(new):
        return "it would have more values than before, or fewer"
    written = iter(texts(before))
    for was, now in zip(old, new, strict=True):
        text = next(written) if isinstance(was, str) else None
        own = [move for move in moves if text is not None and move.passed.span in text.span]
        if was != now and not (own and text and _is_moved(before, text, str(now), own)):
            return "a value that is no command with a moved build arg would change"
    return None


def _loaded(source: Source) -> list[Any]:
    """Every value that has none inside, in order."""
    return list(_leaves(json.loads(source.text.removeprefix("\ufeff"), object_pairs_hook=lambda pairs: [value for _, value in pairs])))


def _leaves(value: Any) -> Iterator[Any]:  # noqa: ANN401  (JSON has no schema)
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _is_moved(before: Source, text: Text, now: str, moves: Sequence[Move]) -> bool:
    """Whether `now` has the same words, but for the build args, the secrets, and what is set in front of a command."""
    rest = text.content.text
    for move in moves:
        passed = str(json.loads(f'"{move.passed.span.of(before.text)}"'))
        # one that stays may have its value from the assignment that the secret needs
        left = passed if passed in now else f"--build-arg{'=' if '--build-arg=' in passed else ' '}{move.passed.name}"
        rest = rest.replace(passed, "" if move.removes else left, 1)
    kept, found = (SECRET.sub("", each).split() for each in (rest, now))
    first = next((index for index, pair in enumerate(zip(kept, found, strict=False)) if pair[0] != pair[1]), len(kept))
    added = found[first : first + len(found) - len(kept)]
    return kept == found[:first] + found[first + len(added) :] and (not added or ASSIGNMENT.match(added[0]) is not None)


@dataclass(frozen=True, slots=True)
class _Script:
    """A command, as its shell is given it; `given` are the variables that a program in front of it has its own values for.

    `command` is what one types to run it.
    """

    text: Text
    shell: ShellText
    given: frozenset[str]
    command: str

    def calls(self, source: Source) -> tuple[Call, ...]:
        """Its builds, as its reader has them; a text that no shell could read matters only where it says something of build args."""
        try:
            return calls_of(self.shell, source)
        except NotUnderstoodError:
            if "--build-arg" in self.shell.masked:
                raise
            return ()

    def call(self, call: Call) -> Call:
        """A call as it stands in the file."""
        passes = tuple(map(self._passed, call.passes))
        return replace(call, span=self.text.grown(call.span), passes=passes, command=self.command)

    def edits(self, source: Source, moves: Sequence[Move]) -> Iterator[Edit]:
        """The edits that make those of the moves that are this script's."""
        by_span = {move.passed.span: move for move in moves if move.passed.span in self.text.span}
        passed = [each for call in self.calls(source) for each in call.passes] if by_span else []
        own = [(each, by_span.get(self.text.grown(each.span))) for each in passed]
        found = [replace(move, passed=each) for each, move in own if move is not None]
        yield from (Edit(self.text.grown(edit.span), edit.new) for edit in edits_of(self.shell, source, found))

    def _passed(self, passed: Passed) -> Passed:
        value, obstacle = passed.value or "", passed.obstacle
        if WINDOWS_VARIABLE.search(value):
            obstacle = WINDOWS
        elif not obstacle and self.given & set(VARIABLE.findall(value)):
            obstacle = SET_TWICE
        suggestion = passed.suggestion if obstacle == passed.obstacle else flag(value, passed.name)
        return replace(passed, span=self.text.grown(passed.span), obstacle=obstacle, suggestion=suggestion)


def _scripts(source: Source) -> Iterator[_Script]:
    """The commands of a file."""
    folder = dirname(str(source.path)) or "."
    for text in texts(source):
        if len(text.path) > 1 and text.path[0] in OBJECTS:
            yield _script(text, folder, RUNS.get(source.path.name.lower(), "npm run"))


def _script(text: Text, folder: str, runs: str) -> _Script:
    """A command without what only starts it."""
    content = text.content
    setters, loaders = list(SETTER.finditer(content.text)), list(LOADER.finditer(content.text))
    kept, end = [], 0
    for match in sorted((*setters, *loaders), key=lambda match: match.start()):
        kept.append(Span(end, max(end, match.start())))
        end = max(end, match.end())
    shown, masked = joined(piece for part in (*kept, Span(end, len(content.text))) for piece in parts(content, part))
    given = frozenset(name for match in setters for name in re.findall(r"(\w+)=", match["names"]))
    prefixes = POSIX.search(content.text) is not None and not loaders
    typed = f"{runs} {text.path[1]}" if folder == "." else f"cd {folder} && {runs} {text.path[1]}"
    return _Script(text, ShellText(shown, masked, KIND, (folder,), prefixes=prefixes, quotes=Quotes.DOUBLE), given, typed)
