"""Who may have a secret's value by now: why it is to be rotated, from what the JSON says of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

LITERAL = "literal-credential"
CREDENTIAL = 5  # the weight of a value that has the form of one
PUBLIC = "is public by its framework's rule"


class Exposure(Enum):
    """Where the value is, the worst first."""

    FILE = "file"  # the repository, and its history
    IMAGE = "image"  # a copy that each image keeps, after the change as well
    OPEN = "open"  # nothing changes: each build gives it away again
    HISTORY = "history"  # images, provenance and logs of the builds so far


def exposure(finding: Mapping[str, Any]) -> Exposure | None:
    """Why a finding's secret is to be rotated; None where it is no secret, for all that is known, or nothing gives it away."""
    if finding["confidence"] == "possible" or finding["status"] == "ignored" or any(PUBLIC in warning for warning in finding["warnings"]):
        return None
    if _is_in_the_file(finding):
        return Exposure.FILE
    if finding["remains"]:
        return Exposure.IMAGE
    return Exposure.HISTORY if finding["status"] == "rewritten" else _of_what_stays(finding)


def _is_in_the_file(finding: Mapping[str, Any]) -> bool:
    if finding["refusal"] and finding["refusal"]["reason"] == LITERAL:
        return True
    return any(item["kind"] == "value" and item["weight"] >= CREDENTIAL for item in finding["evidence"])


def _of_what_stays(finding: Mapping[str, Any]) -> Exposure | None:
    """A secret mount gives nothing away, unless a caller goes on passing the build arg."""
    is_mounted = all(place["instruction"] == "RUN" for place in finding["declared"])
    if is_mounted and not any("build arg" in item["detail"] for item in finding["evidence"]):
        return None
    return Exposure.OPEN
