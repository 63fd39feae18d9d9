"""ENV that has a copy of it: gone where it only serves the build, and its readers get it from their mount."""

from __future__ import annotations

from dataclasses import replace

from .shape import Shape

SECRET = frozenset({"MY_SECRET"})
DEPLOY = 'RUN deploy "$MY_SECRET"\n'
RUNTIME = ("runtime-environment",)


def builder(
    name: str,
    lines: str,
    *,
    made: str = "",
    arg: str = "ARG MY_SECRET",
    optional: bool | None = False,
    style: str = "file",
) -> Shape:
    """Lines of a stage that no image is made from; `made` are the other names that go."""
    text = f"FROM alpine AS build\n{arg}\n{lines}FROM alpine\nCOPY --from=build /x /x\nRUN tidy\n"
    forced = ("MY_SECRET",) if "=" in arg else ()
    moved = SECRET | frozenset(made.split())
    return Shape(f"ENV in a builder, {name}", text, moved=moved, optional=optional, forced=forced, style=style)


def narrowed(name: str, lines: str, *, made: str = "") -> Shape:
    """The same, where a visible use frees other RUNs from theirs."""
    return replace(builder(name, lines, made=made), narrowed=True)


def token(name: str, variable: str, lines: str, *, made: str = "", optional: bool | None = False) -> Shape:
    """A credential for the build alone, in the stage that is the image."""
    text = f"FROM node\nARG {variable}\n{lines}"
    return Shape(f"ENV in the image, {name}", text, moved=frozenset({variable, *made.split()}), optional=optional)


def image(name: str, lines: str, *, allow: tuple[str, ...] = (), made: str = "", first: str = "alpine") -> Shape:
    """Something that the running container may want: refused, unless the user says that it does not."""
    text = f"FROM {first}\nARG MY_SECRET\n{lines}"
    return Shape(f"ENV in the image, {name}", text, moved=SECRET | frozenset(made.split()), allow=allow, refused=not allow)


BUILDERS = (
    builder("same name", "ENV MY_SECRET=$MY_SECRET\n" + DEPLOY),
    builder("same name, braces", "ENV MY_SECRET=${MY_SECRET}\n" + DEPLOY),
    builder("same name, quotes", 'ENV MY_SECRET="$MY_SECRET"\n' + DEPLOY),
    builder("same name, old form", "ENV MY_SECRET $MY_SECRET\n" + DEPLOY),
    builder("same name, quiet reader", 'ENV MY_SECRET=$MY_SECRET\nRUN curl "$MY_SECRET" && touch f\n'),
    builder("same name, no visible use", "ENV MY_SECRET=$MY_SECRET\nRUN deploy --now\n", optional=True),
    builder("same name, read before and after", f"{DEPLOY}ENV MY_SECRET=$MY_SECRET\n{DEPLOY}"),
    narrowed(
        "same name, several RUNs",
        f'ENV MY_SECRET=$MY_SECRET\n{DEPLOY}RUN prepare; curl "$MY_SECRET" || tidy\nRUN deploy --now\n',
    ),
    builder("another name", 'ENV TOKEN=$MY_SECRET\nRUN deploy "$TOKEN"\n', made="TOKEN"),
    builder("another name, old form", 'ENV TOKEN $MY_SECRET\nRUN deploy "$TOKEN"\n', made="TOKEN"),
    builder("another name, quiet reader", 'ENV TOKEN=$MY_SECRET\nRUN curl "$TOKEN"; curl "$TOKEN"\n', made="TOKEN"),
    builder("another name, both read", 'ENV TOKEN=$MY_SECRET\nRUN deploy "$TOKEN" "$MY_SECRET"\n', made="TOKEN"),
    narrowed("another name, read in turn", f'ENV TOKEN=$MY_SECRET\nRUN deploy "$TOKEN"\n{DEPLOY}', made="TOKEN"),
    builder("another name, or", 'ENV TOKEN=$MY_SECRET\nRUN fail1 "$TOKEN" || deploy "$TOKEN"\n', made="TOKEN"),
    builder("a URL", 'ENV URL=https://x:${MY_SECRET}@h/r\nRUN curl "$URL"\n', made="URL"),
    builder("a URL for a command that could look", 'ENV URL="https://x:$MY_SECRET@h/r"\nRUN deploy "$URL"; fail2\n', made="URL"),
    builder("a text with quotes", 'ENV LINE="key=\'$MY_SECRET\' \\"x\\" \\$y"\nRUN deploy "$LINE"\n', made="LINE"),
    builder("a text with blanks, old form", 'ENV LINE the key is $MY_SECRET\nRUN deploy "$LINE"\n', made="LINE"),
    builder("other words beside it", 'ENV A=x MY_SECRET=$MY_SECRET B="y z"\nRUN deploy "$A" "$B" "$MY_SECRET"\n'),
    builder("other words behind it", 'ENV TOKEN=$MY_SECRET B=x\nRUN deploy "$B" "$TOKEN"\n', made="TOKEN"),
    builder("several lines", 'ENV A=x \\\n    TOKEN=$MY_SECRET \\\n    B=y\nRUN deploy "$A$B" "$TOKEN"\n', made="TOKEN"),
    builder("two copies on one line", 'ENV A=$MY_SECRET B=u:$MY_SECRET\nRUN deploy "$A" "$B"\n', made="A B"),
    builder("a copy of the copy", 'ENV A=$MY_SECRET\nENV B=https://$A@h\nRUN deploy "$B"\n', made="A B"),
    builder("a default inside", 'ENV TOKEN=${MY_SECRET:-dev}\nRUN deploy "$TOKEN"\n', made="TOKEN", optional=True),
    builder("a default inside, same name", "ENV MY_SECRET=${MY_SECRET:-dev}\n" + DEPLOY, optional=True),
    replace(builder("an option inside", 'ENV OPTION=${MY_SECRET:+--key=$MY_SECRET}\nRUN deploy "$OPTION"\n'), refused=True),
    builder("a default of the ARG", "ENV MY_SECRET=$MY_SECRET\n" + DEPLOY, arg="ARG MY_SECRET=none", optional=True),
    builder("a default of the ARG, another name", 'ENV A=$MY_SECRET\nRUN deploy "$A"\n', made="A", arg="ARG MY_SECRET=no", optional=True),
    builder("guard", 'ENV MY_SECRET=$MY_SECRET\nRUN [ -z "$MY_SECRET" ] || deploy\n', optional=True),
    builder(
        "guard, set and empty all the same", 'ENV MY_SECRET=$MY_SECRET\nRUN [ -n "$MY_SECRET" ] || deploy "${MY_SECRET-x}"\n', optional=True
    ),
    builder(
        "guard, another name", 'ENV TOKEN=$MY_SECRET\nRUN if [ -n "$TOKEN" ]; then deploy; else rollback; fi\n', made="TOKEN", optional=True
    ),
    builder("default if unset, which it never is", 'ENV T=$MY_SECRET\nRUN deploy "${T-none}" "${T:-empty}"\n', made="T", optional=True),
    builder("under set -u", 'ENV TOKEN=$MY_SECRET\nRUN set -u; deploy "$TOKEN"\n', made="TOKEN"),
    builder("a heredoc", 'ENV TOKEN=$MY_SECRET\nRUN <<EOF\nset -e\ndeploy "$TOKEN"\nEOF\n', made="TOKEN"),
    builder("a fed heredoc", "ENV TOKEN=$MY_SECRET\nRUN cat <<EOF > conf\nkey=$TOKEN\nEOF\n", made="TOKEN"),
    builder("exec form", 'ENV MY_SECRET=$MY_SECRET\nRUN ["sh", "-c", "deploy $MY_SECRET"]\n'),
    builder("under -x", 'SHELL ["/bin/bash", "-exc"]\nENV MY_SECRET=$MY_SECRET\n' + DEPLOY),
    builder("a user", "USER 1000\nENV MY_SECRET=$MY_SECRET\n" + DEPLOY),
    builder("a named user, a URL", 'ENV URL=https://u:$MY_SECRET@h\nUSER app\nRUN curl "$URL" > mine\n', made="URL"),
    builder("emptied later", f"ENV MY_SECRET=$MY_SECRET\n{DEPLOY}ENV MY_SECRET=\nRUN tidy\n"),
    narrowed("emptied later, another name", 'ENV TOKEN=$MY_SECRET\nRUN deploy "$TOKEN"\nENV TOKEN=\nRUN tidy\n'),
    builder("set later", f"ENV MY_SECRET=$MY_SECRET\n{DEPLOY}ENV MY_SECRET=literal\n{DEPLOY}"),
    builder("--style env", "ENV MY_SECRET=$MY_SECRET\n" + DEPLOY, style="env"),
    builder("--style env, another name", 'ENV TOKEN=$MY_SECRET\nRUN deploy "$TOKEN" || fail2\n', made="TOKEN", style="env"),
    builder("--style env, a URL", 'ENV URL=https://x:${MY_SECRET}@h/r\nRUN curl "$URL"\n', made="URL", style="env"),
    Shape(
        "ENV in a builder, two secrets",
        'FROM alpine AS build\nARG MY_SECRET NPM_TOKEN\nENV A=$MY_SECRET N=$NPM_TOKEN\nRUN deploy "$A" "$N"\nFROM alpine\nRUN tidy\n',
        moved=frozenset({"MY_SECRET", "NPM_TOKEN", "A", "N"}),
    ),
    Shape(
        "ENV in a builder, one text of two secrets",
        'FROM alpine AS build\nARG MY_USER=me MY_SECRET\nENV URL=https://$MY_USER:$MY_SECRET@h\nRUN curl "$URL"\nFROM alpine\nRUN tidy\n',
        moved=frozenset({"MY_SECRET", "URL"}),
    ),
    Shape(
        "ENV in a builder, of a global ARG",
        "ARG MY_SECRET\nFROM alpine AS build\nARG MY_SECRET\nENV MY_SECRET=$MY_SECRET\n" + DEPLOY + "FROM alpine\nRUN tidy\n",
    ),
    Shape(
        "ENV in a builder, read by a stage of it",
        f"FROM alpine AS base\nARG MY_SECRET\nENV MY_SECRET=$MY_SECRET\nFROM base AS test\n{DEPLOY}FROM alpine\nRUN tidy\n",
    ),
    Shape(
        "ENV in a builder, another name read by a stage of it",
        'FROM alpine AS base\nARG MY_SECRET\nENV TOKEN=$MY_SECRET\nRUN deploy "$TOKEN"\n'
        'FROM base AS test\nRUN curl "$TOKEN"\nFROM base AS build\nRUN deploy "$TOKEN"\nFROM alpine\nRUN tidy\n',
        moved=frozenset({"MY_SECRET", "TOKEN"}),
    ),
    Shape(
        "ENV in a builder, copied again by a stage of it",
        'FROM alpine AS base\nARG MY_SECRET\nENV A=$MY_SECRET\nFROM base AS test\nENV B=u:$A\nRUN deploy "$B"\nFROM alpine\nRUN tidy\n',
        moved=frozenset({"MY_SECRET", "A", "B"}),
    ),
    Shape(
        "ENV in a builder, and an ARG in the image",
        f'FROM alpine AS build\nARG MY_SECRET\nENV MY_SECRET=$MY_SECRET\n{DEPLOY}FROM alpine\nARG MY_SECRET\nRUN curl "$MY_SECRET"\n',
    ),
    Shape(
        "ENV in a builder, npm",
        "FROM node AS build\nARG NPM_TOKEN\nENV NPM_TOKEN=$NPM_TOKEN\n"
        "RUN echo '//r/:_authToken=${NPM_TOKEN}' > .npmrc && npm ci\nRUN npm run build\nFROM alpine\nCOPY --from=build /x /x\nRUN tidy\n",
        moved=frozenset({"NPM_TOKEN"}),
        optional=None,
    ),
)

IMAGES = (
    token("npm's token", "NPM_TOKEN", 'ENV NPM_TOKEN=$NPM_TOKEN\nRUN deploy "$NPM_TOKEN"\n'),
    token("npm's token, read by npm", "NPM_TOKEN", "ENV NPM_TOKEN=${NPM_TOKEN}\nRUN npm ci\n", optional=None),
    token("git's token", "GITHUB_TOKEN", 'ENV GITHUB_TOKEN $GITHUB_TOKEN\nRUN curl -u "x:$GITHUB_TOKEN" https://h\n'),
    token("git's token in a URL", "GITHUB_TOKEN", 'ENV URL=https://$GITHUB_TOKEN@h/r\nRUN git clone "$URL"\n', made="URL"),
    token("npm's token beside other words", "NPM_TOKEN", 'ENV NODE_ENV=test NPM_TOKEN=$NPM_TOKEN\nRUN deploy "$NODE_ENV$NPM_TOKEN"\n'),
    Shape(
        "ENV in the image, npm's token of the stage it is from",
        'FROM node AS base\nARG NPM_TOKEN\nENV NPM_TOKEN=$NPM_TOKEN\nFROM base\nRUN deploy "$NPM_TOKEN"\n',
        moved=frozenset({"NPM_TOKEN"}),
    ),
    image("same name", "ENV MY_SECRET=$MY_SECRET\n" + DEPLOY),
    image("a URL", 'ENV URL=https://$MY_SECRET@h\nRUN curl "$URL"\n'),
    image("other words beside it", "ENV A=x MY_SECRET=$MY_SECRET\n" + DEPLOY),
    image("of the stage it is from", f"ENV MY_SECRET=$MY_SECRET\nFROM alpine AS other\nFROM base\n{DEPLOY}", first="alpine AS base"),
    image("same name, allowed", "ENV MY_SECRET=$MY_SECRET\n" + DEPLOY, allow=RUNTIME),
    image("another name, allowed", 'ENV A=x TOKEN=$MY_SECRET\nRUN deploy "$A" "$TOKEN"\n', allow=RUNTIME, made="TOKEN"),
    image("a URL, allowed", 'ENV URL=https://u:${MY_SECRET}@h\nRUN prepare; curl "$URL"\n', allow=RUNTIME, made="URL"),
    image("emptied later", f"ENV MY_SECRET=$MY_SECRET\n{DEPLOY}ENV MY_SECRET=\n", allow=RUNTIME),
    Shape(
        "ENV in the image, a LABEL expands it, allowed",
        f"FROM alpine\nARG MY_SECRET\nENV TOKEN=$MY_SECRET\nLABEL x=$TOKEN\n{DEPLOY}",
        allow=RUNTIME,
        refused=True,
    ),
)


def expanded(name: str, line: str) -> Shape:
    """The builder itself reads the copy."""
    text = f"FROM alpine AS build\nARG MY_SECRET\nENV TOKEN=$MY_SECRET\n{line}\n{DEPLOY}FROM alpine\nRUN tidy\n"
    return Shape(f"ENV in a builder, {name} expands it", text, refused=True)


EXPANDED = (
    expanded("a LABEL", "LABEL key=$TOKEN"),
    expanded("a WORKDIR", "WORKDIR /$TOKEN"),
    expanded("a COPY", "COPY $TOKEN /x"),
    expanded("a mount", "RUN --mount=type=cache,target=/$TOKEN true"),
    expanded("a USER", "USER $TOKEN"),
)

SHAPES: tuple[Shape, ...] = (*BUILDERS, *IMAGES, *EXPANDED)
