"""The publisher's standing, 0 to 20 points.

The desk's registry is the only source: what a publisher is worth is the editors' judgement, so no
rating is guessed. Twenty points are a fifth of the scale: enough that an esteemed publisher's
complete article reaches the default threshold alone, too little to carry a thin one there.
"""

from __future__ import annotations

from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

MOST = 20
REGISTERED = 14
"""A registered publisher of no stated standing: somebody chose to list it."""
UNKNOWN = 8
"""Nobody has judged this one; below every listed one, above one that is listed as poor."""
OFFICIAL = 16
"""A first-hand source: authoritative on itself, though never disinterested."""


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Give the points of the publisher's standing."""
    points, reason = _standing(standing)
    yield LedgerLine(signal="standing", points=points, reason=reason)


def _standing(standing: Standing) -> tuple[int, str]:
    provider = standing.provider
    name = standing.article.provider.name
    if provider is None:
        return UNKNOWN, f"{name} is not in the desk's list of providers"
    if provider.standing is not None:
        points = max(0, min(MOST, provider.standing))
        return points, f"{name} has a standing of {points} of {MOST} in the desk's list"
    if provider.kind == "press-release":
        return 0, f"{name} distributes press releases"
    if provider.kind == "official":
        return OFFICIAL, f"{name} is an official source"
    return REGISTERED, f"{name} is in the desk's list of providers"
