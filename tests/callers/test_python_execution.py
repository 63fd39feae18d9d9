"""Python callers before and after, run by real Python with a recorder in docker's place: the secret is what the build arg was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from codemod.callers.call import Move, Tree
from codemod.callers.python import calls as python
from codemod.text import Source, apply

# writes down its words and its environment; a secret whose variable is not there stops it, as it stops docker
RECORDER = f"""#!{sys.executable} -IS
import json, os, sys
words = sys.argv[1:]
found = {{"words": words, "build-arg": {{}}, "secret": {{}}}}
for flag, word in zip(words, words[1:] + [""]):
    flag, equals, joined = flag.partition("=")
    word = joined if equals else word
    if flag == "--build-arg":
        name, equals, value = word.partition("=")
        found["build-arg"][name] = value if equals else os.environ.get(name)
    if flag == "--secret":
        spec = dict(part.split("=", 1) for part in word.split(","))
        if "env" not in spec and spec["id"] not in os.environ:
            sys.exit("failed to stat " + spec["id"])
        found["secret"][spec["id"]] = os.environ.get(spec.get("env", spec["id"]), "")
found["buildkit"] = os.environ.get("DOCKER_BUILDKIT")
with open(os.environ["RECORD"], "a") as record:
    record.write(json.dumps(found) + "\\n")
"""
NASTY = " canary-1 'a' \"b\" $HOME `id` \\ é,=\n"
VALUES = {"plain": "canary-1", "nasty": NASTY, "empty": "", "unset": None}
PREAMBLE = "import os\nimport subprocess\n"
RUN = 'subprocess.run(["docker", "build", "--build-arg", {}, "."], check=True)\n'

# what is run → whether the variable's own absence stopped it before
SCRIPTS = {
    "environ": (PREAMBLE + RUN.format("f\"TOK={os.environ['TOK']}\""), True),
    "environ of another name": (PREAMBLE + RUN.format("f\"TOK={os.environ['V']}\""), True),
    "environ, joined": (PREAMBLE + 'subprocess.check_call(["docker", "build", f"--build-arg=TOK={os.environ[\'V\']}", "."])\n', True),
    "environ, added": (PREAMBLE + RUN.format('"TOK=" + os.environ["TOK"]'), True),
    "getenv, added": (PREAMBLE + RUN.format('"TOK=" + os.getenv("V")'), True),
    "get with a default": (PREAMBLE + RUN.format('"TOK=" + os.environ.get("V", "")'), False),
    "getenv or empty": (PREAMBLE + RUN.format("f\"TOK={os.getenv('TOK') or ''}\""), False),
    "percent": (PREAMBLE + RUN.format("\"TOK=%s\" % os.environ['TOK']"), True),
    "format": (PREAMBLE + RUN.format("\"TOK={}\".format(os.environ['V'])"), True),
    "a name": (PREAMBLE + 'tok = os.environ["V"]\n' + RUN.format('f"TOK={tok}"'), True),
    "a name that is changed": (PREAMBLE + 'tok = os.environ["V"]\ntok = tok + "x"\n' + RUN.format('f"TOK={tok}"'), True),
    "more than the variable": (PREAMBLE + RUN.format("f\"TOK=a-{os.environ['V']}-{1 + 1:>3}\""), True),
    "stripped": (PREAMBLE + 'tok = os.environ["V"].strip()\n' + RUN.format('f"TOK={tok}"'), True),
    "a number": (PREAMBLE + "tok = 12\n" + RUN.format('f"TOK={tok}"'), False),
    "a literal": (PREAMBLE + RUN.format('"TOK=canary-1"'), False),
    "two literals": (PREAMBLE + RUN.format("'TOK='\n    'canary-\\t1'"), False),
    "os is not imported": (
        (
            "from subprocess import run as execute\nimport sys\ntok = 'canary-' + str(len(sys.argv))\n"
            "execute(('docker', 'build', '--build-arg', f'TOK={tok}', '.'), check=True)\n"
        ),
        False,
    ),
    "environ is imported": (
        "import subprocess as sp\nfrom os import environ as e\nsp.check_output(['docker', 'build', '--build-arg', 'TOK=' + e['V'], '.'])\n",
        True,
    ),
    "an environment": (
        PREAMBLE + RUN.format("f\"TOK={os.environ['V']}\"").replace("check", 'env={**os.environ, "DOCKER_BUILDKIT": "1"}, check'),
        True,
    ),
    "no environment": (PREAMBLE + RUN.format("f\"TOK={os.environ['V']}\"").replace("check", "env=None, check"), True),
    "a copy of the environment": (
        PREAMBLE
        + "env = os.environ.copy()\nenv['DOCKER_BUILDKIT'] = '1'\n"
        + RUN.format("f\"TOK={os.environ['TOK']}\"").replace("check", "env=env, check"),
        True,
    ),
    "a dict of the environment": (
        PREAMBLE + RUN.format("f\"TOK={os.environ['V']}\"").replace("check", 'env=dict(os.environ, DOCKER_BUILDKIT="1"), check'),
        True,
    ),
    "an environment and another": (
        PREAMBLE + RUN.format("f\"TOK={os.environ['V']}\"").replace("check", 'env=os.environ | {"DOCKER_BUILDKIT": "1"}, check'),
        True,
    ),
    "an environment with the name in it": (
        PREAMBLE + RUN.format("f\"TOK={os.environ['V']}\"").replace("check", 'env={**os.environ, "TOK": "another"}, check'),
        True,
    ),
    "an environment of its own": (
        PREAMBLE
        + RUN.format("f\"TOK={os.environ['V']}\"").replace(
            "check", 'env={"PATH": os.environ["PATH"], "RECORD": os.environ["RECORD"]}, check'
        ),
        True,
    ),
    "a list with a name": (
        PREAMBLE
        + 'cmd = ["docker", "build", "--build-arg", f"TOK={os.environ[\'V\']}", "."]\nprint(cmd)\nsubprocess.run(cmd, check=True)\n',
        True,
    ),
    "a list that grows": (
        PREAMBLE
        + "def main(tok):\n    cmd = ['docker', 'build']\n    cmd += ['--build-arg', 'TOK=' + tok]\n    cmd.append('.')\n"
        + "    subprocess.run(cmd, check=True)\n\nmain(os.environ['V'])\n",
        True,
    ),
    "a list in pieces": (
        PREAMBLE
        + "args = ['--build-arg', f\"TOK={os.environ['V']}\"]\n"
        + "subprocess.run(['docker', 'build', *args] + ['.'], check=True)\n",
        True,
    ),
    "a loop": (
        PREAMBLE
        + "args = {'TOK': os.environ['V'], 'A': '1'}\ncmd = ['docker', 'build']\n"
        + "for name, value in args.items():\n    cmd += ['--build-arg', f'{name}={value}']\nsubprocess.run([*cmd, '.'], check=True)\n",
        True,
    ),
    "a condition": (
        PREAMBLE
        + "tok = os.environ.get('TOK')\ncmd = ['docker', 'build']\nif tok is not None:\n    cmd += ['--build-arg', f'TOK={tok}']\n"
        + "subprocess.run([*cmd, '.'], check=True)\n",
        False,
    ),
    "a text": (PREAMBLE + "assert not os.system('docker build --build-arg TOK=\"$V\" .')\n", False),
    "a text in the same quotes": (PREAMBLE + 'assert not os.system("docker build --build-arg TOK=\\"a $V\\" .")\n', False),
    "a function": (
        PREAMBLE
        + "def run(*words, **more):\n    subprocess.run(words, check=True, **more)\n\n"
        + "run('docker', 'build', '--build-arg', f\"TOK={os.environ['V']}\", '.')\n",
        True,
    ),
    "Popen": (
        PREAMBLE + "assert not subprocess.Popen(args=['docker', 'build', '--build-arg', f\"TOK={os.environ['V']}\", '.']).wait()\n",
        True,
    ),
    "asyncio": (
        (
            "import asyncio, os\nasync def main():\n    tok = os.environ['V']\n    run = await asyncio.create_subprocess_exec(\n"
            "        'docker',\n        'build',\n        '--build-arg',\n        f'TOK={tok}x',\n        '.',\n    )\n"
            "    assert not await run.wait()\nasyncio.run(main())\n"
        ),
        True,
    ),
    "execvp": (PREAMBLE + "os.execvp('docker', ['docker', 'build', '--build-arg', f\"TOK={os.environ['TOK']}\", '.'])\n", True),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("docker")
    for name in ("docker", "podman"):
        (found / name).write_text(RECORDER)
        (found / name).chmod(0o755)
    return found


def moved(text: str, *, identifier: str = "TOK", optional: bool = False, adds: bool = True, removes: bool = True) -> str:
    source = Source(PurePosixPath("release.py"), text)
    passed = [passed for call in python.calls(source, Tree()) for passed in call.passes if passed.name == "TOK"]
    assert [one.obstacle for one in passed] == [""]
    moves = [Move(passed[0], identifier, optional=optional, adds=adds, removes=removes)]
    after = Source(source.path, apply(text, python.edits(source, Tree(), moves)))
    assert python.mistake(source, after, moves) is None
    return after.text


def run(folder: Path, text: str, environment: Mapping[str, str]) -> list[dict[str, object]] | None:
    """What docker was given; None where the program stopped."""
    record = folder / "record"
    record.write_text("")
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    given = {"PATH": path, "RECORD": str(record), "PYTHONPATH": os.environ.get("PYTHONPATH", ""), "HOME": "/nowhere", **environment}
    done = subprocess.run([sys.executable, "-c", text], env=given, cwd=folder, capture_output=True, check=False)
    found = [json.loads(line) for line in record.read_text().splitlines()]
    return found if done.returncode == 0 else None


def without(given: object, name: str) -> dict[str, object]:
    assert isinstance(given, dict)
    return {key: value for key, value in given.items() if key != name}


def given(value: str | None) -> dict[str, str]:
    return {"TOK": value, "V": value} if value is not None else {}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize(("text", "stops"), SCRIPTS.values(), ids=SCRIPTS)
def test_the_secret_is_what_the_build_arg_was(folder: Path, text: str, stops: bool, value: str | None) -> None:  # noqa: FBT001  (a column)
    before, after = run(folder, text, given(value)), run(folder, moved(text, optional=True), given(value))
    if value is None and stops:
        assert before is None
        assert after is None
        return
    assert before
    assert after
    assert [one["secret"] for one in after] == [without(one["build-arg"], "A") for one in before]
    assert [without(one["build-arg"], "A") for one in after] == [{} for _ in before]
    assert [one["buildkit"] for one in after] == [one["buildkit"] for one in before]
    assert [one["words"][-1:] for one in after] == [one["words"][-1:] for one in before]  # type: ignore[index]


@pytest.mark.parametrize(("text", "stops"), SCRIPTS.values(), ids=SCRIPTS)
def test_in_steps_both_are_passed_and_then_the_secret_alone(folder: Path, text: str, stops: bool) -> None:  # noqa: ARG001, FBT001
    both = moved(text, removes=False)
    first = run(folder, both, given(NASTY))
    second = run(folder, moved(both, adds=False), given(NASTY))
    assert first
    assert second
    assert [one["secret"] for one in first] == [without(one["build-arg"], "A") for one in first] == [one["secret"] for one in second]
    assert [without(one["build-arg"], "A") for one in second] == [{}]


def test_another_id_is_given_the_same_value(folder: Path) -> None:
    for text, _ in SCRIPTS.values():
        if "execvp" not in text:
            found = run(folder, moved(text, identifier="tok"), given(NASTY))
            before = run(folder, text, given(NASTY))
            assert found
            assert before
            assert found[0]["secret"]["tok"] == before[0]["build-arg"]["TOK"]  # type: ignore[index]


UNSET = {
    "a name alone": (RUN.format('"TOK"'), "id=TOK", "id=TOK,env=TOK"),
    "a name alone, joined": (
        RUN.format('"TOK"').replace('"--build-arg", ', '"--build-arg=" '),
        "--secret=id=TOK",
        "--secret=id=TOK,env=TOK",
    ),
    "getenv": (RUN.format("f\"TOK={os.getenv('TOK')}\""), "id=TOK", "id=TOK,env=TOK"),
}


@pytest.mark.parametrize(("text", "required", "optional"), UNSET.values(), ids=UNSET)
def test_a_required_secret_stops_the_build_where_the_variable_is_not_set(folder: Path, text: str, required: str, optional: str) -> None:
    text = PREAMBLE + text
    assert f'"{required}"' in moved(text)
    assert f'"{optional}"' in moved(text, optional=True)
    assert run(folder, text, {})
    assert run(folder, moved(text), {}) is None
    found = run(folder, moved(text, optional=True), {})
    assert found
    assert found[0]["secret"] == {"TOK": ""}
    assert run(folder, moved(text), given(NASTY))


# --- python-on-whales -----------------------------------------------------------------------------------------------------

WHALES = "import os\nfrom python_on_whales import docker, DockerClient\n"
# it pushes, and so asks docker for nothing else
BUILDS = {
    "environ": ('docker.build(".", build_args={"TOK": os.environ["TOK"], "VERSION": "1"}, tags=["x"], push=True)\n', True),
    "get with a default": (
        'docker.buildx.build(".", build_args={"TOK": os.environ.get("V", "")}, push=True, tags="x", secrets=["id=o,env=HOME"])\n',
        False,
    ),
    "a client": (
        'd = DockerClient()\nd.build(\n    ".",\n    build_args=dict(\n        TOK=os.environ["TOK"],\n    ),\n    push=True,\n)\n',
        True,
    ),
    "a dict with a name": (
        'args = {"TOK": os.environ["TOK"]}\ndocker.build(".", build_args=args, push=True, secrets="id=o,env=HOME")\n',
        True,
    ),
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize(("text", "stops"), BUILDS.values(), ids=BUILDS)
def test_python_on_whales(folder: Path, text: str, stops: bool, value: str | None) -> None:  # noqa: FBT001  (a column)
    before, after = run(folder, WHALES + text, given(value)), run(folder, moved(WHALES + text), given(value))
    if value is None and stops:
        assert before is None
        assert after is None
        return
    assert before
    assert after
    build_args = dict(before[0]["build-arg"])  # type: ignore[call-overload]
    secrets = dict(after[0]["secret"])  # type: ignore[call-overload]
    assert secrets.pop("TOK") == build_args.pop("TOK")
    assert after[0]["build-arg"] == build_args
    assert secrets == before[0]["secret"]
