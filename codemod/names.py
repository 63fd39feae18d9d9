"""What a variable's name alone says about its being a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from codemod.vocabulary import (
    AUTH,
    BEGINNINGS,
    BEHIND,
    BUNDLER_HOST,
    CARRIERS,
    CONTENTS,
    DATABASES,
    ENDINGS,
    FILES,
    FIRST_WORDS_AGAINST,
    KEYS,
    LAST_WORDS_AGAINST,
    MAYBE_CARRIERS,
    MAYBE_WORDS,
    NO_AUTH,
    NO_ENDINGS,
    NO_KEYS,
    NO_KEYS_ANYWHERE,
    OTHER_BEGINNINGS,
    PAIRS_AGAINST,
    PROBABLE_ENDS,
    PUBLIC_PREFIXES,
    PUBLIC_WORDS,
    SECRET_PAIRS,
    SECRET_WORDS,
    SHOWN,
    STRONG_KEYS,
    WEAK_LAST_WORDS,
    WITH_NUMBERS,
    WORDS_AGAINST,
)


class NameSays(IntEnum):
    """Ordered: the more, the more likely a secret. The numbers are weights of evidence."""

    NONE = -4
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

# Vendors' own names whose words say otherwise: what the words are, in a row, and what they say. Sources: the vendors' documentation.
VENDORS = {
    ("site", "key"): NameSays.NONE,  # reCAPTCHA, hCaptcha, Turnstile: "the site key is public" (developer guides of all three)
    ("vault", "secret", "id"): NameSays.SECRET,  # Vault, "AppRole auth method": what logs in
    ("approle", "secret", "id"): NameSays.SECRET,
    ("aws", "key", "id"): NameSays.SECRET,  # AWS, "Managing access keys": half of a credential
    ("tencentcloud", "secret", "id"): NameSays.SECRET,  # Tencent Cloud, "Access keys": the same
    ("docker", "config", "json"): NameSays.SECRET,  # Docker, "docker login": has registries' credentials
    ("service", "account"): NameSays.PROBABLY,  # Google, "Service account keys"; or only its name
    ("jaas", "config"): NameSays.SECRET,  # Kafka, "Security": has the password
    ("snmp", "community"): NameSays.SECRET,  # SNMP (RFC 1157): a password
    ("presigned", "url"): NameSays.SECRET,  # AWS, "Sharing objects with presigned URLs"
    ("signed", "url"): NameSays.PROBABLY,  # Google Cloud Storage, "Signed URLs"
    ("sas", "url"): NameSays.SECRET,  # Azure Storage, "Shared access signatures"
    ("sas", "uri"): NameSays.SECRET,
    ("unity", "license"): NameSays.SECRET,  # Unity, "Manual activation"
    ("maxmind", "license"): NameSays.SECRET,  # MaxMind, "Generate a license key"
    ("telerik", "license"): NameSays.SECRET,  # Telerik, "License activation": a key
    ("syncfusion", "license"): NameSays.SECRET,  # Syncfusion, "License key registration"
    ("gurobi", "license"): NameSays.SECRET,  # Gurobi, "Web License Service": credentials
    ("pull", "secret"): NameSays.POSSIBLY,  # Kubernetes, "imagePullSecrets": a name; OpenShift: the credential
    ("datadog", "client", "token"): NameSays.NONE,  # Datadog, "API and application keys": for browsers
    ("dd", "client", "token"): NameSays.NONE,
    ("search", "api", "key"): NameSays.NONE,  # Algolia, Typesense, Meilisearch: for frontends
    ("web", "api", "key"): NameSays.NONE,  # Firebase, "Learn about using and managing API keys"
    ("content", "api", "key"): NameSays.NONE,  # Ghost, "Content API": for browsers
    ("airflow", "conn"): NameSays.SECRET,  # Airflow, "Managing connections": a URI with its password
    ("mc", "host"): NameSays.SECRET,  # MinIO client, "Environment variables": a URL with its keys
    ("key", "modeller"): NameSays.SECRET,  # Modeller, "Installation": the licence key
    ("fastlane", "session"): NameSays.SECRET,  # fastlane, "spaceauth": a login's cookies
    ("sdk", "license"): NameSays.NONE,  # Android, "sdkmanager --licenses": hashes of accepted texts
    ("plex", "claim"): NameSays.SECRET,  # Plex, "Claim a server": a token
    ("age", "identity"): NameSays.SECRET,  # age, README: an identity is a private key
    ("unity", "ulf"): NameSays.SECRET,  # Unity, "Manual activation": the licence
    ("csc", "link"): NameSays.SECRET,  # electron-builder, "Code signing": the certificate itself
    ("gpr", "key"): NameSays.SECRET,  # GitHub Packages, "Working with the Gradle registry": a token
    ("project", "key"): NameSays.NONE,  # SonarQube, Jira: a project's short name
    ("sitekey",): NameSays.NONE,  # hCaptcha, Turnstile
    ("search", "only"): NameSays.NONE,  # Algolia, "API keys": the search-only key is for frontends
    ("search", "key"): NameSays.NONE,  # Algolia, Typesense, Meilisearch: for frontends
    ("pusher", "key"): NameSays.NONE,  # Pusher Channels, "Channels credentials": the key is used in clients
    ("pusher", "app", "key"): NameSays.NONE,
    ("posthog", "key"): NameSays.NONE,  # PostHog, "Project API key": safe to expose
    ("posthog", "api", "key"): NameSays.NONE,
    ("posthog", "project", "key"): NameSays.NONE,
    ("amplitude", "api", "key"): NameSays.NONE,  # Amplitude, "Keys and tokens": the API key is public
    ("mixpanel", "token"): NameSays.NONE,  # Mixpanel, "Project token": not a secret
    ("mixpanel", "project", "token"): NameSays.NONE,
    ("client", "side"): NameSays.NONE,  # LaunchDarkly, "Client-side ID"
    ("firebase", "api", "key"): NameSays.NONE,  # Firebase, "Learn about using and managing API keys"
    ("tokenization", "key"): NameSays.NONE,  # Braintree, "Tokenization keys": meant for clients
    ("rum", "client", "token"): NameSays.NONE,  # Datadog, "API and application keys": client tokens are for browsers
    ("sentry", "dsn"): NameSays.POSSIBLY,  # Sentry, "DSN explainer": safe to keep public
    ("instrumentation", "key"): NameSays.NONE,  # Azure Application Insights: identifies, does not authenticate
    ("google", "application", "credential"): NameSays.POSSIBLY,  # Google, "Application Default Credentials": the path of a file
    ("neo", "j", "auth"): NameSays.SECRET,  # Neo4j, "Modify the default configuration": user/password
    ("adyen", "client", "key"): NameSays.NONE,  # Adyen, "Client key": for browsers
    ("midtrans", "client", "key"): NameSays.NONE,  # Midtrans, "API keys": for browsers
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


def public_prefix(name: str) -> str:
    """The prefix by which a framework ships the variable to everybody, or nothing."""
    capitals = name.upper()  # a PUBLIC_KEY is public, but by no framework
    return next((prefix for prefix in PUBLIC_PREFIXES if capitals.startswith(prefix) and not capitals.startswith("PUBLIC_KEY")), "")


def judge(name: str) -> NameSays:
    """Judge by the name alone; uses and values weigh in later."""
    return judgement(name).says


@lru_cache(10_000)  # a monorepo has the same names over and over
def judgement(name: str) -> Judgement:
    """What `name` says, and by which of its words."""
    if BUNDLER_HOST.fullmatch(name):
        return Judgement(NameSays.SECRET, "a gem server's host")
    parts, behind = words(name), ""
    if "for" in parts[1:]:
        parts = parts[: parts.index("for", 1)]  # what it is for does not say what it is
    while len(parts) > 1 and parts[-1] in BEHIND:
        parts, behind = parts[:-1], parts[-1]
    if behind in CONTENTS and parts[-1] in (*FILES, *MAYBE_WORDS):
        return Judgement(NameSays.SECRET, f"{parts[-1]} {behind}")  # not its name: the file itself
    by_last = None if behind in CONTENTS and parts[-1] in ("file", "path", "setting", "store") else _by_last_words(parts)
    if words(name)[-2:] in SECRET_PAIRS:
        return Judgement(NameSays.SECRET, " ".join(words(name)[-2:]))
    vendor = _vendors(words(name)) or _vendors(parts)
    if vendor and vendor.says is NameSays.POSSIBLY and behind in CONTENTS:
        vendor = Judgement(NameSays.SECRET, f"{vendor.words} {behind}")
    rules = (vendor, _carries(parts), _against(parts), by_last, _plainly(parts))
    return next(filter(None, rules), Judgement(NameSays.NOTHING, ""))


def _has(parts: tuple[str, ...], row: tuple[str, ...]) -> bool:
    return any(parts[start : start + len(row)] == row for start in range(len(parts)))


def _vendors(parts: tuple[str, ...]) -> Judgement | None:
    for row, said in VENDORS.items():
        if _has(parts, row) and (said not in (NameSays.POSSIBLY, NameSays.PROBABLY) or parts[-len(row) :] == row):
            return Judgement(said, " ".join(row))
    return None


def _carries(parts: tuple[str, ...]) -> Judgement | None:
    ends = {parts[-2:], parts[-3:-1]}
    for says, table in ((NameSays.SECRET, CARRIERS), (NameSays.POSSIBLY, MAYBE_CARRIERS)):
        for pair in ends & table:
            if pair == parts[-2:] or parts[-1] in ("url", "uri"):
                return Judgement(says, " ".join(pair))
    if parts[-1:] in (("url",), ("uri",), ("dsn",)) and parts[-2:-1] and parts[-2] not in LAST_WORDS_AGAINST:
        said = next((part for part in parts if part in DATABASES), None)
        return Judgement(NameSays.SECRET, f"{said} {parts[-1]}") if said else None
    return None


def _against(parts: tuple[str, ...]) -> Judgement | None:
    said = next((word for word in parts if word in WORDS_AGAINST), None)
    for index, word in enumerate(parts):
        if word in PUBLIC_WORDS and (index == len(parts) - 1 or parts[index + 1] in SHOWN or word != "public"):
            said = word
    if said is None and "pub" in parts and ("key" in parts or parts[-1] == "pub"):
        said = "pub"
    if said is None and parts[-2:] in PAIRS_AGAINST:
        said = " ".join(parts[-2:])
    if said is None and (parts[:2] in PAIRS_AGAINST and not _is_secret(parts[-1])):
        said = " ".join(parts[:2])
    if said:
        return Judgement(NameSays.NONE, said)
    if parts and parts[0] in FIRST_WORDS_AGAINST and parts[:2] not in OTHER_BEGINNINGS:
        return Judgement(NameSays.AGAINST, parts[0])
    return None


def _is_secret(part: str) -> bool:
    return part in SECRET_WORDS or (part not in NO_ENDINGS and (ENDINGS.fullmatch(part) or BEGINNINGS.fullmatch(part)) is not None)


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
        is_about = last[0] not in WEAK_LAST_WORDS and any(_is_secret(part) or part in MAYBE_WORDS or part == "key" for part in parts)
        return Judgement(NameSays.NONE if is_about else NameSays.AGAINST, last[0])
    return None


def _plainly(parts: tuple[str, ...]) -> Judgement | None:
    for index, part in enumerate(parts):
        if part in ("pat", "pw") and index < len(parts) - 1:
            continue  # a pattern's, Playwright's
        if _is_secret(part):
            return Judgement(NameSays.SECRET, part)
    for pair in pairwise(parts):
        if pair in SECRET_PAIRS or pair[::-1] in SECRET_PAIRS:
            return Judgement(NameSays.SECRET, " ".join(pair))
    keys = [_as_key(parts, index) for index, part in enumerate(parts) if part == "key"]
    if keys:
        return max(keys)
    if len(parts) > 1 and (parts[-1] in PROBABLE_ENDS or (parts[-1] == "auth" and parts[-2] not in NO_AUTH)):
        return Judgement(NameSays.PROBABLY, parts[-1])
    return Judgement(NameSays.POSSIBLY, parts[-1]) if parts and parts[-1] in MAYBE_WORDS else None


def _as_key(parts: tuple[str, ...], index: int) -> Judgement:
    before = parts[index - 1] if index else ""
    said = f"{before} key".strip()
    if (before in NO_KEYS or NO_KEYS_ANYWHERE & set(parts)) and not STRONG_KEYS & set(parts):
        return Judgement(NameSays.AGAINST, said)
    if before in KEYS:
        return Judgement(NameSays.SECRET, said)
    return Judgement(NameSays.PROBABLY if index == len(parts) - 1 else NameSays.POSSIBLY, said)
