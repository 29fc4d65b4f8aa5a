"""The newsletter's door for readers: HTTP on this machine, to be put behind a server that speaks TLS.

Bounded (``doors.bounded``). It logs nothing, because addresses and tokens are all that it hears.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, Full, Queue

from wiredesk.doors.bounded import WHOLE_REQUEST, Bounded, BoundedHandler
from wiredesk.doors.newsletter_pages import HEADERS, MOST_FORM, Answered, Asked, Pages
from wiredesk.errors import WiredeskError

_WAITING = 1_000
_EVERY = 60.0
"""Seconds after which confirmations that could not be sent are tried again."""


class Door(Bounded):
    """Serves ``pages``; ``behind_proxy`` believes the last X-Forwarded-For."""

    def __init__(self, place: tuple[str, int], pages: Pages, *, behind_proxy: bool) -> None:
        super().__init__(place, _Handler)
        self.pages, self.behind_proxy = pages, behind_proxy


class _Handler(BoundedHandler):
    """One request, one answer, then the connection ends."""

    server: Door

    def do_GET(self) -> None:  # noqa: N802 - the library calls it so
        """Answer without acting."""
        self._answer("")

    do_HEAD = do_GET  # noqa: N815 - the library calls it so

    def do_POST(self) -> None:  # noqa: N802 - the library calls it so
        """Act."""
        form = self.body(MOST_FORM, without_length="0")
        if form is not None:
            self._answer(form.decode("utf-8", "replace"))

    def _answer(self, form: str) -> None:
        path, _, query = self.path.partition("?")
        asked = Asked(method=self.command, path=path, query=query, form=form, client=self._client())
        try:
            answer = self.server.pages.answer(asked)
        except WiredeskError as error:
            sys.stderr.write(f"wiredesk: {error}\n")
            answer = Answered(503, "Please try again later.\n")
        self.reply(answer.status, HEADERS, answer.page)

    def _client(self) -> str:
        given = self.headers.get("X-Forwarded-For", "") if self.server.behind_proxy else ""
        return given.rpartition(",")[2].strip()[:64] or self.client_address[0]


class Clerk(threading.Thread):
    """Works off what was asked for, one after the other, apart from the answers."""

    def __init__(self, ask: Callable[[str, Sequence[str]], None], send: Callable[[], int]) -> None:
        super().__init__(name="wiredesk-clerk", daemon=True)
        self._ask, self._send = ask, send
        self._waiting: Queue[tuple[str, Sequence[str]] | None] = Queue(_WAITING)

    def note(self, address: str, series: Sequence[str]) -> None:
        """Take an address; when too many wait already, it is let go: whoever it is may ask again."""
        with suppress(Full):
            self._waiting.put_nowait((address, series))

    def stop(self) -> None:
        """Work off what waits, then end."""
        self._waiting.put(None)
        self.join(WHOLE_REQUEST)

    def run(self) -> None:
        """Work until told to stop."""
        while True:
            try:
                work = self._waiting.get(timeout=_EVERY)
            except Empty:
                work = ("", ())
            if work is None:
                return
            try:
                if work[0]:
                    self._ask(*work)
                self._send()
            except WiredeskError as error:
                sys.stderr.write(f"wiredesk: {error}\n")
