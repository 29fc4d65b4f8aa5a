"""Where a record's file is: a name for readers, given once. Identity is the story's id, never this.

The rules are R8 of the threat model: names of ASCII letters, digits and hyphens, bounded, never one
that Windows keeps for a device, never one that another story has.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime

FOLDER = "_news"
"""The folder of the records, below the repository."""
SUFFIX = ".md"
_MOST_BYTES = 200
"""Of a whole file name. File systems take 255; backups and sync tools add to names."""
_ID_DIGITS = 8
_SLUG_BYTES = _MOST_BYTES - len("2026-01-01-") - len("-") - _ID_DIGITS - len(SUFFIX)
_DROPPED = re.compile(r"[^a-z0-9 -]")
_GAPS = re.compile(r"[ -]+")
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in range(10)}
)
"""Names that Windows reserves, whatever follows the first dot."""


def slug(title: str) -> str:
    """Return ``title`` in lower case with all but a-z, 0-9, space and hyphen dropped and each run of
    these two made one hyphen; at most 177 bytes, cut between words; empty when nothing is left.
    """
    whole = _GAPS.sub("-", _DROPPED.sub("", title.lower())).strip("-")
    if len(whole) <= _SLUG_BYTES:
        return whole
    cut = whole[: _SLUG_BYTES + 1]
    return (cut.rpartition("-")[0] or cut[:_SLUG_BYTES]).strip("-")


def is_device(name: str) -> bool:
    """Tell whether Windows would refuse ``name`` as a file or folder."""
    return name.lower().partition(".")[0] in _DEVICES


def record_path(title: str, published: datetime, story: str, taken: Collection[str]) -> str:
    """Return the path of a new record, below the repository: ``_news/YYYY-MM-DD-slug.md``.

    The date is that of ``published`` in UTC. ``taken`` has the paths, in lower case, that are others'.
    A slug that is empty, a device or taken gets as many hex digits of the story's id as it needs,
    8 at first.
    """
    day = published.astimezone(UTC).date().isoformat()
    words = slug(title)
    plain = f"{FOLDER}/{day}-{words}{SUFFIX}"
    if words and not is_device(words) and plain not in taken:
        return plain
    start = f"{FOLDER}/{day}-{words}-" if words else f"{FOLDER}/{day}-"
    names = (f"{start}{story[:digits]}{SUFFIX}" for digits in range(_ID_DIGITS, len(story) + 1))
    free = next((name for name in names if name not in taken), "")
    if not free:
        raise ValueError(f"no free name for story {story}")
    return free
