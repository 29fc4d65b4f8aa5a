"""Bags: the words of articles as counts in arrays, for the learned part."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wiredesk.records.article import Article
from wiredesk.records.commonwords import common
from wiredesk.stages.classify.words import stem, tokens

LEAD_CHARACTERS = 4000
"""What follows in a text is background, and costs time."""
TITLE_REPEATED = 2
"""Times that a title counts."""
UNIT = 4
"""What a word weighs that is there once. More of it weigh as the logarithm of their number, in whole
units: twice 6, three times 8, seven times 12."""
MOST = 255
"""Mentions of a word that count."""

NO_WORD = ""
"""The stem of numbers, which name no matter, and of little words."""

Integers = NDArray[np.int64]

_UNITS = np.array([round(UNIT * math.log2(1 + times)) for times in range(MOST + 1)], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Bags:
    """The words of a number of articles: ``units[i]`` of the word ``words[i]`` in the article
    ``rows[i]``, sorted by row. ``twin[row]`` is the first row with the same text: mostly itself.
    """

    size: int
    rows: Integers
    words: Integers
    units: Integers
    vocabulary: tuple[str, ...]
    """The stems by number."""
    twin: Integers

    def of_row(self, row: int) -> slice:
        """Return where the words of a row are."""
        return slice(*np.searchsorted(self.rows, (row, row + 1)).tolist())

    def sums(self, amounts: Integers) -> Integers:
        """Return by row the sum of the amounts that stand at its words."""
        totals = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(amounts)])
        ends = np.searchsorted(self.rows, np.arange(self.size + 1))
        return np.asarray(totals[ends[1:]] - totals[ends[:-1]], dtype=np.int64)

    def of(self, chosen: NDArray[np.bool_]) -> Bags:
        """Return the bags of the chosen rows alone, which are numbered anew."""
        number = np.cumsum(chosen) - 1
        first: dict[int, int] = {}
        twins = [
            first.setdefault(int(self.twin[row]), int(number[row]))
            for row in np.flatnonzero(chosen)
        ]
        kept = chosen[self.rows]
        return Bags(
            size=int(chosen.sum()),
            rows=number[self.rows[kept]],
            words=self.words[kept],
            units=self.units[kept],
            vocabulary=self.vocabulary,
            twin=np.array(twins, dtype=np.int64),
        )


class _Numbers:
    """The numbers of the stems; the little words of an article's language have that of no word."""

    def __init__(self) -> None:
        self.stems: dict[str, int] = {NO_WORD: 0}
        self._by_language: dict[str, _Tokens] = {}

    def of(self, language: str) -> dict[str, int]:
        """Return the numbers by the words of a language; English where an article does not say its."""
        if language not in self._by_language:
            self._by_language[language] = _Tokens(language or "en", self.stems)
        return self._by_language[language]


class _Tokens(dict[str, int]):
    def __init__(self, language: str, stems: dict[str, int]) -> None:
        super().__init__()
        self._little, self._stems = common(language)[0], stems

    def __missing__(self, token: str) -> int:
        word = NO_WORD if token in self._little else stem(token)
        self[token] = number = self._stems.setdefault(word, len(self._stems))
        return number


def bags(articles: Sequence[Article], known: Iterable[str]) -> Bags:
    """Return the bags of ``articles``. Left out are numbers, and the words of one article alone that are
    not ``known`` from elsewhere: there is nothing to learn from them.
    """
    numbers = _Numbers()
    sizes: list[int] = []
    found: list[int] = []
    first: dict[tuple[str, str, str], int] = {}
    twin: list[int] = []
    for row, article in enumerate(articles):
        text = article.text[:LEAD_CHARACTERS]
        said = tokens(article.title) * TITLE_REPEATED + tokens(article.excerpt) + tokens(text)
        found.extend(map(numbers.of(article.language).__getitem__, said))
        sizes.append(len(said))
        twin.append(first.setdefault((article.title, article.excerpt, text), row))
    rows = np.repeat(np.arange(len(articles)), sizes)
    stems = numbers.stems
    keys, times = np.unique(rows * len(stems) + np.array(found, dtype=np.int64), return_counts=True)
    at, words = np.divmod(keys, len(stems))
    spread = np.bincount(words, minlength=len(stems))
    kept = spread > 1
    kept[[stems[word] for word in known if word in stems]] = True
    kept[stems[NO_WORD]] = False
    telling = kept[words]
    return Bags(
        size=len(articles),
        rows=at[telling],
        words=words[telling],
        units=_UNITS[np.minimum(times[telling], MOST)],
        vocabulary=tuple(stems),
        twin=np.array(twin, dtype=np.int64),
    )
