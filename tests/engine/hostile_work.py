"""Work for child processes, which must be able to import it: some of it ends its process."""

from __future__ import annotations

import os
import time

from wiredesk.records.article import Article, ProviderName
from wiredesk.records.entry import Entry
from wiredesk.records.page import Page

KILLS = b"kills"


def prepare(*_: object) -> None:
    """Nothing has to be made ready."""


def doubled(number: int) -> int:
    """Return twice ``number``; a negative one ends the process, as a parser's crash would."""
    if number < 0:
        os._exit(9)
    time.sleep(0.02 if number % 3 == 0 else 0)
    return 2 * number


def unusable(number: int) -> int:
    """Return what stands for a number whose process ended."""
    return number * 1000


def make_reader(*_: object) -> ReadsOrDies:
    """Return a reader for ``engine.reading.prepare``."""
    return ReadsOrDies()


class ReadsOrDies:
    """Reads a page as its title; one that holds ``KILLS`` ends the process."""

    def __call__(self, page: Page, entry: Entry) -> Article:
        if page.body == KILLS:
            os._exit(9)
        return Article(
            id=page.final_url,
            title=page.body.decode(),
            provider=ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
            source=entry.source,
            guid=entry.guid,
            web_url=page.final_url,
            fetched_at=page.at,
        )
