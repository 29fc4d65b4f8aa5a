"""The outlook of a story: when its heat falls below the threshold, and what would lift it over the
gate. Worked out from what is sealed into its record, by the desk's own profile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from wiredesk.engine.drafting import Secret
from wiredesk.engine.profiles import Profile, Teller
from wiredesk.engine.telling import Tell
from wiredesk.ports.store import ArticleRow
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.judgement import LedgerLine, Membership

MOST_VOICES = 30
"""More providers than this are nothing to hope for."""
FAR = timedelta(days=400)
"""Long after any window: what has not happened by then never will."""
_MINUTE = timedelta(minutes=1)
_WORDS = "A summary of so many words as it takes to count."
_BETTER: tuple[tuple[str, dict[str, object]], ...] = (
    ("a large picture", {"images": (Image(url="https://a.invalid/", width=1600, height=900),)}),
    ("a summary", {"excerpt": _WORDS}),
    ("a byline", {"byline": "Somebody"}),
    ("no wall before it", {"paywalled": False}),
)
"""What an article may lack that can be mended, in words and as changes of it."""


class Lift(msgspec.Struct, frozen=True, kw_only=True):
    """Something that would make a story hotter: what, by how many points, and whether it is enough."""

    what: str
    points: int
    enough: bool


class Outlook(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What becomes of a story if nothing else happens, and what would lift it over the gate."""

    threshold: int
    peak: int
    """The heat that the gate goes by: that of the story's hottest hour."""
    final: int
    """The heat that is left when the story leaves the window."""
    below_from: datetime | None = None
    """When the heat falls, or fell, below the threshold; None when it never does, or never was above."""
    missing: int = 0
    """Points by which it does not pass the gate."""
    lifts: tuple[Lift, ...] = ()
    """For a story that does not pass: what would help, the most helpful first."""


def outlook(tell: Tell, profile: Profile, threshold: int, secret: Secret) -> Outlook | None:
    """Return the outlook of the story in ``secret``; None where there is none, because the story is
    merged, or the desk's files or settings would by now judge it otherwise.
    """
    story = secret.story
    if story.merged_into or story.as_of is None:
        return None
    view = _View(tell, profile, secret, story.as_of)
    if view.heat(story.as_of) != story.scores[story.lead].heat.total:
        return None
    missing = max(0, threshold - view.peak)
    return Outlook(
        threshold=threshold,
        peak=view.peak,
        final=view.heat(story.as_of + FAR),
        below_from=None if missing else view.below_from(threshold),
        missing=missing,
        lifts=view.lifts(threshold) if missing else (),
    )


class _View:
    """A story told again from its sealed articles."""

    def __init__(self, tell: Tell, profile: Profile, secret: Secret, as_of: datetime) -> None:
        self._tell, self._profile, self._as_of = tell, profile, as_of
        self._related = len(secret.story.related)
        self._tellers = tell.told_again(secret.story, [one.article for one in secret.articles])
        self.peak = self._peak(self._tellers, self._related)

    def heat(self, at: datetime) -> int:
        """Return the heat at a time, if nobody else reports."""
        return self._profile.heat(self._tellers, self._related, at).total

    def below_from(self, threshold: int) -> datetime | None:
        """Return the first minute, counted from the first report, with a heat below ``threshold``."""
        start = max(filter(None, map(_when, self._tellers)), default=self._as_of)
        steps = FAR // _MINUTE
        below = _first(steps, lambda step: self.heat(start + step * _MINUTE) < threshold)
        return None if below > steps else start + below * _MINUTE

    def lifts(self, threshold: int) -> tuple[Lift, ...]:
        """Return what would lift the story over ``threshold``."""
        found = [*self._voices(threshold), *self._mended(threshold)]
        return tuple(sorted(found, key=lambda lift: (not lift.enough, -lift.points, lift.what)))

    def _voices(self, threshold: int) -> Iterator[Lift]:
        def peak(count: int) -> int:
            return self._peak(
                [*self._tellers, *map(self._voice, range(count))], self._related + count
            )

        needed = _first(MOST_VOICES, lambda count: peak(count) >= threshold)
        for count in sorted({1, needed} - {0}):
            if count <= MOST_VOICES:
                one = "one more provider that reports it on its own"
                many = f"{count} more providers that report it on their own"
                gained = peak(count) - self.peak
                if gained > 0:
                    what = one if count == 1 else many
                    yield Lift(what=what, points=gained, enough=count >= needed)

    def _mended(self, threshold: int) -> Iterator[Lift]:
        lead = self._tellers[0]
        before = _sum(self._tell.said_of(ArticleRow(article=lead.article, digest="")))
        for what, changes in _BETTER:
            mended = msgspec.structs.replace(lead.article, **changes)
            gained = _sum(self._tell.said_of(ArticleRow(article=mended, digest=""))) - before
            if gained > 0:
                yield Lift(what=what, points=gained, enough=self.peak + gained >= threshold)

    def _peak(self, tellers: Sequence[Teller], related: int) -> int:
        return self._profile.gated(tellers, related, self._as_of)

    def _voice(self, number: int) -> Teller:
        """Return a report that somebody else makes now, of which nothing else is known."""
        name = f"{number}.invalid"
        article = Article(
            id=name,
            title="",
            provider=ProviderName(name=name, domain=name),
            published_date_time=self._as_of,
        )
        membership = Membership(id=name, story="")
        return msgspec.structs.replace(
            self._tellers[0], article=article, membership=membership, provider=None, lines=()
        )


def _when(teller: Teller) -> datetime | None:
    return teller.article.published_date_time or teller.article.fetched_at


def _first(most: int, holds: Callable[[int], bool]) -> int:
    """Return the least number of 0 to ``most`` from which on it holds; ``most + 1`` if it never does."""
    low, high = 0, most + 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _sum(lines: Sequence[LedgerLine]) -> int:
    return sum(line.points for line in lines)
