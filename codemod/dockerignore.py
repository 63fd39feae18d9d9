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
    rf"(?P<all>(?:\*\*/?)+\Z)|(?P<folders>(?:\*\*/?)+)|(?P<star>\*)|(?P<any>\?)|(?P<class>{CLASS})|(?P<regex>\\[^\W_])|\\?(?P<one>.)",
    re.DOTALL,
)
# what a regular expression makes of a backslash and a letter, in Go as in Python: the pattern is translated into one, letter for letter
REGEX = frozenset("AabBdDfnrsStvwW")
WILD = {"all": ".*", "folders": "(?:.*/)?", "star": "[^/]*"}
MOST_WILD = 4


class PatternError(Exception):
    """A pattern that BuildKit refuses, and the build with it; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is no pattern")
        self.line = line


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line, cleaned, and whether it takes the paths that it fits back in (`!`)."""

    text: str
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
        if not self.patterns:
            return folder
        excluded = False
        fitting: list[bool] = []
        for pattern, fits_folder in zip(self.patterns, folder.fitting or (False,) * len(self.patterns), strict=True):
            # a pattern that cannot change the answer is not asked, and counts for what is below as one that does not fit
            fitted = fits_folder or (pattern.is_exception == excluded and fits(pattern.text, path))
            excluded = not pattern.is_exception if fitted else excluded
            fitting.append(fitted)
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
    try:
        _expression(path)
    except re.error:
        raise PatternError(line) from None
    return Pattern(path, is_exception=path != text)


def clean(path: str) -> str:
    """filepath.Clean of Go."""
    return re.sub(r"\A//", "/", normpath(path))


def fits(pattern: str, path: str) -> bool:
    """Whether `path`, all of it, is one of those that a pattern stands for. Raises re.error where nobody can tell."""
    expression = _expression(pattern)
    return _fits_slowly(pattern, path) if expression is None else expression.fullmatch(path) is not None


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str] | None:
    """What a pattern's whole paths look like; None for one that could take Python's engine for ever, as it could not Go's."""
    if not pattern or not VALID.fullmatch(pattern):
        raise re.error("no pattern")
    if pattern.startswith("**") and not re.search(r"[*?\[\]\\]", pattern[2:]):
        # `**x` is the end of a path; `**/x` that of a path or all of it
        return re.compile(r".*" + re.escape(pattern[2:]) + (f"|{re.escape(pattern[3:])}" if pattern[2:3] == "/" else ""))
    pieces = list(PIECE.finditer(pattern))
    whole = re.compile("".join(map(_translated, pieces)), re.ASCII)
    return whole if sum(piece.lastgroup in WILD for piece in pieces) <= MOST_WILD else None


def _translated(piece: re.Match[str]) -> str:
    if piece["class"]:
        return re.sub(r"(?<!\\)(\[|&&|\|\||~~)", r"\\\1", piece["class"][1:-1]).join("[]")
    if piece["regex"] and piece["regex"][1] not in REGEX:
        raise re.error("no escape that Go and Python know")
    known = {**WILD, "any": "[^/]", "regex": piece["regex"]}
    return known.get(piece.lastgroup or "") or re.escape(piece["one"])


def _fits_slowly(pattern: str, path: str) -> bool:
    """The same, a character at a time: all places of the pattern that a beginning of the path can lead to."""
    pieces = list(PIECE.finditer(pattern))
    single = [re.compile(_translated(piece), re.ASCII) for piece in pieces]
    places = _with_next({(0, False)}, pieces)
    for letter in path:
        reached: set[tuple[int, bool]] = set()
        for place, inside in places:
            kind = pieces[place].lastgroup if place < len(pieces) else None
            if kind == "all" or (kind == "star" and letter != "/"):
                reached.add((place, False))
            elif kind == "folders":
                reached |= {(place, True)} | ({(place + 1, False)} if letter == "/" else set())
            elif kind not in (None, "star") and not inside and single[place].fullmatch(letter):
                reached.add((place + 1, False))
        places = _with_next(reached, pieces)
    return (len(pieces), False) in places


def _with_next(places: set[tuple[int, bool]], pieces: list[re.Match[str]]) -> set[tuple[int, bool]]:
    """The places and those behind wildcards that stand for nothing; inside folders (True) a slash has to come first."""
    found = set(places)
    for place, inside in sorted(places):
        end = place
        while not inside and end < len(pieces) and pieces[end].lastgroup in WILD:
            end += 1
            found.add((end, False))
    return found
