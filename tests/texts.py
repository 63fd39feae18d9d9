"""From a Dockerfile's text to what the steps make of it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import PurePosixPath

from codemod.dockerfile.nodes import Dockerfile
from codemod.dockerfile.parser import parse
from codemod.findings import Entry
from codemod.fix import fix
from codemod.result import Outcome, Result
from codemod.settings import Settings
from codemod.text import Source

# BuildKit's own parser comes from PyPI for one platform only
HAS_BUILDKIT = find_spec("dockerfile") is not None


def source(text: str) -> Source:
    return Source(PurePosixPath("Dockerfile"), text)


def dockerfile(text: str) -> Dockerfile:
    return parse(source(text))


def fixed(text: str, settings: Settings | None = None) -> Result:
    return fix(source(text), settings or Settings())


def outcome_of(text: str, name: str, settings: Settings | None = None) -> Outcome:
    """What becomes of one of several; a build arg's default is another finding."""
    found = (outcome for outcome in fixed(text, settings).outcomes if outcome.finding.entry is not Entry.DEFAULT)
    (only,) = (outcome for outcome in found if outcome.finding.name == name)
    return only


def outcome(text: str, settings: Settings | None = None) -> Outcome:
    """The only one; a build arg's default is another finding."""
    (found,) = (outcome for outcome in fixed(text, settings).outcomes if outcome.finding.entry is not Entry.DEFAULT)
    return found
