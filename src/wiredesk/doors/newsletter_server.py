"""The newsletter's door for readers: HTTP on this machine, to be put behind a server that speaks TLS.

The standard library's server, bounded: so many connections at once, so many bytes, so many seconds for
a whole request. It logs nothing, because addresses and tokens are all that it hears.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Full, Queue

from wiredesk.doors.newsletter_pages import HEADERS, MOST_FORM, Answered, Asked, Pages
from wiredesk.errors import WiredeskError

AT_ONCE = 32
"""Connections that are served at once; a further one is closed."""
WHOLE_REQUEST = 15.0
"""Seconds from the connection to the end of its answer."""
_WAITING = 1_000
_EVERY = 60.0
"""Seconds after which confirmations that could not be sent are tried again."""


class Bounded(ThreadingHTTPServer):
    """A server that serves so many at once, and each of them no longer than ``WHOLE_REQUEST``."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, place: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
        super().__init__(place, handler)
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def serve_until_told(self) -> None:
        """Serve until SIGTERM or Ctrl-C, then close."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            self.server_close()

    def process_request(self, request: object, client_address: object) -> None:
        """Serve one connection in a thread of its own, if there is room."""
        if not isinstance(request, socket.socket):
            return
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: object, client_address: object) -> None:
        """Serve one connection, no longer than a whole request may take."""
        over = threading.Timer(WHOLE_REQUEST, _end, (request,))
        over.daemon = True
        over.start()
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            over.cancel()
            self._room.release()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - neither is told
        """Say that a request failed, and why, without its content."""
        error = sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1]
        if not isinstance(error, OSError):
            sys.stderr.write(f"wiredesk: a request failed ({type(error).__name__})\n")


class Door(Bounded):
    """Serves ``pages``; ``behind_proxy`` believes the last X-Forwarded-For."""

    def __init__(self, place: tuple[str, int], pages: Pages, *, behind_proxy: bool) -> None:
        super().__init__(place, _Handler)
        self.pages, self.behind_proxy = pages, behind_proxy


def _end(request: object) -> None:
    if isinstance(request, socket.socket):
        with suppress(OSError):
            request.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """One request, one answer, then the connection ends (HTTP/1.0)."""

    server: Door
    timeout = 5.0
    error_message_format = "%(code)d\n"
    error_content_type = "text/plain; charset=utf-8"

    def do_GET(self) -> None:
        """Answer without acting."""
        self._answer("")

    do_HEAD = do_GET  # noqa: N815 - the library calls it so

    def do_POST(self) -> None:
        """Act."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.send_error(411)
        elif int(length) > MOST_FORM:
            self.send_error(413)
        else:
            self._answer(self.rfile.read(int(length)).decode("utf-8", "replace"))

    def version_string(self) -> str:
        """Name the program and no more."""
        return "wiredesk"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's
        """Say nothing: paths hold tokens."""

    def _answer(self, form: str) -> None:
        path, _, query = self.path.partition("?")
        asked = Asked(method=self.command, path=path, query=query, form=form, client=self._client())
        try:
            answer = self.server.pages.answer(asked)
        except WiredeskError as error:
            sys.stderr.write(f"wiredesk: {error}\n")
            answer = Answered(503, "Please try again later.\n")
        body = answer.page.encode()
        self.send_response(answer.status)
        for name, value in HEADERS:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

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
