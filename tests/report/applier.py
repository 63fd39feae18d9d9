"""Fixes of SARIF applied as its standard says, by nothing of ours: in UTF-16 code units, a byte order mark not counted."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote_to_bytes

BOM = b"\xef\xbb\xbf"
UNIT = 2
# run.newlineSequences, where a run says nothing of it
NEWLINES = re.compile("\r\n|\n")


def applied(change: dict[str, Any], content: bytes) -> bytes:
    """A file's content with an artifactChange made; from the last replacement to the first, so that the places hold."""
    mark, text = (BOM, content[len(BOM) :].decode()) if content.startswith(BOM) else (b"", content.decode())
    units = text.encode("utf-16-le")
    spans = [(*offsets(text, each["deletedRegion"]), each.get("insertedContent", {}).get("text", "")) for each in change["replacements"]]
    for start, end, inserted in sorted(spans, reverse=True):
        units = units[: start * UNIT] + inserted.encode("utf-16-le") + units[end * UNIT :]
    assert all(one[1] <= other[0] for one, other in zip(sorted(spans), sorted(spans)[1:], strict=False))
    return mark + units.decode("utf-16-le").encode()


def offsets(text: str, region: dict[str, int]) -> tuple[int, int]:
    """Where a region starts and ends, in code units."""
    starts = [0, *(match.end() for match in NEWLINES.finditer(text))]
    units = [len(text[:start].encode("utf-16-le")) // UNIT for start in starts]
    assert region["endLine"] <= len(starts)
    return units[region["startLine"] - 1] + region["startColumn"] - 1, units[region["endLine"] - 1] + region["endColumn"] - 1


def path_of(location: dict[str, str]) -> str:
    """The path that an artifactLocation has; relative to the root, or absolute."""
    if "uriBaseId" in location:
        assert location["uriBaseId"] == "%SRCROOT%"
        assert not re.match(r"[a-z]+:|/|\.\./", location["uri"])
        return unquote_to_bytes(location["uri"]).decode("utf-8", "surrogateescape")
    assert location["uri"].startswith("file:///")
    return unquote_to_bytes(location["uri"].removeprefix("file://")).decode("utf-8", "surrogateescape")
