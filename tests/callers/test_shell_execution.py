# ruff: noqa: E501  (a form stays on its line)
"""Scripts that really run, before and after: what a build got as its build arg is what it gets as its secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.callers.call import Move, Tree
from codemod.callers.shell.calls import calls, edits
from codemod.shell import read
from codemod.text import Source, apply

from .recorded import SHELLS, Recorded, install, run
from .small_scripts import AS_MANY, FUNCTIONS, builds, calls_itself, scripts

NASTY = "canary-1 a\"b'c $HOME `id` \\ * \n\t~ {x,y} #"
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "given": {"TOK": "canary-tok-1", "OTHER": "canary-other-2", "V": "canary-v-3"},
    "empty": {"TOK": "", "OTHER": "", "V": ""},
    "unset": {},
}
QUOTED = {"nasty": {"TOK": NASTY, "OTHER": f"o{NASTY}", "V": f"v{NASTY}"}}


class Form(NamedTuple):
    """A script, the names that stay build args in it, whether its values may have blanks, and the shells that read it."""

    script: str
    stay: tuple[str, ...] = ()
    quoted: bool = False
    shells: tuple[str, ...] = ("bash", "dash")


def bash(script: str, *stay: str) -> Form:
    """A script that only bash reads."""
    return Form(f"#!/bin/bash\n{script}", stay, quoted=True, shells=("bash",))


def quoted(script: str, *stay: str) -> Form:
    """A script whose values survive blanks."""
    return Form(script, stay, quoted=True)


FORMS: dict[str, Form] = {
    "by its name": quoted("docker build --build-arg TOK ."),
    "by its name, joined": quoted("docker build --build-arg=TOK ."),
    "the variable, bare": Form("docker build --build-arg TOK=$TOK ."),
    "the variable, quoted with the name": quoted('docker build --build-arg "TOK=$TOK" .'),
    "the variable, quoted": quoted('docker build --build-arg TOK="${TOK}" .'),
    "the variable, joined": Form("docker build --build-arg=TOK=$TOK ."),
    "the variable, joined and quoted": quoted('docker build "--build-arg=TOK=$TOK" .'),
    "the variable, quoted in pieces": quoted("docker build '--build-arg' \"TO\"K'='\"$TOK\" ."),
    "another variable": quoted('docker build --build-arg TOK="$OTHER" .'),
    "not exported": quoted('X=$OTHER\ndocker build --build-arg TOK="$X" .'),
    "not exported, bare": Form("X=$OTHER\ndocker build --build-arg TOK=$X ."),
    "set and exported": quoted('export X="$OTHER"\ndocker build --build-arg TOK="$X" .'),
    "exported, then set": quoted('export X\nX=$OTHER\ndocker build --build-arg TOK="$X" .'),
    "set, then exported": quoted('X=$OTHER\nexport X\ndocker build --build-arg TOK="$X" .'),
    "exported on one way only": quoted('X=$OTHER\nif [ -n "$V" ]; then export X; fi\ndocker build --build-arg TOK="$X" .'),
    "exported behind a failure": quoted('X=$OTHER\nfalse && export X\ndocker build --build-arg TOK="$X" .'),
    "exported in a list": quoted('X=$OTHER\ntrue && export X && docker build --build-arg TOK="$X" .'),
    "exported in a subshell": quoted('X=$OTHER\n(export X)\ndocker build --build-arg TOK="$X" .'),
    "exported in the background": quoted('X=$OTHER\nexport X &\nwait\ndocker build --build-arg TOK="$X" .'),
    "exported in a function nobody calls": quoted('X=$OTHER\nf() { export X; }\ndocker build --build-arg TOK="$X" .'),
    "exported after the build": quoted('X=$OTHER\ndocker build --build-arg TOK="$X" .\nexport X'),
    "exported, then not any more": quoted('export X="$OTHER"\nunset X\nX=$V\ndocker build --build-arg TOK="$X" .'),
    "set again": quoted('TOK="${TOK}x"\ndocker build --build-arg TOK="$TOK" .'),
    "set where it is missing": quoted(': "${TOK:=canary-default-1}"\ndocker build --build-arg TOK="$TOK" .'),
    "set again where it is missing": quoted('TOK=${TOK:-canary-default-1}\ndocker build --build-arg TOK="$TOK" .'),
    "read": quoted('read -r X <<EOF\n$OTHER\nEOF\ndocker build --build-arg TOK="$X" .'),
    "read, the name's own": quoted('read -r TOK < home/key\ndocker build --build-arg TOK="$TOK" .'),
    "in a loop": quoted('for TOK in a "$OTHER"; do docker build --build-arg TOK="$TOK" .; done'),
    "of getopts": quoted('while getopts x TOK -x; do docker build --build-arg TOK="$TOK" .; done'),
    "unset before": quoted('unset TOK\ndocker build --build-arg TOK="$TOK" .'),
    "local": quoted('f() { local TOK; TOK=$OTHER; docker build --build-arg TOK="$TOK" .; }\nf'),
    "local with a value": quoted('f() { local X="$OTHER"; docker build --build-arg TOK="$X" .; }\nf'),
    "arithmetic": quoted('TOK=1\n: $((TOK += 1))\ndocker build --build-arg TOK="$TOK" .'),
    "sourced": quoted('. ./.env\ndocker build --build-arg TOK="$SOURCED" .'),
    "sourced and exported by set -a": quoted('set -a\n. ./.env\nset +a\ndocker build --build-arg TOK="$SOURCED" .'),
    "sourced behind set +a": quoted('set -a\nset +a\n. ./.env\ndocker build --build-arg TOK="$SOURCED" .'),
    "set -a in one branch": quoted('if [ -n "$V" ]; then set -a; fi\n. ./.env\ndocker build --build-arg TOK="$SOURCED" .'),
    "evaluated": quoted('eval "X=canary-5"\ndocker build --build-arg TOK="$X" .'),
    "exported by a file's text": quoted('export $(echo X=canary-6)\ndocker build --build-arg TOK="$X" .'),
    "a shell's own variable": quoted('docker build --build-arg TOK="$OPTIND" --build-arg V="$IFS" .'),
    "a literal": quoted("docker build --build-arg TOK=canary-literal-1 ."),
    "a literal in single quotes": quoted("docker build --build-arg 'TOK=canary $x `y` \"z\" 1' ."),
    "a literal in double quotes": quoted('docker build --build-arg "TOK=canary \\$x \\"1\\"" .'),
    "a literal with escapes": quoted("docker build --build-arg TOK=canary\\ \\$1 ."),
    "empty": quoted("docker build --build-arg TOK= ."),
    "empty in quotes": quoted('docker build --build-arg "TOK=" --build-arg V="" .'),
    "of a command": quoted('docker build --build-arg TOK="$(vault read x)" .'),
    "of a command, the whole word quoted": quoted('docker build --build-arg "TOK=$(vault read "x y")" .'),
    "of a command in backticks": quoted('docker build --build-arg TOK="`vault read`" .'),
    "of a bare command": Form("docker build --build-arg TOK=$(echo canary-7) --build-arg V=`echo canary-8` ."),
    "of a file": quoted('docker build --build-arg TOK="$(cat ~/key)" .'),
    "with a default": quoted('docker build --build-arg TOK="${TOK:-canary-default-2}" .'),
    "with an empty default": quoted('docker build --build-arg TOK="${TOK:-}" .'),
    "with a message": quoted('docker build --build-arg TOK="${TOK:?is missing}" .'),
    "with an alternative": quoted('docker build --build-arg TOK="${TOK:+canary-given}" .'),
    "cut": quoted('docker build --build-arg TOK="${TOK%-*}" .'),
    "with something around": quoted('docker build --build-arg TOK="pre-$TOK-post" .'),
    "an argument of the script": quoted('docker build --build-arg TOK="$1" --build-arg V="$*" .'),
    "an argument of the script, bare": Form("docker build --build-arg TOK=$2 ."),
    "an argument of a function": quoted('f() { docker build --build-arg TOK="$1" --build-arg V="$2" .; }\nf "$OTHER" "a b"'),
    "several": quoted('docker build --build-arg TOK="$TOK" --build-arg OTHER --build-arg V="x$V" --build-arg W=lit .'),
    "swapped": quoted('TOK=x$TOK\nV=y$V\ndocker build --build-arg TOK="$V" --build-arg V="$TOK" .'),
    "one of another": quoted('docker build --build-arg TOK="a" --build-arg V="b$TOK" .'),
    "twice": quoted('docker build --build-arg TOK="$OTHER" --build-arg TOK="$V" .'),
    "one that docker reads": quoted('DOCKER_TOKEN="$OTHER"\ndocker build --build-arg DOCKER_TOKEN="$DOCKER_TOKEN" .'),
    "behind an assignment": quoted('X=1\nDOCKER_BUILDKIT=1 docker build --build-arg TOK="$X" .'),
    "behind an assignment of the variable": quoted('TOK=canary-9 docker build --build-arg TOK="$TOK" .'),
    "behind an assignment, by its name": quoted("TOK=canary-9 docker build --build-arg TOK ."),
    "behind an assignment that reads it": quoted('V="$TOK" docker build --build-arg TOK=canary-10 --build-arg V .'),
    "readonly": quoted('readonly TOK2="$OTHER"\ndocker build --build-arg TOK2="$TOK2" .'),
    "readonly and another value": quoted('readonly TOK2="$OTHER"\ndocker build --build-arg TOK2="x$TOK2" .'),
    "env": quoted("env FOO=1 docker build --build-arg TOK=canary-11 ."),
    "env with the variable": quoted('X=$OTHER\nenv FOO=1 docker build --build-arg TOK="$X" .'),
    "env -u": quoted('env -u TOK docker build --build-arg TOK="$TOK" .'),
    "env -i": quoted('env -i PATH="$PATH" RECORD="$RECORD" docker build --build-arg TOK="$TOK" .'),
    "env that sets it": quoted('env TOK=x docker build --build-arg TOK="$TOK" --build-arg V="$V" .'),
    "nohup": quoted('X=$OTHER\nnohup docker build --build-arg TOK="$X" .'),
    "timeout, nice, command": quoted('X=$OTHER\nnice -n 1 timeout -k 1 9 docker build --build-arg TOK="$X" .\ncommand docker build --build-arg TOK="$X" .'),
    "exec": quoted('X=$OTHER\nexec docker build --build-arg TOK="$X" .'),
    "time, in bash": bash('X=$OTHER\ntime docker build --build-arg TOK="$X" --build-arg V="$V" .\ntime -p docker build --build-arg TOK="$X" .'),
    "time, in any shell": Form('X=$OTHER\ntime docker build --build-arg TOK="$X" --build-arg V="$V" .', ("TOK",)),
    "a program that runs it": quoted('X=$OTHER\nretry docker build --build-arg TOK="$X" --build-arg V="$V" .', "TOK"),
    "a function that runs it": quoted('again() { TOK=no; "$@"; }\nX=$OTHER\nagain docker build --build-arg TOK="$X" --build-arg V="$V" .'),
    "a function with sudo in it": quoted('root() { sudo "$@"; }\nroot docker build --build-arg TOK="$TOK" --build-arg V .', "TOK"),
    "a function called docker": quoted('docker() { command docker "$@"; }\nX=$OTHER\ndocker build --build-arg TOK="$X" --build-arg V="$V" .'),
    "sudo": quoted('sudo docker build --build-arg TOK="$TOK" --build-arg V .', "TOK"),
    "sudo and a file": quoted('sudo docker build --build-arg TOK="$(cat ~/key)" --build-arg V="$(cat "$HOME/key")" .'),
    "sudo and a literal": quoted("sudo docker build --build-arg TOK=canary-12 .", "TOK"),
    "sudo -E": quoted('X=$OTHER\nsudo -E docker build --build-arg TOK="$X" --build-arg V="$V" .'),
    "sudo --preserve-env": quoted('sudo --preserve-env=V,TOK docker build --build-arg TOK="$TOK" --build-arg V="$V" --build-arg W="$OTHER" .', "W"),
    "sudo env": quoted('sudo env A=1 docker build --build-arg TOK="$TOK" .'),
    "in a list, a test, a pipe": quoted('true && docker build --build-arg TOK="$TOK" . || exit 1\nif ! docker build --build-arg TOK="a$V" . | cat; then :; fi'),
    "in a subshell, a substitution": quoted('(docker build --build-arg TOK="a$V" .)\nx=$(docker build --build-arg TOK="b$V" .)\necho "$(docker build --build-arg TOK="c$V" .)"'),
    "with redirects": quoted('>log 2>&1 docker build --build-arg TOK="a$V" . </dev/null'),
    "on several lines": quoted('docker build \\\n  --build-arg TOK="$TOK" \\\n  --build-arg V="a$V" \\\n  -t x \\\n  .'),
    "value on a line of its own": quoted('docker build --build-arg \\\n  TOK="$TOK" --build-arg V="a\nb" .'),
    "in the background": quoted('docker build --build-arg TOK="a$V" . &\nwait'),
    "under set -eu": Form('set -eu\n: "${TOK=}" "${V=}"\ndocker build --build-arg TOK="$TOK" --build-arg V="$V" .', quoted=True),
    "in backticks": quoted('x=`docker build --build-arg TOK="$TOK" --build-arg V=canary-13 .`', "V"),
    "a tilde": Form("docker build --build-arg TOK=~/x .", ("TOK",)),
    "a pattern": Form("docker build --build-arg TOK=* .", ("TOK",)),
    "a pattern in quotes": quoted('docker build --build-arg TOK="~*[x]{a,b}" .'),
    "braces": bash("docker build --build-arg TOK={a,b} .", "TOK"),
    "a quote of bash's": bash("docker build --build-arg TOK=$'a\\nb' .", "TOK"),
    "a name that only the shell knows": quoted('k=TOK\ndocker build --build-arg "$k=$V" .', "$k"),
    "other engines": quoted('for e in a; do podman build --build-arg TOK="x$V" .; nerdctl -n k build --build-arg TOK="x$V" .; depot build --build-arg TOK .; buildah bud --build-arg TOK .; done'),
    "other spellings": quoted('docker -c x buildx build --build-arg TOK .\ndocker image build --build-arg TOK="$TOK" .\ndocker builder build --build-arg TOK .'),
    "a program in a variable": quoted('DOCKER=${DOCKER:-docker}\n$DOCKER build --build-arg TOK="$TOK" --build-arg V="a$V" .'),
    "arguments in a variable": Form('ARGS="--build-arg TOK=$TOK"\nARGS="$ARGS --build-arg V=$V -q"\ndocker build $ARGS .'),
    "arguments in a variable, of one that is not exported": Form('X=$OTHER\nARGS="--build-arg TOK=$X --build-arg V"\ndocker build $ARGS .', ("TOK",)),
    "arguments in a variable, of one that changes": Form('ARGS="--build-arg TOK=$TOK"\nTOK=x\ndocker build $ARGS .', ("TOK",)),
    "arguments in a variable that another program gets": Form('ARGS="--build-arg TOK=$TOK"\necho $ARGS\nretry docker build $ARGS .\nretry true $ARGS', ("TOK",)),
    "arguments in an array": bash('args=(--build-arg TOK="$TOK" -q)\nargs+=(--build-arg "V=$V" # c\n  --build-arg=OTHER)\ndocker build "${args[@]}" .'),
    "arguments of the script": quoted('set -- --build-arg TOK="$TOK"\nset -- "$@" --build-arg V="$V"\ndocker build "$@" .'),
    "arguments of a function, handed on": quoted('b() { docker build "$@" .; }\nX=$OTHER\nb --build-arg TOK="$X" --build-arg V="$V"\nb --build-arg V\nb'),
    "arguments of two functions, handed on": quoted('b() { docker build "$@" .; }\nc() { b -q "$@"; }\nX=$OTHER\nc --build-arg TOK="$X" --build-arg V="$V"'),
    "arguments of a function that does more": quoted('b() { retry true "$@"; docker build "$@" .; }\nb --build-arg V="$V"', "V"),
    "arguments where there is a variable": Form('docker build ${TOK:+--build-arg TOK=$TOK} ${V:+"--build-arg=V=$V"} .'),
    "arguments of a function that has the name": quoted('b() { TOK=no; docker build "$@" .; }\nX=$OTHER\nb --build-arg TOK="$X" --build-arg V="$X"'),
    "sh -c": quoted("sh -c 'docker build --build-arg TOK=\"$TOK\" --build-arg V=\"a$V\" .'"),
    "sh -c, expanded here": quoted('X=$OTHER\nsh -c "docker build --build-arg TOK=\'$X\' ."', "TOK"),
    "sh -c, expanded here, of the environment": Form('sh -c "docker build --build-arg TOK=$TOK --build-arg V=\\"$V\\" ."'),
    "sh -c, expanded there": quoted('sh -c "docker build --build-arg TOK=\\"\\$TOK\\" --build-arg V ."', "TOK"),
    "eval": Form('eval "docker build --build-arg TOK=$TOK ."\neval \'docker build --build-arg TOK="$TOK" .\''),
    "eval, not exported": Form("X=$OTHER\neval 'docker build --build-arg TOK=\"$X\" .'"),
    "a heredoc for a shell": quoted("sh <<'EOF'\ndocker build --build-arg TOK=\"$TOK\" --build-arg V=\"a$V\" .\nEOF"),
    "a heredoc for a shell, expanded here": Form("X=$OTHER\nsh <<EOF\ndocker build --build-arg TOK=$X --build-arg V=$V .\nEOF", ("TOK",)),
    "ssh": quoted("ssh host 'docker build --build-arg TOK=\"$TOK\" --build-arg V .'"),
    "ssh, expanded here": Form('ssh host "docker build --build-arg TOK=$TOK --build-arg V ."', ("TOK",)),
    "ssh, in a heredoc": quoted("ssh host <<'EOF'\nTOK=canary-14\ndocker build --build-arg TOK=\"$TOK\" .\nEOF"),
    "letters that are none of ASCII": quoted('echo "\u00e9"; docker build -t "\u00fc" --build-arg TOK="\u00e9$TOK" .'),
    "comments and other texts": quoted('# docker build --build-arg TOK=x\necho "docker build --build-arg TOK=x"\ndocker build --build-arg TOK . # --build-arg V'),
}  # fmt: skip
CASES = [(name, shell) for name, form in FORMS.items() for shell in form.shells]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the programs that scripts call."""
    found = tmp_path_factory.mktemp("shell")
    install(found)
    return found


def rewritten(script: str, *, optional: bool = False, removes: bool = True) -> tuple[str, list[str]]:
    """The script with all secrets moved that can be, and the names of those that cannot."""
    source, tree = Source(PurePosixPath("script.sh"), script), Tree()
    passed = [each for call in calls(source, tree) for each in call.passes]
    moves = [Move(each, each.name, optional, removes=removes) for each in passed if not each.obstacle]
    return apply(script, edits(source, tree, moves)), [each.name for each in passed if each.obstacle]


def differences(before: str, after: str, shell: str, folder: Path, environment: Mapping[str, str]) -> list[str]:
    """What a build gets that it did not get before, or the other way round; one may stop where what it lacks was empty before."""
    old, said = run(shell, before, folder, environment)
    new, says = run(shell, after, folder, environment)
    for was, now in zip(old, new, strict=False):
        found = [*_changes(was, now)]
        if found or now.missing:  # what follows a build that failed is another matter
            return found
    if len(old) != len(new) or _timeless(said) != _timeless(says):
        return [f"{len(old)} builds became {len(new)}: {said!r} {says!r}"]
    return []


def _changes(was: Recorded, now: Recorded) -> Iterator[str]:
    if (was.program, was.words) != (now.program, now.words):
        yield f"{was} became {now}"
    for name in {*was.values, *now.values}:
        if was.values.get(name, "") != now.values.get(name, ""):
            yield f"{name} was {was.values.get(name)!r} and is {now.values.get(name)!r}"


def _timeless(said: str) -> str:
    return re.sub(r"\d+", "0", said)


@pytest.mark.parametrize(("name", "shell"), CASES)
def test_a_build_gets_what_it_got(name: str, shell: str, folder: Path) -> None:
    form = FORMS[name]
    after, stay = rewritten(form.script)
    assert tuple(stay) == form.stay
    for environment in (ENVIRONMENTS | (QUOTED if form.quoted else {})).values():
        assert differences(form.script, after, shell, folder, environment) == [], after


@pytest.mark.parametrize(("name", "shell"), CASES)
def test_a_build_may_get_both_and_go_on_without(name: str, shell: str, folder: Path) -> None:
    form = FORMS[name]
    after, _ = rewritten(form.script, optional=True, removes=False)
    for environment in (QUOTED["nasty"] if form.quoted else ENVIRONMENTS["given"], ENVIRONMENTS["unset"]):
        assert differences(form.script, after, shell, folder, environment) == [], after


@pytest.mark.parametrize("name", FORMS)
def test_a_second_run_has_nothing_to_do(name: str) -> None:
    form = FORMS[name]
    after, _ = rewritten(form.script)
    again, stay = rewritten(after)
    assert again == after
    assert tuple(stay) == form.stay


@AS_MANY
@given(script=st.builds("{}\n{}".format, scripts(builds), builds))
def test_a_generated_script_builds_with_what_it_did(script: str, folder: Path) -> None:
    """A secret that has to be there would stop a build where its variable is not, which is meant, and tested above."""
    script = f"{FUNCTIONS}{script}\n"
    if not read(script).understood or calls_itself(read(script)):
        return
    (folder / ".sets").write_text("X='canary-sourced-1'\n")
    for removes in (True, False):
        after, _ = rewritten(script, optional=True, removes=removes)
        for shell in SHELLS:
            for environment in ({"X": "canary-x", "Y": "canary-y"}, {"X": ""}):
                assert differences(script, after, shell, folder, environment) == [], after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('X=1\ndocker build --build-arg TOK="$X" .', "X=1\ndocker build --secret id=TOK,env=X ."),
        ('X=$OTHER\ndocker build --build-arg TOK="$X" .', "X=$OTHER\ndocker build --secret id=TOK ."),
        ('sudo docker build --build-arg TOK="$TOK" .', "sudo docker build --secret id=TOK,env=TOK ."),
        ('docker build --build-arg TOK="a b" .', "TOK=a docker build --secret id=TOK ."),
        ('docker build --build-arg TOK="$V" .', "docker build --secret id=TOK,env=TOK ."),
        ('docker build --build-arg TOK="$TOK" .', "docker build ."),
        ('docker build --build-arg TOK="$TOK" .\ndocker build .', "docker build --secret id=TOK ."),
        ('docker build --build-arg A=a --build-arg B="b$A" .', 'A=a B="b$A" docker build --secret id=A --secret id=B .'),
    ],
)
def test_what_would_be_wrong_is_seen(before: str, after: str, folder: Path) -> None:
    assert differences(before, after, "bash", folder, ENVIRONMENTS["given"])
