"""The base image of every build: busybox, with a recorder in place of each tool that would need a network.

One image stands in for all: a named context (`--build-context alpine=docker-image://…`) takes the place of what FROM
names, so the engine's own `alpine` stays as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

from .client import Engine

# Tools that never look at their environment for a secret: rule 3 lets a RUN of only these keep it unexported.
INCURIOUS = ("apk", "apt-get", "curl", "useradd", "adduser", "addgroup", "groupadd", "wget")
CURIOUS = (
    *("aws", "bundle", "cargo", "composer", "docker", "dotnet", "gem", "gh", "git", "go", "gradle", "make", "mvn"),
    *("node", "npm", "npx", "pip", "pip3", "pnpm", "python", "python3", "terraform", "uv", "yarn"),
)

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
    mkdir -p "$last/.git"
    echo "url = $url" >"$last/.git/config"
    echo cloned >"$last/README"
}
download() {
    flag=$1; shift
    while [ $# -gt 1 ]; do [ "$1" != "$flag" ] || echo "made by $tool" >"$2"; shift; done
}
case $tool-$1 in
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
RUN ln -sf dash /bin/sh && echo @NONCE@ >/nonce
COPY --chmod=0755 recorder /usr/local/bin/recorder
RUN for tool in @TOOLS@; do ln -s recorder "/usr/local/bin/$tool"; done \
    && touch /recorded && chmod 0666 /recorded \
    && echo 'node:x:1000:1000::/home/app:/bin/sh' >>/etc/passwd
"""


def build_standin(engine: Engine, tag: str, folder: Path) -> None:
    """Build the one stand-in image under a tag of this test run.

    It is unlike any other run's: BuildKit shares a step between builds that run side by side, though their secrets differ and
    though both say `--no-cache` (solver/jobs.go, loadUnlocked), and a step that starts from another image is another step.
    """
    tools = " ".join((*INCURIOUS, *CURIOUS))
    (folder / "recorder").write_text(RECORDER.replace("@INCURIOUS@", " ".join(INCURIOUS)))
    (folder / "Dockerfile").write_text(DOCKERFILE.replace("@TOOLS@", tools).replace("@NONCE@", tag))
    engine.docker("build", "--network=none", "--quiet", "--tag", tag, str(folder))


def contexts(dockerfile: str, tag: str) -> tuple[str, ...]:
    """The options that put the stand-in in place of each image the Dockerfile starts from."""
    words = (("--build-context", f"{base}=docker-image://{tag}") for base in sorted(_bases(dockerfile)))
    return tuple(word for pair in words for word in pair)


def targets(dockerfile: str) -> tuple[str, ...]:
    """What `--target` calls each stage: its name, or its number where it has none."""
    return tuple(name or str(number) for number, (_, name) in enumerate(_froms(dockerfile)))


def _bases(dockerfile: str) -> set[str]:
    """The images that FROM names, with the defaults of global ARGs filled in; earlier stages are none."""
    defaults = dict(re.findall(r"(?im)^ARG\s+(\w+)=(\S*)", dockerfile))
    froms = _froms(dockerfile)
    names = {re.sub(r"\$\{?(\w+)\}?", lambda name: defaults.get(name[1], ""), base) for base, _ in froms}
    return names - {stage for _, stage in froms} - {"scratch"}


def _froms(dockerfile: str) -> list[tuple[str, str]]:
    return re.findall(r"(?im)^\ufeff?FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", dockerfile)
