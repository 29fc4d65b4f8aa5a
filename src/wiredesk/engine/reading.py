"""Reading: from entries to articles, in the order in which the entries were found.

Pages come over threads (the network waits), are read apart (strangers made them), and are settled
here, some at a time, in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from datetime import datetime, timedelta
from itertools import islice
from math import ceil
from threading import Semaphore

import msgspec

from wiredesk.engine.held import Held
from wiredesk.engine.ordered import ordered, threads
from wiredesk.engine.outcomes import Dropped, Later, Outcome, Read
from wiredesk.errors import (
    Classed,
    Ended,
    FetchError,
    NotRecorded,
    Refused,
    SourceError,
    Unreadable,
    unforeseen,
)
from wiredesk.ports.apart import Apart
from wiredesk.ports.fetcher import Fetcher
from wiredesk.ports.progress import Progress
from wiredesk.ports.source import Source
from wiredesk.ports.store import ArticleRow, EntryRow, Row, Store
from wiredesk.records.article import Article, Image
from wiredesk.records.entry import Entry
from wiredesk.records.identity import content_digest
from wiredesk.records.page import Page
from wiredesk.records.picture import may_lead
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.waiting import backoff

Opened = tuple[Entry, Page | Outcome]
ReadPage = Callable[[Page, Entry | None], Article]
ReadEntry = Callable[[Entry, datetime], Article]
Measure = Callable[[bytes], tuple[int, int] | None]

SETTLE_EVERY = 32
"""Entries a transaction: small enough to lose little to a kill, large enough to cost little."""

AT_ONCE = 8
"""Pages that wait to be read apart; how many are read at once is the port's own."""

MOST_ATTEMPTS = 5
"""Times that an entry is tried before it is given up."""
_FIRST_RETRY, _LAST_RETRY = 600.0, 6 * 3600.0
"""Seconds until the second try, doubled for each further one, and the longest wait."""
_PUT_OFF = frozenset({"waiting"})
"""Failures of pages that were not asked for, because their host wants to be left alone."""

AHEAD = 20
"""Pages under way for each one that is fetched at once."""
MOST_HELD = 40_000_000
"""Bytes of pages that wait for one before them; while there are more, no further one is fetched."""

PICTURES = 4
"""Pictures that are fetched at once to be measured: each may have 15 MB."""
HEAD = 1_000_000
"""Bytes of a picture in which its size stands."""

_FOR_GOOD = {"gone", "missing"}
"""Failures that will not end by waiting: the link is broken."""

_UNSAID = {"robots-unreachable"}
"""Failures that count as a wall when they do not end: nobody says whether the page may be asked for."""
_WALLED = {"denied", "wall", "robots"}
"""Failures of the page where its entry still says enough for an article (no wall is evaded)."""

_reader: ReadPage


def prepare(make: Callable[..., ReadPage], *arguments: object) -> None:
    """Make this process able to read pages (``make(*arguments)`` is done once a process)."""
    global _reader  # noqa: PLW0603 - a child process has no other place to keep its reader
    _reader = make(*arguments)


PRELOAD = (
    "wiredesk.engine.reading",
    "wiredesk.stages.read",
    "wiredesk.sources.feed",
    "wiredesk.sources.opml",
    "wiredesk.sources.sitemap",
    "wiredesk.records.language:load",
)
"""What those who read apart need, for ``adapters.apart``: imported once, before they are made."""


def make_reader(registry: ProviderRegistry) -> ReadPage:
    """Return what reads pages: made once in each process that does."""
    from wiredesk.stages.read import Read  # noqa: PLC0415 - slow to import; children need it only

    return Read(registry)


def read_page(page: Page, entry: Entry | None) -> Article:
    """Return the article of a page, by the reader that this process was prepared with."""
    return _reader(page, entry)


def _guarded(entry: Entry, read: Callable[[], Outcome]) -> Outcome:
    """Return what ``read`` gives; whatever it raises costs this entry only."""
    try:
        return read()
    except (Unreadable, Ended) as error:
        return Dropped(error.reason, _said(entry, error))
    except Exception as error:  # noqa: BLE001 - strangers' input costs its own page only
        return Dropped("unforeseen", f"{entry.url}: {unforeseen(error)}")


def _said(entry: Entry, error: Classed) -> str:
    """Return the error as a sentence that names the entry's address once."""
    return str(error) if entry.url in error.message else f"{entry.url}: {error}"


def _weight(opened: Opened) -> int:
    _, page = opened
    return len(page.body) if isinstance(page, Page) else 0


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries were read, and what became of those that were not."""

    read: int = 0
    troubles: tuple[Dropped | Later, ...] = ()

    def counted(self, kind: type[Dropped | Later]) -> dict[str, int]:
        """Return how many troubles of ``kind`` there were by reason, most first."""
        reasons = Counter(trouble.reason for trouble in self.troubles if type(trouble) is kind)
        return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))


class Reading:
    """Makes articles of the entries that wait, and settles what became of each."""

    def __init__(
        self,
        *,
        store: Store,
        fetch: Fetcher,
        opened: Callable[[str], Source | None],
        apart: Apart,
        read_page: ReadPage,
        read_entry: ReadEntry,
        measure: Measure,
        concurrency: int,
        now: Callable[[], datetime],
        progress: Progress,
    ) -> None:
        self._store, self._fetch, self._opened = store, fetch, opened
        self._apart, self._read_page = apart, read_page
        self._read_entry, self._measure = read_entry, measure
        self._concurrency, self._now, self._progress = concurrency, now, progress
        self._measuring = Semaphore(PICTURES)

    def __call__(self, rows: Sequence[EntryRow]) -> Told:
        """Read the articles of ``rows`` and settle them; tell how many, and what failed."""
        troubles: list[Dropped | Later] = []
        with threads(self._concurrency) as pool, threads(AT_ONCE) as readers:
            ahead = 2 * self._concurrency
            articles = ordered(readers, self._read, self._pages(pool, rows), AT_ONCE)
            outcomes = ordered(pool, self._measured, articles, ahead)
            watched = zip(rows, self._progress.watch("reading", outcomes, len(rows)), strict=True)
            while batch := list(islice(watched, SETTLE_EVERY)):
                self._store.settle(self._settled((row, outcome) for row, (_, outcome) in batch))
                troubles += (result for _, (_, result) in batch if not isinstance(result, Read))
        return Told(read=len(rows) - len(troubles), troubles=tuple(troubles))

    def _pages(self, pool: Executor, rows: Sequence[EntryRow]) -> Iterator[Opened]:
        """Give the pages in order. Many are under way, for those of one host come one at a time with
        a gap between; how much of them is held meanwhile is bounded.
        """
        held = Held(MOST_HELD)

        def get(numbered: tuple[int, EntryRow]) -> Opened:
            position, row = numbered
            held.wait(position)
            opened = self._open(row.entry, last=row.attempts + 1 >= MOST_ATTEMPTS)
            held.put(_weight(opened))
            return opened

        try:
            for opened in ordered(pool, get, enumerate(rows), AHEAD * self._concurrency):
                held.free(_weight(opened))
                yield opened
        finally:
            held.end()

    def _open(self, entry: Entry, *, last: bool) -> Opened:
        """Get the page: from the source that holds it, else over the web. ``last``: it will not be
        tried again.
        """
        try:
            source = self._opened(entry.source)
            held = source.page(entry) if source is not None else None
            return entry, held or self._fetch(entry.url, "page")
        except SourceError as error:
            return entry, Dropped(error.reason, _said(entry, error))
        except FetchError as error:
            return entry, self._unfetched(entry, error, last=last)

    def _read(self, opened: Opened) -> tuple[Entry, Outcome]:
        entry, page = opened
        if not isinstance(page, Page):
            return entry, page
        return entry, _guarded(entry, lambda: Read(self._apart(self._read_page, page, entry)))

    def _unfetched(self, entry: Entry, error: FetchError, *, last: bool) -> Outcome:
        walled = error.reason in _WALLED or (last and error.reason in _UNSAID)
        if walled and entry.title:
            return _guarded(entry, lambda: Read(self._read_entry(entry, self._now())))
        if isinstance(error, NotRecorded) or not (
            isinstance(error, Refused) or error.reason in _FOR_GOOD
        ):
            return Later(error.reason, _said(entry, error), error.until)
        return Dropped(error.reason, _said(entry, error))

    def _measured(self, read: tuple[Entry, Outcome]) -> tuple[Entry, Outcome]:
        """Learn the size of the lead image where no one has said it. One that is found to be no picture
        that could lead makes room for the next (THREATS I04, I08).
        """
        entry, outcome = read
        if not isinstance(outcome, Read) or not outcome.article.images:
            return read
        article = outcome.article
        lead = article.images[0]
        if lead.width and lead.height:
            return read
        return entry, Read(msgspec.structs.replace(article, images=self._led(article.images)))

    def _led(self, images: tuple[Image, ...]) -> tuple[Image, ...]:
        for place, image in enumerate(images):
            if image.width and image.height:
                return images[place:]
            try:
                size = self._size(image)
            except (FetchError, Ended):
                return images[place:]
            if size is not None and may_lead(*size):
                lead = msgspec.structs.replace(image, width=size[0], height=size[1])
                return (lead, *images[place + 1 :])
        return ()

    def _size(self, image: Image) -> tuple[int, int] | None:
        with self._measuring:
            head = self._fetch(image.url, "image").body[:HEAD]
        return self._apart(self._measure, head)

    def _settled(self, batch: Iterable[tuple[EntryRow, Outcome]]) -> Iterator[Row]:
        here: set[str] = set()
        for row, outcome in batch:
            match outcome:
                case Read(found):
                    article = _dated(found)
                    if kept := self._kept(article, here):
                        here.add(article.id)
                        yield kept
                    yield _became(row, "done", article=article.id)
                case Dropped(reason, _):
                    yield _became(row, "dropped", reason=reason)
                case Later():
                    yield self._put_off(row, outcome)

    def _put_off(self, row: EntryRow, outcome: Later) -> EntryRow:
        """Try again later, a few times; what was not asked at all does not count as a try."""
        asked = outcome.reason not in _PUT_OFF
        attempts = row.attempts + asked
        if attempts >= MOST_ATTEMPTS:
            return _became(row, "dropped", reason=outcome.reason, attempts=attempts)
        wait = backoff(attempts, row.entry.guid, _FIRST_RETRY, _LAST_RETRY)
        at = self._now() + timedelta(seconds=ceil(wait))
        until = max(at, outcome.until or at) if asked else (outcome.until or at)
        return _became(row, "later", reason=outcome.reason, attempts=attempts, not_before=until)

    def _kept(self, article: Article, here: set[str]) -> ArticleRow | None:
        """Return the row to keep, or None when another entry brought this article before.

        The first entry that brought an article stays its source; only that one revises it. What was
        first seen when is never revised: the desk's time goes by it.
        """
        if article.id in here:
            return None
        held = self._store.article(article.id)
        if held is None:
            return ArticleRow(article=article, digest=article_digest(article))
        if (held.article.source, held.article.guid) != (article.source, article.guid):
            return None
        same = msgspec.structs.replace(article, fetched_at=held.article.fetched_at)
        return ArticleRow(article=same, digest=article_digest(same))


def article_digest(article: Article) -> str:
    """Return the digest of all that judgement may look at in ``article``."""
    if article.sealed_digest and not article.text:
        return article.sealed_digest
    return content_digest(msgspec.structs.replace(article, sealed_digest=""))


def _became(row: EntryRow, status: str, **changes: object) -> EntryRow:
    return msgspec.structs.replace(
        row, status=status, **{"reason": "", "not_before": None, **changes}
    )


def _dated(article: Article) -> Article:
    """Give an article that nobody dated the time at which it was first seen."""
    if article.published_date_time is not None:
        return article
    return msgspec.structs.replace(
        article,
        published_date_time=article.fetched_at,
        origins={**article.origins, "publishedDateTime": "first seen"},
    )
