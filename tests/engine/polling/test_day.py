"""A day of operation: rhythms are learned, nobody storms or starves, a kill loses nothing."""

from __future__ import annotations

import statistics
from bisect import bisect_right
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from simulated import BEGINNING, Day, Killed, Source

from wiredesk.adapters.clock import ManualTimer

HOUR = 3600.0
CEILING, FLOOR = 6 * HOUR, 600.0
MEANS = [FLOOR, 1800.0, 2 * HOUR, 8 * HOUR, 48 * HOUR]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Return a day of 60 sources of five rhythms, killed at its 500th poll and begun again; some of
    them do not answer in the afternoon.
    """
    timer = ManualTimer(BEGINNING)
    sources = [Source(n, MEANS[n % len(MEANS)], timer, 24.5) for n in range(60)]
    day = Day(sources, timer, tmp_path_factory.mktemp("day") / "desk.sqlite")
    with pytest.raises(Killed):
        day.run(24, kill_at=500)
    left = BEGINNING.timestamp() + 24 * HOUR - timer.moment()
    day.run(left / HOUR)
    return day


def polls_each_hour(source: Source) -> float:
    """Return the polls an hour after the first hours, in which the rhythm is learned."""
    start = BEGINNING.timestamp() + 4 * HOUR
    return sum(moment >= start for moment in source.asked) / 20


def test_each_rhythm_is_learned(day: Day) -> None:
    for mean in MEANS:
        rates = [polls_each_hour(source) for source in day.sources.values() if source.mean == mean]
        wanted = HOUR / min(max(mean / 2, FLOOR), CEILING)
        assert wanted / 1.8 <= statistics.median(rates) <= wanted * 1.5, mean


def test_what_is_published_is_found_within_the_rhythm(day: Day) -> None:
    for source in day.sources.values():
        late = []
        for moment in source.times:
            if BEGINNING.timestamp() < moment < BEGINNING.timestamp() + 12 * HOUR:
                found = source.asked[bisect_right(source.asked, moment)]
                late.append(found - moment)
        if late:
            assert statistics.median(late) <= max(2.5 * FLOOR, source.mean)


def test_nobody_starves(day: Day) -> None:
    for source in day.sources.values():
        waits = [b - a for a, b in pairwise(source.asked)]
        assert max(waits) <= 1.25 * CEILING + 120
        early = [wait for wait in waits if wait < FLOOR]
        assert early in ([], [0.0]), "only what the kill took is asked again"


def test_there_are_no_storms_after_the_first_minute(day: Day) -> None:
    later = [day.minutes[minute] for minute in range(120, 24 * 60)]
    assert max(later) <= 12 < len(day.sources) / 4


def test_a_kill_in_the_middle_loses_nothing(day: Day) -> None:
    held = day.held()
    for source in day.sources.values():
        known = day.published(source, before=timedelta(seconds=1.25 * CEILING + 120))
        assert known <= held[source.spec.id]


def test_sources_that_fail_together_do_not_come_back_together(tmp_path: Path) -> None:
    timer = ManualTimer(BEGINNING)
    sources = [Source(n, 600.0, timer, 7) for n in range(40)]
    day = Day(sources, timer, tmp_path / "desk.sqlite")
    day.run(0.5)
    for source in sources:
        source.dead = True
    day.run(4)
    asked = sum(len(source.asked) for source in sources)
    day.minutes.clear()
    for source in sources:
        source.dead = False
    day.run(6.5 / 2)
    assert max(day.minutes.values()) <= 12
    assert sum(len(source.asked) for source in sources) > asked
