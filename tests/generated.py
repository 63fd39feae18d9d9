"""Dockerfiles for hypothesis with secrets in every layout: quotes, continuations, comments, both escapes, newlines, stages, forms."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

SECRETS = ("NPM_TOKEN", "API_KEY", "DB_PASSWORD", "githubToken", "GIT_AUTH_TOKEN", "PASS")
PLAIN = ("VERSION", "NODE_ENV", "TARGETARCH", "APP", "BASE")
ODD = ("MY-TOKEN", "\u00fc_TOKEN", "T.TOKEN", "1TOKEN")
IMAGES = ("alpine:3.20", "node:22", "example.org/base", "scratch", "mcr.microsoft.com/windows/servercore", "$BASE", "x/${BASE:-y}")
# a default that nobody may see again starts with this
MARKER = "zq7w"

# § is the secret's name, ¤ another one
COMMANDS = (
    'curl -u "user:$§" https://x', "curl -u user:$§ https://x", 'echo "${§}"', "echo '$§'", "echo \\$§", 'sh -c "use $§"',
    "sh -c 'use $§'", "npm ci", "make", "./build.sh", "env", "export", "printenv §", "true", ":", "apk add curl", "apt-get update",
    '[ -n "$§" ]', "test -z $§", 'echo "${§:-none}"', "echo ${§+x}", "echo ${#§}", "§=x", "§=x use", "use §",
    'echo "//r/:_authToken=$§" > .npmrc', "rm .npmrc", "cat <<< $§", "git clone https://$§@h/r", "git -c a=b fetch", "set -x", "set -eu",
    "sudo -E use", "exec use", "! use $§", "use $¤", "use \u00e9 $§", "pip install --index-url https://u:$§@h/s p",
    "python -c 'import os; os.environ[\"§\"]'", "unset §", "read §", 'eval "use \\$§"', "docker login -u u --password-stdin",
    "use $§ 2>/dev/null", "use `cat $§`", 'use "$(echo $§)"', "use $((§ + 1))", "use ${§%%x}", "export §", "use $§XX", "use ${§",
    "use 'it", "if", "use \udcff $§", "use %§% $env:§", "use {{ § }}", "§", "$§", "use \"a'$§'b\"", "use $'\\n$§'", "use <(echo $§)",
    "use # $§",
)  # fmt: skip
FRAMES = (
    "@", "@", "@", "@ && @", "@ && @ && @", "@; @", "@ || @", "@ | @", "@ & @", "( @ )", "{ @; }", "if @; then @; fi",
    "for x in a b; do @; done", "@ \n", "# note @", "@ # @", "case $§ in a) @;; esac", "f() { @; }; f", "while @; do break; done", "! @",
    "@ > out", "@ >> out 2>&1", "< in @", "set -e; @", "set -ex && @", "@ &", "A=1 @", "A=1; @", "[[ -n $§ ]] && @", "(( 1 )) && @",
    "time @", "@ |& @",
)  # fmt: skip
FLAGS = (
    "--mount=type=cache,target=/c", "--network=none", "--mount=type=secret,id=§", "--mount=type=secret,id=§,env=§",
    "--mount=type=secret,id=other", "--", "--mount=type=bind,target=/b,source=$§", "--mount=type=secret,id=§,target=/x",
    "--security=insecure", "--mount=type=tmpfs,target=/t",
)  # fmt: skip
COMMENTS = (
    "# a comment", "# § is the token", "# NPM_TOKEN: for the private packages", "# hadolint ignore=DL3044", "#", "# ---- args ----",
    "# dockerfix: ignore=NPM_TOKEN because", "  # indented", "# with \\", "# check=skip=SecretsUsedInArgOrEnv", "# <<EOF", "# \udcff",
)  # fmt: skip
OTHERS = (
    "LABEL a=b", "ENV A=1", "ENV NPM_TOKEN=x", "ENV X=$§", "ENV X=https://$§@h", "WORKDIR /w", "USER node", "USER 1000:1", "USER root",
    "USER $§", "EXPOSE 80", "COPY a b", "COPY $§ b", "ADD https://$§@h/x /x", "LABEL t=$§", 'CMD ["x"]', "CMD echo $§",
    'SHELL ["/bin/bash", "-c"]', 'SHELL ["/bin/bash", "-exc"]', 'SHELL ["powershell"]', "ONBUILD RUN use $§", "ONBUILD ARG §",
    "VOLUME /v", "STOPSIGNAL 9", "HEALTHCHECK NONE", "HEALTHCHECK CMD use $§", "ENTRYPOINT use $§", "MAINTAINER me", "env § v",
    "label x=y", "COPY <<EOF /f\n$§\nEOF", "COPY <<'EOF' /f\n$§\nEOF", "RUN <<EOF\nuse $§\nEOF", "RUN cat <<EOF > f\n$§\nEOF",
    'RUN ["use", "$§"]', "RUN bash <<'EOF'\nuse $§\nEOF", "RUN <<-EOF\n\tset -e\n\tuse $§\n\tEOF", "RUN <<EOF\n#!/bin/sh -e\nuse $§\nEOF",
    "RUN <<EOF\n#!/usr/bin/env python3\nimport os; os.environ['§']\nEOF", 'RUN ["sh", "-c", "use $§"]', "ENV §=${§:-x}", "ENV §=$§ B=1",
    "RUN cat <<A <<'B' | sh\n$§\nA\n$§\nB", 'SHELL ["/usr/bin/python3", "-c"]', "RUN tee f <<EOF | use\n$§\nEOF",
    'ONBUILD RUN ["a"]', "ENV §=v", "ENV A=b §=$§", "run use $§", "Run use", "RUN",
)  # fmt: skip
MADE_FROM = ("=$§", "=${§}", "=https://$§@h", '="a $§ b"', "=${§:-x}", "=${§%x}", "='$§'", "=$§$VERSION")


@dataclass(frozen=True)
class Made:
    """A Dockerfile in parts, so that more can be put between them; `secret` is the name that most of it is about."""

    opening: str
    parts: tuple[str, ...] = field(repr=False)
    newline: str
    ends: bool
    secret: str

    @property
    def text(self) -> str:
        """The whole file."""
        return self.put_together(self.parts)

    def put_together(self, parts: tuple[str, ...]) -> str:
        """The file with these parts instead."""
        text = self.opening + "\n".join(parts) + ("\n" if self.ends else "")
        return text.replace("\n", self.newline)


values = st.builds(
    "{}{}{}".format,
    st.sampled_from(("", "canary-", "ghp_", "https://u:", "v1.", "my-", "/")),
    st.sampled_from((f"{MARKER}abcdefghijklmnopqrstuvwxyz0123", f"{MARKER}1")),
    st.sampled_from(("", "", "$", "\\$x", " b", "'", '"', "@h", "`", "!", "\u00e9")),
)


@st.composite
def quoted(draw: st.DrawFn, value: str) -> str:
    """A word of an ARG, more or less well quoted."""
    form = draw(st.sampled_from(("bare", "single", "double", "double")))
    if form == "single" and "'" not in value:
        return f"'{value}'"
    if form == "double":
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value.replace(" ", "\\ ").replace('"', "").replace("'", "")


@st.composite
def declared(draw: st.DrawFn, secret: str) -> str:
    """One word of an ARG."""
    name = draw(st.sampled_from((secret, secret, secret, *SECRETS[:3], *PLAIN, *ODD[:1])))
    default = draw(st.sampled_from(("none", "none", "none", "empty", "value", "value", "of the secret", "plain")))
    if default == "of the secret":
        return name + draw(st.sampled_from(MADE_FROM)).replace("§", secret)
    if default == "value":
        return f"{name}={draw(quoted(draw(values)))}"
    return name + {"none": "", "empty": "=", "plain": draw(st.sampled_from(("=1", "=latest", "=changeme", '=""')))}[default]


@st.composite
def argument(draw: st.DrawFn, secret: str) -> str:
    """One ARG, of one word or more."""
    words = draw(st.lists(declared(secret), min_size=1, max_size=3))
    ending: str = draw(st.sampled_from(("",) * 8 + ("  ", " # said here", " #")))
    keyword = draw(st.sampled_from(("ARG ", "ARG ", "ARG ", "arg ", "ARG  ", "\tARG ")))
    return keyword + draw(st.sampled_from((" ", " ", "  "))).join(words) + ending


@st.composite
def command(draw: st.DrawFn, secret: str) -> str:
    """The shell text of a RUN."""
    frame = draw(st.sampled_from(FRAMES))
    while "@" in frame:
        frame = frame.replace("@", draw(st.sampled_from(COMMANDS)).replace("@", "\0"), 1)
    other = draw(st.sampled_from(SECRETS))
    return frame.replace("\0", "@").replace("§", secret).replace("¤", other).replace("\n", " ")


@st.composite
def run(draw: st.DrawFn, secret: str) -> str:
    """One RUN in shell form."""
    flags = draw(st.lists(st.sampled_from(FLAGS), max_size=2)) if draw(st.integers(0, 3)) == 0 else []
    parts = (
        draw(st.sampled_from(("RUN", "RUN", "RUN", "run", "  RUN"))),
        *(flag.replace("§", secret) for flag in flags),
        draw(command(secret)),
    )
    return draw(st.sampled_from((" ", " ", " ", "  ", "\t"))).join(parts)


@st.composite
def continued(draw: st.DrawFn, line: str, escape: str) -> str:
    """`line` over several lines, with what may stand between them."""
    if draw(st.integers(0, 2)):
        return line
    at_blanks = [index for index, character in enumerate(line) if character == " " and index]
    between_words = draw(st.booleans())
    places = st.sampled_from(at_blanks) if at_blanks and between_words else st.integers(min(5, len(line)), len(line))
    for cut in sorted(draw(st.lists(places, max_size=3, unique=True)), reverse=True):
        between = draw(st.lists(st.sampled_from(("", "# between", "    # \u00e9 $NPM_TOKEN", "\t")), max_size=2))
        indent = draw(st.sampled_from(("", "    ", "\t", "  ")))
        breaks = escape + draw(st.sampled_from(("", "", "", " "))) + "\n" + "".join(f"{text}\n" for text in between) + indent
        line = line[:cut] + breaks + line[cut:]
    return line


@st.composite
def instruction(draw: st.DrawFn, secret: str, escape: str) -> str:
    """One instruction of a stage, or a comment, or blank lines."""
    kind = draw(st.sampled_from(("ARG", "ARG", "ARG", "RUN", "RUN", "RUN", "RUN", "other", "comment", "blank")))
    if kind == "ARG":
        return draw(continued(draw(argument(secret)), escape))
    if kind == "RUN":
        return draw(continued(draw(run(secret)), escape))
    if kind == "other":
        return draw(st.sampled_from(OTHERS)).replace("§", secret)
    return draw(st.sampled_from(COMMENTS)).replace("§", secret) if kind == "comment" else draw(st.sampled_from(("", "  ", "\n", "\t")))


@st.composite
def stage(draw: st.DrawFn, index: int, secret: str, escape: str) -> tuple[str, ...]:
    """FROM and what follows."""
    base = draw(st.sampled_from((*IMAGES[:3] * 4, *IMAGES, *(f"s{before}" for before in range(index) for _ in range(2)))))
    name = draw(st.sampled_from((f" AS s{index}", f" as S{index}", "")))
    return (f"FROM {base}{name}", *draw(st.lists(instruction(secret, escape), max_size=6)))


@st.composite
def dockerfiles(draw: st.DrawFn) -> Made:
    """A whole file; most of them build."""
    secret = draw(st.sampled_from((*SECRETS * 3, *ODD[:2])))
    escape = draw(st.sampled_from(("\\", "\\", "\\", "`")))
    opening = draw(st.sampled_from(("", "", "", "\ufeff"))) + draw(
        st.sampled_from(("", "", "# syntax=docker/dockerfile:1\n", "# check=error=true\n"))
    )
    opening += f"# escape={escape}\n" if escape == "`" else ""
    head = draw(st.lists(st.one_of(argument(secret), st.sampled_from(("", "# a comment"))), max_size=2))
    stages = [part for index in range(draw(st.sampled_from((1, 1, 2, 3)))) for part in draw(stage(index, secret, escape))]
    return Made(
        opening, (*head, *stages), draw(st.sampled_from(("\n", "\n", "\n", "\r\n"))), draw(st.sampled_from((True, True, False))), secret
    )
