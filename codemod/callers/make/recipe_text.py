"""A recipe → the text that its shell is given, with what make's variables hold for a build put in, each character with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from codemod.callers.call import Engine
from codemod.callers.make.recipes import Assignment, Recipe
from codemod.callers.make.references import SKIPPED, Reference, choices, references
from codemod.callers.make.tape import Piece, joined, parts, pieces
from codemod.callers.make.variables import HERE, Variables
from codemod.callers.shell.text import ShellText
from codemod.text import Source, SourceMap, Span

KIND = "make recipe"
# what make takes off the front of a line
PREFIX = re.compile(r"[@+\-\s]*")
# where a shell text has a name and sets nothing: in build args and secrets, and behind a $
READ = re.compile(r"--build-arg[=\s]+[\"']?\w+|--secret[=\s]+\S+|\$\{?\w+")
LINE_START = re.compile(r"(?:\A|(?<!\\)\n)\s*\Z")
QUIET = frozenset({"Q", "AT", "HIDE"})
# a word that has the value of a variable behind what is read so far: `TOKEN=`, `--build-arg=TOKEN=`
VALUE = re.compile(r"""(?:\A|\s)["']?(?:--build-arg=)?["']?[A-Za-z_]\w*=\S*\Z""")
SECRET = re.compile(r"--secret[=\s]+[\"']?id=[\w.-]+\Z")
NAMED = re.compile(r"--build-arg[=\s]+[\"']?\Z")
COMMAND = re.compile(r"(?:\A|[;&|({\n]|\b(?:then|do|else|if)\s|!\s)\s*(?:(?:\w+=\S*|sudo|env|time|exec)\s+)*\Z")
BUILDS = re.compile(r"\s+(?:(?:buildx|image|builder)\s+)?(?:build|bud|b)(?=\s|\Z)")
ENGINES = re.compile(r"\b(?:docker|podman|buildah|nerdctl)\b")
ENGINES_NAME = re.compile(r"docker|podman|container|buildah|nerdctl|engine|\boci", re.IGNORECASE)
OPTIONS_NAME = re.compile(r"\S*(?:ARG|ARGS|FLAG|FLAGS|OPT|OPTS|OPTIONS)", re.IGNORECASE)
DEPTH = 6


@dataclass(frozen=True, slots=True)
class RecipeText:
    """The text of a recipe. `extent` is where it stands in the file; `closed` are the references that something was put in for.

    `holders` are the variables with build args that it takes, `choices` the parts of it that make may leave out, `functions` those that
    are an argument of one, each behind its place, and `made` the places where a function makes build args. `engine` is who builds where
    a variable says so, and `unknown` the variable that hides it; `target` is what it is a recipe for, or `macro` the `define` that the
    text stands in.
    """

    shell: ShellText
    extent: Span
    closed: tuple[Span, ...]
    holders: frozenset[str]
    choices: tuple[Span, ...]
    functions: tuple[tuple[Span, Span], ...]
    made: tuple[Span, ...]
    engine: Engine | None
    unknown: str
    target: str
    macro: str


def recipe_text(marked: Source, lines: Sequence[Recipe], variables: Variables, folders: tuple[str, ...]) -> RecipeText:
    """The text of one line, or of all lines of a rule that one shell is given."""
    reader = _Reader(variables)
    for recipe in lines:
        reader.recipe(marked.text, recipe)
    text, mask = joined(reader.pieces)
    extent = Span(lines[0].span.start, lines[-1].span.end)
    shell = ShellText(
        text,
        mask,
        KIND,
        folders,
        _untouched(reader.environment, mask),
        variables.exported,
        templates_in_prefixes=True,
        interpreter=variables.interpreter,
    )
    return RecipeText(
        shell=shell,
        extent=extent,
        closed=tuple(reader.closed),
        holders=frozenset(reader.holders),
        choices=tuple(reader.choices),
        functions=tuple(reader.functions),
        made=tuple(reader.made),
        engine=reader.engine,
        unknown=reader.unknown,
        target=lines[0].target,
        macro=lines[0].macro,
    )


@dataclass(frozen=True, slots=True)
class _Inside:
    """Where a text comes from: the value of the last of `names`, the first of which is used at `place`; `tail` is what follows it.

    `chosen` says that a function decides whether it is put in.
    """

    names: tuple[str, ...] = ()
    place: int | None = None
    tail: str = ""
    chosen: bool = False


@dataclass(slots=True)
class _Reader:
    """What has been put together so far: `so_far` is its text."""

    variables: Variables
    pieces: list[Piece] = field(default_factory=list)
    so_far: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    closed: list[Span] = field(default_factory=list)
    holders: set[str] = field(default_factory=set)
    choices: list[Span] = field(default_factory=list)
    functions: list[tuple[Span, Span]] = field(default_factory=list)
    made: list[Span] = field(default_factory=list)
    engine: Engine | None = None
    unknown: str = ""

    def recipe(self, text: str, recipe: Recipe) -> None:
        """Add a line of a recipe."""
        lines = [list(pieces(text, part, SKIPPED)) for part in recipe.parts]
        ends = [Piece("\n", part.end) for part in recipe.parts]
        line = joined(part for parts, end in zip(lines, ends, strict=True) for part in (*parts, end))[0]
        self._add(line.slice(Span(self._prefix(line.text), len(line.text))), _Inside())

    def _prefix(self, text: str) -> int:
        """Where the shell's part of a line begins: behind `@`, `-`, `+`, and a variable that may have one of these."""
        end = _matched(PREFIX, text, 0)
        for reference in references(text):
            if reference.span.start != end or not self._is_prefix(reference.name):
                break
            end = _matched(PREFIX, text, reference.span.end)
        return end

    def _is_prefix(self, name: str) -> bool:
        values = [assignment.value.text for assignment in self.variables.of(name)]
        return name in QUIET or (bool(values) and all(_matched(PREFIX, value, 0) == len(value) for value in values))

    def _add(self, line: SourceMap, inside: _Inside) -> None:
        """Add a text of the file."""
        position = 0
        for reference in references(line.text):
            self._put(parts(line, Span(position, reference.span.start)))
            self._reference(line, reference, inside)
            position = reference.span.end
        self._put(parts(line, Span(position, len(line.text))))

    def _put(self, found: Iterable[Piece]) -> None:
        for part in found:
            self.pieces.append(part)
            self.so_far += part.text

    def _reference(self, line: SourceMap, reference: Reference, inside: _Inside) -> None:
        where = line.span(reference.span)
        start = where.start if inside.place is None else inside.place
        deeper = _Inside((*inside.names, reference.name), start, line.text[reference.span.end :] + inside.tail, inside.chosen)
        is_value = VALUE.search(self.so_far) and not (SECRET.search(self.so_far) and reference.name == "comma")
        if is_value or NAMED.search(self.so_far) or len(inside.names) > DEPTH:
            self._mask(line, reference)
        elif self.variables.holds(reference.span.of(line.text)) and (found := choices(line.text, reference)):
            self._choose([line.slice(choice) for choice in found], where, deeper)
        elif self._stands_in(reference.name, deeper, start):
            self.closed.append(where)
        else:
            self.made += [where] if self.variables.holds(reference.span.of(line.text)) else []
            self._mask(line, reference)

    def _mask(self, line: SourceMap, reference: Reference) -> None:
        if self.variables.in_environment(reference):
            self.environment[reference.span.of(line.text)] = reference.name
        self._put(replace(part, masked=True) for part in parts(line, reference.span))

    def _choose(self, found: Sequence[SourceMap], where: Span, inside: _Inside) -> None:
        """Put in all that may stand there, for a function at `where`."""
        for choice in found:
            part = choice.span(Span(0, len(choice.text)))
            self.choices.append(part)
            self.functions.append((where, part))
            self._add(choice, replace(inside, chosen=True))
            self._put((Piece(" ", part.end),))

    def _stands_in(self, name: str, inside: _Inside, start: int) -> bool:
        """Whether something is put in for a variable, which then is."""
        holder, constant = self.variables.arguments(name), self.variables.constant(name)
        if name in inside.names[:-1]:
            return True
        if name in HERE:
            self._put((Piece(".", start),))
        elif holder:
            self._hold(holder, inside, start)
        elif constant is not None:
            self._replace(constant, inside, start)
        elif COMMAND.search(self.so_far) and BUILDS.match(inside.tail) and name != "MAKE":
            return self._program(name, start)
        else:
            return bool(OPTIONS_NAME.fullmatch(name)) and self.so_far[-1:].isspace() and not inside.tail[:1].strip()
        return True

    def _hold(self, assignments: Sequence[Assignment], inside: _Inside, start: int) -> None:
        """Put in the values of a variable with build args, which are edited where they stand."""
        name = inside.names[-1]
        self.holders.add(name)
        several = any(each.operator != "+=" for each in assignments[1:])
        if several and any(ENGINES.search(each.value.text) for each in assignments):
            self.unknown = name
        for index, assignment in enumerate(assignments):
            value = assignment.value
            self.choices += [] if assignment.plain and not (several or inside.chosen) else [value.span(Span(0, len(value.text)))]
            self._put((Piece(" ", start),) if index else ())
            first, prefix = len(self.pieces), self._prefix_of(value.text)
            self._add(value.slice(Span(prefix, len(value.text))), replace(inside, place=start + (prefix > 0)))
            if not value.text.startswith("-") and first < len(self.pieces) and not prefix:
                # what stands before its command stands where the variable is used
                part = self.pieces[first]
                self.pieces[first : first + 1] = [
                    Piece(part.text[:1], start, part.masked),
                    Piece(part.text[1:], part.origin + 1, part.masked),
                ]

    def _replace(self, value: SourceMap, inside: _Inside, start: int) -> None:
        """Put in a value that is not to be edited: all of it stands where the variable is used.

        Behind an `@` it stands in the reference, as nothing can be put there.
        """
        first, prefix = len(self.pieces), self._prefix_of(value.text)
        self._add(value.slice(Span(prefix, len(value.text))), inside)
        self.pieces[first:] = [replace(part, origin=start + (prefix > 0)) for part in self.pieces[first:]]

    def _prefix_of(self, value: str) -> int:
        """How much of a value make takes off the front of a line."""
        return _matched(PREFIX, value, 0) if LINE_START.search(self.so_far) else 0

    def _program(self, name: str, start: int) -> bool:
        """Put in the program that a variable names, among others perhaps."""
        said = " ".join(assignment.value.text for assignment in self.variables.of(name))
        engines = [] if "sudo" in said else ENGINES.findall(said)
        if not engines and not ENGINES_NAME.search(name):
            return False
        program = "docker" if "docker" in engines or not engines else engines[0]
        self.unknown = self.unknown if engines else name
        self.engine = Engine.BUILDAH if {"podman", "buildah"} & set(engines) else None
        self._put((Piece(f"{program} compose" if "compose" in said + name.lower() else program, start),))
        return True


def _untouched(environment: Mapping[str, str], mask: str) -> dict[str, str]:
    """The templates whose variables a shell text only reads: one that it has in another way it may set."""
    rest = READ.sub("", mask)
    return {template: name for template, name in environment.items() if not re.search(rf"\b{name}\b", rest)}


def _matched(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start
