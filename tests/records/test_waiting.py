from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.records.host import Pace
from wiredesk.records.waiting import (
    DAY,
    LONGEST,
    answered,
    backoff,
    http_date,
    retry_after,
    spread,
    unanswered,
)

NOW = 1_772_000_000.0  # 2026-02-25 06:13:20 UTC
HOST = Pace(host="a.example")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("86400", DAY),
        ("86401", DAY),
        ("9" * 150, DAY),
        ("Wed, 25 Feb 2026 06:15:20 GMT", 120),
        ("Wed, 21 Oct 2099 07:28:00 GMT", DAY),
        ("Wed, 21 Oct 2099", DAY),
        ("Wednesday, 25-Feb-26 06:15:20 GMT", 120),
        ("Wed, 25 Feb 2026 06:13:20 GMT", None),
        ("Wed, 25 Feb 2015 06:15:20 GMT", None),
        ("-1", None),
        ("banana", None),
        ("1e99", None),
        ("1.5", None),
        ("١٢٠", None),
        ("", None),
        ("Wed, 99 Feb 99999 99:99:99 GMT", None),
    ],
)
def test_s09_retry_after_is_honoured_up_to_a_day_or_nothing_can_be_made_of_it(
    value: str, seconds: float | None
) -> None:
    assert retry_after((("retry-after", value),), NOW) == seconds


def test_without_the_header_nothing_is_asked_for() -> None:
    assert retry_after((), NOW) is None


@given(st.text())
def test_any_retry_after_is_a_wait_within_a_day_or_none(value: str) -> None:
    wait = retry_after((("retry-after", value),), NOW)
    assert wait is None or 0 <= wait <= DAY


@given(st.text())
def test_any_text_is_a_date_in_utc_or_none(value: str) -> None:
    read = http_date(value)
    assert read is None or read.utcoffset() is not None


@pytest.mark.parametrize("status", [429, 503])
def test_s09_without_a_wish_of_use_the_back_off_doubles_up_to_its_longest(status: int) -> None:
    pace, waits = HOST, []
    for _ in range(15):
        pace = answered(pace, status, (("retry-after", "banana"),), NOW, 1.0)
        waits.append(pace.not_before - NOW)
    assert pace.strikes == 15
    assert all(later >= 1.5 * sooner for sooner, later in pairwise(waits[:9]))
    assert LONGEST <= waits[-1] <= 1.25 * LONGEST
    assert answered(pace, 200, (), NOW, 1.0) == Pace(host="a.example", not_before=NOW + 1)


@pytest.mark.parametrize("status", [200, 301, 304, 403, 404, 500])
def test_another_answer_asks_for_the_gap_only(status: int) -> None:
    pace = answered(HOST, status, (("retry-after", "500"),), NOW, 1.0)
    assert (pace.not_before, pace.why) == (NOW + 1, "")


@given(st.integers(1, 10_000), st.text())
def test_a_back_off_is_the_same_each_time_and_never_shorter_than_its_first(
    strikes: int, key: str
) -> None:
    assert backoff(strikes, key) == backoff(strikes, key)
    assert 60 <= backoff(strikes, key) <= 1.25 * LONGEST


def test_those_who_fail_together_do_not_come_back_together() -> None:
    waits = [backoff(1, f"host-{n}.example") for n in range(500)]
    assert max(waits) - min(waits) > 13
    assert len({round(wait, 1) for wait in waits}) > 100


@given(st.text(), st.integers())
def test_what_looks_like_chance_is_a_share(text: str, number: int) -> None:
    assert 0 <= spread(text, number) < 1


def test_a_host_that_breaks_off_is_no_silent_one() -> None:
    pace = HOST
    for _ in range(10):
        pace = unanswered(pace, "truncated", NOW, 1.0)
    assert (pace.not_before, pace.silences) == (NOW + 1, 0)
