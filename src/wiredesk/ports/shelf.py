"""Files that are made one at a time, and only when what they show has changed.

A publisher of many pages states for each its path, a *key* (a digest of all that the page shows and
of what it is shown with) and how to make it. What was made with which key is remembered beside the
file's size and time, as Git's index does: a page is made again when its key is another, or the file
is not as it was left. The memory spares work and decides nothing: without it every page is made, and
those that come out as they are on the disk are not written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from wiredesk.errors import PublishError
from wiredesk.ports.publisher import Written

_FRESH = ".wiredesk-new"


class _Seen(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was left, and the key that it was made with."""

    key: bytes
    size: int
    changed: int


class Shelf:
    """Brings the files of a folder to what they are meant to be, one after the other.

    Memory does not grow with the pages' sizes, only by some 100 bytes a page. Killed anywhere, the
    next call ends in the same state. Follows no symlink to write or remove. All methods raise
    ``PublishError``.
    """

    def __init__(self, root: Path, memory: Path | None) -> None:
        """Take the folder to fill, and the file of what is remembered (None: nothing is)."""
        self._root, self._file = root, memory
        self._before = _recall(memory)
        self._after: dict[str, _Seen] = {}
        self._folders: set[Path] = set()
        self._wrote = self._made = 0

    def put(self, path: str, key: bytes, make: Callable[[], bytes]) -> None:
        """Have the file ``path`` (below the folder) be what ``make`` gives, called only if need be.

        Raises ValueError for a path that was put already: two pages that meet are a fault of ours.
        """
        if path in self._after:
            raise ValueError(f"two files for {path}")
        file = self._root / path
        before = self._before.get(path)
        try:
            if before is not None and before.key == key and before == _seen(file, key):
                self._after[path] = before
                return
            content = make()
            self._made += 1
            if not _holds(file, content):
                self._write(file, content)
            self._after[path] = _seen(file, key) or _Seen(key, -1, 0)
        except OSError as error:
            raise PublishError(f"{error.filename or file}: {error.strerror}") from error

    def close(self, owned: Callable[[str], bool]) -> Written:
        """Remove each file that was not put and is ``owned`` (told by its path), the folders that are
        empty then, and what a killed call left; remember the rest.
        """
        removed = 0
        try:
            for path, file in list(_below(self._root)):
                leftover = file.name.endswith(_FRESH)
                stale = path not in self._after and (leftover or owned(path))
                if stale:
                    file.unlink()
                    removed += not leftover
                    self._drop_empty(file.parent)
            self._remember()
        except OSError as error:
            raise PublishError(f"{error.filename or self._root}: {error.strerror}") from error
        return Written(wrote=self._wrote, removed=removed, kept=len(self._after) - self._wrote)

    @property
    def made(self) -> int:
        """How many files had to be made to know whether they changed."""
        return self._made

    def _write(self, file: Path, content: bytes) -> None:
        if file.parent not in self._folders:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(file.parent)
        fresh = file.with_name(f".{file.name}{_FRESH}")
        fresh.write_bytes(content)
        fresh.replace(file)
        self._wrote += 1

    def _drop_empty(self, folder: Path) -> None:
        while folder != self._root and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def _remember(self) -> None:
        if self._file is None or self._after == self._before:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(f".{self._file.name}{_FRESH}")
        fresh.write_bytes(msgspec.msgpack.encode(self._after))
        fresh.replace(self._file)


def _recall(memory: Path | None) -> dict[str, _Seen]:
    """Return what is remembered; nothing when there is none, or none that can be read."""
    try:
        return msgspec.msgpack.decode(memory.read_bytes(), type=dict[str, _Seen]) if memory else {}
    except (OSError, msgspec.DecodeError):
        return {}


def _seen(file: Path, key: bytes) -> _Seen | None:
    try:
        state = file.lstat()
    except FileNotFoundError:
        return None
    return _Seen(key, state.st_size, state.st_mtime_ns)


def _holds(file: Path, content: bytes) -> bool:
    return not file.is_symlink() and file.is_file() and file.read_bytes() == content


def _below(root: Path) -> Iterator[tuple[str, Path]]:
    for folder, _, names in os.walk(root, followlinks=False):
        place = Path(folder).relative_to(root)
        for name in sorted(names):
            yield (place / name).as_posix(), Path(folder, name)
