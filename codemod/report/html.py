"""The report as one page for a browser: the JSON, its reader, and nothing that needs a network.

Values are redacted as in the JSON. All that a file says stays data, which the page's script makes text of, never markup.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from codemod.report.files import Report
from codemod.report.json_v1 import document
from codemod.report.rotation import exposure

STYLES = ("page.css",)
# one script in the end, in this order
SCRIPTS = (
    "elements.js",
    "diff.js",
    "diff_view.js",
    "state.js",
    "facets.js",
    "listing.js",
    "findings.js",
    "others.js",
    "model.js",
    "start.js",
)
# the rest of a secret's mentions is a number
MOST_MENTIONS = 20
# what would end the script element that the data is in, or begin a comment there; JSON has these in texts only
MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
TILES = {
    "rewritten": ("to rewrite", "rewritten"),
    "refused": ("refused", "refused"),
    "reported": ("reported", "reported"),
    "ignored": ("ignored", "ignored"),
    "leftovers": ("copies left", "copies left"),
    "errors": ("errors", "errors"),
}


def dumps(report: Report) -> str:
    """The whole page."""
    return page(document(report))


def page(found: Mapping[str, Any]) -> str:
    """The same, from the JSON's document."""
    style, script = _joined(STYLES), f'"use strict";\n(() => {{\n{_joined(SCRIPTS)}}})();\n'
    tool = found["tool"]
    return Template(_resource("page.html")).substitute(
        policy=_policy(style, script),
        title=escape(f"dockerfix: {_counted(found['summary']['findings'], 'finding')}"),
        scope=escape(_scope(found)),
        summary=_summary(found),
        tables=_tables(found),
        tool=escape(f"{tool['name']} {tool['version']}"),
        style=style,
        script=script,
        data=_embedded(_data(found)),
    )


def _joined(names: Iterable[str]) -> str:
    return "".join(map(_resource, names))


def _resource(name: str) -> str:
    return (files("codemod.report") / "page" / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing but this style and this script, and no request at all."""
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; img-src data:; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _embedded(data: Mapping[str, Any]) -> str:
    """JSON for a script element: ASCII, so that no separator, surrogate or direction mark is in the page itself."""
    return json.dumps(data, separators=(",", ":")).translate(MARKUP)


# --- the data -------------------------------------------------------------------------------------------------------


def _data(found: Mapping[str, Any]) -> dict[str, Any]:
    seen: Counter[tuple[str, int, str]] = Counter()
    return {
        "files": [_file(file) for file in found["files"] if file["changed"]],
        "findings": [_finding(finding, seen) for finding in found["findings"]],
        "commands": found["build_commands"],
        "errors": found["errors"],
    }


def _file(file: Mapping[str, Any]) -> dict[str, Any]:
    body = file["diff"].split("\n")[2:]  # behind the paths
    return {**file, "added": sum(line[:1] == "+" for line in body), "removed": sum(line[:1] == "-" for line in body)}


def _finding(finding: Mapping[str, Any], seen: Counter[tuple[str, int, str]]) -> dict[str, Any]:
    """With its exposure, and with mentions that change nothing counted; `ordinal` tells apart findings of one line."""
    place = (finding["dockerfile"], finding["declared"][0]["line"], finding["secret"])
    seen[place] += 1
    idle = [call for call in finding["calls"] if _is_idle(call)]
    why = exposure(finding)
    return {
        **finding,
        "calls": [call for call in finding["calls"] if not _is_idle(call)],
        "mentions": [f"{call['path']}:{call['line']}" for call in idle[:MOST_MENTIONS]],
        "mentioned": len(idle),
        "exposure": why.value if why else None,
        "ordinal": seen[place] - 1,
    }


def _is_idle(call: Mapping[str, Any]) -> bool:
    """Whether it only has the name, and there is nothing to say of it."""
    return call["status"] == "irrelevant" and not call["why"]


# --- what is there without a script ----------------------------------------------------------------------------------


def _scope(found: Mapping[str, Any]) -> str:
    summary = found["summary"]
    names = {finding["secret"] for finding in found["findings"]}
    changed = [file for file in found["files"] if file["changed"]]
    written = sum(file["written"] for file in changed)
    dockerfiles = _counted(summary["dockerfiles"], "Dockerfile")
    said = f"{_counted(summary['findings'], 'finding')} of {_counted(len(names), 'secret')} in {dockerfiles}."
    if written:
        return f"{said} {_counted(written, 'file')} of {len(changed):,} written."
    return f"{said} {_counted(len(changed), 'file')} would change: nothing has been written." if changed else f"{said} No file changes."


def _summary(found: Mapping[str, Any]) -> str:
    is_written = any(file["written"] for file in found["files"])
    counts = ((key, TILES[key][is_written], found["summary"][key]) for key in TILES)
    tiles = (f'<div class="tile {key}{" zero" * (not count)}"><dt>{name}</dt><dd>{count:,}</dd></div>' for key, name, count in counts)
    return "\n".join(tiles)


def _tables(found: Mapping[str, Any]) -> str:
    findings = found["findings"]
    reasons = Counter(finding["refusal"]["reason"] for finding in findings if finding["refusal"])
    folders = Counter(finding["dockerfile"].rpartition("/")[0].split("/")[0] or "." for finding in findings)
    return _table("Why refused", reasons) + _table("Folders", folders)


def _table(title: str, counts: Counter[str]) -> str:
    rows = "".join(f"<tr><th scope=row>{_markup(name)}</th><td>{count:,}</td></tr>\n" for name, count in counts.most_common())
    return f"<table class=plain-table><caption>{title}</caption>\n{rows}</table>\n" if rows else ""


def _markup(text: str) -> str:
    """Text of the user's as markup: bytes that are no UTF-8, and all that is not seen, by number."""
    seen = "".join(character if character.isprintable() else character.encode("unicode_escape").decode() for character in text)
    return escape(seen)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"
