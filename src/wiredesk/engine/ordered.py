"""Work on many things at once, results in the order of the things.

Order is what makes a run repeatable: whatever the number of workers and whichever ends first, what
is settled is always a prefix of the same sequence.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from wiredesk.engine.patient import Patient

A = TypeVar("A")
B = TypeVar("B")

FEW = 100
"""Things for which no children are started."""
MOST_CHILDREN = 8
AHEAD = 4
"""Things under way for each child."""


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


class Readers(AbstractContextManager["Readers"]):
    """Child processes that read pages, apart from the process that holds the store.

    A page that kills its child costs itself only: the pool is made anew, and the pages that were
    under way are read again one at a time, so that the culprit is known. With ``count`` of 1 the
    work is done here; with 0 it is as many as the machine has processors, or here when there is
    little to do, because a child takes a second to start.
    """

    def __init__(
        self, count: int, prepare: Callable[..., None], arguments: tuple[object, ...]
    ) -> None:
        self._count, self._prepare, self._arguments = count, prepare, arguments
        self._pool: ProcessPoolExecutor | None = None

    def __exit__(self, *error: object) -> None:
        self._end()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def map(
        self, work: Callable[[A], B], things: Iterable[A], total: int, died: Callable[[A], B]
    ) -> Iterator[B]:
        """Give ``work(thing)`` in order for ``total`` things; ``died(thing)`` for one that kills."""
        count = self._count or (min(os.cpu_count() or 1, MOST_CHILDREN) if total > FEW else 1)
        if count == 1:
            self._prepare(*self._arguments)
            yield from map(work, things)
            return
        under_way: deque[tuple[A, Future[B]]] = deque()
        for thing in things:
            under_way.append((thing, self._submit(work, thing, count)))
            if len(under_way) >= AHEAD * count:
                yield self._result(work, under_way, count, died)
        while under_way:
            yield self._result(work, under_way, count, died)

    def _begun(self, count: int) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                count,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_child,
                initargs=(self._prepare, self._arguments),
            )
        return self._pool

    def _submit(self, work: Callable[[A], B], thing: A, count: int) -> Future[B]:
        try:
            return self._begun(count).submit(work, thing)
        except BrokenProcessPool as error:
            broken: Future[B] = Future()
            broken.set_exception(error)
            return broken

    def _result(
        self,
        work: Callable[[A], B],
        under_way: deque[tuple[A, Future[B]]],
        count: int,
        died: Callable[[A], B],
    ) -> B:
        thing, future = under_way.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            pass
        self._end()
        try:
            return self._begun(count).submit(work, thing).result()
        except BrokenProcessPool:
            self._end()
            return died(thing)


def _child(prepare: Callable[..., None], arguments: tuple[object, ...]) -> None:
    """Begin a child: it ends when its parent does, even by SIGKILL, and leaves Ctrl-C to it."""
    import signal  # noqa: PLC0415 - children only

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()
    prepare(*arguments)


def _follow(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
