"""CircleCI: each `run` step is a shell of its own; orbs take build args as text, which is only reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath

from codemod.callers.call import ID
from codemod.callers.ci.embedded import SHELLS, Script, joined, masked
from codemod.callers.ci.pipeline_files import CIRCLECI
from codemod.callers.ci.pipeline_variables import BUILDKIT, ON, Builder, builder, is_old, needs_buildkit
from codemod.callers.places import within
from codemod.callers.reported.shapes import Shape
from codemod.callers.shell.build_tools import VARIABLE
from codemod.callers.shell.text import ShellText
from codemod.callers.yaml.tree import Mapping, Pair, Scalar, Sequence, Yaml, pair_at, text_at, walk

KIND = "step of CircleCI"
PARAMETER = re.compile(r"<<\s*[\w.-]+\s*>>")
HOME = re.compile(r"~/project(?:/|$)|/home/circleci/project(?:/|$)|/root/project(?:/|$)|\$CIRCLE_WORKING_DIRECTORY(?:/|$)")
UNEXPORTED = re.compile(r"(?<!export )\b([A-Za-z_]\w*)=")
INPUTS = ("extra_build_args", "extra-build-args", "docker-build-args", "build_args", "build-args", "extra_docker_args")
# an orb's name has a / in it
AT = r"(?:(?:jobs|commands)/[^/]+/(?:.*/)?steps/\d+|workflows/[^/]+/jobs/\d+)/"
KANIKO = "Google's kaniko ignores secret mounts: build with an orb of docker's, or with osscontainertools/kaniko 1.26.3 or later"
SHAPES = tuple(
    Shape(
        "orb of CircleCI",
        CIRCLECI,
        AT + orb,
        flags=(name,),
        dockerfile=("dockerfile", "docker-file"),
        context=("docker-context", "docker_context", "build_path", "path"),
        one_of=(name,),
        folder="..",
        obstacle=blocks or "the text is an orb's, which has to build with BuildKit",
        suggestion=f"{name}: --secret=id={ID},env={VARIABLE}",
        blocks=blocks,
    )
    for orb, blocks in ((r"(?!.*kaniko)[^/]+(?:/[^/]+)?", ""), (r"[^/]*kaniko[^/]*(?:/[^/]+)?", KANIKO))
    for name in INPUTS
)


def scripts(tree: Yaml) -> Iterator[Script]:
    """The shell texts of a configuration's jobs and commands."""
    unexported = _unexported(tree)
    for key in ("jobs", "commands"):
        pair = pair_at(tree.root, key)
        for each in pair.value.pairs if pair is not None and isinstance(pair.value, Mapping) else ():
            if isinstance(each.value, Mapping):
                yield from _of_job(tree, each.value, unexported)


def _unexported(tree: Yaml) -> frozenset[str]:
    """The variables that a text with BASH_ENV, which every later step reads, may set without exporting them."""
    texts = (node.text for _, node in tree.walk() if isinstance(node, Scalar) and "BASH_ENV" in node.text)
    return frozenset(name for text in texts for name in UNEXPORTED.findall(text))


def _of_job(tree: Yaml, job: Mapping, unexported: frozenset[str]) -> Iterator[Script]:
    around = [job, *_executors(tree, job)]
    for run in _runs(tree, job.get("steps")):
        command = tree.resolved(run.value)
        text = pair_at(command, "command") if isinstance(command, Mapping) else run
        scalar = tree.resolved(text.value) if text is not None else None
        if isinstance(scalar, Scalar):
            yield _script(around, command if isinstance(command, Mapping) else None, scalar, unexported)


def _executors(tree: Yaml, job: Mapping) -> Iterator[Mapping]:
    """What a job runs in: its container, its executor and that one's container."""
    named = text_at(job, "executor") or text_at(job, "executor", "name")
    executor = pair_at(tree.root, "executors", named) if named else None
    for mapping in (job, executor.value if executor is not None else None):
        if isinstance(mapping, Mapping):
            yield from [mapping] if mapping is not job else []
            containers = mapping.get("docker")
            items = containers.value.items if containers is not None and isinstance(containers.value, Sequence) else ()
            yield from (item.value for item in items[:1] if isinstance(item.value, Mapping))


def _runs(tree: Yaml, steps: Pair | None) -> Iterator[Pair]:
    """The pairs `run` of steps, those under conditions as well."""
    node = tree.resolved(steps.value) if steps is not None else None
    for item in node.items if isinstance(node, Sequence) else ():
        step = tree.resolved(item.value)
        for pair in step.pairs if isinstance(step, Mapping) else ():
            if pair.name == "run":
                yield pair
            elif isinstance(pair.value, Mapping):
                yield from _runs(tree, pair.value.get("steps"))


def _script(around: list[Mapping], run: Mapping | None, scalar: Scalar, unexported: frozenset[str]) -> Script:
    text = joined([scalar])
    values = {name: value for mapping in (*reversed(around), run) for name, value in _environment(mapping)}
    shell = next((found for mapping in (run, *around) if (found := text_at(mapping, "shell"))), "")
    return Script(
        text=ShellText(
            text=text,
            masked=masked(text.text, PARAMETER),
            kind=KIND,
            folders=_folders(around[0], run),
            exported=frozenset(values) - unexported,
            assigned=unexported,
            templates_in_prefixes=True,
        ),
        pieces=(scalar,),
        values=values,
        builder=_builder(around, values, text.text),
        obstacle="" if not shell or SHELLS.match(shell) else f"its shell is {shell.split()[0]}, which is not read here",
        shell=not shell or SHELLS.match(shell) is not None,
    )


def _environment(mapping: Mapping | None) -> Iterator[tuple[str, str]]:
    pair = mapping.get("environment") if mapping is not None else None
    for each in pair.value.pairs if pair is not None and isinstance(pair.value, Mapping) else ():
        yield each.name, each.value.text if isinstance(each.value, Scalar) else ""


def _folders(job: Mapping, run: Mapping | None) -> tuple[str, ...]:
    """Where a step runs, from the folder that the repository is checked out to: the job's working directory."""
    base, own = text_at(job, "working_directory") or "~/project", text_at(run, "working_directory")
    if own is None:
        return (".",)
    if own.startswith(base.rstrip("/") + "/") or own == base:
        return (normpath(own[len(base.rstrip("/")) :].lstrip("/") or "."),)
    found = within(".", HOME.sub("", own, count=1) or "." if base == "~/project" else own)
    return (found,) if found is not None else ()


def _builder(around: list[Mapping], values: dict[str, str], text: str) -> Builder:
    """The docker that `setup_remote_docker` gives a job."""
    known = builder("", (), values, text)
    steps = around[0].get("steps")
    nodes = walk(steps.value) if steps is not None and steps.value is not None else ()
    version = next((found for _, node in nodes if (found := text_at(node, "setup_remote_docker", "version"))), "")
    if known != BUILDKIT or not is_old(f"docker:{version}") or values.get("DOCKER_BUILDKIT") or ON.search(text):
        return known
    return needs_buildkit(f"docker {version}", "DOCKER_BUILDKIT: 1 under environment:")
