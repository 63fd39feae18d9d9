"""Tables of what programs do with what they are given: which print it, which hand it on, and which keep it in a file."""

from __future__ import annotations

from typing import NamedTuple

ENVIRONMENT_PRINTERS = frozenset({"env", "printenv", "export", "declare", "set"})
# what they print has what their words have
ECHOES = frozenset({"echo", "printf"})
# what they print has what they read, and the files that they are given …
FILTERS = frozenset({
    "cat", "tee", "tr", "cut", "base64", "head", "tail", "sort", "uniq", "rev", "fold", "xxd", "od", "hexdump", "grep", "egrep", "fgrep",
    "iconv", "dos2unix", "tac", "nl", "paste", "column", "pv", "sponge", "dd", "openssl", "gzip", "xz",
})  # fmt: skip
# … and their words
TEMPLATES = frozenset({"sed", "awk", "gawk", "mawk", "jq", "yq", "xmlstarlet", "envsubst"})
# they do what the program says that they are given
INTERPRETERS = frozenset({"python", "python2", "python3", "node", "nodejs", "ruby", "perl", "php", "deno", "bun"})
PRINTERS = ECHOES | FILTERS | TEMPLATES | INTERPRETERS | ENVIRONMENT_PRINTERS
# told this, they print nothing, or no more than whether something is there
SILENT = {"dd": r"of=", "sponge": r"[^-]", "grep": r"-\w*[qclL]", "egrep": r"-\w*[qclL]", "openssl": r"dgst|sha\d+|md5|passwd"}
IN_PLACE = {"sed": r"-[a-zA-Z]*i|--in-place", "perl": r"-[a-zA-Z]*i", "yq": r"-i|--inplace"}


class Keeper(NamedTuple):
    """A tool that keeps what it is told: its words without options, where it puts them, and what undoes it.

    `keyed` says that a removal names what was set; `needs` is a word that has to be there, an option for example.
    """

    tools: frozenset[str]
    words: str
    path: str
    undone: str
    keyed: bool = False
    needs: str = ""


def _keeper(tools: str, words: str, path: str, undone: str = r"\A\Z", *, keyed: bool = False, needs: str = "") -> Keeper:
    return Keeper(frozenset(tools.split()), words, path, undone, keyed, needs)


# the first that fits counts
KEEPERS = (
    _keeper("npm", r"(?:(?:config|c) )?set\b", "~/.npmrc", r"(?:config|c) (?:delete|rm|unset)\b", keyed=True),
    _keeper("npm", r"(?:login|adduser)\b", "~/.npmrc", r"logout\b"),
    _keeper("pnpm", r"(?:(?:config|c) )?set\b", "~/.config/pnpm/rc", r"(?:config|c) (?:delete|rm|unset)\b", keyed=True),
    _keeper("yarn", r"config set npm[A-Z]", ".yarnrc.yml", r"config unset\b", keyed=True),
    _keeper("yarn", r"config set\b", "~/.yarnrc", r"config (?:delete|unset)\b", keyed=True),
    _keeper("npm pnpm yarn", r"(?:install|i|add)\b", "node_modules", needs=r"git\+"),
    _keeper("git", r"credential approve\b", "~/.git-credentials", r"credential reject\b"),
    _keeper("git", r"config (?!get\b|list\b|unset\b)", "~/.gitconfig", r"--unset|--remove-section|config unset\b", keyed=True),
    _keeper("pip pip3", r"config set\b", "~/.config/pip/pip.conf", r"config unset\b", keyed=True),
    _keeper("pip pip3", r"install\b", "src", needs=r"(?:-e|--editable)[ =]\S*git\+"),
    _keeper("poetry", r"config\b", "~/.config/pypoetry/auth.toml", r"config .*--unset", keyed=True),
    _keeper("poetry", r"source add\b", "pyproject.toml", r"source remove\b"),
    _keeper("poetry", r"add\b", "pyproject.toml", needs=r"git\+"),
    _keeper("bundle bundler", r"config\b", "~/.bundle/config", r"config (?:unset\b|--delete)", keyed=True),
    _keeper("gem", r"sources\b", "~/.gemrc", r"sources .*(?:-r\b|--remove)", needs=r"-a\b|--add"),
    _keeper("composer", r"config\b", "auth.json", r"config .*--unset", keyed=True),
    _keeper("docker podman buildah", r"login\b", "~/.docker/config.json", r"logout\b"),
    _keeper("skopeo", r"login\b", "/run/containers/0/auth.json", r"logout\b"),
    _keeper("helm", r"(?:registry login|repo add)\b", "~/.config/helm", r"registry logout|repo (?:remove|rm)\b"),
    _keeper("dotnet nuget", r"(?i:(?:nuget )?(?:add|update) source|sources (?:add|update)|setapikey)\b", "~/.nuget/NuGet/NuGet.Config",
            r"(?i:remove source|sources remove)"),
    _keeper("cargo", r"login\b", "~/.cargo/credentials.toml", r"logout\b"),
    _keeper("cargo", r"install\b", "~/.cargo/.crates.toml", needs=r"--git\b"),
    _keeper("go", r"env\b", "~/.config/go/env", r"env -u\b", needs=r"-w\b"),
    _keeper("aws", r"configure set\b", "~/.aws/credentials"),
    _keeper("gh", r"auth login\b", "~/.config/gh/hosts.yml", r"auth logout\b"),
    _keeper("glab", r"auth login\b", "~/.config/glab-cli", r"auth logout\b"),
    _keeper("gcloud", r"auth (?:activate-service-account|login)\b", "~/.config/gcloud", r"auth revoke\b"),
    _keeper("az", r"login\b", "~/.azure", r"logout\b|account clear\b"),
    _keeper("kubectl oc", r"(?:config set-credentials|login)\b", "~/.kube/config", r"config (?:unset|delete-user)\b|logout\b"),
    _keeper("vault", r"login\b", "~/.vault-token"),
    _keeper("conda mamba", r"config\b", "~/.condarc", r"config --remove"),
    _keeper("huggingface-cli hf", r"(?:auth )?login\b", "~/.cache/huggingface/token", r"logout\b"),
    _keeper("wandb", r"login\b", "~/.netrc", r"logout\b"),
    _keeper("sentry-cli", r"login\b", "~/.sentryclirc"),
    _keeper("snyk", r"auth\b", "~/.config/configstore/snyk.json"),
    _keeper("doppler", r"configure set\b", "~/.doppler", r"configure (?:unset|reset)\b|logout\b"),
    _keeper("rclone", r"config create\b", "~/.config/rclone/rclone.conf", r"config delete\b"),
    _keeper("gpg gpg2", r"", "~/.gnupg", r"--delete-secret", needs=r"--import\b"),
    _keeper("add-apt-repository apt-add-repository", r"", "/etc/apt/sources.list.d", r"--remove|-r\b"),
    _keeper("yum-config-manager dnf", r"(?:config-manager )?", "/etc/yum.repos.d", needs=r"--add-repo"),
    _keeper("zypper", r"(?:addrepo|ar)\b", "/etc/zypp/repos.d", r"(?:removerepo|rr)\b"),
)  # fmt: skip
