"""Small files beside the desk's store: one connection, used by threads in turn, synced lightly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

import apsw

from wiredesk.adapters.sqlite.schema import check_library, prepare
from wiredesk.errors import StoreError

Value = str | bytes | float

_BUSY_TIMEOUT = 5_000
_PRAGMAS = (("journal_mode", "wal"), ("synchronous", "normal"))
"""A killed process loses nothing so; a machine that loses power may lose the last moments."""


class SmallFile:
    """The SQLite file ``path`` with the schema in ``schema`` (a file of this package).

    Threads and processes may share it. Raises ``StoreError`` when it cannot be used.
    """

    def __init__(self, path: Path, schema: str) -> None:
        check_library(apsw.sqlite_lib_version())
        self._path, self._turn = path, Lock()
        script = files("wiredesk.adapters.sqlite").joinpath(schema).read_text("utf-8")
        with self._translated("open"):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = apsw.Connection(str(path))
            self._database.set_busy_timeout(_BUSY_TIMEOUT)
            for pragma, value in _PRAGMAS:
                self._database.pragma(pragma, value)
            prepare(self._database, script, ())

    def close(self) -> None:
        """Close the file."""
        with self._turn, self._translated("close"):
            self._database.close()

    def rows(self, statement: str, *values: Value) -> list[Any]:
        """Execute a statement; return its rows as tuples."""
        with self._turn, self._translated("use"):
            return self._database.execute(statement, values).fetchall()

    @contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        try:
            yield
        except apsw.Error as error:
            raise StoreError(f"cannot {doing} {self._path}: {error}") from error
        except OSError as error:
            raise StoreError(f"cannot {doing} {self._path}: {error.strerror}") from error
