from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from wiredesk.adapters.clock import FixedClock, SystemClock


def test_the_machines_time_is_in_utc_and_to_the_second() -> None:
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert now.microsecond == 0
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


def test_a_fixed_clock_stands_still_in_utc() -> None:
    noon = datetime(2026, 3, 1, 12, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    clock = FixedClock(noon)

    assert clock.now() == clock.now() == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_fixed_clock_wants_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        FixedClock(datetime(2026, 3, 1))  # noqa: DTZ001 - that it is naive is the point
