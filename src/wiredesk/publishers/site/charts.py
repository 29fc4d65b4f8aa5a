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
_BAR = 100


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
    """One line of a ledger, and its bar from the middle to the left (minus) or right."""

    signal: str
    reason: str
    points: int
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
    """Return the lines of a ledger with bars on a scale of their own, zero in the middle."""
    most = max((abs(line.points) for line in ledger.lines), default=0)
    return tuple(
        LedgerBar(
            signal=line.signal,
            reason=line.reason,
            points=line.points,
            x=_BAR if line.points >= 0 else _BAR - width,
            width=width,
        )
        for line in ledger.lines
        for width in [-(-abs(line.points) * _BAR // most) if most else 0]
    )
