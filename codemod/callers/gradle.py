"""Gradle's build scripts, in Groovy and Kotlin: commands that they run, and plugins that build images."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.callers.call import Call, Passed, Tree
from codemod.callers.command_line import Argument
from codemod.callers.command_texts import Around, call_of, calls_in
from codemod.callers.credentials import credential
from codemod.callers.places import places
from codemod.callers.strings import Program, program
from codemod.callers.suggestions import specification, variable
from codemod.callers.build_tools import VARIABLE
from codemod.callers.call import ID
from codemod.callers.unknown import rest
from codemod.text import Source, Span
