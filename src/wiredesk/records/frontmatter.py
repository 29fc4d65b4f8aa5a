"""The codec of the record file: front matter between two lines ``---``, and a body.

``emit`` writes from the values alone, in the classic form (``records.classic_form``). ``parse``
reads that form line by line; a file that is not in it is read as YAML (``records.yaml_form``,
bounded) and marked: written again, it takes the classic form.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Literal

import msgspec

from wiredesk.errors import MalformedRecord
from wiredesk.records.classic_form import read_lines, write_lines
from wiredesk.records.record import Extra, Record
from wiredesk.records.yaml_form import read_text

MOST_BYTES = 10_000_000
"""Bytes of a record file; a larger one is no record."""

MOST_HEAD = 1_000_000
"""Characters of front matter: some ten times the largest real one, and a second's work at most."""

Newline = Literal["\n", "\r\n"]

_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?=\r?\n|\Z)", re.MULTILINE)
_END = "---"
"""What an extra follows that says that the file ends without a newline after its last ``---``."""


class RecordFile(msgspec.Struct, frozen=True, kw_only=True):
    """A record as a file has it. ``classic``: writing it again gives the same bytes.

    ``differs_at`` is the first line (from 1) that would be written in another way, else 0.
    """

    record: Record
    newline: Newline = "\n"
    classic: bool = True
    differs_at: int = 0


def parse(data: bytes, file: str = "<record>") -> RecordFile:
    """Return the record in ``data``. Raises ``MalformedRecord`` naming ``file`` and the line."""
    text = _decoded(data, file)
    opening = _OPENING.match(text)
    if opening is None:
        raise MalformedRecord(file, 1, "a line '---' that opens the front matter")
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        lines = text.count("\n") + (not text.endswith("\n"))
        raise MalformedRecord(file, lines, "a line '---' that closes the front matter")
    if closing.start() > MOST_HEAD:
        raise MalformedRecord(file, 1, f"front matter of at most {MOST_HEAD:,} characters")
    newline: Newline = "\r\n" if opening[0].endswith("\r\n") else "\n"
    record = _head(text[opening.end() : closing.start()], newline, file)
    record = _with_body(record, text[closing.end() :], newline)
    written = emit(record, newline)
    if written == data:
        return RecordFile(record=record, newline=newline)
    differs_at = _first_difference(data, written)
    return RecordFile(record=record, newline=newline, classic=False, differs_at=differs_at)


def emit(record: Record, newline: Newline = "\n") -> bytes:
    """Return the file of ``record`` in the classic form.

    Raises ValueError for a value that the form cannot hold: a line break in one that stands without
    quotes, a NUL or half a surrogate pair anywhere.
    """
    head = newline.join(["---", *write_lines(record), "---"])
    unended = not record.body and any(extra.after == _END for extra in record.extras)
    body = record.body if "\r\n" in record.body else record.body.replace("\n", newline)
    text = head if unended else f"{head}{newline}{body}"
    if "\0" in text:
        raise ValueError("a record has no NUL character")
    return text.encode("utf-8")


def _decoded(data: bytes, file: str) -> str:
    if len(data) > MOST_BYTES:
        raise MalformedRecord(file, 1, f"a record of at most {MOST_BYTES:,} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedRecord(file, _line_of(data, error.start), "text in UTF-8") from error
    if b"\0" in data:
        raise MalformedRecord(file, _line_of(data, data.index(b"\0")), "no NUL character")
    return text.removeprefix("\ufeff")


def _line_of(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def _head(text: str, newline: Newline, file: str) -> Record:
    """Read the front matter: in the classic form, with mixed newlines, or as YAML."""
    unmixed = text.replace("\r\n", "\n")
    if newline == "\n" or "\n" not in text.replace("\r\n", ""):
        try:
            return read_lines(_lines(text, newline), file)
        except MalformedRecord as error:
            if newline == "\r\n" or unmixed == text:
                return read_text(_lines(unmixed, "\n"), file, error)
    lines = _lines(unmixed, "\n")
    try:
        return read_lines(lines, file)
    except MalformedRecord as error:
        return read_text(lines, file, error)


def _lines(text: str, newline: str) -> list[str]:
    """Split at ``newline`` alone: a NEL or a lone CR is part of its line."""
    return text.split(newline)[:-1]


def _with_body(record: Record, rest: str, newline: Newline) -> Record:
    """Add what follows the closing line, with LF for newlines unless they are mixed."""
    if not rest:
        ended = Extra(after=_END, raw="")
        return msgspec.structs.replace(record, extras=(*record.extras, ended), body="")
    _, _, body = rest.partition("\n")
    if newline == "\r\n" and "\n" not in body.replace("\r\n", ""):
        body = body.replace("\r\n", "\n")
    return msgspec.structs.replace(record, body=body)


def _first_difference(data: bytes, written: bytes) -> int:
    pairs = enumerate(zip_longest(data.split(b"\n"), written.split(b"\n")), 1)
    return next(number for number, (one, other) in pairs if one != other)
