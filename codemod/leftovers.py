"""What a RUN leaves behind of a secret, however it came by it: files of the layer, git remotes, the build log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename, dirname, normpath

from codemod.consumers import known_name
from codemod.shell import Command, Reading, Shell

ENVIRONMENT_PRINTERS = frozenset({"env", "printenv", "export", "declare"})
HARMLESS_TARGETS = ("/dev/null", "/dev/tcp/", "/dev/fd/", "/dev/shm/", "/run/secrets/")
OUTPUT_TARGETS = ("/dev/stdout", "/dev/stderr", "/proc/1/fd/1", "/proc/self/fd/1")
HOMES = re.compile(r"\A(?:~|\$HOME|\$\{HOME\}|/root)(?=/|\Z)")
XTRACE = re.compile(r"(?:\A|[\s;&|({])set\s+(?:-[a-wyzA-Z]*x|-o\s+xtrace)")


@dataclass(frozen=True, slots=True)
class Leftover:
    """One copy of the value; `reason` is a word of the JSON, `offset` is in the shell text."""

    reason: str
    path: str | None
    detail: str
    offset: int


# Tools that keep what they are told: the tool, its words, where it puts them, and what undoes it in the same RUN.
KEEPERS: tuple[tuple[frozenset[str], str, str, str], ...] = tuple(
    (frozenset(tools.split()), words, path, undone)
    for tools, words, path, undone in (
        ("npm pnpm yarn", r"(?:config )?set\b|login\b|adduser\b", "~/.npmrc", r"config (?:delete|rm|unset)|logout"),
        ("git", r"config\b(?!.*--local)(?=.*(?:--global|--system))", "~/.gitconfig", r"config .*(?:--unset|--remove-section)"),
        ("git", r"config\b", ".git/config", r"config .*(?:--unset|--remove-section)"),
        ("pip pip3", r"config set\b", "~/.config/pip/pip.conf", r"config unset"),
        ("poetry", r"config\b", "~/.config/pypoetry/auth.toml", r"config .*--unset"),
        ("bundle bundler", r"config\b", "~/.bundle/config", r"config unset"),
        ("composer", r"config\b", "~/.composer/auth.json", r"config .*--unset"),
        ("docker podman buildah", r"login\b", "~/.docker/config.json", r"logout"),
        ("helm", r"(?:registry login|repo add)\b", "~/.config/helm", r"registry logout|repo remove"),
        ("dotnet nuget", r"(?:nuget )?(?:add|update) source|sources add|setapikey", "~/.nuget/NuGet/NuGet.Config", r"remove source"),
        ("cargo", r"login\b", "~/.cargo/credentials.toml", r"logout"),
        ("aws", r"configure set\b", "~/.aws/credentials", r"\A\Z"),
        ("gh", r"auth login\b", "~/.config/gh/hosts.yml", r"auth logout"),
        ("conda mamba", r"config\b", "~/.condarc", r"config --remove"),
        ("huggingface-cli hf", r"(?:auth )?login\b", "~/.cache/huggingface/token", r"logout"),
    )
)
REMOTE = r"(?:clone|remote (?:add|set-url)|submodule add)\b"
REMOTE_UNDONE = r"remote (?:set-url|remove|rm)\b"


def leftovers(shell: Shell, names: frozenset[str], *, elsewhere: tuple[str, ...] = ()) -> tuple[Leftover, ...]:
    """What the commands of `shell` keep or show of the variables `names`; paths below `elsewhere` are no layer's."""
    return tuple(_Leaving(shell, names, elsewhere).all())


class _Leaving:
    def __init__(self, shell: Shell, names: frozenset[str], elsewhere: tuple[str, ...]) -> None:
        self.shell, self.elsewhere = shell, elsewhere
        self.names = _with_copies(shell.text, names)

    def all(self) -> Iterator[Leftover]:
        for index, command in enumerate(self.shell.commands):
            yield from self._written(index, command)
            yield from self._kept(index, command)
        yield from self._traced()

    def _carries(self, command: Command) -> bool:
        if known_name(command) in ENVIRONMENT_PRINTERS:
            return self._prints_environment(command)
        given = [*command.words[1:], *(redirect.target for redirect in command.redirects if redirect.operator == "<<<")]
        return any(self.names & word.names for word in given)

    def _prints_environment(self, command: Command) -> bool:
        words = [word.plain for word in command.words if word.plain not in ("export", "declare", "-p", "-x", "-0")]
        name = known_name(command)
        return not [word for word in words if word != name] or (name == "printenv" and bool(self.names & set(words)))

    def _written(self, index: int, command: Command) -> Iterator[Leftover]:
        """Output with the value in it: to a file, into tee, or to the log."""
        name = known_name(command)
        if name not in {"echo", "printf", "cat", *ENVIRONMENT_PRINTERS, "envsubst", "sed", "tee"} or not self._carries(command):
            return
        if name == "sed" and any(word.text.startswith(("-i", "--in-place")) for word in command.words):
            yield from self._file(index, command.words[-1].plain, command)
            return
        files = [redirect.target.plain for redirect in command.redirects if ">" in redirect.operator and redirect.operator != ">&"]
        files += self._tee_files(index)
        for path in files:
            yield from self._file(index, path, command)
        if not files and not command.piped and not command.captured and name != "envsubst":
            yield Leftover("printed", None, f"`{name}` prints it to the build log", command.span.start)

    def _tee_files(self, index: int) -> Iterator[str]:
        while self.shell.commands[index].piped and index + 1 < len(self.shell.commands):
            index += 1
            command = self.shell.commands[index]
            if known_name(command) == "tee":
                yield from (word.plain for word in command.words[1:] if not word.plain.startswith("-"))
            if known_name(command) in ("cat", "tee", "base64"):
                yield from (redirect.target.plain for redirect in command.redirects if ">" in redirect.operator)

    def _file(self, index: int, path: str, command: Command) -> Iterator[Leftover]:
        if path.startswith(OUTPUT_TARGETS):
            yield Leftover("printed", None, f"`{command.name}` prints it to the build log", command.span.start)
        elif not path.startswith(HARMLESS_TARGETS) and not self._is_elsewhere(path) and not self._removed(index, path):
            yield Leftover("written-to-layer", path, f"`{command.name}` writes it to {path}, which the layer keeps", command.span.start)

    def _kept(self, index: int, command: Command) -> Iterator[Leftover]:
        if not self._carries(command) and not self._is_fed(index):
            return
        tool, words = known_name(command), " ".join(word.plain for word in command.words[1:])
        if tool == "git" and re.search(REMOTE, words):
            path = _clone_config(command)
            if not self._removed(index, path) and not self._undone(index, tool, REMOTE_UNDONE):
                yield Leftover("git-remote", path, f"git keeps the URL in {path}", command.span.start)
            return
        for tools, pattern, path, undone in KEEPERS:
            if tool in tools and re.match(pattern, words):
                if not (self._is_elsewhere(path) or self._removed(index, path) or self._undone(index, tool, undone)):
                    yield Leftover("written-to-layer", path, f"`{tool}` keeps it in {path}", command.span.start)
                return

    def _is_fed(self, index: int) -> bool:
        """Whether the command before prints the value into this one."""
        before = self.shell.commands[index - 1] if index else None
        return before is not None and before.piped and known_name(before) in ("echo", "printf") and self._carries(before)

    def _undone(self, index: int, tool: str | None, pattern: str) -> bool:
        return any(
            known_name(later) == tool and re.search(pattern, " ".join(word.plain for word in later.words)) and not self._carries(later)
            for later in self.shell.commands[index + 1 :]
        )

    def _removed(self, index: int, path: str) -> bool:
        targets = [
            _normal(word.plain)
            for later in self.shell.commands[index + 1 :]
            if known_name(later) in ("rm", "shred")
            for word in later.words[1:]
            if not word.plain.startswith("-")
        ]
        wanted = _normal(path)
        return any(wanted == target or wanted.startswith(target + "/") or _same_below(wanted, target) for target in targets)

    def _is_elsewhere(self, path: str) -> bool:
        return any(_normal(path).startswith(_normal(folder)) for folder in self.elsewhere)

    def _traced(self) -> Iterator[Leftover]:
        match = XTRACE.search(self.shell.text)
        mentions = [mention for name in self.names for mention in self.shell.mentions(name)]
        if match and any(mention.reading is Reading.EXPANDED and mention.span.start > match.end() for mention in mentions):
            yield Leftover("traced", None, "`set -x` prints the commands that follow, the value in them", match.start())


def _with_copies(text: str, names: frozenset[str]) -> frozenset[str]:
    """`names` and what the text assigns from them, as far as that reaches."""
    found = set(names)
    while True:
        alternatives = "|".join(map(re.escape, sorted(found)))
        copies = re.findall(rf"\b(\w+)=(?:\"[^\"]*|[^\s\"';&|]*)\$\{{?(?:{alternatives})\b", text)
        if found.issuperset(copies):
            return frozenset(found)
        found.update(copies)


def _clone_config(command: Command) -> str:
    """`.git/config` of what a `git clone` makes, or of the folder at hand."""
    words = [word.plain for word in command.words[1:] if not word.plain.startswith("-")]
    if "clone" not in words:
        return ".git/config"
    url = next((index for index, word in enumerate(words) if "://" in word or ".git" in word), len(words) - 1)
    folder = words[url + 1] if url + 1 < len(words) else basename(words[url]).removesuffix(".git")
    return normpath(folder) + "/.git/config"


def _normal(path: str) -> str:
    return normpath(HOMES.sub("~", path)) if path else path


def _same_below(path: str, target: str) -> bool:
    """After `cd repo`, `rm -rf .git` removes what was called repo/.git before."""
    return target == ".git" and basename(dirname(path)) == ".git"
