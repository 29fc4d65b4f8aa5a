"""Profiles: by which arithmetic a desk's articles and stories get their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from wiredesk.ports.signal import Standing
from wiredesk.records.article import Article
from wiredesk.records.judgement import Ledger, Membership, TopicMatch
from wiredesk.records.provider import Provider
from wiredesk.stages.score import Score, Voice


class Teller(msgspec.Struct, frozen=True, kw_only=True):
    """An article in its story, with its quality."""

    article: Article
    membership: Membership
    provider: Provider | None
    topics: tuple[TopicMatch, ...]
    digest: str
    quality: Ledger


class Profile(Protocol):
    """The two numbers, each as a ledger."""

    def quality(self, standing: Standing) -> Ledger:
        """Return an article's quality."""
        ...

    def heat(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> Ledger:
        """Return the heat of the story of ``tellers``, its lead first, shown with ``related``."""
        ...

    def gated(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> int:
        """Return the heat that the gate goes by."""
        ...


class DeskProfile:
    """The default: ``stages.score``. The gate goes by a story's hottest hour, so that time alone
    never takes back what was published.
    """

    def __init__(self, score: Score) -> None:
        self._score = score

    def quality(self, standing: Standing) -> Ledger:
        """Return an article's quality, 0 to 100."""
        return self._score.quality(standing)

    def heat(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> Ledger:  # noqa: ARG002 - the other profile counts them
        """Return the heat by the lead's quality, the independent voices and their age."""
        lead, *others = self._voices(tellers)
        return self._score.heat(tellers[0].quality, lead, others, as_of)

    def gated(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> int:
        """Return the highest heat that the story had, or has."""
        lead, *others = self._voices(tellers)
        peak = self._score.peak(tellers[0].quality, lead, others)
        return max(peak.total, self.heat(tellers, related, as_of).total)

    def _voices(self, tellers: Sequence[Teller]) -> list[Voice]:
        return [
            self._score.voice(teller.article, teller.membership.duplicate_of) for teller in tellers
        ]
