"""The values, environments and lists of Python programs, in every combination: what moves is checked, and a second run is idle."""

from __future__ import annotations

from itertools import product
from pathlib import PurePosixPath

import pytest

from codemod.callers.call import Call, Move, NotUnderstoodError, Tree
from codemod.callers.python import calls as python
from codemod.text import Source, apply

PREAMBLE = "import os\nimport subprocess\nNAME = 'TOK'\ntok = os.environ['V']\n"


def calls(text: str) -> tuple[Call, ...]:
    return python.calls(Source(PurePosixPath("release.py"), text), Tree())


def after(text: str, **how: bool) -> str:
    source = Source(PurePosixPath("release.py"), text)
    passes = [passed for call in calls(text) for passed in call.passes if passed.name == "TOK" and not passed.obstacle]
    moves = [Move(passed, "TOK", **{"optional": False, **how}) for passed in passes]
    found = Source(source.path, apply(text, python.edits(source, Tree(), moves)))
    assert python.mistake(source, found, moves) is None
    return found.text


# --- values ---------------------------------------------------------------------------------------------------------------

# an element → what it says of the value, and the text that the environment is given where it has to be
VALUES = {
    '"TOK"': (None, ""),
    "f'TOK={tok}'": ("${tok}", ""),
    "f\"TOK={os.environ['TOK']}\"": ("${os.environ['TOK']}", ""),
    "f\"TOK={os.environ['TOK']!s}\"": ("${os.environ['TOK']}", ""),
    "f\"TOK={os.environ['TOK']!r}\"": ("${os.environ['TOK']!r}", "f\"{os.environ['TOK']!r}\""),
    "f'TOK={tok:>9}'": ("${tok:>9}", "f'{tok:>9}'"),
    "f'TOK={tok=}'": ("${tok=}", "f'{tok=}'"),
    "f'TOK=a{tok}'": ("${f'a{tok}'}", "f'a{tok}'"),
    "'TOK=' 'canary-1'": ("canary-1", "'canary-1'"),
    "'TOK=' f'{tok}'": ("${tok}", ""),
    "'TOK=' f'{tok}{a}'": ("${f'{tok}{a}'}", "f'{tok}{a}'"),
    "'TOK=a' f'{tok}'": ("${'a' f'{tok}'}", "'a' f'{tok}'"),
    "'TO' 'K=a'": ("$a", None),
    "'TOK=a' + tok": ("${'a' + tok}", "'a' + tok"),
    "'TOK=' + tok + 'x'": ("${tok + 'x'}", "tok + 'x'"),
    "'TOK=' + str(os.environ['TOK'])": ("${str(os.environ['TOK'])}", ""),
    "'TOK=' + (os.getenv('TOK') or '')": ("${(os.getenv('TOK') or '')}", ""),
    "'TOK=' + (os.getenv('TOK') or other)": ("${(os.getenv('TOK') or other)}", "(os.getenv('TOK') or other)"),
    "'TOK=' + os.environ.get('TOK', 'x')": ("${os.environ.get('TOK', 'x')}", "os.environ.get('TOK', 'x')"),
    "'TOK=' + os.environ.get(*a)": ("${os.environ.get(*a)}", "os.environ.get(*a)"),
    "'TOK=' + os.environ[0:1]": ("${os.environ[0:1]}", "os.environ[0:1]"),
    "'TOK=' + os.environ[name]": ("${os.environ[name]}", "os.environ[name]"),
    "'TOK=' + os.getenv('TOK')": ("${os.getenv('TOK')}", ""),
    "'TOK=' + ('x')": ("${('x')}", "('x')"),
    "f'{NAME}={tok}'": ("$tok}", None),
    "f'{tok}'": (None, None),
    "'TOK=' + ('x' 'y')": ("${('x' 'y')}", "('x' 'y')"),
    "('TOK\\x3d{}').format(tok)": ("$\\x3d{}", None),
    "f'TOK={\"a\"}'": ('${"a"}', '"a"'),
    "'TOK=%s' % tok": ("${'%s' % tok}", ""),
    "'TOK=%s%s' % (tok, a)": ("${'%s%s' % (tok, a)}", "'%s%s' % (tok, a)"),
    "'TOK=%(a)s' % {'a': tok}": ("${'%(a)s' % {'a': tok}}", "'%(a)s' % {'a': tok}"),
    "'TOK={}'.format(tok)": ("${'{}'.format(tok)}", ""),
    "'TOK={}{}'.format(tok, a)": ("${'{}{}'.format(tok, a)}", "'{}{}'.format(tok, a)"),
    "'TOK={a}'.format(a=tok)": ("${'{a}'.format(a=tok)}", "'{a}'.format(a=tok)"),
    "'TOK\\x3d' + tok": ("$\\x3d' + tok", None),
    "'TOK=a' * 2": ("${'TOK=a' * 2}", None),
    "b'TOK=a'": (None, None),
    "f'TOK\\x3d{tok}'": (None, None),
    "'TOK={}'.join(tok)": (None, None),
}


@pytest.mark.parametrize(("element", "expected"), VALUES.items(), ids=VALUES)
def test_values(element: str, expected: tuple[str | None, str | None]) -> None:
    value, carried = expected
    text = PREAMBLE + f'subprocess.run(["docker", "build", "--build-arg", {element}, "."])\n'
    found = [passed for call in calls(text) for passed in call.passes if passed.name == "TOK"]
    if carried is None:
        assert not [passed for passed in found if not passed.obstacle]
        return
    assert [passed.value for passed in found] == [value]
    assert [passed.obstacle for passed in found] == [""]
    moved = after(text)
    assert f'"TOK": {carried}}}' in moved if carried else "id=TOK" in moved


# --- everything with everything -------------------------------------------------------------------------------------------

ELEMENTS = ("'TOK'", "f\"TOK={os.environ['TOK']}\"", "'TOK=' + os.environ['V']", "f'TOK={tok}'", "f'TOK={a.b}'", "'TOK=canary-1'")
LAYOUTS = (
    'subprocess.run(["docker", "build", "--build-arg", {element}, "."], check=True{env})\n',
    "subprocess.run(\n    [\n        'docker', 'build',\n        '--build-arg', {element},  # t\n        '.'\n    ]{env}\n)\n",
    'cmd = ("docker", "build", "--build-arg", {element}, ".")\nprint(cmd)\nsubprocess.check_call(args=cmd{env})\n',
    'cmd = ["docker", "build"]\ncmd += [\n    "--build-arg",\n    {element},\n]\nif x:\n    cmd.append("")\nsubprocess.Popen(cmd{env})\n',
    'def run{number}(*cmd, **more):\n    subprocess.run(cmd, **more)\nrun{number}("docker", "build", "--build-arg", {element}, "."{env})\n',
)
ENVIRONMENTS = (
    "",
    ", env=None",
    ", env=os.environ",
    ", env=os.environ.copy()",
    ', env={**os.environ, "A": "1"}',
    ",\n    env=dict(os.environ, A='1'),\n",
    ', env={"PATH": "/bin"}',
    ", env=env",
    ', env=os.environ | {"TOK": "x"}',
)
HOW: tuple[dict[str, bool], ...] = ({}, {"optional": True}, {"removes": False})


def program(layout: str) -> str:
    """Every value with every environment, each in a function of its own."""
    pairs = enumerate(product(ELEMENTS, ENVIRONMENTS))
    every = (layout.format(element=element, env=environment, number=number) for number, (element, environment) in pairs)
    bodies = ("".join(f"    {line}\n" for line in ["env = {**os.environ}", *text.splitlines()]) for text in every)
    return PREAMBLE + "\n".join(f"def f{number}(x, a):\n{body}" for number, body in enumerate(bodies))


@pytest.mark.parametrize("layout", LAYOUTS, ids=range(len(LAYOUTS)))
@pytest.mark.parametrize("how", HOW, ids=("both", "optional", "adds"))
def test_everything_with_everything(layout: str, how: dict[str, bool]) -> None:
    text = program(layout)
    before = calls(text)
    assert [[passed.name for passed in call.passes] for call in before] == [["TOK"]] * len(ELEMENTS) * len(ENVIRONMENTS)
    moved = after(text, **how)
    compile(moved, "release.py", "exec")
    stays = [bool(call.passes[0].obstacle) for call in before]
    again = calls(moved)
    assert [call.feeds for call in again] == [() if stay else ("TOK",) for stay in stays]
    assert [len(call.passes) for call in again] == [int(stay or not how.get("removes", True)) for stay in stays]
    assert after(moved, adds=False).count("build-arg") == sum(stays)


# --- environments ---------------------------------------------------------------------------------------------------------

RUN = "subprocess.run(['docker', 'build', '--build-arg', f\"TOK={os.environ['TOK']}\", '.'], env={env})\n"
# what is done with a mapping before it is given to the build → whether TOK is surely still the program's
FILLED = {
    "env = os.environ.copy()\nenv['A'] = '1'\nenv.update(B='2')\nenv.update({'C': '3'})\nenv.setdefault('D', '')\nenv.get('E')\n": True,
    "env = dict(os.environ)\nenv.update(TOK='1')\n": False,
    "env = copy.copy(os.environ)\nimport copy\n": True,
    "env = os.environ.copy()\nenv[name] = '1'\n": False,
    "env = os.environ.copy()\nenv.update(others)\n": False,
    "env = os.environ.copy()\nenv.pop(name)\n": False,
    "env = os.environ.copy()\nenv.clear()\n": False,
    "env = os.environ.copy()\nenv.TOK = 1\n": False,
    "env = os.environ.copy()\nfill(env)\n": False,
    "env = {**os.environ, name: '1'}\n": False,
    "env = {**os.environ, **others}\n": False,
    "env = {'A': '1'}\n": False,
    "env = fill(os.environ)\n": None,
    "env = dict(others, A='1')\n": False,
    "env = dict([('A', '1')])\n": False,
    "env = others.copy()\n": None,
    "env = {**os.environ} | others\n": None,
    "env = os.environ | {'A': '1'}\n": True,
    "env = os.environ\nenv2 = {**env}\n": True,
    "env = os.environ.copy()\nos.environ['TOK'] = '1'\n": False,
    "env = os.environ.copy()\nos.environ[name] = '1'\n": False,
    "env = os.environ.copy()\ndel os.environ['TOK']\n": False,
    "env = os.environ.copy()\nos.environ.update(x)\n": False,
    "env = os.environ.copy()\nos.environ.setdefault('TOK', '1')\n": False,
    "env = os.environ.copy()\nos.environ.pop()\n": False,
    "env = os.environ.copy()\nos.environ |= x\n": False,
    "env = os.environ.copy()\nx: str = os.environ['TOK']\nx += os.environ['TOK']\nfor y in os.environ['TOK']: pass\n": True,
    "env = os.environ.copy()\nos.environ['TOK'] += 'x'\n": False,
    "env = os.environ.copy()\npatch(os.environ)\n": False,
    "env = os.environ.copy()\nprint(os.environ, os.environ['A'], os.environ.keys)\nx = os.environ\n": True,
    "env = os.environ.copy()\nos.environ.setdefault('A', '1')\nos.putenv('A', 'b')\n": False,
}


@pytest.mark.parametrize(("before", "reaches"), FILLED.items(), ids=range(len(FILLED)))
def test_environments(before: str, reaches: bool | None) -> None:  # noqa: FBT001  (a column)
    text = PREAMBLE + before + RUN.replace("{env}", "env")
    (passed,) = (passed for call in calls(text) for passed in call.passes)
    if reaches is None:
        assert passed.obstacle
        return
    assert not passed.obstacle
    # where the variable may be another one the value goes along, and the program stops as before where there is none
    assert after(text, removes=False).count("environ['TOK']") == PREAMBLE.count("environ['TOK']") + before.count("environ['TOK']") + (
        1 if reaches else 2
    )


# --- odd files ------------------------------------------------------------------------------------------------------------

ODD = {
    "nothing is run": "import docker\nx = 'docker build'\n",
    "names without values": "import subprocess\na: list\na: str\nfor b in a: subprocess.run(b)\nwith x as c: run(['build', c])\n",
    "names of names": "import subprocess\na = ['docker', 'build', '.']\nb = a\nc = b\nd = c\ne = d\nf = e\ng = f\nsubprocess.run([g])\n",
    "lists that are looked at": "import subprocess\na = ['docker', 'build']\nfor b in a: print(f'{a}')\nsubprocess.run(a)\nx = b + c\n",
    "lists of nobody": "import asyncio\nasyncio.create_subprocess_exec(*a)\nsubprocess.run(a + b)\n'docker build'\n",
    "objects": "from plumbum import local\nd = local['docker']\nd('build', '.')\nx('build')\nx()('build')\nsh.docker('build', '.')\n",
    "loops over nothing": "import subprocess\nsubprocess.run(['docker', 'build', *[x for a, b in c.items() for x in d]])\n",
    "a sum of nothing known": "import subprocess\nsubprocess.run(a + b)\n'docker build'\n",
    "a loop with a list": "import subprocess\na = ['docker', 'build']\nfor b in a:\n    pass\nsubprocess.run(a)\n",
    "several values": "import subprocess\na = b = ['docker', 'build']\nsubprocess.run(a)\n(c, d) = x\nsubprocess.run(c)\n",
    "empty lists": "import subprocess\nsubprocess.run([])\nsubprocess.run()\nsubprocess.run(*a)\nsubprocess.run(**a)\n'docker build'\n",
    "odd loops": "import subprocess\nsubprocess.run(['docker', 'build', *[x for x in y], *[x for () in {}.items() for x in y]])\n",
    "odd dicts": "import docker\nx.build(build_args={**a, 1: 2}, buildargs=b)\nx.y.build()\nbuild()\n",
    "stars": "from os import *\nimport subprocess\nsubprocess.run(['docker', 'build', '--build-arg', f'TOK={environ[\"TOK\"]}', '.'])\n",
    "odd shells": "import os\nos.system()\nos.system(*a)\nos.system('docker' + x + 'build')\nos.system(x)\n'docker build'.split('x')\n",
    "a match": "import subprocess\nmatch subprocess.run(['docker', 'build', '.']):\n    case {'a': b}: print(b)\n",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_files_are_read(text: str) -> None:
    for call in calls(text):
        assert call.kind


DEEP = {
    "a long sum": "x = 'docker build' + " + " + ".join(["a"] * 5000) + "\n",
    "names that go in circles": "import subprocess\na = b\nb = a\nsubprocess.run(a + ['docker', 'build'])\n",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_what_is_too_deep_is_not_read(text: str) -> None:
    with pytest.raises(NotUnderstoodError):
        calls(text)
