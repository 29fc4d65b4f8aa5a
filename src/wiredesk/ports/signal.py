"""The signal port: a family of score contributions is one module of ``wiredesk.signals``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import msgspec

from wiredesk.config import ScoreSettings
from wiredesk.records.article import Article
from wiredesk.records.judgement import LedgerLine, TopicMatch
from wiredesk.records.provider import Provider


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """All that a quality signal may look at: the article and what the stages before found."""

    article: Article
    topics: tuple[TopicMatch, ...] = ()
    provider: Provider | None = None
    """The registry's entry, or None for an unknown publisher."""
    copy_of: str = ""
    """Id of the article that this one copies, or empty."""
    first_in_story: bool = True
    """True when no other provider's article of its story is older."""
    as_of: datetime
    settings: ScoreSettings


class Signal(Protocol):
    """The one function that a module of ``wiredesk.signals`` must have, as ``lines``."""

    def __call__(self, standing: Standing) -> Iterable[LedgerLine]:
        """Give the contributions, in whole points; a line of 0 points is left out."""
        ...
