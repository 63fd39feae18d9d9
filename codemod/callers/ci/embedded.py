"""Shell texts inside YAML: joined from scalars, read by the shell's reader, and its edits made whole for each scalar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from codemod.callers.call import Call, Move, NotUnderstoodError, Passed
from codemod.callers.ci.pipeline_variables import BUILDKIT, Builder
from codemod.callers.credentials import credential
from codemod.callers.reported.command_texts import Around, calls_in
from codemod.callers.shell.calls import calls_of as shell_calls
from codemod.callers.shell.calls import edits_of as shell_edits
from codemod.callers.shell.text import Quotes, ShellText
from codemod.callers.suggestions import flag
from codemod.callers.yaml.scalars import Style
from codemod.callers.yaml.tree import Scalar
from codemod.text import Edit, Source, SourceMap

VARIABLE = re.compile(r"\$(?:\{(\w+)[^}]*\}|(\w+))")
SHELLS = re.compile(r"(?:/\S*/)?(?:bash|sh|dash|zsh)(?:\s|$)")
IN_BRACKETS = "it is written in […] or {…}, where a comma would end it: put it into quotes"
UNREADABLE = "its shell text cannot be read"
QUOTES = {Style.SINGLE: Quotes.SINGLE, Style.DOUBLE: Quotes.DOUBLE}


@dataclass(frozen=True, slots=True)
class Script:
    """A shell text and the scalars that it is joined from; `values` are variables of its environment, each with its value as written.

    `credentials` are those that are known to hold one, with what shows it; `builder` what is known of the docker that builds.
    `obstacle` is told of every build arg that it passes. A script that is no `shell`'s is only looked at.
    """

    text: ShellText
    pieces: tuple[Scalar, ...]
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    credentials: Mapping[str, str] = field(default_factory=dict)
    builder: Builder = BUILDKIT
    obstacle: str = ""
    shell: bool = True


def joined(pieces: Sequence[Scalar]) -> SourceMap:
    """The texts of scalars, each on a line of its own; a line end that is not written stands right before the next text."""
    text, starts, origins = "", [], []
    for piece, following in zip(pieces, (*pieces[1:], None), strict=True):
        content = piece.content.text
        starts += [len(text) + start for start in content.starts if content.text]
        origins += [origin for origin in content.origins if content.text]
        text += content.text
        if not content.text.endswith("\n"):
            starts.append(len(text))
            origins.append(following.content.text.origin(0) - 1 if following else piece.span.end - (piece.content.style in QUOTES))
            text += "\n"
    return SourceMap(text, tuple(starts) or (0,), tuple(origins) or (0,))


def masked(text: str, template: re.Pattern[str]) -> str:
    """The text with `_` for each character of a template."""
    return template.sub(lambda match: "_" * len(match[0]), text)


def script_calls(script: Script, source: Source) -> Iterator[Call]:
    """The builds that a script runs, with what the file around it says of them."""
    for call in _read(script, source):
        passes = tuple(_told(script, passed) for passed in call.passes)
        yield replace(call, passes=passes, blocks=call.blocks or script.builder.blocks)


def _read(script: Script, source: Source) -> tuple[Call, ...]:
    around = Around(script.text.kind, script.text.folders, script.obstacle or UNREADABLE)
    if not script.shell:
        return tuple(calls_in(script.text.text, source, around))
    try:
        return shell_calls(script.text, source)
    except NotUnderstoodError:
        return tuple(calls_in(script.text.text, source, replace(around, obstacle=UNREADABLE)))


def _told(script: Script, passed: Passed) -> Passed:
    piece = next((piece for piece in script.pieces if passed.span in piece.span), None)
    in_brackets = piece is not None and piece.flow and piece.content.style is Style.PLAIN
    builder = script.builder
    obstacle = passed.obstacle or script.obstacle or builder.obstacle or (IN_BRACKETS if in_brackets else "")
    suggestion = passed.suggestion or flag(passed.value, passed.name)
    return replace(
        passed,
        credential=passed.credential or evidence(passed, script.values, script.credentials),
        obstacle=obstacle,
        suggestion=(suggestion + (builder.suggestion if obstacle == builder.obstacle else "")) if obstacle else "",
        notes=(*passed.notes, *builder.notes),
    )


def evidence(passed: Passed, values: Mapping[str, str], credentials: Mapping[str, str]) -> str:
    """What shows that a secret is passed: in the value or in those of the variables in it, as far as they are known."""
    names = [passed.name] if passed.value is None else [braced or plain for braced, plain in VARIABLE.findall(passed.value)]
    texts = [passed.value or "", *(values.get(name, "") for name in names)]
    return next(filter(None, (*map(credential, texts), *(credentials.get(name, "") for name in names))), "")


def script_edits(script: Script, source: Source, moves: Iterable[Move]) -> Iterator[Edit]:
    """The edits for those of the moves whose build args stand in the script."""
    own = [move for move in moves if any(move.passed.span in piece.span for piece in script.pieces)]
    for quotes in dict.fromkeys(_quotes(script, move.passed) for move in own):
        text = replace(script.text, quotes=quotes)
        for edit in shell_edits(text, source, [move for move in own if _quotes(script, move.passed) is quotes]):
            yield next(piece.content.whole(edit) for piece in script.pieces if edit.span in piece.span)


def _quotes(script: Script, passed: Passed) -> Quotes:
    piece = next(piece for piece in script.pieces if passed.span in piece.span)
    return QUOTES.get(piece.content.style, Quotes.NONE)
