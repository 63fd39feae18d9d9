"""Jenkinsfiles: the builds of their strings. Groovy puts values into them, so they are reported and never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from posixpath import join

from codemod.callers.call import Call, Passed, Place, Tree
from codemod.callers.command_texts import Around, calls_in, given, words_of
from codemod.callers.places import places
from codemod.callers.strings import Program, String, program
from codemod.callers.suggestions import expression, flag
from codemod.callers.unknown import rest
from codemod.text import Source, Span

FILES = re.compile(r"(?:.*/)?(?:jenkinsfile[^/]*|[^/]*\.(?:jenkinsfile|jenkins|groovy))", re.IGNORECASE)
KIND = "step of a Jenkinsfile"
OBSTACLE = "it is a string of Groovy"

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
    builds = [Span(match.start(), pipeline.closing(match.end() - 1, "()")) for match in BUILD.finditer(pipeline.masked)]
    found = [call for span in builds for call in _plugins(span, pipeline, source)]
    for string in pipeline.strings:
        if not any(string.span in span for span in builds):
            found += [_known(call, string, pipeline) for call in _strings(string, pipeline, source)]
    return tuple(sorted((*found, *rest(Source(source.path, pipeline.uncommented), found, KIND, OBSTACLE)), key=lambda call: call.span))


def _strings(string: String, pipeline: Program, source: Source) -> Iterator[Call]:
    """The builds that a string runs, or the one that an agent is given it for."""
    around = _around(string.span.start, pipeline)
    if ADDITIONAL.search(pipeline.masked, 0, string.span.start):
        for call in given(words_of(string.text), source, around, string.span):
            yield replace(call, places=_agents_places(string, pipeline))
    else:
        yield from calls_in(string.text, source, around)


def _plugins(span: Span, pipeline: Program, source: Source) -> Iterator[Call]:
    """The build of `docker.build(name, arguments)`; without arguments it is that of the folder."""
    comma = pipeline.masked.find(",", span.start, span.end)
    arguments = [string for string in pipeline.strings if string.span in span and -1 < comma < string.span.start]
    around = _around(span.start, pipeline)
    for call in given(words_of(arguments[0].text) if arguments else (), source, around, span):
        places = call.places if arguments or comma < 0 else ()
        yield _known(replace(call, places=places), arguments[0] if arguments else None, pipeline)


def _around(offset: int, pipeline: Program) -> Around:
    """What is around a place: above all the folder of its `dir('…') { }`."""
    before = (FOLDER.search(pipeline.text, 0, block.start - 1) for block in pipeline.blocks(offset))
    named = [match[1] for match in before if match]
    return Around(KIND, (join(*reversed(named)), ".") if named else (".",), OBSTACLE)


def _agents_places(string: String, pipeline: Program) -> tuple[Place, ...]:
    """The Dockerfile of the `dockerfile { }` around a string: its folder is the context."""
    block = next(pipeline.blocks(string.span.start), Span(0, 0)).of(pipeline.text)
    folder, name = (re.search(SETTING.format(key), block) for key in ("dir", "filename"))
    base = folder[1] if folder else "."
    return places((".",), join(base, name[1] if name else "Dockerfile"), base)


def _known(call: Call, string: String | None, pipeline: Program) -> Call:
    """A call, with what the pipeline says of the variables that it passes."""
    bound = {name for names in BOUND.findall(pipeline.text) for name in names if name}
    own = set(LOCAL.findall(pipeline.masked)) if string and string.interpolates else None
    return replace(call, passes=tuple(_passed(passed, bound, own) for passed in call.passes))


def _passed(passed: Passed, bound: set[str], own: set[str] | None) -> Passed:
    """`bound` are variables of credentials, `own` those of the program, where the string has their values put in."""
    named = VARIABLE.findall(passed.value) if passed.value is not None else [passed.name]
    said = next((f"credentials bound to {name}" for name in named if name in bound), "")
    suggestion = passed.suggestion
    value = PLAIN.fullmatch(passed.value or "") if own is not None else None
    if value and (value[1] in (own or ()) or not value[1].isupper()):  # no variable of the environment
        suggestion = f'{flag(None, passed.name)}, inside withEnv(["{passed.name}={expression(passed.value)}"]) {{ }}'
    return replace(passed, credential=passed.credential or said, suggestion=suggestion)
