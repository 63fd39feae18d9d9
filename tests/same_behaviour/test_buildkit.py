"""The model of BuildKit, against what was seen in real builds (facts/buildkit.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from .buildkit import Given, runs
from .compare import outcomes
from .run import BIN, PIPES, Outcome, SecretMount
from .sandbox import shells
from .words import NotModelledError, expand

pytestmark = pytest.mark.usefixtures("parser")

T = {"T": "given"}
NOTHING: dict[str, str] = {}
FILE = SecretMount("x", "/run/secrets/x", None, required=False, mode=0o400, uid=0, gid=0)


@pytest.mark.parametrize(
    ("lines", "args", "value"),
    [
        # 2.1 to 2.5: global and stage, passed and default, order, stages
        ("ARG T=glob\nFROM a\nRUN x", NOTHING, None),
        ("ARG T=glob\nFROM a\nARG T\nRUN x", NOTHING, "glob"),
        ("ARG T=glob\nFROM a\nARG T=stage\nRUN x", NOTHING, "stage"),
        ("ARG T=glob\nFROM a\nARG T=stage\nRUN x", T, "given"),
        ("FROM a\nARG T\nFROM b\nRUN x", T, None),
        ("FROM a AS p\nARG T=one\nFROM p\nRUN x", NOTHING, "one"),
        ("FROM a AS p\nARG T=one\nFROM P\nARG T\nRUN x", NOTHING, "one"),
        ("FROM a\nRUN x\nARG T", T, None),
        ("FROM a\nARG T=1\nARG T=2\nRUN x", NOTHING, "2"),
        ("FROM a\nARG T=1\nARG T\nRUN x", NOTHING, "1"),
        # 2.6, 2.7: several words, later ones use earlier ones
        ("FROM a\nARG A=1 T=${A}x\nRUN x", NOTHING, "1x"),
        ("FROM a\nARG A T=https://${A}@h\nRUN x", {"A": "k"}, "https://k@h"),
        ("FROM a\nARG A T=https://${A}@h\nRUN x", T, "given"),
        # 2.9: unset, empty
        ("FROM a\nARG T\nRUN x", NOTHING, None),
        ("FROM a\nARG T=\nRUN x", NOTHING, ""),
        ("FROM a\nARG T=1\nRUN x", {"T": ""}, ""),
        # 2.10, 2.11: the later of ENV and ARG
        ("FROM a\nENV T=env\nARG T=arg\nRUN x", NOTHING, "arg"),
        ("FROM a\nENV T=env\nARG T\nRUN x", NOTHING, "env"),
        ("FROM a\nENV T=env\nARG T\nRUN x", T, "given"),
        ("FROM a\nARG T\nENV T=env\nRUN x", T, "env"),
        ("FROM a\nARG T\nENV T=$T\nRUN x", NOTHING, ""),
        ("FROM a\nENV A=1\nENV A=2 T=$A\nRUN x", NOTHING, "1"),
        ("FROM a\nENV T some  words\nRUN x", NOTHING, "some  words"),
        ("FROM a\nARG S\nENV T $S\nRUN x", {"S": "given"}, "given"),
        ("FROM a\nARG S\nENV A=$S T=x\nENV T=https://u:${S}@h\nRUN x", {"S": "given"}, "https://u:given@h"),
        ("FROM a\nARG T\nENV T=${T:-dev}\nRUN x", NOTHING, "dev"),
        ("FROM a\nARG T\nENV T=${T:-dev}\nRUN x", T, "given"),
        # stages: what ENV made of it is inherited, an ARG of the child comes on top
        ("FROM a AS p\nARG T\nENV T=$T\nFROM p\nRUN x", T, "given"),
        ("FROM a AS p\nARG T\nENV T=$T\nFROM p\nRUN x", NOTHING, ""),
        ("FROM a AS p\nARG S=1\nENV T=$S\nFROM p AS q\nFROM q\nENV S=2\nARG T=child\nRUN x", NOTHING, "child"),
        ("FROM a AS p\nENV T=parent\nFROM p\nENV T=$T/child\nRUN x", NOTHING, "parent/child"),
        ("FROM a\nARG T=1\nRUN --mount=type=secret,id=s,env=T x", T, ""),
        ("FROM a\nENV T=e\nRUN --mount=type=secret,id=s,env=T x", NOTHING, ""),
        ("FROM a\nENV T=e\nRUN --mount=type=secret,id=other,env=T --mount=type=secret,id=s,env=T x", NOTHING, ""),
        # 3.9, 3.10, 3.13: env= wins, and is empty where there is no secret
        ("FROM a\nARG T\nRUN --mount=type=secret,id=s,env=T x", T, ""),
        ("# escape=`\nFROM a\nARG T=C:\\dir`$\nRUN x", NOTHING, "C:\\dir$"),
    ],
)
def test_what_a_run_sees(lines: str, args: dict[str, str], value: str | None) -> None:
    assert runs(lines, Given(args))[0].env.get("T") == value


@pytest.mark.parametrize(
    ("word", "expanded"),
    [
        ("'$A'", "$A"),
        ('"$A b"', "1 b"),
        ("\\$A", "$A"),
        ('"\\$A \\" \\n"', '$A " \\n'),
        ("a${A}b$A-$B.", "a1b1-."),
        ("${B:-x}${B-y}${A:-z}", "xy1"),
        ("${E:-x}${E-y}", "x"),
        ("${A:+x}${A+y}${B:+z}${E+e}${E:+f}", "xye"),
        ("${B:-${A}'q'}", "1q"),
        ("a\\ b$", "a b$"),
    ],
)
def test_words(word: str, expanded: str) -> None:
    assert expand(word, {"A": "1", "E": ""}, "\\") == expanded


@pytest.mark.parametrize("word", ["${A:0:2}", "${A#x}", "${A", "${B:?no}"])
def test_words_that_would_be_guessed(word: str) -> None:
    with pytest.raises(NotModelledError):
        expand(word, {"A": "1"}, "\\")


@pytest.mark.parametrize(
    ("flag", "mount"),
    [
        ("type=secret,id=x", FILE),
        ("type=secret,target=/run/secrets/x", FILE),
        ("type=secret,id=a/x", SecretMount("a/x", "/run/secrets/x", None, required=False, mode=0o400, uid=0, gid=0)),
        ("type=secret,src=x,required", SecretMount("x", "/run/secrets/x", None, required=True, mode=0o400, uid=0, gid=0)),
        ("type=secret,id=x,env=V", SecretMount("x", None, "V", required=False, mode=0o400, uid=0, gid=0)),
        ("type=secret,id=x,env=V,dst=/f", SecretMount("x", "/f", "V", required=False, mode=0o400, uid=0, gid=0)),
        (
            "type=secret,id=x,mode=0444,uid=$U,gid=7,required=true",
            SecretMount("x", "/run/secrets/x", None, required=True, mode=0o444, uid=5, gid=7),
        ),
    ],
)
def test_secret_mounts(flag: str, mount: SecretMount) -> None:
    (run,) = runs(f"FROM a\nARG U=5\nRUN --mount={flag} --network=none x\n", Given())
    assert run.mounts == (mount,)
    assert run.missing == ("x" if mount.required else None)


def test_shell_user_and_forms() -> None:
    text = (
        'FROM a AS p\nUSER 5:6\nSHELL ["bash", "-c"]\nFROM p\nRUN one \\\n  # two\n  three\nUSER root\nRUN ["a", "$T"]\n'
        "RUN <<E\nfour\nE\nRUN cat <<E > f\nfive\nE\n"
    )
    first, second, third, fourth = runs(text, Given())
    assert (first.argv, first.uid, first.gid) == (("bash", "-c", "one   three"), 5, 6)
    assert (second.argv, second.uid, second.env["PATH"]) == (("a", "$T"), 0, BIN)
    assert third.argv == ("bash", "-c", "four\n")
    assert fourth.argv == ("bash", "-c", "cat <<E > f\nfive\nE")


@pytest.mark.parametrize(
    ("command", "text"),
    [
        # 1.26 to 1.30: one word is the script itself, whatever its quotes, its number, its blanks
        ("<<E\n$a\nE", "$a\n"),
        ("<<'E'\n$a\nE", "$a\n"),
        ("3<<E\na\nE", "a\n"),
        ("<<'one two'\na\none two", "a\n"),
        ("<<E>f\na\nE>f", "a\n"),
        ("<<-E\n\ta\n  \tb\n\tE", "a\n  \tb\n"),
        ("<<E\na \\\n\n# b\nE", "a \\\n\n# b\n"),
        ("<<E\na\r\n\tb\r\nE", "a\r\n\tb\r\n"),
        # the file begins with `#!` as written, or it is a comment
        ("<<-E\n\t#!/bin/x\n\ta\n\tE", "#!/bin/x\na\n"),
        ("<<E\n #!/bin/x\nE", " #!/bin/x\n"),
        # anything more is put together again, for the shell
        ("<<E > f\na\nE", "<<E > f\na\nE"),
        ("<<E cat\na\nE", "<<E cat\na\nE"),
        ("<<E \\\n cat\n$a\nE", "<<E  cat\n$a\nE"),
        ("cat <<-'E' | b\n\ta\n\tE", "cat <<-'E' | b\n\ta\nE"),
        ("cat <<A 3<<B\na\nA\nb\nB", "cat <<A 3<<B\na\nA\nb\nB"),
        ("<<A <<B\na\nA\nb\nB", "<<A <<B\na\nA\nb\nB"),
        ("cat <<E > f\r\na\r\nE\r\n", "cat <<E > f\na\r\nE"),
    ],
)
def test_heredocs(command: str, text: str) -> None:
    (run,) = runs(f"FROM a\nRUN {command}\n", Given())
    assert run.argv == ("/bin/sh", "-c", text)
    assert run.script is None


def test_blank_before_a_delimiter_is_beyond_this_parser() -> None:
    with pytest.raises(NotModelledError):
        runs("FROM a\nRUN << E\na\nE\n", Given())


@pytest.mark.parametrize("delimiter", ["E", "'E'", "-E"])
def test_shebang_is_a_file_for_the_shell(delimiter: str) -> None:
    text = f'FROM a\nSHELL ["bash", "-xc"]\nRUN <<{delimiter}\n#!/bin/x -y\n\ta\nE\n'
    (run,) = runs(text, Given())
    assert run.argv == ("bash", "-xc", f"{PIPES}/E")
    assert run.script == (f"{PIPES}/E", f"#!/bin/x -y\n{'a' if '-' in delimiter else chr(9) + 'a'}\n")


@pytest.mark.parametrize(
    ("user", "uid", "gid"),
    [
        # a number that is in /etc/passwd has that account's group, another one has root's
        ("root", 0, 0),
        ("0", 0, 0),
        ("1000", 1000, 1000),
        ("1234", 1234, 0),
        ("1234:50", 1234, 50),
        ("node", 1000, 1000),
        ("node:50", 1000, 50),
        ("app:root", 1001, 0),
    ],
)
def test_users(user: str, uid: int, gid: int) -> None:
    (run,) = runs(f"FROM a AS p\nARG U={user}\nUSER $U\nFROM p\nRUN x\n", Given())
    assert (run.uid, run.gid) == (uid, gid)


def test_folders_and_stages() -> None:
    text = "FROM a AS p\nWORKDIR /w\nWORKDIR x\nFROM b\nRUN x\nFROM p AS q\nFROM Q\nARG D=../y\nWORKDIR $D\nRUN x\n"
    first, second = runs(text, Given())
    assert (first.folder, first.stages) == ("/", (1,))
    assert (second.folder, second.stages) == ("/w/y", (3, 2, 0))


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(
    ("options", "user", "readable"),
    [
        # 3.6: the file's owner and mode are real, and so is the user
        ("", "root", True),
        ("", "1234", False),
        (",mode=0440", "1234", True),
        (",mode=0440", "app", False),
        (",gid=1001,mode=0440", "app", True),
        (",uid=1234", "1234", True),
        (",uid=1001", "1234", False),
        (",mode=0444", "app", True),
        (",uid=1001", "root", True),
    ],
)
def test_who_can_read_it(options: str, user: str, readable: bool) -> None:  # noqa: FBT001 - a column of the table
    text = f"FROM a\nUSER {user}\nRUN --mount=type=secret,id=x{options} cat /run/secrets/x\n"
    (outcome,) = ran(text, Given(secrets={"x": "canary"}))
    assert (outcome.status, outcome.stdout) == ((0, "canary") if readable else (1, ""))


@pytest.mark.usefixtures("sandbox")
def test_each_stage_has_its_files() -> None:
    text = "FROM a AS p\nWORKDIR w\nRUN touch p\nFROM b\nRUN touch b\nFROM p\nRUN touch q\n"
    files = [{Path(file.path).name for file in outcome.files} for outcome in ran(text, Given())]
    assert files == [{"w", "p"}, {"b"}, {"w", "p", "q"}]


@pytest.mark.usefixtures("sandbox")
def test_traces_and_scripts() -> None:
    text = (
        'FROM a\nRUN <<E\n#!/usr/bin/env -S tool -x\nline\nE\nSHELL ["/bin/ash", "-xc"]\nRUN echo a\n'
        'RUN <<E\n#!/bin/zsh\necho "$0"\nE\nRUN ["nowhere/tool"]\n'
    )
    script, traced, other, absent = ran(text, Given())
    assert [(call.name, call.argv, call.stdin) for call in script.calls] == [
        ("tool", ("-x", f"{PIPES}/E"), "#!/usr/bin/env -S tool -x\nline\n")
    ]
    assert (traced.stdout, traced.stderr) == ("a\n", "+ echo a\n")
    assert other.stdout == f"{PIPES}/E\n"
    assert str(absent.status).startswith("cannot be started")


def ran(text: str, given: Given) -> tuple[Outcome, ...]:
    """The outcome of each RUN, dash being the shell."""
    build = runs(text, given)
    return outcomes(build, shells()["dash"], build)
