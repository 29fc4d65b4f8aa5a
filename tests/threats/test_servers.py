"""THREATS, group S (and U08 to U10): servers that misbehave, each case by its id, on loopback.

Every case has the bounds of the issue: the main process stays below 300 MB and grows by less than
64 MB, the asking thread burns less than a second, and no deadline is passed by half a second.
"""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from server import RESET, RawServer, Script, answer, deaf, says, serving

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.adapters.clock import FixedClock, ManualTimer
from wiredesk.adapters.polite import PoliteWeb
from wiredesk.adapters.sqlite.hosts import SqliteHosts
from wiredesk.adapters.web import LiveWeb, Resolve
from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, Refused
from wiredesk.records.entry import Validators
from wiredesk.records.page import Purpose
from wiredesk.sources import feed
from wiredesk.stages.fetch import Fetch

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HOST = "harbour-courier.example"
DEADLINE = 0.8
LATE = 0.5
"""Seconds by which a deadline may be passed."""
GROWTH, WHOLE, CPU = 64, 300, 1.0
"""Megabytes that a case may add, megabytes of the process, seconds of the asking thread."""

HEAD = b"HTTP/1.1 200 OK\r\n"
SEEN = Validators(etag='"v1"', last_modified="Sun, 01 Mar 2026 08:00:00 GMT")
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
OPEN = HEAD + b"\r\n"


def settings(port: int, **changes: object) -> FetchSettings:
    made = FetchSettings(ports=(port,), allow_networks=("127.0.0.1/32",), feed_deadline=5.0)
    return msgspec.structs.replace(made, **changes)


def here(_: str) -> Sequence[str]:
    return ["127.0.0.1"]


def fetch(port: int, resolve: Resolve = here, **changes: object) -> Fetch:
    given = settings(port, **changes)
    policy = AddressPolicy(given.allow_networks)
    return Fetch(LiveWeb(given, FixedClock(AT), policy.refusal, resolve=resolve), given)


def megabytes(field: str) -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


@contextmanager
def bounded(deadline: float = 5.0) -> Iterator[None]:
    """Fail what takes more memory, time of the processor, or patience than a case may."""
    try:
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins anew (proc(5))
    except OSError:  # pragma: no cover - not Linux
        pytest.skip("the memory of a case can be measured on Linux only")
    before, began, burnt = megabytes("VmRSS"), time.monotonic(), time.thread_time()
    yield
    took, burnt = time.monotonic() - began, time.thread_time() - burnt
    peak = megabytes("VmHWM")
    assert took <= deadline + LATE, f"it took {took:.2f} s"
    assert burnt < CPU, f"it burnt {burnt:.2f} s of the processor"
    assert peak - before < GROWTH, f"it took {peak - before:.0f} MB"
    # the process of a test holds the server and the other tests' things, too
    assert peak < max(WHOLE, before + GROWTH), f"the process had {peak:.0f} MB"


def refused(server: RawServer, deadline: float = 5.0, purpose: Purpose = "feed") -> FetchError:
    with bounded(deadline), pytest.raises(FetchError) as caught:
        fetch(server.port, feed_deadline=deadline)(f"http://{HOST}:{server.port}/", purpose)
    assert HOST in caught.value.message
    return caught.value


def forever(piece: bytes | float, first: bytes = b"", pause: float = 0) -> Script:
    def script(_: bytes) -> Iterator[bytes | float]:
        yield first
        while True:
            yield piece
            if pause:
                yield pause

    return script


# Cases S01: slow servers


SLOW = {
    "S01-one-byte-of-the-body-a-second": forever(
        b"x", HEAD + b"Content-Length: 1000\r\n\r\n", 0.25
    ),
    "S01-one-byte-of-the-head-each-half-second": forever(b"x", HEAD + b"X-Slow: ", 0.25),
    "S01-one-chunk-each-moment": forever(b"1\r\nx\r\n", CHUNKED, 0.05),
    "S01-accepts-and-never-answers": says(4.0),
    "S01-half-a-status-line": says(b"HTTP/1.1 2", 4.0),
}


@pytest.mark.parametrize("case", SLOW)
def test_a_slow_server_is_left_at_the_deadline(case: str) -> None:
    with serving(SLOW[case]) as server:
        began = time.monotonic()
        error = refused(server, DEADLINE)
        assert time.monotonic() - began >= DEADLINE - 0.05
    assert error.reason == "timeout"


@pytest.mark.parametrize("case", ["S01-slow-redirects", "S01-slow-304"])
def test_all_hops_of_an_answer_share_one_deadline(case: str) -> None:
    def script(head: bytes) -> Iterator[bytes | float]:
        yield 0.35
        path = head.split(b" ")[1]
        if case == "S01-slow-304":
            asked = b"if-none-match" in head.lower()
            yield b'HTTP/1.1 304 Not Modified\r\nETag: "v2"\r\n\r\n' if asked else b"HTTP/1.1 2"
            yield 3.0
        else:
            yield b"HTTP/1.1 302 Found\r\nLocation: " + path + b"x\r\n\r\n"

    with serving(script) as server, bounded(DEADLINE), pytest.raises(FetchError) as caught:
        fetch(server.port, feed_deadline=DEADLINE)(f"http://{HOST}:{server.port}/", "feed", SEEN)
    assert caught.value.reason == "timeout"


@pytest.mark.parametrize("case", ["S01-never-accepts"])
def test_a_server_that_never_accepts_is_left_at_the_connect_timeout(case: str) -> None:
    with deaf() as (_, port), bounded(DEADLINE), pytest.raises(FetchError) as caught:
        fetch(port, connect_timeout=DEADLINE)(f"http://{HOST}:{port}/", "feed")
    assert caught.value.reason == "timeout"


@pytest.mark.parametrize("case", ["S01-look-up", "S01-handshake"])
def test_what_comes_before_the_answer_counts_too(case: str) -> None:
    def slow(_: str) -> Sequence[str]:
        time.sleep(DEADLINE + LATE)
        return ["127.0.0.1"]

    scheme = "http" if case == "S01-look-up" else "https"
    resolve = slow if case == "S01-look-up" else here
    with serving(says(4.0)) as server, bounded(DEADLINE), pytest.raises(FetchError) as caught:
        fetch(server.port, resolve, feed_deadline=DEADLINE)(
            f"{scheme}://{HOST}:{server.port}/", "feed"
        )
    assert caught.value.reason == "timeout"


# Cases S02 to S06: bodies and heads without end, bombs, lengths that lie


def zeros(megabytes_of_them: int) -> bytes:
    """Make a gzip member of so many MB of zeros, a thousandth of the size, block by block."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = pack.compress(bytes(1 << 20)) + pack.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\x03" + block * megabytes_of_them + b"\x03\0" + bytes(8)


def coded(body: bytes, *codings: str) -> Script:
    return says(answer(body, *(f"Content-Encoding: {coding}" for coding in codings)))


BOMB = zeros(1024)
TWICE = gzip.compress(gzip.compress(bytes(1 << 20)), mtime=0)
FEED = b'<rss version="2.0"><channel><title>Courier</title></channel></rss>'
MEMBERS = gzip.compress(b"", mtime=0) * 200_000
"""4 MB of empty members: the million of the case is 20 MB, over the wire cap before anything else."""

ENDLESS: dict[str, tuple[Script, set[str]]] = {
    "S02-endless-chunks": (
        forever(b"1000\r\n" + b"x" * 4096 + b"\r\n", CHUNKED),
        {"wire-cap"},
    ),
    "S02-endless-body": (forever(b"x" * 65536, OPEN), {"wire-cap"}),
    "S02-a-chunk-of-FFFFFFFFFFFFFFFF": (
        forever(b"x" * 65536, CHUNKED + b"FFFFFFFFFFFFFFFF\r\n"),
        {"wire-cap"},
    ),
    "S02-a-million-chunks-of-a-byte": (
        says(CHUNKED, *[b"1\r\nx\r\n" * 10_000] * 100, b"0\r\n\r\n"),
        {"wire-cap"},
    ),
    "S02-endless-trailers": (
        forever(b"X-Trailer: and another one\r\n", CHUNKED + b"1\r\nx\r\n0\r\n"),
        {"head-cap"},
    ),
    "S02-an-endless-chunk-extension": (
        forever(b"x" * 4096, CHUNKED + b"1;"),
        {"head-cap"},
    ),
    "S03-1-GiB-of-zeros": (coded(BOMB, "gzip"), {"decoded-cap"}),
    "S03-gzip-in-gzip": (coded(TWICE, "gzip"), {"encoding"}),
    "S03-gzip-twice-and-said-so": (coded(TWICE, "gzip, gzip"), {"encoding"}),
    "S03-200-encodings": (coded(TWICE, *["gzip"] * 50), {"encoding"}),
    "S03-200-encodings-on-a-line": (coded(TWICE, ", ".join(["gzip"] * 200)), {"encoding"}),
    "S03-br": (coded(b"\x0b\x02\x80hello\x03", "br"), {"encoding"}),
    "S03-zstd": (coded(b"\x28\xb5\x2f\xfd\x20\x05\x29", "zstd"), {"encoding"}),
    "S03-a-million-empty-members": (coded(MEMBERS, "gzip"), {"encoding"}),
    "S03-a-million-empty-members-to-the-end": (coded(MEMBERS * 5, "gzip"), {"wire-cap"}),
    "S03-no-gzip-at-all": (coded(FEED, "gzip"), {"encoding"}),
    "S03-a-cut-gzip": (coded(gzip.compress(FEED)[:-9], "gzip"), {"truncated"}),
    "S03-a-gzip-with-a-wrong-sum": (
        coded(gzip.compress(FEED)[:-8] + bytes(8), "gzip"),
        {"encoding"},
    ),
    "S05-length-too-long": (
        says(HEAD + b"Content-Length: 100\r\n\r\n" + FEED),
        {"truncated"},
    ),
    "S05-length-too-short": (
        says(HEAD + b"Content-Length: 20\r\n\r\n" + FEED),
        {"length"},
    ),
    "S05-length-minus-1": (says(HEAD + b"Content-Length: -1\r\n\r\n" + FEED), {"protocol"}),
    "S05-length-plus": (says(HEAD + b"Content-Length: +66\r\n\r\n" + FEED), {"protocol"}),
    "S05-length-in-hex": (says(HEAD + b"Content-Length: 0x42\r\n\r\n" + FEED), {"protocol"}),
    "S05-two-lengths": (
        says(HEAD + b"Content-Length: 66\r\nContent-Length: 5\r\n\r\n" + FEED),
        {"protocol"},
    ),
    "S05-two-lengths-on-a-line": (
        says(HEAD + b"Content-Length: 66, 5\r\n\r\n" + FEED),
        {"protocol"},
    ),
    "S05-length-with-chunked": (
        says(CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\n\r\n") + b"0\r\n\r\n"),
        {"protocol"},
    ),
    "S05-length-of-20-digits": (
        says(HEAD + b"Content-Length: " + b"9" * 20 + b"\r\n\r\n" + FEED),
        {"protocol"},
    ),
    "S06-a-line-of-10-MB": (
        says(HEAD + b"X: ", *[b"x" * 100_000] * 100, b"\r\n\r\n"),
        {"head-cap"},
    ),
    "S06-100000-fields": (says(HEAD, *[b"X: y\r\n" * 1000] * 100, b"\r\n"), {"head-cap"}),
    "S06-5000-times-103": (
        says(*[b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100] * 50, answer(FEED)),
        {"head-cap"},
    ),
    "S06-endless-folds": (forever(b" folded\r\n" * 100, HEAD + b"X: y\r\n"), {"head-cap"}),
    "S06-endless-empty-lines": (forever(b"\r\n" * 100), {"protocol"}),
    "S11-http-0.9": (says(FEED + b"\n"), {"protocol"}),
    "S11-http-0.9-without-a-line": (says(FEED), {"truncated"}),
    "S11-status-999": (says(b"HTTP/1.1 999 Denied\r\n\r\n"), {"protocol"}),
    "S11-status-without-a-blank": (says(b"HTTP/1.1 200\r\n\r\n"), {"protocol"}),
    "S11-http-2": (says(b"HTTP/2 200 OK\r\n\r\n"), {"protocol"}),
    "S11-switching-protocols": (
        says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
        {"protocol"},
    ),
    "S11-nothing-at-all": (says(b""), {"truncated"}),
}


@pytest.mark.parametrize("case", ENDLESS)
def test_an_answer_that_lies_or_never_ends_is_refused(case: str) -> None:
    script, reasons = ENDLESS[case]
    with serving(script) as server:
        error = refused(server)
    assert error.reason in reasons


# Cases S07: answers to questions that were not asked


def conditional(unchanged: bytes) -> Script:
    def script(head: bytes) -> Sequence[bytes | float]:
        asked = b"if-none-match" in head.lower()
        return [unchanged] if asked else [answer(FEED, 'ETag: "v2"')]

    return script


@pytest.mark.parametrize("case", ["S07-304-unasked"])
def test_a_304_that_nobody_asked_for_is_no_unchanged_feed(case: str) -> None:
    with serving(says(b"HTTP/1.1 304 Not Modified\r\n\r\n")) as server:
        assert refused(server).reason == "odd-status"


@pytest.mark.parametrize(
    ("case", "unchanged", "status", "requests"),
    [
        ("S07-304", b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n', 304, 1),
        ("S07-304-new-etag", b'HTTP/1.1 304 Not Modified\r\nETag: "v2"\r\n\r\n', 200, 2),
        ("S07-200-same-etag", answer(FEED + b" ", 'ETag: "v1"'), 200, 1),
    ],
)
def test_what_is_not_about_our_version_is_asked_again(
    case: str, unchanged: bytes, status: int, requests: int
) -> None:
    with serving(conditional(unchanged)) as server, bounded():
        page = fetch(server.port)(f"http://{HOST}:{server.port}/", "feed", SEEN)
    assert (page.status, len(server.requests)) == (status, requests)
    assert page.body.strip() == (b"" if status == 304 else FEED)


# Case S09: servers that ask for less


WISHES = {
    "S09-120": ("120", 120.0),
    "S09-in-2099": ("Wed, 21 Oct 2099 07:28:00 GMT", 86_400.0),
    "S09-a-day-in-2099": ("Wed, 21 Oct 2099", 86_400.0),
    "S09-minus-1": ("-1", 60.0),
    "S09-banana": ("banana", 60.0),
    "S09-1e99": ("1e99", 60.0),
    "S09-nothing": ("", 60.0),
}


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize("case", WISHES)
def test_a_wish_to_be_left_alone_is_honoured_for_the_host_and_survives_a_restart(
    case: str, status: str, tmp_path: Path
) -> None:
    wish, wait = WISHES[case]
    timer = ManualTimer(AT)
    with serving(says(answer(b"", f"Retry-After: {wish}", status=status))) as server, bounded():

        def ask(path: str) -> str:
            """Ask as a process that was just started."""
            given = settings(server.port)
            policy = AddressPolicy(given.allow_networks)
            live = LiveWeb(given, FixedClock(AT), policy.refusal, resolve=here)
            with closing(SqliteHosts(tmp_path / "hosts.sqlite")) as hosts:
                web = PoliteWeb(live, given, hosts, timer)
                with pytest.raises(FetchError) as caught:
                    Fetch(web, given)(f"http://{HOST}:{server.port}{path}", "feed")
            return caught.value.reason

        first = ask("/feed")
        timer.wait(wait - 31)
        between = ask("/another")
        asked = len(server.requests)
        timer.wait(0.25 * wait + 32)
        later = ask("/feed")
    assert (first, between, later) == (
        {"429": "throttled", "503": "server"}[status[:3]],
        "waiting",
        {"429": "throttled", "503": "server"}[status[:3]],
    )
    assert (asked, len(server.requests)) == (1, 2)


# Case S11, of TLS


@pytest.mark.parametrize("case", ["S11-tls-alert", "S11-no-tls", "S11-tls-cut"])
def test_a_broken_handshake_is_a_failure_of_tls(case: str) -> None:
    alert = b"\x15\x03\x03\x00\x02\x02\x28"  # fatal, handshake_failure: RFC 8446, section 6
    said = {"S11-tls-alert": alert, "S11-no-tls": answer(FEED), "S11-tls-cut": alert[:4]}[case]
    with _at_once(said) as port, bounded(), pytest.raises(FetchError) as caught:
        fetch(port)(f"https://{HOST}:{port}/", "feed")
    assert caught.value.reason == "tls"


@contextmanager
def _at_once(said: bytes) -> Iterator[int]:
    """Say something to each connection without waiting for a request."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(2)


# Cases S13: broken off anywhere


ANSWERS = {
    "sized": answer(b"<rss/>"),
    "chunked": CHUNKED + b"6\r\n<rss/>\r\n0\r\n\r\n",
    "packed": answer(gzip.compress(b"<rss/>", mtime=0), "Content-Encoding: gzip"),
}


@pytest.mark.parametrize("end", ["closed", "reset"])
@pytest.mark.parametrize("case", ANSWERS)
def test_s13_an_answer_broken_off_at_any_byte_is_no_answer(case: str, end: str) -> None:
    whole = ANSWERS[case]
    for size in range(len(whole)):
        pieces: list[bytes | float] = [whole[:size]]
        pieces += [0.002, RESET] if end == "reset" else []
        with serving(says(*pieces)) as server, pytest.raises(FetchError) as caught:
            fetch(server.port)(f"http://{HOST}:{server.port}/", "feed")
        assert caught.value.reason == "truncated", size


# Case S14, of encodings


@pytest.mark.parametrize("case", ["S14-utf-7", "S14-utf-7-declared"])
def test_utf_7_is_never_used(case: str) -> None:
    declaration = b'<?xml version="1.0" encoding="utf-7"?>' if "declared" in case else b""
    title = b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"
    body = declaration + FEED.replace(b"Courier", title)
    said = answer(body, "Content-Type: text/plain; charset=utf-7")
    with serving(says(said)) as server, bounded():
        page = fetch(server.port)(f"http://{HOST}:{server.port}/", "feed")
        found = feed.read(page, "feed:x")
    assert found.title == title.decode()


# Cases U08 to U10: redirects and look-ups


@pytest.mark.parametrize("hop", [1, 3, 5])
@pytest.mark.parametrize(
    "inside",
    ["127.0.0.2", "169.254.169.254", "[::1]", "2130706434", "inside.example", "[::ffff:7f00:2]"],
)
def test_u08_a_redirect_to_the_inside_is_refused_on_any_hop(hop: int, inside: str) -> None:
    def script(head: bytes) -> Iterable[bytes | float]:
        at = int(head.split(b" ")[1].strip(b"/") or b"0") + 1
        place = f"http://{inside}:{public.port}/" if at == hop else f"/{at}"
        return [f"HTTP/1.1 302 Found\r\nLocation: {place}\r\n\r\n".encode()]

    def resolve(name: str) -> Sequence[str]:
        known = {HOST: ["127.0.0.1"], "inside.example": ["127.0.0.2"]}
        return known.get(name) or [name.strip("[]")]

    with serving(script) as public, _private(public.port) as hits, bounded():
        with pytest.raises(Refused) as caught:
            fetch(public.port, resolve)(f"http://{HOST}:{public.port}/", "feed")
        assert caught.value.reason in {"address", "url"}
        assert len(public.requests) == hop
        assert hits() == 0


@contextmanager
def _private(port: int) -> Iterator[Callable[[], int]]:
    """Listen on 127.0.0.2, which the policy of these tests calls private; count who comes."""
    listener = socket.create_server(("127.0.0.2", port))
    listener.setblocking(False)

    def hits() -> int:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            return 0
        connection.close()
        return 1

    with listener:
        yield hits


@pytest.mark.parametrize(
    ("case", "answers"),
    [
        ("U09-public-then-private", [["127.0.0.1"], ["127.0.0.2"]]),
        ("U09-A-public-AAAA-private", [["127.0.0.1", "::1"]]),
        ("U09-two-A-one-private", [["127.0.0.1", "127.0.0.2"]]),
        ("U09-private", [["127.0.0.2"]]),
    ],
)
def test_each_look_up_is_checked_whole_and_made_once(case: str, answers: list[list[str]]) -> None:
    asked: list[str] = []

    def resolve(name: str) -> Sequence[str]:
        asked.append(name)
        return answers[min(len(asked), len(answers)) - 1]

    with serving(says(answer(FEED))) as server, _private(server.port) as hits, bounded():
        ask = fetch(server.port, resolve)
        for told in answers:
            fine = told == ["127.0.0.1"]
            with nullcontext() if fine else _address_refused():
                assert ask(f"http://{HOST}:{server.port}/", "feed").body == FEED
        assert len(asked) == len(answers)
        assert hits() == 0


def _address_refused() -> AbstractContextManager[object]:
    return pytest.raises(Refused, match=r"\[address\]")


REDIRECTS: dict[str, tuple[Script, str, int]] = {
    "U10-to-itself": (says(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"), "loop", 1),
    "U10-no-location": (says(b"HTTP/1.1 302 Found\r\n\r\n"), "redirect", 1),
    "U10-two-locations": (
        says(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\n\r\n"),
        "redirect",
        1,
    ),
    "U10-endless-new-paths": (
        lambda head: [b"HTTP/1.1 302 Found\r\nLocation: " + head.split(b" ")[1] + b"x\r\n\r\n"],
        "hops",
        6,
    ),
    "U10-two-in-a-circle": (
        lambda head: [
            b"HTTP/1.1 302 Found\r\nLocation: "
            + (b"/" if b"GET /a" in head else b"/a")
            + b"\r\n\r\n"
        ],
        "loop",
        2,
    ),
    "U10-with-a-body-of-1-GiB": (
        lambda head: [
            b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Encoding: gzip\r\n\r\n",
            *[BOMB] * 50,
        ],
        "loop",
        1,
    ),
}


@pytest.mark.parametrize("case", REDIRECTS)
def test_redirects_end_and_their_bodies_are_not_read(case: str) -> None:
    script, reason, requests = REDIRECTS[case]
    with serving(script) as server:
        assert refused(server).reason == reason
        assert len(server.requests) == requests
    assert server.sent < 10_000_000
