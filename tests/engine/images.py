"""One built image, whole: `docker save`, or a build that writes an OCI archive, has its layers, config and attestations as blobs."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from .client import Engine
from .recordings import Invocation, read_recordings

Json: TypeAlias = dict[str, Any]  # Any: what the engine prints has no schema we could name

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
RECORD = "recorded"


@dataclass(frozen=True, slots=True)
class File:
    """One file of one layer; what describes it is its kind, mode, owner, link and a hash of its content."""

    path: str
    described: tuple[str, ...]
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Image:
    """What one image gives away, and what its build did. Blobs are decompressed, keyed by digest."""

    history: str = field(repr=False)
    inspected: str = field(repr=False)
    blobs: Mapping[str, bytes] = field(repr=False)

    def places(self, canary: str) -> list[str]:
        """Where the value can be read, in words; empty is what we are after."""
        named = {"history": self.history, "config": self.inspected, "provenance": json.dumps(self.provenance())}
        shown = [place for place, text in named.items() if canary in text]
        # Any blob at all: the list of those named above must not be what decides that nothing is left.
        return shown + [f"blob {digest}" for digest, blob in self.blobs.items() if canary.encode() in blob]

    def keeping(self, canary: str) -> set[str]:
        """The paths of the files that hold the value in some layer, encoded or not, though a later layer may remove them."""
        spelled = _spellings(canary)
        return {file.path for file in self._layers() if file.path != RECORD and any(each in file.content for each in spelled)}

    def provenance(self) -> Json:
        """The `mode=max` statement that was stored with the image."""
        statements = [json.loads(self.blobs[layer["digest"]]) for layer in self._attestation()["layers"]]
        (statement,) = (one for one in statements if "slsa.dev/provenance" in one["predicateType"])
        predicate: Json = statement["predicate"]
        return predicate

    def config(self) -> Json:
        """What a container of it starts with, and its history."""
        config: Json = json.loads(self.blobs[self._manifest()["config"]["digest"]])
        return config

    def files(self) -> dict[str, tuple[str, ...]]:
        """Every path the image ends up with: kind, mode, owner and a hash of its content. The record is left out."""
        files: dict[str, tuple[str, ...]] = {}
        for file in self._layers():
            folder, _, name = file.path.rpartition("/")
            if name.startswith(".wh."):
                hidden = f"{folder}/{name.removeprefix('.wh.')}".lstrip("/")
                files = {path: kept for path, kept in files.items() if not f"{path}/".startswith(f"{hidden}/")}
            elif name != RECORD:
                files[file.path.rstrip("/")] = file.described
        return files

    def recordings(self) -> tuple[Invocation, ...]:
        """What the stand-in tools were given, in this stage and those it is built from."""
        texts = [file.content for file in self._layers() if file.path == RECORD]
        return read_recordings(texts[-1].decode())

    def _layers(self) -> Iterator[File]:
        for layer in self._manifest()["layers"]:
            yield from _layer(self.blobs[layer["digest"]])

    def _manifest(self) -> Json:
        return self._described_by(attestation=False)

    def _attestation(self) -> Json:
        return self._described_by(attestation=True)

    def _described_by(self, *, attestation: bool) -> Json:
        kind = "vnd.docker.reference.type"
        listed = json.loads(self.blobs["index.json"])["manifests"][0]
        manifests = json.loads(self.blobs[listed["digest"]])["manifests"]
        (found,) = (one for one in manifests if (kind in one.get("annotations", {})) == attestation)
        manifest: Json = json.loads(self.blobs[found["digest"]])
        return manifest


def read_archive(archive: Path) -> Image:
    """What `--output type=oci` wrote: cheaper than an image in the engine's store, which has to be unpacked, saved and removed."""
    blobs = dict(_blobs(archive))
    config = Image("", "", blobs).config()
    return Image(history=json.dumps(config["history"]), inspected=json.dumps(config), blobs=blobs)


def read_image(engine: Engine, tag: str, folder: Path) -> Image:
    """Everything the engine knows of an image, read once and kept, so the image itself can go."""
    saved = folder / "saved.tar"
    engine.docker("save", "--output", str(saved), tag)
    image = Image(
        history=engine.docker("history", "--no-trunc", tag),
        inspected=engine.docker("image", "inspect", tag),
        blobs=dict(_blobs(saved)),
    )
    saved.unlink()
    return image


def _blobs(saved: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(saved) as archive:
        for member in archive:
            opened = archive.extractfile(member) if member.isfile() else None
            if opened:
                name = member.name.removeprefix("blobs/").replace("/", ":")
                yield name, _decompressed(opened.read())


def _spellings(canary: str) -> list[bytes]:
    """As it is, and as base64 has it behind nought to two other bytes: `Authorization: Basic` is a leak as well."""
    encoded = (base64.b64encode(b"-" * shift + canary.encode()) for shift in range(3))
    return [canary.encode(), *(text[4:-4] for text in encoded)]


# The layers of the stand-in are in every image: to read them once is most of the time a test would need.
@lru_cache(maxsize=16)
def _layer(blob: bytes) -> tuple[File, ...]:
    with tarfile.open(fileobj=io.BytesIO(blob)) as archive:
        return tuple(_file(archive, member) for member in archive)


def _file(archive: tarfile.TarFile, member: tarfile.TarInfo) -> File:
    opened = archive.extractfile(member) if member.isfile() else None
    content = opened.read() if opened else b""
    return File(member.name, _described(member, content), content)


@lru_cache(maxsize=16)
def _decompressed(blob: bytes) -> bytes:
    # Searching what is still packed would find nothing and prove nothing.
    assert not blob.startswith(ZSTD), "a zstd layer: this test cannot see into it"
    return gzip.decompress(blob) if blob.startswith(GZIP) else blob


def _described(member: tarfile.TarInfo, content: bytes) -> tuple[str, ...]:
    owner = f"{member.uid}:{member.gid}"
    return (member.type.decode(), f"{member.mode:o}", owner, member.linkname, sha256(content).hexdigest())
