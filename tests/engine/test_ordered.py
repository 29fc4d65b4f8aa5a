"""Many things at once, results in the order of the things; a child's death costs one thing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest
from hostile_work import doubled, prepare, unusable

from wiredesk.engine.ordered import FEW, Readers, ordered, threads


def test_results_come_in_the_order_of_the_things_whatever_ends_first() -> None:
    def slow_first(number: int) -> int:
        time.sleep(0.05 / (number + 1))
        return number

    with threads(8) as pool:
        assert list(ordered(pool, slow_first, range(20), ahead=8)) == list(range(20))


def test_no_more_than_so_many_are_under_way() -> None:
    taken = 0

    def things() -> Iterator[int]:
        nonlocal taken
        for number in range(50):
            taken += 1
            yield number

    with threads(2) as pool:
        results = ordered(pool, lambda number: number, things(), ahead=3)
        for done, _ in enumerate(results, 1):
            assert taken - done < 3


def test_an_error_is_raised_in_its_turn_and_what_waits_is_given_up() -> None:
    begun: list[int] = []
    gate = threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        if number == 1:
            raise ValueError("the second one fails")
        if number == 2:
            gate.wait(5)
        return number

    with ThreadPoolExecutor(1) as pool:
        results = ordered(pool, work, range(10), ahead=6)
        assert next(results) == 0
        with pytest.raises(ValueError, match="second"):
            next(results)
        gate.set()
    assert max(begun) <= 2


def test_a_pool_of_threads_does_not_outlive_its_error() -> None:
    kept: list[Executor] = []

    def failing() -> None:
        with threads(3) as pool:
            kept.append(pool)
            raise KeyError

    with pytest.raises(KeyError):
        failing()
    with pytest.raises(RuntimeError):
        kept[0].submit(print)


@pytest.mark.parametrize("count", [1, 2])
def test_readers_keep_the_order_with_any_number_of_children(count: int) -> None:
    with Readers(count, prepare, ()) as readers:
        assert list(readers.map(doubled, range(9), 9, unusable)) == [2 * n for n in range(9)]


def test_a_thing_that_kills_its_child_costs_only_itself() -> None:
    things = [1, 2, -3, 4, 5, -6, 7, 8]
    with Readers(2, prepare, ()) as readers:
        results = list(readers.map(doubled, things, len(things), unusable))
    assert results == [2, 4, -3000, 8, 10, -6000, 14, 16]


def test_things_that_all_kill_their_child_end_the_work_all_the_same() -> None:
    with Readers(2, prepare, ()) as readers:
        assert list(readers.map(doubled, [-1, -2, -3], 3, unusable)) == [-1000, -2000, -3000]


def test_for_few_things_no_child_is_started() -> None:
    seen: list[int] = []

    def here(number: int) -> int:  # a local function could not travel to a child
        seen.append(number)
        return number

    with Readers(0, prepare, ()) as readers:
        assert list(readers.map(here, [3, 4], FEW, unusable)) == [3, 4]
    assert seen == [3, 4]
