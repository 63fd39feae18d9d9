"""What speaks for a variable's being a secret, and what against it: its name, its value, where it goes, what the user says.

Weights add up. `names.NameSays`, `values.WEIGHTS` and the rows of `sinks.py` have them; of several uses the strongest for it and
the strongest against it count, so that the same thing said ten times says no more than once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fnmatch import fnmatchcase

from codemod import names, values
from codemod.callers.links import Link, passings
from codemod.callers.suspects import says
from codemod.carriers import MARK, put_in
from codemod.dataflow import Declaration, Expansion, Flow, plain_value, trace_all
from codemod.dockerfile.lex import lex
from codemod.dockerfile.nodes import Dockerfile, Instruction, LineKind, Variable
from codemod.names import NameSays, public_prefix
from codemod.script import script_of
from codemod.settings import Settings
from codemod.shell import read
from codemod.sinks import is_userinfo, of_text, of_value, sinks
from codemod.values import ValueSays


class Confidence(Enum):
    """How sure the evidence makes; what is only possible is never acted on."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a secret, or against it (`weight` below 0); `detail` never has a value in it."""

    kind: str
    line: int
    detail: str
    weight: int


PUBLIC = -3
# the sums from which on a variable is certainly, or likely, a secret; the user's word outweighs everything
CERTAIN, LIKELY, USERS_WORD = 5, 2, 100
NAME = {
    NameSays.SECRET: "its name says so",
    NameSays.PROBABLY: "its name mostly says so",
    NameSays.POSSIBLY: "its name may say so",
    NameSays.AGAINST: "its name speaks of something else",
    NameSays.NONE: "its name says that it is none",
}
# What builder instructions make of a value: a tag, a path, a port or a user's name. LABEL and ENV take anything.
PLACES = {
    "FROM": -5,
    "COPY": -2,
    "ADD": -2,
    "WORKDIR": -3,
    "USER": -3,
    "EXPOSE": -3,
    "VOLUME": -3,
    "STOPSIGNAL": -3,
    "an option of RUN": -3,
}
# what stands before the command of a HEALTHCHECK
CHECK = re.compile(r"\A\s*CMD\b", re.IGNORECASE)
# what is shorter stands in any sentence for something else
SHORTEST = 4
IGNORE = re.compile(r"#\s*dockerfix:\s*ignore=([\w.,*?-]+)")
# They ask linters to be silent, which says nothing of the variable: mentioned, and no more.
PRAGMAS = (
    (re.compile(r"#\s*check\s*=.*\bskip\s*=[\w\s,]*(?:\bSecretsUsedInArgOrEnv\b|\ball\b)", re.IGNORECASE), "BuildKit's check"),
    (re.compile(r"#\s*hadolint\s+(?:global\s+)?ignore\s*=[\w\s,]*\bDL3064\b", re.IGNORECASE), "hadolint"),
)


def confidence(evidence: tuple[Evidence, ...]) -> Confidence | None:
    """What the evidence adds up to; None where nothing speaks for a secret."""
    score = sum(item.weight for item in evidence)
    if score >= LIKELY:
        return Confidence.CERTAIN if score >= CERTAIN else Confidence.LIKELY
    return Confidence.POSSIBLE if any(item.weight > 0 for item in evidence) else None


def evidence_of(dockerfile: Dockerfile, flow: Flow, settings: Settings, links: Sequence[Link] = ()) -> tuple[Evidence, ...]:
    """All that speaks for or against the variable of `flow`: an ARG's, or an ENV's that was given to `trace`; `links` are calls."""
    line = flow.declarations[0].variable.line
    if word := settings.word_on(flow.name):
        return (Evidence("user", line, str(word), USERS_WORD if word.is_secret else -USERS_WORD),)
    found = (*_by_name(flow.name, line), *_by_value(dockerfile, flow), *_by_use(dockerfile, flow), *_by_caller(flow.name, line, links))
    return (*found, *_by_pragma(dockerfile, flow)) if found else ()


def is_ignored(dockerfile: Dockerfile, name: str, declarations: tuple[Instruction, ...]) -> bool:
    """Whether `# dockerfix: ignore=NAME reason` stands in the comments directly above one of its declarations."""
    return any(
        fnmatchcase(name, pattern)
        for declaration in declarations
        for comment in comments_above(dockerfile, declaration)
        for match in IGNORE.finditer(comment)
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


def _by_name(name: str, line: int) -> Iterator[Evidence]:
    said, words = names.judgement(name.removeprefix(public_prefix(name)))
    if said is not NameSays.NOTHING:
        yield Evidence("name", line, f"{NAME[said]}: {words}", int(said))


def _by_caller(name: str, line: int, links: Sequence[Link]) -> Iterator[Evidence]:
    """What the call that says most passes."""
    told = [(*says(passed), f"{link.path}:{passed.line}") for link, passed in passings(links, name) if not link.call.documentation]
    said, weight, place = max(told, key=lambda each: each[1], default=("", 0, ""))
    if weight:
        yield Evidence("caller", line, f"{place} passes {said}", weight)


def _by_value(dockerfile: Dockerfile, flow: Flow) -> Iterator[Evidence]:
    """What the first literal that says anything says."""
    for declaration in flow.declarations:
        value = plain_value(declaration.variable, dockerfile.escape)
        if value is None:
            continue
        said = values.judge(value)
        if said is not ValueSays.OTHER:
            what = "value" if declaration.is_copy else "default"
            yield Evidence("value", declaration.variable.line, f"its {what} {said.value}", values.WEIGHTS[said])
            return


def _by_use(dockerfile: Dockerfile, flow: Flow) -> Iterator[Evidence]:
    copies = [word.variable for word in flow.declarations if word.is_copy]
    flows = trace_all(dockerfile, flow.name, copies) if flow.derived else {flow.name: flow}
    texts = _texts(flow, flows, dockerfile.escape)
    found = [*_copies(flows, texts, dockerfile.escape), *_shell_uses(dockerfile, flows, texts), *_builder_uses(dockerfile, flows, texts)]
    for_it = max((item for item in found if item.weight > 0), key=lambda item: item.weight, default=None)
    against = min((item for item in found if item.weight < 0), key=lambda item: item.weight, default=None)
    literals = _literals(dockerfile, flow)
    yield from (replace(item, detail=_without(item.detail, literals)) for item in (for_it, against) if item)


def _literals(dockerfile: Dockerfile, flow: Flow) -> tuple[str, ...]:
    """What stands in the file for the value, and may be a credential."""
    found = [plain_value(word.variable, dockerfile.escape) or "" for word in flow.declarations]
    return tuple(value for value in found if len(value) >= SHORTEST and values.judge(value) in (ValueSays.CREDENTIAL, *values.UNKNOWN))


def _without(detail: str, literals: tuple[str, ...]) -> str:
    """A detail that repeats no value: a file, an option may have its name."""
    for value in literals:
        detail = detail.replace(value, "…")
    return detail


def _texts(flow: Flow, flows: Mapping[str, Flow], escape: str) -> dict[str, str]:
    """The variables that carry the value, each with its text, the value marked."""
    texts = {flow.name: MARK}
    for _ in flows:
        for word in _derived(flows):
            text = put_in(_unquoted(word.variable, escape), texts)
            if MARK in text and not _has_its_own(word):
                texts.setdefault(word.variable.name, text)
    return texts


def _derived(flows: Mapping[str, Flow]) -> Iterator[Declaration]:
    for flow in flows.values():
        yield from flow.derived


def _unquoted(variable: Variable, escape: str) -> str:
    """A value without its quotes, its variables as a shell would write them; the builder has found them, so it can be read."""
    pieces = lex(variable.value or "", escape).pieces
    return "".join(piece if isinstance(piece, str) else f"${{{piece.name}}}" for piece in pieces)


def _copies(flows: Mapping[str, Flow], texts: Mapping[str, str], escape: str) -> Iterator[Evidence]:
    """What ENV and ARG make from it, and call it."""
    first = next(iter(flows))
    for word in _derived(flows):
        target, text = word.variable.name, put_in(_unquoted(word.variable, escape), texts)
        if public_prefix(target):
            yield Evidence("use", word.variable.line, f"{target} is public by its framework's rule", PUBLIC)
            continue
        said = of_value(target, text) if target != first else None
        if said and (not _has_its_own(word) or is_userinfo(text, texts)):
            weight, detail = said
            yield Evidence("use", word.variable.line, f"it is copied into {target}" if text == MARK else detail, weight)


def _has_its_own(word: Declaration) -> bool:
    """Whether an ARG is a secret by its own name, so that what its default is in part made from need not be one."""
    is_whole = re.fullmatch(r"\"?\$(?:\w+|\{\w+\})\"?", word.variable.value or "") is not None
    return not word.is_copy and not is_whole and names.judge(word.variable.name) >= NameSays.PROBABLY


def _shell_uses(dockerfile: Dockerfile, flows: Mapping[str, Flow], texts: Mapping[str, str]) -> Iterator[Evidence]:
    seen: dict[int, tuple[Instruction, dict[str, str]]] = {}
    own = {f"it is given as {name}" for name, text in texts.items() if text == MARK and name == next(iter(flows))}
    for name, flow in flows.items():
        for sight in flow.sights:
            seen.setdefault(sight.run.span.start, (sight.run, {}))[1][name] = texts.get(name, MARK)
    triggers = [(trigger.trigger, dict(texts)) for flow in flows.values() for trigger in flow.triggers if trigger.trigger]
    for run, given in (*seen.values(), *triggers, *_started(dockerfile, texts)):
        script = script_of(run, dockerfile.source.text)
        if not any(name in script.text.text for name in given):
            continue  # most RUNs, and their shell text need not be read
        shell = read(CHECK.sub(lambda match: " " * len(match[0]), script.text.text)) if run.name == "HEALTHCHECK" else script.shell
        for sink in sinks(shell, given):
            if sink.detail in own:
                continue  # its own name has spoken already
            yield Evidence("use", dockerfile.source.line(script.text.origin(sink.offset)), sink.detail, sink.weight)


def _started(dockerfile: Dockerfile, texts: Mapping[str, str]) -> Iterator[tuple[Instruction, dict[str, str]]]:
    """What containers start; no ARG reaches them, but who writes one there means a credential as well."""
    for instruction in dockerfile.instructions:
        if instruction.name in ("CMD", "ENTRYPOINT", "HEALTHCHECK") and "$" in instruction.arguments.text:
            yield instruction, dict(texts)


def _builder_uses(dockerfile: Dockerfile, flows: Mapping[str, Flow], texts: Mapping[str, str]) -> Iterator[Evidence]:
    for name, flow in flows.items():
        variable = re.compile(rf"\$\{{?{re.escape(name)}\b")
        for expansion in flow.expansions:
            texts_of = (expansion.instruction.arguments.text, *(flag.value for flag in expansion.instruction.flags))
            words = [word for text in texts_of for word in text.split() if variable.search(word)]
            line, what = expansion.instruction.line, expansion.what
            found = [said for said in map(of_text, _carried(dockerfile, expansion, words, texts)) if said and said[0] > 0]
            if found:
                weight, detail = max(found)
                yield Evidence("use", line, detail, weight)
            elif what in PLACES and words:
                yield Evidence("use", line, f"{what} takes it for a name or a path", PLACES[what])


def _carried(dockerfile: Dockerfile, expansion: Expansion, words: Sequence[str], texts: Mapping[str, str]) -> Iterator[str]:
    """What the builder makes of a URL, or of the lines of a heredoc, with the value marked."""
    yield from (put_in(word, texts) for word in words if "://" in word)
    for heredoc in expansion.instruction.heredocs:
        lines = heredoc.body.of(dockerfile.source.text).splitlines() if heredoc.expand else ()
        yield from (text for line in lines if MARK in (text := put_in(line, texts)))


def _by_pragma(dockerfile: Dockerfile, flow: Flow) -> Iterator[Evidence]:
    """Comments that ask linters to be silent about one of its declarations, or about the whole file."""
    text = dockerfile.source.text
    lines = [directive.line for directive in dockerfile.directives if directive.name == "check"]
    for declaration in flow.declarations:
        count = len(comments_above(dockerfile, declaration.instruction))
        lines += dockerfile.lines[declaration.instruction.line - 1 - count : declaration.instruction.line - 1]
    for line in dict.fromkeys(lines):
        for pattern, linter in PRAGMAS:
            if pattern.search(line.span.of(text)):
                yield Evidence("pragma", line.number, f"a comment keeps {linter} silent about it, which says nothing of it", 0)
