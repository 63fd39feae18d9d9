"""One built image, whole: `docker save` of the containerd store has its layers, config and attestations as blobs."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from .client import Engine
from .recordings import Invocation, read_recordings

Json: TypeAlias = dict[str, Any]  # Any: what the engine prints has no schema we could name

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
RECORD = "recorded"


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

    def provenance(self) -> Json:
        """The `mode=max` statement that was stored with the image."""
        statements = [json.loads(self.blobs[layer["digest"]]) for layer in self._attestation()["layers"]]
        (statement,) = (one for one in statements if "slsa.dev/provenance" in one["predicateType"])
        predicate: Json = statement["predicate"]
        return predicate

    def files(self) -> dict[str, tuple[str, ...]]:
        """Every path the image ends up with: kind, mode, owner and a hash of its content. The record is left out."""
        files: dict[str, tuple[str, ...]] = {}
        for member, content in self._members():
            folder, _, name = member.name.rpartition("/")
            if name.startswith(".wh."):
                hidden = f"{folder}/{name.removeprefix('.wh.')}".lstrip("/")
                files = {path: file for path, file in files.items() if not f"{path}/".startswith(f"{hidden}/")}
            elif name != RECORD:
                files[member.name.rstrip("/")] = _described(member, content)
        return files

    def recordings(self) -> tuple[Invocation, ...]:
        """What the stand-in tools were given, in this stage and those it is built from."""
        texts = [content for member, content in self._members() if member.name == RECORD]
        return read_recordings(texts[-1].decode())

    def _members(self) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
        for layer in self._manifest()["layers"]:
            with tarfile.open(fileobj=io.BytesIO(self.blobs[layer["digest"]])) as archive:
                for member in archive:
                    opened = archive.extractfile(member) if member.isfile() else None
                    yield member, opened.read() if opened else b""

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


def _decompressed(blob: bytes) -> bytes:
    # Searching what is still packed would find nothing and prove nothing.
    assert not blob.startswith(ZSTD), "a zstd layer: this test cannot see into it"
    return gzip.decompress(blob) if blob.startswith(GZIP) else blob


def _described(member: tarfile.TarInfo, content: bytes) -> tuple[str, ...]:
    owner = f"{member.uid}:{member.gid}"
    return (member.type.decode(), f"{member.mode:o}", owner, member.linkname, sha256(content).hexdigest())
