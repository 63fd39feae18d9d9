"""Each row of the tables has an example; what looks alike and is no secret; and that nothing of a value is given back."""

from __future__ import annotations

import re

import pytest

from codemod.callers.credentials import COMMANDS, NAMED, STORES, credential, named_secret

STORED = {
    "${{ secrets.NPM_TOKEN }}": "${{ secrets.NPM_TOKEN }}",
    "x${{secrets.A}}y": "${{ secrets.A }}",
    "${{ secrets['A'] }}": "${{ secrets.A }}",
    "${{ inputs.a || secrets.A }}": "${{ secrets.A }}",
    "${{ github.event_name == 'push' && secrets.A || '' }}": "${{ secrets.A }}",
    "${{ fromJSON(secrets.A).b }}": "${{ secrets.A }}",
    "${{ secrets[format('{0}_TOKEN', matrix.x)] }}": "${{ secrets[…] }}",
    "${{ toJSON(secrets) }}": "${{ toJSON(secrets) }}",
    "${{ github.token }}": "${{ github.token }}",
    "$CI_JOB_TOKEN": "CI_JOB_TOKEN",
    "${CI_REGISTRY_PASSWORD}": "CI_REGISTRY_PASSWORD",
    "https://u:$CI_DEPLOY_PASSWORD@h": "CI_DEPLOY_PASSWORD",
    "$CI_DEPENDENCY_PROXY_PASSWORD": "CI_DEPENDENCY_PROXY_PASSWORD",
    "$CI_JOB_JWT_V2": "CI_JOB_JWT_V2",
    "$CI_REPOSITORY_URL": "CI_REPOSITORY_URL",
    "%CI_JOB_TOKEN%": "CI_JOB_TOKEN",
    "os.environ['CI_JOB_TOKEN']": "CI_JOB_TOKEN",
    "$(System.AccessToken)": "System.AccessToken",
    "$CIRCLE_OIDC_TOKEN_V2": "CIRCLE_OIDC_TOKEN_V2",
    "((vault:ci/npm.token))": "((vault:…))",
    "from_secret: npm": "from_secret: npm",
    '{"from_secret": "npm"}': "from_secret: npm",
    "valueFrom: {secretKeyRef: {name: npm}}": "secretKeyRef",
    "credentials('npm-token')": "credentials('npm-token')",
    "{{resolve:secretsmanager:ci/npm}}": "{{resolve:secretsmanager:…}}",
    "{{ lookup('community.hashi_vault.hashi_vault', 'secret=ci/npm') }}": "lookup('hashi_vault')",
    "{{ lookup('amazon.aws.secretsmanager_secret', 'npm') }}": "lookup('secretsmanager_secret')",
    "{{ vault_npm_token }}": "vault_npm_token",
    "!vault |": "!vault",
    "data.aws_secretsmanager_secret_version.npm.secret_string": "data.aws_secretsmanager_secret_version",
    "${data.vault_kv_secret_v2.ci.data.npm}": "data.vault_kv_secret_v2",
    "random_password.db.result": "random_password.db.result",
    "tls_private_key.deploy.private_key_pem": "tls_private_key.deploy.private_key_pem",
    "SecretValue.secrets_manager('npm').unsafe_unwrap()": "SecretValue.secrets_manager",
    "config.requireSecret('npm')": "requireSecret",
    "client.get_secret_value(SecretId='npm')": "get_secret_value",
    "keyring.get_password('ci', 'npm')": "keyring.get_password",
    "op://ci/npm/token": "op://…",
    "ref+vault://ci/npm#token": "ref+vault://…",
    "fn::secret: x": "fn::secret",
    "{key: A, type: SECRET}": "a variable of type SECRET",
    "EV[1:canary-1:canary-2]": "a variable of type SECRET",
}
RUN = {
    "$(vault read -field=token ci/npm)": "what vault read prints",
    "`vault kv get -field=token ci/npm`": "what vault kv get prints",
    "$(shell vault kv get -field=x ci/npm)": "what vault kv get prints",
    "$(VAULT_ADDR=x sudo vault -address=y kv get ci)": "what vault kv get prints",
    "$(/usr/local/bin/op read a)": "what op read prints",
    "$(cd ci && sops -d a.yaml)": "what sops -d prints",
    "$(aws --region x ssm get-parameter --name /ci/npm --with-decryption --query y)": "what aws ssm get-parameter --with-decryption prints",
    "$(aws ssm get-parameter \\\n  --with-decryption \\\n --name x)": "what aws ssm get-parameter --with-decryption prints",
    'subprocess.check_output(["vault", "read", "ci/npm"])': "what vault read prints",
    "sh('gh auth token')": "what gh auth token prints",
    "prefix-$(gh auth token)": "what gh auth token prints",
}
READ = {
    "$(cat ~/.ssh/id_rsa)": "a file of credentials, id_rsa",
    '"$(cat "$HOME/.ssh/id_ed25519")"': "a file of credentials, id_ed25519",
    "`cat ~/.npmrc`": "a file of credentials, .npmrc",
    "$(base64 -w 0 ~/.netrc)": "a file of credentials, .netrc",
    "$(tr -d '\\n' < ~/.ssh/id_rsa)": "a file of credentials, id_rsa",
    "$(shell cat ${HOME}/.ssh/id_rsa)": "a file of credentials, id_rsa",
    "$(< ~/.ssh/id_rsa)": "a file of credentials, id_rsa",
    "open('deploy_token.txt').read()": "a file of credentials, deploy_token.txt",
    'file("~/.ssh/id_rsa")': "a file of credentials, id_rsa",
    "$(cat VERSION ~/.npmrc)": "a file of credentials, .npmrc",
    "$(cat /run/secrets/npm)": "a mounted secret",
    "$(cat $CREDENTIALS_DIRECTORY/npm)": "a mounted secret",
    "$(cat /vault/secrets/npm)": "a mounted secret",
}
NOTHING = (
    "", "$V", "1.2.3", "${{ inputs.TOKEN }}", "${{ vars.TOKEN }}", "${{ github.sha }}", "${{ secrets.A != '' }}",
    "${{ secrets.A && 'yes' || 'no' }}", "secrets.A", "$CI_COMMIT_SHA", "$CI_REGISTRY_USER", "CI_JOB_TOKEN", "$CI_JOB_TOKEN_FILE",
    "$((i))", "((version))", "((.:version))", "$(git rev-parse HEAD)", "$(cat VERSION)", "$(cat ~/.ssh/id_rsa.pub)", "~/.ssh/id_rsa",
    "$(aws ssm get-parameter --name /ami)", "$(gcloud config get-value project)", "vault read", "vault kv get ci/npm", "$(compass x)",
    "$(pass-through x)", "{{ version }}", "data.aws_caller_identity.current.account_id", "tls_private_key.x.public_key_openssh",
    "open('VERSION').read()", "$(op account get)", "$(echo a; date)", "lookup('env', 'HOME')", "$(TOKEN)", "$(cat)",
)  # fmt: skip


@pytest.mark.parametrize(("value", "said"), (STORED | RUN | READ).items())
def test_what_shows_a_secret(value: str, said: str) -> None:
    assert credential(value) == said


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command(command: str) -> None:
    """Its words may have options between and behind them."""
    first, *rest = command.split()
    said = {f"what {each} prints" for each in COMMANDS}
    assert credential(f"$({' '.join((first, '--x=1 -y', *rest))} canary-1)") in said
    assert credential(f"$({command} canary-1)") in said
    assert not credential(command)


@pytest.mark.parametrize("value", NOTHING)
def test_what_shows_none(value: str) -> None:
    assert not credential(value)


def test_each_store_has_an_example() -> None:
    found = {row.pattern for row in STORES for value in STORED if re.search(row.pattern, value)}
    assert [row.said for row in STORES if row.pattern not in found] == []


NAMES = {
    "$NPM_TOKEN": "NPM_TOKEN",
    "${GH_PAT}": "GH_PAT",
    "${GH_PAT:-}": "GH_PAT",
    "$VERSION-$GH_PAT": "GH_PAT",
    "$env:GH_PAT": "GH_PAT",
    "$(GH_PAT)": "GH_PAT",
    "%GH_PAT%": "GH_PAT",
    "((npm-token))": "npm-token",
    "((ci/npm.token))": "token",
    "process.env.GH_PAT": "GH_PAT",
    "process.env['GH_PAT']": "GH_PAT",
    "${env.GH_PAT}": "GH_PAT",
    "${{ env.GH_PAT }}": "GH_PAT",
    'os.environ["GH_PAT"]': "GH_PAT",
    'os.environ.get("GH_PAT", "")': "GH_PAT",
    "ENV.fetch('GH_PAT')": "GH_PAT",
    '<%= ENV["GH_PAT"] %>': "GH_PAT",
    "{{ .Env.GH_PAT }}": "GH_PAT",
    "os.getenv('GH_PAT')": "GH_PAT",
    'System.getenv("GH_PAT")': "GH_PAT",
    "${localEnv:GH_PAT}": "GH_PAT",
    "var.npm_token": "npm_token",
    "${{ steps.app.outputs.token }}": "token",
    "{{ npm_token }}": "npm_token",
    "{{.GITLAB_TOKEN}}": "GITLAB_TOKEN",
    "$VERSION": "",
    "$TOKEN_URL": "",
    "GH_PAT": "",
    "${{ vars.GH_PAT }}": "",
    "canary-1": "",
}


@pytest.mark.parametrize(("value", "name"), NAMES.items())
def test_a_name_that_is_a_secrets(value: str, name: str) -> None:
    assert named_secret(value) == name


def test_each_way_to_name_one_has_an_example() -> None:
    assert [pattern for pattern in NAMED if not any(re.search(pattern, value) for value in NAMES)] == []
