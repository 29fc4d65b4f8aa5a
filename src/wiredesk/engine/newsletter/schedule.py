"""When editions are due: cron expressions in a time zone, by cronsim.

Daylight saving time as Debian's cron has it: what falls into the hour that is skipped is due right after
it, what falls into the hour that comes twice is due once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from wiredesk.config import SeriesSettings
from wiredesk.records.newsletter import Issue


def last_due(series: SeriesSettings, zone: str, now: datetime) -> datetime:
    """Return when an edition was due last, at ``now`` or before, in UTC."""
    local = (now + timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    return next(CronSim(series.cron, local, reverse=True)).astimezone(UTC)


def before(series: SeriesSettings, zone: str, due: datetime) -> datetime:
    """Return when the edition before that of ``due`` was due, in UTC."""
    return last_due(series, zone, due - timedelta(seconds=1))


def is_due(
    series: SeriesSettings, zone: str, now: datetime, issues: list[Issue]
) -> datetime | None:
    """Return when the edition that is to be made now was due; None when the last one is made already.

    Of several that were missed only the last is made: it has the stories of all.
    """
    due = last_due(series, zone, now)
    made = max((issue.due for issue in issues if issue.series == series.name), default=None)
    return due if made is None or made < due else None


def issue_id(series: str, due: datetime) -> str:
    """Return the id of an edition, such as ``daily-2026-03-29-0500``; its time is in UTC."""
    return f"{series}-{due.astimezone(UTC):%Y-%m-%d-%H%M}"
