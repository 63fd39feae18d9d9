"""Programs in JavaScript, Go, Java, Ruby and others: the builds that they run or leave to a library. They are reported, never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from posixpath import dirname, join, normpath

from codemod.callers.call import Call, Passed, Place, Tree
from codemod.callers.kinds import LANGUAGES
from codemod.callers.places import places, within
from codemod.callers.reported.command_texts import Around, call_of, calls_in
from codemod.callers.reported.language_libraries import LIBRARIES, Library
from codemod.callers.reported.strings import Program, program
from codemod.callers.shell.build_tools import PROGRAMS, VARIABLE
from codemod.callers.shell.command_line import Argument
from codemod.callers.suggestions import variable
from codemod.callers.unknown import TABLE, Mention, passed, rest
from codemod.text import Source, SourceMap, Span

# where `${…}`, and where `$name` as well, is the language's own and not the shell's
BRACED, DOLLARS = frozenset({"JavaScript", "TypeScript"}), frozenset({"Kotlin", "Scala", "PHP", "Perl", "Dart"})
HASHES = frozenset({"Ruby", "Perl", "Elixir"})
# a template of JavaScript, or a text of Go, that could stand in other quotes as well
ON_ONE_LINE = re.compile(r"`([^`\"\n]*)`")
FORMAT = re.compile(r"&?(?:format!|fmt\.Sprintf|String\.format|sprintf)\(\s*(\"[^\"\n]*\")(?:[^()\"]|\([^()]*\)|\"[^\"\n]*\")*\)")
DOT = re.compile(r"(?<![.\d])\.(?![.\d])")
# the type of a table, before its bracket
TYPE = re.compile(r"\s*[:=]?\s*(?:map\[\w+\][\w*.]*|new\s+\w+(?:<[^>]*>)?(?:\(\))?)?\s*")
ON_MORE = re.compile(r"`([^`]*)`")
# what stands between a program and the list of its words
OPENS = re.compile(r"\s*(?:,|\)\s*\.\s*args?\s*\()\s*(?:new\s+String\s*\[\s*\]\s*|&?\s*(?:vec!|\w+(?:\.\w+)?(?=[(\[]))|&|%w)?\s*[\[({]?\s*")
NEXT_ARGUMENT = re.compile(r"\s*\)\s*\.\s*arg\s*\(\s*")
STRING = r"[\"']([^\"'\n]*)[\"']"
# a name with a value, between brackets
ENTRY = re.compile(
    r"[\[{(,]\s*(?:[\"'](?P<quoted>[A-Za-z_]\w*)[\"']\]?\s*(?::|=>|=|,)|(?P<plain>[A-Za-z_]\w*)\s*(?::(?!:)|=>|=))\s*"
    r"(?P<value>(?:[^,(){}\[\]\n]|\([^()]*\)|\[[^\[\]]*\])*)"
)
# a variable of the environment, as these languages read it
# (the quotes around its name may be gone, where a command's words were told apart)
READS = (
    r"process\.env(?:\.|\[\s*[\"']?)(\w+)(?:[\"']?\s*\])?!?",
    r"(?:Deno|Bun)\.env\.(?:get\(\s*[\"']?)?(\w+)(?:[\"']?\s*\))?!?",
    r"(?:os\.Getenv|getenv|System\.getenv|Environment\.GetEnvironmentVariable)\(\s*[\"']?(\w+)[\"']?\s*\)!?",
    r"System\.getenv\(\)\[[\"']?(\w+)[\"']?\]",
    r"ENV(?:\.fetch\(|\[)\s*[\"']?(\w+)[\"']?[^\])]*[\])]",
    r"(?:std::)?env::var\(\s*[\"']?(\w+)[\"']?\s*\)(?:\.\w+\([^()]*\)|\?)*",
    r"\$_(?:ENV|SERVER)\[\s*[\"']?(\w+)[\"']?\s*\]|\$ENV\{\s*[\"']?(\w+)[\"']?\s*\}",
    r"System\.(?:get_env|fetch_env!)\(\s*[\"']?(\w+)[\"']?[^)]*\)|sys\.env(?:\.getOrElse)?\(\s*[\"']?(\w+)[\"']?[^)]*\)",
)
READ = re.compile("|".join(READS))
TEMPLATE = re.compile(r"[$#]\{(.*)\}|\$\((.*)\)|\{(.*)\}", re.DOTALL)


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The builds of a program."""
    language = _language(source)
    kind, why = f"program in {language}", f"programs in {language} are not changed"
    script = program(_readable(source.text, language), hashes=language in HASHES)
    around = Around(kind, (".", _folder(source)), why)
    found = [call for library in LIBRARIES if library.says.search(source.text) for call in _builds(library, script, source)]
    for words in _lists(script):
        found += _new(call_of(words, source, around), found)
    for text in _texts(script):
        found += _new(calls_in(text, source, around), found)
    others = rest(Source(source.path, script.uncommented), found, kind, why)
    return tuple(sorted((_known(call, language) for call in (*found, *others)), key=lambda call: call.span))


def _language(source: Source) -> str:
    ending = source.path.suffix.removeprefix(".")
    return next((name for name, endings in LANGUAGES.items() if re.fullmatch(endings, ending, re.IGNORECASE)), "Ruby")


def _readable(text: str, language: str) -> str:
    """The text, as long as it is, with strings that all languages have."""
    text = ON_ONE_LINE.sub(r'"\1"', text)
    text = FORMAT.sub(lambda match: match[1].ljust(len(match[0])), text)
    if language in {"PHP", "Perl"}:  # a dot puts strings together
        dots = {match.start() for match in DOT.finditer(program(text).masked)}
        text = "".join("+" if index in dots else character for index, character in enumerate(text)) if dots else text
    return re.sub(r'\$(?=")', " ", text) if language == "C#" else text


def _folder(source: Source) -> str:
    return dirname(source.path.as_posix()) or "."


def _new(calls: Iterator[Call], found: Sequence[Call]) -> list[Call]:
    """Those calls that stand in none that is found already."""
    return [call for call in calls if not any(call.span in other.span or other.span in call.span for other in found)]


# --- commands -------------------------------------------------------------------------------------------------------------


def _lists(script: Program) -> Iterator[tuple[Argument, ...]]:
    """The words of lists of strings, the program before them, and those that are added one by one."""
    words: tuple[Argument, ...] = ()
    for more in script.lists():
        if not words or not _goes_on(script, words, more):
            yield words
            words = ()
        words += more
    yield words


def _goes_on(script: Program, words: tuple[Argument, ...], more: tuple[Argument, ...]) -> bool:
    gap = script.masked[words[-1].span.end : more[0].span.start]
    is_program = len(words) == 1 and words[0].text.rpartition("/")[2] in PROGRAMS
    return NEXT_ARGUMENT.fullmatch(gap) is not None or (is_program and OPENS.fullmatch(gap) is not None)


def _texts(script: Program) -> Iterator[SourceMap]:
    for string in script.strings:
        yield string.text
    for match in ON_MORE.finditer(script.masked):
        yield SourceMap.join(script.text, [Span(*match.span(1))])


# --- libraries ------------------------------------------------------------------------------------------------------------


def _builds(library: Library, script: Program, source: Source) -> Iterator[Call]:
    end = -1
    for match in library.begins.finditer(script.masked):
        if match.start() < end:
            continue
        end = _end(script, match.end() - 1)
        span = Span(match.start(), end)
        tables = TABLE.finditer(script.masked, span.start, span.end)
        given = [Span(table.end(), _end(script, _behind_type(script, table.end()))) for table in tables]
        inside = tuple(_of_library(library, passed(source, mention, "")) for table in given for mention in _entries(script, table))
        if inside or library.blocks:
            yield Call(
                kind=library.name,
                span=span,
                line=source.line(span.start),
                places=_places(library, script, span, _folder(source)),
                passes=inside,
                blocks=library.blocks,
            )


def _entries(script: Program, table: Span) -> Iterator[Mention]:
    """The names between the brackets of a table, or of a method that is given one."""
    for match in ENTRY.finditer(script.uncommented, table.start, table.end):
        yield Mention(
            match["quoted"] or match["plain"],
            Span(match.start("quoted") if match["quoted"] else match.start("plain"), match.end()),
            match["value"].strip(),
        )


def _behind_type(script: Program, start: int) -> int:
    match = TYPE.match(script.masked, start)
    return match.end() if match else start


def _end(script: Program, start: int) -> int:
    """Where what begins before the bracket at `start` ends: with the methods that are called on it."""
    opening = re.compile(r"[({]").search(script.masked, start)
    if opening is None:
        return start + 1
    end = script.closing(opening.start()) + 1
    goes_on = re.compile(r"\s*\)*\s*\.\s*\w+\s*\(").match(script.masked, end)
    return _end(script, goes_on.end() - 1) if goes_on else end


def _of_library(library: Library, given: Passed) -> Passed:
    if library.blocks:
        return replace(given, suggestion="")
    return replace(given, obstacle=library.obstacle, suggestion=library.suggestion.replace(VARIABLE, _variable(given)))


def _places(library: Library, script: Program, span: Span, folder: str) -> tuple[Place, ...]:
    context, file = (_said(script, span, words) for words in (library.context, library.dockerfile))
    if context is None and file is None:
        return ()
    if file is None or not library.in_context or context is None:
        return places((".", folder), file, context)
    bases = (within(each, context) for each in (".", folder))
    return tuple(dict.fromkeys(Place(normpath(join(base, file)), base) for base in bases if base is not None))


def _said(script: Program, span: Span, words: str) -> str | None:
    match = re.compile(words + STRING).search(script.uncommented, span.start, span.end)
    return match[1] if match else None


# --- values ---------------------------------------------------------------------------------------------------------------


def _known(call: Call, language: str) -> Call:
    """A call, with what its language says of the values that it passes."""
    return replace(call, passes=tuple(_with_variable(one, language) for one in call.passes))


def _with_variable(one: Passed, language: str) -> Passed:
    found, old = _variable(one, language), variable(one.value, one.name)
    return replace(one, suggestion=one.suggestion.replace(f"env={old}", f"env={found}"))


def _variable(one: Passed, language: str = "") -> str:
    """The variable of the environment that a value is; the build arg's own name, where it is anything else."""
    text = (one.value or "").strip()
    inside = TEMPLATE.fullmatch(text)
    match = READ.fullmatch(next(filter(None, inside.groups()), "").strip() if inside else text)
    if match is not None:
        return str(next(filter(None, match.groups())))
    is_own = (language in BRACED and text.startswith("${")) or (language in DOLLARS and text.startswith("$"))
    return one.name if is_own else variable(one.value, one.name)
