"""The model of BuildKit, against what was seen in real builds (facts/buildkit.md)."""

from __future__ import annotations

import pytest

from .buildkit import Given, runs
from .run import BIN, SecretMount
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
