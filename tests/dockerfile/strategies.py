"""Dockerfiles for hypothesis: mostly plausible, with everything a reader could trip over thrown in."""

from __future__ import annotations

import json
import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# Some thousands of files in CI, the same for everyone; as many as DOCKERFIX_EXAMPLES says, and others each time, at a desk.
EXAMPLES = int(os.environ.get("DOCKERFIX_EXAMPLES", "1000"))
MANY = settings(
    max_examples=EXAMPLES,
    derandomize="DOCKERFIX_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
FEWER = settings(MANY, max_examples=max(1, EXAMPLES // 4))  # where no oracle is asked, and the files are the same

INSTRUCTIONS = (
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
    "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
)  # fmt: skip
UNKNOWN = ("RUNN", "\u212aEY", "U\u017fER", "ENTRYPO\u0130NT", "WOR\u212aDIR", "r\u00fcn", "", "=", '"RUN"', "#")
# the second half is white space to Go, to Python or to a regular expression, but not to all three
BLANKS = (" ", " ", " ", " ", " ", "  ", "\t", "\v", "\f", "\r", "\x1c", "\x1f", "\x85", "\u00a0", "\u2003", "\u3000")
NAMES = ("A", "B", "x", "TOKEN", "n\u00e4me", "1", "a.b", "_")
PIECES = (
    "a", "b=c", "=", "==", "'", '"', "'a b'", '"a b"', '"a\\"b"', "'a\\'", "\\", "\\\\", "\\ ", '\\"', "\\'", "`", "``", "` ",
    '`"', "$", "$x", "${x}", "${x", "${}", "${x:-a b}", "${x:-'}", '"${x:-"', "${x-a}", "${x:=a}", "${x:?e}", "${x#y}",
    "${x##'y'}", "${x%\\}}", "${x/a/b}", "${x//a/b}", "${x/a}", "${!x}", "${#x}", "$$", "$1a", "$\u00b2", "${x:-${y:+z}}",
    "<", "<<", "<<<", "<<A", "<<-A", "<< A", "<<- A", "<<\tA", "<<\vA", "3<<A", "3<<-'A'", "0099<<A",
    "99999999999999999999<<A", "<<'A'",
    '<<"A"', "<<'A B'", "<<A'B'", "<<\\A", "<<$x", "<<${x:-a}", "<<${x//a/b}", "<<''", "<<\ufeffA", "<<A<<B", "<<A;", "a<<A", "#", "# <<A",
    "&&", "||", "\x00", "\u00e9", "\u00e0", "\u00c5\u0085", "\u1820", "\u4e05", "\U0001f600", "\ufeff", "\udcff", "\udc85", "\udca0",
    "[", "]", '["a"]', "[1]", "[", '"', ",",
)  # fmt: skip
FLAGS = (
    "--a", "--a=b", "--mount=type=secret,id=x", "--", "---", "--a='b c'", '--a="b c"', '--a="b', "--a=b\\ c", "--a=\\", '--"-"', "--''",
    "--\\ ", "--a=\u00e0b", "--a=\u1820", "--a=\u00e9", "--a=\udcff", "--a='\\'b'", "-\\-a", '"--a"', "--a=\x1cb", "--a=\u00a0--b", "-- --",
)  # fmt: skip
JSON_PIECES = (
    "[", "]", '"a"', '"b c"', ",", " ", "1", "-0", "01", "1.5e3", "1e999", "9" * 400, "null", "true", "NaN", "-Infinity", "{}", '{"a": 1}',
    '"\\u00e9"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\x"', "'a'", '"', "[]", "\t", "\u00a0", "\udcff", '"\udcff"', '"\u00e9"', "x", "&& b",
)  # fmt: skip
DIRECTIVES = (
    "# escape=`", "# escape=\\", "#escape=`", "# ESCAPE = ` ", "# escape=x", "# escape= ", "# syntax=docker/dockerfile:1", "# Syntax = a b",
    "# check=skip=all", "# check=error=true", "# other=1", "#", "# a comment", "", "  # escape=`", "#\u00a0escape=`",
    "#\vescape=`", "# escape=`\u00a0",
    "#\x1cescape=`", "## escape=`", "#!/usr/bin/env x", "# escape = \\ \t", "\u00a0# syntax=a", "# escape", "# 1escape=`", "# e-scape=`",
)  # fmt: skip

blanks = st.sampled_from(BLANKS)
newlines = st.sampled_from(("\n",) * 8 + ("\r\n", "\r\n", "\r\r\n", "\r", " \n", "\n\n"))
words = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
text = st.lists(st.one_of(words, words, blanks), max_size=7).map("".join)
shell_text = st.lists(words, max_size=4).map(" ".join)
json_arrays = st.one_of(
    st.lists(st.text(max_size=3), max_size=3).map(json.dumps),
    st.lists(st.sampled_from(JSON_PIECES), max_size=6).map(lambda pieces: "[" + "".join(pieces)),
    st.lists(st.sampled_from(JSON_PIECES), max_size=5).map(lambda pieces: "[" + ",".join(pieces) + "]"),
)
pairs = st.lists(
    st.builds("{}{}{}".format, st.sampled_from(NAMES), st.sampled_from(("=", "=", "=", "", " ")), st.one_of(words, st.just(""))), max_size=4
).map(" ".join)
arguments = st.one_of(text, shell_text, json_arrays, pairs)
keywords = st.one_of(
    st.sampled_from(INSTRUCTIONS),
    st.sampled_from(INSTRUCTIONS),
    st.sampled_from(("RUN", "COPY", "ADD", "ENV", "ARG", "HEALTHCHECK CMD", "ONBUILD RUN")),
    st.sampled_from(INSTRUCTIONS).map(str.lower),
    st.sampled_from(INSTRUCTIONS).map(str.swapcase).map(str.capitalize),
    st.sampled_from(UNKNOWN),
    st.sampled_from(INSTRUCTIONS).map("ONBUILD {}".format),
    st.just("onbuild Onbuild run"),
)
flags = st.lists(st.one_of(st.sampled_from(FLAGS), st.builds("--f={}".format, words)), max_size=3)
# where an escape stands, and what may stand between two lines that it joins
escapes = st.sampled_from(("\\", "\\", "\\", "`", "\\\\", "``", " \\", "\\ \t", "` ", "\\\v", "\\\u00a0"))
betweens = st.lists(st.sampled_from(("", "", "# comment", "  # <<A \\", "\u00a0", " \t", "\\", "`", "\x1c")), max_size=2)
bodies = st.lists(st.one_of(st.sampled_from(("", "body", "# x", "a \\", "\tA", " A", "A ")), shell_text), max_size=2)


@st.composite
def instructions(draw: st.DrawFn) -> str:
    """One logical line, not yet continued."""
    parts = [draw(keywords), *draw(st.one_of(st.just([]), flags)), draw(arguments)]
    indent = draw(blanks) if draw(st.integers(0, 4)) == 0 else ""
    return indent + "".join(part + (draw(blanks) if part is not parts[-1] else "") for part in parts)


@st.composite
def continued(draw: st.DrawFn, line: str) -> str:
    """`line` with a few continuations, and with what may stand between continued lines."""
    cuts = draw(st.one_of(st.just([]), st.lists(st.integers(0, len(line)), max_size=3)))
    for cut in sorted(cuts, reverse=True):
        line = line[:cut] + "".join(part + draw(newlines) for part in (draw(escapes), *draw(betweens))) + line[cut:]
    return line


@st.composite
def heredocs(draw: st.DrawFn) -> str:
    """An instruction with one or two heredocs and their bodies, not always ended."""
    names = draw(st.lists(st.sampled_from(("A", "B", "EOF", "A B", "\u00e9", "a\\b", "$x")), min_size=1, max_size=2))
    dashes = [draw(st.sampled_from(("", "-"))) for _ in names]
    quotes = [draw(st.sampled_from(("", "'", '"'))) for _ in names]
    openers = [f"<<{dash}{quote}{name}{quote}" for name, dash, quote in zip(names, dashes, quotes, strict=True)]
    before, after = draw(st.sampled_from(("", "cat", "--mount=a", "a | b"))), draw(st.sampled_from(("", "/x", "> f", "\\")))
    head = " ".join((draw(keywords), before, *openers, after))
    lines = [draw(continued(head))]
    for name, dash in zip(names, dashes, strict=True):
        lines += draw(bodies)
        lines.append(draw(st.sampled_from((name, name, name, "\t" + name if dash else name, name + "\r", "", name + " "))))
    return "\n".join(lines)


@st.composite
def dockerfiles(draw: st.DrawFn) -> bytes:
    """A whole file, as bytes."""
    parts = draw(st.lists(st.sampled_from(DIRECTIVES), max_size=3))
    body = st.one_of(
        instructions().flatmap(continued), instructions().flatmap(continued), heredocs(), st.sampled_from(("", "# c", " #", "\\", "FROM a"))
    )
    parts += draw(st.lists(body, max_size=4))
    ends = [draw(newlines) for _ in parts]
    final_newline: bool = draw(st.booleans())
    if ends and not final_newline:
        ends[-1] = ""
    bom = "\ufeff" if draw(st.integers(0, 9)) == 0 else ""
    return (bom + "".join(map(str.__add__, parts, ends))).encode("utf-8", "surrogateescape")


@st.composite
def spliced(draw: st.DrawFn) -> bytes:
    """A file with random bytes put over it, or with a piece of it moved."""
    content = draw(dockerfiles())
    for _ in range(draw(st.integers(1, 3))):
        offsets = st.integers(0, len(content))
        start, end, to = sorted((draw(offsets), draw(offsets), draw(offsets)))
        new = draw(st.one_of(st.binary(max_size=3), st.just(content[end:to])))
        content = content[:start] + new + content[end:]
    return content
