"""Whether a file can hold a secret at all: one look over its bytes, so that most Dockerfiles are never parsed.

It has to see more than the tables of `vocabulary`, `values` and `destinations` could find, and need not be exact: what it lets pass
is decided by those. It knows of them only what is short; the tests hold it against all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache


def _any_of(words: Iterable[str]) -> str:
    """A pattern for all of `words` that tries each letter once; a plain alternation would try every word everywhere."""
    tails: dict[str, list[str]] = {}
    for word in words:
        tails.setdefault(word[:1], []).append(word[1:])
    if "" in tails:
        return ""  # what begins with a whole word is found by that word
    branches = [re.escape(first) + _any_of(rest) for first, rest in sorted(tails.items())]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


# pieces of the words that names of secrets are made of, in small letters
PIECES = (
    "_sk", "account", "activation", "amqp", "auth", "authori", "bearer", "broker", "bundle_", "celery", "chave", "claim", "clave",
    "cle_", "clea", "clickhouse", "cloudinary", "cockroach", "communit", "community", "config_json", "configjson", "conn", "contrasena",
    "cookie", "cred", "csc", "database", "db_u", "dbu", "dsa", "dsn", "ecdsa", "ed25519", "extra_index", "extraindex", "feed", "fernet",
    "geheim", "gizli", "gslt", "haslo", "hemlig", "heslo", "hook", "hsm", "htpasswd", "identi", "index_u", "indexu", "jaas", "jdbc",
    "jelszo", "jeton", "jks", "jwt", "kata", "kennwort", "key", "khau", "kube", "lic_", "licen", "login", "losenord", "lozinka",
    "mailer", "maria", "mdp", "mima", "mnemonic", "mongo", "mysql", "neo4j", "netrc", "npmrc", "otp", "p12", "parol", "pass", "pasw",
    "paw", "pem", "pepper", "pfx", "pg_u", "pgu", "phrase", "pkcs", "postgres", "presign", "priv", "prv", "psk", "psw", "pw", "pypirc",
    "rabbit", "recovery", "redis", "regcode", "regist", "repo_u", "repository_u", "repositoryu", "repou", "rsa", "sa_j", "saj",
    "salasana", "salt", "sas", "schl", "scrt", "secret", "seed", "segre", "sekret", "senha", "serial", "sifre", "sign", "skey", "smtp",
    "sonar", "sql", "tkn", "tok", "ulf", "unlock", "unseal", "user_pin", "userpin", "wachtwoord", "webhook", "whsec",
)  # fmt: skip
OTHER_WORDS = r"pat(?!h|ch|tern)|lic\b|hdr|sk\b"
WORD = rf"(?:{_any_of(PIECES)}|{OTHER_WORDS})"
# how the credentials of well-known issuers begin
ISSUED = (
    r"(?:gh[pousr]_|github_pat_|gl[a-z]{2,5}[-_]|npm_[a-z0-9]{20}|pypi-|rubygems_|clojars_|akia|asia|xox|xapp-|https://(?:hooks\.|[\w.]*discord)|"
    r"[rs]k_|whsec_|aiza|gocspx|ya29|sg\.|key-|dckr_|hf_|sk|gsk_|xai-|r8_|do[opr]_|hv[sbr]\.|\w{14}\.atl|sntr|shp|at(?:att|ctt|bb)|dp\.|dapi|nrak|"
    r"pscale|pul-|pmak|sbp_|fig|lin_|ntn_|tskey|nfp_|hrku|akcp|sq0|\d{8,10}:aa|age-|ops_|eyj|ls0t|canary-)"
)
# ARG or ENV with all of its lines, also in ONBUILD; a continuation may stand within the keyword
START = r"(?:^|\n)[\s\x80-\xff]*(?:onbuild\s+)?(?:(?:arg|env)[\s\\`]|[aeo]\w{0,6}[\\`])"
LINES = r"(?:[^\n\\`]|[\\`][ \t\r]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n|[ \t]*#[^\n]*\n)*|[\\`])*?"
VALUE = rf"[=\s\"']{ISSUED}|://[^/\s:@\"'$]*:[^/\s@$]+@|:[^/\s@$:]+@[\w-]+\.|-----begin|[?&](?:x-\w+-)?sig|/t/|/webhooks?/|/services/|sharedaccess"
NAMED = rf"{START}{LINES}(?:{WORD}|{VALUE})"
# A use: such a word shortly before a variable, or behind a pipe or a redirect; the tools of destinations.py; a URL with a variable.
MORE = ("authoriz", "basic", "attach", "activat", "header", "api", "set", "machine")
NEAR = rf"(?:{_any_of((*PIECES, *MORE))}|{OTHER_WORDS})[^\s$|;&]{{0,40}}[\s:=>(\"'\\,@/|#]{{1,8}}[^\s$]{{0,60}}[$%]"
TOOLS = (
    "7z", "anaconda", "arangosh", "argon2", "az", "azcopy", "bcp", "buildah", "bundle", "bundler", "bw", "caddy", "choco",
    "clickhouse-client", "cloudflared", "codacy-coverage-reporter", "codecov", "composer", "conan", "coveralls", "cqlsh", "crane",
    "cypher-shell", "cypress", "docker", "doctl", "dotnet", "doveadm", "elasticsearch-users", "etcdctl", "expdp", "fly", "ghr",
    "git-crypt", "github-release", "gitlab-runner", "glab", "grub-mkpasswd", "helm", "hf", "htdigest", "htpasswd", "huggingface-cli",
    "impala-shell", "impdp", "influx", "isql", "kadmin", "kinit", "ldap", "lftp", "maria", "mariadb", "mc", "mix",
    "mkpasswd", "mongo", "mosquitto_", "mount", "mysql", "ncftpget", "nerdctl", "netlify", "ngrok", "nuget", "openssl", "oras",
    "p4", "pkcs11-tool", "podman", "poetry", "pro", "pulumi", "rabbitmqctl", "railway", "rar", "realm", "redis-cli", "security",
    "shodan", "skopeo", "slappasswd", "smbclient", "smbmap", "snyk", "softhsm2-util", "sqlcmd", "sqlldr", "sqlplus", "ss-local",
    "ss-redir", "ss-server", "ssh-keygen", "sshpass", "sslocal", "ssserver", "steamcmd", "subscription-manager", "suseconnect", "swaks",
    "tailscale", "ttyd", "twine", "ua", "unrar", "unzip", "useradd", "usermod", "vault", "vercel", "wandb", "wpa_passphrase", "xh",
    "ykman", "yubico-piv-tool", "zerotier-cli", "zip",
)  # fmt: skip
SUFFIX = r"(?:dump|admin|restore|import|sh|add|modify|search|whoami|passwd|pub|sub|ctl|\.\w+)?"
RARE_TOOLS = rf"\b{_any_of(TOOLS)}{SUFFIX}\s[^$]{{0,300}}\$"
COMMON_TOOLS = r"(?:curl|wget|https?|cargo)\s(?:[^$|;&]{0,200}\s)?(?:-[a-z]*[uhabe]|--user|--header|--auth|--cookie|-x\s*post|login)"
FED = _any_of((
    "--import", "--passphrase", "chpasswd", "cryptsetup", "keepassxc-cli", "keyring-daemon", "kinit", "pdbedit", "smbpasswd", "ssh-add",
    "vncpasswd",
))  # fmt: skip
KEPT = (
    r"\bchmod\s+(?:0?[46]00|u=|go)|\b(?:ssh|scp|sftp|rsync|git|ansible-playbook)\s[^\n]{0,120}-i|\bmvn\s[^\n]{0,80}-g?s|\bbase64\s+-|\bpasswd\s|"
    r"--[\w-]*(?:file|path|kubeconfig)|superuser|\binstall\s+-m|\bnet\s+(?:ads|user|rpc)|enroll|index-url|(?:admin|root|administrator):|/t/|/bot\$|\s-i\s|environ|getenv|process\.env|strenv|\benv[:\[.]|/bot\$|(?:>|\btee\b)[^|&;\n]{0,80}?(?:kaggle|askpass|config|settings|properties|conf\b|\.(?:p8|rsa|ulf|private|gpg|boto|s3cfg|my|env|ssh))|\s(?:-k|-i|-s|-inkey|-sign|-d|-key)[ =]/"
)
USED = (
    rf"{NEAR}|[|<>][^|<>]{{0,200}}?{WORD}|://[^/\s]*\$[^/\s]*@|[?&]\w*=?[$%]|\s(?:-u|--user(?:name)?|--login)[ =][^|;&]{{0,120}}\s-x?p|"
    rf"\s-[hi]\s+[\"']?\$|{RARE_TOOLS}|{COMMON_TOOLS}|{FED}|{KEPT}"
)
# what the parser has to see: a secret that is mounted already, and a file that is no Dockerfile
OTHERS = r"type=secret|\A(?![\s\S]*(?:^|\n)[\s\x80-\xff]*from[\s\\`])"
# the pieces of a glob that are no wildcards
LITERAL = re.compile(r"[^*?\[\]!]+")


@cache
def _compiled(pattern: str) -> re.Pattern[bytes]:
    """Compiled when it is first needed, as that takes longer than a file does."""
    return re.compile(pattern.encode())


def may_hold_a_secret(content: bytes, patterns: Iterable[str] = ()) -> bool:
    """Whether a Dockerfile has to be read; `patterns` are the names and globs that are secrets because the user says so."""
    small = content.lower()
    if _compiled(f"{NAMED}|{OTHERS}").search(small) or (_compiled(START).search(small) and _compiled(USED).search(small)):
        return True
    return any(max(LITERAL.findall(pattern), key=len, default="").encode("utf-8", "surrogateescape") in content for pattern in patterns)
