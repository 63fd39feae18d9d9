"""What a RUN leaves behind of a secret, however it came by it: files of the layer, git remotes, the build log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.acts import Act, acts, folders
from codemod.erasing import Erasures
from codemod.keepers import KEEPERS, PRINTERS, Keeper
from codemod.outputs import Outputs
from codemod.places import covers, normal, place, spelled
from codemod.remotes import REMOVES, Remote, remote
from codemod.shell import SHELLS, Shell

HARMLESS_TARGETS = ("/dev/null", "/dev/tcp/", "/dev/fd/", "/dev/shm/", "/run/secrets/")
OUTPUT_TARGETS = ("/dev/stdout", "/dev/stderr", "/dev/tty", "/proc/1/fd/", "/proc/self/fd/")
XTRACE = re.compile(r"-[a-zA-Z]*x[a-zA-Z]*")
NO_XTRACE = re.compile(r"\+[a-zA-Z]*x[a-zA-Z]*")


@dataclass(frozen=True, slots=True)
class Leftover:
    """One copy of the value; `reason` is a word of the JSON, `offset` is in the shell text.

    `place` is `path` from the root of the image, or None where the file does not tell.
    """

    reason: str
    path: str | None
    detail: str
    offset: int
    place: str | None = None


def leftovers(
    shell: Shell,
    names: frozenset[str],
    *,
    elsewhere: tuple[str, ...] = (),
    folder: str | None = None,
    files: frozenset[str] = frozenset(),
    traced: bool = False,
) -> tuple[Leftover, ...]:
    """What the commands of `shell` keep or show of the variables `names` and of `files`, which have the value.

    Paths below `elsewhere` are no layer's; `folder` is where the RUN starts, if the file tells. `traced` says that the shell was
    started with -x.
    """
    every = acts(shell)
    outputs = Outputs(every, folders(every, folder), names, frozenset(normal(path) for path in files))
    return tuple(dict.fromkeys(_Leaving(outputs, elsewhere, traced=traced).all()))


class _Leaving:
    def __init__(self, outputs: Outputs, elsewhere: tuple[str, ...], *, traced: bool) -> None:
        self.outputs, self.elsewhere, self.traced = outputs, elsewhere, traced
        self.acts, self.names = outputs.acts, outputs.names
        self.erasures = Erasures(outputs)

    def all(self) -> Iterator[Leftover]:
        for index, act in enumerate(self.acts):
            if not act.inside:
                for path in self.outputs.written[index]:
                    yield from self._file(index, path)
                if act.tool in PRINTERS and (act.tool != "envsubst" or act.operands) and self.outputs.shows(index):
                    yield self._printed(act)
                yield from self._kept(index)
        yield from self._traces()

    def _printed(self, act: Act) -> Leftover:
        return Leftover("printed", None, f"`{act.tool}` prints it to the build log", act.offset)

    # --- files

    def _file(self, index: int, path: str) -> Iterator[Leftover]:
        act = self.acts[index]
        if path.startswith(OUTPUT_TARGETS):
            yield self._printed(act)
        elif not path.startswith(HARMLESS_TARGETS):
            yield from self._layer("written-to-layer", index, path, f"`{act.tool}` writes it to {path}, which the layer keeps")

    def _layer(self, reason: str, index: int, path: str, detail: str) -> Iterator[Leftover]:
        folder = self.outputs.folders[index]
        found = spelled(path, folder)
        is_elsewhere = any(covers(normal(mounted), found) for mounted in self.elsewhere)
        if not is_elsewhere and not self.erasures.removes(index, found):
            yield Leftover(reason, path, detail, self.acts[index].offset, place(path, folder))

    # --- tools that keep what they are told

    def _kept(self, index: int) -> Iterator[Leftover]:
        act = self.acts[index]
        if not self.outputs.is_given(index):
            return
        words = " ".join(act.operands)
        kept = remote(act) if act.tool == "git" else None
        if kept is not None:
            yield from self._remote(index, kept)
            return
        keeper = next((keeper for keeper in KEEPERS if _fits(keeper, act, words)), None)
        path = _config_file(act, keeper.path) if keeper else None
        if keeper and path is not None and not self._undone(index, keeper, path):
            yield from self._layer("written-to-layer", index, path, f"`{act.tool}` keeps it in {path}")

    def _undone(self, index: int, keeper: Keeper, path: str) -> bool:
        """Whether the tool itself is told to forget it, later and in any case."""
        act = self.acts[index]
        for later, other in enumerate(self.acts):
            said = " ".join(other.words)
            if other.tool != act.tool or not re.search(keeper.undone, said) or not self.erasures.is_certain(later, index):
                continue
            if _config_file(other, keeper.path) == path and (_is_same(act, other) if keeper.keyed else _is_no_other(act, other)):
                return True
        return False

    def _remote(self, index: int, kept: Remote) -> Iterator[Leftover]:
        path = spelled(kept.path, self.outputs.folders[index])
        if any(self.outputs.has(word, index) for word in kept.given) and not self._gets_another_url(index, kept.name, path):
            yield from self._layer("git-remote", index, kept.path, f"git keeps the URL in {kept.path}")

    def _gets_another_url(self, index: int, name: str, path: str) -> bool:
        for later, act in enumerate(self.acts):
            other = remote(act) if act.tool == "git" and self.erasures.is_certain(later, index) else None
            is_that_one = other is not None and other.verb in REMOVES and other.name == name
            if other is None or not is_that_one or spelled(other.path, self.outputs.folders[later]) != path:
                continue
            if not any(self.outputs.has(word, later) for word in other.given):
                return True
        return False

    # --- set -x

    def _traces(self) -> Iterator[Leftover]:
        for index, act in enumerate(self.acts):
            if act.tool == "set" and not act.inside and _turns(act, on=True) and self._shows_a_command(index):
                yield Leftover("traced", None, "`set -x` prints the commands that follow, the value in them", act.offset)
            elif self._is_a_traced_shell(act) and any(self._has(inner) for inner in act.inside):
                yield Leftover("traced", None, f"`{act.tool} -x` prints each command, the value in it", act.offset)
        if self.traced and self._shows_a_command(-1):
            yield Leftover("traced", None, "the shell runs with -x, which prints each command, the value in it", 0)

    def _is_a_traced_shell(self, act: Act) -> bool:
        return act.tool in SHELLS and any(XTRACE.fullmatch(word) for word in act.words)

    def _shows_a_command(self, index: int) -> bool:
        """Whether a command has the value, or an assignment, before tracing is turned off again; -1 is the start."""
        scopes = self.acts[index].scopes if index >= 0 else frozenset()
        number, start = (self.acts[index].level.number, self.acts[index].command.span.end) if index >= 0 else (0, 0)
        for later in range(index + 1, len(self.acts)):
            act = self.acts[later]
            if act.level.number != number or not scopes <= act.scopes:
                continue
            if act.tool == "set" and _turns(act, on=False):
                return self._assigns(number, start, act.command.span.start)
            if self._has(later):
                return True
        return self._assigns(number, start, None)

    def _has(self, index: int) -> bool:
        return any(self.outputs.has(word, index) for word in self.acts[index].command.words)

    def _assigns(self, number: int, start: int, end: int | None) -> bool:
        level = next((act.level for act in self.acts if act.level.number == number), None)
        return level is not None and any(
            self.names & word.own and word.span.start >= start and (end is None or word.span.end <= end)
            for _, word in level.shell.assignments
        )


def _turns(act: Act, *, on: bool) -> bool:
    """Whether `set` turns tracing on, or off."""
    pattern, long = (XTRACE, "-o") if on else (NO_XTRACE, "+o")
    pairs = zip(act.words, act.words[1:], strict=False)
    return any(pattern.fullmatch(word) for word in act.words) or (long, "xtrace") in pairs


def _fits(keeper: Keeper, act: Act, words: str) -> bool:
    said = " ".join(act.words)
    fits = act.tool in keeper.tools and re.match(keeper.words, words) is not None and re.search(keeper.needs, said) is not None
    return fits and not re.search(keeper.undone, said)  # what takes it away keeps nothing


def _key(act: Act) -> str:
    """What `config set KEY VALUE` or `config KEY VALUE` sets, or a removal removes."""
    rest = [word for word in act.operands if not word.startswith("+")]
    while rest and rest[0] in ("config", "c", "set", "unset", "delete", "rm"):
        rest = rest[1:]
    return re.split(r"[=\s]", rest[0])[0].lower() if rest else ""


def _is_same(act: Act, other: Act) -> bool:
    key, removed = _key(act), _key(other)
    return key == removed or ("--remove-section" in other.words and key.startswith(removed + ".") and removed != "")


def _is_no_other(act: Act, other: Act) -> bool:
    """Whether a logout is of the host of the login, if it names one at all."""
    hosts = [word for word in other.operands if "." in word or ":" in word or "/" in word]
    return all(host in act.words for host in hosts)


def _config_file(act: Act, path: str) -> str | None:
    """Where a tool writes: below the folder at hand, or for everyone, if it is told so. None where it writes nothing."""
    said = f" {' '.join(act.words)} "
    if path == "~/.gitconfig":
        if re.search(r" --(?:get|list|unset|remove|rename|edit)\S* | -[le] ", said) and len(act.operands) < len(("config", "key", "value")):
            return _git_config(said) if re.search(r" --(?:unset|remove)", said) else None
        return _git_config(said)
    if path == "~/.npmrc":
        given = re.search(r" --userconfig[= ](\S+)", said)
        return given[1] if given else ".npmrc" if re.search(r" --location[= ]project", said) else path
    if path == "~/.bundle/config" and " --local " in said:
        return ".bundle/config"
    if path == "auth.json" and re.search(r" (?:-g|--global) ", said):
        return "~/.composer/auth.json"
    return path


def _git_config(said: str) -> str:
    given = re.search(r" (?:-f|--file)[= ](\S+)", said)
    if given:
        return given[1]
    return "~/.gitconfig" if " --global " in said else "/etc/gitconfig" if " --system " in said else ".git/config"
