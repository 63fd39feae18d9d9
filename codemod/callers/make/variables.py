"""What a makefile says of its variables: which of them a recipe's environment has, and what one stands for in a command."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from codemod.callers.make.recipes import Assignment, Makefile, masked
from codemod.callers.make.references import FUNCTION, Reference, references
from codemod.text import SourceMap

# make has them, or a value for them, without anybody's saying so, and tells no recipe of it
BUILT_IN = frozenset(
    """
    AR ARFLAGS AS ASFLAGS CC CFLAGS CO COFLAGS CPP CPPFLAGS CTANGLE CURDIR CWEAVE CXX CXXFLAGS F77 F77FLAGS FC FFLAGS GET GFLAGS LD
    LDFLAGS LDLIBS LEX LFLAGS LINT LINTFLAGS LOADLIBES M2C MAKE MAKECMDGOALS MAKEFILES MAKEFILE_LIST MAKEINFO MAKE_COMMAND MAKE_HOST
    MAKE_TERMERR MAKE_TERMOUT MAKE_VERSION OBJC OUTPUT_OPTION PC PFLAGS RFLAGS RM SHELL SUFFIXES TANGLE TEX TEXI2DVI WEAVE YACC YFLAGS
    """.split()  # noqa: SIM905  (a table of words)
)
# what an argument's quotes and backslashes mean to the shell, an environment's variable has in it
SHELLS_OWN = re.compile(r"""['"\\`~*?\[\]{}<>|&;()#!$\s]""")
HOLDS_ARGUMENTS = re.compile(r"--(?:build-arg|secret)\b")
WORD = re.compile(r"[\w.]+")
SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})
HERE = frozenset({"CURDIR", "PWD", "shell pwd"})


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of a makefile; `holders` are those with build args or secrets in them.

    `alone` says that no other makefile includes it, whose variables it would have as well.
    """

    makefile: Makefile
    named: Mapping[str, tuple[Assignment, ...]]
    holders: frozenset[str]
    alone: bool

    @property
    def exported(self) -> frozenset[str]:
        """The variables that a recipe's environment surely has, with the text that make has."""
        if self.makefile.hidden is None:
            return frozenset()
        names = set(self.named) if self.makefile.exported is None else self.makefile.exported
        return frozenset(names) - self.makefile.hidden

    def of(self, name: str) -> tuple[Assignment, ...]:
        """The assignments of a variable."""
        return self.named.get(name, ())

    def in_environment(self, reference: Reference) -> bool:
        """Whether the shell's variable of that name has what the shell makes of the text that make puts in."""
        name, makefile = reference.name, self.makefile
        if not reference.is_variable or makefile.unclear or makefile.hidden is None or name in makefile.hidden | BUILT_IN:
            return False
        if makefile.exported is None or name in makefile.exported:
            return all(_is_plain(assignment) for assignment in self.of(name))
        # what nobody sets is from make's own environment or command line, and make hands on both
        return self.alone and not self.of(name)

    def arguments(self, name: str) -> tuple[Assignment, ...]:
        """The assignments of a variable that holds build args or secrets, all that apply or may; else none."""
        return self.of(name) if name in self.holders else ()

    def holds(self, text: str) -> bool:
        """Whether a text has build args or secrets in it, or a variable that holds some."""
        return _has_arguments(text, self.holders)

    def constant(self, name: str) -> SourceMap | None:
        """The value of a variable that is given only one, and no function's."""
        assignments = self.of(name)
        values = {assignment.value.text for assignment in assignments}
        if len(values) != 1 or not {assignment.operator for assignment in assignments} <= {"=", ":=", "::=", ":::=", "?="}:
            return None
        value = assignments[0].value
        return None if any(FUNCTION.match(inner.name) for inner in references(value.text)) else value

    @property
    def has_shell(self) -> bool:
        """Whether a POSIX shell reads the recipes."""
        return all(SHELLS & set(WORD.findall(assignment.value.text)) for assignment in self.of("SHELL"))

    @property
    def interpreter(self) -> str:
        """The shell that surely reads them: make's own choice is `sh`."""
        said = [set(WORD.findall(assignment.value.text)) for assignment in self.of("SHELL")]
        return "bash" if said and all("bash" in words for words in said) else "" if said else "sh"


def variables(makefile: Makefile, *, alone: bool) -> Variables:
    """The variables of a makefile, by their names."""
    named: dict[str, tuple[Assignment, ...]] = {}
    for assignment in makefile.assignments:
        named[assignment.name] = (*named.get(assignment.name, ()), assignment)
    return Variables(makefile, named, _holders(named), alone)


def _holders(named: Mapping[str, tuple[Assignment, ...]]) -> frozenset[str]:
    """The variables with build args or secrets in them, or such variables."""
    found: frozenset[str] = frozenset()
    while True:
        more = (name for name, every in named.items() if any(_has_arguments(each.value.text, found) for each in every))
        if (known := frozenset(more)) == found:
            return found
        found = known


def _has_arguments(text: str, holders: frozenset[str]) -> bool:
    if HOLDS_ARGUMENTS.search(text):
        return True
    return any(reference.asked in holders or _has_arguments(reference.name, holders) for reference in references(text))


def _is_plain(assignment: Assignment) -> bool:
    """Whether the value has nothing that a shell would take for quotes or the like, as far as one sees."""
    text = assignment.value.text
    is_computed = any(FUNCTION.match(reference.name) for reference in references(text))
    return assignment.operator not in ("!=", "define") and not is_computed and SHELLS_OWN.search(masked(text)) is None
