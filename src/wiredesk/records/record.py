"""A record: what is published for a story, one Markdown file with front matter.

The codec that reads and writes the file is ``records.frontmatter``.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from wiredesk.records.article import Image, ProviderName
from wiredesk.records.judgement import LedgerLine


class Extra(msgspec.Struct, frozen=True, kw_only=True):
    """A gap: lines between two known keys that are not those of the classic form.

    Unknown keys, comments, one empty line more or less. ``after`` names the key before it, in dotted
    form inside a block (``type``, ``provider.domain``, ``related.0.images.1.url``), the item of a list
    (``topics.0``), or the start of a block (``provider.``; empty at the very top). ``raw`` is all that
    stands there, in place of the empty line that the form may have, each line ended by LF. A gap
    goes with the list item that it is in. An empty one after ``---`` says that the file ends there
    without a newline.
    """

    after: str
    raw: str


class RelatedItem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Another article shown under a record, with the keys that the classic form gives it."""

    title: str
    excerpt: str | None = None
    published_date_time: str | None = None
    original_url: str | None = None
    web_url: str | None = None
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None
    type: str | None = None
    featured_content: str | None = None
    provider: ProviderName | None = None
    quality: int | None = None
    images: tuple[Image, ...] = ()


class PublicLedger(msgspec.Struct, frozen=True, kw_only=True):
    """How quality and heat add up, on the records of a desk that shows it: each number as the desk
    found it, whatever a human made of it since.
    """

    quality: tuple[LedgerLine, ...] = ()
    heat: tuple[LedgerLine, ...] = ()


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The record's values, in the order of its keys.

    Times stay the text that the file has (ISO 8601, offset or ``Z``); ``published_at`` reads it.
    ``quality``, ``heat`` and ``published`` are all three there or all None.
    """

    category: str = "news"
    title: str
    excerpt: str | None = None
    published_date_time: str
    original_url: str | None = None
    web_url: str | None = None
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None
    type: str = "article"
    quality: int | None = None
    heat: int | None = None
    published: bool | None = None
    merged_into: str | None = None
    """Name of the record's file that stands for this one since two stories became one: ours, no key of
    the classic form.
    """
    featured_content: str | None = None
    provider: ProviderName
    topics: tuple[str, ...] | None = None
    images: tuple[Image, ...] = ()
    related: tuple[RelatedItem, ...] = ()
    ledger: PublicLedger | None = None
    secured: str | None = None
    extras: tuple[Extra, ...] = ()
    body: str = "\n"
    """All that follows the line of the closing ``---``; an empty line in the classic form."""

    @property
    def published_at(self) -> datetime:
        """The publication time, aware. Raises ValueError when the text is no ISO 8601 time."""
        return datetime.fromisoformat(self.published_date_time)
