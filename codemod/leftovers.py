"""What a RUN leaves behind of a secret, however it came by it: files of the layer, git remotes, the build log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath

from codemod.consumers import known_name
from codemod.shell import Command, Reading, Shell
from codemod.wrappers import started

ENVIRONMENT_PRINTERS = frozenset({"env", "printenv", "export", "declare", "set"})
# their output has what their arguments and their input have
TEXT_PROGRAMS = frozenset({
    "echo", "printf", "cat", "sed", "awk", "gawk", "mawk", "perl", "python", "python3", "node", "ruby", "jq", "yq", "envsubst", "tee",
    "xmlstarlet", *ENVIRONMENT_PRINTERS,
})  # fmt: skip
PRINTERS = frozenset({"echo", "printf", "cat", *ENVIRONMENT_PRINTERS})
# what goes in does not come out
DIGESTS = frozenset({
    "sha1sum", "sha256sum", "sha512sum", "md5sum", "b2sum", "wc", "chpasswd", "passwd", "docker", "podman", "helm", "gh", "npm", "ssh-add",
    "gpg", "curl", "wget", "mysql", "psql", "git",
})  # fmt: skip
IN_PLACE = {
    "sed": r"-[a-zA-Z]*i|--in-place",
    "perl": r"-[a-zA-Z]*i",
    "yq": r"-i|--inplace",
}
HARMLESS_TARGETS = ("/dev/null", "/dev/tcp/", "/dev/fd/", "/dev/shm/", "/run/secrets/")
OUTPUT_TARGETS = ("/dev/stdout", "/dev/stderr", "/proc/1/fd/1", "/proc/self/fd/1")
HOMES = re.compile(r"\A(?:~|\$HOME|\$\{HOME\}|/root)(?=/|\Z)")
XTRACE = re.compile(r"(?:\A|[\s;&|({])set\s+(?:-[a-wyzA-Z]*x|-o\s+xtrace)")

# Tools that keep what they are told: the tool, its words without options, where it puts them, and what undoes it in the same RUN.
KEEPERS: tuple[tuple[frozenset[str], str, str, str], ...] = tuple(
    (frozenset(tools.split()), words, path, undone)
    for tools, words, path, undone in (
        ("npm pnpm yarn", r"(?:(?:config|c) )?set\b|login\b|adduser\b", "~/.npmrc", r"(?:config|c) (?:delete|rm|unset)|logout"),
        ("npm pnpm yarn", r"(?:install|i|add)\b", "node_modules", r"\A\Z"),
        ("git", r"credential approve", "~/.git-credentials", r"credential reject"),
        ("git", r"config\b", "~/.gitconfig", r"config .*(?:--unset|--remove-section)"),
        ("pip pip3", r"config set\b", "~/.config/pip/pip.conf", r"config unset"),
        ("poetry", r"config\b", "~/.config/pypoetry/auth.toml", r"config .*--unset"),
        ("poetry", r"source add\b", "pyproject.toml", r"source remove"),
        ("bundle bundler", r"config\b", "~/.bundle/config", r"config unset"),
        ("composer", r"config\b", "~/.composer/auth.json", r"config .*--unset"),
        ("docker podman buildah", r"login\b", "~/.docker/config.json", r"logout"),
        ("helm", r"(?:registry login|repo add)\b", "~/.config/helm", r"registry logout|repo remove"),
        ("dotnet nuget", r"(?:nuget )?(?:add|update) source|sources add|setapikey", "~/.nuget/NuGet/NuGet.Config", r"remove source"),
        ("cargo", r"login\b", "~/.cargo/credentials.toml", r"logout"),
        ("go", r"env\b", "~/.config/go/env", r"env -u"),
        ("aws", r"configure set\b", "~/.aws/credentials", r"\A\Z"),
        ("gh", r"auth login\b", "~/.config/gh/hosts.yml", r"auth logout"),
        ("conda mamba", r"config\b", "~/.condarc", r"config --remove"),
        ("huggingface-cli hf", r"(?:auth )?login\b", "~/.cache/huggingface/token", r"logout"),
        ("add-apt-repository", r"", "/etc/apt/sources.list.d", r"--remove|-r\b"),
    )
)
REMOTE = r"(?:clone|remote (?:add|set-url)|submodule add)\b"
REMOTE_UNDONE = r"remote (?:set-url|remove|rm)\b"


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


def leftovers(shell: Shell, names: frozenset[str], *, elsewhere: tuple[str, ...] = (), folder: str | None = None) -> tuple[Leftover, ...]:
    """What the commands of `shell` keep or show of the variables `names`.

    Paths below `elsewhere` are no layer's; `folder` is where the RUN starts, if the file tells.
    """
    return tuple(dict.fromkeys(_Leaving(shell, names, elsewhere, folder).all()))


def normal(path: str) -> str:
    """A path in one spelling: root's home is `~`, however it is written."""
    return normpath(HOMES.sub("~", path)) if path else path


class _Leaving:
    def __init__(self, shell: Shell, names: frozenset[str], elsewhere: tuple[str, ...], folder: str | None) -> None:
        self.shell, self.elsewhere = shell, elsewhere
        self.names = _with_copies(shell, names)
        self.commands = started(shell)
        self.puts_out: list[bool] = []
        for index in range(len(self.commands)):
            self.puts_out.append(self._puts_out(index))
        self.folder = None if any(command.name in ("cd", "pushd") for command in self.commands) else folder

    def all(self) -> Iterator[Leftover]:
        for index in range(len(self.commands)):
            yield from self._written(index)
            yield from self._kept(index)
        yield from self._traced()

    # --- what a command is given, and what comes out of it

    def _carries(self, command: Command) -> bool:
        name = known_name(command)
        if name in ENVIRONMENT_PRINTERS:
            return self._prints_environment(command)
        given = [*command.words[1:], *(redirect.target for redirect in command.redirects if redirect.operator == "<<<")]
        if name == "envsubst":
            return not given or any(self.names & set(re.findall(r"\w+", word.plain)) for word in given)
        return any(self.names & word.names for word in given)

    def _prints_environment(self, command: Command) -> bool:
        name = known_name(command)
        options = () if name == "set" else ("-p", "-x", "-0")
        words = [word.plain for word in command.words if word.plain not in (name, *options)]
        return not words or (name in ("printenv", "declare") and bool(self.names & set(words)))

    def _is_fed(self, index: int) -> bool:
        """Whether the command before pipes the value into this one."""
        start = self.commands[index].span.start
        before = next((place for place in range(index - 1, -1, -1) if self.commands[place].span.end <= start), None)
        return before is not None and self.commands[before].piped and self.puts_out[before]

    def _puts_out(self, index: int) -> bool:
        """Whether the value is in what a command prints; asked of one command after the other."""
        command = self.commands[index]
        name = known_name(command)
        return (name in TEXT_PROGRAMS and self._carries(command)) or (name not in DIGESTS and self._is_fed(index))

    # --- files and the log

    def _written(self, index: int) -> Iterator[Leftover]:
        command = self.commands[index]
        name = known_name(command)
        if not self.puts_out[index]:
            return
        in_place = IN_PLACE.get(name or "")
        if in_place and any(re.match(in_place, word.text) for word in command.words[1:]):
            yield from self._file(index, command.words[-1].plain)
            return
        files = [redirect.target.plain for redirect in command.redirects if redirect.takes_output]
        if name == "tee":
            files += [word.plain for word in command.words[1:] if not word.plain.startswith("-")]
        for path in files:
            yield from self._file(index, path)
        if not files and name in PRINTERS and not command.piped and not command.captured:
            yield self._printed(command)

    def _printed(self, command: Command) -> Leftover:
        return Leftover("printed", None, f"`{command.name}` prints it to the build log", command.span.start)

    def _file(self, index: int, path: str) -> Iterator[Leftover]:
        command = self.commands[index]
        if path.startswith(OUTPUT_TARGETS):
            yield self._printed(command)
        elif not path.startswith(HARMLESS_TARGETS) and not self._is_elsewhere(path):
            yield from self._copied(index, path)
            if not self._removed(index, path):
                detail = f"`{command.name}` writes it to {path}, which the layer keeps"
                yield Leftover("written-to-layer", path, detail, command.span.start, self._place(path))

    def _copied(self, index: int, path: str) -> Iterator[Leftover]:
        """What later commands make of the file: a copy outlives it."""
        for later in range(index + 1, len(self.commands)):
            words = [word.plain for word in self.commands[later].words[1:] if not word.plain.startswith("-")]
            if known_name(self.commands[later]) in ("cp", "mv", "install") and path in words[:-1]:
                yield from self._file(later, words[-1])

    def _kept(self, index: int) -> Iterator[Leftover]:
        command = self.commands[index]
        tool, words = known_name(command), _plain_words(command)
        if not self._carries(command) and not self._is_fed(index):
            return
        if tool == "git" and re.search(REMOTE, " ".join(words)):
            yield from self._remote(index)
            return
        for tools, pattern, path, undone in KEEPERS:
            if tool in tools and re.match(pattern, " ".join(words)):
                yield from self._keeps(index, _config_file(command, path), undone)
                return

    def _keeps(self, index: int, path: str, undone: str) -> Iterator[Leftover]:
        command = self.commands[index]
        if path == "node_modules" and not any("git+" in word.plain for word in command.words):
            return
        if "--unset" in " ".join(word.plain for word in command.words):
            return
        if not (self._is_elsewhere(path) or self._removed(index, path) or self._undone(index, undone)):
            yield Leftover("written-to-layer", path, f"`{known_name(command)}` keeps it in {path}", command.span.start, self._place(path))

    def _remote(self, index: int) -> Iterator[Leftover]:
        command = self.commands[index]
        url, folder = _remote(command)
        if url is None or not self.names & url:
            return
        path = normpath(folder) + "/.git/config" if folder else ".git/config"
        if not self._is_elsewhere(path) and not self._removed(index, path) and not self._undone(index, REMOTE_UNDONE):
            yield Leftover("git-remote", path, f"git keeps the URL in {path}", command.span.start, self._place(path))

    # --- what takes a copy away again

    def _undone(self, index: int, pattern: str) -> bool:
        tool, key = known_name(self.commands[index]), _key(self.commands[index])
        for later in self.commands[index + 1 :]:
            words = " ".join(word.plain for word in later.words)
            if known_name(later) == tool and re.search(pattern, words) and key in words:
                return tool != "git" or "set-url" not in words or not self._carries(later)
        return False

    def _removed(self, index: int, path: str) -> bool:
        wanted = self._spelled(path)
        return any(_covers(target, wanted) for target in self._removals(index))

    def _removals(self, index: int) -> Iterator[str]:
        """What is removed after a command, whatever happens: not under a condition that the command is not under."""
        writer = self.commands[index].span
        for place, later in enumerate(self.commands):
            in_trap = any(other.name == "trap" and later.span in other.span and other is not later for other in self.commands)
            conditional = any(later.span in block and writer not in block for block in self.shell.blocks)
            if (place > index or in_trap) and not conditional and known_name(later) in ("rm", "shred", "unlink"):
                yield from (self._spelled(word.plain) for word in later.words[1:] if not word.plain.startswith("-"))

    def _spelled(self, path: str) -> str:
        return self._place(path) or normal(path)

    def _place(self, path: str) -> str | None:
        if path.startswith("/") or HOMES.match(path):
            return normal(path)
        return normal(join(self.folder, path)) if self.folder and "$" not in path[:1] else None

    def _is_elsewhere(self, path: str) -> bool:
        return any(_covers(normal(folder), self._spelled(path)) for folder in self.elsewhere)

    def _traced(self) -> Iterator[Leftover]:
        match = XTRACE.search(self.shell.text)
        mentions = [mention for name in self.names for mention in self.shell.mentions(name)]
        if match and any(mention.reading is Reading.EXPANDED and mention.span.start > match.end() for mention in mentions):
            yield Leftover("traced", None, "`set -x` prints the commands that follow, the value in them", match.start())


def _with_copies(shell: Shell, names: frozenset[str]) -> frozenset[str]:
    """`names` and what the text assigns from them, and from those."""
    found = names
    while True:
        copies = {name for name, word in shell.assignments if found & word.names}
        if found >= copies:
            return found
        found |= copies


def _plain_words(command: Command) -> list[str]:
    return [word.plain for word in command.words[1:] if not word.plain.startswith("-")]


def _key(command: Command) -> str:
    """What `npm config set KEY=…` sets: only the removal of the same undoes it. Empty for all else."""
    words = _plain_words(command)
    if known_name(command) not in ("npm", "pnpm", "yarn") or "set" not in words:
        return ""
    return re.split(r"[=\s]", "".join(words[words.index("set") + 1 :][:1]))[0]


def _config_file(command: Command, path: str) -> str:
    """Git and npm write below the folder at hand unless told otherwise."""
    words = " ".join(word.plain for word in command.words)
    if path == "~/.gitconfig" and "--system" in words:
        return "/etc/gitconfig"
    if path == "~/.gitconfig" and "--global" not in words:
        return ".git/config"
    return ".npmrc" if path == "~/.npmrc" and "--location=project" in words else path


def _remote(command: Command) -> tuple[frozenset[str] | None, str | None]:
    """The variables in the URL of a `git clone` or `git remote`, and the folder that a clone makes."""
    words = [word for word in command.words[1:] if not word.plain.startswith("-")]
    verbs = [index for index, word in enumerate(words) if word.plain in ("clone", "set-url", "add")]
    if not verbs:
        return None, None
    rest = words[verbs[-1] + 1 :]
    url = next((index for index, word in enumerate(rest) if "://" in word.plain or word.plain.endswith(".git")), None)
    if words[verbs[-1]].plain != "clone":
        return frozenset().union(*(word.names for word in rest)), None
    url = url if url is not None else next((index for index, word in enumerate(rest) if word.names), 0)
    if url >= len(rest):
        return None, None
    folder = rest[url + 1].plain if url + 1 < len(rest) else basename(rest[url].plain).removesuffix(".git")
    return rest[url].names, folder


def _covers(target: str, path: str) -> bool:
    """Whether removing `target` removes `path`."""
    if target.endswith("/*"):
        rest = path.removeprefix(target[:-1])
        return rest != path and not rest.startswith(".")
    after_cd = target == ".git" and basename(dirname(path)) == ".git"  # `cd repo && rm -rf .git`
    return path == target or path.startswith(target.rstrip("/") + "/") or after_cd
