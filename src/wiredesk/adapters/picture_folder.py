"""Copies of pictures in a folder: ``<name>.webp`` each, and ``index.json``, which says whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from wiredesk.errors import PublishError
from wiredesk.records.picture import Copy

_FRESH = ".new"
_SUFFIX = ".webp"


class _Index(msgspec.Struct, frozen=True, kw_only=True):
    copies: dict[str, Copy] = msgspec.field(default_factory=dict)
    of_stories: dict[str, str] = msgspec.field(default_factory=dict)


class PictureFolder:
    """The pictures port over the folder ``root``, which may be lost at any time: then no copy is there.

    Files are put in place whole; the index is put after them, and files are removed after it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._index = _read(root / "index.json")

    def copies(self) -> Mapping[str, Copy]:
        """Return the copies whose file is there."""
        return {
            url: copy for url, copy in self._index.copies.items() if self._file(copy.name).is_file()
        }

    def of_stories(self) -> Mapping[str, str]:
        """Return the address that each story asked for."""
        return self._index.of_stories

    def put(self, copy: Copy, body: bytes) -> None:
        """Write the file of a copy, unless it is there."""
        file = self._file(copy.name)
        if not file.is_file() or file.stat().st_size != len(body):
            self._write(file, body)

    def settle(self, copies: Mapping[str, Copy], of_stories: Mapping[str, str]) -> None:
        """Write the index if it is another one, then remove what it does not know."""
        index = _Index(copies=dict(copies), of_stories=dict(of_stories))
        if index != self._index:
            self._write(self._root / "index.json", msgspec.json.encode(index, order="sorted"))
            self._index = index
        known = {f"{copy.name}{_SUFFIX}" for copy in copies.values()}
        if self._root.is_dir():
            for file in self._root.iterdir():
                if file.name.endswith((_SUFFIX, _FRESH)) and file.name not in known:
                    with suppress(OSError):  # what cannot be removed is tried again next time
                        file.unlink()

    def body(self, name: str) -> bytes:
        """Return the bytes of a copy."""
        try:
            return self._file(name).read_bytes()
        except OSError as error:
            raise PublishError(f"{self._file(name)}: {error.strerror}") from error

    def _file(self, name: str) -> Path:
        return self._root / f"{name}{_SUFFIX}"

    def _write(self, file: Path, content: bytes) -> None:
        fresh = file.with_name(f"{file.name}{_FRESH}")
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(content)
            fresh.replace(file)
        except OSError as error:
            raise PublishError(f"{file}: {error.strerror}") from error


def _read(file: Path) -> _Index:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Index)
    except (OSError, msgspec.DecodeError):
        return _Index()
