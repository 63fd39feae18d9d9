"""What a RUN runs: a text for a shell, a heredoc that is the script, a command that reads heredocs, or the words of an exec form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from codemod.dockerfile.nodes import Heredoc, Instruction
from codemod.shebang import Shebang, shebang
from codemod.shell import SHELLS, Shell, read
from codemod.text import SourceMap, Span

# a heredoc that is the whole command (dispatchRun in frontend/dockerfile/dockerfile2llb/convert.go)
ONLY_A_HEREDOC = re.compile(r"""\d*<<-?\s*(?:\S+|'[^']*'|"[^"]*")""")


# the words of ["sh", "-c", "…"]
RUNS_A_TEXT = 3


class Form(Enum):
    """How a RUN says what it runs; the values are the JSON's words for its uses."""

    SHELL = "shell"
    SCRIPT = "heredoc"
    EXEC = "exec"


@dataclass(frozen=True, slots=True)
class Script:
    """The text that a program is given, with the way back to the file, and its first line where that names the program."""

    form: Form
    text: SourceMap
    shebang: Shebang | None = None

    @property
    def shell(self) -> Shell:
        """The text, understood as sh or bash would."""
        return read(self.text.text)

    @property
    def start(self) -> int:
        """The offset in the text where commands begin: after a shebang."""
        return self.shebang.end if self.shebang else 0


def script_of(run: Instruction, text: str) -> Script:
    """What `run` runs; `text` is the file's. A heredoc that is the whole command is the script, any other feeds a command."""
    if run.json is not None:
        return Script(Form.EXEC, _quoted(run, run.json))
    if not run.heredocs:
        return Script(Form.SHELL, run.arguments)
    if len(run.heredocs) == 1 and ONLY_A_HEREDOC.fullmatch(run.arguments.text):
        heredoc = run.heredocs[0]
        # BuildKit looks for the shebang before it takes the tabs of `<<-` off
        return Script(Form.SCRIPT, SourceMap.join(text, _body(heredoc, text)), shebang(heredoc.body.of(text)))
    return Script(Form.SHELL, _fed(run, text))


def _quoted(run: Instruction, words: tuple[str, ...]) -> SourceMap:
    """What `sh -c` is given, or the words of another exec form as a shell would be; all of it stands where the array does."""
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    if len(words) == RUNS_A_TEXT and words[0].rpartition("/")[2] in SHELLS and re.fullmatch(r"-\w*c", words[1]):
        quoted = words[2]
    return SourceMap(quoted, tuple(range(len(quoted))), (run.arguments.origin(0),) * len(quoted))


def _body(heredoc: Heredoc, text: str) -> Iterator[Span]:
    """The lines of a script, without the tabs that `<<-` takes off (ChompHeredocContent)."""
    if not heredoc.chomp:
        yield heredoc.body
        return
    start = heredoc.body.start
    for line in heredoc.body.of(text).splitlines(keepends=True):
        end = start + len(line)
        yield Span(end - len(line.lstrip("\t")), end)
        start = end


def _fed(run: Instruction, text: str) -> SourceMap:
    """The command with its heredocs behind it, as BuildKit puts them together again for the shell."""
    joined = run.arguments.text
    starts, origins = list(run.arguments.starts), list(run.arguments.origins)
    for heredoc in run.heredocs:
        for piece in (Span(heredoc.body.start - 1, heredoc.body.end), _delimiter(heredoc, text)):
            starts.append(len(joined))
            origins.append(piece.start)
            joined += piece.of(text)
    return SourceMap(joined, tuple(starts), tuple(origins))


def _delimiter(heredoc: Heredoc, text: str) -> Span:
    line = heredoc.terminator.span.of(text)
    start = heredoc.terminator.span.start + len(line) - len(line.lstrip("\t") if heredoc.chomp else line)
    return Span(start, start + len(heredoc.name))
