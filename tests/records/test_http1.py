from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.errors import FetchError, Refused
from wiredesk.records.http1 import (
    HEAD_CAP,
    Caps,
    Head,
    Incoming,
    read_body,
    read_head,
    read_stored_body,
    read_stored_head,
)

CAPS = Caps(wire=100_000, decoded=200_000)


def incoming(raw: bytes, piece: int = 65536, cap: int = CAPS.wire) -> Incoming:
    place = iter(range(0, len(raw), piece))

    def receive(most: int) -> bytes:
        start = next(place, None)
        assert piece <= most
        return b"" if start is None else raw[start : start + piece]

    return Incoming(receive, "harbour-courier.example", cap)


def understood(raw: bytes, piece: int = 65536, caps: Caps = CAPS) -> tuple[Head, bytes]:
    stream = incoming(raw, piece, caps.wire)
    head = read_head(stream)
    return head, read_body(stream, head, caps)


def stored(raw: bytes) -> tuple[Head, bytes]:
    stream = incoming(raw)
    head = read_stored_head(stream)
    return head, read_stored_body(stream, head, CAPS)


def reason(raw: bytes, caps: Caps = CAPS) -> str:
    with pytest.raises(FetchError) as caught:
        understood(raw, caps=caps)
    assert "harbour-courier.example" in caught.value.message
    return caught.value.reason


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
HELLO = OK + b"Content-Length: 5\r\n\r\nhello"


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 65536])
@pytest.mark.parametrize(
    "raw",
    [
        HELLO,
        OK + b"\r\nhello",
        CHUNKED + chunked(b"he", b"llo"),
        CHUNKED + b"5;name=value\r\nhello\r\n0\r\nTrailer: yes\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + HELLO,
        b"HTTP/1.0 200 \r\n\r\nhello",
        HELLO.replace(b"\r\n", b"\n"),
    ],
)
def test_each_framing_gives_the_same_body_however_it_is_cut(raw: bytes, piece: int) -> None:
    head, body = understood(raw, piece)
    assert (head.status, body) == (200, b"hello")


def test_names_are_in_lower_case_values_trimmed_and_the_order_kept() -> None:
    raw = (
        OK
        + b"X-B: \t two \t\r\nx-a:one\r\nX-B: caf\xe9\r\nFolded: a\r\n   b\r\nContent-Length:0\r\n\r\n"
    )
    head, _ = understood(raw)

    assert head.headers == (
        ("x-b", "two"),
        ("x-a", "one"),
        ("x-b", "café"),
        ("folded", "a b"),
        ("content-length", "0"),
    )
    assert head.values("x-b") == ("two", "café")


@given(st.integers(min_value=0, max_value=len(HELLO) - 1))
def test_s13_a_sized_answer_cut_anywhere_is_no_answer(size: int) -> None:
    assert reason(HELLO[:size]) == "truncated"


WHOLE_CHUNKED = CHUNKED + chunked(b"first", b"second")


@given(st.integers(min_value=0, max_value=len(WHOLE_CHUNKED) - 1))
def test_s13_a_chunked_answer_cut_anywhere_is_no_answer(size: int) -> None:
    assert reason(WHOLE_CHUNKED[:size]) == "truncated"


PACKED = gzip.compress(b"news " * 500, mtime=0)


@given(st.integers(min_value=0, max_value=len(PACKED) - 1))
def test_s03_a_gzip_cut_anywhere_is_an_error_and_no_empty_feed(size: int) -> None:
    assert reason(OK + b"Content-Encoding: gzip\r\n\r\n" + PACKED[:size]) == "truncated"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"<html>HTTP/0.9</html>\n", "protocol"),
        (b"HTTP/1.1 999 Odd\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200", "truncated"),
        (b"HTTP/2 200 OK\r\n\r\n", "protocol"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "protocol"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", "protocol"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "protocol"),
        (OK + b"no colon\r\n\r\n", "protocol"),
        (OK + b" folded: first\r\n\r\n", "protocol"),
        (OK + b"X: a\x00b\r\n\r\n", "protocol"),
        (OK + b"X: a\rY: b\r\n\r\n", "protocol"),
        (OK + b"B\xc3\xa4d: x\r\n\r\n", "protocol"),
    ],
)
def test_s11_what_is_not_http_1_1_is_refused(raw: bytes, why: str) -> None:
    assert reason(raw) == why


@pytest.mark.parametrize(
    ("framing", "body", "why"),
    [
        (b"Content-Length: 50", b"hello", "truncated"),
        (b"Content-Length: 3", b"hello", "length"),
        (b"Content-Length: -1", b"hello", "protocol"),
        (b"Content-Length: +5", b"hello", "protocol"),
        (b"Content-Length: 5, 5", b"hello", "protocol"),
        (b"Content-Length: 0x5", b"hello", "protocol"),
        (b"Content-Length: \xb2", b"hello", "protocol"),
        (b"Content-Length:", b"hello", "protocol"),
        (b"Content-Length: 5\r\nContent-Length: 6", b"hello", "protocol"),
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked", chunked(b"hello"), "protocol"),
        (b"Transfer-Encoding: chunked, chunked", chunked(b"hello"), "protocol"),
        (b"Transfer-Encoding: gzip, chunked", chunked(b"hello"), "protocol"),
        (b"Transfer-Encoding: identity", b"hello", "protocol"),
        (b"Content-Length: 999999999999", b"hello", "wire-cap"),
    ],
)
def test_s05_a_body_is_framed_in_one_way_or_refused(framing: bytes, body: bytes, why: str) -> None:
    assert reason(OK + framing + b"\r\n\r\n" + body) == why


def test_a_transfer_coding_in_http_1_0_is_refused() -> None:
    raw = b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(b"hello")
    assert reason(raw) == "protocol"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"FFFFFFFFFFFFFFFF\r\nhello", "wire-cap"),
        (b"FFFFFFFFFFFFFFFFF\r\nhello", "protocol"),
        (b"-5\r\nhello\r\n0\r\n\r\n", "protocol"),
        (b"0x5\r\nhello\r\n0\r\n\r\n", "protocol"),
        (b"3\r\nhello\r\n0\r\n\r\n", "protocol"),
        (b"\r\n", "protocol"),
        (chunked(b"hello") + b"more", "length"),
        (b"1\r\nx\r\n" * 30_000, "wire-cap"),
        (b"0\r\n" + b"T: x\r\n" * 200 + b"\r\n", "head-cap"),
        (b"5;" + b"x" * 200_000, "head-cap"),
    ],
)
def test_s02_chunks_that_lie_or_never_end_are_refused(raw: bytes, why: str) -> None:
    assert reason(CHUNKED + raw) == why


def test_s02_a_body_of_crumbs_is_refused_before_it_burns_time() -> None:
    began = time.process_time()
    assert reason(CHUNKED + b"1\r\nx\r\n" * 1_000_000, Caps(50_000_000, 1)) == "wire-cap"
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "head",
    [
        OK + b"X: " + b"a" * 10_000_000,
        OK + b"".join(b"X-%d: y\r\n" % n for n in range(101)) + b"\r\n",
        OK + b"X: " + b"a" * 40_000 + b"\r\nY: " + b"a" * 40_000 + b"\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 5_000 + HELLO,
        b"H" * 200_000,
    ],
    ids=["long line", "many fields", "long in all", "interim answers", "long status line"],
)
def test_s06_an_endless_head_is_refused(head: bytes) -> None:
    assert reason(head) in {"head-cap", "wire-cap"}


def test_s06_a_head_at_its_caps_is_read() -> None:
    raw = OK + b"".join(b"X-%d: y\r\n" % n for n in range(99)) + b"Content-Length: 5\r\n\r\nhello"
    assert len(understood(raw)[0].headers) == 100


BLANKS = b" \t" * 30_000


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 " + BLANKS + b"\0\r\n\r\n",
        OK + b"X:" + BLANKS + b"\0\r\n\r\n",
        OK + b"X:a" + BLANKS + b"\0\r\n\r\n",
        OK + b"X" + BLANKS + b"\r\n\r\n",
        OK + b"X:\r\n" + b" a\r\n" * 12_000 + b"\0\r\n\r\n",
        CHUNKED + b"5" + BLANKS + b"\0\r\nhello\r\n0\r\n\r\n",
        CHUNKED + b"5;" + BLANKS + b"\n\r\nhello\r\n0\r\n\r\n",
        CHUNKED + b"0\r\nX:" + BLANKS + b"\0\r\n",
    ],
    ids=["status", "field", "value", "name", "folds", "chunk size", "chunk extension", "trailer"],
)
def test_h08_a_long_line_costs_no_more_than_its_length(raw: bytes) -> None:
    began = time.process_time()
    assert reason(raw) in {"protocol", "truncated"}
    with suppress(FetchError):
        stored(raw)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("size", [CAPS.wire, CAPS.wire + 1])
@pytest.mark.parametrize("framing", ["sized", "chunked", "open"])
def test_the_wire_cap_is_exact_in_each_framing(framing: str, size: int) -> None:
    body = b"x" * size
    raw = {
        "sized": OK + b"Content-Length: %d\r\n\r\n" % size + body,
        "chunked": CHUNKED + chunked(body[:70_000], body[70_000:]),
        "open": OK + b"\r\n" + body,
    }[framing]
    if size > CAPS.wire:
        assert reason(raw) == "wire-cap"
    else:
        assert understood(raw)[1] == body


def coded(coding: bytes, body: bytes) -> bytes:
    return OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding, len(body)) + body


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize("piece", [1, 5, 65536])
@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        (b"gzip", gzip.compress(b"hello", mtime=0)),
        (b"GZip", gzip.compress(b"hello", mtime=0)),
        (b"x-gzip", gzip.compress(b"hello", mtime=0)),
        (b"identity, gzip", gzip.compress(b"hello", mtime=0)),
        (b"gzip", gzip.compress(b"he", mtime=0) + gzip.compress(b"llo", mtime=0)),
        (b"gzip", gzip.compress(b"hello", mtime=0) + b"\0" * 20),
        (b"deflate", zlib.compress(b"hello")),
        (b"deflate", raw_deflate(b"hello")),
        (b"identity", b"hello"),
    ],
)
def test_the_one_coding_is_undone_however_it_is_cut(
    coding: bytes, packed: bytes, piece: int
) -> None:
    assert understood(coded(coding, packed), piece)[1] == b"hello"


TWICE = gzip.compress(gzip.compress(b"hello", mtime=0), mtime=0)


@pytest.mark.parametrize(
    ("coding", "packed", "why"),
    [
        (b"gzip", zlib.compress(b"\0" * 5_000_000), "encoding"),
        (b"gzip", gzip.compress(b"\0" * 5_000_000, mtime=0), "decoded-cap"),
        (b"deflate", zlib.compress(b"\0" * 5_000_000), "decoded-cap"),
        (b"gzip", TWICE, "encoding"),
        (b"gzip, gzip", TWICE, "encoding"),
        (b", ".join([b"gzip"] * 200), b"x", "encoding"),
        (b"br", b"\x0b\x02\x80hello\x03", "encoding"),
        (b"zstd", b"\x28\xb5\x2f\xfd", "encoding"),
        (b"gzip", gzip.compress(b"", mtime=0) * 4_000, "encoding"),
        (b"gzip", gzip.compress(b"hello", mtime=0) + b"rubbish", "encoding"),
        (b"gzip", gzip.compress(b"hello", mtime=0)[:-8] + b"\0" * 8, "encoding"),
        (b"deflate", zlib.compress(b"hello") + zlib.compress(b"hello"), "encoding"),
        (b"gzip", b"", "truncated"),
    ],
)
def test_s03_bombs_and_codings_that_were_not_asked_for_are_refused(
    coding: bytes, packed: bytes, why: str
) -> None:
    assert reason(coded(coding, packed)) == why


def test_s03_a_bomb_costs_little_time() -> None:
    bomb = gzip.compress(b"\0" * 90_000_000, mtime=0)
    began = time.process_time()
    assert reason(coded(b"gzip", bomb), Caps(5_000_000, 10_000_000)) == "decoded-cap"
    assert time.process_time() - began < 1


@pytest.mark.parametrize("status", [204, 205, 304])
def test_an_answer_that_has_no_body_has_none(status: int) -> None:
    raw = b"HTTP/1.1 %d None\r\nContent-Length: 500\r\nContent-Encoding: gzip\r\n\r\n" % status
    assert understood(raw)[1] == b""


@pytest.mark.parametrize(
    "raw",
    [
        OK + b"Content-Length: 900\r\n\r\nhello",
        OK + b"Transfer-Encoding: chunked\r\n\r\nhello",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        OK + b"Content-Encoding: gzip\r\n\r\nhello",
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello", mtime=0),
        b"HTTP/2 200\r\nnot a field\r\nContent-Type: text/html\r\n\r\nhello",
    ],
)
def test_an_archived_answer_is_read_whether_its_codings_were_undone_or_not(raw: bytes) -> None:
    head, body = stored(raw)
    assert (head.status, body) == (200, b"hello")


@given(st.binary(max_size=400), st.integers(1, 30))
def test_any_bytes_give_an_answer_or_an_error_of_ours(raw: bytes, piece: int) -> None:
    for start in (b"", OK, CHUNKED, OK + b"Content-Encoding: gzip\r\n\r\n", OK + b"\r\n"):
        with suppress(FetchError):
            understood(start + raw, piece)


@given(st.binary(max_size=400))
def test_any_archived_bytes_give_an_answer_or_an_error_of_ours(raw: bytes) -> None:
    for start in (b"", OK, CHUNKED, OK + b"Content-Encoding: gzip\r\n\r\n"):
        with suppress(FetchError):
            stored(start + raw)


def test_no_more_is_read_than_allowed() -> None:
    given_out = 0

    def endless(most: int) -> bytes:
        nonlocal given_out
        given_out += most
        return b"x" * most

    def lines() -> Iterator[bytes]:
        yield OK + b"\r\n"

    first = lines()
    stream = Incoming(lambda most: next(first, b"") or endless(most), "flood.example", 100_000)
    with pytest.raises(Refused):
        read_body(stream, read_head(stream), CAPS)
    assert given_out <= CAPS.wire + HEAD_CAP + 65_536
