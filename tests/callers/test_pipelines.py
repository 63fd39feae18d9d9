"""Pipelines: the shells in them pass secrets instead of build args, and what else passes one is told with what to put there."""

from __future__ import annotations

import pytest
import yaml

from codemod.callers.call import ID, Call, NotUnderstoodError, Place
from codemod.callers.ci import pipelines
from codemod.callers.kinds import kind_of
from codemod.text import Source, apply

from .moving import TREE, moved, moves, passed, source

GITLAB = ".gitlab-ci.yml"
CIRCLECI = ".circleci/config.yml"
CODEBUILD = "buildspec.yml"
BITBUCKET = "bitbucket-pipelines.yml"
TRAVIS = ".travis.yml"
AZURE = "azure-pipelines.yml"
CLOUD_BUILD = "cloudbuild.yaml"
DRONE = ".drone.yml"
CONCOURSE = "ci/pipeline.yml"
BUILDKITE = ".buildkite/pipeline.yml"


def all_calls(path: str, text: str) -> tuple[Call, ...]:
    return pipelines.calls(source(path, text), TREE)


def only(path: str, text: str) -> Call:
    (found,) = all_calls(path, text)
    return found


# Each: what is said, the path, before, after. TOK and OTHER move.
MOVED = {
    "a job; comments, and all kinds of quotes": (
        GITLAB,
        """\
image: docker:27
# the build
build:
  script:
    - docker login  # first
    - docker build --build-arg TOK=$TOK -t x .  # then
    - 'docker build --build-arg TOK="$TOK" --build-arg ''OTHER=canary-1'' .'
    - "docker build --build-arg \\"TOK=$TOK\\" --build-arg V=1 ."
    - |
      # all of it
      docker build \\
        --build-arg TOK="$TOK" \\
        --build-arg V=1 \\
        .
    - >
      docker build
      --build-arg TOK=${TOK}
      .
    - docker build
      --build-arg TOK=${TOK} .
""",
        """\
image: docker:27
# the build
build:
  script:
    - docker login  # first
    - docker build --secret id=TOK -t x .  # then
    - 'OTHER=''canary-1'' docker build --secret id=TOK --secret id=OTHER .'
    - "docker build --secret id=TOK --build-arg V=1 ."
    - |
      # all of it
      docker build \\
        --secret id=TOK \\
        --build-arg V=1 \\
        .
    - >
      docker build
      --secret id=TOK
      .
    - docker build
      --secret id=TOK .
""",
    ),
    "before_script and script are one shell": (
        GITLAB,
        """\
build:
  before_script:
    - TOK=$(vault read x)
    - cd svc
  script: docker build --build-arg TOK=$TOK --build-arg OTHER=$OTHER .
  after_script:
    - docker build --build-arg TOK=$TOK .
""",
        """\
build:
  before_script:
    - TOK=$(vault read x)
    - cd svc
  script: TOK="$TOK" docker build --secret id=TOK --secret id=OTHER .
  after_script:
    - docker build --secret id=TOK .
""",
    ),
    "what is set for all jobs, extended, merged and referred to": (
        GITLAB,
        """\
default:
  before_script:
    - OTHER=$(date)
variables:
  TOK: $CI_JOB_TOKEN
.base:
  script:
    - docker build --build-arg TOK=$TOK --build-arg OTHER=$OTHER .
.more: &more
  variables: {V: {value: "1"}}
  before_script:
    - TOK=x
.snippet:
  login:
    - OTHER=y
one:
  extends: [.more, .base]
two:
  extends: .gone
  script:
    - docker build --build-arg TOK=$TOK --build-arg OTHER=$OTHER .
three:
  <<: *more
  script:
    - docker build --build-arg TOK=$TOK --build-arg OTHER=$OTHER .
four:
  before_script: []
  script:
    - !reference [.snippet, login]
    - docker build --build-arg TOK=$TOK --build-arg OTHER=$OTHER .
five:
  before_script:
  script:
    - !reference [.gone, login]
    - docker build --build-arg TOK=$TOK --build-arg OTHER=$OTHER .
""",
        """\
default:
  before_script:
    - OTHER=$(date)
variables:
  TOK: $CI_JOB_TOKEN
.base:
  script:
    - OTHER="$OTHER" docker build --secret id=TOK --secret id=OTHER .
.more: &more
  variables: {V: {value: "1"}}
  before_script:
    - TOK=x
.snippet:
  login:
    - OTHER=y
one:
  extends: [.more, .base]
two:
  extends: .gone
  script:
    - OTHER="$OTHER" docker build --secret id=TOK --secret id=OTHER .
three:
  <<: *more
  script:
    - docker build --secret id=TOK --secret id=OTHER .
four:
  before_script: []
  script:
    - !reference [.snippet, login]
    - OTHER="$OTHER" docker build --secret id=TOK --secret id=OTHER .
five:
  before_script:
  script:
    - !reference [.gone, login]
    - OTHER="$OTHER" docker build --secret id=TOK --secret id=OTHER .
""",
    ),
    "scripts that anchors share": (
        GITLAB,
        """\
.scripts: &build
  - docker build --build-arg TOK=$TOK .
.read: &read read -r TOK < file
.other:
  - export TOK=1
one:
  script: *build
two:
  script:
    - *read
    - *build
    - docker build --build-arg OTHER=$OTHER .
before_script:
  - docker build --build-arg OTHER=$OTHER first
""",
        """\
.scripts: &build
  - TOK="$TOK" docker build --secret id=TOK .
.read: &read read -r TOK < file
.other:
  - export TOK=1
one:
  script: *build
two:
  script:
    - *read
    - *build
    - docker build --secret id=OTHER .
before_script:
  - docker build --secret id=OTHER first
""",
    ),
    "inputs of a component": (
        GITLAB,
        "build:\n  script:\n    - docker build --build-arg TOK=$[[ inputs.token ]] $[[ inputs.context ]]\n",
        "build:\n  script:\n    - TOK=$[[ inputs.token ]] docker build --secret id=TOK $[[ inputs.context ]]\n",
    ),
    "steps of CircleCI": (
        CIRCLECI,
        """\
version: 2.1
executors:
  small:
    docker:
      - image: cimg/base
        environment: {OTHER: a}
jobs:
  build:
    executor: {name: small}
    steps:
      - checkout
      - setup_remote_docker
      - run: docker build --build-arg TOK=$TOK --build-arg OTHER=$OTHER .
      - run:
          name: build
          command: |
            TOK=$(date)
            docker build --build-arg TOK=$TOK << pipeline.parameters.folder >>
      - when:
          condition: true
          steps:
            - run: {command: "docker build --build-arg TOK=$TOK ."}
commands:
  more:
    steps:
      - run: docker build --build-arg TOK=<< parameters.token >> .
""",
        """\
version: 2.1
executors:
  small:
    docker:
      - image: cimg/base
        environment: {OTHER: a}
jobs:
  build:
    executor: {name: small}
    steps:
      - checkout
      - setup_remote_docker
      - run: docker build --secret id=TOK --secret id=OTHER .
      - run:
          name: build
          command: |
            TOK=$(date)
            TOK="$TOK" docker build --secret id=TOK << pipeline.parameters.folder >>
      - when:
          condition: true
          steps:
            - run: {command: "docker build --secret id=TOK ."}
commands:
  more:
    steps:
      - run: TOK=<< parameters.token >> docker build --secret id=TOK .
""",
    ),
    "what BASH_ENV sets without exporting it": (
        CIRCLECI,
        """\
jobs:
  build:
    machine: true
    environment:
      TOK: a
    steps:
      - run: |
          echo "TOK=$(date)" >> $BASH_ENV
          echo "export OTHER=$(date)" >> $BASH_ENV
      - run: docker build --build-arg TOK=$TOK --build-arg OTHER=$OTHER .
""",
        """\
jobs:
  build:
    machine: true
    environment:
      TOK: a
    steps:
      - run: |
          echo "TOK=$(date)" >> $BASH_ENV
          echo "export OTHER=$(date)" >> $BASH_ENV
      - run: TOK="$TOK" docker build --secret id=TOK --secret id=OTHER .
""",
    ),
    "phases of CodeBuild are one shell": (
        CODEBUILD,
        """\
version: 0.2
env:
  variables: {DOCKER_BUILDKIT: "1"}
phases:
  pre_build:
    commands:
      - TOK=$(aws ssm get-parameter --name x)
  build:
    commands:
      - docker build --build-arg TOK=$TOK --build-arg OTHER=$OTHER -t $REPOSITORY:latest .
    finally:
      - docker build --build-arg OTHER .
""",
        """\
version: 0.2
env:
  variables: {DOCKER_BUILDKIT: "1"}
phases:
  pre_build:
    commands:
      - TOK=$(aws ssm get-parameter --name x)
  build:
    commands:
      - TOK="$TOK" docker build --secret id=TOK --secret id=OTHER -t $REPOSITORY:latest .
    finally:
      - docker build --secret id=OTHER .
""",
    ),
    "commands of CodeBuild's first version are shells of their own": (
        CODEBUILD,
        'version: "0.1"\nphases:\n  build:\n    commands:\n      - TOK=1\n      - docker build --build-arg TOK=$TOK .\n',
        'version: "0.1"\nphases:\n  build:\n    commands:\n      - TOK=1\n      - docker build --secret id=TOK .\n',
    ),
    "steps of Bitbucket, shared by an anchor": (
        BITBUCKET,
        """\
definitions:
  steps:
    - step: &build
        script:
          - export DOCKER_BUILDKIT=1
          - docker build --build-arg TOK=$TOK .
          - pipe: some/pipe:1.0.0
            variables: {A: b}
pipelines:
  default:
    - step: *build
    - parallel:
        - step:
            <<: *build
            after-script:
              - docker build --build-arg OTHER=$OTHER .
""",
        """\
definitions:
  steps:
    - step: &build
        script:
          - export DOCKER_BUILDKIT=1
          - docker build --secret id=TOK .
          - pipe: some/pipe:1.0.0
            variables: {A: b}
pipelines:
  default:
    - step: *build
    - parallel:
        - step:
            <<: *build
            after-script:
              - docker build --secret id=OTHER .
""",
    ),
    "phases of Travis are one shell": (
        TRAVIS,
        """\
env:
  global:
    - A=b DOCKER_BUILDKIT=1
    - secure: "canary-1"
before_install: TOK=$(date)
script:
  - docker build --build-arg TOK=$TOK --build-arg OTHER=$OTHER .
""",
        """\
env:
  global:
    - A=b DOCKER_BUILDKIT=1
    - secure: "canary-1"
before_install: TOK=$(date)
script:
  - TOK="$TOK" docker build --secret id=TOK --secret id=OTHER .
""",
    ),
}


@pytest.mark.parametrize(
    "written",
    [str, lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text, str.rstrip],
    ids=["lf", "crlf", "bom", "no line end"],
)
@pytest.mark.parametrize(("path", "before", "after"), MOVED.values(), ids=MOVED.keys())
def test_a_build_arg_becomes_a_secret(path: str, before: str, after: str, written: type[str]) -> None:
    result = moved(pipelines, source(path, written(before)), ("TOK", "OTHER"))
    assert result.text == written(after)


@pytest.mark.parametrize(("path", "before"), [(path, before) for path, before, _ in MOVED.values()], ids=MOVED.keys())
def test_in_two_steps_it_is_the_same(path: str, before: str) -> None:
    file = source(path, before)
    both = moved(pipelines, file, ("TOK", "OTHER"), removes=False)
    again = moved(pipelines, both, ("TOK", "OTHER"), adds=False)
    fed = [[call.feeds for call in all_calls(path, each.text)] for each in (again, moved(pipelines, file, ("TOK", "OTHER")))]
    assert fed[0] == fed[1]
    assert not moves(pipelines, again, ("TOK", "OTHER"))


RUN = "docker build --build-arg TOK=$TOK ."
JOB = f"build:\n  script:\n    - {RUN}\n"
ORB = "jobs:\n  a:\n    steps:\n      - docker/build:\n          "
REMOTE = "      - setup_remote_docker: {version: 20.10.14}\n"
OBSTACLES = [
    (GITLAB, f"image: docker:19.03-git\n{JOB}", "docker:19.03-git builds without BuildKit unless DOCKER_BUILDKIT=1 is set"),
    (GITLAB, f"{JOB}  image: {{name: docker:stable}}\n", "docker:stable builds without BuildKit unless"),
    (GITLAB, f"build:\n  script: [{RUN}]\n", "it is written in […] or {…}, where a comma would end it: put it into quotes"),
    (GITLAB, f'build:\n  script:\n    - {RUN} "\n', "its shell text cannot be read"),
    (GITLAB, "variables:\n  EXTRA: --build-arg=TOK=$TOK\n", "it is nothing that a pipeline's reader knows"),
    (
        CIRCLECI,
        f"jobs:\n  a:\n    steps:\n{REMOTE}      - run: {RUN}\n",
        "docker 20.10.14 builds without BuildKit unless DOCKER_BUILDKIT=1 is set",
    ),
    (CIRCLECI, f"jobs:\n  a:\n    shell: powershell.exe\n    steps:\n      - run: {RUN}\n", "its shell is powershell.exe"),
    (
        CIRCLECI,
        f"{ORB}extra_build_args: --build-arg=TOK=$TOK\n",
        "the text is an orb's, which has to build with BuildKit",
    ),
    (
        CODEBUILD,
        f"version: 0.2\nenv: {{shell: powershell.exe}}\nphases:\n  build:\n    commands:\n      - {RUN}\n",
        "its shell is powershell.exe",
    ),
    (BITBUCKET, f"pipelines:\n  default:\n    - step:\n        script:\n          - {RUN}\n", "Bitbucket builds without BuildKit unless"),
    (TRAVIS, f"script: {RUN}\n", "the docker of Travis' older images builds without BuildKit unless DOCKER_BUILDKIT=1 is set"),
    (AZURE, f"steps:\n  - script: {RUN}\n", "Azure Pipelines puts secret variables into no environment by itself"),
    (AZURE, f"steps:\n  - bash: |\n      {RUN}\n", "Azure Pipelines puts secret variables into no environment by itself"),
    (
        AZURE,
        "jobs:\n  - steps:\n      - task: Docker@2\n        inputs: {command: build, arguments: --build-arg TOK=$(TOK)}\n",
        "Azure Pipelines puts secret variables into no environment by itself, and Docker@2 takes arguments for command: build only",
    ),
    (
        CLOUD_BUILD,
        "steps:\n  - name: gcr/docker\n    args: [build, --build-arg, 'TOK=$TOK', .]\n",
        "Cloud Build gives a step the variables that it names",
    ),
    (
        CLOUD_BUILD,
        f"steps:\n  - name: gcr/docker\n    entrypoint: bash\n    args:\n      - -c\n      - |\n        {RUN}\n",
        "Cloud Build gives a step the variables that it names",
    ),
    (
        DRONE,
        "steps:\n  - image: plugins/docker\n    settings:\n      build_args:\n        - TOK=$TOK\n",
        "the plugin takes secrets from variables of its environment",
    ),
    (DRONE, f"steps:\n  - image: docker\n    commands:\n      - {RUN}\n", "values are put in for ${…} before a shell reads the command"),
    (".woodpecker/a.yml", "pipeline:\n  a:\n    image: plugins/docker\n    build_args_from_env: [TOK]\n", "the plugin takes secrets from"),
    (CONCOURSE, "params:\n  BUILD_ARG_TOK: ((tok))\n", "only oci-build-task has secrets among its parameters"),
    (CONCOURSE, "params:\n  BUILD_ARG_TOK:\n", "only oci-build-task has secrets among its parameters"),
    (BUILDKITE, f"steps:\n  - command: {RUN}\n", "Buildkite puts values in for $ and $$ before a shell reads the command"),
    (
        BUILDKITE,
        "steps:\n  - plugins:\n      - docker-compose#v4:\n          build: app\n          args:\n            - TOK=$TOK\n",
        "the plugin passes no secrets: the compose file does",
    ),
    (BUILDKITE, "steps:\n  - plugins:\n      docker-compose#v4:\n        args: [TOK]\n", "the plugin passes no secrets"),
]


@pytest.mark.parametrize(("path", "text", "obstacle"), OBSTACLES)
def test_what_cannot_be_moved_has_its_reason(path: str, text: str, obstacle: str) -> None:
    found = only(path, text)
    (one,) = found.passes
    assert one.name == "TOK"
    assert one.obstacle.startswith(obstacle)
    assert ID in one.suggestion
    assert pipelines.edits(source(path, text), TREE, ()) == ()


SUGGESTIONS = [
    (GITLAB, f"image: docker:19\n{JOB}", f'--secret id={ID},env=TOK, and DOCKER_BUILDKIT: "1" under variables:'),
    (
        CIRCLECI,
        f"{ORB}extra_build_args: --build-arg TOK=$V\n",
        f"extra_build_args: --secret=id={ID},env=V",
    ),
    (AZURE, "steps:\n  - script: docker build --build-arg TOK=$(V) .\n", f"--secret id={ID},env=V, and under env: of the step V: $(V)"),
    (DRONE, "steps:\n  - image: a/docker\n    settings: {build_args: {TOK: $V}}\n", f"under settings: secrets_from_env: [{ID}=V]"),
    (
        CLOUD_BUILD,
        "steps:\n  - name: docker\n    args: [build, --build-arg, 'TOK=${_TOK}', .]\n",
        f"--secret id={ID},env=TOK, with TOK=${{_TOK}} and DOCKER_BUILDKIT=1 under env: of the step",
    ),
    (CONCOURSE, "params:\n  BUILD_ARG_TOK: ((tok))\n", f"BUILDKIT_SECRETTEXT_{ID}: ((tok))"),
    (CONCOURSE, "params:\n  BUILD_ARG_TOK: canary-1\n", f"BUILDKIT_SECRETTEXT_{ID}: …"),
]


@pytest.mark.parametrize(("path", "text", "suggestion"), SUGGESTIONS)
def test_what_to_put_there(path: str, text: str, suggestion: str) -> None:
    assert only(path, text).passes[0].suggestion == suggestion


BLOCKED = [
    (GITLAB, f"variables: {{DOCKER_BUILDKIT: 0}}\n{JOB}"),
    (GITLAB, "build:\n  script:\n    - /kaniko/executor --context . --build-arg TOK=$TOK\n"),
    (
        CIRCLECI,
        f"jobs:\n  a:\n    environment: {{DOCKER_BUILDKIT: 0}}\n    steps:\n{REMOTE}      - run: {RUN}\n",
    ),
    (CIRCLECI, "jobs:\n  a:\n    steps:\n      - kaniko/build:\n          extra_build_args: --build-arg=TOK=$TOK\n"),
    (CLOUD_BUILD, "steps:\n  - name: registry.example.com/kaniko-project/executor\n    args: [--build-arg=TOK=$TOK]\n"),
    (DRONE, "steps:\n  - image: plugins/kaniko\n    settings: {build_args: [TOK=a]}\n"),
]


@pytest.mark.parametrize(("path", "text"), BLOCKED)
def test_what_can_pass_no_secret(path: str, text: str) -> None:
    assert only(path, text).blocks


ASKED = [
    (GITLAB, f"image: docker:19\nvariables: {{DOCKER_BUILDKIT: 1}}\n{JOB}"),
    (GITLAB, "image: docker:19\nbuild:\n  script:\n    - DOCKER_BUILDKIT=1 docker build --build-arg TOK=$TOK .\n"),
    (GITLAB, "image: docker:19\nbuild:\n  script:\n    - docker buildx build --build-arg TOK=$TOK .\n"),
    (GITLAB, f"image: docker:24\nservices: [docker:19-dind]\n{JOB}"),
    (CIRCLECI, f"jobs:\n  a:\n    steps:\n      - setup_remote_docker: {{version: docker24}}\n      - run: {RUN}\n"),
    (
        CIRCLECI,
        f"jobs:\n  a:\n    environment: {{DOCKER_BUILDKIT: 1}}\n    steps:\n{REMOTE}      - run: {RUN}\n",
    ),
    (
        CIRCLECI,
        f"jobs:\n  a:\n    steps:\n{REMOTE}      - run: DOCKER_BUILDKIT=1 docker build --build-arg TOK .\n",
    ),
    (TRAVIS, "script: DOCKER_BUILDKIT=1 docker build --build-arg TOK=$TOK .\n"),
    (BITBUCKET, f"options: {{docker: true}}\npipelines:\n  default:\n    - step:\n        script: [export DOCKER_BUILDKIT=1, '{RUN}']\n"),
]


@pytest.mark.parametrize(("path", "text"), ASKED)
def test_buildkit_may_be_asked_for(path: str, text: str) -> None:
    found = only(path, text)
    assert not found.blocks
    assert not found.passes[0].obstacle
    assert not found.passes[0].notes


def test_the_docker_of_an_image_need_not_be_known() -> None:
    noted = only(GITLAB, f"image: my/docker\nservices:\n  - {{name: docker:20-dind}}\n{JOB}").passes[0]
    assert noted.notes == ("with a docker older than 23, as docker:20-dind is, it takes DOCKER_BUILDKIT=1",)
    noted = only(CODEBUILD, f"version: 0.2\nphases:\n  build:\n    commands: '{RUN}'\n").passes[0]
    assert noted.notes == ("a build image before standard:7.0 has a docker that takes DOCKER_BUILDKIT=1",)


EVIDENCE = [
    (GITLAB, f"variables: {{TOK: $CI_JOB_TOKEN}}\n{JOB}", "CI_JOB_TOKEN"),
    (GITLAB, "build:\n  script: docker build --build-arg TOK=$CI_JOB_TOKEN .\n", "CI_JOB_TOKEN"),
    (GITLAB, f"{JOB}  secrets:\n    TOK: {{vault: a/b, file: false}}\n", "secrets: TOK"),
    (GITLAB, f"{JOB}  id_tokens:\n    TOK: {{aud: a}}\n", "id_tokens: TOK"),
    (GITLAB, f"variables: {{V: 1, W: [2]}}\n{JOB}", ""),
    (CODEBUILD, f"env:\n  secrets-manager: {{TOK: a/b}}\nphases:\n  build:\n    commands:\n      - {RUN}\n", "secrets-manager: TOK"),
    (CODEBUILD, f"env:\n  parameter-store: {{TOK: a/b}}\nphases:\n  build:\n    commands:\n      - {RUN}\n", ""),
    (CODEBUILD, "env:\n  variables: {V: [1]}\nphases:\n  build:\n    commands:\n      - docker build --build-arg TOK .\n", ""),
    (CIRCLECI, f"jobs:\n  a:\n    environment: {{TOK: $CIRCLE_OIDC_TOKEN, V: []}}\n    steps:\n      - run: {RUN}\n", "CIRCLE_OIDC_TOKEN"),
    (CONCOURSE, "params:\n  BUILD_ARG_TOK: ((vault:tok))\n", "((vault:…))"),
    (AZURE, "steps:\n  - script: docker build --build-arg TOK=$(System.AccessToken) .\n", "System.AccessToken"),
]


@pytest.mark.parametrize(("path", "text", "credential"), EVIDENCE)
def test_what_shows_that_it_is_a_secret(path: str, text: str, credential: str) -> None:
    assert only(path, text).passes[0].credential == credential


def run_in(job: str, step: str) -> str:
    """A job of CircleCI with working directories."""
    folder = f"\n          working_directory: {step}" if step else ""
    return f"jobs:\n  a:\n    working_directory: {job}\n    steps:\n      - run:\n          command: {RUN}{folder}\n"


PLACES = [
    (GITLAB, "build:\n  script:\n    - cd svc\n    - docker build --build-arg TOK -f a/Dockerfile .\n", [Place("svc/a/Dockerfile", "svc")]),
    (CIRCLECI, run_in("~/app", ""), [Place("Dockerfile", ".")]),
    (CIRCLECI, run_in("~/app", "~/app/svc"), [Place("svc/Dockerfile", "svc")]),
    (CIRCLECI, run_in("~/app", "~/app"), [Place("Dockerfile", ".")]),
    (CIRCLECI, run_in("~/app", "svc"), [Place("svc/Dockerfile", "svc")]),
    (CIRCLECI, run_in("~/app", "/opt"), []),
    (CIRCLECI, run_in("~/project", "/home/circleci/project/svc"), [Place("svc/Dockerfile", "svc")]),
    (
        CIRCLECI,
        "workflows:\n  w:\n    jobs:\n      - aws-ecr/build:\n          extra-build-args: --build-arg TOK=$TOK\n          path: svc\n",
        [Place("svc/Dockerfile", "svc")],
    ),
    (
        AZURE,
        "steps:\n  - task: Docker@2\n    inputs: {Dockerfile: svc/Dockerfile, arguments: --build-arg TOK}\n",
        [Place("svc/Dockerfile", ".")],
    ),
    (
        CLOUD_BUILD,
        "steps:\n  - name: gcr/docker\n    dir: svc\n    args: [build, --build-arg, TOK, -f, a.Dockerfile, .]\n",
        [Place("svc/a.Dockerfile", "svc")],
    ),
    (CONCOURSE, "params:\n  BUILD_ARG_TOK: a\n  CONTEXT: repository/svc\n", [Place("svc/Dockerfile", "svc")]),
    (
        CONCOURSE,
        "params:\n  BUILD_ARG_TOK: a\n  CONTEXT: repository\n  DOCKERFILE: repository/a/Dockerfile\n",
        [Place("a/Dockerfile", ".")],
    ),
    (
        DRONE,
        "steps:\n  - image: a/docker\n    settings: {build_args: [TOK=1], dockerfile: svc/Dockerfile, context: svc}\n",
        [Place("svc/Dockerfile", "svc")],
    ),
    (BUILDKITE, "steps:\n  - plugins:\n      - docker-compose#v4: {args: [TOK]}\n", []),
]


@pytest.mark.parametrize(("path", "text", "places"), PLACES)
def test_places(path: str, text: str, places: list[Place]) -> None:
    assert list(only(path, text).places) == places


def test_a_task_of_concourse_that_feeds_a_secret() -> None:
    found = only(CONCOURSE, "params:\n  BUILDKIT_SECRETTEXT_TOK: ((tok))\n  BUILDKIT_SECRET_FILE: a/b\n  TARGET: prod\n")
    assert found.feeds == ("TOK", "FILE")
    assert found.target == "prod"


NOTHING = [
    (GITLAB, ""),
    (GITLAB, "- a\n"),
    (GITLAB, "a: b\n.c: {d: e}\nf: {script: {g: h}}\ni: {script: *gone, extends: {j: k}}\n"),
    (GITLAB, "a:\n  extends: a\n  script: [ls]\n.b: [ls]\n.c:\n"),
    (CIRCLECI, "version: 2.1\n"),
    (CIRCLECI, "jobs: a\ncommands:\n  b: c\n  d: {steps: e}\n"),
    (CIRCLECI, "jobs:\n  a:\n    executor: b\n    docker: [c]\n    steps: [checkout, {run: {name: d}}, {run: [e]}, f: {g: h}, i: j]\n"),
    (CODEBUILD, "version: 0.2\n"),
    (BITBUCKET, "a: b\npipelines: {default: [{step: {script: [{pipe: c}]}}]}\n"),
    (TRAVIS, "language: c\n"),
    (TRAVIS, "env:\nscript: make\n"),
    (AZURE, "steps:\n  - script: make\n  - task: Docker@2\n"),
    (CLOUD_BUILD, "steps:\n  - name: a\n  - name: b\n    args: [c]\n  - name: docker\n    args: [push, a]\n"),
    (DRONE, "steps:\n  - image: a\n"),
    (CONCOURSE, "a: b\n"),
    (BUILDKITE, "steps:\n  - plugins:\n      - docker-compose#v4:\n          build: app\n      - docker-compose#v4\n"),
]


@pytest.mark.parametrize(("path", "text"), NOTHING)
def test_what_builds_nothing_has_no_calls(path: str, text: str) -> None:
    assert all_calls(path, text) == ()
    assert pipelines.edits(source(path, text), TREE, ()) == ()


def test_what_may_be_anybodys_is_read_as_such() -> None:
    text = "- hosts: all\n  tasks:\n    - shell: docker build --build-arg TOK=$TOK .\n"
    assert passed(pipelines, source("ci/playbook.yml", text))[0].name == "TOK"


def test_what_is_not_yaml_is_an_error() -> None:
    with pytest.raises(NotUnderstoodError):
        all_calls(GITLAB, "a: [\n")


def test_a_text_of_several_jobs_moves_once() -> None:
    text = f"before_script:\n  - {RUN}\none:\n  script: ls\n  variables: {{TOK: a}}\ntwo:\n  script: ls\n"
    assert moved(pipelines, source(GITLAB, text)).text == text.replace("--build-arg TOK=$TOK", "--secret id=TOK")


def test_a_job_that_extends_itself_ends() -> None:
    text = f"a:\n  extends: b\n  script:\n    - {RUN}\nb:\n  extends: a\n"
    assert 'TOK="$TOK" docker build --secret id=TOK .' in moved(pipelines, source(GITLAB, text)).text
    text = f"a: &a\n  script: &b\n    - {RUN}\n    - *b\n"
    assert [each.name for each in passed(pipelines, source(GITLAB, text))] == ["TOK"]
    text = f"a:\n  script:\n    - !reference [a, script]\n    - {RUN}\n"
    assert [each.name for each in passed(pipelines, source(GITLAB, text))] == ["TOK"]
    text = "\n".join(f"a{number}:\n  extends: a{number + 1}" for number in range(20)) + f"\na20:\n  script:\n    - {RUN}\n"
    assert "--secret id=TOK" in moved(pipelines, source(GITLAB, text)).text


MISTAKES = [("ls", "ls -l"), ("--secret id=TOK", ""), ("docker build", "docker build -q"), ("image: a", "image: b"), (" .", " . .")]


@pytest.mark.parametrize(("old", "new"), MISTAKES)
def test_a_mistake_is_seen(old: str, new: str) -> None:
    file = source(GITLAB, f"image: a\nbuild:\n  script:\n    - ls\n    - {RUN}\n    - docker build --build-arg V=1 x\n")
    planned = moves(pipelines, file, ["TOK"])
    after = apply(file.text, pipelines.edits(file, TREE, planned))
    yaml.safe_load(after)
    assert pipelines.mistake(file, Source(file.path, after), planned) is None
    found = pipelines.mistake(file, Source(file.path, after.replace(old, new)), planned)
    assert (found is None) == (old == "--secret id=TOK")


@pytest.mark.parametrize("path", [GITLAB, CIRCLECI, CODEBUILD, BITBUCKET, TRAVIS, AZURE, CLOUD_BUILD, DRONE, CONCOURSE, BUILDKITE])
def test_their_files_are_of_this_kind(path: str) -> None:
    kind = kind_of(path, b"")
    assert kind is not None
    assert kind.module == "ci.pipelines"
