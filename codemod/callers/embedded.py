"""Shell texts inside YAML: joined from scalars, read by the shell's reader, and its edits made whole for each scalar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from codemod.callers.call import Call, Move, NotUnderstoodError, Passed
from codemod.callers.command_texts import Around, calls_in
from codemod.callers.credentials import credential
from codemod.callers.shell_script import calls_of as shell_calls
from codemod.callers.shell_script import edits_of as shell_edits
from codemod.callers.shell_text import Quotes, ShellText
from codemod.callers.suggestions import flag
from codemod.callers.yaml_scalars import Style
from codemod.callers.yaml_tree import Scalar
from codemod.text import Edit, Source, SourceMap

VARIABLE = re.compile(r"\$(?:\{(\w+)[^}]*\}|(\w+))")
IN_BRACKETS = "it is written in […] or {…}, where a comma would end it: put it into quotes"
UNREADABLE = "its shell text cannot be read"
QUOTES = {Style.SINGLE: Quotes.SINGLE, Style.DOUBLE: Quotes.DOUBLE}


@dataclass(frozen=True, slots=True)
class Script:
    """A shell text and the scalars that it is joined from; `values` are variables of its environment, each with its value as written.

    `obstacle` and `suggestion` are told of every build arg that it passes, `blocks` of every build. A script that is no
    `shell`'s is only looked at.
    """

    text: ShellText
    pieces: tuple[Scalar, ...]
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    obstacle: str = ""
    suggestion: str = ""
    blocks: str = ""
    notes: tuple[str, ...] = ()
    shell: bool = True


def joined(pieces: Sequence[Scalar]) -> SourceMap:
    """The texts of scalars, each on a line of its own."""
    text, starts, origins = "", [], []
    for piece in pieces:
        content = piece.content.text
        starts += [len(text) + start for start in content.starts if content.text]
        origins += [origin for origin in content.origins if content.text]
        text += content.text
        if not content.text.endswith("\n"):
            starts.append(len(text))
            origins.append(piece.span.end - (piece.content.style in QUOTES))
            text += "\n"
    return SourceMap(text, tuple(starts) or (0,), tuple(origins) or (0,))


def masked(text: str, template: re.Pattern[str]) -> str:
    """The text with `_` for each character of a template."""
    return template.sub(lambda match: "_" * len(match[0]), text)


def script_calls(script: Script, source: Source) -> Iterator[Call]:
    """The builds that a script runs, with what the file around it says of them."""
    for call in _read(script, source):
        passes = tuple(_told(script, passed) for passed in call.passes)
        yield replace(call, passes=passes, blocks=call.blocks or script.blocks)


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
    obstacle = passed.obstacle or script.obstacle or (IN_BRACKETS if in_brackets else "")
    return replace(
        passed,
        credential=passed.credential or evidence(passed, script.values),
        obstacle=obstacle,
        suggestion=passed.suggestion or ((script.suggestion or flag(passed.value, passed.name)) if obstacle else ""),
        notes=(*passed.notes, *script.notes),
    )


def evidence(passed: Passed, values: Mapping[str, str]) -> str:
    """What shows that a secret is passed, in the value or in those of the variables in it; `values` are known ones."""
    if passed.value is None:
        return credential(values.get(passed.name, ""))
    names = [braced or plain for braced, plain in VARIABLE.findall(passed.value)]
    return next((found for text in (passed.value, *(values.get(name, "") for name in names)) if (found := credential(text))), "")


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
