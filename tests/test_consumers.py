"""Which commands of a RUN could find a variable called X in their environment."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from codemod import consumers
from codemod.consumers import NEVER_READ, READERS, RUN_GIT, SYSTEM_FOLDERS, curious, known_name, reader_of, runs_only_git, tool, tools
from codemod.shell import Command, Reading, read
from codemod.text import Span

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
    "command -v": "command -v make; command -V make",
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
    "command": ("command make", ["command"]),
    "envdir, which runs a program": ("envdir a make", ["envdir"]),
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
    "gradle by its wrapper": ("./gradlew build", "ORG_GRADLE_PROJECT_token"),
    "maven by its wrapper in another folder": ("/src/mvnw package", "MVNW_PASSWORD"),
    "a tool of a virtual environment": ("/opt/venv/bin/pip install a", "PIP_INDEX_URL"),
    "a tool below a variable": ("$HOME/.local/bin/poetry install", "POETRY_HTTP_BASIC_A_PASSWORD"),
    "a tool with a version in its name": ("pip3.12 install a", "PIP_INDEX_URL"),
    "a tool that Python is told to run": ("python3 -m twine upload a", "TWINE_PASSWORD"),
    "a tool that npx runs": ("npx --yes vercel@latest build", "VERCEL_TOKEN"),
    "a tool that npx runs from a package": ("npx -p @sentry/cli sentry-cli releases new a", "SENTRY_AUTH_TOKEN"),
    "a tool that npx runs by its package": ("npx @sentry/cli@2 releases new a", "SENTRY_AUTH_TOKEN"),
    "a tool that npm runs": ("npm exec -- semantic-release", "GITHUB_TOKEN"),
    "a tool that yarn runs": ("yarn sentry-cli sourcemaps upload", "SENTRY_AUTH_TOKEN"),
    "a tool that yarn is asked to run": ("yarn run sentry-cli sourcemaps upload", "SENTRY_AUTH_TOKEN"),
    "a tool that pnpm fetches": ("pnpm dlx turbo build", "TURBO_TOKEN"),
    "a tool that bundler runs": ("bundle exec rake assets:precompile", "RAILS_MASTER_KEY"),
    "a tool that poetry runs": ("poetry run dbt deps", "DBT_TOKEN"),
    "a tool in a conda environment": ("conda run -n a aws s3 cp b c", "AWS_SECRET_ACCESS_KEY"),
    "rails by its own script": ("bin/rails assets:precompile", "SECRET_KEY_BASE"),
    "a proxy": ("pip install a", "https_proxy"),
    "a proxy that curl goes through": ("curl h", "HTTPS_PROXY"),
    "git, which npm runs": ("npm ci", "GIT_ASKPASS"),
    "git": ("git clone h", "GIT_CONFIG_VALUE_0"),
    "go": ("go mod download", "GOAUTH"),
    "R": ("Rscript -e 'renv::restore()'", "GITHUB_PAT"),
    "sshpass": ("sshpass -e ssh h", "SSHPASS"),
    "nuget": ("dotnet restore", "NuGetPackageSourceCredentials_a"),
    "pulumi": ("pulumi up", "PULUMI_ACCESS_TOKEN"),
    "hex": ("mix deps.get", "HEX_API_KEY"),
    "expo": ("eas build", "EXPO_TOKEN"),
    "the second command": ("echo a && npm ci", "NPM_CONFIG_TOKEN"),
}
DO_NOT = {
    "another tool": ("curl h", "NPM_CONFIG_TOKEN"),
    "a name that is not documented": ("npm ci", "MY_TOKEN"),
    "a longer name": ("npm ci", "MY_NPM_CONFIG_TOKEN"),
    "what only an .npmrc makes npm read": ("npm ci", "NPM_TOKEN"),
    "a proxy and a tool that has no network": ("sed a b", "HTTPS_PROXY"),
    "git, which curl does not run": ("curl h", "GIT_ASKPASS"),
    "a package that is installed": ("npm install vercel", "VERCEL_TOKEN"),
    "a package that pip installs": ("python -m pip install kaggle", "KAGGLE_KEY"),
    "a script that has a tool's name as an argument": ("python manage.py kaggle", "KAGGLE_KEY"),
    "a word further on": ("npx webpack a aws", "AWS_SECRET_ACCESS_KEY"),
    "a script that only the shell knows": ("$A/b", "NPM_CONFIG_TOKEN"),
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
    assert reader.words[0].plain in text


@pytest.mark.parametrize(
    ("text", "only_git"), [("git fetch", True), ("git a; /usr/bin/git b", True), ("git a; make", False), ("./git a", False)]
)
def test_only_git_is_left(text: str, *, only_git: bool) -> None:
    assert runs_only_git(read(text).commands) is only_git


def test_a_tool_that_reads_few_names_is_no_reader_of_all() -> None:
    assert {name for name in NEVER_READ & READERS.keys() if curious(read(name), "X")} == set()
    assert [command.name for command in curious(read("apk add a"), "HTTP_AUTH")] == ["apk"]


INLINE = {
    "node": "node -e 'fetch(h, {auth: process.env.X})'",
    "python": "python3 -c 'import os; os.environ[\"X\"]'",
    "ruby": "ruby -e 'ENV.fetch(\"X\")'",
    "perl": "perl -e 'print $ENV{X}'",
    "php": "php -r 'getenv(\"X\");'",
    "deno": "deno eval 'Deno.env.get(\"X\")'",
    "R": "Rscript -e 'Sys.getenv(\"X\")'",
    "awk": "awk 'BEGIN {print ENVIRON[\"X\"]}'",
    "jq": "jq -n env.X",
    "a shell": "sh -c 'curl -u u:$X h'",
    "a program on standard input": "node <<'EOF'\nprocess.env.X\nEOF\n",
}


@pytest.mark.parametrize("text", INLINE.values(), ids=INLINE)
def test_a_program_in_the_text_names_what_it_reads(text: str) -> None:
    """So it is a use that shows, and needs no table."""
    shell = read(text)
    assert {mention.reading for mention in shell.mentions("X")} <= {Reading.NAMED, Reading.CHILD}
    assert shell.mentions("X")
    assert curious(shell, "X")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("npm ci", ["npm"]),
        ("./npm ci", []),
        ("$A ci", []),
        ("npx a", ["npx"]),
        ("npx aws", ["npx", "aws"]),
        ("python a.py", ["python"]),
        ("python -m pip", ["python", "pip"]),
        ("bundle install rake", ["bundle"]),
        ("/usr/bin/git a", ["git"]),
    ],
)
def test_the_tools_that_a_command_runs(text: str, names: list[str]) -> None:
    (command,) = read(text).commands
    assert list(tools(command)) == names
    assert tool(command) == (names[0] if names else None)


def test_each_tool_has_one_row() -> None:
    """The later of two would count, and nobody would see."""
    rows = ast.walk(ast.parse(inspect.getsource(consumers)))
    named = [node.elts[0].value for node in rows if isinstance(node, ast.Tuple) and node.elts and isinstance(node.elts[0], ast.Constant)]
    found = [name for names in named if isinstance(names, str) for name in names.split() if name in READERS]
    assert set(found) == set(READERS)
    assert [name for name in READERS if found.count(name) > 1 + (name in consumers.LAUNCHERS)] == []
    assert set(READERS) >= RUN_GIT


def test_a_row_is_a_pattern_that_fits_no_name_of_anyones() -> None:
    anyones = ("TOKEN", "PASSWORD", "SECRET", "API_KEY", "MY_TOKEN", "")
    assert [name for name, pattern in READERS.items() if any(re.fullmatch(pattern, other) for other in anyones)] == []


def test_nobody_knows_the_tool_of_a_text_that_is_too_deep() -> None:
    assert tool(Command(None, Span(0, 1), (), (), piped=False, captured=False)) is None
