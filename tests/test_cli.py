"""The command line from outside: what it takes, what it says and where, and how it ends.

Most runs are in this process, for speed; what depends on a process of its own (a terminal, the start) has one.
"""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from codemod import __version__
from codemod.cli import main
from codemod.explanations import page
from codemod.fix import NOTHING, fix
from codemod.refusal import HINTS, Reason
from codemod.result import Result
from codemod.settings import NEWEST, Settings, Style
from codemod.surroundings import Surroundings
from codemod.text import Source

from .command import COMMAND, ENVIRONMENT, LEFT_OUT, REPOSITORY, dockerfix

CLEAN, FOUND, USAGE, FAILED = 0, 1, 2, 3

LEAKING = b'FROM alpine\nARG MY_SECRET\nRUN curl -u "user:$MY_SECRET" https://ifconfig.me\n'
MOVED = b"""FROM alpine
RUN --mount=type=secret,id=MY_SECRET,required=true \\
    MY_SECRET="$(cat /run/secrets/MY_SECRET)" \\
    && curl -u "user:$MY_SECRET" https://ifconfig.me
"""
TIDY = b"FROM alpine\nRUN true\n"
REFUSED = b"FROM alpine\nARG MY_SECRET\nLABEL secret=$MY_SECRET\n"
BROKEN = b"FROM alpine\nARG MY_SECRET\nRUN <<EOF\ntrue\n"


@dataclass(frozen=True, slots=True)
class Said:
    """How one run ended and what it said."""

    code: int
    stdout: bytes
    stderr: str


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one leaking Dockerfile."""
    (tmp_path / "Dockerfile").write_bytes(LEAKING)
    return tmp_path


def run(folder: Path, *arguments: str | Path, stdin: bytes = b"", variables: dict[str, str] | None = None) -> Said:
    here = Path.cwd()
    os.chdir(folder)
    try:
        runner = CliRunner(env=dict.fromkeys(LEFT_OUT) | (variables or {}))
        result = runner.invoke(main, [*map(str, arguments)], input=stdin, prog_name="dockerfix", catch_exceptions=False)
    finally:
        os.chdir(here)
    return Said(result.exit_code, result.stdout_bytes, result.stderr)


# --- how it ends -----------------------------------------------------------------------------------------------------

ENDS = {
    "nothing to do": (TIDY, (), CLEAN),
    "a change to make": (LEAKING, (), FOUND),
    "a change to make, only asked": (LEAKING, ("--check",), FOUND),
    "a change made": (LEAKING, ("--write",), CLEAN),
    "nothing to write": (TIDY, ("--write",), CLEAN),
    "refused": (REFUSED, (), FOUND),
    "refused, the rest written": (LEAKING + b"ARG B_TOKEN\nLABEL b=$B_TOKEN\n", ("--write",), FOUND),
    "left over": (LEAKING + b'ARG B_TOKEN\nRUN echo "$B_TOKEN" > /etc/b\n', ("--write",), FOUND),
    "left over of a mount": (b"FROM alpine\nRUN --mount=type=secret,id=t,env=T echo $T > /etc/t\n", (), FOUND),
    "ignored": (b"FROM alpine\n# dockerfix: ignore=MY_SECRET made up\n" + LEAKING[12:], (), CLEAN),
    "said to be no secret": (LEAKING, ("--not-secret", "MY_*"), CLEAN),
    "said to be one": (b'FROM alpine\nARG COLOUR\nRUN curl "$COLOUR"\n', ("--secret", "COLOUR"), FOUND),
    "a literal": (b"FROM alpine\nENV API_TOKEN=canary-0123456789\n", (), FOUND),
    "a literal that is allowed": (b"FROM alpine\nENV API_TOKEN=canary-0123456789\n", ("--allow", "literal-credential"), CLEAN),
    "nobody shows who reads it": (b"FROM alpine\nARG MY_SECRET\nRUN make\n", (), FOUND),
    "a container may read it": (b"FROM alpine\nARG MY_SECRET\nENV MY_SECRET=$MY_SECRET\n", (), FOUND),
    "cannot be parsed": (BROKEN, (), FAILED),
    "cannot be parsed, only asked": (BROKEN, ("--check",), FAILED),
    "cannot be parsed, as JSON": (BROKEN, ("--format", "json"), FAILED),
}


@pytest.mark.parametrize(("content", "options", "code"), ENDS.values(), ids=ENDS)
def test_exit_code(tmp_path: Path, content: bytes, options: tuple[str, ...], code: int) -> None:
    (tmp_path / "Dockerfile").write_bytes(content)
    assert run(tmp_path, *options, "Dockerfile").code == code


def test_the_highest_exit_code_applies(folder: Path) -> None:
    """The good files are read, and written, all the same."""
    (folder / "broken.Dockerfile").write_bytes(BROKEN)
    said = run(folder, "--write")
    assert said.code == FAILED
    assert said.stderr.startswith("error: broken.Dockerfile:3: unterminated heredoc")
    assert (folder / "Dockerfile").read_bytes() == MOVED
    assert (folder / "broken.Dockerfile").read_bytes() == BROKEN


# --- bad input -------------------------------------------------------------------------------------------------------

UNREADABLE = {
    "text that is no Dockerfile": (b"Dear all,\nhello\n", "1: unknown instruction"),
    "an unknown instruction further down": (b"FROM alpine\n\nARG MY_SECRET\nRUNN true\n", "4: unknown instruction"),
    "an empty file": (b"", "1: file with no instructions"),
    "only comments": (b"# nothing\n\n# here\n", "3: file with no instructions"),
    "an instruction before FROM": (b"RUN true\n", "1: "),
    "a heredoc without an end": (BROKEN, "3: unterminated heredoc"),
    "a line of 70,000 bytes": (b"FROM alpine\nARG MY_SECRET\nRUN echo " + b"x" * 70_000 + b"\n", "3: line is longer than the 65535 bytes"),
    "a binary": (bytes(range(256)) * 20, "1: unknown instruction"),
    "zeros": (b"\x00" * 100, "1: unknown instruction"),
    "UTF-16": ("FROM alpine\n".encode("utf-16"), "1: unknown instruction"),
    "an escape that is none": (b"# escape=x\nFROM alpine\nARG MY_SECRET\n", "1: invalid escape token"),
}


@pytest.mark.parametrize(("content", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_has_its_place(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "Dockerfile").write_bytes(content)
    said = run(tmp_path, "--write", "Dockerfile")
    assert said.code == FAILED
    assert said.stderr.startswith(f"error: Dockerfile:{message}")
    assert said.stdout == b""
    assert (tmp_path / "Dockerfile").read_bytes() == content


def test_what_can_hold_no_secret_need_not_be_a_dockerfile_that_builds(tmp_path: Path) -> None:
    """It is not parsed: there is nothing to do in it, whatever it is."""
    (tmp_path / "Dockerfile").write_bytes(b"FROM alpine\nRUN <<EOF\ntrue\n")
    assert run(tmp_path, "Dockerfile").code == CLEAN


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert run(tmp_path, "missing") == Said(FAILED, b"", "error: missing: No such file or directory\n")


@pytest.mark.parametrize(("target", "message"), [("nowhere", "No such file or directory"), ("link", "Too many levels of symbolic links")])
def test_a_link_that_leads_nowhere(tmp_path: Path, target: str, message: str) -> None:
    (tmp_path / "link").symlink_to(target)
    assert run(tmp_path, "link") == Said(FAILED, b"", f"error: link: {message}\n")


def test_a_walk_takes_files_only(tmp_path: Path) -> None:
    """Reading a pipe would wait for ever."""
    (tmp_path / "Dockerfile.link").symlink_to("nowhere")
    (tmp_path / "Dockerfile.folder").mkdir()
    os.mkfifo(tmp_path / "Dockerfile.pipe")
    assert run(tmp_path) == Said(CLEAN, b"", "No Dockerfile in .: nothing to do.\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(folder: Path) -> None:
    (folder / "Dockerfile").chmod(0)
    assert run(folder, "Dockerfile") == Said(FAILED, b"", "error: Dockerfile: Permission denied\n")


@pytest.mark.parametrize("argument", [".", "Dockerfile"])
def test_a_folder_without_dockerfiles(tmp_path: Path, argument: str) -> None:
    """Nothing was asked for that could not be done. A folder may be called Dockerfile."""
    (tmp_path / "Dockerfile").mkdir()
    assert run(tmp_path, argument) == Said(CLEAN, b"", f"No Dockerfile in {argument}: nothing to do.\n")


WRONG = {
    "an unknown option": (("--nope",), "No such option '--nope'"),
    "both to write and only to ask": (("--write", "--check"), "--write and --check exclude each other"),
    "an id without a name": (("--id", "=x"), "is not NAME=ID"),
    "an id without an id": (("--id", "MY_SECRET"), "is not NAME=ID"),
    "an id with a blank": (("--id", "MY_SECRET=a b"), "is not NAME=ID"),
    "an id with a comma": (("--id", "MY_SECRET=a,required=false"), "is not NAME=ID"),
    "an id that is a path": (("--id", "MY_SECRET=../a"), "is not NAME=ID"),
    "an unknown reason": (
        ("--allow", "laziness"),
        "'laziness' cannot be allowed; these can: runtime-environment, caller-not-rewritten, literal-credential",
    ),
    "a reason that is nobody's choice": (("--allow", "onbuild"), "'onbuild' cannot be allowed"),
    "an unknown format": (("--format", "xml"), "'xml' is not one of"),
    "an unknown style": (("--style", "both"), "'both' is not one of"),
    "a frontend that is no version": (("--frontend", "latest"), "'latest' is no version of docker/dockerfile"),
    "a frontend that does not exist": (("--frontend", "2"), "'2' is no version of docker/dockerfile"),
    "a frontend with a dot too many": (("--frontend", "1."), "'1.' is no version of docker/dockerfile"),
    "a frontend in other digits": (("--frontend", "1.\u0661"), "is no version of docker/dockerfile"),
    "no frontend": (("--frontend", ""), "'' is no version of docker/dockerfile"),
    "stdin and a path": (("-", "Dockerfile"), "- goes with no other path"),
    "a page in a Dockerfile's place": (("--write", "--report", "Dockerfile"), "Dockerfile is there already, and not from --report"),
    "a patch in a Dockerfile's place": (("--write", "--patch", "Dockerfile"), "Dockerfile is there already, and not from --patch"),
    "two things in one file": (("--patch", "new", "--report", "new"), "--patch and --report new exclude each other"),
    "stdin that changed": (("-", "--changed-since", "HEAD"), "--changed-since goes with no -"),
    "stdin to write": (("--write", "-"), "- goes with no other path"),
}


@pytest.mark.parametrize(("arguments", "message"), WRONG.values(), ids=WRONG)
def test_wrong_usage(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    said = run(folder, *arguments, stdin=LEAKING)
    assert said.code == USAGE
    assert message in said.stderr
    assert said.stderr.startswith("Usage: dockerfix ")
    assert said.stdout == b""
    assert (folder / "Dockerfile").read_bytes() == LEAKING


# --- what goes where -------------------------------------------------------------------------------------------------


def test_stdout_has_the_diff_alone(folder: Path) -> None:
    said = run(folder)
    assert said.stdout.startswith(b"--- a/Dockerfile\n+++ b/Dockerfile\n@@ ")
    assert {line[:1] for line in said.stdout.splitlines()} == {b"-", b"+", b"@", b" "}
    assert "docker build --secret id=MY_SECRET -f Dockerfile ." in said.stderr
    assert "Dockerfile:2: MY_SECRET" in said.stderr


def test_check_says_a_summary(folder: Path) -> None:
    said = run(folder, "--check")
    assert said.stdout == b""
    assert said.stderr.count("\n") == 1
    assert (folder / "Dockerfile").read_bytes() == LEAKING


def test_quiet_says_nothing(folder: Path) -> None:
    loud, quiet = run(folder), run(folder, "--quiet")
    assert quiet == Said(FOUND, loud.stdout, "")


def test_quiet_says_errors(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(BROKEN)
    said = run(tmp_path, "--quiet")
    assert said.code == FAILED
    assert said.stderr.count("\n") == 1
    assert said.stderr.startswith("error: Dockerfile:3: ")


def test_write_shows_what_it_did(folder: Path) -> None:
    dry = run(folder)
    said = run(folder, "--write")
    assert said.stdout == dry.stdout
    assert (folder / "Dockerfile").read_bytes() == MOVED
    assert run(folder, "--write") == Said(CLEAN, b"", "1 Dockerfile, 0 secrets found\n")


def test_stdin_to_stdout(tmp_path: Path) -> None:
    said = run(tmp_path, "-", stdin=LEAKING)
    assert (said.code, said.stdout) == (FOUND, MOVED)
    assert "-f Dockerfile ." in said.stderr


@pytest.mark.parametrize("content", [TIDY, REFUSED, b"FROM alpine\r\nRUN true # caf\xe9", b"\xef\xbb\xbfFROM alpine"])
def test_stdin_comes_back_where_nothing_is_done(tmp_path: Path, content: bytes) -> None:
    assert run(tmp_path, "-", stdin=content).stdout == content


def test_stdin_that_cannot_be_read(tmp_path: Path) -> None:
    said = run(tmp_path, "-", stdin=BROKEN)
    assert (said.code, said.stdout) == (FAILED, b"")
    assert said.stderr.startswith("error: Dockerfile:3: unterminated heredoc")


def test_check_of_stdin(tmp_path: Path) -> None:
    said = run(tmp_path, "--check", "-", stdin=LEAKING)
    assert (said.code, said.stdout) == (FOUND, b"")


def test_patch_saves_the_diff_too(folder: Path) -> None:
    said = run(folder, "--patch", "saved.patch")
    assert (folder / "saved.patch").read_bytes() == said.stdout != b""
    assert (folder / "Dockerfile").read_bytes() == LEAKING


def test_patch_goes_with_check_and_json(folder: Path) -> None:
    run(folder, "--check", "--patch", "check.patch")
    document = json.loads(run(folder, "--format", "json", "--patch", "json.patch").stdout)
    assert (folder / "check.patch").read_bytes() == (folder / "json.patch").read_bytes() == document["files"][0]["diff"].encode()


@pytest.mark.parametrize("text", [LEAKING, b"FROM alpine\nARG TOKEN\nRUN <<EOF\n"], ids=["a finding", "an error"])
def test_the_name_of_a_file_begins_no_line_and_moves_no_cursor(folder: Path, text: bytes) -> None:
    """Lines of stderr are commands, too, where GitHub runs it."""
    (folder / "a\n::error::b\033[2Jc").mkdir()
    (folder / "a\n::error::b\033[2Jc/Dockerfile").write_bytes(text)
    said = run(folder)
    assert "a\\n::error::b\\x1b[2Jc/Dockerfile:" in said.stderr
    assert "\033" not in said.stderr
    assert not [line for line in said.stderr.splitlines() if line.startswith("::")]


def test_what_was_saved_before_is_replaced(folder: Path) -> None:
    for _ in range(2):
        said = run(folder, "--patch", "saved.patch", "--report", "saved.html")
        assert (said.code, (folder / "saved.patch").read_bytes()) == (FOUND, said.stdout)
    (folder / "saved.patch").write_bytes(b"")
    assert run(folder, "--patch", "saved.patch").code == FOUND


def test_a_patch_that_cannot_be_saved(folder: Path) -> None:
    said = run(folder, "--patch", "/dev/full")
    assert said.code == FAILED
    assert said.stderr.startswith("error: /dev/full: No space left on device\n")


@pytest.mark.parametrize(
    ("file", "message"),
    [("missing/saved.patch", "missing is no folder"), ("/proc/self/mem", "/proc/self/mem: Input/output error")],
    ids=["no folder", "a file that cannot be read"],
)
@pytest.mark.parametrize("option", ["--patch", "--report"])
def test_a_file_that_will_not_be_saved_is_known_before_anything_is_written(folder: Path, option: str, file: str, message: str) -> None:
    said = run(folder, "--write", option, file)
    assert said.code == USAGE
    assert f"Invalid value for {option}: {message}\n" in said.stderr
    assert (folder / "Dockerfile").read_bytes() == LEAKING


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_json_is_the_only_thing_on_stdout(folder: Path) -> None:
    said = run(folder, "--format", "json")
    document = json.loads(said.stdout)
    assert document["version"] == 1
    assert document["tool"] == {"name": "dockerfix", "version": __version__}
    (file,) = document["files"]
    assert (file["path"], file["changed"], file["written"]) == ("Dockerfile", True, False)
    assert file["diff"].encode() == run(folder).stdout
    (finding,) = document["findings"]
    assert (finding["secret"], finding["status"], finding["refusal"]) == ("MY_SECRET", "rewritten", None)
    (command,) = document["build_commands"]
    assert command["argv"] == ["docker", "build", "--secret", "id=MY_SECRET", "-f", "Dockerfile", "."]


def test_json_says_what_was_written(folder: Path) -> None:
    document = json.loads(run(folder, "--write", "--format", "json").stdout)
    assert [file["written"] for file in document["files"]] == [True]
    assert (folder / "Dockerfile").read_bytes() == MOVED


def test_json_has_refusals_and_errors(folder: Path) -> None:
    (folder / "Dockerfile").write_bytes(REFUSED)
    (folder / "broken.Dockerfile").write_bytes(BROKEN)
    document = json.loads(run(folder, "--format", "json").stdout)
    (finding,) = document["findings"]
    assert finding["status"] == "refused"
    assert finding["refusal"].keys() == {"reason", "line", "detail", "hint"}
    assert finding["refusal"]["reason"] == "used-by-instruction"
    (error,) = document["errors"]
    assert (error["path"], error["line"]) == ("broken.Dockerfile", 3)
    assert document["summary"] == {
        "files": 2,
        "dockerfiles": 1,
        "findings": 1,
        "rewritten": 0,
        "refused": 1,
        "reported": 0,
        "ignored": 0,
        "known": 0,
        "leftovers": 0,
        "errors": 1,
    }


@pytest.mark.parametrize(
    ("default", "line"),
    [("hunter2", "-ARG MY_SECRET=…"), ("'hunter 2'", "-ARG MY_SECRET=…"), ("qz", "-ARG MY_SECRET=qz")],
    ids=["a word", "in quotes", "too short to be told from other text"],
)
def test_json_has_no_credential_of_the_file(tmp_path: Path, default: str, line: str) -> None:
    """Its diff has … in its place, and says so: only the one on stdout can be applied."""
    (tmp_path / "Dockerfile").write_bytes(LEAKING.replace(b"MY_SECRET\n", f"MY_SECRET={default}\n".encode()))
    said = run(tmp_path, "--format", "json")
    (file,) = json.loads(said.stdout)["files"]
    assert line in file["diff"].splitlines()
    assert file["redacted"] is line.endswith("…")
    assert b"hunter" not in said.stdout
    assert f"-ARG MY_SECRET={default}\n".encode() in run(tmp_path).stdout


@pytest.mark.parametrize(
    ("default", "text", "shown"),
    [("hunter2", "xhunter2y", "x…y"), ("mirror", "mirror", "…"), ("mirror", "/mirror/a", "/mirror/a"), ("mirror", "mirrors", "mirrors")],
    ids=["inside of other text", "a word", "a folder called like it", "a word that begins like it"],
)
def test_json_has_no_credential_of_the_file_elsewhere_either(tmp_path: Path, default: str, text: str, shown: str) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM alpine\nARG API_TOKEN={default}\nRUN make {text} $API_TOKEN\n")
    (file,) = json.loads(run(tmp_path, "--format", "json").stdout)["files"]
    assert f"-RUN make {shown} $API_TOKEN" in file["diff"].splitlines()


def test_json_of_nothing(tmp_path: Path) -> None:
    document = json.loads(run(tmp_path, "--format", "json").stdout)
    assert (document["files"], document["findings"], document["errors"]) == ([], [], [])


SECRETIVE = b"""FROM alpine AS build
ARG A_TOKEN=canary-aaaaaaaaaa
ARG URL=https://user:canary-bbbbbbbbbb@example.com/${A_TOKEN}
ENV C_PASSWORD=canary-cccccccccc
ENV D_PASSWORD "canary-dddddddddd
ARG E_SECRET='canary-eeeeeeeeee'
RUN curl -u "u:$A_TOKEN" "$URL" -H "Authorization: Bearer canary-ffffffffff" > /etc/x
LABEL e=$E_SECRET
RUN echo canary-gggggggggg $E_SECRET > /etc/y; git clone https://canary-hhhhhhhhhh@example.com/r
"""


@pytest.mark.parametrize("options", [(), ("--secret", "*"), ("--write",), ("--id", "A_TOKEN=other")], ids=" ".join)
def test_no_value_is_ever_said(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Only the diff shows the file's own lines."""
    (tmp_path / "Dockerfile").write_bytes(SECRETIVE)
    said = run(tmp_path, *options, "--format", "json")
    document = json.loads(said.stdout)
    for file in document["files"]:
        del file["diff"]
    assert len(document["findings"]) > 1
    assert "canary-" not in json.dumps(document) + said.stderr


LOST = {
    "a continuation that is forgotten": b"FROM alpine\nENV A=b\n    PASSWORD=canary-x\n",
    "an equals sign that is forgotten": b"FROM alpine\nENV A=b canary-x\n",
    "a quote that is not closed": b'FROM alpine\nENV A="canary-x\n',
    "an array that is none": b'FROM alpine\nADD ["canary-z", 1]\n',
    "a heredoc without an end": b"FROM alpine\nRUN <<EOF\ncanary-x\n",
}


@pytest.mark.parametrize("content", LOST.values(), ids=LOST)
def test_no_value_is_in_a_message_about_what_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    """A line that cannot be read may be the lost half of one that has a secret."""
    (tmp_path / "Dockerfile").write_bytes(content)
    said = run(tmp_path, "--format", "json")
    assert "canary-" not in (said.stdout.decode() + said.stderr).lower()


# --- colours ---------------------------------------------------------------------------------------------------------

ESCAPE = b"\x1b["


def on_a_terminal(folder: Path, *arguments: str, **variables: str) -> bytes:
    """What stdout gets where that is a terminal."""
    ours, theirs = pty.openpty()
    environment = ENVIRONMENT | {"TERM": "xterm"} | variables
    subprocess.run([*COMMAND, *arguments], cwd=folder, env=environment, stdout=theirs, stderr=subprocess.DEVNULL, check=False)
    os.close(theirs)
    shown = os.read(ours, 1 << 16)
    os.close(ours)
    return shown.replace(b"\r\n", b"\n")


def test_a_terminal_gets_colours(folder: Path) -> None:
    assert ESCAPE in on_a_terminal(folder)


def test_a_terminal_may_refuse_them(folder: Path) -> None:
    assert on_a_terminal(folder, "--no-color") == on_a_terminal(folder, NO_COLOR="1") == run(folder).stdout


@pytest.mark.parametrize("options", [("-",), ("--format", "json", "Dockerfile")], ids=" ".join)
def test_files_and_json_have_none(folder: Path, options: tuple[str, ...]) -> None:
    assert ESCAPE not in run(folder, *options, stdin=LEAKING, variables={"FORCE_COLOR": "1"}).stdout


# --- options that change the result ----------------------------------------------------------------------------------


def test_id(folder: Path) -> None:
    said = run(folder, "--id", "MY_SECRET=other.id")
    assert b"--mount=type=secret,id=other.id,required=true" in said.stdout
    assert b'MY_SECRET="$(cat /run/secrets/other.id)"' in said.stdout
    assert ': "${MY_SECRET:?}" && docker build --secret id=other.id,env=MY_SECRET -f Dockerfile .' in said.stderr


def test_two_secrets_cannot_have_one_id(folder: Path) -> None:
    """One file cannot hold both."""
    (folder / "Dockerfile").write_bytes(LEAKING + b'ARG B_TOKEN\nRUN curl -u "u:$B_TOKEN" https://example.com\n')
    assert run(folder, "--id", "MY_SECRET=x", "--id", "B_TOKEN=x").code == USAGE


def test_one_secret_cannot_have_two_ids(folder: Path) -> None:
    assert run(folder, "--id", "MY_SECRET=x", "--id", "MY_SECRET=y").code == USAGE


def test_allow_runtime_environment(folder: Path) -> None:
    (folder / "Dockerfile").write_bytes(b"FROM alpine\nARG MY_SECRET\nENV MY_SECRET=$MY_SECRET\nRUN ls\n")
    assert run(folder).stdout == b""
    assert run(folder, "--allow", "runtime-environment", "--write").code == CLEAN
    assert (folder / "Dockerfile").read_bytes() == b"FROM alpine\nRUN ls\n"


ASKED = {
    "nothing": ((), Settings()),
    "files": (("--style", "file"), Settings()),
    "variables": (("--style", "env"), Settings(style=Style.ENV)),
    "a frontend": (("--frontend", "1.10"), Settings(frontend=(1, 10))),
    "a frontend with its patch": (("--frontend", "1.4.3"), Settings(frontend=(1, 4))),
    "the newest frontend": (("--frontend", "1"), Settings(frontend=(1, NEWEST))),
}


@pytest.mark.parametrize(("options", "settings"), ASKED.values(), ids=ASKED)
def test_style_and_frontend_reach_the_steps(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], settings: Settings
) -> None:
    seen: list[Settings] = []

    def watched(source: Source, asked: Settings, around: Surroundings = NOTHING) -> Result:
        seen.append(asked)
        return fix(source, asked, around)

    monkeypatch.setattr("codemod.looking.fix", watched)
    run(folder, *options, "Dockerfile")
    assert set(seen) == {settings}


# --- configuration ---------------------------------------------------------------------------------------------------


def test_a_configuration_holds_for_what_is_below_it(folder: Path) -> None:
    """Each Dockerfile has its own, and the exit code too is by what each allows."""
    (folder / "Dockerfile").unlink()
    for name, text in {"a": "allow = ['literal-credential']\n", "b": "", "c": "secret = ['COLOUR']\n"}.items():
        (folder / name).mkdir()
        (folder / name / "Dockerfile").write_bytes(b"FROM alpine\nARG COLOUR\nRUN echo $COLOUR\nENV API_TOKEN=canary-0123456789\n")
        (folder / name / ".dockerfix.toml").write_text(text)
    assert [run(folder, name).code for name in "abc"] == [CLEAN, FOUND, FOUND]
    assert run(folder, "a", "b").code == FOUND
    said = run(folder)
    assert [line for line in said.stdout.decode().splitlines() if line.startswith("---")] == ["--- a/c/Dockerfile"]
    assert "line 2: .dockerfix.toml says so\n" in said.stderr


def test_stdin_has_the_configuration_of_the_current_folder(folder: Path) -> None:
    (folder / ".dockerfix.toml").write_text("id.MY_SECRET = 'other'\n")
    (folder / "sub").mkdir()
    for here in (folder, folder / "sub"):
        assert b"id=other," in run(here, "-", stdin=LEAKING).stdout


STYLES = {
    "the configuration's": ((), b",env=MY_SECRET"),
    "the command line's": (("--style", "file"), b",required=true"),
    "the same of both": (("--style", "env"), b",env=MY_SECRET"),
}


@pytest.mark.parametrize(("options", "mount"), STYLES.values(), ids=STYLES)
def test_the_default_of_an_option_beats_no_configuration(folder: Path, options: tuple[str, ...], mount: bytes) -> None:
    (folder / ".dockerfix.toml").write_text("style = 'env'\n")
    assert mount in run(folder, *options).stdout


@pytest.mark.parametrize("options", [(), ("--write",), ("--check",), ("--format", "json"), ("--quiet",), ("--patch", "p")], ids=" ".join)
@pytest.mark.parametrize("broken", ["a", "z"])
def test_a_wrong_configuration_ends_it_before_anything_happens(folder: Path, options: tuple[str, ...], broken: str) -> None:
    """Whatever comes first."""
    (folder / broken).mkdir()
    (folder / broken / "Dockerfile").write_bytes(LEAKING)
    (folder / broken / "pyproject.toml").write_text("[tool.dockerfix]\nsecrets = ['A']\n")
    expected = f"error: {broken}/pyproject.toml:2: 'secrets' is no key; the closest: secret\n"
    assert run(folder, *options) == Said(USAGE, b"", expected)
    assert run(folder, *options, "Dockerfile", f"{broken}/Dockerfile") == Said(USAGE, b"", expected)
    assert (folder / "Dockerfile").read_bytes() == LEAKING
    assert not (folder / "p").exists()


def test_a_wrong_configuration_ends_stdin_too(folder: Path) -> None:
    (folder / ".dockerfix.toml").mkdir()
    assert run(folder, "-", stdin=LEAKING) == Said(USAGE, b"", "error: .dockerfix.toml: not a file\n")


def test_a_wrong_configuration_that_no_dockerfile_has(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / ".dockerfix.toml").write_text("nothing")
    assert run(folder).code == FOUND


OUT = {
    "by the nearest": ({".dockerfix.toml": "exclude = ['vendor', '*.dev']"}, ["Dockerfile"]),
    "with its own configuration, which is not read": (
        {".dockerfix.toml": "exclude = ['vendor']", "vendor/.dockerfix.toml": "broken"},
        ["Dockerfile", "Dockerfile.dev"],
    ),
    "by its own": ({"vendor/.dockerfix.toml": "exclude = ['*']"}, ["Dockerfile", "Dockerfile.dev"]),
    "not by what another folder leaves out": (
        {"vendor/.dockerfix.toml": "exclude = ['Dockerfile.dev']"},
        ["Dockerfile", "Dockerfile.dev", "vendor/a/Dockerfile"],
    ),
}


@pytest.mark.parametrize(("files", "left"), OUT.values(), ids=OUT)
def test_a_configuration_leaves_out(folder: Path, files: dict[str, str], left: list[str]) -> None:
    (folder / "vendor" / "a").mkdir(parents=True)
    for name in ("Dockerfile.dev", "vendor/a/Dockerfile"):
        (folder / name).write_bytes(LEAKING)
    for name, text in files.items():
        (folder / name).write_text(text)
    said = run(folder)
    assert [line[6:] for line in said.stdout.decode().splitlines() if line.startswith("--- ")] == left


def test_a_file_that_is_named_is_read_whatever_a_configuration_leaves_out(folder: Path) -> None:
    (folder / ".dockerfix.toml").write_text("exclude = ['Dockerfile']\n")
    assert run(folder) == Said(CLEAN, b"", "No Dockerfile in .: nothing to do.\n")
    assert run(folder, "Dockerfile").code == FOUND


def test_exclude_adds_to_a_configuration(folder: Path) -> None:
    (folder / "Dockerfile.dev").write_bytes(LEAKING)
    (folder / ".dockerfix.toml").write_text("exclude = ['*.dev']\n")
    assert run(folder, "--exclude", "Dockerfile").stderr == "No Dockerfile in .: nothing to do.\n"
    (folder / ".dockerfix.toml").write_text("broken")
    assert run(folder, "--exclude", "Dockerfile*").stderr == "No Dockerfile in .: nothing to do.\n"  # … which is not asked then


# --- explain ---------------------------------------------------------------------------------------------------------


def test_explain_lists_all_reasons_a_line_each(tmp_path: Path) -> None:
    said = run(tmp_path, "explain")
    lines = said.stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == [reason.value for reason in Reason]
    assert all(line.endswith(".") for line in lines)
    assert (said.code, said.stderr) == (CLEAN, "")


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.value)
def test_explain_says_what_the_page_says(tmp_path: Path, reason: Reason) -> None:
    """In other lines, and without the fences."""
    said = run(tmp_path, "explain", reason.value)
    (section,) = re.findall(rf"^## {reason.value}\n(.*?)(?=^## |\Z)", page(), re.MULTILINE | re.DOTALL)
    assert said.stdout.decode().split() == [reason.value, *re.sub(r"^```\w*", "", section, flags=re.MULTILINE).split()]
    assert " ".join(HINTS[reason].split()) in " ".join(said.stdout.decode().split())
    assert (said.code, said.stderr) == (CLEAN, "")


def test_explain_is_as_wide_as_the_terminal(tmp_path: Path) -> None:
    lines = dockerfix("explain", "windows", cwd=tmp_path).stdout.decode().splitlines()
    narrow = dockerfix("explain", "windows", cwd=tmp_path, variables={"COLUMNS": "60"}).stdout.decode().splitlines()
    assert len(narrow) > len(lines)
    assert max(len(line) for line in narrow if "`" not in line) < 60  # what stands in backticks stays whole


NO_REASON = {
    "a part of several": ("frontend", "'frontend' is none; the closest: frontend-unknown, frontend-too-old"),
    "a slip": ("onbuld", "'onbuld' is none; the closest: onbuild\n"),
    "nothing like any": ("zzz", "'zzz' is none; the closest: used-by-instruction, onbuild, windows, "),
}


@pytest.mark.parametrize(("name", "message"), NO_REASON.values(), ids=NO_REASON)
def test_explain_names_the_closest_reasons(tmp_path: Path, name: str, message: str) -> None:
    said = run(tmp_path, "explain", name)
    assert (said.code, said.stdout) == (USAGE, b"")
    assert said.stderr.startswith("Usage: dockerfix explain ")
    assert message in said.stderr


ONLY_PATHS = {
    "by its path": ("./explain",),
    "behind an option": ("--check", "explain"),
    "behind two dashes": ("--", "explain"),
    "behind another path": ("Dockerfile", "explain"),
}


@pytest.mark.parametrize("arguments", ONLY_PATHS.values(), ids=ONLY_PATHS)
def test_a_file_may_have_a_commands_name(folder: Path, arguments: tuple[str, ...]) -> None:
    (folder / "explain").write_bytes(LEAKING.replace(b"MY_SECRET", b"OTHER_TOKEN"))
    assert "OTHER_TOKEN" in run(folder, *arguments, "--format", "json").stdout.decode()


@pytest.mark.parametrize("name", ["take-out", "-weird", "--write", "main"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(LEAKING)
    assert run(tmp_path, "--check", "--", name).code == run(tmp_path, "--", name).code == FOUND
    assert (tmp_path / name).read_bytes() == LEAKING


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("--write", "-h"), ("Dockerfile", "--help")], ids=" ".join)
def test_help_has_the_options_and_the_commands(folder: Path, arguments: tuple[str, ...]) -> None:
    said = run(folder, *arguments)
    assert said.stdout.startswith(b"Usage: dockerfix [OPTIONS] [PATHS]...\n")
    assert b"\n  --write " in said.stdout
    assert b"\n  explain " in said.stdout


def test_help_of_explain(tmp_path: Path) -> None:
    assert run(tmp_path, "explain", "-h").stdout.startswith(b"Usage: dockerfix explain [OPTIONS] [REASON]\n")


COMPLETED = {
    "nothing yet": ("dockerfix ", {"file,", "plain,explain"}),
    "a command": ("dockerfix ex", {"file,ex", "plain,explain"}),
    "a file": ("dockerfix Do", {"file,Do"}),
    "an option": ("dockerfix --fo", {"plain,--format"}),
    "a value": ("dockerfix --style ", {"plain,file", "plain,env"}),
    "a second path": ("dockerfix Dockerfile ex", {"file,ex"}),
    "a path behind an option": ("dockerfix --write ex", {"file,ex"}),
    "a reason": ("dockerfix explain frontend-", {"plain,frontend-too-old", "plain,frontend-unknown"}),
}


@pytest.mark.parametrize(("line", "items"), COMPLETED.values(), ids=COMPLETED)
def test_a_shell_completes(tmp_path: Path, line: str, items: set[str]) -> None:
    words = line.split(" ")
    variables = {"_DOCKERFIX_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    assert set(run(tmp_path, variables=variables).stdout.decode().splitlines()) == items


# --- paths -----------------------------------------------------------------------------------------------------------

TAKEN = (
    *("Dockerfile", "dockerfile", "DOCKERFILE", "Dockerfile.dev", "Dockerfile.prod.arm64", "api.Dockerfile", "api.dockerfile"),
    *("Containerfile", "containerfile.dev", "api.Containerfile"),
)
LEFT = (
    *("Dockerfile.dockerignore", "Dockerfile.md", "Dockerfile.bak", "Dockerfile.orig", "Dockerfile~", "Dockerfile.swp", "Dockerfile.rej"),
    *("Dockerfiles", "MyDockerfile", "docker-compose.yml", "Dockerfile-notes", ".dockerignore", "README.md"),
)


@pytest.mark.parametrize("name", TAKEN)
def test_a_walk_takes(tmp_path: Path, name: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / name).write_bytes(LEAKING)
    assert run(tmp_path).stdout.startswith(f"--- a/sub/{name}\n".encode())


@pytest.mark.parametrize("name", LEFT)
def test_a_walk_leaves(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(LEAKING)
    assert run(tmp_path).code == CLEAN
    assert run(tmp_path, name).code == FOUND  # but a file that is named is read


@pytest.mark.parametrize("name", [".git", "node_modules", ".venv"])
def test_a_walk_does_not_enter(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "Dockerfile").write_bytes(LEAKING)
    assert run(tmp_path).stderr == "No Dockerfile in .: nothing to do.\n"


def test_a_walk_is_in_order_and_reads_each_once(tmp_path: Path) -> None:
    for name in ("b", "a", "a/c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_bytes(LEAKING)
    said = run(tmp_path, "a", ".", "./a/Dockerfile")
    headers = [line for line in said.stdout.decode().splitlines() if line.startswith("--- ")]
    assert headers == ["--- a/a/Dockerfile", "--- a/a/c/Dockerfile", "--- a/b/Dockerfile"]


def test_a_file_by_two_paths_is_read_once(folder: Path) -> None:
    """Twice the same diff could not be applied."""
    said = run(folder, "Dockerfile", folder / "Dockerfile", folder)
    assert said.stdout == run(folder).stdout


def test_a_file_by_two_names_is_changed_once(folder: Path) -> None:
    """A link in a walk leads to a file that the walk finds, or that is not below the folder: git would not apply its diff."""
    (folder / "Dockerfile.link").symlink_to("Dockerfile")
    assert run(folder).stdout.count(b"\n+++ ") == 1
    assert run(folder, "--write").code == CLEAN
    assert (folder / "Dockerfile").read_bytes() == MOVED


EXCLUDED = {
    "a name": ("Dockerfile", []),
    "a folder": ("vendor", ["Dockerfile", "sub/Dockerfile"]),
    "a folder with its slash": ("vendor/", ["Dockerfile", "sub/Dockerfile"]),
    "a path": ("vendor/sub/Dockerfile", ["Dockerfile", "sub/Dockerfile", "vendor/Dockerfile"]),
    "a glob": ("vendor/*", ["Dockerfile", "sub/Dockerfile"]),
    "what is not there": ("nothing", ["Dockerfile", "sub/Dockerfile", "vendor/Dockerfile", "vendor/sub/Dockerfile"]),
}


@pytest.mark.parametrize(("pattern", "left"), EXCLUDED.values(), ids=EXCLUDED)
def test_exclude(tmp_path: Path, pattern: str, left: list[str]) -> None:
    for name in ("Dockerfile", "sub/Dockerfile", "vendor/Dockerfile", "vendor/sub/Dockerfile"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(LEAKING)
    said = run(tmp_path, "--exclude", pattern)
    assert [line[6:] for line in said.stdout.decode().splitlines() if line.startswith("--- ")] == left


def test_a_template_that_a_walk_finds_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile.j2").write_bytes(b"{% if x %}\nFROM alpine\nARG MY_SECRET\n{% endif %}\n")
    said = run(tmp_path)
    assert said.code == CLEAN
    assert said.stderr.startswith("Dockerfile.j2:1: left out: it looks like a template")
    assert run(tmp_path, "Dockerfile.j2").code == FAILED


def test_a_path_elsewhere_is_shown_whole(folder: Path) -> None:
    """But for the diff, which has paths that git takes; and one below the current folder is shown from there."""
    inside = folder / "sub"
    inside.mkdir()
    said = run(inside, "../Dockerfile")
    assert b"\n+++ b/Dockerfile\n" in said.stdout
    assert f"The paths of the diff are seen from {folder.resolve()}: git -C {folder.resolve()} apply takes it.\n" in said.stderr
    assert f"{folder}/Dockerfile:2: " in said.stderr
    assert b"\n+++ b/Dockerfile\n" in run(folder, folder / "Dockerfile").stdout


# --- starting up -----------------------------------------------------------------------------------------------------

HEAVY = ("tree_sitter", "unidiff", "dockerfile_parse", "codemod.fix", "codemod.explanations", "json", "subprocess", "asyncio")


@pytest.mark.parametrize("argument", ["--version", "--help", "--nope"])
def test_little_is_imported_to_say_little(argument: str) -> None:
    code = "import sys; from codemod.cli import main; main(sys.argv[1:], standalone_mode=False)"
    environment = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("COVERAGE_")}  # it imports a lot itself
    traced = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code, argument], capture_output=True, cwd=REPOSITORY, env=environment, check=False
    )
    imported = {line.rpartition(b"|")[2].strip().decode() for line in traced.stderr.splitlines() if line.startswith(b"import time:")}
    assert "codemod.cli" in imported
    assert imported.isdisjoint(HEAVY)


@pytest.mark.parametrize(("name", "content"), [("README", ""), ("pyproject.toml", "[tool.ruff]\n")])
def test_toml_is_read_only_where_there_is_a_configuration(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert _imports_toml(tmp_path) is False
    (tmp_path / ".dockerfix.toml").write_text("")
    assert _imports_toml(tmp_path) is True


def _imports_toml(folder: Path) -> bool:
    (folder / "Dockerfile").write_bytes(LEAKING)
    code = "import sys; from codemod.cli import main; main([], standalone_mode=False)"
    environment = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("COVERAGE_")}
    traced = subprocess.run([sys.executable, "-X", "importtime", "-c", code], capture_output=True, cwd=folder, env=environment, check=False)
    assert b"codemod.fix\n" in traced.stderr
    return b"tomllib\n" in traced.stderr or b"tomli\n" in traced.stderr


def test_version(tmp_path: Path) -> None:
    assert run(tmp_path, "--version") == Said(CLEAN, f"dockerfix {__version__}\n".encode(), "")


PROCESSES = ((), ("explain", "onbuld"), ("--write",), ("--check",), ("-",), ("--format", "json"), ("missing",), ("--nope",))


@pytest.mark.parametrize("arguments", PROCESSES, ids=" ".join)
def test_a_process_does_the_same(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "Dockerfile").write_bytes(LEAKING)
    done = dockerfix(*arguments, cwd=tmp_path, stdin=LEAKING)
    (tmp_path / "Dockerfile").write_bytes(LEAKING)
    assert Said(done.returncode, done.stdout, done.stderr.decode()) == run(tmp_path, *arguments, stdin=LEAKING)
