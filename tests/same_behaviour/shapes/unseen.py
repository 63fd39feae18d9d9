"""Readers without a `$`: a tool that knows the name, a script, an inline program, or nobody that can be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .shape import Shape

HEAD = "FROM alpine\nARG MY_SECRET\n"
IN_A_SCRIPT = {"MY_SECRET": ("build.js:3",)}


def tool(variable: str, command: str, *, above: str = "", style: str = "file") -> Shape:
    """A tool that is documented to read the variable, or whose settings mention it."""
    text = f"FROM node\nARG {variable}\n{above}RUN {command}\n"
    name = f"tool, {' '.join((above + command).split())} [{variable}]" + (", --style env" if style == "env" else "")
    return Shape(name, text, moved=frozenset({variable}), forced=(variable,), optional=None, style=style)


def unseen(
    name: str,
    lines: str,
    *,
    head: str = HEAD,
    optional: bool | None = True,
    mentions: Mapping[str, Sequence[str]] | None = None,
    style: str = "file",
) -> Shape:
    """Nobody in the file says that it is read."""
    forced = ("MY_SECRET",) if "MY_SECRET=" in head else ()
    return Shape(f"unseen, {name}", head + lines, optional=optional, forced=forced, mentions=mentions or {}, style=style)


TOOLS = (
    tool("NPM_TOKEN", "npm ci", above="COPY .npmrc .\n"),
    tool("NODE_AUTH_TOKEN", "yarn install --frozen-lockfile"),
    tool("NODE_AUTH_TOKEN", "prepare && pnpm install; fail3"),
    tool("PIP_EXTRA_INDEX_URL", "pip install -r requirements.txt"),
    tool("UV_INDEX_PASSWORD", "uv sync"),
    tool("POETRY_HTTP_BASIC_PRIVATE_PASSWORD", "poetry install || rollback"),
    tool("BUNDLE_GITHUB__COM", "bundle install"),
    tool("COMPOSER_AUTH", "composer install --no-dev"),
    tool("CARGO_REGISTRIES_OWN_TOKEN", "cargo build --release"),
    tool("GH_TOKEN", "gh release download v1"),
    tool("GITLAB_TOKEN", "glab release list > list"),
    tool("AWS_SECRET_ACCESS_KEY", "aws s3 cp x y"),
    tool("SENTRY_AUTH_TOKEN", "sentry-cli releases new 1"),
    tool("TF_TOKEN_app", "terraform init"),
    tool("VAULT_TOKEN", "vault kv get x | tee key"),
    tool("PGPASSWORD", "psql -c 'select 1'"),
    tool("HF_TOKEN", "hf download x"),
    tool("GH_TOKEN", "gh api x", above="USER app\n"),
    tool("GH_TOKEN", "<<EOF\nset -e\ngh release list\nEOF"),
    tool("NODE_AUTH_TOKEN", "npm ci", style="env"),
)

SHAPES: tuple[Shape, ...] = (
    *TOOLS,
    unseen("a script that mentions it", "COPY . .\nRUN node build.js\n", mentions=IN_A_SCRIPT, optional=None),
    unseen(
        "a script that mentions it, beside a visible use",
        'COPY . .\nRUN curl "$MY_SECRET"\nRUN node build.js\n',
        mentions=IN_A_SCRIPT,
        optional=None,
    ),
    unseen(
        "a script that mentions it, and make", "COPY . .\nRUN make release; fail3\n", mentions={"MY_SECRET": ("Makefile:9",)}, optional=None
    ),
    unseen("an inline program", "RUN node -e 'console.log(process.env.MY_SECRET)'\n", optional=None),
    unseen("an inline program, python", "RUN python3 -c \"import os; print(os.environ['MY_SECRET'])\"\n", optional=None),
    unseen("an inner shell", "RUN prepare; sh -c 'deploy \"$MY_SECRET\"' || fail2\n", optional=None),
    unseen("envsubst with a list", "RUN printf 'k=$MY_SECRET' > t && envsubst '$MY_SECRET' < t > conf\n", optional=None),
    unseen("a text for a later RUN", "RUN echo 'deploy \"$MY_SECRET\"' > build\nRUN sh build\n", optional=None),
    unseen("one RUN", "RUN deploy --now\n"),
    unseen("and-list", "RUN mkdir d && deploy --now && fail2\n"),
    unseen("or", "RUN fail1 || deploy --now\n"),
    unseen("several RUNs", "RUN prepare\nRUN mkdir d\nRUN deploy --now; fail3\n"),
    unseen("several lines", "RUN prepare \\\n    && deploy --now \\\n    && tidy\n"),
    unseen("a heredoc", "RUN <<EOF\nset -e\nprepare\ndeploy --now\nEOF\n"),
    unseen("a heredoc that is fed", "RUN bash <<'EOF'\ndeploy --now\nEOF\n"),
    unseen("a heredoc for python", "RUN <<EOF\n#!/usr/bin/env python3\nimport build\nEOF\n"),
    unseen("exec form", 'RUN ["deploy", "--now"]\n'),
    unseen("forms of all kinds", 'RUN deploy a\nRUN ["deploy", "b"]\nRUN <<EOF\ndeploy c\nEOF\nRUN chmod 700 .\n'),
    unseen("under -x", 'SHELL ["/bin/bash", "-exc"]\nRUN deploy --now\n'),
    unseen("under set -x", "RUN set -ex; deploy --now; tidy\n"),
    unseen("a numeric user", "USER 1000\nRUN deploy --now > mine\n"),
    unseen("a named user", "USER app\nRUN prepare; deploy --now\n"),
    unseen("a default", "RUN deploy --now\n", head="FROM alpine\nARG MY_SECRET=none\n"),
    unseen("a default, several RUNs", "RUN prepare\nRUN deploy --now || fail2\n", head="FROM alpine\nARG MY_SECRET=none\n"),
    unseen("--style env", "RUN prepare; deploy --now\n", style="env"),
    unseen("--style env, a default", "RUN deploy --now\n", head="FROM alpine\nARG MY_SECRET=none\n", style="env"),
    unseen("sudo", "RUN sudo -E deploy --now\n"),
    unseen("su", "RUN su app -c 'deploy --now'\n"),
    unseen("a guard and nothing else", 'RUN if [ -n "$MY_SECRET" ]; then deploy --now; fi\nRUN prepare\n'),
)
