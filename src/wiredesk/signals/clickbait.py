"""Titles that withhold what they announce, -8 to 0 points.

Gently, and only by turns that honest headlines do not use: capital letters, questions, numbers and
"here's why" are common in ordinary ones and are no evidence. A wrong suspicion costs less than a
missing picture and a missing date together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

BAIT = -8
_TURNS = re.compile(
    r"\byou (?:won[\u2019']t|will not|wouldn[\u2019']t|[\u2019']ll never) believe\b|"
    r"\bwhat happened next\b|\bwhat happens next will\b|"
    r"\b(?:will|to) (?:blow your mind|make you (?:cry|laugh|smile|cringe|feel|want|say|question))\b|"
    r"\bone (?:weird|simple|strange) trick\b|\b(?:doctors|experts) hate\b|"
    r"\b(?:restore|ruin) your (?:faith|childhood|day)\b|\bgive you (?:chills|goosebumps)\b|"
    r"\b(?:we|you) can[\u2019']t (?:even|unsee|stop)\b|\bthe internet (?:is losing|lost) it\b|"
    r"^\d+ \w+ (?:\w+ ){0,4}?(?:you (?:need|should|have to|must|didn[\u2019']t|never|probably)|"
    r"that (?:will|are|prove|only|perfectly)|only \w+ will|every \w+ (?:will|knows|should))",
    re.IGNORECASE,
)


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Take points for a title with a turn of clickbait."""
    told = _TURNS.search(standing.article.title)
    if told is not None:
        reason = f"its title baits the reader (“{told.group().strip()}”)"
        yield LedgerLine(signal="clickbait", points=BAIT, reason=reason)
