"""Sketches of texts for near-duplicates: MinHash and SimHash, every pair compared, no short cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from wiredesk.exams.chance import mixed, seed_of

Words = list[str]
Pairs = Iterator[tuple[int, int]]

MINHASH_AT = 0.5
"""Estimated Jaccard from which two texts count as near-duplicates."""
SIMHASH_WITHIN = 3
"""Bits of 64 that may differ (Manku, Jain and Das Sarma 2007)."""
_PERMUTATIONS = 128
_SHINGLE = 5
_BITS = 64
_WORD = re.compile(r"\w+")


def minhash_pairs(texts: Sequence[str], at: float = MINHASH_AT) -> Pairs:
    """Give the pairs of texts whose MinHash signatures of runs of five words agree in the part ``at``
    or more (Broder 1997). A text without such a run is near to none.
    """
    salts = np.array([seed_of("minhash", turn) for turn in range(_PERMUTATIONS)], dtype=np.uint64)
    signatures = np.zeros((len(texts), _PERMUTATIONS), dtype=np.uint64)
    told = np.zeros(len(texts), dtype=bool)
    for place, text in enumerate(texts):
        words = _WORD.findall(text.lower())
        runs = {
            " ".join(words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1)
        }
        if runs:
            told[place] = True
            hashes = np.array([seed_of(run) for run in sorted(runs)], dtype=np.uint64)
            signatures[place] = _least(hashes, salts)
    for place in np.flatnonzero(told).tolist():
        agree = np.count_nonzero(signatures[:place] == signatures[place], axis=1) / _PERMUTATIONS
        for other in np.flatnonzero((agree >= at) & told[:place]).tolist():
            yield other, place


def _least(hashes: NDArray[np.uint64], salts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the least of the hashes under each permutation."""
    least: NDArray[np.uint64] = mixed(hashes[:, None] ^ salts[None, :]).min(axis=0)
    return least


def simhash_pairs(texts: Sequence[str], within: int = SIMHASH_WITHIN) -> Pairs:
    """Give the pairs of texts whose SimHash on words, weighted by how often they stand there, differs
    in at most ``within`` bits (Charikar 2002).
    """
    prints = np.array([_simhash(text) for text in texts], dtype=np.uint64)
    for place in range(len(texts)):
        apart = np.bitwise_count(prints[:place] ^ prints[place])
        for other in np.flatnonzero(apart <= within).tolist():
            yield other, place


def _simhash(text: str) -> int:
    counts = Counter(_WORD.findall(text.lower()))
    hashes = np.array([seed_of(word) for word in counts], dtype=np.uint64)
    bits = (hashes[:, None] >> np.arange(_BITS, dtype=np.uint64)) & np.uint64(1)
    votes = (bits.astype(np.int64) * 2 - 1) * np.array(list(counts.values()))[:, None]
    return sum(1 << bit for bit in np.flatnonzero(votes.sum(axis=0) > 0).tolist())


def families(count: int, pairs: Iterator[tuple[int, int]]) -> list[int]:
    """Return for each text the first one that it is connected with by pairs (itself, if none)."""
    firsts = list(range(count))

    def first(place: int) -> int:
        while firsts[place] != place:
            firsts[place] = firsts[firsts[place]]
            place = firsts[place]
        return place

    for one, other in pairs:
        low, high = sorted((first(one), first(other)))
        firsts[high] = low
    return [first(place) for place in range(count)]
