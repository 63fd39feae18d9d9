"""Python callers: what is found in a program, what moves, and what stays with its reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import PurePosixPath

import libcst
import pytest

from codemod.callers.call import ID, Call, Engine, Move, NotUnderstoodError, Passed, Place, Tree
from codemod.callers.python import calls as python
from codemod.text import Source, apply

PREAMBLE = "import os\nimport subprocess\n"
V = "f\"TOK={os.environ['TOK']}\""


def calls(text: str, path: str = "release.py") -> tuple[Call, ...]:
    return python.calls(Source.from_bytes(PurePosixPath(path), text.encode("utf-8", "surrogateescape")), Tree())


def only(text: str, name: str = "TOK") -> Passed:
    found = [passed for call in calls(text) for passed in call.passes if passed.name == name]
    assert len(found) == 1
    return found[0]


def moved(text: str, *names: str, optional: bool = False, adds: bool = True, removes: bool = True) -> str:
    """The text with the build args of these names moved, after its own check; a second run has nothing to do."""
    source = Source.from_bytes(PurePosixPath("release.py"), text.encode("utf-8", "surrogateescape"))
    wanted = names or ("TOK",)
    moves = [
        Move(passed, passed.name, optional, adds, removes)
        for call in python.calls(source, Tree())
        for passed in call.passes
        if passed.name in wanted and not passed.obstacle
    ]
    after = Source(source.path, apply(source.text, python.edits(source, Tree(), moves)))
    assert python.mistake(source, after, moves) is None
    again = python.calls(after, Tree())
    feeds = {name for call in again for name in call.feeds}
    passes = {passed.name for call in again for passed in call.passes if not passed.obstacle}
    assert feeds >= {move.id for move in moves if adds}
    assert not passes & {move.id for move in moves if removes}
    return after.text


# --- layout ---------------------------------------------------------------------------------------------------------------

LISTS = {
    "on one line": (
        f'subprocess.run(["docker", "build", "--build-arg", {V}, "."])\n',
        'subprocess.run(["docker", "build", "--secret", "id=TOK", "."])\n',
    ),
    "a pair to a line": (
        f'subprocess.run([\n    "docker", "build",\n    "--build-arg", {V},  # npm\n    # all\n    ".",\n])\n',
        'subprocess.run([\n    "docker", "build",\n    "--secret", "id=TOK",  # npm\n    # all\n    ".",\n])\n',
    ),
    "a word to a line": (
        f'subprocess.run(\n    [\n        "docker",\n        "build",\n        "--build-arg",\n        {V},\n        ".",\n    ]\n)\n',
        'subprocess.run(\n    [\n        "docker",\n        "build",\n        "--secret",\n        "id=TOK",\n        ".",\n    ]\n)\n',
    ),
    "a tuple in single quotes": (
        "subprocess.run(('docker', 'build', '--build-arg', 'TOK', '.'))\n",
        "subprocess.run(('docker', 'build', '--secret', 'id=TOK', '.'))\n",
    ),
    "joined": (
        "subprocess.run(['docker', 'build', '--build-arg=TOK', '.'])\n",
        "subprocess.run(['docker', 'build', '--secret=id=TOK', '.'])\n",
    ),
    "in parentheses": (
        'subprocess.run(["docker", "build", "--build-arg", ("TOK="\n    f"{os.environ[\'TOK\']}"), "."])\n',
        'subprocess.run(["docker", "build", "--secret", "id=TOK", "."])\n',
    ),
    "a variable with a type": (
        'tok: str = os.environ["TOK"]\nsubprocess.run(["docker", "build", "--build-arg", f"TOK={tok}", "."])\n',
        'tok: str = os.environ["TOK"]\nsubprocess.run(["docker", "build", "--secret", "id=TOK", "."])\n',
    ),
    "a name for the flag": (
        f'FLAG = "--build-arg"\nsubprocess.run(["docker", "build", FLAG, {V}, "."])\n',
        'FLAG = "--build-arg"\nsubprocess.run(["docker", "build", "--secret", "id=TOK", "."])\n',
    ),
    "a program with a path": (
        f'DOCKER = "/usr/bin/docker"\nsubprocess.run([DOCKER, "image", "build", "--build-arg", {V}, "."])\n',
        'DOCKER = "/usr/bin/docker"\nsubprocess.run([DOCKER, "image", "build", "--secret", "id=TOK", "."])\n',
    ),
    "behind another program": (
        f'subprocess.run(["env", "-C", "A=1", "nice", "docker", "build", "--build-arg", {V}, "."])\n',
        'subprocess.run(["env", "-C", "A=1", "nice", "docker", "build", "--secret", "id=TOK", "."])\n',
    ),
    "carriage returns": (
        'subprocess.run([\r\n    "docker", "build",\r\n    "--build-arg", f"TOK={t}",\r\n    ".",\r\n],\r\n    check=True,\r\n)\r\n',
        (
            'subprocess.run([\r\n    "docker", "build",\r\n    "--secret", "id=TOK",\r\n    ".",\r\n],\r\n    check=True,\r\n'
            '    env={**os.environ, "TOK": f"{t}"},\r\n)\r\n'
        ),
    ),
    "letters of two bytes": (
        f'# é ü\nx = "ü", subprocess.run(["docker", "build", "-t", "é", "--build-arg", {V}, "."])  # ü\n',
        '# é ü\nx = "ü", subprocess.run(["docker", "build", "-t", "é", "--secret", "id=TOK", "."])  # ü\n',
    ),
    "no newline at the end": (
        f'\fsubprocess.run(["docker", "build", "--build-arg", {V}, "."])'.replace("\f", "\f\n"),
        '\f\nsubprocess.run(["docker", "build", "--secret", "id=TOK", "."])',
    ),
    "carried, on one line": (
        "subprocess.run(['docker', 'build', '--build-arg', 'TOK=' + tok, '.'], check=True)\n",
        "subprocess.run(['docker', 'build', '--secret', 'id=TOK', '.'], check=True, env={**os.environ, 'TOK': tok})\n",
    ),
    "carried, a comma at the end": (
        'subprocess.run(["docker", "build", "--build-arg", "TOK=" + tok, "."], check=True,)\n',
        'subprocess.run(["docker", "build", "--secret", "id=TOK", "."], check=True, env={**os.environ, "TOK": tok},)\n',
    ),
    "carried, without a comma at the end": (
        'subprocess.run(\n    ["docker", "build", "--build-arg", "TOK=" + tok, "."],\n    check=True  # or stop\n)\n',
        (
            'subprocess.run(\n    ["docker", "build", "--secret", "id=TOK", "."],\n    check=True,  # or stop\n'
            '    env={**os.environ, "TOK": tok},\n)\n'
        ),
    ),
    "carried, into a dict on lines": (
        'subprocess.run(["docker", "build", "--build-arg", f"TOK={tok}", "."], env={\n    "A": "1",  # one\n})\n',
        'subprocess.run(["docker", "build", "--secret", "id=TOK", "."], env={\n    "A": "1",  # one\n    "TOK": f"{tok}",\n})\n',
    ),
    "carried, into an empty dict": (
        'subprocess.run(["docker", "build", "--build-arg", f"TOK={tok}", "."], env={})\n',
        'subprocess.run(["docker", "build", "--secret", "id=TOK", "."], env={"TOK": f"{tok}"})\n',
    ),
    "carried, into a copy": (
        'subprocess.run(["docker", "build", "--build-arg", f"TOK={tok}", "."], env=os.environ.copy())\n',
        'subprocess.run(["docker", "build", "--secret", "id=TOK", "."], env={**os.environ, "TOK": f"{tok}"})\n',
    ),
    "carried, into a name": (
        'env = {**os.environ, "DOCKER_BUILDKIT": "1"}\nsubprocess.run(["docker", "build", "--build-arg", f"TOK={tok}", "."], env=env)\n',
        (
            'env = {**os.environ, "DOCKER_BUILDKIT": "1"}\n'
            'subprocess.run(["docker", "build", "--secret", "id=TOK", "."], env={**env, "TOK": f"{tok}"})\n'
        ),
    ),
    "carried, into two dicts": (
        'subprocess.run(["docker", "build", "--build-arg", f"TOK={tok}", "."], env=os.environ | {"A": "1"})\n',
        'subprocess.run(["docker", "build", "--secret", "id=TOK", "."], env={**(os.environ | {"A": "1"}), "TOK": f"{tok}"})\n',
    ),
    "carried by a name that docker does not read": (
        'subprocess.run(["docker", "build", "--build-arg", "TOK=" + a, "--secret", "id=b,env=TOK", "."])\n',
        (
            'subprocess.run(["docker", "build", "--secret", "id=TOK,env=DOCKERFIX_TOK", "--secret", "id=b,env=TOK", "."], '
            'env={**os.environ, "DOCKERFIX_TOK": a})\n'
        ),
    ),
    "the secret is there already": (
        f'subprocess.run(["docker", "build", "--secret", "id=TOK", "--build-arg", {V}, "--no-cache", "."])\n',
        'subprocess.run(["docker", "build", "--secret", "id=TOK", "--no-cache", "."])\n',
    ),
    "the secret is there already, on lines": (
        f'subprocess.run([\n    "docker",\n    "build",\n    "--secret", "id=TOK",\n    "--build-arg", {V},  # old\n    ".",\n])\n',
        'subprocess.run([\n    "docker",\n    "build",\n    "--secret", "id=TOK",\n    ".",\n])\n',
    ),
    "the secret is there already, with a remark": (
        f'subprocess.run([\n    "docker", "build", "--secret=id=TOK",\n    # TOK\n    "--build-arg", {V},\n    "."])\n',
        'subprocess.run([\n    "docker", "build", "--secret=id=TOK",\n    "."])\n',
    ),
    "the secret is there already, at the end": (
        f'subprocess.run(["docker", "build", ".", "--secret", "id=TOK", "--build-arg", {V}])\n',
        'subprocess.run(["docker", "build", ".", "--secret", "id=TOK"])\n',
    ),
    "the secret is there already, at the end with a comma": (
        f'subprocess.run(["docker", "build", ".", "--secret", "id=TOK", "--build-arg", {V},])\n',
        'subprocess.run(["docker", "build", ".", "--secret", "id=TOK",])\n',
    ),
    "the secret is there already, behind a remark": (
        f'subprocess.run(["docker", "build", ".", "--secret", "id=TOK",  # new\n    "--build-arg", {V}])\n',
        'subprocess.run(["docker", "build", ".", "--secret", "id=TOK",  # new\n])\n',
    ),
    "the secret is there already, in the middle of lines": (
        f'subprocess.run(["docker", "build", "--secret", "id=TOK", "--build-arg", {V},\n    "."])\n',
        'subprocess.run(["docker", "build", "--secret", "id=TOK",\n    "."])\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), LISTS.values(), ids=LISTS)
def test_lists_of_words(before: str, after: str) -> None:
    assert moved(PREAMBLE + before) == PREAMBLE + after


BOTH = {
    "on one line": (
        f'subprocess.run(["docker", "build", "--build-arg", {V}, "."])\n',
        f'subprocess.run(["docker", "build", "--secret", "id=TOK", "--build-arg", {V}, "."])\n',
    ),
    "joined": (
        'subprocess.run(["docker", "build", "--build-arg=TOK", "."])\n',
        'subprocess.run(["docker", "build", "--secret=id=TOK", "--build-arg=TOK", "."])\n',
    ),
    "a pair to a line": (
        f'subprocess.run([\n    "docker", "build",\n    "--build-arg", {V},\n    ".",\n])\n',
        f'subprocess.run([\n    "docker", "build",\n    "--secret", "id=TOK",\n    "--build-arg", {V},\n    ".",\n])\n',
    ),
    "a word to a line": (
        f'subprocess.run([\n    "docker", "build",\n    "--build-arg",\n    {V},\n    ".",\n])\n',
        f'subprocess.run([\n    "docker", "build",\n    "--secret",\n    "id=TOK",\n    "--build-arg",\n    {V},\n    ".",\n])\n',
    ),
    "a comment between": (
        f'subprocess.run(["docker", "build", "--build-arg",  # t\n    {V}, "."])\n',
        f'subprocess.run(["docker", "build", "--secret", "id=TOK", "--build-arg",  # t\n    {V}, "."])\n',
    ),
    "the secret is there already": (
        f'subprocess.run(["docker", "build", "--secret", "id=TOK", "--build-arg", {V}, "."])\n',
        f'subprocess.run(["docker", "build", "--secret", "id=TOK", "--build-arg", {V}, "."])\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), BOTH.values(), ids=BOTH)
def test_both_are_passed(before: str, after: str) -> None:
    assert moved(PREAMBLE + before, removes=False) == PREAMBLE + after


def test_several_build_args_of_several_builds_move_at_once() -> None:
    text = PREAMBLE + (
        'subprocess.run(["docker", "build", "--build-arg", "A=" + a, "--build-arg", "VERSION=1", "--build-arg", f"B={b}", "."])\n'
        'subprocess.run(["docker", "build", "--build-arg", "A=" + a, "."])\n'
    )
    assert moved(text, "A", "B") == PREAMBLE + (
        'subprocess.run(["docker", "build", "--secret", "id=A", "--build-arg", "VERSION=1", "--secret", "id=B", "."], '
        'env={**os.environ, "A": a, "B": f"{b}"})\n'
        'subprocess.run(["docker", "build", "--secret", "id=A", "."], env={**os.environ, "A": a})\n'
    )


def test_bytes_of_another_encoding_survive() -> None:
    text = b'\xef\xbb\xbf# -*- coding: latin-1 -*-\nimport subprocess\nsubprocess.run(["docker", "build", "--build-arg", "TOK", "\xe9"])\n'
    after = moved(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    assert after == text.replace(b'"--build-arg", "TOK"', b'"--secret", "id=TOK"')


CONDITIONS = {
    "in a statement": (
        'cmd = ["docker", "build"]\nif x:\n    cmd += ["--build-arg", "TOK"]\nsubprocess.run([*cmd, "."])\n',
        'cmd = ["docker", "build"]\nif x:\n    cmd += ["--secret", "id=TOK,env=TOK"]\nsubprocess.run([*cmd, "."])\n',
    ),
    "in a statement, by a method": (
        f'cmd = ["docker", "build"]\nif x:\n    cmd.extend(["--build-arg", {V}])\nsubprocess.run([*cmd, "."])\n',
        'cmd = ["docker", "build"]\nif x:\n    cmd.extend(["--secret", "id=TOK"])\nsubprocess.run([*cmd, "."])\n',
    ),
    "in the list": (
        f'subprocess.run(["docker", "build", *(["--build-arg", {V}] if x else []), "."])\n',
        'subprocess.run(["docker", "build", *(["--secret", "id=TOK"] if x else []), "."])\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), CONDITIONS.values(), ids=CONDITIONS)
def test_what_is_passed_under_a_condition_stays_so(before: str, after: str) -> None:
    assert only(PREAMBLE + before).conditional
    assert moved(PREAMBLE + before, optional=True) == PREAMBLE + after


LOOPS = {
    "a comprehension": (
        (
            'a = {"TOK": os.environ["TOK"], "B": b}\n'
            'subprocess.run(["docker", "build", *[x for k, v in a.items() for x in ("--build-arg", f"{k}={v}")]])\n'
        ),
        (
            'a = {"B": b}\n'
            'subprocess.run(["docker", "build", "--secret", "id=TOK", *[x for k, v in a.items() for x in ("--build-arg", f"{k}={v}")]])\n'
        ),
    ),
    "a loop": (
        (
            'a = {\n    "B": b,\n    "TOK": os.environ["TOK"],  # t\n}\ncmd = [\n    "docker",\n    "build"\n]\n'
            'for k, v in a.items():\n    cmd += ["--build-arg", f"{k}={v}"]\nsubprocess.run([*cmd, "."])\n'
        ),
        (
            'a = {\n    "B": b,\n}\ncmd = [\n    "docker",\n    "build",\n    "--secret",\n    "id=TOK",\n]\n'
            'for k, v in a.items():\n    cmd += ["--build-arg", f"{k}={v}"]\nsubprocess.run([*cmd, "."])\n'
        ),
    ),
    "a loop with a value of its own": (
        (
            'def f(t):\n    a = {"TOK": t}\n    cmd = ["docker", "build"]\n'
            '    for k, v in a.items():\n        cmd.append(f"--build-arg={k}={v}")\n    subprocess.run([*cmd, "."])\n'
        ),
        (
            'def f(t):\n    a = {}\n    cmd = ["docker", "build", "--secret=id=TOK"]\n'
            '    for k, v in a.items():\n        cmd.append(f"--build-arg={k}={v}")\n'
            '    subprocess.run([*cmd, "."], env={**os.environ, "TOK": str(t)})\n'
        ),
    ),
}


@pytest.mark.parametrize(("before", "after"), LOOPS.values(), ids=LOOPS)
def test_what_a_loop_passes_becomes_a_word_of_the_command(before: str, after: str) -> None:
    assert moved(PREAMBLE + before) == PREAMBLE + after


IMPORTS = {
    "before subprocess": ("import subprocess\n", "import os\nimport subprocess\n"),
    "before a part of it": (
        "import sys\nfrom subprocess import Popen\nimport subprocess as sp\n",
        "import sys\nimport os\nfrom subprocess import Popen\nimport subprocess as sp\n",
    ),
    "environ itself": ("import subprocess\nfrom os import environ\n", "import subprocess\nfrom os import environ\n"),
}


@pytest.mark.parametrize(("before", "after"), IMPORTS.values(), ids=IMPORTS)
def test_os_is_imported(before: str, after: str) -> None:
    name = "sp" if " sp" in before else "subprocess"
    call = '{}.run(["docker", "build", "--build-arg", f"TOK={{tok}}", "."]{})\n'
    environ = "environ" if "environ" in after else "os.environ"
    expected = call.replace('"--build-arg", f"TOK={{tok}}"', '"--secret", "id=TOK"').format(
        name, f', env={{**{environ}, "TOK": f"{{tok}}"}}'
    )
    assert moved(before + call.format(name, "")) == after + expected


def test_os_is_imported_once_for_two_builds() -> None:
    build = 'subprocess.run(["docker", "build", "--build-arg", f"TOK={tok}", "."])\n'
    assert moved("import subprocess\n" + build + build).count("import os\n") == 1


# --- what cannot be moved -------------------------------------------------------------------------------------------------

RUN = 'subprocess.run(["docker", "build", "--build-arg", {}, "."]{})\n'
OBSTACLES = {
    "sudo": ('subprocess.run(["sudo", "docker", "build", "--build-arg", "TOK", "."])\n', "sudo gives", "--preserve-env=TOK"),
    "an environment that is not known": (RUN.format(V, ", env=env"), "may be missing in the env", "id=ID,env=TOK"),
    "an environment that is not known, and another value": (
        RUN.format('f"TOK={tok}"', ", env=env"),
        "no variable of the environment",
        'env={**os.environ, "TOK": f"{tok}"}',
    ),
    "more arguments": (RUN.format(V, ", **more"), "may be missing in the env", "id=ID,env=TOK"),
    "arguments without names": (RUN.format(V, ", " + "0, " * 12), "may be missing in the env", "id=ID,env=TOK"),
    "an environment that is changed elsewhere": (
        RUN.format(V, ", env=fill(env)"),
        "may be missing in the env",
        "id=ID,env=TOK",
    ),
    "another program": (RUN.format(V, ", executable='/bin/x'"), "executable='/bin/x' may be another program", "id=ID,env=TOK"),
    "a shell": (RUN.format(V, ", shell=True"), "shell=True runs the first word", "id=ID,env=TOK"),
    "a list that is not run": (
        'execute(["docker", "build", "--build-arg", "TOK", "."])\n',
        "which command this list is run as",
        "id=ID,env=TOK",
    ),
    "a list that goes elsewhere": (
        f'cmd = ["docker", "build", "--build-arg", {V}, "."]\nexecute(cmd)\nsubprocess.run(cmd)\n',
        "its words go elsewhere as well, in line 4",
        "id=ID,env=TOK",
    ),
    "a part of a list that goes elsewhere": (
        f'args = ["--build-arg", {V}]\nsubprocess.run(["docker", "compose", "build", *args])\nsubprocess.run(["docker", "ps", *args])\n',
        "its words go elsewhere as well, in line 5",
        "secrets: [ID]",
    ),
    "a condition": (
        'cmd = ["docker", "build"]\nif tok:\n    cmd += ["--build-arg", f"TOK={tok}"]\nsubprocess.run([*cmd, "."])\n',
        "no variable of the environment",
        'env={**os.environ, "TOK": f"{tok}"}',
    ),
    "a condition in the list": (
        'subprocess.run(["docker", "build", *(["--build-arg", f"TOK={tok}"] if tok else []), "."])\n',
        "no variable of the environment",
        "id=ID,env=TOK",
    ),
    "word by word": (
        'cmd = ["docker", "build"]\ncmd.append("--build-arg")\ncmd.append("TOK")\nsubprocess.run(cmd + ["."])\n',
        "added one by one",
        "id=ID,env=TOK",
    ),
    "in two lists": ('subprocess.run(["docker", "build", "--build-arg"] + ["TOK", "."])\n', "stand in different lists", "id=ID,env=TOK"),
    "a comprehension with a condition": (
        (
            'a = {"TOK": os.environ["V"]}\n'
            'subprocess.run(["docker", "build", *[x for k, v in a.items() if v for x in ("--build-arg", f"{k}={v}")], "."])\n'
        ),
        "a loop passes it with others",
        '"--secret", "id=ID,env=V" in the command, instead of the dict\'s entry',
    ),
    "a loop that does more": (
        (
            'a = {"TOK": os.environ["V"]}\ncmd = ["docker", "build"]\n'
            'for k, v in a.items():\n    cmd.extend(["--build-arg", f"{k}={v.strip()}"])\n'
            'subprocess.run([*cmd, "."])\n'
        ),
        "a loop passes it with others",
        '"--secret", "id=ID,env=V"',
    ),
    "a loop that goes on": (
        'cmd = ["docker", "build"]\nwhile x:\n    cmd.extend(["--build-arg", "TOK"])\nsubprocess.run([*cmd, "."])\n',
        "a loop passes it with others",
        '"--secret", "id=ID,env=TOK"',
    ),
    "a loop over a dict that goes elsewhere": (
        'a = {"TOK": os.environ["TOK"]}\nuse(a)\nsubprocess.run(["docker", "build", *(f"--build-arg={k}={v}" for k, v in a.items())])\n',
        "a loop passes it with others",
        '"--secret=id=ID,env=TOK"',
    ),
    "a loop around an operation of another place": (
        (
            'cmd = ["docker"]\ncmd.append("build")\na = {"TOK": os.environ["TOK"]}\n'
            'subprocess.run([*cmd, *[f"--build-arg={k}={v}" for k, v in a.items()], "."])\n'
        ),
        "a loop passes it with others",
        '"--secret=id=ID,env=TOK"',
    ),
    "a text of another place": (
        'arg = f"TOK={tok}"\nsubprocess.run(["docker", "build", "--build-arg", arg, "."])\n',
        "put together elsewhere",
        "id=ID,env=TOK",
    ),
    "a variable that is changed": (
        'tok = os.environ["TOK"]\nos.environ["TOK"] = ""\nos.execvp("docker", ["docker", "build", "--build-arg", f"TOK={tok}", "."])\n',
        "the program may set TOK in between",
        "id=ID,env=TOK",
    ),
    "a variable that may be changed": (
        (
            'from dotenv import load_dotenv\ntok = os.environ["TOK"]\nload_dotenv()\n'
            'os.execvp("docker", ["docker", "build", "--build-arg", f"TOK={tok}", "."])\n'
        ),
        "the program may set TOK in between",
        "id=ID,env=TOK",
    ),
    "another environ": ("os.environ = fake\n" + RUN.format(V, ""), "os.environ is replaced", "id=ID,env=TOK"),
    "a program that takes no environment": (
        'os.execvp("docker", ["docker", "build", "--build-arg", f"TOK={tok}", "."])\n',
        "no variable of the environment has its value",
        "id=ID,env=TOK",
    ),
    "a program that takes no environment, and another name": (
        'os.execvp("docker", ["docker", "build", "--build-arg", "TOK=" + os.environ["V"], "."])\n',
        "Python stops where V is not set",
        "id=ID,env=V",
    ),
    "docker compose": (
        'subprocess.run(["docker", "compose", "build", "--build-arg", "TOK", "web"])\n',
        "docker compose build has no --secret",
        "secrets: [ID]",
    ),
    "a name that may change before the list is run": (
        'def f(tok):\n    cmd = ["docker", "build", "--build-arg", f"TOK={tok}", "."]\n    tok = 1\n    subprocess.run(cmd)\n',
        "no variable of the environment has its value",
        "id=ID,env=TOK",
    ),
    "a function that may give another value": (
        'cmd = ["docker", "build", "--build-arg", f"TOK={token()}", "."]\nsubprocess.run(cmd)\n',
        "no variable of the environment has its value",
        'env={**os.environ, "TOK": f"{token()}"}',
    ),
    "an assignment in the value": (RUN.format('f"TOK={(t := token())}"', ""), "no variable of the environment has its value", "…"),
    "no os": (
        "os = None\n" + RUN.format('f"TOK={tok}"', ""),
        "no variable of the environment has its value",
        'env={**os.environ, "TOK": f"{tok}"}',
    ),
}


@pytest.mark.parametrize(("text", "obstacle", "suggestion"), OBSTACLES.values(), ids=OBSTACLES)
def test_what_cannot_be_moved_has_its_reason(text: str, obstacle: str, suggestion: str) -> None:
    text = PREAMBLE + text
    found = [passed for call in calls(text) for passed in call.passes if passed.name == "TOK"]
    assert [obstacle in passed.obstacle for passed in found] == [True]
    assert suggestion in found[0].suggestion.replace(ID, "ID")
    assert moved(text) == text


# --- functions that run what they are given -------------------------------------------------------------------------------

HELPERS = {
    "a function": (
        ('def run(cmd):\n    print("+", " ".join(cmd))\n    subprocess.run(cmd, check=True)\n\n'
        f'run(["docker", "build", "--build-arg", {V}, "."])\n'),
        'run(["docker", "build", "--secret", "id=TOK", "."])\n',
    ),
    "a function with more arguments": (
        ("def run(cmd, **more):\n    return subprocess.run(cmd, **more)\n\n"
        'run(["docker", "build", "--build-arg", f"TOK={tok}", "."])\n'),
        'run(["docker", "build", "--secret", "id=TOK", "."], env={**os.environ, "TOK": f"{tok}"})\n',
    ),
    "a function with an environment": (
        ("def run(*cmd, cwd=None, env=None):\n    return subprocess.run(list(cmd), cwd=cwd, env=env)\n\n"
        'run("docker", "build", "--build-arg", f"TOK={tok}", ".", cwd="x")\n'),
        'run("docker", "build", "--secret", "id=TOK", ".", cwd="x", env={**os.environ, "TOK": f"{tok}"})\n',
    ),
    "a method": (
        ("class Build:\n    def run(self, cmd):\n        subprocess.run([*cmd])\n\n    def build(self):\n"
        f'        self.run(cmd=["docker", "build", "--build-arg", {V}, "."])\n'),
        '        self.run(cmd=["docker", "build", "--secret", "id=TOK", "."])\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), HELPERS.values(), ids=HELPERS)
def test_functions_that_run_their_words(before: str, after: str) -> None:
    assert moved(PREAMBLE + before).endswith("\n" + after)


RUN_IT = f'run(["docker", "build", "--build-arg", {V}, "."])\n'
NO_HELPERS = {
    "it does something else": ("def run(cmd):\n    other(cmd)\n    subprocess.run(cmd)\n\n" + RUN_IT, "which command this list"),
    "it is decorated": ("@retry\ndef run(cmd):\n    subprocess.run(cmd)\n\n" + RUN_IT, "which command this list"),
    "there are two": (
        "def run(cmd):\n    subprocess.run(cmd)\n\nclass A:\n    def run(self, cmd):\n        subprocess.run(cmd)\n\n" + RUN_IT,
        "which command this list",
    ),
    "it has an environment of its own": ("def run(cmd):\n    subprocess.run(cmd, env=fresh())\n\n" + RUN_IT, "may be missing in the env"),
    "it is given more": (
        "def run(cmd, **more):\n    subprocess.run(cmd, **more)\n\n" + RUN_IT.replace(")\n", ", **more)\n"),
        "may be missing",
    ),
    "it is given what it does not hand on": (
        "def run(cmd, env):\n    subprocess.run(cmd)\n\n" + RUN_IT.replace(")\n", ", env=clean)\n"),
        "may be missing",
    ),
    "it runs them as another": ('def run(cmd):\n    subprocess.run(["sudo"] + cmd)\n\n' + RUN_IT, "which command this list"),
    "it has words before them": (
        'def run(first, *cmd):\n    subprocess.run(cmd)\n\nrun(1, "docker", "build", "--build-arg", "OTHER", ".")\n' + RUN_IT,
        "which command this list",
    ),
    "they are all spread": (
        "def run(a, cmd):\n    subprocess.run(cmd)\n\n" + RUN_IT.replace("run(", "run(*a, "),
        "which command this list",
    ),
    "it is another module's": ("from tools import run\n" + RUN_IT, "which command this list"),
    "it is called on something": (
        "def run(cmd):\n    subprocess.run(cmd)\n\n" + RUN_IT.replace("run(", "host.run(").replace("host.run([", "host.run(["),
        "which command this list",
    ),
}


@pytest.mark.parametrize(("text", "obstacle"), NO_HELPERS.values(), ids=NO_HELPERS)
def test_functions_of_which_it_is_not_known(text: str, obstacle: str) -> None:
    assert obstacle in only(PREAMBLE + text).obstacle


OTHERS = {
    "a method of something": ('session.run("docker", "build", "--build-arg", f"TOK={x}", ".", external=True)', ["TOK"]),
    "behind sudo": ('session.run("sudo", "docker", "build", "--build-arg", "TOK", ".")', ["TOK"]),
    "it only tells": ('log.info("docker", "build", "--build-arg", "TOK", ".")', []),
    "it passes nothing": ('session.run("docker", "build", ".")', []),
    "another program": ('session.run("npm", "build", "--build-arg", "TOK")', []),
    "a list for a function of another file": ('build("x", more=["--build-arg", f"TOK={os.environ[\'TOK\']}"])  # docker build', ["TOK"]),
    "a list without the program": ('spawn("docker", ["build", "--build-arg=TOK=" + x, "--build-arg", "OTHER", "."])', ["TOK", "OTHER"]),
    "an option of its own": ('parser.add_argument("--build-arg", "TOK", help="for docker build")', []),
    "the flag alone": ('build("docker", more=["build", "--build-arg"])', []),
    "a name that is computed": ('subprocess.run(["docker", "build", *[f"--build-arg={each}" for each in given], "."])', ["{each}"]),
    "a name that a loop has": (
        'cmd = ["docker", "build", "."]\nfor k, v in given.items():\n    cmd += ["--build-arg", f"{k}={v}"]\nsubprocess.run(cmd)',
        ["{k}"],
    ),
}


@pytest.mark.parametrize(("text", "names"), OTHERS.values(), ids=OTHERS)
def test_what_is_passed_in_ways_that_nobody_can_follow(text: str, names: list[str]) -> None:
    found = [each for call in python.calls(Source(PurePosixPath("build.py"), PREAMBLE + text + "\n"), Tree()) for each in call.passes]
    assert [each.name for each in found] == names
    assert all(each.obstacle for each in found)


# --- texts ----------------------------------------------------------------------------------------------------------------

TEXTS = {
    "os.system": ('os.system("docker build --build-arg TOK=$TOK .")\n', 'os.system("docker build --secret id=TOK .")\n'),
    "a literal": ("os.system('docker build --build-arg TOK=a1 .')\n", "os.system('TOK=a1 docker build --secret id=TOK .')\n"),
    "in the same quotes": (
        'os.popen("docker build --build-arg TOK=$(cat x) .")\n',
        'os.popen("TOK=\\"$(cat x)\\" docker build --secret id=TOK .")\n',
    ),
    "in other quotes": (
        "subprocess.getoutput('docker build --build-arg TOK=$(cat x) .')\n",
        "subprocess.getoutput('TOK=\"$(cat x)\" docker build --secret id=TOK .')\n",
    ),
    "in pieces": (
        'subprocess.run("docker build "  # it\n    "--build-arg TOK=\\"$A\\" "\n    ".", shell=True)\n',
        'subprocess.run("docker build "  # it\n    "--secret id=TOK,env=A "\n    ".", shell=True)\n',
    ),
    "on lines": (
        'subprocess.check_call("""\n  docker build \\\\\n    --build-arg TOK=$TOK \\\\\n    .\n""", shell=True)\n',
        'subprocess.check_call("""\n  docker build \\\\\n    --secret id=TOK \\\\\n    .\n""", shell=True)\n',
    ),
    "on lines of Python": (
        'subprocess.check_call("""docker build \\\n    --build-arg TOK=$(cat x) \\\n    .""", shell=True)\n',
        'subprocess.check_call("""TOK="$(cat x)" docker build \\\n    --secret id=TOK \\\n    .""", shell=True)\n',
    ),
    "raw": (
        "os.system(r'''docker build --build-arg TOK=\"$TOK\" --label a=\\$b .''')\n",
        "os.system(r'''docker build --secret id=TOK --label a=\\$b .''')\n",
    ),
    "a name": ('CMD = "docker build --build-arg TOK=$TOK ."\nos.system(CMD)\n', 'CMD = "docker build --secret id=TOK ."\nos.system(CMD)\n'),
    "a shell of its own": (
        'subprocess.run(["bash", "-euc", "docker build --build-arg TOK=$TOK ."])\n',
        'subprocess.run(["bash", "-euc", "docker build --secret id=TOK ."])\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), TEXTS.values(), ids=TEXTS)
def test_texts_that_a_shell_is_given(before: str, after: str) -> None:
    assert moved(PREAMBLE + before) == PREAMBLE + after


REPORTED = {
    "Python's own values": (
        "os.system(f\"docker build --build-arg TOK={os.environ['V']} -t {{x}} .\")\n",
        "Python puts values into this text",
        "--secret id=ID,env=V",
    ),
    "an addition": ('os.system("docker build --build-arg TOK=" + t + " .")\n', "Python puts values into this text", "env=TOK"),
    "a percent sign": ('os.system("docker build --build-arg TOK=%s ." % t)\n', "Python puts values into this text", "env=TOK"),
    "format": ('os.system("docker build --build-arg TOK={} .".format(t))\n', "Python puts values into this text", "env=TOK"),
    "another character": ('os.system("docker build\\t--build-arg TOK=$TOK .")\n', "Python puts values into this text", "env=TOK"),
    "different quotes": ("os.system(\"docker build \" 'a --build-arg TOK=$TOK .')\n", "Python puts values into this text", "env=TOK"),
    "no shell": ('subprocess.run("docker build --build-arg TOK .".split())\n', "it stands in a text that is taken apart", "env=TOK"),
    "shlex": (
        "import shlex\nsubprocess.run(shlex.split(f\"docker build --build-arg TOK={os.environ['TOK']} .\"))\n",
        "it stands in a text that is taken apart",
        "env=TOK",
    ),
    "fabric": ('c.run("docker build --build-arg TOK=$TOK .")\n', "what runs this text is not seen here", "--secret id=ID,env=TOK"),
    "a shell text that is none": ('os.system("docker build --build-arg TOK=$TOK . (")\n', "its shell text cannot be read", "env=TOK"),
    "plumbum": ('local["docker"]("build", "--build-arg", "TOK=" + t, ".")\n', "which command this list is run as", "id=ID,env=TOK"),
    "sh": (
        'from sh import docker\ndocker("build", "--build-arg", f"TOK={t}", ".")\n',
        "which command this list is run as",
        "id=ID,env=TOK",
    ),
    "quotes that do not let it": (
        'os.system(r"docker build --build-arg TOK=$(cat a) .")\n',
        "it cannot be written in the quotes",
        "env=TOK",
    ),
    "in no call": ('x = ["docker build --build-arg TOK=$TOK ."]\n', "what runs this text is not seen here", "env=TOK"),
    "in two strings": ('os.system("docker build --build-" "arg TOK=$TOK .")\n', "", ""),
}


@pytest.mark.parametrize(("text", "obstacle", "suggestion"), REPORTED.values(), ids=REPORTED)
def test_texts_that_are_only_reported(text: str, obstacle: str, suggestion: str) -> None:
    passed = only(PREAMBLE + text)
    assert obstacle in passed.obstacle
    assert suggestion in passed.suggestion.replace(ID, "ID")


TOLD = (
    'print("docker build --build-arg TOK=x .")\n',
    'p.add_argument("x", help="docker build --build-arg TOK=x .")\n',
    '"""docker build --build-arg TOK=x ."""\n',
)


@pytest.mark.parametrize("text", TOLD)
def test_texts_for_people_are_documentation(text: str) -> None:
    assert [call.documentation for call in calls(PREAMBLE + text)] == [True]


# --- libraries ------------------------------------------------------------------------------------------------------------

WHALES = "import os\nfrom python_on_whales import docker\n"
DICTS = {
    "one of two": (
        'docker.build(".", build_args={"TOK": os.environ["TOK"], "A": "1"}, tags="x")\n',
        'docker.build(".", build_args={"A": "1"}, secrets=["id=TOK"], tags="x")\n',
    ),
    "the last of two": (
        'docker.build(".", build_args={"A": "1", "TOK": os.getenv("TOK", "")})\n',
        'docker.build(".", build_args={"A": "1"}, secrets=["id=TOK,env=TOK"])\n',
    ),
    "all": ("docker.build('.', build_args={'TOK': os.environ['TOK']}, load=True)\n", "docker.build('.', secrets=['id=TOK'], load=True)\n"),
    "all of a dict that is called": (
        'docker.build(".", build_args=dict(TOK=os.environ["TOK"]), load=True)\ndocker.build(".", build_args={"A": a})\n',
        'docker.build(".", secrets=["id=TOK"], load=True)\ndocker.build(".", build_args={"A": a})\n',
    ),
    "all, with a name": (
        'args = {"TOK": os.environ["TOK"],}\ndocker.build(".", build_args=args)\n',
        'args = {}\ndocker.build(".", build_args=args, secrets=["id=TOK"])\n',
    ),
    "all, with secrets": (
        'docker.buildx.build(".", build_args={"TOK": os.environ["TOK"],}, secrets=["id=a"])\n',
        'docker.buildx.build(".", secrets=["id=a", "id=TOK"])\n',
    ),
    "a secret": (
        'docker.build(".", secrets="id=a,src=b", build_args=dict(A="1", TOK=os.environ["TOK"]))\n',
        'docker.build(".", secrets=["id=a,src=b", "id=TOK"], build_args=dict(A="1"))\n',
    ),
    "on lines": (
        (
            'docker.build(\n    ".",\n    build_args={\n        "A": "1",  # a\n        # tok\n'
            '        "TOK": os.environ["TOK"],  # t\n    },\n    # x\n    load=True,\n)\n'
        ),
        'docker.build(\n    ".",\n    build_args={\n        "A": "1",  # a\n    },\n    secrets=["id=TOK"],\n    # x\n    load=True,\n)\n',
    ),
    "with a name": (
        'args = {\n    "A": "1",\n    "TOK": os.environ["TOK"],\n}\ndocker.build(".", build_args=args)\n',
        'args = {\n    "A": "1",\n}\ndocker.build(".", build_args=args, secrets=["id=TOK"])\n',
    ),
    "the secret is there already": (
        'docker.build(".", secrets=["id=TOK,env=TOK"], build_args={"TOK": os.environ["TOK"]})\n',
        'docker.build(".", secrets=["id=TOK,env=TOK"])\n',
    ),
    "a client": (
        'from python_on_whales import DockerClient\nd = DockerClient()\nd.build(".", build_args={"TOK": os.getenv("TOK")})\n',
        'from python_on_whales import DockerClient\nd = DockerClient()\nd.build(".", secrets=["id=TOK"])\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), DICTS.values(), ids=DICTS)
def test_python_on_whales(before: str, after: str) -> None:
    assert moved(WHALES + before) == WHALES + after


def test_python_on_whales_is_given_both() -> None:
    build = 'docker.build(".", build_args={"TOK": os.environ["TOK"]}'
    assert moved(WHALES + build + ")\n", removes=False) == WHALES + build + ', secrets=["id=TOK"])\n'


WHALE_OBSTACLES = {
    "another value": (
        'docker.build(".", build_args={"TOK": tok})\n',
        "no variable of it has this value",
        'with os.environ["TOK"] set before it',
    ),
    "another name": (
        'docker.build(".", build_args={"TOK": os.environ["V"]})\n',
        "Python stops where V is not set",
        'secrets=["id=ID,env=V"]',
    ),
    "more arguments": ('docker.build(".", build_args={"TOK": os.environ["TOK"]}, **more)\n', "what its ** adds", "id=ID"),
    "secrets of another place": (
        'docker.build(".", build_args={"TOK": os.environ["TOK"]}, secrets=secrets)\n',
        "its secrets are put together elsewhere, in secrets",
        "id=ID",
    ),
    "a dict that goes elsewhere": (
        'args = {"TOK": os.environ["TOK"]}\nuse(args)\ndocker.build(".", build_args=args)\n',
        "its build args go elsewhere as well, in line 4",
        "id=ID",
    ),
    "a variable that is changed": (
        't = os.environ["TOK"]\nos.environ["TOK"] = ""\ndocker.build(".", build_args={"TOK": t})\n',
        "the program may set TOK in between",
        "id=ID",
    ),
    "a client of another place": ('self.docker.build(".", build_args={"TOK": os.environ["TOK"]})\n', "which client this is", "id=ID"),
    "a client with a call of its own": (
        (
            'from python_on_whales import DockerClient\nd = DockerClient(client_call=["sudo", "docker"])\n'
            'd.build(".", build_args={"TOK": os.environ["TOK"]})\n'
        ),
        "which client this is",
        "id=ID",
    ),
    "compose": ('docker.compose.build(build_args={"TOK": os.environ["TOK"]})\n', "docker compose build has no --secret", "secrets: [ID]"),
    "CDK": (
        (
            "from aws_cdk.aws_ecr_assets import DockerImageAsset\n"
            'DockerImageAsset(self, "x", directory="svc", build_args={"TOK": os.environ["V"]})\n'
        ),
        "CDK's secrets",
        'build_secrets={"ID": "env=V"}',
    ),
    "Pulumi": (
        'import pulumi_docker_build as build\nbuild.Image("x", build_args={"TOK": tok})\n',
        "Pulumi's secrets",
        'secrets={"ID": tok}',
    ),
    "Dagger": ('src.docker_build(build_args={"TOK": tok})\n', "Dagger's secrets", 'dag.set_secret("ID", tok)'),
    "who knows": ('make(build_args={"TOK": f"x{tok}"})\n', "what this function does", "--secret id=ID,env=TOK"),
}


@pytest.mark.parametrize(("text", "obstacle", "suggestion"), WHALE_OBSTACLES.values(), ids=WHALE_OBSTACLES)
def test_libraries_that_need_a_hand(text: str, obstacle: str, suggestion: str) -> None:
    passed = only(WHALES + text)
    assert obstacle in passed.obstacle
    assert suggestion in passed.suggestion.replace(ID, "ID")


BLOCKS = {
    "docker-py": (
        'import docker\nc = docker.from_env()\nc.images.build(path="svc", dockerfile="D", buildargs={"TOK": t})\n',
        "docker-py builds",
    ),
    "docker-py's lower half": (
        'import docker\ndocker.APIClient().build(path="svc", dockerfile="D", buildargs={"TOK": t})\n',
        "docker-py builds",
    ),
    "docker-py by its words": ('def f(c):\n    c.build(path="svc", dockerfile="D", buildargs=dict(TOK=t))\n', "docker-py builds"),
    "docker-py of an object": (
        'import docker\nclass A:\n    def f(self):\n        self.client.images.build(path="svc", dockerfile="D")\n',
        "docker-py builds",
    ),
    "aiodocker": ('import aiodocker\nawait_(d.images.build(path_dockerfile="svc/D", buildargs={"TOK": t}))\n', "aiodocker builds"),
    "testcontainers": (
        'from testcontainers.core.image import DockerImage\nDockerImage(path="svc", dockerfile_path="D", buildargs={"TOK": t})\n',
        "testcontainers builds",
    ),
    "Prefect": (
        'from prefect.docker import DockerImage\nDockerImage(name="x", dockerfile="svc/D", buildargs={"TOK": t})\n',
        "Prefect builds",
    ),
    "legacy_build": ('from python_on_whales import docker\ndocker.legacy_build("svc", file="svc/D")\n', "legacy_build builds without"),
    "a client's legacy_build": (
        'import python_on_whales\nx.legacy_build("svc", file="svc/D", build_args={"TOK": t})\n',
        "legacy_build builds without",
    ),
    "Pulumi": (
        'import pulumi_docker as d\nd.DockerBuildArgs(context="svc", dockerfile="svc/D", args={"TOK": t})\n',
        "pulumi_docker can be given",
    ),
    "without BuildKit": (
        'import subprocess\nsubprocess.run(["docker", "build", "-f", "svc/D", "svc"], env={"DOCKER_BUILDKIT": "0"})\n',
        "DOCKER_BUILDKIT=0",
    ),
    "all without BuildKit": (
        'import os, subprocess\nos.environ["DOCKER_BUILDKIT"] = "0"\nsubprocess.run(["docker", "build", "-f", "svc/D", "svc"])\n',
        "DOCKER_BUILDKIT=0",
    ),
    "the words say so": (
        'import subprocess\nsubprocess.run(["env", "DOCKER_BUILDKIT=0", "docker", "build", "-f", "svc/D", "svc"])\n',
        "DOCKER_BUILDKIT=0",
    ),
    "kaniko": ('import subprocess\nsubprocess.run(["/kaniko/executor", "--dockerfile=svc/D", "--context", "svc"])\n', "kaniko"),
}


@pytest.mark.parametrize(("text", "why"), BLOCKS.values(), ids=BLOCKS)
def test_what_can_pass_no_secret_blocks(text: str, why: str) -> None:
    (call,) = calls(text)
    assert why in call.blocks
    assert Place("svc/D", "svc") in call.places or "dockerfile" in text
    assert "svc/D" in [place.dockerfile for place in call.places]
    assert [passed.obstacle for passed in call.passes] in ([], [""])


# --- what else is read ----------------------------------------------------------------------------------------------------

PLACES = {
    "nothing said": ('run(["docker", "build", "."])', ["tools/Dockerfile", "Dockerfile"]),
    "a file": ('run(["docker", "build", "-f", "svc/D", "."])', ["tools/svc/D", "svc/D"]),
    "podman": ('run(["podman", "build", "."])', ["tools/Containerfile", "tools/Dockerfile", "Containerfile", "Dockerfile"]),
    "a folder": ('run(["docker", "build", "."], cwd="svc")', ["tools/svc/Dockerfile", "svc/Dockerfile"]),
    "the file's folder": ('run(["docker", "build", "."], cwd=Path(__file__).parent)', ["tools/Dockerfile"]),
    "the folder above": ('run(["docker", "build", "."], cwd=Path(__file__).resolve().parents[1] / "svc")', ["svc/Dockerfile"]),
    "by os.path": ('run(["docker", "build", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "svc")])', ["svc/Dockerfile"]),
    "a name": ('ROOT = Path(__file__).parent.parent\nrun(["docker", "build", "-f", str(ROOT / "a" / "D"), f"{ROOT}/b"])', ["a/D"]),
    "joined": ('ROOT = Path(__file__).parent.parent\nrun(["docker", "build", str(ROOT.joinpath("svc"))])', ["svc/Dockerfile"]),
    "the program's folder": ('run(["docker", "build", "."], cwd=os.getcwd())', ["tools/Dockerfile", "Dockerfile"]),
    "changed": ('os.chdir("svc")\nrun(["docker", "build", "."])', ["tools/svc/Dockerfile", "svc/Dockerfile"]),
    "changed to a known one": ('os.chdir(os.path.dirname(__file__))\nrun(["docker", "build", "."])', ["tools/Dockerfile"]),
    "changed to an unknown one": ('os.chdir(there)\nrun(["docker", "build", "."])', []),
    "an unknown folder": ('run(["docker", "build", "."], cwd=there)', []),
    "an unknown file": ('run(["docker", "build", "-f", name, "."])', []),
    "an unknown part": ('run(["docker", "build", f"{a}{b}"])', []),
    "above the tree": ('run(["docker", "build", str(Path(__file__).parents[3])])', []),
    "odd paths": ('run(["docker", "build", f"{ROOT}{x}", Path(*x), Path(), a[0], a.parents[x], a.parents["y"], x.parent, "z" / y])', []),
    "another f-string": ('ROOT = Path(__file__).parent\nrun(["docker", "build", f"{ROOT}x"])', []),
    "a whole f-string": ('ROOT = Path(__file__).parent\nrun(["docker", "build", f"{ROOT}"])', ["tools/Dockerfile"]),
    "compose": ('run(["docker", "compose", "build"])', []),
    "a list of arguments": ('run(["docker", "build", *more, "-t", "x", "svc"])', ["tools/svc/Dockerfile", "svc/Dockerfile"]),
}


@pytest.mark.parametrize(("text", "expected"), PLACES.values(), ids=PLACES)
def test_places(text: str, expected: list[str]) -> None:
    text = f"import os\nfrom pathlib import Path\nfrom subprocess import run\n{text}\n"
    assert [place.dockerfile for call in calls(text, "tools/release.py") for place in call.places] == expected


def test_what_a_call_says() -> None:
    (call,) = calls(
        PREAMBLE + 'subprocess.run(["podman", "build", "--secret=id=a", "--secret", f"id=b,src={x}", "--target", "dev", "-t", tag, "."])\n'
    )
    assert call.engine is Engine.BUILDAH
    assert call.feeds == ("a", "b")
    assert call.target == "dev"
    assert call.line == 3
    assert call.command.startswith("podman build --secret=id=a")


CREDENTIALS = {
    "a vault's command": 'tok = subprocess.check_output(["vault", "read", "x"]).decode()\n' + RUN.format('f"TOK={tok}"', ""),
    "asked for": "import getpass\n" + RUN.format('f"TOK={getpass.getpass()}"', ""),
    "a name for what was asked for": "import getpass\ntok = getpass.getpass()\n" + RUN.format('"TOK=" + tok', ""),
    "a CI system's": RUN.format("f\"TOK={os.environ['CI_JOB_TOKEN']}\"", ""),
    "in a dict": 'from python_on_whales import docker\ndocker.build(".", build_args={"TOK": os.environ["CI_JOB_TOKEN"]})\n',
    "in a text": "os.system(f\"docker build --build-arg TOK={os.environ['CI_JOB_TOKEN']} .\")\n",
}


@pytest.mark.parametrize("text", CREDENTIALS.values(), ids=CREDENTIALS)
def test_what_shows_a_secret(text: str) -> None:
    assert only(PREAMBLE + text).credential


def test_a_literal_is_the_value_and_stands_in_no_message() -> None:
    for text in (RUN.format('"TOK=canary-1"', ""), RUN.format('"TOK=canary-1"', ", env=env"), 'docker(build_args={"TOK": "canary-1"})\n'):
        passed = only(PREAMBLE + text)
        assert passed.value == "canary-1"
        assert "canary-1" not in f"{passed.obstacle}{passed.suggestion}{passed.notes}"


ERRORS = {
    "Python 2": ('print "docker build --build-arg A"\n', 1),
    "a broken line": ('x = 1\nos.system("docker build .")\nx = (\n', 3),
    "a byte that is nothing": ("# docker build --build-arg\n\0", 1),
    "what libcst leaves out": ("\fx = 'docker build .'\n", 1),
}


@pytest.mark.parametrize(("text", "line"), ERRORS.values(), ids=ERRORS)
def test_what_cannot_be_read_has_its_line(text: str, line: int) -> None:
    with pytest.raises(NotUnderstoodError) as error:
        calls(text)
    assert error.value.line == line


def test_what_only_libcst_cannot_read_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(text: str) -> None:
        raise libcst.ParserSyntaxError("no", lines=[text], raw_line=2, raw_column=0)

    monkeypatch.setattr(libcst, "parse_module", parse)
    with pytest.raises(NotUnderstoodError) as error:
        calls("import os\nos.system('docker build .')\n")
    assert error.value.line == 2


def test_what_speaks_of_no_build_is_not_read() -> None:
    assert calls("print 'docker'\n") == ()
    assert calls("print 'build'\n") == ()


def test_libcst_is_loaded_where_it_is_needed() -> None:
    code = "import sys, codemod.callers.python.calls; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- the check ------------------------------------------------------------------------------------------------------------

BEFORE = PREAMBLE + RUN.format(V, "")
MISTAKES = {
    "another word": ('"."', '".."'),
    "another call": ("subprocess.run", "subprocess.call"),
    "another secret": ('"id=TOK"', '"id=OTHER"'),
    "another argument": ('"."])', '"."], check=False)'),
    "another environment": ('"."])', '"."], env={"TOK": "x"})'),
    "another import": ("import os\n", "import os\nimport sys\n"),
    "a line that is gone": ("import os\n", ""),
    "no Python": ('"."])', '"."]'),
}


@pytest.mark.parametrize(("old", "new"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_not_planned_is_seen(old: str, new: str) -> None:
    source = Source(PurePosixPath("release.py"), BEFORE)
    moves = [Move(only(BEFORE), "TOK", optional=False)]
    after = apply(source.text, python.edits(source, Tree(), moves))
    assert python.mistake(source, Source(source.path, after), moves) is None
    assert python.mistake(source, Source(source.path, after.replace(old, new)), moves) is not None


def test_what_python_warns_of_is_no_matter_of_ours() -> None:
    """A backslash that escapes nothing, in a file that runs builds."""
    text = 'import os, subprocess\nx = "\\p"\nsubprocess.run(["docker", "build", "--build-arg", f"TOK={os.environ[\'TOK\']}", "."])\n'
    source = Source(PurePosixPath("build.py"), text)
    (call,) = python.calls(source, Tree())
    moves = [Move(passed, passed.name, optional=False) for passed in call.passes]
    after = Source(source.path, apply(text, python.edits(source, Tree(), moves)))
    assert python.mistake(source, after, moves) is None
    assert '"--secret", "id=TOK"' in after.text
