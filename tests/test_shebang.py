"""What a script's first line says about who runs it."""

from __future__ import annotations

import pytest

from codemod.shebang import shebang

SHEBANGS = {
    "a shell": ("#!/bin/sh\na", ("/bin/sh",), "a"),
    "a shell with an option": ("#!/bin/bash -eu\na", ("/bin/bash", "-eu"), "a"),
    "blanks": ("#! \t/bin/sh \t-e \na", ("/bin/sh", "-e"), "a"),
    "env": ("#!/usr/bin/env python3\na", ("python3",), "a"),
    "env with options": ("#!/usr/bin/env -S bash -e\na", ("bash", "-e"), "a"),
    "env with options in one word": ("#!/usr/bin/env -Sbash -e\na", ("bash", "-e"), "a"),
    "env with a variable": ("#!/usr/bin/env -S -i A=1 bash\na", ("bash",), "a"),
    "env alone": ("#!/usr/bin/env\na", (), "a"),
    "nothing": ("#!\na", (), "a"),
    "a carriage return, which the kernel takes for a letter": ("#!/bin/sh\r\na", ("/bin/sh\r",), "a"),
    "no more than that": ("#!/bin/sh", ("/bin/sh",), ""),
}


@pytest.mark.parametrize(("text", "words", "rest"), SHEBANGS.values(), ids=SHEBANGS)
def test_words_and_what_is_behind_it(text: str, words: tuple[str, ...], rest: str) -> None:
    found = shebang(text)
    assert found is not None
    assert (found.words, text[found.end :]) == (words, rest)


@pytest.mark.parametrize("text", ["", "a", " #!/bin/sh", "\n#!/bin/sh", "# !/bin/sh", "\ufeff#!/bin/sh"])
def test_what_is_none(text: str) -> None:
    assert shebang(text) is None
