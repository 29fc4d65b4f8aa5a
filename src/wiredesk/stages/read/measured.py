"""The size of a picture from its first bytes."""

from __future__ import annotations

from io import BytesIO

import imagesize

_FORMATS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_MOST_PIXELS = 100_000_000
_MOST_SIDE = 30_000


def measured(body: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a JPEG, PNG, GIF or WebP file; None for every other
    format, a broken header, and sizes that no picture has (THREATS I01-I06). Decodes no pixel.
    """
    if not body.startswith(_FORMATS) and not (body[:4] == b"RIFF" and body[8:12] == b"WEBP"):
        return None
    try:
        width, height = imagesize.get(BytesIO(body))
    except (ValueError, OSError, IndexError, OverflowError, TypeError):
        return None
    if not (
        0 < width <= _MOST_SIDE and 0 < height <= _MOST_SIDE and width * height <= _MOST_PIXELS
    ):
        return None
    return int(width), int(height)
