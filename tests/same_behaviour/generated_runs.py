"""RUNs for hypothesis: commands in lists, pipes, compounds and heredocs, under several shells and users, with and without a default."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import strategies as st

from codemod.settings import Settings

from .shapes import Shape

WORDS = (
    '"$MY_SECRET"', "$MY_SECRET", '"a${MY_SECRET}b"', "'$MY_SECRET'", '"\\$MY_SECRET"', "plain", '"two  words"', '"$OTHER"',
    '"${MY_SECRET:-none}"', '"${MY_SECRET:-}"', "${MY_SECRET:+--key=$MY_SECRET}", '"${MY_SECRET%-*}"', '"${#MY_SECRET}"',
    '"$(printf %s "$MY_SECRET")"', '`echo "$MY_SECRET"`', "\"it's $MY_SECRET\"", "a'b'\"$MY_SECRET\"c", "$((1 + 2))", '"$?"', "--now",
    "*.none", "\u00e9", '"$(deploy)"', '"$(fail4 || echo "$MY_SECRET")"',
)  # fmt: skip
# nothing here runs beside anything else but in a pipe, whose right side writes no file
SIMPLE = (
    "true", "false", ":", "cd /", "exit 3", "deploy", "prepare --now", "tidy", "fail2", "curl https://h", "exec deploy", "set -e",
    "unset MY_SECRET", 'MY_SECRET="new $MY_SECRET"', "MY_SECRET=x deploy", 'TOKEN="x:$MY_SECRET"', 'export TOKEN="$MY_SECRET"',
    'deploy "$TOKEN"', 'OTHER="$MY_SECRET" deploy', "export MY_SECRET", '[ -n "$MY_SECRET" ]', '[ -z "$MY_SECRET" ]',
    'test "$MY_SECRET"', "sh -c 'deploy \"$MY_SECRET\"'", 'sh -c "deploy $MY_SECRET"', "eval 'deploy \"$MY_SECRET\"'",
    "env | grep MY_SECRET", "printenv MY_SECRET", "sudo -E deploy", "trap 'tidy \"$MY_SECRET\"' EXIT", "missing-tool", "set -x",
    'printf "%s\\n" "$MY_SECRET" > key', "cat key", "rm -f key", ". ./missing.sh || true", 'set -- "$MY_SECRET" b', 'deploy "$@"',
    "local_name=x", "umask 077", "pwd", 'echo "#$MY_SECRET" # comment', "python3 -c 'import os; os.environ[\"MY_SECRET\"]'",
)  # fmt: skip
WITH_WORDS = (
    "deploy {}", "deploy {} {}", "curl -u {} https://h", "echo {}", "fail3 {}", "printf '%s.' {} {}", "deploy {} > out", "echo {} >> log",
    "nice deploy {}", "command deploy {}", "! fail1 {}", 'A={}; deploy "$A"', 'for word in {} x; do deploy "$word"; done',
    "case {} in canary*) deploy ;; *) tidy {} ;; esac",
)  # fmt: skip
COMPOUND = (
    "{} && {}", "{} || {}", "{}; {}", "( {} )", "{{ {}; }}", "{} && {} || {}", "if {}; then {}; else {}; fi", "if {}; then {}; fi",
    "for x in 1 2; do {}; done", "while {}; do {}; break; done", "go() {{ {}; }}; go", "go() {{ {}; }} && go && {}", "{} | cat",
    "{} | deploy", "{} | tr a b | fail2", "( {} ) && {}", "{{ {}; }} > out", "case x in x) {} ;; *) {} ;; esac", "{} && {} && {}",
    "{}; {}; {}", "set -e; {}; {}", "x=$({}); {}",
)  # fmt: skip
JOINTS = {" && ": (" \\\n    && ", " && \\\n    "), "; ": ("; \\\n    ",), " || ": (" \\\n  || ", " || \\\n\t"), " | ": (" \\\n    | ",)}
HEADS = (
    "", "", "", "", 'SHELL ["/bin/bash", "-c"]\n', 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n', 'SHELL ["/bin/sh", "-euc"]\n',
    'SHELL ["/bin/bash", "-exc"]\n', "USER 1000\n", "USER app\n", 'USER 1234\nSHELL ["/bin/bash", "-c"]\n',
)  # fmt: skip
ARGS = ("MY_SECRET",) * 5 + ("MY_SECRET=none", "MY_SECRET='two  \"words\"'", "MY_SECRET=")
OPENINGS = ("<<EOF", "<<'EOF'", '<<"EOF"', "3<<EOF")
SHEBANGS = ("", "", "", "", "#!/bin/sh\n", "#!/bin/sh -e\n", "#!/bin/bash\n", "#!/usr/bin/env bash\n", "#!/usr/bin/env node\n")
FED = (
    "cat <<EOF > conf", "deploy <<EOF", "bash <<'EOF'", "sh <<EOF", "sh -es <<'EOF' && tidy", "prepare && cat <<EOF | deploy",
    "deploy <<'EOF' || fail2", "<<EOF cat", "{ cat; tidy; } <<EOF", "cat <<EOF > conf; fail2; deploy conf", "<<EOF > conf",
)  # fmt: skip
# until the core knows it
STYLES = ("file", "file", "env") if "style" in {field.name for field in fields(Settings)} else ("file",)


def _filled(template: str, parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*[parts] * template.count("{}")).map(lambda found: template.format(*found))


def _any(templates: tuple[str, ...], parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(templates).flatmap(lambda template: _filled(template, parts))


words = st.sampled_from(WORDS)
simple = st.one_of(st.sampled_from(SIMPLE), _any(WITH_WORDS, words), _any(WITH_WORDS, words))
commands = st.recursive(simple, lambda inner: _any(COMPOUND, inner), max_leaves=5)


@st.composite
def over_lines(draw: st.DrawFn) -> str:
    """A command over several lines, as far as its lists allow."""
    text = draw(st.one_of(_filled("{} && {}; {}", commands), _filled("{} && {} && {}", simple), commands))
    for joint, broken in JOINTS.items():
        if draw(st.booleans()):
            text = text.replace(joint, draw(st.sampled_from(broken)))
    return draw(st.sampled_from(("", "\\\n    ", "--network=none ", "--network=none \\\n    "))) + text


@st.composite
def scripts(draw: st.DrawFn) -> str:
    """A whole heredoc."""
    shebang = draw(st.sampled_from(SHEBANGS))
    body = shebang + "".join(
        f"{line}\n" for line in draw(st.lists(st.one_of(commands, st.sampled_from(("", "# why"))), min_size=1, max_size=4))
    )
    if not shebang and draw(st.booleans()):
        return "<<-EOF\n" + "".join(f"\t{line}\n" for line in body.splitlines()) + "\tEOF"
    return f"{draw(st.sampled_from(OPENINGS))}\n{body}EOF"


@st.composite
def fed(draw: st.DrawFn) -> str:
    """A command and its heredoc."""
    opening = draw(st.sampled_from(FED))
    lines = simple if "sh " in opening else st.one_of(words, simple)
    body = "".join(f"{line}\n" for line in draw(st.lists(lines, max_size=3)))
    return f"{opening}\n{body}EOF"


FORMS = {"one line": commands, "several lines": over_lines(), "script": scripts(), "fed": fed()}


@st.composite
def shapes(draw: st.DrawFn, form: str) -> Shape:
    """A Dockerfile around one or two of them."""
    arg, head, style = (draw(st.sampled_from(choice)) for choice in (ARGS, HEADS, STYLES))
    runs = draw(st.lists(FORMS[form], min_size=1, max_size=2))
    text = f"FROM debian\nARG {arg}\n{head}" + "".join(f"RUN {run}\n" for run in runs)
    return Shape("generated", text, optional=None, forced=("MY_SECRET",), narrowed=len(runs) > 1, style=style)
