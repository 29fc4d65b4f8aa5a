"""The rhythm of a source: how often something new comes, learned from when it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

KEPT = 20
"""Arrivals that are remembered: enough to average over, few enough to follow a change."""
SHARE = 0.5
"""Part of the mean time between arrivals after which a source is asked again."""


def learned(known: Sequence[int], times: Iterable[float], together: float) -> tuple[int, ...]:
    """Return the latest arrivals, old to new, after further ones at ``times`` (seconds).

    What comes within ``together`` seconds of the one before is the same arrival: a batch of fifty
    items is one event.
    """
    kept: list[int] = []
    for moment in sorted((*known, *(int(time) for time in times))):
        if not kept or moment - kept[-1] > together:
            kept.append(moment)
    return tuple(kept[-KEPT:])


def interval(arrivals: Sequence[int], now: float, floor: float, ceiling: float) -> float:
    """Return the seconds after which to ask again: ``SHARE`` of the mean time between arrivals, the
    one that is still going on included, from ``floor`` to ``ceiling``.

    A source that falls silent is asked less and less; one that gets busy, soon more.
    """
    return min(max(mean(arrivals, now) * SHARE, floor), ceiling)


def mean(arrivals: Sequence[int], now: float) -> float:
    """Return the mean time in seconds between arrivals, up to ``now``; 0 when there was none."""
    return max(0.0, now - arrivals[0]) / len(arrivals) if arrivals else 0.0
