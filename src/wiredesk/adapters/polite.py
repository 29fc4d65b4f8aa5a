"""Politeness: one request at a time to a host, and no more than so many in all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore
from urllib.parse import urlsplit

from wiredesk.ports.web import Web
from wiredesk.records.page import Answer, Request


class PoliteWeb:
    """A web that makes threads wait for their turn.

    A request waits for its host first and for one of the ``concurrency`` slots then, so that
    those who wait for a slow host keep no slot from the others.
    """

    def __init__(self, web: Web, concurrency: int) -> None:
        self._web = web
        self._slots = Semaphore(concurrency)
        self._guard = Lock()
        self._hosts: dict[str, tuple[Lock, int]] = {}

    def exchange(self, request: Request) -> Answer:
        """Ask when it is this request's turn. Raises what the web behind it raises."""
        with self._turn(_host(request.url)), self._slots:
            return self._web.exchange(request)

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        with self._guard:
            lock, users = self._hosts.get(host, (Lock(), 0))
            self._hosts[host] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            self._leave(host)

    def _leave(self, host: str) -> None:
        """Forget a host that nobody waits for, so that memory does not grow with hosts seen."""
        with self._guard:
            lock, users = self._hosts.pop(host)
            if users > 1:
                self._hosts[host] = (lock, users - 1)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
