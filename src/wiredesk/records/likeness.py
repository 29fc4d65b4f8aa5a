"""How alike two texts are: words, shingles, weighted terms, and the cosine between them.

Shared by the stages that compare articles (group, relate). Everything here is a pure function;
sums run in a stated order, so that the last digit of a likeness is the same everywhere.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from wiredesk.records.article import Article
from wiredesk.records.commonwords import common

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

BACKGROUND = 500
"""Reports that stand behind every set of articles."""
P_LITTLE, P_NEWSY, P_NAME, P_SHORT, P_LONG = 0.3, 0.1, 0.003, 0.015, 0.006
"""Part of these in which a word is expected: the little words of a language, the newsy ones, names
and numbers, other words, and long ones."""
LONG = 7
"""Letters of a long word, without its ending."""
HEAVIEST = 128
"""Terms of a vector: what follows is hardly more than noise, and costs time."""

Shingles = NDArray[np.uint64]
_BASE = np.uint64(0x9E3779B97F4A7C15)
"""Any odd number does; this is 2^64 divided by the golden ratio."""

Vector = dict[str, float]
"""Terms and their weights; of length 1, or empty for a text without terms."""


def words(text: str) -> list[str]:
    """Return the words of a text in any script, case folded, without the English possessive."""
    found = (match.casefold() for match in _WORD.findall(text))
    return [word[:-2] if word.endswith(_POSSESSIVE) else word for word in found]


def shingles(text_words: Sequence[str]) -> Shingles:
    """Return every run of five words as a 64-bit number, sorted, each once (Broder 1997).

    A run's number is a polynomial of its words' numbers, modulo 2^64 (Karp and Rabin 1987).
    """
    count = len(text_words) - SHINGLE + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    numbers = np.array([_number(word) for word in text_words], dtype=np.uint64)
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE):
        runs = runs * _BASE + numbers[place : place + count]
    return np.unique(runs)


@lru_cache(maxsize=1 << 16)
def _number(word: str) -> int:
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
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
    """How rare each term is: by what is known of words beforehand, and by a set of articles.

    The set is counted as the later part of a longer wire: ``BACKGROUND`` reports that were never
    seen, in which each term stands as often as its form suggests. A handful of articles is judged
    by these almost alone, thousands by themselves.
    """

    def __init__(self, every: Iterable[Terms], language: str = "") -> None:
        self._spread: Counter[str] = Counter()
        self._size = BACKGROUND
        self._known: dict[str, float] = {}
        little, newsy = common(language)
        self._little = frozenset(_stem(word) for word in little)
        self._newsy = frozenset(_stem(word) for word in newsy) - self._little
        for terms in every:
            self._spread.update(terms.every())
            self._size += 1

    def of(self, term: str) -> float:
        """Return ln of the articles for each one that has the term (Spärck Jones 1972)."""
        known = self._known.get(term)
        if known is None:
            spread = self._spread[term] + BACKGROUND * self._expected(term)
            known = max(0.0, math.log((self._size + 1) / (spread + 0.5)))
            self._known[term] = known
        return known

    def _expected(self, term: str) -> float:
        """Return the part of all reports in which the term is expected."""
        name = term.startswith("^")
        word = _stem(term[1:]) if name else term
        if word in self._little:
            return P_LITTLE
        if word in self._newsy:
            return P_NEWSY
        if name or word[:1].isdigit():
            return P_NAME
        return P_LONG if len(word) >= LONG else P_SHORT

    def vector(self, terms: Terms) -> Vector:
        """Return the article's heaviest weighted terms as a vector of length 1."""
        parts = (
            (TITLE, "t", terms.title),
            (BODY, "b", terms.body),
            (NAMES, "^", terms.names),
        )
        weighted: Vector = {}
        for share, mark, counts in parts:
            self._add(weighted, math.sqrt(share), mark, counts, terms.steepness)
        if len(weighted) > HEAVIEST:
            heaviest = sorted(weighted, key=lambda term: (-weighted[term], term))[:HEAVIEST]
            weighted = {term: weighted[term] for term in heaviest}
        return unit(weighted)

    def _add(
        self, weighted: Vector, share: float, mark: str, counts: Mapping[str, int], steepness: float
    ) -> None:
        prefix = "^" if mark == "^" else ""
        part = {
            term: (1 + math.log(times)) * self.of(prefix + term) ** steepness
            for term, times in counts.items()
        }
        length = math.sqrt(math.fsum([weight * weight for weight in part.values()]))
        if length:
            scale = share / length
            for term, weight in part.items():
                weighted[mark + term] = weight * scale


def vectors(articles: Sequence[Article]) -> list[Vector]:
    """Return the articles' vectors, each weighted by the rarities of its own language."""
    terms = [Terms(article) for article in articles]
    by_language: dict[str, list[Terms]] = defaultdict(list)
    for article, its in zip(articles, terms, strict=True):
        by_language[article.language].append(its)
    rarities = {language: Rarity(every, language) for language, every in by_language.items()}
    return [
        rarities[article.language].vector(its) for article, its in zip(articles, terms, strict=True)
    ]


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


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    """Take an English ending off. Other languages lose a letter here and there, alike everywhere:
    what is compared stays comparable.
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word
