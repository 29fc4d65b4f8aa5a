from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wiredesk.engine.polling.rhythm import KEPT, interval, learned

HOUR = 3600.0
times = st.lists(st.integers(0, 10**9), max_size=60)


@given(times, times, st.floats(1, 10**6))
def test_arrivals_are_in_order_apart_and_bounded(
    known: list[int], more: list[int], together: float
) -> None:
    kept = learned(learned([], known, together), more, together)
    assert len(kept) <= KEPT
    assert all(b - a > together for a, b in pairwise(kept))
    assert set(kept) <= {*known, *more}


@given(times, st.floats(0, 2 * 10**9))
def test_the_interval_is_between_floor_and_ceiling(arrivals: list[int], now: float) -> None:
    assert 600 <= interval(learned([], arrivals, 600), now, 600, 6 * HOUR) <= 6 * HOUR


def test_an_even_rhythm_is_asked_twice_as_often_as_it_beats() -> None:
    hourly = learned([], [n * HOUR for n in range(30)], 600)
    assert 0.45 * HOUR <= interval(hourly, 29 * HOUR, 600, 6 * HOUR) <= 0.55 * HOUR


def test_a_batch_is_one_arrival() -> None:
    daily = [day * 86_400 + minute * 2 for day in range(5) for minute in range(50)]
    assert len(learned([], daily, 600)) == 5


def test_silence_makes_it_rarer_up_to_the_ceiling_and_news_make_it_denser_again() -> None:
    arrivals = learned([], [n * 1200 for n in range(20)], 600)
    last = arrivals[-1]
    waits = [interval(arrivals, last + n * HOUR, 600, 6 * HOUR) for n in range(400)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (600, 6 * HOUR)
    back = learned(arrivals, [last + 400 * HOUR + n * 1200 for n in range(20)], 600)
    assert interval(back, back[-1], 600, 6 * HOUR) == 600
