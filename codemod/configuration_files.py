"""The user's configuration on disk: for each folder, the nearest above it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from codemod.filenames import OWN_CONFIGURATION, SHARED_CONFIGURATION, is_excluded
from codemod.options import OptionError, Options, together
from codemod.settings import Settings


class ConfigurationError(Exception):
    """A configuration file that cannot be followed; `line` is None where the whole file is meant."""

    def __init__(self, path: Path, line: int | None, message: str) -> None:
        super().__init__(message)
        self.path, self.line, self.message = path, line, message


@dataclass(frozen=True, slots=True)
class Configuration:
    """What holds for the files of a folder: the settings, and the globs of what a walk leaves out, from `folder` on."""

    settings: Settings
    folder: Path
    exclude: tuple[str, ...] = ()


class Configurations:
    """The configuration of each folder, together with the command line's options; each file is read once."""

    def __init__(self, command_line: Options) -> None:
        self._command_line = command_line
        self._known: dict[Path, Configuration] = {}

    def of(self, folder: Path) -> Configuration:
        """The nearest one, from `folder` upwards. Raises ConfigurationError."""
        return self._of(_whole(folder))

    def leaves_out(self, path: Path) -> bool:
        """Whether a walk leaves a file or a folder out: the folder that it is in decides. Raises ConfigurationError."""
        configuration = self.of(path.parent)
        return is_excluded(_whole(path).relative_to(configuration.folder), configuration.exclude)

    def _of(self, folder: Path) -> Configuration:
        if folder not in self._known:
            self._known[folder] = self._found(folder)
        return self._known[folder]

    def _found(self, folder: Path) -> Configuration:
        for name in (OWN_CONFIGURATION, SHARED_CONFIGURATION):  # in one folder, the first that is about dockerfix counts
            path = folder / name
            options = _options(path) if os.path.lexists(path) else None
            if options is not None:
                return Configuration(self._together(path, options), folder, options.exclude)
        return self._of(folder.parent) if folder.parent != folder else Configuration(together(self._command_line, Options()), folder)

    def _together(self, path: Path, options: Options) -> Settings:
        try:
            return together(self._command_line, options)
        except OptionError as error:
            raise ConfigurationError(path, None, f"with the command line's --{error.option}: {error.message}") from None


def _whole(path: Path) -> Path:
    return Path(os.path.normpath(Path.cwd() / path))  # links stay: what is above is above the user's path


def _options(path: Path) -> Options | None:
    """What a file asks for; None where it is about other tools."""
    content = _content(path)
    if path.name == SHARED_CONFIGURATION and b"dockerfix" not in content:
        return None
    from codemod.user_configuration import Mistake, read  # noqa: PLC0415  (it loads TOML, and most trees have none of ours)

    found = read(path.name, content)
    if isinstance(found, Mistake):
        raise ConfigurationError(path, found.line, found.message)
    return found


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise ConfigurationError(path, None, "not a file")  # reading a pipe would wait for ever
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(path, None, error.strerror or str(error)) from None
