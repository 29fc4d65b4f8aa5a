"""The lead picture, 0 to 7 points.

A front page needs a picture that is large enough to be shown (1,200 pixels is what the large
social cards ask for). A picture of unknown size counts as a small one; one of a few pixels is a
tracker or an ornament and counts nothing.

Better: a larger picture. One more picture never takes points away.
"""

from __future__ import annotations

from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

LARGE, SMALL = 7, 5
LARGE_WIDTH, LEAST_WIDTH = 1200, 200
"""Pixels."""


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Give the points of the widest picture."""
    widths = [image.width for image in standing.article.images]
    widest = max(widths, default=0)
    if widest >= LARGE_WIDTH:
        reason = f"it has a large picture ({widest} pixels wide)"
        yield LedgerLine(signal="picture", points=LARGE, reason=reason)
    elif widest >= LEAST_WIDTH:
        reason = f"it has a picture ({widest} pixels wide)"
        yield LedgerLine(signal="picture", points=SMALL, reason=reason)
    elif 0 in widths:
        reason = "it has a picture (of a size that nobody states)"
        yield LedgerLine(signal="picture", points=SMALL, reason=reason)
