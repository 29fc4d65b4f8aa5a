"""The one way out: a request to one address (THREATS R1-R4). No other module may open a socket.

A request goes through these steps, all of them before one deadline::

    address apart -> port -> one look-up -> every address checked -> connected to a checked one
        -> TLS -> request -> head -> (status 2xx only) body, under its caps

The name is looked up once and the socket is connected to an address that was checked, so that a
second, different DNS answer has no effect. Answers are taken apart by ``records.http1``. No proxy
settings, cookies or credentials of the environment are ever used.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from functools import cache
from queue import Empty, SimpleQueue
from typing import NamedTuple, NoReturn
from urllib.parse import urlsplit

import certifi

from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, Refused
from wiredesk.ports.clock import Clock
from wiredesk.records.http1 import Caps, Incoming, beyond_the_end, read_body, read_head
from wiredesk.records.page import Answer, Purpose, Request
from wiredesk.records.weburl import checked

Refusal = Callable[[str], str | None]
"""Says why a numeric address may not be connected to, or None (``adapters.addresses``)."""
Resolve = Callable[[str], Sequence[str]]
"""Gives the numeric addresses of a host; raises ``OSError`` when there are none."""

_ADDRESSES_TRIED = 4
_FORM_HEADERS = (("content-type", "application/x-www-form-urlencoded"),)
_LINGER = 0.1
"""Seconds in which bytes beyond the announced end are still noticed."""
_HEADER_NAME = re.compile(r"[a-z0-9-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

_PAGES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_FEEDS = "application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.1"
_ACCEPT: dict[Purpose, str] = {
    "feed": _FEEDS,
    "page": _PAGES,
    "image": "image/webp, image/jpeg, image/png, image/gif",
    "robots": "text/plain, */*;q=0.1",
    "websub": _FEEDS,
    "webhook": "*/*",
}


class _Target(NamedTuple):
    """The parts of an address that a request is built from."""

    host: str
    port: int
    authority: str
    path: str
    tls: bool


class LiveWeb:
    """The web port on sockets.

    ``refusal`` is the address policy; ``resolve`` and ``trust`` (the TLS context) have the
    machine's resolver and the system's and certifi's authorities as their defaults.
    """

    def __init__(
        self,
        settings: FetchSettings,
        clock: Clock,
        refusal: Refusal,
        *,
        resolve: Resolve | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._refusal = refusal
        self._resolve = resolve or system_addresses
        self._trust = trust
        self._mine = threading.local()

    def exchange(self, request: Request) -> Answer:
        """Ask once. A body is read for status 2xx only; every other answer is its head.

        Raises ``FetchError`` of the classes ``dns``, ``connect``, ``tls``, ``timeout``,
        ``truncated``, ``length``, ``protocol``, and ``Refused`` of the classes ``url``, ``port``,
        ``header``, ``address``, ``wire-cap``, ``decoded-cap``, ``head-cap``, ``encoding``.
        """
        target = self._target(request.url)
        message = self._message(target, request)
        budget = self._settings.budget(request.purpose)
        deadline = _Deadline(target.host, request.within or budget.deadline)
        try:
            return self._answer(request, target, message, deadline)
        finally:
            self._mine.spent = self.spent() + deadline.passed()

    def spent(self) -> float:
        """Return the seconds that this thread's requests have taken, in all."""
        return float(getattr(self._mine, "spent", 0.0))

    def _answer(
        self, request: Request, target: _Target, message: bytes, deadline: _Deadline
    ) -> Answer:
        budget = self._settings.budget(request.purpose)
        at = self._clock.now()
        with closing(self._connected(target, deadline)) as connection:
            line = _Line(connection, deadline)
            line.send(message)
            incoming = Incoming(line.receive, target.host, budget.wire)
            head = read_head(incoming)
            body = b""
            if 200 <= head.status < 300:  # noqa: PLR2004 - what went well, RFC 9110 section 15.3
                body = read_body(incoming, head, Caps(budget.wire, budget.decoded))
                line.expect_end()
        return Answer(url=request.url, status=head.status, headers=head.headers, body=body, at=at)

    def _target(self, url: str) -> _Target:
        parts = urlsplit(checked(url))
        tls = parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        host = parts.hostname or ""
        if port not in self._settings.ports:
            raise Refused("port", f"{host} is not asked on port {port}")
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return _Target(host, port, parts.netloc, path, tls)

    def _message(self, target: _Target, request: Request) -> bytes:
        contact = self._settings.contact
        agent = self._settings.user_agent + (f" (+{contact})" if contact else "")
        headers = (
            ("host", target.authority),
            ("user-agent", agent),
            ("accept", _ACCEPT[request.purpose]),
            ("accept-encoding", "gzip, identity"),
            ("connection", "close"),
            *(_FORM_HEADERS if request.form else ()),
            *((("content-length", str(len(request.form))),) if request.form else ()),
            *request.headers,
        )
        for name, value in headers:
            if not (_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)):
                raise Refused("header", f"the header {name!r} for {target.host} cannot be sent")
        method = "POST" if request.form else "GET"
        lines = [f"{method} {target.path} HTTP/1.1"]
        lines += (f"{name}: {value}" for name, value in headers)
        return "\r\n".join((*lines, "", "")).encode("latin-1") + request.form

    def _connected(self, target: _Target, deadline: _Deadline) -> socket.socket:
        addresses = self._addresses(target.host, deadline)
        connection = self._reached(addresses, target, deadline)
        return self._secured(connection, target, deadline) if target.tls else connection

    def _addresses(self, host: str, deadline: _Deadline) -> Sequence[str]:
        """Look the host up, once; one refused address refuses the host."""
        found = _looked_up(self._resolve, host, deadline)
        if not found:
            raise FetchError("dns", f"{host} has no address")
        for address in found:
            why = self._refusal(address)
            if why:
                raise Refused("address", f"{host} is not asked: its address {address} {why}")
        return found

    def _reached(
        self, addresses: Sequence[str], target: _Target, deadline: _Deadline
    ) -> socket.socket:
        """Connect to the first address that takes us, sharing out the time among them."""
        tried = addresses[:_ADDRESSES_TRIED]
        until = time.monotonic() + min(self._settings.connect_timeout, deadline.left())
        failure: OSError | None = None
        for waiting, address in zip(range(len(tried), 0, -1), tried, strict=True):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            connection = socket.socket(family, socket.SOCK_STREAM)
            try:
                connection.settimeout(max(until - time.monotonic(), 0.001) / waiting)
                connection.connect((address, target.port))
            except OSError as error:
                connection.close()
                failure = error
            else:
                return connection
        if isinstance(failure, TimeoutError):
            seconds = min(self._settings.connect_timeout, deadline.seconds)
            raise FetchError(
                "timeout", f"{target.host} took no connection within {seconds:g} s"
            ) from failure
        raise FetchError("connect", f"{target.host} cannot be reached ({_cause(failure)})")

    def _secured(
        self, connection: socket.socket, target: _Target, deadline: _Deadline
    ) -> ssl.SSLSocket:
        trust = self._trust or _public_trust()
        with ExitStack() as in_vain:
            in_vain.callback(connection.close)
            secured = trust.wrap_socket(
                connection,
                server_hostname=target.host,
                do_handshake_on_connect=False,
                suppress_ragged_eofs=False,
            )
            in_vain.callback(secured.close)
            try:
                secured.settimeout(deadline.left())
                secured.do_handshake()
            except OSError as error:
                raise _untrusted(error, deadline) from error
            in_vain.pop_all()
        return secured


class _Deadline:
    """The moment at which all patience with a host ends, on the monotonic clock (R12)."""

    def __init__(self, host: str, seconds: float) -> None:
        self.host, self.seconds = host, seconds
        self._began = time.monotonic()
        self._at = self._began + seconds

    def passed(self) -> float:
        """Return the seconds that have gone by."""
        return time.monotonic() - self._began

    def left(self) -> float:
        """Return the seconds that are left; raises ``FetchError`` when there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> FetchError:
        """Make the error for a host that takes too long."""
        return FetchError("timeout", f"{self.host} did not answer within {self.seconds:g} s")


class _Line:
    """A connection that is read and written before a deadline."""

    def __init__(self, connection: socket.socket, deadline: _Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def send(self, message: bytes) -> None:
        """Send all of ``message``."""
        self._connection.settimeout(self._deadline.left())
        try:
            self._connection.sendall(message)
        except OSError as error:
            self._raise(error)

    def receive(self, most: int) -> bytes:
        """Return up to ``most`` bytes, none when the other side has closed properly."""
        self._connection.settimeout(self._deadline.left())
        try:
            return self._connection.recv(most)
        except OSError as error:
            self._raise(error)

    def expect_end(self) -> None:
        """Raise ``FetchError`` when more comes after the end of the answer.

        We asked for the connection to be closed, so its end is normally here at once; a server
        that keeps it open costs a tenth of a second.
        """
        more = b""
        self._connection.settimeout(_LINGER)
        with suppress(OSError):
            more = self._connection.recv(1)
        if more:
            raise beyond_the_end(self._deadline.host)

    def _raise(self, error: OSError) -> NoReturn:
        host = self._deadline.host
        if isinstance(error, TimeoutError):
            raise self._deadline.missed() from error
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            raise FetchError("tls", f"{host} does not speak proper TLS") from error
        raise FetchError("truncated", f"{host} broke the connection off") from error


def system_addresses(host: str) -> Sequence[str]:
    """Return the addresses that the machine's resolver gives for ``host``, each once."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def _looked_up(resolve: Resolve, host: str, deadline: _Deadline) -> Sequence[str]:
    """Resolve in a thread of its own: the system's resolver knows no deadline."""
    answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(resolve(host))
        except (OSError, ValueError) as error:
            answers.put(error)

    threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except Empty as error:
        raise deadline.missed() from error
    if isinstance(answer, Exception):
        raise FetchError("dns", f"{host} is not known to the DNS") from answer
    return answer


@cache
def _public_trust() -> ssl.SSLContext:
    """Trust the system's authorities, and certifi's where a machine has none."""
    trust = ssl.create_default_context()
    trust.load_verify_locations(certifi.where())
    return trust


def _untrusted(error: OSError, deadline: _Deadline) -> FetchError:
    if isinstance(error, TimeoutError):
        return deadline.missed()
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message
        return FetchError("tls", f"{deadline.host} cannot prove who it is ({why})")
    return FetchError("tls", f"{deadline.host} does not speak proper TLS")


def _cause(error: OSError | None) -> str:
    return (error.strerror or type(error).__name__).lower() if error else "no address"
