"""What in a value, as a caller writes it, shows that it is a secret: a CI system's secret store, a vault's command."""

from __future__ import annotations

import re

STORES = (re.compile(r"\$\{\{\s*secrets\.(\w+)\s*\}\}"),)


def credential(value: str) -> str:
    """What shows it, as one would say it; empty where nothing does. It never has a value in it."""
    for store in STORES:
        if match := store.search(value):
            return match[0]
    return ""
