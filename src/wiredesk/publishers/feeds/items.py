"""What all feed formats tell: a channel and its items, in plain text and with checked addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid5

import msgspec

from wiredesk.ports.publisher import Edition
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.plaintext import EXCERPT_LIMIT, TITLE_LIMIT, plain
from wiredesk.records.record import Record
from wiredesk.records.weburl import linkable

_NAMESPACE = UUID("0e4c7a52-2f0b-5c6e-9a9d-6b1a7f3c8d21")
"""Ours for UUIDs by name (RFC 9562, section 5.5). Never changed: every item would be new to readers."""
_UNKNOWN = datetime.fromtimestamp(0, UTC)
"""The time of an empty feed, which Atom wants to have one, and of a record whose time a human broke."""
_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
_PRINTED_NAME = 100


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """An image of an item; sizes in pixels, 0 when unknown; ``type`` empty when its name has none."""

    url: str
    width: int
    height: int
    title: str
    type: str


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One story as feeds tell it. Every text is plain, every address is absolute."""

    id: str
    """``urn:uuid:…``, for life."""
    url: str
    title: str
    excerpt: str
    provider: ProviderName
    home: str
    """The provider's own address; empty when its domain cannot be one."""
    published: datetime
    language: str
    topics: tuple[str, ...]
    pictures: tuple[Picture, ...]
    heat: int


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One feed in one format."""

    title: str
    about: str
    path: str
    """Below ``base``; identifies the channel where no base is known."""
    base: str
    """Where the public folder is on the web, without a slash at its end; may be empty."""
    hub: str
    language: str
    items: tuple[Item, ...]

    @property
    def home(self) -> str:
        """The desk's own address; relative where the desk does not know where it is."""
        return f"{self.base}/"

    @property
    def url(self) -> str:
        """The feed's own address, or an empty string."""
        return f"{self.base}/{self.path}" if self.base else ""

    @property
    def id(self) -> str:
        """The feed's identity."""
        return self.url or _urn(f"{self.title}\n{self.path}")

    @property
    def updated(self) -> datetime:
        """The time of the newest item."""
        return max((item.published for item in self.items), default=_UNKNOWN)


def items_of(edition: Edition) -> list[Item]:
    """Return the published records as items, the newest first, of one moment by their ids. A record
    without an address to link to is left out: there would be nothing to read.
    """
    shown = ((path, record) for path, record in edition.records if record.published)
    items = [item for path, record in shown if (item := _item(edition, path, record)) is not None]
    return sorted(items, key=lambda item: (-item.published.timestamp(), item.id))


def _item(edition: Edition, path: str, record: Record) -> Item | None:
    links = (record.web_url, record.featured_content, record.original_url)
    url = next((link for link in map(linkable, links) if link), "")
    if not url:
        return None
    story = edition.ids.get(path)
    return Item(
        id=_urn(f"story {story}" if story else f"record {path}"),
        url=url,
        title=plain(record.title, TITLE_LIMIT) or url,
        excerpt=plain(record.excerpt or "", EXCERPT_LIMIT),
        provider=ProviderName(
            name=plain(record.provider.name, _PRINTED_NAME), domain=record.provider.domain
        ),
        home=linkable(f"https://{record.provider.domain}/"),
        published=_moment(record),
        language=edition.languages.get(path) or edition.settings.language,
        topics=tuple(plain(topic, TITLE_LIMIT) for topic in record.topics or ()),
        pictures=tuple(_picture(image) for image in record.images if linkable(image.url)),
        heat=record.heat or 0,
    )


def _picture(image: Image) -> Picture:
    url = linkable(image.url)
    ending = url.partition("?")[0].rpartition(".")[2].lower()
    return Picture(
        url=url,
        width=image.width,
        height=image.height,
        title=plain(image.title, TITLE_LIMIT),
        type=_TYPES.get(ending, ""),
    )


def _moment(record: Record) -> datetime:
    try:
        moment = record.published_at
    except ValueError:
        return _UNKNOWN
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def stamp(moment: datetime) -> str:
    """Return a time in UTC as RFC 3339 has it."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _urn(name: str) -> str:
    return uuid5(_NAMESPACE, name).urn
