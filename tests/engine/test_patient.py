"""Threads for work that waits: what hangs makes room for what does not."""

from __future__ import annotations

import gc
import threading
import time
import weakref

import pytest

from wiredesk.engine.patient import Patient


def test_no_more_than_so_many_are_at_work_while_they_get_on() -> None:
    guard, under_way, most = threading.Lock(), [0], [0]

    def work(n: int) -> int:
        with guard:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.002)
        with guard:
            under_way[0] -= 1
        return n

    pool = Patient(4)
    try:
        assert [future.result(5) for future in [pool.submit(work, n) for n in range(200)]] == [
            *range(200)
        ]
    finally:
        pool.shutdown()
    assert most[0] <= 4


def test_s15_500_that_hang_hold_up_the_others_for_moments_only() -> None:
    release = threading.Event()
    pool = Patient(16, patience=0.05)
    before = threading.active_count()
    try:
        stuck = [pool.submit(release.wait, 20) for _ in range(500)]
        began = time.monotonic()
        quick = [pool.submit(int, n) for n in range(50)]
        assert [future.result(10) for future in quick] == [*range(50)]
        assert time.monotonic() - began < 6
        release.set()
        assert all(future.result(5) for future in stuck)
    finally:
        release.set()
        pool.shutdown()
    assert threading.active_count() <= before


def test_after_many_have_hung_a_single_job_is_done_all_the_same() -> None:
    release = threading.Event()
    pool = Patient(2, patience=0.02)
    try:
        stuck = [pool.submit(release.wait, 20) for _ in range(20)]
        time.sleep(0.3)
        release.set()
        assert all(future.result(5) for future in stuck)
        time.sleep(0.05)
        for n in range(30):
            assert pool.submit(int, n).result(2) == n
    finally:
        release.set()
        pool.shutdown()


def test_an_error_is_for_whoever_waits_for_the_result() -> None:
    pool = Patient(2)
    try:
        with pytest.raises(ZeroDivisionError):
            pool.submit(lambda: 1 // 0).result(5)
        assert pool.submit(lambda: 7).result(5) == 7
    finally:
        pool.shutdown()


def test_what_waits_is_cancelled_when_it_ends_and_nothing_is_taken_any_more() -> None:
    begun, release = threading.Event(), threading.Event()

    def work() -> bool:
        begun.set()
        return release.wait(5)

    pool = Patient(1)
    first = pool.submit(work)
    assert begun.wait(5)
    waiting = pool.submit(lambda: 1)
    threading.Timer(0.05, release.set).start()
    pool.shutdown(cancel_futures=True)
    assert first.result(0)
    assert waiting.cancelled()
    with pytest.raises(RuntimeError):
        pool.submit(lambda: 1)


def test_a_result_is_not_kept_by_the_thread_that_made_it() -> None:
    class Result:
        pass

    pool = Patient(1)
    try:
        future = pool.submit(Result)
        kept = weakref.ref(future.result(5))
        del future
        time.sleep(0.02)
        gc.collect()
        assert kept() is None
    finally:
        pool.shutdown()
