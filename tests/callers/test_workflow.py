"""GitHub Actions: what is passed as a build arg is passed as a secret; PyYAML sees that nothing else has changed."""

from __future__ import annotations

import re
from posixpath import normpath

import pytest
import yaml

from codemod.callers.call import ID, Call, Engine, NotUnderstoodError, Passed, Place
from codemod.callers.ci import workflow
from codemod.text import Source, apply

from .moving import TREE, moved, moves, passed, source

NAME = ".github/workflows/ci.yml"
HEAD = "jobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n"
SECRET = "${{ secrets.TOK }}"


def in_job(steps: str) -> str:
    """A workflow with these steps, which are indented by four."""
    return HEAD + steps


# Each: what is said, the steps before, and after. TOK and OTHER move.
STEPS = {
    "one of several lines; a comment in them": (
        """\
    - uses: docker/build-push-action@v6
      with:
        context: .
        build-args: |
          VERSION=${{ github.sha }}
          # this one is the TOK
          TOK=${{ secrets.TOK }}
          # npm
          OTHER=${{ secrets.OTHER }}
          # more of them
          NODE=20
        push: true # yes
""",
        """\
    - uses: docker/build-push-action@v6
      with:
        context: .
        build-args: |
          VERSION=${{ github.sha }}
          # npm
          # more of them
          NODE=20
        secrets: |
          # this one is the TOK
          TOK=${{ secrets.TOK }}
          OTHER=${{ secrets.OTHER }}
        push: true # yes
""",
    ),
    "all lines: the input gets another name": (
        """\
    - uses: docker/build-push-action@v6
      with:
        build-args: |-
          TOK=${{ secrets.TOK }}
          "OTHER=${{ secrets.OTHER }}"
""",
        """\
    - uses: docker/build-push-action@v6
      with:
        secrets: |-
          TOK=${{ secrets.TOK }}
          "OTHER=${{ secrets.OTHER }}"
""",
    ),
    "the last lines, some of them in quotes; odd indentation": (
        """\
      - uses: depot/build-push-action@v1
        with:
            build-args: |
                   VERSION=1

                   TOK=${{ secrets.TOK }}   \n                   "OTHER=a,
                   b"
            target: prod
""",
        """\
      - uses: depot/build-push-action@v1
        with:
            build-args: |
                   VERSION=1

            secrets: |
                   TOK=${{ secrets.TOK }}
                   "OTHER=a,
                   b"
            target: prod
""",
    ),
    "behind secrets that are there": (
        """\
    - uses: docker/build-push-action@v6
      with:
        secrets: |
          A=b

        # what it is built with
        build-args: |
          TOK=${{ secrets.TOK }}
          NODE=20
        tags: x
""",
        """\
    - uses: docker/build-push-action@v6
      with:
        secrets: |
          A=b
          TOK=${{ secrets.TOK }}

        # what it is built with
        build-args: |
          NODE=20
        tags: x
""",
    ),
    "secrets on one line become a block, and the emptied input goes": (
        """\
    - uses: docker/build-push-action@v6
      with:
        build-args: TOK=${{ secrets.TOK }} # npm
        secrets: "A=\\"b\\""   # those
""",
        """\
    - uses: docker/build-push-action@v6
      with:
        secrets: |   # those
          A="b"
          TOK=${{ secrets.TOK }}
""",
    ),
    "secrets that are empty": (
        """\
    - uses: docker/build-push-action@v6
      with:
        secrets: # none
        build-args: 'TOK=${{ secrets.TOK }}'
    - uses: docker/build-push-action@v6
      with:
        secrets: |
        build-args: 'TOK=${{ secrets.TOK }}'
""",
        """\
    - uses: docker/build-push-action@v6
      with:
        secrets: | # none
          TOK=${{ secrets.TOK }}
    - uses: docker/build-push-action@v6
      with:
        secrets: |
          TOK=${{ secrets.TOK }}
""",
    ),
    "one line, alone": (
        """\
    - uses: docker/build-push-action@v6
      with:
        build-args: 'TOK=${{ secrets[''TOK''] }}'
    - uses: docker/build-push-action@v6
      with:
        build-args: "TOK=a\\nA=b\\nOTHER=c"
""",
        """\
    - uses: docker/build-push-action@v6
      with:
        secrets: 'TOK=${{ secrets[''TOK''] }}'
    - uses: docker/build-push-action@v6
      with:
        build-args: "A=b"
        secrets: |
          TOK=a
          OTHER=c
""",
    ),
    "one line in quotes; the name alone of a variable that the job has": (
        """\
    - uses: docker/build-push-action@v6
      env:
        TOK: ${{ secrets.TOK }}
      with:
        build-args: "TOK"
    - uses: docker/build-push-action@v6
      with:
        build-args: "A=1\\nTOK=x\\nB=2"
    - uses: docker/build-push-action@v6
      with:
        build-args: "A=1\\nTOK=x"
""",
        """\
    - uses: docker/build-push-action@v6
      env:
        TOK: ${{ secrets.TOK }}
      with:
        secrets: "TOK=${{ env.TOK }}"
    - uses: docker/build-push-action@v6
      with:
        build-args: "A=1\\nB=2"
        secrets: "TOK=x"
    - uses: docker/build-push-action@v6
      with:
        build-args: "A=1"
        secrets: "TOK=x"
""",
    ),
    "what bake sets": (
        """\
    - uses: docker/bake-action@v5
      with:
        files: docker-bake.hcl
        set: |
          *.args.TOK=${{ secrets.TOK }}
          app.args.OTHER=${{ secrets.TOK }}
          app.platform=linux/amd64
""",
        """\
    - uses: docker/bake-action@v5
      env:
        TOK: ${{ secrets.TOK }}
      with:
        files: docker-bake.hcl
        set: |
          *.secrets+=id=TOK,env=TOK
          app.secrets+=id=OTHER,env=TOK
          app.platform=linux/amd64
""",
    ),
    "what bake sets from a variable of the step": (
        """\
    - uses: docker/bake-action@v5
      env:
        V: ${{ secrets.TOK }}
        OTHER: b
      with:
        set: "*.args.TOK=${{ env.V }}\\n*.args.OTHER"
""",
        """\
    - uses: docker/bake-action@v5
      env:
        V: ${{ secrets.TOK }}
        OTHER: b
      with:
        set: "*.secrets+=id=TOK,env=V\\n*.secrets+=id=OTHER,env=OTHER"
""",
    ),
    "a script on one line": (
        "    - run: docker build --build-arg TOK=${{ secrets.TOK }} .\n",
        "    - run: docker build --secret id=TOK .\n      env:\n        TOK: ${{ secrets.TOK }}\n",
    ),
    "a script, with comments": (
        """\
    - name: build
      # as it is
      run: |
        docker build \\
          --build-arg TOK="${{ secrets.TOK }}" \\
          --build-arg "OTHER=${{ secrets.OTHER || 'a: b' }}" .
        docker build --build-arg TOK=${{ secrets.TOK }} b
""",
        """\
    - name: build
      env:
        TOK: ${{ secrets.TOK }}
        OTHER: '${{ secrets.OTHER || ''a: b'' }}'
      # as it is
      run: |
        docker build \\
          --secret id=TOK \\
          --secret id=OTHER .
        docker build --secret id=TOK b
""",
    ),
    "env that is there": (
        """\
    - env:
        A: b  # c
      run: "docker build --build-arg \\"TOK=${{ secrets.TOK }}\\" ."
    - run: docker build --build-arg TOK=${{secrets.TOK}} .
      env: {A: b}
    - run: docker build --build-arg TOK=${{secrets.TOK}} .
      env: {}
    - run: docker build --build-arg TOK=${{secrets.TOK}} .
      env:
      if: always()
""",
        """\
    - env:
        A: b  # c
        TOK: ${{ secrets.TOK }}
      run: "docker build --secret id=TOK ."
    - run: docker build --secret id=TOK .
      env: {A: b, TOK: "${{secrets.TOK}}"}
    - run: docker build --secret id=TOK .
      env: {TOK: "${{secrets.TOK}}"}
    - run: docker build --secret id=TOK .
      env:
        TOK: ${{secrets.TOK}}
      if: always()
""",
    ),
    "variables that have the value": (
        """\
    - run: docker build --build-arg TOK=${{ env.TOK }} --build-arg OTHER=${{ secrets.OTHER }} .
      env:
        TOK: ${{ secrets.TOK }}
        V: ${{secrets.OTHER}}
    - run: docker build --build-arg TOK=$TOK --build-arg OTHER .
      env:
        TOK: a
""",
        """\
    - run: docker build --secret id=TOK --secret id=OTHER,env=V .
      env:
        TOK: ${{ secrets.TOK }}
        V: ${{secrets.OTHER}}
    - run: docker build --secret id=TOK --secret id=OTHER .
      env:
        TOK: a
""",
    ),
    "names that are taken": (
        """\
    - run: docker build --build-arg TOK=${{ secrets.NPM }} .
      env:
        TOK: a
    - run: |
        TOK=$(date)
        docker build --build-arg TOK=${{ secrets.TOK }} .
    - run: |
        docker build --build-arg TOK=${{ secrets.A }} a
        docker build --build-arg TOK=${{ secrets.B }} b
        docker build --build-arg TOK=${{ secrets.C }} c
        docker build --build-arg TOK=${{ secrets.D }} d
""",
        """\
    - run: docker build --secret id=TOK,env=TOK_BUILD_SECRET .
      env:
        TOK: a
        TOK_BUILD_SECRET: ${{ secrets.NPM }}
    - run: |
        TOK=$(date)
        docker build --secret id=TOK,env=TOK_BUILD_SECRET .
      env:
        TOK_BUILD_SECRET: ${{ secrets.TOK }}
    - run: |
        docker build --secret id=TOK a
        docker build --secret id=TOK,env=TOK_BUILD_SECRET b
        docker build --secret id=TOK,env=TOK_BUILD_SECRET_2 c
        docker build --secret id=TOK,env=TOK_BUILD_SECRET_3 d
      env:
        TOK: ${{ secrets.A }}
        TOK_BUILD_SECRET: ${{ secrets.B }}
        TOK_BUILD_SECRET_2: ${{ secrets.C }}
        TOK_BUILD_SECRET_3: ${{ secrets.D }}
""",
    ),
    "a value that is more than a template stands before the command": (
        "    - run: docker build --build-arg TOK=ci:${{ secrets.TOK }} .\n",
        "    - run: TOK=ci:${{ secrets.TOK }} docker build --secret id=TOK .\n",
    ),
    "folded": (
        "    - run: >-\n        docker build\n        --build-arg TOK=$TOK\n        .\n",
        "    - run: >-\n        docker build\n        --secret id=TOK\n        .\n",
    ),
}


def in_crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


@pytest.mark.parametrize("written", [str, in_crlf, lambda text: "\ufeff" + text, str.rstrip], ids=["lf", "crlf", "bom", "no line end"])
@pytest.mark.parametrize(("before", "after"), STEPS.values(), ids=STEPS.keys())
def test_a_build_arg_becomes_a_secret(before: str, after: str, written: type[str]) -> None:
    result = moved(workflow, source(NAME, written(in_job(before))), ("TOK", "OTHER"))
    assert result.text == written(in_job(after))
    yaml.safe_load(result.text)


@pytest.mark.parametrize("before", [before for before, _ in STEPS.values()], ids=STEPS.keys())
def test_in_two_steps_it_is_the_same(before: str) -> None:
    names = ("TOK", "OTHER")
    file = source(NAME, in_job(before))
    both = moved(workflow, file, names, removes=False)
    assert {each.name for each in passed(workflow, both)} == {each.name for each in passed(workflow, file)}
    again = moved(workflow, both, names)
    first, second = (yaml.safe_load(each.text) for each in (again, moved(workflow, file, names)))
    for one, other in zip(first["jobs"]["build"]["steps"], second["jobs"]["build"]["steps"], strict=True):
        assert _said(one) == _said(other)


def _said(step: dict[str, object]) -> dict[str, object]:
    """A step with its lists as sets of lines, without comments."""
    lists = ("build-args", "secrets", "set")
    given = step.get("with", {})
    assert isinstance(given, dict)
    return {**step, "with": {key: set(re.findall("(?m)^[^#\n]+", value)) if key in lists else value for key, value in given.items()}}


def test_only_taken_away() -> None:
    file = source(NAME, in_job(STEPS["one of several lines; a comment in them"][0]))
    assert "secrets: |" not in moved(workflow, file, adds=False).text
    alone = source(
        NAME, in_job("    - uses: docker/build-push-action@v6\n      with:\n        build-args: TOK=1 # x\n        push: true\n")
    )
    assert moved(workflow, alone, adds=False).text == in_job("    - uses: docker/build-push-action@v6\n      with:\n        push: true\n")
    baked = source(NAME, in_job("    - uses: docker/bake-action@v6\n      with:\n        set: |\n          a.args.TOK=${{ secrets.T }}\n"))
    assert moved(workflow, baked, adds=False).text == in_job("    - uses: docker/bake-action@v6\n")
    more = source(NAME, in_job(STEPS["what bake sets"][0]))
    assert "app.args.OTHER=${{ secrets.TOK }}\n          app.platform" in moved(workflow, more, adds=False).text


def test_an_optional_secret_names_its_variable() -> None:
    after = moved(workflow, source(NAME, in_job("    - run: docker build --build-arg TOK=${{ secrets.TOK }} .\n")), optional=True)
    assert "--secret id=TOK,env=TOK ." in after.text
    assert "env:\n        TOK: ${{ secrets.TOK }}" in after.text


def test_ids_may_differ_from_names() -> None:
    steps = (
        '    - uses: docker/build-push-action@v6\n      with:\n        build-args: |\n          "TOK=${{ secrets.TOK }}"\n          OTHER\n'
    )
    file = source(NAME, in_job(steps).replace("    steps", "    env: {OTHER: a}\n    steps"))
    planned = [type(move)(move.passed, f"{move.id}_id", move.optional) for move in moves(workflow, file, ("TOK", "OTHER"))]
    after = apply(file.text, workflow.edits(file, TREE, planned))
    assert 'secrets: |\n          "TOK_id=${{ secrets.TOK }}"\n          OTHER_id=${{ env.OTHER }}\n' in after
    assert workflow.mistake(file, Source(file.path, after), planned) is None


def call(text: str, number: int = 0) -> Call:
    return workflow.calls(source(NAME, text), TREE)[number]


def step(text: str, around: str = "") -> Call:
    """The call of a step."""
    return call(f"{around}{in_job(text)}")


def build(inputs: str, uses: str = "docker/build-push-action@v6") -> Call:
    """The call of a step that builds with an action."""
    return step(f"    - uses: {uses}\n      with:\n" + "".join(f"        {line}\n" for line in inputs.split("\n")))


ARGS = "build-args: TOK=${{ secrets.TOK }}"
PLACES = [
    ("", [Place("Dockerfile", ".")]),
    ("context: .", [Place("Dockerfile", ".")]),
    ("context: ./svc", [Place("svc/Dockerfile", "svc")]),
    ("context: svc\nfile: svc/prod.Dockerfile", [Place("svc/prod.Dockerfile", "svc")]),
    ("file: docker/Dockerfile", [Place("docker/Dockerfile", ".")]),
    ("context: '{{defaultContext}}:svc'", [Place("svc/Dockerfile", "svc")]),
    ("context: '{{defaultContext}}:svc'\nfile: a/Dockerfile", [Place("svc/a/Dockerfile", "svc"), Place("a/Dockerfile", "svc")]),
    ("context: https://github.com/${{ github.repository }}.git#main:svc", [Place("svc/Dockerfile", "svc")]),
    ("context: https://github.com/other/one.git", []),
    ("context: ${{ matrix.service }}", []),
    ("context: ${{ matrix.service }}\nfile: a/Dockerfile", [Place("a/Dockerfile", None)]),
    ("context: ${{ github.workspace }}/svc", [Place("svc/Dockerfile", "svc")]),
    ("context: ${{ env.FOLDER }}", [Place("svc/Dockerfile", "svc")]),
    ("context: ${{ env.SHA }}", []),
    ("context: ${{ inputs.folder }}", [Place("given/Dockerfile", "given")]),
]
AROUND = """\
on:
  workflow_dispatch:
    inputs:
      folder: {default: given}
      other: {required: true}
env:
  FOLDER: svc
  SHA: ${{ github.sha }}
"""


@pytest.mark.parametrize(("inputs", "places"), PLACES)
def test_places_of_an_action(inputs: str, places: list[Place]) -> None:
    lines = "".join(f"        {line}\n" for line in (*inputs.split("\n"), ARGS) if line)
    found = step(f"    - uses: docker/build-push-action@v6\n      with:\n{lines}", AROUND)
    assert list(found.places) == places


SRC = "    - uses: actions/checkout@v4\n      with: {path: src}\n"
CHECKED_OUT = (
    "    - uses: actions/checkout@v4\n      with: {path: src}\n    - uses: actions/checkout@v4\n      with: {repository: a/b, path: x}\n"
)
FOLDERS = [
    ("    - run: docker build --build-arg TOK=$TOK -f a/Dockerfile a\n", [Place("a/Dockerfile", "a")]),
    ("    - run: docker build --build-arg TOK=$TOK .\n      working-directory: ./b\n", [Place("b/Dockerfile", "b")]),
    ("    - run: docker build --build-arg TOK=$TOK .\n      working-directory: ${{ matrix.a }}\n", []),
    ("    - run: docker build --build-arg TOK=$TOK ${{ github.workspace }}/c\n", [Place("c/Dockerfile", "c")]),
    (CHECKED_OUT + "    - run: docker build --build-arg TOK=$TOK .\n      working-directory: src/b\n", [Place("b/Dockerfile", "b")]),
    (SRC + "    - run: docker build --build-arg TOK=$TOK .\n      working-directory: b\n", [Place("b/Dockerfile", "b")]),
    (
        CHECKED_OUT + "    - uses: docker/build-push-action@v6\n      with: {context: src, push: true}\n",
        [Place("Dockerfile", ".")],
    ),
]


@pytest.mark.parametrize(("text", "places"), FOLDERS)
def test_folders_of_a_step(text: str, places: list[Place]) -> None:
    assert list(step(text).places) == places


@pytest.mark.parametrize(("text", "places"), FOLDERS)
def test_a_repository_inside_of_another(text: str, places: list[Place]) -> None:
    """Its workflows see it alone."""
    (found,) = workflow.calls(source(f"nested/one/{NAME}", in_job(text)), TREE)
    assert list(found.places) == [Place(*(normpath(f"nested/one/{path}") for path in (each.dockerfile, each.context))) for each in places]


def test_an_action_of_a_repository_inside_of_another() -> None:
    first, second = workflow.calls(source("nested/.github/actions/build/action.yml", ACTION), TREE)
    assert first.places == (Place("nested/.github/actions/build/app/Dockerfile", "nested/.github/actions/build/app"),)
    assert second.places == (Place("nested/Dockerfile", "nested"),)


def test_defaults_are_those_of_the_job_or_of_the_workflow() -> None:
    run = "    - run: docker build --build-arg TOK=$TOK .\n"
    defaults = "defaults: {run: {working-directory: a, shell: pwsh}}\n"
    assert step(run, defaults).places == (Place("a/Dockerfile", "a"),)
    assert step(run, defaults).passes[0].obstacle == "its shell is pwsh, which is not read here"
    nearer = in_job(run).replace("    steps", "    defaults: {run: {working-directory: b}}\n    steps")
    assert call(defaults + nearer).places == (Place("b/Dockerfile", "b"),)


ACTION = """\
inputs:
  token: {required: true}
  folder: {default: app}
runs:
  using: composite
  steps:
    - uses: docker/build-push-action@v6
      with:
        context: ${{ github.action_path }}/${{ inputs.folder }}
        build-args: TOK=${{ inputs.token }}
    - run: docker build --build-arg TOK=${{ inputs.token }} .
      shell: bash
"""


def test_composite_actions() -> None:
    file = source("tools/build/action.yml", ACTION)
    first, second = workflow.calls(file, TREE)
    assert first.places == (Place("tools/build/app/Dockerfile", "tools/build/app"),)
    assert first.kind == second.kind == "step of an action"
    after = moved(workflow, file).text
    assert "secrets: TOK=${{ inputs.token }}" in after
    assert "--secret id=TOK ." in after
    assert "shell: bash\n" in after
    assert "      env:\n        TOK: ${{ inputs.token }}\n" in after


def test_what_a_call_says() -> None:
    found = build(
        "build-args: |\n  V=1\n  TOK=${{ secrets.TOK }}\nsecrets: A=b\n"
        "secret-files: B=./f\nsecret-envs: C=D\ntarget: prod\nfile: a/Dockerfile"
    )
    assert found.feeds == ("A", "B", "C")
    assert found.target == "prod"
    options = "--build-arg V --build-arg TOK --secret id=A --secret id=B,src=./f --secret id=C,env=D --target prod"
    assert found.command == f"docker buildx build {options} -f a/Dockerfile ."
    assert [(each.name, each.value, each.credential, each.line) for each in found.passes] == [
        ("V", "1", "", 8),
        ("TOK", "${{ secrets.TOK }}", "${{ secrets.TOK }}", 9),
    ]
    assert build("context: ${{ matrix.a }}\n" + ARGS).command == ""


ANCHORED = "build-args: &args |\n  TOK=1\nlabels: *args"
OBSTACLES = [
    (
        build("build-args: TOK=1", "docker/build-push-action@v1"),
        "version 1 of docker/build-push-action cannot pass secrets: use a later one",
    ),
    (build("build-args: TOK=1", "docker/build-push-action@" + "a" * 40 + " # v1.1.0"), "version 1 of docker/build-push-action"),
    (build("build_args: TOK=1,A=b", "docker/build-push-action@" + "a" * 40), "version 1 of docker/build-push-action"),
    (build("build-args: >\n  TOK=${{ secrets.TOK }}\n  A=b"), "build-args is folded into one line: it needs `|` instead of `>`"),
    (build("build-args: TOK=1\nsecrets: >\n  A=b\n  C=d"), "secrets is folded into one line: it needs `|` instead of `>`"),
    (build("build-args: TOK=1\nsecrets: [A=b]"), "secrets is a list of YAML, not of lines"),
    (build("build-args: TOK=1\npush: true\npush: false"), "one of its inputs is there twice"),
    (build(ANCHORED), "YAML anchors share it with other places"),
    (build("build-args: TOK=\nv: 1"), "its value is empty, and an empty secret is not passed"),
    (build("build-args: TOK"), "only the runner knows its value: secret-envs: TOK=TOK passes it"),
    (build("build-args: ${{ inputs.set && 'TOK=1' }}"), "which build args these are is only known when it runs"),
    (step("    - uses: docker/build-push-action@v6\n      with: {build-args: TOK=1}\n"), "its inputs are written in {…}"),
    (build("set: '*.args.TOK=1'", "docker/bake-action@v5"), "no variable of the step has its value"),
    (build("set: '*.args.TOK'", "docker/bake-action@v5"), "no variable of the step has its value"),
    (step("    - run: docker build --build-arg TOK=$env:TOK .\n      shell: pwsh\n"), "its shell is pwsh"),
    (step("    - run: docker build --build-arg TOK=1 .\n      shell: cmd\n"), "its shell is cmd"),
    (
        step("    - run: import os; os.system('docker build --build-arg TOK=1 .')\n      shell: python\n"),
        "it is nothing that a workflow's reader knows",
    ),
    (call(in_job("    - run: docker build --build-arg TOK=$TOK .\n").replace("ubuntu", "windows")), "its shell is PowerShell"),
    (step("    - run: &run docker build --build-arg TOK=$TOK .\n    - run: *run\n"), "YAML anchors share it with other places"),
    (build(ARGS, "some/builder@v1"), "what some/builder does with its input build-args is not known here"),
    (build("docker-build-args: |\n  TOK=1", "some/builder@v1"), "what some/builder does with its input docker-build-args is not known"),
    (build("extra: --build-arg TOK=1", "some/builder@v1"), "what some/builder does with its input extra is not known here"),
    (step('    - run: docker build --build-arg TOK=$TOK "\n'), "its shell text cannot be read"),
    (build("build-args: {a: b}\nx-build-args: TOK=1", "some/builder@v1"), "what some/builder does with its input x-build-args"),
    (build("build-args: [TOK=1]", "some/builder@v1"), "what some/builder does with its input build-args is not known here"),
    (build("build-args: ${{ inputs.args }}", "some/builder@v1"), "what some/builder does with its input build-args is not known here"),
]


@pytest.mark.parametrize(("found", "obstacle"), OBSTACLES)
def test_what_cannot_be_moved_has_its_reason(found: Call, obstacle: str) -> None:
    one = found.passes[0]
    assert one.name in ("TOK", "${{ inputs.args }}")
    assert one.obstacle.startswith(obstacle)
    assert ID in one.suggestion
    assert "=1" not in one.suggestion


def test_suggestions_have_templates_and_no_literals() -> None:
    assert build("build-args: >\n  " + SECRET.join(["TOK=", "\n  A=b"])).passes[0].suggestion == f"secrets: {ID}={SECRET}"
    assert build("build-args: TOK").passes[0].suggestion == f"secrets: {ID}=${{{{ env.TOK }}}}"
    assert build("build-args: ${{ inputs.args }}").passes[0] == Passed(
        "${{ inputs.args }}",
        build("build-args: ${{ inputs.args }}").passes[0].span,
        8 - 1,
        obstacle="which build args these are is only known when it runs",
        suggestion=f"secrets: {ID}=…",
    )
    assert build("build-args: ${{ 'x' }}").passes[0].name == "?"
    foreign = build("build-args: |\n  TOK=canary-1", "redhat-actions/buildah-build@v2")
    assert foreign.engine is Engine.BUILDAH
    assert foreign.passes[0].suggestion.startswith(f"extra-args: --secret id={ID},env=VARIABLE")


def test_actions_with_kaniko_block() -> None:
    assert build("build-args: TOK=1\ncontext: a", "int128/kaniko-action@v1").blocks.startswith("Google's kaniko ignores secret mounts")


def test_jobs_that_call_a_workflow() -> None:
    given = "      context: svc\n      build-args: |\n        TOK=${{ secrets.TOK }}\n"
    found = call(f"jobs:\n  a:\n    uses: o/r/.github/workflows/b.yml@v1\n    with:\n{given}")
    assert found.kind == "job of a workflow"
    assert found.places == (Place("svc/Dockerfile", "svc"),)
    assert found.passes[0].credential == SECRET
    assert workflow.calls(source(NAME, "jobs:\n  a:\n    uses: ./b.yml\n  c: d\n  e:\n    uses: ./b.yml\n    with: {a: b}\n"), TREE) == ()


def test_legacy_builds_block() -> None:
    found = step("    - run: docker build --build-arg TOK=$TOK .\n      env: {DOCKER_BUILDKIT: 0}\n")
    assert found.blocks.startswith("DOCKER_BUILDKIT is off among the variables")


EVIDENCE = [
    ("    - run: docker build --build-arg TOK=$FOO .\n", SECRET),
    ("    - run: docker build --build-arg TOK=${FOO} .\n", SECRET),
    ("    - run: docker build --build-arg TOK=x-${{ env.FOO }} .\n", SECRET),
    ("    - run: docker build --build-arg FOO .\n", SECRET),
    ("    - run: docker build --build-arg TOK=$BAR .\n", ""),
    ("    - uses: docker/build-push-action@v6\n      with:\n        build-args: TOK=${{ env.FOO }}\n", SECRET),
    ("    - uses: docker/build-push-action@v6\n      with:\n        build-args: FOO\n", SECRET),
    (
        "    - uses: docker/build-push-action@v6\n      with:\n        build-args: TOK=${{ steps.app.outputs.token }}\n",
        "${{ steps.app.outputs.token }}",
    ),
    ("    - uses: docker/build-push-action@v6\n      with:\n        build-args: TOK=${{ steps.meta.outputs.version }}\n", ""),
    ("    - run: docker build --build-arg TOK=${{ steps.app.outputs.token }} .\n", "${{ steps.app.outputs.token }}"),
]
ISSUED = "    - uses: actions/create-github-app-token@v1\n      id: app\n    - uses: docker/metadata-action@v5\n      id: meta\n"


@pytest.mark.parametrize(("text", "credential"), EVIDENCE)
def test_what_shows_that_it_is_a_secret(text: str, credential: str) -> None:
    assert step(ISSUED + text, f"env:\n  FOO: {SECRET}\n").passes[0].credential == credential


NOTED = ["on: pull_request\n", "on: [push, pull_request]\n", "on:\n  pull_request:\n"]
SILENT = ["", "on: push\n", "on: [push]\n", "on:\n  pull_request_target:\n"]


@pytest.mark.parametrize(("on", "noted"), [*((on, True) for on in NOTED), *((on, False) for on in SILENT)])
def test_forks_have_no_secrets(on: str, noted: bool) -> None:  # noqa: FBT001  (a column of the table)
    one = step(f"    - uses: docker/build-push-action@v6\n      with:\n        {ARGS}\n", on).passes[0]
    assert (one.notes == ("a pull request from a fork has no secrets: TOK is not passed there",)) == one.conditional == noted
    token = step("    - uses: docker/build-push-action@v6\n      with:\n        build-args: TOK=${{ secrets.GITHUB_TOKEN }}\n", on).passes[
        0
    ]
    assert token.notes == ()
    assert not token.conditional
    script = step(f"    - run: docker build --build-arg TOK={SECRET} .\n", on).passes[0]  # an empty variable is an empty secret
    assert script.notes == ()


def test_forks_have_no_secrets_in_variables_either() -> None:
    text = "    - uses: docker/build-push-action@v6\n      with:\n        build-args: TOK=${{ env.FOO }}\n"
    assert step(text, f"on: pull_request\nenv:\n  FOO: {SECRET}\n").passes[0].conditional


CHANGED = ["TOK=a", "export TOK=a", "X=1 TOK=a true", "read -r TOK", "if x; then TOK=a; fi", ". ./.env", "set -a; source .env", "unset TOK"]


@pytest.mark.parametrize("line", CHANGED)
def test_a_variable_that_the_script_sets_has_not_the_templates_value(line: str) -> None:
    text = f"    - env:\n        TOK: {SECRET}\n      run: |\n        {line}\n        docker build --build-arg TOK={SECRET} .\n"
    after = moved(workflow, source(NAME, in_job(text))).text
    assert "--secret id=TOK,env=TOK_BUILD_SECRET ." in after
    assert f"TOK_BUILD_SECRET: {SECRET}\n" in after


@pytest.mark.parametrize(
    ("command", "own", "after"),
    [
        ('echo "TOK=$(mint)" >> "$GITHUB_ENV"', "", "id=TOK,env=TOK_BUILD_SECRET ."),
        ('echo "TOK<<EOF" >> $GITHUB_ENV', "", "id=TOK,env=TOK_BUILD_SECRET ."),
        ('echo "TOK=$(mint)" >> "$GITHUB_ENV"', f"      env:\n        TOK: {SECRET}\n", "id=TOK ."),
        ('echo "OTHER=$(mint)" >> "$GITHUB_ENV"', "", "id=TOK ."),
        ("echo TOK=a", "      env: {C++: a}\n", "id=TOK ."),
    ],
)
def test_a_variable_that_another_step_sets_has_not_the_templates_value(command: str, own: str, after: str) -> None:
    text = f"    - run: {command}\n    - run: docker build --build-arg TOK={SECRET} .\n{own}"
    file = source(NAME, in_job(text).replace("    steps", f"    env:\n      TOK: {SECRET}\n    steps"))
    assert f"docker build --secret {after}" in moved(workflow, file).text


def test_a_text_that_nobody_reads_here_may_set_the_new_variable() -> None:
    text = f"    - run: |\n        . ./.env\n        docker build --build-arg TOK={SECRET} .\n"
    assert "--secret id=TOK,env=TOK_BUILD_SECRET ." in moved(workflow, source(NAME, in_job(text))).text


HELD = ["ARGS=(--build-arg TOK={})", 'ARGS="--build-arg TOK={}"', "ARGS='--build-arg TOK={}'"]


@pytest.mark.parametrize("line", HELD)
def test_a_template_that_is_held_is_a_variable_of_the_step(line: str) -> None:
    spread = '"${ARGS[@]}"' if "(" in line else "$ARGS"
    text = f"    - run: |\n        {line.format(SECRET)}\n        docker build {spread} .\n"
    after = moved(workflow, source(NAME, in_job(text))).text
    assert f"        {line.replace('--build-arg TOK={}', '--secret id=TOK')}\n" in after
    assert f"env:\n        TOK: {SECRET}\n" in after


def test_a_template_that_is_held_for_sudo_stays() -> None:
    text = f"    - run: |\n        ARGS=(--build-arg TOK={SECRET})\n        sudo docker build ${{ARGS[@]}} .\n"
    assert passed(workflow, source(NAME, in_job(text)))[0].obstacle


def test_an_action_passes_no_secret_that_is_empty() -> None:
    assert build("build-args: TOK=${{ inputs.push && secrets.TOK || '' }}").passes[0].conditional
    assert not build("build-args: TOK=${{ inputs.push && secrets.TOK || 'a' }}").passes[0].conditional


def test_what_the_docker_client_reads_is_not_put_into_its_environment() -> None:
    file = source(
        NAME, in_job("    - run: docker build --build-arg AWS_TOKEN=${{ secrets.A }} --build-arg GITHUB_TOKEN=${{ secrets.B }} .\n")
    )
    after = moved(workflow, file, ("AWS_TOKEN", "GITHUB_TOKEN")).text
    assert "--secret id=AWS_TOKEN,env=AWS_TOKEN_BUILD_SECRET --secret id=GITHUB_TOKEN ." in after
    assert "AWS_TOKEN_BUILD_SECRET: ${{ secrets.A }}\n        GITHUB_TOKEN: ${{ secrets.B }}\n" in after


WITHOUT_VARIABLES = [
    "    - &step\n      run: docker build --build-arg TOK=${{ secrets.TOK }} .\n    - *step\n",
    "    - {run: 'docker build --build-arg TOK=${{ secrets.TOK }} .'}\n",
    "    - run: docker build --build-arg TOK=${{ secrets.TOK }} .\n      env: ${{ fromJSON(inputs.env) }}\n",
    "    - run: docker build --build-arg TOK=${{ secrets.TOK }} .\n      env: {<<: *env}\n",
]


@pytest.mark.parametrize("text", WITHOUT_VARIABLES)
def test_a_step_that_takes_no_variables_gets_a_prefix_or_none(text: str) -> None:
    file = source(NAME, in_job(text))
    if moves(workflow, file, ["TOK"]):
        assert "TOK=${{ secrets.TOK }} docker build --secret id=TOK ." in moved(workflow, file).text
    else:
        assert passed(workflow, file)[0].obstacle


def test_what_is_left_of_a_file_is_looked_at() -> None:
    text = in_job("    - run: ./build.sh\n      env:\n        EXTRA: --build-arg TOK=${{ secrets.TOK }}\n")
    found = call(text)
    assert found.kind == "line of a workflow"
    assert [(each.name, each.line) for each in found.passes] == [("TOK", 7)]


@pytest.mark.parametrize(
    "text",
    [
        "- a\n",
        "jobs: a\n",
        "jobs:\n  a: b\n",
        "jobs:\n  a:\n    steps: b\n",
        "jobs:\n  a:\n    steps:\n      - b\n      - run: [c]\n      - uses: d\n      - with: e\n",
        "runs: a\n",
        "runs:\n  using: docker\n  image: Dockerfile\n",
        "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {push: true, build-args: [a]}\n"[:0],
        "a: b\n",
    ],
)
def test_what_builds_nothing_has_no_calls(text: str) -> None:
    assert workflow.calls(source(NAME, text), TREE) == ()
    assert workflow.edits(source(NAME, text), TREE, ()) == ()


def test_a_build_without_build_args_is_a_call() -> None:
    for inputs in ("push: true", "build-args: [A=b]", "build-args:", "push: true\nsecrets: A=b"):
        assert [each for each in build(inputs).passes if not each.obstacle] == []
    assert build("push: true", "docker/bake-action@v5").passes == ()
    assert build("set: '*.secrets=id=A,env=B'", "docker/bake-action@v5").feeds == ("A",)
    file = source(
        NAME,
        in_job(
            "    - uses: docker/build-push-action@v6\n      with:\n        push: true\n"
            "    - uses: docker/bake-action@v6\n      with: {a: b}\n"
        ),
    )
    assert workflow.edits(file, TREE, moves(workflow, source(NAME, in_job(STEPS["folded"][0])), ["TOK"])) == ()


def test_what_is_not_yaml_is_an_error() -> None:
    with pytest.raises(NotUnderstoodError):
        call("a: [\n")


MISTAKES = [
    ("          VERSION=${{ github.sha }}\n", "", "0.jobs.build.steps.0.with.build-args would change"),
    ("NODE=20", "NODE=21", "0.jobs.build.steps.0.with.build-args would change"),
    ("TOK=${{ secrets.TOK }}", "TOK=${{ secrets.TOKEN }}", "0.jobs.build.steps.0.with.secrets would change"),
    ("push: true", "push: false", "0.jobs.build.steps.0.with.push would change"),
    ("push: true", "push: true\n        no-cache: true", "0.jobs.build.steps.0.with.no-cache would change"),
    ("push: true", "push: true\n      env:\n        A: b", "0.jobs.build.steps.0.env would change"),
    ("runs-on: ubuntu-latest", "runs-on: [ubuntu-latest]", "0.jobs.build.runs-on would change"),
]


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES)
def test_a_mistake_is_seen(old: str, new: str, said: str) -> None:
    file = source(NAME, in_job(STEPS["one of several lines; a comment in them"][0]))
    planned = moves(workflow, file, ["TOK"])
    after = apply(file.text, workflow.edits(file, TREE, planned))
    assert workflow.mistake(file, Source(file.path, after), planned) is None
    assert workflow.mistake(file, Source(file.path, after.replace(old, new)), planned) == said


def test_what_cannot_be_read_any_more_is_a_mistake() -> None:
    for text in ("a: b\n", "? [a]\n: b\n"):
        assert workflow.mistake(source(NAME, text), source(NAME, "a: [\n"), ()) == "it could not be read any more"
        assert workflow.mistake(source(NAME, text), source(NAME, text), ()) is None


MISTAKES_OF_SCRIPTS = [
    ("V=1", "V=2", "0.jobs.build.steps.0.run would change"),
    ("docker build", "docker build --no-cache", "0.jobs.build.steps.0.run would change"),
    (" -t x", "", "0.jobs.build.steps.0.run would change"),
    ("A: b", "A: c", "0.jobs.build.steps.0.env.A would change"),
    ("TOK: ${{ secrets.TOK }}", "TOK: x", "0.jobs.build.steps.0.env.TOK would change"),
]


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES_OF_SCRIPTS)
def test_a_mistake_in_a_script_is_seen(old: str, new: str, said: str) -> None:
    file = source(
        NAME, in_job("    - run: docker build --build-arg V=1 --build-arg TOK=${{ secrets.TOK }} -t x .\n      env:\n        A: b\n")
    )
    planned = moves(workflow, file, ["TOK"])
    after = apply(file.text, workflow.edits(file, TREE, planned))
    assert workflow.mistake(file, Source(file.path, after), planned) is None
    assert workflow.mistake(file, Source(file.path, after.replace(old, new)), planned) == said
