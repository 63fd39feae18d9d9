"""Shell texts inside YAML: joined from scalars for the shell's reader, and its edits spelled as each scalar is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from codemod.callers import shell_script
from codemod.callers.call import ID, Call, Move, Passed
from codemod.callers.credentials import credential
from codemod.callers.shell_text import ShellText
from codemod.callers.yaml_scalars import Style
from codemod.callers.yaml_tree import Scalar
from codemod.text import Edit, Source, SourceMap, Span

VARIABLE = re.compile(r"\$(?:\{(\w+)[^}]*\}|(\w+))")
ASKS_FOR_BUILDKIT = re.compile(
    r"DOCKER_BUILDKIT[\"']?\s*[=:]\s*[\"']?(?:1|true)\b|\bbuildx\b|\b(?:podman|buildah|nerdctl|depot)\b", re.IGNORECASE
)
IN_BRACKETS = "it is written inside […] or {…}, where a comma would end it"
LOOSE = re.compile(
    r"--build-arg(?:=|\s+)(?P<quote>[\"']?)(?P<name>[A-Za-z_]\w*)(?:=(?P<value>\$\{\{.*?\}\}|\"[^\"\n]*\"|'[^'\n]*'|[^\s\"']*))?"
)
BUILDS = re.compile(r"\b(?:docker|podman|nerdctl|buildah|depot)(?:\.exe)?\b[^\n]*?\b(?:build|bud)\b")
POWERSHELLS = re.compile(r"\$env:(\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Script:
    """A shell text and the scalars that it is joined from; `values` are variables of its environment, each with its value as written.

    `obstacle` and `suggestion` are told of every build arg that it passes, `blocks` of every build.
    """

    text: ShellText
    pieces: tuple[Scalar, ...]
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    obstacle: str = ""
    suggestion: str = ""
    blocks: str = ""
    notes: tuple[str, ...] = ()


def joined(pieces: Sequence[Scalar]) -> SourceMap:
    """The texts of scalars, each on a line of its own."""
    text, starts, origins = "", [], []
    for piece in pieces:
        content = piece.content.text
        if text and not text.endswith("\n"):
            starts.append(len(text))
            origins.append(piece.span.start)
            text += "\n"
        if content.text:
            starts += [len(text) + start for start in content.starts]
            origins += content.origins
            text += content.text
    return SourceMap(text, tuple(starts) or (0,), tuple(origins) or (pieces[0].span.start if pieces else 0,))


def masked(text: str, template: re.Pattern[str]) -> str:
    """The text with `_` for each character of a template."""
    return template.sub(lambda match: "_" * len(match[0]), text)


def calls_of(script: Script, source: Source) -> Iterator[Call]:
    """The builds that a script runs, with what the file around it says of them."""
    for call in shell_script.calls_of(script.text, source):
        passes = tuple(_told(script, passed) for passed in call.passes)
        yield replace(call, passes=passes, blocks=call.blocks or script.blocks)


def _told(script: Script, passed: Passed) -> Passed:
    piece = next((piece for piece in script.pieces if passed.span in piece.span), None)
    in_brackets = piece is not None and piece.flow and piece.content.style is Style.PLAIN
    obstacle = passed.obstacle or script.obstacle or (IN_BRACKETS if in_brackets else "")
    return replace(
        passed,
        credential=passed.credential or evidence(passed, script.values),
        obstacle=obstacle,
        suggestion=passed.suggestion or (script.suggestion or f"--secret id={ID},env={passed.name}" if obstacle else ""),
        notes=(*passed.notes, *script.notes),
    )


def evidence(passed: Passed, values: Mapping[str, str]) -> str:
    """What shows that a secret is passed, in the value or in those of the variables in it; `values` are known ones."""
    if passed.value is None:
        return credential(values.get(passed.name, ""))
    names = [braced or plain for braced, plain in VARIABLE.findall(passed.value)]
    return next((found for text in (passed.value, *(values.get(name, "") for name in names)) if (found := credential(text))), "")


def edits_of(script: Script, source: Source, moves: Iterable[Move]) -> Iterator[Edit]:
    """The edits for those of the moves whose build args stand in the script."""
    own = [move for move in moves if any(move.passed.span in piece.span for piece in script.pieces)]
    for edit in shell_script.edits_of(script.text, source, own) if own else ():
        piece = next(piece for piece in script.pieces if edit.span in piece.span)
        yield piece.content.fitted(edit)


def loose_call(script: Script, source: Source) -> Call | None:
    """A build in a text that no shell reads: PowerShell, Python. Its build args are found by their looks, and none can be moved."""
    text = script.text.text
    start = BUILDS.search(text.text)
    found = [_loosely(script, source, match) for match in LOOSE.finditer(text.text)]
    if start is None or not found:
        return None
    span = script.pieces[0].span
    return Call(script.text.kind, span, source.line(text.origin(start.start())), passes=tuple(found), blocks=script.blocks)


def _loosely(script: Script, source: Source, match: re.Match[str]) -> Passed:
    span = script.text.text.span(Span(*match.span()))
    value = match["value"].strip("\"'") if match["value"] is not None else None
    variable = POWERSHELLS.fullmatch(value or "")
    passed = Passed(
        match["name"],
        span,
        source.line(span.start),
        value=value,
        obstacle=script.obstacle,
        suggestion=script.suggestion or f"--secret id={ID},env={variable[1] if variable else match['name']}",
    )
    return replace(passed, credential=evidence(passed, script.values))
