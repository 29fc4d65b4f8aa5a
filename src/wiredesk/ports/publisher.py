"""The publisher port: a kind of output is one module of ``wiredesk.publishers``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from wiredesk.config import Settings
from wiredesk.records.record import Record
from wiredesk.records.topic import TopicPack


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """All that a publisher may show: the records as they are published, human changes included."""

    records: Sequence[tuple[str, Record]]
    """(path below the repository such as ``_news/2026-03-01-a-title.md``, record); also unpublished."""
    languages: dict[str, str]
    """Language of each record by path, as a BCP 47 primary subtag."""
    pack: TopicPack
    as_of: datetime
    settings: Settings
    pinned: frozenset[str] = frozenset()
    """Paths of the records that an editor wants first in every list, whatever their heat."""


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
