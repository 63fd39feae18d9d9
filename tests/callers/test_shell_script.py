"""Shell scripts: the builds that they run, and what they look like when these pass secrets."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codemod.callers.call import ID, Call, Engine, Move, NotUnderstoodError, Passed, Place, Tree
from codemod.callers.shell import calls as shell_script
from codemod.callers.shell.build_tools import LEGACY
from codemod.callers.shell.text import Quotes, ShellText
from codemod.text import Source, SourceMap, Span, apply


def source(text: str, path: str = "build.sh") -> Source:
    """A script."""
    return Source(PurePosixPath(path), text)


def calls(text: str, path: str = "build.sh", sourced: str = "") -> tuple[Call, ...]:
    """Its builds."""
    return shell_script.calls(source(text, path), Tree(frozenset({sourced})))


def passed(text: str) -> list[Passed]:
    """What they are given."""
    return [each for call in calls(text) for each in call.passes]


def moved(text: str, *, optional: bool = False, adds: bool = True, removes: bool = True, names: str = "", new: str = "") -> str:
    """The script with its build args moved: those of `names`, to the id `new`; all to their names' where none are said."""
    found = [each for each in passed(text) if not each.obstacle and (not names or each.name in names.split())]
    moves = [Move(each, new or each.name, optional, adds, removes) for each in found]
    return apply(text, shell_script.edits(source(text), Tree(), moves))


def stays(text: str) -> str:
    """Why the build args stay."""
    assert moved(text) == text
    return "; ".join(dict.fromkeys(each.obstacle for each in passed(text)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("docker build --build-arg TOK .", "docker build --secret id=TOK ."),
        ("docker build --build-arg TOK=$TOK .", "docker build --secret id=TOK ."),
        ('docker build --build-arg "TOK=$TOK" .', "docker build --secret id=TOK ."),
        ('docker build --build-arg TOK="${TOK}" .', "docker build --secret id=TOK ."),
        ("docker build --build-arg=TOK=$TOK .", "docker build --secret=id=TOK ."),
        ('docker build "--build-arg=TOK=$TOK" .', "docker build --secret=id=TOK ."),
        ("docker build --build-arg TOK=$OTHER .", "docker build --secret id=TOK,env=OTHER ."),
        ("docker build --build-arg TOK=${TOK:-} .", "docker build --secret id=TOK,env=TOK ."),
        ("X=1\ndocker build --build-arg TOK=$X .", 'X=1\nTOK="$X" docker build --secret id=TOK .'),
        ("docker build --build-arg TOK=literal .", "TOK=literal docker build --secret id=TOK ."),
        ("docker build --build-arg 'TOK=lit $x' .", "TOK='lit $x' docker build --secret id=TOK ."),
        ('docker build --build-arg TOK="$(cmd)" .', 'TOK="$(cmd)" docker build --secret id=TOK .'),
        ("docker build --build-arg TOK=$(cmd) .", 'TOK="$(cmd)" docker build --secret id=TOK .'),
        ("docker build --build-arg TOK=`cmd` .", "TOK=`cmd` docker build --secret id=TOK ."),
        ('docker build --build-arg "TOK=pre-$A-post" .', 'TOK="pre-$A-post" docker build --secret id=TOK .'),
        ("docker build --build-arg TOK=$1 .", 'TOK="$1" docker build --secret id=TOK .'),
        ("docker build --build-arg TOK=${TOK:?no} .", 'TOK="${TOK:?no}" docker build --secret id=TOK .'),
        ("docker build --build-arg TOK= .", 'TOK="" docker build --secret id=TOK .'),
        ("env FOO=1 docker build --build-arg TOK=lit .", "env FOO=1 TOK=lit docker build --secret id=TOK ."),
        (
            "X=1\nDOCKER_BUILDKIT=1 docker build --build-arg TOK=$X .",
            'X=1\nTOK="$X" DOCKER_BUILDKIT=1 docker build --secret id=TOK .',
        ),
        (
            'sudo docker build --build-arg TOK="$(cat ~/.ssh/id_rsa)" .',
            'sudo docker build --secret id=TOK,src="$HOME"/.ssh/id_rsa .',
        ),
        ('sudo docker build --build-arg TOK="$(< "$K")" .', 'sudo docker build --secret id=TOK,src="$K" .'),
        (
            "X=1\ndocker build --build-arg AWS_KEY=$X .",
            'X=1\nDOCKERFIX_AWS_KEY="$X" docker build --secret id=AWS_KEY,env=DOCKERFIX_AWS_KEY .',
        ),
    ],
)
def test_a_build_arg_becomes_a_secret(before: str, after: str) -> None:
    assert moved(before) == after


def test_the_id_need_not_be_the_name() -> None:
    assert moved("docker build --build-arg TOK=$TOK .", new="a.b") == "docker build --secret id=a.b,env=TOK ."
    assert moved("docker build --build-arg TOK=x .", new="other") == "TOK=x docker build --secret id=other,env=TOK ."


def test_an_optional_secret_has_its_variable_named() -> None:
    assert moved("docker build --build-arg TOK .", optional=True) == "docker build --secret id=TOK,env=TOK ."
    assert moved("docker build --build-arg TOK=x .", optional=True) == "TOK=x docker build --secret id=TOK,env=TOK ."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("docker build --build-arg TOK .", "docker build --build-arg TOK --secret id=TOK ."),
        ("docker build --build-arg=TOK .", "docker build --build-arg=TOK --secret=id=TOK ."),
        ('docker build --build-arg "TOK=$TOK" .', 'docker build --build-arg "TOK=$TOK" --secret id=TOK .'),
        ('docker build --build-arg TOK="$(one-time)" .', 'TOK="$(one-time)" docker build --build-arg TOK --secret id=TOK .'),
        (
            "docker build \\\n\t--build-arg TOK=$TOK \\\n\t-t x \\\n\t.",
            "docker build \\\n\t--build-arg TOK=$TOK \\\n\t--secret id=TOK \\\n\t-t x \\\n\t.",
        ),
        (
            "X=1\ndocker build --build-arg AWS_X=$X .",
            'X=1\nDOCKERFIX_AWS_X="$X" docker build --build-arg AWS_X=$X --secret id=AWS_X,env=DOCKERFIX_AWS_X .',
        ),
        ("a=(\n  --build-arg TOK\n)\ndocker build ${a[@]} .", "a=(\n  --build-arg TOK\n  --secret id=TOK\n)\ndocker build ${a[@]} ."),
    ],
)  # fmt: skip
def test_it_may_be_passed_as_both(before: str, after: str) -> None:
    assert moved(before, removes=False) == after
    (call,) = calls(after)
    assert call.feeds == (call.passes[0].name,)
    again = [Move(each, each.name, optional=False) for each in call.passes]
    assert " ".join(apply(after, shell_script.edits(source(after), Tree(), again)).split()).count("secret") == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("docker build --secret id=TOK --build-arg TOK .", "docker build --secret id=TOK ."),
        ("docker build --build-arg TOK --secret id=TOK .", "docker build --secret id=TOK ."),
        ("docker build \\\n  --build-arg TOK \\\n  --secret id=TOK \\\n  .", "docker build \\\n  --secret id=TOK \\\n  ."),
        ("docker build \\\n  -t x . \\\n  --build-arg TOK\necho", "docker build \\\n  -t x .\necho"),
        ("docker build \\\n  -t x . \\\n  --build-arg TOK", "docker build \\\n  -t x ."),
        ("docker build \\\r\n  --build-arg TOK \\\r\n  .\r\n", "docker build \\\r\n  .\r\n"),
        ("docker build \\\n  --build-arg TOK -t x \\\n  .", "docker build \\\n  -t x \\\n  ."),
        ('A="--build-arg TOK"\ndocker build $A .', 'A=""\ndocker build $A .'),
        ('A="--build-arg TOK -q"\ndocker build $A .', 'A="-q"\ndocker build $A .'),
        ("a=(--build-arg TOK -q)\ndocker build ${a[@]} .", "a=(-q)\ndocker build ${a[@]} ."),
        ("a=(\n  -q\n  --build-arg TOK\n)\ndocker build ${a[@]} .", "a=(\n  -q\n)\ndocker build ${a[@]} ."),
        ('docker build --build-arg TOK="a\nb" .', "docker build ."),
    ],
)
def test_a_build_arg_only_goes(before: str, after: str) -> None:
    assert moved(before, adds=False) == after


def test_nothing_is_asked_for() -> None:
    assert moved("docker build --build-arg TOK .", adds=False, removes=False) == "docker build --build-arg TOK ."


def test_only_what_is_to_move_does() -> None:
    before = "docker build --build-arg A=1 --build-arg TOK=2 --build-arg B=$B ."
    assert moved(before, names="TOK") == "TOK=2 docker build --build-arg A=1 --secret id=TOK --build-arg B=$B ."


def test_several_move_together() -> None:
    before = 'docker build --build-arg A=1 --build-arg B="$(b)" --build-arg C=$C .'
    assert moved(before) == 'B="$(b)" A=1 docker build --secret id=A --secret id=B --secret id=C .'


def test_of_two_values_the_last_one_counts() -> None:
    assert moved("docker build --build-arg A=1 --build-arg A=2 .") == "A=2 docker build --secret id=A ."
    assert "several times" in stays("docker build --build-arg A=1 --build-arg A .")


def test_an_assignment_that_another_one_reads_has_a_name_of_its_own() -> None:
    before = "X=1 Y=2\ndocker build --build-arg X=a$Y --build-arg Y=b$X ."
    after = "DOCKERFIX_X=a$Y DOCKERFIX_Y=b$X docker build --secret id=X,env=DOCKERFIX_X --secret id=Y,env=DOCKERFIX_Y ."
    assert moved(before) == f"X=1 Y=2\n{after}"
    assert moved("docker build --build-arg Y=1 --build-arg X=$Y .") == (
        "DOCKERFIX_Y=1 docker build --secret id=Y,env=DOCKERFIX_Y --secret id=X,env=Y ."
    )


def test_every_other_byte_stays() -> None:
    before = "#!/bin/sh\r\n# é\r\ndocker  build \\\r\n\t--build-arg TOK=$TOK\t\\\r\n\t  -t 'x'  .   # build\r\n"
    assert moved(before) == before.replace("--build-arg TOK=$TOK", "--secret id=TOK")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sudo docker build --build-arg TOK=$TOK .", "sudo starts with an environment of its own: the secret would be empty"),
        ('sudo docker build --build-arg TOK="$(cat a,b)" .', "sudo starts with"),
        ("doas docker build --build-arg TOK=x .", "doas starts with"),
        ("ssh host docker build --build-arg TOK=$TOK .", "what is in the environment behind ssh is not known"),
        ("$X docker build --build-arg TOK=$TOK .", "what is in the environment behind $X is not known"),
        ("docker run x docker build --build-arg TOK=$TOK .", "behind docker"),
        ("env -i docker build --build-arg TOK=$TOK .\nread A", ""),
        ("time docker build --build-arg TOK=x .", "time stands before the command, and no assignment can"),
        ("retry docker build --build-arg TOK=x .", "retry stands before the command"),
        ("xargs docker build --build-arg TOK=x .", "xargs stands before the command"),
        ("docker build --build-arg TOK=~/x .", "an argument means something else there than an assignment: quote it"),
        ("docker build --build-arg TOK=a*b .", "quote it"),
        ("docker build --build-arg TOK=$'a' .", "not every shell knows"),
        ('docker build --build-arg TOK=$"a" .', "not every shell knows"),
        ("x=`docker build --build-arg TOK=x .`", "backticks"),
        ("docker build --build-arg $k=$v .", "which build arg it is, only the shell knows"),
        ("podman build --build-arg-file f .", "only the shell knows"),
        ("docker build $(sed 's/^/--build-arg /' .env) .", "which build arg it is, only the shell knows"),
        ("A=$(sed 's/^/--build-arg /' .env)\ndocker build $A .", "which build arg it is, only the shell knows"),
        ("docker build `sed 's/^/--build-arg /' .env` .", "which build arg it is, only the shell knows"),
        ("./build.sh --build-arg TOK=$TOK", "what is done with its --build-arg is not known"),
        ("A='--build-arg TOK=$TOK'\ndocker build $A .", "it reaches the build in $A"),
        ('A="--build-arg TOK=x"\ndocker build $A .', "it reaches the build in $A"),
        ('A="--build-arg $x"\ndocker build $A .', "only the shell knows"),
        ('A="--build-arg TOK=$TOK"\nmake $A; docker build $A .', "$A may reach other commands than builds"),
        ('A="--build-arg TOK=$TOK"\nexport A; docker build $A .', "$A may reach other commands than builds"),
        ('A="--build-arg TOK=$TOK"\nsudo docker build $A .', "$A may reach other commands than builds"),
        ('A="--build-arg TOK=$TOK"\ndocker compose build $A', "its secrets are in the compose file"),
        ('set -- --build-arg TOK=x "$@"\ndocker build "$@" .', "it reaches the build in the arguments"),
        ('A=("--build-arg" "TOK=$TOK")\nmake', "it is kept in $A, and which build gets that is not known"),
        ("print_and_run docker build --build-arg TOK=x .", "print_and_run stands before"),
        ('A="--build-arg TOK=$TOK"\nmake', "it is kept in $A, and which build gets that is not known"),
        ("docker build $(f) .\nf() { echo --build-arg TOK=$TOK; }", "it is in a text, and which build gets that is not known"),
        ("cat > x <<EOF\ndocker build --build-arg TOK=$TOK .\nEOF", "it is in a text that is written or sent elsewhere"),
        ('ssh host "docker build --build-arg TOK=$TOK ."', "ssh runs it with another environment"),
        ("bash -c \"docker build --build-arg TOK='a'\"", "assigned before the command, which not every shell can"),
        ("bash -c 'docker build '\"--build-arg TOK=$TOK .\"", "it is in a text"),
        ('f() { sudo "$@"; }\nf docker build --build-arg TOK=$TOK .', "behind f is not known"),
        ('f() { docker build "$@" .; log "$@"; make "$@"; }\nf --build-arg TOK=$TOK', "is not known"),
        ("docker compose build --build-arg TOK=$TOK", "compose"),
        ("A='--build-arg '\"TOK=$TOK\"\ndocker build $A .", "it is kept in $A"),
        ("docker buildx bake --set '*.args.TOK=x'", "--set"),
    ],
)  # fmt: skip
def test_what_cannot_be_moved_stays_and_says_why(text: str, why: str) -> None:
    if not why:
        assert moved(text) != text
        return
    assert why in stays(text)


def test_a_suggestion_names_the_variable_and_never_a_value() -> None:
    (found,) = passed("sudo docker build --build-arg TOK=$SECRET .")
    assert found.suggestion == f"sudo --preserve-env=SECRET … --secret id={ID},env=SECRET, with SECRET exported"
    for text in (
        "time docker build --build-arg TOK=canary-1 .",
        'A="--build-arg TOK=canary-1"\ndocker build $A .',
        "x --build-arg TOK=canary-1",
    ):
        (found,) = passed(text)
        assert ID in found.suggestion
        assert "canary" not in found.suggestion + found.obstacle


@pytest.mark.parametrize("words", ["-f - .", "-"])
def test_a_dockerfile_in_a_heredoc_is_none_of_the_tree(words: str) -> None:
    found = calls(f"docker build --build-arg TOK=$TOK {words} <<EOF\nFROM a\nARG TOK\nEOF")
    assert [(call.places, call.elsewhere) for call in found] == [((), True)]


def test_a_heredoc_that_is_no_dockerfile() -> None:
    assert calls("docker build --build-arg TOK=$TOK . <<EOF\na\nEOF")[0].places == (Place("Dockerfile", "."),)


@pytest.mark.parametrize(
    ("text", "conditional"),
    [
        ('A="--build-arg TOK=$TOK"\ndocker build $A .', False),
        ('[ -n "$TOK" ] && A="--build-arg TOK=$TOK"\ndocker build $A .', True),
        ('[[ -n $TOK ]] && A+=(--build-arg TOK="$TOK")\ndocker build "${A[@]}" .', True),
        ('if [ -n "$TOK" ]; then\n  A="--build-arg TOK=$TOK"\nfi\ndocker build $A .', True),
        ('case $1 in\n  a) A="--build-arg TOK=$TOK" ;;\nesac\ndocker build $A .', True),
        ('if [ -n "$TOK" ]; then\n  A="--build-arg TOK=$TOK"\n  docker build $A .\nfi', False),
        ('add() { A="--build-arg TOK=$TOK"; }\nadd\ndocker build $A .', False),
    ],
)
def test_what_a_condition_decides_is_conditional(text: str, conditional: bool) -> None:  # noqa: FBT001  (a column)
    assert [each.conditional for each in passed(text)] == [conditional]


def test_a_literal_is_said_to_stand_in_the_file() -> None:
    (found,) = passed("docker build --build-arg TOK=canary-1 .")
    assert (found.value, found.notes) == ("canary-1", ("its value stands in this file: take it out, and change the secret",))
    assert not any(each.notes for each in passed('docker build --build-arg A=$1 --build-arg B= --build-arg C --build-arg D="$(x)" .'))


def test_what_to_know_of_sudo_is_said() -> None:
    notes = [
        each.notes for each in passed('sudo docker build --build-arg A --build-arg B="$(cat b)" .\nsudo -E docker build --build-arg C=$C .')
    ]
    assert notes == [
        (),
        ("the secret ends in the newline that the file ends in, which $(cat) took off",),
        ("sudo hands the variable on where sudoers allows that",),
    ]


def test_what_shows_a_secret_may_be_what_its_variable_is_set_to() -> None:
    direct, behind, none = passed(
        'X=$(vault read -field=x y)\ndocker build --build-arg A="$(vault read y)" --build-arg B=$X --build-arg C=$C .'
    )
    assert (direct.credential, behind.credential, none.credential) == ("what vault read prints", "what vault read prints", "")


@pytest.mark.parametrize(
    "text",
    [
        "", "make\n", "# docker build --build-arg A .\n", "echo docker build --build-arg A .\n", "echo 'docker build --build-arg A .'\n",
        "printf '%s' --build-arg\necho build", "log 'build' --build-arg A", "cat <<EOF\ndocker build --build-arg A\nEOF\n",
        "> docker-build.log\n", "log_info docker build --build-arg A", "usage() { cat <<EOF\n --build-arg A\nEOF\n}; usage",
        "docker ps build", "x build --build-arg", "A='--image x'\nfly deploy -i x $A",
    ],
)  # fmt: skip
def test_what_is_no_build(text: str) -> None:
    assert calls(text) == ()


def test_a_call_says_where_it_is_and_what_one_would_type() -> None:
    text = "set -e\n  docker build \\\n    -t x \\\n    --target t \\\n    --build-arg TOK . > log\n"
    (call,) = calls(text)
    assert (call.kind, call.line, call.target, call.engine) == ("shell script", 2, "t", Engine.BUILDKIT)
    assert call.span.of(text).startswith("docker build")
    assert call.command == "docker build -t x --target t --build-arg TOK . > log"
    assert (call.passes[0].line, call.passes[0].span.of(text)) == (5, "--build-arg TOK")


def test_text_that_no_shell_reads_is_not_understood() -> None:
    with pytest.raises(NotUnderstoodError) as found:
        calls("if docker build; fi fi (\n")
    assert (found.value.line, found.value.message) == (1, "its shell text cannot be read")
    assert calls("if ( fi") == ()


SCRIPT = "a/ci/build.sh"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("docker build .", ["Dockerfile in .", "a/ci/Dockerfile in a/ci"]),
        ("docker build x", ["x/Dockerfile in x", "a/ci/x/Dockerfile in a/ci/x"]),
        ("docker build -f x/D .", ["x/D in .", "a/ci/x/D in a/ci"]),
        ("docker build ..", ["a/Dockerfile in a"]),
        ('cd "$(dirname "$0")"\ndocker build -f D ..', ["a/ci/D in a"]),
        ('cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1\ndocker build .', ["a/Dockerfile in a"]),
        ('cd -P -- "$(dirname -- "$(readlink -f "$0")")" && docker build .', ["a/ci/Dockerfile in a/ci"]),
        ('cd "${0%/*}"; docker build .', ["a/ci/Dockerfile in a/ci"]),
        ('DIR="$(cd "$(dirname "$0")" && pwd)"\ndocker build -f "$DIR/D" "$DIR/../.."', ["a/ci/D in ."]),
        (
            'DIR="$( cd -- "$( dirname -- "${BASH_SOURCE[0]}" )/.." > /dev/null 2>&1 && pwd -P )"\ncd "$DIR"\ndocker build .',
            ["a/Dockerfile in a"],
        ),
        ("D=$(dirname ${BASH_SOURCE[0]})\nA=$(dirname ${D})\ndocker build -f $(realpath $D)/D $A", ["a/ci/D in a"]),
        ('D="${OUT:-$(pwd)/x}"\ndocker build -f "$D/D" .', ["x/D in .", "a/ci/x/D in a/ci"]),
        ("cd $(git rev-parse --show-toplevel)\ndocker build .", ["Dockerfile in ."]),
        ('docker build "$GITHUB_WORKSPACE/x"', ["x/Dockerfile in x"]),
        ("cd x && docker build .", ["x/Dockerfile in x", "a/ci/x/Dockerfile in a/ci/x"]),
        ("cd x\ncd ..\ndocker build -f D .", ["D in .", "a/ci/D in a/ci"]),
        ("cd x; cd -; docker build -f D .", ["D in .", "a/ci/D in a/ci"]),
        ("cd -; docker build -f D .", ["D in .", "a/ci/D in a/ci"]),
        ("pushd x; docker build -f D .; popd", ["x/D in x", "a/ci/x/D in a/ci/x"]),
        ("pushd x; popd; docker build -f D .", ["D in .", "a/ci/D in a/ci"]),
        ("popd; docker build -f D .", ["D in .", "a/ci/D in a/ci"]),
        ("(cd x && docker build -f D .)", ["x/D in x", "a/ci/x/D in a/ci/x"]),
        ("(cd x)\ndocker build -f D .", ["D in .", "a/ci/D in a/ci"]),
        ("f() { cd x; }\ndocker build -f D .", ["D in .", "a/ci/D in a/ci"]),
        ("[ -d x ] && cd x\ndocker build -f D .", ["D in .", "a/ci/D in a/ci", "x/D in x", "a/ci/x/D in a/ci/x"]),
        ("f() { docker build -f D .; }\ncd x\nf", ["x/D in x", "a/ci/x/D in a/ci/x"]),
        ("f() { cd y; docker build -f D .; }\ncd x\nf", ["x/y/D in x/y", "a/ci/x/y/D in a/ci/x/y"]),
        ("f() { docker build -f D .; }\ncd x", ["D in .", "a/ci/D in a/ci"]),
        ("cd $X; docker build -f D .", []),
        ("cd; docker build .", []),
        ("cd ~/x; docker build .", []),
        ("cd /x; docker build .", []),
        ("docker build $X", []),
        ("docker build -f $X .", []),
        ("docker build -f D $X", ["D in None", "a/ci/D in None"]),
        ("docker build https://example.org/x.git", []),
        ("docker build -", []),
        ("docker build -f - .", []),
        ("docker build - < x/D", ["x/D in None", "a/ci/x/D in None"]),
        ("docker build -f - . < x/D", ["x/D in .", "a/ci/x/D in a/ci"]),
        ("docker build -f - . < /x/D", []),
        ("X=x\ndocker build -f $X/D .", ["x/D in .", "a/ci/x/D in a/ci"]),
        ("X=x Y=$X/y\ndocker build ${Y}", ["x/y/Dockerfile in x/y", "a/ci/x/y/Dockerfile in a/ci/x/y"]),
        ("X=a\nX=x\n[ -d y ] && X=y\ndocker build -f $X/D .", ["y/D in .", "x/D in .", "a/ci/y/D in a/ci", "a/ci/x/D in a/ci"]),
        ("X=a\n" * 20 + "[ -d y ] && X=y\n" * 20 + "docker build -f $X/D x", ["y/D in x", "a/ci/y/D in a/ci/x"]),
        ("X=$PWD; cd $X/..; " * 40 + "docker build -f D .", []),
        ("X=$X/x$X; " * 40 + "docker build -f $X/D .", []),
        ("[ -d x ] && cd x\n" * 60 + "docker build -f /D .", []),
        ('X=x\ndocker build -f "$PWD/$X/D" "$PWD"', ["x/D in .", "a/ci/x/D in a/ci"]),
        ("docker build ${X:-x}", ["x/Dockerfile in x", "a/ci/x/Dockerfile in a/ci/x"]),
        ("for x in y z; do docker build -f $x/D $x; done", ["y/D in y", "z/D in z", "a/ci/y/D in a/ci/y", "a/ci/z/D in a/ci/z"]),
        ("cd x\nHERE=$PWD\ncd y\ndocker build -f D $HERE", ["x/y/D in x", "a/ci/x/y/D in a/ci/x"]),
        ("f() { docker build -f $1/D $1; }\nf x", ["x/D in x", "a/ci/x/D in a/ci/x"]),
        ("f() { docker build -f $1/D $1; }", []),
        ("docker build -f $1/D .", []),
        ('f() { docker build "$@" -f x/D .; }\nf -t x', ["x/D in .", "a/ci/x/D in a/ci"]),
        ('f() { docker build "$@"; }\nf -f x/D .', ["x/D in .", "a/ci/x/D in a/ci"]),
        ("fly deploy", ["Dockerfile in .", "a/ci/Dockerfile in a/ci"]),
        ("A='--image x'\nfly deploy $A", []),
        ("A='-f x/D x'\ndocker build $A", ["x/D in x", "a/ci/x/D in a/ci/x"]),
        ("A=(-t x); A+=(-f x/D)\ndocker build ${A[@]} x", ["x/D in x", "a/ci/x/D in a/ci/x"]),
        ("podman build x", ["x/Containerfile in x", "x/Dockerfile in x", "a/ci/x/Containerfile in a/ci/x", "a/ci/x/Dockerfile in a/ci/x"]),
        ("sh -c 'docker build -f D .'", []),
        ("cd x\nsh -c 'docker build -f D --secret id=x .'", ["x/D in x", "a/ci/x/D in a/ci/x"]),
        ("docker compose build", []),
    ],
)  # fmt: skip
def test_where_the_dockerfile_may_be(text: str, found: list[str]) -> None:
    places = [place for call in calls(text, SCRIPT) for place in call.places]
    assert [f"{place.dockerfile} in {place.context}" for place in places] == found


@pytest.mark.parametrize(
    ("text", "engine"),
    [
        ("docker build .", Engine.BUILDKIT),
        ("podman build .", Engine.BUILDAH),
        ("DOCKER=docker\n$DOCKER build .", Engine.BUILDKIT),
        ("DOCKER=podman\n${DOCKER} build .", Engine.BUILDAH),
        ("${DOCKER:-docker} build .", Engine.BUILDKIT),
        ('"${DOCKER:-podman}" build .', Engine.BUILDAH),
        ("DOCKER=docker\n[ -x podman ] && DOCKER=podman\n$DOCKER build .", Engine.BUILDAH),
        ("$CONTAINER_TOOL build .", Engine.BUILDAH),
        ("B='docker build'\n$B .", Engine.BUILDKIT),
        ("alias docker=podman\ndocker build .", Engine.BUILDAH),
    ],
)
def test_who_builds(text: str, engine: Engine) -> None:
    assert [call.engine for call in calls(text) if call.places] == [engine]


def test_a_program_in_a_variable_may_be_anything() -> None:
    assert calls("$X build .") == ()
    assert [each.obstacle for each in passed("X=$Y\n$X build --build-arg A .")] == ["what is done with its --build-arg is not known"]
    assert "sudo" in stays("$SUDO docker build --build-arg A=$A .")
    assert "sudo" in stays("DOCKER='sudo docker'\n$DOCKER build --build-arg A=$A .")


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("DOCKER_BUILDKIT=0 docker build .", True),
        ("export DOCKER_BUILDKIT=0\ndocker build .", True),
        ("DOCKER_BUILDKIT=0; export DOCKER_BUILDKIT\ndocker image build .", True),
        ("env DOCKER_BUILDKIT=0 docker build .", True),
        ("DOCKER_BUILDKIT=0 docker pull x\ndocker build .", False),
        ("export DOCKER_BUILDKIT=0\nDOCKER_BUILDKIT=1 docker build .", False),
        ("export DOCKER_BUILDKIT=0\nexport DOCKER_BUILDKIT=1\ndocker build .", False),
        ("DOCKER_BUILDKIT=0 docker buildx build .", False),
        ("DOCKER_BUILDKIT=0 podman build .", False),
        ("docker build .\nexport DOCKER_BUILDKIT=0", False),
    ],
)
def test_a_builder_that_knows_no_secrets(text: str, blocks: bool) -> None:  # noqa: FBT001  (a column)
    assert [call.blocks for call in calls(text)] == [LEGACY if blocks else ""]


def test_secrets_that_it_passes_already() -> None:
    text = "A='--secret id=b'\ndocker build --secret id=a,env=A $A .\nf() { docker build --secret id=c \"$@\"; }\nf --secret id=d ."
    assert [call.feeds for call in calls(text)] == [("a", "b"), ("d", "c")]


def test_a_stack_and_an_old_compose_keep_their_files() -> None:
    text = "cd x\ndocker stack deploy -c a.yml --compose-file b.yml --compose-file=c.yml -c $D s\npip install docker-compose==1.29.2\n"
    stack, old = calls(text)
    assert stack.keeps == ("x/a.yml", "x/b.yml", "x/c.yml")
    assert old.keeps == ("x/docker-compose.yml", "x/docker-compose.yaml", "x/compose.yml", "x/compose.yaml")
    assert calls("docker stack ps x\necho docker-compose==1.2\n# docker-compose==1.2") == ()


def test_a_script_of_functions_alone_is_there_to_be_sourced() -> None:
    build = "docker build --build-arg TOK=$TOK ."
    assert moved(f"set -e\nf() {{ {build}; }}\n") == 'set -e\nf() { TOK="$TOK" docker build --secret id=TOK .; }\n'
    assert moved(f"f() {{ {build}; }}\nf\n") == "f() { docker build --secret id=TOK .; }\nf\n"


def test_what_a_variable_holds_may_not_be_passed() -> None:
    always = "a=(--build-arg A)\ndocker build ${a[@]} ."
    only_if = 'a=()\nif x; then a+=(--build-arg A); fi\n[ -n "$B" ] && a+=(--build-arg B)\ndocker build ${a[@]} ${C:+--build-arg C=$C} .'
    assert [each.conditional for each in passed(always)] == [False]
    assert [each.conditional for each in passed(only_if)] == [True, True, True]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("docker build ${TOK:+--build-arg TOK=$TOK} .", "docker build ${TOK:+--secret id=TOK} ."),
        ('docker build ${TOK+"--build-arg=TOK=$TOK"} .', "docker build ${TOK+--secret=id=TOK} ."),
        ('docker build "${TOK:+--build-arg=TOK}" .', 'docker build "${TOK:+--secret=id=TOK}" .'),
    ],
)
def test_a_build_arg_that_is_there_where_a_variable_is(before: str, after: str) -> None:
    assert moved(before) == after
    assert "${TOK:+…}" in stays("TOK=$(x)\ndocker build ${TOK:+--build-arg TOK=$TOK} .")


def test_a_text_that_may_be_sourced_assigns() -> None:
    text = "docker build --build-arg TOK=$TOK ."
    (call,) = calls(text, sourced="build.sh")
    moves = [Move(each, "TOK", optional=False) for each in call.passes]
    assert (
        apply(text, shell_script.edits(source(text), Tree(frozenset({"build.sh"})), moves)) == 'TOK="$TOK" docker build --secret id=TOK .'
    )


# --- texts inside other files --------------------------------------------------------------------------------------------


def inside(text: str, **said: object) -> str:
    """A text that is all of a file, with its templates, and its build args moved."""
    masked = said.pop("masked", text)
    shell = ShellText(SourceMap.join(text, [Span(0, len(text))]), masked, "step", **said)  # type: ignore[arg-type]
    file = source(text, "file.yml")
    found = [each for call in shell_script.calls_of(shell, file) for each in call.passes]
    return apply(text, shell_script.edits_of(shell, file, [Move(each, each.name, optional=False) for each in found if not each.obstacle]))


TEMPLATE = "docker build --build-arg TOK=${{ secrets.X_Y }} ."
MASKED = "docker build --build-arg TOK=__________________ ."


def test_a_template_is_a_variable_of_the_environment() -> None:
    assert inside(TEMPLATE, masked=MASKED, environment={"${{ secrets.X_Y }}": "X"}) == "docker build --secret id=TOK,env=X ."
    assert inside(TEMPLATE, masked=MASKED, environment={"${{ secrets.X_Y }}": "TOK"}) == "docker build --secret id=TOK ."


@pytest.mark.parametrize(
    ("text", "is_hidden"),
    [
        ("cat build.options | xargs docker build .", True),
        ("yq .args values.yaml | tr '\n' ' ' | xargs -r docker build .", True),
        ("xargs docker build . < build.options", True),
        ("xargs -a build.options docker build .", True),
        ('xargs docker build . <<< "$OPTIONS"', True),
        ("echo $OPTIONS | xargs docker build .", True),
        ("echo services/a services/b | xargs -n1 docker build", False),
        ("find services -name Dockerfile | xargs dirname | xargs -n1 docker build", False),
        ("cat services.txt | xargs -I{} docker build -t {} .", False),
        ("docker build . < build.options", False),
    ],
)
def test_what_xargs_reads_may_be_build_args(text: str, is_hidden: bool) -> None:  # noqa: FBT001  (a column)
    hidden = [each.obstacle for call in calls(text) for each in call.passes]
    assert hidden == ["which build arg it is, only the shell knows"] * is_hidden


def test_a_template_may_be_held_for_a_build() -> None:
    text = 'A="--build-arg TOK=${{ s }}"\ndocker build $A .'
    masked = 'A="--build-arg TOK=________"\ndocker build $A .'
    assert inside(text, masked=masked, environment={"${{ s }}": "V"}) == 'A="--secret id=TOK,env=V"\ndocker build $A .'
    assert inside(text, masked=masked) == text


def test_a_template_that_is_none_stays() -> None:
    assert inside(TEMPLATE, masked=MASKED) == TEMPLATE
    quoted = """docker build --build-arg "TOK=a${{ x['y'] }}" ."""
    assert inside(quoted, masked='docker build --build-arg "TOK=a_____________" .') == quoted


def test_a_template_may_stand_in_an_assignment() -> None:
    after = "TOK=${{ secrets.X_Y }} docker build --secret id=TOK ."
    assert inside(TEMPLATE, masked=MASKED, templates_in_prefixes=True) == after


def test_templates_keep_their_quotes() -> None:
    text = """docker build --build-arg "TOK=${{ a['b'] }}" -f ${{ c }}/D ."""
    masked = """docker build --build-arg "TOK=_____________" -f ________/D ."""
    shell = ShellText(SourceMap.join(text, [Span(0, len(text))]), masked, "step")
    (call,) = shell_script.calls_of(shell, source(text))
    assert call.passes[0].value == "${{ a['b'] }}"
    assert call.places == ()


def test_templates_whose_text_is_known() -> None:
    text, masked = "$(DOCKER) build --build-arg TOK -f $(F) $(D)", "_________ build --build-arg TOK -f ____ ____"
    values = {"$(DOCKER)": "podman", "$(F)": "x/D", "$(D)": "x"}
    shell = ShellText(SourceMap.join(text, [Span(0, len(text))]), masked, "step", values=values)
    (call,) = shell_script.calls_of(shell, source(text))
    assert (call.engine, call.places) == (Engine.BUILDAH, (Place("x/D", "x"),))
    guess = ShellText(SourceMap.join(text, [Span(0, len(text))]), masked, "step", values={"$(F)": "x/D", "$(D)": "x", "$(E)": ""})
    assert shell_script.calls_of(guess, source(text))[0].places == (Place("x/D", "x"),)
    empty = ShellText(SourceMap.join(text, [Span(0, len(text))]), masked, "step", values={"$(DOCKER)": ""})
    assert shell_script.calls_of(empty, source(text))[0].passes[0].obstacle


def test_no_assignment_where_no_shell_takes_it() -> None:
    text = "docker build --build-arg A=$A --build-arg B=b ."
    assert inside(text, prefixes=False) == "docker build --secret id=A --build-arg B=b ."


def test_what_is_around_is_in_the_environment() -> None:
    text = "X=1\ndocker build --build-arg A=$X ."
    assert inside(text, exported=frozenset({"X"})) == "X=1\ndocker build --secret id=A,env=X ."
    assert inside("docker build --build-arg A=$X .", assigned=frozenset({"X"})) == 'A="$X" docker build --secret id=A .'


def written(file: str, quotes: Quotes, doubled: str, dollar: str = "$") -> str:
    """The file with its build args moved: its shell text is what stands between two `|`, without the first character of `doubled`."""
    start, end = file.index("|") + 1, file.rindex("|")
    pieces, at = [], start
    while at < end:
        at += file.startswith(doubled, at)
        pieces.append(Span(at, at + 1))
        at += 1
    text = SourceMap.join(file, pieces)
    shell = ShellText(text, text.text, "step", quotes=quotes, dollar=dollar)
    made = source(file)
    passed = [each for call in shell_script.calls_of(shell, made) for each in call.passes]
    return apply(file, shell_script.edits_of(shell, made, [Move(each, each.name, optional=False) for each in passed if not each.obstacle]))


def test_text_in_double_quotes() -> None:
    file = r'{"build": |docker build --build-arg \"A=$A\" --build-arg B=$1 --build-arg \"C=c\" -t \"x\" .|}'
    after = r'{"build": |B=\"$1\" C=\"c\" docker build --secret id=A --secret id=B --secret id=C -t \"x\" .|}'
    assert written(file, Quotes.DOUBLE, '\\"') == after


def test_text_in_single_quotes() -> None:
    file = "run: |docker build --build-arg ''A=a'' --build-arg B=''b $x''|"
    after = "run: |A=''a'' B=''b $x'' docker build --secret id=A --secret id=B|"
    assert written(file, Quotes.SINGLE, "''") == after


def test_text_whose_doubled_quotes_are_taken_at_the_first() -> None:
    file = "docker build --build-arg A=''a'' ."
    pieces = [Span(at, at + 1) for at in range(len(file)) if not file.startswith("''", at - 1)]
    shell = ShellText(SourceMap.join(file, pieces), "docker build --build-arg A='a' .", "step", quotes=Quotes.SINGLE)
    (found,) = shell_script.calls_of(shell, source(file))[0].passes
    assert found.span.of(file) == "--build-arg A=''a''"
    made = shell_script.edits_of(shell, source(file), [Move(found, "A", optional=False)])
    assert apply(file, made) == "A=''a'' docker build --secret id=A ."


def test_a_template_may_have_a_line_under_a_word() -> None:
    text = "docker build --build-arg TOK_A=$(X_Y)_ --build-arg B__C ."
    assert inside(text, masked="docker build --build-arg TOK_A=_______ --build-arg B__C .") == text.replace(
        "--build-arg B__C", "--secret id=B__C"
    )


def test_text_of_make() -> None:
    file = 'x:\n\t|docker build --build-arg A=$$1 --build-arg B="$$(b)"|\n'
    assert written(file, Quotes.NONE, "$$", "$$") == 'x:\n\t|B="$$(b)" A="$$1" docker build --secret id=A --secret id=B|\n'
    file = '|sudo docker build --build-arg K="$$(cat ~/k)"|'
    assert written(file, Quotes.NONE, "$$", "$$") == '|sudo docker build --secret id=K,src="$$HOME"/k|'


# --- several at once -------------------------------------------------------------------------------------------------


def test_two_options_side_by_side_that_only_go() -> None:
    """The blank between them is one's."""
    text = '#!/bin/sh\ndocker build \\\n  --build-arg "A=$A" --build-arg B=$B --secret id=A --secret id=B .\n'
    source = Source(PurePosixPath("build.sh"), text)
    moves = [Move(each, each.name, optional=False, adds=False) for call in shell_script.calls(source, Tree()) for each in call.passes]
    assert apply(text, shell_script.edits(source, Tree(), moves)) == "#!/bin/sh\ndocker build \\\n   --secret id=A --secret id=B .\n"


def test_a_variable_that_another_secret_is_taken_from_keeps_its_value() -> None:
    text = "docker build --secret id=X,env=A --build-arg A=$(cat f) .\n"
    source = Source(PurePosixPath("build.sh"), text)
    moves = [Move(each, each.name, optional=False) for call in shell_script.calls(source, Tree()) for each in call.passes]
    made = apply(text, shell_script.edits(source, Tree(), moves))
    assert made == 'DOCKERFIX_A="$(cat f)" docker build --secret id=X,env=A --secret id=A,env=DOCKERFIX_A .\n'
