"""The publisher's standing, 0 to 20 points.

By the first of these that has a word: the desk's own provider file (its ``standing``, else its
kind), the table of advertisers that comes with wiredesk, the list of domain ratings that the desk has
loaded, and else a middling number for the unknown. A list may raise what a desk says by mere
listing, never lower it. Twenty points are a fifth of the scale: enough that an esteemed publisher's
complete article reaches the default threshold alone, too little to carry a thin one there.

Better: a higher standing or rating, and a listed publisher rather than an unknown one.
"""

from __future__ import annotations

from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine
from wiredesk.records.provider import Provider
from wiredesk.records.rating import Rating

MOST = 20
REGISTERED = 14
"""A registered publisher of no stated standing: somebody chose to list it."""
UNKNOWN = 8
"""Nobody has judged this one; below every listed one, above one that is listed as poor."""
OFFICIAL = 16
"""A first-hand source: authoritative on itself, though never disinterested."""


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Give the points of the publisher's standing, and say whose word it is."""
    points, reason = _standing(standing)
    yield LedgerLine(signal="standing", points=points, reason=reason)


def _standing(standing: Standing) -> tuple[int, str]:
    provider, name = standing.provider, standing.article.provider.name
    if provider is not None and provider.standing is not None:
        points = max(0, min(MOST, provider.standing))
        return points, f"{name} has a standing of {points} of {MOST} in the desk's list"
    if standing.advertises:
        return 0, f"{name} carries {standing.advertises}"
    if provider is None:
        if standing.rating is not None:
            return _rated(standing.rating)
        return UNKNOWN, f"{name} is neither in the desk's list nor rated"
    return max(_listed(provider), _rated(standing.rating), key=lambda given: given[0])


def _listed(provider: Provider) -> tuple[int, str]:
    if provider.kind == "official":
        return OFFICIAL, f"{provider.name} is an official source in the desk's list"
    return REGISTERED, f"{provider.name} is in the desk's list"


def _rated(rating: Rating | None) -> tuple[int, str]:
    if rating is None:
        return 0, ""
    reason = f"{rating.domain} is rated {rating.value:.2f} of 1 in {rating.source}"
    return round(MOST * rating.value), reason
