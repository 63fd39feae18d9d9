"""What the words of a shell text are made of: a variable's value, put in wherever other variables carry it on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from codemod.shell import Command, Shell, Word

# stands for the value wherever a text carries it
MARK = "\ufffc"
# stands for what any other substitution gives
SOMETHING = "$()"
# what a substitution runs that hands on what it is given, in whatever form
HANDS_ON = re.compile(r"\s*(?:echo|printf|cat\s*<<)")
# how many characters around a value are looked at: patterns that look for a middle take the square of a length
FAR = 4_000
# how programs ask for a variable: Python, R, Java, JavaScript, Ruby, Perl, yq, OpenSSL, PowerShell, npm
LOOKUP = re.compile(
    r"(?:\b\w+\.)?environ(?:\.get)?[\[(]\s*[\"'](\w+)[\"'][^\])]*[\])]|(?:\b\w+\.)?getenv\([\"'](\w+)[\"'][^)]*\)|process\.env(?:\.(\w+)|\[[\"'](\w+)[\"']\])|"
    r"ENV(?:\.fetch)?[\[(][\"'](\w+)[\"'][^\])]*[\])]|\$ENV\{(\w+)\}|strenv\((\w+)\)|\$?\benv:(\w+)|\$\{(\w+)\}"
)
EXPANSION = re.compile(r"\$(?:\{(?P<braced>\w+)(?P<operator>[^{}]*(?:\$\{[^{}]*\}[^{}]*)*)\}|(?P<plain>\w+))")
# what stands in its place where there is one: `${X:+--token=$X}`
ALTERNATIVE = (":+", "+")


class Carriers:
    """The variables of a shell text that have the value, or what is made of it: each with its text, the value marked."""

    def __init__(self, shell: Shell, values: Mapping[str, str]) -> None:
        """`values` are the names that have it before the text runs."""
        self.texts = dict(values)
        for name, word in sorted(shell.assignments, key=lambda found: found[1].span):
            self._take(name, word)
        for name, words in shell.loops:
            for word in words:
                self._take(name, word)
        self.calls = tuple(self._calls(shell))

    def __call__(self, word: Word, command: Command | None = None) -> str:
        """The word's text with the value marked; `command` is the one it stands in."""
        texts = self._around(command) if command else self.texts
        text = put_in(word.plain, texts) if word.names & texts.keys() else word.plain
        return looked_up(text, texts) if any(name in text for name in texts) else text

    def _take(self, name: str, word: Word) -> None:
        text = self(word).removeprefix(f"{name}=")
        if name not in self.texts and MARK in text:
            self.texts[name] = text

    def _calls(self, shell: Shell) -> Iterator[tuple[Command, dict[str, str]]]:
        """The commands of functions, with the arguments that carry the value where they are called."""
        definitions = dict(shell.definitions)
        for call in shell.commands:
            body = definitions.get(call.name or "")
            given = {str(index): text for index, word in enumerate(call.words) if index and MARK in (text := self(word))}
            if body and given:
                yield from ((command, given) for command in shell.commands if command.span in body)

    def _around(self, command: Command) -> dict[str, str]:
        arguments = next((given for other, given in self.calls if other == command), None)
        return self.texts | arguments if arguments else self.texts


def looked_up(text: str, texts: Mapping[str, str]) -> str:
    """`text` with what `texts` has for the variables that a program in it asks its environment for."""

    def value(match: re.Match[str]) -> str:
        return texts.get(next(filter(None, match.groups())), match[0])

    return LOOKUP.sub(value, text)


def around(text: str) -> str:
    """What stands around the first place of the value: what is far from it says nothing, and doubled often enough it has no end."""
    place = text.find(MARK)
    return text if len(text) <= FAR else text[max(0, place - FAR // 2) : max(0, place) + FAR // 2]


def put_in(text: str, texts: Mapping[str, str]) -> str:
    """`text` with what `texts` has for its variables; substitutions that do more than hand their text on stay out."""

    def value(match: re.Match[str]) -> str:
        name, operator = match["braced"] or match["plain"], match["operator"] or ""
        if operator.startswith(ALTERNATIVE):
            return EXPANSION.sub(value, operator.lstrip(":+"))
        if name in texts or not operator:
            return texts.get(name, match[0])
        return f"${{{name}{EXPANSION.sub(value, operator)}}}"

    handed_on = _without_substitutions(text, lambda inner: MARK if MARK in EXPANSION.sub(value, inner) else SOMETHING)
    return around(EXPANSION.sub(value, handed_on))


def _without_substitutions(text: str, handed_on: Callable[[str], str]) -> str:
    """Each `$(…)` becomes what `handed_on` makes of it where it hands its text on, and only a mark of its own where it does not."""
    result, end = "", 0
    for start, stop in _substitutions(text):
        inner = text[start + 2 : stop - 1]
        result += text[end:start] + (handed_on(inner) if HANDS_ON.match(inner) else SOMETHING)
        end = stop
    return result + text[end:]


def _substitutions(text: str) -> Iterator[tuple[int, int]]:
    """The outermost `$(…)`, from their dollar to behind their parenthesis."""
    start, depth = 0, 0
    for match in re.finditer(r"\$\(|[()]", text):
        if not depth and match[0] == "$(":
            start, depth = match.start(), 1
        elif depth:
            depth += 1 if match[0] != ")" else -1
            if not depth:
                yield start, match.end()
