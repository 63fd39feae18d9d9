"""Which build args, ENV values and secret mounts are findings, and on what evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from codemod import names, values
from codemod.dataflow import Flow, argument_names, trace
from codemod.dockerfile.lex import LexError, lex
from codemod.dockerfile.nodes import Dockerfile, Instruction, LineKind, Variable
from codemod.names import NameSays
from codemod.script import script_of
from codemod.settings import Settings
from codemod.sinks import is_copy, is_userinfo, sinks
from codemod.values import ValueSays


class Entry(Enum):
    """How a secret comes into the file."""

    ARG = "ARG"
    ENV = "ENV"
    MOUNT = "secret mount"


class Confidence(Enum):
    """How sure the evidence makes; less than `likely` is no finding."""

    CERTAIN = "certain"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a secret, or against it (`weight` below 0); `detail` never has a value in it."""

    kind: str
    line: int
    detail: str
    weight: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A name that holds a secret. `flow` is None for all but build args; `public` and `ignored` ones are only reported."""

    name: str
    entry: Entry
    line: int
    confidence: Confidence
    evidence: tuple[Evidence, ...]
    flow: Flow | None = None
    public: bool = False
    ignored: bool = False


# What builder instructions make of a value: a tag, a path, a port or a user's name. LABEL and ENV take anything.
PUBLIC_PLACES = {"FROM": -4, "COPY": -2, "ADD": -2, "WORKDIR": -3, "USER": -3, "EXPOSE": -3, "VOLUME": -3, "STOPSIGNAL": -3}
CERTAIN, LIKELY, USERS_WORD = 5, 2, 100
DEFAULTS = {
    ValueSays.CREDENTIAL: (3, "its default has the form of a credential"),
    ValueSays.HARMLESS: (-2, "its default is a number, a version, a path or a switch"),
}
PRAGMA = re.compile(r"#\s*dockerfix:\s*ignore=([\w.,*?-]+)")


def find_secrets(dockerfile: Dockerfile, settings: Settings) -> tuple[Finding, ...]:
    """Every finding of the file, build args first, in the order of their lines."""
    flows = [trace(dockerfile, name) for name in argument_names(dockerfile)]
    found = [finding for flow in flows if (finding := _argument(dockerfile, flow, settings))]
    derived = {
        word.variable
        for finding in found
        if _acted_on(finding) and finding.flow
        for word in finding.flow.derived
        if word.variable.name != finding.name
    }
    kept = [finding for finding in found if not _is_derived(finding, derived)]
    return (*kept, *_literals(dockerfile, settings))


def _acted_on(finding: Finding) -> bool:
    return not (finding.public or finding.ignored)


def _is_derived(finding: Finding, derived: set[Variable]) -> bool:
    """A build arg that is made from a secret goes with that secret's plan."""
    words = [word.variable for word in finding.flow.declarations] if finding.flow else []
    return any(word in derived for word in words)


def _argument(dockerfile: Dockerfile, flow: Flow, settings: Settings) -> Finding | None:
    line = flow.declarations[0].variable.line
    evidence = tuple(_evidence(dockerfile, flow, settings))
    score = sum(item.weight for item in evidence)
    if score < LIKELY:
        return None
    public, ignored = bool(_public(flow.name)), _ignored(dockerfile, flow)
    return Finding(flow.name, Entry.ARG, line, _confidence(score), evidence, flow, public=public and score < USERS_WORD, ignored=ignored)


def _confidence(score: int) -> Confidence:
    return Confidence.CERTAIN if score >= CERTAIN else Confidence.LIKELY


def _evidence(dockerfile: Dockerfile, flow: Flow, settings: Settings) -> Iterator[Evidence]:
    line = flow.declarations[0].variable.line
    if said := settings.word_on(flow.name):
        yield Evidence("user", line, str(said), _users_word(flow.name, settings))
        return
    yield from _by_name(flow.name, line)
    yield from _by_value(dockerfile, flow)
    yield from _by_use(dockerfile, flow)


def _users_word(name: str, settings: Settings) -> int:
    said = settings.word_on(name)
    if said is None:
        return 0
    return USERS_WORD if said.is_secret else -USERS_WORD


def _by_name(name: str, line: int) -> Iterator[Evidence]:
    said = names.judge(name.removeprefix(_public(name)))
    details = {
        NameSays.SECRET: "its name says so",
        NameSays.POSSIBLY: "its name may say so",
        NameSays.AGAINST: "its name says what it is, and that is no secret",
    }
    if said in details:
        yield Evidence("name", line, details[said], int(said))


def _public(name: str) -> str:
    return next((prefix for prefix in names.PUBLIC_PREFIXES if name.upper().startswith(prefix)), "")


def _by_value(dockerfile: Dockerfile, flow: Flow) -> Iterator[Evidence]:
    for declaration in flow.declarations:
        value = plain_value(declaration.variable, dockerfile.escape)
        if value is None:
            continue
        weight, detail = DEFAULTS.get(values.judge(value), (0, ""))
        if weight:
            yield Evidence("value", declaration.variable.line, detail, weight)
            return


def _by_use(dockerfile: Dockerfile, flow: Flow) -> Iterator[Evidence]:
    """The strongest use for and the strongest against: ten times the same says no more than once."""
    found = [*_shell_uses(dockerfile, flow), *_builder_uses(flow)]
    for_it = max((item for item in found if item.weight > 0), key=lambda item: item.weight, default=None)
    against = min((item for item in found if item.weight < 0), key=lambda item: item.weight, default=None)
    yield from (item for item in (for_it, against) if item)


def _shell_uses(dockerfile: Dockerfile, flow: Flow) -> Iterator[Evidence]:
    for sight in flow.sights:
        script = script_of(sight.run, dockerfile.source.text)
        for sink in sinks(script.shell, flow.name):
            line = dockerfile.source.line(script.text.origin(sink.offset))
            yield Evidence("use", line, sink.detail, sink.weight)


def _builder_uses(flow: Flow) -> Iterator[Evidence]:
    variable = rf"\$\{{?{re.escape(flow.name)}\b"
    for word in (word.variable for word in flow.derived):
        if (word.value or "").strip('"') in (f"${flow.name}", f"${{{flow.name}}}") and is_copy(word.name, flow.name):
            yield Evidence("use", word.line, f"it is copied into {word.name}", 3)
    for expansion in flow.expansions:
        words = [word for word in expansion.instruction.arguments.text.split() if re.search(variable, word)]
        if any(is_userinfo(word, flow.name) for word in words):
            yield Evidence("use", expansion.instruction.line, "a URL carries it as a credential", 3)
        elif expansion.what in PUBLIC_PLACES and words:
            detail = f"{expansion.what} takes it for a name or a path"
            yield Evidence("use", expansion.instruction.line, detail, PUBLIC_PLACES[expansion.what])


def plain_value(variable: Variable, escape: str) -> str | None:
    """A value without its quotes, or None where there is none or a variable is in it."""
    if variable.value is None:
        return None
    try:
        pieces = lex(variable.value, escape).pieces
    except LexError:
        return variable.value
    literals = [piece for piece in pieces if isinstance(piece, str)]
    return "".join(literals) if len(literals) == len(pieces) else None


def _ignored(dockerfile: Dockerfile, flow: Flow) -> bool:
    """`# dockerfix: ignore=NAME reason` in the comments directly above one of its ARGs."""
    return any(
        fnmatchcase(flow.name, pattern)
        for declaration in flow.declarations
        for comment in comments_above(dockerfile, declaration.instruction)
        for match in PRAGMA.finditer(comment)
        for pattern in match[1].split(",")
    )


def comments_above(dockerfile: Dockerfile, instruction: Instruction) -> tuple[str, ...]:
    """The comment lines that stand directly above an instruction, from the top."""
    found: list[str] = []
    for line in reversed(dockerfile.lines[: instruction.line - 1]):
        if line.kind is not LineKind.COMMENT:
            break
        found.append(line.span.of(dockerfile.source.text))
    return tuple(reversed(found))


def _literals(dockerfile: Dockerfile, settings: Settings) -> Iterator[Finding]:
    """ENV values that are credentials: the image has them whatever the build does."""
    for stage in dockerfile.stages:
        for instruction in stage.instructions:
            for variable in instruction.variables if instruction.name == "ENV" else ():
                yield from _literal(dockerfile, variable, settings)


def _literal(dockerfile: Dockerfile, variable: Variable, settings: Settings) -> Iterator[Finding]:
    value = plain_value(variable, dockerfile.escape)
    said = values.judge(value)
    word = _users_word(variable.name, settings)
    by_name = names.judge(variable.name) is NameSays.SECRET or word > 0
    if word < 0 or not value or not (said is ValueSays.CREDENTIAL or (by_name and said is ValueSays.OTHER)):
        return
    confidence = Confidence.CERTAIN if said is ValueSays.CREDENTIAL else Confidence.LIKELY
    detail = DEFAULTS[said][1].replace("default", "value") if said in DEFAULTS else "its name says so, and a value stands in the file"
    evidence = (Evidence("value", variable.line, detail, 3),)
    yield Finding(variable.name, Entry.ENV, variable.line, confidence, evidence)
