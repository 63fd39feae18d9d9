"""What a variable's name alone says about its being a secret."""

from __future__ import annotations

import re
from enum import IntEnum
from itertools import pairwise


class NameSays(IntEnum):
    """Ordered: the more, the more likely a secret."""

    AGAINST = -2
    NOTHING = 0
    POSSIBLY = 1
    SECRET = 3


WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# bundlers copy these into what browsers get, so they can be no secret (each framework's documentation of its prefix)
PUBLIC_PREFIXES = ("NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_", "GATSBY_", "NUXT_PUBLIC_", "VUE_APP_", "PUBLIC_")

SECRET_WORDS = frozenset({
    "apikey", "apitoken", "accesskey", "authkey", "authtoken", "bearer", "cred", "credential", "creds", "deploykey", "jwt",
    "keypass", "licensekey", "masterkey", "netrc", "npmrc", "pass", "passcode", "passphrase", "passwd", "password", "passwort",
    "pat", "privatekey", "privkey", "psw", "pswd", "pwd", "pword", "pypirc", "secret", "secretkey", "sshkey", "storepass",
    "token", "htpasswd", "kubeconfig", "basicauth", "pw", "connectionstring",
})  # fmt: skip
ENDINGS = re.compile(
    r".+(?:password|passwd|passphrase|token|secret|apikey|privatekey|accesskey)|(?:root|db|user|admin|sql|ftp|ssh|my|db2)pass|"
    r"(?:root|db|user|admin|sql)(?:pwd|pw)"
)
# a key is a secret when the word before says what it opens
KEYS = frozenset({
    "access", "account", "admin", "api", "app", "application", "auth", "client", "consumer", "deploy", "deployment",
    "encrypt", "encryption", "hmac", "install", "license", "licence", "master", "private", "priv", "prv", "rsa", "ed25519", "secret",
    "server", "service", "shared", "signing", "sign", "ssh", "ssl", "storage", "tls", "write", "root", "registration",
    "subscription", "maps", "webhook", "functions", "id", "push", "vapid", "session",
})  # fmt: skip
NO_KEYS = frozenset({
    "gpg", "pgp", "apt", "cache", "primary", "foreign", "sort", "partition", "public", "pub", "ide", "idekey", "sbt", "release",
    "repo", "sha", "sha1", "index", "translation", "lookup", "map",
})  # fmt: skip
# two words that are one, in this order or the other
SECRET_PAIRS = frozenset({
    ("id", "rsa"), ("id", "ed25519"), ("private", "key"), ("prv", "key"), ("connection", "string"), ("auth", "config"),
})  # fmt: skip
# what begins like this asks whether or how many
FIRST_WORDS_AGAINST = frozenset({
    "allow", "create", "disable", "enable", "generate", "has", "have", "install", "is", "keep", "max", "min", "no", "num",
    "require", "show", "skip", "use", "with", "without",
})  # fmt: skip
AUTH = frozenset({"composer", "npm", "docker", "registry", "basic", "proxy", "nexus", "artifactory", "maven", "yarn", "http"})
# what Bundler reads a host's credentials from: dots are two underscores (bundle-config, "Credentials for gem sources")
BUNDLER_HOST = re.compile(r"BUNDLE_\w+__[A-Z]+")
# a URL may carry a password
CARRIERS = re.compile(r".*(?:INDEX_URL|DATABASE_URL|DB_URL|REGISTRY_URL|REPO_URL|MONGO_URI|MONGODB_URI|REDIS_URL|_DSN)|DSN")
# the last word says what the value is, whatever the words before: a path, a number, a name
LAST_WORDS_AGAINST = frozenset({
    "address", "alg", "algorithm", "arn", "audience", "branch", "bucket", "bytes", "checksum", "class", "commit", "count", "days",
    "digest", "dir", "directory", "domain", "download", "dummy", "duration", "email", "enable", "enabled", "endpoint", "env",
    "example", "expiration", "expires", "expiry", "extension", "file", "filename", "fingerprint", "folder", "format", "group",
    "hasher", "header", "helper", "home", "host", "hostname", "hours", "id", "image", "issuer", "keyserver", "len", "length",
    "level", "lifetime", "limit", "location", "login", "manager", "max", "md5", "method", "min", "minutes", "mode", "name",
    "namespace", "offset", "package", "path", "pkg", "placeholder", "plugin", "policy", "port", "prefix", "provider", "realm",
    "ref", "region", "regex", "release", "repo", "required", "role", "rotation", "rounds", "sample", "scheme", "scope", "seconds",
    "server", "sha", "sha1", "sha256", "sha512", "size", "store", "strength", "suffix", "tag", "template", "timeout", "title",
    "ttl", "type", "uri", "url", "user", "username", "ver", "version", "workers",
})  # fmt: skip
PUBLIC_WORDS = frozenset({"public", "pub", "pubkey", "publishable"})


def words(name: str) -> tuple[str, ...]:
    """`githubApiTokens2` is github, api, token: split at marks, at case, digits and plurals off."""
    found = [word.lower() for word in WORD.findall(name)]
    letters = [word for word in found if not word.isdigit()] or found
    return tuple(_singular(word) for word in letters)


def _singular(word: str) -> str:
    if word.endswith("s") and (word[:-1] in SECRET_WORDS or word in ("keys", "urls", "paths", "files", "names", "ids", "users")):
        return word[:-1]
    return word


def judge(name: str) -> NameSays:
    """Judge by the name alone; uses and values weigh in later."""
    parts = words(name)
    if BUNDLER_HOST.fullmatch(name):
        return NameSays.SECRET
    if CARRIERS.fullmatch(name.upper()):
        return NameSays.POSSIBLY
    if not parts or PUBLIC_WORDS & set(parts):
        return NameSays.AGAINST
    if parts[0] in FIRST_WORDS_AGAINST or "per" in parts:
        return NameSays.AGAINST
    return _by_last_words(parts)


def _by_last_words(parts: tuple[str, ...]) -> NameSays:
    """The last word says what a value is: `TOKEN_URL` is a URL."""
    if parts[-2:] == ("key", "id"):
        return NameSays.SECRET if "access" in parts else NameSays.AGAINST
    if parts[-1] == "auth" and len(parts) > 1 and parts[-2] in AUTH:
        return NameSays.SECRET
    if parts[-2:] in SECRET_PAIRS:
        return NameSays.SECRET
    if parts[-1] in ("auth", "oauth"):
        return NameSays.POSSIBLY
    if parts[-1] in LAST_WORDS_AGAINST:
        return NameSays.AGAINST
    return _plainly(parts)


def _plainly(parts: tuple[str, ...]) -> NameSays:
    pairs = set(pairwise(parts))
    if any(part in SECRET_WORDS or ENDINGS.fullmatch(part) for part in parts) or SECRET_PAIRS & {*pairs, *(pair[::-1] for pair in pairs)}:
        return NameSays.SECRET
    return max((_as_key(parts, index) for index, part in enumerate(parts) if part == "key"), default=NameSays.NOTHING)


def _as_key(parts: tuple[str, ...], index: int) -> NameSays:
    if NO_KEYS & set(parts):
        return NameSays.AGAINST
    if index and parts[index - 1] in KEYS:
        return NameSays.SECRET
    return NameSays.POSSIBLY
