"""Values as bytes and back, to travel between processes and to lie on disk: pickles, which are quick with our frozen dataclasses."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from io import BytesIO
from typing import Any


def packed(value: object) -> bytes:
    """A value as bytes: what its parts share is there once."""
    file = BytesIO()
    _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(value)
    return file.getvalue()


def unpacked(content: bytes) -> Any:  # noqa: ANN401  (whatever was packed)
    """The value of bytes that this program has made; those of others could run anything."""
    return pickle.loads(content)  # noqa: S301  (…)


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: object) -> Any:  # noqa: ANN401  (as pickle has it)
        """A dataclass with slots as its values in order; Python would look up its fields anew for each."""
        getters = _slots(type(obj))  # type: ignore[arg-type]  # every class has a hash
        return NotImplemented if getters is None else (_made, (type(obj), *[getter(obj) for getter in getters]))


@cache
def _slots(kind: type) -> tuple[Callable[[Any], Any], ...] | None:
    """What reads each field of a dataclass from its slot; None for other types."""
    if not is_dataclass(kind) or "__slots__" not in vars(kind):
        return None
    return tuple(getattr(kind, field.name).__get__ for field in fields(kind))


@cache
def _setters(kind: type) -> tuple[Callable[[Any, Any], None], ...]:
    return tuple(getattr(kind, field.name).__set__ for field in fields(kind))


def _made(kind: type, *values: object) -> object:
    made: object = object.__new__(kind)
    for put, value in zip(_setters(kind), values):  # noqa: B905  (they are as many; strict takes as long as they do)
        put(made, value)
    return made
