"""An entry: a source's pointer to an article."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wiredesk.records.article import Image
from wiredesk.records.polling import Polling
from wiredesk.records.wishes import Wishes


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says of one article, as plain text and absolute URLs.

    Remembered by ``(source, guid)``. ``locator`` is empty when the page is to be fetched from
    ``url``; a source that holds the page itself (an archive, a folder) puts there what it needs to
    find it again. All times are aware and in UTC.
    """

    source: str
    guid: str
    url: str
    title: str = ""
    summary: str = ""
    author: str = ""
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    categories: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    video: str = ""
    """Address of an embeddable player, when the entry is a video (Media RSS, YouTube)."""
    shared_url: bool = False
    """True when another entry of the same answer has this URL too: the guid then tells them apart."""
    locator: str = ""


class Validators(msgspec.Struct, frozen=True):
    """What a server gave to ask "changed since?" with (RFC 9110, section 8.8)."""

    etag: str = ""
    last_modified: str = ""


class SourceSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A source as the desk names it: its kind (a module of ``wiredesk.sources``) and where it is."""

    kind: str
    url: str = ""
    path: str = ""
    name: str = ""

    @property
    def id(self) -> str:
        """The source's identity for life: its kind and address."""
        return f"{self.kind}:{self.url or self.path}"


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What one source gave in one run."""

    entries: tuple[Entry, ...] = ()
    sources: tuple[SourceSpec, ...] = ()
    """Further sources that this one lists (an OPML file lists feeds)."""
    validators: Validators = Validators()
    unchanged: bool = False
    """True when the source said, or shows, that nothing is new since the validators."""
    title: str = ""
    notices: tuple[str, ...] = ()
    """Sentences for the editor: what was dropped or guessed while reading."""
    wishes: Wishes = Wishes()
    moved: str = ""
    """Where the source's address redirects to for good, or empty."""
    hub: str = ""
    """The WebSub hub that it names, and the address by which that one knows it."""
    topic: str = ""


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a source between runs."""

    id: str
    validators: Validators = Validators()
    title: str = ""
    failure: str = ""
    """The last poll's error as a sentence with its class, or empty."""
    failing_since: datetime | None = None
    last_good: datetime | None = None
    notices: tuple[str, ...] = ()
    polling: Polling = Polling()
    lists: tuple[SourceSpec, ...] = ()
    """Further sources that it listed, if it is asked by a schedule."""
