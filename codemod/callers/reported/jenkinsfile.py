"""Jenkinsfiles: the builds of their strings. Groovy puts values into them, so they are reported and never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from posixpath import join

from codemod.callers.call import Call, Passed, Place, Tree
from codemod.callers.covered import Covered
from codemod.callers.places import places
from codemod.callers.reported.command_texts import Around, calls_in, given, words_of
from codemod.callers.reported.strings import Program, String, program
from codemod.callers.suggestions import expression, flag
from codemod.callers.unknown import rest
from codemod.text import Source, Span

KIND = "step of a Jenkinsfile"
OBSTACLE = "it is a string of Groovy"

BUILDS = re.compile(r"build|bud\b|kaniko")
ADDITIONAL = re.compile(r"\badditionalBuildArgs\s*[:(]?\s*\Z")
BUILD = re.compile(r"\bdocker\.build\s*\(")
FOLDER = re.compile(r"\bdir\s*\(\s*['\"]([^'\"]+)['\"]\s*\)\s*\Z")
SETTING = r"\b{}\s*[:(]?\s*['\"]([^'\"]+)['\"]"
# variables that a step or an environment has from Jenkins' own store; others have a file's path, or a user's name
BOUND = re.compile(
    r"\b(?:variable|passwordVariable|tokenVariable|secretKeyVariable|passphraseVariable)\s*:\s*['\"](\w+)['\"]|\b(\w+)\s*=\s*credentials\("
)
LOCAL = re.compile(r"\b(?:def|String|var|final)\s+(\w+)\s*=")
PLAIN = re.compile(r"\$\{?(\w+)\}?")
VARIABLE = re.compile(r"\$\{?(?:env\.)?(\w+)\}?")


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The builds of a pipeline."""
    pipeline = program(source.text)
    found = tuple(_Reader(source, pipeline).calls())
    return tuple(sorted((*found, *rest(Source(source.path, pipeline.uncommented), found, KIND, OBSTACLE)), key=lambda call: call.span))


class _Reader:
    """Reads the builds of a pipeline."""

    def __init__(self, source: Source, pipeline: Program) -> None:
        self.source, self.pipeline, self.names = source, pipeline, Names.of(pipeline)
        self.folders = tuple(_folders(pipeline))

    def calls(self) -> Iterator[Call]:
        """All of them: those of the docker plugin, and those that a shell runs or an agent is given."""
        builds = [Span(match.start(), self.pipeline.closing(match.end() - 1)) for match in BUILD.finditer(self.pipeline.masked)]
        for span in builds:
            yield from self.plugins(span)
        known = Covered(builds)
        for string in self.pipeline.strings:
            if BUILDS.search(string.text.text) and not known.touches(string.span):
                yield from (self.names.known(call, string) for call in self.strings(string))

    def strings(self, string: String) -> Iterator[Call]:
        """The builds that a string runs, or the one that an agent is given it for."""
        around = self.around(string.span.start)
        if ADDITIONAL.search(_before(string.span.start, self.pipeline.masked)):
            for call in given(words_of(string.text), self.source, around, string.span):
                yield replace(call, places=_agents_places(string, self.pipeline))
        else:
            yield from calls_in(string.text, self.source, around)

    def plugins(self, span: Span) -> Iterator[Call]:
        """The build of `docker.build(name, arguments)`; without arguments it is that of the folder."""
        comma = self.pipeline.masked.find(",", span.start, span.end)
        arguments = next((string for string in self.pipeline.within(span) if -1 < comma < string.span.start), None)
        for call in given(words_of(arguments.text) if arguments else (), self.source, self.around(span.start), span):
            places = call.places if arguments or comma < 0 else ()
            yield self.names.known(replace(call, places=places), arguments)

    def around(self, offset: int) -> Around:
        """What is around a place: above all the folder of its `dir('…') { }`."""
        named = [folder for block, folder in self.folders if block.start <= offset < block.end]
        return Around(KIND, (join(*named), ".") if named else (".",), OBSTACLE)


def _before(offset: int, text: str) -> str:
    """What stands right before a place."""
    return text[max(0, offset - 200) : offset]


def _folders(pipeline: Program) -> Iterator[tuple[Span, str]]:
    """The blocks that run in another folder, the outermost first."""
    for start, end in sorted(pipeline.closings.items()):
        match = FOLDER.search(_before(start, pipeline.text)) if pipeline.text[start] == "{" else None
        if match:
            yield Span(start, end), match[1]


def _agents_places(string: String, pipeline: Program) -> tuple[Place, ...]:
    """The Dockerfile of the `dockerfile { }` around a string: its folder is the context."""
    block = next(iter(pipeline.blocks(string.span.start)), Span(0, 0)).of(pipeline.text)
    folder, name = (re.search(SETTING.format(key), block) for key in ("dir", "filename"))
    base = folder[1] if folder else "."
    return places((".",), join(base, name[1] if name else "Dockerfile"), base)


@dataclass(frozen=True, slots=True)
class Names:
    """What a pipeline says of variables: those that are `bound` to credentials, and those that are its `own`."""

    bound: frozenset[str]
    own: frozenset[str]

    @classmethod
    def of(cls, pipeline: Program) -> Names:
        """All that a pipeline says."""
        bound = (name for names in BOUND.findall(pipeline.uncommented) for name in names if name)
        return cls(frozenset(bound), frozenset(LOCAL.findall(pipeline.masked)))

    def known(self, call: Call, string: String | None) -> Call:
        """A call that a string makes, with what is said of the variables that it passes."""
        interpolates = string is not None and string.interpolates
        return replace(call, passes=tuple(self.passed(passed, interpolates=interpolates) for passed in call.passes))

    def passed(self, passed: Passed, *, interpolates: bool) -> Passed:
        """A build arg, of a string into which Groovy puts values, or not."""
        named = VARIABLE.findall(passed.value) if passed.value is not None else [passed.name]
        said = next((f"credentials bound to {name}" for name in named if name in self.bound), "")
        suggestion = passed.suggestion
        value = PLAIN.fullmatch(passed.value or "") if interpolates else None
        if value and (value[1] in self.own or not value[1].isupper()):  # no variable of the environment
            suggestion = f'{flag(None, passed.name)}, inside withEnv(["{passed.name}={expression(passed.value)}"]) {{ }}'
        return replace(passed, credential=passed.credential or said, suggestion=suggestion)
