"""score: quality of an article and heat of its story, as sums of ledger lines (the desk profile).

Quality, 0 to 100, is the sum of what the signals say (``wiredesk.signals``). Heat is the quality of
the story's lead, ten points for each doubling of its voices, minus ten for each doubling of its
age::

    heat = round(Q + 10 log2(1 + M) - 10 log2(1 + age / half_life))

``M`` is the sum over the *other* independent providers, each counted once, from its first report,
and fading by half in each half-life. The age is that of the youngest first report (copies aside),
up to the window, so that a story's heat is final when the story leaves the window.

What holds: one more independent provider never cools a story; time alone never heats it; a
provider that repeats itself changes nothing; the order of providers has no say. For the first of
these, the two signals that compare an article with others of its story (``OF_THE_SET``) are left
out of ``Q``: an older report that turns up late takes the bonus for being first, and must not cool
the story by that.

The points are calibrated for a threshold of 70 (docs/stages/score.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from wiredesk.config import ScoreSettings
from wiredesk.ports.signal import Signal, Standing
from wiredesk.records.article import Article
from wiredesk.records.judgement import Ledger, LedgerLine
from wiredesk.records.provider import ProviderRegistry

HIGHEST = 100
DOUBLING = 10
"""Points for twice the voices, and for half the time: as much as one related item in the classic
profile."""
COPY_WEIGHT = 0.5
"""A copied text is somebody's choice to carry it, but no report of one's own."""
OF_THE_SET = frozenset({"first", "copy"})
"""Signals that say how an article compares with others of its story; no part of heat."""
SUPERSEDED = -1
"""The heat of a copy that another article stands for, whatever else is true of it."""
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for "now" where no report has a date; nothing depends on it then."""
_FINE = 9
"""Decimals that are kept before rounding: below them, processors may differ."""


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """A report of a story: by whom (``group``: the owner, or the domain), when, and what it weighs
    (1 for a report, less for a copy, 0 for an advertiser's own words).
    """

    group: str
    at: datetime | None
    weight: float = 1.0


class Score:
    """Scores by the desk profile; ``window_days`` is the time over which a story lives."""

    def __init__(
        self,
        signals: Sequence[Signal],
        settings: ScoreSettings,
        registry: ProviderRegistry,
        window_days: float = 7.0,
    ) -> None:
        self._signals = tuple(signals)
        self._half_life = settings.half_life_hours
        self._registry = registry
        self._window = window_days * 24

    def quality(self, standing: Standing) -> Ledger:
        """Return the article's quality, 0 to 100 points."""
        lines = (line for signal in self._signals for line in signal(standing))
        return Ledger.clamped(lines, 0, HIGHEST)

    def voice(self, article: Article, duplicate_of: str = "") -> Voice:
        """Return the article as a voice of its story."""
        provider = self._registry.of_host(article.domain)
        group = (provider.group or provider.domain) if provider else article.domain
        weight = COPY_WEIGHT if duplicate_of else 1.0
        if provider is not None and provider.kind == "press-release":
            weight = 0.0
        return Voice(group=group.lower(), at=article.published_date_time, weight=weight)

    def heat(
        self,
        lead_quality: Ledger,
        lead: Voice,
        voices: Iterable[Voice],
        as_of: datetime,
    ) -> Ledger:
        """Return the heat at ``as_of`` of the story led by ``lead``, in whole points from 0 on.

        ``voices`` are all reports of the story, with or without the lead's own; those that are
        younger than ``as_of`` count as just made.
        """
        first = _first_reports((lead, *voices))
        ages = {group: self._age(voice, as_of) for group, voice in first.items()}
        age = min(
            ages[group]
            for group, voice in first.items()
            if voice.weight >= 1 or group == lead.group
        )
        others = [
            voice.weight * 0.5 ** (ages[group] / self._half_life)
            for group, voice in first.items()
            if group != lead.group and voice.weight > 0
        ]
        return Ledger.clamped(
            _whole(
                ("quality", float(_alone(lead_quality)), "quality of its lead, taken alone"),
                ("voices", DOUBLING * math.log2(1 + math.fsum(others)), _voices(len(others))),
                ("age", -DOUBLING * math.log2(1 + age / self._half_life), _age(age, self._window)),
            ),
            0,
        )

    def peak(self, lead_quality: Ledger, lead: Voice, voices: Iterable[Voice]) -> Ledger:
        """Return the heat of the story at the moment when it was hottest.

        Heat rises only when a provider reports, so the moments of first reports are all that need
        to be looked at. A gate that asks for this number never closes by the passing of time alone.
        """
        known = (lead, *voices)
        first = _first_reports(known).values()
        moments = sorted({voice.at for voice in first if voice.at is not None}) or [_SOME_DAY]
        ledgers = (
            self.heat(lead_quality, lead, _made_by(known, moment), moment) for moment in moments
        )
        return max(ledgers, key=lambda ledger: ledger.total)

    def _age(self, voice: Voice, as_of: datetime) -> float:
        """Return the age in hours, within the window; an undated report is as old as can be."""
        if voice.at is None:
            return self._window
        hours = (as_of - voice.at).total_seconds() / 3600
        return min(self._window, max(0.0, hours))


def superseded(leader: str) -> Ledger:
    """Return the heat of a copy for which the article ``leader`` stands."""
    reason = f"article {leader} stands for it"
    return Ledger((LedgerLine(signal="superseded", points=SUPERSEDED, reason=reason),))


def _first_reports(voices: Iterable[Voice]) -> dict[str, Voice]:
    """Return each group's voice: since its first report, at the weight of its weightiest."""
    groups: dict[str, Voice] = {}
    for voice in voices:
        known = groups.get(voice.group, voice)
        dates = [at for at in (known.at, voice.at) if at is not None]
        groups[voice.group] = Voice(
            group=voice.group,
            at=min(dates) if dates else None,
            weight=max(known.weight, voice.weight),
        )
    return groups


def _made_by(voices: Iterable[Voice], moment: datetime) -> list[Voice]:
    return [voice for voice in voices if voice.at is None or voice.at <= moment]


def _alone(quality: Ledger) -> int:
    """Return the quality without the lines that compare the article with others of its story."""
    left_out = {*OF_THE_SET, "clamp"}
    kept = (line for line in quality.lines if line.signal not in left_out)
    return Ledger.clamped(kept, 0, HIGHEST).total


def _whole(*parts: tuple[str, float, str]) -> tuple[LedgerLine, ...]:
    """Return the parts in whole points that add up to their rounded sum (halves to even).

    By the method of the largest remainder: each part is rounded down, and the points that are then
    missing go to the parts that lost most, the earlier of equals first.
    """
    exact = [round(points, _FINE) for _, points, _ in parts]
    floors = [math.floor(points) for points in exact]
    missing = round(round(math.fsum(exact), _FINE)) - sum(floors)
    by_loss = sorted(range(len(parts)), key=lambda place: (floors[place] - exact[place], place))
    raised = set(by_loss[:missing])
    return tuple(
        LedgerLine(signal=signal, points=floors[place] + (place in raised), reason=reason)
        for place, (signal, _, reason) in enumerate(parts)
    )


def _voices(count: int) -> str:
    if count == 1:
        return "one other independent provider reports it"
    return f"{count} other independent providers report it"


def _age(hours: float, window: float) -> str:
    more = " or more, which counts no further" if hours >= window else ""
    return f"the last provider to join reported it {hours:.0f} hours ago{more}"
