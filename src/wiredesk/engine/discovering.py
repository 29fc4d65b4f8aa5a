"""Finding the feeds of a site from its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import msgspec
from selectolax.lexbor import LexborHTMLParser

from wiredesk.errors import Ended, FetchError, Refused, SourceError
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.fetcher import Fetcher
from wiredesk.records.entry import Gathered
from wiredesk.records.page import Page
from wiredesk.records.plaintext import TITLE_LIMIT, plain
from wiredesk.records.weburl import checked

MOST = 20
"""Feeds that a page names and that are looked at."""
_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "text/xml",
        "application/xml",
    }
)
_PLACES = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json", "feeds")
"""Where feeds most often are, below the address and below the site."""

ReadFeed = Callable[[Page, str], Gathered]


class FoundFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed: where it is, what it calls itself, how much it lists, its hub, and how it was found."""

    url: str
    title: str = ""
    entries: int = 0
    hub: str = ""
    how: str = ""


def discover(
    url: str, fetch: Fetcher, read: ReadFeed, apart: Apart = here
) -> tuple[FoundFeed, ...]:
    """Return the feeds at ``url``: it is one, its page names some, or they are where feeds often are.

    Well-known places are tried only when the page names none. What is answered is read ``apart``; what
    cannot be read names nothing. Raises ``FetchError`` when ``url`` itself cannot be asked.
    """

    def feed_in(page: Page, source: str) -> Gathered:
        try:
            return apart(read, page, source)
        except Ended as error:
            raise SourceError(error.reason, error.message) from error

    return _discovered(url, fetch, feed_in, apart)


def _discovered(url: str, fetch: Fetcher, read: ReadFeed, apart: Apart) -> tuple[FoundFeed, ...]:
    page = fetch(url, "page")
    if (itself := _feed(page, read, "the address itself")) is not None:
        return (itself,)
    try:
        addresses = apart(named_feeds, page.body, page.final_url)
    except Ended:
        addresses = ()
    named = _looked(addresses, fetch, read, "named by the page")
    return named or _looked(_places(page.final_url), fetch, read, "a place where feeds often are")


def named_feeds(body: bytes, base: str) -> tuple[str, ...]:
    """Return the addresses that a page names as its feeds (``link rel=alternate`` with a feed's type;
    https://html.spec.whatwg.org/multipage/links.html#rel-alternate), in its order, each once.
    """
    tree = LexborHTMLParser(body)
    based = tree.css_first("base[href]")
    base = urljoin(base, (based.attributes.get("href") or "")) if based else base
    found: dict[str, None] = {}
    for link in tree.css("link[rel][href]"):
        said = {name: (value or "").strip().lower() for name, value in link.attributes.items()}
        kind = said.get("type", "").partition(";")[0].strip()
        rel = said["rel"].split()
        if "feed" in rel or ("alternate" in rel and kind in _TYPES):
            for address in _checked(link.attributes.get("href") or "", base):
                found.setdefault(address)
    return tuple(found)[:MOST]


def _places(url: str) -> Iterator[str]:
    below = url if url.endswith("/") else f"{url}/"
    for base in dict.fromkeys((below, urljoin(url, "/"))):
        for place in _PLACES:
            yield from _checked(place, base)


def _checked(link: str, base: str) -> Iterator[str]:
    try:
        yield checked(link, base)
    except Refused:
        return


def _looked(
    urls: Iterator[str] | tuple[str, ...], fetch: Fetcher, read: ReadFeed, how: str
) -> tuple[FoundFeed, ...]:
    found: dict[str, FoundFeed] = {}
    for url in urls:
        try:
            page = fetch(url, "feed")
        except FetchError:
            continue
        feed = _feed(page, read, how)
        if feed is not None:
            found.setdefault(feed.url, feed)
    return tuple(found.values())


def _feed(page: Page, read: ReadFeed, how: str) -> FoundFeed | None:
    try:
        gathered = read(page, "")
    except SourceError:
        return None
    return FoundFeed(
        url=page.final_url,
        title=plain(gathered.title, TITLE_LIMIT),
        entries=len(gathered.entries),
        hub=gathered.hub,
        how=how,
    )
