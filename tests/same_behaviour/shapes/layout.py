"""How the lines are laid out: the shell must get the text that BuildKit joined before."""

from __future__ import annotations

from .shape import Shape

HEAD = "FROM alpine\nARG MY_SECRET\n"


def lines(name: str, text: str, *, optional: bool | None = False) -> Shape:
    """A RUN over several lines."""
    return Shape(name, HEAD + text, optional=optional)


SHAPES: tuple[Shape, ...] = (
    lines("and at the head of the line", 'RUN prepare \\\n    && deploy "$MY_SECRET" \\\n    && tidy\n'),
    lines("and at the end of the line", 'RUN prepare && \\\n    deploy "$MY_SECRET" && \\\n    tidy\n'),
    lines("semicolon at the end of the line", 'RUN prepare; \\\n    deploy "$MY_SECRET"; \\\n    fail2\n'),
    lines("set -e, semicolons", 'RUN set -eux; \\\n\tdeploy "$MY_SECRET"; \\\n\tfail2; \\\n\ttouch never\n'),
    lines("or at the head of the line", 'RUN fail1 "$MY_SECRET" \\\n    || deploy "$MY_SECRET"\n'),
    lines("pipe at the head of the line", 'RUN printf %s "$MY_SECRET" \\\n  | load \\\n  && tidy\n'),
    lines("tabs", 'RUN\tprepare \\\n\t\t&& deploy "$MY_SECRET" \\\n\t\t&& tidy\n'),
    lines("no indentation", 'RUN prepare && \\\ndeploy "$MY_SECRET" && \\\ntidy\n'),
    lines("odd indentation", 'RUN   prepare   &&  \\\n  deploy "$MY_SECRET"   \\\n        &&tidy  \n'),
    lines("command on the continuation line", 'RUN \\\n    deploy "$MY_SECRET" \\\n    && tidy\n'),
    lines("comment, then the command", 'RUN \\\n    # first\n    deploy "$MY_SECRET" \\\n    # then\n    && tidy\n'),
    lines("comments between", 'RUN prepare && \\\n# why\n    deploy "$MY_SECRET" && \\\n    # because\n    tidy\n'),
    lines("comment that ends in a backslash", 'RUN prepare && \\\n    # why \\\n    deploy "$MY_SECRET"\n'),
    lines("blank lines between", 'RUN prepare && \\\n\n    deploy "$MY_SECRET" && \\\n\n\n    tidy\n'),
    lines("comments at the end", 'RUN prepare && \\\n    deploy "$MY_SECRET" \\\n    # the end\n\n'),
    lines("continuation that swallows the next RUN", 'RUN deploy "$MY_SECRET" \\\n    # the end\n\nRUN true\n'),
    lines("blanks after the backslash", 'RUN prepare && \\  \n    deploy "$MY_SECRET" \\ \t\n    && tidy\n'),
    lines("word split by a continuation", 'RUN dep\\\nloy "$MY_SEC\\\nRET" && \\\ntidy\n'),
    lines("quotes over several lines", 'RUN printf "machine h \\\n    login me \\\n    password $MY_SECRET" > netrc\n'),
    lines(
        "printf with line ends in quotes",
        'RUN printf "#!/bin/sh\\n\\\n    echo \\"user\\"\\n\\\n    echo \'$MY_SECRET\'\\n" > askpass && \\\n    chmod 700 askpass\n',
    ),
    lines(
        "if over several lines",
        'RUN if [ -n "$MY_SECRET" ]; then \\\n        deploy "$MY_SECRET"; \\\n    else \\\n        touch none; \\\n    fi\n',
        optional=True,
    ),
    lines("subshell over several lines", 'RUN ( \\\n      deploy "$MY_SECRET" \\\n    ) && \\\n    tidy\n'),
    lines("ends in a continuation", 'RUN deploy "$MY_SECRET" && \\\n    tidy \\\n'),
    lines("no final newline", 'RUN deploy "$MY_SECRET"'),
    lines("no final newline, several lines", 'RUN prepare && \\\n    deploy "$MY_SECRET"'),
    lines("network flag", 'RUN --network=none deploy "$MY_SECRET"\n'),
    lines("cache mount", 'RUN --mount=type=cache,target=/x deploy "$MY_SECRET" || rollback\n'),
    lines(
        "flags on their own lines",
        'RUN --mount=type=cache,target=/x \\\n    --network=none \\\n    prepare && \\\n    deploy "$MY_SECRET"\n',
    ),
    lines("flags and a statement", 'RUN --mount=type=cache,target=/x \\\n    set -e; \\\n    deploy "$MY_SECRET"; \\\n    tidy\n'),
    lines("end of flags", 'RUN --network=none -- deploy "$MY_SECRET"\n'),
    lines("test that looks like exec form", 'RUN [ -d /run ] && deploy "$MY_SECRET"\n', optional=True),
    lines("several RUNs", 'RUN deploy "$MY_SECRET"\n\nRUN curl "$MY_SECRET" \\\n  ; tidy\n\nRUN echo "$MY_SECRET"\n'),
    lines("mixed layout", 'RUN prepare && deploy "$MY_SECRET" \\\n && tidy; \\\n fail3 || rollback && \\\n tidy\n'),
    Shape("lower case", 'from alpine\narg MY_SECRET\nrun deploy "$MY_SECRET" && \\\n    tidy\n'),
    Shape("mixed case", 'From alpine\nArg MY_SECRET\nRun deploy "$MY_SECRET"; tidy\n'),
    Shape("indented instructions", 'FROM alpine\n  ARG MY_SECRET\n  RUN prepare && \\\n      deploy "$MY_SECRET"\n'),
    Shape("CRLF", (HEAD + 'RUN prepare && \\\n    deploy "$MY_SECRET" && \\\n    tidy\n').replace("\n", "\r\n")),
    Shape("CRLF with a statement", (HEAD + 'RUN prepare; \\\n    deploy "$MY_SECRET" || \\\n    tidy\n').replace("\n", "\r\n")),
    Shape("byte order mark", "\ufeff" + HEAD + 'RUN deploy "$MY_SECRET"\n'),
    Shape("backtick as escape", "# escape=`\n" + HEAD + 'RUN prepare && `\n    deploy "$MY_SECRET" `\n    && tidy\n'),
    Shape("backtick as escape, a statement", "# escape=`\n" + HEAD + 'RUN prepare; `\n    deploy "\\\\$MY_SECRET"; `\n    tidy\n'),
    Shape("syntax directive", "# syntax=docker/dockerfile:1\n" + HEAD + 'RUN deploy "$MY_SECRET"\n'),
    Shape("comment above the ARG", 'FROM alpine\n\n# The secret.\nARG MY_SECRET\n\nRUN deploy "$MY_SECRET"\n'),
    Shape("whole heredoc", HEAD + 'RUN <<EOF\nset -e\nprepare; deploy "$MY_SECRET"\nfail3\nEOF\n'),
    Shape("heredoc for a command", HEAD + "RUN cat <<EOF > conf\nkey=$MY_SECRET\nEOF\n"),
    Shape("exec form", HEAD + 'RUN ["sh", "-c", "deploy \\"$MY_SECRET\\""]\n'),
)
