"""The signal port: a family of score contributions is one module of ``wiredesk.signals``.

There are two kinds. A *signal* looks at an article alone; what it says holds until the article
changes, whatever time it is. A *comparison* looks at how the article stands in its story; it is part
of quality, but never of heat, because others' articles can change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec

from wiredesk.records.article import Article
from wiredesk.records.judgement import LedgerLine, TopicMatch
from wiredesk.records.provider import Provider
from wiredesk.records.rating import Rating


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """All that a signal may look at: the article and what the stages before found. No time of day:
    quality must not change by waiting.
    """

    article: Article
    topics: tuple[TopicMatch, ...] = ()
    provider: Provider | None = None
    """The desk's own entry, or None for a publisher that it does not list."""
    rating: Rating | None = None
    """What the desk's list of ratings says of the publisher's domain."""
    advertises: str = ""
    """What the publisher carries for money (``press releases``), or empty."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """All that a comparison may look at: how an article stands in its story."""

    copy_of: str = ""
    """Id of the article that this one copies, or empty."""
    first: bool = True
    """True when no other provider's article of its story is older."""


class Signal(Protocol):
    """The one function that a module of ``wiredesk.signals`` must have, as ``lines``."""

    def __call__(self, standing: Standing) -> Iterable[LedgerLine]:
        """Give the contributions, in whole points; a line of 0 points is left out."""
        ...


class Comparison(Protocol):
    """What a module of ``wiredesk.signals`` has instead, as ``compared``, when it compares."""

    def __call__(self, place: Place) -> Iterable[LedgerLine]:
        """Give the contributions, in whole points; a line of 0 points is left out."""
        ...
