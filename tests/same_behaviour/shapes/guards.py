"""Commands that ask whether it is there: builds without it must go on as they did."""

from __future__ import annotations

from .shape import Shape, bash, run

SHAPES: tuple[Shape, ...] = (
    run("not empty, and", '[ -n "$MY_SECRET" ] && deploy "$MY_SECRET"', optional=True),
    run("not empty, and, or true", '[ -n "$MY_SECRET" ] && deploy "$MY_SECRET" || true', optional=True),
    run("empty, or", '[ -z "$MY_SECRET" ] || deploy "$MY_SECRET"', optional=True),
    run("test -n", 'test -n "$MY_SECRET" && deploy "$MY_SECRET" || rollback', optional=True),
    run("test -z", 'test -z "${MY_SECRET}" || deploy "$MY_SECRET"', optional=True),
    run("if not empty", 'if [ -n "$MY_SECRET" ]; then deploy "$MY_SECRET"; fi', optional=True),
    run("if not empty, quiet", 'if [ -n "$MY_SECRET" ]; then curl "$MY_SECRET"; else touch none; fi', optional=True),
    run("if empty, else", 'if [ -z "$MY_SECRET" ]; then echo none; else deploy "$MY_SECRET"; fi', optional=True),
    run("if empty, exit 0", 'if [ -z "$MY_SECRET" ]; then exit 0; fi; deploy "$MY_SECRET"', optional=True),
    run("if empty, exit 1", 'if [ -z "$MY_SECRET" ]; then echo "no secret" >&2; exit 1; fi; deploy', optional=None),
    run("if a bare word", 'if [ "$MY_SECRET" ]; then deploy "$MY_SECRET"; fi', optional=True),
    run("if it is not the empty string", 'if [ "$MY_SECRET" != "" ]; then deploy "$MY_SECRET"; fi', optional=True),
    run("if x is not x", 'if [ "x$MY_SECRET" != "x" ]; then deploy "$MY_SECRET"; fi', optional=True),
    run("if set", 'if [ -n "${MY_SECRET+set}" ]; then deploy "$MY_SECRET"; else touch unset; fi', optional=True),
    run("not empty, unquoted", '[ ! -z $MY_SECRET ] && touch there; deploy "${MY_SECRET}"', optional=True),
    run("after another command", 'prepare && if [ -n "$MY_SECRET" ]; then deploy "$MY_SECRET"; fi && tidy', optional=True),
    run("guard at the end", 'deploy "$MY_SECRET"; [ -n "$MY_SECRET" ] && tidy', optional=True),
    run("case with empty", 'case "$MY_SECRET" in "") touch none ;; *) deploy "$MY_SECRET" ;; esac', optional=True),
    run("default if empty", 'deploy "${MY_SECRET:-none}"', optional=True),
    run("default if empty, quiet command", 'curl "${MY_SECRET:-none}"', optional=True),
    run("default if unset", 'deploy "${MY_SECRET-none}"', optional=True),
    run("default that is empty", 'deploy "${MY_SECRET:-}"', optional=True),
    run("default under set -u", 'set -u; deploy "${MY_SECRET:-}"', optional=True),
    run("option if not empty", "deploy ${MY_SECRET:+--token=$MY_SECRET}", optional=True),
    run("option if not empty, quoted", 'deploy ${MY_SECRET:+--token "$MY_SECRET"} --now', optional=True),
    run("option if set", 'deploy "${MY_SECRET+there}"', optional=True),
    run("default, assigned", 'MY_SECRET="${MY_SECRET:-none}"; deploy', optional=True),
    run("default and or", 'fail1 "${MY_SECRET:-none}" || deploy "$MY_SECRET"', optional=True),
    run("default and background", 'deploy "${MY_SECRET:-none}" & wait', optional=True),
    run("guard within a function", 'go() { [ -n "$MY_SECRET" ] || return 0; deploy "$MY_SECRET"; }; go', optional=True),
    run("guard within single quotes", "[ -n '${MY_SECRET}' ] && deploy \"$MY_SECRET\"", optional=None),
    run("guard within an inner shell", "sh -c 'if [ -n \"$MY_SECRET\" ]; then deploy; fi'", optional=None),
    bash("double brackets, not empty", 'if [[ -n "$MY_SECRET" ]]; then deploy "$MY_SECRET"; fi', optional=True),
    bash("double brackets, is set", 'if [[ -v MY_SECRET ]]; then deploy "$MY_SECRET"; fi', optional=None),
    Shape(
        "guard in one RUN, none in the other",
        'FROM alpine\nARG MY_SECRET\nRUN [ -z "$MY_SECRET" ] || deploy "$MY_SECRET"\nRUN deploy "$MY_SECRET"\n',
        optional=None,
    ),
    Shape(
        "guard on one of two",
        'FROM alpine\nARG MY_SECRET\nARG NPM_TOKEN\nRUN [ -z "$NPM_TOKEN" ] || npm config set "$NPM_TOKEN"; deploy "$MY_SECRET"\n',
        moved=frozenset({"MY_SECRET", "NPM_TOKEN"}),
        optional=None,
    ),
)
