"""A list of words in Python, however it is put together → its words, each with the node that it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import libcst as cst

from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import constant, written
from codemod.text import Span

LOOP = "a loop passes it with others"
# a key and a value
PAIR = 2
APART = "its words are added one by one"
GROWS = frozenset({"append", "extend", "insert"})
# what reads a list without running it
READERS = frozenset(
    {"builtins.print", "builtins.len", "builtins.repr", "builtins.str", "shlex.join", "pprint.pprint", "subprocess.list2cmdline"}
)
TELLS = frozenset({"join", "debug", "info", "warning", "warn", "error", "log", "echo", "secho", "print", "exception", "critical", "write"})


@dataclass(frozen=True, slots=True)
class Item:
    """A word: `node` is the element that it is, `holder` what has that element; `text` has `{…}` for what only a run knows.

    `obstacle` says why it cannot be changed there; a `conditional` one is not always among the words.
    """

    node: cst.CSTNode
    holder: cst.CSTNode
    value: cst.BaseExpression
    text: str = field(repr=False)
    obstacle: str = ""
    conditional: bool = False

    @property
    def is_entry(self) -> bool:
        """Whether it is a dict's, from which a loop makes the words."""
        return isinstance(self.node, cst.DictElement)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a command, and every place that reads a list which they come from."""

    items: tuple[Item, ...]
    reads: tuple[cst.Name, ...] = ()

    def __add__(self, other: Words) -> Words:
        return Words(self.items + other.items, self.reads + other.reads)

    def hindered(self, obstacle: str) -> Words:
        """The same, where none of them can be changed."""
        return Words(tuple(replace(item, obstacle=item.obstacle or obstacle) for item in self.items), self.reads)

    def under_a_condition(self) -> Words:
        """The same, where they may be left out."""
        return Words(tuple(replace(item, conditional=True) for item in self.items), self.reads)


def words(file: PythonFile, node: cst.BaseExpression) -> Words | None:
    """The words of a list; None where it is none that the file says."""
    every = (read(file, node) for read in (_literal, _sum, _either, _named, _comprehension, _call))
    return next((found for found in every if found is not None), None)


def arguments(file: PythonFile, call: cst.Call) -> Words:
    """The words of a function that takes each as an argument of its own."""
    found = Words(())
    for arg in call.args:
        if arg.star == "*":
            found += words(file, arg.value) or _unknown(file, arg.value, call)
        elif arg.keyword is None and not arg.star:
            found += Words((Item(arg, call, arg.value, written(file, arg.value)),))
    return found


def elsewhere(file: PythonFile, found: Words) -> tuple[cst.Name, ...]:
    """The places where a list of these words goes to something else."""
    names = {id(occurrence): occurrence for read in found.reads for occurrence in file.occurrences(read) if file.is_read(occurrence)}
    known = {id(read) for read in found.reads}
    return tuple(name for place, name in names.items() if place not in known and not only_tells(file, name) and _method(file, name) is None)


def _literal(file: PythonFile, node: cst.BaseExpression) -> Words | None:
    if not isinstance(node, cst.List | cst.Tuple):
        return None
    return sum((_element(file, node, element) for element in node.elements), Words(()))


def _sum(file: PythonFile, node: cst.BaseExpression) -> Words | None:
    if not isinstance(node, cst.BinaryOperation) or not isinstance(node.operator, cst.Add):
        return None
    left, right = words(file, node.left), words(file, node.right)
    if left is None and right is None:
        return None
    return (left or _unknown(file, node.left, node)) + (right or _unknown(file, node.right, node))


def _either(file: PythonFile, node: cst.BaseExpression) -> Words | None:
    if not isinstance(node, cst.IfExp):
        return None
    branches = [found.under_a_condition() for found in (words(file, node.body), words(file, node.orelse)) if found is not None]
    return sum(branches, Words(())) if branches else None


def _element(file: PythonFile, holder: cst.BaseExpression, element: cst.BaseElement) -> Words:
    if isinstance(element, cst.StarredElement):
        return words(file, element.value) or _unknown(file, element.value, holder)
    return Words((Item(element, holder, element.value, written(file, element.value)),))


def _unknown(file: PythonFile, node: cst.BaseExpression, holder: cst.CSTNode) -> Words:
    """What may be any number of words."""
    return Words((Item(node, holder, node, "$(" + file.text(node) + ")"),))


def _call(file: PythonFile, node: cst.BaseExpression) -> Words | None:
    """The words of `list(…)`."""
    is_copy = isinstance(node, cst.Call) and bool(file.names(node.func) & {"builtins.list", "builtins.tuple"})
    return words(file, node.args[0].value) if is_copy and isinstance(node, cst.Call) and len(node.args) == 1 else None


# --- lists with a name ---------------------------------------------------------------------------------------------------


def _named(file: PythonFile, name: cst.BaseExpression) -> Words | None:
    """The words of a list that is made once, and may grow until it is read here."""
    if not isinstance(name, cst.Name):
        return None
    occurrences = file.occurrences(name)
    bound = [node for node in occurrences if not file.is_read(node)]
    made = [node for node in bound if not isinstance(file.parent(node), cst.AugAssign)]
    first = file.only_value(made[0]) if len(made) == 1 else None
    found = words(file, first) if first is not None else None
    if found is None or first is None:
        return None
    block = _block(file, made[0])
    for node in occurrences:
        if file.span(made[0]).start < file.span(node).start < file.span(name).start:
            more = _growth(file, node)
            found += more if _block(file, node) is block else _under_a_condition(file, node, made[0], more)
    return Words(found.items, (*found.reads, name))


def _growth(file: PythonFile, name: cst.Name) -> Words:
    """The words that a statement adds to the list of this name."""
    parent = file.parent(name)
    if isinstance(parent, cst.AugAssign):
        return words(file, parent.value) or _unknown(file, parent.value, parent)
    call = _method(file, name)
    if call is None or not call.args:
        return Words(())
    added = call.args[-1]
    assert isinstance(call.func, cst.Attribute)  # noqa: S101  (so _method has it)
    if call.func.attr.value == "extend":
        return words(file, added.value) or _unknown(file, added.value, call)
    return Words((Item(added, call, added.value, written(file, added.value), APART),))


def _method(file: PythonFile, name: cst.Name) -> cst.Call | None:
    """The call by which a list grows, where its name is read for that."""
    attribute = file.parent(name)
    if not isinstance(attribute, cst.Attribute) or attribute.value is not name or attribute.attr.value not in GROWS:
        return None
    call = file.parent(attribute)
    return call if isinstance(call, cst.Call) and call.func is attribute else None


def only_tells(file: PythonFile, name: cst.Name) -> bool:
    """Whether a list is only shown there: printed, logged, joined to a text."""
    for node in file.above(name):
        if isinstance(node, cst.FormattedStringExpression):
            return True
        if isinstance(node, cst.Call):
            return tells(file, node)
    return False


def tells(file: PythonFile, call: cst.Call) -> bool:
    """Whether a call only shows what it is given."""
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    return bool(file.names(call.func) & READERS) or method in TELLS


def _block(file: PythonFile, node: cst.CSTNode) -> cst.CSTNode | None:
    statement = file.statement(node)
    return file.parent(statement) if statement is not None else None


# --- build args that a dict has, and a loop passes -----------------------------------------------------------------------


def _under_a_condition(file: PythonFile, name: cst.Name, made: cst.Name, found: Words) -> Words:
    """Words that are added in a block inside the one where the list is made."""
    around = {id(node) for node in file.above(made)}
    loop = next((node for node in file.above(name) if isinstance(node, cst.For | cst.While) and id(node) not in around), None)
    if loop is None:
        return found.under_a_condition()
    if isinstance(loop, cst.While):
        return found.hindered(LOOP)
    is_plain = _block(file, name) is loop.body and file.parent(loop) is _block(file, made)
    return _spread(file, found, loop.target, loop.iter, is_plain=is_plain)


def _comprehension(file: PythonFile, node: cst.BaseExpression) -> Words | None:
    """The words that a comprehension makes of a dict."""
    if not isinstance(node, cst.ListComp | cst.GeneratorExp):
        return None
    innermost = node.for_in
    while innermost.inner_for_in is not None:
        innermost = innermost.inner_for_in
    inner = words(file, innermost.iter) if innermost is not node.for_in else words(file, node.elt)
    made = inner if inner is not None else Words((Item(node, node, node.elt, written(file, node.elt)),))
    is_plain = not node.for_in.ifs and not innermost.ifs
    return _spread(file, made, node.for_in.target, node.for_in.iter, is_plain=is_plain)


def _spread(file: PythonFile, found: Words, target: cst.BaseExpression, over: cst.BaseExpression, *, is_plain: bool) -> Words:
    """The words of a loop's body, once for each entry of the dict that it goes through."""
    found = found.hindered(LOOP)
    names = tuple(file.text(element.value) for element in target.elements) if isinstance(target, cst.Tuple) else ()
    source = over.func.value if isinstance(over, cst.Call) and isinstance(over.func, cst.Attribute) else over
    made = file.value(source)
    if len(names) != PAIR or not isinstance(made, cst.Dict) or not file.text(over).endswith(".items()"):
        return found
    is_its_own = not isinstance(source, cst.Name) or not elsewhere(file, Words((), (source,)))
    loop = _Loop(names[0], names[1], is_plain and is_its_own)
    entries = (element for element in made.elements if isinstance(element, cst.DictElement))
    return Words(tuple(item for entry in entries for item in _for_entry(file, found, entry, loop)), found.reads)


@dataclass(frozen=True, slots=True)
class _Loop:
    """The names of a loop's key and value; `is_plain` where it does nothing else, with a dict that goes nowhere else."""

    key: str
    value: str
    is_plain: bool


def _for_entry(file: PythonFile, found: Words, entry: cst.DictElement, loop: _Loop) -> Iterator[Item]:
    name, key = constant(file, entry.key), "{" + loop.key + "}"
    for item in found.items:
        head, has_key, rest = item.text.partition(key)
        if name is None or not has_key:
            yield item
        else:
            is_plain = loop.is_plain and rest == "={" + loop.value + "}"
            text = f"{head}{name}={written(file, entry.value)}"
            yield Item(entry, entry, entry.value, text, "" if is_plain else LOOP)


def span(file: PythonFile, first: Item, last: Item) -> Span:
    """All that says so, from the first word to the last: one entry, where a dict has it."""
    if last.is_entry or first.holder is not last.holder:
        return file.span(last.node)
    return Span(file.span(first.node).start, file.span(last.node).end)
