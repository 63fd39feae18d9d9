"""Comments that go with an ARG: linters' pragmas for it, and what only spoke of it."""

from __future__ import annotations

import re

from codemod.dataflow import argument_names
from codemod.dockerfile.nodes import Dockerfile, Instruction, Line, LineKind
from codemod.names import words

LINTERS = r"hadolint\s+ignore=|check=skip=|tally\s+ignore=|nosemgrep|kics-scan|checkov:skip|trivy:ignore|dockerfix:"
PRAGMA = re.compile(rf"#\s*(?:{LINTERS})", re.IGNORECASE)
DOING = re.compile(
    r"(?:(?:and|then|now|first|next|we|finally|step \d+|stage \d+)[:,]? )*"
    r"(?:add|apply|build(?! (?:arg|secret))|bundle|change|check|clean|clone|compile|configure|copy|create|deploy|download|enable|ensure|"
    r"fetch|generate|get|give|install|make|move|prepare|publish|pull|push|release|remove|restore|run|set|setup|switch|test|update|upgrade|"
    r"upload|use|warm)\b",
)
BANNER = re.compile(r"[-=#*_~]{3,}")


def goes_with(dockerfile: Dockerfile, instruction: Instruction, gone: set[int]) -> tuple[Line, ...]:
    """The comment lines directly above `instruction` that make no sense without it; `gone` are lines that go."""
    above = _block_above(dockerfile, instruction)
    text = dockerfile.source.text
    pragmas = [line for line in above if PRAGMA.match(line.span.of(text).strip())]
    prose = [line for line in above if line not in pragmas]
    spoken = "\n".join(line.span.of(text) for line in prose)
    names = [word.name for word in instruction.variables]
    if prose and (_speaks_only_of(spoken, names, dockerfile) or _heads_nothing_else(dockerfile, instruction, gone, spoken)):
        return tuple(above)
    return tuple(pragmas)


def _block_above(dockerfile: Dockerfile, instruction: Instruction) -> list[Line]:
    block: list[Line] = []
    for line in reversed(dockerfile.lines[: instruction.line - 1]):
        if line.kind is not LineKind.COMMENT:
            break
        block.insert(0, line)
    return [] if block and block[0].number == 1 else block  # what opens the file speaks of the file


def _speaks_only_of(comment: str, names: list[str], dockerfile: Dockerfile) -> bool:
    said = set(words(comment))
    others = [name for name in argument_names(dockerfile) if name not in names and re.search(rf"\b{re.escape(name)}\b", comment)]
    return not others and not _speaks_of_doing(comment) and any(set(words(name)) <= said for name in names)


def _speaks_of_doing(comment: str) -> bool:
    """Whether a comment heads the instructions below: it draws a line, or says what they do."""
    lines = (line.strip("# \t").lower() for line in comment.splitlines())
    return BANNER.search(comment) is not None or any(DOING.match(line) for line in lines)


def _heads_nothing_else(dockerfile: Dockerfile, instruction: Instruction, gone: set[int], comment: str) -> bool:
    """Whether the paragraph below the comment is made of lines that go, up to a blank line."""
    for line in dockerfile.lines[instruction.line - 1 :]:
        if line.kind is LineKind.BLANK:
            return not _speaks_of_doing(comment)
        if line.number not in gone:
            return False
    return not _speaks_of_doing(comment)
