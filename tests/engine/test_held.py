"""What was got out of order is bounded, and nobody waits for ever."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import CancelledError

import pytest

from wiredesk.engine.held import Held
from wiredesk.engine.ordered import ordered
from wiredesk.engine.patient import Patient


def test_while_the_first_takes_long_the_others_hold_no_more_than_the_bound() -> None:
    held, release, guard = Held(100), threading.Event(), threading.Lock()
    sizes = [0, 0]

    def get(n: int) -> int:
        held.wait(n)
        if n == 0:
            release.wait(5)
        with guard:
            sizes[0] += 10
            sizes[1] = max(sizes)
        held.put(10)
        return n

    pool = Patient(4, patience=0.05)
    try:
        threading.Timer(0.3, release.set).start()
        taken = []
        for n in ordered(pool, get, range(200), 150):
            with guard:
                sizes[0] -= 10
            held.free(10)
            taken.append(n)
    finally:
        pool.shutdown()
    assert taken == [*range(200)]
    assert sizes[1] <= 100 + 10 * 12, "those that had begun may end"


def test_when_nobody_takes_anything_any_more_nobody_waits() -> None:
    held = Held(0)
    held.put(1)
    pool = Patient(1)
    try:
        waiting = pool.submit(held.wait, 5)
        time.sleep(0.05)
        assert not waiting.done()
        held.end()
        with pytest.raises(CancelledError):
            waiting.result(5)
    finally:
        held.end()
        pool.shutdown()


def test_whose_turn_is_next_never_waits_whatever_is_held() -> None:
    chance = random.Random(7)
    for _ in range(20):
        held = Held(0)
        pauses = [chance.random() / 2000 for _ in range(40)]

        def get(n: int, held: Held = held, pauses: list[float] = pauses) -> int:
            time.sleep(pauses[n])
            held.wait(n)
            held.put(1)
            return n

        pool = Patient(8)
        try:
            for _n in ordered(pool, get, range(40), 40):
                held.free(1)
        finally:
            pool.shutdown()
