"""Addresses in the AMP cache, by the AMP Cache URL format
(https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls).
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b32encode
from hashlib import sha256

from wiredesk.errors import Refused

CACHE_DOMAIN = "cdn.ampproject.org"
"""Google's cache, the one that the record's ``cdnAmpWebUrl`` has always meant."""

_MOST_LABEL = 63
_WEB = re.compile(r"(?i:http(s)?)://([^/?#:@\[\]]+)(?::[0-9]+)?([/?#].*)?", re.DOTALL)
_IMAGE = re.compile(r"\.(?:png|jpe?g|jfif|gif|webp|svg|bmp|ico|tiff?|avif)", re.IGNORECASE)
_FONT = re.compile(r"\.(?:woff2?|ttf|otf|eot)", re.IGNORECASE)


def amp_cache_url(url: str) -> str:
    """Return where the AMP cache serves ``url``: a document below ``/c/``, an image below ``/i/``, a
    font below ``/r/``; ``s`` follows for https. Raises ``Refused`` when ``url`` is no web address.
    """
    parts = _WEB.fullmatch(url)
    if parts is None:
        raise Refused("url", f"{url[:100]!r} has no address in an AMP cache")
    secure, host, rest = parts[1], parts[2].lower(), parts[3] or ""
    kind = _kind(re.split("[?#]", rest, maxsplit=1)[0])
    origin = f"s/{host}" if secure else host
    return f"https://{subdomain(host)}.{CACHE_DOMAIN}/{kind}/{origin}{rest}"


def subdomain(host: str) -> str:
    """Return the one label that stands for ``host`` in front of a cache's domain.

    It can be read (``-`` doubled, ``.`` turned into ``-``, guarded by ``0-`` and ``-0`` where it
    would pass for an international label) unless the host has no dot, is too long, or mixes writing
    directions: then it is the hash of the host.
    """
    ascii_host = ".".join(map(_to_ascii, host.lower().split(".")))
    name = ".".join(map(_to_unicode, ascii_host.split(".")))
    if "." not in name or len(ascii_host) > _MOST_LABEL or _mixes_directions(name):
        return _hashed(ascii_host)
    label = name.replace("-", "--").replace(".", "-")
    if label[2:4] == "--":
        label = f"0-{label}-0"
    label = _to_ascii(label)
    return label if len(label) <= _MOST_LABEL else _hashed(ascii_host)


def _kind(path: str) -> str:
    name = path[path.rfind(".") :] if "." in path else ""
    if _IMAGE.fullmatch(name):
        return "i"
    return "r" if _FONT.fullmatch(name) else "c"


def _hashed(host: str) -> str:
    return b32encode(sha256(host.encode("ascii")).digest()).decode("ascii").rstrip("=").lower()


def _to_ascii(label: str) -> str:
    """Punycode (RFC 3492) alone: a cache's label need not be a name that could be registered."""
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def _to_unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _mixes_directions(name: str) -> bool:
    directions = {unicodedata.bidirectional(character) for character in name}
    return "L" in directions and bool(directions & {"R", "AL"})
