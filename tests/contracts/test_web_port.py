"""What every web must do, run on each: the live one, a recording one, a replay and the fake."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.adapters.clock import FixedClock, SystemTimer
from wiredesk.adapters.memory_hosts import MemoryHosts
from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.adapters.polite import PoliteWeb
from wiredesk.adapters.warc import RecordingWeb, ReplayWeb
from wiredesk.adapters.web import LiveWeb
from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError
from wiredesk.ports.web import Web
from wiredesk.records.page import Answer, Request

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
FEED = b"<rss><channel><title>Harbour</title></channel></rss>"


class Newsroom(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        where = self.path.partition("?")[0]
        if where == "/moved":
            self._say(302, ("Location", "/feed"))
        elif where == "/removed":
            self._say(410)
        elif where == "/cut":
            self._say(200, length=500)
        elif where == "/feed":
            self._say(200, ("ETag", '"v1"'), ("X-Twice", "a"), ("X-Twice", "b"), body=FEED)
        else:
            self._say(404)

    def _say(
        self, status: int, *headers: tuple[str, str], body: bytes = b"", length: int = 0
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True


@pytest.fixture(scope="module")
def newsroom() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Newsroom)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def live(newsroom: str) -> LiveWeb:
    port = int(newsroom.rpartition(":")[2])
    settings = FetchSettings(ports=(port,), allow_networks=("127.0.0.1/32",), feed_deadline=5.0)
    return LiveWeb(settings, FixedClock(AT), AddressPolicy(settings.allow_networks).refusal)


PATHS = ("/feed", "/moved", "/removed", "/cut")


def outcome(web: Web, url: str) -> Answer | FetchError:
    try:
        return web.exchange(Request(url=url, purpose="feed"))
    except FetchError as error:
        return error


@pytest.fixture(params=["live", "recording", "replay", "memory", "polite"])
def web(request: pytest.FixtureRequest, newsroom: str, tmp_path: Path) -> Iterator[Web]:
    there = live(newsroom)
    match request.param:
        case "live":
            yield there
        case "recording":
            with closing(RecordingWeb(there, tmp_path / "run.warc.gz", AT)) as recording:
                yield recording
        case "replay":
            with closing(RecordingWeb(there, tmp_path / "run.warc.gz", AT)) as recording:
                for path in PATHS:
                    outcome(recording, newsroom + path)
            yield ReplayWeb(tmp_path / "run.warc.gz")
        case "memory":
            yield MemoryWeb({newsroom + path: outcome(there, newsroom + path) for path in PATHS})
        case _:
            yield PoliteWeb(there, FetchSettings(host_gap=0), MemoryHosts(), SystemTimer())


def test_an_answer_is_status_headers_body_and_time(web: Web, newsroom: str) -> None:
    answer = web.exchange(Request(url=newsroom + "/feed", purpose="feed"))

    assert answer == Answer(
        url=newsroom + "/feed",
        status=200,
        headers=(
            ("etag", '"v1"'),
            ("x-twice", "a"),
            ("x-twice", "b"),
            ("content-length", str(len(FEED))),
        ),
        body=FEED,
        at=AT,
    )


def test_the_same_question_has_the_same_answer(web: Web, newsroom: str) -> None:
    request = Request(url=newsroom + "/feed", purpose="feed")
    assert web.exchange(request) == web.exchange(request)


def test_a_redirect_is_told_and_not_followed(web: Web, newsroom: str) -> None:
    answer = web.exchange(Request(url=newsroom + "/moved", purpose="feed"))
    assert (answer.status, answer.header("location")) == (302, "/feed")


def test_a_status_is_no_error(web: Web, newsroom: str) -> None:
    answer = web.exchange(Request(url=newsroom + "/removed", purpose="feed"))
    assert (answer.status, answer.body) == (410, b"")


def test_a_failure_is_an_error_of_ours_with_its_class(web: Web, newsroom: str) -> None:
    with pytest.raises(FetchError) as caught:
        web.exchange(Request(url=newsroom + "/cut", purpose="feed"))
    assert caught.value.reason == "truncated"


def test_an_address_where_nothing_is_known_gives_no_page(web: Web) -> None:
    gone = outcome(web, "http://127.0.0.1:1/nowhere")
    assert isinstance(gone, FetchError)
