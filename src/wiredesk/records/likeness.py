"""How alike two texts are: words, shingles, weighted terms, and the cosine between them.

Shared by the stages that compare articles (group, relate). Everything here is a pure function;
sums run in a stated order, so that the last digit of a likeness is the same everywhere.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from wiredesk.records.article import Article

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, kana and Han write no spaces: there a character counts as a word."""
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:[\u2019'][^\W_{_UNSPACED}]+)*")
_POSSESSIVE = ("'s", "\u2019s")
_NAME = re.compile(r"[^\W\d_]\w*(?:[-\u2019'.]\w+)*|\d+(?:[.,]\d+)*")

SHINGLE = 5
"""Words in a shingle: long enough that two reporters hardly share one by chance."""
LEAD_CHARACTERS = 4000
"""What follows in a text is background; comparing it costs time and brings stories together
that only share their history."""
TITLE, BODY, NAMES = 0.3, 0.5, 0.2
"""Parts of the likeness: the title alone, the title with the text, the names and numbers."""
TITLE_REPEATED = 2
"""Times that the title counts in the second part."""
STEEP, FLAT = 1.5, 0.75
"""Power of a term's rarity, with a text and without: a text has many common words to play down, a
title alone has few words at all and needs each (docs/decisions/0034-stories.md)."""

Vector = dict[str, float]
"""Terms and their weights; of length 1, or empty for a text without terms."""


def words(text: str) -> list[str]:
    """Return the words of a text in any script, case folded, without the English possessive."""
    found = (match.casefold() for match in _WORD.findall(text))
    return [word[:-2] if word.endswith(_POSSESSIVE) else word for word in found]


def shingles(text_words: Sequence[str]) -> frozenset[int]:
    """Return every run of five words as a 64-bit number (Broder 1997)."""
    runs = (text_words[start : start + SHINGLE] for start in range(len(text_words) - SHINGLE + 1))
    return frozenset(_number(" ".join(run)) for run in runs)


def _number(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def names(text: str) -> list[str]:
    """Return the words with a capital letter and the numbers: who, where and how many."""
    found = _NAME.findall(text)
    return [word.casefold() for word in found if word[0].isupper() or word[0].isdigit()]


class Terms:
    """An article's terms by part, counted once and weighted later, when the rarities are known."""

    __slots__ = ("body", "names", "steepness", "title")

    def __init__(self, article: Article) -> None:
        lead = (article.text or article.excerpt)[:LEAD_CHARACTERS]
        title = [_stem(word) for word in words(article.title)]
        self.title = Counter(title)
        self.names = Counter(names(article.title))
        self.names.update(names(lead))
        self.body = Counter(title * TITLE_REPEATED if lead else title)
        self.body.update(_stem(word) for word in words(lead))
        self.steepness = STEEP if lead else FLAT

    def every(self) -> Iterable[str]:
        """Return each term once, names marked as such."""
        yield from self.title | self.body
        yield from (f"^{name}" for name in self.names)


class Rarity:
    """In how many articles of a set each term stands."""

    def __init__(self, every: Iterable[Terms]) -> None:
        self._spread: Counter[str] = Counter()
        self._size = 0
        for terms in every:
            self._spread.update(terms.every())
            self._size += 1

    def of(self, term: str) -> float:
        """Return ln of the articles for each one that has the term (Spärck Jones 1972)."""
        return math.log((self._size + 1) / (self._spread[term] + 0.5))

    def vector(self, terms: Terms) -> Vector:
        """Return the article's weighted terms as a vector of length 1."""
        parts = (
            (TITLE, "t", terms.title),
            (BODY, "b", terms.body),
            (NAMES, "^", terms.names),
        )
        weighted: Vector = {}
        for share, mark, counts in parts:
            self._add(weighted, math.sqrt(share), mark, counts, terms.steepness)
        return unit(weighted)

    def _add(
        self, weighted: Vector, share: float, mark: str, counts: Mapping[str, int], steepness: float
    ) -> None:
        prefix = "^" if mark == "^" else ""
        part = {
            term: (1 + math.log(times)) * max(0.0, self.of(prefix + term)) ** steepness
            for term, times in counts.items()
        }
        length = math.sqrt(math.fsum(weight * weight for weight in part.values()))
        if length:
            scale = share / length
            weighted.update((mark + term, weight * scale) for term, weight in part.items())


def unit(vector: Vector) -> Vector:
    """Return the vector at length 1 (an empty one stays empty)."""
    length = math.sqrt(math.fsum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}


def dot(one: Vector, other: Vector) -> float:
    """Return the sum of the products of common weights: the cosine for vectors of length 1."""
    if len(one) > len(other):
        one, other = other, one
    get = other.get
    return math.fsum([weight * get(term, 0.0) for term, weight in one.items()])


def moment(article: Article) -> datetime | None:
    """Return when an article was published, or at least found."""
    return article.published_date_time or article.fetched_at


_ENDINGS = ("ings", "ing", "ies", "ied", "edly", "ed", "es", "s", "ly")
_LEAST_STEM = 4


def _stem(word: str) -> str:
    """Take an English ending off. Other languages lose a letter here and there, alike everywhere:
    what is compared stays comparable.
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word
