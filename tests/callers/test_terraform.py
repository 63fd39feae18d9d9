"""Terraform: images of the docker provider, and provisioners' commands."""

from __future__ import annotations

from pathlib import PurePosixPath
from textwrap import dedent

import pytest

from codemod.callers.call import NotUnderstoodError, Tree
from codemod.callers.reported import terraform
from codemod.callers.reported.terraform import COMMAND, KIND
from codemod.text import Source
from tests.callers.reading import Expected, check, is_read_by

T = "NPM_TOKEN"


def put(variable: str) -> str:
    return f'secrets {{\n  id  = "ID"\n  env = "{variable}"\n}}'


EXAMPLES: dict[str, tuple[str, list[Expected]]] = {
    "an image": (
        """\
        resource "docker_image" "app" {
          name = "é"
          build {
            context    = "${path.module}/../app"
            dockerfile = "docker/Dockerfile"
            target     = "prod"
            build_args = {
              NPM_TOKEN : var.npm_token
              "A" = "canary-1"
              (B) = "${var.b}"
              C   = data.aws_secretsmanager_secret_version.c.secret_string
            }
            secrets {
              id  = "OTHER"
              env = "OTHER"
            }
            secrets {}
          }
        }
        """,
        [
            Expected(
                3,
                KIND,
                ("app/docker/Dockerfile", "app"),
                [
                    (T, 8, "var.npm_token", put("TF_VAR_npm_token")),
                    ("A", 9, '"canary-1"', put("A")),
                    ("B", 10, '"${var.b}"', put("TF_VAR_b")),
                    ("C", 11, "data.aws_secretsmanager_secret_version.c.secret_string", put("C")),
                ],
                feeds=("OTHER",),
                target="prod",
                credentials=["data.aws_secretsmanager_secret_version"],
            )
        ],
    ),
    "an image of before": (
        'resource "docker_registry_image" "app" {\n  build {\n    context = path.cwd\n    build_arg = {NPM_TOKEN = "x"}\n  }\n}\n',
        [Expected(2, KIND, ("infra/Dockerfile", "infra"), [(T, 4, '"x"', put(T))])],
    ),
    "a folder of the machine": ('resource "docker_image" "a" {\n  build {\n    context = "/srv"\n  }\n}\n', [Expected(2, KIND)]),
    "no build": ('resource "docker_image" "a" {\n  name = "a"\n}\nresource "x" "y" {\n  build {}\n}\nresource {\n}\n', []),
    "a command": (
        'provisioner "local-exec" {\n  command = "docker build --build-arg \\"NPM_TOKEN=${var.t}\\" ."\n}\n',
        [Expected(2, COMMAND, ("infra/Dockerfile", "infra"), [(T, 2, "${var.t}", "--secret id=ID,env=NPM_TOKEN")])],
    ),
    "a heredoc": (
        "command = <<-EOT\n  cd ../app\n  docker build --build-arg NPM_TOKEN=$TOKEN .\nEOT\n",
        [Expected(3, COMMAND, ("app/Dockerfile", "app"), [(T, 3, "$TOKEN", "--secret id=ID,env=TOKEN")])],
    ),
    "something else": (
        'module "image" {\n  build_args = {\n    NPM_TOKEN = var.t\n  }\n}\n',
        [Expected(3, COMMAND, None, [(T, 3, "var.t", "--secret id=ID,env=NPM_TOKEN")])],
    ),
}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_builds(text: str, expected: list[Expected]) -> None:
    check(terraform.calls, "infra/main.tf", dedent(text), expected)


def test_a_file_that_cannot_be_read() -> None:
    with pytest.raises(NotUnderstoodError) as raised:
        terraform.calls(Source(PurePosixPath("a.tf"), "a = 1\nb {{\n"), Tree())
    assert raised.value.line == 2


def test_files() -> None:
    assert is_read_by("reported.terraform", "a/b.tf")
    assert not is_read_by("reported.terraform", "a/b.tfvars")
