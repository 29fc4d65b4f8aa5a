"""What is remembered of a source after a poll: a function of what was known, what came and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from wiredesk.config import PollingSettings
from wiredesk.engine.polling import schedule
from wiredesk.engine.polling.rhythm import learned
from wiredesk.errors import FetchError, SourceError
from wiredesk.records.entry import Entry, Gathered, SourceState
from wiredesk.records.polling import Polling

AGREEING_DAYS = 3
"""Different days on which an address must redirect for good to the same place until it is followed
(THREATS S10).
"""
MISSING_DAYS = 30
"""Days without anything at an address after which its source is dormant (THREATS S10)."""

_PUT_OFF = "waiting"


def succeeded(
    state: SourceState,
    answer: Gathered,
    new: Iterable[Entry],
    *,
    now: datetime,
    took: float,
    settings: PollingSettings,
) -> Polling:
    """Return what is remembered after ``answer``, of which ``new`` are the entries not seen before."""
    before = state.polling
    fresh = list(new)
    together = settings.floor_minutes * 60
    since = before.asked or datetime.min.replace(tzinfo=now.tzinfo)
    times = (_arrival(entry, since, now, first=not before.polls) for entry in fresh)
    polling = msgspec.structs.replace(
        before,
        asked=now,
        polls=before.polls + 1,
        unchanged=before.unchanged + (not fresh),
        failures=0,
        entries=before.entries + len(fresh),
        trouble="",
        took=round(took, 2),
        arrivals=learned(before.arrivals, filter(None, times), together),
        wishes=answer.wishes,
        missing_since=None,
        dormant_since=None,
        dormant_why="",
        hub=answer.hub or (before.hub if answer.unchanged else ""),
        topic=answer.topic or (before.topic if answer.unchanged else ""),
    )
    polling = _moved(polling, answer.moved, now)
    due, why = schedule.after_success(polling, state.id, now, settings)
    return msgspec.structs.replace(polling, due=due, why=why)


def failed(
    state: SourceState,
    error: SourceError | FetchError,
    *,
    now: datetime,
    took: float,
    settings: PollingSettings,
) -> Polling:
    """Return what is remembered after a poll that failed."""
    before = state.polling
    until = error.until if isinstance(error, FetchError) else None
    if error.reason == _PUT_OFF:  # it was not asked at all
        due, why = schedule.waiting(now, until, settings)
        return msgspec.structs.replace(before, due=due, why=why)
    missing = (before.missing_since or now) if error.reason == "missing" else None
    polling = msgspec.structs.replace(
        before,
        asked=now,
        polls=before.polls + 1,
        failures=before.failures + 1,
        failed=before.failed + 1,
        trouble=error.reason,
        took=round(took, 2),
        missing_since=missing,
    )
    if before.address and error.reason in {"gone", "missing"}:
        polling = _returned(polling)
    elif error.reason == "gone":
        polling = _dormant(polling, now, "its server says that it is gone for good (410)")
    elif missing and now - missing >= timedelta(days=MISSING_DAYS):
        why = f"nothing has been at its address for {MISSING_DAYS} days (404)"
        polling = _dormant(polling, now, why)
    if polling.dormant_since:
        due, why = schedule.while_dormant(now)
    else:
        due, why = schedule.after_failure(polling, state.id, now, until, settings)
    return msgspec.structs.replace(polling, due=due, why=why)


def woken(polling: Polling) -> Polling:
    """Return what is remembered of a source that an editor wants asked at once."""
    return msgspec.structs.replace(
        polling,
        due=None,
        why="an editor asked for it",
        failures=0,
        missing_since=None,
        dormant_since=None,
        dormant_why="",
    )


def _arrival(entry: Entry, since: datetime, now: datetime, *, first: bool) -> float | None:
    """Return when an entry came: when it was published if that can be true, else by now. What a
    first poll brings may be of any age, and says nothing if it has no date.
    """
    published = entry.published
    if first:
        return published.timestamp() if published and published <= now else None
    if published and since <= published <= now:
        return published.timestamp()
    return now.timestamp()


def _moved(polling: Polling, target: str, now: datetime) -> Polling:
    """Count the days on which the address redirects for good; follow after enough that agree."""
    if not target or target == polling.address:
        return msgspec.structs.replace(polling, moving_to="", moving_days=())
    today = f"{now:%Y-%m-%d}"
    same = polling.moving_days if target == polling.moving_to else ()
    days = same if today in same else (*same, today)
    if len(days) >= AGREEING_DAYS:
        return msgspec.structs.replace(polling, address=target, moving_to="", moving_days=())
    return msgspec.structs.replace(polling, moving_to=target, moving_days=days)


def _returned(polling: Polling) -> Polling:
    """Go back to the address in the desk's files: where the source had moved to is nothing."""
    return msgspec.structs.replace(polling, address="", missing_since=None)


def _dormant(polling: Polling, now: datetime, why: str) -> Polling:
    since = polling.dormant_since or now
    return msgspec.structs.replace(polling, dormant_since=since, dormant_why=why)
