"""Whose words they are, -20 to 6 points.

The first to report an event did the work; a copy of another's text adds nothing for the reader and
must stay below the text that it copies.

Better: first rather than later, own words rather than a copy.
"""

from __future__ import annotations

from collections.abc import Iterable

from wiredesk.ports.signal import Place
from wiredesk.records.judgement import LedgerLine

FIRST, COPY = 6, -20


def compared(place: Place) -> Iterable[LedgerLine]:
    """Give points for being first, or take them for being a copy."""
    if place.copy_of:
        reason = f"its text is a copy of article {place.copy_of}"
        yield LedgerLine(signal="copy", points=COPY, reason=reason)
    elif place.first:
        yield LedgerLine(signal="first", points=FIRST, reason="nobody reported it earlier")
