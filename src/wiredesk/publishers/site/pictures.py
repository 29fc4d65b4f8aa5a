"""Which picture of a record a page shows, by what the desk allows.

A picture that lies with its publisher tells them who reads the page, so by default only those are
shown that the desk serves itself (``isCached``, below the site's own address).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from wiredesk.config import Settings
from wiredesk.publishers.site.items import web_address
from wiredesk.records.article import Image

PICTURES = "pictures"
"""Folder of the copies on the site."""
SHOWN = 320
"""CSS pixels that a picture in a list is wide at most; twice as many for fine screens."""
_PATH = re.compile(r"/[A-Za-z0-9._~%-]+(?:/[A-Za-z0-9._~%-]+)*")
NO_COPIES: Mapping[str, Image] = {}
_LEAST = 80
"""Pixels below which a picture is a badge or a tracker."""


def picture(
    images: Sequence[Image], settings: Settings, copies: Mapping[str, Image] = NO_COPIES
) -> Image | None:
    """Return the picture that fits best: the smallest that is sharp on a fine screen, or the largest.

    ``copies`` has the site's own copies, with their addresses on the site, by those of the originals.
    """
    own = copies if settings.site.images == "cached" else NO_COPIES
    found = [own.get(image.url, image) if image.is_cached else image for image in images]
    usable = [
        msgspec.structs.replace(image, url=url)
        for image in found
        if image.width >= _LEAST and image.height >= _LEAST and (url := _source(image, settings))
    ]
    sharp = [image for image in usable if image.width >= 2 * SHOWN]
    if sharp:
        return min(sharp, key=lambda image: image.width)
    return max(usable, key=lambda image: image.width, default=None)


def _source(image: Image, settings: Settings) -> str:
    match settings.site.images:
        case "publishers":
            return image.url if image.url.startswith("https://") and web_address(image.url) else ""
        case "cached" if image.is_cached:
            return _own(image.url, settings.publish.base_url.rstrip("/"))
        case _:
            return ""


def _own(url: str, base: str) -> str:
    """Return ``url`` if it is on this very site."""
    below = bool(base) and url.startswith(f"{base}/")
    return url if _PATH.fullmatch(url.removeprefix(base) if below else url) else ""
