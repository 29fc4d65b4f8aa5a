"""Whose words they are, -20 to 6 points.

The first to report an event did the work; a copy of another's text adds nothing for the reader and
must stay below the text that it copies.
"""

from __future__ import annotations

from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

FIRST, COPY = 6, -20


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Give points for being first, or take them for being a copy."""
    if standing.copy_of:
        reason = f"its text is a copy of article {standing.copy_of}"
        yield LedgerLine(signal="copy", points=COPY, reason=reason)
    elif standing.first_in_story:
        yield LedgerLine(signal="first", points=FIRST, reason="nobody reported it earlier")
