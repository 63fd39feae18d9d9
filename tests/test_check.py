"""The safety net: a right result passes, and each way of being wrong is seen. Rows are what somebody broke in the result."""

from __future__ import annotations

import pytest

from codemod import fix as fix_module
from codemod.check import failure
from codemod.refusal import Reason
from codemod.result import Status
from codemod.settings import Settings

from .texts import dockerfile, fixed, source

BEFORE = """\
# syntax=docker/dockerfile:1
# what it is

FROM alpine AS build
# the API token
ARG A=1 API_TOKEN B
ARG DB_PASSWORD
LABEL a=b

# what it does
RUN --network=none curl -u "u:$API_TOKEN" \\
    # as the registry wants it
    https://h && psql "$DB_PASSWORD"
RUN make
# the end
"""
AFTER = """\
# syntax=docker/dockerfile:1
# what it is

FROM alpine AS build
# the API token
ARG A=1 B
LABEL a=b

# what it does
RUN --network=none --mount=type=secret,id=API_TOKEN,required=true \\
    --mount=type=secret,id=DB_PASSWORD,required=true \\
    API_TOKEN="$(cat /run/secrets/API_TOKEN)" && export API_TOKEN \\
    && DB_PASSWORD="$(cat /run/secrets/DB_PASSWORD)" && export DB_PASSWORD \\
    && curl -u "u:$API_TOKEN" \\
    # as the registry wants it
    https://h && psql "$DB_PASSWORD"
RUN make
# the end
"""
MOUNT = " --mount=type=secret,id=API_TOKEN,required=true"
PRELUDE = 'API_TOKEN="$(cat /run/secrets/API_TOKEN)" && export API_TOKEN \\\n    && '
BROKEN = {
    "it does not parse": ("FROM alpine AS build", "FROM", "line 4 of the result: FROM requires either one or three arguments"),
    "an instruction is gone": ("LABEL a=b\n", "", "the result has other instructions than were planned"),
    "an instruction is new": ("LABEL a=b\n", "LABEL a=b\nUSER root\n", "the result has other instructions than were planned"),
    "an instruction is another": ("LABEL a=b", "LABEL a=c", "line 8: an instruction changed that was not to"),
    "an instruction has other blanks": ("LABEL a=b", "LABEL  a=b", "line 8: an instruction changed that was not to"),
    "an instruction has another newline": ("LABEL a=b\n", "LABEL a=b\r\n", "line 8: an instruction changed that was not to"),
    "a RUN that was not planned for": ("RUN make", "RUN --network=none make", "line 14: an instruction changed that was not to"),
    "two instructions changed places": (
        "LABEL a=b\n\n# what it does\n",
        "# what it does\n",
        "the result has other instructions than were planned",
    ),
    "a planned RUN is no RUN": ("RUN --network=none", "CMD --network=none", "line 11: the command of a RUN changed"),
    "a planned RUN's command": ("https://h", "https://i", "line 11: the command of a RUN changed"),
    "a planned RUN's indentation": ("\n    https://h", "\n  https://h", "line 11: the command of a RUN changed"),
    "more behind a planned RUN's command": ('"$DB_PASSWORD"\n', '"$DB_PASSWORD" -x\n', "line 11: the command of a RUN changed"),
    "a planned RUN's newline": ("# as the registry wants it\n    https://h", "# as the registry wants it\r\n    https://h", None),
    "a planned RUN's newline, continued": ('"u:$API_TOKEN" \\\n', '"u:$API_TOKEN" \\\r\n', None),
    "a planned RUN's blanks behind a continuation": ('"u:$API_TOKEN" \\\n', '"u:$API_TOKEN" \\ \n', None),
    "a planned RUN's flag is gone": ("--network=none ", "", "line 11: the flags of a RUN changed"),
    "a planned RUN's flag": ("--network=none", "--network=host", "line 11: the flags of a RUN changed"),
    "a planned RUN's flags are in another order": (
        f"--network=none{MOUNT}",
        f"{MOUNT[1:]} --network=none",
        "line 11: the flags of a RUN changed",
    ),
    "a mount of another kind": ("type=secret,id=API_TOKEN,required=true", "type=tmpfs,target=/a", None),
    "a mount of another secret": ("id=API_TOKEN", "id=OTHER", None),
    "a mount that is not required": ("id=API_TOKEN,required=true", "id=API_TOKEN", None),
    "a mount is missing": (MOUNT, "", None),
    "a mount of another user": ("id=API_TOKEN,required=true", "id=API_TOKEN,required=true,uid=1", None),
    "the prelude is missing": (PRELUDE, "", None),
    "the prelude sets another variable": ('API_TOKEN="$(cat /run/secrets/API_TOKEN)" &&', 'OTHER="$(cat /run/secrets/API_TOKEN)" &&', None),
    "the prelude reads another file": ("cat /run/secrets/API_TOKEN", "cat /run/secrets/OTHER", None),
    "the prelude is no shell text": ('API_TOKEN)" && export', "API_TOKEN) && export", "line 11: the shell would not read the result"),
    "another word of an ARG is gone": ("ARG A=1 B", "ARG A=1", "line 6: other words of an ARG changed"),
    "another word of an ARG is new": ("ARG A=1 B", "ARG A=1 B C", "line 6: other words of an ARG changed"),
    "another word's value": ("ARG A=1 B", "ARG A=2 B", "line 6: other words of an ARG changed"),
    "words of an ARG changed places": ("ARG A=1 B", "ARG B A=1", "line 6: other words of an ARG changed"),
    "a secret is still there": ("ARG A=1 B", "ARG A=1 API_TOKEN B", "line 6: other words of an ARG changed"),
    "a comment is new": ("\n# what it does", "\n# new\n# what it does", "a comment or blank line moved"),
    "a comment is another": ("# what it does", "# what it did", "a comment or blank line moved"),
    "a comment inside a RUN is another": ("# as the registry", "# like the registry", None),
    "a comment moved": ("LABEL a=b\n\n# what it does\n", "# what it does\nLABEL a=b\n\n", "a comment or blank line moved"),
    "a directive is another": ("docker/dockerfile:1", "docker/dockerfile:2", "a comment or blank line moved"),
    "a blank line is new": ("LABEL a=b\n", "\nLABEL a=b\n\n", "a comment or blank line moved"),
    "an unrelated comment is gone": ("# what it does\n", "", None),
    "a comment inside a RUN is gone": ("    # as the registry wants it\n", "", None),
    "a blank line is gone": ("LABEL a=b\n\n", "LABEL a=b\n", None),
    "a directive is gone": ("# syntax=docker/dockerfile:1\n", "", None),
    "the last newline is gone": ("# the end\n", "# the end", "a comment or blank line moved"),
}


def wrong(text: str) -> str | None:
    return failure(dockerfile(BEFORE), source(text), fixed(BEFORE).plans)


def test_what_we_make_is_right() -> None:
    assert fixed(BEFORE).text == AFTER
    assert wrong(AFTER) is None


@pytest.mark.parametrize(("old", "new", "message"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_seen(old: str, new: str, message: str | None) -> None:
    """Where no message is named, any will do."""
    assert AFTER.count(old) == 1
    found = wrong(AFTER.replace(old, new))
    assert found
    assert message in (None, found)


def test_the_original_is_no_result() -> None:
    assert wrong(BEFORE) == "the result has other instructions than were planned"


PROSE = """\
FROM alpine
# top

# the API token
ARG API_TOKEN

# kept
ARG A DB_PASSWORD
RUN curl -u $DB_PASSWORD:$API_TOKEN h
"""
GONE = {
    "what stands above": ("# top\n", ""),
    "what stands above an ARG that keeps a word": ("# kept\n", ""),
    "the blank line before": ("# top\n\n", "# top\n"),
}


def test_what_goes_with_an_arg_may_go() -> None:
    result = fixed(PROSE)
    assert result.text.startswith("FROM alpine\n# top\n\n# kept\nARG A\nRUN")
    assert failure(dockerfile(PROSE), source(result.text), result.plans) is None
    left = result.text.replace("# kept", "# the API token\n\n# kept")
    assert failure(dockerfile(PROSE), source(left), result.plans) is None


@pytest.mark.parametrize(("old", "new"), GONE.values(), ids=GONE)
def test_what_stands_beside_may_not_go(old: str, new: str) -> None:
    result = fixed(PROSE)
    assert result.text.count(old) == 1
    assert failure(dockerfile(PROSE), source(result.text.replace(old, new)), result.plans) is not None


def test_a_secret_declared_elsewhere_is_seen() -> None:
    """It would go if the plan forgot one of its words."""
    text = "FROM a\nARG API_TOKEN\nRUN b $API_TOKEN\nFROM c\nARG API_TOKEN\n"
    (plan,) = fixed(text.partition("FROM c")[0]).plans
    file = dockerfile(text)
    removed = tuple(word for word in plan.removed)
    after = text.replace(
        "ARG API_TOKEN\nRUN", 'RUN --mount=type=secret,id=API_TOKEN,required=true,mode=0444 API_TOKEN="$(cat /run/secrets/API_TOKEN)" &&'
    )
    assert removed
    assert failure(file, source(after), (plan,)) is not None


# --- every form of RUN, and ENV -------------------------------------------------------------------------------------------

FORMS = """\
# syntax=docker/dockerfile:1.4
# escape=\\
FROM alpine AS build
ARG API_TOKEN=hunter2
ENV A=1 \\
    # the token
    API_TOKEN=$API_TOKEN B=$API_TOKEN
ENV C=2
RUN <<EOF
#!/bin/bash -e
curl -u u:$API_TOKEN h
EOF
RUN cat <<EOF > f
$B
EOF
ARG DB_PASSWORD
RUN ["psql", "-c", "$DB_PASSWORD", "DB_PASSWORD"]
USER app
RUN --mount=type=secret,id=DB_PASSWORD --network=none -- curl -u $DB_PASSWORD:$API_TOKEN h
FROM alpine
"""
SOME = '[ -s /run/secrets/API_TOKEN ]; then API_TOKEN="$(cat /run/secrets/API_TOKEN)"; else API_TOKEN='
MADE = """\
# syntax=docker/dockerfile:1
# escape=\\
FROM alpine AS build
ENV A=1
ENV C=2
RUN --mount=type=secret,id=API_TOKEN <<EOF
#!/bin/bash -e
if [ -s /run/secrets/API_TOKEN ]; then API_TOKEN="$(cat /run/secrets/API_TOKEN)"; else API_TOKEN='hunter2'; fi || exit 1
curl -u u:$API_TOKEN h
EOF
RUN --mount=type=secret,id=API_TOKEN \\
    if [ -s /run/secrets/API_TOKEN ]; then B="$(cat /run/secrets/API_TOKEN)"; else B='hunter2'; fi || exit 1; \\
    cat <<EOF > f
$B
EOF
RUN --mount=type=secret,id=DB_PASSWORD,env=DB_PASSWORD,required=true \\
    ["psql", "-c", "$DB_PASSWORD", "DB_PASSWORD"]
USER app
RUN --mount=type=secret,id=DB_PASSWORD,mode=0444 --network=none --mount=type=secret,id=API_TOKEN,mode=0444 \\
    -- \\
    if [ -s /run/secrets/API_TOKEN ]; then API_TOKEN="$(cat /run/secrets/API_TOKEN)"; else API_TOKEN='hunter2'; fi || exit 1; \\
    DB_PASSWORD="$(cat /run/secrets/DB_PASSWORD)" || exit 1; \\
    curl -u $DB_PASSWORD:$API_TOKEN h
FROM alpine
"""
SCRIPT, FED, EXEC, AMENDED = 9, 13, 17, 19
CHOSEN = "if [ -s /run/secrets/API_TOKEN ]; then API_TOKEN=\"$(cat /run/secrets/API_TOKEN)\"; else API_TOKEN='hunter2'; fi || exit 1"
WRONG_FORMS = {
    "a frontend that was not planned": ("dockerfile:1\n", "dockerfile:1.9\n", "a comment or blank line moved"),
    "a frontend that is gone": ("# syntax=docker/dockerfile:1\n", "", None),
    "a frontend that stayed": ("dockerfile:1\n", "dockerfile:1.4\n", "a comment or blank line moved"),
    "another directive": ("# escape=\\\n", "# check=skip=all\n", "a comment or blank line moved"),
    "another word of an ENV is gone": ("ENV A=1\n", "", "the result has other instructions than were planned"),
    "another word of an ENV is new": ("ENV A=1\n", "ENV A=1 D=1\n", "line 5: other words of an ENV changed"),
    "another word's value": ("ENV A=1\n", "ENV A=2\n", "line 5: other words of an ENV changed"),
    "a copy is still there": ("ENV A=1\n", "ENV A=1 B=$API_TOKEN\n", "line 5: other words of an ENV changed"),
    "a script's text": ("\ncurl -u u:", "\ncurl -u v:", f"line {SCRIPT}: the command of a RUN changed"),
    "a script's shebang": ("#!/bin/bash -e", "#!/bin/bash", f"line {SCRIPT}: the command of a RUN changed"),
    "a script's prelude before its shebang": (
        f"#!/bin/bash -e\n{CHOSEN}\n",
        f"{CHOSEN}\n#!/bin/bash -e\n",
        f"line {SCRIPT}: the command of a RUN changed",
    ),
    "a script's name": ("API_TOKEN <<EOF", "API_TOKEN <<-EOF", None),
    "a script that is fed to a command": ("API_TOKEN <<EOF", "API_TOKEN cat <<EOF", f"line {SCRIPT}: the command of a RUN changed"),
    "a prelude before a script": ("API_TOKEN <<EOF", "API_TOKEN true && <<EOF", f"line {SCRIPT}: the command of a RUN changed"),
    "a script's mount": (
        "RUN --mount=type=secret,id=API_TOKEN <<EOF",
        "RUN <<EOF",
        f"line {SCRIPT}: the mounts of a RUN are not those that were planned",
    ),
    "a script's prelude is gone": (
        f"{CHOSEN}\ncurl",
        "curl",
        f"line {SCRIPT}: the secret does not arrive",
    ),
    "a script's prelude is no shell text": ("exit 1\ncurl", "exit 1 (\ncurl", f"line {SCRIPT}: the shell would not read the result"),
    "what a heredoc feeds": ("\n$B\n", "\n$C\n", f"line {FED}: the command of a RUN changed"),
    "what is before a heredoc sets another variable": ('then B="$(cat', 'then D="$(cat', f"line {FED}: the secret does not arrive"),
    "the words of an exec form": ('["psql", "-c"', '["psql", "-d"', f"line {EXEC}: the command of a RUN changed"),
    "the blanks of an exec form": ('["psql", "-c"', '["psql","-c"', f"line {EXEC}: the lines of a RUN changed"),
    "an exec form that is none any more": ('["psql"', 'true && ["psql"', f"line {EXEC}: the command of a RUN changed"),
    "an exec form's variable": ("env=DB_PASSWORD", "env=PASSWORD", f"line {EXEC}: the mounts of a RUN are not those that were planned"),
    "an exec form's mount is none of a variable": (
        ",env=DB_PASSWORD",
        "",
        f"line {EXEC}: the mounts of a RUN are not those that were planned",
    ),
    "a mount that is there has other options in front": (
        "--mount=type=secret,id=DB_PASSWORD,mode=0444",
        "--mount=type=secret,mode=0444,id=DB_PASSWORD",
        f"line {AMENDED}: the flags of a RUN changed",
    ),
    "a mount that is there is another": (
        "--mount=type=secret,id=DB_PASSWORD,mode=0444",
        "--mount=type=secret,id=OTHER,mode=0444",
        f"line {AMENDED}: the flags of a RUN changed",
    ),
    "a mount that is there is as it was": (
        "id=DB_PASSWORD,mode=0444",
        "id=DB_PASSWORD",
        f"line {AMENDED}: the flags of a RUN changed",
    ),
    "a flag behind it": ("--network=none", "--network=host", f"line {AMENDED}: the flags of a RUN changed"),
    "a variable that is not made": (
        'DB_PASSWORD="$(cat /run/secrets/DB_PASSWORD)" || exit 1; \\\n    ',
        "",
        f"line {AMENDED}: the secret does not arrive",
    ),
}


def wrong_form(text: str) -> str | None:
    return failure(dockerfile(FORMS), source(text), fixed(FORMS).plans)


def test_what_we_make_of_every_form_is_right() -> None:
    assert fixed(FORMS).text == MADE
    assert wrong_form(MADE) is None


@pytest.mark.parametrize(("old", "new", "message"), WRONG_FORMS.values(), ids=WRONG_FORMS)
def test_what_is_wrong_with_a_form_is_seen(old: str, new: str, message: str | None) -> None:
    assert MADE.count(old) == 1
    found = wrong_form(MADE.replace(old, new))
    assert found
    assert message in (None, found)


# --- names that have to be gone -------------------------------------------------------------------------------------------

LEFT = "FROM a\nARG API_TOKEN\nENV A=$API_TOKEN\nRUN curl $A\n{}FROM alpine\n"
STILL = {
    "an ARG": ("ARG API_TOKEN\n", "line 5 of the result: API_TOKEN is still an ARG"),
    "an ARG of a copy": ("ARG A=1\n", "line 5 of the result: A is still an ARG"),
    "an ARG that is made from it": ("ARG B=$API_TOKEN\n", "line 5: B is still made from API_TOKEN"),
    "an ENV that is made from it": ("ENV B=$API_TOKEN\n", "line 5: B is still made from API_TOKEN"),
    "an ENV that is made from a copy": ("ENV B=x${A:-y}\n", "line 5: B is still made from A"),
}


@pytest.mark.parametrize(("line", "message"), STILL.values(), ids=STILL)
def test_a_name_that_is_still_there_is_seen(line: str, message: str) -> None:
    """The plan forgot the line, and the result has it as the file had."""
    (plan,) = fixed(LEFT.format("")).plans
    made = fixed(LEFT.format("USER 1\n")).text.replace("USER 1\n", line)
    assert failure(dockerfile(LEFT.format(line)), source(made), (plan,)) == message


@pytest.mark.parametrize("line", ["LABEL API_TOKEN=1\n", "ENV API_TOKEN=1\n", "ENV B='$API_TOKEN'\n", "ARG B=$OTHER\n"])
def test_a_name_that_may_stay(line: str) -> None:
    text = LEFT.format(line)
    result = fixed(text)
    assert line in result.text
    assert failure(dockerfile(text), source(result.text), result.plans) is None


# --- what a failure becomes ---------------------------------------------------------------------------------------------


def test_a_failure_refuses_every_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing changes, and each secret says why."""
    monkeypatch.setattr("codemod.check.failure", lambda *_: "the sky fell")
    result = fixed(BEFORE.replace("FROM alpine AS build", "FROM alpine AS build\nENV OLD_TOKEN=hunter2"))
    assert not result.changed
    assert result.plans == ()
    assert result.mounted == ()
    by_name = {outcome.finding.name: outcome for outcome in result.outcomes}
    for name in ("API_TOKEN", "DB_PASSWORD"):
        outcome = by_name[name]
        assert outcome.status is Status.REFUSED
        assert outcome.refusal is not None
        assert (outcome.refusal.reason, outcome.refusal.line, outcome.refusal.detail) == (
            Reason.CHECK_FAILED,
            outcome.finding.line,
            "the sky fell",
        )
    assert by_name["OLD_TOKEN"].status is Status.REPORTED


def test_a_second_run_that_would_change_more_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    real = fix_module.fix
    other = fixed("FROM alpine\nARG GH_TOKEN\nRUN curl -u u:$GH_TOKEN h\n")
    monkeypatch.setattr(fix_module, "fix", lambda *_: other)
    result = real(source(BEFORE), Settings())
    assert not result.changed
    assert {outcome.refusal.detail for outcome in result.outcomes if outcome.refusal} == {"a second run would change it again"}
