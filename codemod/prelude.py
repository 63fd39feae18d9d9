"""What a RUN's text begins with from now on: commands that read the secret from its file, and make of it what was made before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from codemod.derived import Value
from codemod.dockerfile.lex import Reference
from codemod.script import Form
from codemod.settings import Style
from codemod.steps import Step

SAFE_PATH = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
# what means itself behind `:-`, between double quotes
SAFE_DEFAULT = re.compile(r"[A-Za-z0-9_@%+=:,. /-]*")
# what double quotes leave special (POSIX shell, 2.2.3)
SPECIAL_IN_DOUBLE = re.compile(r'([\\"$`])')


class Prelude(NamedTuple):
    """Its parts in order. `joins` says that `&&` stands between them and the text, else each is a statement without its end."""

    parts: tuple[str, ...]
    joins: bool


def prelude_of(steps: Sequence[Step]) -> Prelude:
    """What the text that all of `steps` change begins with; no parts where their mounts say it all."""
    needed = [(step, step.arrival) for step in steps if step.arrival]
    made = {assignment.name: assignment for _, arrival in needed for assignment in arrival.made}
    script = steps[0].script
    joins = script.form is Form.SHELL and script.shell.joins and not any(_is_conditional(step) for step, _ in needed)
    spell = _joined if joins else _statement
    arrivals = [part for step, _ in needed if (part := _arrival(step, joins=joins))]
    exported = any(step.exported for step in steps)
    return Prelude((*arrivals, *(spell(each.name, _double_quoted(each.value), exported=exported) for each in made.values())), joins)


def _is_conditional(step: Step) -> bool:
    """Whether it takes an `if` to have the value."""
    default = _default(step)
    if step.style is Style.ENV:
        return default is not None and not _is_safe(default)
    return step.optional


def _default(step: Step) -> Value | None:
    arrival = step.arrival
    if arrival is None or step.style is Style.ENV:
        return arrival.default if arrival else None
    return () if arrival.default is None and arrival.set_anyway else arrival.default


def _arrival(step: Step, *, joins: bool) -> str:
    """How one secret comes into its variable; empty where the mount sets it, and nothing takes its place."""
    name, default = step.arrival.variable if step.arrival else step.name, _default(step)
    if step.style is Style.ENV:
        return _chosen(name, default) if default is not None else ""
    value, path = f'"$(cat {_path(step.path)})"', _path(step.path)
    if not step.optional:
        return (_joined if joins else _statement)(name, value, exported=step.exported)
    if default is None:
        return f"if [ -s {path} ]; then {_statement(name, value, exported=step.exported)}; fi"
    end = f"&& export {name} || exit 1" if step.exported else "|| exit 1"
    return f"if [ -s {path} ]; then {name}={value}; else {name}={_quoted(default)}; fi {end}"


def _chosen(name: str, default: Value) -> str:
    """A default for a variable that the mount leaves empty; it is in the environment already."""
    if not _is_safe(default):
        return f'if [ -z "${name}" ]; then {name}={_quoted(default)}; fi'
    return f'{name}="${{{name}:-{"".join(map(str, default))}}}"'


def _is_safe(default: Value) -> bool:
    return all(isinstance(piece, str) and SAFE_DEFAULT.fullmatch(piece) for piece in default)


def _joined(name: str, value: str, *, exported: bool) -> str:
    # never `export NAME="$(…)"`: its status is export's, so a failure would go unseen
    return f"{name}={value} && export {name}" if exported else f"{name}={value}"


def _statement(name: str, value: str, *, exported: bool) -> str:
    """An assignment that stands alone, whatever the text does: it stops the RUN itself where the file cannot be read."""
    return f"{_joined(name, value, exported=exported)} || exit 1"


def _path(path: str) -> str:
    return path if SAFE_PATH.fullmatch(path) else _single_quoted(path)


def _quoted(value: Value) -> str:
    if all(isinstance(piece, str) for piece in value):
        return _single_quoted("".join(piece for piece in value if isinstance(piece, str)))
    return _double_quoted(value)


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _double_quoted(value: Value) -> str:
    return '"' + "".join(map(_in_double_quotes, value)) + '"'


def _in_double_quotes(piece: str | Reference) -> str:
    if isinstance(piece, Reference):
        return f"${{{piece.name}{piece.operator}{piece.operand}}}"
    return SPECIAL_IN_DOUBLE.sub(r"\\\1", piece)
