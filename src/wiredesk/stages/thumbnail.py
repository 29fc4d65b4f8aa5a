"""thumbnail: the bytes of a stranger's picture in, a small picture of our own making out.

What it is is told by its own bytes, its size is known before a pixel is unpacked, and nothing of the
original's file is kept: no metadata, no colour profile, no frame but the first, no byte behind its end.
It is meant to be done apart (``ports.apart``).
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from wiredesk.errors import Unreadable
from wiredesk.records.picture import Thumbnail, format_of, is_bearable, may_lead

WIDEST, HIGHEST = 1_280, 1_280
"""Pixels of the copy: sharp at twice the 640 that a page shows."""
_QUALITY, _EFFORT = 80, 4
_MOST_SCANS = 100
"""Scans of a progressive JPEG, each a pass over all pixels (THREATS I06); encoders make ten."""
_SCAN = b"\xff\xda"


def thumbnail(body: bytes) -> Thumbnail:
    """Return the picture in ``body`` as WebP, turned as its file says, at most 1,280 pixels a side.

    Raises ``Unreadable``: class ``format`` (neither JPEG, PNG, GIF nor WebP), ``pixels`` (more than is
    unpacked), ``scans``, ``small`` (an icon, a strip, a pixel) or ``broken``.
    """
    kind = format_of(body)
    if not kind:
        raise Unreadable("format", "the picture is neither JPEG, PNG, GIF nor WebP")
    if kind == "JPEG" and body.count(_SCAN) > _MOST_SCANS:
        raise Unreadable("scans", "the picture is painted in countless passes")
    try:
        with Image.open(BytesIO(body), formats=(kind,)) as opened:
            if not is_bearable(*opened.size):
                raise Unreadable("pixels", "the picture has {} x {} pixels".format(*opened.size))
            original = opened.size
            opened.draft("RGB", (WIDEST, HIGHEST))
            return _made(opened, original)
    except (OSError, ValueError, SyntaxError, TypeError, OverflowError, EOFError) as error:
        raise Unreadable("broken", f"the picture is broken ({type(error).__name__})") from error
    except (Image.DecompressionBombError, UnidentifiedImageError) as error:
        raise Unreadable("pixels", "the picture has more pixels than it may have") from error


def _made(opened: Image.Image, original: tuple[int, int]) -> Thumbnail:
    seen = ImageOps.exif_transpose(opened)
    if (seen.width < seen.height) != (opened.width < opened.height):
        original = original[::-1]
    if not may_lead(*original):
        raise Unreadable("small", "the picture is an icon, a strip or a single pixel")
    has_alpha = "A" in seen.getbands() or "transparency" in seen.info
    pixels = seen.convert("RGBA" if has_alpha else "RGB")
    pixels.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    out = BytesIO()
    pixels.save(out, "WEBP", quality=_QUALITY, method=_EFFORT, exif=b"", icc_profile=b"", xmp=b"")
    return Thumbnail(
        body=out.getvalue(),
        width=pixels.width,
        height=pixels.height,
        original_width=original[0],
        original_height=original[1],
    )
