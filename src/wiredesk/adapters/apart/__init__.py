"""Child processes that read strangers' input under limits: the port ``apart`` (THREATS R5)."""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from functools import lru_cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from typing import Any, TypeVar, cast, get_type_hints

import msgspec

from wiredesk.adapters.apart import mother
from wiredesk.adapters.apart.limits import Limits
from wiredesk.adapters.apart.mother import Begin, Bury, Reply
from wiredesk.errors import Classed, Ended, FetchError, Refused, SourceError, Unreadable, unforeseen

B = TypeVar("B")
Prepare = Callable[[], object]

MOST_CHILDREN = 8
MOST_REPLY = 64_000_000
"""Bytes of an answer: more than any result has."""

_ERRORS: dict[str, type[Classed]] = {
    kind.__name__: kind for kind in (Ended, FetchError, Refused, SourceError, Unreadable)
}


class _Mother:
    """The process that this one's children are forked from; started when the first is needed."""

    def __init__(self, preload: Sequence[str]) -> None:
        self._control, theirs = Pipe()
        number = theirs.fileno()
        self._process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
            [sys.executable, "-c", f"from {mother.__name__} import main; main({number})"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[number],
        )
        theirs.close()
        self._control.send((sys.path, tuple(preload)))

    def child(self, limits: Limits) -> tuple[int, Connection]:
        """Return a new child and the channel to it. Raises ``OSError`` or ``EOFError``."""
        ours, theirs = Pipe()
        with theirs:
            self._control.send(Begin(limits))
            send_handle(self._control, theirs.fileno(), self._process.pid)
        return self._control.recv(), ours

    def bury(self, pid: int) -> int:
        """Return how a child ended: its exit code, or minus the number of a signal."""
        self._control.send(Bury(pid))
        return int(self._control.recv())

    def end(self) -> None:
        """End it, and so its children."""
        self._control.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        self._process.kill()
        self._process.wait()


class _Mothers:
    """One mother for each set of modules, however many pools this process opens."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._alive: dict[tuple[str, ...], _Mother] = {}
        atexit.register(self.end)

    def child(self, preload: tuple[str, ...], limits: Limits) -> tuple[int, Connection]:
        """Return a new child. One try more with a new mother, should the old one have ended."""
        with self._guard:
            for _ in range(2):
                alive = self._alive.get(preload) or _Mother(preload)
                self._alive[preload] = alive
                with suppress(OSError, EOFError):
                    return alive.child(limits)
                self._alive.pop(preload).end()
        raise Ended("died", "no process can be started to read it in")

    def bury(self, preload: tuple[str, ...], pid: int) -> int:
        """Return how a child ended; 0 if nobody knows."""
        with self._guard, suppress(OSError, EOFError, KeyError):
            return self._alive[preload].bury(pid)
        return 0

    def end(self) -> None:
        """End them all."""
        with self._guard:
            while self._alive:
                self._alive.popitem()[1].end()


_mothers = _Mothers()


class _Child:
    """One child, used by one thread at a time."""

    def __init__(self, preload: tuple[str, ...], limits: Limits) -> None:
        self._preload, self._limits = preload, limits
        self._pid, self._channel = _mothers.child(preload, limits)
        self.jobs = 0

    def ask(self, work: Callable[..., object], things: tuple[object, ...]) -> Reply:
        """Return its answer. Raises ``Ended`` when there is none; the child has then ended."""
        self.jobs += 1
        try:
            self._channel.send_bytes(pickle.dumps((work, things), pickle.HIGHEST_PROTOCOL))
            if not self._channel.poll(self._limits.wall):
                self.end()
                seconds = self._limits.wall
                raise Ended("deadline", f"reading it took more than {seconds:g} seconds")
            return msgspec.json.decode(self._channel.recv_bytes(MOST_REPLY), type=Reply)
        except (OSError, EOFError, msgspec.DecodeError):
            raise self._how_it_ended() from None

    def _how_it_ended(self) -> Ended:
        code = self.end()
        if code == -signal.SIGXCPU:
            seconds = self._limits.cpu
            return Ended("cpu", f"reading it took more than {seconds} seconds of processor")
        if code < 0 and code != -signal.SIGKILL:
            name = signal.Signals(-code).name
            return Ended("died", f"reading it ended its process ({name}); please report this")
        return Ended("died", "reading it ended its process")

    def end(self) -> int:
        """End it; return how it ended."""
        self._channel.close()
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        return _mothers.bury(self._preload, self._pid)


class Children(AbstractContextManager["Children"]):
    """A pool of children, made when they are needed and used again; any number of threads may ask.

    ``count`` is how many there are at most; 0 stands for as many as the machine has processors.
    ``preload`` names modules that are imported before any child is made, or functions in them
    (``module:function``) that are called then, without limits; ``prepare`` is done first in each child.
    One that was ended, or has done its share, is replaced.
    """

    def __init__(
        self,
        count: int = 0,
        *,
        prepare: Prepare | None = None,
        preload: Sequence[str] = (),
        limits: Limits | None = None,
    ) -> None:
        self._turns = threading.BoundedSemaphore(count or min(os.cpu_count() or 1, MOST_CHILDREN))
        self._prepare, self._preload = prepare, tuple(preload)
        self._limits = limits or Limits()
        self._guard = threading.Lock()
        self._idle: list[_Child] = []

    def __exit__(self, *error: object) -> None:
        with self._guard:
            while self._idle:
                self._idle.pop().end()

    def __call__(self, work: Callable[..., B], /, *things: object) -> B:
        """Return ``work(*things)`` as the port has it; waits for a child that has nothing to do."""
        with self._turns:
            reply = self._answered(work, things)
        if not reply.error:
            return _value(work, reply)
        raise _ERRORS.get(reply.error, Ended)(reply.reason, reply.message)

    def _answered(self, work: Callable[..., object], things: tuple[object, ...]) -> Reply:
        child = self._child()
        reply = child.ask(work, things)
        worn = child.jobs >= self._limits.jobs or reply.resident >= self._limits.grown
        if worn or reply.reason == "memory":
            child.end()
        else:
            with self._guard:
                self._idle.append(child)
        return reply

    def _child(self) -> _Child:
        with self._guard:
            if self._idle:
                return self._idle.pop()
        child = _Child(self._preload, self._limits)
        if self._prepare is not None:
            reply = child.ask(self._prepare, ())
            if reply.error:
                child.end()
                raise Ended(reply.reason, reply.message)
        return child


def _value(work: Callable[..., B], reply: Reply) -> B:
    try:
        return cast("B", msgspec.json.decode(reply.value, type=_result(work)))
    except msgspec.ValidationError as error:
        raise Ended("unforeseen", unforeseen(error)) from error


@lru_cache(maxsize=64)
def _result(work: Callable[..., Any]) -> Any:  # noqa: ANN401 - a type, whichever it is
    """Return the type of what ``work`` returns: an answer of any other form is none."""
    return get_type_hints(work)["return"]
