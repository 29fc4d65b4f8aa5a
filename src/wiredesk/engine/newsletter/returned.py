"""Letters that came back (RFC 3464), and complaints about them (RFC 5965), as their servers report it.

A report is believed only for the letter whose mark it carries: our Message-ID among the headers that it
returns, or our envelope id. The mark is proven by the desk's key, so that a forged report takes nobody
off the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

import msgspec

MOST_BYTES = 1_000_000
"""Of a report that is looked at; servers return the letter's start with it."""
_MOST_PARTS = 50
_MARK = re.compile(r"[0-9a-f]{8,64}~[a-z0-9.,_-]{0,200}~[0-9a-f]{32}")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says: of which letter, and why."""

    mark: str
    """The letter's token, not yet verified; empty when there is none."""
    status: str = ""
    """The code of RFC 3463, such as ``5.1.1``; empty when there is none."""
    complaint: bool = False


def read_returned(data: bytes) -> Returned | None:
    """Return what a mail reports; None for one that is no report of a failure or a complaint.

    Delays and successes are no failures. Whatever the mail is, this does not raise.
    """
    try:
        mail = message_from_bytes(data[:MOST_BYTES], policy=compat32)
        parts = list(_parts(mail))
    except (RecursionError, LookupError, ValueError):
        return None
    kinds = {part.get_content_type(): part for part in reversed(parts)}
    if "message/feedback-report" in kinds:
        return Returned(mark=_mark(data), complaint=True)
    report = kinds.get("message/delivery-status")
    if report is None:
        return None
    fields = _fields(report)
    if not any(name == "action" and value.lower().startswith("failed") for name, value in fields):
        return None
    said = (_STATUS.search(value) for name, value in fields if name == "status")
    return Returned(mark=_mark(data), status=next((each[0] for each in said if each), ""))


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= _MOST_PARTS:
            return
        yield part


def _fields(report: Message) -> list[tuple[str, str]]:
    """Return the fields of all groups of a report, names in lower case."""
    groups = report.get_payload()
    found = groups if isinstance(groups, list) else []
    return [
        (name.lower(), str(value))
        for group in found
        if isinstance(group, Message)
        for name, value in group.items()
    ]


def _mark(data: bytes) -> str:
    """Return the first thing in the report that looks like a mark of ours; headers may be folded."""
    text = data[:MOST_BYTES].decode("ascii", "replace").replace("\r\n", "\n").replace("=\n", "")
    found = _MARK.search(text)
    return found[0] if found else ""
