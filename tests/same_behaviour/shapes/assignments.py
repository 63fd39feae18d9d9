"""Variables made from it, and the variable itself set anew: an ARG is exported, and stays so."""

from __future__ import annotations

from .shape import Shape, run

SHAPES: tuple[Shape, ...] = (
    run("another variable", 'TOKEN=$MY_SECRET; deploy "$TOKEN"'),
    run("another variable with and", 'TOKEN="x:$MY_SECRET" && curl -u "$TOKEN" https://h'),
    run("another variable, exported", 'export TOKEN="$MY_SECRET" && deploy'),
    run("another variable, exported, never named by a command", "export TOKEN=$MY_SECRET; prepare; deploy"),
    run("exported itself", "export MY_SECRET && deploy"),
    run("exported itself with its value", 'export MY_SECRET="$MY_SECRET"; deploy'),
    run("only exported", "export MY_SECRET=$MY_SECRET", optional=None, inert=True),
    run("other value for one command", 'MY_SECRET=other deploy "$MY_SECRET"'),
    run("its value for one command", 'TOKEN="$MY_SECRET" deploy'),
    run("its value for a quiet command", 'PGPASSWORD="$MY_SECRET" curl https://h'),
    run("its own value for one command", 'MY_SECRET="$MY_SECRET" deploy'),
    run("none for one command", 'MY_SECRET= deploy && deploy "$MY_SECRET"'),
    run("set anew", 'MY_SECRET="new $MY_SECRET"; deploy'),
    run("set anew with and", 'MY_SECRET="new $MY_SECRET" && deploy "$MY_SECRET"'),
    run("set anew in a subshell", '(MY_SECRET="new $MY_SECRET"; deploy); deploy "$MY_SECRET"'),
    run("unset", 'deploy "$MY_SECRET" && unset MY_SECRET && deploy "${MY_SECRET-gone}"', optional=None),
    run("read", 'printf %s "$MY_SECRET" > f; echo new > g; read -r MY_SECRET < g; deploy "$MY_SECRET"'),
    run("read into another", 'printf "%s\\n" "$MY_SECRET" > f; read -r LINE < f; deploy "$LINE"'),
    run("read-only", 'readonly MY_SECRET; deploy "$MY_SECRET"'),
    run("loop variable of the same name", 'deploy "$MY_SECRET"; for MY_SECRET in a b; do deploy; done'),
    run("local of the same name", 'go() { local MY_SECRET=mine; deploy; }; go; deploy "$MY_SECRET"'),
    run("IFS changed", "IFS=-; deploy $MY_SECRET"),
    run("set -a", 'set -a; TOKEN="$MY_SECRET"; deploy'),
)
