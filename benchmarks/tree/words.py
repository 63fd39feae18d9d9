"""Words that names and texts are made of."""

from __future__ import annotations

from random import Random

TEAMS = (
    "accounts", "analytics", "billing", "catalog", "checkout", "content", "core", "data", "delivery", "devices", "docs", "edge", "fraud",
    "growth", "identity", "insights", "inventory", "ledger", "logistics", "maps", "marketing", "media", "messaging", "mobile", "observability",
    "orders", "partners", "payments", "platform", "pricing", "profile", "recommendations", "reporting", "risk", "search", "security",
    "shipping", "storage", "support", "tax", "tools", "web",
)  # fmt: skip
SUBJECTS = (
    "address", "alert", "asset", "audit", "avatar", "batch", "booking", "campaign", "carrier", "cart", "claim", "consent", "contract", "coupon",
    "courier", "currency", "customer", "dashboard", "digest", "document", "email", "event", "export", "feature", "feed", "file", "form",
    "geo", "image", "import", "invoice", "job", "label", "lead", "locale", "mail", "market", "member", "menu", "metric", "notice", "offer",
    "page", "parcel", "photo", "plan", "policy", "price", "product", "quota", "quote", "receipt", "refund", "region", "report", "review",
    "route", "rule", "schedule", "session", "shop", "stock", "story", "survey", "tag", "task", "theme", "ticket", "trace", "video", "vote",
)  # fmt: skip
ROLES = (
    "admin", "agent", "api", "backend", "bot", "bridge", "builder", "cache", "collector", "consumer", "converter", "cron", "engine", "exporter",
    "frontend", "gateway", "indexer", "jobs", "loader", "manager", "migrator", "parser", "poller", "processor", "proxy", "publisher", "relay",
    "resolver", "router", "runner", "scanner", "scheduler", "sender", "server", "service", "site", "store", "sync", "ui", "watcher", "web",
    "webhooks", "worker",
)  # fmt: skip
VERBS = (
    "add", "apply", "build", "check", "close", "collect", "count", "create", "drop", "fetch", "find", "flush", "group", "index", "join", "list",
    "load", "map", "mark", "match", "merge", "move", "open", "parse", "publish", "read", "remove", "render", "reset", "retry", "save",
    "send", "sort", "split", "start", "stop", "store", "sum", "sync", "update", "validate", "write",
)  # fmt: skip
PLAIN = (
    "a", "about", "all", "also", "and", "are", "as", "at", "be", "been", "before", "by", "each", "first", "for", "from", "has", "have", "if",
    "in", "into", "is", "it", "later", "must", "never", "not", "of", "on", "once", "one", "only", "or", "runs", "so", "than", "that", "the",
    "them", "then", "this", "to", "until", "used", "we", "when", "where", "which", "while", "with",
)  # fmt: skip


def chance(random: Random, share: float) -> bool:
    """True as often as that."""
    return random.random() < share


def hexadecimal(random: Random, digits: int) -> str:
    """So many digits of a digest."""
    return f"{random.getrandbits(4 * digits):0{digits}x}"


def version(random: Random) -> str:
    """As releases are numbered."""
    return f"{random.randrange(12)}.{random.randrange(30)}.{random.randrange(20)}"


def identifier(random: Random) -> str:
    """A name that code has."""
    return f"{random.choice(VERBS)}_{random.choice(SUBJECTS)}"


def sentence(random: Random, length: int = 12) -> str:
    """Looks like English from afar."""
    words = [random.choice(PLAIN if chance(random, 0.6) else SUBJECTS) for _ in range(random.randint(4, length))]
    return " ".join(words).capitalize()


SETTINGS = (
    "batch",
    "cache",
    "cron",
    "health",
    "http",
    "log",
    "metrics",
    "queue",
    "render",
    "request",
    "retry",
    "runner",
    "thread",
    "upload",
    "worker",
)


def constant(random: Random) -> str:
    """A name as the environment has them, of no secret."""
    return f"{random.choice(SETTINGS)}_{random.choice(('enabled', 'limit', 'mode', 'path', 'port', 'size', 'timeout', 'url', 'workers'))}".upper()
