"""What the doors on HTTP have in common: the standard library's server, bounded.

So many connections at once, so many bytes, so many seconds for a whole request. Nothing is logged but
that a request failed, because paths hold tokens and secrets.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

AT_ONCE = 32
"""Connections that are served at once; a further one is closed."""
WHOLE_REQUEST = 15.0
"""Seconds from the connection to the end of its answer."""


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
        error = sys.exception()
        if not isinstance(error, OSError):
            sys.stderr.write(f"wiredesk: a request failed ({type(error).__name__})\n")


def _end(request: object) -> None:
    if isinstance(request, socket.socket):
        with suppress(OSError):
            request.shutdown(socket.SHUT_RDWR)


class BoundedHandler(BaseHTTPRequestHandler):
    """One request, one answer, then the connection ends (HTTP/1.0)."""

    timeout = 5.0
    error_message_format = "%(code)d\n"
    error_content_type = "text/plain; charset=utf-8"

    def body(self, most: int, *, without_length: str = "") -> bytes | None:
        """Return the request's body of at most ``most`` bytes; None when it was answered that it
        cannot be taken. ``without_length`` is the length of a body that states none.
        """
        length = self.headers.get("Content-Length", without_length)
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdecimal()):
            self.send_error(411)
        elif len(length) > len(str(most)) or int(length) > most:
            self.send_error(413)
        else:
            return self.rfile.read(int(length))
        return None

    def reply(self, status: int, headers: Iterable[tuple[str, str]], text: str) -> None:
        """Answer with ``text``."""
        body = text.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        """Name the program and no more."""
        return "wiredesk"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's
        """Say nothing."""
