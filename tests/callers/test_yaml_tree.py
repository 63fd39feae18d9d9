"""YAML with places: the data is what PyYAML has, each character stands where the tree says, and edits move nothing else."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from codemod.callers.call import NotUnderstoodError
from codemod.callers.yaml.check import MISSING, data, differences, loaded, read
from codemod.callers.yaml.tree import Alias, Item, Mapping, Node, Pair, Scalar, Sequence, Yaml, pair_at, parse, text_at
from codemod.text import Edit, Source, Span, apply

ODD = {
    "nothing": "",
    "only a comment": "# nothing\n",
    "mappings, with comments everywhere": "# a\na: # b\n  # c\n  b: 1 # d\n\n  # e\n  c: 2\n# f\n",
    "sequences as far in as their keys": "a:\n- 1\n- b: 2\n  c: 3\n-\n  d: 4\n- - 5\n  - 6\n",
    "keys in quotes": "\"a b\": 1\n'c''d': 2\n? e\n: 3\n",
    "flow": 'a: [1, \'b, c\', "d", {e: f, g}, h: i]\nj: {k: [l], "m": n, }\n',
    "nothing for a value": "a:\nb: # c\nd: ''\ne: \"\"\nf: ~\n",
    "plain on several lines": "a: b c\n  d\n\n  e\n\n\n  f # g\nh: i\n",
    "quotes on several lines": "a: 'b  \n  c\n\n  d'\ne: \"f \\\n  g\n\n  \\  h\n\n\n  i\"\n",
    "escapes": 'a: "\\t\\x41\\u00e9\\U0001F600\\"\\\\\\/\\n\\0\\e"\n',
    "an escaped line end, and blank lines behind it": 'a: "b\\\n\n\n  c"\n',
    "literal": "a: |\n  b\n   c\n\n  \td\n     \n\n  # e\ne: 1\n",
    "literal, stripped": "a: |-\n  b\n\n\nc: d\n",
    "literal, kept": "a: |+\n  b\n\n\nc: d\n",
    "literal, with a comment behind its sign": "a: | # b\n  c\nd: e\n",
    "literal, more indented at first": "a: |2\n    b\n  c\nd:\n  - |1-\n    e\n   f\n",
    "literal, blank lines first": "a: |\n\n   \n   b\nc: d\n",
    "literal without a text": "a: |\nb: |+\n\n\nc: |-\n",
    "literal at the end": "a: |\n  b",
    "literal at the end, stripped": "a:\n  - |-\n    b\n    c",
    "literal of all the document": "--- |\n a\n  b\n",
    "literal of a document before another": "--- |\n a\n---\nb\n",
    "folded": "a: >\n  b\n  c\n\n  d\n\n\n  e\n    f\n  g\n   h\n\n  i\nj: k\n",
    "folded, stripped": "a: >-\n  b\n  c\n",
    "folded, kept": "a: >+\n\n  b\n\n\nc: d\n",
    "several documents": "%YAML 1.1\n---\na: 1\n...\n---\n- 2\n--- x\n",
    "an empty document": "---\n---\na: b\n",
    "anchors": "a: &x !!str b\nc: &y\n  - 1\nd: &z\ne: !t {f: g}\nh: ! i\n",
    "letters": "ä: ö # ü\n日本: '語'\n? é\n: |\n  ß\n",
    "tabs": "a:\t1\nb: |\n  x\ty\n  \tz\nc: d\t# e\n",
    "no line end": "a: 1\nb:\n  - c",
}


def tree(text: str) -> Yaml:
    return parse(Source(PurePosixPath("a.yml"), text))


@pytest.mark.parametrize("written", [str, lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text], ids=["lf", "crlf", "bom"])
@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_the_data_is_what_pyyaml_has(text: str, written: type[str]) -> None:
    found = tree(written(text))
    assert [data(document) for document in found.documents] == [document or "" for document in loaded(written(text)) or []]
    for _, node in found.walk():
        assert_places(found, node)


def assert_places(found: Yaml, node: Node) -> None:
    """Each character stands where it is said to, or is what a unit says."""
    if not isinstance(node, Scalar):
        return
    content = node.content
    origins = [content.text.origin(index) for index in range(len(node.text))]
    assert origins == sorted(set(origins))
    for character, origin in zip(node.text, origins, strict=True):
        is_unit = any(unit.start == origin for unit in content.units)
        assert is_unit or found.source.text[origin] in (character, "\n", "\r"), (node, character)
        assert origin in range(node.span.start, node.span.end + 2)


def test_a_document_may_be_a_literal_that_is_not_indented() -> None:
    assert [data(document) for document in tree("--- |\na\n b\n---\nc\n").documents] == ["a\n b\n", "c"]


@given(
    text=st.text(st.sampled_from("ab \n\t'\"\\#:-{[é&*"), max_size=30),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    width=st.integers(3, 30),
)
def test_what_pyyaml_writes_is_read(text: str, style: str, width: int) -> None:
    written = yaml.dump({"key": [text]}, default_style=style, width=width, allow_unicode=True)
    assert [data(document) for document in tree(written).documents] == loaded(written)


NO_YAML = [
    ("a: b\n  c: d\n", 2),
    ("a: 1\nb: [\nc: d\n", 3),
    ("\ufeffa: 1\nb: '\n", 2),
    ("a: 1\nb: {{ b }}: c\n", 2),
    ("a: 1\nb: \x01\n: [\n", 1),
    ("a: 1\n--- b: c\n", 2),
]


@pytest.mark.parametrize(("text", "line"), NO_YAML)
def test_what_is_no_yaml_has_its_line(text: str, line: int) -> None:
    with pytest.raises(NotUnderstoodError) as caught:
        tree(text)
    assert caught.value.line == line


def test_pairs_are_found_by_their_keys() -> None:
    found = tree("a:\n  b: {c: d}\n  e: [f]\n  ? [g]\n  : h\n")
    assert text_at(found.root, "a", "b", "c") == "d"
    assert text_at(found.root, "a", "e") is None
    assert found.find("a", "x") is None
    assert found.find("a", "e", "x") is None
    a = found.find("a")
    assert a is not None
    assert isinstance(a.value, Mapping)
    assert [pair.name for pair in a.value.pairs] == ["b", "e", ""]
    assert tree("- a\n").root is None
    assert tree("---\na: 1\n---\nb: 2\n").root is None


def test_walk_leads_everywhere() -> None:
    found = tree("---\na:\n  - b: *x\n  -\n  - [c]\nd:\n---\n---\n- e\n")
    paths = [(path, type(node).__name__) for path, node in found.walk()]
    assert paths == [
        ((), "Mapping"),
        (("a",), "Sequence"),
        (("a", 0), "Mapping"),
        (("a", 0, "b"), "Alias"),
        (("a", 2), "Sequence"),
        (("a", 2, 0), "Scalar"),
        ((), "Sequence"),
        ((0,), "Scalar"),
    ]


SHARED = "a: &x\n  b: 1\nc: *x\nd: &y 2\ne:\n  <<: *x\n  f: *gone\ng: 3\n"


def test_aliases_say_what_is_shared() -> None:
    found = tree(SHARED)

    def span(*path: str) -> Span:
        pair = found.find(*path)
        assert pair is not None
        return pair.span

    assert found.shared(span("a"))
    assert found.shared(span("a", "b"))
    assert found.is_part_of_shared(span("a", "b"))
    assert found.shared(span("c"))
    assert found.shared(span("e"))
    assert not found.is_part_of_shared(span("e"))
    assert not found.shared(span("d"))
    assert not found.shared(span("g"))
    e = found.find("e")
    c = found.find("c")
    assert e is not None
    assert c is not None
    assert isinstance(e.value, Mapping)
    assert e.value.merges
    assert isinstance(c.value, Alias)
    assert isinstance(found.resolved(c.value), Mapping)
    assert found.resolved(e.value) is e.value
    assert found.resolved(None) is None


def test_an_alias_stands_for_what_had_the_anchor_before_it() -> None:
    found = tree("a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: &y [*y]\nf: *z\ng: &z 3\n")

    def said(*path: str) -> object:
        pair = found.find(*path)
        return data(found.resolved(pair.value)) if pair is not None else None

    assert [said("b"), said("d"), said("e"), said("f")] == ["1", "2", ["*y"], ""]


def part(found: Yaml, *path: str | int) -> tuple[Pair | Item, tuple[Pair, ...] | tuple[Item, ...]]:
    """A pair or an item, and its siblings."""
    node: Node | None = found.root
    for step in path[:-1]:
        if isinstance(step, str):
            pair = pair_at(node, step)
            assert pair is not None
            node = pair.value
        else:
            assert isinstance(node, Sequence)
            node = node.items[step].value
    last = path[-1]
    if isinstance(last, int):
        assert isinstance(node, Sequence)
        return node.items[last], node.items
    assert isinstance(node, Mapping)
    pair = node.get(last)
    assert pair is not None
    return pair, node.pairs


REMOVED = {
    "a pair with its comment": ("a:\n  b: 1 # c\n  d: 2\n", ("a", "b"), "a:\n  d: 2\n"),
    "a pair on several lines": ("a:\n  b: |\n    c\n    d\n\n  e: 2\n", ("a", "b"), "a:\n\n  e: 2\n"),
    "the first pair behind a dash": ("- a: 1 # b\n  c: 2\n", (0, "a"), "- c: 2\n"),
    "the first of several": ("x:\n  - a: |\n      1\n    # d\n    c: 2\n", ("x", 0, "a"), "x:\n  - c: 2\n"),
    "an item": ("x:\n- 1 # c\n- 2\n", ("x", 0), "x:\n- 2\n"),
    "the last line of a file that ends in none": ("x:\n  - 1\n  - 2", ("x", 1), "x:\n  - 1"),
    "… in CRLF": ("x:\r\n  - 1\r\n  - 2", ("x", 1), "x:\r\n  - 1"),
    "behind a mark of the byte order": ("\ufeffa: 1\nb: 2\n", ("b",), "\ufeffa: 1\n"),
}


@pytest.mark.parametrize(("text", "path", "after"), REMOVED.values(), ids=REMOVED.keys())
def test_a_part_goes_with_its_lines(text: str, path: tuple[str | int, ...], after: str) -> None:
    found = tree(text if path[0] != 0 else f"r:\n{text}")
    each, siblings = part(found, *(path if path[0] != 0 else ("r", *path)))
    assert apply(found.source.text, [found.removal(each, siblings)]).removeprefix("r:\n") == after


def test_the_only_pair_behind_a_dash_leaves_the_dash() -> None:
    found = tree("x:\n  - a: 1 # b\n")
    pair, siblings = part(found, "x", 0, "a")
    assert apply(found.source.text, [found.removal(pair, siblings)]) == "x:\n  - \n"


ADDED = {
    "behind a pair": ("a:\n    b: 1 # c\n    d: 2\n", ("a", "b"), "a:\n    b: 1 # c\n    n:\n      - 1\n    d: 2\n"),
    "behind the first pair of an item": ("x:\n- a: 1\n", ("x", 0, "a"), "x:\n- a: 1\n  n:\n    - 1\n"),
    "behind a pair of a block": ("a:\n  b: |\n    c\n\nd: 1\n", ("a", "b"), "a:\n  b: |\n    c\n  n:\n    - 1\n\nd: 1\n"),
    "at the end of a file that ends in none": ("a:\n  b: 1", ("a", "b"), "a:\n  b: 1\n  n:\n    - 1"),
    "in CRLF": ("a:\r\n  b: 1\r\nc: 2\r\n", ("a", "b"), "a:\r\n  b: 1\r\n  n:\r\n    - 1\r\nc: 2\r\n"),
    "behind a mark of the byte order": ("\ufeffa: 1", ("a",), "\ufeffa: 1\nn:\n  - 1"),
}


@pytest.mark.parametrize(("text", "path", "after"), ADDED.values(), ids=ADDED.keys())
def test_lines_come_behind_a_part(text: str, path: tuple[str | int, ...], after: str) -> None:
    found = tree(text)
    each, _ = part(found, *path)
    assert apply(text, [found.addition(each, "n:\n  - 1")]) == after


def test_blank_lines_that_are_added_have_no_blanks() -> None:
    found = tree("a:\n  b: 1\n")
    pair, _ = part(found, "a", "b")
    assert apply(found.source.text, [found.addition(pair, "\nn: 2")]) == "a:\n  b: 1\n\n  n: 2\n"
    assert found.indentation(pair.span.start) == "  "
    assert found.line_end(pair.span.start) == len("a:\n  b: 1")


WHOLE = [
    ("a: 'b''c'\n", "b'", "x", "a: 'xc'\n"),
    ('a: "b\\"c"\n', '"c', "x", 'a: "bx"\n'),
    ('a: "b\\u0041c"\n', "A", "", 'a: "bc"\n'),
    ("a: >\n  b\n  c\n", "b ", "", "a: >\n  c\n"),
    ("a: |\r\n  b\r\n  c\r\n", "b\n", "", "a: |\r\n  c\r\n"),
    ("a: b\n   c\n", "b ", "", "a: c\n"),
]


@pytest.mark.parametrize(("text", "gone", "new", "after"), WHOLE)
def test_no_edit_takes_an_escape_or_a_line_end_apart(text: str, gone: str, new: str, after: str) -> None:
    found = tree(text)
    pair, _ = part(found, "a")
    assert isinstance(pair.value, Scalar)
    content = pair.value.content
    start = content.text.text.index(gone)
    raw = content.text.span(Span(start, start + len(gone)))
    assert apply(text, [content.whole(Edit(raw, content.spelled(new)))]) == after
    assert content.span(Span(start, start + len(gone))) == content.whole(Edit(raw, "")).span


SPELLED = [("a: 'b'", "it's", "it''s"), ('a: "b"', '"\\\n\t', '\\"\\\\\\n\\t'), ("a: |\r\n  b\r\n", "c\nd", "c\r\n  d"), ("a: b", "c", "c")]


@pytest.mark.parametrize(("text", "new", "spelled"), SPELLED)
def test_what_is_put_in_is_spelled_as_its_scalar(text: str, new: str, spelled: str) -> None:
    pair, _ = part(tree(text), "a")
    assert isinstance(pair.value, Scalar)
    assert pair.value.content.spelled(new) == spelled


def test_differences_name_what_differs() -> None:
    before = loaded("a: 1\nb: [1, 2]\nc: [1]\nd: {e: f}\n")
    after = loaded("a: 2\nb: [1, 3]\nc: [1, 2]\nd: {}\ng: h\n")
    assert differences(before, after) == [
        ((0, "a"), "1", "2"),
        ((0, "b", 1), "2", "3"),
        ((0, "c"), ["1"], ["1", "2"]),
        ((0, "d", "e"), "f", MISSING),
        ((0, "g"), MISSING, "h"),
    ]
    assert differences(before, before) == []
    assert repr(MISSING) == "nothing"


def test_what_pyyaml_cannot_read_is_read_by_the_tree() -> None:
    text = "? [a]\n: b\nc: &x\nd: *x\ne: *nothing\n"
    assert loaded(text) is None
    assert read(Source(PurePosixPath("a.yml"), text)) == [{"": "b", "c": "", "d": "*x", "e": "*nothing"}]
    assert read(Source(PurePosixPath("a.yml"), "a: \udce9\n")) == [{"a": "\ufffd"}]
