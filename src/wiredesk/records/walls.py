"""Walls against programs, told by their marks, so that an editor reads whose wall it is.

A wall is named and reported; nothing here, or anywhere, tries to get past one. The marks are those
that the makers document or send with every challenge.
"""

from __future__ import annotations

import re

_DENIED = frozenset({401, 402, 403, 405, 407, 429, 451, 503, 202, 200})
_HEADERS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (maker, name, re.compile(pattern, re.IGNORECASE))
    for maker, name, pattern in (
        ("Cloudflare", "cf-mitigated", "challenge|block"),
        ("AWS WAF", "x-amzn-waf-action", "challenge|captcha"),
        ("Vercel", "x-vercel-mitigated", "challenge|deny"),
    )
)
_SERVERS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (maker, name, re.compile(pattern, re.IGNORECASE))
    for maker, name, pattern in (
        ("Cloudflare", "server", r"cloudflare\b"),
        ("DataDome", "server", r"datadome\b"),
        ("DataDome", "x-datadome", "protected"),
        ("DataDome", "x-dd-b", "."),
        ("Kasada", "x-kpsdk-ct", "."),
        ("Akamai", "server", r"akamaighost\b"),
        ("Imperva", "x-cdn", r"imperva|incapsula"),
        ("Imperva", "x-iinfo", "."),
        ("Sucuri", "x-sucuri-id", "."),
    )
)
"""Marks of whoever stands before a server: a wall only where the answer is a refusal (401, 403)."""
_REFUSED = frozenset({401, 403})
_BODIES: tuple[tuple[str, bytes, bytes], ...] = (
    ("Cloudflare", b"<title>just a moment...</title>", b"/cdn-cgi/challenge-platform/"),
    ("DataDome", b"captcha-delivery.com", b"<script"),
    ("Imperva", b"_incapsula_resource", b"<iframe"),
    ("Anubis", b"/.within.website/x/cmd/anubis/", b"<script"),
    ("PerimeterX", b"captcha.px-cdn.net", b"<script"),
)
"""What stands in a challenge that comes with status 200: both must, and in a short page."""
_SHORT = 40_000
"""Bytes of a page that may still be a challenge and nothing else."""


def named(status: int, headers: tuple[tuple[str, str], ...], body: bytes = b"") -> str:
    """Return whose wall an answer is, or an empty string."""
    if status not in _DENIED:
        return ""
    marks = _HEADERS + (_SERVERS if status in _REFUSED else ())
    for maker, name, pattern in marks:
        if any(key == name and pattern.match(value.strip()) for key, value in headers):
            return maker
    if len(body) > _SHORT or not body:
        return ""
    lowered = body.lower()
    return next((maker for maker, *both in _BODIES if all(mark in lowered for mark in both)), "")
