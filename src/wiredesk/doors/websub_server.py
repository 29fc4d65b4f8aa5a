"""The door that WebSub hubs call: HTTP on this machine, to be put behind a server that speaks TLS.

What a hub sends is never read as a feed. It only brings about that the source is asked, by the one way
in, sooner: at once when it is signed, not before the floor has passed when it is not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

import msgspec

from wiredesk.doors.bounded import Bounded, BoundedHandler
from wiredesk.errors import WiredeskError
from wiredesk.ports.hubs import Hubs
from wiredesk.records import websub

MOST_BODY = 5_000_000
"""Bytes of a delivery, as of a feed (THREATS R4)."""
_HEADERS = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
)
_MOST_QUERY = 8_000
_MOST_FIELDS = 20


class Reply(msgspec.Struct, frozen=True):
    """A status and a text."""

    status: int
    text: str = ""


class Callbacks:
    """What hubs are answered; ``moment`` gives the time in seconds since 1970 UTC."""

    def __init__(self, hubs: Hubs, moment: Callable[[], float], lease: float) -> None:
        self._hubs, self._moment, self._lease = hubs, moment, lease

    def intent(self, path: str, query: Mapping[str, str]) -> Reply:
        """Answer a verification of intent or a denial: the challenge, if it is about what we asked."""
        held = self._held(path)
        if held is None:
            return Reply(404)
        if (refused := websub.denied(held, query)) is not None:
            self._hubs.keep(refused)
            return Reply(200)
        granted = websub.verified(held, query, self._moment(), self._lease)
        if granted is None:
            return Reply(404)
        self._hubs.keep(granted)
        return Reply(200, query["hub.challenge"])

    def delivery(self, path: str, signature: str, body: bytes) -> Reply:
        """Take note that something came. The answer does not tell whether its signature was good."""
        held = self._held(path)
        if held is None:
            return Reply(410)  # the hub is not to send it any more (section 7)
        signed = websub.is_signed(held, signature, body)
        self._hubs.tell(held.source, self._moment(), signed=signed)
        return Reply(202)

    def _held(self, path: str) -> websub.Subscription | None:
        return self._hubs.subscription(path.rstrip("/").rpartition("/")[2][:100])


class HubDoor(Bounded):
    """Serves ``callbacks``."""

    def __init__(self, place: tuple[str, int], callbacks: Callbacks) -> None:
        super().__init__(place, _Handler)
        self.callbacks = callbacks


class _Handler(BoundedHandler):
    """One request, one answer, then the connection ends."""

    server: HubDoor

    def do_GET(self) -> None:  # noqa: N802 - the library calls it so
        """Answer a verification of intent."""
        path, _, query = self.path.partition("?")
        try:
            pairs = parse_qsl(query[:_MOST_QUERY], max_num_fields=_MOST_FIELDS)
        except ValueError:
            self.send_error(400)
            return
        self._answer(lambda: self.server.callbacks.intent(path, dict(pairs)))

    def do_POST(self) -> None:  # noqa: N802 - the library calls it so
        """Take a delivery; one that was broken off is none."""
        body = self.body(MOST_BODY)
        if body is not None and len(body) == int(self.headers["Content-Length"]):
            signature = self.headers.get("X-Hub-Signature", "")
            self._answer(lambda: self.server.callbacks.delivery(self.path, signature, body))

    def _answer(self, ask: Callable[[], Reply]) -> None:
        try:
            reply = ask()
        except WiredeskError as error:
            sys.stderr.write(f"wiredesk: {error}\n")
            reply = Reply(503)
        self.reply(reply.status, _HEADERS, reply.text)
