"""Commands that find it in their environment, other shells, other users."""

from __future__ import annotations

from .shape import Shape, bash, run

def unseen(name: str, command: str) -> Shape:
    """Nobody names it, and a command could read it: refused as `unseen-reader`."""
    return Shape(name, f"FROM alpine\nARG MY_SECRET\nRUN {command}\n", refused=True)


SHAPES: tuple[Shape, ...] = (
    unseen("no visible use", "deploy --now"),
    unseen("no visible use, several commands", "prepare; deploy --now || rollback"),
    unseen("tool that reads other names", "npm ci"),
    unseen("sudo with the environment", "sudo -E deploy"),
    Shape(
        "known tool",
        "FROM node\nARG NPM_TOKEN\nRUN npm ci\n",
        moved=frozenset({"NPM_TOKEN"}),
        optional=None,
    ),
    Shape(
        "known tool with a statement",
        "FROM node\nARG NPM_TOKEN\nRUN npm ci || npm install; touch done\n",
        moved=frozenset({"NPM_TOKEN"}),
        optional=None,
    ),
    run("no visible use, and nobody who could look", "mkdir d && chmod 700 d; rmdir d || true", optional=None, inert=True),
    run("visible use and a command that could look", 'curl "$MY_SECRET" && deploy'),
    run("inner shell in single quotes", "sh -c 'deploy \"$MY_SECRET\"'", optional=None),
    run("inner shell in double quotes", 'sh -c "deploy \'$MY_SECRET\'"'),
    run("inner shell, dollar escaped", 'sh -c "deploy \\"\\$MY_SECRET\\""', optional=None),
    run("inner shell after a pipe", "echo 'deploy \"$MY_SECRET\"' | sh", optional=None),
    run("inner login shell", "bash -lc 'deploy \"$MY_SECRET\"'", optional=None),
    run("inner shell within an inner shell", "sh -c 'sh -c \"deploy \\\"\\$MY_SECRET\\\"\"'", optional=None),
    run("script made here", "echo 'deploy \"$MY_SECRET\"' > s && sh s && rm s", optional=None),
    run("script made here, sourced", "echo 'deploy \"$MY_SECRET\"' > s; . ./s", optional=None),
    run("eval in single quotes", "eval 'deploy \"$MY_SECRET\"'", optional=None),
    run("eval in double quotes", 'eval "deploy $MY_SECRET"'),
    run("eval of a quiet command", "eval 'printf %s \"$MY_SECRET\"'", optional=None),
    run("sudo", 'sudo deploy "$MY_SECRET"'),
    run("sudo with a shell", "sudo -E sh -c 'deploy \"$MY_SECRET\"'", optional=None),
    run("sudo with one variable", 'sudo MY_SECRET="$MY_SECRET" deploy'),
    run("sudo that keeps one variable", "sudo --preserve-env=MY_SECRET deploy", optional=None),
    run("su", "su node -c 'deploy \"$MY_SECRET\"'", optional=None),
    run("su with a login", 'su - node -c "deploy \'$MY_SECRET\'"'),
    run("env with a command", 'env TOKEN="$MY_SECRET" deploy'),
    run("env alone", "env | grep MY_SECRET | sort > seen", optional=None),
    run("env that clears", 'env -i PATH="$PATH" deploy "$MY_SECRET"'),
    run("env that drops it", 'env -u MY_SECRET deploy "$MY_SECRET"'),
    run("printenv", "printenv MY_SECRET", optional=None),
    run("printenv into a file", "printenv MY_SECRET > key && deploy key", optional=None),
    run("export -p", "export -p | grep MY_SECRET > seen", optional=None),
    run("set", "set | grep ^MY_SECRET= > seen", optional=None),
    run("xargs", 'printf %s canary | xargs deploy "$MY_SECRET"'),
    run("xargs with a shell", "echo a b | xargs -n1 sh -c 'deploy \"$0\" \"$MY_SECRET\"'", optional=None),
    run("time", 'time deploy "$MY_SECRET"'),
    run("nohup", 'nohup deploy "$MY_SECRET"'),
    run("nice", 'nice -n 5 deploy "$MY_SECRET"'),
    run("timeout", 'timeout 5 deploy "$MY_SECRET"'),
    run("command", 'command -v deploy && command deploy "$MY_SECRET"'),
    run("wrapped quiet command", 'timeout 5 curl "$MY_SECRET" && nice curl "$MY_SECRET"'),
    run("python one-liner", "python3 -c 'import os; print(os.environ[\"MY_SECRET\"])'", optional=None),
    run("envsubst", "printf 'k=$MY_SECRET' | envsubst > conf", optional=None),
    Shape(
        "git credential helper",
        "FROM alpine\nARG MY_SECRET\n"
        "RUN git -c credential.helper='!f() { echo \"password=$MY_SECRET\"; }; f' clone https://h/r\n",
        optional=None,
        reads=frozenset({"git"}),
    ),
    run("guarded by another variable", '[ -z "$CI" ] && deploy "$MY_SECRET"'),
    bash("exported function", 'go() { deploy "$MY_SECRET"; }; export -f go; bash -c go', optional=None),
    bash("bash under SHELL bash", "bash -c 'deploy \"$MY_SECRET\"'", optional=None),
    Shape(
        "SHELL with -e",
        'FROM alpine\nSHELL ["/bin/sh", "-ec"]\nARG MY_SECRET\nRUN deploy "$MY_SECRET"; fail3; touch never\n',
    ),
    Shape(
        "SHELL with -u",
        'FROM alpine\nSHELL ["/bin/sh", "-uc"]\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n',
    ),
    Shape("USER, numeric", 'FROM alpine\nARG MY_SECRET\nUSER 1000\nRUN deploy "$MY_SECRET" > mine\n'),
    Shape("USER, numeric with a group", 'FROM alpine\nARG MY_SECRET\nUSER 1000:50\nRUN curl "$MY_SECRET"\n'),
    Shape("USER, named", 'FROM node\nARG MY_SECRET\nUSER node\nRUN deploy "$MY_SECRET"\n'),
    Shape("USER, from a variable", 'FROM alpine\nARG WHO=1000\nARG MY_SECRET\nUSER $WHO\nRUN deploy "$MY_SECRET"\n'),
    Shape("USER root", 'FROM own/base\nUSER root\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n'),
    Shape(
        "USER that comes and goes",
        'FROM alpine\nARG MY_SECRET\nUSER 1000\nRUN curl "$MY_SECRET" > a\nUSER root\nRUN curl "$MY_SECRET" > b\n',
    ),
    Shape(
        "USER of the parent stage",
        'FROM alpine AS base\nUSER 1234\nFROM base\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n',
    ),
    Shape("USER that is not root, optional", 'FROM alpine\nARG MY_SECRET\nUSER app\nRUN deploy "${MY_SECRET:-none}"\n', optional=True),
    Shape("su under root", "FROM alpine\nUSER root\nARG MY_SECRET\nRUN su app -c 'deploy \"$MY_SECRET\"'\n", optional=None),
)
