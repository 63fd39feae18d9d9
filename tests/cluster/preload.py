"""What the workers of a test load first: how they are to be different, as their variables say.

WITHOUT_DOCKERFIX: they have none. HOLD=FILE: once they have done a chunk, they write FILE and never end the next.
"""

import importlib.abc
import os
import sys
import time
from pathlib import Path
from typing import Any


class Nowhere(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, *_: object) -> None:
        if name.partition(".")[0] == "codemod":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def hold(file: Path) -> None:
    from codemod import cluster  # noqa: PLC0415  (some have none)

    done, chunks = cluster.done, []

    def held(*work: Any) -> bytes:
        chunks.append(work)
        if len(chunks) > 1:
            file.write_text(str(os.getpid()), encoding="utf-8")
            while True:
                time.sleep(60)
        return done(*work)

    cluster.done = held  # type: ignore[assignment]  # it is only called by what was packed


if "WITHOUT_DOCKERFIX" in os.environ:
    sys.meta_path.insert(0, Nowhere())
if "HOLD" in os.environ:
    hold(Path(os.environ["HOLD"]))
