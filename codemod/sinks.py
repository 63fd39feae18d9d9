"""What a use says about a value's being a secret: where the words of a command carry it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from codemod.carriers import MARK, Carriers, around, put_in
from codemod.consumers import known_name
from codemod.destinations import (
    A_BIT_AGAINST,
    A_BIT_FOR,
    AGAINST,
    CREDENTIALS,
    FILE_USES,
    FILTERS,
    FOR,
    INNOCENT,
    KEY_FILES,
    PARTLY_FOR,
    PUBLIC_FILES,
    STDIN,
    USERINFO,
    WHOLE_FILES,
    WRITTEN,
    Destination,
)
from codemod.names import NameSays, judge, public_prefix, words
from codemod.shell import Command, Shell, Word, read
from codemod.wrappers import started, texts


class Sink(NamedTuple):
    """A place that only secrets go to (`weight` above 0), or that none goes to; `offset` is in the shell text."""

    weight: int
    detail: str
    offset: int


# What a name before the value says of it: `nexusPassword=§`, `"apiKey": "§"`, `--store-pass §`, `config set _token §`, `s/PASSWORD/§/`.
NAMES = (
    re.compile(rf"(?:(?<![^\n])-[DP])?([\w.-]*\w)[\"'\]]*\s*(?:=>|:=|[:=]{{1,2}})\s*[ubrf@L]?[\s\"'\\]*(?:[\w.]+[:=])?{MARK}"),
    re.compile(rf"<([\w:.-]+)[^<>]*>\s*{MARK}"),
    re.compile(rf"\b(?:key|name)=[\"']([\w:.-]+)[\"']\s+value=[\"']{MARK}"),
    re.compile(rf"<name>([\w:.-]+)</name>\s*<value>\s*{MARK}"),
    re.compile(rf"[\"']([\w.-]+)[\"'\\]*\s*,\s*[\"'\\]*{MARK}"),
    re.compile(rf"^([\w.-]*\w)=(?:[^\n]*[\s:=,;]{MARK}$|\{{[^\n]*\"{MARK}\")", re.MULTILINE),
    re.compile(rf"(?:^|[ \t])([\w.-]+)[ \t]+[\"']?{MARK}", re.MULTILINE),
    re.compile(rf"^-{{1,2}}([A-Za-z][\w-]+)[\n=](?:[^\s:]+:)?{MARK}", re.MULTILINE),
    re.compile(rf"^-{{0,2}}(?:config(?:ure|uration)?|set)\n(?:.*\n)*[^\s-]*?([\w-]+)\n{MARK}", re.MULTILINE),
)
# … and a word before it that is no option's, or a function's: only where they are a credential's
BARE = re.compile(
    rf"^(?!(?:secret|token|key|credential|auth|passwd)s?\n)([A-Za-z][\w.-]*)\n(?:--value[=\n])?{MARK}|([\w.]*\w)\(\s*[\"'\\]*{MARK}",
    re.MULTILINE,
)
ECHO_OPTION = re.compile(r"-[neE]+")
# a word that may name what is read; no `--password=x`, whose x nobody is to see, and no `-px`
NAME_OF_INPUT = re.compile(r"(?:--|-(?=\w+-))?(?:with-)?([A-Za-z][\w.-]*?)(?:-file)?(?:=@?(?:-|/dev/stdin))?")
SETTING = re.compile(rf"[\w.-]+\s*[=:]\s*{MARK}")
COPY = re.compile(r"\w+=\$(?:\w+|\{\w+\})")
# a file that only has the value: `<(echo "$X")`
AS_FILE = re.compile(rf"<\([^()]*{MARK}[^()]*\)")
REPLACED = re.compile(rf"^(?:/([^/\n]*)/)?s([/|#@,!%:])(.*?)\2[^/|]*{MARK}", re.MULTILINE)
NAMED = {
    NameSays.SECRET: FOR,
    NameSays.PROBABLY: PARTLY_FOR,
    NameSays.POSSIBLY: 0,
    NameSays.NOTHING: 0,
    NameSays.AGAINST: A_BIT_AGAINST,
    NameSays.NONE: AGAINST,
}


# a command that is given the value more often says nothing new
MANY = 50
# programs that run the one behind them, and the words between
RUNNERS = frozenset(
    {"npx", "bunx", "pnpx", "npm", "pnpm", "yarn", "bun", "bundle", "poetry", "uv", "uvx", "pipx", "python", "python3", "php"}
)
RUNS = frozenset({"exec", "run", "dlx", "x", "tool"})
# … and what they do themselves, under the name of another program
SUBCOMMANDS = frozenset({"install", "ln", "ls", "rm"})


# nginx's directives of that name have addresses (ngx_http_proxy_module and its kin)
UPSTREAMS = frozenset({"fastcgi_pass", "grpc_pass", "memcached_pass", "proxy_pass", "scgi_pass", "uwsgi_pass"})


def sinks(shell: Shell, values: Mapping[str, str]) -> Iterator[Sink]:
    """Where a RUN's commands carry a value, as far as that tells; `values` are the variables that have it, see Carriers."""
    carriers = Carriers(shell, values)
    commands = started(shell)
    for command in commands:
        yield from _given(command, [carriers(word, command) for word in command.words])
    for command in shell.commands:
        yield from _handed_on(shell, command, carriers, (*commands, *_named_in(shell)))
    for run in (text for command in commands for text in texts(command)):
        for inner in sinks(read(run.plain), carriers.texts):
            yield inner._replace(offset=run.span.start)  # what `sh -c` runs, pipes and all
    for target, word in shell.assignments:
        text = carriers(word)
        if MARK in text and target not in values:
            # a name says what it is given whole; of a part, only what stands around it does
            said = text if COPY.fullmatch(word.plain) else text.removeprefix(f"{target}=")
            yield from _in_words(frozenset(), said, word.span.start)


def _named_in(shell: Shell) -> Iterator[Command]:
    """The commands that git is told to run instead of ssh."""
    for target, word in shell.assignments:
        if target == "GIT_SSH_COMMAND":
            for command in started(read(word.plain.partition("=")[2])):
                yield replace(command, span=word.span)


def of_value(target: str, text: str) -> tuple[int, str] | None:
    """What it says that `target` is given `text`, in which the value is marked: a name, or a URL, that only credentials have."""
    found = next(_in_words(frozenset(), f"{target}={text}", 0), None)
    return (found.weight, found.detail) if found else None


def of_text(text: str) -> tuple[int, str] | None:
    """What it says that a text has the value where it is marked."""
    found = next(_in_words(frozenset(), text, 0), None)
    return (found.weight, found.detail) if found else None


def is_userinfo(text: str, values: Mapping[str, str]) -> bool:
    """Whether a URL in `text` carries one of the variables `values`, or what they carry, as its credential."""
    return re.search(USERINFO, put_in(text, values)) is not None


def _given(command: Command, texts: Sequence[str]) -> Iterator[Sink]:
    """Each word of a command that has the value, among its other words; what is quoted there speaks for itself."""
    texts = [text.replace("\n", " ") for text in _with_arguments(texts)]
    others = [text if not re.search(rf"[\s${MARK}]", text) else "…" for text in texts]
    first = int(command.name != "test" or len(texts) > 1)  # a `[ … ]` is one word
    carrying = [index for index, text in enumerate(texts) if index >= first and MARK in text]
    for index in carrying[:MANY]:
        line = "\n".join((*others[first:index], texts[index], *others[index + 1 :]))
        yield from _in_words(_tools(command), line, command.words[index].span.start)
        found = _row(FILE_USES, _tools(command), AS_FILE.sub(MARK, line)) if AS_FILE.search(line) else None
        if found:
            yield Sink(*found, command.words[index].span.start)


def _with_arguments(texts: Sequence[str]) -> list[str]:
    """The words of jq and yq, with what `--arg name §` gives them."""
    given = [texts[index - 1] for index, text in enumerate(texts) if index > 1 and text == MARK and texts[index - 2] == "--arg"]
    return [put_in(text, dict.fromkeys(given, MARK)) if given else text for text in texts]


def _tools(command: Command) -> frozenset[str]:
    """The tool that a command runs, and the one that it has run: `npx cypress`, `python -m twine`."""
    tool = (command.name or "").rpartition("/")[2]
    if tool not in RUNNERS:
        return frozenset({tool})
    run = next((word.plain for word in command.words[1:] if not word.plain.startswith("-") and word.plain not in RUNS), "")
    return frozenset({tool, run.removesuffix(".phar")}) - SUBCOMMANDS


def _in_words(tools: frozenset[str], text: str, offset: int) -> Iterator[Sink]:
    """The first that fits: a credential's place, a credential's name, a place for something else, any other name."""
    text = around(text)
    named = _named(text)
    for found in (_row(CREDENTIALS, tools, text), named if named and named[0] >= FOR else None, _row(INNOCENT, tools, text), named):
        if found:
            yield Sink(*found, offset)
            return


def _row(table: Iterable[Destination], tools: frozenset[str], text: str) -> tuple[int, str] | None:
    row = next((row for row in table if row.fits(tools, text)), None)
    return (row.weight, row.detail) if row else None


def _named(text: str) -> tuple[int, str] | None:
    found = _weighed(match[1] for pattern in NAMES for match in pattern.finditer(text))
    near = _weighed(match[1] or match[2] for match in BARE.finditer(text))
    found = found or [each for each in near if each[0] > 0] or _weighed(_replaced(text))
    weight, name = max(found, default=(0, ""))
    return (weight, f"it is given as {name.lstrip('-')}") if weight else None


def _weighed(names: Iterable[str]) -> list[tuple[int, str]]:
    return [(weight, name) for name in names if (weight := _weight(name))]


def _replaced(text: str) -> list[str]:
    """The words that a `s/…/…/` puts the value in place of."""
    return [word for match in REPLACED.finditer(text) for word in re.findall(r"[A-Za-z][\w.-]*", f"{match[1]} {match[3]}")]


def _weight(name: str) -> int:
    """What it says that a value is given by `name`."""
    if name in UPSTREAMS:
        return 0
    if public_prefix(name):
        return AGAINST
    last = words(name)[-1:]
    if last in (("license",), ("licence",)):
        return A_BIT_FOR
    if last in (("serial",), ("encrypt",)) or name.lower() == "routing_key":  # PagerDuty's
        return PARTLY_FOR
    return NAMED[judge(name)]


def _handed_on(shell: Shell, command: Command, carriers: Carriers, commands: Sequence[Command]) -> Iterator[Sink]:
    """What a command prints, or is fed, that carries the value: who reads it, what keeps it, and what is done with that."""
    fed = [redirect.target for redirect in command.redirects if redirect.is_text]
    given = [carriers(word, command) for word in fed]
    given += [] if command.name not in ("echo", "printf") else _printed([carriers(word, command) for word in command.words])
    given = [text for text in given if MARK in text]
    if not given:
        return
    is_made = bool(fed) or command.name == "printf"
    for line in (line for text in given for line in text.splitlines() if is_made and MARK in line):
        yield from _in_words(frozenset(), line, command.span.start)
    spans = [command.span, *(other.span for other in shell.fed_by(command))]
    for reader in commands:
        if reader.span in spans:
            yield from _kept(reader, given, commands)
            yield from _repeated(reader, commands)
            yield from _read(reader, given) if reader.span != command.span or fed else ()


def _printed(words: Sequence[str]) -> list[str]:
    """What `echo` or `printf` make of their words; a format has what its `%s` are given."""
    if words[0] == "echo":
        return [" ".join(word for word in words[1:] if not ECHO_OPTION.fullmatch(word))]
    pieces = words[1].split("%s") if len(words) > 1 else ()
    if len(pieces) < 2:  # noqa: PLR2004  (no %s in it)
        return list(words[1:])
    values = [*words[2:], *("" for _ in pieces)]
    return ["".join(part for pair in zip(pieces, [*values[: len(pieces) - 1], ""], strict=True) for part in pair).replace("\\n", "\n")]


def _read(reader: Command, given: Sequence[str]) -> Iterator[Sink]:
    given_words = [word.plain for word in reader.words[1:]]
    tool, text = known_name(reader), " ".join(given_words)
    if all(re.match(rf"{MARK}:\S", each) for each in given):
        return  # a user's name before a password
    for tools, pattern, weight, what in STDIN:
        if tool in tools and re.search(pattern, text):
            yield Sink(weight, f"{tool} reads it {what}", reader.span.start)
            return
    names = ((word, match) for word in given_words if (match := NAME_OF_INPUT.fullmatch(word)))
    said = next((word for word, match in names if judge(match[1]) is NameSays.SECRET), None)
    if said and reader.name and tool not in FILTERS:
        yield Sink(FOR, f"{reader.name} reads it behind {said}", reader.span.start)


def _kept(reader: Command, given: Sequence[str], commands: Sequence[Command]) -> Iterator[Sink]:
    """The files that a command writes it to: its redirects, or what `tee` is told."""
    files = [redirect.target for redirect in reader.redirects if redirect.takes_output]
    files += [word for word in reader.words[1:] if known_name(reader) == "tee" and not word.text.startswith("-")]
    is_whole = any(text.strip() == MARK for text in given)
    is_named = not is_whole and any(
        SETTING.fullmatch(text.strip()) and (_named(text) or (0, ""))[0] < 0 for text in given
    )  # `username=§` in a file of credentials
    for file in files:
        if is_named:
            continue
        if re.fullmatch(PUBLIC_FILES, file.plain):
            yield Sink(AGAINST, f"it is written to {file.plain}", file.span.start)
        elif is_whole and file.plain.endswith(".pem") and not re.fullmatch(KEY_FILES, file.plain):
            yield Sink(PARTLY_FOR, f"it is written to {file.plain}", file.span.start)
            yield from _used(file, commands)
        elif re.fullmatch(KEY_FILES, file.plain) or (is_whole and re.fullmatch(WHOLE_FILES, file.plain)):
            yield Sink(WRITTEN, f"it is written to {file.plain}", file.span.start)
        elif is_whole:
            yield from _used(file, commands)
            if known_name(reader) == "base64":
                yield Sink(PARTLY_FOR, "it is decoded into a file", file.span.start)


def _repeated(reader: Command, commands: Sequence[Command]) -> Iterator[Sink]:
    """What `xargs -I{} …` makes of what it reads."""
    words = [word.plain for word in reader.words]
    place = next((word[2:] or following for word, following in pairwise([*words, ""]) if word.startswith("-I")), "")
    if known_name(reader) == "xargs" and place:
        for command in commands:
            if command.span == reader.span and command != reader:
                yield from _given(command, [word.plain.replace(place, MARK) for word in command.words])


def _used(file: Word, commands: Sequence[Command]) -> Iterator[Sink]:
    """What is done with a file that has nothing but the value in it."""
    for command in commands:
        if any(redirect.operator == "<" and redirect.target.plain == file.plain for redirect in command.redirects):
            yield from _read(command, (MARK,))
        texts = [word.plain.replace(file.plain, MARK) for word in command.words]
        if any(MARK in text for text in texts[1:]):
            found = _row(FILE_USES, _tools(command), "\n".join(texts[1:]))
            if found:
                yield Sink(*found, command.span.start)
