"""When a source is asked again, and why, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import NamedTuple

from wiredesk.config import PollingSettings
from wiredesk.engine.polling.rhythm import SHARE, interval, mean
from wiredesk.records.polling import Polling
from wiredesk.records.waiting import DAY, backoff, spread

WEEK = 7 * DAY
"""Seconds between two questions to a dormant source."""
_JITTER = 0.25
"""Part of an interval that is added by chance, so that sources that came together part again."""


class Next(NamedTuple):
    """A moment, and why it is that one."""

    due: datetime
    why: str


def after_success(polling: Polling, source: str, now: datetime, settings: PollingSettings) -> Next:
    """Return when a source that answered at ``now`` is asked again: by its rhythm, and never before
    the longest of its wishes has passed, nor later than in a day (THREATS F23).
    """
    floor, ceiling = settings.floor_minutes * 60, settings.ceiling_hours * 3600
    between = mean(polling.arrivals, now.timestamp())
    seconds = interval(polling.arrivals, now.timestamp(), floor, ceiling)
    why = f"something new came about every {spoken(between)}"
    if not polling.arrivals:
        why = "nothing is known of its rhythm yet"
    elif seconds <= floor:
        why += f"; no feed is asked more often than every {spoken(floor)}"
    elif seconds >= ceiling and between * SHARE > ceiling:
        why += f"; every feed is asked at least every {spoken(ceiling)}"
    seconds *= 1 + _JITTER * spread(source, polling.polls)
    wish, who = polling.wishes.longest()
    if wish > seconds:
        seconds, why = wish, f"{who} {spoken(wish)}"
    return _rested(polling, now, seconds, why)


def after_failure(
    polling: Polling,
    source: str,
    now: datetime,
    until: datetime | None,
    settings: PollingSettings,
) -> Next:
    """Return when a source that failed at ``now``, ``polling.failures`` times in a row by now, is
    asked again: by a back-off, and not before ``until``, when its server said so.
    """
    floor, ceiling = settings.floor_minutes * 60, settings.ceiling_hours * 3600
    seconds = backoff(polling.failures, source, first=floor, longest=ceiling)
    times = "once" if polling.failures == 1 else f"{polling.failures} times in a row"
    why = f"it failed {times}"
    if until is not None and (until - now).total_seconds() > seconds:
        seconds, why = (until - now).total_seconds(), "its server asks to be left alone until then"
    return _rested(polling, now, min(seconds, DAY), why)


def waiting(now: datetime, until: datetime | None, settings: PollingSettings) -> Next:
    """Return when a source is asked that was not asked now, for its host wants to be left alone."""
    least = now + timedelta(minutes=settings.floor_minutes)
    due = min(max(until or least, now), now + timedelta(seconds=DAY))
    return Next(due, "its server asks to be left alone until then")


def while_dormant(now: datetime) -> Next:
    """Return when a dormant source is asked again."""
    return Next(now + timedelta(seconds=WEEK), "it is dormant, and asked once a week")


def _rested(polling: Polling, now: datetime, seconds: float, why: str) -> Next:
    latest = now + timedelta(seconds=DAY)
    due = min(now + timedelta(seconds=ceil(seconds)), latest)
    awake = polling.wishes.awake(due.astimezone(UTC), latest)
    if awake != due:
        why += "; it asks for rest until then (skipHours, skipDays)"
    return Next(awake, why)


def spoken(seconds: float) -> str:
    """Return a duration as people say it."""
    for size, unit in ((DAY, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= 2 * size or seconds == size:
            count = round(seconds / size)
            return unit if count == 1 else f"{count} {unit}s"
    return f"{round(seconds)} seconds" if seconds < 60 else f"{round(seconds / 60)} minutes"  # noqa: PLR2004
