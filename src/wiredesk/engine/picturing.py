"""Picturing: the copies of pictures that published records show, fetched when they are first needed.

Only stories that are about to be written have their lead picture fetched, so that a run with nothing
new asks for none and changes nothing. Copies go by age and, when they are too many, those that were
needed longest ago first; a record whose copy went is written again without its mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from wiredesk.config import ImageSettings
from wiredesk.engine.ordered import ordered, threads
from wiredesk.errors import Ended, FetchError, Unreadable
from wiredesk.ports.apart import Apart
from wiredesk.ports.fetcher import Fetcher
from wiredesk.ports.pictures import Pictures, without
from wiredesk.records.picture import Copy, Thumbnail

_MEGABYTE = 1_000_000


class Picturing:
    """Keeps copies of the pictures that stories show."""

    def __init__(
        self,
        *,
        pictures: Pictures,
        fetch: Fetcher,
        apart: Apart,
        make: Callable[[bytes], Thumbnail],
        settings: ImageSettings,
        concurrency: int,
    ) -> None:
        self._pictures, self._fetch, self._apart = pictures, fetch, apart
        self._make, self._settings, self._concurrency = make, settings, concurrency
        self._copies = dict(pictures.copies())

    @property
    def copies(self) -> Mapping[str, Copy]:
        """The copies that are there, by the address of their original."""
        return self._copies

    def body(self, name: str) -> bytes:
        """Return the bytes of a copy. Raises ``PublishError``."""
        return self._pictures.body(name)

    def of_story(self, story: str) -> str:
        """Return the address that a story asked for and whose copy is there; empty if there is none."""
        url = self._pictures.of_stories().get(story, "")
        return url if url in self._copies else ""

    def __call__(self, wanted: Mapping[str, str], at: datetime) -> None:
        """Have the pictures that stories want (address by story id) as far as they can be had, and let
        those go that are too old or too many at the time ``at``. Raises ``PublishError``.
        """
        copies = dict(self._copies)
        missing = sorted({url for url in wanted.values() if url not in copies})
        for url, made in self._made(missing):
            if made is not None:
                copy, body = made
                copies[url] = msgspec.structs.replace(copy, needed=at)
                self._pictures.put(copy, body)
        for url in wanted.values():
            if url in copies:
                copies[url] = msgspec.structs.replace(copies[url], needed=at)
        kept = without(copies, too_old_or_many(copies, at, self._settings))
        told = {**self._pictures.of_stories(), **wanted}
        of_stories = {story: url for story, url in told.items() if url in kept}
        self._pictures.settle(kept, of_stories)
        self._copies = kept

    def _made(self, urls: list[str]) -> Iterator[tuple[str, tuple[Copy, bytes] | None]]:
        def copied(url: str) -> tuple[str, tuple[Copy, bytes] | None]:
            try:
                page = self._fetch(url, "image")
                small = self._apart(self._make, page.body)
            except (FetchError, Unreadable, Ended):
                return url, None
            copy = Copy(
                name=sha256(page.body).hexdigest()[:32],
                width=small.width,
                height=small.height,
                size=len(small.body),
                needed=page.at,
            )
            return url, (copy, small.body)

        with threads(self._concurrency) as pool:
            yield from ordered(pool, copied, urls, 2 * self._concurrency)


def too_old_or_many(
    copies: Mapping[str, Copy], at: datetime, settings: ImageSettings
) -> frozenset[str]:
    """Return the addresses whose copies go: those not needed for ``settings.days``, then, while all
    together are larger than ``settings.megabytes``, those needed longest ago (of equals by address).
    """
    oldest = at - timedelta(days=settings.days)
    gone = {url for url, copy in copies.items() if copy.needed < oldest}
    left = sum(copy.size for url, copy in copies.items() if url not in gone)
    for url, copy in sorted(copies.items(), key=lambda item: (item[1].needed, item[0])):
        if left <= settings.megabytes * _MEGABYTE:
            break
        if url not in gone:
            gone.add(url)
            left -= copy.size
    return frozenset(gone)
