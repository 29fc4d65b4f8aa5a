"""Children that read strangers' input: their limits, their deaths, and the pool that heals."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from hostile_work import (
    calls,
    doubled,
    forks,
    hoards,
    liar,
    prepare,
    prepared,
    removes,
    runs,
    sleeps,
    spins,
    stumbles,
    writes,
)

from wiredesk.adapters.apart import Children, _mothers
from wiredesk.adapters.apart.limits import Limits
from wiredesk.errors import Ended

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="held back by the kernel on Linux")


def ended(children: Children, work: Callable[..., object], *things: object) -> Ended:
    with pytest.raises(Ended) as caught:
        children(work, *things)
    return caught.value


def test_r5_work_without_end_is_ended_by_its_time_and_the_pool_heals() -> None:
    began = time.monotonic()
    with Children(1, limits=Limits(wall=0.5)) as children:
        assert ended(children, sleeps).reason == "deadline"
        assert time.monotonic() - began < 1.5
        assert children(doubled, 2) == 4


def test_r5_work_without_end_is_ended_by_its_processor_time() -> None:
    with Children(1, limits=Limits(cpu=0, wall=10)) as children:
        error = ended(children, spins)
        assert (error.reason, "processor" in error.message) == ("cpu", True)
        assert children(doubled, 2) == 4


def test_r5_work_that_takes_all_memory_is_ended() -> None:
    with Children(1) as children:
        assert ended(children, hoards).reason == "memory"
        assert children(doubled, 2) == 4


def test_r5_work_that_ends_its_process_costs_only_itself() -> None:
    things = [1, 2, -3, 4, 5, -6, 7, 8]

    def read(number: int) -> int:
        try:
            return children(doubled, number)
        except Ended as error:
            return {"died": 0}[error.reason]

    with Children(2) as children, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, things)) == [2, 4, 0, 8, 10, 0, 14, 16]


def test_an_error_that_nobody_foresaw_asks_to_be_told_to_us() -> None:
    with Children(1) as children:
        error = ended(children, stumbles)
    assert error.reason == "unforeseen"
    assert "RecursionError: too deep" in error.message


@ON_LINUX
@pytest.mark.parametrize("work", [runs, forks])
def test_r5_a_child_starts_no_program_and_no_process(work: Callable[[], str]) -> None:
    with Children(1) as children:
        assert "Operation not permitted" in ended(children, work).message


@ON_LINUX
def test_r5_a_child_reaches_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, Children(1) as children:
        assert "Operation not permitted" in ended(children, calls, server.getsockname()[1]).message
        server.settimeout(0.05)
        with pytest.raises(TimeoutError):
            server.accept()


def test_r5_a_child_writes_and_removes_no_file(tmp_path: Path) -> None:
    kept, made = tmp_path / "kept", tmp_path / "made"
    kept.write_text("kept", "utf-8")
    with Children(1) as children:
        ended(children, writes, str(made))
        if sys.platform == "linux":
            ended(children, writes, str(kept))
            ended(children, removes, str(kept))
            assert not made.exists()
            assert kept.read_text("utf-8") == "kept"
        else:
            assert not made.exists() or made.stat().st_size == 0


def test_an_answer_that_is_not_of_the_promised_form_is_none() -> None:
    with Children(1) as children:
        assert ended(children, liar).reason == "unforeseen"
        assert children(doubled, 2) == 4


def test_a_child_is_prepared_first_and_used_again() -> None:
    with Children(1, prepare=partial(prepare, "ready")) as children:
        first, second = children(prepared), children(prepared)
    assert first == second
    assert first[0] == ["ready"]
    assert first[1] != os.getpid()


def test_a_child_that_has_done_its_share_is_replaced() -> None:
    with Children(1, limits=Limits(jobs=2)) as children:
        pids = [children(prepared)[1] for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_a_child_that_has_grown_is_replaced() -> None:
    with Children(1, limits=Limits(grown=1)) as children:
        assert children(prepared)[1] != children(prepared)[1]


def test_what_makes_the_children_is_replaced_when_it_has_ended() -> None:
    with Children(1, limits=Limits(jobs=1)) as children:
        assert children(doubled, 1) == 2
        for mother in _mothers._alive.values():
            mother._process.kill()
        assert children(doubled, 2) == 4


def test_a_preparation_that_fails_is_told() -> None:
    with Children(1, prepare=stumbles) as children:
        assert "too deep" in ended(children, doubled, 1).message


def test_no_child_is_left_behind() -> None:
    with Children(2) as children, ThreadPoolExecutor(2) as pool:
        pids = {pid for _, pid in pool.map(lambda _: children(prepared), range(8))}
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
