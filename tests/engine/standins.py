"""The base image of every build: busybox, with a recorder in place of each tool that would need a network.

One image stands in for all: a named context (`--build-context alpine=docker-image://…`) takes the place of what FROM
names, so the engine's own `alpine` stays as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

from .client import Engine

# Tools that never look at their environment for a secret: rule 3 lets a RUN of only these keep it unexported.
INCURIOUS = ("apk", "apt-get", "curl", "useradd", "adduser", "usermod", "addgroup", "groupadd", "unzip", "wget")
CURIOUS = (
    *("aws", "bundle", "cargo", "composer", "docker", "dotnet", "envsubst", "gem", "gh", "git", "go", "gradle", "jq", "make", "mvn"),
    *("node", "npm", "npx", "pip", "pip3", "pnpm", "printenv", "psql", "python", "python3", "su", "sudo", "terraform", "uv", "yarn"),
)
# Recorders where a Dockerfile names a path, and the files that its commands take from the working directory or another stage.
PATHS = ("/install", "/usr/bin/python3")
FILES = ("/a", "/a.template", "/app/app", "/b", "/data.zip", "/in.json")

# Everything is gathered first and written at once: tools of one pipeline run side by side.
RECORDER = r"""#!/bin/sh
tool=${0##*/}
nl='
'
shown() {
    case $1 in
        *canary* | *"$nl"*) printf 'sha256:%s' "$(printf %s "$1" | sha256sum | cut -d' ' -f1)" ;;
        *) printf %s "$1" ;;
    esac
}
environment() {
    tr '\n\0' '\001\n' </proc/$$/environ | while IFS= read -r pair; do
        case $pair in
            _=* | PWD=* | OLDPWD=* | SHLVL=* | HOSTNAME=*) ;;
            *) printf 'env %s=%s\n' "${pair%%=*}" "$(shown "${pair#*=}")" ;;
        esac
    done | sort
}
gathered() {
    printf 'tool %s\n' "$tool"
    for word; do printf 'word %s\n' "$(shown "$word")"; done
    for word; do
        case $word in
            - | @- | --*-stdin) printf 'stdin %s\n' "$(sha256sum | cut -d' ' -f1)" ;;
        esac
    done
    for word; do
        case $word in
            /dev/pipes/*) printf 'file %s %s\n' "$word" "$(sha256sum <"$word" | cut -d' ' -f1)" ;;
        esac
    done
    for file in .npmrc .yarnrc.yml "$HOME/.npmrc" "$HOME/.netrc" "$HOME/.gitconfig" "$HOME/.config/pip/pip.conf"; do
        [ ! -e "$file" ] || printf 'file %s %s\n' "$file" "$(sha256sum <"$file" | cut -d' ' -f1)"
    done
    case " @INCURIOUS@ " in *" $tool "*) ;; *) environment ;; esac
    for file in /run/secrets/*; do
        [ ! -s "$file" ] || printf 'mounted %s=%s\n' "${file##*/}" "$(shown "$(cat "$file" 2>&1)")"
    done
    printf 'end\n.'
}
record=$(gathered "$@")
printf %s "${record%.}" >>/recorded

# What the tool leaves behind, the copies of a credential among it: a RUN that cleans up must still do so.
clone() {
    for word; do case $word in *://*) url=$word ;; esac; last=$word; done
    [ "$last" != "$url" ] || { last=${url##*/}; last=${last%.git}; }
    [ -d "$last" ] || rm -f "$last"
    mkdir -p "$last/.git"
    echo "url = $url" >"$last/.git/config"
    echo cloned >"$last/README"
}
download() {
    flag=$1; shift
    while [ $# -gt 1 ]; do [ "$1" != "$flag" ] || echo "made by $tool" >"$2"; shift; done
}
configure() {
    verb=$1 key=${2%%=*}; shift
    [ "$verb" != set ] || echo "$*" >>"$HOME/.npmrc"
    [ "$verb" != delete ] || sed -i "\\|^$key|d" "$HOME/.npmrc"
}
made() {
    [ "$1" != -C ] || echo "made by $tool" >"$2/app"
}
# Who runs a RUN decides who can read a mounted file: an account that is made is there, with its number.
account() {
    uid=
    while [ $# -gt 1 ]; do
        case $1 in
            -u | --uid) uid=$2; shift ;;
            --uid=*) uid=${1#*=} ;;
        esac
        shift
    done
    [ -n "$uid" ] || grep -q "^$1:" /etc/passwd || uid=3000
    [ -n "$uid" ] || return 0
    others=$(grep -v "^$1:" /etc/passwd)
    printf '%s\n%s:x:%s:%s::/:/bin/sh\n' "$others" "$1" "$uid" "$uid" >/etc/passwd
}
case $tool-$1 in
    useradd-* | adduser-* | usermod-*) account "$@" ;;
    npm-config) shift; configure "$@" ;;
    make-*) made "$@" ;;
    sudo--u) shift 2; exec "$@" ;;
    su-*) shift; exec sh "$@" ;;
    git-clone) clone "$@" ;;
    git-config) echo "$*" >>"$HOME/.gitconfig" ;;
    npm-ci | npm-install) mkdir -p node_modules; echo installed >node_modules/.package-lock.json ;;
    curl-*) download -o "$@" ;;
    wget-*) download -O "$@" ;;
    go-build) mkdir -p /out; download -o "$@" ;;
esac
"""

# busybox's own shell runs its applets whatever PATH says, so no recorder could stand before its wget: it gets Debian's
# shells, with the libraries they need.
DOCKERFILE = r"""FROM debian:forky-slim AS shells
RUN mkdir /shells \
    && cp --parents --dereference /bin/bash /bin/dash $(ldd /bin/bash /bin/dash | grep -o '/[^ :]*' | sort -u) /shells

FROM busybox
COPY --from=shells /shells /
RUN ln -sf dash /bin/sh && ln -s bash /bin/zsh && ln -sf busybox /bin/ash && ln -sf /bin/busybox /usr/bin/env && echo @NONCE@ >/nonce
COPY --chmod=0755 recorder /usr/local/bin/recorder
RUN for tool in @TOOLS@; do ln -s recorder "/usr/local/bin/$tool"; done \
    && for path in @PATHS@; do ln -s /usr/local/bin/recorder "$path"; done \
    && mkdir -p /app /srv /root/.ssh && touch /recorded @FILES@ && chmod 0666 /recorded @FILES@ \
    && for user in node:x:1000:1000 app:x:3000:3000 www-data:x:33:33; do echo "$user::/:/bin/sh" >>/etc/passwd; done \
    && echo app:x:3000: >>/etc/group
"""


def build_standin(engine: Engine, tag: str, folder: Path) -> None:
    """Build the one stand-in image under a tag of this test run.

    It is unlike any other run's: BuildKit shares a step between builds that run side by side, though their secrets differ and
    though both say `--no-cache` (solver/jobs.go, loadUnlocked), and a step that starts from another image is another step.
    """
    tools = " ".join((*INCURIOUS, *CURIOUS))
    (folder / "recorder").write_text(RECORDER.replace("@INCURIOUS@", " ".join(INCURIOUS)))
    filled = {"@TOOLS@": tools, "@PATHS@": " ".join(PATHS), "@FILES@": " ".join(FILES), "@NONCE@": tag}
    (folder / "Dockerfile").write_text(re.sub("@[A-Z]+@", lambda found: filled[found[0]], DOCKERFILE))
    engine.docker("build", "--network=none", "--quiet", "--tag", tag, str(folder))


def contexts(dockerfile: str, tag: str) -> tuple[str, ...]:
    """The options that put the stand-in in place of each image the Dockerfile starts from."""
    words = (("--build-context", f"{base}=docker-image://{tag}") for base in sorted(_bases(dockerfile)))
    return tuple(word for pair in words for word in pair)


def targets(dockerfile: str) -> tuple[str, ...]:
    """What `--target` calls each stage: its name, or its number where it has none."""
    return tuple(name or str(number) for number, (_, name) in enumerate(_froms(dockerfile)))


def leaves(dockerfile: str) -> tuple[tuple[str, ...], ...]:
    """The `--target` of each stage that no other is built from, the final one, which needs none, last; they have all the others."""
    parents = {base.lower() for base, _ in _froms(dockerfile)}
    earlier = [name for _, name in _froms(dockerfile)[:-1]]
    return (*(("--target", name) for name in earlier if name.lower() not in parents), ())


def _bases(dockerfile: str) -> set[str]:
    """The images that FROM and COPY name, with the defaults of global ARGs filled in; earlier stages are none."""
    defaults = dict(re.findall(r"(?im)^ARG\s+(\w+)=(\S*)", dockerfile))
    froms = _froms(dockerfile)
    names = {re.sub(r"\$\{?(\w+)\}?", lambda name: defaults.get(name[1], ""), base) for base, _ in froms}
    copied = set(re.findall(r"--from=([\w.-]+/\S+)", dockerfile))
    return (names | copied) - {stage for _, stage in froms} - {"scratch"}


def _froms(dockerfile: str) -> list[tuple[str, str]]:
    return re.findall(r"(?im)^\ufeff?FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", dockerfile)
