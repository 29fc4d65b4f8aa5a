"""What every publisher of static files needs: a folder brought to be just what it is meant to be."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from wiredesk.errors import PublishError
from wiredesk.ports.publisher import Written

_FRESH = ".wiredesk-new"


def settle(folder: Path, files: Mapping[str, bytes], owned: Collection[str]) -> Written:
    """Make ``files`` (path below ``folder``: content) the files of ``folder`` with a suffix in ``owned``.

    Writes only what differs, each file whole by a rename; removes other files with such a suffix and
    folders that are empty then; touches nothing else and follows no symlink to remove. Killed
    anywhere, the next call ends in the same state. Raises ``PublishError``.
    """
    wrote = removed = 0
    try:
        for path, content in sorted(files.items()):
            wrote += _put(folder / path, content)
        for file in list(_files(folder)):
            leftover = file.name.endswith(_FRESH)
            stale = file.suffix in owned and file.relative_to(folder).as_posix() not in files
            if leftover or stale:
                file.unlink()
                removed += stale
                _drop_empty(file.parent, folder)
    except OSError as error:
        raise PublishError(f"{error.filename or folder}: {error.strerror}") from error
    return Written(wrote=wrote, removed=removed, kept=len(files) - wrote)


def _put(file: Path, content: bytes) -> bool:
    if not file.is_symlink() and file.is_file() and file.read_bytes() == content:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}{_FRESH}")
    fresh.write_bytes(content)
    fresh.replace(file)
    return True


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder, followlinks=False):
        for name in sorted(names):
            yield Path(root, name)


def _drop_empty(folder: Path, top: Path) -> None:
    while folder != top and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
