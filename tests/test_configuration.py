"""Which commands may look at which files of the context."""

from __future__ import annotations

import re

import pytest

from codemod.configuration import DEMANDS, FILES, TOOLS, demands, is_configuration, reads
from codemod.shell import read

SCRIPT, SOURCE, NPMRC, PIP, GITHELPER = "scripts/install.sh", "src/app.py", "config/.npmrc", "requirements-dev.txt", "git-askpass.sh"
EVERYTHING = frozenset({SCRIPT, SOURCE, NPMRC, PIP, GITHELPER})
CODE = frozenset({SCRIPT, SOURCE})
# a command, and which of these files it may look at
ROWS = {
    # whatever there is
    "make": ("make all", EVERYTHING),
    "a script": ("./build.sh", EVERYTHING),
    "a script that is asked something short": ("./build.sh -v", EVERYTHING),
    "a script that is asked for its version": ("./build.sh --version", EVERYTHING),
    "a program that nobody knows": ("frobnicate a", EVERYTHING),
    "what only the shell knows": ("$A b", EVERYTHING),
    "a shell with a script": ("sh build.sh", EVERYTHING),
    "a sourced file": (". ./a", EVERYTHING),
    "a script of npm": ("npm run build", EVERYTHING),
    "a script of npm named like a subcommand": ("npm run config", EVERYTHING),
    "npm test": ("npm test", EVERYTHING),
    "a script of yarn": ("yarn build", EVERYTHING),
    "a script of pnpm": ("pnpm build", EVERYTHING),
    "npx": ("npx webpack", EVERYTHING),
    "node": ("node a.js", EVERYTHING),
    "a program in the text": ("python -c 'import app'", EVERYTHING),
    "a module": ("python -m app", EVERYTHING),
    "envsubst": ("envsubst", EVERYTHING),
    "a task of bundler": ("bundle exec rake a", EVERYTHING),
    "poetry run": ("poetry run a", EVERYTHING),
    "mvn package": ("mvn clean package", EVERYTHING),
    "gradle without a task": ("./gradlew", EVERYTHING),
    "gradle build": ("./gradlew build -x test", EVERYTHING),
    "dotnet publish": ("dotnet publish -c Release", EVERYTHING),
    "go generate": ("go generate ./...", EVERYTHING),
    "mix release": ("mix do deps.get + release", EVERYTHING),
    "terraform apply": ("terraform apply", EVERYTHING),
    "composer's scripts": ("composer run-script a", EVERYTHING),
    "find that runs a script": ("find . -exec ./a.sh {} +", EVERYTHING),
    "xargs that runs what it is given": ("xargs", EVERYTHING),
    "env with a command": ("env A=1 make", EVERYTHING),
    # its own configuration, and code of the context
    "npm ci": ("npm ci", CODE | {NPMRC}),
    "npm install in a folder": ("npm --prefix run install", CODE | {NPMRC}),
    "npm by its path": ("/usr/local/bin/npm ci --omit=dev", CODE | {NPMRC}),
    "yarn": ("yarn", CODE | {NPMRC}),
    "yarn with options": ("yarn --frozen-lockfile --cwd a", CODE | {NPMRC}),
    "pnpm install": ("pnpm i --frozen-lockfile", CODE | {NPMRC}),
    "bun install": ("bun install", CODE | {NPMRC}),
    "pip with the project": ("pip install .", CODE | {PIP}),
    "pip with the project and an extra": ("pip install --no-cache-dir '.[dev]'", CODE | {PIP}),
    "pip with the project to be edited": ("pip install -e .", CODE | {PIP}),
    "pip with a folder": ("pip install -r a.txt /app", CODE | {PIP}),
    "pip with a folder below": ("pip install services/api", CODE | {PIP}),
    "pip with a file URL": ("pip install file:./a", CODE | {PIP}),
    "pip by Python": ("python3 -m pip install .", CODE | {PIP}),
    "uv pip": ("uv pip install --system .", CODE | {PIP}),
    "uv sync": ("uv sync --frozen", CODE | {PIP}),
    "poetry install": ("poetry install", CODE | {PIP}),
    "cargo build": ("cargo build --release", CODE),
    "cargo with a toolchain": ("cargo +nightly build", CODE),
    "cargo install of the project": ("cargo install --path .", CODE),
    "composer install": ("composer install", CODE),
    "deps.compile": ("mix deps.compile", CODE),
    # its own configuration
    "npm ci without scripts": ("npm ci --ignore-scripts", {NPMRC}),
    "npm install of a tool": ("npm install -g a", {NPMRC}),
    "npm config": ("npm config set a b", {NPMRC}),
    "npm view": ("npm --registry https://npm.example.com view a", {NPMRC}),
    "yarn without scripts": ("yarn --ignore-scripts", {NPMRC}),
    "yarn global": ("yarn global add a", {NPMRC}),
    "pnpm fetch": ("pnpm fetch", {NPMRC}),
    "corepack": ("corepack enable", {NPMRC}),
    "pip with requirements": ("pip install --no-cache-dir -r requirements.txt", {PIP}),
    "pip with requirements by a path": ("pip install -r /app/requirements.txt --target /deps", {PIP}),
    "pip with a package": ("pip install a==1.0 b[c]", {PIP}),
    "pip with a URL": ("pip install git+https://git.example.com/a/b", {PIP}),
    "pip with wheels": ("pip install /wheels/a.whl", {PIP}),
    "pip in a virtual environment": ("/opt/venv/bin/pip3 install a", {PIP}),
    "pip by Python, with requirements": ("python -m pip install -r a.txt", {PIP}),
    "uv pip with requirements": ("uv pip install -r a.txt", {PIP}),
    "uv sync without the project": ("uv sync --frozen --no-install-project", {PIP}),
    "poetry without the project": ("poetry install --no-root --only main", {PIP}),
    "pipenv": ("pipenv install --deploy", {PIP}),
    "twine": ("twine upload dist/a", {PIP}),
    "git": ("git clone https://git.example.com/a", {GITHELPER}),
    # a file that it is given the name of
    "pip with requirements of another name": ("pip install -r config/.npmrc", {PIP, NPMRC}),
    "psql with a file": ("psql < scripts/install.sh", {SCRIPT}),
    "psql that writes a file": ("psql > scripts/install.sh", set()),
    "awk with a program": ("awk -f install.sh a", {SCRIPT}),
    "aws with a file": ("aws s3 cp src/app.py s3://a/b", {SOURCE}),
    # nothing of these
    "bundle install": ("bundle install", set()),
    "cargo fetch": ("cargo fetch", set()),
    "cargo chef prepare": ("cargo chef prepare --recipe-path a", set()),
    "cargo install of a tool": ("cargo install a", set()),
    "go build": ("go build -o /out/a ./cmd/a", set()),
    "go mod download": ("go -C a mod download", set()),
    "mvn go-offline": ("mvn -B -s a.xml dependency:go-offline", set()),
    "mvn with a plugin's whole name": ("mvn clean org.apache.maven.plugins:maven-dependency-plugin:3.0:resolve", set()),
    "gradle dependencies": ("./gradlew --no-daemon :app:dependencies", set()),
    "dotnet restore": ("dotnet restore a.csproj", set()),
    "dotnet tool restore": ("dotnet tool restore", set()),
    "composer without scripts": ("composer install --no-scripts", set()),
    "mix deps.get": ("mix do local.hex --force, local.rebar --force, deps.get --only prod", set()),
    "clojure": ("clojure -P", set()),
    "terraform init": ("terraform init", set()),
    "sentry-cli": ("sentry-cli releases list", set()),
    "docker login": ("docker login -u a", set()),
    "cat": ("cat scripts/install.sh config/.npmrc", set()),
    "curl": ("curl https://example.com", set()),
    "apt-get": ("apt-get install -y a", set()),
    "gcc": ("gcc -o a a.c", set()),
    "find": ("find . -name a", set()),
    "env": ("env", set()),
    "command -v": ("command -v npm", set()),
    "a version": ("node --version", set()),
    "a version, shortly": ("npm -v", set()),
    "a version of what nobody knows": ("frobnicate --version", set()),
    "a virtual environment": ("python -m venv /a", set()),
    # wrappers are what they start
    "sudo": ("sudo -u a pip install -r b.txt", {PIP}),
    "env with a variable": ("env A=1 npm ci", CODE | {NPMRC}),
    "a shell": ("sh -c 'pip install -r b.txt && npm view c'", {PIP, NPMRC}),
    "a shell in sudo": ("sudo sh -c 'go build'", set()),
    "a shell with a script in a shell": ("sh -c 'sh b.sh'", EVERYTHING),
    "xargs": ("xargs pip install", {PIP}),
    "find with a known command": ("find . -exec pip install {} ;", {PIP}),
    "corepack with a tool": ("corepack yarn install", CODE | {NPMRC}),
    "timeout": ("timeout 60 npm ci", CODE | {NPMRC}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ROWS.values(), ids=ROWS)
def test_the_files_that_a_command_may_look_at(text: str, expected: set[str]) -> None:
    (command,) = read(text).commands
    assert {path for path in EVERYTHING if reads(command, path)} == expected
    assert reads(command, "") == any(reads(command, path) for path in (*EVERYTHING, "")) or not expected


def test_a_file_of_a_name_that_nobody_knows_may_be_anyones() -> None:
    assert [text for text in ("npm ci", "go build", "git fetch", "echo a", "curl b") if reads(read(text).commands[0], "")] == [
        "npm ci",
        "go build",
        "git fetch",
    ]


OWN = {
    "npm ci": (".npmrc", "docker/npmrc.ci", ".yarnrc.yml", "bunfig.toml", "package.json", ".pnpmfile.cjs", "pnpm-workspace.yaml"),
    "pip install a": ("pip.conf", "a/requirements/dev.txt", "constraints.txt", "pyproject.toml", "Pipfile", "poetry.toml", "uv.toml",
                      "setup.py", "setup.cfg", "tox.ini", ".pypirc", "environment.yml"),
    "mvn dependency:resolve": ("settings.xml", "ci/maven-settings-ci.xml", "a/pom.xml", ".mvn/jvm.config"),
    "gradle dependencies": ("gradle.properties", "app/build.gradle", "settings.gradle.kts", "buildSrc/src/a.kt"),
    "sbt update": ("build.sbt", "project/plugins.sbt", ".sbt/credentials", "credentials"),
    "lein deps": ("project.clj", "profiles.clj", "deps.edn"),
    "dotnet restore": ("NuGet.config", "nuget.docker.config", "src/A/A.csproj", "Directory.Build.props"),
    "composer show a": ("composer.json", "auth.json", "composer-auth.json"),
    "bundle install": ("Gemfile", "a.gemspec", ".bundle/config", ".gemrc"),
    "cargo fetch": ("Cargo.toml", ".cargo/config.toml"),
    "go mod download": ("go.mod", "go.work"),
    "mix deps.get": ("mix.exs", "config/runtime.exs"),
    "rebar3 deps": ("rebar.config", "rebar.config.script"),
    "cabal update": ("a.cabal", "stack.yaml"),
    "swift package resolve": ("Package.swift",),
    "dart pub get": ("pubspec.yaml",),
    "conan install a": ("conanfile.py", "conan.conf"),
    "cpanm a": ("cpanfile",),
    "terraform init": ("main.tf", ".terraformrc", "backend.hcl"),
    "sentry-cli info": (".sentryclirc", "sentry.properties"),
    "git fetch": (".gitconfig", "bin/askpass.sh", "git-credential-helper", ".husky/pre-commit", ".git-hooks/pre-push"),
    "aws s3 ls": (".aws/config",),
    "docker pull a": (".docker/config.json",),
    "openssl req": ("openssl.cnf",),
}  # fmt: skip


@pytest.mark.parametrize(("text", "paths"), OWN.items(), ids=OWN)
def test_the_configuration_of_a_tool_is_its_own(text: str, paths: tuple[str, ...]) -> None:
    (command,) = read(text).commands
    others = [read(other).commands[0] for other in OWN if other != text and "rebar" not in other and not other.startswith("mix")]
    for path in paths:
        assert reads(command, path), path
        assert is_configuration(path)
        assert not any(reads(other, path) for other in others), path


def test_source_is_no_configuration() -> None:
    assert not any(map(is_configuration, ("src/app.js", "install.sh", "Makefile", "config.yml", "notnpmrc/a.js", "")))


def test_each_row_names_files_and_patterns() -> None:
    for tools in TOOLS.values():
        assert tools.files in FILES
        re.compile(f"{tools.own_text}|{tools.lowered}")
        assert not {*tools.own.split()} & {*tools.code.split()}


DEMANDED = {
    "npm": (".npmrc", "//npm.example.com/:_authToken=${X}"),
    "npm by another name": ("docker/npmrc.ci", "//npm.example.com/:_authToken=${X}"),
    "yarn": (".yarnrc.yml", 'npmAuthToken: "${X}"'),
    "pnpm": ("pnpm-workspace.yaml", "token: ${X}"),
    "bun": ("bunfig.toml", 'token = "$X"'),
    "bun with braces": ("bunfig.toml", 'token = "${X}"'),
    "pip": ("requirements.txt", "git+https://${X}@git.example.com/a"),
    "pip's constraints": ("constraints.txt", "git+https://${X}@git.example.com/a"),
    "pipenv": ("Pipfile", "url = 'https://$X@pypi.example.com'"),
    "pdm": ("pyproject.toml", 'url = "https://${X}@pypi.example.com"'),
    "hatch": ("pyproject.toml", 'token = "{env:X}"'),
    "conda": (".condarc", "  - https://conda.example.com/t/${X}/get"),
    "maven": ("settings.xml", "<password>${env.X}</password>"),
    "ivy": ("ivysettings.xml", "passwd=${env.X}"),
    "nuget": ("NuGet.Config", '<add key="ClearTextPassword" value="%X%" />'),
    "goreleaser": (".goreleaser.yml", "token: '{{ .Env.X }}'"),
}
COPES = {
    "a default": (".yarnrc.yml", "npmAuthToken: ${X:-}"),
    "a default for none": (".yarnrc.yml", "npmAuthToken: ${X-}"),
    "npm's question mark": (".npmrc", "//npm.example.com/:_authToken=${X?}"),
    "no braces, where npm wants some": (".npmrc", "//npm.example.com/:_authToken=$X"),
    "another name": (".npmrc", "//npm.example.com/:_authToken=${XY}"),
    "a comment": (".npmrc", "; //npm.example.com/:_authToken=${X}"),
    "a comment of XML": ("settings.xml", "<!-- ${env.X} -->"),
    "a file where nobody puts it in": ("pip.conf", "index-url = https://${X}@pypi.example.com"),
    "a script": ("install.sh", "curl -u u:${X} https://example.com"),
    "a property of hatch with a default": ("hatch.toml", "token = '{env:X:}'"),
    "a program": ("build.gradle", 'password System.getenv("X")'),
}


@pytest.mark.parametrize(("path", "line"), DEMANDED.values(), ids=DEMANDED)
def test_a_tool_cannot_do_without(path: str, line: str) -> None:
    assert demands(path, line, "X")


@pytest.mark.parametrize(("path", "line"), COPES.values(), ids=COPES)
def test_nothing_says_that_it_cannot_do_without(path: str, line: str) -> None:
    assert not demands(path, line, "X")


def test_what_demands_is_configuration() -> None:
    """Goreleaser reads all there is, so that its own file needs no row."""
    paths = {path for path, _ in DEMANDED.values()} - {".goreleaser.yml"}
    assert all(map(is_configuration, paths))
    assert len(DEMANDS) < len(DEMANDED)
