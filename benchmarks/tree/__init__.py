"""A monorepo to measure on: Dockerfiles of many kinds, their callers, and all that stands around them; the same one for the same seed."""

from .disk import make

__all__ = ["make"]
