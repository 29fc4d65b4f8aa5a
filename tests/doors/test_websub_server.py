"""The door for hubs, on a real socket (WebSub; THREATS O11)."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from wiredesk.adapters.sqlite.hubs import SqliteHubs
from wiredesk.doors.websub_server import Callbacks, HubDoor
from wiredesk.records.websub import Subscription

NOW = 1_772_000_000.0
HELD = Subscription(
    id="0123456789abcdef",
    source="feed:a",
    hub="https://hub.example/",
    topic="https://a.example/feed",
    secret="a secret of the two",
    asked=NOW,
    tries=1,
)
GOOD = {
    "hub.mode": "subscribe",
    "hub.topic": HELD.topic,
    "hub.challenge": "made by <b>the hub</b>",
    "hub.lease_seconds": "1000000000000",
}


class Served:
    def __init__(self, hubs: SqliteHubs, port: int) -> None:
        self.hubs, self.port = hubs, port

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(connection):
            connection.request(method, path, body if method == "POST" else None, named)
            answer = connection.getresponse()
            assert answer.getheader("Content-Type", "").startswith("text/plain")
            return answer.status, answer.read().decode()

    def intent(self, path: str = f"/hub/{HELD.id}", **changed: str) -> tuple[int, str]:
        query = {**GOOD, **{name.replace("_", "."): value for name, value in changed.items()}}
        return self.ask("GET", f"{path}?{urlencode(query)}")

    def delivers(self, body: bytes, signature: str, path: str = f"/hub/{HELD.id}") -> int:
        return self.ask("POST", path, body, X_Hub_Signature=signature)[0]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with closing(SqliteHubs(tmp_path / "websub.sqlite")) as hubs:
        hubs.keep(HELD)
        door = HubDoor(("127.0.0.1", 0), Callbacks(hubs, lambda: NOW, 864_000))
        thread = threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Served(hubs, door.server_address[1])
        finally:
            door.shutdown()
            thread.join()
            door.server_close()


def test_o11_the_challenge_is_given_back_as_plain_text_and_the_lease_is_bounded(
    served: Served,
) -> None:
    assert served.intent() == (200, GOOD["hub.challenge"])
    held = served.hubs.subscription(HELD.id)
    assert held is not None
    assert (held.state, held.until) == ("verified", NOW + 30 * 86_400)


@pytest.mark.parametrize(
    "changed",
    [
        {"hub_topic": "https://b.example/"},
        {"hub_mode": "unsubscribe"},
        {"hub_challenge": ""},
        {"path": "/hub/another"},
        {"path": "/"},
    ],
)
def test_o11_what_was_not_asked_for_is_not_confirmed(
    served: Served, changed: dict[str, str]
) -> None:
    status, text = served.intent(**changed)
    assert (status, text) == (404, "")
    assert served.hubs.subscription(HELD.id) == HELD


def test_a_denial_is_noted(served: Served) -> None:
    assert served.intent(hub_mode="denied")[0] == 200
    held = served.hubs.subscription(HELD.id)
    assert held is not None
    assert held.state == "denied"


def sign(body: bytes, method: str = "sha256") -> str:
    return f"{method}={hmac.new(HELD.secret.encode(), body, method).hexdigest()}"


@pytest.mark.parametrize(
    ("signature", "signed"),
    [
        (sign(b"<rss/>"), True),
        (sign(b"<rss/>", "sha512"), True),
        (sign(b"<rss/>", "sha1"), False),
        (sign(b"forged"), False),
        ("sha256=" + hashlib.sha256(b"<rss/>").hexdigest(), False),
        ("", False),
    ],
)
def test_o11_a_delivery_is_noted_with_whether_it_is_proven_and_the_answer_does_not_tell(
    served: Served, signature: str, signed: bool
) -> None:
    assert served.delivers(b"<rss/>", signature) == 202
    assert served.hubs.told() == {"feed:a": signed}


def test_a_delivery_to_nobody_is_gone(served: Served) -> None:
    assert served.delivers(b"x", "", path="/hub/nobody") == 410
    assert served.hubs.told() == {}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": "5000001"}, 413),
        ({"Content-Length": "9" * 5000}, 413),
        ({"Content-Length": "-1"}, 411),
        ({"Content-Length": "٣"}, 411),
        ({}, 411),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_o11_a_delivery_without_end_is_refused_unread(
    served: Served, headers: dict[str, str], status: int
) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as line:
        lines = [f"POST /hub/{HELD.id} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        line.sendall("\r\n".join((*lines, "", "")).encode())
        assert line.recv(100).split()[1] == str(status).encode()
    assert served.hubs.told() == {}


def test_a_delivery_that_is_cut_is_none(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as line:
        line.sendall(f"POST /hub/{HELD.id} HTTP/1.0\r\nContent-Length: 50\r\n\r\nhalf".encode())
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100) == b""
    assert served.hubs.told() == {}


def test_a_query_of_countless_fields_is_refused(served: Served) -> None:
    assert served.ask("GET", f"/hub/{HELD.id}?" + "a=b&" * 200)[0] == 400


def test_many_at_once_are_all_noted(served: Served) -> None:
    threads = [threading.Thread(target=served.delivers, args=(b"x", sign(b"x"))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(0)
    assert served.hubs.told() == {"feed:a": True}
