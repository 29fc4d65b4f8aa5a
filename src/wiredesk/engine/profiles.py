"""Profiles: by which arithmetic a desk's articles and stories get their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from wiredesk.config import ScoreSettings
from wiredesk.ports.signal import Standing
from wiredesk.records.article import Article
from wiredesk.records.judgement import Ledger, Membership, TopicMatch
from wiredesk.records.provider import Provider
from wiredesk.records.topic import TopicPack
from wiredesk.stages.classic import Looks, classic_heat, classic_quality
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


class ClassicProfile:
    """The arithmetic of classic records (``stages.classic``), for desks that keep their numbers."""

    def __init__(self, pack: TopicPack, settings: ScoreSettings) -> None:
        self._pack, self._weights = pack, settings.classic

    def quality(self, standing: Standing) -> Ledger:
        """Return an article's quality, 0 or more."""
        article = standing.article
        looks = Looks(
            title=article.title,
            topics=[match.topic for match in standing.topics],
            image=any(image.width and image.height for image in article.images),
            amp=bool(article.amp_web_url),
            video=bool(article.featured_content),
            provider=standing.provider,
        )
        return classic_quality(looks, self._pack, self._weights)

    def heat(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> Ledger:  # noqa: ARG002 - time has no part in it
        """Return the heat by the lead's quality and the related items."""
        return classic_heat(tellers[0].quality, related, self._weights, leads=True)

    def gated(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> int:
        """Return the heat itself."""
        return self.heat(tellers, related, as_of).total
