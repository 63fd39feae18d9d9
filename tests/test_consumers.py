"""Which commands of a RUN could find a variable called X in their environment."""

from __future__ import annotations

import pytest

from codemod.consumers import NEVER_READ, READERS, SYSTEM_FOLDERS, curious, known_name, reader_of, runs_only_git
from codemod.shell import read

NOBODY_COULD = {
    "nothing runs": "A=1",
    "the shell's own": 'echo "$X"; printf %s "$X"; cd /a; [ -n "$X" ]; test -z "$X"; true; :',
    "files and text": "cat a | sed s/a/b/ | grep c | sort > d; mkdir -p e; rm -rf f",
    "curl": 'curl -u "user:$X" https://h',
    "wget": 'wget --header="Authorization: $X" https://h',
    "archives": "tar -xzf a.tgz; unzip b.zip",
    "system packages": "apk add a && apt-get install -y b",
    "a tool with its path": "/usr/bin/curl $X",
    "a function of the RUN's own": "f() { echo a; }; f",
    "set with options": "set -eux",
    "export of a name": "export A",
    "export of a value": "export A=$X",
}
SOMEBODY_COULD = {
    "a tool of anyone's": ("make all", ["make"]),
    "one of several": ("echo a && npm ci && rm b", ["npm"]),
    "git": ("git clone https://h/r", ["git"]),
    "a script": ("./build.sh", ["./build.sh"]),
    "a script by its path": ("/app/curl a", ["/app/curl"]),
    "a shell": ("sh -c 'echo $X'", ["sh"]),
    "a command that only the shell knows": ("$A b", [None]),
    "in a command substitution": ("A=$(node -p b)", ["node"]),
    "in a function": ("f() { make; }; f", ["make"]),
    "env": ("env", ["env"]),
    "printenv": ("printenv X", ["printenv"]),
    "export, which shows all": ("export", ["export"]),
    "export -p, which shows all": ("export -p", ["export"]),
    "set, which shows all": ("set", ["set"]),
    "tar, which starts a command": ("tar --to-command=a -xf b", ["tar"]),
    "tar with a compressor of its own": ("tar --use-compress-program=a -xf b", ["tar"]),
    "curl, which is given the name": ("curl --variable %X --expand-data '{{X}}' h", ["curl"]),
    "test -v": ("test -v X", ["test"]),
    "sed, which runs commands": ("sed 's/a/printenv X/e' b", ["sed"]),
    "exec": ("exec make", ["exec"]),
    "eval": ("eval a", ["eval"]),
    "sudo": ("sudo -E a", ["sudo"]),
    "xargs": ("xargs make", ["xargs"]),
    "find": ("find . -exec make {} +", ["find"]),
    "awk": ("awk 'ENVIRON[\"X\"]'", ["awk"]),
    "a source'd file": (". ./a", ["."]),
}


@pytest.mark.parametrize("text", NOBODY_COULD.values(), ids=NOBODY_COULD)
def test_nobody_could_look_at_its_environment(text: str) -> None:
    assert curious(read(text), "X") == ()


@pytest.mark.parametrize(("text", "names"), SOMEBODY_COULD.values(), ids=SOMEBODY_COULD)
def test_who_could_look_at_its_environment(text: str, names: list[str | None]) -> None:
    assert [command.name for command in curious(read(text), "X")] == names


def test_everyone_could_where_the_text_is_not_understood() -> None:
    assert [command.name for command in curious(read("echo 'a && cat b"), "X")] == ["echo"]


def test_the_name_of_another_is_not_looked_up() -> None:
    assert curious(read("curl --variable %XY h"), "X") == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [("a", "a"), ("./a", None), ("/app/a", None), ("a/b", None), ("$A", None), *((f"{folder}a", "a") for folder in SYSTEM_FOLDERS)],
)
def test_which_tool_a_command_is(text: str, name: str | None) -> None:
    assert known_name(read(text).commands[0]) == name


READ_IT = {
    "npm": ("npm ci", "NPM_CONFIG_TOKEN"),
    "npm in small letters": ("npm ci", "npm_config_token"),
    "npm as setup-node has it": ("npm ci", "NODE_AUTH_TOKEN"),
    "yarn": ("yarn install", "YARN_NPM_AUTH_TOKEN"),
    "pip": ("pip install a", "PIP_INDEX_URL"),
    "bundler": ("bundle install", "BUNDLE_GITHUB__COM"),
    "composer": ("composer install", "COMPOSER_AUTH"),
    "cargo": ("cargo build", "CARGO_REGISTRIES_A_TOKEN"),
    "gh": ("gh release list", "GITHUB_TOKEN"),
    "aws": ("aws s3 cp a b", "AWS_SECRET_ACCESS_KEY"),
    "terraform": ("terraform init", "TF_TOKEN_app_terraform_io"),
    "sentry": ("sentry-cli releases list", "SENTRY_AUTH_TOKEN"),
    "poetry": ("poetry install", "POETRY_HTTP_BASIC_A_PASSWORD"),
    "uv": ("uv sync", "UV_INDEX_A_PASSWORD"),
    "gradle by a wrapper on PATH": ("gradlew build", "ORG_GRADLE_PROJECT_token"),
    "the second command": ("echo a && npm ci", "NPM_CONFIG_TOKEN"),
}
DO_NOT = {
    "another tool": ("curl h", "NPM_CONFIG_TOKEN"),
    "a name that is not documented": ("npm ci", "MY_TOKEN"),
    "a longer name": ("npm ci", "MY_NPM_CONFIG_TOKEN"),
    "a tool of the image's own": ("./npm ci", "NPM_CONFIG_TOKEN"),
    "no command at all": ("A=1", "NPM_CONFIG_TOKEN"),
}


@pytest.mark.parametrize(("text", "name"), DO_NOT.values(), ids=DO_NOT)
def test_it_is_not_documented_to_read_it(text: str, name: str) -> None:
    assert reader_of(name, read(text).commands) is None


@pytest.mark.parametrize(("text", "name"), READ_IT.values(), ids=READ_IT)
def test_it_is_documented_to_read_it(text: str, name: str) -> None:
    reader = reader_of(name, read(text).commands)
    assert reader is not None
    assert reader.name is not None
    assert reader.name in text


@pytest.mark.parametrize(
    ("text", "only_git"), [("git fetch", True), ("git a; /usr/bin/git b", True), ("git a; make", False), ("./git a", False)]
)
def test_only_git_is_left(text: str, *, only_git: bool) -> None:
    assert runs_only_git(read(text).commands) is only_git


def test_a_tool_that_reads_few_names_is_no_reader_of_all() -> None:
    assert {name for name in NEVER_READ & READERS.keys() if curious(read(name), "X")} == set()
    assert [command.name for command in curious(read("apk add a"), "HTTP_AUTH")] == ["apk"]
