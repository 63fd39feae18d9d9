"""Which commands look at their environment for a build arg, and which never do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.shell import Command, Reading, Shell
from codemod.text import Span

# They take what they need from arguments, input, files and variables of their own, and start nothing
# that could look further. Shell builtins are here where they show nobody the environment.
NEVER_READ = frozenset({
    # shells' own
    ":", "[", "[[", "test", "true", "false", "echo", "printf", "cd", "pushd", "popd", "pwd", "exit", "return", "break", "continue",
    "set", "shift", "unset", "read", "umask", "ulimit", "shopt", "wait", "type", "hash", "local", "readonly", "let", "getopts", "kill",
    # files and text
    "arch", "b2sum", "base32", "base64", "basename", "cat", "chgrp", "chmod", "chown", "cksum", "cmp", "column", "comm", "cp", "csplit",
    "cut", "date", "dd", "df", "diff", "dirname", "du", "egrep", "expand", "expr", "factor", "fgrep", "file", "fmt", "fold", "getconf",
    "getent", "grep", "groups", "head", "hexdump", "hostname", "iconv", "id", "install", "join", "link", "ln", "ls", "lsb_release",
    "md5sum", "mkdir", "mkfifo", "mknod", "mktemp", "mv", "nl", "nproc", "numfmt", "od", "paste", "patch", "pr", "readlink", "realpath",
    "rev", "rm", "rmdir", "sed", "seq", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "shred", "shuf", "sleep",
    "sort", "split", "stat", "strings", "strip", "sync", "tac", "tail", "tee", "touch", "tr", "tree", "truncate", "tty", "uname",
    "unexpand", "uniq", "unlink", "uptime", "wc", "which", "whoami", "xxd", "yes",
    # archives
    "7z", "7za", "ar", "brotli", "bunzip2", "bzcat", "bzip2", "cpio", "gunzip", "gzip", "lz4", "tar", "unrar", "unxz", "unzip", "unzstd",
    "xz", "xzcat", "zcat", "zip", "zstd",
    # transfers: what they do read (proxies, their own settings) READERS has
    "curl", "wget", "ssh-keyscan",
    # accounts and system packages
    "addgroup", "adduser", "chpasswd", "debconf-set-selections", "delgroup", "deluser", "groupadd", "groupdel", "groupmod", "passwd",
    "useradd", "userdel", "usermod",
    "a2dismod", "a2dissite", "a2enconf", "a2enmod", "a2ensite", "ldconfig", "locale-gen", "localedef", "update-alternatives",
    "update-ca-certificates", "update-ca-trust", "update-locale",
    "apk", "apt", "apt-cache", "apt-get", "apt-key", "apt-mark", "dnf", "dpkg", "dpkg-query", "dpkg-reconfigure", "gpg", "gpgconf",
    "microdnf", "pacman", "rpm", "tdnf", "yum", "yum-config-manager", "zypper",
})  # fmt: skip
# git reads no variable of the user's own unless a helper or a hook does, and a helper has to be written down first
NEVER_READ_BY_ITSELF = frozenset({"git"})

# They look up a variable that they are given the bare name of: `curl --variable %NAME`, `test -v NAME`, sed's `e`.
LOOK_UP_NAMES = frozenset({"curl", "sed", "test", "["})

# Options that make one of those above start a command of the user's.
STARTS_A_COMMAND = re.compile(r"--(?:to-command|use-compress-program|checkpoint-action|filter|compress-program|info-script|rsh-command)\b")

# What several tools read: clouds that state, secrets and artifacts are kept in, and hosts that releases go to.
AWS, AZURE, GOOGLE = r"AWS_\w+", r"(?:AZURE|ARM|MSI|IDENTITY)_\w+", r"(?:GOOGLE|CLOUDSDK|GCLOUD|GCP)_\w+"
GITHUB = r"(?:GH|GITHUB)_(?:ENTERPRISE_)?(?:TOKEN|PAT|API_TOKEN)"
GITLAB = r"(?:GL|GITLAB)_(?:\w+_)?TOKEN|CI_JOB_TOKEN"
NPM = r"(?:NPM|PNPM|npm|pnpm)_(?:CONFIG|config)_.+|NODE_AUTH_TOKEN"
DEVELOCITY = r"(?:DEVELOCITY|GRADLE_ENTERPRISE)_ACCESS_KEY"
CLOUDS = rf"{AWS}|{AZURE}|{GOOGLE}"
GIT = (
    r"GIT_(?:ASKPASS|SSH\w*|CONFIG\w*|AUTHOR_\w+|COMMITTER_\w+|PROXY_COMMAND|HTTP_\w+|SSL_\w+|LFS_\w+|TRACE\w*|TERMINAL_PROMPT|TEMPLATE_DIR|"
    r"EXEC_PATH)|SSH_ASKPASS\w*|SSH_AUTH_SOCK"
)
CONTAINERS = (
    r"DOCKER_(?:HOST|CONFIG|CONTEXT|AUTH_CONFIG|TLS\w*|CERT_PATH|CONTENT_TRUST\w*)|REGISTRY_AUTH\w*|(?:BUILDX|BUILDKIT|BUILDAH|NERDCTL)_\w+"
)
PROXY = re.compile(r"(?:https?|ftp|all|no|rsync)_proxy", re.IGNORECASE)

# Tools and the variables they are documented to read. A RUN that runs one needs the variable, `$` or not.
# A pattern is compiled when a RUN runs the tool, not at start-up.
READERS: dict[str, str] = {
    command: names
    for commands, names in (
        # system packages; the scripts of some packages are documented to ask for a variable
        ("apk", r"HTTP_(?:PROXY_)?AUTH"),
        ("apt apt-get dpkg rpm", r"NRIA_\w+|GITLAB_ROOT_\w+|APT_CONFIG"),
        ("dnf yum microdnf tdnf", r"(?:DNF|YUM)(?:\d|_VAR_\w+)|NRIA_\w+|GITLAB_ROOT_\w+"),
        ("zypper", r"ZYPP_\w+|NRIA_\w+|GITLAB_ROOT_\w+"),
        ("brew", rf"HOMEBREW_\w+|{GITHUB}"),
        ("nix nix-build nix-env nix-shell", r"NIX_\w+"),
        ("cachix", r"CACHIX_\w+"),
        ("mise asdf rtx", rf"(?:MISE|ASDF|RTX)_\w+|{GITHUB}"),
        ("aqua eget ubi", rf"(?:AQUA|EGET)_\w+|{GITHUB}"),
        # JavaScript
        ("npm npx", rf"{NPM}|NPM_ID_TOKEN|SIGSTORE_ID_TOKEN"),
        ("pnpm pnpx", NPM),
        ("yarn yarnpkg", rf"YARN_\w+|{NPM}"),
        ("bun bunx", rf"BUN_\w+|{NPM}"),
        ("corepack", r"COREPACK_\w+"),
        ("deno", r"DENO_\w+|JSR_\w+|NPM_CONFIG_\w+"),
        ("lerna", rf"{GITHUB}|GL_TOKEN|GITLAB_TOKEN|{NPM}"),
        ("nx", r"NX_\w+"),
        ("turbo", r"TURBO_\w+|VERCEL_ARTIFACTS_\w+"),
        ("rush rushx", rf"RUSH_\w+|{NPM}"),
        ("next", r"NEXT_SERVER_ACTIONS_ENCRYPTION_KEY"),
        ("semantic-release", rf"{GITHUB}|{GITLAB}|(?:GIT|BB|BITBUCKET|GITEA)_(?:TOKEN|CREDENTIALS)|NPM_[A-Z]+|{NPM}"),
        ("changeset release-it release-please auto np", rf"{GITHUB}|{GITLAB}|NPM_TOKEN|{NPM}"),
        ("eas expo", r"(?:EXPO|EAS)_\w+"),
        ("prisma", r"PRISMA_\w+|(?:SHADOW_)?DATABASE_URL|DIRECT_URL"),
        ("cypress", r"CYPRESS_\w+"),
        ("playwright", r"PLAYWRIGHT_\w+"),
        ("chromatic", r"CHROMATIC_\w+"),
        ("percy", r"PERCY_\w+"),
        ("lhci", r"LHCI_\w+"),
        ("rover apollo", r"APOLLO_\w+"),
        ("lokalise2 lokalise", r"LOKALISE_\w+"),
        ("crowdin", r"CROWDIN_\w+"),
        ("phrase phraseapp", r"PHRASE(?:APP)?_\w+"),
        ("tx", r"TX_\w+"),
        ("contentful", r"CONTENTFUL_\w+"),
        ("appcenter code-push", r"APPCENTER_\w+|CODE_PUSH_\w+"),
        # Python
        ("pip pipx", r"PIP_\w+|PIPX_\w+|(?:ARTIFACTS_KEYRING|VSS_NUGET)_\w+|PYTHON_KEYRING_BACKEND"),
        ("pipenv", r"PIP(?:ENV)?_\w+"),
        ("uv uvx", r"UV_\w+|PIP_\w+|HF_TOKEN"),
        ("poetry", r"POETRY_\w+|PIP_\w+|PYTHON_KEYRING_BACKEND"),
        ("pdm", r"PDM_\w+|PIP_\w+"),
        ("hatch", r"HATCH_\w+|PIP_\w+"),
        ("flit", r"FLIT_\w+"),
        ("rye", r"RYE_\w+|UV_\w+"),
        ("twine", r"TWINE_\w+"),
        ("tox", r"TOX_\w+|PIP_\w+"),
        ("conda mamba micromamba conda-build anaconda", r"(?:ANA)?CONDA_\w+|MAMBA_\w+|BINSTAR_\w+|PIP_\w+"),
        ("pixi", r"PIXI_\w+|RATTLER_\w+"),
        # data and models
        ("huggingface-cli hf transformers-cli", r"HF_\w+|HUGGING_?FACE_\w+"),
        ("kaggle", r"KAGGLE_\w+"),
        ("wandb", r"WANDB_\w+"),
        ("dvc", rf"DVC_\w+|{CLOUDS}"),
        ("mlflow", rf"MLFLOW_\w+|DATABRICKS_\w+|{AWS}"),
        ("clearml-data clearml-task", r"CLEARML_\w+"),
        ("dbt", r"DBT_\w+"),
        ("databricks", r"DATABRICKS_\w+"),
        ("modal", r"MODAL_\w+"),
        ("prefect", r"PREFECT_\w+"),
        ("snow snowsql", r"SNOW(?:SQL|FLAKE)_\w+"),
        # Ruby
        ("bundle bundler", r"BUNDLE_\w+|(?:GEM|RUBYGEMS)_\w+"),
        ("gem", r"(?:GEM|RUBYGEMS)_\w+"),
        ("rails rake", r"RAILS_\w+|SECRET_KEY_BASE\w*|(?:\w+_)?DATABASE_URL"),
        ("pod", r"COCOAPODS_\w+"),
        ("fastlane", r"(?:FASTLANE|MATCH|FL|SUPPLY|DELIVER|PILOT|APP_STORE_CONNECT)_\w+"),
        # PHP
        ("composer", r"COMPOSER_\w+"),
        ("symfony", r"SYMFONY_\w+"),
        ("wp", r"WP_CLI_\w+"),
        # Rust, Go
        ("cargo", r"CARGO_\w+|SQLX_\w+|DATABASE_URL"),
        ("sqlx diesel", r"SQLX_\w+|DATABASE_URL"),
        ("rustup", r"RUSTUP_\w+"),
        ("cargo-binstall", rf"BINSTALL_\w+|{GITHUB}"),
        ("sccache", rf"SCCACHE_\w+|{AWS}|{AZURE}"),
        ("go", r"GO[A-Z0-9_]+|NETRC"),
        ("goreleaser", rf"{GITHUB}|{GITLAB}|GITEA_TOKEN|GORELEASER_\w+|{AWS}|{AZURE}"),
        ("ko", r"KO_\w+"),
        ("buf", r"BUF_\w+"),
        # Java and its neighbours
        ("mvn mvnw mvnd", rf"MAVEN_(?:OPTS|ARGS|CONFIG|GPG_\w+)|MVNW_\w+|SONAR_\w+|{DEVELOCITY}"),
        ("gradle gradlew", rf"GRADLE_(?:OPTS|USER_HOME|ENCRYPTION_KEY|PUBLISH_\w+)|ORG_GRADLE_PROJECT_.+|SONAR_\w+|{DEVELOCITY}"),
        ("sbt sbtx", r"SBT_\w+|COURSIER_\w+|SONATYPE_\w+|PGP_\w+"),
        ("cs coursier scala-cli mill", r"COURSIER_\w+|MILL_\w+|SONATYPE_\w+"),
        ("lein", r"LEIN_\w+|CLOJARS_\w+"),
        ("clojure clj", r"CLJ_\w+|CLOJARS_\w+"),
        ("jreleaser", r"JRELEASER_\w+"),
        ("jf jfrog", r"(?:JFROG|JF)_\w+"),
        # .NET
        ("dotnet nuget", r"NuGet\w+|NUGET_\w+|VSS_\w+|ARTIFACTS_CREDENTIALPROVIDER\w+|DOTNET_\w+"),
        ("paket", r"PAKET_\w+|NUGET_\w+"),
        ("dotnet-sonarscanner", r"SONAR_\w+"),
        # other languages
        ("mix", r"(?:HEX|MIX)_\w+"),
        ("rebar3", r"(?:REBAR|HEX)_\w+"),
        ("cabal", r"CABAL_\w+"),
        ("stack", r"STACK_\w+|HACKAGE_\w+"),
        ("swift", r"SWIFTPM_\w+|OS_\w+"),  # the compiler, and OpenStack's client
        ("carthage", r"GITHUB_ACCESS_TOKEN|CARTHAGE_\w+"),
        ("dart flutter", r"(?:PUB|FLUTTER)_\w+"),
        ("conan", r"CONAN_\w+"),
        ("vcpkg", r"(?:X_)?VCPKG_\w+"),
        ("bazel bazelisk", r"BAZELISK_\w+"),
        ("cpan cpanm", r"PERL_\w+"),
        ("R Rscript r install2.r installGithub.r", r"(?:GITHUB|GITLAB|BITBUCKET)_(?:PAT|TOKEN|USER|PASSWORD)\w*|(?:RENV|RSPM|R|PKG)_\w+"),
        ("julia", r"JULIA_\w+"),
        ("luarocks", r"LUAROCKS_\w+"),
        ("spack", r"SPACK_\w+"),
        # git and its hosts
        ("git", GIT),
        ("gh", rf"{GITHUB}|GH_\w+|GITHUB_REPOSITORY"),
        ("hub", r"GITHUB_(?:TOKEN|USER|PASSWORD|HOST)"),
        ("glab", rf"{GITLAB}|GITLAB_\w+|GLAB_\w+|OAUTH_TOKEN|CI_JOB_TOKEN"),
        ("release-cli", r"(?:CI|GITLAB)_\w+"),
        ("tea", r"GITEA_\w+"),
        # clouds
        ("aws sam cdk cdklocal awslocal samlocal copilot eb ecs-cli chalice eksctl s5cmd aws-vault aws-iam-authenticator", AWS),
        ("s3cmd", rf"S3CMD_\w+|{AWS}"),
        ("gcloud gsutil bq", rf"{GOOGLE}|BOTO_\w+"),
        ("az azd func", rf"{AZURE}|FUNCTIONS_\w+"),
        ("azcopy", rf"AZCOPY_\w+|{AZURE}"),
        ("doctl", r"DIGITALOCEAN_\w+"),
        ("hcloud", r"HCLOUD_\w+"),
        ("linode-cli", r"LINODE_CLI_\w+"),
        ("ibmcloud", r"(?:IBMCLOUD|IBM_CLOUD)_\w+"),
        ("oci", r"OCI_\w+"),
        ("scw", r"SCW_\w+"),
        ("aliyun", r"(?:ALIBABA_?CLOUD|ALICLOUD)_\w+"),
        ("openstack", r"OS_\w+"),
        ("cf", r"CF_\w+"),
        ("heroku", r"HEROKU_\w+"),
        ("fly flyctl", r"FLY_\w+"),
        ("vercel now", r"(?:VERCEL|NOW)_\w+"),
        ("netlify ntl", r"NETLIFY_\w+"),
        ("wrangler cloudflared", r"(?:CLOUDFLARE|CF|WRANGLER|TUNNEL)_\w+"),
        ("firebase", rf"FIREBASE_\w+|{GOOGLE}"),
        ("serverless sls", rf"(?:SERVERLESS|SLS)_\w+|{CLOUDS}"),
        ("amplify sst", rf"SST_\w+|{AWS}|CLOUDFLARE_\w+"),
        ("railway", r"RAILWAY_\w+"),
        ("render", r"RENDER_\w+"),
        ("supabase", r"SUPABASE_\w+"),
        ("convex", r"CONVEX_\w+"),
        ("shopify", r"SHOPIFY_\w+"),
        ("surge", r"SURGE_\w+"),
        ("ngrok", r"NGROK_\w+"),
        ("kubectl oc helmfile k9s", r"KUBECONFIG|HELM_\w+"),
        ("argocd", r"ARGOCD_\w+"),
        ("flux", rf"{GITHUB}|{GITLAB}|KUBECONFIG"),
        # infrastructure as code; providers have variables of their own
        ("terraform tofu terragrunt", rf"(?:TF|TG|VAULT|CLOUDFLARE|DIGITALOCEAN|DATADOG|HCLOUD|OS)_\w+|{GITHUB}|{GITLAB}|{CLOUDS}"),
        ("pulumi", rf"PULUMI_\w+|CLOUDFLARE_\w+|DIGITALOCEAN_\w+|{GITHUB}|{CLOUDS}"),
        ("packer", rf"(?:PKR|PACKER|HCP|VAULT|CONSUL)_\w+|{GITHUB}|{CLOUDS}"),
        ("ansible ansible-playbook ansible-galaxy ansible-vault ansible-pull", rf"ANSIBLE_\w+|{AWS}"),
        ("tflint", rf"TFLINT_\w+|{GITHUB}"),
        ("infracost", r"INFRACOST_\w+"),
        # stores of secrets
        ("vault bao", r"(?:VAULT|BAO)_\w+"),
        ("op", r"OP_\w+"),
        ("doppler", r"DOPPLER_\w+"),
        ("chamber", rf"CHAMBER_\w+|{AWS}"),
        ("sops", rf"SOPS_\w+|VAULT_\w+|{CLOUDS}"),
        ("infisical", r"INFISICAL_\w+"),
        ("bw bws", r"BWS?_\w+"),
        ("conjur summon", r"CONJUR_\w+"),
        ("akeyless", r"AKEYLESS_\w+"),
        ("ejson", r"EJSON_\w+"),
        # errors, coverage, quality, scanners
        ("sentry-cli @sentry/cli sentry-wizard", r"SENTRY_\w+"),
        ("datadog-ci @datadog/datadog-ci", r"(?:DATADOG|DD)_\w+"),
        ("newrelic new-relic", r"NEW_RELIC_\w+"),
        ("codecov codecovcli", r"CODECOV_\w+"),
        ("coveralls", r"COVERALLS_\w+"),
        ("snyk", r"SNYK_\w+"),
        ("sonar-scanner sonar", r"SONAR(?:QUBE)?_\w+"),
        ("semgrep", r"SEMGREP_\w+"),
        ("fossa", r"FOSSA_\w+"),
        ("ggshield", r"GITGUARDIAN_\w+"),
        ("trivy", rf"TRIVY_\w+|{GITHUB}|{AWS}"),
        ("grype", r"GRYPE_\w+"),
        ("syft", r"SYFT_\w+"),
        ("cc-test-reporter", r"CC_TEST_\w+"),
        ("codacy-coverage-reporter", r"CODACY_\w+"),
        # images
        ("docker podman buildah skopeo crane nerdctl", CONTAINERS),
        ("helm", r"HELM_\w+|KUBECONFIG"),
        ("cosign", rf"(?:COSIGN|SIGSTORE|VAULT)_\w+|{GITHUB}|{CLOUDS}"),
        ("notation", r"NOTATION_\w+"),
        # databases
        ("psql pg_dump pg_dumpall pg_restore pg_isready pg_basebackup createdb dropdb createuser", r"PG\w+"),
        ("mysql mysqldump mysqladmin mariadb mariadb-dump", r"MYSQL_(?:PWD|HOST|TCP_PORT|UNIX_PORT|TEST_LOGIN_FILE)"),
        ("redis-cli valkey-cli", r"(?:REDIS|VALKEY)CLI_\w+"),
        ("sqlcmd", r"SQLCMD\w+"),
        ("influx", r"INFLUX_\w+"),
        ("clickhouse-client", r"CLICKHOUSE_\w+"),
        ("flyway", r"FLYWAY_\w+"),
        ("liquibase", r"LIQUIBASE_\w+"),
        ("dbmate", r"DBMATE_\w+|DATABASE_URL"),
        ("goose", r"GOOSE_\w+"),
        ("hasura", r"HASURA_\w+"),
        # copies over the network
        ("curl", r"CURL_(?:HOME|CA_BUNDLE|SSL_BACKEND)|SSLKEYLOGFILE"),
        ("wget", r"WGETRC"),
        ("ssh scp sftp ssh-add ssh-keygen", r"SSH_(?:ASKPASS\w*|AUTH_SOCK|SK_\w+)"),
        ("sshpass", r"SSHPASS"),
        ("rsync", r"RSYNC_\w+"),
        ("rclone", rf"RCLONE_\w+|{CLOUDS}"),
        ("restic", rf"(?:RESTIC|B2|OS|ST)_\w+|{CLOUDS}"),
        ("borg", r"BORG_\w+"),
        ("duplicity", rf"(?:SIGN_)?PASSPHRASE|FTP_PASSWORD|{AWS}"),
        ("lftp", r"LFTP_\w+"),
        ("smbclient", r"USER|PASSWD(?:_F[DI]\w*)?"),
        ("b2", r"B2_\w+"),
        ("mc", r"MC_\w+"),
        ("http https xh", r"(?:HTTPIE|XH)_\w+"),
        ("butler", r"BUTLER_\w+"),
    )
    for command in commands.split()
}  # fmt: skip
# They fetch from git repositories, and hand git what it reads.
RUN_GIT = frozenset({
    "npm", "npx", "pnpm", "yarn", "yarnpkg", "bun", "pip", "pipx", "pipenv", "uv", "uvx", "poetry", "pdm", "hatch", "bundle", "bundler",
    "composer", "cargo", "go", "mix", "rebar3", "cabal", "stack", "swift", "dart", "flutter", "pod", "carthage", "conan", "vcpkg", "R",
    "Rscript", "julia", "terraform", "tofu", "terragrunt", "helm", "gh", "hub", "glab", "goreleaser", "lerna", "brew",
})  # fmt: skip
# They run the tool that stands behind these words, options apart.
LAUNCHERS = {
    command: words
    for commands, words in (
        ("npx pnpx bunx uvx corepack", ""),
        ("npm", "exec|x"),
        ("pnpm yarn yarnpkg", "exec|dlx|run|"),
        ("bun", "x|run"),
        ("bundle bundler mise asdf rbenv", "exec|x"),
        ("poetry pipenv pdm hatch uv rye conda mamba micromamba doppler op infisical", "run"),
        ("aws-vault chamber", "exec"),
        ("python pypy", "-m"),
        ("composer", "exec"),
        ("dotnet", "tool run|"),
    )
    for command in commands.split()
}
SYSTEM_FOLDERS = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/")
# scripts that lie in the repository and fetch the tool that they are named for
WRAPPERS = frozenset({"gradlew", "mvnw"})
NUMBERED = re.compile(r"\A(python|pypy|pip|gem|ruby|php|perl|lua)-?\d[\d.]*\Z")


def known_name(command: Command) -> str | None:
    """The tool that a command runs; None where it is a path of the image's own or only the shell knows."""
    name = command.name
    if name is None or "/" not in name:
        return name
    folder, _, base = name.rpartition("/")
    return base if folder + "/" in SYSTEM_FOLDERS else None


def tool(command: Command) -> str | None:
    """The tool that a command runs, by the name that tables have it under: `$HOME/.local/bin/pip3.12` is pip, `./mvnw` is mvnw.

    A program named so that lies elsewhere is not taken for the tool: None.
    """
    written = command.name or (command.words[0].plain if command.words else "")
    folder, _, base = written.rpartition("/")
    if (folder and not folder.endswith("bin") and base not in WRAPPERS) or "$" in base or not base:
        return None
    return NUMBERED.sub(r"\1", base)


def tools(command: Command) -> Iterator[str]:
    """The tools that a command runs: its own, and the one that `npx`, `python -m`, `bundle exec` and the like start."""
    name = tool(command)
    if name is None:
        return
    yield name
    if name in LAUNCHERS:
        words = [word.plain for word in command.words[1:]]
        behind = _behind(words, LAUNCHERS[name])
        candidates = (re.sub(r"(?<=.)@[^/]*\Z", "", word) for word in behind)
        yield from (word for word in candidates if word in READERS)


def _behind(words: list[str], expected: str) -> list[str]:
    """The first words that are no options behind those that are `expected`: two, for `npx -p package command`."""
    if expected == "-m":
        return words[words.index("-m") + 1 :][:1] if "-m" in words else []
    plain = [word for word in words if not word.startswith("-")]
    for start in expected.split("|"):
        leading = start.split()
        if plain[: len(leading)] == leading:
            return plain[len(leading) :][: 2 if start or not expected else 1]
    return []


def never_reads(command: Command) -> bool:
    """Whether a command looks at no variable that it is not given the name of, and starts nothing that could."""
    name = known_name(command)
    if name in ("export", "set"):  # without arguments they show what there is
        arguments = command.words[1:] if name == "set" else command.words
        return bool(arguments) and arguments[0].text != "-p"
    if name == "command":
        return len(command.words) > 1 and command.words[1].text in ("-v", "-V")
    if any(STARTS_A_COMMAND.match(word.text) for word in command.words[1:]):
        return False
    return name in NEVER_READ


def curious(shell: Shell, variable: str) -> tuple[Command, ...]:
    """The commands of a RUN that could find `variable` in their environment."""
    if not shell.understood:
        return shell.commands
    named = [mention.span for mention in shell.mentions(variable) if mention.reading is Reading.NAMED]
    return tuple(
        command
        for command in shell.commands
        if not _never_reads(command, shell) or _looks_up(command, named) or is_reader(command, variable)
    )


def _never_reads(command: Command, shell: Shell) -> bool:
    return never_reads(command) or command.name in shell.functions


def _looks_up(command: Command, named: list[Span]) -> bool:
    return known_name(command) in LOOK_UP_NAMES and any(span in command.span for span in named)


def reader_of(name: str, commands: tuple[Command, ...]) -> Command | None:
    """The first command that is documented to read the variable `name` from its environment."""
    return next((command for command in commands if is_reader(command, name)), None)


def is_reader(command: Command, variable: str) -> bool:
    """Whether a tool that the command runs is documented to read the variable."""
    return any(_reads(name, variable) for name in tools(command))


def _reads(name: str, variable: str) -> bool:
    pattern = READERS.get(name)
    if pattern is None:
        return False
    patterns = (pattern, GIT) if name in RUN_GIT else (pattern,)
    return any(re.fullmatch(each, variable) for each in patterns) or PROXY.fullmatch(variable) is not None


def runs_only_git(commands: tuple[Command, ...]) -> bool:
    """Whether nothing but git is left that could look: it does so through helpers that a RUN would have set up."""
    return all(known_name(command) in NEVER_READ_BY_ITSELF for command in commands)


def reads_only_known_names(commands: tuple[Command, ...]) -> bool:
    """Whether every command is a tool that is known to read variables of certain names, and no other."""
    return all(known_name(command) in READERS for command in commands)
