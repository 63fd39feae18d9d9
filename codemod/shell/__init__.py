"""What a RUN's shell text does with variables: who expands them, which commands run, and what `&&` would regroup.

All spans count characters of the shell text that `read` was given; `SourceMap` leads from there to the file.
"""

from codemod.shell.nodes import SHELLS, Branch, Command, Mention, Reading, Redirect, Shell, Word
from codemod.shell.reader import read

__all__ = ["SHELLS", "Branch", "Command", "Mention", "Reading", "Redirect", "Shell", "Word", "read"]
