"""The size of a picture from its first bytes."""

from __future__ import annotations

from io import BytesIO

import imagesize

from wiredesk.records.picture import format_of, is_bearable


def measured(body: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a JPEG, PNG, GIF or WebP file; None for every other
    format, a broken header, and sizes that no picture has (THREATS I01-I06). Decodes no pixel.
    """
    if not format_of(body):
        return None
    try:
        width, height = imagesize.get(BytesIO(body))
    except (ValueError, OSError, IndexError, OverflowError, TypeError):
        return None
    return (int(width), int(height)) if is_bearable(width, height) else None
