"""What in a value, as a caller writes it, shows that it is a secret: a CI system's secret store, a vault's command.

What is said of it is made of fixed words and of names; no text that could be a value is ever given back.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from codemod.destinations import KEY_FILES, PUBLIC_FILES, WHOLE_FILES
from codemod.names import NameSays, judge


class Store(NamedTuple):
    """How a place that keeps secrets is written, and how that is said, with a name of it, never a value."""

    pattern: str
    said: str


# an expression is shorter: what is longer is text
LONGEST = 1000
NAME = r"([\w./-]+)"
# … in an expression of GitHub's, behind and before other words of it
EXPRESSION = r"\$\{\{(?:(?!\}\}).)*?\b"
LOOKUPS = (
    r"(?:[\w.]+\.)?(hashi_vault|vault_\w+|aws_secret|secretsmanager_secret|password|passwordstore|onepassword\w*|bitwarden\w*|"
    r"azure_keyvault_secret|gcp_secret_manager|conjur_variable|keyring|tss|dsv|infisical\w*|read_secrets)"
)
DATA = (
    r"aws_secretsmanager_secret_version|aws_secretsmanager_random_password|aws_ecr_authorization_token|"
    r"aws_codeartifact_authorization_token|aws_kms_secrets|vault_\w*(?:secret|credential)\w*|google_secret_manager_secret_version\w*|"
    r"google_client_config\.\w+\.access_token|azurerm_key_vault_secret|onepassword_item|bitwarden_\w+|sops_file|doppler_secrets|"
    r"infisical_secrets|akeyless_\w+|kubernetes_secret\w*"
)
STORES = (
    # GitHub, "Contexts reference"
    Store(EXPRESSION + r"secrets(?:\.|\[['\"])([\w-]+)(?!\w|\s*(?:[!=]=|&&))", r"${{ secrets.\1 }}"),
    Store(EXPRESSION + r"secrets\[", "${{ secrets[…] }}"),
    Store(EXPRESSION + r"toJSON\(\s*secrets\s*\)", "${{ toJSON(secrets) }}"),
    Store(EXPRESSION + r"github\.token\b", "${{ github.token }}"),
    # the variables in which CI systems hand out their own credentials (each one's reference of predefined variables)
    Store(
        r"[$%{(:.\"'](CI_(?:JOB|BUILD|DEPLOY|REGISTRY|DEPENDENCY_PROXY|NETRC)_(?:TOKEN|PASSWORD)|CI_JOB_JWT\w*|CI_REPOSITORY_URL|"
        r"SYSTEM_ACCESSTOKEN|System\.AccessToken|CIRCLE_OIDC_TOKEN\w*|BITBUCKET_STEP_OIDC_TOKEN|DRONE_NETRC_PASSWORD|"
        r"BUILDKITE_AGENT_ACCESS_TOKEN|ACTIONS_(?:RUNTIME|ID_TOKEN_REQUEST)_TOKEN)(?!\w)",
        r"\1",
    ),
    Store(r"(?<!\$)\(\(" + r"(\w[\w-]*):[\w./-]+\)\)", r"((\1:…))"),  # Concourse, "Vars": a variable of a credential manager
    Store(r"\bfrom_secret\b\W+" + NAME, r"from_secret: \1"),  # Drone, Woodpecker, Vela
    Store(r"\bsecretKeyRef\b", "secretKeyRef"),  # Kubernetes
    Store(r"\bcredentials\(\s*['\"]" + NAME, r"credentials('\1')"),  # Jenkins
    Store(r"\{\{\s*resolve:(secretsmanager|ssm-secure):", r"{{resolve:\1:…}}"),  # CloudFormation, "Dynamic references"
    Store(r"\b(?:lookup|query|q)\(\s*['\"]" + LOOKUPS + r"['\"]", r"lookup('\1')"),  # Ansible
    Store(r"\{\{[^}]*\b(vault_\w+)", r"\1"),  # Ansible, "Tips and tricks": a vault's variables begin with it
    Store(r"!vault\b", "!vault"),
    Store(rf"\bdata\.({DATA})\b", r"data.\1"),  # Terraform
    Store(r"\b(random_password\.\w+\.result|tls_private_key\.\w+\.private_key\w*|aws_iam_access_key\.\w+\.s\w+)", r"\1"),
    Store(r"\b(SecretValue|secretmanager|Secret)\.(\w*[sS]ecret\w*|ssmSecure|ssm_secure)\(", r"\1.\2"),  # CDK
    Store(r"\b(requireSecret|require_secret|getSecret|get_secret|getSecretValue|get_secret_value|access_secret_version)\(", r"\1"),  # SDKs
    Store(r"\b(keyring\.get_password|getpass\.getpass|getpass)\(", r"\1"),
    Store(r"\b(op|vault|doppler|awssm|gcpsm|akv|ref\+\w+)://", r"\1://…"),  # references that 1Password, vals and others put a value for
    Store(r"\bfn::secret\b", "fn::secret"),  # Pulumi
    Store(r"\btype\b[\"']?\s*:\s*[\"']?SECRET\b|\bEV\[\d+:", "a variable of type SECRET"),  # DigitalOcean, "App spec"
)

# Commands that print a secret, as their documentation has them; other words may stand between these.
COMMANDS = (
    "vault read", "vault kv get", "vault write -field", "vault token create", "vault unwrap", "vault print token", "vlt secrets get",
    "hcp vault-secrets secrets open",
    "aws secretsmanager get-secret-value", "aws secretsmanager get-random-password", "aws ssm get-parameter --with-decryption",
    "aws ssm get-parameters --with-decryption", "aws ssm get-parameters-by-path --with-decryption",
    "aws codeartifact get-authorization-token", "aws ecr get-login-password", "aws ecr get-authorization-token",
    "aws ecr-public get-login-password", "aws configure get aws_secret_access_key", "aws configure get aws_access_key_id",
    "aws configure get aws_session_token", "aws kms decrypt", "aws sts assume-role", "aws sts get-session-token",
    "gcloud secrets versions access", "gcloud auth print-access-token", "gcloud auth print-identity-token", "gcloud kms decrypt",
    "berglas access", "sm access",
    "az keyvault secret show", "az keyvault secret download", "az account get-access-token", "az acr login --expose-token",
    "az acr credential show", "az storage account keys list",
    "op read", "op item get", "op get item", "op document get", "op inject",
    "pass", "gopass", "bw get", "bws secret get", "rbw get", "lpass show", "dcli password", "dcli read", "keepassxc-cli show",
    "secret-tool lookup", "security find-generic-password", "security find-internet-password", "keyring get", "envchain",
    "doppler secrets get", "doppler secrets download", "infisical secrets get", "infisical export", "akeyless get-secret-value",
    "conjur variable get", "conjur variable value", "chamber read", "credstash get", "phase secrets get", "ansible-vault view",
    "ansible-vault decrypt", "sops -d", "sops --decrypt", "sops decrypt", "sops exec-env", "ejson decrypt", "age -d", "age --decrypt",
    "gpg -d", "gpg --decrypt", "openssl -d", "buildkite-agent secret get", "yc lockbox payload get", "yc iam create-token",
    "oci secrets secret-bundle get", "scw secret version access", "ibmcloud iam oauth-tokens",
    "gh auth token", "glab auth token", "git credential fill", "npm token create", "heroku auth:token", "heroku config:get",
    "fly auth token", "flyctl auth token", "fly tokens create", "kubectl get secret", "kubectl get secrets", "kubectl create token",
    "oc get secret", "oc get secrets", "oc whoami -t", "oc whoami --show-token", "docker secret inspect", "pulumi config get",
    "pulumi stack output --show-secrets",
)  # fmt: skip
# … where a command begins: in $(…) and `…`, make's $(shell …), behind another one, as a program's arguments ["…", "…"]
BEGINS = r"(?:\$\(|`|[|;&\n]|[(\[]\s*f?[\"'])\s*(?:shell\s+)?(?:(?:sudo|command|exec|env|eval|npx|[A-Za-z_]\w*=\S*)\s+)*(?:[\w.~${}-]*/)*"
BETWEEN = r"(?=\s)(?:[^|;&`\n]|\\\n)*?\s"

# How a file is read: by a command, or by a program; the words of the group have its path.
READS = re.compile(
    r"(?:\$\(|`|[|;&]|[(\[]\s*[\"'])\s*(?:shell\s+)?(?:sudo\s+)?(?:(?:cat|base64|head|tail|tr|jq|yq|xxd|od)\b|<)([^)`|;&]*)|"
    r"\b(?:open|file|Path|readFile|readFileSync|File|read_file|lookup\(\s*['\"]file['\"]\s*,)\s*\(?\s*f?[\"']([^\"']+)[\"']"
)
MOUNTED = re.compile(r"(?:/var)?/run/secrets/.+|/vault/secrets/.+|/mnt/secrets-store/.+|/etc/secrets/.+|.*\$\{?CREDENTIALS_DIRECTORY\}?/.+")

# a variable, a name in an expression, a program's way to its environment
WORD = r"([A-Za-z_][\w-]*)"
NAMED = (
    r"\$\{?\s*(?:env:|localEnv:)?([A-Za-z_]\w*)(?![\w.\[(])",  # a shell, make, PowerShell, devcontainers
    r"\$\((?:\w+\.)?([A-Za-z_]\w*)\)",  # make, Azure
    r"%([A-Za-z_]\w*)%",  # cmd.exe
    r"(?<!\$)\(\((?:[\w./-]*[./])?" + WORD + r"\)\)",  # Concourse: a credential manager's, or one of the pipeline's own
    r"(?i:\benv(?:iron)?)(?:\.get|\.fetch)?\s*[.\[(]\s*['\"]?" + WORD,  # Python, JavaScript, Ruby, Groovy, GitHub
    r"(?i:\bgetenv\w*)\(\s*['\"]" + WORD,  # Python, PHP, Java, Go
    r"\b(?:var|local|inputs|params|outputs|parameters|Values)\." + WORD,  # Terraform, GitHub, Azure, Helm
    r"\{\{-?\s*\.?" + WORD + r"\s*-?\}\}",  # Jinja, Go
)


@cache
def _stores() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(store.pattern, re.DOTALL), store.said) for store in STORES)


@cache
def _commands() -> tuple[tuple[re.Pattern[str], str], ...]:
    spelled = (BETWEEN.join(map(re.escape, command.split(" "))) for command in COMMANDS)
    return tuple((re.compile(rf"{BEGINS}{words}(?![\w-])"), said) for words, said in zip(spelled, COMMANDS, strict=True))


def credential(value: str) -> str:
    """What shows that `value` is a secret, as one would say it; empty where nothing does. It never has a value in it."""
    value = value[:LONGEST]
    for pattern, said in _stores():
        if match := pattern.search(value):
            return match.expand(said)
    as_words = re.sub(r"[\"'],\s*f?[\"']", " ", value)
    for pattern, said in _commands():
        if pattern.search(as_words):
            return f"what {said} prints"
    return _file(as_words)


def _file(value: str) -> str:
    """The file of credentials that the value is read from."""
    for match in READS.finditer(value):
        for path in re.split(r"[\s\"'<>]+", match[1] or match[2] or ""):
            if MOUNTED.fullmatch(path):
                return "a mounted secret"
            if re.fullmatch(PUBLIC_FILES, path) is None and re.fullmatch(rf"{KEY_FILES}|{WHOLE_FILES}", path):
                return f"a file of credentials, {path.rpartition('/')[2]}"
    return ""


def named_secret(value: str) -> str:
    """The variable in `value` whose name is a secret's: weaker than `credential`, and no more than the name says. Empty: none."""
    names = (match[1] for pattern in NAMED for match in re.finditer(pattern, value[:LONGEST]))
    return next((name for name in names if judge(name) is NameSays.SECRET), "")
