"""Files that cannot be read still say what they pass."""

from __future__ import annotations

import pytest

from codemod.callers.bake import hcl as bake_hcl
from codemod.callers.bake import json as bake_json
from codemod.callers.call import ID, NotUnderstoodError
from codemod.callers.compose import calls as compose

from .moving import TREE, Kind, passed, source

FILES = [
    (
        compose,
        "compose.yml",
        "services:\n  app:\n    {{ x }}: {{ y\n    build:\n      args:\n        A: ${B} # x\n        # C: d\n        TOK: $V\n      x: y\n",
    ),
    (compose, "compose.yml", "a: {{ x\nb:\n  args:\n  - A=${B}\n\n  - TOK # x\n  c: d\n  args: {}\n"),
    (compose, "compose.yml", "a: {{ x\nb: {\n  args: [A=x, TOK=$V],\n"),
    (bake_hcl, "docker-bake.hcl", 'target "x" {\n  args = {\n    A = "b"\n    TOK = {{ x\n  }\n}\n'),
    (bake_json, "docker-bake.json", '{"target": {"x": {\n  "args": {"A": "b", "TOK": "${V}"\n'),
]


@pytest.mark.parametrize(("kind", "path", "text"), FILES)
def test_what_stands_below_args_is_passed(kind: Kind, path: str, text: str) -> None:
    found = passed(kind, source(path, text))
    assert [each.name for each in found] == ["A", "TOK"]
    for each in found:
        assert each.span.of(text).startswith(each.name)
        assert each.obstacle.startswith("the file cannot be read: line ")
        assert ID in each.suggestion


@pytest.mark.parametrize(("kind", "path", "text"), FILES)
def test_without_args_there_is_nothing_to_say(kind: Kind, path: str, text: str) -> None:
    with pytest.raises(NotUnderstoodError):
        kind.calls(source(path, text.replace("args", "other")), TREE)
