"""What clients make of servers that lie: the table of docs/decisions/0020-http.md.

Needs the extra ``bench``. It takes half a minute: one case holds h11 for that long.
"""

from __future__ import annotations

import gzip
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import h11
import urllib3

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.adapters.clock import SystemClock
from wiredesk.adapters.web import LiveWeb
from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError
from wiredesk.records.page import Request

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "adapters"))
from server import RawServer, says, serving

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
SLOW: list[bytes | float] = [piece for _ in range(8) for piece in (b"x", 0.5)]
BLANKS = b" " * 60_000
CRUMBS = b"1\r\nx\r\n" * 100_001 + b"0\r\n\r\n"
MANY = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 60_000) for number in range(50))
CASES: dict[str, list[bytes | float]] = {
    "a head cut in a field": [OK + b"Content-Le"],
    "a status line, then nothing": [b"HTTP/1.1 200"],
    "a gzip that is cut": [
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"news " * 99, mtime=0)[:20]
    ],
    "length and chunks": [OK + b"Content-Length: 3\r\n" + CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n"],
    "more than announced": [OK + b"Content-Length: 3\r\n\r\nhello"],
    "a length of -1": [OK + b"Content-Length: -1\r\n\r\nhello"],
    "a line without a colon": [OK + b"rubbish\r\nContent-Length: 900\r\n\r\nhello"],
    "a chunk of 0x5": [OK + CHUNKED + b"\r\n0x5\r\nhello\r\n0\r\n\r\n"],
    "no reason phrase, no blank": [b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"],
    "a length of 5, 5": [OK + b"Content-Length: 5, 5\r\n\r\nhello"],
    "a control character": [OK + b"X: a\x01b\r\nContent-Length: 0\r\n\r\n"],
    "a chunk of 2^64 - 1": [OK + CHUNKED + b"\r\n" + b"F" * 16 + b"\r\nhello", 3.0],
    "100,001 chunks of a byte": [OK + CHUNKED + b"\r\n" + CRUMBS],
    "60 KB of blanks, then NUL": [OK + b"X:" + BLANKS + b"\0\r\n\r\n"],
    "3 MB of headers": [OK + MANY + b"Content-Length: 2\r\n\r\nok"],
    "a head that takes 4 s": [OK + b"X: ", *SLOW, b"\r\nContent-Length: 0\r\n\r\n"],
}


def by_urllib3(server: RawServer) -> str:
    with urllib3.PoolManager(retries=False) as pool:
        try:
            answer = pool.request("GET", server.url(), timeout=urllib3.Timeout(total=1.0))
        except (urllib3.exceptions.HTTPError, OverflowError) as error:
            return type(error).__name__
    return f"{answer.status}, {len(answer.data)} bytes"


def by_h11(server: RawServer) -> str:
    """Run h11 as its guide says, in a loop that ends at the deadline, with nothing around it."""
    until = time.monotonic() + 1.0
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=65_536)
    headers = [("Host", server.host), ("Connection", "close")]
    asked = http.send(h11.Request(method="GET", target="/", headers=headers))
    body = b""
    status = 0
    with socket.create_connection((server.host, server.port)) as connection:
        connection.sendall((asked or b"") + (http.send(h11.EndOfMessage()) or b""))
        try:
            while not isinstance(event := http.next_event(), h11.EndOfMessage):
                if event is h11.NEED_DATA:
                    connection.settimeout(max(until - time.monotonic(), 0.001))
                    http.receive_data(connection.recv(65_536))
                elif isinstance(event, h11.Response):
                    status = event.status_code
                elif isinstance(event, h11.Data):
                    body += event.data
        except (h11.RemoteProtocolError, OSError) as error:
            return type(error).__name__
    return f"{status}, {len(body)} bytes"


def by_wiredesk(server: RawServer) -> str:
    settings = FetchSettings(
        ports=(server.port,), allow_networks=("127.0.0.1/32",), feed_deadline=1.0
    )
    web = LiveWeb(settings, SystemClock(), AddressPolicy(settings.allow_networks).refusal)
    try:
        answer = web.exchange(Request(url=server.url(), purpose="feed"))
    except FetchError as error:
        return error.reason
    return f"{answer.status}, {len(answer.body)} bytes"


def timed(client: Callable[[RawServer], str], script: list[bytes | float]) -> str:
    with serving(says(*script)) as server:
        began = time.monotonic()
        said = client(server)
        return f"{said} ({time.monotonic() - began:.1f} s)"


def main() -> None:
    for name, script in CASES.items():
        said = (timed(client, script) for client in (by_urllib3, by_h11, by_wiredesk))
        print(f"{name:28}", *(f"{outcome:32}" for outcome in said), flush=True)


if __name__ == "__main__":
    main()
