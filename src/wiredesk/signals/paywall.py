"""A wall in front of the text, -6 to 0 points.

The reader who follows the link may not get to read: a freely readable report of the same worth
should lead, but a good report behind a wall still counts for more than a thin one without.

Better: no wall.
"""

from __future__ import annotations

from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

WALL = -6


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Take points when the page says that it is not free to read."""
    if standing.article.paywalled:
        reason = "it says that it is not free to read"
        yield LedgerLine(signal="paywall", points=WALL, reason=reason)
