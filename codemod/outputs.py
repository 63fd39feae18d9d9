"""Whether a secret is in what the commands of a shell text print, and which files they write it to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, join

from codemod.acts import Act
from codemod.keepers import ECHOES, ENVIRONMENT_PRINTERS, FILTERS, IN_PLACE, INTERPRETERS, SILENT, TEMPLATES
from codemod.places import spelled
from codemod.shell import Word

ALL_GIVEN = re.compile(r"\$(?:[@*]|\{[@*])")
PROGRAM = re.compile(r"-\w*[cerpE]|--eval|--print|--execute")
# what a program may do to a value before it prints it, so that it is the value still
SAME_VALUE = r"\b(?:get|getenv|dumps?|format|join|str|strip|trim|stringify|encode|decode|b64encode|to_json|fetch)\("
CALLED_WITH = rf"\s*\(?(?:[^()\n;]|{SAME_VALUE}|\))*?"
PRINTS = rf"(?:\b(?:print|log|puts|echo|say|printf|p)|std(?:out|err)\.(?:buffer\.)?write)\b{CALLED_WITH}"
WRITES = rf"\b(?:print|write|puts)\b{CALLED_WITH}"
OPENS = re.compile(r"\bopen\(\s*[\"']([^\"']+)[\"']\s*,\s*[\"'][wax]")
SAVES = re.compile(rf"\b(?:write|append|put)\w*\(\s*[\"']([^\"']+)[\"'],(?:[^()\n;]|{SAME_VALUE})*?")
# jq, yq and awk look a variable up by its bare name
LOOKS_UP = r"(?:\benv\.|\$ENV\.|\bENVIRON\[[\"']?|\bstrenv\(|\benv\()"
STANDARD_INPUT = frozenset({"/dev/stdin", "-", "/proc/self/fd/0", "/dev/fd/0"})
COPIERS = frozenset({"cp", "mv", "install", "ln"})


class Outputs:
    """What each act prints and writes of the variables `names` and of `files`; `names` and `files` grow as copies are seen.

    Acts are known by their index; `folders` has the folder of each.
    """

    def __init__(self, every: tuple[Act, ...], folders: tuple[str, ...], names: frozenset[str], files: frozenset[str]) -> None:
        self.acts, self.folders, self.names = every, folders, names
        self.captured = [index for index, act in enumerate(every) if act.command.captured]
        self.read_on = {feeder for act in every for feeder in act.feeders}
        while True:
            self.files = set(files)
            self.printing: dict[int, bool] = {}
            self.written: dict[int, tuple[str, ...]] = {}
            for index in range(len(every)):
                self.prints(index)
            bound = frozenset(self._bound())
            if bound <= self.names:
                break
            self.names |= bound

    def prints(self, index: int) -> bool:
        """Whether the value is in what an act puts out, be it to a file."""
        if index not in self.printing:
            self.printing[index] = False  # until it is known: an act may be asked for by what it starts
            act = self.acts[index]
            for inner in self._in_words(act):
                self.prints(inner)
            for inner in act.inside:
                self.prints(inner)
            self.printing[index] = any(self._lets_out(inner) for inner in act.inside) if act.inside else self._prints(index)
            self.written[index] = () if act.inside else tuple(self._writes(index))
            self.files |= {spelled(path, self.folders[index]) for path in self.written[index]}
        return self.printing[index]

    def shows(self, index: int) -> bool:
        """Whether what an act prints, the value in it, is left to go to the build log."""
        act = self.acts[index]
        goes_on = self._is_redirected(act) or act.command.piped or act.command.captured or self._is_in_place(act)
        return self.prints(index) and not goes_on

    def is_given(self, index: int) -> bool:
        """Whether an act has the value from its words, or reads it."""
        words = self.acts[index].command.words[1:]
        return any(self.has(word, index) for word in words) or self.is_fed(index) or any(self._is_file(word, index) for word in words)

    def is_fed(self, index: int) -> bool:
        """Whether the value is in what an act reads from its standard input."""
        act = self.acts[index]
        if any(self.printing.get(feeder, False) and not self._is_redirected(self.acts[feeder]) for feeder in act.feeders):
            return True
        redirects = act.command.redirects
        return any(self.has(redirect.target, index) for redirect in redirects if redirect.is_text) or any(
            self._is_file(redirect.target, index) for redirect in redirects if redirect.operator == "<"
        )

    def has(self, word: Word, index: int) -> bool:
        """Whether the value is in a word of an act: by a variable, by what a function was given, or by what a `$(…)` prints."""
        act = self.acts[index]
        given = {str(number): value for number, value in enumerate(act.given, 1)}
        handed = given.values() if ALL_GIVEN.search(word.text) else [given[name] for name in word.own if name in given]
        if self.names & word.own or (act.around is not None and any(self.names & value.own for value in handed)):
            return True
        return any(self.printing.get(inner, False) for inner in self._captured_in(word, act))

    # --- what an act prints

    def _in_words(self, act: Act) -> Iterator[int]:
        texts = (redirect.target for redirect in act.command.redirects if redirect.is_text)
        for word in (*act.command.words, *texts) if self.captured else ():
            yield from self._captured_in(word, act)

    def _captured_in(self, word: Word, act: Act) -> Iterator[int]:
        if not word.names - word.own and "(" not in word.text and "`" not in word.text:
            return
        for index in self.captured:
            inner = self.acts[index]
            if inner is not act and inner.level is act.level and inner.command.span in word.span and inner.command.span != act.command.span:
                yield index

    def _lets_out(self, index: int) -> bool:
        return self.prints(index) and not self._is_redirected(self.acts[index]) and index not in self.read_on

    def _is_in_place(self, act: Act) -> bool:
        pattern = IN_PLACE.get(act.tool or "")
        return pattern is not None and any(re.match(pattern, word) for word in act.words)

    def _is_redirected(self, act: Act) -> bool:
        return any(redirect.takes_output for redirect in act.command.redirects)

    def _prints(self, index: int) -> bool:
        act = self.acts[index]
        tool, words = act.tool or "", act.command.words[1:]
        if tool in ENVIRONMENT_PRINTERS:
            return self._prints_environment(act)
        if tool in SILENT and any(re.match(SILENT[tool], word) for word in act.words):
            return False
        if tool in ECHOES:
            return any(self.has(word, index) for word in words)
        if tool in INTERPRETERS:
            return any(re.search(PRINTS + self._value(word), word.plain) for word in self._programs(index))
        if tool in TEMPLATES and any(self._puts_in(tool, word, index) for word in words):
            return True
        reads = self.is_fed(index) or any(self._is_file(word, index) for word in words)
        return (tool in FILTERS or tool in TEMPLATES) and (reads or self._substitutes_all(act))

    def _prints_environment(self, act: Act) -> bool:
        options = () if act.tool == "set" else ("-p", "-x", "-0", "--null")
        words = [word.plain for word in act.command.words if word.plain not in (act.tool, *options)]
        return not words or (act.tool in ("printenv", "declare") and bool(self.names & set(words)))

    def _substitutes_all(self, act: Act) -> bool:
        """`envsubst` without a list puts in every variable that its input asks for."""
        given = [redirect.target for redirect in act.command.redirects if redirect.is_text]
        asked = not given or any(re.search(rf"\$\{{?(?:{'|'.join(self.names)})\b", text.plain) for text in given)
        return act.tool == "envsubst" and not act.operands and bool(self.names) and asked

    def _puts_in(self, tool: str, word: Word, index: int) -> bool:
        """Whether what a filter makes has the value of a word."""
        if tool == "envsubst":
            return bool(self.names & set(re.findall(r"\w+", word.plain)))
        if tool == "sed" and self.has(word, index):
            return not self._only_looked_for(word)
        named = rf"{LOOKS_UP}(?:{'|'.join(self.names)})\b"
        return self.has(word, index) or (tool != "sed" and bool(self.names) and re.search(named, word.plain) is not None)

    def _only_looked_for(self, word: Word) -> bool:
        """Whether sed looks for the value, to delete it or to put something in its place."""
        text = word.plain
        value = re.compile(rf"\$\{{?(?:{'|'.join(self.names)})\b")
        if text.startswith("/") and text.endswith("d"):
            return True
        pieces = text[1:].split(text[1]) if re.match(r"s\W", text) else []
        return len(pieces) == len(("", "pattern", "replacement", "flags")) and not value.search(pieces[2])

    def _value(self, word: Word) -> str:
        """What stands for the value in a program: the shell's expansion, or the name where the program looks it up."""
        names = "|".join(self.names)
        looked_up = rf"(?:environ|getenv|env|ENV)\b\W*(?:\w+\(\s*[\"'])?(?:{names})\b"
        return rf"(?:\$\{{?(?:{names})\b|{looked_up})" if self.names & word.own else looked_up

    def _programs(self, index: int) -> Iterator[Word]:
        """The text of `python -c`, or of a heredoc that is the program."""
        if not self.names:
            return
        command = self.acts[index].command
        for before, word in zip(command.words, command.words[1:], strict=False):
            if PROGRAM.fullmatch(before.plain):
                yield word
        if all(word.plain == "-" for word in command.words[1:]):
            yield from (redirect.target for redirect in command.redirects if redirect.is_text)

    # --- what it writes

    def _writes(self, index: int) -> Iterator[str]:
        act = self.acts[index]
        tool, operands = act.tool or "", act.operands
        if self._is_in_place(act):
            yield from self._edited(index)
        elif self.printing[index]:
            yield from (redirect.target.plain for redirect in act.command.redirects if redirect.takes_output)
        if tool in INTERPRETERS:
            yield from self._saved(index)
        elif tool in ("tee", "sponge") and self.is_fed(index):
            yield from operands
        elif tool == "dd" and self.is_fed(index):
            yield from (word.removeprefix("of=") for word in operands if word.startswith("of="))
        elif tool in COPIERS:
            yield from self._copies(index)

    def _edited(self, index: int) -> Iterator[str]:
        """The files that an editor changes: all operands but its script, where no option has that."""
        act = self.acts[index]
        scripts = [word for before, word in zip(act.words, act.words[1:], strict=False) if re.fullmatch(r"-\w*e|--expression", before)]
        words = act.command.words[1:]  # what a file has already is no news of the editor's
        if any(self.has(word, index) if act.tool == "perl" else self._puts_in(act.tool or "", word, index) for word in words):
            files = [word for word in act.operands if word not in scripts]
            yield from files if scripts else files[1:]

    def _saved(self, index: int) -> Iterator[str]:
        for word in self._programs(index):
            value = self._value(word)
            if re.search(WRITES + value, word.plain):
                yield from OPENS.findall(word.plain)
            yield from re.findall(SAVES.pattern + value, word.plain)

    def _copies(self, index: int) -> Iterator[str]:
        *sources, target = ("", *self.acts[index].operands)
        if self.is_fed(index) and STANDARD_INPUT & set(sources):
            yield target
        for source in sources:
            if spelled(source, self.folders[index]) in self.files:
                yield join(target, basename(source)) if target.endswith(("/", ".")) else target

    # --- variables and files that have the value

    def _is_file(self, word: Word, index: int) -> bool:
        path = re.sub(r"\A(?:--?[\w-]+=|@)", "", word.plain)
        return bool(path) and spelled(path, self.folders[index]) in self.files

    def _bound(self) -> Iterator[str]:
        """The variables that the text gives the value to."""
        for index, act in enumerate(self.acts):
            if act.tool == "read" and self.is_fed(index):
                yield from (word for word in act.operands if word.isidentifier())
        for level in {act.level.number: act.level for act in self.acts}.values():
            holder = next(index for index, act in enumerate(self.acts) if act.level is level)
            for name, word in level.shell.assignments:
                if self.names & word.own or any(self.printing[inner] for inner in self._captured_at(word, level.number)):
                    yield name
            for name, words in level.shell.loops:
                if any(self.has(word, holder) for word in words):
                    yield name

    def _captured_at(self, word: Word, level: int) -> Iterator[int]:
        for index in self.captured:
            act = self.acts[index]
            if act.level.number == level and act.command.span in word.span:
                yield index
