"""Are its dates sound? -5 to 0 points.

A date before the time of feeds, or after the time at which the article was found, was not set by
the article. An article that was found long after it was published is old news newly listed. The
article's age on the day is not judged here: that is heat's part, and quality must not change from
day to day. Either fault takes what a date gives (``completeness``) and no more: to say when it was
published never costs an article anything.

Better: a date that can be right, and an article that is found soon after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

UNSOUND, STALE = -5, -5
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)
"""Clocks and time zones err by up to a day (THREATS R12)."""
STALE_AFTER = timedelta(days=30)


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Take points for an impossible date, or for old news that was found late."""
    article = standing.article
    published = article.published_date_time
    if published is None:
        return
    found = article.fetched_at
    if published < EARLIEST or (found is not None and published > found + AHEAD):
        reason = f"its date {published:%Y-%m-%d} cannot be right"
        yield LedgerLine(signal="date", points=UNSOUND, reason=reason)
    elif found is not None and found - published > STALE_AFTER:
        days = (found - published).days
        reason = f"it was already {days} days old when it was found"
        yield LedgerLine(signal="stale", points=STALE, reason=reason)
