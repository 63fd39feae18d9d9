"""Whether a file can hold a secret at all: one look over its bytes, so that most Dockerfiles are never parsed.

It has to see more than the tables of `vocabulary`, `values` and `destinations` could find, and need not be exact: what it lets pass
is decided by those. It knows of them only what is short; the tests hold it against all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache


def _any_of(words: Iterable[str], *, whole: bool = False) -> str:
    """A pattern for all of `words` that tries each letter once; a plain alternation would try every word everywhere.

    With `whole` something follows that only a whole word has before it.
    """
    tails: dict[str, list[str]] = {}
    for word in words:
        tails.setdefault(word[:1], []).append(word[1:])
    ends = tails.pop("", None) is not None
    if ends and not (whole and tails):
        return ""  # what begins with a whole word is found by that word
    branches = [re.escape(first) + _any_of(rest, whole=whole) for first, rest in sorted(tails.items())]
    if ends:
        return f"(?:{'|'.join(branches)})?"
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


# pieces of the words that names of secrets are made of, in small letters
PIECES = (
    "_sk", "account", "activation", "amqp", "auth", "authori", "bearer", "broker", "bundle_", "celery", "chave", "claim", "clave", "cle_",
    "clea", "clickhouse", "cloudinary", "cockroach", "communit", "community", "config_json", "configjson", "conn", "contrasena", "cookie",
    "cred", "csc", "database", "db_u", "dbu", "dsa", "dsn", "ecdsa", "ed25519", "entitle", "extra_index", "extraindex", "fastlane", "feed",
    "fernet", "geheim", "gizli", "gslt", "haslo", "hemlig", "heslo", "hook", "hsm", "htpasswd", "identi", "index_u", "indexu", "jaas",
    "jdbc", "jelszo", "jeton", "jks", "jwt", "kata", "kennwort", "key", "khau", "kube", "lic_", "licen", "login", "losenord", "lozinka",
    "mailer", "maria", "mc_h", "mc_host", "mchost", "mdp", "mima", "mnemonic", "mongo", "mysql", "neo4j", "netrc", "npmrc", "otp", "p12",
    "parol", "pass", "pasw", "paw", "pem", "pepper", "pfx", "pg_u", "pgu", "phrase", "pkcs", "postgres", "presign", "priv", "prv", "psk",
    "psw", "pw", "pypirc", "rabbit", "recovery", "redis", "regcode", "regist", "repo_u", "repository_u", "repositoryu", "repou", "rsa",
    "sa_j", "saj", "salasana", "salt", "sas", "schl", "scrt", "secret", "seed", "segre", "sekret", "senha", "serial", "sifre", "sign",
    "skey", "smtp", "sonar", "sql", "tkn", "tok", "tsig", "ulf", "unlock", "unseal", "user_pin", "userpin", "wachtwoord", "webhook",
    "whsec",
)  # fmt: skip
OTHER_WORDS = r"pat(?!h|ch|tern)|(?<![a-z])lic\b|hdr|(?<![a-z])sk\b"
WORD = rf"(?:{_any_of(PIECES)}|{OTHER_WORDS})"
# how the credentials of well-known issuers begin
ISSUED = (
    r"(?:gh[pousr]_|github_pat_|gl[a-z]{1,6}[-_]|npm_[a-z0-9]{20}|pypi-|rubygems_|clojars_|akia|asia|xox|xapp-|https://(?:hooks\.|[\w.]*discord)|"
    r"[rs]k_|whsec_|aiza|gocspx|ya29|sg\.|key-|dckr_|hf_|sk|gsk_|xai-|r8_|do[opr]_|hv[sbr]\.|\w{14}\.atl|sntr|shp|at(?:att|ctt|bb)|dp\.|dapi|nrak|"
    r"pscale|pul-|pmak|sbp_|fig|lin_|ntn_|tskey|nfp_|hrku|akcp|sq0|live_|test_|\d{8,10}:aa|age-|ops_|secret_|eyj|ls0t|canary-)"
)
# ARG or ENV with all of its lines, also in ONBUILD
INDENT = r"^(?:[^\S\n]|[\x80-\xff])*"
START = rf"{INDENT}(?:onbuild[\s\\`]+)?(?:arg|env)(?=[\s\\`])"
# the rest of an instruction, comments between its lines included
CONTINUED = r"(?:[^\n]*[\\`][ \t\r]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*)*[^\n]*"
LINES = r"(?:[^\n\\`]|[\\`][ \t\r]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n|[ \t]*#[^\n]*\n)*|[\\`])*?"
SETTING = rf"[=;?&{{\"'.-][\s\"']*[\w-]{{0,40}}?{WORD}[\w-]{{0,40}}[\"']?\s*[=:]"
VALUE = rf"[=\s\"'/]{ISSUED}|{SETTING}|bearer\s|://[^/\s:@\"'$]*:[^/\s@$]+@|:[^/\s@$:]+@[\w-]+\.|-----begin|[?&](?:x-\w+-)?sig|/t/|/webhooks?/|/services/|sharedaccess"
DECLARED = rf"{START}{CONTINUED}"
# what may be a name in one; words of a value that look like one do no harm
NAMES = r"(?<=[\s\\`])[^\s=]+"
# A use is a name before a variable, or before what `printf` puts in: close to it, at the head of a list, in what sed replaces …
MORE = ("account(", "amz-sig", "authoriz", "basic", "attach", "activat", "header", "api", "set", "machine")
# … also where a program asks its environment for it (carriers.py)
MADE = r"(?:[$%]|environ(?!m)|getenv|process\.env|env[\[(:.])"
CLOSE = rf"[^\s$|;&]{{0,40}}[\s:=>(\"'\\,/|@#!]{{1,8}}[^\s$]{{0,60}}[\s\"']{{0,2}}{MADE}"
NEAR = rf"{_any_of(MORE)}{CLOSE}"
# what follows a name that a value is given by
VALUE_FOLLOWS = rf"{CLOSE}|[\w.-]*=[^$%\n;&|]{{0,200}}{MADE}"
REPLACED = rf"\bs[/|@#!%:,][^$\n]{{0,100}}?{WORD}[^$\n]{{0,100}}\$"
# … or one that need not be close
FAR = (
    r"(?:authorization|cookie|(?:private|job|deploy)-token|x-[\w-]*(?:key|token|auth|secret|api|team)|identified|set\s+password|superuser|"
    r"index-url|enroll|--register|--ticket|entitlement|--(?:activation-)?code|\b(?:admin|root|administrator)\s{0,3}[:=])"
    rf"[^\n$%]{{0,200}}{MADE}|licen[cs]e[^$%]{{0,300}}{MADE}"
)
# in a URL, or a line of .pgpass
URL = rf"://[^/\s]*[$%({{][^/\n]{{0,100}}@|[?&]\w*=?{MADE}|(?::[^:\s]{{0,60}}){{3}}:[\"'\\]*{MADE}|/(?:services|webhooks?|t)/[^\s$%]*{MADE}|/bot[^\s$%/]*{MADE}"
# as an option of any tool, and of those that many files have
GIVEN = r"\s(?:-u|--user(?:name)?|--login)[^|;&]{0,200}\s-x?p|\s-[hi]\s+[\"']?\$"
ONE_COMMAND = r"(?:[^|;&\n]|&(?!&)|[\\`][ \t\r]*\n(?:[ \t]*#[^\n]*\n)*)"
COMMON_TOOLS = (
    rf"\b(?:curl|wget|https?|xh|aria2c|cargo)(?=\s){ONE_COMMAND}{{0,400}}?"
    r"(?:\s[\"']?-[a-z]*[uhabe]|\s[\"']?--[\w-]*(?:user|header|auth|cookie|cert)|-x\s*post|\slogin\s|\?\$)"
)
TOOLS = (
    "7z", "7za", "7zz", "anaconda", "arangosh", "argon2", "az", "azcopy", "bcp", "buildah", "bundle", "bundler", "bw", "caddy", "choco",
    "clickhouse-client", "cloudflared", "codacy-coverage-reporter", "codecov", "composer", "conan", "coveralls", "cqlsh", "crane",
    "cypher-shell", "cypress", "docker", "doctl", "dotnet", "doveadm", "elasticsearch-users", "etcdctl", "expdp", "fly", "ghr", "ghr-cli",
    "git-crypt", "github-release", "gitlab-runner", "glab", "grbgetkey", "grub-mkpasswd-pbkdf2", "helm", "hf", "htdigest", "htpasswd",
    "huggingface-cli", "impala-shell", "impdp", "influx", "ipa-client-install", "isql", "jf", "jfrog", "kadmin", "kdb5_util", "kinit",
    "ldap", "lftp", "maria", "mariadb", "mc", "mix", "mkpasswd", "mongo", "mosquitto_", "mount", "mysql", "ncftpget", "nerdctl", "net",
    "net-snmp-config", "net-snmp-create-v3-user", "netlify", "ngrok", "nuget", "oathtool", "openssl", "oras", "p4", "pkcs11-tool",
    "podman", "poetry", "pro", "pulumi", "rabbitmqctl", "railway", "rar", "realm", "redis-cli", "security", "shodan", "skopeo",
    "slappasswd", "smbclient", "smbmap", "snyk", "softhsm2-util", "sqlcmd", "sqlldr", "sqlplus", "ss-local", "ss-redir", "ss-server",
    "ssh-keygen", "sshpass", "sslocal", "ssserver", "steam-totp", "steamcmd", "subscription-manager", "suseconnect", "swaks", "tailscale",
    "ttyd", "twine", "ua", "unrar", "unzip", "useradd", "usermod", "vault", "vercel", "wandb", "wpa_passphrase", "xh", "ykman",
    "yubico-piv-tool", "zerotier-cli", "zip",
)  # fmt: skip
SUFFIX = r"-?(?:dump|admin|restore|import|sh|add|modify|search|whoami|passwd|pub|sub|ctl|\.\w+)?"
# … up to the next instruction: with heredocs, all of a file is looked at
HERE = r"(?:[^$\n]|\n(?!\s*(?:add|arg|cmd|copy|entrypoint|env|expose|from|label|run|user|volume|workdir)\s))"
RARE_TOOLS = rf"\b{_any_of(TOOLS, whole=True)}{SUFFIX}\s{HERE}{{0,400}}\$"
# behind a pipe, or where a file is read or written
READERS = (
    "--import", "--passphrase", "chpasswd", "cryptsetup", "keepassxc-cli", "keyring-daemon", "kinit", "pdbedit", "smbpasswd", "ssh-add",
    "vncpasswd",
)  # fmt: skip
FED = (
    rf"\bbase64\s+-|[|;&\n]\s*passwd\b|\bxargs\s[^|]{{0,80}}?-i|\brealm\s|"
    rf"\s-m\s?0?[46]00|{_any_of(READERS)}"
)
FILES = (
    r"(?:>|\btee\b)[^|;&\n]{0,200}?(?:kaggle|userlist|askpass|private|config|settings|properties|conf\b|\.(?:p8|rsa|ulf|gpg|gnupg|boto|s3cfg|my|env|"
    r"ssh|yarnrc))"
)
KEPT = (
    r"--code|--ticket|extraheader|userlist|\brealm\s|xargs|--arg\b|git_ssh|gitcookies|environ(?!m)|getenv|process\.env|strenv|\benv[:\[.]|\binstall\s+-m|\bnet\s+(?:ads|user|rpc)|"
    rf"{FILES}|\bchmod\s+(?:0?[46]00|u=|go)|\b(?:ssh|scp|sftp|rsync|git|ansible-playbook)\s[^\n]{{0,120}}-i|\bmvn\s[^\n]{{0,80}}-g?s|"
    r"\b(?:nix|cosign|minisign|signify|age|apksigner|abuild-sign)\s(?:[^\n]{0,200}\s)?-|--(?!recv-)[\w-]{0,60}(?:file|path)|"
    r"--(?!recv-)[\w-]{0,60}"
    r"(?:key|pass|pw|password|passwd|passphrase|token|secret|cred|credential|netrc|auth|account|license|kubeconfig)s?[ =]"
)
# one by one they are quicker than as one pattern
USES = (NEAR, COMMON_TOOLS, FAR, URL, RARE_TOOLS, FED, KEPT, REPLACED, GIVEN)
# what the parser has to see: a secret that is mounted already, and a file that is no Dockerfile
MOUNTED, STARTS = b"type=secret", rf"{INDENT}from[\s\\`]"
# Words over two lines, which almost nobody has: for each escape, all that stands between their halves; comments are lines of their own.
BLANKS = r"[ \t\r\v\f\x80-\xff]*"
BROKEN = rf"[\\`](?<=[^\s#].)[ \t]*\r?\n(?:{BLANKS}(?:#[^\n]*)?\n)*[^\s#]"
JOINTS = tuple(rf"(^{BLANKS}#[^\n]*\n)|(?<=\S){escape}[ \t]*\r?\n(?:{BLANKS}(?:#[^\n]*)?\n)*(?=\S)" for escape in (r"\\", "`"))
# of a name that a value is given by, how long it may be, and what in one says more than a name of an ARG would
PART = r"[\w.-]"
LONGEST = 60
SAYS_SO = r"account-file|licen[cs]e|serial|encrypt|routing|signature|\Asig\Z"
# … or less: public keys, and the hosts that have them
HARMLESS = r"-*recv-keys?|-*keyserver|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|edu)"
# what hands something to a command, or to a file
FEEDS = r"[|<>]"
# what in a glob is no literal text
WILD = re.compile(r"\[!?\]?[^\]]*\]|[*?]")


# a monorepo has the same names and the same lines over and over
MEMORY = 20_000


@cache
def _compiled(pattern: str) -> re.Pattern[bytes]:
    """Compiled when it is first needed, as that takes longer than a file does."""
    return re.compile(pattern.encode(), re.MULTILINE)


def may_hold_a_secret(content: bytes, patterns: Iterable[str] = ()) -> bool:
    """Whether a Dockerfile has to be read; `patterns` are the names and globs that are secrets because the user says so."""
    literals = [max(WILD.split(pattern), key=len).encode("utf-8", "surrogateescape") for pattern in patterns]
    texts = [content]
    if _compiled(BROKEN).search(content):
        texts += [_compiled(joint).sub(rb"\1", content) for joint in JOINTS]
    return any(_is_candidate(text) or any(literal in text for literal in literals) for text in texts)


def _is_candidate(text: bytes) -> bool:
    small = text.lower()
    if MOUNTED in small or _compiled(STARTS).search(small) is None:
        return True
    declared = [match.span() for match in _compiled(DECLARED).finditer(small)]
    if any(_compiled(VALUE).search(small, *span) for span in declared):
        return True
    names = {name for span in declared for name in _compiled(NAMES).findall(text, *span)}
    return any(map(_may_be_a_secrets, names)) or any(map(_may_be_a_use, _users(text, small, {name.lower() for name in names}, declared)))


@lru_cache(MEMORY)
def _may_be_a_secrets(name: bytes) -> bool:
    """Whether a name may say that it is a secret's."""
    if _compiled(WORD).search(name.lower()) is None:
        return False
    from codemod.names import judge, public_prefix  # noqa: PLC0415  (most files have no such name)

    plain = name.decode("utf-8", "surrogateescape").strip("\"'")
    return judge(plain.removeprefix(public_prefix(plain))) > 0


def _users(text: bytes, small: bytes, names: Iterable[bytes], declared: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """The instructions that have one of `names`, which stand at `declared`; with a heredoc, whose lines look like any, all of the file."""
    parts = b"\n".join(small[start:end] for start, end in declared)
    used = [name for name in names if b"$" in parts or small.count(name) > parts.count(name)]
    if used and b"<<" in small:
        yield text
        return
    end = 0
    for start in sorted(start for name in used for start in _all(small, name)):
        if start >= end:
            begin, end = _instruction(text, start)
            yield text[begin:end]


def _all(text: bytes, name: bytes) -> Iterator[int]:
    start = text.find(name)
    while start >= 0:
        yield start
        start = text.find(name, start + 1)


def _instruction(text: bytes, offset: int) -> tuple[int, int]:
    """Where the instruction around `offset` begins and ends; what may be part of it is."""
    begin = text.rfind(b"\n", 0, offset) + 1
    while begin and _goes_on(text[(before := text.rfind(b"\n", 0, begin - 1) + 1) : begin]):
        begin = before
    end = begin
    goes_on = True
    while goes_on and end < len(text):
        after = text.find(b"\n", end) + 1 or len(text)
        goes_on = after <= offset or _goes_on(text[end:after])
        end = after
    return begin, end


def _goes_on(line: bytes) -> bool:
    """Whether an instruction that has this line may have the next one as well; a comment or a blank line may stand in between."""
    stripped = line.strip()
    return not stripped or stripped.startswith(b"#") or stripped.endswith((b"\\", b"`"))


@lru_cache(MEMORY)
def _may_be_a_use(instruction: bytes) -> bool:
    """Whether an instruction may do with a variable what one does with a secret."""
    small = instruction.lower()
    if _compiled(MADE).search(small) is None:
        return False
    return any(_compiled(use).search(small) for use in USES) or _has_a_secrets_name(instruction, small)


def _has_a_secrets_name(instruction: bytes, small: bytes) -> bool:
    """Whether it gives a variable by such a name, or feeds one to something."""
    is_fed = _compiled(FEEDS).search(small) is not None
    position = 0
    while piece := _compiled(WORD).search(small, position):
        if is_fed or _compiled(VALUE_FOLLOWS).match(small, piece.start()):
            before = _compiled(rf"{PART}*\Z").search(instruction, max(0, piece.start() - LONGEST), piece.start())
            behind = _compiled(rf"{PART}*").match(instruction, piece.start())
            if _may_say_so((before[0] if before else b"") + (behind[0] if behind else b"")):
                return True
        position = piece.end()
    return False


@lru_cache(MEMORY)
def _may_say_so(name: bytes) -> bool:
    """Whether a value that is given by a name may be a secret for that."""
    small = name.lower()
    if _compiled(HARMLESS).fullmatch(small):
        return False
    return _compiled(SAYS_SO).search(small) is not None or _may_be_a_secrets(name)
