"""Which files a command may look at: its own configuration, the code of the build context, or whatever there is.

A wrong "no" takes a variable from a tool that needs it, a wrong "yes" mounts a secret once too often: what is not known is a yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from codemod.consumers import never_reads, tool
from codemod.shell import Command, read
from codemod.wrappers import started

# The files that belong to the tools of a language or a service, by path; in whatever folder they lie.
FILES = {
    "node": r"[^/]*npmrc[^/]*|[^/]*yarnrc[^/]*|\.?bunfig\.toml|package\.json|package-lock\.json|npm-shrinkwrap\.json|"
    r"pnpm-(?:workspace|lock)\.ya?ml|yarn\.lock|\.?pnpmfile\.c?js|\.yarn/.*|lerna\.json|nx\.json|turbo\.json|rush\.json",
    "python": r"[^/]*pip[^/]*\.(?:conf|ini)|[^/]*(?:requirements|constraints)[^/]*\.(?:txt|in|pip)|requirements/.*|pyproject\.toml|"
    r"pipfile(?:\.lock)?|poetry\.(?:toml|lock)|uv\.(?:toml|lock)|setup\.(?:py|cfg)|tox\.ini|\.pypirc|\.?pdm\.(?:toml|lock)|hatch\.toml|"
    r"\.?condarc|environment[^/]*\.ya?ml",
    "maven": r"[^/]*settings[^/]*\.xml|pom\.xml|\.mvn/.*|mvnw",
    "gradle": r"gradle[^/]*\.properties|[^/]*\.gradle(?:\.kts)?|gradle/.*|buildsrc/.*|gradlew",
    "scala": r"[^/]*\.sbt|project/[^/]*|\.?credentials|\.sbt/.*|ivysettings\.xml|build\.(?:sc|mill)",
    "clojure": r"project\.clj|profiles\.clj|deps\.edn|build\.boot",
    "dotnet": r"[^/]*nuget[^/]*\.config|[^/]*\.(?:[cfv][sb]proj|props|targets|sln|nuspec)|global\.json|paket\..*",
    "php": r"composer[^/]*\.(?:json|lock)|[^/]*auth[^/]*\.json",
    "ruby": r"gemfile[^/]*|[^/]*\.gemspec|gems\.rb|\.bundle/.*|\.?gemrc",
    "rust": r"cargo\.(?:toml|lock)|\.cargo/.*|rust-toolchain[^/]*",
    "go": r"go\.(?:mod|sum|work|env)",
    "elixir": r"[^/]*\.exs|mix\.lock|rebar\.(?:config[^/]*|lock)",
    "haskell": r"[^/]*\.cabal|cabal\.project[^/]*|stack\.ya?ml|package\.yaml",
    "swift": r"package\.(?:swift|resolved)",
    "dart": r"pubspec\.(?:yaml|lock)",
    "conan": r"conanfile\.(?:py|txt)|[^/]*conan[^/]*",
    "perl": r"cpanfile[^/]*|makefile\.pl|build\.pl",
    "terraform": r"[^/]*\.(?:tf|tfvars|tf\.json|hcl)|\.?terraform[^/]*rc",
    "sentry": r"\.sentryclirc|sentry\.properties",
    # git runs helpers and hooks
    "git": r"[^/]*gitconfig[^/]*|\.gitmodules|[^/]*(?:askpass|ask-pass|credential(?!s))[^/]*|(?:.*/)?\.?(?:git-?)?hooks/.*|\.husky/.*",
    "aws": r"\.aws/.*|samconfig\.toml",
    "docker": r"\.docker/.*",
    "openssl": r"[^/]*\.cnf",
    "": r"(?!)",
}  # fmt: skip


class Reach(Enum):
    """How far a command looks."""

    OWN = "its own configuration"
    CODE = "its own configuration, and the code of the context, which it may run"
    ALL = "whatever there is: it may run any other tool"


class Tools(NamedTuple):
    """Tools of one kind, and how far their subcommands look: those in `own` and `code`; all others look everywhere.

    `own_text` and `lowered` are patterns for `words|options`: what fits the one looks at its own configuration, what fits the other
    does though its subcommand is in `code`. `-` is no subcommand, `*` is any; `valued` are options whose next word is theirs.
    """

    files: str
    own: str = ""
    code: str = ""
    own_text: str = r"(?!)"
    lowered: str = r"(?!)"
    valued: str = ""


NODE_VALUED = "--prefix --cwd --dir --directory --project --filter --workspace --registry --userconfig -C"
NO_SCRIPTS = r"[^|]*\|(?:.* )?(?:-g|--global|--location=global|--ignore-scripts|--mode=skip-build|--no-scripts)(?: .*)?"
PIP_VALUED = (
    "-r -c -t -d -f -i -w -p --requirement --requirements --constraint --target --dest --find-links --index-url --extra-index-url --prefix "
    "--root --cache-dir --wheel-dir --src --python --python-version --trusted-host --timeout --retries --only-binary --no-binary "
    "--log --cert --index --group --extra --project --directory"
)
# a folder of code among the words: `.`, `./a`, `/app[extra]`, not a wheel and no URL
CODE_FOLDER = (
    r"(?:.*[ |])?(?:\.{1,2}|file:\S*|(?!-|\S*(?:://|wh(?:l|eel)))[^\s|]*/[^\s|]*|-e|--editable(?:=\S*)?)(?:\[[^\s|]*\])?(?:[ |].*)?\Z"
)
# every goal, task or command is one of …
GOALS = r"(?i:(?:(?:§)(?: |(?=\|)))+)\|.*"
MAVEN_GOALS = r"clean|(?:[^\s|]+:)?(?:maven-)?(?:dependency|versions|help|wrapper)(?:-plugin)?:[^\s|]+"
GRADLE_TASKS = r"[^\s|]*(?:dependencies|tasks|help|projects|properties|wrapper|clean)"
MIX_TASKS = r"do|local\.\w+,?|hex\.[\w.]+,?|archive\.install|deps(?:\.(?:get|update|unlock|clean|tree))?,?|hex|phx_new"

# Which subcommands run scripts of the context, and which only fetch, is as the tools' documentation says.
TOOLS: dict[str, Tools] = {
    command: tools
    for commands, tools in (
        ("npm", Tools(
            "node",
            own="config c set get cache login logout adduser add-user whoami ping view v info show search ls ll la list outdated root bin "
                "prefix help pkg token owner access dist-tag dist-tags deprecate unpublish fund doctor explain org profile query sbom",
            code="ci ic clean-install install i in add update up upgrade uninstall un rm r remove unlink dedupe prune rebuild rb link ln "
                 "pack publish audit",
            lowered=NO_SCRIPTS, valued=NODE_VALUED,
        )),
        ("pnpm", Tools(
            "node",
            own="config c get set store cache list ls ll why outdated audit licenses env login logout whoami root bin setup fetch",
            code="install i add update up upgrade remove rm uninstall un link ln unlink import rebuild rb prune dedupe deploy pack publish",
            lowered=NO_SCRIPTS, valued=NODE_VALUED,
        )),
        ("yarn yarnpkg", Tools(
            "node",
            own="config cache list why info outdated licenses global versions help login logout owner tag team audit set policies plugin",
            code="- install add upgrade up remove dedupe import rebuild link unlink pack publish npm",
            lowered=NO_SCRIPTS, valued=NODE_VALUED,
        )),
        ("bun", Tools("node", own="pm upgrade outdated", code="install i add a update remove rm link unlink publish",
                      lowered=NO_SCRIPTS, valued=NODE_VALUED)),
        ("corepack", Tools("node", own="enable disable prepare hydrate install use up pack cache")),
        ("pip", Tools("python", code="*", lowered=rf"(?!{CODE_FOLDER}).*", valued=PIP_VALUED)),
        ("pipx conda mamba micromamba", Tools("python", own_text=r"(?!run\b|build\b|develop\b).*", valued="-n -p --name --prefix")),
        ("pipenv", Tools("python", code="install sync lock update upgrade uninstall graph check clean requirements verify -",
                         lowered=r"(?!.*[ |](?:-e|--editable)).*")),
        ("poetry", Tools("python", own="config lock update add remove export show search check cache env source self version list init new",
                         code="install sync build publish", lowered=r".*[ |]--no-root(?: .*)?")),
        ("uv", Tools("python", own="venv python cache self lock export tree auth version init", code="pip sync add remove build publish",
                     lowered=rf"pip (?!{CODE_FOLDER}).*|.*[ |]--no-install-(?:project|workspace)(?: .*)?", valued=PIP_VALUED)),
        ("pdm", Tools("python", own="config lock export list info search show cache venv init import self python use",
                      code="install sync add update remove build publish", lowered=r".*[ |]--no-self(?: .*)?")),
        ("twine virtualenv anaconda", Tools("python", own="*")),
        ("mvn mvnw mvnd", Tools("maven", own_text=GOALS.replace("§", MAVEN_GOALS),
                                valued="-s -gs -f -P -pl -T -t -l -rf --settings --file --projects")),
        ("gradle gradlew", Tools("gradle", own_text=GOALS.replace("§", GRADLE_TASKS),
                                 valued="-p -b -c -I -x -g --project-dir --init-script --exclude-task")),
        ("sbt", Tools("scala", own_text=GOALS.replace("§", "update|reload|clean|about|exit"))),
        ("lein", Tools("clojure", own="deps ancient version help")),
        ("clojure clj", Tools("clojure", own_text=r"\|(?:.* )?-P(?: .*)?")),
        ("dotnet", Tools("dotnet", own="restore nuget new add remove list sln workload dev-certs help package reference",
                         own_text=r"tool (?!run).*")),
        ("nuget paket", Tools("dotnet", own="*")),
        ("composer", Tools(
            "php",
            own="config clear-cache clearcache cc diagnose self-update selfupdate show info outdated validate why licenses search about",
            code="install i update u upgrade require req r remove rm reinstall dump-autoload create-project archive bump global",
            lowered=NO_SCRIPTS, valued="-d --working-dir",
        )),
        ("bundle bundler", Tools("ruby", own_text=r"(?!exec\b|open\b|console\b|gem\b).*")),
        ("gem", Tools("ruby", own="*")),
        ("cargo", Tools(
            "rust",
            own="fetch login logout search update generate-lockfile vendor new init add remove rm tree metadata clean fmt audit deny owner",
            code="build b check c doc rustc rustdoc clippy fix package publish install chef zigbuild auditable",
            lowered=r"chef prepare\b.*|install\b(?!.*[ |]--path).*",
        )),
        ("rustup", Tools("rust", own="*")),
        ("go", Tools("go", own="build install mod get vet list env version work clean fmt doc telemetry bug", valued="-C")),
        ("mix", Tools("elixir", own_text=GOALS.replace("§", MIX_TASKS), code="deps.compile", valued="--only")),
        ("rebar3", Tools("elixir", own="get-deps deps tree upgrade lock update", code="compile")),
        ("cabal stack", Tools("haskell", own="update fetch freeze info list user-config setup path unpack get", code="build install")),
        ("swift", Tools("swift", own_text=r"package (?:resolve|update|show-dependencies)\b.*", code="build")),
        ("dart flutter", Tools("dart", own="config doctor precache create channel", own_text=r"pub (?!run).*", code="build compile")),
        ("conan", Tools("conan", own="remote user profile config search list cache download upload install")),
        ("cpan cpanm", Tools("perl", own="*")),
        ("terraform tofu", Tools("terraform", own="init validate fmt get version providers login")),
        ("sentry-cli", Tools("sentry", own="*")),
        ("git git-lfs", Tools("git", own="*")),
        ("aws gsutil s3cmd s5cmd", Tools("aws", own="*")),
        ("docker podman skopeo crane buildah", Tools("docker", own="login logout pull push tag images version info inspect copy")),
        ("openssl", Tools("openssl", own="*")),
        # nothing of the context, unless they are given its name
        ("env", Tools("", own="-")),
        ("find", Tools("", own_text=r"(?!.*[ |]-(?:exec|ok)).*")),
        ("gcloud bq az azcopy doctl hcloud heroku kubectl helm gh glab hub vault mc rclone restic cosign oras", Tools("", own="*")),
        ("psql pg_dump pg_restore mysql mysqldump mariadb redis-cli sqlite3 mongosh", Tools("", own="*")),
        ("ssh scp sftp ssh-add ssh-keygen rsync keytool", Tools("", own="*")),
        ("gcc g++ cc c++ clang clang++ cpp ld as nm objcopy javac jar tsc protoc pkg-config", Tools("", own="*")),
        ("awk gawk mawk jq yq xmllint xmlstarlet bc jo less more printenv export declare typeset alias", Tools("", own="*")),
        ("pecl pear phpize docker-php-ext-install docker-php-ext-enable docker-php-ext-configure", Tools("", own="*")),
        ("add-apt-repository apt-add-repository service systemctl", Tools("", own="*")),
        ("venv ensurepip compileall", Tools("", own="*")),  # modules that Python brings
    )
    for command in commands.split()
}  # fmt: skip
# a tool that is asked nothing but this does nothing else; a short option can be anything to a tool that nobody knows
INFORM = frozenset({"--version", "-version", "--help"})
INFORM_SHORTLY = INFORM | {"-v", "-V", "-h"}
INTERPRETERS = frozenset({"node", "python", "ruby", "perl", "php", "java"})

# How the configuration of a tool says that it wants a variable and has nothing to put in its place; § is the name.
DEMANDS = (
    (r"[^/]*npmrc[^/]*|[^/]*yarnrc[^/]*|pnpm-workspace\.ya?ml", r"\$\{§\}"),
    (r"\.?bunfig\.toml|pipfile(?:\.lock)?|\.?condarc", r"\$§\b|\$\{§\}"),
    (r"[^/]*(?:requirements|constraints)[^/]*\.(?:txt|in|pip)|requirements/.*|pyproject\.toml", r"\$\{§\}"),
    (r"pyproject\.toml|hatch\.toml|tox\.ini", r"\{env:§\}"),
    (r"[^/]*settings[^/]*\.xml|pom\.xml|ivysettings\.xml", r"\$\{env\.§\}"),
    (r"[^/]*nuget[^/]*\.config", r"%§%"),
    (r"\.?goreleaser\.ya?ml", r"\{\{\s*\.Env\.§\s*\}\}"),
)
COMMENT = re.compile(r"\s*(?:[#;]|<!--)")


def demands(path: str, line: str, name: str) -> bool:
    """Whether a tool that finds this line in its configuration at `path` cannot do without the variable `name`.

    False where the line has a default, where nobody puts the value in, and in programs: what they do without it is theirs.
    """
    if COMMENT.match(line):
        return False
    forms = (form.replace("§", re.escape(name)) for files, form in DEMANDS if _is_in(path, files))
    return any(re.search(form, line) for form in forms)


def reads(command: Command, path: str) -> bool:
    """Whether a command, or one that it starts, could look at the file at `path` of the context; an empty path is any file."""
    return any(_reads(each, path) for each in _in_the_end(command))


def is_configuration(path: str) -> bool:
    """Whether the file is one that tools look for by its name."""
    return any(_is_in(path, files) for files in FILES.values())


def _in_the_end(command: Command) -> Iterator[Command]:
    """What is left of `sudo`, `sh -c` and the like once they are taken off."""
    inner = _started(command)[1:] if _reach(command)[0] is Reach.ALL and not never_reads(command) else ()
    if not inner:
        yield command
    yield from (each for each in inner if len(_started(each)) == 1)


def _started(command: Command) -> tuple[Command, ...]:
    return started(replace(read(""), commands=(command,)))


def _reads(command: Command, path: str) -> bool:
    if never_reads(command):
        return False
    reach, files = _reach(command)
    if not path or reach is Reach.ALL or _names(command, path) or _is_in(path, files):
        return True
    return reach is Reach.CODE and not is_configuration(path)


def _names(command: Command, path: str) -> bool:
    """Whether the file's name is among the words, or what is read from."""
    base = path.rpartition("/")[2]
    words = [*command.words[1:], *(redirect.target for redirect in command.redirects if redirect.operator == "<")]
    return any(base in re.split(r"[/=:,\s'\"]+", word.plain) for word in words)


def _reach(command: Command) -> tuple[Reach, str]:
    """How far a command looks, and the pattern of the files that are its own."""
    name, words = tool(command), [word.plain for word in command.words[1:]]
    if name in ("python", "pypy") and words[:1] == ["-m"]:
        name, words = "".join(words[1:2]), words[2:]
    tools = TOOLS.get(name or "")
    inform = INFORM_SHORTLY if tools or name in INTERPRETERS else INFORM
    if name and words and inform.issuperset(words):
        return Reach.OWN, FILES[""]
    return (Reach.ALL, FILES[""]) if tools is None else (_reach_of(tools, words), FILES[tools.files])


def _reach_of(tools: Tools, words: list[str]) -> Reach:
    text = _text(words, tools.valued.split())
    subcommand = re.split(r"[ |]", text)[0] or "-"
    if tools.own == "*" or subcommand in tools.own.split() or re.fullmatch(tools.own_text, text):
        return Reach.OWN
    if tools.code == "*" or subcommand in tools.code.split():
        return Reach.OWN if re.fullmatch(tools.lowered, text) else Reach.CODE
    return Reach.ALL


def _text(words: list[str], valued: list[str]) -> str:
    """`words|options`."""
    plain, options = [], []
    takes_a_word = False
    for word in words:
        if word.startswith("-"):
            options.append(word)
        elif not takes_a_word and not word.startswith("+"):  # `cargo +nightly`
            plain.append(word)
        takes_a_word = word in valued
    return " ".join(plain) + "|" + " ".join(options)


@lru_cache(maxsize=256)
def _pattern(files: str) -> re.Pattern[str]:
    return re.compile(rf"(?:.*/)?(?:{files})", re.IGNORECASE)


def _is_in(path: str, files: str) -> bool:
    return _pattern(files).fullmatch(path) is not None
