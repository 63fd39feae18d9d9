"""What a RUN's shell text does with variables: who expands them, which commands run, and what `&&` would regroup.

All spans count characters of the shell text that `read` was given; `SourceMap` leads from there to the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from codemod.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node, Parser

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "su", "eval", "runuser", "setpriv", "trap"})
# `${X:-d}` and the like: the text copes with a variable that is missing
COPES = frozenset({":-", "-", ":+", "+", ":=", "="})
TRANSPARENT = frozenset({"program", "list", "pipeline", "redirected_statement", "negated_command"})
SIMPLE = frozenset({"command", "test_command", "variable_assignment", "variable_assignments", "declaration_command",
                    "unset_command", "subshell", "comment"})  # fmt: skip
ONE_PREFIX_JOINS = frozenset({"&&", "|", "|&", "!"})
BLOCKS = frozenset({"subshell", "compound_statement", "if_statement", "for_statement", "while_statement",
                    "c_style_for_statement", "case_statement", "function_definition"})  # fmt: skip
CONDITIONAL = BLOCKS - {"subshell", "compound_statement"}
NO_WORDS = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect"})
VALUELESS = frozenset({"#", ":+", "+"})
BINDING_BUILTINS = frozenset({"read", "getopts", "mapfile", "readarray"})


class Reading(Enum):
    """How a variable's name occurs in a shell text."""

    EXPANDED = "expanded by this shell"
    ASSIGNED = "set by this shell"
    CHILD = "quoted for a child shell to expand"
    NAMED = "named for a program to look up"
    LITERAL = "only looks like it: nobody expands it here"


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that has the name; `operator` is a modifier such as `:-`.

    `guards` says that a test asks for the value there, `conditional` that a test or a case decides whether it is read at all.
    """

    name: str
    reading: Reading
    span: Span
    quoted: bool = False
    operator: str = ""
    guards: bool = False
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """An argument as written, and what a command gets for it.

    `plain` has no quotes, and expansions as they are written; `names` are the variables whose values this shell puts in.
    """

    span: Span
    text: str = field(repr=False)
    plain: str = field(repr=False)
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Redirect:
    """`> file` and the like; `<<<` has its text as `target`. `descriptor` is the number before it, if one is written."""

    operator: str
    target: Word
    descriptor: str = ""

    @property
    def takes_output(self) -> bool:
        """Whether standard output goes to the file `target`."""
        return self.operator in (">", ">>", ">|", "&>", "&>>") and self.descriptor in ("", "1")


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command; `name` is None where only the shell will know it.

    `piped` and `captured` say where its output goes: into the next command, or into `$(…)`.
    """

    name: str | None
    span: Span
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    piped: bool
    captured: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """A shell text, understood. `joins` says that `prefix && text` runs what `prefix; text` would.

    `blocks` are the parts that need not run, or not once: conditions, loops, functions; `quotes` are the quoted texts;
    `assignments` are the names that it sets, each with the whole `NAME=value`.
    """

    text: str = field(repr=False)
    understood: bool
    joins: bool
    commands: tuple[Command, ...]
    functions: frozenset[str]
    indirect: bool
    blocks: tuple[Span, ...] = field(default=(), repr=False)
    quotes: tuple[Span, ...] = field(default=(), repr=False)
    assignments: tuple[tuple[str, Word], ...] = field(default=(), repr=False)
    _found: tuple[Mention, ...] = field(default=(), repr=False)
    _comments: tuple[Span, ...] = field(default=(), repr=False)
    _straight: tuple[tuple[Span, int], ...] = field(default=(), repr=False)
    _open: tuple[Span, ...] = field(default=(), repr=False)

    def mentions(self, name: str) -> tuple[Mention, ...]:
        """Every place of the text that has `name`, comments apart, in order."""
        if name not in self.text:
            return ()
        found = [mention for mention in self._found if mention.name == name]
        known = [*self._comments, *(mention.span for mention in found)]
        for match in re.finditer(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", self.text):
            span = Span(*match.span())
            if not any(span in other for other in known):
                found.append(Mention(name, self._unexpanded(span), span))
        return tuple(sorted(found, key=lambda mention: mention.span))

    def command_at(self, span: Span) -> Command | None:
        """The innermost command that holds `span`."""
        holders = [command for command in self.commands if span in command.span]
        return min(holders, key=lambda command: len(command.span), default=None)

    def sets_first(self, name: str) -> bool:
        """Whether every run of the text sets `name` before anything reads it."""
        mentions = [mention for mention in self.mentions(name) if mention.reading in (Reading.ASSIGNED, Reading.EXPANDED)]
        return bool(mentions) and any(
            mentions[0].reading is Reading.ASSIGNED and mentions[0].span == bound
            for bound, end in self._straight
            if all(mention.span.start >= end for mention in mentions[1:])
        )

    def _unexpanded(self, span: Span) -> Reading:
        before = self.text[: span.start]
        if not before.endswith(("$", "${")):
            return Reading.NAMED
        if any(span in part for part in self._open):
            return Reading.EXPANDED
        command = self.command_at(span)
        words = command.words if command else ()
        shells = any(word.plain.rpartition("/")[2] in SHELLS for word in words if word.span.end <= span.start)
        return Reading.CHILD if shells else Reading.LITERAL


@lru_cache(maxsize=4096)
def read(text: str) -> Shell:
    """Understand `text` as sh or bash would; `understood` is false where the grammar has an error, or the text is too deep."""
    try:
        return _Reader(text).shell()
    except RecursionError:
        everything = Command(None, Span(0, len(text)), (), (), piped=False, captured=False)
        return Shell(text, understood=False, joins=False, commands=(everything,), functions=frozenset(), indirect=True)


@lru_cache(maxsize=1)
def _parser() -> Parser:
    # loaded when the first RUN is read: it costs more than all else that a file without secrets needs
    import tree_sitter_bash  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_bash.language()))


class _Draft:
    """A command while its redirects and pipes are still being found."""

    def __init__(self, name: str | None, span: Span, words: tuple[Word, ...], *, captured: bool) -> None:
        self.name, self.span, self.words, self.captured = name, span, words, captured
        self.redirects: list[Redirect] = []
        self.piped = False

    def command(self) -> Command:
        return Command(self.name, self.span, self.words, tuple(self.redirects), self.piped, self.captured)


class _Place(NamedTuple):
    """What a node stands in: `$(…)`, double quotes, a question about a value, a part that such a question decides about."""

    captured: bool = False
    quoted: bool = False
    guards: bool = False
    conditional: bool = False

    def inside(self, kind: str) -> _Place:
        substituted = kind in ("command_substitution", "process_substitution")
        return _Place(
            captured=self.captured or substituted,
            quoted=kind == "string" or (self.quoted and not substituted),
            guards=self.guards or kind == "test_command",
            conditional=self.conditional,
        )


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        # one byte a character, so that offsets are the text's own; the grammar's scanner asks C's isdigit about every letter,
        # and one that is no ASCII can take the process with it. A dot is part of words, and of no name.
        self.content = NOT_ASCII.sub(".", text).encode("ascii")
        self.mentions: list[Mention] = []
        self.drafts: list[_Draft] = []
        self.functions: set[str] = set()
        self.comments: list[Span] = []
        self.blocks: list[Span] = []
        self.quotes: list[Span] = []
        self.assignments: list[tuple[str, Word]] = []
        self.open: list[Span] = []
        self.indirect = False
        self.notes: dict[str, Callable[[Node, _Place], None]] = {
            **dict.fromkeys(("simple_expansion", "expansion"), self._expansion),
            **dict.fromkeys(("command", "test_command", "declaration_command", "unset_command"), self._command),
            **dict.fromkeys(("|", "|&"), self._pipe),
            **dict.fromkeys(("file_redirect", "herestring_redirect"), self._redirect),
            **dict.fromkeys(("string", "raw_string", "ansi_c_string"), self._quote),
            **dict.fromkeys(CONDITIONAL, self._block),
            "comment": self._comment,
            "command_substitution": self._substitution,
            "variable_assignment": self._assignment,
            "arithmetic_expansion": self._arithmetic,
        }

    def shell(self) -> Shell:
        root = _parser().parse(self.content).root_node
        self.visit(root, _Place())
        return Shell(
            text=self.text,
            understood=not root.has_error,
            joins=not root.has_error and self._joins(root),
            commands=tuple(draft.command() for draft in self.drafts),
            functions=frozenset(self.functions),
            indirect=self.indirect,
            _found=tuple(self.mentions),
            _comments=tuple(self.comments),
            _straight=tuple(self._straight(root)),
            blocks=tuple(self.blocks),
            quotes=tuple(self.quotes),
            assignments=tuple(self.assignments),
            _open=tuple(self.open),
        )

    def span(self, node: Node) -> Span:
        return Span(node.start_byte, node.end_byte)

    def source(self, node: Node) -> str:
        return self.text[node.start_byte : node.end_byte]

    def visit(self, node: Node, place: _Place) -> None:
        """Note what this node is, then go through its children in the order of the text."""
        note = self.notes.get(node.type)
        if note is not None:
            note(node, place)
        inside = place.inside(node.type)
        if node.type == "command" and self._name(node) == "test":
            inside = inside._replace(guards=True)
        subject = node.child_by_field_name("value") if node.type == "case_statement" else None
        for index, child in enumerate(node.children):
            decided = inside.conditional or self._is_decided(node, index)
            self.visit(child, inside._replace(conditional=decided, guards=inside.guards or child == subject))

    def _is_decided(self, node: Node, index: int) -> bool:
        """Whether a test or a case decides if this child of `node` runs: what follows `then`, and `&&` or `||` behind a test."""
        if node.type == "if_statement":
            return any(child.type == "then" for child in node.children[:index])
        if node.type == "list":
            return index > 0 and self._asks(node.children[0])
        return node.type == "case_item"

    def _asks(self, node: Node) -> bool:
        """Whether a command, or one of an and-list, is a test."""
        if node.type == "list":
            return any(self._asks(child) for child in node.children)
        return node.type == "test_command" or (node.type == "command" and self._name(node) == "test")

    def _comment(self, node: Node, _: _Place) -> None:
        self.comments.append(self.span(node))

    def _block(self, node: Node, place: _Place) -> None:
        self.blocks.append(self.span(node))
        if node.type == "function_definition":
            name = node.child_by_field_name("name")
            self.functions |= {self.source(name)} if name is not None else set()
        elif node.type == "for_statement":
            self._bind(node, place)

    def _quote(self, node: Node, place: _Place) -> None:
        self.quotes.append(self.span(node))
        if node.type == "raw_string" and place.quoted:  # "${Y:-'$X'}": the outer quotes make the inner ones plain
            self.open.append(self.span(node))

    def _substitution(self, node: Node, _: _Place) -> None:
        if node.children[0].type == "`":  # a backslash before `$` is taken off before the text is read
            self.open.append(self.span(node))

    def _expansion(self, node: Node, place: _Place) -> None:
        elements = [child for child in node.children if child.type == "subscript"]
        names = [child for part in (node, *elements) for child in part.children if child.type == "variable_name"]
        if not names:
            return
        before = [child.type for child in node.children if child.end_byte <= names[0].start_byte]
        after = [child.type for child in node.children if child.start_byte >= names[0].end_byte]
        operator = after[0] if node.type == "expansion" and after and after[0] != "}" else ""
        operator = "#" if "#" in before else operator
        self.indirect = self.indirect or "!" in before
        guards = place.guards or operator in COPES
        mention = Mention(self.source(names[0]), Reading.EXPANDED, self.span(node), place.quoted, operator, guards, place.conditional)
        self.mentions.append(mention)

    def _assigned(self, name: Node) -> None:
        self.mentions.append(Mention(self.source(name), Reading.ASSIGNED, self.span(name)))

    def _command(self, node: Node, place: _Place) -> None:
        name = self._name(node)
        self.drafts.append(_Draft(name, self.span(node), tuple(self._words(node)), captured=place.captured))
        self.indirect = self.indirect or name == "eval"
        for word in node.children_by_field_name("argument") if name in BINDING_BUILTINS else ():
            if word.type == "word" and self.source(word).isidentifier():
                self._assigned(word)
        if node.type == "unset_command":
            self._bind(node, place)

    def _name(self, node: Node) -> str | None:
        if node.type == "test_command":
            return "test"
        if node.type != "command":
            return self.source(node.children[0])
        name = node.child_by_field_name("name")
        plain = _plain(self.source(name)) if name else ":"
        return None if "$" in plain or "`" in plain else plain

    def _words(self, node: Node) -> Iterator[Word]:
        for child in node.named_children:
            if child.type not in NO_WORDS and not (child.type == "variable_assignment" and node.type == "command"):
                yield self._word(child)

    def _word(self, node: Node) -> Word:
        text = self.source(node)
        return Word(self.span(node), text, _plain(text), frozenset(self._values(node)))

    def _values(self, node: Node) -> Iterator[str]:
        """The variables whose values are in a word: `${#X}` and `${X:+y}` have none."""
        if node.type in ("simple_expansion", "expansion"):
            name = next((child for child in node.children if child.type == "variable_name"), None)
            if name is not None and not {child.type for child in node.children} & VALUELESS:
                yield self.source(name)
        for child in node.children:
            yield from self._values(child)

    def _redirect(self, node: Node, _: _Place) -> None:
        target = node.child_by_field_name("destination")
        if node.type == "herestring_redirect":
            target = node.named_children[-1]
        if target is None:  # `>&-`
            return
        operator = next((child.type for child in node.children if not child.is_named), ">")
        descriptor = node.child_by_field_name("descriptor")
        number = self.source(descriptor) if descriptor is not None else ""
        for draft in self._writers(node.parent):
            draft.redirects.append(Redirect(operator, self._word(target), number))

    def _pipe(self, node: Node, _: _Place) -> None:
        for draft in self._writers(node.prev_sibling):
            draft.piped = True

    def _writers(self, node: Node | None) -> list[_Draft]:
        """The commands whose output a node's is: all of a block, else the one that the node ends with."""
        while node is not None and node.type == "redirected_statement":
            node = node.child_by_field_name("body")
        span = self.span(node) if node is not None else Span(0, 0)
        inside = [draft for draft in self.drafts if draft.span in span]
        if node is None or not inside or node.type in BLOCKS:
            return inside
        last = [draft for draft in inside if draft.span.end == span.end] or inside[-1:]
        return [max(last, key=lambda draft: len(draft.span))]

    def _assignment(self, node: Node, place: _Place) -> None:
        name = node.child_by_field_name("name")
        if name is None or name.type != "variable_name":
            return
        self.assignments.append((self.source(name), self._word(node)))
        if any(child.type == "+=" for child in node.children):
            self.mentions.append(Mention(self.source(name), Reading.EXPANDED, self.span(name), place.quoted))
        else:
            self._assigned(name)

    def _bind(self, node: Node, _: _Place) -> None:
        for child in node.children:
            if child.type == "variable_name":
                self._assigned(child)

    def _arithmetic(self, node: Node, place: _Place) -> None:
        """Names need no `$` between `((` and `))`."""
        for child in node.children:
            if child.type in ("variable_name", "word") and self.source(child).isidentifier():
                self.mentions.append(Mention(self.source(child), Reading.EXPANDED, self.span(child), place.quoted))
            elif child.type.endswith("_expression"):
                self._arithmetic(child, place)

    def _joins(self, root: Node) -> bool:
        statements = [child for child in root.children if child.type != "comment"]
        return (
            bool(statements)
            and root.children[0].type != "comment"
            and all(kind in SIMPLE or kind in ONE_PREFIX_JOINS for kind in _top_level(root))
        )

    def _straight(self, root: Node) -> Iterator[tuple[Span, int]]:
        """The names that are set where no `&&`, `||` or block stands before, and the end of the statement that sets each."""
        for statement in root.children:
            node = statement
            while node.type == "list":
                node = node.children[0]
            follower = statement.next_sibling
            in_background = follower is not None and follower.type == "&"
            if not in_background and node.type in ("variable_assignment", "declaration_command"):
                for part in (node, *node.children):
                    name = part.child_by_field_name("name") if part.type == "variable_assignment" else None
                    if name is not None:
                        yield self.span(name), node.end_byte


def _top_level(node: Node) -> Iterator[str]:
    """What stands side by side once lists and pipelines are opened: commands, blocks and operators."""
    for child in node.children:
        if child.type in TRANSPARENT:
            yield from _top_level(child)
        elif not child.type.endswith("_redirect"):
            yield child.type


def _plain(text: str) -> str:
    """`text` without its quotes: what a command gets, but for expansions, which stay as they are written."""
    if not any(quote in text for quote in "'\"\\"):
        return text
    return UNQUOTE.sub(_unquote, text)


NOT_ASCII = re.compile(r"[^\x00-\x7f]")
UNQUOTE = re.compile(r"""'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"|\\(?P<escaped>.)""", re.DOTALL)
IN_DOUBLE = re.compile(r"""\\(["\\$`])""")


def _unquote(match: re.Match[str]) -> str:
    if match["double"] is not None:
        return IN_DOUBLE.sub(r"\1", match["double"])
    return match["single"] if match["single"] is not None else match["escaped"]
