"""Programs in other languages: what they run, what they leave to a library, and what a report says of it."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codemod.callers.call import ID, Call, Tree
from codemod.callers.reported import other_languages
from codemod.text import Source


def calls(path: str, text: str) -> tuple[Call, ...]:
    return other_languages.calls(Source(PurePosixPath(path), text), Tree())


# path, text → the build args with the variables that are suggested, and the Dockerfile
COMMANDS = {
    "a text": ("ci/b.js", 'execSync("docker build --build-arg TOK=$V -f svc/D .");', "TOK", "V", "svc/D"),
    "a template": ("ci/b.ts", "execSync(`docker build --build-arg TOK=${process.env.V} svc`);", "TOK", "V", "svc/Dockerfile"),
    "a template of another value": ("ci/b.ts", "execSync(`docker build --build-arg TOK=${v} svc`);", "TOK", "TOK", "svc/Dockerfile"),
    "a template on lines": ("ci/b.mjs", "$`docker build \\\n  --build-arg TOK=${process.env['V']} \\\n  .`;", "TOK", "V", "Dockerfile"),
    "an addition": ("ci/b.js", 'exec("docker build --build-arg TOK=" + process.env.V + " .");', "TOK", "V", "Dockerfile"),
    "a list": ("ci/b.js", 'spawn("docker", ["build", "--build-arg", `TOK=${process.env.V}`, "svc"]);', "TOK", "V", "svc/Dockerfile"),
    "Go": ("ci/b.go", 'exec.Command("docker", "build", "--build-arg", "TOK="+os.Getenv("V"), ".")', "TOK", "V", "Dockerfile"),
    "Go, formatted": ("b.go", 'exec.Command("docker", "build", "--build-arg", fmt.Sprintf("TOK=%s", t), ".")', "TOK", "TOK", "Dockerfile"),
    "Go, a text": ("b.go", 'exec.Command("sh", "-c", `docker build --build-arg TOK=$V .`)', "TOK", "V", "Dockerfile"),
    "Java": ("B.java", 'ProcessBuilder("docker", "build", "--build-arg", "TOK=" + System.getenv("V"), ".")', "TOK", "V", "Dockerfile"),
    "Java, a list": ("B.java", 'ProcessBuilder(List.of("docker", "build", "--build-arg", "TOK=" + t, "."))', "TOK", "TOK", "Dockerfile"),
    "Kotlin": ("B.kt", 'commandLine("docker", "build", "--build-arg", "TOK=$v", ".")', "TOK", "TOK", "Dockerfile"),
    "Ruby": ("lib/b.rb", 'system("docker", "build", "--build-arg", "TOK=#{ENV.fetch(\'V\')}", ".")', "TOK", "V", "Dockerfile"),
    "a Rakefile": ("Rakefile", "sh \"docker build --build-arg TOK=#{ENV['V']} .\" # it\n", "TOK", "V", "Dockerfile"),
    "Rust": ("b.rs", 'Command::new("docker").args(["build", "--build-arg", &format!("TOK={t}"), "."])', "TOK", "TOK", "Dockerfile"),
    "Rust, one by one": ("b.rs", 'Command::new("docker").arg("build").arg("--build-arg").arg("TOK").arg(".")', "TOK", "TOK", "Dockerfile"),
    "C#": ("B.cs", 'Start("docker", $"build {a}"); Run("docker build --build-arg TOK=%V% .");', "TOK", "V", "Dockerfile"),
    "PHP": ("b.php", '<?php exec("docker build --build-arg TOK=" . getenv("V") . " .");', "TOK", "V", "Dockerfile"),
    "PHP without a dot": ("b.php", '<?php exec("docker build --build-arg TOK=$v .");', "TOK", "TOK", "Dockerfile"),
    "Perl": ("b.pl", 'system("docker", "build", "--build-arg", "TOK=" . $v, "1.5", ".");', "TOK", "TOK", "Dockerfile"),
    "Elixir": ("b.exs", 'System.cmd("docker", ["build", "--build-arg", "TOK=#{System.fetch_env!("V")}", "."])', "TOK", "TOK", ""),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text", "name", "variable", "dockerfile"), COMMANDS.values(), ids=COMMANDS)
def test_commands_are_reported(path: str, text: str, name: str, variable: str, dockerfile: str) -> None:
    found = [(call, passed) for call in calls(path, text) for passed in call.passes if passed.name == name]
    assert len(found) == 1
    call, passed = found[0]
    assert "are not changed" in passed.obstacle
    assert passed.suggestion.replace(ID, "ID") == f"--secret id=ID,env={variable}"
    assert not call.blocks
    if dockerfile:
        assert dockerfile in [place.dockerfile for place in call.places]


# path, text → why, the build args, the Dockerfile
GO = 'import (\n"github.com/docker/docker/client"\n"github.com/testcontainers/testcontainers-go"\n"github.com/fsouza/go-dockerclient"\n)\n'
LIBRARIES = {
    "dockerode": (
        "b.js",
        ("require('dockerode');\n"
        "d.buildImage({ context: 'svc', src: ['D'] }, { t: 'x', buildargs: { TOK: t, \"B\": 'x' }, dockerfile: 'D' });"),
        "dockerode builds",
        ["TOK", "B"],
        "svc/D",
    ),
    "testcontainers": (
        "t.ts",
        ('import { GenericContainer } from "testcontainers";\n'
        'GenericContainer.fromDockerfile("./svc", "D").withBuildArgs({ TOK: t }).build();'),
        "testcontainers builds",
        ["TOK"],
        "svc/D",
    ),
    "testcontainers-go": (
        "t_test.go",
        GO + 'FromDockerfile: testcontainers.FromDockerfile{Context: "./svc", Dockerfile: "D", BuildArgs: map[string]*string{"TOK": &t}},',
        "testcontainers-go builds",
        ["TOK"],
        "svc/D",
    ),
    "Go's client": (
        "b.go",
        GO + 'cli.ImageBuild(ctx, r, types.ImageBuildOptions{Dockerfile: "svc/D", BuildArgs: map[string]*string{"TOK": &t}})',
        "the Engine's Go client builds",
        ["TOK"],
        "svc/D",
    ),
    "bollard": (
        "b.rs",
        ('use bollard::Docker;\n'
        'let o = BuildImageOptions { dockerfile: "svc/D", buildargs: HashMap::from([("TOK", t)]), ..Default::default() };'),
        "bollard builds",
        ["TOK"],
        "svc/D",
    ),
    "Testcontainers": (
        "T.java",
        ('import org.testcontainers.images.builder.ImageFromDockerfile;\n'
        'new ImageFromDockerfile().withDockerfile(Paths.get("svc/D")).withBuildArg("TOK", System.getenv("TOK"));'),
        "Testcontainers builds",
        ["TOK"],
        "svc/D",
    ),
    "docker-java": (
        "B.java",
        ('import com.github.dockerjava.api.DockerClient;\n'
        'client.buildImageCmd(dir).withDockerfilePath("svc/D").withBuildArg("TOK", t).start();'),
        "docker-java builds",
        ["TOK"],
        "svc/D",
    ),
    ".NET": ("B.cs", 'using Docker.DotNet;\nnew ImageBuildParameters { Dockerfile = "svc/D" };', "Docker.DotNet builds", [], "svc/D"),
    "docker-api": ("b.rb", "require 'docker'\nDocker::Image.build_from_dir('svc', x)", "docker-api builds", [], "svc/Dockerfile"),
    "nothing after it": ("b.rb", "require 'docker'\nx = Docker::Image.build_from_dir", "docker-api builds", [], ""),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text", "why", "names", "dockerfile"), LIBRARIES.values(), ids=LIBRARIES)
def test_libraries_that_speak_to_the_engine_block(path: str, text: str, why: str, names: list[str], dockerfile: str) -> None:
    (call,) = (call for call in calls(path, text) if call.blocks)
    assert why in call.blocks
    assert [passed.name for passed in call.passes] == names
    assert [(passed.obstacle, passed.suggestion) for passed in call.passes] == [("", "")] * len(names)
    assert dockerfile in [*(place.dockerfile for place in call.places), ""]


BY_HAND = {
    "CDK": (
        "a.ts",
        (
            "import * as cdk from 'aws-cdk-lib';\n"
            "new DockerImageAsset(this, 'x', { directory: path.join(__dirname, 'svc'), file: 'D', buildArgs: { TOK: process.env.V! } });"
        ),
        "CDK's secrets",
        'buildSecrets: { ID: "env=V" }',
    ),
    "Pulumi": (
        "a.ts",
        'import * as b from "@pulumi/docker-build";\nnew b.Image("x", { buildArgs: { TOK: t } });',
        "Pulumi's secrets",
        "secrets: { ID: … }",
    ),
}


@pytest.mark.parametrize(("path", "text", "obstacle", "suggestion"), BY_HAND.values(), ids=BY_HAND)
def test_libraries_that_need_a_hand(path: str, text: str, obstacle: str, suggestion: str) -> None:
    (passed,) = (passed for call in calls(path, text) for passed in call.passes)
    assert obstacle in passed.obstacle
    assert passed.suggestion.replace(ID, "ID") == suggestion


SILENT = {
    "a comment": ("a.js", "// docker build --build-arg TOK=1 .\n/* docker build --build-arg TOK=1 . */"),
    "a comment of Ruby": ("a.rb", "# docker build --build-arg TOK=1 .\n"),
    "a library that builds nothing": ("a.js", "const Docker = require('dockerode');\ndocker.listContainers({});"),
    "an image without build args": ("a.ts", "import * as cdk from 'aws-cdk-lib';\nnew DockerImageAsset(this, 'x', { directory: 'svc' });"),
}


@pytest.mark.parametrize(("path", "text"), SILENT.values(), ids=SILENT)
def test_what_passes_nothing(path: str, text: str) -> None:
    assert calls(path, text) == ()


def test_what_nobody_runs_is_reported_all_the_same() -> None:
    (call,) = calls("a.js", 'const args = ["build", "--build-arg", "TOK=x", "."];')
    assert [passed.name for passed in call.passes] == ["TOK"]


def test_each_build_is_told_of_once() -> None:
    text = 'import x from "dockerode";\nd.buildImage(y, { buildargs: { TOK: t } }).buildImage(z);\n'
    text += 'run("docker", "build", "--build-arg", "A", ".");'
    assert [[passed.name for passed in call.passes] for call in calls("a.js", text)] == [["TOK"], ["A"]]
