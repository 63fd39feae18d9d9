"""What a literal value says about its being a secret; no value ever leaves this module."""

from __future__ import annotations

import re
from enum import Enum


class ValueSays(Enum):
    """What a default or an ENV value looks like."""

    EMPTY = "is empty"
    PLACEHOLDER = "is a placeholder"
    CREDENTIAL = "is a credential"
    HARMLESS = "is a number, a version, a path or a switch"
    OTHER = "could be anything"


# prefixes that issuers document for their own tokens, in the order: GitHub, GitLab, npm, PyPI, AWS, Slack, Stripe, Google,
# SendGrid, Docker Hub, Hugging Face, OpenAI, Anthropic, DigitalOcean, Vault, Sentry, Shopify, JWT, private keys; our own canaries
ISSUED = (
    r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|gl(?:pat|dt|rt|ptt)-[\w-]{16,}|npm_[A-Za-z0-9]{20,}|pypi-[\w-]{16,}|"
    r"(?:AKIA|ASIA)[A-Z0-9]{16}|xox[abprs]-[\w-]{10,}|[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|"
    r"dckr_pat_[\w-]{16,}|hf_[A-Za-z0-9]{20,}|sk-[\w-]{20,}|do[op]_v1_[a-f0-9]{32,}|hv[sbr]\.[\w-]{20,}|sntr[yu]s_[\w=-]{20,}|"
    r"shp(?:at|ca|pa|ss)_[a-f0-9]{20,}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----|canary-[\w-]+"
)
USERINFO = r"(?i)[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@$]+@"
PLACEHOLDER = (
    r"(?i)(?:change|replace|fill|insert|enter|put|set|add)[-_ ]?(?:me|this|it|here|your).*|<.*>|\[.*\]|\{\{.*\}\}|x{3,}|\*{3,}|\.{3,}|"
    r"(?:your|my|some|the|a|an|default|dummy|fake|example|sample|test|dev|local|invalid|none|null|nil|undefined|unset|empty|todo|"
    r"tbd|n/a|na|foo|bar|anonymous|guest|public|placeholder|secret|token|password|pass|passwd|key|missing|unknown|"
    r"not[-_ ]?(?:set|used))"
    r"(?:[-_ ].*)?"
)
HARMLESS = (
    r"(?i)v?[0-9]+(?:\.[0-9]+)*(?:[-+.][a-z0-9.]+)?|true|false|yes|no|on|off|(?:\.{0,2}/|~/)[^\s]*|[a-z][a-z0-9+.-]*://[^@]*|[0-9]+[smhd]"
)


def judge(value: str | None) -> ValueSays:
    """Judge an unquoted value; None means that there is none."""
    if not value:
        return ValueSays.EMPTY
    if re.match(ISSUED, value) or re.match(USERINFO, value):
        return ValueSays.CREDENTIAL
    if re.fullmatch(PLACEHOLDER, value):
        return ValueSays.PLACEHOLDER
    return ValueSays.HARMLESS if re.fullmatch(HARMLESS, value) else ValueSays.OTHER
