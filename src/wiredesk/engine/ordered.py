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
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

Mapper = Callable[[Callable[[A], B], Iterable[A]], Iterator[B]]


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
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """Give a pool of ``count`` threads that does not outlive an error: what waits is cancelled."""
    pool = ThreadPoolExecutor(count, thread_name_prefix="wiredesk")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class Readers(AbstractContextManager["Readers"]):
    """Child processes that read pages, apart from the process that holds the store.

    A page that kills its child costs itself only: the pool is made anew, and the pages that were
    under way are read again one at a time, so that the culprit is known. With ``count`` of 1 the
    work is done here.
    """

    def __init__(
        self, count: int, prepare: Callable[..., None], arguments: tuple[object, ...]
    ) -> None:
        self._count, self._prepare, self._arguments = count, prepare, arguments
        self._pool: ProcessPoolExecutor | None = None
        if count == 1:
            prepare(*arguments)

    def __exit__(self, *error: object) -> None:
        self._end()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _begun(self, count: int) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                count,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_child,
                initargs=(self._prepare, self._arguments),
            )
        return self._pool

    def map(
        self, work: Callable[[A], B], things: Iterable[A], died: Callable[[A], B]
    ) -> Iterator[B]:
        """Give ``work(thing)`` in order; for a thing that kills its reader, ``died(thing)``."""
        if self._count == 1:
            yield from map(work, things)
            return
        under_way: deque[tuple[A, Future[B]]] = deque()
        for thing in things:
            under_way.append((thing, self._submit(work, thing)))
            if len(under_way) >= 4 * self._count:
                yield self._result(work, under_way, died)
        while under_way:
            yield self._result(work, under_way, died)

    def _submit(self, work: Callable[[A], B], thing: A) -> Future[B]:
        try:
            return self._begun(self._count).submit(work, thing)
        except BrokenProcessPool as error:
            broken: Future[B] = Future()
            broken.set_exception(error)
            return broken

    def _result(
        self,
        work: Callable[[A], B],
        under_way: deque[tuple[A, Future[B]]],
        died: Callable[[A], B],
    ) -> B:
        thing, future = under_way.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            return self._again(work, thing, died)

    def _again(self, work: Callable[[A], B], thing: A, died: Callable[[A], B]) -> B:
        self._end()
        try:
            return self._begun(self._count).submit(work, thing).result()
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
