"""CodeBuild, Bitbucket and Travis: the shells of their files."""

from __future__ import annotations

from collections.abc import Iterator

from codemod.callers.ci.embedded import SHELLS, Script, joined
from codemod.callers.ci.pipeline_variables import ON, Builder, builder, needs_buildkit
from codemod.callers.shell.text import ShellText
from codemod.callers.yaml.tree import Mapping, Node, Pair, Scalar, Sequence, Yaml, pair_at, text_at, walk

PHASES = ("install", "pre_build", "build", "post_build")
VARIABLES = ("variables", "parameter-store", "secrets-manager")
TRAVIS_PHASES = ("before_install", "install", "before_script", "script", "before_cache", "after_success", "after_failure", "before_deploy")
OLD_IMAGES = Builder(notes=("a build image before standard:7.0 has a docker that takes DOCKER_BUILDKIT=1",))


def codebuild(tree: Yaml) -> Iterator[Script]:
    """The commands of a buildspec: one shell, but for the first version, which has one for each."""
    pieces = [
        piece for phase in PHASES for key in ("commands", "finally") for piece in _texts(tree, pair_at(tree.root, "phases", phase, key))
    ]
    env = pair_at(tree.root, "env")
    values = {each.name: _text(each.value) for key in VARIABLES for each in _pairs(pair_at(env.value if env else None, key))}
    stored = {each.name: f"secrets-manager: {each.name}" for each in _pairs(pair_at(env.value if env else None, "secrets-manager"))}
    shell = text_at(tree.root, "env", "shell") or ""
    is_first = text_at(tree.root, "version") == "0.1"
    for part in [[piece] for piece in pieces] if is_first else [pieces]:
        yield from _script("phase of CodeBuild", part, values, stored, shell=shell, default=OLD_IMAGES)


def bitbucket(tree: Yaml) -> Iterator[Script]:
    """The scripts of steps, wherever they are."""
    is_on = ON.search(tree.source.text) is not None or 'DOCKER_BUILDKIT: "1"' in tree.source.text
    off = needs_buildkit("Bitbucket", "export DOCKER_BUILDKIT=1 before it")
    for _, node in tree.walk():
        if isinstance(node, Mapping):
            for key in ("script", "after-script"):
                yield from _script(
                    "step of Bitbucket Pipelines", list(_texts(tree, node.get(key))), {}, {}, default=Builder() if is_on else off
                )


def travis(tree: Yaml) -> Iterator[Script]:
    """The phases of a job: one shell."""
    for _, node in tree.walk():
        pieces = [piece for key in TRAVIS_PHASES for piece in _texts(tree, node.get(key))] if isinstance(node, Mapping) else []
        values = _travis_values(tree.root)
        default = (
            Builder()
            if ON.search(tree.source.text)
            else needs_buildkit("the docker of Travis' older images", "DOCKER_BUILDKIT=1 under env:")
        )
        yield from _script("job of Travis", pieces, values, {}, default=default)


def _travis_values(root: Mapping | None) -> dict[str, str]:
    """The variables of `env:`; those that are encrypted have no name."""
    pair = pair_at(root, "env")
    texts = [node.text for _, node in walk(pair.value) if isinstance(node, Scalar)] if pair is not None and pair.value is not None else []
    words = [word.partition("=") for text in texts for word in text.split()]
    return {name: value for name, equals, value in words if equals and name.isidentifier()}


def _script(
    kind: str, pieces: list[Scalar], values: dict[str, str], credentials: dict[str, str], *, shell: str = "", default: Builder
) -> Iterator[Script]:
    if not pieces:
        return
    text = joined(pieces)
    known = builder("", (), values, text.text)
    is_asked = known.blocks or values.get("DOCKER_BUILDKIT") or ON.search(text.text)
    yield Script(
        text=ShellText(text=text, masked=text.text, kind=kind, exported=frozenset(values)),
        pieces=tuple(pieces),
        values=values,
        credentials=credentials,
        builder=known if is_asked else default,
        obstacle="" if not shell or SHELLS.match(shell) else f"its shell is {shell}, which is not read here",
        shell=not shell or SHELLS.match(shell) is not None,
    )


def _texts(tree: Yaml, pair: Pair | None) -> Iterator[Scalar]:
    """The texts of a list, or the only one."""
    yield from _of(tree, pair.value if pair is not None else None)


def _of(tree: Yaml, node: Node | None) -> Iterator[Scalar]:
    found = tree.resolved(node)
    if isinstance(found, Scalar):
        yield found
    for item in found.items if isinstance(found, Sequence) else ():
        yield from _of(tree, item.value)


def _pairs(pair: Pair | None) -> tuple[Pair, ...]:
    return pair.value.pairs if pair is not None and isinstance(pair.value, Mapping) else ()


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
