"""Heredocs: a script of its own, a script with an interpreter, or what a command reads."""

from __future__ import annotations

from .shape import Shape

HEAD = "FROM alpine\nARG MY_SECRET\n"
BASH = 'FROM debian\nSHELL ["/bin/bash", "-c"]\nARG MY_SECRET\n'
DEFAULT = "FROM alpine\nARG MY_SECRET=none\n"


def script(name: str, body: str, *, delimiter: str = "EOF", optional: bool | None = False, inert: bool = False) -> Shape:
    """The whole command is the heredoc."""
    end = delimiter.lstrip("-").strip("'\"")
    return Shape(f"heredoc, {name}", f"{HEAD}RUN <<{delimiter}\n{body}\n{end}\n", optional=optional, inert=inert)


def fed(name: str, command: str, body: str, *, optional: bool | None = False, inert: bool = False, head: str = HEAD) -> Shape:
    """A command reads it; `command` has the `<<EOF`."""
    return Shape(f"fed heredoc, {name}", f"{head}RUN {command}\n{body}\nEOF\n", optional=optional, inert=inert)


def text(name: str, lines: str, *, optional: bool | None = False, head: str = HEAD) -> Shape:
    """Anything else, as it is written."""
    return Shape(f"heredoc, {name}", head + lines, optional=optional)


def default(name: str, lines: str, *, refused: bool = False) -> Shape:
    """The ARG has a default."""
    return Shape(f"heredoc, {name}", DEFAULT + lines, optional=True, forced=("MY_SECRET",), refused=refused)


SCRIPTS = (
    script("one command", 'deploy "$MY_SECRET"'),
    script("one quiet command", 'curl -u "$MY_SECRET" https://h'),
    script("several commands", 'prepare\ndeploy "$MY_SECRET"\ntidy'),
    script("several quiet commands", 'mkdir d\ncurl "$MY_SECRET"\necho "$MY_SECRET" > d/key'),
    script("a line that fails in the middle", 'fail3 "$MY_SECRET"\ndeploy "$MY_SECRET"'),
    script("a last line that fails", 'deploy "$MY_SECRET"\nfail3'),
    script("set -e", 'set -e\ndeploy "$MY_SECRET"\nfail2\ntouch never'),
    script("set -ex", 'set -ex\nprepare\ndeploy "$MY_SECRET"'),
    script("set -eux behind a comment", '# everything\n\nset -eux\ncurl "$MY_SECRET"\nfail4'),
    script("set -u", 'set -u\ndeploy "$MY_SECRET"'),
    script("comment first", '# deploy it\ndeploy "$MY_SECRET"'),
    script("blank line first", '\n\ndeploy "$MY_SECRET"\n\n'),
    script("indented", '    prepare\n    deploy "$MY_SECRET"'),
    script("single-quoted delimiter", 'deploy "$MY_SECRET"', delimiter="'EOF'"),
    script("double-quoted delimiter", 'prepare; deploy "$MY_SECRET"', delimiter='"EOF"'),
    script("delimiter of two words", 'deploy "$MY_SECRET"', delimiter="'the end'"),
    script("another delimiter", 'deploy "$MY_SECRET" EOF\n EOF=x', delimiter="SCRIPT"),
    script("tabs taken off", '\tprepare\n\tif deploy "$MY_SECRET"; then\n\t\ttidy\n\tfi', delimiter="-EOF"),
    script("tabs to take off, and none there", 'deploy "$MY_SECRET"\n\ttidy', delimiter="-'EOF'"),
    script("continuations", 'prepare && \\\n  deploy "$MY_SECRET" \\\n  && tidy'),
    script("and-list", 'prepare \\\n  && deploy "$MY_SECRET" &&\n  tidy'),
    script("or", 'fail1 "$MY_SECRET" || deploy "$MY_SECRET"\nfail2 || exit 9'),
    script("pipe", 'printf %s "$MY_SECRET" | load | tee log\ntidy'),
    script("background", 'deploy "$MY_SECRET" &\nwait\nrollback "$MY_SECRET"'),
    script("if", 'if deploy "$MY_SECRET"; then\n  tidy\nelse\n  rollback\nfi'),
    script("for", 'for step in one two; do\n  deploy "$step" "$MY_SECRET" || exit 1\ndone'),
    script("while read", 'printf "a\\nb\\n" > list\nwhile read -r line; do\n  deploy "$line" "$MY_SECRET" < /dev/null\ndone < list'),
    script("case", 'case "$(uname)" in\n  Linux) deploy "$MY_SECRET" ;;\n  *) exit 1 ;;\nesac', optional=None),
    script("function", 'release() {\n  deploy "$1" "$MY_SECRET"\n}\nrelease a\nrelease b'),
    script("subshell", '(\n  cd /\n  deploy "$MY_SECRET"\n)\npwd'),
    script("exit in the middle", 'deploy "$MY_SECRET"\nexit 5\ntouch never'),
    script("exec", 'prepare\nexec deploy "$MY_SECRET"'),
    script("trap", "trap 'rollback \"$MY_SECRET\"' EXIT\ndeploy\nfail3"),
    script("inner heredoc", "cat <<X > conf\nkey=$MY_SECRET\nX\ndeploy conf"),
    script("inner heredoc, quoted", "sh <<'X'\ndeploy \"$MY_SECRET\"\nX", optional=None),
    script("inner heredoc first, piped", "cat <<X | deploy\nkey=$MY_SECRET\nX\ntidy"),
    script("inner shell", "sh -c 'deploy \"$MY_SECRET\"'\ntidy", optional=None),
    script("python inside", "python3 - <<'X'\nimport os\nprint(os.environ['MY_SECRET'])\nX", optional=None),
    script("exported itself", "export MY_SECRET\ndeploy"),
    script("set anew", 'MY_SECRET="new $MY_SECRET"\ndeploy'),
    script("unset at the end", 'deploy "$MY_SECRET"\nunset MY_SECRET\ntidy'),
    script("quotes over lines", "printf 'a\n%s\n\tb' \"$MY_SECRET\" > conf"),
    script("guard", 'if [ -n "$MY_SECRET" ]; then\n  deploy "$MY_SECRET"\nfi', optional=True),
    script("guard, or", '[ -z "$MY_SECRET" ] || deploy "$MY_SECRET"\ntidy', optional=True),
    script("guard that exits", 'if [ -z "$MY_SECRET" ]; then exit 0; fi\ndeploy', optional=True),
    script("default if empty", 'deploy "${MY_SECRET:-none}"', optional=True),
    script("default if unset", 'deploy "${MY_SECRET-none}"', optional=True),
    script("nothing but a comment", '# deploy "$MY_SECRET"', optional=None, inert=True),
    script("no visible use", "prepare\ndeploy --now", optional=True),
    default("with a default", 'RUN <<EOF\nset -e\ndeploy "$MY_SECRET"\nEOF\n'),
    default("with a default, quiet", 'RUN <<-EOF\n\tcurl "$MY_SECRET"\n\tfail3\n\tEOF\n'),
    default("with a default, python", 'RUN <<EOF\n#!/usr/bin/env python3\nimport os\nprint(os.environ["MY_SECRET"])\nEOF\n', refused=True),
    default("with a default, sh", 'RUN <<EOF\n#!/bin/sh -e\ndeploy "$MY_SECRET"\nEOF\n'),
    text("flags before it", 'RUN --network=none --mount=type=cache,target=/x <<EOF\ndeploy "$MY_SECRET"\nEOF\n'),
    text("flags on their own lines", 'RUN --network=none \\\n    --mount=type=cache,target=/x \\\n    <<EOF\ndeploy "$MY_SECRET"\nEOF\n'),
    text("with a number", 'RUN 3<<EOF\ndeploy "$MY_SECRET"\nEOF\n'),
    text("several of them", 'RUN <<EOF\ndeploy "$MY_SECRET"\nEOF\n\nRUN <<EOF\ncurl "$MY_SECRET"\nEOF\nRUN deploy "$MY_SECRET"\n'),
    text("no final newline", 'RUN <<EOF\ndeploy "$MY_SECRET"\nEOF'),
    text("an instruction's text inside", 'RUN <<EOF\ndeploy "$MY_SECRET" \\\nRUN x\nARG MY_SECRET\nEOF\n', optional=None),
    text("CRLF", 'RUN <<EOF\nprepare\ndeploy "$MY_SECRET"\nEOF\n'.replace("\n", "\r\n")),
    text("CRLF, the whole file", 'RUN <<EOF\ndeploy "$MY_SECRET" #\nEOF\n'.replace("\n", "\r\n"), head=HEAD.replace("\n", "\r\n")),
    text("CRLF, quiet and guarded", 'RUN <<-EOF\n\tcurl "${MY_SECRET:-none}"\n\ttouch f\n\tEOF\n'.replace("\n", "\r\n"), optional=True),
    text("backtick as escape", 'RUN <<EOF\nprepare; `echo deploy` \\\n  "$MY_SECRET"\nEOF\n', head="# escape=`\n" + HEAD),
    text("bash", 'RUN <<EOF\nwords=(a "$MY_SECRET")\ndeploy "${words[@]}"\nEOF\n', head=BASH),
    text("bash, pipefail", 'RUN <<EOF\nset -euo pipefail\nfail3 "$MY_SECRET" | tee log\ntouch never\nEOF\n', head=BASH),
    Shape(
        "heredoc, two secrets",
        'FROM alpine\nARG MY_SECRET\nARG NPM_TOKEN\nRUN <<EOF\nset -e\ndeploy "$MY_SECRET" "$NPM_TOKEN"\nEOF\n',
        moved=frozenset({"MY_SECRET", "NPM_TOKEN"}),
    ),
    Shape(
        "heredoc, derived ARG",
        'FROM alpine\nARG MY_SECRET\nARG URL=https://u:${MY_SECRET}@h/x\nRUN <<EOF\nprepare\ncurl "$URL"\nEOF\n',
        moved=frozenset({"MY_SECRET", "URL"}),
    ),
)

INTERPRETERS = (
    script("#!/bin/sh", '#!/bin/sh\nset -e\ndeploy "$MY_SECRET"\nfail2\ntouch never'),
    script("#!/bin/sh -e", '#!/bin/sh -e\ndeploy "$MY_SECRET"\nfail2\ntouch never'),
    script("#!/bin/sh, quiet", '#!/bin/sh\n# why\ncurl "$MY_SECRET"; echo "$0 $#"'),
    script("#! /bin/sh", '#! /bin/sh\ndeploy "$MY_SECRET"'),
    script("#!/bin/sh -ex", '#!/bin/sh -ex\ndeploy "$MY_SECRET"'),
    script("#!/bin/sh, then set -x", '#!/bin/sh\nset -x\ndeploy "$MY_SECRET"'),
    script("#!/bin/sh, tabs taken off behind it", '#!/bin/sh\n\tprepare\n\tdeploy "$MY_SECRET"', delimiter="-EOF"),
    script("#!/bin/sh behind a tab", '\t#!/bin/sh -e\n\tfail3 "$MY_SECRET"\n\tdeploy "$0"', delimiter="-EOF"),
    script("#!/bin/sh behind a blank", ' #!/bin/sh -e\nfail3 "$MY_SECRET"\ndeploy "$0"'),
    script("#!/bin/sh in the second line", '\n#!/bin/false\ndeploy "$MY_SECRET"'),
    script("#!/bin/bash", '#!/bin/bash\nset -euo pipefail\nwords=(a "$MY_SECRET")\ndeploy "${words[@]}"'),
    script("#!/bin/bash, quoted", '#!/bin/bash\ndeploy "$MY_SECRET" "$BASH_SOURCE"', delimiter="'EOF'"),
    script("#!/bin/bash, optional", '#!/bin/bash\nif [[ -n "$MY_SECRET" ]]; then deploy; fi', optional=True),
    script("#!/usr/bin/env bash", '#!/usr/bin/env bash\ndeploy "${MY_SECRET:0:3}"'),
    script("#!/usr/bin/env -S bash -eu", '#!/usr/bin/env -S bash -eu\ndeploy "$MY_SECRET"\nfail3\ntouch never'),
    script("#!/bin/ash", '#!/bin/ash -e\ndeploy "$MY_SECRET"'),
    script("#!/bin/zsh", '#!/bin/zsh\ndeploy "$MY_SECRET"'),
    script("python by env", '#!/usr/bin/env python3\nimport os\nprint(os.environ["MY_SECRET"])'),
    script("python", '#!/usr/bin/python3\nimport os\nprint(os.environ["MY_SECRET"])'),
    script("python with options", '#!/usr/bin/env -S python3 -u\nimport os, sys\nprint(os.environ["MY_SECRET"])'),
    script("python that asks", '#!/usr/bin/env python3\nimport os\nprint(os.environ.get("MY_SECRET"))', optional=None),
    script("python that reads all", "#!/usr/bin/env python3\nimport os\nprint(dict(os.environ))", optional=True),
    script("node", "#!/usr/bin/env node\nconsole.log(process.env.MY_SECRET)"),
    script("perl", '#!/usr/bin/perl -w\nprint "$ENV{MY_SECRET}\\n";'),
    script("ruby", '#!/usr/bin/env ruby\nputs ENV.fetch("MY_SECRET")'),
    script("awk", '#!/usr/bin/awk -f\nBEGIN { print ENVIRON["MY_SECRET"] }'),
    script("an interpreter of the image's own", "#!/opt/tool/bin/tool run\nkey = env.MY_SECRET"),
    text("shebang under bash", 'RUN <<EOF\n#!/bin/sh\ndeploy "$MY_SECRET"\nEOF\n', head=BASH),
    text("shebangs of two kinds", 'RUN <<EOF\n#!/bin/sh\ndeploy "$MY_SECRET"\nEOF\nRUN <<EOF\n#!/usr/bin/env python3\nMY_SECRET\nEOF\n'),
)

FED = (
    fed("a file", "cat <<EOF > conf", "key=$MY_SECRET"),
    fed("a file, named first", "cat > conf <<EOF", 'key="$MY_SECRET" \\$MY_SECRET `echo x`'),
    fed("a file, appended", 'cat <<EOF >> "$HOME/.netrc"', "machine h\nlogin me\npassword ${MY_SECRET}"),
    fed("tabs taken off", "cat <<-EOF > conf", "\tkey=$MY_SECRET\n\t\tx"),
    fed("a substitution", "cat <<EOF > conf", 'auth=$(printf %s "me:$MY_SECRET" | base64)'),
    fed("a command that could look", "deploy <<EOF", "key=$MY_SECRET"),
    fed("a command that could look, and a plain text", 'deploy "$MY_SECRET" <<EOF', "plain"),
    fed("a quiet command, and a plain text", 'curl -u "$MY_SECRET" -d @- https://h <<EOF', "plain"),
    fed("a password", "docker login -u me --password-stdin <<EOF", "$MY_SECRET"),
    fed("tee", "tee conf <<EOF", "key=$MY_SECRET"),
    fed("sudo tee", "sudo tee conf <<EOF > /dev/null", "key=$MY_SECRET"),
    fed("bash", "bash <<'EOF'", 'set -e\ndeploy "$MY_SECRET"\nfail3', optional=None),
    fed("bash, not quoted", "bash <<EOF", 'deploy "$MY_SECRET"'),
    fed("bash -x", "bash -x <<'EOF'", 'deploy "$MY_SECRET"', optional=None),
    fed("sh with arguments", "sh -es -- a <<'EOF'", 'deploy "$1" "$MY_SECRET"', optional=None),
    fed("sudo sh", "sudo -E sh <<'EOF'", 'deploy "$MY_SECRET"', optional=None),
    fed("bash into a pipe", "bash <<'EOF' | tee log", 'deploy "$MY_SECRET"', optional=None),
    fed("python", "python3 - <<'EOF'", 'import os\nprint(os.environ["MY_SECRET"])', optional=None),
    fed("python, not quoted", "python3 <<EOF", 'print("$MY_SECRET")'),
    fed("envsubst", "envsubst <<'EOF' > conf", "key=$MY_SECRET", optional=None),
    fed("a pipe", "cat <<EOF | deploy", "key=$MY_SECRET"),
    fed("and", "mkdir d && cat <<EOF > d/conf && chmod 600 d/conf", "key=$MY_SECRET"),
    fed("and, a failure", "cat <<EOF > conf && fail4 && touch never", "key=$MY_SECRET"),
    fed("or", "fail2 <<EOF || rollback", "key=$MY_SECRET"),
    fed("semicolons", "set -e; cat <<EOF > conf; deploy conf; fail3; tidy", "key=$MY_SECRET"),
    fed("if", "if cat <<EOF > conf; then deploy; fi", "key=$MY_SECRET"),
    fed("while read", 'while read -r line; do deploy "$line" < /dev/null; done <<EOF', "a\n$MY_SECRET"),
    fed("a subshell", "( cat > conf; deploy ) <<EOF", "key=$MY_SECRET"),
    fed("a brace group", "{ cat; tidy; } <<EOF > conf", "key=$MY_SECRET"),
    fed("before its command", "<<EOF cat > conf", "key=$MY_SECRET"),
    fed("before its command, over two lines", "<<EOF \\\n  deploy", "key=$MY_SECRET"),
    fed("over several lines", "prepare \\\n    && cat <<EOF > conf \\\n    && deploy conf", "key=$MY_SECRET"),
    fed("a trailing comment", "cat <<EOF > conf # why", "key=$MY_SECRET"),
    fed("another descriptor", "cat /dev/fd/3 3<<EOF", "key=$MY_SECRET"),
    fed("default if empty", "cat <<EOF > conf", "key=${MY_SECRET:-none}", optional=True),
    fed("option if there", "deploy <<EOF", "${MY_SECRET:+key=$MY_SECRET}", optional=True),
    fed("guard", '[ -z "$MY_SECRET" ] || cat <<EOF > conf', "key=$MY_SECRET", optional=True),
    fed("no command, so nothing runs", "<<EOF > conf", "deploy $MY_SECRET", optional=None, inert=True),
    fed("pipefail", "cat <<EOF | deploy | fail3", "$MY_SECRET", head=BASH.replace('"-c"', '"-o", "pipefail", "-c"')),
    fed("CRLF", "cat <<EOF > conf", "key=$MY_SECRET\r", head=HEAD),
    text("two, the last one counts", "RUN cat <<A <<B\na $MY_SECRET\nA\nb $MY_SECRET\nB\n"),
    text("two, for two commands", "RUN cat <<A > a && cat <<'B' > b\nkey=$MY_SECRET\nA\n$MY_SECRET\nB\n"),
    text("two, for two descriptors", "RUN deploy <<A 3<<B\n$MY_SECRET\nA\nb\nB\n"),
    text("fed, and read by the next RUN", 'RUN cat <<EOF > conf\nkey=$MY_SECRET\nEOF\nRUN deploy conf "$MY_SECRET"\n'),
    Shape(
        "heredoc, two of them and no command",
        "FROM alpine\nARG MY_SECRET\nRUN <<A <<B\ndeploy $MY_SECRET\nA\ndeploy\nB\n",
        optional=None,
        inert=True,
    ),
    Shape(
        "fed heredoc, a literal for a tool",
        "FROM node\nARG NPM_TOKEN\nRUN cat <<'EOF' > .npmrc && npm ci\n//r/:_authToken=${NPM_TOKEN}\nEOF\n",
        moved=frozenset({"NPM_TOKEN"}),
        optional=None,
    ),
    Shape(
        "fed heredoc, two secrets",
        'FROM alpine\nARG MY_SECRET NPM_TOKEN\nRUN cat <<EOF > conf && deploy "$NPM_TOKEN"\nkey=$MY_SECRET\nEOF\n',
        moved=frozenset({"MY_SECRET", "NPM_TOKEN"}),
    ),
    Shape(
        "fed heredoc, derived ARG",
        "FROM alpine\nARG MY_SECRET\nARG URL=https://u:${MY_SECRET}@h/x\nRUN cat <<EOF > conf\nurl=$URL\nEOF\n",
        moved=frozenset({"MY_SECRET", "URL"}),
    ),
    default("fed, with a default", "RUN cat <<EOF > conf\nkey=$MY_SECRET\nEOF\n"),
    default("fed to bash, with a default", "RUN bash <<'EOF'\ndeploy \"$MY_SECRET\"\nEOF\n"),
)

SHAPES: tuple[Shape, ...] = (*SCRIPTS, *INTERPRETERS, *FED)
