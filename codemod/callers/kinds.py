"""Every kind of caller there is a reader for, and the files it is for: the first that fits a path reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from codemod.callers.call import Call, Move, Tree
from codemod.callers.ci.pipeline_files import ALL as PIPELINES
from codemod.text import Edit, Source


@dataclass(frozen=True, slots=True)
class Kind:
    """`files` fits whole paths from the root, in any case; `module` of this package reads them, loaded when the first is found.

    Where it does not rewrite, calls are only reported. A file that may be sourced is a shell's.
    """

    files: re.Pattern[str]
    module: str
    rewrites: bool = True
    may_be_sourced: bool = False

    def calls(self, source: Source, tree: Tree) -> tuple[Call, ...]:
        """The calls of a file. Raises NotUnderstoodError."""
        found: tuple[Call, ...] = self._reader().calls(source, tree)
        return found

    def edits(self, source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
        """What the moves make of a file whose calls were read."""
        found: tuple[Edit, ...] = self._reader().edits(source, tree, moves)
        return found

    def mistake(self, before: Source, after: Source, moves: Sequence[Move]) -> str | None:
        """What another parser finds changed that was not to be; None for kinds that have no other."""
        reader = self._reader()
        found: str | None = reader.mistake(before, after, moves) if hasattr(reader, "mistake") else None
        return found

    def _reader(self) -> Any:  # noqa: ANN401  (a module; the tests see that each has what its kind promises)
        return import_module(f"codemod.callers.{self.module}")


def _files(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:.*/)?(?:{pattern})", re.IGNORECASE)


# languages whose programs run builds as well, with how their files end
LANGUAGES = {
    "JavaScript": r"[cm]?jsx?",
    "TypeScript": r"[cm]?tsx?",
    "Go": "go",
    "Java": "java",
    "Kotlin": "kts?",
    "Scala": "scala|sbt",
    "Ruby": "rb|rake",
    "Rust": "rs",
    "C#": "cs|csx",
    "F#": "fsx?",
    "PHP": "php",
    "Perl": "p[lm]",
    "Elixir": "exs?",
    "Dart": "dart",
    "Swift": "swift",
    "Clojure": "clj",
}
DOCUMENTS = _files(r"[^/]*\.(?:md|mdx|markdown|rst|adoc|asciidoc|txt)|readme[^/]*")
# what nobody runs, whatever it shows
DIFFS = _files(r"[^/]*\.(?:patch|diff|rej)")
SHELL = Kind(_files(r"[^/]*\.(?:sh|bash|dash|ash|ksh)"), "shell.calls", may_be_sourced=True)
PYTHON = Kind(_files(r"[^/]*\.py"), "python.calls")
# other YAML and JSON, of tools and platforms that are known by their paths or by what stands in them
DESCRIPTIONS = Kind(_files(r"[^/]*\.(?:ya?ml|jsonc?)|heroku\.yml|captain-definition"), "reported.descriptions", rewrites=False)
# nobody knows what these are
UNKNOWN = Kind(_files(r".*"), "unknown", rewrites=False)
KINDS: tuple[Kind, ...] = (
    Kind(_files(r"\.(?:github|gitea|forgejo)/workflows/[^/]*\.ya?ml|action\.ya?ml"), "ci.workflow"),
    Kind(_files(r"[^/]*compose[^/]*\.ya?ml"), "compose.calls"),
    Kind(_files(r"[^/]*bake[^/]*\.hcl"), "bake.hcl"),
    Kind(_files(r"[^/]*bake[^/]*\.json"), "bake.json"),
    Kind(_files(r"(?:package|composer|deno)\.json"), "package_json"),
    Kind(_files(r"(?:gnu)?makefile(?:\.[^/]*)?|[^/]*\.(?:mk|mak|make)"), "make.calls"),
    Kind(_files(r"(?:\.?justfile|[^/]*\.just|taskfile[^/]*\.ya?ml|[^/]*\.(?:ps1|psm1|bat|cmd))"), "reported.task_files", rewrites=False),
    Kind(DOCUMENTS, "reported.documents", rewrites=False),
    Kind(_files(r"jenkinsfile[^/]*|[^/]*\.(?:jenkinsfile|jenkins|groovy)"), "reported.jenkinsfile", rewrites=False),
    Kind(_files(r"tiltfile[^/]*|[^/]*\.tiltfile"), "reported.tiltfile", rewrites=False),
    Kind(_files(r"earthfile|[^/]*\.earth"), "reported.earthfile", rewrites=False),
    Kind(_files(r"(?:fly|railway)[^/]*\.toml"), "reported.toml_files", rewrites=False),
    Kind(_files(r"[^/]*\.(?:tf|tofu)"), "reported.terraform", rewrites=False),
    Kind(_files(r"(?:pom|[^/]*\.pom|[^/]*-pom)(?:\.xml)?"), "reported.maven", rewrites=False),
    Kind(_files(r"[^/]*\.gradle(?:\.kts)?"), "reported.gradle", rewrites=False),
    Kind(
        _files(rf"[^/]*\.(?:{'|'.join(LANGUAGES.values())})|rakefile|vagrantfile|fastfile|capfile"),
        "reported.other_languages",
        rewrites=False,
    ),
    PYTHON,
    SHELL,
    Kind(re.compile(PIPELINES, re.IGNORECASE), "ci.pipelines"),
    DESCRIPTIONS,
)
SHEBANGS = ((re.compile(rb"\A#![^\n]*\b(?:ba|da|k|a)?sh\b"), SHELL), (re.compile(rb"\A#![^\n]*\bpython"), PYTHON))
BUILD_ARG = re.compile(rb"build[-_]?args?\b", re.IGNORECASE)


def kind_of(path: str, content: bytes) -> Kind | None:
    """The kind that reads the file at `path`; None for one that is none of them, and passes no build arg."""
    if DIFFS.fullmatch(path):
        return None
    known = next((kind for kind in KINDS if kind.files.fullmatch(path)), None)
    started = next((kind for shebang, kind in SHEBANGS if shebang.match(content)), None)
    return known or started or (UNKNOWN if BUILD_ARG.search(content) else None)
