"""The words of a command, and what they say of a build."""

from __future__ import annotations

import shlex

import pytest

from codemod.callers.call import ID, Engine
from codemod.callers.shell.build_tools import TOOLS
from codemod.callers.shell.command_line import Argument, BuildCommand, build_command
from codemod.text import Span


def arguments(text: str) -> list[Argument]:
    """Words with the place of each in `text`, where no word is quoted."""
    found: list[Argument] = []
    end = 0
    for word in shlex.split(text):
        start = text.index(word, end)
        end = start + len(word)
        found.append(Argument(word, Span(start, end)))
    return found


def read(text: str) -> BuildCommand:
    """A command that builds."""
    found = build_command(arguments(text))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "name", "engine"),
    [
        ("docker build .", "docker build", Engine.BUILDKIT),
        ("/usr/bin/docker build .", "docker build", Engine.BUILDKIT),
        ("docker.exe build .", "docker build", Engine.BUILDKIT),
        ("docker -H tcp://a --context=b -D -c c --config d -l debug build .", "docker build", Engine.BUILDKIT),
        ("docker buildx build .", "docker buildx build", Engine.BUILDKIT),
        ("docker buildx --builder x b .", "docker buildx b", Engine.BUILDKIT),
        ("docker image build .", "docker image build", Engine.BUILDKIT),
        ("docker builder build .", "docker builder build", Engine.BUILDKIT),
        ("docker-buildx build .", "docker-buildx build", Engine.BUILDKIT),
        ("nerdctl -n k8s.io build .", "nerdctl build", Engine.BUILDKIT),
        ("depot build .", "depot build", Engine.BUILDKIT),
        ("podman --log-level debug build .", "podman build", Engine.BUILDAH),
        ("buildah --storage-driver vfs bud .", "buildah bud", Engine.BUILDAH),
        ("buildah build .", "buildah build", Engine.BUILDAH),
    ],
)
def test_a_program_that_builds(text: str, name: str, engine: Engine) -> None:
    found = read(text)
    assert (found.tool.name, found.engine, found.context) == (name, engine, ".")
    assert found.tool.obstacle == found.tool.blocks == ""


@pytest.mark.parametrize(
    "text",
    [
        "", "docker", "docker ps", "docker run build", "docker -H", "docker -H build", "make build", "docker compose up",
        "docker buildx ls", "gcloud builds submit --config x.yaml .", "gcloud run deploy --image x", "fly deploy -i x",
        "docker run -v kaniko:/x -it image --build-arg A",
    ],
)  # fmt: skip
def test_a_command_that_builds_nothing(text: str) -> None:
    assert build_command(arguments(text)) is None


@pytest.mark.parametrize(
    ("text", "name", "value", "written", "joined"),
    [
        ("docker build --build-arg TOK .", "TOK", None, "--build-arg TOK", False),
        ("docker build --build-arg TOK=a=b .", "TOK", "a=b", "--build-arg TOK=a=b", False),
        ("docker build --build-arg=TOK=$TOK .", "TOK", "$TOK", "--build-arg=TOK=$TOK", True),
        ("docker build --build-arg=TOK .", "TOK", None, "--build-arg=TOK", True),
        ("docker build . --build-arg TOK=", "TOK", "", "--build-arg TOK=", False),
        ("docker build -q --build-arg TOK -t x .", "TOK", None, "--build-arg TOK", False),
        ("docker buildx bake --set app.args.TOK=x", "TOK", "x", "--set app.args.TOK=x", False),
        ("docker buildx bake --set=*.args.TOK=x", "TOK", "x", "--set=*.args.TOK=x", True),
        ("buildctl build --opt build-arg:TOK=$TOK", "TOK", "$TOK", "--opt build-arg:TOK=$TOK", False),
        ("heroku container:push web --arg TOK=x", "TOK", "x", "--arg TOK=x", False),
    ],
)
def test_a_build_arg(text: str, name: str, value: str | None, written: str, joined: bool) -> None:  # noqa: FBT001  (a column)
    (found,) = read(text).build_args
    assert (found.name, found.value, found.span.of(text), found.joined, found.dynamic) == (name, value, written, joined, False)
    assert (found.last == found.first) is joined


@pytest.mark.parametrize(
    "text",
    [
        "docker build --build-arg $k=$v .",
        "docker build --build-arg=$A .",
        "podman build --build-arg-file args.conf .",
        "docker build --build-arg $(x) .",
    ],
)
def test_a_build_arg_whose_name_only_a_shell_knows(text: str) -> None:
    assert all(found.dynamic for found in read(text).build_args)
    assert read(text).build_args


def test_other_options_of_the_name_pass_none() -> None:
    assert read("docker buildx bake --set app.platform=x --set *.output=type=image").build_args == ()
    assert read("buildctl build --opt filename=x").build_args == ()
    assert read("docker build --build-arg").build_args == ()


@pytest.mark.parametrize(
    ("text", "file", "context", "target"),
    [
        ("docker build .", None, ".", None),
        ("docker build", None, None, None),
        ("docker build -f a/D a", "a/D", "a", None),
        ("docker build -fa/D a", "a/D", "a", None),
        ("docker build -f=a/D --target=t a", "a/D", "a", "t"),
        ("docker build -qf a/D --target t a", "a/D", "a", "t"),
        ("docker build --file x --file=y .", "y", ".", None),
        ("docker build -t x --label a=b --no-cache . -q", None, ".", None),
        ("docker build --push --pull --load -t x a", None, "a", None),
        ("docker build -- a", None, "a", None),
        ("docker build $ARGS a", None, "a", None),
        ("docker build $DIR", None, "$DIR", None),
        ("docker build ${args[@]} -t x", None, "${args[@]}", None),
        ("docker build - -f -", "-", "-", None),
        ("docker build a -t", None, "a", None),
        ("podman build --volume a:b --format docker a", None, "a", None),
        ("docker run -v /x:/y some/kaniko-project/executor:v1 --dockerfile a/D --context a", "a/D", "a", None),
        ("/kaniko/executor --context=dir://a --dockerfile=D", "D", "dir://a", None),
        ("docker run some/osscontainertools/kaniko --dockerfile=D", "D", None, None),
        ("gcloud run deploy x --source a", None, "a", None),
    ],
)
def test_where_the_dockerfile_is(text: str, file: str | None, context: str | None, target: str | None) -> None:
    found = read(text)
    assert (found.file, found.context, found.target) == (file, context, target)


def test_the_secrets_that_it_has() -> None:
    found = read("docker build --secret id=a,src=b --secret=type=env,id=c,env=D --secret id=e --secret src=f .")
    assert found.feeds == ("a", "c", "e")


def test_words_that_may_be_several() -> None:
    text = "docker build $A ${B} ${C[@]} $@ ${D:+x} $E/x $(f) -t $G a"
    words = arguments(text)
    found = build_command(words)
    assert found is not None
    assert [words[index].text for index in found.spreads] == ["$A", "${B}", "${C[@]}", "$@", "${D:+x}", "$(f)"]
    assert found.context == "a"


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("docker compose -f x build --build-arg A=$B web", "secrets: ID: environment: V"),
        ("docker-compose build --build-arg A=$B", "secrets: [ID]"),
        ("docker buildx bake --set *.args.A=$B", "--set '*.secrets+=id=ID,env=V'"),
        ("fly deploy --build-arg A=$B", '--build-secret ID="$V"'),
        ("buildctl build --opt build-arg:A=$B", "--secret id=ID,env=V"),
        ("earthly --build-arg A=$B +target", "RUN --secret"),
        ("okteto build --build-arg A=$B", "--secret id=ID,env=V"),
        ("docker run x/osscontainertools/kaniko:v1 --build-arg A=$B", "--secret id=ID,env=V"),
    ],
)
def test_a_tool_with_another_way(text: str, suggestion: str) -> None:
    found = read(text)
    assert [arg.name for arg in found.build_args] == ["A"]
    assert found.tool.obstacle
    assert suggestion in found.suggestion("V").replace(ID, "ID")


@pytest.mark.parametrize(
    "text",
    [
        "/kaniko/executor --build-arg A=$B", "docker run x/kaniko-project/executor --build-arg A=$B",
        "gcloud builds submit --tag x", "gcloud run deploy --source .", "az acr build --registry r --build-arg A=$B .",
        "heroku container:push web --arg A=$B",
        "caprover deploy",
    ],
)  # fmt: skip
def test_a_tool_that_can_pass_none(text: str) -> None:
    assert read(text).tool.blocks


def test_a_tool_either_blocks_or_has_another_way() -> None:
    for tool in TOOLS:
        assert "" in (tool.blocks, tool.obstacle)
        assert bool(tool.suggestion) == bool(tool.obstacle)
