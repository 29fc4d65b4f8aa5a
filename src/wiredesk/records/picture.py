"""Pictures: what counts as one, by its own bytes, and the copy that a desk keeps of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

MOST_PIXELS = 40_000_000
"""Pixels of a picture that is looked at (THREATS I01, I02): 160 MB when unpacked."""
MOST_SIDE = 30_000
LEAST_SIDE = 60
"""Pixels below which a picture is an icon or a pixel that counts readers."""
MOST_STRETCH = 5
"""Sides whose ratio is beyond this are banners and strips (THREATS I08)."""

_MARKS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}


class Thumbnail(msgspec.Struct, frozen=True, kw_only=True):
    """A picture made anew: its bytes (WebP), its size, and that of the original as it is seen, all in
    pixels.
    """

    body: bytes
    width: int
    height: int
    original_width: int
    original_height: int


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that the desk keeps. ``name`` is a digest of the original's bytes, ``size`` the copy's own
    bytes, ``needed`` the desk's time at which a record last needed it.
    """

    name: str
    width: int
    height: int
    size: int
    needed: datetime


def format_of(body: bytes) -> str:
    """Return ``JPEG``, ``PNG``, ``GIF`` or ``WEBP`` by the first bytes; empty for every other kind,
    whatever anybody calls it (THREATS I04, I05).
    """
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for mark, kind in _MARKS.items() if body.startswith(mark)), "")


def is_bearable(width: int, height: int) -> bool:
    """Tell whether a picture of so many pixels may be unpacked."""
    return 0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= MOST_PIXELS


def may_lead(width: int, height: int) -> bool:
    """Tell whether a picture of that size shows something: no icon, no strip, no pixel."""
    small, large = sorted((width, height))
    return small >= LEAST_SIDE and large <= MOST_STRETCH * small
