"""Our reader against BuildKit's own: the PyPI oracle for most, the engine for what has changed since."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import Protocol

import pytest
from hypothesis import given

from codemod.dockerfile.error import ParseError
from codemod.dockerfile.parser import parse
from codemod.text import Source

from .known import KNOWN, unexplained
from .readings import NotComparableError, instructions, keyword, ours, theirs, values
from .strategies import FEWER, MANY, dockerfiles, spliced
from .strategies import instructions as single_instructions

AGREED = {
    "a plain file": b"FROM a\nRUN b\n",
    "no newline at the end": b"FROM a\nRUN b",
    "byte order mark": b"\xef\xbb\xbfFROM a\n",
    "byte order mark before a directive": b"\xef\xbb\xbf# escape=`\nRUN a `\nb\n",
    "byte order mark on the second line": b"\n\xef\xbb\xbfFROM a\n",
    "CRLF with continuation": b"RUN a \\\r\n  b\r\n",
    "several carriage returns": b"RUN a \\\r\r\n  b\r\r\n",
    "a lone carriage return is a blank": b"RUN\ra\rb\n",
    "mixed newlines": b"FROM a\r\nRUN b\nRUN c\r\n",
    "blanks after the continuation": b"RUN a \\ \t\nb\n",
    "a vertical tab after it ends the line": b"RUN a \\\v\nb\n",
    "two escapes do not continue": b"RUN a \\\\\nRUN b\n",
    "three escapes do not continue": b"RUN a \\\\\\\nRUN b\n",
    "an escape alone on its line": b"RUN a \\\n\\\nb\n",
    "a file that is one escape": b"\\\n",
    "continuation at the end of the file": b"RUN a \\",
    "comments and blank lines inside": b"RUN a \\\n# c \\\n\n  # d\n \t\n b\n",
    "white space only to Go inside": b"RUN a \\\n\xc2\xa0\n\xe2\x80\x83# c\nb\n",
    "white space only to Python is code": b"RUN a \\\n\x1c\nRUN b\n",
    "instruction word split": b"RU\\\nN a\n",
    "instruction word split by a comment": b"RU\\\n# c\nN a\n",
    "escape directive": b"# escape=`\nRUN a `\nb \\\n",
    "escape directive in capitals": b"#ESCAPE = `\nRUN a `\nb\n",
    "escape directive after a blank line": b"\n# escape=`\nRUN a `\nRUN b\n",
    "escape directive after a comment": b"# c\n# escape=`\nRUN a `\nRUN b\n",
    "escape directive after an unknown one": b"# other=1\n# escape=`\nRUN a `\nRUN b\n",
    "escape directive after syntax": b"# syntax=a\n# escape=`\nRUN a `\nb\n",
    "escape directive twice": b"# escape=`\n# escape=`\nRUN a\n",
    "escape directive wrong": b"# escape=x\nRUN a\n",
    "escape directive blank": b"# escape= \nRUN a\n",
    "escape directive indented": b"  # escape=`\nRUN a `\nb\n",
    "escape directive after U+00A0": b"#\xc2\xa0escape=`\nRUN a `\nRUN b\n",
    "escape directive with a dash in its name": b"# e-scape=`\nRUN a `\nRUN b\n",
    "unknown instruction": b"FOO --bar baz\n",
    "only comments": b"# a\n\n# b\n",
    "nothing": b"",
    "Kelvin sign": "WOR\u212aDIR /a\n".encode(),
    "long s": "U\u017fER a\n".encode(),
    "dotted capital i": "ENTRYPO\u0130NT a\n".encode(),
    "flags": b"RUN --a --b=c d --e\n",
    "flag with quotes": b"RUN --a='b c' --d=\"e\\\" f\" g\n",
    "flag with an open quote": b'RUN --a="b c\n',
    "flag with an open quote and a blank at the end": b'RUN --a="b \n',
    "flag that ends in an escape": b"RUN --a=b\\\v\n",
    "flag with escapes": b"RUN --a=b\\ c \\--d\n",
    "flag escape is always the backslash": b"# escape=`\nRUN --a=b`\tc\n",
    "bare dashes": b"RUN --a -- --b\n",
    "bare dashes by quotes": b"RUN --'' --b\n",
    "bare dashes alone": b"RUN --\n",
    "three dashes": b"RUN --- a\n",
    "flag with an umlaut": "RUN --a=\u00e9 b\n".encode(),
    "flag with a byte that is a blank": "RUN --a=\u00e0b c\n".encode(),
    "flag with U+0085": "RUN --a\u0085--b c\n".encode(),
    "flags on two lines": b"RUN --a=b \\\n  --c=d \\\n  e\n",
    "exec form": b'RUN ["a", "b"]\n',
    "exec form on two lines": b'RUN ["a", \\\n "b"]\n',
    "exec form that is empty": b"RUN []\n",
    "exec form with escapes": b'RUN ["\\u00e9\\n", "\\ud83d\\ude00", "\\ud800"]\n',
    "exec form with single quotes": b"RUN ['a']\n",
    "exec form with NaN": b"RUN [NaN]\n",
    "exec form with a number": b"RUN [1]\n",
    "exec form with a number too large": b"RUN [1e999]\n",
    "exec form with a long number": b"RUN [" + b"9" * 5000 + b"]\n",
    "exec form with null": b'RUN ["a", null]\n',
    "exec form with an array": b"RUN [[]]\n",
    "exec form of CMD, SHELL, VOLUME, COPY": b'CMD ["a"]\nSHELL ["a"]\nVOLUME ["a"]\nCOPY ["a", "b"]\nADD ["a", "b"]\n',
    "no exec form of USER, WORKDIR, ENV": b'USER ["a"]\nWORKDIR ["a"]\nENV a ["b"]\n',
    "health check": b'HEALTHCHECK --a=b CMD ["c", "d"]\nHEALTHCHECK NONE\nHEALTHCHECK CMD c d\nHEALTHCHECK\n',
    "health check with blanks": b'HEALTHCHECK CMD\t\v ["c"]\n',
    "health check with a number": b"HEALTHCHECK X [1]\n",
    "onbuild": b"FROM a\nONBUILD RUN --a b\nONBUILD COPY c d\nonbuild Env e f\n",
    "onbuild alone": b"ONBUILD\n",
    "onbuild with a flag": b"ONBUILD --a RUN --b c\n",
    "onbuild split by a continuation": b"ONBUILD \\\n RU\\\nN a\n",
    "onbuild with a bad array": b"ONBUILD RUN [1]\n",
    "onbuild with a heredoc": b"ONBUILD RUN <<A\nRUN x\nA\nRUN y\n",
    "onbuild with a heredoc not ended": b"ONBUILD RUN <<A\n",
    "heredoc": b"RUN <<A\nRUN x\n\n# y \\\nA\nRUN z\n",
    "heredoc in COPY and ADD": b"COPY <<A /x\na\nA\nADD <<A /x\na\nA\n",
    "heredoc nowhere else": b"CMD <<A\nENV a=<<A\nUSER <<A\n",
    "heredoc not in an exec form": b'RUN ["<<A"]\n',
    "heredocs, several": b"RUN a <<A 3<<B <<-C\na\nA\nb\nB\n\tC\n",
    "heredoc quoted": b"RUN <<'A' <<\"B C\" <<D'E'\nA\nB C\nDE\n",
    "heredoc escaped": b"RUN <<\\A\nA\n",
    "heredoc of a variable": b"RUN <<$x <<${y}\n$x\n${y}\n",
    "heredoc with tabs": b"RUN <<-A\n\tb\n\t\tA\nRUN c\n",
    "heredoc with blanks before its end": b"RUN <<-A\n A\n",
    "heredoc with blanks after its end": b"RUN <<A\nA \n",
    "heredoc with CRLF": b"RUN <<A\r\na\r\nA\r\n",
    "heredoc with a carriage return more": b"RUN <<A\na\nA\r\r\n",
    "heredoc ended by the file": b"RUN <<A\na\nA",
    "heredoc not ended": b"RUN <<A\na\n",
    "heredoc on a continued line": b"RUN <<A \\\n b\na\nA\n",
    "heredoc in a comment of the shell": b"RUN a # <<A\nA\n",
    "heredoc in quotes is none": b"RUN 'a <<A'\nRUN b\n",
    "heredoc in open quotes is none": b"RUN a' <<A\nRUN b\n",
    "heredoc after a word is none": b"RUN a<<A\nRUN b\n",
    "heredoc escape is always the backslash": b"# escape=`\nRUN a` <<A\nA\nRUN a\\ <<A\n",
    "here-string": b"RUN <<<A\nRUN b\n",
    "heredoc without a name": b"RUN <<''\nRUN b\n",
    "heredoc with a bad substitution": b"RUN <<A ${}\nRUN b\n",
    "heredoc before $(": b"RUN <<A $(b)\nA\n",
    "heredoc with a semicolon": b"RUN <<A;\nA;\n",
    "heredoc with a high descriptor": b"RUN 99999999999999999999<<A\nA\n",
    "heredoc with a descriptor of 5000 digits": b"RUN " + b"9" * 5000 + b"<<A\nA\n",
    "heredoc with zeros": b"RUN 003<<A\nA\n",
    "heredoc in a bit shift is none": b"RUN echo $((1<<2))\nRUN b\n",
    "ENV words": b"ENV A=b C=\"d e\" F='g h' I=j\\ k L=\n",
    "ENV by a blank": b'ENV A b "c  d"\n',
    "ENV by a blank after quotes": b'ENV "a b" c\n',
    "ENV without a value": b"ENV A\n",
    "ENV with a comment": b"ENV A=b # c\n",
    "ENV with an open quote": b'ENV A="b c\n',
    "ENV with an escape at the end": b"ENV A=b\\\v\nENV A='b\\\v\nENV A=\"b\\\v\n",
    "ENV that is an escape": b"ENV \\\v\nARG \\\v\n",
    "ENV with the other escape": b'# escape=`\nENV A=b` c D=\\ E=`"f\n',
    "ENV with white space only to Python": b"ENV A=b\x1cc D=e\n",
    "ENV with white space only to Go": "ENV A=b\u00a0C=d\n".encode(),
    "LABEL": b'LABEL "a b"=c d=e\nLABEL a b\n',
    "ARG": b'ARG A B=c "D=e f" # g\n',
    "MAINTAINER, STOPSIGNAL, EXPOSE": b"MAINTAINER a b\nSTOPSIGNAL 9\nEXPOSE 80 90\n",
    "a NUL": b"RUN a\0b\n",
    "the longest line": b"RUN " + b"x" * 65531 + b"\n",
    "a line too long": b"RUN " + b"x" * 65532 + b"\n",
    "the longest last line": b"RUN " + b"x" * 65531,
    "a last line too long": b"RUN " + b"x" * 65532,
    "a long line of umlauts": b"RUN " + "\u00e9".encode() * 32766 + b"\n",
    "a comment too long": b"RUN a\n#" + b"x" * 65536 + b"\n",
    "a joined line may be longer": b"RUN " + (b"x" * 999 + b"\\\n") * 80 + b"y\n",
}  # fmt: skip

# What today's BuildKit makes of a file, and v0.12.5 does not: True where it takes it.
CHANGED = {
    "an array with more after it": (b'FROM busybox\nCMD ["a"] b\n', True),
    "an array with a number and more": (b"FROM busybox\nRUN [1] x\n", True),
    "heredoc after an array": (b'FROM busybox\nRUN ["a"] <<A\nA\n', True),
    "heredoc after a blank": (b"FROM busybox\nRUN cat << A\nA\n", True),
    "heredoc after a tab": (b"FROM busybox\nRUN cat <<\t A\nA\n", True),
    "heredoc after a blank, with a dash for a name": (b"FROM busybox\nRUN cat << -A\n-A\n", True),
    "heredoc in a bit shift": (b"FROM busybox\nRUN echo $((1 << 2))\n", False),
    "heredoc beside a pattern": (b"FROM busybox\nRUN cat <<A ${x#y}\nA\n", True),
    "heredoc beside a replacement": (b"FROM busybox\nRUN cat <<A ${x//y/z}\nA\n", True),
    "a default forgets the word before it": (b"FROM busybox\nRUN cat <<A${x-y}\n", True),
    "and before the quote": (b'FROM busybox\nRUN cat <<"A${x-y}"\n', True),
    "a default with a heredoc": (b"FROM busybox\nRUN <<${x-y <<A}\nA}\n", True),
    "check is a directive": (b"# check=skip=all\n# escape=`\nFROM busybox\nWORKDIR `\n/a\n", True),
    "check twice": (b"# check=skip=all\n# check=skip=all\nFROM busybox\n", False),
}  # fmt: skip
# The same to both, and worth a real engine's word: it was the one to say so.
CONFIRMED = {
    "escape directive after U+00A0": (b"#\xc2\xa0escape=`\n# escape=`\nFROM busybox\n", True),
    "escape directive after a form feed": (b"#\fescape=`\n# escape=`\nFROM busybox\n", False),
    "heredoc after a vertical tab": (b"FROM busybox\nRUN <<\vA\nRUN true\n", True),
    "heredoc after a dash and a blank": (b"FROM busybox\nRUN cat <<- A\nRUN true\n", True),
    "heredoc beside a modifier that does not exist": (b"FROM busybox\nRUN cat <<A ${x:=y}\nA\n", True),
    "no heredoc beside a pattern after a colon": (b"FROM busybox\nRUN cat <<A ${x:#y}\nRUN true\n", True),
    "heredoc name that is not UTF-8": (b"FROM busybox\nRUN <<E\xff\nE\xef\xbf\xbd\n", True),
    "heredoc name after a byte order mark": (b"FROM busybox\nRUN <<\xef\xbb\xbfA\nA\n", True),
    "a heredoc name with half a quote": (b'FROM busybox\nRUN ${x-a <<"b c"}\n', False),
    "a modifier that does not exist": (b"FROM busybox\nONBUILD RUN <<A ${x:-'}'}\nA\n", True),
    "a lone escape": (b"FROM busybox\n\\\n", False),
    "an instruction with a Kelvin sign": ("FROM busybox\nWOR\u212aDIR /a\n".encode(), True),
    "an instruction with a long s": ("FROM busybox\nU\u017fER a\n".encode(), False),
    "an array nested 5,000 deep": (b"FROM busybox\nRUN " + b"[" * 5000 + b"]" * 5000 + b"\n", False),
    "ARG without a name": (b"FROM busybox\nARG =x\n", False),
    "LABEL with an empty name": (b'FROM busybox\nLABEL ""=x\n', True),
    "RUN without a command": (b"FROM busybox\nRUN\n", True),
    "SHELL without an array": (b"FROM busybox\nSHELL a\n", False),
    "stage name that begins with a digit": (b"FROM busybox AS 1x\n", False),
    "FROM in ONBUILD": (b"FROM busybox\nONBUILD FROM a\n", False),
    "no FROM": (b"ARG a\n", False),
    "the longest line": (b"FROM busybox\nRUN " + b"x" * 65531 + b"\n", True),
    "a last line too long": (b"FROM busybox\nRUN " + b"x" * 65532, False),
}  # fmt: skip


@pytest.mark.parametrize("content", AGREED.values(), ids=AGREED)
def test_the_table(content: bytes) -> None:
    """Every file here is read the same, without any excuse."""
    found, expected = ours(content), theirs(content)
    if isinstance(expected, str):
        assert isinstance(found, ParseError), expected
    else:
        assert found == expected


@MANY
@given(dockerfiles())
def test_generated_files(content: bytes) -> None:
    """Plausible files with everything a reader could trip over."""
    assert unexplained(content) is None


@MANY
@given(spliced())
def test_spliced_files(content: bytes) -> None:
    """The same with random bytes in them."""
    assert unexplained(content) is None


@FEWER
@given(single_instructions())
def test_onbuild_reads_what_it_triggers(line: str) -> None:
    """The oracle hides an inner instruction's flags: it must be what it is on its own."""
    inner = line.strip("\t\n\v\f\r \x85\xa0\u2003\u3000")
    bodies = "A\n" * 9
    try:
        alone = instructions(f"RUN x\n{inner}\n{bodies}".encode("utf-8", "surrogateescape"))[1]
    except ParseError:
        alone = None
    try:
        outer = instructions(f"RUN x\nONBUILD {inner}\n{bodies}".encode("utf-8", "surrogateescape"))[1]
    except ParseError:
        outer = None
    if alone is None or outer is None:
        assert alone is outer or inner.lower().startswith("onbuild")
    elif outer.trigger is not None and not inner.startswith("#") and alone.name != "ONBUILD":
        assert keyword(outer.trigger) == keyword(alone)
        assert [flag.text for flag in outer.trigger.flags] == [flag.text for flag in alone.flags]
        assert values(outer.trigger) == values(alone)
        assert [doc.name for doc in outer.trigger.heredocs] == [doc.name for doc in alone.heredocs]


@pytest.mark.parametrize("content", [content for content, _ in CHANGED.values()], ids=CHANGED)
def test_what_has_changed_is_known(content: bytes) -> None:
    """Each of these really is read differently by v0.12.5, and one of the known differences says why."""
    found, expected = ours(content), theirs(content)
    assert found != expected
    assert isinstance(found, ParseError) != isinstance(expected, str) or not isinstance(found, ParseError)
    assert unexplained(content) is None


def test_every_known_difference_is_needed() -> None:
    """An excuse that no file needs would only hide a mistake."""
    files = [content for content, _ in CHANGED.values()]
    files += [b"ONBUILD ONBUILD RUN [1]\n", "RUN --a=\u4141b c\n".encode()]
    for difference in KNOWN:
        lines = [line for content in files for line in content.decode().split("\n")]
        assert any(difference.applies(line) for line in lines), difference.reason


def test_a_difference_that_is_not_known_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison itself can fail."""
    monkeypatch.setattr("tests.dockerfile.known.ours", lambda content: ours(content.replace(b"USER a", b"USER b")))
    assert unexplained(b"FROM a\nUSER c\n") is None
    assert unexplained(b"FROM a\nUSER a\n") is not None


@pytest.mark.parametrize(
    "content",
    [b"RUN \xff\n", b"RUN <<A\n\xff\nA\n", 'HEALTHCHECK CMD\u00e0["c"]\n'.encode()],
    ids=["in a RUN", "in a heredoc", "in a word it has cut in two"],
)
def test_bytes_that_the_oracle_cannot_give_back(content: bytes) -> None:
    """It reads them, and so do we."""
    with pytest.raises(NotComparableError):
        theirs(content)
    assert not isinstance(ours(content), ParseError)
    assert unexplained(content) is None


class Asker(Protocol):
    """Whether the engine takes a Dockerfile, or what it says against it."""

    def __call__(self, content: bytes) -> str: ...


@pytest.mark.engine
def test_what_the_engine_says(ask: Asker) -> None:
    """Where the oracle is out of date, a current BuildKit has the last word."""
    table = {**CHANGED, **CONFIRMED}
    with ThreadPoolExecutor(8) as pool:
        answers = dict(zip(table, pool.map(lambda entry: ask(entry[0]), table.values()), strict=True))
    wrong = {name: answers[name] for name, (_, taken) in table.items() if taken != (answers[name] == "")}
    assert not wrong


@pytest.mark.parametrize(("content", "taken"), [*CHANGED.values(), *CONFIRMED.values()], ids=[*CHANGED, *CONFIRMED])
def test_we_say_what_the_engine_says(content: bytes, *, taken: bool) -> None:
    """The same table, to us."""
    source = Source.from_bytes(PurePosixPath("Dockerfile"), content)
    if taken:
        assert parse(source).instructions
    else:
        with pytest.raises(ParseError):
            parse(source)
