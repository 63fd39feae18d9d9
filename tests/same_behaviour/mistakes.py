"""Rewrites by hand of heredocs, exec forms, SHELLs, users, ENVs and stages: right ones, and the mistakes beside them."""

from __future__ import annotations

from .pair import Expected

QUIET = frozenset({"curl"})
REQUIRED = Expected(moved=frozenset({"MY_SECRET"}), optional=False, never_read=QUIET)
OPTIONAL = Expected(moved=frozenset({"MY_SECRET"}), optional=True, never_read=QUIET)
EITHER = Expected(moved=frozenset({"MY_SECRET"}), never_read=QUIET)
COPIED = Expected(moved=frozenset({"MY_SECRET", "TOKEN"}), never_read=QUIET)

FILE = "/run/secrets/MY_SECRET"
READ = f'MY_SECRET="$(cat {FILE})"'
EXPORTED = f"{READ} && export MY_SECRET"
STATEMENT = f"{EXPORTED} || exit 1"
IF_THERE = f"if [ -s {FILE} ]; then {STATEMENT}; fi"
OR_DEFAULT = f"if [ -s {FILE} ]; then {READ}; else MY_SECRET='none'; fi && export MY_SECRET || exit 1"
OR_EMPTY = OR_DEFAULT.replace("'none'", "''")

MOUNT = "--mount=type=secret,id=MY_SECRET,required=true"
MAYBE = "--mount=type=secret,id=MY_SECRET"
ENV = "--mount=type=secret,id=MY_SECRET,env=MY_SECRET,required=true"
MAYBE_ENV = "--mount=type=secret,id=MY_SECRET,env=MY_SECRET"

PYTHON = "#!/usr/bin/python3\nimport os\nprint(os.environ.get('MY_SECRET'))\n"
TRACED = 'SHELL ["/bin/bash", "-exc"]\n'
STRICT = 'SHELL ["/bin/sh", "-euc"]\n'
PERL = 'SHELL ["/usr/bin/perl", "-e"]\n'
COPY = "ENV TOKEN=u:$MY_SECRET\n"
TAKEN = 'TOKEN="u:$MY_SECRET" && export TOKEN || exit 1;'

Rewrite = tuple[str, str, Expected]


def pair(above: str, before: str, after: str, expected: Expected = REQUIRED, *, gone: str = "ARG MY_SECRET\n") -> Rewrite:
    """Both RUNs below the same lines; `gone` are the lines that only the original has."""
    return f"FROM alpine\n{gone}{above}RUN {before}\n", f"FROM alpine\n{above}RUN {after}\n", expected


def body(before: str, after: str, expected: Expected = REQUIRED, *, above: str = "", mount: str = MOUNT, gone: str = "") -> Rewrite:
    """The body of a whole heredoc."""
    return pair(above, f"<<EOF\n{before}EOF", f"{mount} <<EOF\n{after}EOF", expected, gone=gone or "ARG MY_SECRET\n")


DEPLOY = 'deploy "$MY_SECRET"\n'
DEFAULT = "ARG MY_SECRET=none\n"

RIGHT: dict[str, Rewrite] = {
    "heredoc, first line": body("fail3\n" + DEPLOY, f"{STATEMENT}\nfail3\n{DEPLOY}"),
    "heredoc, before set -x": body("set -ex\n" + DEPLOY, f"{STATEMENT}\nset -ex\n{DEPLOY}"),
    "heredoc, optional": body('[ -z "$MY_SECRET" ] || deploy\n', f'{IF_THERE}\n[ -z "$MY_SECRET" ] || deploy\n', OPTIONAL, mount=MAYBE),
    "heredoc, default": body(DEPLOY, f"{OR_DEFAULT}\n{DEPLOY}", OPTIONAL, mount=MAYBE, gone=DEFAULT),
    "heredoc, CRLF": body('deploy "$MY_SECRET"\r\n', f'{STATEMENT} #\r\ndeploy "$MY_SECRET"\r\n'),
    "heredoc, tabs": pair("", "<<-EOF\n\tdeploy\n\tEOF", f"{MOUNT} <<-EOF\n\t{STATEMENT}\n\tdeploy\n\tEOF"),
    "heredoc, sh": body("#!/bin/sh -e\n" + DEPLOY, f"#!/bin/sh -e\n{STATEMENT}\n{DEPLOY}"),
    "heredoc, bash": body('#!/bin/bash\ndeploy "${0}"\n', f'#!/bin/bash\n{STATEMENT}\ndeploy "${{0}}"\n'),
    "heredoc, python": body(PYTHON, PYTHON, mount=ENV),
    "heredoc, traced by its shebang": body("#!/bin/sh -x\n" + DEPLOY, "#!/bin/sh -x\n" + DEPLOY, mount=ENV),
    "fed, before the command": pair("", "bash <<'EOF'\ndeploy\nEOF", f"{MOUNT} {EXPORTED} && bash <<'EOF'\ndeploy\nEOF"),
    "fed, a file": pair("", "cat <<EOF > f\n$MY_SECRET\nEOF", f"{MOUNT} {READ} && cat <<EOF > f\n$MY_SECRET\nEOF"),
    "fed, before the heredoc": pair("", "<<EOF cat\n$MY_SECRET\nEOF", f"{MOUNT} {READ} && <<EOF cat\n$MY_SECRET\nEOF"),
    "fed, or": pair("", "fail1 <<EOF || deploy\nx\nEOF", f"{MOUNT} {STATEMENT}; fail1 <<EOF || deploy\nx\nEOF"),
    "exec form": pair("", '["deploy", "a b"]', f'{ENV} ["deploy", "a b"]'),
    "exec form, optional": pair("", '["deploy", "a b"]', f'{MAYBE_ENV} ["deploy", "a b"]', OPTIONAL),
    "-x": pair(TRACED, "deploy", f"{ENV} deploy"),
    "-eu": pair(STRICT, "deploy $MY_SECRET", f"{MOUNT} {EXPORTED} && deploy $MY_SECRET"),
    "unknown SHELL": pair(PERL, 'print "$ENV{MY_SECRET}\\n";', f'{ENV} print "$ENV{{MY_SECRET}}\\n";'),
    "--style env, default": pair(
        "", "deploy", f'{MAYBE_ENV} MY_SECRET="${{MY_SECRET:-none}}" && deploy', OPTIONAL, gone="ARG MY_SECRET=none\n"
    ),
    "user, a heredoc": body(DEPLOY, f"{STATEMENT}\n{DEPLOY}", above="USER 1000\n", mount=f"{MOUNT},uid=1000"),
    "user, root's group": body(DEPLOY, f"{STATEMENT}\n{DEPLOY}", above="USER 1234\n", mount=f"{MOUNT},mode=0440"),
    "user, env": pair("USER app\n", "deploy", f"{ENV} deploy"),
    "user, target with a mode": pair(
        "USER app\n",
        "deploy",
        "--mount=type=secret,id=MY_SECRET,target=/run/own/s,mode=0444,required=true " + EXPORTED.replace(FILE, "/run/own/s") + " && deploy",
    ),
    "ENV, same name": pair("", "deploy", f"{MOUNT} {EXPORTED} && deploy", gone="ARG MY_SECRET\nENV MY_SECRET=$MY_SECRET\n"),
    "ENV, same name, set and empty": pair(
        "",
        'deploy "${MY_SECRET-unset}" "${MY_SECRET:-empty}"',
        f'{MAYBE} {OR_EMPTY}; deploy "${{MY_SECRET-unset}}" "${{MY_SECRET:-empty}}"',
        OPTIONAL,
        gone="ARG MY_SECRET\nENV MY_SECRET=$MY_SECRET\n",
    ),
    "ENV, another name": pair("", "deploy", f"{MOUNT} {STATEMENT}; {TAKEN} deploy", COPIED, gone="ARG MY_SECRET\n" + COPY),
    "ENV, read by a child stage": (
        f"FROM alpine AS base\nARG MY_SECRET\n{COPY}RUN curl x\nFROM base\nRUN deploy\n",
        f"FROM alpine AS base\nRUN curl x\nFROM base\nRUN {MOUNT} {STATEMENT}; {TAKEN} deploy\n",
        COPIED,
    ),
    "broad": pair("", "deploy\nRUN curl x", f"{MAYBE} {IF_THERE}; deploy\nRUN curl x", OPTIONAL),
}
WRONG: dict[str, Rewrite] = {
    "heredoc, prelude before it": pair("", "<<EOF\ndeploy\nEOF", f"{MOUNT} {EXPORTED} && <<EOF\ndeploy\nEOF"),
    "heredoc, statement before it": pair("", "<<EOF\ndeploy\nEOF", f"{MOUNT} {STATEMENT}; <<EOF\ndeploy\nEOF"),
    "heredoc, not exported": body("deploy\n", f"{READ} || exit 1\ndeploy\n"),
    "heredoc, no exit": body("deploy\n", f"{EXPORTED}\ndeploy\n", above="USER 1000\n"),
    "heredoc, prelude last": body("deploy\n", f"deploy\n{STATEMENT}\n"),
    "heredoc, no mount": body("deploy\n", f"{IF_THERE}\ndeploy\n", EITHER, mount="--network=none"),
    "heredoc, and with the first line": body('fail3 "$MY_SECRET"\ndeploy\n', f'{EXPORTED} && fail3 "$MY_SECRET" || exit 1\ndeploy\n'),
    "heredoc, set -e came along": body('fail3 "$MY_SECRET"\ndeploy\n', f'set -e\n{STATEMENT}\nfail3 "$MY_SECRET"\ndeploy\n'),
    "heredoc, behind set -x": body("set -ex\n" + DEPLOY, f"set -ex\n{STATEMENT}\n{DEPLOY}"),
    "heredoc, CRLF and no comment": body("deploy\r\n", f"{EXPORTED}\r\ndeploy\r\n"),
    "heredoc, CRLF lost": body('deploy "$MY_SECRET"\r\n', f'{STATEMENT}\ndeploy "$MY_SECRET"\n'),
    "heredoc, default lost": body(DEPLOY, f"{IF_THERE}\n{DEPLOY}", OPTIONAL, mount=MAYBE, gone=DEFAULT),
    "heredoc, default not exported": body(
        "deploy\n", OR_DEFAULT.replace(" && export MY_SECRET", "") + "\ndeploy\n", OPTIONAL, mount=MAYBE, gone=DEFAULT
    ),
    "heredoc, required though guarded": body('[ -z "$MY_SECRET" ] || deploy\n', f'{STATEMENT}\n[ -z "$MY_SECRET" ] || deploy\n', OPTIONAL),
    "heredoc, lines joined": body("fail3\ndeploy\n", f"{STATEMENT}; fail3 && deploy\n"),
    "heredoc, indented with blanks": pair(
        "", "<<-EOF\n\tcat <<-X\n\t\ta\n\tX\n\tdeploy\n\tEOF", f"{MOUNT} <<-EOF\n\t{STATEMENT}\n\tcat <<-X\n  \ta\n\tX\n\tdeploy\n\tEOF"
    ),
    "heredoc, shebang displaced": body(PYTHON, f"{STATEMENT}\n{PYTHON}"),
    "heredoc, shebang of bash displaced": body('#!/bin/bash\ndeploy "${0}"\n', f'{STATEMENT}\n#!/bin/bash\ndeploy "${{0}}"\n'),
    "heredoc, shebang's option displaced": body(f"#!/bin/sh -e\nfail3\n{DEPLOY}", f"{STATEMENT}\n#!/bin/sh -e\nfail3\n{DEPLOY}"),
    "heredoc, shebang indented": body(PYTHON, f" {PYTHON}", mount=ENV),
    "heredoc, shell in a recorded program": body(
        "#!/usr/bin/env node\nMY_SECRET\n", f"#!/usr/bin/env node\n{STATEMENT}\nMY_SECRET\n", mount=MOUNT + f" {ENV}"
    ),
    "heredoc, traced by its shebang": body("#!/bin/sh -x\ncurl\n", f"#!/bin/sh -x\n{STATEMENT}\ncurl\n"),
    "fed, prelude in a quoted body": pair(
        "", "cat <<'EOF' > f\nx\nEOF\nRUN deploy", f"{MOUNT} cat <<'EOF' > f\n{STATEMENT}\nx\nEOF\nRUN deploy"
    ),
    "fed, prelude in the body": pair("", "cat <<EOF > f\n$MY_SECRET\nEOF", f"{MOUNT} cat <<EOF > f\n{STATEMENT}\n$MY_SECRET\nEOF"),
    "fed, prelude in a body for bash": pair("", "deploy <<EOF\n$MY_SECRET\nEOF", f"{MOUNT} deploy <<EOF\n{STATEMENT}\n$MY_SECRET\nEOF"),
    "fed, not exported": pair("", "bash <<'EOF'\necho \"$MY_SECRET\"\nEOF", f"{MOUNT} {READ} && bash <<'EOF'\necho \"$MY_SECRET\"\nEOF"),
    "fed, quotes of the delimiter lost": pair(
        "", "deploy <<'EOF'\n$MY_SECRET\nEOF", f"{MOUNT} {EXPORTED} && deploy <<EOF\n$MY_SECRET\nEOF"
    ),
    "fed, only for the command": pair("", "cat <<EOF > f\n$MY_SECRET\nEOF", f"{MOUNT} {READ} cat <<EOF > f\n$MY_SECRET\nEOF"),
    "fed, and before an or": pair("USER 1000\n", "fail1 <<EOF || deploy\nx\nEOF", f"{MOUNT} {EXPORTED} && fail1 <<EOF || deploy\nx\nEOF"),
    "fed, in a subshell": pair(
        "", 'cat <<EOF > f; deploy "$MY_SECRET"\nx\nEOF', f'{MOUNT} ({EXPORTED} && cat <<EOF > f); deploy "$MY_SECRET"\nx\nEOF'
    ),
    "exec form made shell form": pair("", '["deploy", "a b"]', f"{MOUNT} {EXPORTED} && deploy a b"),
    "exec form with a prelude": pair("", '["deploy", "a b"]', f'{MOUNT} {EXPORTED} && ["deploy", "a b"]'),
    "exec form with a file": pair("", '["deploy", "a b"]', f'{MOUNT} ["deploy", "a b"]'),
    "exec form, words lost": pair("", '["deploy", "a b"]', f'{ENV} ["deploy", "a", "b"]'),
    "exec form, another variable": pair("", '["deploy"]', f'{ENV.replace("env=MY_", "env=")} ["deploy"]'),
    "exec form, default lost": pair("", '["deploy"]', f'{MAYBE_ENV} ["deploy"]', OPTIONAL, gone=DEFAULT),
    "env over an ENV, no secret": pair("ENV MY_SECRET=e\n", "deploy", f"{MAYBE_ENV} deploy", OPTIONAL),
    "env over an ENV, no secret, exec form": pair("ENV MY_SECRET=e\n", '["deploy"]', f'{MAYBE_ENV} ["deploy"]', OPTIONAL),
    "env, default if unset": pair("", "deploy ${MY_SECRET-none}", f"{MAYBE_ENV} deploy ${{MY_SECRET-none}}", OPTIONAL),
    "env, asks if it is set": pair("", '[ -z "${MY_SECRET+x}" ] || deploy', f'{MAYBE_ENV} [ -z "${{MY_SECRET+x}}" ] || deploy', OPTIONAL),
    "env, under set -u": pair(STRICT, "deploy $MY_SECRET", f"{MAYBE_ENV} deploy $MY_SECRET", OPTIONAL),
    "env, default lost": pair("", "deploy", f"{MAYBE_ENV} deploy", OPTIONAL, gone=DEFAULT),
    "env, default only if unset": pair("", "deploy", f'{MAYBE_ENV} MY_SECRET="${{MY_SECRET-none}}" && deploy', OPTIONAL, gone=DEFAULT),
    "-x, a prelude": pair(TRACED, "curl", f"{MOUNT} {READ} && curl"),
    "-x, a prelude that hides itself too late": pair(TRACED, "curl", f"{MOUNT} {READ} && set +x && curl"),
    "-x, no longer": pair(TRACED, "deploy", f"{MOUNT} set +x; {STATEMENT}; deploy"),
    "unknown SHELL, a prelude": pair(PERL, 'print "x\\n";', f'{MOUNT} {EXPORTED} && print "x\\n";'),
    "SHELL lost": ("FROM a\nARG MY_SECRET\n" + STRICT + "RUN fail3; deploy\n", f"FROM a\nRUN {ENV} fail3; deploy\n", REQUIRED),
    "user, no uid": body(DEPLOY, f"{STATEMENT}\n{DEPLOY}", above="USER 1000\n"),
    "user, inherited, no uid": (
        "FROM a AS base\nUSER app\nFROM base\nARG MY_SECRET\nRUN deploy\n",
        f"FROM a AS base\nUSER app\nFROM base\nRUN {MOUNT} {EXPORTED} && deploy\n",
        REQUIRED,
    ),
    "user, a group that is not his": body(DEPLOY, f"{STATEMENT}\n{DEPLOY}", above="USER app\n", mount=f"{MOUNT},gid=1000,mode=0440"),
    "user, the group but not the mode": body(DEPLOY, f"{STATEMENT}\n{DEPLOY}", above="USER 1234\n", mount=f"{MOUNT},gid=0"),
    "user, a swallowed failure": pair("USER app\n", "deploy", f"{MOUNT} export {READ}; deploy"),
    "user, USER lost": ("FROM a\nARG MY_SECRET\nUSER app\nRUN deploy > f\n", f"FROM a\nRUN {MOUNT} {EXPORTED} && deploy > f\n", REQUIRED),
    "ENV removed, a later RUN reads it": pair(
        "", "deploy\nRUN deploy", f"{MOUNT} {STATEMENT}; {TAKEN} deploy\nRUN deploy", COPIED, gone="ARG MY_SECRET\n" + COPY
    ),
    "ENV removed, a child stage reads it": (
        f"FROM alpine AS base\nARG MY_SECRET\n{COPY}RUN deploy\nFROM base\nRUN deploy\n",
        f"FROM alpine AS base\nRUN {MOUNT} {STATEMENT}; {TAKEN} deploy\nFROM base\nRUN deploy\n",
        COPIED,
    ),
    "ENV removed, only the ARG's name is served": pair(
        "", 'deploy "$TOKEN"', f'{MOUNT} {EXPORTED} && deploy "$TOKEN"', COPIED, gone="ARG MY_SECRET\n" + COPY
    ),
    "ENV removed, its copy not exported": pair(
        "", "deploy", f'{MOUNT} {STATEMENT}; TOKEN="u:$MY_SECRET"; deploy', COPIED, gone="ARG MY_SECRET\n" + COPY
    ),
    "ENV removed, its text lost": pair(
        "", "deploy", f"{MOUNT} {STATEMENT}; {TAKEN.replace('u:', '')} deploy", COPIED, gone="ARG MY_SECRET\n" + COPY
    ),
    "ENV removed, unset instead of empty": pair(
        "",
        'deploy "${MY_SECRET-unset}"',
        f'{MAYBE} {IF_THERE}; deploy "${{MY_SECRET-unset}}"',
        OPTIONAL,
        gone="ARG MY_SECRET\nENV MY_SECRET=$MY_SECRET\n",
    ),
    "ENV removed, other words with it": pair(
        "", "deploy", f"{MOUNT} {EXPORTED} && deploy", gone="ARG MY_SECRET\nENV A=x MY_SECRET=$MY_SECRET\n"
    ),
    "ENV kept, and empty": pair(COPY, "deploy", f"{MOUNT} {EXPORTED} && deploy", EITHER),
    "ENV removed, its default lost": pair(
        "", "deploy", f"{MAYBE} {OR_EMPTY}; deploy", OPTIONAL, gone="ARG MY_SECRET\nENV MY_SECRET=${MY_SECRET:-dev}\n"
    ),
    "ENV removed too far": pair(
        "",
        "deploy\nENV MY_SECRET=late\nRUN deploy",
        f"{MOUNT} {EXPORTED} && deploy\nRUN deploy",
        gone="ARG MY_SECRET\nENV MY_SECRET=$MY_SECRET\n",
    ),
    "stage's ARG removed, its child reads it": (
        'FROM alpine AS base\nARG MY_SECRET\nRUN curl "$MY_SECRET"\nFROM base\nRUN deploy\n',
        f'FROM alpine AS base\nRUN {MOUNT} {READ} && curl "$MY_SECRET"\nFROM base\nRUN deploy\n',
        REQUIRED,
    ),
    "stage that never had it": (
        "FROM alpine\nARG MY_SECRET\nRUN deploy\nFROM alpine\nRUN deploy\n",
        f"FROM alpine\nRUN {ENV} deploy\nFROM alpine\nRUN {ENV} deploy\n",
        REQUIRED,
    ),
    "stage's parent changed": (
        "FROM alpine AS base\nWORKDIR /w\nRUN touch f\nFROM base\nARG MY_SECRET\nRUN deploy; cat f\n",
        f"FROM alpine AS base\nWORKDIR /w\nRUN touch f\nFROM alpine\nRUN {ENV} deploy; cat f\n",
        REQUIRED,
    ),
    "broad, one forgotten": pair("", "prepare\nRUN deploy", f"{MAYBE} {IF_THERE}; prepare\nRUN deploy", OPTIONAL),
    "broad, not exported": pair("", "deploy", f"{MAYBE} if [ -s {FILE} ]; then {READ} || exit 1; fi; deploy", OPTIONAL),
    "broad, required": pair("", "deploy", f"{MOUNT} {EXPORTED} && deploy", OPTIONAL),
    "tool that reads it, not served": (
        "FROM node\nARG NPM_TOKEN\nRUN npm ci\n",
        "FROM node\nRUN npm ci\n",
        Expected(moved=frozenset({"NPM_TOKEN"}), never_read=QUIET),
    ),
}
