"""Subscriptions at WebSub hubs, in a small SQLite file of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

import apsw
import msgspec

from wiredesk.adapters.sqlite.schema import check_library, prepare
from wiredesk.errors import StoreError
from wiredesk.records.websub import Subscription

_BUSY_TIMEOUT = 5_000
_PRAGMAS = (("journal_mode", "wal"), ("synchronous", "normal"))
_PUT = """
INSERT INTO subscription VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document
"""
_TELL = """
INSERT INTO told VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET at = excluded.at, signed = max(signed, excluded.signed)
"""


class SqliteHubs:
    """``ports.hubs.Hubs`` in the file ``path``. Raises ``StoreError`` when it cannot be used."""

    def __init__(self, path: Path) -> None:
        check_library(apsw.sqlite_lib_version())
        self._path, self._turn = path, Lock()
        schema = files("wiredesk.adapters.sqlite").joinpath("hubs.sql").read_text("utf-8")
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

    def subscriptions(self) -> Sequence[Subscription]:
        """Return every subscription, by its id."""
        rows = self._rows("SELECT document FROM subscription ORDER BY id")
        return [msgspec.json.decode(document, type=Subscription) for (document,) in rows]

    def subscription(self, subscription_id: str) -> Subscription | None:
        """Return one subscription, or None."""
        rows = self._rows("SELECT document FROM subscription WHERE id = ?", subscription_id)
        return msgspec.json.decode(rows[0][0], type=Subscription) if rows else None

    def keep(self, subscription: Subscription) -> None:
        """Put a subscription over its older self."""
        self._rows(_PUT, subscription.id, msgspec.json.encode(subscription))

    def drop(self, subscription_id: str) -> None:
        """Forget a subscription."""
        self._rows("DELETE FROM subscription WHERE id = ?", subscription_id)

    def tell(self, source: str, at: float, *, signed: bool) -> None:
        """Note that something came for ``source``: proven to be from its hub, or not."""
        self._rows(_TELL, source, at, int(signed))

    def told(self) -> Mapping[str, bool]:
        """Return the sources that something came for, and whether any of it was signed."""
        rows = self._rows("SELECT source, signed FROM told ORDER BY source")
        return {source: bool(signed) for source, signed in rows}

    def heard(self, sources: Iterable[str], before: float) -> None:
        """Forget what came for ``sources`` before a moment: they were asked since."""
        for source in sources:
            self._rows("DELETE FROM told WHERE source = ? AND at < ?", source, before)

    def _rows(self, statement: str, *values: str | bytes | float) -> list[Any]:
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
