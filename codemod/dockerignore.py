"""Which files of a folder are no part of the build context: `.dockerignore`, as BuildKit reads it.

The rules are github.com/moby/patternmatcher's, and those of the walk in github.com/tonistiigi/fsutil that applies them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from posixpath import normpath

BOM = "\ufeff"
# unicode.IsSpace of Go, which is not what str.strip() takes off
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
# `[a-z]`, `[^\]]`: path/filepath.Match wants a character where a range or the class itself ends
ONE = r"(?:\\.|[^\\\]-])"
CLASS = rf"\[\^?(?:{ONE}(?:-{ONE})?)+\]"
# a lone backslash at the end is an error; Match sees it, or not, by what stands before
VALID = re.compile(rf"(?:{CLASS}|\\.|[^\\\[])*", re.DOTALL)
PIECE = re.compile(
    rf"(?P<all>\*\*/?\Z)|(?P<folders>\*\*/?)|(?P<star>\*)|(?P<any>\?)|(?P<class>{CLASS})|(?P<regex>\\[^\W_])|\\?(?P<one>.)", re.DOTALL
)
# what a regular expression makes of a backslash and a letter, in Go as in Python: the pattern is translated into one, letter for letter
REGEX = frozenset("AabBdDfnrsStvwW")


class PatternError(Exception):
    """A pattern that BuildKit refuses, and the build with it; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is no pattern")
        self.line = line


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line: the paths that it fits, and whether it takes them back in (`!`)."""

    fits: re.Pattern[str]
    is_exception: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a path is excluded, and which patterns fit it or a folder above it."""

    excluded: bool
    fitting: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Ignored:
    """The patterns of a `.dockerignore`; without any, nothing is excluded."""

    patterns: tuple[Pattern, ...] = ()

    @property
    def has_exceptions(self) -> bool:
        """Whether a file of an excluded folder may be in the context all the same."""
        return any(pattern.is_exception for pattern in self.patterns)

    def excludes(self, path: str) -> bool:
        """Whether the file at `path`, relative to the context, is left out."""
        verdict = Verdict(excluded=False)
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            verdict = self.verdict("/".join(parts[:end]), verdict)
        return verdict.excluded

    def verdict(self, path: str, folder: Verdict) -> Verdict:
        """What the patterns say of `path`; `folder` is what they said of the one that it is in (MatchesUsingParentResults)."""
        excluded = False
        fitting: list[bool] = []
        for pattern, fits_folder in zip(self.patterns, folder.fitting or (False,) * len(self.patterns), strict=True):
            # a pattern that cannot change the answer is not asked, and counts for what is below as one that does not fit
            fits = fits_folder or (pattern.is_exception == excluded and pattern.fits.fullmatch(path) is not None)
            excluded = not pattern.is_exception if fits else excluded
            fitting.append(fits)
        return Verdict(excluded, tuple(fitting))


def read(text: str) -> Ignored:
    """The patterns of the text of a `.dockerignore`. Raises PatternError where BuildKit would end the build."""
    found = ((number, _normal(line)) for number, line in enumerate(text.removeprefix(BOM).split("\n"), 1))
    return Ignored(tuple(_pattern(pattern, number) for number, pattern in found if pattern))


def _normal(line: str) -> str:
    """The pattern of a line, empty where there is none (ignorefile.ReadAll)."""
    text = "" if line.startswith("#") else line.strip(SPACE)
    mark = "!" if text.startswith("!") else ""
    path = text.removeprefix("!").strip(SPACE)
    path = clean(path) if path else ""
    path = path[1:] if path.startswith("/") and path != "/" else path
    # trimmed and cleaned once more, so that `/!x` is an exception (patternmatcher.New)
    text = (mark + path).strip(SPACE)
    return clean(text) if text else ""


def _pattern(text: str, line: int) -> Pattern:
    path = text.removeprefix("!")
    if not path or not VALID.fullmatch(path):
        raise PatternError(line)
    try:
        return Pattern(expression(path), is_exception=path != text)
    except re.error:
        raise PatternError(line) from None


def clean(path: str) -> str:
    """filepath.Clean of Go."""
    return re.sub(r"\A//", "/", normpath(path))


@lru_cache(maxsize=1024)
def expression(pattern: str) -> re.Pattern[str]:
    """What a pattern's whole paths look like. Raises re.error for what passes Match, and not the translation."""
    if pattern.startswith("**") and not re.search(r"[*?\[\]\\]", pattern[2:]):
        # `**x` is the end of a path; `**/x` that of a path or all of it
        return re.compile(r".*" + re.escape(pattern[2:]) + (f"|{re.escape(pattern[3:])}" if pattern[2:3] == "/" else ""))
    return re.compile("".join(_translated(match) for match in PIECE.finditer(pattern)), re.ASCII)


def _translated(match: re.Match[str]) -> str:
    if match["class"]:
        return re.sub(r"(?<!\\)(\[|&&|\|\||~~)", r"\\\1", match["class"][1:-1]).join("[]")
    if match["regex"] and match["regex"][1] not in REGEX:
        raise re.error("no escape that Go and Python know")
    known = {"all": ".*", "folders": "(?:.*/)?", "star": "[^/]*", "any": "[^/]", "regex": match["regex"]}
    return known.get(match.lastgroup or "") or re.escape(match["one"])
