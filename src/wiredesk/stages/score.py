"""score: quality of an article and heat of its story, as sums of ledger lines (the desk profile).

Quality, 0 to 100, is the sum of what the signals say (``wiredesk.signals``). Heat is the quality of
the story's best telling, ten points for each doubling of its voices, minus ten for each doubling of
its age::

    heat = round(Q + 10 log2((1 + M) V / (1 + age / half_life)))

A *voice* is an independent provider: an owner, however many its titles, from its first report. It
weighs 1, a copied text less, an advertiser's own words (and a report without any date) nothing, and
fades by half in each half-life.
``M`` is the sum of all voices but the first of full weight, which is the 1. The age is that of the
youngest voice of full weight, up to the window, so that a story's heat is final when it leaves the
window.
``V``, where a desk asks for it, is the burst: see ``BURST_FROM``.

What holds, for the rounded total as for the exact number (``tests/properties``):

- one more independent provider never cools a story, whenever it reported;
- time alone never heats it;
- a provider that is there already heats nothing by another report;
- neither the order of the articles nor which of them leads has any say.

For the first, ``Q`` leaves out what compares an article with others of its story: an older report
that turns up late takes the bonus for being first, and must not cool the story by that.

The points are calibrated for a threshold of 70 (docs/stages/score.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from wiredesk.config import ScoreSettings
from wiredesk.ports.signal import Comparison, Place, Signal, Standing
from wiredesk.records.judgement import Ledger, LedgerLine

HIGHEST = 100
DOUBLING = 10
"""Points for twice the voices, and for half the time: as much as one related item in the classic
profile."""
COPY_WEIGHT = 0.5
"""A copied text is somebody's choice to carry it, but no report of one's own."""
SUPERSEDED = -1
"""The heat of a copy that another article stands for, whatever else is true of it."""
BURST_HOURS = 3.0
"""Age at which a voice counts half for a burst: an eighth of the day that it counts in general."""
BURST_FROM = 3.0
"""Voices within hours from which a story bursts. A burst is a time in which reports come much faster
than is usual (Kleinberg, Bursty and Hierarchical Structure in Streams, KDD 2002); here the usual is
a constant, because a rate taken from the story itself would rise with each older report that turns
up, and cool the story. The count, fading, is the intensity of a Hawkes process (Biometrika, 1971)."""
BURST_MOST = 2.0
"""A burst doubles at most: the voices themselves are in ``M`` already."""
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
        comparisons: Sequence[Comparison],
        settings: ScoreSettings,
        window_days: float = 7.0,
    ) -> None:
        self._signals, self._comparisons = tuple(signals), tuple(comparisons)
        self._half_life, self._burst = settings.half_life_hours, settings.burst
        self._window = window_days * 24

    def lines(self, standing: Standing) -> tuple[LedgerLine, ...]:
        """Return what the signals say of an article alone: it holds until the article changes."""
        said = (line for signal in self._signals for line in signal(standing))
        return tuple(line for line in said if line.points)

    def compared(self, place: Place) -> tuple[LedgerLine, ...]:
        """Return what is said of an article for its place in its story."""
        said = (line for comparison in self._comparisons for line in comparison(place))
        return tuple(line for line in said if line.points)

    def quality(self, lines: Sequence[LedgerLine], place: Place) -> Ledger:
        """Return the quality, 0 to 100 points, of an article of which the signals say ``lines``."""
        return Ledger.clamped((*lines, *self.compared(place)), 0, HIGHEST)

    def alone(self, lines: Sequence[LedgerLine]) -> int:
        """Return the quality without what compares the article with others of its story."""
        return Ledger.clamped(lines, 0, HIGHEST).total

    def heat(
        self,
        quality: int,
        voices: Iterable[Voice],
        as_of: datetime,
        of: str = "quality of its lead",
    ) -> Ledger:
        """Return the heat at ``as_of`` of a story, in whole points from 0 on.

        ``quality`` is that of its best telling (``of`` says whose). ``voices`` are all its reports;
        those that are younger than ``as_of`` count as just made.
        """
        return self._heat(quality, _first_reports(voices), as_of, of)

    def peak(self, quality: int, voices: Iterable[Voice]) -> Ledger:
        """Return the heat of the story at the moment when it was hottest.

        Heat rises only when a provider reports, so the moments of first reports are all that need
        to be looked at. A gate that asks for this number never closes by the passing of time alone.
        """
        first = _first_reports(voices)
        moments = sorted({voice.at for voice in first.values() if voice.at is not None})
        ledgers = (
            self._heat(quality, _made_by(first, moment), moment, "quality")
            for moment in moments or [_SOME_DAY]
        )
        return max(ledgers, key=lambda ledger: ledger.total)

    def _heat(self, quality: int, first: Mapping[str, Voice], as_of: datetime, of: str) -> Ledger:
        ages = {group: self._age(voice, as_of) for group, voice in first.items()}
        loud = {
            group: voice.weight * 0.5 ** (ages[group] / self._half_life)
            for group, voice in first.items()
            if voice.weight > 0
        }
        whole = [group for group in loud if first[group].weight >= 1]
        one = min(map(loud.__getitem__, whole), default=max(loud.values(), default=0.0))
        others = math.fsum([*loud.values(), -one])
        age = min(map(ages.__getitem__, whole), default=self._window)
        parts = [
            ("quality", float(quality), of),
            ("voices", DOUBLING * math.log2(1 + others), _voices(len(loud) - 1)),
            ("age", -DOUBLING * math.log2(1 + age / self._half_life), _age(age, self._window)),
        ]
        if self._burst:
            burst = self._intensity(first, ages)
            parts.append(("burst", DOUBLING * math.log2(burst), "its reports come in a burst"))
        return Ledger.clamped(_whole(*parts), 0)

    def _intensity(self, first: Mapping[str, Voice], ages: Mapping[str, float]) -> float:
        """Return ``V``: 1 for a story that does not burst, up to ``BURST_MOST``."""
        count = math.fsum(
            voice.weight * 0.5 ** (ages[group] / BURST_HOURS) for group, voice in first.items()
        )
        return min(BURST_MOST, max(1.0, count / BURST_FROM))

    def _age(self, voice: Voice, as_of: datetime) -> float:
        """Return the age in hours, within the window."""
        if voice.at is None:
            return self._window
        hours = (as_of - voice.at).total_seconds() / 3600
        return min(self._window, max(0.0, hours))


def superseded(leader: str) -> Ledger:
    """Return the heat of a copy for which the article ``leader`` stands."""
    reason = f"article {leader} stands for it"
    return Ledger((LedgerLine(signal="superseded", points=SUPERSEDED, reason=reason),))


def _first_reports(voices: Iterable[Voice]) -> dict[str, Voice]:
    """Return each group's voice: its first report, and what that weighed.

    Where one of a group's reports has no date, none of them is known to be the first, and the group has
    no say: else it could make itself younger by reporting again. Of several at one moment the lightest
    counts, for the same reason.
    """
    groups: dict[str, list[Voice]] = {}
    for voice in voices:
        groups.setdefault(voice.group, []).append(voice)
    return {group: _first(reports) for group, reports in groups.items()}


def _first(reports: Sequence[Voice]) -> Voice:
    undated = next((voice for voice in reports if voice.at is None), None)
    if undated is not None:
        return msgspec.structs.replace(undated, weight=0.0)
    return min(reports, key=lambda voice: (voice.at or _SOME_DAY, voice.weight))


def _made_by(first: Mapping[str, Voice], moment: datetime) -> dict[str, Voice]:
    return {
        group: voice
        for group, voice in first.items()
        if voice.at is not None and voice.at <= moment
    }


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
    if hours >= window:
        return "its last independent report is as old as it can count"
    return f"the last provider to join reported it {hours:.0f} hours ago"
