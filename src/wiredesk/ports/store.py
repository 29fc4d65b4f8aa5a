"""The store port: typed rows in, typed rows out, one transaction a settlement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from wiredesk.records.article import Article
from wiredesk.records.entry import Entry, SourceState
from wiredesk.records.judgement import LedgerLine, TopicMatch
from wiredesk.records.story import Publication, Story

EntryStatus = Literal["new", "done", "dropped", "later"]


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an entry: ``new`` (to be read), ``done`` (as ``article``), ``dropped`` for
    ``reason``, or ``later`` after ``attempts`` failures for ``reason``.
    """

    entry: Entry
    digest: str
    """Of the entry's content: a changed entry is read again."""
    sequence: int
    """Order of discovery; entries are settled in it, so that a killed run leaves a prefix."""
    status: EntryStatus = "new"
    reason: str = ""
    attempts: int = 0
    article: str = ""
    not_before: datetime | None = None
    """When one that waits for ``later`` is tried again at the earliest."""


class ArticleRow(msgspec.Struct, frozen=True, kw_only=True):
    """An article and the digest of its content, what ``classify`` found by pack ``pack``, and what
    ``score`` says of it alone.
    """

    article: Article
    digest: str
    topics: tuple[TopicMatch, ...] = ()
    pack: str = ""
    """Digest of the pack that the topics are by; empty: not classified yet."""
    lines: tuple[LedgerLine, ...] = ()
    scored: str = ""
    """Digest of all that the lines follow from; empty: not scored yet."""


class Note(msgspec.Struct, frozen=True):
    """A named fact about the desk as a whole (``judged``: what the last judgement was made of)."""

    name: str
    value: str


Row = SourceState | EntryRow | ArticleRow | Story | Publication | Note


class Store(Protocol):
    """Keeps the desk's state. Every read sees only what was settled."""

    def source_states(self) -> Mapping[str, SourceState]:
        """Return every source's state by its id."""
        ...

    def entries(self, source: str | None = None) -> Sequence[EntryRow]:
        """Return the entries (of one source, or all), by sequence."""
        ...

    def waiting(self) -> Sequence[EntryRow]:
        """Return the entries that are ``new`` or wait for ``later``, by sequence."""
        ...

    def next_sequence(self) -> int:
        """Return the sequence number that the next discovered entry gets, from 1 on."""
        ...

    def articles(self, since: datetime | None = None) -> Sequence[ArticleRow]:
        """Return the articles fetched at or after ``since`` (all when None), by id, and with them
        those that were never judged (without a ``pack``), however old.
        """
        ...

    def article(self, article_id: str) -> ArticleRow | None:
        """Return one article, or None."""
        ...

    def stories(self) -> Sequence[Story]:
        """Return all stories, by id."""
        ...

    def publications(self) -> Sequence[Publication]:
        """Return what was published, by story id."""
        ...

    def note(self, name: str) -> str:
        """Return a note's value, or an empty string."""
        ...

    def settle(self, rows: Iterable[Row]) -> None:
        """Put all rows, each over its older self, in one transaction: all or, on any error, none."""
        ...

    def writer(self) -> AbstractContextManager[None]:
        """Be the one writer while the context lasts; raises ``StoreBusy`` when another one is."""
        ...
