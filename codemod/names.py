"""What a variable's name alone says about its being a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple


class NameSays(IntEnum):
    """Ordered: the more, the more likely a secret. The numbers are weights of evidence."""

    ABOUT_ONE = -3
    AGAINST = -2
    NOTHING = 0
    POSSIBLY = 1
    PROBABLY = 2
    SECRET = 3


class Judgement(NamedTuple):
    """What a name says, and the words of it that do."""

    says: NameSays
    words: str


WORD = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
# a number behind any other word only counts
WITH_NUMBERS = frozenset({"auth0", "b64", "base64", "ed25519", "md5", "oauth2", "p12", "pkcs12", "sha1", "sha256", "sha512", "x509"})
# bundlers copy these into what browsers get, so they can be no secret (each framework's documentation of its prefix)
PUBLIC_PREFIXES = ("NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_", "GATSBY_", "NUXT_PUBLIC_", "VUE_APP_", "PUBLIC_")

SECRET_WORDS = frozenset({
    "apikey", "apitoken", "appkey", "accesskey", "authkey", "authtoken", "basicauth", "bearer", "connectionstring", "connstr", "connstring",
    "cred", "credential", "creds", "deploykey", "htpasswd", "jwt", "keypass", "keytab", "kubeconfig", "licensekey", "masterkey",
    "mnemonic", "netrc", "npmrc", "pass", "passcode", "passphrase", "passwd", "password", "pat", "privatekey", "privkey", "psk", "psw",
    "pswd", "pwd", "pw", "pword", "fernet", "presigned", "pypirc", "unseal", "rwcommunity", "pepper", "rocommunity", "whsec", "secret", "setcookie", "secretkey", "sshkey", "storepass", "tkn", "tok", "token", "userpass", "userpwd",
    # other languages: German, French, Spanish, Portuguese, Italian, Polish, Dutch, Swedish
    "passwort", "kennwort", "motdepasse", "mdp", "contrasena", "senha", "parola", "parol", "haslo", "heslo", "clave", "jelszo", "salasana", "sifre", "lozinka", "mima", "passord", "wachtwoord", "losenord",
})  # fmt: skip
# what several words run together end in, or begin with
ENDINGS = re.compile(
    r".+(?:pass(?:w(?:or)?d|word|phrase|code|wort)?|passwrd|token|secret|(?:api|private|access|auth|licen[cs]e|secret|ssh|deploy|master|"
    r"account|admin|signing|app|activation|product|prod|pid|lic|reg)key|pwd?|psw|creds|credentials?|jwt|pepper)"
)
BEGINNINGS = re.compile(r"(?:token(?!i)|passw(?:or)?d(?!less)|passphrase|secret(?!ar))\w+")
NO_ENDINGS = frozenset({
    "bandpass", "bypass", "compass", "encompass", "keepass", "lastpass", "multipass", "onepass", "overpass", "surpass", "trespass", "libsecret",
    "underpass", "oldpwd", "nontoken", "detoken", "proxypass", "fastcgipass",
})  # fmt: skip
# a key is a secret when the word before says what it opens …
KEYS = frozenset({
    "access", "account", "activation", "admin", "aes", "age", "agent", "api", "app", "application", "auth", "authentication", "authorization",
    "client", "consumer", "cookie", "credential", "crypt", "crypto", "data", "decrypt", "decryption", "deploy", "deployment", "developer",
    "ecdsa", "ed25519", "encrypt", "encryption", "enrollment", "fernet", "functions", "hmac", "id", "ingest", "ingestion", "install",
    "installation", "integration", "join", "jwt", "license", "licence", "live", "login", "maps", "master", "nuget", "pass", "password", "private", "priv",
    "product", "provisioning", "prv", "push", "record", "registration", "root", "rsa", "sa", "sdk", "seed", "serial", "server", "service", "session",
    "shared", "sign", "signing", "ssh", "ssl", "storage", "subscription", "team", "tls", "token", "unlock", "unseal", "upload", "user",
    "vapid", "vault", "webhook", "wireguard", "write", "activate", "cert", "ca", "node", "feed", "read", "secret", "workspace",
})  # fmt: skip
# keys that only look something up, or that everybody may have, unless the word before is one of these
NO_KEYS = frozenset({
    "gpg", "pgp", "xdebug", "apt", "cache", "primary", "foreign", "sort", "partition", "public", "pub", "ide", "idekey", "sbt", "release", "debug",
    "repo", "repository", "sha", "sha1", "index", "translation", "lookup", "map", "redis", "group", "shard", "routing", "row", "hash",
    "trusted", "rpm", "yum", "hot", "unique", "keyring", "fingerprint", "locale", "message", "json", "yaml", "config", "object", "sorting",
    "topic", "dedup", "idempotency", "localization", "i", "label", "tag", "bucket", "metric", "feature", "flag", "registry",
})  # fmt: skip
STRONG_KEYS = frozenset({"private", "priv", "prv", "secret", "api", "access", "auth", "encryption", "master"})
# two words that are one, in this order or the other
SECRET_PAIRS = frozenset({
    ("id", "rsa"), ("id", "ed25519"), ("id", "ecdsa"), ("id", "dsa"), ("private", "key"), ("prv", "key"), ("connection", "string"),
    ("conn", "string"), ("conn", "str"), ("connection", "str"), ("auth", "config"), ("seed", "phrase"), ("wallet", "seed"), ("recovery", "phrase"),
    ("private", "pem"), ("key", "pem"), ("ssh", "pem"), ("de", "passe"), ("recovery", "code"), ("activation", "code"), ("activation", "serial"),
    ("unlock", "code"), ("sas", "token"), ("account", "sas"), ("storage", "sas"), ("signing", "p12"), ("hsm", "pin"), ("user", "pin"),
    ("pkcs12", "key"), ("license", "content"), ("account", "json"), ("basic", "auth"), ("kube", "config"),
    ("auth", "key"), ("license", "serial"), ("git", "credential"), ("password", "salt"), ("auth", "salt"), ("hash", "salt"),
    ("nonce", "salt"), ("secret", "salt"), ("token", "salt"), ("encryption", "salt"), ("session", "salt"), ("hashids", "salt"),
    ("auth", "ident"), ("identity", "token"), ("wp", "salt"), ("erlang", "cookie"), ("release", "cookie"), ("cluster", "cookie"),
})  # fmt: skip
# what begins like this asks whether or how many, or is about it
FIRST_WORDS_AGAINST = frozenset({
    "allow", "check", "create", "disable", "enable", "force", "generate", "has", "have", "ignore", "is", "keep", "list", "max", "min", "no",
    "num", "number", "require", "requires", "should", "show", "skip", "support", "use", "validate", "verify", "wants", "with", "without",
})  # fmt: skip
WORDS_AGAINST = frozenset({"per", "max", "maximum", "min", "minimum", "num", "tokenizer", "tokenization"})
# what a language model or a parser calls a token, what has two passes, nginx's directives (ngx_http_proxy_module and its kin)
PAIRS_AGAINST = frozenset({
    *((word, "token") for word in (
        "eos", "bos", "pad", "unk", "mask", "sep", "cls", "special", "stop", "prompt", "context", "completion", "output", "input", "new",
        "chunk", "total", "end", "start", "image", "audio", "think", "lexer", "next",
    )),
    *((word, "pass") for word in (
        "first", "second", "third", "two", "single", "multi", "double", "fastcgi", "uwsgi", "scgi", "grpc", "memcached", "render",
        "boarding", "all", "must", "should",
    )),
    *(("pass", word) for word in ("through", "thru", "rate", "arg", "args", "flag", "flags", "along", "on", "count", "env", "criteria")),
    *(("password", word) for word in ("less", "manager", "reset", "change", "generator", "check", "checker")),
    *((word, "secret") for word in ("external", "sealed", "k8s", "kubernetes", "sops", "bitnami", "helm", "detect")),
    ("token", "bucket"), ("secret", "service"), ("credential", "process"), ("key", "value"), ("key", "pair"), ("key", "vault"),
    ("token", "exchange"), ("secret", "rotation"), ("oauth", "proxy"), ("oauth2", "proxy"),
})  # fmt: skip
AUTH = frozenset({
    "composer", "npm", "docker", "registry", "basic", "proxy", "nexus", "artifactory", "maven", "yarn", "http", "git", "pypi", "pip", "nuget",
    "gem", "jfrog", "gitlab", "github", "redis", "smtp", "ftp", "curl", "wget", "svn", "conan", "helm",
})  # fmt: skip
# what Bundler reads a host's credentials from: dots are two underscores (bundle-config, "Credentials for gem sources")
BUNDLER_HOST = re.compile(r"BUNDLE_\w+__[A-Z]+")
# a URL of these mostly carries a password
CARRIERS = frozenset({
    *((word, last) for last in ("url", "uri", "dsn") for word in (
        "amqp", "broker", "celery", "cloudamqp", "database", "db", "jdbc", "mongo", "mongodb", "mysql", "pg", "postgres", "postgresql",
        "rabbitmq", "redis", "sql", "sqlalchemy", "mailer", "smtp", "mariadb", "cockroach", "clickhouse", "cloudinary",
    )),
    ("extra", "index"), ("slack", "webhook"), ("discord", "webhook"), ("teams", "webhook"), ("mattermost", "webhook"),
    ("incoming", "webhook"), ("webhook", "signing"), ("slack", "hook"), ("discord", "hook"), ("teams", "hook"),
})  # fmt: skip
# these may
MAYBE_CARRIERS = frozenset(
    {("index", "url"), ("registry", "url"), ("repo", "url"), ("repository", "url"), ("feed", "url"), ("webhook", "url")}
)
# what is behind another word mostly one: a shared access signature, a licence, a private key
PROBABLE_ENDS = frozenset({"sas", "lic", "rsa"})
MAYBE_WORDS = frozenset({"auth", "oauth", "oauth2", "dsn", "webhook", "sas", "pem", "pfx", "p12", "pkcs12", "keystore", "jks", "pepper", "otp",
                         "totp", "login", "logins", "authorization", "serial", "cookie", "lic"})  # fmt: skip
# the last word says what the value is, whatever the words before: a path, a number, a name
LAST_WORDS_AGAINST = frozenset({
    "account", "action", "adapter", "addon", "addr", "address", "agent", "alg", "algo", "algorithm", "alias", "app", "architecture", "arn", "asset",
    "attempts", "attr", "attribute", "audience", "backend", "backends", "bits", "branch", "bucket", "bundle", "bytes", "ca", "cache", "cert", "certificate", "channel", "charset",
    "checksum", "class", "client", "cli", "cluster", "color", "column", "commit", "component", "controller", "cost", "count", "country", "crt",
    "curve", "date", "days", "debug", "detector", "dialect", "digest", "dir", "directory", "disabled", "doc", "docs", "domain", "download",
    "driver", "dummy", "duration", "edition", "email", "enable", "enabled", "encoder", "encryption", "endpoint", "engine", "env", "environment",
    "example", "expiration", "expire", "expires", "expiry", "extension", "factory", "family", "fd", "feature", "field", "file", "filename",
    "filter", "fingerprint", "fpr", "flag", "flow", "folder", "format", "frontend", "gateway", "generator", "gid", "grant", "group", "guid", "handler",
    "hasher", "header", "helper", "home", "host", "hostname", "hours", "id", "identifier", "image", "implementation", "injector", "interval",
    "ip", "issuer", "iteration", "iterations", "keyring", "keyserver", "kind", "label", "lang", "language", "layout", "len", "length", "level",
    "lib", "library", "lifespan", "lifetime", "limit", "linter", "list", "locale", "location", "logo", "manager", "map", "mapping", "max",
    "md5", "mechanism", "message", "method", "metric", "middleware", "min", "minutes", "mode", "model", "module", "name", "namespace",
    "offset", "operator", "option", "order", "org", "organisation", "organization", "origin", "os", "owner", "package", "page", "path",
    "pattern", "percent", "permission", "permissions", "pkg", "place", "placeholder", "plan", "platform", "plugin", "policy", "pool",
    "port", "position", "prefix", "preset", "priority", "process", "profile", "project", "prompt", "protocol", "provider", "provisioner", "query",
    "queue", "rate", "realm", "redirect", "ref", "refresh", "regex", "regexp", "region", "release", "repo", "repository", "required",
    "requirement", "resolver", "resource", "retention", "retries", "revision", "role", "rotation", "rounds", "route", "rule", "sample",
    "scanner", "schema", "scheme", "scope", "script", "sdk", "seconds", "secs", "separator", "server", "service", "setting", "settings",
    "sha", "sha1", "sha256", "sha512", "shape", "site", "size", "skip", "slot", "spec", "state", "status", "store", "strategy",
    "strength", "style", "subject", "suffix", "switch", "symbol", "table", "tag", "target", "template", "tenant", "theme", "threshold", "timeout",
    "timestamp", "title", "tool", "topic", "ttl", "type", "uid", "upstream", "uri", "url", "usage", "user", "username", "uuid", "validator", "validity",
    "vendor", "ver", "version", "view", "volume", "window", "worker", "workers", "workflow", "zone",
})  # fmt: skip
# words that may stand behind the one that tells: how the value is written, for which stage it is
BEHIND = frozenset({
    "arg", "args", "b64", "base64", "build", "ci", "content", "contents", "default", "dev", "development", "encoded", "local", "param", "plain", "prod",
    "production", "qa", "raw", "readonly", "ro", "staging", "stdin", "text", "uat", "val", "value", "var",
})  # fmt: skip
# what says that it is a file itself, not its name
CONTENTS = frozenset({"b64", "base64", "content", "contents"})
PUBLIC_WORDS = frozenset({"public", "publickey", "pubkey", "publishable", "anon", "anonymous", "pubkeys"})
# Vendors' own names whose words say otherwise: what the words are, in a row, and what they say. Sources: the vendors' documentation.
VENDORS = {
    ("site", "key"): NameSays.AGAINST,  # reCAPTCHA, hCaptcha, Turnstile: "the site key is public" (developer guides of all three)
    ("vault", "secret", "id"): NameSays.SECRET,  # Vault, "AppRole auth method": what logs in
    ("approle", "secret", "id"): NameSays.SECRET,
    ("csc", "link"): NameSays.SECRET,  # electron-builder, "Code signing": the certificate itself
    ("gpr", "key"): NameSays.SECRET,  # GitHub Packages, "Working with the Gradle registry": a token
    ("project", "key"): NameSays.AGAINST,  # SonarQube, Jira: a project's short name
    ("sitekey",): NameSays.AGAINST,  # hCaptcha, Turnstile
    ("search", "only"): NameSays.AGAINST,  # Algolia, "API keys": the search-only key is for frontends
    ("search", "key"): NameSays.AGAINST,  # Algolia, Typesense, Meilisearch: for frontends
    ("pusher", "key"): NameSays.AGAINST,  # Pusher Channels, "Channels credentials": the key is used in clients
    ("pusher", "app", "key"): NameSays.AGAINST,
    ("posthog", "key"): NameSays.AGAINST,  # PostHog, "Project API key": safe to expose
    ("posthog", "api", "key"): NameSays.AGAINST,
    ("posthog", "project", "key"): NameSays.AGAINST,
    ("amplitude", "api", "key"): NameSays.AGAINST,  # Amplitude, "Keys and tokens": the API key is public
    ("mixpanel", "token"): NameSays.AGAINST,  # Mixpanel, "Project token": not a secret
    ("mixpanel", "project", "token"): NameSays.AGAINST,
    ("client", "side"): NameSays.AGAINST,  # LaunchDarkly, "Client-side ID"
    ("firebase", "api", "key"): NameSays.AGAINST,  # Firebase, "Learn about using and managing API keys"
    ("tokenization", "key"): NameSays.AGAINST,  # Braintree, "Tokenization keys": meant for clients
    ("rum", "client", "token"): NameSays.AGAINST,  # Datadog, "API and application keys": client tokens are for browsers
    ("sentry", "dsn"): NameSays.POSSIBLY,  # Sentry, "DSN explainer": safe to keep public
    ("instrumentation", "key"): NameSays.AGAINST,  # Azure Application Insights: identifies, does not authenticate
    ("google", "application", "credential"): NameSays.POSSIBLY,  # Google, "Application Default Credentials": the path of a file
    ("neo", "j", "auth"): NameSays.SECRET,  # Neo4j, "Modify the default configuration": user/password
    ("adyen", "client", "key"): NameSays.AGAINST,  # Adyen, "Client key": for browsers
    ("midtrans", "client", "key"): NameSays.AGAINST,  # Midtrans, "API keys": for browsers
    ("sonar", "login"): NameSays.SECRET,  # SonarScanner, "Analysis parameters": a token
    ("sonarqube", "login"): NameSays.SECRET,
    ("external", "feed", "endpoint"): NameSays.SECRET,  # Azure Artifacts credential provider: JSON with passwords
    ("gradle", "encryption", "key"): NameSays.SECRET,  # Gradle, setup-gradle's cache encryption
}


def words(name: str) -> tuple[str, ...]:
    """`githubApiTokens2` is github, api, token: split at marks, at case, digits and plurals off."""
    found = [word if word in WITH_NUMBERS else word.rstrip("0123456789") or word for word in map(str.lower, WORD.findall(name))]
    letters = [word for word in found if not word.isdigit()] or found
    return tuple(part for word in letters for part in _parts(_singular(word)))


def _singular(word: str) -> str:
    if word.endswith("s") and not word.endswith("ss"):
        known = (
            word[:-1] in SECRET_WORDS
            or word[:-1] in LAST_WORDS_AGAINST
            or word[:-1] in ("key", "cookie", "salt", "string", "webhook", "login")
        )
        return word[:-1] if known else word
    return word


def _parts(word: str) -> Iterator[str]:
    """Two known words that run together: `tokenurl`, `keyfile`."""
    for first in ("password", "passwd", "token", "secret", "apikey", "auth", "credential", "credentials", "key"):
        rest = word.removeprefix(first)
        if rest != word and word not in (SECRET_WORDS | MAYBE_WORDS) and rest in LAST_WORDS_AGAINST:
            yield from (first, rest)
            return
    yield word


def judge(name: str) -> NameSays:
    """Judge by the name alone; uses and values weigh in later."""
    return judgement(name).says


def judgement(name: str) -> Judgement:
    """What `name` says, and by which of its words."""
    if BUNDLER_HOST.fullmatch(name):
        return Judgement(NameSays.SECRET, "a gem server's host")
    parts, behind = words(name), ""
    while len(parts) > 1 and parts[-1] in BEHIND:
        parts, behind = parts[:-1], parts[-1]
    by_last = None if behind in CONTENTS and parts[-1] in ("file", "path", "setting", "store", "account") else _by_last_words(parts)
    rules = (_vendors(parts), _carries(parts), _against(parts), by_last, _plainly(parts))
    return next(filter(None, rules), Judgement(NameSays.NOTHING, ""))


def _has(parts: tuple[str, ...], row: tuple[str, ...]) -> bool:
    return any(parts[start : start + len(row)] == row for start in range(len(parts)))


def _vendors(parts: tuple[str, ...]) -> Judgement | None:
    return next((Judgement(said, " ".join(row)) for row, said in VENDORS.items() if _has(parts, row)), None)


def _carries(parts: tuple[str, ...]) -> Judgement | None:
    ends = {parts[-2:], parts[-3:-1]}
    for says, table in ((NameSays.PROBABLY, CARRIERS), (NameSays.POSSIBLY, MAYBE_CARRIERS)):
        for pair in ends & table:
            if pair == parts[-2:] or parts[-1] in ("url", "uri"):
                return Judgement(says, " ".join(pair))
    return None


def _against(parts: tuple[str, ...]) -> Judgement | None:
    said = next((word for word in parts if word in PUBLIC_WORDS or word in WORDS_AGAINST), None)
    if said is None and "pub" in parts and ("key" in parts or parts[-1] == "pub"):
        said = "pub"
    if said is None and parts and parts[0] in FIRST_WORDS_AGAINST:
        said = parts[0]
    if said is None:
        said = next((" ".join(pair) for pair in pairwise(parts) if pair in PAIRS_AGAINST), None)
    return Judgement(NameSays.AGAINST, said) if said else None


def _by_last_words(parts: tuple[str, ...]) -> Judgement | None:
    """The last word says what a value is: `TOKEN_URL` is a URL."""
    last, ends = parts[-1:], parts[-2:]
    if ends == ("key", "id"):
        return Judgement(NameSays.SECRET if "access" in parts else NameSays.AGAINST, "key id")
    if (ends[-1:] == ("auth",) and ends[0] in AUTH) or ends in SECRET_PAIRS:
        return Judgement(NameSays.SECRET, " ".join(ends))
    if ends in (("auth", "header"), ("authorization", "header")):
        return Judgement(NameSays.PROBABLY, " ".join(ends))
    if last and last[0] in LAST_WORDS_AGAINST:
        is_about = "key" in parts or any(part in SECRET_WORDS for part in parts)
        return Judgement(NameSays.ABOUT_ONE if is_about else NameSays.AGAINST, last[0])
    return None


def _plainly(parts: tuple[str, ...]) -> Judgement | None:
    for part in parts:
        if part in SECRET_WORDS or (part not in NO_ENDINGS and (ENDINGS.fullmatch(part) or BEGINNINGS.fullmatch(part))):
            return Judgement(NameSays.SECRET, part)
    for pair in pairwise(parts):
        if pair in SECRET_PAIRS or pair[::-1] in SECRET_PAIRS:
            return Judgement(NameSays.SECRET, " ".join(pair))
    keys = [_as_key(parts, index) for index, part in enumerate(parts) if part == "key"]
    if keys:
        return max(keys)
    if len(parts) > 1 and parts[-1] in PROBABLE_ENDS:
        return Judgement(NameSays.PROBABLY, parts[-1])
    return Judgement(NameSays.POSSIBLY, parts[-1]) if parts and parts[-1] in MAYBE_WORDS else None


def _as_key(parts: tuple[str, ...], index: int) -> Judgement:
    before = parts[index - 1] if index else ""
    said = f"{before} key".strip()
    if NO_KEYS & set(parts) and before not in STRONG_KEYS:
        return Judgement(NameSays.AGAINST, said)
    if before in KEYS:
        return Judgement(NameSays.SECRET, said)
    return Judgement(NameSays.PROBABLY if index == len(parts) - 1 else NameSays.POSSIBLY, said)
