"""Feeds: RSS, Atom, JSON Feed and what is built on them, from one address."""

from __future__ import annotations

from pathlib import Path

import msgspec

from wiredesk.errors import SourceError
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.fetcher import Fetcher
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState, Validators
from wiredesk.records.page import Page
from wiredesk.records.plaintext import TITLE_LIMIT, plain
from wiredesk.records.wishes import Wishes, freshness
from wiredesk.sources.feed import jsonfeed, xmlfeed
from wiredesk.sources.feed.decoding import decoded
from wiredesk.sources.feed.item import Feed, entries

_UNCHANGED = 304
_LONGEST_VALIDATOR = 1_000


def read(page: Page, source: str) -> Gathered:
    """Return what the feed in ``page`` lists, as entries of ``source``.

    Raises ``SourceError`` for what is no feed: class ``empty``, ``html``, ``json``, ``dtd``,
    ``attributes`` or ``not-a-feed``.
    """
    feed = parsed(page)
    listed, notices = entries(feed, source, page.at)
    return Gathered(
        entries=listed,
        title=plain(feed.title, TITLE_LIMIT),
        validators=_validators(page),
        notices=notices,
        wishes=_wishes(page, feed.manner.wishes),
        moved=page.moved,
        hub=feed.manner.hub,
        topic=feed.manner.topic,
    )


def _wishes(page: Page, stated: Wishes) -> Wishes:
    """Return what the feed says and what its server says with this answer."""
    return msgspec.structs.replace(stated, fresh=freshness(page.headers, page.at))


def parsed(page: Page) -> Feed:
    """Return what the feed in ``page`` says, before it becomes entries. Raises like ``read``."""
    text = decoded(page.body, page.header("content-type")).strip()
    address = page.final_url
    if not text:
        raise SourceError("empty", f"{address} answers with nothing at all")
    return jsonfeed.parsed(text, address) if text[0] in "{[" else xmlfeed.parsed(text, address)


def _validators(page: Page) -> Validators:
    etag, modified = page.header("etag"), page.header("last-modified")
    return Validators(
        etag=etag if len(etag) <= _LONGEST_VALIDATOR else "",
        last_modified=modified if len(modified) <= _LONGEST_VALIDATOR else "",
    )


class FeedSource:
    """The feed at the address that ``spec`` names."""

    def __init__(self, spec: SourceSpec, fetch: Fetcher, apart: Apart = here) -> None:
        self._spec, self._fetch, self._apart = spec, fetch, apart

    def gather(self, state: SourceState) -> Gathered:
        """Ask the feed, conditionally when it was read before; raises ``SourceError`` for an answer
        that is no feed, ``FetchError`` for none.
        """
        page = self._fetch(state.polling.address or self._spec.url, "feed", state.validators)
        if page.status == _UNCHANGED:
            return Gathered(
                unchanged=True,
                validators=state.validators,
                title=state.title,
                notices=state.notices,
                wishes=_wishes(page, state.polling.wishes),
                moved=page.moved,
            )
        return self._apart(read, page, self._spec.id)

    def page(self, entry: Entry) -> Page | None:
        """Return None: a feed points to pages, it does not hold them."""
        del entry
        return None


def open_source(spec: SourceSpec, desk: Path, fetch: Fetcher, apart: Apart = here) -> FeedSource:
    """Return the feed at ``spec.url``. Raises ``SourceError`` when it is not stated."""
    del desk
    if not spec.url:
        raise SourceError("config", f"the feed {spec.name or spec.path!r} has no url")
    return FeedSource(spec, fetch, apart)
