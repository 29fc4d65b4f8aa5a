"""Near: how much each two articles have in common that may tell of one event.

That is the product of their vectors, less what one word alone would explain: two reports that agree in
"China" and nothing else are no nearer to one event than to another. Where a model reads the articles,
what they mean counts beside the words that they use.
"""

from __future__ import annotations

import msgspec
import numpy as np
from scipy.sparse import csr_array

from wiredesk.ports.meaning import ALIKE, Meanings
from wiredesk.records.vectors import ONE, PARTS
from wiredesk.records.wording import Floats, Places
from wiredesk.stages.group.candidates import BLOCK, SLICE, Candidates, by_words, keys, nearest

FAINT = 0.05
"""What two articles must have in common to count as having anything."""
ALONE = 0.6
"""Part of what one word alone would explain that counts for nothing (see `_common`)."""
MEANT = 0.5
"""Part of the likeness that is what the articles mean, where a model says it."""
UNRELATED = 0.845
"""Cosine of two articles that mean nothing of the same: the model puts all news near to all other
(docs/decisions/0043-meaning.md)."""
WHOLE = ONE * ONE
"""The product of a vector with itself."""
PAIRS = 1 << 13
"""Pairs that are weighed at a time; bounds the memory."""


class Pairs(msgspec.Struct, frozen=True):
    """Near pairs: the earlier article's place, the later's, and what they have in common, from 0 to
    1, as a multiple of 1 / ``WHOLE``: sums of such numbers are exact.
    """

    earlier: Places
    later: Places
    common: Floats

    @classmethod
    def none(cls) -> Pairs:
        """Return no pairs."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, np.zeros(0))


def near(rows: csr_array, meanings: Meanings | None = None) -> Pairs:
    """Return the near pairs of articles in order of time, given their vectors, and perhaps what a
    model says that they mean.
    """
    rows.sort_indices()
    found = []
    for candidates in by_words(rows):
        if meanings is None:
            found.append(_weighed(rows, None, candidates))
        else:
            more = _by_meaning(meanings, candidates.first)
            found.append(_weighed(rows, meanings, candidates.joined(more)))
    if not found:
        return Pairs.none()
    return Pairs(*(np.concatenate(part) for part in zip(*found, strict=True)))


def _by_meaning(meanings: Meanings, first: int) -> Candidates:
    """Return the pairs of a block that mean alike, whatever their words."""
    block = meanings[first : first + BLOCK].astype(np.float32)
    last = min(first + BLOCK, len(meanings))
    least = (UNRELATED + FAINT / MEANT * (1 - UNRELATED)) * ALIKE
    found = [np.zeros(0, dtype=np.int64)]
    for start in range(0, last, SLICE):
        products = block @ meanings[start : min(start + SLICE, last)].astype(np.float32).T
        later, earlier = np.nonzero(products >= least)
        likeness = products[later, earlier].astype(np.int64)
        found.append(keys(earlier + start, later, likeness, first))
    return nearest(np.concatenate(found), first)


def _weighed(
    rows: csr_array, meanings: Meanings | None, candidates: Candidates
) -> tuple[Places, Places, Floats]:
    """Return the pairs that are not faint, with what each has in common."""
    earlier, later = candidates.earlier, candidates.later
    common = np.zeros(len(later))
    for first in range(0, len(later), PAIRS):
        its = slice(first, first + PAIRS)
        common[its] = _common(rows[earlier[its]], rows[later[its]])
        if meanings is not None:
            meant = _meant(meanings[earlier[its]], meanings[later[its]])
            common[its] = (1 - MEANT) * common[its] + MEANT * meant
    common = np.rint(common * WHOLE) / WHOLE
    kept = common >= FAINT
    return earlier[kept], later[kept], common[kept]


def _common(one: csr_array, other: csr_array) -> Floats:
    """Return what each two rows have in common by their words.

    With the products of word ``w`` adding up to ``c(w)``, that is ``S - ALONE * sum(c(w)^2) / S`` of
    ``S = sum(c(w))``: ``S`` divided by the effective number of words (Simpson 1949) is what one word
    explains.
    """
    shared = one.multiply(other).tocsr()
    owner = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
    word = owner * (shared.shape[1] // PARTS) + shared.indices // PARTS
    starts = np.flatnonzero(np.diff(word, prepend=-1))
    by_word = shared.data[:0].astype(np.int64)
    if len(starts):
        by_word = np.add.reduceat(shared.data.astype(np.int64), starts)
    total = np.bincount(owner[starts], by_word, minlength=shared.shape[0]).astype(float)
    squares = np.bincount(owner[starts], by_word.astype(np.float64) ** 2, minlength=shared.shape[0])
    explained = np.divide(squares, total, out=np.zeros(len(total)), where=total > 0)
    common: Floats = (total - ALONE * explained).clip(min=0) / WHOLE
    return common


def _meant(one: Meanings, other: Meanings) -> Floats:
    """Return what each two articles mean alike: 0 for unrelated ones, 1 for the same."""
    cosine = np.einsum("ij,ij->i", one, other, dtype=np.int64) / ALIKE
    meant: Floats = ((cosine - UNRELATED) / (1 - UNRELATED)).clip(0, 1)
    return meant
