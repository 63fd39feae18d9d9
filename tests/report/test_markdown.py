"""The markdown is what it says and no more: no name of a file becomes markup, a mention or a link, and it fits a pull request."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from codemod.report import markdown
from codemod.report.files import Problem, Report
from codemod.report.markdown_text import block, cell, code, in_html, prose
from tests.trees import BUILD, DOCKERFILE, grow

from .reports import PARAMETERS, report_of, report_of_case

READER = MarkdownIt("commonmark").enable("table")
ELEMENTS = {
    "p", "h3", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "code", "pre", "details", "summary", "em", "br",
}  # fmt: skip
# what GitHub makes links of: mentions, issues, commits, addresses
LINKED = re.compile(r"@\w|#\d|\bGH-\d|\b[0-9a-f]{7,40}\b|://|\bwww\.|\w@\w|:\w+:")


class Page(HTMLParser):
    """What a reader of the page sees: its elements, its text, and the text that is no code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.inside: list[str] = []
        self.text = self.plain = ""
        self.codes: list[str] = []
        self.feed(READER.render(text))

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert all(name in ("style", "class") for name, _ in attrs)
        self.elements.add(tag)
        self.inside.append(tag)
        self.codes += [""] if tag == "code" else []

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        if "code" in self.inside:
            self.codes[-1] += data
        else:
            self.plain += data


def check(text: str) -> Page:
    page = Page(text)
    assert page.elements <= ELEMENTS
    assert not LINKED.search(page.plain), page.plain
    assert len(text.encode("utf-16-le")) // 2 <= 65_536
    return page


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_case(case: Path) -> None:
    report = report_of_case(case)
    text = markdown.dumps(report)
    page = check(text)
    assert "canary" not in text
    assert not text.startswith("#")
    assert ("details" in page.elements) == bool(report.dockerfiles)
    for file in report.dockerfiles:
        assert file.path in page.codes


TREE = {
    "Dockerfile": DOCKERFILE,
    "build.sh": BUILD,
    "b.Dockerfile": 'FROM alpine\nARG B_TOKEN\nLABEL b=$B_TOKEN\nRUN echo "$B_TOKEN" > /etc/b\n',
    "c.Dockerfile": "FROM alpine\nENV C_TOKEN=canary-0123456789\n",
    "d.Dockerfile": "FROM alpine\nARG D_TOKEN\nRUNN\n",
}
BODY = """\
| Dockerfiles | secrets to rewrite | callers to move | refused | reported | left over | errors |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| 3 | 1 | 1 | 1 | 1 | 1 | 1 |

### To move to build secrets

| Dockerfile | secret | id | callers |
| --- | --- | --- | --- |
| `Dockerfile` | `API_TOKEN` | `API_TOKEN` | `build.sh:1` |

### When you merge this

- Merged whole, the Dockerfiles and their callers go together. Where callers are in other repositories, or where a running build must \
not see half of it, go in three steps, each of which can be merged by itself: `dockerfix --phase callers`, `--phase dockerfile`, \
`--phase cleanup`.
- [ ] Rotate these secrets: the images, the build cache and the provenance made so far have the values.
  - `API_TOKEN`
- [ ] Revoke these credentials: they stand in the repository's history with their values.
  - `C_TOKEN`

### Build commands

A changed secret alone no longer reruns a cached step: use `--no-cache-filter` where it must.

`Dockerfile`, as `build.sh:1` has it:

```sh
docker build --secret id=API_TOKEN .
```

### What stays, and why

- `b.Dockerfile:3`: `B_TOKEN` (`used-by-instruction`): LABEL expands `B_TOKEN`. The builder itself expands this, and a secret mount \
reaches RUN only: move the use into a RUN, or take the secret out of it.
- `c.Dockerfile:2`: `C_TOKEN` (`literal-credential`): `C_TOKEN` stands in the file with its value. Revoke the credential, take it out of \
the file, and pass a new one as a build secret or when the container runs.

### Left behind

- `b.Dockerfile:4`: `B_TOKEN`: `echo` writes it to `/etc/b`, which the layer keeps

### Not read or not written

- `d.Dockerfile:3`: unknown instruction (did you mean RUN?)

### Evidence

<details><summary><code>Dockerfile</code></summary>

- `API_TOKEN`: rewritten, certain
  - line 2: its name says so: token
  - line 3: curl sends it as a password
  - mounted for the RUN on line 3

</details>

<details><summary><code>b.Dockerfile</code></summary>

- `B_TOKEN`: refused, likely
  - line 2: its name says so: token

</details>

<details><summary><code>c.Dockerfile</code></summary>

- `C_TOKEN`: reported, certain
  - line 2: its name says so: token
  - line 2: its value has the form of a credential

</details>
"""


def test_the_body(tmp_path: Path) -> None:
    grow(tmp_path, TREE)
    assert markdown.dumps(report_of(tmp_path)) == BODY


def test_after_writing_it_speaks_of_what_was_done(tmp_path: Path) -> None:
    grow(tmp_path, TREE)
    text = markdown.dumps(report_of(tmp_path, "--write"))
    assert "| secrets rewritten | callers moved |" in text
    assert "### Moved to build secrets" in text


def test_nothing_to_say() -> None:
    page = check(markdown.dumps(Report(clean=("Dockerfile",))))
    assert page.elements == {"table", "thead", "tbody", "tr", "th", "td"}


def test_a_caller_that_somebody_has_to_change_is_a_task(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE, "build.sh": f"sudo {BUILD}"})
    text = markdown.dumps(report_of(tmp_path))
    assert "- [ ] `build.sh:1` has to be changed by hand for `API_TOKEN`: `sudo --preserve-env=API_TOKEN …" in text


def test_a_command_that_only_a_shell_understands_is_shown_as_it_is_typed(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE, "build.sh": BUILD.replace(" .", ' -t "app:$TAG" .')})
    assert '```sh\ndocker build --secret id=API_TOKEN -t "app:$TAG" .\n```' in markdown.dumps(report_of(tmp_path))


def test_evidence_against_it_and_notes_are_there(tmp_path: Path) -> None:
    text = "FROM alpine\nARG DB_PASSWORD\nENV DB_PASSWORD=$DB_PASSWORD\nWORKDIR /srv/$DB_PASSWORD\nRUN make\nRUN make b\n"
    grow(tmp_path, {"a.Dockerfile": text, "b.Dockerfile": "FROM alpine\nARG API_TOKEN\nRUN ./a\nRUN ./b\n"})
    said = markdown.dumps(report_of(tmp_path, "--secret", "API_TOKEN", "--show", "possible"))
    assert "(against it)" in said
    assert "  - mounted for the RUNs on lines 3, 4\n" in said


HOSTILE = {
    "a pipe": "a|b",
    "backticks": "a`b``c",
    "only a backtick": "`",
    "HTML": "<img src=x>&amp;",
    "a closing element": "</code></summary><b>",
    "a mention": "@octocat",
    "an issue": "#123",
    "an issue elsewhere": "octocat/hello#1",
    "a commit": "deadbeefcafe",
    "a link": "[a](b)",
    "an address": "https:example.com",
    "emphasis": "**a** _b_ ~~c~~",
    "a newline": "a\n\n# b",
    "a carriage return": "a\r\rb",
    "blanks at the ends": " a ",
    "a backslash and a pipe": "a\\|b",
    "an emoji's name": ":tada:",
    "not UTF-8": "caf\udce9",
    "a comment": "<!--",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_name_is_a_name(tmp_path: Path, name: str) -> None:
    """In the table, in lists, in the line of the evidence, and in the message of an error."""
    grow(tmp_path, {f"{name}/Dockerfile": DOCKERFILE, f"{name}/build.sh": f"sudo {BUILD}", f"{name}/b.Dockerfile": DOCKERFILE})
    report = report_of(tmp_path)
    problem = Problem(f"{name}/Dockerfile", 3, f"{name} is {name}, which (see {name}).")
    page = check(markdown.dumps(replace(report, problems=(problem,))))
    shown = f"{name}/Dockerfile".replace("\n", "\\n").replace("\r", "\\r").replace("\udce9", "\\udce9")
    assert shown in page.codes
    assert any(each.startswith(f"{shown}:") for each in page.codes)


TEXTS = st.text(st.sampled_from("ab1 @#/`|\\<>&*_~[]()!:.-\n\r\tü=+"), min_size=1, max_size=30)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_is_shown_as_it_is(text: str) -> None:
    shown = re.sub(r"[\n\r\t]", lambda match: repr(match[0])[1:-1], text)
    assert Page(f"x {code(text)} y").codes == [shown]
    table = Page(f"| a | b |\n| - | - |\n| {cell(code(text))} | c |\n")
    assert table.codes == [shown]
    assert Page(f"<details><summary><code>{in_html(text)}</code></summary>\n\na\n\n</details>").codes == [shown]


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_sentence_is_nothing_but_text(text: str) -> None:
    page = check(f"- it is {prose(text)}")
    assert page.elements <= {"ul", "li", "code"}
    unseen = re.compile(r"\\[nrt]|[\s`]")
    assert unseen.sub("", page.text) == "itis" + unseen.sub("", text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab`~\n "), max_size=30))
def test_any_command_is_one_block(text: str) -> None:
    (shown,) = Page(block(text, "sh")).codes
    assert shown == f"{text}\n"


def test_what_does_not_fit_is_counted(tmp_path: Path) -> None:
    """Whole rows and whole Dockerfiles, from the end; each section has something."""
    grow(tmp_path, {"Dockerfile": DOCKERFILE, "b.Dockerfile": TREE["b.Dockerfile"]})
    moved, refused = report_of(tmp_path).dockerfiles
    files = tuple(replace(file, path=f"{'x' * 40}/{number}/Dockerfile") for number in range(2_000) for file in (moved, refused))
    text = markdown.dumps(Report(files))
    page = check(text)
    assert len(text) > 40_000
    rows = text.count("\n| `x")
    counts = [int(count) for count in re.findall(r"^… and (\d+) more\.$", text, re.MULTILINE)]
    assert counts[0] == 2_000 - rows
    assert counts[-1] == 2_000 - text.count("<details>")
    assert text.count("<details>") == text.count("</details>") > 0
    assert [title in page.text for title in ("When you merge", "Build commands", "What stays", "Left behind")] == [True] * 4


def test_an_item_that_is_too_long_is_left_out(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE})
    (file,) = report_of(tmp_path).dockerfiles
    page = check(markdown.dumps(Report((replace(file, path="x" * 70_000),))))
    assert "… and 1 more." in page.text
