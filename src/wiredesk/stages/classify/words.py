"""Words as the learned part counts them: stems in lower case, in any script."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from wiredesk.records.commonwords import common

_TOKEN = re.compile(r"[^\W_]{2,}")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, kana and Han: no blanks between words."""
_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}
_PARTS = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]{{2,}}")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_ENDINGS = ("ings", "ing", "ies", "ied", "edly", "ed", "es", "s", "ly")
_LEAST_STEM = 4


def tokens(text: str) -> list[str]:
    """Return the words of ``text`` in lower case; single letters are none. Where a script sets no
    blanks, each two neighbouring characters count as a word.
    """
    text = text.lower()
    if text.isascii():
        return [word for word in text.translate(_BLANKS).split() if len(word) > 1]
    if not _IS_UNSPACED.search(text):
        return _TOKEN.findall(text)
    found: list[str] = []
    for part in _PARTS.findall(text):
        if _IS_UNSPACED.match(part):
            found += [part[at : at + 2] for at in range(max(1, len(part) - 1))]
        else:
            found.append(part)
    return found


@lru_cache(maxsize=1 << 16)
def stem(token: str) -> str:
    """Return the token without an English ending; empty for a number, which names no matter.

    Other languages lose a letter here and there, alike everywhere.
    """
    if token.isdigit():
        return ""
    for ending in _ENDINGS:
        if token.endswith(ending) and len(token) - len(ending) >= _LEAST_STEM:
            return token[: -len(ending)]
    return token


@cache
def everyday() -> frozenset[str]:
    """Return the words that stand in any English report, as they are and as stems."""
    words = frozenset().union(*common("en"))
    return words | {stem(word) for word in words}
