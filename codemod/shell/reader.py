"""Shell text → Shell, with the tree of tree-sitter-bash."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from codemod.shell.branches import Part, is_decided, parts
from codemod.shell.heredocs import Found, Heredoc, find, find_in_body
from codemod.shell.nodes import Branch, Command, Mention, Reading, Redirect, Shell, Word
from codemod.shell.prelude import joins, straight
from codemod.shell.quoting import plain_body, plain_word
from codemod.shell.tree import tree
from codemod.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

# `${X:-d}` and the like: the text copes with a variable that is missing
COPES = frozenset({":-", "-", ":+", "+", ":=", "="})
BLOCKS = frozenset({"subshell", "compound_statement", "if_statement", "for_statement", "while_statement",
                    "c_style_for_statement", "case_statement", "function_definition"})  # fmt: skip
CONDITIONAL = BLOCKS - {"subshell", "compound_statement"}
NO_WORDS = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect"})
EXPANSIONS = frozenset({"simple_expansion", "expansion"})
SUBSTITUTED = frozenset({"command_substitution", "process_substitution"})
VALUELESS = frozenset({":+", "+"})
BINDING_BUILTINS = frozenset({"read", "getopts", "mapfile", "readarray"})


@lru_cache(maxsize=4096)
def read(text: str) -> Shell:
    """Understand `text` as sh or bash would; `understood` is false where the grammar has an error, or the text is too deep."""
    try:
        return _Reader(text, find(text)).shell()
    except RecursionError:
        everything = Command(None, Span(0, len(text)), (), (), piped=False, captured=False)
        return Shell(text, understood=False, joins=False, commands=(everything,), functions=frozenset(), indirect=True)


class _Draft:
    """A command while its redirects and pipes are still being found."""

    def __init__(self, name: str | None, span: Span, words: tuple[Word, ...], *, captured: bool) -> None:
        self.name, self.span, self.words, self.captured = name, span, words, captured
        self.redirects: list[Redirect] = []
        self.end = span.end
        self.piped = False

    def command(self) -> Command:
        return Command(self.name, Span(self.span.start, self.end), self.words, tuple(self.redirects), self.piped, self.captured)


class _Place(NamedTuple):
    """What a node stands in: `$(…)`, double quotes, a question about a value, a part that such a question decides about."""

    captured: bool = False
    quoted: bool = False
    guards: bool = False
    conditional: bool = False

    def inside(self, kind: str) -> _Place:
        substituted = kind in SUBSTITUTED
        return _Place(
            captured=self.captured or substituted,
            quoted=kind == "string" or (self.quoted and not substituted),
            guards=self.guards or kind == "test_command",
            conditional=self.conditional,
        )


class _Reader:
    def __init__(self, text: str, found: Found) -> None:
        self.text = text
        self.base = 0
        self.understood = found.sure
        self.heredocs: dict[int, Heredoc] = {}
        self.strings: set[int] = set()
        self.mentions: list[Mention] = []
        self.drafts: list[_Draft] = []
        self.definitions: list[tuple[str, Span]] = []
        self.unread: list[Span] = []
        self.blocks: list[Span] = []
        self.branches: list[Branch] = []
        self.scopes: list[Span] = []
        self.loops: list[tuple[str, tuple[Word, ...]]] = []
        self.quotes: list[Span] = []
        self.assignments: list[tuple[str, Word]] = []
        self.open: list[Span] = []
        self.indirect = False
        self.notes: dict[str, Callable[[Node, _Place], None]] = {
            **dict.fromkeys(EXPANSIONS, self._expansion),
            **dict.fromkeys(("command", "test_command", "declaration_command", "unset_command"), self._command),
            **dict.fromkeys(("|", "|&"), self._pipe),
            **dict.fromkeys(("heredoc_redirect", "herestring_redirect"), self._unexpected),
            **dict.fromkeys(("string", "raw_string", "ansi_c_string"), self._quote),
            **dict.fromkeys(CONDITIONAL, self._block),
            **dict.fromkeys(("subshell", "process_substitution"), self._scope),
            "pipeline": self._pipeline,
            "redirected_statement": self._nothing_redirected,
            "comment": self._comment,
            "file_redirect": self._redirect,
            "command_substitution": self._substitution,
            "variable_assignment": self._assignment,
            "arithmetic_expansion": self._arithmetic,
        }

        self.root = self._tree(found.content, found, 0)

    def shell(self) -> Shell:
        self.visit(self.root, _Place())
        # what is still here was no redirect to the grammar
        understood = self.understood and not self.heredocs and not self.strings
        return Shell(
            text=self.text,
            understood=understood,
            joins=understood and joins(self.root),
            commands=tuple(draft.command() for draft in self.drafts),
            functions=frozenset(name for name, _ in self.definitions),
            indirect=self.indirect,
            _found=tuple(self.mentions),
            _unread=tuple(self.unread),
            _straight=tuple(straight(self.root)),
            blocks=tuple(self.blocks),
            branches=tuple(self.branches),
            scopes=tuple(self.scopes),
            definitions=tuple(self.definitions),
            quotes=tuple(self.quotes),
            loops=tuple(self.loops),
            assignments=tuple(self.assignments),
            _open=tuple(self.open),
        )

    def _tree(self, content: str, found: Found, start: int) -> Node:
        """The tree of a text that begins at `start`, as `content` has it without the heredocs that were `found` in it."""
        for heredoc in found.heredocs:
            moved = heredoc.shifted(start)
            self.heredocs[moved.operator.start] = moved
            self.unread += (moved.operator, Span(moved.body.end, moved.end))
        self.strings |= {start + place for place in found.strings}
        root = tree(content)
        self.understood = self.understood and found.sure and not root.has_error
        return root

    def span(self, node: Node) -> Span:
        return Span(self.base + node.start_byte, self.base + node.end_byte)

    def source(self, node: Node) -> str:
        return self.span(node).of(self.text)

    def visit(self, node: Node, place: _Place) -> None:
        """Note what this node is, then go through its children in the order of the text."""
        note = self.notes.get(node.type)
        if note is not None:
            note(node, place)
        self.branches += [self._branch(part) for part in parts(node)]
        inside = place.inside(node.type)
        if node.type == "command" and self._name(node) == "test":
            inside = inside._replace(guards=True)
        subject = node.child_by_field_name("value") if node.type == "case_statement" else None
        for index, child in enumerate(node.children):
            decided = inside.conditional or is_decided(node, index)
            self.visit(child, inside._replace(conditional=decided, guards=inside.guards or child == subject))

    def _branch(self, part: Part) -> Branch:
        start, end = part.asked
        question = Span(self.base + start, self.base + end).of(self.text).strip(" \t\n;")
        return Branch(Span(self.base + part.start, self.base + part.end), question)

    def _comment(self, node: Node, _: _Place) -> None:
        self.unread.append(self.span(node))

    def _block(self, node: Node, place: _Place) -> None:
        self.blocks.append(self.span(node))
        name = node.child_by_field_name("name")
        if node.type == "function_definition" and name is not None:
            self.definitions.append((self.source(name), self.span(node)))
        elif node.type == "for_statement":
            self._bind(node, place)
            words = tuple(self._word(word) for word in node.children_by_field_name("value"))
            self.loops += [(self.source(child), words) for child in node.children if child.type == "variable_name"]

    def _scope(self, node: Node, _: _Place) -> None:
        self.scopes.append(self.span(node))

    def _pipeline(self, node: Node, _: _Place) -> None:
        self.scopes += [self.span(child) for child in node.children]

    def _nothing_redirected(self, node: Node, place: _Place) -> None:
        if node.child_by_field_name("body") is None:  # `> f`
            self.drafts.append(_Draft(":", self.span(node), (), captured=place.captured))

    def _quote(self, node: Node, place: _Place) -> None:
        self.quotes.append(self.span(node))
        if node.type == "raw_string" and place.quoted:  # "${Y:-'$X'}": the outer quotes make the inner ones plain
            self.open.append(self.span(node))

    def _substitution(self, node: Node, _: _Place) -> None:
        self.scopes.append(self.span(node))
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
        span = self.span(node)
        span = Span(span.end - len(span.of(self.text).lstrip()), span.end)  # the grammar adds the blanks behind `$(…)` in quotes
        self.mentions.append(Mention(self.source(names[0]), Reading.EXPANDED, span, place.quoted, operator, guards, place.conditional))

    def _assigned(self, name: Node) -> None:
        self.mentions.append(Mention(self.source(name), Reading.ASSIGNED, self.span(name)))

    def _command(self, node: Node, place: _Place) -> None:
        name = self._name(node)
        self.drafts.append(_Draft(name, self.span(node), tuple(self._words(node)), captured=place.captured))
        self.indirect = self.indirect or name == "eval"
        self._bound(name, node.children_by_field_name("argument"))
        if node.type == "unset_command":
            self._bind(node, place)

    def _bound(self, name: str | None, arguments: Sequence[Node]) -> None:
        for word in arguments if name in BINDING_BUILTINS else ():
            if word.type == "word" and self.source(word).isidentifier():
                self._assigned(word)

    def _name(self, node: Node) -> str | None:
        if node.type == "test_command":
            return "test"
        if node.type != "command":
            return self.source(node.children[0])
        name = node.child_by_field_name("name")
        plain = plain_word(self.source(name)) if name else ":"
        return None if "$" in plain or "`" in plain else plain

    def _words(self, node: Node) -> Iterator[Word]:
        for child in node.named_children:
            if child.type not in NO_WORDS and not (child.type == "variable_assignment" and node.type == "command"):
                yield self._word(child)

    def _word(self, node: Node) -> Word:
        text = self.source(node)
        return Word(self.span(node), text, plain_word(text), *self._names(node))

    def _names(self, node: Node) -> tuple[frozenset[str], frozenset[str]]:
        """The variables whose values are in a word, and those that no `$(…)` has: `${#X}` and `${X:+y}` have none."""
        if node.type in SUBSTITUTED:
            return frozenset().union(*(self._names(child)[0] for child in node.children)), frozenset()
        found = {self.source(child) for child in node.children if child.type == "variable_name"} if node.type in EXPANSIONS else set()
        types = [child.type for child in node.children]
        is_length = types[1:2] == ["#"]  # not `${X#prefix}`
        names, own = (found, found) if not is_length and not VALUELESS & set(types) else (set(), set())
        inner = [self._names(child) for child in node.children]
        return frozenset(names).union(*(each for each, _ in inner)), frozenset(own).union(*(each for _, each in inner))

    def _unexpected(self, _: Node, __: _Place) -> None:
        self.understood = False

    def _redirect(self, node: Node, place: _Place) -> None:
        destinations = node.children_by_field_name("destination")
        if not destinations:  # `>&-`
            return
        token = next((child for child in node.children if not child.is_named), node)
        operator, target = self._target(token, destinations[0], place)
        descriptor = node.child_by_field_name("descriptor")
        number = self.source(descriptor) if descriptor is not None else ""
        for draft in self._writers(node.parent):
            draft.redirects.append(Redirect(operator, target, number))
            if not _is_block(node.parent):
                self._words_behind(draft, destinations[1:])
                draft.end = max(draft.end, self.span(node).end)

    def _target(self, token: Node, destination: Node, place: _Place) -> tuple[str, Word]:
        start = self.span(token).start
        heredoc = self.heredocs.pop(start, None)
        if heredoc is not None:
            return "<<-" if heredoc.dash else "<<", self._body(heredoc, place)
        if start in self.strings:
            self.strings.discard(start)
            return "<<<", self._word(destination)
        return token.type, self._word(destination)

    def _body(self, heredoc: Heredoc, place: _Place) -> Word:
        """What a command reads from a heredoc; unless its delimiter is quoted, this shell expands it as it does double quotes."""
        text = heredoc.body.of(self.text)
        names, own = (frozenset(), frozenset()) if heredoc.quoted else self._expanded(heredoc.body, place)
        return Word(heredoc.body, text, plain_body(text, quoted=heredoc.quoted, dash=heredoc.dash), names, own)

    def _expanded(self, body: Span, place: _Place) -> tuple[frozenset[str], frozenset[str]]:
        """Read a body in double quotes; the variables in it."""
        found = find_in_body(body.of(self.text))
        root = self._tree(f'"{found.content}"', found, body.start)
        if root.has_error:  # whatever it is, this shell expands it
            self.open.append(body)
            return frozenset(), frozenset()
        outer, self.base = self.base, body.start - 1
        names = self._names(root)
        for child in _string_in(root).children:
            self.visit(child, place.inside("string"))
        self.base = outer
        return names

    def _words_behind(self, draft: _Draft, nodes: Sequence[Node]) -> None:
        """To the grammar, all words behind a redirect are its own."""
        draft.words += tuple(self._word(node) for node in nodes)
        self._bound(draft.name, nodes)

    def _pipe(self, node: Node, _: _Place) -> None:
        for draft in self._writers(node.prev_sibling):
            draft.piped = True

    def _writers(self, node: Node | None) -> list[_Draft]:
        """The commands whose output a node's is: all of a block, else the one that the node ends with."""
        node = _redirected(node)
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


def _redirected(node: Node | None) -> Node | None:
    """What a redirect is of."""
    while node is not None and node.type == "redirected_statement":
        body = node.child_by_field_name("body")
        if body is None:  # `> f`
            return node
        node = body
    return node


def _is_block(node: Node | None) -> bool:
    inner = _redirected(node)
    return inner is None or inner.type in BLOCKS


def _string_in(root: Node) -> Node:
    """The text in double quotes that is all there is."""
    return root if root.type == "string" else _string_in(root.children[0])
