"""CODEOWNERS as GitHub and GitLab document it: whose a path is."""

from __future__ import annotations

import pytest

from codemod.owners import Dialect, dialect, read


def owners(text: str, path: str, whose: Dialect = Dialect.GITHUB) -> list[str]:
    return list(read(text, whose).of(path))


def fits(pattern: str, path: str, whose: Dialect = Dialect.GITHUB) -> bool:
    return owners(f"{pattern} @owner\n", path, whose) == ["@owner"]


# --- both ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", Dialect)
def test_the_last_rule_that_fits_counts(whose: Dialect) -> None:
    text = "* @all\n/svc/ @svc @second\n*.md docs@example.com\n"
    assert owners(text, "Dockerfile", whose) == ["@all"]
    assert owners(text, "svc/Dockerfile", whose) == ["@svc", "@second"]
    assert owners(text, "svc/README.md", whose) == ["docs@example.com"]


@pytest.mark.parametrize("whose", Dialect)
def test_a_path_that_no_rule_is_about_has_no_owner(whose: Dialect) -> None:
    assert owners("/svc/ @svc\n", "web/Dockerfile", whose) == []
    assert owners("", "Dockerfile", whose) == []


@pytest.mark.parametrize("whose", Dialect)
def test_a_line_without_owners_takes_them_away(whose: Dialect) -> None:
    assert owners("/apps/ @apps\n/apps/github/\n", "apps/github/Dockerfile", whose) == []


@pytest.mark.parametrize("whose", Dialect)
def test_comments_and_blank_lines_say_nothing(whose: Dialect) -> None:
    assert owners("\ufeff# * @nobody\r\n\r\n  # @nobody\r\n*\t@all\r\n", "Dockerfile", whose) == ["@all"]


@pytest.mark.parametrize("whose", Dialect)
@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (r"/my\ service/", "my service/Dockerfile"),
        (r"/my\ service/Dockerfile", "my service/Dockerfile"),
        (r"/my\ service/*", "my service/Dockerfile"),
        (r"my\ *", "my service"),
        ("/größe/", "größe/Dockerfile"),
        ("/a/**/Dockerfile", "a/b/c/Dockerfile"),
        ("/a/**/Dockerfile", "a/Dockerfile"),
        ("*", ".hidden/Dockerfile"),
        ("*.Dockerfile", "a b/web.Dockerfile"),
        ("/web.Dockerfil?", "web.Dockerfile"),
        (r"/a\*b/", "a*b/Dockerfile"),
    ],
)
def test_a_pattern_fits(whose: Dialect, pattern: str, path: str) -> None:
    assert fits(pattern, path, whose)


@pytest.mark.parametrize("whose", Dialect)
@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/svc/*", "svc/deep/Dockerfile"),
        ("/svc/", "svc"),
        ("/svc/", "other/svc/Dockerfile"),
        ("/Dockerfile", "svc/Dockerfile"),
        (r"/a\*b/", "axb/Dockerfile"),
        ("/svc", "svc2/Dockerfile"),
        ("/DOCKERFILE", "Dockerfile"),
    ],
)
def test_a_pattern_does_not_fit(whose: Dialect, pattern: str, path: str) -> None:
    assert not fits(pattern, path, whose)


# --- GitHub ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "path", "is_fitting"),
    [
        ("docs/*", "docs/start.md", True),
        ("docs/*", "docs/build/trouble.md", False),
        ("docs/*", "other/docs/start.md", False),
        ("apps/", "a/apps/b/c", True),
        ("/apps/github", "apps/github/Dockerfile", True),
        ("apps", "a/apps/Dockerfile", True),
        ("svc/api", "svc/api/Dockerfile", True),
        ("svc/api", "a/svc/api/Dockerfile", False),
        ("/*", "Dockerfile", True),
        ("/*", "svc/Dockerfile", False),
        ("**/logs", "build/logs/x", True),
        ("svc/**", "svc/a/b", True),
        ("s*", "svc/Dockerfile", True),
    ],
)
def test_github_reads_patterns_as_gitignore_does(pattern: str, path: str, *, is_fitting: bool) -> None:
    assert fits(pattern, path) is is_fitting


@pytest.mark.parametrize(
    "line",
    ["!/svc/ @b", "/s[uv]c/ @b", "\\#svc @b", "/svc/ b", "/svc/ @a b", "/ @b", "/svc\\ @b", "/svc/Dockerfile\\"],
    ids=["negation", "a range", "an escaped number sign", "no owner", "one that is none", "the root", "an escape", "an open escape"],
)
def test_github_passes_over_a_line_that_it_cannot_read(line: str) -> None:
    assert owners(f"* @all\n{line}\n", "svc/Dockerfile") == ["@all"]


def test_a_comment_may_follow_on_github() -> None:
    assert owners("* @all @team/a # not @boss any more\n", "Dockerfile") == ["@all", "@team/a"]
    assert owners("* @all\n/svc/ # nobody\n", "svc/Dockerfile") == []


# --- GitLab ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "path", "is_fitting"),
    [
        ("docs/*", "other/docs/start.md", True),
        ("docs/*", "docs/build/trouble.md", False),
        ("internal/README.md", "docs/internal/README.md", True),
        ("/svc", "svc/Dockerfile", False),
        ("Dockerfile", "a/b/Dockerfile", True),
        ("lib/", "a/lib/b/c", True),
        ("\\#odd", "a/#odd", True),
        ("/s[uv]c/", "svc/Dockerfile", True),
        ("/docs/*/README.md", "docs/api/README.md", True),
        ("/docs/*/README.md", "docs/README.md", False),
        ("/svc/**", "svc/Dockerfile", True),
    ],
)
def test_gitlab_reads_patterns_from_the_root_on(pattern: str, path: str, *, is_fitting: bool) -> None:
    assert fits(pattern, path, Dialect.GITLAB) is is_fitting


SECTIONS = """\
* @admin

[README Owners]
README.md @user1 @user2
internal/README.md @user4

[README other owners]
README.md @user3
"""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("README.md", ["@admin", "@user1", "@user2", "@user3"]),
        ("internal/README.md", ["@admin", "@user4", "@user3"]),
        ("Dockerfile", ["@admin"]),
    ],
)
def test_each_section_of_gitlab_has_its_own_owners(path: str, found: list[str]) -> None:
    assert owners(SECTIONS, path, Dialect.GITLAB) == found


@pytest.mark.parametrize(
    "heading",
    ["[Images] @images @group/sub", "^[Images] @images @group/sub", "[Images][2] @images @group/sub", "[ Images ]   @images @group/sub"],
)
def test_a_section_has_owners_for_lines_without(heading: str) -> None:
    text = f"{heading}\nDockerfile\nweb.Dockerfile @web\n"
    assert owners(text, "svc/Dockerfile", Dialect.GITLAB) == ["@images", "@group/sub"]
    assert owners(text, "web.Dockerfile", Dialect.GITLAB) == ["@web"]


def test_sections_of_one_name_are_one() -> None:
    text = "[Images]\n* @first\n[Docs]\n*.md @docs\n[IMAGES]\n/svc/ @second\n"
    assert owners(text, "svc/Dockerfile", Dialect.GITLAB) == ["@second"]


def test_what_a_section_exempts_stays_exempt() -> None:
    text = "* @admin\n[Images]\nDockerfile @images\n!/vendor/\n/vendor/own/ @own\n"
    assert owners(text, "vendor/own/Dockerfile", Dialect.GITLAB) == ["@admin"]
    assert owners(text, "svc/Dockerfile", Dialect.GITLAB) == ["@admin", "@images"]


def test_roles_are_owners_and_so_are_those_in_a_comment() -> None:
    assert owners("* @@maintainer # and (@boss)\n", "Dockerfile", Dialect.GITLAB) == ["@@maintainer", "@boss"]


def test_a_heading_without_its_end_is_a_pattern() -> None:
    assert owners("* @all\n[Images\nDockerfile @images\n", "Dockerfile", Dialect.GITLAB) == ["@images"]


@pytest.mark.parametrize("line", ["/svc/\\", "!"])
def test_gitlab_passes_over_a_line_that_is_no_pattern(line: str) -> None:
    assert owners(f"* @all\n{line}\n", "svc/Dockerfile", Dialect.GITLAB) == ["@all"]


# --- whose a file is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "text", "builds_on_gitlab", "whose"),
    [
        (".github/CODEOWNERS", "[Images]\n", True, Dialect.GITHUB),
        (".gitlab/CODEOWNERS", "* @all\n", False, Dialect.GITLAB),
        ("CODEOWNERS", "* @all\n", False, Dialect.GITHUB),
        ("CODEOWNERS", "* @all\n", True, Dialect.GITLAB),
        ("docs/CODEOWNERS", "* @all\n^[Images][2] @images\n", False, Dialect.GITLAB),
        ("CODEOWNERS", "[ab].js @all\n", False, Dialect.GITHUB),
    ],
)
def test_whose_a_file_is(place: str, text: str, whose: Dialect, *, builds_on_gitlab: bool) -> None:
    assert dialect(place, text, builds_on_gitlab=builds_on_gitlab) is whose
