"""The publisher port: a kind of output is one module of ``wiredesk.publishers``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from wiredesk.config import Settings
from wiredesk.errors import PublishError
from wiredesk.records.article import ProviderName
from wiredesk.records.judgement import Ledger
from wiredesk.records.newsletter import Issue
from wiredesk.records.picture import Copy
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.record import Record
from wiredesk.records.topic import TopicPack


class ListedFeed(msgspec.Struct, frozen=True):
    """A feed that the desk reads; ``title`` is the feed's own, or empty."""

    url: str
    title: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One article of a story, as far as its publisher made it public."""

    title: str
    provider: ProviderName
    url: str
    published_date_time: str
    language: str = ""
    copy: bool = False
    """It tells in another's words what that one told (a syndicated text)."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a desk may say of a story beyond its record: who reports it, and how its numbers came about.

    Never here: where an article was found (source, guid), when it was fetched, its text, the rules by
    which it was joined, what else is sealed.
    """

    coverage: tuple[Report, ...]
    """The record's own article first, then the others by time. Where a human changed what is related,
    only what the human left there.
    """
    quality: Ledger
    heat: Ledger
    """Both add up to the record's own numbers; what a human changed is a line of its own."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a record's story at no cost: a digest that changes with all that ``Told`` says
    (but for what the record itself says), and how many articles the story has.
    """

    version: str
    reports: int


def no_copy(name: str) -> bytes:
    """Stand for the copies of a desk that keeps none."""
    raise PublishError(f"there is no copy of the picture {name}")


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """All that a publisher may show: the records as they are published, human changes included."""

    records: Sequence[tuple[str, Record]]
    """(path below the repository such as ``_news/2026-03-01-a-title.md``, record); also unpublished."""
    languages: dict[str, str]
    """Language of each record by path, as a BCP 47 primary subtag."""
    pack: TopicPack
    as_of: datetime
    settings: Settings
    ids: Mapping[str, str] = {}
    """Id of the story that each record tells, by path; a record by a human's hand has none."""
    sources: Sequence[ListedFeed] = ()
    letters: Sequence[Issue] = ()
    """The newsletter's editions, by the time at which they were due."""
    registry: ProviderRegistry = ProviderRegistry()
    stories: Mapping[str, Standing] = {}
    """By path, of the records whose story the desk knows."""
    tell: Callable[[str, Record], Told | None] = lambda path, record: None  # noqa: ARG005 - the fake
    """Looks up what is told of the record at a path; slow, so ask only for what is shown."""
    home: Path | None = None
    """The desk's folder, for its logo and its theme."""
    memory: Path | None = None
    """A folder in which a publisher may keep what spares it work. It may be lost at any time: what is
    published never depends on it.
    """
    copies: Mapping[str, Copy] = {}
    """Copies of pictures that the desk keeps, by the address of the original."""
    copied: Callable[[str], bytes] = no_copy
    """Gives the bytes (WebP) of the copy of that name. Raises ``PublishError``."""
    pinned: frozenset[str] = frozenset()
    """Paths of the records that lead the front page, whatever their heat."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What a publisher did: how many files it wrote, removed, and left as they were."""

    wrote: int = 0
    removed: int = 0
    kept: int = 0


class Publisher(Protocol):
    """The one function that a module of ``wiredesk.publishers`` must have, as ``publish``."""

    def __call__(self, edition: Edition, root: Path) -> Written:
        """Make the output below ``root`` be that of ``edition``, writing only what changed, each
        file whole or not at all. Raises ``PublishError``.
        """
        ...
