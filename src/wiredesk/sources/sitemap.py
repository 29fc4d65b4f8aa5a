"""News sitemaps: what a site says is new (https://www.sitemaps.org/protocol.html, and Google's extension
for news, https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).

The address is that of a sitemap or of an index of them, either as ``.gz`` too. Of an index the newest
sitemaps of the same site are read. An address counts when it is marked as news, or was changed within
three days; everything else in a sitemap is the site's archive.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from lxml.etree import _Element

from wiredesk.errors import FetchError, Refused, SourceError
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.fetcher import Fetcher
from wiredesk.records import dates
from wiredesk.records.article import Image
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState, Validators
from wiredesk.records.page import Page
from wiredesk.records.plain_xml import is_flooded, local, root_of
from wiredesk.records.plaintext import TITLE_LIMIT, plain
from wiredesk.records.weburl import checked, same_site

MOST = 500
"""Entries of one sitemap, the newest ones, as of a feed (THREATS F08)."""
MOST_LISTED = 50_000
"""Addresses of one sitemap that are looked at: what the protocol allows."""
MOST_OF_INDEX = 10
"""Sitemaps of one index that are asked, the newest ones."""
UNPACKED_CAP = 10_000_000
"""Bytes of a packed sitemap, unpacked (THREATS R4)."""
FRESH = timedelta(days=3)

_GZIP = b"\x1f\x8b"
_UNCHANGED = 304
_MOST_IMAGES, _MOST_CATEGORIES, _LONGEST_WORDS = 3, 30, 100


class Sitemap(msgspec.Struct, frozen=True, kw_only=True):
    """What a sitemap says: entries, or the addresses of others; and sentences on what was left out."""

    entries: tuple[Entry, ...] = ()
    others: tuple[str, ...] = ()
    title: str = ""
    notices: tuple[str, ...] = ()


def read(page: Page, source: str) -> Sitemap:
    """Return what the sitemap in ``page`` lists, as entries of ``source``.

    Raises ``SourceError``: class ``xml``, ``dtd``, ``gzip``, ``size`` or ``not-sitemap``.
    """
    address = page.final_url
    kinds = {"urlset", "sitemapindex"}
    root = root_of(_unpacked(page.body, address), address, kinds, "sitemap")
    return _index(root, page) if local(root) == "sitemapindex" else _list(root, page, source)


def _unpacked(body: bytes, address: str) -> bytes:
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(body, UNPACKED_CAP + 1)
    except zlib.error as error:
        raise SourceError("gzip", f"{address} is packed, and broken ({error})") from error
    if len(text) > UNPACKED_CAP:
        raise SourceError("size", f"{address} unpacks to more than {UNPACKED_CAP:,} bytes")
    if not unpacker.eof:
        raise SourceError("gzip", f"{address} is packed, and cut off")
    return text


def _index(root: _Element, page: Page) -> Sitemap:
    """Return the newest sitemaps of the same site; of those without a time the last ones."""
    found: list[tuple[datetime, int, str]] = []
    foreign = 0
    for place, child in enumerate(_children(root, "sitemap")):
        url = _address(_text(child, "loc"), page.final_url)
        if url and same_site(url, page.final_url):
            changed = dates.read(_text(child, "lastmod")) or dates.EARLIEST
            found.append((changed, place, url))
        else:
            foreign += 1
    newest = sorted(found, reverse=True)[:MOST_OF_INDEX]
    notices = []
    if len(found) > len(newest):
        notices.append(
            f"the index names {len(found):,} sitemaps; the newest {MOST_OF_INDEX} are read"
        )
    if foreign:
        notices.append(f"{foreign} sitemap(s) of other sites are not asked")
    others = dict.fromkeys(url for _, _, url in newest)
    return Sitemap(others=tuple(others), notices=tuple(notices))


def _list(root: _Element, page: Page, source: str) -> Sitemap:
    entries: dict[str, Entry] = {}
    title, unfit, old = "", 0, 0
    for url in _children(root, "url"):
        news = next(_children(url, "news"), None)
        title = title or _publication(news, "name")
        entry = _entry(url, news, page, source)
        if entry is None:
            unfit += 1
        elif news is None and not _is_fresh(entry, page.at):
            old += 1
        else:
            entries.setdefault(entry.guid, entry)
    kept = _newest([*entries.values()])
    notices = []
    if unfit:
        notices.append(f"{unfit} address(es) of other sites, or that cannot be asked, were dropped")
    if old:
        notices.append(
            f"{old:,} address(es) are neither news nor new; a news sitemap serves better"
        )
    if len(kept) < len(entries):
        notices.append(f"the sitemap lists {len(entries):,} news; the newest {MOST} were read")
    return Sitemap(entries=kept, title=plain(title, TITLE_LIMIT), notices=tuple(notices))


def _newest(entries: list[Entry]) -> tuple[Entry, ...]:
    ranked = sorted(
        range(len(entries)),
        key=lambda n: (entries[n].published or dates.EARLIEST, -n),
        reverse=True,
    )
    return tuple(entries[n] for n in sorted(ranked[:MOST]))


def _entry(url: _Element, news: _Element | None, page: Page, source: str) -> Entry | None:
    address = _address(_text(url, "loc"), page.final_url)
    if not address or not same_site(address, page.final_url):
        return None
    changed = dates.within(dates.read(_text(url, "lastmod")), page.at)
    published = dates.within(dates.read(_text(news, "publication_date")), page.at)
    language = _publication(news, "language").partition("-")[0].lower()
    words = _text(news, "keywords").split(",")[:_MOST_CATEGORIES]
    plain_words = (plain(word, _LONGEST_WORDS) for word in words)
    return Entry(
        source=source,
        guid=address,
        url=address,
        title=plain(_text(news, "title"), TITLE_LIMIT),
        language=language if language.isalpha() and language.isascii() else "",
        published=published or changed,
        updated=changed,
        categories=tuple(dict.fromkeys(filter(None, plain_words))),
        images=tuple(_images(url, page.final_url)),
    )


def _images(url: _Element, base: str) -> Iterator[Image]:
    for place, image in enumerate(_children(url, "image")):
        if place < _MOST_IMAGES and (address := _address(_text(image, "loc"), base)):
            yield Image(url=address, title=plain(_text(image, "title"), TITLE_LIMIT))


def _is_fresh(entry: Entry, now: datetime) -> bool:
    return entry.published is not None and now - entry.published <= FRESH


def _address(text: str, base: str) -> str:
    try:
        return checked(text, base) if text else ""
    except Refused:
        return ""


def _children(parent: _Element | None, name: str) -> Iterator[_Element]:
    """Give the children of that name, of any namespace: there are several for one extension."""
    if parent is None:
        return
    for place, child in enumerate(parent):
        if place >= MOST_LISTED:
            return
        if local(child) == name and not is_flooded(child):
            yield child


def _text(parent: _Element | None, name: str) -> str:
    child = next(_children(parent, name), None)
    return (child.text or "").strip() if child is not None else ""


def _publication(news: _Element | None, name: str) -> str:
    return _text(next(_children(news, "publication"), None), name)


class SitemapSource:
    """The sitemap, or index of sitemaps, at an address."""

    def __init__(self, spec: SourceSpec, fetch: Fetcher, apart: Apart) -> None:
        self._spec, self._fetch, self._apart = spec, fetch, apart

    def gather(self, state: SourceState) -> Gathered:
        """Return what is news now. An index is asked whole each time, for its sitemaps change when it
        does not. Raises ``SourceError`` or ``FetchError`` when the address itself gives nothing.
        """
        page = self._fetch(self._spec.url, "feed", state.validators)
        if page.status == _UNCHANGED:
            return Gathered(unchanged=True, validators=state.validators, title=state.title)
        found = self._apart(read, page, self._spec.id)
        if not found.others:
            validators = Validators(
                etag=page.header("etag")[:1_000], last_modified=page.header("last-modified")[:1_000]
            )
            return Gathered(
                entries=found.entries,
                title=found.title,
                notices=found.notices,
                validators=validators,
            )
        entries: dict[str, Entry] = {}
        titles, notices = [found.title], [*found.notices]
        for url in found.others:
            try:
                part = self._apart(read, self._fetch(url, "feed"), self._spec.id)
            except (SourceError, FetchError) as error:
                notices.append(f"a sitemap of the index was left out: {error}")
                continue
            if part.others:
                notices.append(f"{url} is an index inside an index, which is not followed")
            entries |= {entry.guid: entry for entry in part.entries if entry.guid not in entries}
            titles.append(part.title)
            notices += part.notices
        title = next(filter(None, titles), "")
        return Gathered(entries=_newest([*entries.values()]), title=title, notices=tuple(notices))

    def page(self, entry: Entry) -> Page | None:
        """Return None: a sitemap points to pages, it does not hold them."""
        del entry
        return None


def open_source(spec: SourceSpec, desk: Path, fetch: Fetcher, apart: Apart = here) -> SitemapSource:
    """Return the sitemap at ``spec.url``. Raises ``SourceError`` when it is not stated."""
    del desk
    if not spec.url:
        raise SourceError("config", f"the sitemap {spec.name or spec.path!r} has no url")
    return SitemapSource(spec, fetch, apart)
