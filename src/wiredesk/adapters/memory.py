"""The store that lives as long as its process: for tests, and for runs that keep nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from math import floor
from typing import TypeVar

import msgspec

from wiredesk.errors import StoreBusy
from wiredesk.ports.store import ArticleRow, EntryRow, Note, Row
from wiredesk.records.entry import SourceState
from wiredesk.records.story import Publication, Story

_T = TypeVar("_T")
_Key = tuple[type[Row], tuple[str, ...]]

_encoder = msgspec.json.Encoder(order="deterministic")


def _key(row: Row) -> _Key:
    match row:
        case SourceState():
            return SourceState, (row.id,)
        case EntryRow():
            return EntryRow, (row.entry.source, row.entry.guid)
        case ArticleRow():
            return ArticleRow, (row.article.id,)
        case Story():
            return Story, (row.id,)
        case Publication():
            return Publication, (row.story,)
        case Note():
            return Note, (row.name,)


class MemoryStore:
    """``ports.store.Store`` in memory. It keeps rows encoded, as a database does, so that nobody can
    lean on a value that would not survive being stored.
    """

    def __init__(self) -> None:
        self._rows: dict[_Key, bytes] = {}
        self._writing = False

    def source_states(self) -> Mapping[str, SourceState]:
        """Return every source's state by its id."""
        return {state.id: state for state in self._all(SourceState)}

    def entries(self, source: str | None = None) -> Sequence[EntryRow]:
        """Return the entries (of one source, or all), by sequence."""
        rows = (row for row in self._all(EntryRow) if source in (None, row.entry.source))
        return sorted(rows, key=lambda row: (row.sequence, row.entry.source, row.entry.guid))

    def waiting(self) -> Sequence[EntryRow]:
        """Return the entries that are ``new`` or wait for ``later``, by sequence."""
        return [row for row in self.entries() if row.status in {"new", "later"}]

    def next_sequence(self) -> int:
        """Return the sequence number that the next discovered entry gets, from 1 on."""
        return max((row.sequence for row in self._all(EntryRow)), default=0) + 1

    def articles(self, since: datetime | None = None) -> Sequence[ArticleRow]:
        """Return the articles fetched (or, where nobody says, published) at or after ``since``, by
        id; all when None.
        """
        rows = self._all(ArticleRow)
        if since is None:
            return rows
        return [row for row in rows if _is_since(row, since)]

    def article(self, article_id: str) -> ArticleRow | None:
        """Return one article, or None."""
        document = self._rows.get((ArticleRow, (article_id,)))
        return msgspec.json.decode(document, type=ArticleRow) if document else None

    def stories(self) -> Sequence[Story]:
        """Return all stories, by id."""
        return self._all(Story)

    def publications(self) -> Sequence[Publication]:
        """Return what was published, by story id."""
        return self._all(Publication)

    def note(self, name: str) -> str:
        """Return a note's value, or an empty string."""
        document = self._rows.get((Note, (name,)))
        return msgspec.json.decode(document, type=Note).value if document else ""

    def settle(self, rows: Iterable[Row]) -> None:
        """Put all rows, each over its older self: all or, on any error, none."""
        self._rows.update([(_key(row), _encoder.encode(row)) for row in rows])

    @contextmanager
    def writer(self) -> Iterator[None]:
        """Be the one writer while the context lasts; raises ``StoreBusy`` when another one is."""
        if self._writing:
            raise StoreBusy("this store is being written to already")
        self._writing = True
        try:
            yield
        finally:
            self._writing = False

    def _all(self, kind: type[_T]) -> list[_T]:
        decoder = msgspec.json.Decoder(kind)
        keyed = sorted((key[1], row) for key, row in self._rows.items() if key[0] is kind)
        return [decoder.decode(document) for _, document in keyed]


def _is_since(row: ArticleRow, since: datetime) -> bool:
    if not row.pack:
        return True
    moment = row.article.fetched_at or row.article.published_date_time
    return moment is not None and floor(moment.timestamp()) >= floor(since.timestamp())
