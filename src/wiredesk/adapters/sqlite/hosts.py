"""What is remembered of hosts, in a small SQLite file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import apsw
import msgspec

from wiredesk.adapters.sqlite.schema import check_library, prepare
from wiredesk.errors import StoreError
from wiredesk.records.host import Pace, RobotsFile

_T = TypeVar("_T", Pace, RobotsFile)
_BUSY_TIMEOUT = 5_000
_PRAGMAS = (("journal_mode", "wal"), ("synchronous", "normal"))
"""A killed process loses nothing so; a machine that loses power may lose the last moments, and takes
longer than a gap to come back.
"""
_GET = {
    Pace: "SELECT document FROM pace WHERE host = ?",
    RobotsFile: "SELECT document FROM robots WHERE authority = ?",
}
_PUT = {
    Pace: "INSERT INTO pace VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document",
    RobotsFile: (
        "INSERT INTO robots VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document"
    ),
}


class SqliteHosts:
    """``ports.hosts.Hosts`` in the file ``path``. Raises ``StoreError`` when it cannot be used."""

    def __init__(self, path: Path) -> None:
        check_library(apsw.sqlite_lib_version())
        self._path, self._turn = path, Lock()
        schema = files("wiredesk.adapters.sqlite").joinpath("hosts.sql").read_text("utf-8")
        with self._translated("open"):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = apsw.Connection(str(path))
            self._database.set_busy_timeout(_BUSY_TIMEOUT)
            for pragma, value in _PRAGMAS:
                self._database.pragma(pragma, value)
            prepare(self._database, schema, ())

    def close(self) -> None:
        """Close the file."""
        with self._turn, self._translated("close"):
            self._database.close()

    def pace(self, host: str) -> Pace | None:
        """Return what is known of ``host``, or None."""
        return self._got(Pace, host)

    def robots(self, authority: str) -> RobotsFile | None:
        """Return the ``robots.txt`` that is known of ``authority``, or None."""
        return self._got(RobotsFile, authority)

    def keep(self, row: Pace | RobotsFile) -> None:
        """Put ``row`` over its older self."""
        key = row.host if isinstance(row, Pace) else row.authority
        with self._turn, self._translated("write"):
            self._database.execute(_PUT[type(row)], (key, msgspec.json.encode(row)))

    def _got(self, kind: type[_T], key: str) -> _T | None:
        with self._turn, self._translated("read"):
            found: list[Any] = self._database.execute(_GET[kind], (key,)).fetchall()
            return msgspec.json.decode(found[0][0], type=kind) if found else None

    @contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        try:
            yield
        except (apsw.Error, msgspec.DecodeError) as error:
            raise StoreError(f"cannot {doing} {self._path}: {error}") from error
        except OSError as error:
            raise StoreError(f"cannot {doing} {self._path}: {error.strerror}") from error
