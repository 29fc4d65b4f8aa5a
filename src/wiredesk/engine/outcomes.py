"""Outcomes: what became of an entry, and what a run tells of itself."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wiredesk.records.article import Article


class Read(msgspec.Struct, frozen=True):
    """The entry became an article."""

    article: Article


class Dropped(msgspec.Struct, frozen=True):
    """The entry is of no use, and will not be tried again unless it changes."""

    reason: str
    message: str


class Later(msgspec.Struct, frozen=True):
    """The entry could not be read now; a later run tries again, not before ``until``."""

    reason: str
    message: str
    until: datetime | None = None


Outcome = Read | Dropped | Later


class SourceReport(msgspec.Struct, frozen=True, kw_only=True):
    """How one source did: entries listed and new ones, or why it failed."""

    id: str
    listed: int = 0
    new: int = 0
    unchanged: bool = False
    failure: str = ""
    notices: tuple[str, ...] = ()
    resting: bool = False
    """True when it was not asked, for it is not due."""


class StoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A published story as the summary shows it."""

    title: str
    provider: str
    heat: int
    path: str


class RunReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a run did, for people (the summary) and programs (``--json``)."""

    desk: str
    as_of: datetime | None = None
    sources: tuple[SourceReport, ...] = ()
    """The sources that were asked."""
    resting: int = 0
    """Sources that were not due."""
    read: int = 0
    dropped: dict[str, int] = msgspec.field(default_factory=dict)
    """Entries that became no article, counted by reason."""
    later: dict[str, int] = msgspec.field(default_factory=dict)
    problems: tuple[str, ...] = ()
    """One sentence for each entry that was not read."""
    articles: int = 0
    """Articles in the window, off-topic ones included."""
    off_topic: int = 0
    copies: int = 0
    stories: int = 0
    published: int = 0
    new_records: int = 0
    changed_records: int = 0
    commit: str = ""
    notices: tuple[str, ...] = ()
    """What a human should look at: conflicts, records that cannot be read."""
    top: tuple[StoryLine, ...] = ()

    @property
    def failing(self) -> tuple[SourceReport, ...]:
        """The sources that gave nothing because of an error."""
        return tuple(source for source in self.sources if source.failure)
