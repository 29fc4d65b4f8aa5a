"""When a source is asked again (THREATS F23), and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.config import PollingSettings
from wiredesk.engine.polling.schedule import after_failure, after_success, spoken, waiting
from wiredesk.records.polling import Polling
from wiredesk.records.wishes import Wishes, freshness

NOW = datetime(2026, 3, 2, 12, 20, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
SETTINGS = PollingSettings()
seconds = st.floats(0, 10**8)
wishes = st.builds(
    Wishes,
    ttl=seconds,
    period=seconds,
    fresh=st.floats(0, 86_400),
    skip_hours=st.sets(st.integers(0, 23)).map(lambda hours: tuple(sorted(hours))),
    skip_days=st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days))),
)


def next_poll(**wished: object) -> tuple[timedelta, str]:
    polling = Polling(wishes=Wishes(**wished), arrivals=(int(NOW.timestamp()) - 1200,))  # type: ignore[arg-type]
    due, why = after_success(polling, "feed:a", NOW, SETTINGS)
    return due - NOW, why


@given(wishes, st.lists(st.integers(0, 10**9), max_size=20), st.text())
def test_f23_the_next_poll_is_not_before_the_largest_wish_nor_later_than_a_day(
    wished: Wishes, arrivals: list[int], source: str
) -> None:
    polling = Polling(wishes=wished, arrivals=tuple(sorted(arrivals)))
    due, why = after_success(polling, source, NOW, SETTINGS)
    assert NOW + timedelta(seconds=min(wished.longest()[0], 86_400)) <= due <= NOW + DAY
    assert due >= NOW + timedelta(minutes=SETTINGS.floor_minutes)
    assert due == NOW + DAY or not wished.rests(due)
    assert why


@pytest.mark.parametrize(
    ("wished", "wait", "words"),
    [
        ({"ttl": 3600}, timedelta(hours=1), "ttl"),
        ({"ttl": 10**7}, DAY, "ttl"),
        ({"period": 7200}, timedelta(hours=2), "updatePeriod"),
        ({"fresh": 86_400}, DAY, "Cache-Control"),
        ({"ttl": 3600, "fresh": 7200}, timedelta(hours=2), "Cache-Control"),
        ({"skip_hours": (12, 13, 14)}, timedelta(hours=2, minutes=40), "skipHours"),
        ({"skip_days": (0,)}, timedelta(hours=11, minutes=40), "skipDays"),
        ({"ttl": 3600, "skip_hours": (13,)}, timedelta(hours=1, minutes=40), "rest"),
        ({"skip_hours": tuple(range(24))}, DAY, "rest"),
    ],
)
def test_f23_each_wish_is_heard_and_told(
    wished: dict[str, object], wait: timedelta, words: str
) -> None:
    after, why = next_poll(**wished)
    assert after == wait
    assert words in why


def test_without_wishes_it_is_the_rhythm_within_floor_and_ceiling() -> None:
    after, why = next_poll()
    assert timedelta(minutes=10) <= after <= timedelta(minutes=12.5)
    assert why.startswith("something new came about every 20 minutes")


def test_sources_of_one_rhythm_do_not_come_due_together() -> None:
    arrivals = tuple(int(NOW.timestamp()) - 3600 * n for n in range(10, 0, -1))
    due = {
        after_success(Polling(arrivals=arrivals), f"feed:{n}", NOW, SETTINGS).due
        for n in range(1000)
    }
    assert len(due) > 150


@given(st.integers(1, 1000), st.integers(-(10**6), 10**6), wishes)
def test_a_failing_source_is_asked_ever_less_but_each_day_and_never_before_it_wants(
    failures: int, wish: int, wished: Wishes
) -> None:
    until = NOW + timedelta(seconds=wish)
    polling = Polling(failures=failures, wishes=wished)
    due, _ = after_failure(polling, "feed:a", NOW, until, SETTINGS)
    assert min(until, NOW + DAY) <= due <= NOW + DAY
    assert due >= NOW + timedelta(minutes=10)


def test_a_source_whose_host_is_left_alone_is_asked_when_that_ends() -> None:
    until = NOW + timedelta(hours=3)
    assert waiting(NOW, until, SETTINGS).due == until
    assert waiting(NOW, None, SETTINGS).due == NOW + timedelta(minutes=10)
    assert waiting(NOW, NOW + 400 * DAY, SETTINGS).due == NOW + DAY


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, 0),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, MAX-AGE = 600"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "max-age=600", "age": "200"}, 400),
        ({"cache-control": "max-age=600", "age": "900"}, 0),
        ({"cache-control": "max-age=99999999999"}, 86_400),
        ({"cache-control": "max-age=-5"}, 0),
        ({"cache-control": "no-cache"}, 0),
        ({"expires": "Mon, 02 Mar 2026 12:30:00 GMT"}, 600),
        (
            {
                "expires": "Mon, 02 Mar 2026 12:30:00 GMT",
                "date": "Mon, 02 Mar 2026 12:29:00 GMT",
            },
            60,
        ),
        ({"expires": "0"}, 0),
        ({"expires": "Mon, 02 Mar 2015 12:30:00 GMT"}, 0),
        ({"cache-control": "max-age=60", "expires": "Mon, 02 Mar 2026 12:30:00 GMT"}, 60),
    ],
)
def test_f23_an_answer_stays_fresh_as_its_headers_say(
    headers: dict[str, str], fresh: float
) -> None:
    assert freshness(tuple(headers.items()), NOW) == fresh


@given(st.text(), st.text(), st.text())
def test_any_headers_give_a_freshness_within_a_day(cache: str, age: str, expires: str) -> None:
    headers = (("cache-control", cache), ("age", age), ("expires", expires))
    assert 0 <= freshness(headers, NOW) <= 86_400


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (5, "5 seconds"),
        (60, "minute"),
        (90, "2 minutes"),
        (600, "10 minutes"),
        (3600, "hour"),
        (5400, "90 minutes"),
        (86_400, "day"),
        (200_000, "2 days"),
    ],
)
def test_durations_are_said_as_people_say_them(length: float, words: str) -> None:
    assert spoken(length) == words
