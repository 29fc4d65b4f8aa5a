"""Wording: the words of many articles as numbers, so that a whole window is compared at once.

Each spelling is looked at once (its stem, whether it is a name, how common it is expected to be, its
number for shingles) and is a small integer from then on; an article is two runs of such integers.
All that follows is arithmetic on arrays, at the same cost for the last article as for the first.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import islice

import msgspec
import numpy as np
from numpy.typing import NDArray

from wiredesk.records.article import Article
from wiredesk.records.commonwords import common

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, kana and Han write no spaces: there a character counts as a word."""
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:[\u2019'][^\W_{_UNSPACED}]+)*")
_POSSESSIVE = ("'s", "\u2019s")

P_LITTLE, P_NEWSY, P_NAME, P_SHORT, P_LONG = 0.3, 0.1, 0.003, 0.015, 0.006
"""Part of all reports in which a word is expected: the little words of a language, the newsy ones,
names and numbers, other words, and long ones."""
LONG = 7
"""Letters of a long word, without its ending."""

Numbers = NDArray[np.int32]
Places = NDArray[np.int64]
Bits = NDArray[np.uint64]
Floats = NDArray[np.float64]

BLOCK = 2048
"""Articles that are read into arrays together: enough to make the arrays' overhead vanish, few enough
that their texts do not add up."""


def words(text: str) -> list[str]:
    """Return the words of a text in any script, case folded, without the English possessive."""
    return [_folded(word) for word in _WORD.findall(text)]


RUN = 5
"""Words in a run: long enough that two reporters hardly share one by chance."""
_BASE = np.uint64(0x9E3779B97F4A7C15)
"""Any odd number does; this is 2^64 divided by the golden ratio."""


def runs_of(numbers: Bits) -> Bits:
    """Return the number of every run of five words, in order: a polynomial of the words' numbers,
    modulo 2^64 (Karp and Rabin 1987). Fewer than five words have none.
    """
    count = max(0, len(numbers) - RUN + 1)
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(RUN):
        runs = runs * _BASE + numbers[place : place + count]
    return runs


def text_runs(text: str) -> Bits:
    """Return the runs of five words of a text (Broder 1997), sorted, each once."""
    numbers = np.array([_run_number(word) for word in words(text)], dtype=np.uint64)
    return np.unique(runs_of(numbers))


@lru_cache(maxsize=1 << 16)
def _run_number(folded: str) -> int:
    digest = blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _folded(word: str) -> str:
    folded = word.casefold()
    return folded[:-2] if folded.endswith(_POSSESSIVE) else folded


class Vocabulary:
    """The spellings of a window's articles, and what is known of each.

    Numbers are given in the order of first sight; nothing that is decided depends on them.
    """

    def __init__(self) -> None:
        self._spellings = _Spellings(self)
        self._stems: dict[str, int] = {}
        self._stem_of = array("i")
        self._is_name = array("b")
        self._run_number = array("Q")
        self._expected = array("d")
        self._expected_name = array("d")

    def numbers(self, text: str) -> list[int]:
        """Return the number of each word of ``text`` as it is spelled, in order."""
        number = self._spellings
        return [number[word] for word in _WORD.findall(text)]

    @property
    def stems(self) -> int:
        """How many stems are known."""
        return len(self._stems)

    def stem_of(self) -> Numbers:
        """Return the stem of each spelling."""
        return np.array(self._stem_of, dtype=np.int32)

    def is_name(self) -> NDArray[np.bool_]:
        """Return which spellings begin with a capital or a digit: who, where and how many."""
        return np.array(self._is_name, dtype=np.bool_)

    def run_number(self) -> Bits:
        """Return 64 bits for each spelling, the same for all that differ in case alone."""
        return np.array(self._run_number, dtype=np.uint64)

    def expected(self, language: str) -> tuple[Floats, Floats]:
        """Return the part of all reports in ``language`` in which each stem is expected: as a word,
        and as a name.
        """
        plain, named = np.array(self._expected), np.array(self._expected_name)
        for share, its in zip((P_NEWSY, P_LITTLE), reversed(common(language)), strict=True):
            known = [number for word in its if (number := self._stems.get(stem(word))) is not None]
            plain[known] = named[known] = share
        return plain, named

    def learn(self, spelling: str) -> int:
        """Return the number of a spelling that was not seen before."""
        folded = _folded(spelling)
        self._stem_of.append(self._stem(stem(folded)))
        self._is_name.append(spelling[0].isupper() or spelling[0].isdigit())
        self._run_number.append(_run_number(folded))
        return len(self._stem_of) - 1

    def _stem(self, word: str) -> int:
        number = self._stems.get(word)
        if number is None:
            number = self._stems[word] = len(self._stems)
            usual = P_LONG if len(word) >= LONG else P_SHORT
            self._expected.append(P_NAME if word[:1].isdigit() else usual)
            self._expected_name.append(P_NAME)
        return number


class _Spellings(dict[str, int]):
    """The number of each spelling; one that is new is learned on the spot."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, spelling: str) -> int:
        number = self[spelling] = self._vocabulary.learn(spelling)
        return number


class Runs(msgspec.Struct, frozen=True):
    """Runs of numbers, one an article, laid end to end; run ``i`` is ``numbers[ends[i]:ends[i+1]]``."""

    numbers: Numbers
    ends: Places

    def owners(self) -> Places:
        """Return to which run each number belongs."""
        return np.repeat(np.arange(len(self.ends) - 1), np.diff(self.ends))


class Block(msgspec.Struct, frozen=True):
    """Some articles in a row: the spellings of their titles and of their texts."""

    titles: Runs
    bodies: Runs

    @property
    def size(self) -> int:
        """How many articles these are."""
        return len(self.titles.ends) - 1


def blocks(articles: Iterable[Article], vocabulary: Vocabulary) -> Iterator[Block]:
    """Give the articles' words, block by block. A text is what there is: the text, or the excerpt."""
    waiting = iter(articles)
    while block := list(islice(waiting, BLOCK)):
        yield Block(
            _runs(vocabulary.numbers(article.title) for article in block),
            _runs(vocabulary.numbers(article.text or article.excerpt) for article in block),
        )


def _runs(texts: Iterable[list[int]]) -> Runs:
    numbers: list[int] = []
    ends = [0]
    for text in texts:
        numbers += text
        ends.append(len(numbers))
    return Runs(np.array(numbers, dtype=np.int32), np.array(ends, dtype=np.int64))


_ENDINGS = ("ings", "ing", "ies", "ied", "edly", "ed", "es", "s", "ly")
_LEAST_STEM = 4


def stem(word: str) -> str:
    """Take an English ending off. Other languages lose a letter here and there, alike everywhere:
    what is compared stays comparable.
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word
