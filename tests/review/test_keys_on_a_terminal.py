"""A review on a real terminal: keys without Enter, colours, Ctrl-C and Ctrl-D, its width, and the editor on it."""

from __future__ import annotations

import os
import re
import signal
import termios
import time
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pytest

from tests.command import COMMAND, ENVIRONMENT, LEFT_OUT
from tests.trees import grow

from .team_trees import FILES, MOUNTED, ONE, teams, written

# a fork in a process with threads, as the workers of pytest-xdist are: the child starts the command at once
pytestmark = pytest.mark.filterwarnings("ignore:.*forkpty:DeprecationWarning")

CLEAN, FOUND, FAILED = 0, 1, 3
QUESTION = r"\[y,n,a,d,q,e,\?\]\?(?:\x1b\[0m)? "
ERASED = "\x1b[2K"
ESCAPES = re.compile(r"\x1b\[[\d;]*m")
NOTHING: Mapping[str, str] = {}
PATIENCE = 60  # seconds, for a machine that has much else to do


class Terminal:
    """The command on a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str, width: int = 80, variables: Mapping[str, str] = NOTHING) -> None:
        environment = {name: value for name, value in ENVIRONMENT.items() if name not in LEFT_OUT} | {"TERM": "xterm-256color", **variables}
        words = [*COMMAND[1:], "-i", *arguments]
        self.child: pexpect.spawn[str] = pexpect.spawn(
            COMMAND[0], words, cwd=str(folder), env=environment, dimensions=(40, width), encoding="utf-8", timeout=PATIENCE
        )
        self.seen = ""

    def asked(self) -> str:
        """What stood there up to the next question."""
        self.child.expect(QUESTION)
        text = f"{self.child.before}{self.child.after}"
        self.seen += text
        return text

    def presses(self, keys: str) -> None:
        self.child.send(keys)

    def ended(self) -> int | None:
        """The exit code, once all is said."""
        self.child.expect(pexpect.EOF)
        self.seen += str(self.child.before)
        self.child.close()
        return self.child.exitstatus


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return teams(tmp_path)


def test_a_key_is_enough(folder: Path) -> None:
    terminal = Terminal(folder)
    for key in "yny":
        terminal.asked()
        terminal.presses(key)
    assert terminal.ended() == FOUND
    assert written(folder) == {"billing/Dockerfile", "billing/build.sh", "shop/worker.Dockerfile"}


def test_what_was_accepted_is_written_before_the_next_question(folder: Path) -> None:
    terminal = Terminal(folder)
    terminal.asked()
    terminal.presses("y")
    assert "Written: " in terminal.asked()
    assert written(folder) == {"billing/Dockerfile", "billing/build.sh"}
    terminal.presses("q")
    terminal.ended()


ENDS = {"Ctrl-C": "\x03", "Ctrl-D": "\x04", "q": "q"}


@pytest.mark.parametrize("key", ENDS.values(), ids=ENDS)
def test_what_was_accepted_stays_whatever_ends_it(key: str, folder: Path) -> None:
    terminal = Terminal(folder)
    terminal.asked()
    terminal.presses("y")
    terminal.asked()
    terminal.presses(key)
    assert terminal.ended() == FOUND
    assert written(folder) == {"billing/Dockerfile", "billing/build.sh"}
    assert ": 1 rewritten, 2 to rewrite, 1 refused (used-by-instruction), 1 left over, 1 caller moved" in terminal.seen


OTHERS = {"Enter": "\r", "an arrow": "\x1b[A", "two keys at once": "yy", "another letter": "w"}


@pytest.mark.parametrize("keys", OTHERS.values(), ids=OTHERS)
def test_other_keys_explain_the_keys_and_ask_again(keys: str, folder: Path) -> None:
    terminal = Terminal(folder)
    terminal.asked()
    terminal.presses(keys)
    assert "y - write this change" in ESCAPES.sub("", terminal.asked())
    assert written(folder) == set()
    terminal.presses("q")
    assert terminal.ended() == FOUND


def test_a_key_that_was_pressed_too_early_answers_nothing(folder: Path) -> None:
    """The editor is open while it is pressed: nobody has seen what it would accept."""
    waiting = folder / "waiting"
    terminal = Terminal(folder, variables={"VISUAL": f"touch '{waiting}'; while [ -e '{waiting}' ]; do sleep 0.05; done; true"})
    terminal.asked()
    terminal.presses("e")
    terminal.child.expect(r"Which file \[1-2\]\?(?:\x1b\[0m)? ")
    terminal.presses("1")
    while not waiting.exists():
        pass
    terminal.presses("yyyy")
    waiting.unlink()
    terminal.asked()
    assert written(folder) == set()
    terminal.presses("q")
    assert terminal.ended() == FOUND


def test_the_terminal_is_left_as_it_was(folder: Path) -> None:
    """What one types after Ctrl-C is to be seen."""
    terminal = Terminal(folder)
    before = termios.tcgetattr(terminal.child.child_fd)
    terminal.asked()
    terminal.presses("\x03")
    terminal.child.expect("to rewrite")
    assert termios.tcgetattr(terminal.child.child_fd) == before
    terminal.ended()


def test_whatever_kills_it_leaves_the_terminal_as_it_was(folder: Path) -> None:
    terminal = Terminal(folder)
    before = termios.tcgetattr(terminal.child.child_fd)
    terminal.asked()
    while termios.tcgetattr(terminal.child.child_fd) == before:  # until it waits for a key
        time.sleep(0.01)
    after = os.dup(terminal.child.child_fd)
    terminal.child.kill(signal.SIGTERM)
    assert terminal.ended() is None
    assert terminal.child.signalstatus == signal.SIGTERM
    assert termios.tcgetattr(after) == before
    os.close(after)


def test_a_file_that_changed_while_it_was_shown_is_left_alone(folder: Path) -> None:
    terminal = Terminal(folder)
    terminal.asked()
    (folder / "billing/build.sh").write_text("# saved by somebody\n")
    terminal.presses("y")
    assert "error: billing/build.sh: the file changed while it was looked at" in terminal.asked()
    assert (folder / "billing/Dockerfile").read_text() == FILES["billing/Dockerfile"]
    terminal.presses("y")
    terminal.asked()
    terminal.presses("n")
    assert terminal.ended() == FAILED
    assert written(folder) == {"billing/build.sh", "shop/Dockerfile"}


def test_the_diff_is_not_printed_once_more(folder: Path) -> None:
    """The terminal is stdout as well, and has shown it."""
    terminal = Terminal(folder, "--no-color")
    terminal.asked()
    terminal.presses("y")
    terminal.asked()
    terminal.presses("q")
    terminal.ended()
    assert terminal.seen.count("+++ b/billing/Dockerfile") == 1


# --- how it looks ------------------------------------------------------------------------------------------------------

PLAIN: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {"--no-color": (("--no-color",), {}), "NO_COLOR": ((), {"NO_COLOR": "1"})}


@pytest.mark.parametrize(("arguments", "variables"), PLAIN.values(), ids=PLAIN)
def test_without_colours_the_text_is_the_same(arguments: tuple[str, ...], variables: dict[str, str], folder: Path) -> None:
    text, without = first_screen(Terminal(folder)), first_screen(Terminal(folder, *arguments, variables=variables))
    assert "\x1b[" not in without
    assert ESCAPES.sub("", text) == without


def first_screen(terminal: Terminal) -> str:
    """Without the bar of a machine that has much else to do: it is erased before anything is shown."""
    text = terminal.asked().rpartition(ERASED)[2]
    terminal.presses("q")
    terminal.ended()
    return text


def test_what_differs_stands_out_in_colour(folder: Path) -> None:
    terminal = Terminal(folder, "shop")
    text = terminal.asked()
    assert "\x1b[31m-\x1b[0m\x1b[31mARG API_TOKEN\x1b[0m" in text
    assert "\x1b[32m    \x1b[0m\x1b[32m\x1b[7m&&\x1b[0m\x1b[32m curl -u" in text
    assert "\x1b[36m@@ -1,3 +1,4 @@\x1b[0m" in text
    terminal.presses("q")
    terminal.ended()


@pytest.mark.parametrize(("window", "widest"), [(40, 40), (80, 80), (120, 120), (200, 120)])
def test_prose_is_as_wide_as_the_window_and_no_wider_than_one_reads(window: int, widest: int, folder: Path) -> None:
    """Lines of the diff and commands are never cut."""
    terminal = Terminal(folder, "--no-color", width=window)
    lines = terminal.asked().splitlines()
    assert max(len(line) for line in lines if line.startswith("─")) == widest
    prose = [line for line in lines if line and line[0] not in "+-@ "]
    assert max(len(line.rstrip()) for line in prose) <= widest
    assert "+    && npm config set //registry.example.com/:_authToken $NPM_TOKEN && npm ci" in lines
    terminal.presses("q")
    terminal.ended()


def test_the_window_may_change_its_width(folder: Path) -> None:
    terminal = Terminal(folder, "--no-color")
    terminal.asked()
    terminal.child.setwinsize(40, 100)
    terminal.presses("n")
    assert "─" * 100 in terminal.asked().splitlines()
    terminal.presses("q")
    terminal.ended()


# --- the editor --------------------------------------------------------------------------------------------------------


def test_the_editor_has_the_terminal(folder: Path) -> None:
    """It reads from it and writes to it, even where stdout goes elsewhere."""
    grow(folder, ONE)
    script = """sh -c '[ -t 0 ] && [ -t 1 ] && read -r line && { echo "# $line"; cat "$1"; } > "$1.new" && mv "$1.new" "$1"' --"""
    terminal = Terminal(folder, "Dockerfile", "--no-color", variables={"VISUAL": script})
    terminal.asked()
    terminal.presses("e")
    terminal.presses("typed in the editor\r")
    assert "+# typed in the editor" in terminal.asked().splitlines()
    terminal.presses("y")
    assert terminal.ended() == CLEAN
    assert (folder / "Dockerfile").read_text() == "# typed in the editor\n" + MOUNTED


def test_ctrl_c_in_the_editor_does_not_end_the_review(folder: Path) -> None:
    grow(folder, ONE)
    terminal = Terminal(folder, "Dockerfile", variables={"VISUAL": "sh -c 'trap \"exit 0\" INT; echo ready; sleep 60' --"})
    terminal.asked()
    terminal.presses("e")
    terminal.child.expect("ready")
    terminal.presses("\x03")
    assert "nothing was edited: the change is as it was" in terminal.asked()
    terminal.presses("y")
    assert terminal.ended() == CLEAN
    assert (folder / "Dockerfile").read_text() == MOUNTED


def test_of_many_files_one_types_the_number(folder: Path) -> None:
    """More than there are keys; and there, too, Ctrl-C ends it."""
    grow(folder, {f"billing/build{number}.sh": FILES["billing/build.sh"] for number in range(9)})
    terminal = Terminal(folder, variables={"VISUAL": "sed -i '1i # edited'"})
    terminal.asked()
    terminal.presses("e")
    terminal.child.expect(r"Which file \[1-11\]\?(?:\x1b\[0m)? ")
    terminal.presses("10\r")
    assert "# edited" in terminal.asked()
    terminal.presses("e")
    terminal.child.expect(r"Which file \[1-11\]\?(?:\x1b\[0m)? ")
    terminal.presses("\x03")
    assert terminal.ended() == FOUND
    assert written(folder) == set()
