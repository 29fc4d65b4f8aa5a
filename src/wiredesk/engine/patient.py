"""Threads for work that mostly waits: so many that get on, and one more for each that hangs."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from threading import Condition, Lock, Thread, current_thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 1.0
"""Seconds after which work hangs and another thread may take its place (THREATS S15)."""
_MOST = 40
"""Most threads for each that gets on."""

_IDLE = float("inf")
_Job = tuple[Future[Any], Callable[[], Any]]


class Patient(Executor):
    """An executor in which five hundred servers that hang at once hold up nobody else for long.

    Work under way for less than ``patience`` seconds counts against ``count``; what takes longer does
    not, up to ``40 * count`` threads in all. Threads are made when they are needed, and end when
    there is nothing left to do.
    """

    def __init__(self, count: int, patience: float = PATIENCE) -> None:
        self._count, self._patience = count, patience
        self._lock = Lock()
        self._submitted, self._watched = Condition(self._lock), Condition(self._lock)
        self._jobs: deque[_Job] = deque()
        self._busy: dict[Thread, float] = {}
        """When each thread began what it does; infinity while it does nothing."""
        self._closed = False
        self._overseer: Thread | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have ``fn`` called by one of the threads."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("nothing can be submitted any more")
            self._jobs.append((future, lambda: fn(*args, **kwargs)))
            self._reinforce()
            self._submitted.notify()
            self._watched.notify()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - Executor's
        """End the threads when their work is done; with ``cancel_futures``, what has not begun is
        cancelled.
        """
        with self._lock:
            self._closed = True
            if cancel_futures:
                for future, _ in self._jobs:
                    future.cancel()
                self._jobs.clear()
            self._submitted.notify_all()
            self._watched.notify_all()
        while wait and (thread := self._any()):
            thread.join()

    def _any(self) -> Thread | None:
        with self._lock:
            return next(iter(self._busy), self._overseer)

    def _reinforce(self) -> None:
        """Begin a thread if there is work and none too many get on. Holds the lock."""
        late = time.monotonic() - self._patience
        on = sum(began > late for began in self._busy.values())
        idle = sum(began == _IDLE for began in self._busy.values())
        if not self._jobs or idle >= len(self._jobs) or on >= self._count:
            return
        if len(self._busy) >= _MOST * self._count:
            return
        thread = Thread(target=self._work, name="wiredesk", daemon=True)
        self._busy[thread] = _IDLE
        thread.start()
        if self._overseer is None:
            self._overseer = Thread(target=self._oversee, name="wiredesk overseer", daemon=True)
            self._overseer.start()

    def _work(self) -> None:
        me = current_thread()
        while job := self._next(me):
            future, call = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except BaseException as error:  # noqa: BLE001 - whoever waits for the result gets it
                future.set_exception(error)
            del future, call, job  # a result must not live as long as the thread

    def _next(self, me: Thread) -> _Job | None:
        """Wait for work; None when there will be none, or enough others get on."""
        with self._lock:
            self._busy[me] = _IDLE
            while not self._jobs and not self._closed:
                self._submitted.wait()
            late = time.monotonic() - self._patience
            getting_on = sum(late < began < _IDLE for began in self._busy.values())
            if self._jobs and getting_on < self._count:
                self._busy[me] = time.monotonic()
                return self._jobs.popleft()
            del self._busy[me]
            return None

    def _oversee(self) -> None:
        """Look now and then whether those at work hang, while nobody submits anything."""
        with self._lock:
            while not self._closed or self._jobs:
                if self._jobs:
                    for _ in range(self._count):
                        self._reinforce()
                    self._watched.wait(self._patience / 4)
                else:
                    self._watched.wait()
            self._overseer = None
