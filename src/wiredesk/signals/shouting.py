"""Titles that shout, -10 to 0 points.

Whole titles in capitals and rows of exclamation marks. Short words do not count (names of
organisations are capitals), and scripts without capitals cannot shout in them.

Better: a title with a word that is not in capitals, and no row of marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

CAPITALS, MARKS = -6, -4
LEAST_LETTERS, LEAST_WORDS = 4, 3
"""Only words of so many letters are looked at, and only when there are so many of them."""
_MARKS = re.compile(r"[!?\u00a1\uff01\uff1f]{2,}")


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Take points for a title in capitals, and for rows of marks."""
    title = standing.article.title
    long_words = [word for word in title.split() if _letters(word) >= LEAST_LETTERS]
    if len(long_words) >= LEAST_WORDS and all(word.isupper() for word in long_words):
        yield LedgerLine(signal="shouting", points=CAPITALS, reason="its title is all in capitals")
    if _MARKS.search(title):
        reason = "its title has a row of exclamation or question marks"
        yield LedgerLine(signal="shouting", points=MARKS, reason=reason)


def _letters(word: str) -> int:
    return sum(character.isalpha() for character in word)
