"""When editions are due: by the calendar of a zone, also where its clocks jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st
from letterdesk import DAILY

from wiredesk.config import SeriesSettings
from wiredesk.engine.newsletter.schedule import before, is_due, issue_id, last_due
from wiredesk.records.newsletter import Issue, IssueStatus

BERLIN = "Europe/Berlin"
START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
CRONS = st.sampled_from(["0 7 * * *", "30 2 * * *", "*/20 * * * *", "0 9 * * 5", "15 3 1 * *"])
ZONES = st.sampled_from(
    [BERLIN, "UTC", "America/St_Johns", "Pacific/Auckland", "Africa/Casablanca"]
)


def series(cron: str) -> SeriesSettings:
    return SeriesSettings(name="daily", cron=cron)


def due(cron: str, now: datetime) -> str:
    return last_due(series(cron), BERLIN, now).isoformat()


def test_it_is_due_at_its_own_second_and_not_before() -> None:
    seven = datetime(2026, 3, 2, 6, tzinfo=UTC)  # 07:00 in Berlin
    assert due("0 7 * * *", seven) == "2026-03-02T06:00:00+00:00"
    assert due("0 7 * * *", seven - timedelta(seconds=1)) == "2026-03-01T06:00:00+00:00"


def test_what_falls_into_the_hour_that_is_skipped_is_due_right_after_it() -> None:
    assert due("30 2 * * *", datetime(2026, 3, 29, 12, tzinfo=UTC)) == "2026-03-29T01:00:00+00:00"


def test_what_falls_into_the_hour_that_comes_twice_is_due_once() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert due("30 2 * * *", first) == due("30 2 * * *", second) == first.isoformat()


@given(MOMENTS, CRONS, ZONES)
def test_nothing_is_due_between_the_last_due_and_now(now: datetime, cron: str, zone: str) -> None:
    last = last_due(series(cron), zone, now)
    assert last <= now
    following = next(CronSim(cron, last.astimezone(ZoneInfo(zone))))
    assert following.astimezone(UTC) > now
    assert before(series(cron), zone, last) < last


def made(when: datetime, status: IssueStatus = "sent") -> Issue:
    name = issue_id("daily", when)
    return Issue(id=name, series="daily", due=when, since=when, review_until=when, status=status)


def test_an_edition_is_made_once_and_of_several_missed_ones_the_last() -> None:
    monday = datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert is_due(DAILY, "UTC", monday, []) == monday
    assert is_due(DAILY, "UTC", monday + timedelta(hours=5), [made(monday)]) is None
    assert is_due(DAILY, "UTC", monday + timedelta(days=4), [made(monday)]) == monday + timedelta(
        days=4
    )


@pytest.mark.parametrize("status", ["dropped", "empty"])
def test_one_that_was_dropped_or_empty_is_not_made_again(status: IssueStatus) -> None:
    monday = datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert is_due(DAILY, "UTC", monday + timedelta(hours=1), [made(monday, status)]) is None


def test_a_clock_that_is_set_back_makes_no_older_edition() -> None:
    monday = datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert is_due(DAILY, "UTC", monday - timedelta(days=3), [made(monday)]) is None
