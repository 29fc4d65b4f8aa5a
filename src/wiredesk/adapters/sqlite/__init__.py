"""The store on one machine: SQLite in WAL mode, one writer, every settlement synced to disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from math import floor
from pathlib import Path
from typing import Any, TypeVar

import apsw
import msgspec

from wiredesk.adapters.sqlite import statements
from wiredesk.adapters.sqlite.lease import Lease, Memory
from wiredesk.adapters.sqlite.schema import check_library, check_version, prepare, shipped
from wiredesk.errors import StoreBusy, StoreError
from wiredesk.ports.store import ArticleRow, EntryRow, Note, Row
from wiredesk.records.entry import SourceState
from wiredesk.records.story import Publication, Story

BUSY_TIMEOUT = 5_000
"""Milliseconds to wait for another process's short transaction (opening, migrating)."""

_PRAGMAS = (
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("foreign_keys", "on"),
    ("trusted_schema", "off"),
)

_ALWAYS = 1 << 62
_T = TypeVar("_T")
_Value = str | int | bytes

_encoder = msgspec.json.Encoder(order="deterministic")


def _checksum(document: bytes) -> bytes:
    return blake2b(document, digest_size=16).digest()


def _seconds(moment: datetime | None) -> int:
    return floor(moment.timestamp()) if moment else 0


def _article_time(row: ArticleRow) -> int:
    """Return the second from which on a row is of interest; one not judged yet always is."""
    if not row.pack:
        return _ALWAYS
    return _seconds(row.article.fetched_at or row.article.published_date_time)


_PUT: dict[type[Row], tuple[str, Callable[..., tuple[_Value, ...]]]] = {
    SourceState: (statements.PUT_SOURCE, lambda row: (row.id,)),
    EntryRow: (
        statements.PUT_ENTRY,
        lambda row: (row.entry.source, row.entry.guid, row.sequence, row.status),
    ),
    ArticleRow: (statements.PUT_ARTICLE, lambda row: (row.article.id, _article_time(row))),
    Story: (statements.PUT_STORY, lambda row: (row.id,)),
    Publication: (statements.PUT_PUBLICATION, lambda row: (row.story,)),
    Note: (statements.PUT_NOTE, lambda row: (row.name,)),
}
"""For each kind of row, how it is put and its columns beside the document."""


class SqliteStore:
    """``ports.store.Store`` in the file ``path``, made with its folder when it is not there.

    For one thread at a time. Raises ``StoreError`` when the file cannot be opened, is not a store,
    or lacks settlements that were acknowledged; ``StoreTooNew`` for a newer schema.
    """

    def __init__(self, path: Path) -> None:
        check_library(apsw.sqlite_lib_version())
        self._path = path
        self._lease = Lease(path)
        self._descriptor = self._fence = 0
        self._broken = ""
        schema, migrations = shipped()
        with self._translated("open"):
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size:
                self._open(schema, migrations, self._lease.remembered())
            else:  # a new store: what the lock file may remember is of one that is gone
                with self._lease.held() as descriptor:
                    self._open(schema, migrations, Memory())
                    self._lease.remember(descriptor, Memory(os.getpid(), self._state()[0]))

    def close(self) -> None:
        """Close the file; the write-ahead log goes into it if no other process has it open."""
        with self._translated("close"):
            self._database.close()

    def source_states(self) -> Mapping[str, SourceState]:
        """Return every source's state by its id."""
        return {state.id: state for state in self._read(SourceState, statements.ALL_SOURCES)}

    def entries(self, source: str | None = None) -> Sequence[EntryRow]:
        """Return the entries (of one source, or all), by sequence."""
        if source is None:
            return self._read(EntryRow, statements.ALL_ENTRIES)
        return self._read(EntryRow, statements.ENTRIES_OF_SOURCE, source)

    def waiting(self) -> Sequence[EntryRow]:
        """Return the entries that are ``new`` or wait for ``later``, by sequence."""
        return self._read(EntryRow, statements.WAITING_ENTRIES)

    def next_sequence(self) -> int:
        """Return the sequence number that the next discovered entry gets, from 1 on."""
        with self._translated("read"):
            return int(self._rows(statements.LAST_SEQUENCE)[0][0]) + 1

    def articles(self, since: datetime | None = None) -> Sequence[ArticleRow]:
        """Return the articles fetched (or, where nobody says, published) at or after ``since``, by
        id; all when None.
        """
        if since is None:
            return self._read(ArticleRow, statements.ALL_ARTICLES)
        return self._read(ArticleRow, statements.ARTICLES_SINCE, _seconds(since))

    def article(self, article_id: str) -> ArticleRow | None:
        """Return one article, or None."""
        return next(iter(self._read(ArticleRow, statements.ONE_ARTICLE, article_id)), None)

    def stories(self) -> Sequence[Story]:
        """Return all stories, by id."""
        return self._read(Story, statements.ALL_STORIES)

    def publications(self) -> Sequence[Publication]:
        """Return what was published, by story id."""
        return self._read(Publication, statements.ALL_PUBLICATIONS)

    def note(self, name: str) -> str:
        """Return a note's value, or an empty string."""
        return next((n.value for n in self._read(Note, statements.ONE_NOTE, name)), "")

    def settle(self, rows: Iterable[Row]) -> None:
        """Put all rows, each over its older self, in one transaction: all or, on any error, none.

        When it returns, they are on the disk. Outside of ``writer()`` it is the writer for itself.
        Raises ``StoreBusy`` when another process is the writer, ``StoreError`` otherwise.
        """
        if self._broken:
            raise StoreError(self._broken)
        if not self._fence:
            with self.writer():
                self.settle(rows)
            return
        puts = [_put(row) for row in rows]
        with self._translated("write"):
            settled = self._commit(puts)
        self._remember(settled)

    @contextmanager
    def writer(self) -> Iterator[None]:
        """Be the one writer while the context lasts; raises ``StoreBusy`` when another one is."""
        with self._lease.held() as descriptor:
            with self._translated("write"), self._transaction():
                fence = int(self._rows(statements.TAKE_LEASE)[0][0])
            self._descriptor, self._fence = descriptor, fence
            try:
                self._remember(self._state()[1])
                yield
            finally:
                self._descriptor = self._fence = 0

    def _open(self, schema: str, migrations: Sequence[str], remembered: Memory) -> None:
        """Open the file and bring it to the schema. ``remembered`` was read before, so that the
        database, which others may be writing to, can only be ahead of it.
        """
        self._look(migrations)
        self._database = apsw.Connection(str(self._path))
        try:
            self._database.set_busy_timeout(BUSY_TIMEOUT)
            for pragma, value in _PRAGMAS:
                self._database.pragma(pragma, value)
            prepare(self._database, schema, migrations)
            self._check_complete(remembered)
        except BaseException:
            self._database.close()
            raise

    def _look(self, migrations: Sequence[str]) -> None:
        """Look at an existing file read-only first: one that is too new must not be touched, not
        even by folding its log into it.
        """
        if not (self._path.exists() and self._path.stat().st_size):
            return
        looking = apsw.Connection(str(self._path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            looking.set_busy_timeout(BUSY_TIMEOUT)
            check_version(looking, migrations)
        finally:
            looking.close()

    def _check_complete(self, remembered: Memory) -> None:
        identity, settled = self._state()
        if not remembered.identity:
            return
        if remembered.identity != identity or remembered.settled > settled:
            raise StoreError(
                f"{self._path} is not what was last settled here ({settled} settlements of store"
                f" {identity}, but {remembered.settled} of {remembered.identity} were acknowledged):"
                f" its -wal file was probably taken away or exchanged. Put it back from where it"
                f" went; or, to go on with what is left, delete {self._lease.path}"
            )

    def _state(self) -> tuple[str, int]:
        identity, settled = self._rows(statements.THE_LEASE)[0]
        return str(identity), int(settled)

    def _rows(self, statement: str, *values: _Value) -> list[tuple[Any, ...]]:
        return self._database.execute(statement, values).fetchall()

    def _remember(self, settled: int) -> None:
        identity = self._state()[0]
        self._lease.remember(self._descriptor, Memory(os.getpid(), identity, settled))

    def _commit(self, puts: Sequence[tuple[str, tuple[_Value, ...]]]) -> int:
        with self._transaction():
            counted = self._rows(statements.COUNT_SETTLEMENT, self._fence)
            if not counted:
                raise StoreBusy(f"another process has become the writer of {self._path} meanwhile")
            for statement, values in puts:
                self._database.execute(statement, values)
        return int(counted[0][0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    def _read(self, kind: type[_T], statement: str, *values: str | int) -> list[_T]:
        decoder = msgspec.json.Decoder(kind)
        with self._translated("read"):
            return [
                decoder.decode(self._verified(document, checksum))
                for document, checksum in self._database.execute(statement, values)
            ]

    def _verified(self, document: bytes, checksum: bytes) -> bytes:
        if _checksum(document) != checksum:
            raise StoreError(f"{self._path} is damaged: a row is not what was written; restore it")
        return document

    @contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        """Turn what SQLite raises into our tree. A failed sync makes the store unusable: the kernel
        may have dropped the data, and a second sync would say "done" all the same.
        """
        try:
            yield
        except apsw.BusyError as error:
            raise StoreBusy(
                f"{self._path} is in use by another process; try again later"
            ) from error
        except apsw.Error as error:
            message = f"cannot {doing} {self._path}: {_in_words(error)}"
            if getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_FSYNC:
                self._broken = message
            raise StoreError(message) from error
        except msgspec.DecodeError as error:
            raise StoreError(f"{self._path} holds a row of another form: {error}") from error
        except OSError as error:
            raise StoreError(f"cannot {doing} {self._path}: {error.strerror}") from error


def _put(row: Row) -> tuple[str, tuple[_Value, ...]]:
    statement, columns = _PUT[type(row)]
    document = _encoder.encode(row)
    return statement, (*columns(row), document, _checksum(document))


_WORDS: tuple[tuple[type[apsw.Error], str], ...] = (
    (apsw.FullError, "the disk is full; make room and run again, nothing is lost"),
    (apsw.ReadOnlyError, "it, or its folder, is read-only"),
    (apsw.CantOpenError, "it cannot be opened; is it a folder, or is its folder not writable?"),
    (apsw.PermissionsError, "access is denied"),
    (apsw.NotADBError, "it is not a database"),
    (apsw.CorruptError, "it is damaged; restore it from a copy, or rebuild it"),
    (apsw.IOError, "the disk failed, or is full"),
)


def _in_words(error: apsw.Error) -> str:
    known = next((words for kind, words in _WORDS if isinstance(error, kind)), "")
    return f"{known} ({error})" if known else str(error)
