"""What a literal value says about its being a secret; no value ever leaves this module."""

from __future__ import annotations

import math
import re
from collections import Counter
from enum import Enum


class ValueSays(Enum):
    """What a default or an ENV value looks like."""

    CREDENTIAL = "has the form of a credential"
    RANDOM = "looks random"
    OTHER = "could be anything"
    WORD = "is a plain word"
    EMPTY = "is empty"
    PLACEHOLDER = "is a placeholder"
    ASKED_FOR = "asks for a secret"
    NUMBER = "is a number"
    SWITCH = "is a switch"
    PUBLIC = "is what everybody may have"
    HARMLESS = "is a version, a path, a host, a URL or a checksum"


# what may be a credential where nothing else is known of it
UNKNOWN = frozenset({ValueSays.OTHER, ValueSays.RANDOM, ValueSays.WORD})
# How much each weighs; what could be anything says nothing. A password of digits is one all the same, a switch none.
WEIGHTS = {
    ValueSays.CREDENTIAL: 5,
    ValueSays.RANDOM: 1,
    ValueSays.WORD: -1,
    ValueSays.ASKED_FOR: 1,
    ValueSays.EMPTY: -1,
    ValueSays.PLACEHOLDER: -1,
    ValueSays.NUMBER: -1,
    ValueSays.SWITCH: -8,
    ValueSays.PUBLIC: -8,
    ValueSays.HARMLESS: -2,
}

# The forms that issuers document for their own tokens ("about token prefixes" and the like in each one's documentation).
ISSUED = "|".join((  # noqa: FLY002  (one line an issuer)
    r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}",  # GitHub
    r"gl(?:pat|dt|rt|ptt|ft|soat|cbt|agent|imt)-[\w-]{16,}",  # GitLab
    r"npm_[A-Za-z0-9]{20,}",  # npm
    r"pypi-Ag[\w-]{16,}",  # PyPI
    r"(?:live|test)_(?=[A-Za-z]*[0-9])(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{25,}",  # Mollie
    r"rubygems_[a-f0-9]{32,}",  # RubyGems
    r"CLOJARS_[a-f0-9]{32,}",  # Clojars
    r"(?:AKIA|ASIA)[A-Z0-9]{16}",  # AWS
    r"xox[abeprs]-[\w-]{10,}|xapp-[0-9]-[A-Z0-9][\w-]{10,}|https://hooks\.slack\.com/services/\S+",  # Slack
    r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\S+",  # Discord
    r"[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9]{16,}",  # Stripe
    r"AIza[\w-]{30,}|GOCSPX-[\w-]{16,}|ya29\.[\w-]{16,}",  # Google
    r"SG\.[\w-]{16,}\.[\w-]{16,}",  # SendGrid
    r"key-[a-f0-9]{32}",  # Mailgun
    r"dckr_(?:pat|oat)_[\w-]{16,}",  # Docker Hub
    r"hf_[A-Za-z0-9]{20,}",  # Hugging Face
    r"sk-(?=[\w-]*[0-9])[\w-]{20,}",  # OpenAI, Anthropic
    r"gsk_[A-Za-z0-9]{20,}|xai-[A-Za-z0-9]{20,}|r8_[A-Za-z0-9]{20,}",  # Groq, xAI, Replicate
    r"do[opr]_v1_[a-f0-9]{32,}",  # DigitalOcean
    r"hv[sbr]\.[\w-]{20,}|\w{14}\.atlasv1\.[\w-]{20,}",  # HashiCorp
    r"sntr[yu]s_[\w=-]{20,}",  # Sentry
    r"shp(?:at|ca|pa|ss)_[a-f0-9]{20,}",  # Shopify
    r"ATATT3x[\w=-]{16,}|ATCTT3x[\w=-]{16,}|ATBB[A-Za-z0-9]{20,}",  # Atlassian
    r"dp\.(?:pt|st|ct|sa)\.[\w.-]{20,}",  # Doppler
    r"dapi[a-f0-9]{32}",  # Databricks
    r"glsa_[\w]{20,}|glc_[\w=]{20,}",  # Grafana
    r"NRAK-[A-Z0-9]{20,}",  # New Relic
    r"pscale_(?:tkn|pw)_[\w.-]{20,}",  # PlanetScale
    r"pul-[a-f0-9]{32,}",  # Pulumi
    r"PMAK-[a-f0-9-]{20,}",  # Postman
    r"sbp_[a-f0-9]{32,}",  # Supabase
    r"fig[dor]_[\w-]{20,}",  # Figma
    r"lin_api_[A-Za-z0-9]{20,}",  # Linear
    r"ntn_[A-Za-z0-9]{20,}|secret_[A-Za-z0-9]{40,}",  # Notion
    r"tskey-[\w-]{16,}",  # Tailscale
    r"nfp_[A-Za-z0-9]{20,}",  # Netlify
    r"HRKU-[\w-]{20,}",  # Heroku
    r"AKCp[A-Za-z0-9]{20,}",  # JFrog
    r"sq0(?:atp|csp)-[\w-]{16,}",  # Square
    r"SK[a-f0-9]{32}",  # Twilio
    r"[0-9]{8,10}:AA[\w-]{30,}",  # Telegram
    r"AGE-SECRET-KEY-1[A-Z0-9]{20,}",  # age
    r"ops_eyJ[\w-]{20,}",  # 1Password
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+",  # a JWT (RFC 7519)
    r"LS0tLS1CRUdJTi",  # "-----BEGIN" in base64
    r"canary-[\w-]*[0-9][\w-]*",  # our own, in tests
))  # fmt: skip
PRIVATE_KEY = r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY|\"private_key\"\s*:"
USERINFO = r"(?i)[a-z][a-z0-9+.-]*://[^/\s:@\"'$]*:[^/\s@$]+@"
# a shared access signature, a token in a query, a password in a connection string
INSIDE = (
    r"(?i)[?&](?:access_?token|private_token|token|api_?key|(?:x-\w+-)?sig(?:nature)?|secret|password)=[^&$\s]{6,}|"
    r"://\S*/(?:t/[\w-]{20,}|(?:webhooks?/[\w-]+|(?:build_)?hooks|services/T\w+/B\w+)/[\w-]{6,})|"
    r"\b(?:authorization\s*[:=]|bearer\s)\s*\S+|(?:^|[;\s.-])(?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature)\s*=\s*[^;$\s]+"
)
PLACEHOLDER = (
    r"(?i)(?:change|replace|fill|insert|enter|put|set|add)[-_ ]?(?:me|this|it|here|your|in)?(?:[-_ ].*)?|<.*>|"
    r"\[[A-Za-z _-]*\]|\{\{.*\}\}|x{3,}|\*{3,}|"
    r"\.{3,}|(?:your|my|some|the|a|an|default|dummy|fake|example|sample|test|dev|local|invalid|none|null|nil|undefined|unset|empty|todo|"
    r"tbd|n/a|na|foo|bar|anonymous|guest|public|placeholder|secret|token|password|pass|passwd|key|missing|unknown|"
    r"not[-_ ]?(?:a[-_ ]?)?(?:set|used|real|secret|needed|provided|required))"
    r"(?:[-_ ].*)?"
)
# a placeholder that only a secret has
ASKING = r"(?i)change[-_ ]?me|passw|secret|token|api[-_]?key|credential"
NUMBER = r"[0-9]{4,}"
SWITCH = r"(?i)[01]|true|false|yes|no|on|off|enabled?|disabled?|required|optional|always|never|auto"
# public keys, certificates, and what vendors issue for browsers: Stripe, Mapbox, PostHog, Datadog
PUBLIC = (
    r"(?:ssh-\w+|ecdsa-\S+) AAAA[\s\S]*|-----BEGIN (?:[A-Z ]*PUBLIC KEY|CERTIFICATE)[\s\S]*|pk_(?:live|test)_\w+|pk\.eyJ\S+|phc_\w+|"
    r"pub[0-9a-f]{20,}"
)
HARMLESS = (
    # numbers and versions
    r"[0-9A-F]{40}|(?:0x)?[0-9A-F]{16}|0x[0-9A-Fa-f]{40}|(?i:[0-9]{1,3}|512|1024|2048|3072|4096|8192|v?[0-9]+(?:\.[0-9]+)+(?:[-+.~][a-z0-9.+~-]+)?|v[0-9]+|[0-9]+[smhdkg]b?)|"
    # paths and patterns
    r"(?:\.{0,2}/|~/)[^\s=+]*|[A-Za-z]:\\\S*|[\w.%{}-]*/[\w./%{}-]*\.[a-z]\w{0,5}|[a-z][a-z._-]*(?:/[a-z][a-z._-]*)+|\.[a-z][\w.-]*|id_[a-z0-9]+|"
    r"[\w./{},?-]*\*[\w./{},?*-]*[/.][\w./{},?*-]*|\*\S*|"
    # URLs without a password, hosts, addresses, references to where the secret is
    r"[a-z][a-z0-9+.-]*://[^@]*|[a-z][a-z0-9+.-]*://[a-z_]+@\S*|localhost(?::[0-9]+)?(?:/\S*)?|"
    r"(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,8}(?::[0-9]+)?(?:/\S*)?|"
    r"[a-z][a-z0-9-]*:[0-9]{2,5}|(?:file|jdbc|sqlite|vault|op|ssm|arn:aws[\w-]*):[^\s@]*|[\w.+-]+@[\w-]+\.[\w.-]+|"
    r"[A-Z]+(?:_[A-Z]+)+(?: [A-Z]+(?:_[A-Z]+)*)*|"
    # checksums and licences' names
    r"sha[0-9]+[-:][A-Za-z0-9+/=]+|(?:MIT|BSD|ISC|MPL|L?GPL|AGPL|Apache|CC0|EPL|Unlicense)(?:[-.\w]*)|(?:oraclelicense=)?accept\S*"
)
WORD = r"[A-Z]?[a-z]+(?:[-_][a-z]+)*"
# letters of both cases and digits, long enough, and no word repeated: what a generator makes
ENTROPY = 3.7
ALPHABET = re.compile(r"(?!0x)(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9].*[0-9])[A-Za-z0-9+/_=~-]{20,}")


# what is longer tells nothing more, and patterns that look for a middle take the square of a length
LONGEST = 2_000


def judge(value: str | None) -> ValueSays:
    """Judge an unquoted value; None means that there is none."""
    if not value:
        return ValueSays.EMPTY
    value = value[:LONGEST]
    if _is_credential(value):
        return ValueSays.CREDENTIAL
    for says, pattern in FORMS:
        if re.fullmatch(pattern, value):
            return ValueSays.ASKED_FOR if says is ValueSays.PLACEHOLDER and re.search(ASKING, value) else says
    return ValueSays.RANDOM if is_random(value) else ValueSays.OTHER


FORMS = (
    (ValueSays.PLACEHOLDER, PLACEHOLDER),
    (ValueSays.SWITCH, SWITCH),
    (ValueSays.PUBLIC, PUBLIC),
    (ValueSays.HARMLESS, HARMLESS),
    (ValueSays.NUMBER, NUMBER),
    (ValueSays.WORD, WORD),
)


def _is_credential(value: str) -> bool:
    if re.search(rf"(?:\A|://|=)(?:{ISSUED})", value) or re.search(USERINFO, value) or re.search(PRIVATE_KEY, value):
        return True
    found = re.search(INSIDE, value)
    return found is not None and not re.fullmatch(PLACEHOLDER, found[0].partition("=")[2])


def is_random(value: str) -> bool:
    """Whether a value has the entropy of one that a generator made, a checksum's hexadecimal digits apart."""
    return ALPHABET.fullmatch(value) is not None and _bits(value) >= ENTROPY


def _bits(value: str) -> float:
    """Shannon's entropy of a character, in bits."""
    return -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())
