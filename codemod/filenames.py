"""What a file's name says: a Dockerfile, a template of one, a file that passes build args rather than reads them; and what globs fit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePath

OWN_CONFIGURATION, SHARED_CONFIGURATION, OWN_IGNORES = ".dockerfix.toml", "pyproject.toml", ".dockerfixignore"
# a configuration, a list of what is left out, and what lies beside a file while it is written
OWN = ".dockerfix"
NAMES = re.compile(r"(?:docker|container)file(?:\..+)?|.+\.(?:docker|container)file", re.IGNORECASE)
NOT_NAMES = re.compile(r".*(?:\.dockerignore|\.md|\.rst|\.txt|\.bak|\.orig|\.rej|\.swp|\.tmp|\.old|\.gz|~)", re.IGNORECASE)
TEMPLATES = re.compile(r".*\.(?:j2|jinja2?|tmpl|tpl|in|erb|mustache|hbs|gotmpl)", re.IGNORECASE)
SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".mypy_cache", ".terraform"})

# files that pass a build arg, document it or set it, rather than read it when the image is built
NOT_READERS = re.compile(
    r"(?:.*/)?(?:\.(?:github|gitlab|circleci|git|buildkite|semaphore|teamcity|azure-pipelines|drone|woodpecker|vscode|idea)/.*|docs?/.*|"
    r"[^/]*compose[^/]*\.ya?ml|\.gitlab-ci[^/]*|jenkinsfile[^/]*|[^/]*\.(?:md|rst|adoc|log)|docker-bake[^/]*|azure-pipelines[^/]*|"
    r"bitbucket-pipelines[^/]*|buildspec[^/]*|cloudbuild[^/]*\.(?:ya?ml|json)|appveyor\.ya?ml|codefresh[^/]*\.ya?ml|skaffold[^/]*\.ya?ml|"
    r"\.(?:travis|drone|woodpecker|appveyor|cirrus|wercker)[^/]*\.ya?ml|tiltfile|\.env[^/]*|[^/]*\.dockerignore|\.gitignore|\.dockerfix[^/]*)",
    re.IGNORECASE,
)
# … and documentation, but for those that tools read
TEXT = re.compile(r".*\.txt", re.IGNORECASE)


def is_dockerfile(name: str) -> bool:
    """Whether a file of this name is taken for a Dockerfile when a folder is walked."""
    return NAMES.fullmatch(name) is not None and NOT_NAMES.fullmatch(name) is None


def is_template(name: str, content: bytes) -> bool:
    """Whether a program writes the Dockerfile from this file, so that it need not be one itself."""
    return TEMPLATES.fullmatch(name) is not None or re.search(rb"\{\{|\{%|<%", content) is not None


def is_excluded(path: PurePath, patterns: Iterable[str]) -> bool:
    """Whether a glob fits the path, its end, or a folder above it."""
    parts = path.parts
    names = ["/".join(parts[start:end]) for end in range(1, len(parts) + 1) for start in range(end)]
    return any(fnmatchcase(name, pattern.rstrip("/")) for pattern in patterns for name in names)
