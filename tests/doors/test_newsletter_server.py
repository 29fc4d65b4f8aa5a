"""The newsletter's door on a real socket: what it lets in, how long, and that it says nothing of it."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from letterdesk import LetterDesk
from test_newsletter_pages import ADA, form

from wiredesk.adapters.memory_post import MemoryPost
from wiredesk.doors import bounded
from wiredesk.doors.newsletter_pages import HEADERS, Limit, Pages
from wiredesk.doors.newsletter_server import Clerk, Door
from wiredesk.errors import StoreError


@contextmanager
def served(desk: LetterDesk, *, behind_proxy: bool = False) -> Iterator[tuple[int, Clerk]]:
    clerk = Clerk(desk.subscribing.ask, lambda: desk.subscribing.send_confirmations(desk.post))
    pages = Pages(desk.settings, desk.subscribing, clerk.note, by_client=Limit(5, 600))
    door = Door(("127.0.0.1", 0), pages, behind_proxy=behind_proxy)
    thread = threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    clerk.start()
    try:
        yield door.server_address[1], clerk
    finally:
        door.shutdown()
        thread.join()
        door.server_close()
        clerk.stop()


def ask(
    port: int, method: str, path: str, body: str | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def desk(tmp_path: Path) -> LetterDesk:
    return LetterDesk(tmp_path)


def test_from_the_form_to_the_list_and_off_again(desk: LetterDesk) -> None:
    assert isinstance(desk.post, MemoryPost)
    with served(desk) as (port, clerk):
        status, headers, page = ask(port, "GET", "/mail/")
        assert (status, "Your mail address" in page) == (200, True)
        assert {*HEADERS} <= {*headers.items()}
        assert headers["Server"] == "wiredesk"
        assert ask(port, "HEAD", "/mail/")[2] == ""
        assert ask(port, "POST", "/mail/subscribe", form(ADA))[0] == 202
        clerk.stop()
        (letter,) = desk.post.letters
        text = letter.data.replace(b"=\r\n", b"").replace(b"=3D", b"=").decode()
        link = text.partition("https://desk.example")[2].split()[0]
        assert ask(port, "GET", link)[0] == 200
        assert desk.letters.subscribers()[0].status == "pending"
        assert ask(port, "POST", link, "")[0] == 200
        assert desk.letters.subscribers()[0].status == "active"


def test_nothing_of_a_request_is_logged(
    desk: LetterDesk, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(desk) as (port, _):
        ask(port, "POST", "/subscribe?t=secret", form(ADA))
        ask(port, "GET", "/unsubscribe?t=secret")
        ask(port, "BREW", "/secret")
    told = capfd.readouterr()
    assert told.out + told.err == ""


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Length": "4097"}, 413),
        ({"Content_Length": "-1"}, 411),
        ({"Content_Length": "x"}, 411),
        ({"Transfer_Encoding": "chunked"}, 411),
    ],
)
def test_a_body_that_is_too_large_or_unmeasured_is_not_read(
    desk: LetterDesk, headers: dict[str, str], status: int
) -> None:
    with served(desk) as (port, _):
        assert ask(port, "POST", "/subscribe", **headers)[0] == status


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n", b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"x" * 70_000,
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 300 + b"\r\n",
        b"POST /subscribe HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
    ],
)  # fmt: skip
def test_whatever_is_sent_the_door_goes_on(desk: LetterDesk, sent: bytes) -> None:
    with served(desk) as (port, _):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass
        assert ask(port, "GET", "/")[0] == 200


def test_who_dawdles_is_cut_off(desk: LetterDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "WHOLE_REQUEST", 0.5)
    with (
        served(desk) as (port, _),
        socket.create_connection(("127.0.0.1", port), timeout=10) as slow,
    ):
        began = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - began < 5:
                slow.sendall(b"G")
                time.sleep(0.1)
        assert time.monotonic() - began < 5


def test_no_more_are_served_at_once_than_there_is_room_for(
    desk: LetterDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "AT_ONCE", 3)
    with served(desk) as (port, _):
        idle = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(3)]
        time.sleep(0.3)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as further:
            assert further.recv(10) == b""
        for connection in idle:
            connection.close()
        time.sleep(0.3)
        assert ask(port, "GET", "/")[0] == 200


def test_behind_a_proxy_the_client_is_the_one_that_it_names_last(desk: LetterDesk) -> None:
    with served(desk, behind_proxy=True) as (port, _):
        for number in range(8):
            named = f"6.6.6.{number}, 10.0.0.{number % 2}"
            assert ask(port, "POST", "/subscribe", form(ADA), X_Forwarded_For=named)[0] == 202
        named = "9.9.9.9, 10.0.0.1"
        answers = [
            ask(port, "POST", "/subscribe", form(ADA), X_Forwarded_For=named)[0] for _ in range(2)
        ]
        assert answers == [202, 429]
    with served(desk) as (port, _):
        answers = [
            ask(port, "POST", "/subscribe", form(ADA), X_Forwarded_For=f"6.6.6.{number}")[0]
            for number in range(6)
        ]
        assert answers == [202] * 5 + [429], "nobody else is believed"


def test_a_list_that_cannot_be_written_is_told_to_the_operator_not_to_the_reader(
    desk: LetterDesk, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> bool:
        raise StoreError("the disk is full")

    monkeypatch.setattr(type(desk.subscribing), "leave", fails)
    with served(desk) as (port, _):
        status, _headers, page = ask(port, "POST", "/unsubscribe?t=x", "")
    assert (status, "disk" in page) == (503, False)
    assert "the disk is full" in capfd.readouterr().err


def test_a_full_queue_lets_go_and_answers_the_same(desk: LetterDesk) -> None:
    clerk = Clerk(desk.subscribing.ask, lambda: 0)
    for number in range(2_000):
        clerk.note(f"r{number}@reader.example", ())
    assert clerk._waiting.qsize() == 1_000
