"""Many things at once, results in the order of the things."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from wiredesk.engine.ordered import ordered, threads


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
