"""Reading a desk's files within bounds; what is wrong becomes ``ConfigError``."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from wiredesk.errors import ConfigError

MOST_BYTES = 1_000_000
"""Bytes of any one file of a desk."""
MOST_FILES = 10_000

Found = TypeVar("Found")


def all_of(
    folder: Path, suffixes: tuple[str, ...], one: Callable[[Path], Found]
) -> list[tuple[Path, Found]]:
    """Read every file of ``folder`` with one of ``suffixes``, by name; hidden ones and a README are
    nobody's.
    """
    try:
        if not folder.exists():
            return []
        if not folder.is_dir():
            raise ConfigError(f"{folder}: a folder was expected")
        files = sorted(file for file in folder.iterdir() if _counts(file, suffixes))
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be read: {error.strerror}") from error
    if len(files) > MOST_FILES:
        raise ConfigError(f"{folder}: more than {MOST_FILES:,} files")
    found: list[tuple[Path, Found]] = []
    problems: list[str] = []
    for file in files:
        try:
            found.append((file, one(file)))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(*problems)
    return found


def _counts(file: Path, suffixes: tuple[str, ...]) -> bool:
    hidden = file.name.startswith(".") or file.stem.lower() == "readme"
    return file.suffix in suffixes and not hidden


def text_of(file: Path) -> str:
    """Return the text of an ordinary file. Raises ``ConfigError``."""
    data = bytes_of(file)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{file}:{line}: not text in UTF-8") from error


def bytes_of(file: Path, most: int = MOST_BYTES) -> bytes:
    """Return what an ordinary file of at most ``most`` bytes holds. Raises ``ConfigError``."""
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ConfigError(f"{file}: a file was expected, not a folder or a device")
        if status.st_size > most:
            raise ConfigError(f"{file}: larger than {most:,} bytes")
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
