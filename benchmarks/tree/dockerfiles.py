"""Dockerfiles as services have them: most of some twenty lines, a few of hundreds."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .ecosystems import DEBIAN, ECOSYSTEMS, PLAIN, Ecosystem
from .leaks import Leak
from .words import chance, constant, hexadecimal, sentence, version

# one more step a Dockerfile has, at the median, and how far the long ones go
STEPS, SPREAD, MOST = 1.6, 1.05, 60


def ecosystem_of(random: Random) -> Ecosystem:
    """As often as they are."""
    return random.choices(ECOSYSTEMS, [each.share for each in ECOSYSTEMS])[0]


def dockerfile(random: Random, ecosystem: Ecosystem, name: str, leak: Leak | None = None) -> str:
    """A Dockerfile that builds the service `name`; with `leak` it takes a secret as a build arg."""
    steps = min(int(random.lognormvariate(STEPS - 1.0, SPREAD)), MOST)
    parts = [*_head(random, leak), *_build_stage(random, ecosystem, leak, steps)]
    if leak is None and chance(random, ecosystem.multi):
        parts += _last_stage(random, ecosystem, steps // 2)
    elif leak is not None and leak.staged:
        parts += _last_stage(random, ecosystem, 0)
    parts += _tail(random, ecosystem)
    return _written(random, "\n".join(parts).replace("@name@", name))


def _written(random: Random, text: str) -> str:
    """With the newlines and the end that some files have."""
    text = text if chance(random, 0.13) else f"{text}\n"
    if chance(random, 0.012):
        return text.replace("\n", "\r\n")
    return text


def _head(random: Random, leak: Leak | None) -> list[str]:
    lines = ["# syntax=docker/dockerfile:1"] if chance(random, 0.05) else []
    if chance(random, 0.25):
        lines += [f"# {sentence(random)}" for _ in range(random.randint(1, 3))]
    if leak is not None and leak.head:
        lines.append(leak.head)
    return lines


def _build_stage(random: Random, ecosystem: Ecosystem, leak: Leak | None, steps: int) -> list[str]:
    base = random.choice(ecosystem.bases)
    stage = "" if leak is None and chance(random, 0.4) else random.choice((" AS build", " AS builder", " as build", " AS base"))
    if leak is not None and leak.staged:
        stage = " AS build"
    lines = [f"FROM {base}{stage}", *_blank(random)]
    if chance(random, 0.3):
        lines.append(f'LABEL maintainer="{random.choice(("platform", "team"))}@example.com"')
    if chance(random, 0.45):
        lines += _environment(random, ecosystem)
    if chance(random, 0.3):
        lines += _versions(random)
    if chance(random, 0.45):
        lines += _packages(random, ecosystem, base)
    lines += [f"WORKDIR /{random.choice(('app', 'app', 'app', 'src', 'usr/src/app'))}", *_blank(random)]
    before = random.randint(0, steps)
    for _ in range(before):
        lines += _step(random, ecosystem, base)
    lines += random.choice(ecosystem.manifests).split("\n")
    lines += leak.lines.split("\n") if leak is not None else [random.choice(ecosystem.install)]
    lines += [*_blank(random), random.choice(("COPY . .", "COPY . ./", "COPY src ./src", "ADD . .", "COPY --chown=1000:1000 . ."))]
    if chance(random, 0.7):
        lines.append(random.choice(ecosystem.build))
    for _ in range(steps - before):
        lines += _step(random, ecosystem, base)
    return lines


def _last_stage(random: Random, ecosystem: Ecosystem, steps: int) -> list[str]:
    base = random.choice(ecosystem.runtimes)
    lines = ["", f"FROM {base}", *_blank(random), f"WORKDIR /{random.choice(('app', 'srv', 'opt/@name@'))}"]
    if chance(random, 0.35) and "scratch" not in base and "distroless" not in base:
        lines += _packages(random, ecosystem, base)
    if chance(random, 0.3):
        lines += _environment(random, ecosystem)
    for _ in range(steps):
        lines += _step(random, ecosystem, base) if base != "scratch" else _environment(random, ecosystem)
    return [*lines, f"COPY --from=0 {ecosystem.result}"]


def _tail(random: Random, ecosystem: Ecosystem) -> list[str]:
    lines = list(_blank(random))
    if chance(random, 0.15):
        lines.append(random.choice(("USER 1000", "USER 1000:1000", "USER nobody", "USER app")))
    if chance(random, 0.55):
        lines.append(f"EXPOSE {random.choice((80, 3000, 5000, 8000, 8080, 9090, 50051))}")
    if chance(random, 0.08):
        lines.append("HEALTHCHECK --interval=30s --timeout=3s CMD wget -qO- http://localhost:8080/healthz || exit 1")
    return [*lines, random.choice(ecosystem.commands)]


def _blank(random: Random) -> list[str]:
    return [""] if chance(random, 0.6) else []


def _environment(random: Random, ecosystem: Ecosystem) -> list[str]:
    pairs = random.sample(ecosystem.environment, random.randint(1, len(ecosystem.environment)))
    if chance(random, 0.3):
        pairs += [f"{constant(random)}={random.choice(('true', 'false', '8', '/data', '300'))}" for _ in range(random.randint(1, 4))]
    if chance(random, 0.2):
        pairs.append(f"PATH={random.choice(('/opt/venv/bin', '/app/node_modules/.bin', '/root/.local/bin', '/usr/local/app/bin'))}:$PATH")
    if chance(random, 0.3):
        return ["ENV " + " \\\n    ".join(pairs), *_blank(random)]
    return [*(f"ENV {pair}" if chance(random, 0.9) else f"ENV {pair.replace('=', ' ', 1)}" for pair in pairs), *_blank(random)]


def _versions(random: Random) -> list[str]:
    names = ("VERSION", "BUILD_DATE", "GIT_COMMIT", "APP_ENV", "UID", "GID", "TARGETARCH", "BUILD_NUMBER", "RELEASE", "DEBIAN_FRONTEND")
    values = {"UID": "=1000", "GID": "=1000", "APP_ENV": "=production", "VERSION": "=dev", "DEBIAN_FRONTEND": "=noninteractive"}
    chosen = random.sample(names, random.randint(1, 3))
    return [*(f"ARG {name}{values.get(name, '')}" for name in chosen), *_blank(random)]


def _packages(random: Random, ecosystem: Ecosystem, base: str) -> list[str]:
    packages = sorted({*random.sample(DEBIAN, random.randint(1, 6)), *random.sample(ecosystem.packages, random.randint(1, 2))})
    joined = " \\\n        ".join(packages) if chance(random, 0.7) else " ".join(packages)
    if "alpine" in base:
        return [f"RUN apk add --no-cache {joined}", *_blank(random)]
    install = f"apt-get install -y --no-install-recommends {joined}" if chance(random, 0.7) else f"apt-get -y install {joined}"
    clean = " \\\n    && rm -rf /var/lib/apt/lists/*" if chance(random, 0.7) else ""
    return [f"RUN apt-get update && {install}{clean}", *_blank(random)]


# --- one more step --------------------------------------------------------------------------------------------------------


def _download(random: Random) -> list[str]:
    tool = random.choice(
        (
            "buf",
            "consul-template",
            "dockerize",
            "dumb-init",
            "envconsul",
            "ffmpeg",
            "go-migrate",
            "gosu",
            "grpcurl",
            "hadolint",
            "helm",
            "hugo",
            "jmeter",
            "kubectl",
            "node-exporter",
            "pandoc",
            "protoc",
            "s6-overlay",
            "shellcheck",
            "swagger",
            "terraform",
            "tini",
            "wait-for",
            "yq",
        )
    )
    variable = tool.upper().replace("-", "_")
    lines = [f"{random.choice(('ARG', 'ENV'))} {variable}_VERSION={version(random)}"]
    url = f"https://downloads.example.com/{tool}/v${{{variable}_VERSION}}/{tool}-linux-amd64.tar.gz"
    fetch = f"curl -fsSL {url} -o /tmp/{tool}.tgz" if chance(random, 0.7) else f"wget -q {url} -O /tmp/{tool}.tgz"
    check = f' \\\n    && echo "{hexadecimal(random, 64)}  /tmp/{tool}.tgz" | sha256sum -c -' if chance(random, 0.4) else ""
    return [*lines, f"RUN {fetch}{check} \\\n    && tar -xzf /tmp/{tool}.tgz -C /usr/local/bin \\\n    && rm /tmp/{tool}.tgz"]


def _signed(random: Random) -> list[str]:
    tool = random.choice(("agent", "runtime", "proxy", "collector"))
    key = hexadecimal(random, 40).upper()
    return [
        f"ENV GPG_KEY={key}",
        f"ARG {tool.upper()}_VERSION={version(random)}",
        'RUN export GNUPGHOME="$(mktemp -d)" \\',
        '    && gpg --batch --keyserver hkps://keys.example.com --recv-keys "$GPG_KEY" \\',
        f"    && curl -fsSLO https://downloads.example.com/{tool}/{tool}-${{{tool.upper()}_VERSION}}.tar.xz.asc \\",
        f"    && gpg --batch --verify {tool}-${{{tool.upper()}_VERSION}}.tar.xz.asc \\",
        '    && gpgconf --kill all && rm -rf "$GNUPGHOME"',
    ]


def _apt_source(random: Random) -> list[str]:
    name = random.choice(("nodesource", "pgdg", "kubernetes", "sury", "yarn"))
    return [
        f"RUN curl -fsSL https://packages.example.com/{name}.gpg.key | gpg --dearmor -o /usr/share/keyrings/{name}.gpg \\",
        f'    && echo "deb [signed-by=/usr/share/keyrings/{name}.gpg] https://packages.example.com/{name} stable main" \\',
        f"       > /etc/apt/sources.list.d/{name}.list \\",
        f"    && apt-get update && apt-get install -y {name}-client \\",
        "    && rm -rf /var/lib/apt/lists/*",
    ]


def _user(random: Random) -> list[str]:
    number = random.choice((1000, 1001, 10001))
    made = random.choice((
        "groupadd -r app && useradd -r -g app app", "adduser -D app", "addgroup -S app && adduser -S app -G app", "useradd -m app",
        "useradd --create-home --shell /bin/bash app", f"groupadd -g {number} app && useradd -u {number} -g app -m app", f"adduser -D -u {number} app",
    ))  # fmt: skip
    return [f"RUN {made}", f"RUN mkdir {random.choice(('', '-p '))}/data && chown -R app /data"]


def _copies(random: Random) -> list[str]:
    names = random.sample(("config", "scripts", "migrations", "templates", "static", "locales", "bin", "public"), random.randint(1, 4))
    return [f"COPY {name}/ ./{name}/" for name in names]


def _entrypoint(random: Random) -> list[str]:
    script = random.choice(("docker-entrypoint.sh", "start.sh", "wait-for-it.sh", "run.sh"))
    return [f"COPY {script} /usr/local/bin/{script}", f"RUN chmod +x /usr/local/bin/{script}"]


def _labels(random: Random) -> list[str]:
    return [
        f'LABEL org.opencontainers.image.title="@name@" \\\n      org.opencontainers.image.vendor="Harbour" \\\n      org.opencontainers.image.version="{version(random)}"'
    ]


def _heredoc(random: Random) -> list[str]:
    if chance(random, 0.5):
        return [
            "COPY <<EOF /etc/@name@.conf",
            f"workers = {random.randrange(1, 16)}",
            "listen = 0.0.0.0:8080",
            f"# {sentence(random)}",
            "EOF",
        ]
    return [
        "RUN <<EOF",
        "set -e",
        "mkdir -p /var/lib/@name@ /var/log/@name@",
        f"touch /var/log/@name@/{random.choice(('access', 'error'))}.log",
        "EOF",
    ]


def _written_file(random: Random) -> list[str]:
    return [
        f"RUN printf '[default]\\nregion = eu-west-{random.randint(1, 3)}\\n' > /etc/@name@.ini && sed -i 's/#port/port/' /etc/@name@.ini"
    ]


def _chain(random: Random) -> list[str]:
    parts = [
        f"mkdir -p /var/lib/{random.choice(('app', 'data', 'cache'))}",
        'ln -sf /dev/stdout "/var/log/${APP_NAME:-app}.log"',
        "git config --system --add safe.directory '*'",
        "find . -name '*.map' -delete",
        f"echo '{sentence(random, 8)}' > /etc/motd",
        'if [ "$(uname -m)" = "aarch64" ]; then ln -s /usr/lib/aarch64 /usr/lib/native; fi',
        "update-ca-certificates",
        "localedef -i en_US -c -f UTF-8 en_US.UTF-8 || true",
        f"git clone --depth 1 --branch v{version(random)} https://git.example.com/public/scripts.git /opt/scripts",
    ]
    trace = "set -ex \\\n    && " if chance(random, 0.1) else ""
    return ["RUN " + trace + " \\\n    && ".join(random.sample(parts, random.randint(2, 6)))]


def _public(random: Random) -> list[str]:
    names = ("PUBLIC_KEY", "NEXT_PUBLIC_API_URL", "VITE_MAP_STYLE", "CACHE_KEY", "AUTH_MODE", "KEYCLOAK_URL", "TOKEN_TTL", "SENTRY_RELEASE")
    name = random.choice(names)
    return [f"ARG {name}", f"ENV {name}=${name}"]


def _long_list(random: Random) -> list[str]:
    return [f"ENV {constant(random)}={random.randrange(1000)}" for _ in range(random.randint(3, 12))]


def _comment(random: Random) -> list[str]:
    return [
        "",
        *(f"# {sentence(random)}" for _ in range(random.randint(1, 4))),
        f"# RUN {random.choice(('npm test', 'make check', 'pip list'))}",
    ]


STEP_KINDS: tuple[tuple[Callable[[Random], list[str]], int], ...] = (
    (_download, 14), (_signed, 1), (_apt_source, 4), (_user, 8), (_copies, 16), (_entrypoint, 10), (_labels, 6), (_heredoc, 2),
    (_written_file, 5), (_chain, 14), (_public, 1), (_long_list, 5), (_comment, 12),
)  # fmt: skip


def _step(random: Random, ecosystem: Ecosystem, base: str) -> list[str]:
    if chance(random, 0.12):
        return _packages(random, ecosystem, base if base != "scratch" else random.choice(PLAIN))
    kind = random.choices([kind for kind, _ in STEP_KINDS], [share for _, share in STEP_KINDS])[0]
    return [*kind(random), *_blank(random)]
