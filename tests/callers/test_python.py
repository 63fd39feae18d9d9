"""Python callers: what is found in a program, what moves, and what stays with its reason."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codemod.callers import python
from codemod.callers.call import ID, Call, Move, Passed, Tree
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
        "only under a condition",
        'env={**os.environ, "TOK": f"{tok}"}',
    ),
    "a condition in the list": (
        'subprocess.run(["docker", "build", *(["--build-arg", f"TOK={tok}"] if tok else []), "."])\n',
        "only under a condition",
        "id=ID,env=TOK",
    ),
    "word by word": (
        'cmd = ["docker", "build"]\ncmd.append("--build-arg")\ncmd.append("TOK")\nsubprocess.run(cmd + ["."])\n',
        "added one by one",
        "id=ID,env=TOK",
    ),
    "in two lists": ('subprocess.run(["docker", "build", "--build-arg"] + ["TOK", "."])\n', "stand in different lists", "id=ID,env=TOK"),
    "a comprehension": (
        (
            'args = {"TOK": os.environ["V"]}\n'
            'subprocess.run(["docker", "build", *[x for k, v in args.items() for x in ("--build-arg", f"{k}={v}")], "."])\n'
        ),
        "only under a condition, or in a loop",
        '"--secret", "id=ID,env=V"',
    ),
    "a loop": (
        (
            'args = {"TOK": os.environ["V"]}\ncmd = ["docker", "build"]\nfor k, v in args.items():\n    cmd.extend(["--build-arg", f"{k}={v}"])\n'
            'cmd.append(".")\nsubprocess.run(cmd)\n'
        ),
        "only under a condition, or in a loop",
        '"--secret", "id=ID,env=V"',
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
