"""`RUN --mount`; each value here was seen in a build by Docker 28.5.2."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codemod.dockerfile.mounts import default_target, mounts
from codemod.dockerfile.nodes import Mount
from codemod.dockerfile.parser import parse
from codemod.text import Source


def mounts_of(line: str) -> tuple[Mount, ...]:
    """The mounts of one instruction."""
    source = Source(PurePosixPath("Dockerfile"), f"FROM a\n{line}\n")
    return mounts(parse(source).instructions[1])


def mount_of(options: str) -> Mount:
    """The one mount with these options."""
    (mount,) = mounts_of(f"RUN --mount={options} x")
    return mount


WHERE = {
    "the id's last component": ("type=secret,id=a", "a", "/run/secrets/a", None),
    "of an id with slashes": ("type=secret,id=a/b", "a/b", "/run/secrets/b", None),
    "of an id that ends in one": ("type=secret,id=a/b/", "a/b/", "/run/secrets/b", None),
    "of an id with dots": ("type=secret,id=.npm.rc", ".npm.rc", "/run/secrets/.npm.rc", None),
    "a target": ("type=secret,id=a,target=/t", "a", "/t", None),
    "dst": ("type=secret,id=a,dst=/t", "a", "/t", None),
    "destination": ("type=secret,id=a,destination=/t", "a", "/t", None),
    "the last of several targets": ("type=secret,id=a,target=/u,dst=/v", "a", "/v", None),
    "an id from the target": ("type=secret,target=/x/y", "y", "/x/y", None),
    "an id from a target that ends in a slash": ("type=secret,target=/x/y/", "y", "/x/y/", None),
    "an id that is empty": ("type=secret,id=,target=/x", "x", "/x", None),
    "source for the id": ("type=secret,source=a", "a", "/run/secrets/a", None),
    "src for the id": ("type=secret,src=a", "a", "/run/secrets/a", None),
    "env alone: no file": ("type=secret,id=a,env=E", "a", None, "E"),
    "env with an empty target: no file": ("type=secret,id=a,env=E,target=", "a", None, "E"),
    "env and target": ("type=secret,id=a,env=E,target=/t", "a", "/t", "E"),
    "an empty env": ("type=secret,id=a,env=", "a", None, ""),
    "keys in capitals": ("type=secret,ID=a,TARGET=/t", "a", "/t", None),
    "a type in capitals": ("TYPE=Secret,id=a", "a", "/run/secrets/a", None),
    "quotes around all": ("'type=secret,id=a b'", "a b", "/run/secrets/a b", None),
    "quotes around a field": ("type=secret,'id=a b'", "a b", "/run/secrets/a b", None),
    "quotes of CSV": ("""'type=secret,"id=a,b"'""", "a,b", "/run/secrets/a,b", None),
    "doubled quotes of CSV": ("""'type=secret,"id=a""b"'""", 'a"b', '/run/secrets/a"b', None),
    "bytes, each a character": ("type=secret,id=\u00e9", "\u00c3\u00a9", "/run/secrets/\u00c3\u00a9", None),
}


@pytest.mark.parametrize(("options", "identifier", "target", "environment"), WHERE.values(), ids=WHERE)
def test_where_a_secret_is(options: str, identifier: str, target: str | None, environment: str | None) -> None:
    """Its id, its file and its variable."""
    mount = mount_of(options)
    assert (mount.type, mount.id, mount.target, mount.env) == ("secret", identifier, target, environment)


REQUIRED = {
    "not by default": ("type=secret,id=a", False),
    "by the word": ("type=secret,id=a,required", True),
    "true": ("type=secret,id=a,required=true", True),
    "TRUE": ("type=secret,id=a,required=TRUE", True),
    "1": ("type=secret,id=a,required=1", True),
    "t": ("type=secret,id=a,required=t", True),
    "false": ("type=secret,id=a,required=false", False),
    "0": ("type=secret,id=a,required=0", False),
    "the last counts": ("type=secret,id=a,required,required=false", False),
}


@pytest.mark.parametrize(("options", "required"), REQUIRED.values(), ids=REQUIRED)
def test_required(options: str, *, required: bool) -> None:
    """strconv.ParseBool's words."""
    assert mount_of(options).required is required


def test_other_types_and_all_fields() -> None:
    """A bind is what has no type; every field is kept."""
    cache, bind = mounts_of("RUN --mount=type=cache,target=/c --network=none --mount=from=a,RO x")
    assert (cache.type, cache.target, cache.fields) == ("cache", "/c", (("type", "cache"), ("target", "/c")))
    assert (bind.type, bind.fields) == ("bind", (("from", "a"), ("ro", "true")))


def test_the_span_is_the_flags() -> None:
    """In the file, continuation and all."""
    text = "FROM a\nRUN --mount=type=secret,\\\nid=a x\n"
    dockerfile = parse(Source(PurePosixPath("Dockerfile"), text))
    (mount,) = mounts(dockerfile.instructions[1])
    assert mount.span.of(text) == "--mount=type=secret,\\\nid=a"
    assert mount.id == "a"


def test_what_is_no_mount() -> None:
    """Another instruction's flag, a word of the command, a longer name, an empty value."""
    assert mounts_of("COPY --mount=type=secret,id=a x y") == ()
    assert mounts_of("RUN x --mount=type=secret,id=a") == ()
    assert mounts_of("RUN --mounts=type=secret,id=a x") == ()
    assert mounts_of("RUN --mount x")[0].type == "bind"


def test_default_target() -> None:
    """path.Base, with its answers for what has no last component."""
    assert default_target("a") == "/run/secrets/a"
    assert default_target("/") == "/run/secrets//"
    assert default_target("") == "/run/secrets/."
