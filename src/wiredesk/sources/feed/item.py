"""What every feed format comes down to, and how it becomes entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from wiredesk.errors import Refused
from wiredesk.records import dates
from wiredesk.records.article import Image
from wiredesk.records.entry import Entry
from wiredesk.records.identity import content_digest
from wiredesk.records.plaintext import EXCERPT_LIMIT, TITLE_LIMIT, from_html, plain
from wiredesk.records.weburl import checked
from wiredesk.sources.feed.manner import Manner

MOST = 500
"""Entries of one answer that are kept, the newest ones (THREATS F08)."""

_LONGEST_GUID = 200
_LONGEST_HTML = 20_000
"""Characters of a text that are looked at for its summary."""
_MOST_IMAGES, _MOST_CATEGORIES, _LONGEST_WORDS, _MOST_PIXELS = 10, 30, 100, 100_000
_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Text(msgspec.Struct, frozen=True):
    """A text, and whether it is HTML (RSS never says; it is read as HTML)."""

    value: str = ""
    html: bool = True

    def as_plain(self, limit: int) -> str:
        """Return it as one line of plain text."""
        value = self.value[:_LONGEST_HTML]
        return from_html(value, limit) if self.html else plain(value, limit)


class Picture(msgspec.Struct, frozen=True):
    """An image's address as the feed has it, and its size if the feed says."""

    url: str
    width: str = ""
    height: str = ""


class Item(msgspec.Struct, kw_only=True):
    """One item, its values as the format has them. Filled in by a reader, then left alone."""

    base: str
    """What its relative addresses are relative to."""
    guid: str = ""
    links: list[str] = msgspec.field(default_factory=list)
    """Candidates for the article's address, the best one first."""
    title: Text = Text()
    summary: Text = Text()
    content: Text = Text()
    author: str = ""
    language: str = ""
    published: str = ""
    updated: str = ""
    categories: list[str] = msgspec.field(default_factory=list)
    pictures: list[Picture] = msgspec.field(default_factory=list)
    video: str = ""

    @property
    def time(self) -> datetime | None:
        """When it was published or, where the feed does not say, updated."""
        return dates.read(self.published) or dates.read(self.updated)


class Feed(msgspec.Struct, kw_only=True):
    """What a reader makes of an answer."""

    title: str = ""
    language: str = ""
    items: Sequence[Item] = ()
    manner: Manner = Manner()
    notices: tuple[str, ...] = ()


def entries(feed: Feed, source: str, now: datetime) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the feed's entries in its own order, and what was dropped on the way, as sentences."""
    notices = list(feed.notices)
    read = [(item, _entry(item, feed, source, now)) for item in feed.items]
    found = [(item, entry) for item, entry in read if entry is not None]
    listed: dict[str, Entry] = {}
    for keyed in _keyed(found):
        listed.setdefault(keyed.guid, keyed)
    unread = sum(_states_time(item) and entry.published is None for item, entry in found)
    for count, why in (
        (len(read) - len(found), "without an address that can be asked"),
        (len(found) - len(listed), "that repeat the guid of another"),
    ):
        if count:
            notices.append(f"{count} item(s) {why} were dropped")
    if unread:
        notices.append(f"{unread} item(s) have a date that cannot be read or cannot be true")
    return tuple(_told_apart([*listed.values()])), tuple(notices)


def _states_time(item: Item) -> bool:
    return bool(item.published.strip() or item.updated.strip())


def _keyed(found: Sequence[tuple[Item, Entry]]) -> Iterator[Entry]:
    """Give the entries, those of one guid told apart: by their addresses where the feed gave them
    that guid, else, for the guid is their address then, by their titles (THREATS F17).

    All of them are, not the later ones only: the first is another one whenever news arrive.
    """
    others: dict[str, set[str]] = {}
    for item, entry in found:
        others.setdefault(entry.guid, set()).add(_besides(item, entry))
    for item, entry in found:
        if len(others[entry.guid]) > 1:
            guid = _key(f"{entry.guid} {_besides(item, entry)}")
            yield msgspec.structs.replace(entry, guid=guid)
        else:
            yield entry


def _besides(item: Item, entry: Entry) -> str:
    return entry.url if item.guid.strip() else entry.title


def newest(times: Sequence[datetime | None]) -> list[int]:
    """Return which of the items of these ``times`` are kept, in their own order."""
    ranked = sorted(range(len(times)), key=lambda n: (times[n] or _BEGINNING, -n), reverse=True)
    return sorted(ranked[:MOST])


def too_many(count: int) -> str:
    """Say that only the newest of ``count`` items are read."""
    return f"the feed lists {count:,} items; the newest {MOST} were read"


def _entry(item: Item, feed: Feed, source: str, now: datetime) -> Entry | None:
    url = next(_addresses(item.links, item.base), "")
    if not url:
        return None
    title = item.title.as_plain(TITLE_LIMIT)
    return Entry(
        source=source,
        guid=_guid(item, url),
        url=url,
        title=title,
        summary=item.summary.as_plain(EXCERPT_LIMIT) or item.content.as_plain(EXCERPT_LIMIT),
        author=plain(item.author, _LONGEST_WORDS),
        language=_primary(item.language or feed.language),
        published=dates.within(item.time, now),
        updated=dates.within(dates.read(item.updated), now),
        categories=_categories(item.categories),
        images=_images(item),
        video=next(_addresses([item.video], item.base), ""),
    )


def _addresses(links: Iterable[str], base: str) -> Iterator[str]:
    """Give those of ``links`` that may be asked, absolute."""
    for link in links:
        if not link.strip():
            continue
        try:
            yield checked(link, base)
        except Refused:
            continue


def _guid(item: Item, url: str) -> str:
    """Return the item's key in its feed: its own, else its address."""
    return _key(item.guid.strip() or (item.links[0].strip() if item.links else "") or url)


def _key(guid: str) -> str:
    """Return ``guid`` if it is fit to be shown, else a digest of it."""
    return guid if guid == plain(guid) and len(guid) <= _LONGEST_GUID else content_digest(guid)


def _primary(language: str) -> str:
    tag = language.strip().replace("_", "-").partition("-")[0].lower()
    return tag if tag.isascii() and tag.isalpha() and len(tag) in (2, 3) else ""


def _categories(values: Sequence[str]) -> tuple[str, ...]:
    words = (plain(value, _LONGEST_WORDS) for value in values[:_MOST_CATEGORIES])
    return tuple(dict.fromkeys(filter(None, words)))


def _images(item: Item) -> tuple[Image, ...]:
    """Return each picture once, with the size that any of its mentions gives."""
    found: dict[str, Image] = {}
    for picture in item.pictures[:_MOST_IMAGES]:
        for url in _addresses([picture.url], item.base):
            width, height = _pixels(picture.width), _pixels(picture.height)
            if url not in found or width > found[url].width:
                found[url] = Image(url=url, width=width, height=height)
    return tuple(found.values())


def _pixels(value: str) -> int:
    digits = value.strip().removesuffix("px")
    fit = digits.isascii() and digits.isdigit() and len(digits) <= len(str(_MOST_PIXELS))
    return int(digits) if fit else 0


def _told_apart(listed: Sequence[Entry]) -> Iterator[Entry]:
    times = Counter(entry.url for entry in listed)
    for entry in listed:
        shared = times[entry.url] > 1
        yield msgspec.structs.replace(entry, shared_url=True) if shared else entry
