"""Charts as numbers: what a template needs to draw a small SVG, and a table beside it.

Everything is in whole units of the drawing, so that no machine rounds otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from wiredesk.publishers.site.items import Item
from wiredesk.records.judgement import Ledger

DAYS = 30
"""Days of a topic's chart."""
_STEP, _WIDE, _HIGH = 10, 7, 60
_BAR = 200


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One day of a chart: where its bar is, and what it stands for."""

    x: int
    y: int
    height: int
    day: str
    heat: int
    stories: int


class HeatChart(msgspec.Struct, frozen=True, kw_only=True):
    """The heat of the stories of each day, oldest first."""

    bars: tuple[Bar, ...]
    width: int = DAYS * _STEP
    height: int = _HIGH
    bar_width: int = _WIDE
    most: int


class LedgerBar(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a ledger, and its bar from ``zero`` to the left (minus) or right (plus)."""

    signal: str
    reason: str
    points: int
    zero: int
    x: int
    width: int


def heat_chart(items: Sequence[Item], as_of: datetime) -> HeatChart | None:
    """Return the chart of the last ``DAYS`` days up to ``as_of``; None when they have no story."""
    last = as_of.date()
    days = [(last - timedelta(days=back)).isoformat() for back in reversed(range(DAYS))]
    heats, counts = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    for item in items:
        if item.day in counts:
            heats[item.day] += max(0, item.heat)
            counts[item.day] += 1
    most = max(heats.values())
    if not any(counts.values()):
        return None
    bars = []
    for place, day in enumerate(days):
        height = -(-heats[day] * _HIGH // most) if most else 0
        bars.append(
            Bar(
                x=place * _STEP,
                y=_HIGH - height,
                height=height,
                day=day,
                heat=heats[day],
                stories=counts[day],
            )
        )
    return HeatChart(bars=tuple(bars), most=most)


def ledger_bars(ledger: Ledger) -> tuple[LedgerBar, ...]:
    """Return the lines of a ledger with bars on one scale, minus to the left of zero."""
    points = [line.points for line in ledger.lines]
    least, most = min(0, *points, 0), max(0, *points, 0)
    scale = most - least or 1
    zero = _BAR * -least // scale
    return tuple(
        LedgerBar(
            signal=line.signal,
            reason=line.reason,
            points=line.points,
            zero=zero,
            x=zero if line.points >= 0 else zero - width,
            width=width,
        )
        for line in ledger.lines
        for width in [max(1, abs(line.points) * _BAR // scale)]
    )
