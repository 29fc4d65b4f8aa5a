"""Work on many things at once, results in the order of the things.

Order is what makes a run repeatable: whatever the number of workers and whichever ends first, what
is settled is always a prefix of the same sequence.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import TypeVar

from wiredesk.engine.patient import Patient

A = TypeVar("A")
B = TypeVar("B")


def ordered(
    executor: Executor, work: Callable[[A], B], things: Iterable[A], ahead: int
) -> Iterator[B]:
    """Give ``work(thing)`` for each thing in order, at most ``ahead`` of them under way.

    What ``work`` raises is raised in its turn; work that has not begun is then given up.
    """
    under_way: deque[Future[B]] = deque()
    try:
        for thing in things:
            under_way.append(executor.submit(work, thing))
            if len(under_way) >= ahead:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        for future in under_way:
            future.cancel()


@contextmanager
def threads(count: int) -> Iterator[Executor]:
    """Give a pool of ``count`` threads, and more while some hang, that does not outlive an error: what
    waits is cancelled then, and what is under way (it may wait for a host for minutes) not waited for.
    """
    pool = Patient(count)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(wait=True, cancel_futures=True)
