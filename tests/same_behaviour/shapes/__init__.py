"""The table of shapes: small Dockerfiles, each for one way in which a RUN can meet a secret ARG."""

from __future__ import annotations

from . import assignments, control, declarations, environment, guards, layout, quotes
from .shape import Shape as Shape

SHAPES: tuple[Shape, ...] = (
    *control.SHAPES,
    *quotes.SHAPES,
    *assignments.SHAPES,
    *environment.SHAPES,
    *guards.SHAPES,
    *declarations.SHAPES,
    *layout.SHAPES,
)
