"""The steps of GitHub Actions workflows and composite actions, with what is around them: environment, shell, folders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath, relpath

from codemod.callers.call import Place
from codemod.callers.ci.step_environment import TEMPLATE, expression, variables
from codemod.callers.places import within
from codemod.callers.yaml.tree import Mapping, Node, Pair, Scalar, Sequence, Yaml, pair_at, text_at

OWN_FOLDER = re.compile(r"(?P<top>.+?)/\.(?:github|gitea|forgejo)/")
VERSION_BEHIND = re.compile(r"[ \t]*#[ \t]*(?:tag=|ratchet:\S*@)?(?P<version>v?\d[\w.]*)")


@dataclass(frozen=True, slots=True)
class Step:
    """A step. `values` are the variables of its environment as written, `checkouts` the folders that the repository is checked out to.

    `shell` is its shell as written, empty where it is the system's; `folder` where it runs, `system` what it runs on. `top` is where
    its repository is in the tree: not the root where one is kept inside of another.
    """

    mapping: Mapping
    kind: str
    values: dict[str, str] = field(repr=False)
    inputs: dict[str, str] = field(repr=False)
    shell: str = ""
    folder: str = "."
    system: str = ""
    checkouts: tuple[str, ...] = ()
    own_folder: str = "."
    top: str = "."
    siblings: tuple[Mapping, ...] = field(default=(), repr=False)
    on_forks: bool = False

    @property
    def action(self) -> str:
        """`owner/name` of the action that it uses; empty where it runs a script."""
        return (text_at(self.mapping, "uses") or "").partition("@")[0].lower()

    @property
    def inputs_given(self) -> Mapping | None:
        """The mapping `with:`."""
        pair = self.mapping.get("with")
        return pair.value if pair is not None and isinstance(pair.value, Mapping) else None

    def path(self, text: str | None) -> str | None:
        """A path as it is written, with what is known put in for its templates."""
        if text is None:
            return None
        return TEMPLATE.sub(lambda match: self._known(match[0]), text).strip() or None

    def _known(self, template: str) -> str:
        inner = expression(template)
        if inner in ("github.workspace", "env.GITHUB_WORKSPACE"):
            return "."
        if inner == "github.action_path":
            return self.own_folder
        kind, _, name = inner.partition(".")
        value = {"env": self.values, "inputs": self.inputs}.get(kind, {}).get(name, "")
        return value if value and not TEMPLATE.search(value) else template

    def folders(self) -> tuple[str, ...]:
        """Where its script runs, from the root of the tree; none where that is not known."""
        folder = within(".", self.path(self.folder) or ".")
        return () if folder is None else (self.in_tree(folder),)

    def in_tree(self, path: str) -> str:
        """A path of the workspace, from the root of the tree: without the folder that the repository is checked out to."""
        for checkout in self.checkouts:
            if path == checkout or path.startswith(checkout + "/"):
                path = path[len(checkout) + 1 :]
                break
        return normpath(join(self.top, path))

    def place_in_tree(self, place: Place) -> Place:
        """A place of the workspace, from the root of the tree."""
        return Place(self.in_tree(place.dockerfile), None if place.context is None else self.in_tree(place.context))

    def version(self, tree: Yaml) -> str:
        """The version of its action: what stands behind the `@`, or in a comment behind a commit."""
        pair = self.mapping.get("uses")
        reference = (text_at(self.mapping, "uses") or "").partition("@")[2]
        if pair is not None and re.fullmatch(r"[0-9a-f]{40}", reference):
            comment = VERSION_BEHIND.match(tree.source.text, pair.span.end)
            return comment["version"] if comment else ""
        return reference


def steps(tree: Yaml) -> Iterator[Step]:
    """Every step of a workflow's jobs, or of a composite action."""
    root, path = tree.root, str(tree.source.path)
    jobs, runs = pair_at(root, "jobs"), pair_at(root, "runs")
    if root is not None and jobs is not None and isinstance(jobs.value, Mapping):
        for job in jobs.value.pairs:
            if isinstance(job.value, Mapping):
                yield from _of_job(root, job.value, _top(path))
    elif root is not None and runs is not None and isinstance(runs.value, Mapping):
        yield from _of_action(root, runs.value, dirname(path) or ".", _top(path))


def _top(path: str) -> str:
    """The folder that a repository has its workflows and actions in: theirs is the one place that they work in."""
    within_tree = OWN_FOLDER.match(path)
    return within_tree["top"] if within_tree else "."


def jobs_that_call(tree: Yaml) -> Iterator[tuple[Mapping, Pair]]:
    """The jobs that call a reusable workflow, each with its `uses:`."""
    jobs = pair_at(tree.root, "jobs")
    for job in jobs.value.pairs if jobs is not None and isinstance(jobs.value, Mapping) else ():
        uses = pair_at(job.value, "uses")
        if uses is not None and isinstance(job.value, Mapping):
            yield job.value, uses


def runs_on_forks(root: Node | None) -> bool:
    """Whether a workflow runs for pull requests of forks, which get no secrets."""
    on = pair_at(root, "on")
    match on.value if on else None:
        case Scalar() as event:
            return event.text == "pull_request"
        case Sequence() as events:
            return any(isinstance(item.value, Scalar) and item.value.text == "pull_request" for item in events.items)
        case Mapping() as events:
            return events.get("pull_request") is not None
        case _:
            return False


def _of_job(root: Mapping, job: Mapping, top: str) -> Iterator[Step]:
    siblings = tuple(_mappings(job.get("steps")))
    levels = [pair_at(root, "env"), pair_at(job, "container", "env"), pair_at(job, "env")]
    runs_on = text_at(job, "runs-on")
    for step in siblings:
        yield Step(
            mapping=step,
            kind="step of a workflow",
            values=variables(pair.value if pair else None for pair in (*levels, step.get("env"))),
            inputs=_defaults(root, "on", "workflow_call", "inputs") | _defaults(root, "on", "workflow_dispatch", "inputs"),
            shell=_setting("shell", step, job, root) or "",
            folder=_setting("working-directory", step, job, root) or ".",
            system=runs_on or "",
            checkouts=_checkouts(siblings),
            top=top,
            siblings=siblings,
            on_forks=runs_on_forks(root),
        )


def _of_action(root: Mapping, runs: Mapping, folder: str, top: str) -> Iterator[Step]:
    siblings = tuple(_mappings(runs.get("steps")))
    for step in siblings:
        env = step.get("env")
        yield Step(
            mapping=step,
            kind="step of an action",
            values=variables([env.value if env else None]),
            inputs=_defaults(root, "inputs"),
            shell=text_at(step, "shell") or "",
            folder=text_at(step, "working-directory") or ".",
            own_folder=relpath(folder, top),
            top=top,
            siblings=siblings,
        )


def _setting(name: str, step: Mapping, *around: Mapping) -> str | None:
    """What a step says, or the defaults of what is around it."""
    return _first(text_at(step, name), *(text_at(mapping, "defaults", "run", name) for mapping in around))


def _first(*texts: str | None) -> str | None:
    return next((text for text in texts if text is not None), None)


def _checkouts(found: tuple[Mapping, ...]) -> tuple[str, ...]:
    """The folders of the workspace that the repository itself is checked out to."""
    own = [step for step in found if (text_at(step, "uses") or "").startswith("actions/checkout@")]
    paths = [text_at(step, "with", "path") for step in own if text_at(step, "with", "repository") is None]
    return tuple(normpath(path) for path in paths if path and not TEMPLATE.search(path) and normpath(path) != ".")


def _defaults(root: Node | None, *path: str) -> dict[str, str]:
    """The inputs of an action or of a workflow that have a default."""
    pair = pair_at(root, *path)
    found = pair.value.pairs if pair is not None and isinstance(pair.value, Mapping) else ()
    return {each.name: default for each in found if (default := text_at(each.value, "default")) is not None}


def _mappings(pair: Pair | None) -> Iterator[Mapping]:
    if pair is not None and isinstance(pair.value, Sequence):
        for item in pair.value.items:
            if isinstance(item.value, Mapping):
                yield item.value
