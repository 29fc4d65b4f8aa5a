"""Merging what the desk would write with what a human made of it, key by key.

``base`` has, for each key of a record, the digest of the value that the desk itself would have
written when it last wrote the record. A key whose value in the file has another digest was changed
by a human, and stays so. Lists and blocks (topics, images, related, provider) are whole values.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from wiredesk.records.identity import content_digest
from wiredesk.records.record import Record

_DIGITS = 12
"""Hex digits of a short digest: 48 bits are plenty where the only other value is a human's."""
_NOT_OURS = frozenset({"secured", "extras", "body"})
"""The seal is made anew each time; what is not in the classic form is the human's alone."""
_FIELDS = tuple(
    (field.encode_name, field.name)
    for field in msgspec.structs.fields(Record)
    if field.name not in _NOT_OURS
)
"""(key as the file has it, attribute) in the order of the keys."""
_NUMBERS = ("quality", "heat", "published")
"""All three there or none (``records.record``)."""


class Conflict(msgspec.Struct, frozen=True):
    """A key that a human changed and that the desk, too, would now write differently."""

    key: str
    ours: str
    """The desk's new value, as JSON."""
    theirs: str
    """The human's value, as JSON, which stays."""


class Merged(msgspec.Struct, frozen=True):
    """A record with the human's changes kept."""

    record: Record
    base: dict[str, str]
    """What to compare the file with the next time."""
    held: tuple[str, ...] = ()
    """Keys whose value is the human's."""
    conflicts: tuple[Conflict, ...] = ()


def digests(record: Record) -> dict[str, str]:
    """Return the short digest of each value of ``record`` by its key; absent values are left out.

    The sealed field, foreign keys and the body have none.
    """
    found = {key: _digest(getattr(record, name)) for key, name in _FIELDS}
    return {key: digest for key, digest in found.items() if digest}


def is_humans(base: Mapping[str, str], record: Record, key: str) -> bool:
    """Tell whether the value of ``key`` in ``record``, as it is in a file, was changed by a human."""
    value = next(getattr(record, name) for known, name in _FIELDS if known == key)
    return _digest(value) != base.get(key, "")


def merge(base: Mapping[str, str], ours: Record, theirs: Record) -> Merged:
    """Return ``ours`` with every change of a human in ``theirs`` (the file as it is) kept.

    Foreign keys, body and the sealed field always come from ``theirs``. A human's change wins for
    good, even when the desk comes to the same value for a while. A conflict is given only at the
    time when the desk's own value moves away from what it was: it is shown once, not each run.
    """
    ours_now, theirs_now = digests(ours), digests(theirs)
    held = tuple(key for key, _ in _FIELDS if theirs_now.get(key, "") != base.get(key, ""))
    kept = {name: getattr(theirs, name) for key, name in _FIELDS if key in held}
    conflicts = tuple(
        Conflict(key, _shown(getattr(ours, name)), _shown(getattr(theirs, name)))
        for key, name in _FIELDS
        if key in held and ours_now.get(key, "") not in (base.get(key, ""), theirs_now.get(key, ""))
    )
    record = msgspec.structs.replace(
        ours, **kept, secured=theirs.secured, extras=theirs.extras, body=theirs.body
    )
    return Merged(
        _whole(record, ours, theirs), _next_base(base, ours_now, theirs_now), held, conflicts
    )


def _next_base(
    base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]
) -> dict[str, str]:
    """Our new digests, but the old one where we now agree with a human's change: else the change
    would look like ours the next time, and be lost.
    """
    following: dict[str, str] = {}
    for key, _ in _FIELDS:
        human = theirs.get(key, "") != base.get(key, "")
        agreed = human and ours.get(key, "") == theirs.get(key, "")
        digest = base.get(key, "") if agreed else ours.get(key, "")
        if digest:
            following[key] = digest
    return following


def _whole(record: Record, ours: Record, theirs: Record) -> Record:
    """Return ``record`` with the three numbers all there or all absent, as the form asks."""
    values = {name: getattr(record, name) for name in _NUMBERS}
    if None not in values.values() or not any(value is not None for value in values.values()):
        return record
    source = ours if ours.quality is not None else theirs
    filled = {
        name: getattr(source, name) if value is None else value for name, value in values.items()
    }
    return msgspec.structs.replace(record, **filled)


def _digest(value: object) -> str:
    return "" if value is None or value == () else content_digest(value)[:_DIGITS]


def _shown(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode("utf-8")
