"""What to put where a build arg is passed: the variable that has its value, and the words that name it.

Only names and expressions are handed on, never a text that could be a value.
"""

from __future__ import annotations

import re

from codemod.callers.call import ID

NAME = r"([A-Za-z_]\w*)"
# a value that is one variable of the environment, and nothing else
VARIABLES = (
    rf"\$(?:env:)?{NAME}",  # shell, PowerShell
    rf"\$\{{(?:env:|env\.|params\.|localEnv:)?{NAME}(?::?[-?][^}}]*)?\}}",  # shell, Groovy and Maven, editors
    rf"\$\({NAME}\)",  # make, Azure
    rf"%{NAME}%",  # cmd.exe
    rf"\$\{{\{{\s*env\.{NAME}\s*\}}\}}",  # GitHub
    rf"\{{\{{-?\s*\.(?:Env\.)?{NAME}\s*-?\}}\}}",  # Go
    rf"<%=\s*ENV(?:\.fetch\(|\[)['\"]{NAME}['\"][^%]*%>",  # ERB
    rf"\{{\{{\s*lookup\(\s*'(?:[\w.]+\.)?env',\s*'{NAME}'\s*\)\s*\}}\}}",  # Ansible
    rf"os\.(?:environ\.get|getenv)\(\s*['\"]{NAME}['\"]\s*(?:,[^)]*)?\)|os\.environ\[\s*['\"]{NAME}['\"]\s*\]",  # Python, Starlark
    rf"System\.getenv\(\s*['\"]{NAME}['\"]\s*\)|System\.getenv\(\)\[['\"]{NAME}['\"]\]",  # Java, Kotlin, Groovy
    rf"(?:process\.)?env\.{NAME}",  # JavaScript, Groovy
)
VARIABLE = re.compile("|".join(VARIABLES))
EXPRESSION = re.compile(r"\$\{\{?[\w.\[\]]+\}?\}|\{\{\s*[\w.]+\s*\}\}|\(\([\w./:-]+\)\)|\$[A-Za-z_]\w*")
QUOTES = "\"'"


def variable(value: str | None, name: str) -> str:
    """The environment's variable that `value` is; `name`, the build arg's own, where it is anything else."""
    match = VARIABLE.fullmatch(value.strip().strip(QUOTES)) if value is not None else None
    return next(filter(None, match.groups())) if match else name


def specification(value: str | None, name: str) -> str:
    """The secret as all that speak docker's words take it."""
    return f"id={ID},env={variable(value, name)}"


def flag(value: str | None, name: str) -> str:
    """The secret as a flag of a command."""
    return f"--secret {specification(value, name)}"


def expression(value: str | None) -> str:
    """`value` where it is one expression that holds no text of its own; else an ellipsis."""
    text = value.strip().strip(QUOTES) if value is not None else ""
    return text if EXPRESSION.fullmatch(text) else "…"
