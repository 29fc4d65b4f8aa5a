"""Politeness: to a host one request at a time with a gap between, to all no more than so many."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from threading import Condition, Lock
from urllib.parse import urlsplit

import msgspec

from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError
from wiredesk.ports.clock import Timer
from wiredesk.ports.hosts import Hosts
from wiredesk.ports.web import Web
from wiredesk.records.host import Pace
from wiredesk.records.page import Answer, Request
from wiredesk.records.waiting import answered, unanswered

PATIENCE = 2.0
"""Seconds after which a request that hangs gives its slot to another one (THREATS S15)."""
_HANGING = 40
"""Most requests under way for each slot, those that hang included."""
SHORT = 30.0
"""Seconds that a request waits for its host; for a longer wait it is put off."""


class PoliteWeb:
    """A web that makes threads wait for their turn, and remembers what hosts asked for.

    A request waits for its host first and for one of the ``concurrency`` slots then, so that those
    who wait for a slow host keep no slot from the others.
    """

    def __init__(
        self,
        web: Web,
        settings: FetchSettings,
        hosts: Hosts,
        timer: Timer,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._web, self._settings = web, settings
        self._hosts, self._timer = hosts, timer
        self._slots = _Slots(settings.concurrency, patience)
        self._guard = Lock()
        self._turns: dict[str, tuple[Lock, int]] = {}

    def exchange(self, request: Request) -> Answer:
        """Ask when it is this request's turn. Raises what the web behind it raises, and
        ``FetchError`` (class ``waiting``) when the host wants to be left alone for long.
        """
        host, gap = self._about(request.url)
        with self._turn(host):
            pace = self._awaited(host)
            with self._slots.one():
                self._announce(pace, gap)
                try:
                    answer = self._web.exchange(request)
                except FetchError as error:
                    now = self._timer.moment()
                    self._hosts.keep(unanswered(pace, error.reason, now, gap))
                    raise
            now = self._timer.moment()
            self._hosts.keep(answered(pace, answer.status, answer.headers, now, gap))
            return answer

    def _announce(self, pace: Pace, gap: float) -> None:
        """Remember that the host is asked now, before it is: whoever is killed meanwhile, or cannot
        write down any more what hosts want, asks nobody too soon.
        """
        until = self._timer.moment() + gap
        self._hosts.keep(msgspec.structs.replace(pace, not_before=until, why=""))

    def _about(self, url: str) -> tuple[str, float]:
        """Return the host, and the seconds between two requests to it."""
        try:
            parts = urlsplit(url)
            host, authority = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"
        except ValueError:
            return "", self._settings.host_gap
        robots = self._hosts.robots(authority)
        return host, max(self._settings.host_gap, robots.delay if robots else 0.0)

    def _awaited(self, host: str) -> Pace:
        """Wait until ``host`` may be asked; return what is known of it."""
        pace = self._hosts.pace(host) or Pace(host=host)
        left = pace.not_before - self._timer.moment()
        if pace.why and left > SHORT:
            until = datetime.fromtimestamp(int(pace.not_before) + 1, UTC)
            raise FetchError(
                "waiting",
                f"{host} is left alone until {until:%Y-%m-%d %H:%M:%S} UTC: {pace.why}",
                until,
            )
        if left > 0:
            self._timer.wait(
                min(left, max(SHORT, self._settings.longest_gap))
            )  # clocks are set, too
        return pace

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        with self._guard:
            lock, users = self._turns.get(host, (Lock(), 0))
            self._turns[host] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            self._leave(host)

    def _leave(self, host: str) -> None:
        """Forget a host that nobody waits for, so that memory does not grow with hosts seen."""
        with self._guard:
            lock, users = self._turns.pop(host)
            if users > 1:
                self._turns[host] = (lock, users - 1)


class _Slots:
    """So many slots for requests that get on; one that hangs gives its slot back."""

    def __init__(self, slots: int, patience: float) -> None:
        self._slots, self._patience = slots, patience
        self._changed = Condition()
        self._since: dict[int, float] = {}
        self._numbers = count()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a slot; wait for one if there is none."""
        with self._changed:
            while (wait := self._wait()) > 0:
                self._changed.wait(wait)
            number = next(self._numbers)
            self._since[number] = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                del self._since[number]
                self._changed.notify()

    def _wait(self) -> float:
        """Return the seconds until a slot may be free; 0 if one is."""
        if len(self._since) < self._slots:
            return 0.0
        if len(self._since) >= _HANGING * self._slots:
            return self._patience
        last = list(self._since.values())[-self._slots]  # they are in the order of their beginning
        return max(0.0, last + self._patience - time.monotonic())
