"""Candidates: whom each article is compared with, at the same cost whatever the size of the window.

Every article is compared with the earlier ones that share its most telling words. A word of very many
articles brings no candidates, an article looks through no more than ``LOOKED_AT`` mentions, the rarest
words first, and only its ``NEAREST`` are candidates.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wiredesk.records.vectors import ONE
from wiredesk.records.wording import Places

COMMON = 1000
"""A word in more articles than this brings no candidates."""
LOOKED_AT = 4096
"""Mentions that an article looks through for candidates."""
NEAREST = 128
"""Earlier articles that each one is compared with."""
LEAST = 0.1
"""Product of the telling words, of vectors of length 1, from which two articles are compared."""
BLOCK = 1024
"""Articles that look for candidates at a time; bounds the memory."""
SLICE = 1 << 15
"""Earlier articles that they look through at a time: their running sums stay in the cache."""

_LIKENESS, _PLACE, _COST = 27, 26, 24
"""Bits of a key that hold a likeness, an article's place, and the mentions of a word."""


class Candidates(msgspec.Struct, frozen=True):
    """Pairs of places, the earlier and the later article of each, by the later ones' block."""

    first: int
    """Place of the first later article of the block."""
    earlier: Places
    later: Places

    def joined(self, other: Candidates) -> Candidates:
        """Return the pairs of both, each once."""
        keys = [pairs.later << _PLACE | pairs.earlier for pairs in (self, other)]
        both = np.unique(np.concatenate(keys))
        return Candidates(self.first, both & ((1 << _PLACE) - 1), both >> _PLACE)


def by_words(rows: csr_array) -> Iterator[Candidates]:
    """Give the pairs that share telling words, given the articles' vectors in order of time."""
    asking, asked = _asking(rows)
    articles = range(rows.shape[0])
    postings = [asked[first : first + SLICE].T.tocsr() for first in articles[::SLICE]]
    for first in articles[::BLOCK]:
        block = asking[first : first + BLOCK]
        found = [
            _shared(block @ posting, first, number * SLICE)
            for number, posting in enumerate(postings[: (first + BLOCK - 1) // SLICE + 1])
        ]
        yield nearest(np.concatenate(found), first)


def _asking(rows: csr_array) -> tuple[csr_array, csr_array]:
    """Return the words by which each article looks for candidates, and all that have these words;
    columns are numbered anew, for no other words.
    """
    mentions = np.bincount(rows.indices, minlength=rows.shape[1])
    owner = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    cost = mentions[rows.indices]
    order = np.argsort((owner << _COST) | cost.clip(max=(1 << _COST) - 1), kind="stable")
    spent = np.concatenate([[0], cost[order].cumsum()])
    looked = np.empty(len(order), dtype=np.int64)
    looked[order] = spent[1:] - spent[rows.indptr[owner]]
    asks = (cost > 1) & (cost <= COMMON) & (looked <= LOOKED_AT)
    asked = np.zeros(rows.shape[1], dtype=np.bool_)
    asked[rows.indices[asks]] = True
    column = asked.cumsum(dtype=np.int32) - 1
    return _only(rows, asks, column), _only(rows, asked[rows.indices], column)


def _only(rows: csr_array, kept: NDArray[np.bool_], column: NDArray[np.int32]) -> csr_array:
    """Return the weights that are kept, in new columns."""
    ends = np.concatenate([[0], kept.cumsum()])[rows.indptr]
    shape = (rows.shape[0], int(column[-1]) + 1 if len(column) else 0)
    return csr_array((rows.data[kept], column[rows.indices[kept]], ends), shape=shape)


def _shared(products: csr_array, first: int, other: int) -> Places:
    """Return the keys of the products that are large enough (see `keys`)."""
    heavy = np.flatnonzero(products.data >= LEAST * ONE * ONE)
    later = np.searchsorted(products.indptr, heavy, side="right") - 1
    earlier = products.indices[heavy].astype(np.int64) + other
    return keys(earlier, later, products.data[heavy], first)


def keys(
    earlier: Places, later: Places, likeness: NDArray[np.int32] | Places, first: int
) -> Places:
    """Return a key for each pair whose earlier article is the earlier one: by later article (counted
    from ``first``), by likeness (below 2^27), the likest first, and by the earlier article.
    """
    unlike = (1 << _LIKENESS) - 1 - likeness.astype(np.int64)
    made: Places = ((later << _LIKENESS | unlike) << _PLACE) | earlier
    return made[earlier < later + first]


def nearest(found: Places, first: int) -> Candidates:
    """Return the likest pairs of each later article, of those with the keys ``found``."""
    found.sort()
    later = found >> (_LIKENESS + _PLACE)
    kept = np.arange(len(later)) - np.searchsorted(later, later) < NEAREST
    return Candidates(first, found[kept] & ((1 << _PLACE) - 1), later[kept] + first)
