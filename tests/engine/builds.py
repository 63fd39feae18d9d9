"""A Dockerfile built, before and after, with the printed command and a canary in place of the secret."""

from __future__ import annotations

import re
import secrets
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .client import Engine
from .images import Image, read_image
from .standins import contexts, targets
from .subjects import Secret, Subject

# Without the cache: a secret's value is no part of its key, so another run's canary would come back.
ALWAYS = ("--network=none", "--no-cache", "--progress=plain", "--provenance=mode=max")
SECRET = re.compile(r"--secret (\S+)")


@dataclass(frozen=True, slots=True)
class Build:
    """The log of a whole build and the images of its stages, the final one last."""

    log: str
    images: tuple[Image, ...]

    @property
    def final(self) -> Image:
        """The image a person gets."""
        return self.images[-1]


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds subjects on one engine, from one stand-in image."""

    engine: Engine
    standin: str

    def before(self, subject: Subject, canaries: Mapping[str, str]) -> Build:
        """The leaking Dockerfile, the way it is built today: the printed command with build args for secrets."""
        given = tuple(f"--build-arg={name}={canary}" for name, canary in canaries.items())
        command = with_options(SECRET.sub("", subject.command), given)
        return self._build(subject, subject.before, command, canaries)

    def after(self, subject: Subject, canaries: Mapping[str, str]) -> Build:
        """The rewritten Dockerfile with the printed command, the canaries in the variables it names."""
        return self._build(subject, subject.after, subject.command, canaries)

    def after_without(self, subject: Subject, secret: Secret) -> subprocess.CompletedProcess[str]:
        """The rewritten Dockerfile with one secret not passed at all."""
        command = re.sub(rf"--secret id={re.escape(secret.id)}(?=[,\s])\S* ", "", subject.command)
        canaries = {each.variable: "canary-other" for each in subject.secrets()}
        return self._run(
            subject, subject.after, with_options(command, (*self._options(subject.after), "--output=type=cacheonly")), canaries
        )

    def call(self, subject: Subject, dockerfile: str, method: str) -> str:
        """What `docker build --call=…` says about a Dockerfile; nothing is run."""
        options = (f"--call={method}", *contexts(dockerfile, self.standin))
        command = with_options(SECRET.sub("", subject.command), options)
        # A command that checks its variables first (rule 14) would not get as far as docker.
        variables = {secret.variable: "canary-unused" for secret in subject.secrets()}
        return self._run(subject, dockerfile, command, variables).stdout

    def _build(self, subject: Subject, dockerfile: str, command: str, variables: Mapping[str, str]) -> Build:
        earlier = [("--target", stage) for stage in targets(dockerfile)[:-1]]
        logs, images = [], []
        for target in (*earlier, ()):
            options = (*self._options(dockerfile), *target)
            log, image = self._built(subject, dockerfile, with_options(command, options), variables)
            logs.append(log)
            images.append(image)
        return Build("".join(logs), tuple(images))

    def _built(self, subject: Subject, dockerfile: str, command: str, variables: Mapping[str, str]) -> tuple[str, Image]:
        tag = f"dockerfix-built:{secrets.token_hex(6)}"
        try:
            done = self._run(subject, dockerfile, with_options(command, ("--tag", tag)), variables)
            assert done.returncode == 0, done.stdout + done.stderr
            with TemporaryDirectory() as folder:
                return done.stdout + done.stderr, read_image(self.engine, tag, Path(folder))
        finally:
            self.engine.docker("image", "rm", "--force", tag, check=False)

    def _run(self, subject: Subject, dockerfile: str, command: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        with TemporaryDirectory() as folder:
            root = subject.lay_out(Path(folder) / "copy", dockerfile)
            return self.engine.shell(command, folder=root, variables=variables, check=False)

    def _options(self, dockerfile: str) -> tuple[str, ...]:
        return (*ALWAYS, *contexts(dockerfile, self.standin))


def with_options(command: str, options: tuple[str, ...]) -> str:
    """The printed text, the options of the test put in; all that is before and after stays as it is."""
    return command.replace("docker build", f"docker build {shlex.join(options)}", 1)
