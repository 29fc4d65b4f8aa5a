"""Vectors: what each article of a window is about, as whole-number weights of its words.

::

    wording -> counted by part -> weighed by rarity -> heaviest kept -> length 1, in whole numbers
               title, text, names

A word weighs by how rare it is (Spärck Jones 1972): by what is known of words beforehand, and by the
window. The window is counted as the later part of a longer wire: ``BACKGROUND`` reports that were never
seen, in which each word stands as often as its form suggests. A handful of articles is judged by these
almost alone, thousands by themselves.

Weights are whole numbers, so that sums of their products are exact: the same on every machine, in
whatever order they are added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wiredesk.records.article import Article
from wiredesk.records.wording import Block, Floats, Places, Runs, Vocabulary, blocks

LEAD_WORDS = 640
"""What follows in a text is background; comparing it costs time and brings stories together that
only share their history."""
PARTS = 3
"""The title alone, the title with the text, the names and numbers."""
TITLE_REPEATED = 2
"""Times that the title counts in the second part."""


class Weighing(msgspec.Struct, frozen=True):
    """What an article's words weigh for a purpose."""

    shares: tuple[float, float, float]
    """Of the parts in the likeness."""
    steep: float
    """Power of a word's rarity where there is a text: it has many common words to play down."""
    flat: float = 0.75
    """The same for a title alone, which has few words at all and needs each."""


EVENT = Weighing(shares=(0.3, 0.6, 0.1), steep=2.5)
"""What tells one event from another is rare (docs/decisions/0034-stories.md)."""
MATTER = Weighing(shares=(0.3, 0.5, 0.2), steep=1.5)
"""Reports of one matter share more common words, and names."""
BACKGROUND = 500
"""Reports that stand behind every set of articles."""
HEAVIEST = 128
"""Weights of an article that are kept: what follows is hardly more than noise, and costs time."""
ONE = 1 << 13
"""The length of a vector. Fine enough for four decimals, coarse enough that the product of two
vectors fits into 32 bits and the sum of its squared terms into 53."""

_TITLE, _TEXT, _NAMES = range(PARTS)
_ROW = 32
"""Bits of a key that hold the column; those above hold the row."""


def vectors(articles: Sequence[Article], language: str, weighing: Weighing = EVENT) -> csr_array:
    """Return the vectors of ``articles``, all of one language (see `Counting.vectors`)."""
    vocabulary = Vocabulary()
    counting = Counting(vocabulary, language, weighing)
    for block in blocks(articles, vocabulary):
        counting.add(block)
    return counting.vectors()


class _Counts(NamedTuple):
    """How often each article of a block has each word in each part; sorted by row and column."""

    rows: NDArray[np.int16]
    columns: NDArray[np.int32]
    times: NDArray[np.uint16]
    has_text: NDArray[np.bool_]
    """By row."""


class Counting:
    """Counts the words of one language's articles, and weighs them when all have been seen."""

    def __init__(self, vocabulary: Vocabulary, language: str, weighing: Weighing = EVENT) -> None:
        self._vocabulary, self._language, self._weighing = vocabulary, language, weighing
        self._counts: list[_Counts] = []

    def add(self, block: Block) -> None:
        """Count the words of some more articles."""
        stem_of, is_name = self._vocabulary.stem_of(), self._vocabulary.is_name()
        lead = _cut(block.bodies, LEAD_WORDS)
        titles, texts = block.titles.owners(), lead.owners()
        has_text = np.diff(lead.ends) > 0
        keys = [
            _keys(titles, stem_of[block.titles.numbers], _TITLE),
            _keys(texts, stem_of[lead.numbers], _TEXT),
        ]
        repeated = _keys(titles, stem_of[block.titles.numbers], _TEXT)
        keys += [repeated] + [repeated[has_text[titles]]] * (TITLE_REPEATED - 1)
        for owners, numbers in ((titles, block.titles.numbers), (texts, lead.numbers)):
            named = is_name[numbers]
            keys.append(_keys(owners[named], stem_of[numbers[named]], _NAMES))
        key, times = np.unique(np.concatenate(keys), return_counts=True)
        rows = (key >> _ROW).astype(np.int16)
        columns = (key & ((1 << _ROW) - 1)).astype(np.int32)
        self._counts.append(_Counts(rows, columns, times.clip(max=999).astype(np.uint16), has_text))

    def vectors(self, kept: NDArray[np.bool_] | None = None) -> csr_array:
        """Return a row for each article, in the order in which they were added; with ``kept``, as if
        only these had been.

        Column ``PARTS * stem + part`` has the weight of a stem in a part, a whole number. A row is
        of length ``ONE`` (but for rounding), or empty for an article without words.
        """
        counted = self._counts if kept is None else list(_kept(self._counts, kept))
        rarity = self._rarity(counted)
        weighed = [_weighed(counts, rarity, self._weighing) for counts in counted]
        shape = (sum(len(lengths) for *_, lengths in weighed), PARTS * self._vocabulary.stems)
        if not weighed:
            return csr_array(shape, dtype=np.int32)
        data, indices, lengths = (np.concatenate(part) for part in zip(*weighed, strict=True))
        ends = np.concatenate([np.zeros(1, dtype=np.int64), lengths.cumsum()])
        return csr_array((data, indices, ends), shape=shape)

    def _rarity(self, counted: Sequence[_Counts]) -> Floats:
        """Return ln of the reports for each one that has a column's word in its part."""
        spread = np.zeros(PARTS * self._vocabulary.stems, dtype=np.int64)
        for counts in counted:
            np.add.at(spread, counts.columns, 1)
        articles = sum(len(counts.has_text) for counts in counted)
        spread[_TITLE::PARTS] = spread[_TEXT::PARTS]  # every word of a title counts as text, too
        plain, named = self._vocabulary.expected(self._language)
        expected = np.stack([plain, plain, named], axis=1).ravel()
        rarity: Floats = np.log(
            (articles + BACKGROUND + 1) / (spread + BACKGROUND * expected + 0.5)
        )
        return rarity.clip(min=0.0)


def _kept(counted: Iterable[_Counts], kept: NDArray[np.bool_]) -> Iterator[_Counts]:
    """Give the counts of some articles alone."""
    first = 0
    for counts in counted:
        its = kept[first : first + len(counts.has_text)]
        first += len(its)
        rows = its[counts.rows]
        number = (its.cumsum() - 1).astype(np.int16)
        yield _Counts(
            number[counts.rows[rows]],
            counts.columns[rows],
            counts.times[rows],
            counts.has_text[its],
        )


def _cut(runs: Runs, most: int) -> Runs:
    """Return each run up to its first ``most`` numbers."""
    lengths = np.diff(runs.ends)
    if not len(lengths) or lengths.max() <= most:
        return runs
    place = np.arange(len(runs.numbers)) - np.repeat(runs.ends[:-1], lengths)
    ends = np.concatenate([[0], lengths.clip(max=most).cumsum()])
    return Runs(runs.numbers[place < most], ends)


def _keys(owners: Places, stems: NDArray[np.int32], part: int) -> Places:
    keys: Places = (owners << _ROW) | (stems.astype(np.int64) * PARTS + part)
    return keys


def _weighed(
    counts: _Counts, rarity: Floats, weighing: Weighing
) -> tuple[NDArray[np.int32], NDArray[np.int32], Places]:
    """Return the weights that are kept and their columns, article by article, and how many each has."""
    rows, columns = counts.rows.astype(np.int64), counts.columns
    articles = len(counts.has_text)
    power = np.where(counts.has_text, weighing.steep, weighing.flat)[rows]
    weights = (1 + np.log(counts.times)) * rarity[columns] ** power
    part = rows * PARTS + columns % PARTS
    lengths = np.sqrt(np.bincount(part, weights * weights, minlength=articles * PARTS))
    scale = np.sqrt(np.tile(weighing.shares, articles)) / np.where(lengths > 0, lengths, 1.0)
    weights *= scale[part]
    kept = _heaviest(weights, rows, articles)
    rows, columns, weights = rows[kept], columns[kept], weights[kept]
    length = np.sqrt(np.bincount(rows, weights * weights, minlength=articles))
    whole = np.rint(weights * (ONE / np.where(length > 0, length, 1.0))[rows]).astype(np.int32)
    some = whole > 0
    return whole[some], columns[some], np.bincount(rows[some], minlength=articles)


def _heaviest(weights: Floats, rows: Places, articles: int) -> NDArray[np.bool_]:
    """Tell which weights are among the ``HEAVIEST`` of their row; of equal ones, the earlier."""
    sizes = np.bincount(rows, minlength=articles)
    kept = np.ones(len(weights), dtype=np.bool_)
    long = np.flatnonzero(sizes[rows] > HEAVIEST)
    if len(long):
        order = long[np.lexsort((-weights[long].round(9), rows[long]))]
        its = rows[order]
        first = np.searchsorted(its, its)
        kept[order] = np.arange(len(order)) - first < HEAVIEST
    return kept
