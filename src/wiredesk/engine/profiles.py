"""Profiles: by which arithmetic a desk's articles and stories get their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from wiredesk.config import ScoreSettings
from wiredesk.ports.signal import Place, Standing
from wiredesk.records.article import Article
from wiredesk.records.judgement import CLAMP, Ledger, LedgerLine, Membership, TopicMatch
from wiredesk.records.provider import Provider
from wiredesk.records.topic import TopicPack
from wiredesk.records.weburl import registrable_domain
from wiredesk.stages.classic import Looks, classic_heat, classic_quality
from wiredesk.stages.score import COPY_WEIGHT, Score, Voice

ADVERTISING = frozenset({"market-report", "offer", "press-release"})
"""Signals that say that an article is its advertiser's own words: no voice of its story."""


class Teller(msgspec.Struct, frozen=True, kw_only=True):
    """An article in its story, with its quality."""

    article: Article
    membership: Membership
    provider: Provider | None
    topics: tuple[TopicMatch, ...]
    digest: str
    lines: tuple[LedgerLine, ...]
    """What is said of the article alone."""
    quality: Ledger
    """That, and what is said of its place in the story."""

    @property
    def owner(self) -> str:
        """Who is behind it: the owner's name, else the domain."""
        known = self.provider
        owner = (known.group or known.domain) if known else registrable_domain(self.article.domain)
        return owner.lower()


class Profile(Protocol):
    """The two numbers, each as a ledger."""

    def lines(self, standing: Standing) -> tuple[LedgerLine, ...]:
        """Return what is said of an article alone; it holds until the article changes."""
        ...

    def quality(self, lines: Sequence[LedgerLine], place: Place) -> Ledger:
        """Return the quality of an article of which ``lines`` are said, in its place."""
        ...

    def own(self, quality: Ledger, copy_of: str) -> tuple[LedgerLine, ...]:
        """Return the lines of a quality that are about the article alone; ``copy_of`` is the id of
        the article that it copies, or empty.
        """
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

    def lines(self, standing: Standing) -> tuple[LedgerLine, ...]:
        """Return what the signals say."""
        return self._score.lines(standing)

    def quality(self, lines: Sequence[LedgerLine], place: Place) -> Ledger:
        """Return an article's quality, 0 to 100."""
        return self._score.quality(lines, place)

    def own(self, quality: Ledger, copy_of: str) -> tuple[LedgerLine, ...]:
        """Return a quality's lines without its bounds and its comparisons."""
        places = (Place(copy_of=copy_of, first=first) for first in (True, False))
        compared = {line for place in places for line in self._score.compared(place)}
        return tuple(
            line for line in quality.lines if line not in compared and line.signal != CLAMP
        )

    def heat(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> Ledger:  # noqa: ARG002 - the other profile counts them
        """Return the heat by the best telling, the independent voices and their age."""
        quality, of = self._best(tellers)
        return self._score.heat(quality, _voices(tellers), as_of, of)

    def gated(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> int:
        """Return the highest heat that the story had, or has."""
        quality, _ = self._best(tellers)
        peak = self._score.peak(quality, _voices(tellers))
        return max(peak.total, self.heat(tellers, related, as_of).total)

    def _best(self, tellers: Sequence[Teller]) -> tuple[int, str]:
        """Return the quality of the best telling, alone, and whose it is; the lead's among equals."""
        lead = tellers[0]
        best = max(tellers, key=lambda teller: self._score.alone(teller.lines))
        quality, own = self._score.alone(best.lines), self._score.alone(lead.lines)
        if quality > own:
            return quality, f"quality of its best telling, by {best.article.provider.name}"
        if own != lead.quality.total:
            return own, "quality of its lead, its place in the story aside"
        return own, "quality of its lead"


def _voices(tellers: Sequence[Teller]) -> list[Voice]:
    """Return the articles as voices of their story. A copy of what its own owner published before
    is no voice at all, and a copy of advertising is advertising.
    """
    by_id = {teller.article.id: teller for teller in tellers}
    voices: list[Voice] = []
    for teller in tellers:
        original = by_id.get(teller.membership.duplicate_of, teller)
        if original is not teller and original.owner == teller.owner:
            continue
        paid = _is_paid(teller) or _is_paid(original)
        weight = 0.0 if paid else COPY_WEIGHT if teller.membership.duplicate_of else 1.0
        voices.append(Voice(group=teller.owner, at=_reported(teller.article), weight=weight))
    return voices


def _reported(article: Article) -> datetime | None:
    """Return when an article was published, by its own word, but no later than it was found."""
    said = (article.published_date_time, article.fetched_at)
    return min((when for when in said if when is not None), default=None)


def _is_paid(teller: Teller) -> bool:
    return any(line.signal in ADVERTISING for line in teller.lines)


class ClassicProfile:
    """The arithmetic of classic records (``stages.classic``), for desks that keep their numbers."""

    def __init__(self, pack: TopicPack, settings: ScoreSettings) -> None:
        self._pack, self._weights = pack, settings.classic

    def lines(self, standing: Standing) -> tuple[LedgerLine, ...]:
        """Return the lines of an article's quality, with the one that holds it at 0 or more."""
        article = standing.article
        looks = Looks(
            title=article.title,
            topics=[match.topic for match in standing.topics],
            image=any(image.width and image.height for image in article.images),
            amp=bool(article.amp_web_url),
            video=bool(article.featured_content),
            provider=standing.provider,
        )
        return classic_quality(looks, self._pack, self._weights).lines

    def quality(self, lines: Sequence[LedgerLine], place: Place) -> Ledger:  # noqa: ARG002 - it compares nothing
        """Return an article's quality, 0 or more."""
        return Ledger(tuple(lines))

    def own(self, quality: Ledger, copy_of: str) -> tuple[LedgerLine, ...]:  # noqa: ARG002 - as above
        """Return all lines."""
        return quality.lines

    def heat(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> Ledger:  # noqa: ARG002 - time has no part in it
        """Return the heat by the lead's quality and the related items."""
        return classic_heat(tellers[0].quality, related, self._weights, leads=True)

    def gated(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> int:
        """Return the heat itself."""
        return self.heat(tellers, related, as_of).total
