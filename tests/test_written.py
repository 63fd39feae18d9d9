"""Files that a Dockerfile writes with the name of X in them, not its value."""

from __future__ import annotations

import pytest

from codemod.configuration import reads
from codemod.script import script_of
from codemod.written import WrittenMention, reached, written

from .texts import dockerfile

TOKEN = "//npm.example.com/:_authToken=${X}"
# what stands behind the FROM, and path:line and whether the tool demands it
WRITTEN = {
    "echo in single quotes": (f"RUN echo '{TOKEN}' > .npmrc", [(".npmrc", 2, True)]),
    "echo with an escaped dollar": (f'RUN echo "{TOKEN.replace("$", chr(92) + "$")}" >> .npmrc', [(".npmrc", 2, True)]),
    "echo in the second line": (f"RUN a \\\n && echo '{TOKEN}' > ~/.npmrc", [("~/.npmrc", 3, True)]),
    "printf": (f"RUN printf '%s' '{TOKEN}' > $HOME/.npmrc", [("$HOME/.npmrc", 2, True)]),
    "a default": ("RUN echo 'a: ${X:-}' > .yarnrc.yml", [(".yarnrc.yml", 2, False)]),
    "tee": (f"RUN echo '{TOKEN}' | tee -a .npmrc", [(".npmrc", 2, True)]),
    "tee in sudo": (f"RUN echo '{TOKEN}' | sudo tee .npmrc", [(".npmrc", 2, True)]),
    "a pipe into what nobody knows": ("RUN echo '$X' | frobnicate", [("", 2, False)]),
    "a second heredoc in one text": (f"RUN <<A\ncat <<B > b\nc\nB\ncat <<'EOF' > .npmrc\n{TOKEN}\nEOF\nA", [(".npmrc", 7, True)]),
    "a filter": (f"RUN echo '{TOKEN}' | sed s/a/b/ > .npmrc", [(".npmrc", 2, True)]),
    "a heredoc": (f"RUN cat <<'EOF' > .npmrc && npm ci\n{TOKEN}\nEOF", [(".npmrc", 3, True)]),
    "a heredoc behind the file": (f"RUN cat > .npmrc <<'EOF'\na\n{TOKEN}\nEOF", [(".npmrc", 4, True)]),
    "a heredoc into tee": (f"RUN cat <<'EOF' | tee .npmrc\n{TOKEN}\nEOF", [(".npmrc", 3, True)]),
    "a heredoc that tee reads": (f"RUN tee .npmrc <<'EOF'\n{TOKEN}\nEOF", [(".npmrc", 3, True)]),
    "the second heredoc": (f"RUN cat <<'A' > a\nb\nA\nRUN cat <<'EOF' > .npmrc\n{TOKEN}\nEOF", [(".npmrc", 6, True)]),
    "a heredoc in a heredoc": (f"RUN <<A\ncat <<'EOF' > .npmrc\n{TOKEN}\nEOF\nnpm ci\nA", [(".npmrc", 4, True)]),
    "a heredoc for two names": ("RUN cat <<'EOF' > a.sh\necho $X\necho ${X}\nEOF", [("a.sh", 3, False), ("a.sh", 4, False)]),
    "nuget's way": ("RUN echo '<add value=\"%X%\" />' > NuGet.config", [("NuGet.config", 2, True)]),
    "maven's way": ("RUN echo '<password>${env.X}</password>' > settings.xml", [("settings.xml", 2, True)]),
    "sed": (f"RUN sed -i 's|a|{TOKEN}|' .npmrc", [(".npmrc", 2, True)]),
    "npm": ("RUN npm config set //npm.example.com/:_authToken '${X}'", [("~/.npmrc", 2, True)]),
    "git": ("RUN git config --global credential.helper '!f() { echo password=$X; }; f'", [("~/.gitconfig", 2, False)]),
    "pip": ("RUN pip config set global.index-url 'https://${X}@pypi.example.com'", [("~/.config/pip/pip.conf", 2, False)]),
    "dart": ("RUN dart pub token add https://pub.example.com --env-var X", [("", 2, False)]),
    "a tool that nobody knows": ("RUN frobnicate 'a=$X'", [("", 2, False)]),
    "what is put into a variable": ("RUN A=$(echo '$X') && b", [("", 2, False)]),
    "what is assigned": ("RUN A='a $X' && b", [("", 2, False)]),
    "COPY": (f"COPY <<'EOF' /root/.npmrc\n{TOKEN}\nEOF", [("/root/.npmrc", 3, True)]),
    "COPY into a folder": (f"COPY <<'.npmrc' /root/\na\n{TOKEN}\n.npmrc", [("/root/.npmrc", 4, True)]),
    "COPY of several": (f"COPY <<'.npmrc' b /root\n{TOKEN}\n.npmrc", [("/root/.npmrc", 3, True)]),
    "COPY with an escaped dollar": (f"COPY <<EOF /root/.npmrc\n{TOKEN.replace('$', chr(92) + '$')}\nEOF", [("/root/.npmrc", 3, True)]),
    "COPY of a program": ('COPY <<EOF /a.py\nos.environ["X"]\nEOF', [("/a.py", 3, False)]),
    "ADD": (f"ADD <<'EOF' /root/.npmrc\n{TOKEN}\nEOF", [("/root/.npmrc", 3, True)]),
}  # fmt: skip
NOT_WRITTEN = {
    "the value": "RUN echo $X > a",
    "the value in a heredoc": "RUN cat <<EOF > a\n$X\nEOF",
    "the value by the builder": "COPY <<EOF /a\n${X}\nEOF",
    "the value behind an escaped backslash": "COPY <<EOF /a\n\\\\$X\nEOF",
    "another name": "RUN echo '${XY} $Y' > a",
    "what is printed": "RUN echo '$X'",
    "what is printed to the log": "RUN echo '$X' > /dev/stderr",
    "what is piped into a tool": "RUN echo '$X' | wc -c",
    "what sed looks for": "RUN sed -i 's@${X}@'\"${X}\"'@' a",
    "what grep looks for": "RUN grep '$X' a",
    "what is tested": "RUN [ -n '$X' ] && a",
    "a program in the text": "RUN node -e 'process.env.X'",
    "a program that prints": "RUN node -e 'console.log(process.env.X)' > a",
    "awk's own": "RUN awk '{print $X}' a > b",
    "envsubst": "RUN envsubst '$X' < a > b",
    "printenv": "RUN printenv X > a",
    "a name that is a word": "RUN make X",
    "a program on standard input": "RUN node <<'EOF'\nprocess.env.X\nEOF",
    "exec form": 'RUN ["sh", "-c", "echo \'$X\' > a"]',
    "a comment": "RUN a # '$X'",
    "no RUN": "ENV A='$X'",
}  # fmt: skip


def found(text: str) -> tuple[WrittenMention, ...]:
    return written(dockerfile(f"FROM a\n{text}\n"), "X")


@pytest.mark.parametrize(("text", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_it_is_written(text: str, expected: list[tuple[str, int, bool]]) -> None:
    assert [(mention.path, mention.line, mention.demands) for mention in found(text)] == expected


@pytest.mark.parametrize("text", NOT_WRITTEN.values(), ids=NOT_WRITTEN)
def test_it_is_not_written(text: str) -> None:
    assert found(text) == ()


WRITES = f"RUN echo '{TOKEN}' >"
# the RUNs that may find it, by their number
REACHED = {
    "later RUNs": (f"FROM a\nRUN a\n{WRITES} .npmrc\nRUN b\nRUN c", [1, 2, 3]),
    "the RUN itself": (f"FROM a\n{WRITES} .npmrc && npm ci && rm -f .npmrc", [0]),
    "none once it is removed": (f"FROM a\nWORKDIR /w\n{WRITES} .npmrc && npm ci && rm -f .npmrc\nRUN a", [0]),
    "all where the file is removed before": (f"FROM a\nWORKDIR /w\nRUN rm -f .npmrc && echo '{TOKEN}' > .npmrc\nRUN a", [0, 1]),
    "none once a later RUN removes it": (f"FROM a\n{WRITES} ~/.npmrc\nRUN rm /root/.npmrc\nRUN a", [0, 1]),
    "all where nobody knows the folder": (f"FROM a\n{WRITES} .npmrc && npm ci && rm -f .npmrc\nRUN a", [0, 1]),
    "all where the folder is another": (f"FROM a\nWORKDIR /w\nRUN cd b && echo '{TOKEN}' > .npmrc\nRUN rm -f .npmrc\nRUN a", [0, 1, 2]),
    "children": (f"FROM a AS x\n{WRITES} ~/.npmrc\nFROM x\nRUN a\nFROM a\nRUN b", [0, 1]),
    "stages that copy it": (f"FROM a AS x\n{WRITES} ~/.npmrc\nFROM a\nCOPY --from=x /root/.npmrc /b/\nRUN a", [0, 1]),
    "no stages that copy something else": (f"FROM a AS x\n{WRITES} ~/.npmrc\nFROM a\nCOPY --from=x /b /b/\nRUN a", [0]),
    "no context": (f"FROM a\n{WRITES} ~/.npmrc\nFROM a\nCOPY . /b/\nRUN a", [0]),
    "no trigger's image": (f"FROM a\n{WRITES} ~/.npmrc\nFROM a:onbuild\nRUN a", [0]),
    "RUNs behind a COPY": (f"FROM a\nRUN a\nCOPY <<'EOF' /root/.npmrc\n{TOKEN}\nEOF\nRUN b", [1]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "numbers"), REACHED.values(), ids=REACHED)
def test_who_may_find_it(text: str, numbers: list[int]) -> None:
    file = dockerfile(f"{text}\n")
    runs = [run.span.start for stage in file.stages for run in stage.instructions if run.name == "RUN"]
    (mention,) = written(file, "X")
    assert reached(file, mention) == {runs[number] for number in numbers}


def test_the_runs_that_need_it() -> None:
    """What the core does with all that: the RUNs that find the file and have a command that looks at it."""
    file = dockerfile(f"FROM a\nWORKDIR /w\nRUN npm -v\nRUN echo '{TOKEN}' > .npmrc\nRUN apt-get update\nRUN pip install a\nRUN npm ci\n")
    (mention,) = written(file, "X")
    runs = [run for run in file.stages[0].instructions if run.name == "RUN" and run.span.start in reached(file, mention)]
    needing = [run for run in runs if any(reads(command, mention.path) for command in script_of(run, file.source.text).shell.commands)]
    assert [run.arguments.text for run in needing] == ["npm ci"]
