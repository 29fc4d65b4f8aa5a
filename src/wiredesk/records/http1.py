"""Reading one HTTP/1.1 answer (RFC 9112) from bytes that a stranger controls.

The one place where answers are taken apart, whether they come off the wire or out of an archive.
It reads no more than it is allowed to, and an answer that is cut, framed in two ways or coded
twice is an error and never a shorter body: a newsroom must not take half a feed for a feed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator

import msgspec

from wiredesk.errors import FetchError, Refused

Receive = Callable[[int], bytes]
"""Gives up to so many bytes, at least one; none at the end."""

HEAD_CAP = 65_536
"""Most bytes of all header lines together (THREATS R4)."""
FIELDS_CAP = 100
"""Most header fields (THREATS R4)."""

_PIECE = 65_536
_INTERIM_CAP = 8
"""Most interim answers (1xx) before the real one."""
_CHUNKS_CAP = 100_000
"""Most chunks of one body: beyond it, framing outweighs content and only burns time."""
_MEMBERS_CAP = 64
"""Most gzip members of one body (RFC 1952, section 2.2 allows several)."""

_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9]{2}) [\t\x20-\x7e\x80-\xff]*")
_STORED_STATUS_LINE = re.compile(rb"HTTP/[0-9]+(?:\.[0-9]+)? ([1-5][0-9]{2})(?: .*)?", re.DOTALL)
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:([\t\x20-\x7e\x80-\xff]*)")
"""A value keeps its blanks here: two patterns that both take them need quadratic time."""
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?", re.DOTALL)
_LENGTH = re.compile(r"[0-9]{1,18}")
_GZIP_MAGIC = b"\x1f\x8b\x08"
_NO_BODY = frozenset({204, 205, 304})


class Caps(msgspec.Struct, frozen=True):
    """Most bytes of a body: as it is sent, and after its content coding is undone."""

    wire: int
    decoded: int


class Head(msgspec.Struct, frozen=True):
    """Status and header fields: names in lower case, values as ISO-8859-1, in order."""

    status: int
    headers: tuple[tuple[str, str], ...]

    def values(self, name: str) -> tuple[str, ...]:
        """Return all values of the field ``name`` (lower case)."""
        return tuple(value for key, value in self.headers if key == name)

    def tokens(self, name: str) -> tuple[str, ...]:
        """Return the elements of a comma-separated field, in lower case, empty ones left out."""
        parts = ",".join(self.values(name)).lower().split(",")
        return tuple(part for part in (part.strip(" \t") for part in parts) if part)


class Incoming:
    """Bytes as they come in: looked ahead, counted, and refused beyond ``cap``.

    ``whose`` is the host (or archive) that error messages name.
    """

    def __init__(self, receive: Receive, whose: str, cap: int) -> None:
        self._receive = receive
        self._left = cap + HEAD_CAP
        self._held = bytearray()
        self.whose = whose
        self.cap = cap

    def line(self) -> bytes:
        """Return the next line without its end. Raises ``FetchError`` when it is cut or endless."""
        searched = 0
        while (end := self._held.find(b"\n", searched)) < 0:
            searched = len(self._held)
            if searched > HEAD_CAP:
                raise self.too_long_head()
            if not self._more():
                raise self.truncated()
        if end > HEAD_CAP:
            raise self.too_long_head()
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        return line.removesuffix(b"\r")

    def some(self, most: int) -> bytes:
        """Return one to ``most`` bytes; none at the end."""
        if not self._held and not self._more():
            return b""
        piece = bytes(self._held[:most])
        del self._held[:most]
        return piece

    def peek(self, size: int) -> bytes:
        """Return the next ``size`` bytes, fewer at the end, and leave them there."""
        while len(self._held) < size and self._more():
            pass
        return bytes(self._held[:size])

    @property
    def has_more(self) -> bool:
        """Whether bytes are here already that nobody has read."""
        return bool(self._held)

    def _more(self) -> bool:
        piece = self._receive(_PIECE)
        self._left -= len(piece)
        if self._left < 0:
            raise self.too_big()
        self._held += piece
        return bool(piece)

    def too_big(self) -> Refused:
        """Make the error for a body over the wire cap."""
        return Refused("wire-cap", f"{self.whose} sends more than {self.cap:,} bytes")

    def too_long_head(self) -> Refused:
        """Make the error for a head over its caps."""
        return Refused("head-cap", f"{self.whose} sends more than {HEAD_CAP:,} bytes of headers")

    def truncated(self) -> FetchError:
        """Make the error for an answer that ends too early."""
        return FetchError("truncated", f"{self.whose} ended its answer before it was complete")

    def nonsense(self, what: str) -> FetchError:
        """Make the error for what is not HTTP/1.1."""
        return FetchError("protocol", f"{self.whose} does not speak proper HTTP/1.1: {what}")


def read_head(incoming: Incoming) -> Head:
    """Read status line and header fields strictly, interim answers skipped.

    Raises ``FetchError`` (class ``protocol`` or ``truncated``) and ``Refused`` (``head-cap``).
    """
    budget = HEAD_CAP
    for _ in range(_INTERIM_CAP + 1):
        status_line = incoming.line()
        matched = _STATUS_LINE.fullmatch(status_line)
        if matched is None:
            raise incoming.nonsense(f"it begins with {status_line[:40]!r}")
        lines = _field_lines(incoming, budget - len(status_line))
        budget -= len(status_line) + sum(map(len, lines))
        head = Head(int(matched[2]), tuple(_field(line, incoming) for line in lines))
        if head.status == 101:  # noqa: PLR2004 - Switching Protocols, RFC 9110 section 15.2.2
            raise incoming.nonsense("it switches to a protocol that was not asked for")
        if head.status >= 200:  # noqa: PLR2004 - 1xx are interim, RFC 9110 section 15.2
            if matched[1] == b"0" and head.values("transfer-encoding"):
                raise incoming.nonsense("a transfer coding in HTTP/1.0")
            return head
    raise Refused("head-cap", f"{incoming.whose} sends one interim answer after the other")


def read_stored_head(incoming: Incoming) -> Head:
    """Read the head of an archived answer: any version, and lines that are no fields are skipped."""
    matched = _STORED_STATUS_LINE.fullmatch(incoming.line())
    if matched is None:
        raise incoming.nonsense("the archived answer has no status line")
    lines = _field_lines(incoming, 2 * HEAD_CAP, 2 * FIELDS_CAP)  # archivers add their own
    fields = (_FIELD.fullmatch(line) for line in lines)
    return Head(int(matched[1]), tuple(_pair(field) for field in fields if field))


def read_body(incoming: Incoming, head: Head, caps: Caps) -> bytes:
    """Read the body that ``head`` announces, to its very end, and undo its codings.

    Raises ``Refused`` (``wire-cap``, ``decoded-cap``, ``encoding``) and ``FetchError``
    (``truncated``, ``protocol``, and ``length`` for bytes beyond the announced end).
    """
    if head.status in _NO_BODY:
        return b""
    coding = _coding(head, incoming.whose)
    pieces = _capped(_framed(incoming, head), incoming, caps.wire)
    body = _undone(pieces, coding, caps, incoming)
    if incoming.has_more:
        raise beyond_the_end(incoming.whose)
    return body


def read_stored_body(incoming: Incoming, head: Head, caps: Caps) -> bytes:
    """Read the body of an archived answer, whose record says where it ends.

    Archives keep bodies as they were sent or with their codings undone, often under the headers as
    they were sent: each coding is undone where the bytes show it. Raises as ``read_body`` does.
    """
    pieces: Iterator[bytes] = iter(lambda: incoming.some(_PIECE), b"")
    if "chunked" in head.tokens("transfer-encoding") and _looks_chunked(incoming):
        pieces = _chunked(incoming)
    coding = _coding(head, incoming.whose)
    if coding == "gzip":
        first = next(pieces, b"")
        pieces = _again(first, pieces)
        coding = "gzip" if first.startswith(_GZIP_MAGIC[: len(first)]) else ""
    return _undone(_capped(pieces, incoming, caps.wire), coding, caps, incoming)


def beyond_the_end(whose: str) -> FetchError:
    """Make the error for an answer that goes on after its announced length."""
    return FetchError("length", f"{whose} sends more than it announced")


def _field_lines(incoming: Incoming, budget: int, most: int = FIELDS_CAP) -> list[bytes]:
    """Read up to the empty line, folded lines joined (RFC 9112, section 5.2)."""
    lines: list[bytes] = []
    while line := incoming.line():
        budget -= len(line)
        if budget < 0 or len(lines) >= most:
            raise incoming.too_long_head()
        if line[:1] in b" \t" and lines:
            lines[-1] += b" " + line.strip(b" \t")
        else:
            lines.append(line)
    return lines


def _field(line: bytes, incoming: Incoming) -> tuple[str, str]:
    matched = _FIELD.fullmatch(line)
    if matched is None:
        raise incoming.nonsense(f"{line[:40]!r} is no header field")
    return _pair(matched)


def _pair(matched: re.Match[bytes]) -> tuple[str, str]:
    return matched[1].decode("ascii").lower(), matched[2].strip(b" \t").decode("latin-1")


def _framed(incoming: Incoming, head: Head) -> Iterator[bytes]:
    """Choose the framing (RFC 9112, section 6.3); two framings at once are smuggling."""
    transfer, lengths = head.values("transfer-encoding"), head.values("content-length")
    if transfer:
        if lengths or head.tokens("transfer-encoding") != ("chunked",):
            raise incoming.nonsense("its answer is framed in two ways or in an unknown one")
        return _chunked(incoming)
    if lengths:
        if len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0]):
            raise incoming.nonsense(f"its content-length is {', '.join(lengths)[:40]!r}")
        return _sized(incoming, int(lengths[0]))
    return iter(lambda: incoming.some(_PIECE), b"")


def _sized(incoming: Incoming, size: int) -> Iterator[bytes]:
    if size > incoming.cap:
        raise incoming.too_big()
    while size:
        piece = incoming.some(size)
        if not piece:
            raise incoming.truncated()
        size -= len(piece)
        yield piece


def _chunked(incoming: Incoming) -> Iterator[bytes]:
    """Give the chunks' content (RFC 9112, section 7.1); trailers are read and forgotten."""
    for _ in range(_CHUNKS_CAP):
        matched = _CHUNK_SIZE.fullmatch(incoming.line())
        if matched is None:
            raise incoming.nonsense("a chunk without its size")
        size = int(matched[1], 16)
        if not size:
            _field_lines(incoming, HEAD_CAP)
            return
        yield from _sized(incoming, size)
        if incoming.line():
            raise incoming.nonsense("a chunk that is longer than its size")
    raise Refused("wire-cap", f"{incoming.whose} sends its answer in crumbs")


def _looks_chunked(incoming: Incoming) -> bool:
    size, end, _ = incoming.peek(40).partition(b"\r\n")
    return bool(end) and _CHUNK_SIZE.fullmatch(size) is not None


def _again(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _capped(pieces: Iterator[bytes], incoming: Incoming, cap: int) -> Iterator[bytes]:
    for piece in pieces:
        cap -= len(piece)
        if cap < 0:
            raise incoming.too_big()
        yield piece


def _coding(head: Head, whose: str) -> str:
    codings = tuple(name for name in head.tokens("content-encoding") if name != "identity")
    if not codings:
        return ""
    if len(codings) > 1 or codings[0] not in {"gzip", "x-gzip", "deflate"}:
        shown = ", ".join(codings)[:60]
        raise Refused("encoding", f"{whose} codes its answer as {shown}, which was not asked for")
    return codings[0].removeprefix("x-")


def _undone(pieces: Iterator[bytes], coding: str, caps: Caps, incoming: Incoming) -> bytes:
    if not coding:
        return b"".join(pieces)
    try:
        body = _inflated(pieces, coding, caps.decoded, incoming)
    except zlib.error as error:
        raise Refused("encoding", f"{incoming.whose} sends {coding} that is broken") from error
    if body.startswith(_GZIP_MAGIC):
        raise Refused("encoding", f"{incoming.whose} packs its answer twice")
    return body


def _inflated(pieces: Iterable[bytes], coding: str, cap: int, incoming: Incoming) -> bytes:
    """Undo gzip (RFC 1952) or deflate (RFC 1950, or RFC 1951 as some servers have it)."""
    body = bytearray()
    members = 0
    engine = None
    for piece in pieces:
        rest = piece
        while rest:
            if engine is None:
                rest = rest.lstrip(b"\0") if members else rest  # padding between or after members
                if not rest:
                    break
                members += 1
                if members > (_MEMBERS_CAP if coding == "gzip" else 1):
                    raise Refused(
                        "encoding", f"{incoming.whose} packs its answer in too many parts"
                    )
                engine = zlib.decompressobj(_window(coding, rest[0]))
            body += engine.decompress(rest, cap - len(body) + 1)
            if len(body) > cap:
                raise Refused("decoded-cap", f"{incoming.whose} unpacks to more than {cap:,} bytes")
            rest = engine.unconsumed_tail
            if engine.eof:
                rest, engine = engine.unused_data, None
    if engine is not None or not members:
        raise incoming.truncated()
    return bytes(body)


def _window(coding: str, first: int) -> int:
    """Return zlib's code for the format; a zlib stream shows its method, 8, in its first byte."""
    if coding == "gzip":
        return 16 + zlib.MAX_WBITS
    return zlib.MAX_WBITS if first & 0x8F == 0x08 else -zlib.MAX_WBITS  # noqa: PLR2004 - CM and CINFO
