"""Newsletters in a SQLite file of their own: ``ports.letters.Letters``.

Apart from the desk's store, so that subscribing never waits for a run, a store can be rebuilt without
touching the list, and personal data can be backed up, moved and erased by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import apsw
import msgspec

from wiredesk.adapters.sqlite.lease import Lease
from wiredesk.adapters.sqlite.schema import check_library, prepare
from wiredesk.errors import StoreBusy, StoreError
from wiredesk.records.newsletter import Delivery, Issue, Subscriber

BUSY_TIMEOUT = 5_000
"""Milliseconds to wait for another process's step."""

_PRAGMAS = (
    ("journal_mode", "truncate"),  # no log beside the file that could go astray, or keep an address
    ("synchronous", "full"),
    ("trusted_schema", "off"),
    ("secure_delete", "on"),  # what is forgotten is overwritten
)
_PUT = {
    Issue: "INSERT INTO issue (id, due, document, checksum) VALUES (?, ?, ?, ?) ON CONFLICT (id)"
    " DO UPDATE SET due = excluded.due, document = excluded.document, checksum = excluded.checksum",
    Subscriber: "INSERT INTO subscriber (id, address, document, checksum) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET address = excluded.address, document = excluded.document,"
    " checksum = excluded.checksum",
    Delivery: "INSERT INTO delivery (issue, subscriber, document, checksum) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (issue, subscriber) DO UPDATE SET document = excluded.document,"
    " checksum = excluded.checksum",
}
_Value = str | int | bytes
_T = TypeVar("_T", Issue, Subscriber, Delivery)
_encoder = msgspec.json.Encoder(order="deterministic")


class SqliteLetters:
    """The newsletters in the file ``path``, made with its folder when it is not there.

    Threads may share it: one step is done at a time. Raises ``StoreError`` when the file cannot be
    opened or is not ours, ``StoreTooNew`` for a newer schema.
    """

    def __init__(self, path: Path) -> None:
        check_library(apsw.sqlite_lib_version())
        self._path, self._lease = path, Lease(path)
        self._turn = threading.RLock()
        self._is_changing = False
        schema = files("wiredesk.adapters.sqlite").joinpath("letters.sql").read_text("utf-8")
        with self._translated("open"):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = apsw.Connection(str(path))
            path.chmod(0o600)
            self._database.set_busy_timeout(BUSY_TIMEOUT)
            for pragma, value in _PRAGMAS:
                self._database.pragma(pragma, value)
            prepare(self._database, schema, ())

    def close(self) -> None:
        """Close the file."""
        with self._translated("close"):
            self._database.close()

    def issues(self) -> Sequence[Issue]:
        """Return all editions, by the time at which they were due, then by id."""
        return self._read(Issue, "SELECT document, checksum FROM issue ORDER BY due, id")

    def issue(self, issue_id: str) -> Issue | None:
        """Return one edition, or None."""
        query = "SELECT document, checksum FROM issue WHERE id = ?"
        return next(iter(self._read(Issue, query, issue_id)), None)

    def subscribers(self) -> Sequence[Subscriber]:
        """Return everybody, by id."""
        return self._read(Subscriber, "SELECT document, checksum FROM subscriber ORDER BY id")

    def subscriber(self, subscriber_id: str) -> Subscriber | None:
        """Return one subscriber, or None."""
        query = "SELECT document, checksum FROM subscriber WHERE id = ?"
        return next(iter(self._read(Subscriber, query, subscriber_id)), None)

    def of_address(self, address: str) -> Subscriber | None:
        """Return the subscriber of an address, compared without case, or None."""
        query = "SELECT document, checksum FROM subscriber WHERE address = ?"
        return next(iter(self._read(Subscriber, query, address.lower())), None)

    def deliveries(self, issue: str) -> Sequence[Delivery]:
        """Return what became of an edition, by subscriber."""
        query = "SELECT document, checksum FROM delivery WHERE issue = ? ORDER BY subscriber"
        return self._read(Delivery, query, issue)

    def delivery(self, issue: str, subscriber: str) -> Delivery | None:
        """Return what became of an edition for one subscriber, or None for nothing yet."""
        query = "SELECT document, checksum FROM delivery WHERE issue = ? AND subscriber = ?"
        return next(iter(self._read(Delivery, query, issue, subscriber)), None)

    def keep(self, *rows: Issue | Subscriber | Delivery) -> None:
        """Put rows over their older selves: all or, on any error, none; on the disk on return."""
        with self.changing(), self._translated("write"):
            for row in rows:
                document = _encoder.encode(row)
                values = (*_columns(row), document, _checksum(document))
                self._database.execute(_PUT[type(row)], values)

    def forget(self, subscriber_id: str) -> None:
        """Erase a subscriber, from the file's free space too, and the words of servers about them."""
        query = "SELECT document, checksum FROM delivery WHERE subscriber = ?"
        with self.changing(), self._translated("write"):
            said = self._read(Delivery, query, subscriber_id)
            self.keep(*(msgspec.structs.replace(each, reply="") for each in said))
            self._database.execute("DELETE FROM subscriber WHERE id = ?", (subscriber_id,))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Have what is read and kept inside be one step, alone; undone on any error."""
        with self._turn:
            if self._is_changing:
                yield
                return
            with self._translated("write"):
                self._database.execute("BEGIN IMMEDIATE")
            self._is_changing = True
            try:
                yield
                with self._translated("write"):
                    self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
            finally:
                self._is_changing = False

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Be the one sender while the context lasts; raises ``StoreBusy`` when another one is."""
        with self._lease.held():
            yield

    def _read(self, kind: type[_T], query: str, *values: str) -> list[_T]:
        with self._turn, self._translated("read"):
            found: list[tuple[Any, ...]] = self._database.execute(query, values).fetchall()
        return [self._decoded(kind, document, checksum) for document, checksum in found]

    def _decoded(self, kind: type[_T], document: bytes, checksum: bytes) -> _T:
        if _checksum(document) != checksum:
            raise StoreError(f"{self._path} is damaged: a row is not what was written; restore it")
        try:
            return msgspec.json.decode(document, type=kind)
        except msgspec.DecodeError as error:
            raise StoreError(f"{self._path} holds a row of another form: {error}") from error

    @contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        try:
            yield
        except apsw.BusyError as error:
            raise StoreBusy(f"{self._path} is in use by another process; try again") from error
        except apsw.Error as error:
            raise StoreError(f"cannot {doing} {self._path}: {error}") from error
        except OSError as error:
            raise StoreError(f"cannot {doing} {self._path}: {error.strerror}") from error


_COLUMNS: dict[type, Callable[..., tuple[_Value, ...]]] = {
    Issue: lambda row: (row.id, int(row.due.timestamp())),
    Subscriber: lambda row: (row.id, row.address.lower()),
    Delivery: lambda row: (row.issue, row.subscriber),
}


def _columns(row: Issue | Subscriber | Delivery) -> tuple[_Value, ...]:
    return _COLUMNS[type(row)](row)


def _checksum(document: bytes) -> bytes:
    return blake2b(document, digest_size=16).digest()
