"""Each reason to refuse at length: the one source of `dockerfix explain` and of docs/refusals.md."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from codemod.refusal import ALLOWABLE, HINTS, Reason

PAGE_WIDTH = 140
INTRODUCTION = (
    "A refusal says that a secret stays where it is, and why. Nothing about that secret changes then, not even the half that could; other "
    "secrets of the file are moved as usual. Each reason below has the shortest Dockerfile that gives it, why it is one, and what to do. "
    "In a terminal, `dockerfix explain REASON` says the same."
)
CODE_SPAN = re.compile(r"`[^`]+`")


WGET = """\
FROM alpine
ARG API_TOKEN
RUN wget "https://ci:$API_TOKEN@example.com/f"
"""


@dataclass(frozen=True, slots=True)
class Explanation:
    """`meaning` is a line, `why` and `by_hand` are paragraphs; the reason's hint stands before `by_hand`, and not here.

    `example` is the shortest Dockerfile that is refused, with `options` where it takes any and `others` beside it, files by their
    paths. `after` is what it becomes by hand.
    """

    meaning: str
    why: str
    by_hand: str = ""
    example: str = ""
    options: str = ""
    after: str = ""
    others: tuple[tuple[str, str], ...] = ()


EXPLANATIONS = {
    Reason.USED_BY_INSTRUCTION: Explanation(
        "The builder itself expands the secret.",
        why="FROM, COPY, ADD, LABEL, WORKDIR, USER, EXPOSE, VOLUME, STOPSIGNAL, the options of a RUN and the body of a COPY heredoc are "
        "expanded before anything runs; secret mounts are for RUN alone, so none reaches the builder. In a LABEL or a path the value is "
        "part of the image as well.",
        by_hand="Fetch in a RUN what ADD or COPY fetches. For a private git repository, `ADD` and `--secret id=GIT_AUTH_TOKEN` do it "
        "without a token in the URL.",
        example="""\
FROM alpine
ARG API_TOKEN
ADD https://ci:$API_TOKEN@example.com/f /f
""",
        after="""\
FROM alpine
RUN --mount=type=secret,id=API_TOKEN,required=true \\
    wget -O /f "https://ci:$(cat /run/secrets/API_TOKEN)@example.com/f"
""",
    ),
    Reason.ONBUILD: Explanation(
        "A trigger for another build has the secret.",
        why="BuildKit stores the trigger's text in the image and runs it in the build of an image that is FROM this one, with that "
        "build's args and secrets. Only the people who build it can pass them, so they have to know first.",
        by_hand="Then tell those who build on your image to pass `--secret id=API_TOKEN`.",
        example="""\
FROM alpine
ARG API_TOKEN
ONBUILD RUN wget "https://ci:$API_TOKEN@example.com/f"
""",
        after="""\
FROM alpine
ONBUILD RUN --mount=type=secret,id=API_TOKEN,required=true \\
    wget "https://ci:$(cat /run/secrets/API_TOKEN)@example.com/f"
""",
    ),
    Reason.WINDOWS: Explanation(
        "A stage of a Windows image has the secret.",
        why="BuildKit up to 0.32 fails on a secret mount in a Windows container. Later ones need a `target=`. And the commands are no "
        "sh, so nothing that we could write in front of them would read the file.",
        by_hand="That is `RUN --mount=type=secret,id=FEED_TOKEN,target=C:\\feed-token …`, with the file read in the command's own "
        "language.",
        example="""\
FROM python:3-windowsservercore
ARG FEED_TOKEN
RUN nuget.exe install tool -Token %FEED_TOKEN%
""",
    ),
    Reason.RUNTIME_ENVIRONMENT: Explanation(
        "An ENV copies it into the running container.",
        why="An ENV of the last stage, or of a stage that it is FROM, is part of the image's configuration: `docker inspect` shows it, "
        "and every container has it. A mount is there for one RUN and leaves nothing behind, so a container that needs the value would "
        "be without it, and no Dockerfile says whether it does. A credential that serves the build alone, such as a package registry's "
        "or a git host's, is moved without asking.",
        by_hand="Allowed, the ENV goes, and the RUNs that read the secret get the mount.",
        example="""\
FROM alpine
ARG DB_PASSWORD
ENV DB_PASSWORD=$DB_PASSWORD
""",
    ),
    Reason.DEFAULT_NEEDS_SHELL: Explanation(
        "A default has to be chosen; no shell is there.",
        why="A RUN that has a default for a missing secret goes on without it. In exec form no shell runs, so the variable has to come "
        "from the mount itself, by `env=`. Where the secret is not passed, BuildKit sets that variable to the empty text: it is not "
        "unset, and the default of the ARG is not in it. The command would get another value than before. So it is with `--style env` "
        "where the RUN tells an unset variable from an empty one, as `${API_TOKEN-x}` and `[ -v API_TOKEN ]` do; `${API_TOKEN:-x}` does "
        "not.",
        by_hand="Under `--style env`, leave that option out, or test for an empty value.",
        example="""\
FROM alpine
ARG API_TOKEN=dev-value
RUN ["./fetch", "--all"]
""",
        after="""\
FROM alpine
RUN --mount=type=secret,id=API_TOKEN,env=API_TOKEN \\
    API_TOKEN="${API_TOKEN:-dev-value}" ./fetch --all
""",
    ),
    Reason.FRONTEND_TOO_OLD: Explanation(
        "The frontend is too old for the mount it takes.",
        why="The frontend is the program that reads the file. Secret mounts came with its version 1.2; those that set a variable, by "
        "`env=`, with 1.10 (Docker 27.3). `env=` is the only way where no sh reads the RUN: in exec form, under the shebang of another "
        "interpreter, or a SHELL that is no sh. A plain `# syntax=docker/dockerfile:1.4` is raised to `:1` where it has to be. A "
        "digest, a mirror and `--frontend` are somebody's decision, and stay.",
        example="""\
FROM alpine
ARG API_TOKEN
RUN ["./fetch", "--all"]
""",
        options="--frontend 1.4",
        after="""\
FROM alpine
RUN --mount=type=secret,id=API_TOKEN,required=true \\
    API_TOKEN="$(cat /run/secrets/API_TOKEN)" ./fetch --all
""",
    ),
    Reason.FRONTEND_UNKNOWN: Explanation(
        "Nothing says whether the frontend knows mounts.",
        why="The frontend is the program that reads the file; the `# syntax=` of the first lines names its image. This one is no "
        "docker/dockerfile, or it has a digest without a version.",
        by_hand="Where that image knows secret mounts, write the first one yourself: a file that has one is not refused.",
        example="""\
# syntax=example/frontend:2
FROM alpine
ARG API_TOKEN
RUN curl -u "ci:$API_TOKEN" https://example.com
""",
    ),
    Reason.SHELL_NOT_UNDERSTOOD: Explanation(
        "The text of the RUN is no sh or bash.",
        why="What a command does with the secret decides how it gets it: exported or not, required or not, before which statement. "
        "BuildKit hands the text to a shell without reading it, so a text that only another shell understands, or none, tells us "
        "nothing.",
        example="""\
FROM alpine
SHELL ["/bin/zsh", "-c"]
ARG API_TOKEN
RUN for f (a b) wget "https://ci:$API_TOKEN@example.com/$f"
""",
        after="""\
FROM alpine
SHELL ["/bin/zsh", "-c"]
RUN --mount=type=secret,id=API_TOKEN,required=true \\
    for f (a b) wget "https://ci:$(cat /run/secrets/API_TOKEN)@example.com/$f"
""",
    ),
    Reason.NAME_NOT_A_VARIABLE: Explanation(
        "No shell can read a variable of this name.",
        why="BuildKit takes any name for a build arg and puts it into the environment as it is. No sh can set such a variable, so "
        "nothing that we could write in front of the command would be the same.",
        by_hand="The callers pass it by the new name then.",
        example="""\
FROM alpine
ARG API-TOKEN
RUN make
""",
    ),
    Reason.DERIVED_VALUE_TOO_COMPLEX: Explanation(
        "A build arg is made from it, but sh could not.",
        why="A build arg that is made from a secret holds it too, so it becomes a variable of the RUN that needs it. That can be done "
        "where sh makes the same value as BuildKit: `${X}`, `${X:-default}`, `${X:+other}`, of things that are still what they were "
        "when the RUN starts.",
        example="""\
FROM alpine
ARG API_TOKEN
ARG URL=https://example.com/${API_TOKEN%%-*}
RUN wget "$URL"
""",
        after="""\
FROM alpine
RUN --mount=type=secret,id=API_TOKEN,required=true \\
    API_TOKEN="$(cat /run/secrets/API_TOKEN)" \\
    && wget "https://example.com/${API_TOKEN%%-*}"
""",
    ),
    Reason.CALLER_CANNOT_PASS_SECRETS: Explanation(
        "Somebody builds it with what has no secrets.",
        why="The classic builder, the Engine's API behind docker-py, Google's kaniko and some platforms have no secret mounts: they "
        "stop at `RUN --mount`, or run it without the secret. Whatever other callers can do, the Dockerfile stays as that one needs it.",
        by_hand="The explanation of the refused call says which.",
        example=WGET,
        others=(("build.sh", 'DOCKER_BUILDKIT=0 docker build --build-arg API_TOKEN="$API_TOKEN" .\n'),),
    ),
    Reason.CALLER_NOT_REWRITTEN: Explanation(
        "Only a person can change how it is passed.",
        why="A caller that goes on to pass the build arg builds without the secret, and its value is still recorded. Where its form "
        "cannot be rewritten safely, the report has its line and the text to put there.",
        example=WGET,
        others=(("build.sh", 'sudo docker build --build-arg API_TOKEN="$API_TOKEN" .\n'),),
    ),
    Reason.SHARED_CALL: Explanation(
        "Its call builds a file as well where it stays.",
        why="The call would have to pass the secret to the one and the build arg to the other. It would pass both to both, and the value "
        "would be recorded as before.",
        example=WGET,
        others=(
            ("base/Dockerfile", "FROM alpine\nARG API_TOKEN\nLABEL token=$API_TOKEN\n"),
            ("build.sh", 'docker build -f "$1" --build-arg API_TOKEN="$API_TOKEN" .\n'),
        ),
    ),
    Reason.LITERAL_CREDENTIAL: Explanation(
        "The value of a credential stands in the file.",
        why="Everyone who has the repository or the image has it, and no mount can mend that.",
        by_hand="Where it is no credential after all, `--not-secret API_TOKEN` says so.",
        example="""\
FROM alpine
ENV API_TOKEN=canary-0123456789
""",
    ),
    Reason.CHECK_FAILED: Explanation(
        "What was to be printed is wrong: a bug of ours.",
        why="What is to be printed is read back first. It did not parse, a line changed that was not planned, or a second run would change "
        "it again. That is never the file's fault, which is why there is no example.",
        by_hand="Leave the secret itself out of the report.",
    ),
}


def page() -> str:
    """docs/refusals.md."""
    allowed = ", ".join(f"`{reason.value}`" for reason in ALLOWABLE)
    head = (
        "# Refusals",
        "<!-- made of codemod/explanations.py: `make cases` writes it -->",
        INTRODUCTION,
        f"`--allow REASON` goes on where the reason asks for your judgement: {allowed}.",
    )
    sections = (part for reason in EXPLANATIONS for part in (f"## {reason.value}", *_spelled(reason, _MARKDOWN)))
    return "\n\n".join((*(_wrapped(part, PAGE_WIDTH) for part in head), *sections)) + "\n"


def explain(reason: Reason, width: int) -> str:
    """The same about one reason for a terminal that is `width` wide."""
    terminal = _Form(lambda code: textwrap.indent(code.rstrip("\n"), "    "), width)
    return "\n\n".join((reason.value, *_spelled(reason, terminal))) + "\n"


class _Form(NamedTuple):
    """How an example is set off, and how wide a paragraph is."""

    block: Callable[[str], str]
    width: int


_MARKDOWN = _Form(lambda code: f"```dockerfile\n{code}```", PAGE_WIDTH)


def _spelled(reason: Reason, form: _Form) -> Iterator[str]:
    said = EXPLANATIONS[reason]
    yield _wrapped(said.meaning, form.width)
    if said.options:
        yield _wrapped(f"With `{said.options}`:", form.width)
    if said.example:
        yield form.block(said.example)
    for path, text in said.others:
        yield f"and `{path}`:"
        yield form.block(text)
    yield _wrapped(said.why, form.width)
    yield _wrapped(f"{HINTS[reason]} {said.by_hand}", form.width)
    if said.after:
        yield "By hand:"
        yield form.block(said.after)


def _wrapped(text: str, width: int) -> str:
    """`text` in lines; what stands in backticks stays whole."""
    kept = CODE_SPAN.sub(lambda match: match[0].replace(" ", "\0"), text)
    return textwrap.fill(kept, width, break_long_words=False, break_on_hyphens=False).replace("\0", " ")
