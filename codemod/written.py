"""Files that the Dockerfile itself writes with a variable's name in them, unexpanded, for a tool to look up later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.configuration import demands
from codemod.consumers import NEVER_READ, tool
from codemod.context import Origin, travel
from codemod.dockerfile.nodes import Dockerfile, Instruction
from codemod.keepers import KEEPERS
from codemod.script import script_of
from codemod.shell import Command, Mention, Reading, Shell
from codemod.text import Span
from codemod.wrappers import started

# what they are given comes out as it is
TEXT_PROGRAMS = frozenset({"echo", "printf", "cat", "tee", "sed"})
# a `$` of their own language, or a name that they look up themselves
PROGRAMS = frozenset({
    "awk", "gawk", "mawk", "perl", "php", "python", "ruby", "node", "deno", "Rscript", "jq", "yq", "envsubst", "printenv", "env",
})  # fmt: skip
IN_PLACE = re.compile(r"-[a-zA-Z]*i|--in-place")


@dataclass(frozen=True, slots=True)
class WrittenMention:
    """A line of a file that `instruction` writes; `path` is as the Dockerfile spells it, and empty where it does not.

    `demands` says that the tool that reads the file cannot do without the value.
    """

    path: str
    line: int
    demands: bool
    instruction: Instruction
    origin: Origin


def written(dockerfile: Dockerfile, name: str) -> tuple[WrittenMention, ...]:
    """Every place that writes down the name of the variable `name` and not its value, in the order of the file."""
    found: list[WrittenMention] = []
    for stage in dockerfile.stages:
        for instruction in stage.instructions:
            if instruction.name == "RUN" and instruction.json is None:
                found += _in_run(dockerfile, instruction, name)
            elif instruction.name in ("COPY", "ADD"):
                found += _in_heredocs(dockerfile, instruction, name)
    return tuple(dict.fromkeys(found))


def reached(dockerfile: Dockerfile, mention: WrittenMention) -> frozenset[int]:
    """The RUNs that may find the file, the one that writes it among them, as offsets of their spans."""
    return travel(dockerfile, mention.origin).runs


# --- RUN -------------------------------------------------------------------------------------------------------------------


def _in_run(dockerfile: Dockerfile, run: Instruction, name: str) -> Iterator[WrittenMention]:
    script = script_of(run, dockerfile.source.text)
    source, shell = script.text, script.shell
    for mention in shell.mentions(name):
        path = _target(shell, mention)
        if path is not None:
            moved = any(command.name in ("cd", "pushd") and command.span.end <= mention.span.start for command in shell.commands)
            origin = Origin(path, run, mention.span.start, elsewhere=moved and not path.startswith(("/", "~", "$")))
            line = dockerfile.source.line(source.origin(mention.span.start))
            yield WrittenMention(path, line, demands(path, _line(shell.text, mention.span.start), name), run, origin)


def _line(text: str, offset: int) -> str:
    """The line of a text that is written there, as it will be: a `$` needs no backslash."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text[start : end if end >= 0 else len(text)].replace("\\$", "$").lstrip("'\"")


def _target(shell: Shell, mention: Mention) -> str | None:
    """The file that the name is written to, empty where nobody can tell; None where it is not written."""
    if mention.reading not in (Reading.LITERAL, Reading.NAMED):
        return None
    command, files = _writer(shell, mention.span)
    if command is None:
        return "" if mention.reading is Reading.LITERAL else None
    if any(mention.span in word.span and mention.name in word.names for word in command.words):  # sed 's/${X}/'"$X"'/'
        return None
    name = tool(command)
    if name in TEXT_PROGRAMS:
        return _text_target(shell, command, files, mention)
    if name in PROGRAMS or (mention.reading is Reading.NAMED and "--env-var" not in {word.plain for word in command.words}):
        return None
    kept = _keeper(command)
    return kept or (None if name in NEVER_READ else "")


def _writer(shell: Shell, span: Span) -> tuple[Command | None, list[str]]:
    """The command that has the name in its words, or in a heredoc that it reads, and the files that its output goes to."""
    command = shell.command_at(span)
    return (None, []) if command is None else (command, _outputs(command))


def _outputs(command: Command) -> list[str]:
    files = [redirect.target.plain for redirect in command.redirects if redirect.takes_output]
    words = [word.plain for word in command.words[1:] if not word.plain.startswith("-")]
    if tool(command) == "tee":
        return [*words[:1], *files]
    if tool(command) == "sed" and any(IN_PLACE.match(word.text) for word in command.words[1:]):
        return words[-1:]
    return files


def _text_target(shell: Shell, command: Command, files: list[str], mention: Mention) -> str | None:
    files = [file for file in files if not file.startswith("/dev/")]
    if not files and command.piped:
        after = [each for each in started(shell) if each.span.start >= command.span.end]
        takes = [each for each in after if each.span == after[0].span]  # `sudo tee`: both
        files = [file for each in takes for file in _outputs(each)]
        if not files and not all(tool(each) in NEVER_READ for each in takes):
            return ""
    if files:
        return files[0]
    return "" if command.captured and mention.reading is Reading.LITERAL else None


def _keeper(command: Command) -> str | None:
    """Where a tool keeps what it is told, in `leftovers`' table."""
    words = " ".join(word.plain for word in command.words[1:] if not word.plain.startswith("-"))
    fitting = (keeper for keeper in KEEPERS if tool(command) in keeper.tools and re.match(keeper.words, words) and not keeper.needs)
    return next((keeper.path for keeper in fitting), None)


# --- COPY <<'EOF' ----------------------------------------------------------------------------------------------------------


def _in_heredocs(dockerfile: Dockerfile, copy: Instruction, name: str) -> Iterator[WrittenMention]:
    words = copy.arguments.text.split()
    for heredoc in copy.heredocs:
        body = heredoc.body.of(dockerfile.source.text)
        several = len(words) > 2 or words[-1].endswith("/")  # noqa: PLR2004  (one source and where it goes)
        path = f"{words[-1].rstrip('/')}/{heredoc.name}" if several else words[-1]
        for match in re.finditer(rf"\b{re.escape(name)}\b", body):
            if not (heredoc.expand and _is_expanded(body, match.start())):
                line = dockerfile.source.line(heredoc.body.start + match.start())
                yield WrittenMention(path, line, demands(path, _line(body, match.start()), name), copy, Origin(path, copy))


def _is_expanded(body: str, offset: int) -> bool:
    """Whether the builder puts the value in: a `$` stands before it that no backslash does."""
    before = re.search(r"(\\*)\$\{?\Z", body[:offset])
    return before is not None and len(before[1]) % 2 == 0
