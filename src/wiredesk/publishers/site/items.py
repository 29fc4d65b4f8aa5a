"""Items: a record as the site's lists show it, cleaned once.

A record may have been written by a human or found in another's repository: its texts are made plain
again, and an address that is not one of the web is no link.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from wiredesk.errors import WiredeskError
from wiredesk.ports.publisher import Edition
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.plaintext import plain
from wiredesk.records.record import Record
from wiredesk.records.weburl import checked

EXCERPT = 220
"""Characters of an excerpt in a list: two or three lines."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_OLDEST = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A published record, as lists show it."""

    path: str
    name: str
    """In addresses: ``/news/<name>.html``."""
    title: str
    excerpt: str
    at: datetime
    """In UTC."""
    url: str
    """The publisher's page; empty when the record has none that can be linked to."""
    provider: ProviderName
    topics: tuple[str, ...]
    heat: int
    language: str
    video: bool
    reports: int
    picture: Image | None
    related: tuple[str, ...]
    """Addresses of its related articles: some of them may have a page here."""
    key: bytes
    """A digest of all the above, and of the whole record and its story."""

    @property
    def day(self) -> str:
        """The day in UTC: ``2026-03-04``."""
        return self.at.date().isoformat()

    @property
    def month(self) -> str:
        """The month in UTC: ``2026-03``."""
        return self.day[:7]


def item_of(edition: Edition, path: str, record: Record, picture: Image | None) -> Item:
    """Return ``record`` as an item that has no name yet."""
    standing = edition.stories.get(path)
    language = tongue(edition.languages.get(path, "")) or edition.settings.language
    told = (standing.version, standing.reports) if standing else ("", 0)
    return Item(
        path=path,
        name="",
        title=plain(record.title) or path,
        excerpt=plain(record.excerpt or "", EXCERPT),
        at=moment(record.published_date_time),
        url=web_address(record.web_url or record.featured_content or record.original_url or ""),
        provider=provider_of(record.provider),
        topics=record.topics or (),
        heat=record.heat or 0,
        language=language,
        video=record.type == "video",
        reports=told[1],
        picture=picture,
        related=tuple(item.web_url or "" for item in record.related),
        key=digest(record, told, language, picture),
    )


def named(item: Item, name: str) -> Item:
    """Return an item with the name that it has in addresses."""
    return msgspec.structs.replace(item, name=name, key=digest(item.key, name))


def digest(*parts: object) -> bytes:
    """Return 16 bytes that are others when any of ``parts`` is another."""
    return blake2b(_encode(parts), digest_size=16).digest()


def moment(text: str) -> datetime:
    """Return a record's time in UTC, to the second; a time that a human broke counts as the oldest."""
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return _OLDEST


def web_address(url: str) -> str:
    """Return ``url`` if it is an address of the web, else an empty string (no ``javascript:``)."""
    if not url.startswith(("https://", "http://")):
        return ""
    try:
        return checked(url)
    except WiredeskError:
        return ""


def tongue(language: str) -> str:
    """Return ``language`` if it is a primary subtag of BCP 47, else an empty string."""
    return language if _LANGUAGE.fullmatch(language) else ""


def provider_of(provider: ProviderName) -> ProviderName:
    """Return a provider with its texts made plain."""
    domain = plain(provider.domain)
    return ProviderName(name=plain(provider.name) or domain, domain=domain)
