"""Archives of pages (WARC, ISO 28500, as CC-NEWS has them): the entries and their pages at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from wiredesk.errors import FetchError, Refused, SourceError
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.fetcher import Fetcher
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState
from wiredesk.records.http1 import Caps, Head, Incoming, read_stored_body, read_stored_head
from wiredesk.records.page import Page
from wiredesk.records.weburl import checked

CAPS = Caps(wire=10_000_000, decoded=10_000_000)
"""Most bytes of one page, as it is stored and unpacked."""

_OK = 200
_PIECE = 65_536
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_UNDATED = datetime(1990, 1, 1, tzinfo=UTC)


class _Found(msgspec.Struct, frozen=True):
    """The newest answer of a URL so far."""

    at: datetime
    entry: Entry


class WarcSource:
    """The archive at ``path`` (below the desk, if relative)."""

    def __init__(self, spec: SourceSpec, desk: Path) -> None:
        self._spec = spec
        self._path = desk / spec.path

    def gather(self, state: SourceState) -> Gathered:
        """Return an entry for the newest HTML answer of each URL, in the archive's order, read in
        one pass. What stands before damage counts, with a notice. Raises ``SourceError``.
        """
        del state
        found: dict[str, _Found] = {}
        skipped: Counter[str] = Counter()
        damage = ""
        try:
            for record in _responses(self._path):
                self._note(record, found, skipped)
        except OSError as error:  # fastwarc's errors are OSErrors too
            if not found:
                raise _unreadable(self._path, error) from error
            damage = f"{self._path.name} is damaged; what stands before the damage was read"
        notices = [f"{count} record(s) skipped: {why}" for why, count in sorted(skipped.items())]
        ordered = sorted((each.entry for each in found.values()), key=lambda e: int(e.locator))
        return Gathered(
            entries=tuple(ordered), notices=(*notices, damage) if damage else tuple(notices)
        )

    def page(self, entry: Entry) -> Page | None:
        """Return the archived page. Raises ``SourceError`` when the archive no longer holds it, or
        holds it over the caps.
        """
        try:
            with self._path.open("rb") as stream:
                stream.seek(int(entry.locator))
                record = next(iter(ArchiveIterator(stream, parse_http=False)), None)
                if record is None or _target(record) != entry.url:
                    raise _moved(self._path, entry)
                incoming = _incoming(record, entry.url)
                head = read_stored_head(incoming)
                body = read_stored_body(incoming, head, CAPS)
                at = _date(record)
        except FetchError as error:
            raise SourceError(error.reason, f"{self._path.name}: {error.message}") from error
        except (OSError, ValueError) as error:
            raise _moved(self._path, entry) from error
        return Page(
            url=entry.url,
            final_url=entry.url,
            status=head.status,
            headers=head.headers,
            body=body,
            at=at,
            hops=(entry.url,),
        )

    def _note(self, record: WarcRecord, found: dict[str, _Found], skipped: Counter[str]) -> None:
        url = _target(record)
        why = _unfit(record, url) if url else "its address cannot be asked"
        if not _is_whole(record):
            why = "it is cut off"
        if why:
            skipped[why] += 1
            return
        at = _date(record)
        version = record.headers.get("WARC-Payload-Digest") or str(record.stream_pos)
        entry = Entry(
            source=self._spec.id,
            guid=f"{url} {version}",
            url=url,
            locator=str(record.stream_pos),
        )
        before = found.get(url)
        if before is None or at >= before.at:
            found[url] = _Found(at, entry)
        if before is not None:
            skipped["an address that is there again; the newest counts"] += 1


def _responses(path: Path) -> Iterator[WarcRecord]:
    with path.open("rb") as stream:
        kinds = WarcRecordType.response
        yield from ArchiveIterator(stream, record_types=kinds, parse_http=False)


def _unfit(record: WarcRecord, url: str) -> str:
    """Say why a record is no page that we want, or nothing."""
    try:
        head = read_stored_head(_incoming(record, url))
    except FetchError:
        return "it is no HTTP answer"
    if head.status != _OK:
        return "its status is not 200"
    return "" if _kind(head) in _HTML else "it is not HTML"


def _is_whole(record: WarcRecord) -> bool:
    """Whether the archive goes on to the record's end; reads up to it and keeps nothing."""
    while record.reader.read(_PIECE):
        pass
    return int(record.reader.tell()) >= record.content_length


def _kind(head: Head) -> str:
    return next(iter(head.values("content-type")), "").partition(";")[0].strip().lower()


def _incoming(record: WarcRecord, url: str) -> Incoming:
    return Incoming(record.reader.read, url, CAPS.wire)


def _target(record: WarcRecord) -> str:
    """Return the record's address fit to be asked, or nothing. Some writers put it in brackets."""
    try:
        return checked((record.headers.get("WARC-Target-URI") or "").strip("<> "))
    except Refused:
        return ""


def _date(record: WarcRecord) -> datetime:
    if not record.headers.get("WARC-Date"):
        return _UNDATED
    date = record.record_date
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def _unreadable(path: Path, error: OSError) -> SourceError:
    return SourceError("file", f"{path} cannot be read as a WARC: {error.strerror or error}")


def _moved(path: Path, entry: Entry) -> SourceError:
    return SourceError("gone", f"{path.name} no longer holds {entry.url} at byte {entry.locator}")


def open_source(spec: SourceSpec, desk: Path, fetch: Fetcher, apart: Apart = here) -> WarcSource:
    """Return the archive at ``spec.path``. Raises ``SourceError`` when it is not stated."""
    del fetch, apart
    if not spec.path:
        raise SourceError("config", f"the archive {spec.name!r} has no path")
    return WarcSource(spec, desk)
