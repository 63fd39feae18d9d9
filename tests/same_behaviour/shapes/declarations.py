"""Where the secret comes from: words of an ARG line, defaults, stages, other variables."""

from __future__ import annotations

from .shape import Shape

TWO = frozenset({"MY_SECRET", "NPM_TOKEN"})


def default(name: str, written: str, *, before: str = "", command: str = 'deploy "$MY_SECRET"') -> Shape:
    """An ARG with a default, which speaks against a secret: the user says that it is one."""
    text = f"FROM alpine\n{before}ARG MY_SECRET={written}\nRUN {command}\n"
    return Shape(name, text, optional=True, forced=("MY_SECRET",))


SHAPES: tuple[Shape, ...] = (
    Shape(
        "two secrets in one RUN",
        'FROM alpine\nARG MY_SECRET\nARG NPM_TOKEN\nRUN deploy "$MY_SECRET" "$NPM_TOKEN"\n',
        moved=TWO,
    ),
    Shape(
        "two secrets in one RUN of quiet commands",
        'FROM alpine\nARG MY_SECRET\nARG NPM_TOKEN\nRUN curl "$MY_SECRET" "$NPM_TOKEN" || curl "$NPM_TOKEN"\n',
        moved=TWO,
    ),
    Shape(
        "two secrets on one ARG line",
        'FROM alpine\nARG MY_SECRET NPM_TOKEN\nRUN deploy "$MY_SECRET"; deploy "$NPM_TOKEN"\n',
        moved=TWO,
    ),
    Shape(
        "two secrets, each for its RUN",
        'FROM alpine\nARG MY_SECRET NPM_TOKEN\nRUN curl "$MY_SECRET"\nRUN curl "$NPM_TOKEN"\n',
        moved=TWO,
    ),
    Shape(
        "three secrets",
        'FROM alpine\nARG MY_SECRET\nARG NPM_TOKEN\nARG DB_PASSWORD\nRUN deploy "$DB_PASSWORD" "$NPM_TOKEN" && curl "$MY_SECRET"\n',
        moved=TWO | {"DB_PASSWORD"},
    ),
    Shape(
        "secret and another word on one ARG line",
        'FROM alpine\nARG MY_SECRET VERSION=1.2\nRUN deploy "$VERSION" "$MY_SECRET"\n',
    ),
    Shape(
        "secret between other words",
        'FROM alpine\nARG VERSION=1.2 MY_SECRET NAME="a b"\nRUN deploy "$VERSION" "$MY_SECRET" "$NAME"\n',
    ),
    Shape(
        "ARG over several lines",
        'FROM alpine\nARG VERSION=1.2 \\\n    # the key\n    MY_SECRET \\\n    NAME=x\nRUN deploy "$VERSION$NAME" "$MY_SECRET"\n',
    ),
    default("default", "none"),
    default("default for a quiet command", "none", command='curl "$MY_SECRET"'),
    default("default, semicolons", "none", command='curl "$MY_SECRET"; fail3 || deploy'),
    default("default and expansion default", "none", command='deploy "${MY_SECRET:-other}"'),
    default("default, empty", ""),
    default("default, empty quotes", '""'),
    default("default, empty, if unset", "", command='deploy "${MY_SECRET-unset}"'),
    default("default with blanks", '"two  words"'),
    default("default with single quotes inside", "\"it's 'quoted'\""),
    default("default in single quotes", "'$HOME \"and\" `more` \\n'"),
    default("default with escaped blanks", "two\\ words\\$x"),
    default("default with backslashes", '"a\\\\b\\n \\"q\\""'),
    default("default with a glob", "*"),
    default("default from another ARG", "$OTHER/key", before="ARG OTHER=o\n"),
    default("default from another ARG, quoted", "\"${OTHER} 'and' more\"", before='ARG OTHER="o \\"x\\" $y"\n'),
    default("default from another ARG's default", '"${OTHER:-none}"', before="ARG OTHER\n"),
    Shape(
        "default from another ARG that is passed",
        'FROM alpine\nARG OTHER=o\nARG MY_SECRET=$OTHER/key\nRUN deploy "$MY_SECRET"\n',
        optional=True,
        forced=("MY_SECRET",),
        args={"OTHER": 'it\'s "passed" $x'},
    ),
    Shape(
        "default from another ARG that changes later",
        'FROM alpine\nARG OTHER=o\nARG MY_SECRET=$OTHER/key\nENV OTHER=late\nRUN deploy "$MY_SECRET"\n',
        forced=("MY_SECRET",),
        refused=True,
    ),
    default("default from an ENV", '"$OTHER"', before="ENV OTHER=e\n"),
    Shape(
        "default that is a credential",
        'FROM alpine\nARG NPM_TOKEN=npm_Zk3vT9qLw2XsY7bNc5RfD8gHj4KmP6aVe1Qu\nRUN deploy "$NPM_TOKEN"\n',
        moved=frozenset({"NPM_TOKEN"}),
        optional=None,
        without_default=frozenset({"NPM_TOKEN"}),
    ),
    Shape(
        "global ARG, two stages",
        'FROM alpine AS one\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n'
        'FROM alpine\nARG MY_SECRET\nCOPY --from=one /x /x\nRUN curl "$MY_SECRET"\n',
    ),
    Shape(
        "global ARG with a default",
        'ARG MY_SECRET=none\nFROM alpine AS one\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n'
        'FROM alpine\nARG MY_SECRET\nRUN curl "$MY_SECRET"\n',
        optional=True,
        forced=("MY_SECRET",),
    ),
    Shape(
        "global ARG, another default in the stage",
        'ARG MY_SECRET=global\nFROM alpine\nARG MY_SECRET=stage\nRUN deploy "$MY_SECRET"\n',
        optional=True,
        forced=("MY_SECRET",),
    ),
    Shape(
        "global ARG that a stage does not take",
        'ARG MY_SECRET\nFROM alpine AS one\nRUN echo "${MY_SECRET-unset}"\nFROM alpine\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n',
        optional=None,
    ),
    Shape(
        "stage that inherits",
        'FROM alpine AS base\nARG MY_SECRET\nRUN curl "$MY_SECRET"\nFROM base\nRUN deploy "$MY_SECRET"\n',
    ),
    Shape(
        "stage that inherits and declares again",
        'FROM alpine AS base\nARG MY_SECRET\nRUN curl "$MY_SECRET"\nFROM base\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n',
    ),
    Shape(
        "stage that inherits a default",
        'FROM alpine AS base\nARG MY_SECRET=none\nFROM base\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n',
        optional=True,
        forced=("MY_SECRET",),
    ),
    Shape(
        "declared again with another default",
        'FROM alpine\nARG MY_SECRET=one\nRUN deploy "$MY_SECRET"\nARG MY_SECRET=two\nRUN deploy "$MY_SECRET"\n',
        optional=True,
        forced=("MY_SECRET",),
    ),
    Shape(
        "declared twice",
        'FROM alpine\nARG MY_SECRET\nRUN curl "$MY_SECRET"\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n',
    ),
    Shape(
        "used before it is declared",
        'FROM alpine\nRUN echo "${MY_SECRET-unset}"\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n',
        optional=None,
    ),
    Shape(
        "used in a stage that does not declare it",
        'FROM alpine AS one\nRUN echo "${MY_SECRET-unset}"\nFROM alpine\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n',
        optional=None,
    ),
    Shape(
        "RUNs that do not use it",
        'FROM alpine\nARG MY_SECRET\nRUN mkdir d\nRUN deploy "$MY_SECRET" > d/log\nRUN rm -r d && echo done\n',
    ),
    Shape(
        "RUN that might use it beside one that does",
        'FROM alpine\nARG MY_SECRET\nRUN curl "$MY_SECRET"\nRUN make all\n',
        optional=None,
        narrowed=True,
    ),
    Shape(
        "written in one RUN, used in the next",
        'FROM alpine\nARG MY_SECRET\nRUN printf %s "$MY_SECRET" > key\nRUN curl -K key\nRUN cat key && rm key\n',
    ),
    Shape(
        "build that ends early",
        'FROM alpine\nARG MY_SECRET\nRUN curl "$MY_SECRET"\nRUN fail4 "$MY_SECRET"\nRUN curl "$MY_SECRET"\n',
        optional=None,
    ),
    Shape(
        "ENV of the same name before it",
        'FROM alpine\nENV MY_SECRET=fallback\nARG MY_SECRET\nRUN deploy "$MY_SECRET"\n',
        optional=True,
    ),
    Shape(
        "ENV beside it",
        'FROM alpine\nENV MODE=fast LEVEL="2 3"\nARG MY_SECRET\nENV AFTER $MODE mode\nRUN deploy "$MODE" "$LEVEL" "$AFTER" "$MY_SECRET"\n',
    ),
    Shape(
        "derived ARG",
        'FROM alpine\nARG MY_SECRET\nARG URL=https://${MY_SECRET}@host/x\nRUN curl "$URL"\n',
        moved=frozenset({"MY_SECRET", "URL"}),
    ),
    Shape(
        "derived ARG on the same line",
        'FROM alpine\nARG MY_SECRET URL="https://user:$MY_SECRET@host/x y"\nRUN deploy "$URL" || curl "$URL"\n',
        moved=frozenset({"MY_SECRET", "URL"}),
    ),
    Shape(
        "derived ARG beside the secret",
        'FROM alpine\nARG MY_SECRET\nARG URL=https://$MY_SECRET@host/\nRUN deploy "$URL" "$MY_SECRET"\n',
        moved=frozenset({"MY_SECRET", "URL"}),
    ),
    Shape(
        "derived ARG, other ARGs in it",
        'FROM alpine\nARG HOST=h\nARG MY_SECRET\nARG URL=https://${MY_SECRET}@${HOST}/x\nRUN curl "$URL"\n',
        moved=frozenset({"MY_SECRET", "URL"}),
    ),
    Shape(
        "derived ARG with a default inside",
        'FROM alpine\nARG MY_SECRET\nARG URL=https://${MY_SECRET:-anonymous}@host/x\nRUN curl "$URL"\n',
        moved=frozenset({"MY_SECRET", "URL"}),
        optional=True,
    ),
    Shape(
        "derived ARG of a derived ARG",
        'FROM alpine\nARG MY_SECRET\nARG LOGIN=me:$MY_SECRET\nARG URL=https://$LOGIN@host\nRUN curl "$URL"\n',
        moved=frozenset({"MY_SECRET", "LOGIN", "URL"}),
    ),
    Shape(
        "another secret mount beside it",
        'FROM alpine\nARG MY_SECRET\nRUN --mount=type=secret,id=other deploy "$(cat /run/secrets/other)" "$MY_SECRET"\n',
    ),
    Shape(
        "reserved name",
        'FROM alpine\nARG GIT_AUTH_TOKEN\nRUN curl -u "$GIT_AUTH_TOKEN" https://h && deploy "$GIT_AUTH_TOKEN"\n',
        moved=frozenset({"GIT_AUTH_TOKEN"}),
        ids={"GIT_AUTH_TOKEN": "GIT_AUTH_TOKEN_BUILD_SECRET"},
    ),
    Shape(
        "ENV copy",
        'FROM alpine\nARG MY_SECRET\nENV MY_SECRET=$MY_SECRET\nRUN deploy "$MY_SECRET"\n',
        refused=True,
    ),
)
