"""Which commands look at their environment for a build arg, and which never do."""

from __future__ import annotations

import re

from codemod.shell import Command, Reading, Shell
from codemod.text import Span

# They take what they need from arguments, input, files and variables of their own, and start nothing
# that could look further. Shell builtins are here where they show nobody the environment.
NEVER_READ = frozenset({
    # shells' own
    ":", "[", "[[", "test", "true", "false", "echo", "printf", "cd", "pwd", "exit", "return", "break", "continue", "set",
    "shift", "unset", "read", "umask", "wait", "type", "hash", "local", "readonly",
    # files and text
    "basename", "cat", "chgrp", "chmod", "chown", "cmp", "comm", "cp", "cut", "date", "dd", "df", "diff", "dirname", "du",
    "expr", "file", "fold", "grep", "egrep", "fgrep", "head", "id", "install", "join", "ln", "ls", "md5sum", "mkdir",
    "mkfifo", "mktemp", "mv", "nl", "od", "paste", "readlink", "realpath", "rm", "rmdir", "rev", "sed", "seq", "sha1sum",
    "sha256sum", "sha512sum", "shred", "sleep", "sort", "split", "stat", "sync", "tac", "tail", "tee", "touch", "tr",
    "truncate", "uname", "uniq", "wc", "which", "whoami", "yes", "base64", "xxd", "hexdump", "envdir",
    # archives
    "bunzip2", "bzip2", "gunzip", "gzip", "tar", "unxz", "unzip", "xz", "zip", "zcat",
    # transfers: what they do read (proxies, their own settings) is not a build secret's name
    "curl", "wget",
    # accounts and system packages
    "addgroup", "adduser", "groupadd", "groupmod", "useradd", "usermod", "update-ca-certificates", "ldconfig",
    "apk", "apt", "apt-get", "apt-key", "dnf", "dpkg", "gpg", "microdnf", "rpm", "yum", "zypper", "tdnf", "pacman",
})  # fmt: skip
# git reads no variable of the user's own unless a helper or a hook does, and a helper has to be written down first
NEVER_READ_BY_ITSELF = frozenset({"git"})

# They look up a variable that they are given the bare name of: `curl --variable %NAME`, `test -v NAME`, sed's `e`.
LOOK_UP_NAMES = frozenset({"curl", "sed", "test", "["})

# Options that make one of those above start a command of the user's.
STARTS_A_COMMAND = re.compile(r"--(?:to-command|use-compress-program|checkpoint-action|filter|compress-program|info-script|rsh-command)\b")

# Tools and the variables they are documented to read. A RUN that runs one needs the variable, `$` or not.
# Patterns are compiled when a RUN runs the tool, not at start-up.
READERS: dict[str, str] = {
    command: names
    for commands, names in (
        ("apk", r"HTTP_(?:PROXY_)?AUTH"),
        ("npm npx pnpm yarn yarnpkg bun", r"NPM_CONFIG_\w+|npm_config_\w+|NODE_AUTH_TOKEN|YARN_\w+|BUN_\w+"),
        ("pip pip3 pipenv", r"PIP_\w+|PIPENV_\w+"),
        ("uv uvx", r"UV_\w+|PIP_\w+"),
        ("poetry", r"POETRY_\w+|PIP_\w+"),
        ("twine", r"TWINE_\w+"),
        ("conda mamba micromamba", r"CONDA_\w+|ANACONDA_\w+"),
        ("bundle bundler gem", r"BUNDLE_\w+|GEM_\w+|RUBYGEMS_\w+"),
        ("composer", r"COMPOSER_\w+"),
        ("cargo", r"CARGO_\w+"),
        ("go", r"GO[A-Z]+|NETRC"),
        ("git", r"GIT_(?:ASKPASS|SSH\w*|CONFIG\w*|AUTHOR_\w+|COMMITTER_\w+|PROXY_COMMAND|HTTP_\w+|SSL_\w+)|SSH_ASKPASS"),
        ("mvn mvnw", r"MAVEN_(?:OPTS|ARGS|CONFIG)|MVNW_\w+"),
        ("gradle gradlew", r"GRADLE_(?:OPTS|USER_HOME|ENCRYPTION_KEY)|ORG_GRADLE_PROJECT_\w+"),
        ("dotnet nuget", r"NuGet\w+|NUGET_CREDENTIALPROVIDER\w+|VSS_NUGET_\w+|ARTIFACTS_CREDENTIALPROVIDER\w+"),
        ("gh", r"(?:GH|GITHUB)_(?:ENTERPRISE_)?TOKEN|GH_HOST"),
        ("glab", r"GITLAB_(?:ACCESS_)?TOKEN|GITLAB_HOST|GLAB_\w+|CI_JOB_TOKEN"),
        ("aws sam cdk", r"AWS_\w+"),
        ("gcloud gsutil bq", r"CLOUDSDK_\w+|GOOGLE_\w+"),
        ("az", r"AZURE_\w+|ARM_\w+"),
        ("terraform tofu terragrunt", r"TF_\w+|AWS_\w+|ARM_\w+|GOOGLE_\w+"),
        ("pulumi", r"PULUMI_\w+"),
        ("vault", r"VAULT_\w+"),
        ("sentry-cli", r"SENTRY_\w+"),
        ("docker podman skopeo crane", r"DOCKER_(?:HOST|CONFIG|CONTEXT|AUTH_CONFIG|TLS\w*|CERT_PATH)|REGISTRY_AUTH\w*"),
        ("huggingface-cli hf", r"HF_\w+|HUGGING_?FACE_\w+"),
        ("psql pg_dump pg_restore", r"PG\w+"),
        ("mysql mysqldump mariadb", r"MYSQL_(?:PWD|HOST|TCP_PORT|UNIX_PORT)"),
        ("conan", r"CONAN_\w+"),
        ("mix", r"HEX_\w+"),
        ("doppler", r"DOPPLER_\w+"),
        ("snyk", r"SNYK_\w+"),
        ("sonar-scanner", r"SONAR_\w+"),
    )
    for command in commands.split()
}
SYSTEM_FOLDERS = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/")


def known_name(command: Command) -> str | None:
    """The tool that a command runs; None where it is a path of the image's own or only the shell knows."""
    name = command.name
    if name is None or "/" not in name:
        return name
    folder, _, base = name.rpartition("/")
    return base if folder + "/" in SYSTEM_FOLDERS else None


def curious(shell: Shell, variable: str) -> tuple[Command, ...]:
    """The commands of a RUN that could find `variable` in their environment."""
    if not shell.understood:
        return shell.commands
    named = [mention.span for mention in shell.mentions(variable) if mention.reading is Reading.NAMED]
    return tuple(
        command
        for command in shell.commands
        if not _never_reads(command, shell) or _looks_up(command, named) or _is_reader(command, variable)
    )


def _never_reads(command: Command, shell: Shell) -> bool:
    name = known_name(command)
    if name in ("export", "set"):  # without arguments they show what there is
        arguments = command.words[1:] if name == "set" else command.words
        return bool(arguments) and arguments[0].text != "-p"
    if any(STARTS_A_COMMAND.match(word.text) for word in command.words[1:]):
        return False
    return name in NEVER_READ or command.name in shell.functions


def _looks_up(command: Command, named: list[Span]) -> bool:
    return known_name(command) in LOOK_UP_NAMES and any(span in command.span for span in named)


def reader_of(name: str, commands: tuple[Command, ...]) -> Command | None:
    """The first command that is documented to read the variable `name` from its environment."""
    return next((command for command in commands if _is_reader(command, name)), None)


def _is_reader(command: Command, variable: str) -> bool:
    pattern = READERS.get(known_name(command) or "")
    return pattern is not None and re.fullmatch(pattern, variable) is not None


def runs_only_git(commands: tuple[Command, ...]) -> bool:
    """Whether nothing but git is left that could look: it does so through helpers that a RUN would have set up."""
    return all(known_name(command) in NEVER_READ_BY_ITSELF for command in commands)


def reads_only_known_names(commands: tuple[Command, ...]) -> bool:
    """Whether every command is a tool that is known to read variables of certain names, and no other."""
    return all(known_name(command) in READERS for command in commands)
