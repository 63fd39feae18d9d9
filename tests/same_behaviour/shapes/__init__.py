"""The table of shapes: small Dockerfiles, each for one way in which a RUN can meet a secret ARG."""

from __future__ import annotations

from . import (
    assignments,
    control,
    copies,
    declarations,
    environment,
    exec_form,
    guards,
    heredocs,
    layout,
    quotes,
    shells,
    stages,
    unseen,
    users,
)
from .shape import Shape as Shape

SHAPES: tuple[Shape, ...] = (
    *control.SHAPES,
    *quotes.SHAPES,
    *assignments.SHAPES,
    *environment.SHAPES,
    *guards.SHAPES,
    *declarations.SHAPES,
    *layout.SHAPES,
    *heredocs.SHAPES,
    *exec_form.SHAPES,
    *shells.SHAPES,
    *users.SHAPES,
    *copies.SHAPES,
    *stages.SHAPES,
    *unseen.SHAPES,
)
