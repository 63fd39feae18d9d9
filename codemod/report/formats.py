"""What stdout can have: each format with the module that writes it, loaded where it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line needs the names alone
    from codemod.report.files import Report

# the diff, which is printed as it is
TEXT = "text"
# each has `dumps(report)`
MODULES = {"json": "json_v1", "sarif": "sarif", "github": "github", "gitlab": "gitlab", "markdown": "markdown", "baseline": "baseline"}
FORMATS = (TEXT, *MODULES)


def formatted(report: Report, name: str) -> str:
    """The report in a format other than the text's."""
    text: str = import_module(f"codemod.report.{MODULES[name]}").dumps(report)
    return text
