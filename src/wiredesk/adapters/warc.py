"""Recording a run into a WARC file, and replaying it with no network (ISO 28500, WARC/1.1).

A recording holds one gzip member a record, so that each can be found by its offset: a ``warcinfo``
with the run's start, a ``response`` for each answer, and for each failure a ``metadata`` record
with the error as JSON, so that a replay fails in the same way.

Bodies are recorded as they were understood, without their codings. A header that states a coding
or the length on the wire is kept under the name that archives use for it (``x-crawler-…``) and
gets its own name back in a replay, which gives the very same answers.
"""

from __future__ import annotations

import os
import re
import threading
import uuid
import zlib
from base64 import b32encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self
from urllib.parse import quote

import msgspec
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from wiredesk.config import FetchSettings
from wiredesk.errors import ConfigError, FetchError, NotRecorded, PublishError, Refused
from wiredesk.ports.web import Web
from wiredesk.records.http1 import Caps, Incoming, read_stored_body, read_stored_head
from wiredesk.records.page import Answer, Request
from wiredesk.records.weburl import checked

_ANSWER_TYPE = "application/http; msgtype=response"
_FAILURE_TYPE = "application/vnd.wiredesk.failure+json"
_KEPT = re.compile(r"(?:x-crawler-)*(?:content-encoding|content-length|transfer-encoding)")
"""Headers that speak of the wire: they get one prefix more in a recording, one less in a replay."""
_PREFIX = "x-crawler-"
_STATUS = re.compile(rb"HTTP/[0-9.]+ ([1-5][0-9]{2})")
_NOT_MODIFIED = 304
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
_UNDATED = datetime(1990, 1, 1, tzinfo=UTC)
"""Time of an archived answer without a date: the floor of all dates (THREATS R12)."""
_PIECE = 65_536
_UNPACKED_PIECE = 4_096
"""Bytes unpacked at once: a thousand times as many may come out."""
_GZIP_MAGIC = b"\x1f\x8b"
_RECORD_END = b"\r\n\r\n"
_UNFINISHED = ".part"


class _Failure(msgspec.Struct, frozen=True):
    """A recorded ``FetchError``."""

    reason: str
    message: str
    refused: bool


class _Written(NamedTuple):
    """What a record says; its block begins with ``head`` bytes that are not the payload."""

    kind: str
    content: str
    at: datetime
    block: bytes
    head: int = 0


class _Member(NamedTuple):
    """Where a record is in the unfinished file, and its place in the finished one."""

    url: str
    occurrence: int
    offset: int
    size: int


class _Place(NamedTuple):
    """Where an answer is in an archive; the status of a recorded failure is 0."""

    offset: int
    status: int


class RecordingWeb:
    """A web that writes down every exchange of the web behind it.

    Records are appended, whole, to ``PATH.part`` as they happen; what is there after a crash can
    be replayed. ``close`` orders them by address and occurrence, so that the file does not depend
    on which thread was first, and puts the finished file in place at once. ``started`` is the time
    of the run, and of its failures. Thread-safe.
    """

    def __init__(self, web: Web, path: Path, started: datetime) -> None:
        self._web = web
        self._path = path
        self._started = started
        self._part = path.with_name(path.name + _UNFINISHED)
        self._guard = threading.Lock()
        self._members: list[_Member] = []
        self._occurrences: dict[str, int] = {}
        try:
            self._file = self._part.open("w+b")
        except OSError as error:
            raise _unwritable(path, error) from error
        software = "software: wiredesk\r\nformat: WARC File Format 1.1\r\n"
        block = software.encode()
        self._append("", _Written("warcinfo", "application/warc-fields", started, block))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def exchange(self, request: Request) -> Answer:
        """Ask the web behind, write down what it says, and say it. Raises what that web raises,
        and ``PublishError`` when the recording cannot be written.
        """
        url = archive_key(request.url)
        try:
            answer = self._web.exchange(request)
        except NotRecorded:
            raise
        except FetchError as error:
            failure = _Failure(error.reason, error.message, isinstance(error, Refused))
            block = msgspec.json.encode(failure)
            self._append(url, _Written("metadata", _FAILURE_TYPE, self._started, block))
            raise
        head = _head(answer)
        block = head + answer.body
        self._append(url, _Written("response", _ANSWER_TYPE, answer.at, block, len(head)))
        return answer

    def close(self) -> None:
        """Finish the file. Raises ``PublishError``; what was recorded is then in ``PATH.part``."""
        if self._file.closed:
            return
        ordered = self._part.with_name(self._part.name + ".ordered")
        try:
            with self._file, ordered.open("wb") as finished:
                for member in sorted(self._members):
                    _copy(self._file, member, finished)
                finished.flush()
                os.fsync(finished.fileno())
            ordered.replace(self._path)
            self._part.unlink()
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def _append(self, url: str, written: _Written) -> None:
        with self._guard:
            occurrence = self._occurrences.get(url, 0)
            self._occurrences[url] = occurrence + 1
            packed = _record(url, occurrence, written)
            try:
                offset = self._file.seek(0, os.SEEK_END)
                self._file.write(packed)
                self._file.flush()
            except OSError as error:
                raise _unwritable(self._path, error) from error
            self._members.append(_Member(url, occurrence, offset, len(packed)))


class ReplayWeb:
    """A web that answers from a WARC file, our own or any (CC-NEWS and the like), packed or plain.

    The answers of one address come in the order in which they are there; the last one repeats. A
    request without validators is given no 304. Bodies stay in the file until they are asked for.
    ``damage`` says what could not be read of the file; the rest answers. Raises ``ConfigError`` for
    a file that cannot be used at all. Thread-safe.
    """

    def __init__(self, path: Path, settings: FetchSettings | None = None) -> None:
        self._path = path
        self._settings = settings or FetchSettings()
        self._guard = threading.Lock()
        self._cursors: dict[str, int] = {}
        self._places: dict[str, list[_Place]] = {}
        self.damage = ""
        archive = _Archive(path)
        for record in archive:
            if not _answers(record):
                continue
            place = _place(record)
            if place:
                self._places.setdefault(archive_key(_target(record)), []).append(place)
            else:
                archive.damage = f"{path.name} holds a record that was cut"
        self.damage = archive.damage

    def exchange(self, request: Request) -> Answer:
        """Return the recorded answer or raise the recorded error; raises ``NotRecorded`` for an
        address that is not there, and ``FetchError`` for an archived answer that is over its caps
        or broken.
        """
        conditional = any(name in _CONDITIONS for name, _ in request.headers)
        place = self._next(archive_key(request.url), conditional=conditional)
        if place is None:
            raise NotRecorded("not-recorded", f"{request.url} is not in {self._path.name}")
        try:
            with self._path.open("rb") as stream:
                stream.seek(place.offset)
                record = next(iter(ArchiveIterator(stream, parse_http=False)))
                if not place.status:
                    raise _failure(record)
                return self._answer(record, request)
        except (OSError, StopIteration, msgspec.DecodeError) as error:
            raise FetchError("archive", f"{self._path.name} was changed while in use") from error

    def _next(self, url: str, *, conditional: bool) -> _Place | None:
        with self._guard:
            places = self._places.get(url, [])
            cursor = self._cursors.get(url, 0)
            turn = next(_fitting(places, cursor, conditional=conditional), None)
            if turn is None:
                return None
            self._cursors[url] = max(cursor, min(turn + 1, len(places) - 1))
            return places[turn]

    def _answer(self, record: WarcRecord, request: Request) -> Answer:
        budget = self._settings.budget(request.purpose)
        caps = Caps(max(budget.wire, budget.decoded), budget.decoded)
        whose = f"the archived answer of {request.url}"
        incoming = Incoming(record.reader.read, whose, caps.wire)
        head = read_stored_head(incoming)
        well = 200 <= head.status < 300  # noqa: PLR2004 - what went well, RFC 9110 section 15.3
        if well and record.headers.get("WARC-Truncated"):
            raise incoming.truncated()
        try:
            body = read_stored_body(incoming, head, caps)
        except FetchError:
            if well:
                raise
            body = b""  # the status is the message, as on the live web
        return Answer(
            url=request.url,
            status=head.status,
            headers=_restored(head.headers),
            body=body,
            at=_date(record) or _UNDATED,
        )


class _Archive:
    """The whole records of a WARC file, in order; ``damage`` is set once they have been read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.damage = ""

    def __iter__(self) -> Iterator[WarcRecord]:
        read = 0
        position = -1
        try:
            with self._path.open("rb") as stream:
                for record in ArchiveIterator(stream, parse_http=False):
                    if record.stream_pos == position:
                        raise ConfigError(f"{self._path}: is packed as one; pack each record alone")
                    position = record.stream_pos
                    yield record
                    read += 1
                if not _ends_whole(stream, max(position, 0)):
                    self.damage = self.damage or f"{self._path.name} ends in the middle of a record"
        except OSError as error:
            if not read:
                raise ConfigError(f"{self._path}: cannot be read as a WARC: {error}") from error
            self.damage = f"{self._path.name} cannot be read beyond its record {read}"


def _ends_whole(stream: IO[bytes], position: int) -> bool:
    """Whether the file, of which the last record found is at ``position``, ends with a record."""
    stream.seek(position)
    start = stream.read(len(_GZIP_MAGIC))
    if start != _GZIP_MAGIC:
        stream.seek(-min(len(_RECORD_END), stream.seek(0, os.SEEK_END)), os.SEEK_END)
        return stream.read() in {_RECORD_END, b""}
    stream.seek(position)
    engine = None
    try:
        while piece := stream.read(_UNPACKED_PIECE):
            while piece:
                engine = engine or zlib.decompressobj(16 + zlib.MAX_WBITS)
                engine.decompress(piece)
                piece, engine = (engine.unused_data, None) if engine.eof else (b"", engine)
    except zlib.error:
        return False
    return engine is None


def archive_key(url: str) -> str:
    """Return the form of ``url`` by which recordings are looked up; never with a line break."""
    try:
        return checked(url)
    except Refused:
        return quote(url, safe="!#$%&'()*+,/:;=?@[]~")


def recorded_at(path: Path) -> datetime | None:
    """Return when the recording began: the date of its ``warcinfo``, else the latest date in it.

    None for a file without dates. Raises ``ConfigError`` for one that cannot be read.
    """
    latest: datetime | None = None
    for record in _Archive(path):
        date = _date(record)
        if date and record.record_type == WarcRecordType.warcinfo:
            return date
        latest = max(filter(None, (latest, date)), default=None)
    return latest


def _fitting(places: list[_Place], cursor: int, *, conditional: bool) -> Iterator[int]:
    """Give the places that may answer, best first: from the cursor on, then back from it."""
    for turn in (*range(cursor, len(places)), *reversed(range(min(cursor, len(places))))):
        if conditional or places[turn].status != _NOT_MODIFIED:
            yield turn


def _answers(record: WarcRecord) -> bool:
    """Whether a record is an answer or a failure of ours."""
    if record.record_type == WarcRecordType.metadata:
        return bool(record.headers.get("Content-Type") == _FAILURE_TYPE)
    return bool(record.record_type == WarcRecordType.response)


def _place(record: WarcRecord) -> _Place | None:
    """Return where an answer is, having read it to its end; None when it is cut or no HTTP."""
    status = 0
    try:
        start = record.reader.read(64)
        size = len(start)
        while piece := record.reader.read(_PIECE):
            size += len(piece)
    except OSError:
        return None
    if record.record_type == WarcRecordType.response:
        matched = _STATUS.match(start)
        if matched is None:
            return None
        status = int(matched[1])
    stated = record.headers.get("Content-Length", "")
    return _Place(record.stream_pos, status) if stated == str(size) else None


def _target(record: WarcRecord) -> str:
    return str(record.headers.get("WARC-Target-URI", "")).strip("<>")  # some archivers add these


def _date(record: WarcRecord) -> datetime | None:
    date: datetime | None = record.record_date
    return date.astimezone(UTC).replace(microsecond=0) if date else None


def _failure(record: WarcRecord) -> FetchError:
    failure = msgspec.json.decode(record.reader.read(), type=_Failure)
    kind = Refused if failure.refused else FetchError
    return kind(failure.reason, failure.message)


def _head(answer: Answer) -> bytes:
    """Write an answer's head so that it is true of the body as it is kept."""
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {answer.status} {phrase}"]
    renamed = False
    for name, value in answer.headers:
        wire = _KEPT.fullmatch(name) is not None
        renamed = renamed or wire
        lines.append(f"{_PREFIX if wire else ''}{name}: {value}")
    if renamed:
        lines.append(f"content-length: {len(answer.body)}")
    return "\r\n".join((*lines, "", "")).encode("latin-1", "replace")


def _restored(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Give headers of the wire their names back; a length beside them was the archiver's."""
    kept = {name for name, _ in headers if name.startswith(_PREFIX) and _KEPT.fullmatch(name)}
    return tuple(
        (name.removeprefix(_PREFIX) if name in kept else name, value)
        for name, value in headers
        if not (kept and name == "content-length")
    )


def _record(url: str, occurrence: int, written: _Written) -> bytes:
    """Write one record as a gzip member. Its id follows from what it holds, so that the same
    exchanges give the same bytes.
    """
    kind, content, at, block, head = written
    digest = _digest(block)
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{url} {occurrence} {kind} {stamp} {digest}")
    headers = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<urn:uuid:{name}>"),
        ("WARC-Date", stamp),
        ("WARC-Target-URI", url),
        ("WARC-Block-Digest", digest),
        ("WARC-Payload-Digest", _digest(block[head:]) if head else ""),
        ("Content-Type", content),
        ("Content-Length", str(len(block))),
    ]
    lines = ["WARC/1.1", *(f"{key}: {value}" for key, value in headers if value), "", ""]
    whole = b"".join(("\r\n".join(lines).encode("utf-8"), block, b"\r\n\r\n"))
    return zlib.compress(whole, level=6, wbits=16 + zlib.MAX_WBITS)  # gzip without a time


def _digest(data: bytes) -> str:
    return "sha256:" + b32encode(sha256(data).digest()).decode("ascii")


def _copy(source: IO[bytes], member: _Member, target: IO[bytes]) -> None:
    source.seek(member.offset)
    left = member.size
    while left:
        piece = source.read(min(left, _PIECE))
        if not piece:
            raise OSError("the unfinished recording was cut by someone else")
        target.write(piece)
        left -= len(piece)


def _unwritable(path: Path, error: OSError) -> PublishError:
    return PublishError(f"{path}: the recording cannot be written: {error.strerror or error}")
