"""Boundaries: where a word begins and ends, its plural and its possessive included.

Why hyphens belong to the word: docs/decisions/0030-words-and-hyphens.md.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from wiredesk.stages.classify.text import Place

COMPOUND_HEADS = frozenset((
    "aided", "assisted", "augmented", "backed", "based", "built", "capable", "centric", "created",
    "designed", "developed", "driven", "enabled", "enhanced", "equipped", "first", "focused",
    "free", "friendly", "fueled", "fuelled", "generated", "guided", "heavy", "infused",
    "integrated", "led", "like", "made", "maker", "makers", "making", "native", "only",
    "optimised", "optimized", "powered", "proof", "ready", "related", "run", "specific", "style",
    "supported", "themed", "trained", "using", "written",
))  # fmt: skip
"""What may follow a keyword and a hyphen and leave it its sense: ``AI-powered``, not ``AI-171``."""
OPEN_PREFIXES = frozenset(
    {"anti", "cross", "ex", "mid", "multi", "non", "post", "pre", "pro", "re", "self"}
)
"""What may stand with a hyphen before a keyword and leave it its sense: ``anti-AI``, not
``Jean-Claude``."""

_SIBILANTS = ("s", "x", "z", "ch", "sh")
_UNSPACED = (
    "CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "HANGUL",
    "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "BOPOMOFO",
)  # fmt: skip
"""Scripts that set no space between words, or (Hangul) hang particles on them: no boundary there."""
_WORD_AHEAD = re.compile(r"[^\W_]+")


def free_before(said: str, start: int) -> bool:
    """Tell whether a word can begin at ``start``."""
    if start == 0 or not _joins(said[start]):
        return True
    before = said[start - 1]
    if before == "-":
        head = said[: start - 1][-8:]
        words = _WORD_AHEAD.findall(head)
        return bool(words) and head.endswith(words[-1]) and words[-1].lower() in OPEN_PREFIXES
    if before in ".@" and start > 1 and _joins(said[start - 2]):
        return before == "." and not _runs_on(said[start])
    return not _joins(before)


def free_end(place: Place, end: int) -> int:
    """Return where the word that holds the match up to ``end`` ends, its plural included, or 0.

    A letter after a dot goes on: "A.I." is no part of "A.I.G.".
    """
    said = place.said
    if not _joins(said[end - 1]):
        return 0 if said[end - 1] == "." and _joins(said[end : end + 1] or " ") else end
    if _closed(said, end):
        return end
    if not said[end - 1].isalpha():
        return 0
    plural = "S" if place.shouts else "s"
    if said[end] == plural and _closed(said, end + 1):
        return end + 1
    if (
        said[end : end + 2].lower() == "es"
        and place.folded.endswith(_SIBILANTS, 0, end)
        and _closed(said, end + 2)
    ):
        return end + 2
    return 0


def _closed(said: str, end: int) -> bool:
    """Tell whether a word can end at ``end``."""
    if end >= len(said):
        return True
    after, rest = said[end], said[end + 1 : end + 16]
    if after == "-":
        following = _WORD_AHEAD.match(rest)
        return following is None or following.group().lower() in COMPOUND_HEADS
    if after == "'":  # a possessive, a closing quote; not "don't"
        return not rest[:1].isalpha() or (rest[0] in "sS" and not _joins(rest[1:2] or " "))
    if after == ".":
        return not (rest and _runs_on(rest[0]))
    return not _joins(after)


def _runs_on(char: str) -> bool:
    """Tell whether a character after a dot belongs to what is before: ``openai.com``, ``4.5``."""
    return char.islower() or char.isdigit()


@lru_cache(maxsize=8192)
def _joins(char: str) -> bool:
    """Tell whether a character makes one word with a letter beside it."""
    if char.isascii():
        return char.isalnum() or char == "_"
    if not (char.isalnum() or unicodedata.category(char).startswith("M")):
        return False
    return not unicodedata.name(char, "").startswith(_UNSPACED)
