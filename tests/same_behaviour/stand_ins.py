"""Programs that a RUN finds on its PATH: recorders, stand-ins for sudo and the like, and a few real ones."""

from __future__ import annotations

import re

# What a shape needs for real: they carry data, environment or control from one command to the next.
_REAL = """
[ base64 basename bash cat chmod chown cp cut date dirname echo env expr false grep head id kill ln ls mkdir mktemp mv nice
nohup paste printenv printf pwd rev rm rmdir sed seq sleep sort stat tail tee test timeout touch tr true uname uniq wc xargs
"""
REAL = frozenset(_REAL.split())
WORD = re.compile(r"[A-Za-z_][\w.+-]*")

# The environment is read from /proc: a shell would drop names that are none of its own.
# A script that has the recorder as its interpreter is input, too.
RECORDER = r"""#!/bin/sh
name=${0##*/}
log=/run/log/$$-$name
echo "$$-$name" >> /run/log/order
/bin/cat /proc/$$/environ > "$log.environ"
printf '%s\0' "$@" > "$log.argv"
[ $# -gt 0 ] || : > "$log.argv"
[ /proc/self/fd/0 -ef /dev/null ] || /bin/cat > "$log.stdin"
for word in "$@"; do
    case $word in /run/pipes/*) read -r first < "$word" ;; *) first= ;; esac
    case $first in "#!"*"$name"*) /bin/cat "$word" >> "$log.stdin" ;; esac
done
echo "output of $name"
case $name in
    fail[0-9]*) exit "${name#fail}" ;;
    flaky[0-9]*)
        count=0
        [ ! -f "/run/log/$name.count" ] || read -r count < "/run/log/$name.count"
        echo $((count + 1)) > "/run/log/$name.count"
        [ "$count" -ge "${name#flaky}" ] ;;
esac
"""

# Real sudo resets the environment (env_reset) but for a few names, -E keeps it, NAME=value words set it.
SUDO = r"""#!/bin/sh
keep= names= user=root
while [ $# -gt 0 ]; do
    case $1 in
        -E|--preserve-env) keep=all ;;
        --preserve-env=*) names=$names,${1#*=} ;;
        -u) user=$2; shift ;;
        -H|-n|-S) ;;
        --) shift; break ;;
        -*) echo "sudo: option $1 has no stand-in" >&2; exit 98 ;;
        *) break ;;
    esac
    shift
done
kept=$(printf %s "$names" | tr , ' ')
if [ -n "$keep" ]; then
    set -- env USER="$user" LOGNAME="$user" "$@"
else
    for name in $kept; do
        eval "[ -z \"\${$name+set}\" ] || set -- \"$name=\$$name\" \"\$@\""
    done
    set -- env -i PATH="$PATH" HOME=/run/home USER="$user" LOGNAME="$user" SHELL=/bin/sh "$@"
fi
exec "$@"
"""

# Real su keeps the environment but for HOME, SHELL, USER and LOGNAME; `su -` starts afresh. The user really changes.
SU = r"""#!/bin/sh
login= user=root command=
while [ $# -gt 0 ]; do
    case $1 in
        -|-l|--login) login=yes ;;
        -c) command=$2; shift ;;
        -s) shift ;;
        -*) echo "su: option $1 has no stand-in" >&2; exit 98 ;;
        *) user=$1 ;;
    esac
    shift
done
case $user in root) uid=0 ;; node) uid=1000 ;; *) uid=1001 ;; esac
set -- /usr/bin/setpriv --reuid="$uid" --regid="$uid" --clear-groups "${0%/*}/sh" -c "$command"
[ -z "$login" ] || set -- env -i PATH="$PATH" "$@"
exec env HOME=/run/home SHELL=/bin/sh USER="$user" LOGNAME="$user" "$@"
"""

# `time` is a program in dash and a keyword in bash; what it prints is never the same twice.
TIME = r"""#!/bin/sh
[ "$1" != -p ] || shift
exec "$@"
"""

# A shell is all that any shape wants of it.
BUSYBOX = r"""#!/bin/sh
exec "$@"
"""

SCRIPTS = {"recorder": RECORDER, "sudo": SUDO, "su": SU, "time": TIME, "busybox": BUSYBOX}
# Names under which a build finds its shell.
SHELLS = ("sh", "ash", "dash", "zsh")


def commands(text: str) -> frozenset[str]:
    """Every word of a RUN that could be a command; `missing…` stays one that is not there."""
    words = frozenset(WORD.findall(text))
    return frozenset(word for word in words - REAL - SCRIPTS.keys() - set(SHELLS) if not word.startswith("missing"))
