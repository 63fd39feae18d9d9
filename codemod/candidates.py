"""Whether a file can hold a secret at all: one look over its bytes, so that most Dockerfiles are never parsed.

It has to see more than the tables of `names`, `values` and `destinations` could find, and need not be exact: what it lets pass is
decided by those. It knows of them only what is short; the tests hold it against all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# pieces of the words that names of secrets are made of (names.py), in small letters
WORDS = (
    rb"(?:pass|pa(?:ss)?w|pat(?!h|ch)|phrase|parol|pem|pepper|pfx|pkcs|(?:hsm|user)_?pin|psk|psw|pw|p12|tok|tkn|secret|senha|serial|seed|salt|sas|"
    rb"key|kennwort|kube|conn|contrasena|cookie|cred|auth|account|activation|bearer|bundle_|jks|jwt|mdp|mnemonic|netrc|npmrc|dsn|"
    rb"dsa|ecdsa|ed25519|rsa|recovery|unlock|login|licen|losenord|haslo|htpasswd|wachtwoord|webhook|hook|sign|communit|ident|otp|amqp|broker|celery|cloudinary|"
    rb"clickhouse|cockroach|database|db_?u|jdbc|mailer|maria|mongo|mysql|pg_?u|postgres|rabbit|redis|sql|smtp|extra_?index|index_?url|regist|repo_?u|feed|sonar)"
)
# how the credentials of well-known issuers begin (values.py)
ISSUED = (
    rb"(?:gh[pousr]_|github_pat_|gl[a-z]{2,5}[-_]|npm_[a-z0-9]{20}|pypi-|rubygems_|clojars_|akia|asia|xox|xapp-|https://(?:hooks\.|[\w.]*discord)|[rs]k_|whsec_|aiza|gocspx|ya29|sg\.|"
    rb"key-|dckr_|hf_|sk|gsk_|xai-|r8_|do[opr]_|hv[sbr]\.|\w{14}\.atl|sntr|shp|at(?:att|ctt|bb)|dp\.|dapi|nrak|pscale|pul-|pmak|sbp_|fig|lin_|"
    rb"ntn_|tskey|nfp_|hrku|akcp|sq0|\d{8,10}:aa|age-|ops_|eyj|ls0t|canary-)"
)
# ARG or ENV with all of its lines, also in ONBUILD; a continuation may stand within the keyword
START = rb"(?:^|\n)[\s\x80-\xff]*(?:onbuild\s+)?(?:(?:arg|env)[\s\\`]|[aeo]\w{0,6}[\\`])"
LINES = rb"(?:[^\n\\`]|[\\`][ \t\r]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n|[ \t]*#[^\n]*\n)*|[\\`])*?"
VALUE = rb"[=\s\"']" + ISSUED + rb"|://[^/\s:@\"'$]*:[^/\s@$]+@|-----begin|[?&](?:x-\w+-)?sig|/t/|/webhooks?/|sharedaccess"
START_OF_ANY = re.compile(START)
NAMED = START + LINES + rb"(?:" + WORDS + rb"|" + VALUE + rb")"
# A use: such a word shortly before a variable, or behind a pipe or a redirect; the tools of destinations.py; a URL with a variable.
NEAR = rb"[^\s$|;&]{0,40}[\s:=>(\"'\\]{1,8}[^\s$]{0,60}[$%]"
RARE_TOOLS = (
    rb"(?:7z\w*|arangosh|az|azcopy|bcp|bundler?|bw|composer\S*|conan|cqlsh|crane|cypress|doctl|glab|helm|huggingface-cli|hf|impala-shell|influx|"
    rb"clickhouse-client|isql|kinit|ldap\w+|lftp|maria\w*|mc|mix|mongo\w*|mosquitto_passwd|htpasswd|mysql\w*|ncftpget|netlify|ngrok|nuget|openssl|"
    rb"oras|p4|pro|ua|poetry|pulumi|fly\w*|rabbitmqctl|railway|redis-cli|skopeo|smbclient|snyk|sqlcmd|sqlplus|ssh-keygen|sshpass|steamcmd\S*|"
    rb"subscription-manager|suseconnect|swaks|tailscale|twine|un(?:rar|zip)|user(?:add|mod)|vault|wandb|xh|zerotier-cli|zip|docker|podman|nerdctl|"
    rb"buildah|dotnet|mount[.\w]*)\s[^$]{0,300}\$"
)
COMMON_TOOLS = rb"(?:curl|wget|https?|cargo)\s(?:[^$|;&]{0,200}\s)?(?:-[a-z]*[uha]|--user|--header|--auth|-x\s*post|login)"
FED = rb"ssh-add|chpasswd|\bpasswd\s|smbpasswd|vncpasswd|cryptsetup|kinit|pdbedit|keyring-daemon|--import|--passphrase|base64\s+-"
KEPT = rb"chmod\s+(?:0?[46]00|u=|go)|(?:ssh|scp|sftp|rsync|git|ansible-playbook)\s[^\n]{0,120}-i|mvn\s[^\n]{0,80}-g?s|--[\w-]*(?:file|path|kubeconfig)"
USE = re.compile(
    rb"|".join((
        rb"(?:" + WORDS + rb"|authori[sz]|bearer|basic|attach|activat|identified|header|api|set)" + NEAR,
        rb"[|<>][^|<>]{0,200}?" + WORDS,
        rb"://[^/\s]*\$[^/\s]*@|[?&]\w*=?[$%]|\s(?:-u|--user(?:name)?|--login)[ =][^|;&]{0,120}\s-p|\s-[hi]\s+[\"']?\$",
        RARE_TOOLS, COMMON_TOOLS, FED, KEPT,
    ))
)  # fmt: skip
# what the parser has to see: a secret that is mounted already, and a file that is no Dockerfile
OTHERS = rb"type=secret|\A(?![\s\S]*(?:^|\n)[\s\x80-\xff]*from[\s\\`])"
CANDIDATE = re.compile(NAMED + rb"|" + OTHERS)
# the pieces of a glob that are no wildcards
LITERAL = re.compile(r"[^*?\[\]!]+")


def may_hold_a_secret(content: bytes, patterns: Iterable[str] = ()) -> bool:
    """Whether a Dockerfile has to be read; `patterns` are the names and globs that are secrets because the user says so."""
    small = content.lower()
    if CANDIDATE.search(small) or (START_OF_ANY.search(small) and USE.search(small)):
        return True
    return any(max(LITERAL.findall(pattern), key=len, default="").encode("utf-8", "surrogateescape") in content for pattern in patterns)
