"""Sketches: a few of each text's runs of five words, enough to find the texts that share many.

A run is a 64-bit number; those that end on enough zero bits stand for the text, so that two texts
choose the same of the runs that they share (Broder 1997; Manku, Jain and Das Sarma 2007 choose by
value likewise). What is remembered of an article does not grow with its length.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from wiredesk.records.wording import RUN, Bits, Block, Floats, Places, Runs, Vocabulary, runs_of

KEPT = 50
"""Runs that stand for a text, at least and up to twice as many (all, where there are fewer)."""
EARLIEST = 8
"""Of the texts of the window that share a run, so many of the earliest are looked at: enough to meet
the text that the others copy, few enough that boilerplate costs no more."""
SHARED = 0.1
"""Part of the expected runs of the shorter text that must be shared for a second look."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
"""Any odd number does; this is 2^64 divided by the golden ratio."""


class Candidates(msgspec.Struct, frozen=True):
    """Pairs of articles, the later and an earlier one, that may be copies."""

    later: Places
    earlier: Places


class Sketches:
    """The runs that stand for each text, and the titles, by place in order of time."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._places: list[Places] = []
        self._runs: list[Bits] = []
        self._lengths: list[tuple[Places, Places]] = []
        self._titles: list[tuple[Places, Bits, Places]] = []

    def add(self, block: Block, places: Places) -> None:
        """Sketch some more articles; ``places`` are theirs."""
        number = self._vocabulary.run_number()
        owners, runs = _own_runs(number[block.bodies.numbers], block.bodies)
        lengths = np.bincount(owners, minlength=len(places))
        rate = _rate(lengths)[owners]
        stands = (runs & (rate - 1).astype(np.uint64)) == 0
        owners, runs = owners[stands], runs[stands]
        order = np.lexsort((runs, owners))
        new = (np.diff(owners[order], prepend=-1) != 0) | _changes(runs[order])
        self._places.append(places[owners[order[new]]])
        self._runs.append(runs[order[new]])
        self._lengths.append((places, lengths))
        words = np.diff(block.titles.ends)
        self._titles.append((places, _digests(number[block.titles.numbers], block.titles), words))

    def alike(self, times: Floats, window: float) -> Candidates:
        """Return the pairs that share runs; ``times`` in seconds, those after ``window`` of an
        earlier text are not compared with it. NaN stands last and is near to all.
        """
        places, runs = np.concatenate(self._places), np.concatenate(self._runs)
        later, earlier = _pairs(runs, places, times, window)
        pair, shared = np.unique(later * len(times) + earlier, return_counts=True)
        later, earlier = pair // len(times), pair % len(times)
        lengths = np.zeros(len(times), dtype=np.int64)
        for its, count in self._lengths:
            lengths[its] = count
        shorter = np.minimum(lengths[later], lengths[earlier])
        expected = shorter / _rate(np.maximum(lengths[later], lengths[earlier]))
        kept = shared >= SHARED * expected
        return Candidates(later[kept], earlier[kept])

    def same_title(self, days: Places, least_words: int) -> Candidates:
        """Return the pairs of one title of at least ``least_words`` words and of one day."""
        places, digests, words = (np.concatenate(part) for part in zip(*self._titles, strict=True))
        long = words >= least_words
        key = digests[long] ^ (days[places[long]].astype(np.uint64) * _BASE)
        return Candidates(*_pairs(key, places[long], np.zeros(len(days)), 1.0))


def _own_runs(words: Bits, texts: Runs) -> tuple[Places, Bits]:
    """Return the runs that lie within one text, and which text that is."""
    owners = texts.owners()
    runs = runs_of(words)
    own = np.flatnonzero(owners[: len(runs)] == owners[RUN - 1 :]) if len(runs) else owners[:0]
    return owners[own], runs[own]


def _rate(lengths: NDArray[np.int64]) -> Places:
    """Return of how many runs one stands for a text of so many: a power of two."""
    _, bits = np.frexp(np.maximum(lengths // KEPT, 1))
    return 1 << (bits.astype(np.int64) - 1)


def _changes(numbers: Bits) -> NDArray[np.bool_]:
    """Tell where a number is another than the one before."""
    changes = np.ones(len(numbers), dtype=np.bool_)
    changes[1:] = numbers[1:] != numbers[:-1]
    return changes


def _digests(words: Bits, titles: Runs) -> Bits:
    """Return a number for each title: the same for the same words in the same order."""
    owners = titles.owners()
    place = (np.arange(len(words)) - titles.ends[owners]).astype(np.uint64)
    mixed = (words ^ (place * _BASE)) * _BASE
    digests = np.zeros(len(titles.ends) - 1, dtype=np.uint64)
    np.add.at(digests, owners, mixed ^ (mixed >> np.uint64(29)))
    return digests


def _pairs(keys: Bits, places: Places, times: Floats, window: float) -> tuple[Places, Places]:
    """Return each place with the ``EARLIEST`` of the earlier ones of its key, within the window."""
    order = np.lexsort((places, keys))
    keys, places = keys[order], places[order]
    group = _changes(keys).cumsum() - 1
    start = np.flatnonzero(_changes(keys)) if len(keys) else places[:0]
    first = _within(group, start, times[places], window)
    at = np.arange(len(keys))
    pairs = [
        (places[at[reach]], places[first[reach] + step])
        for step in range(EARLIEST)
        if len(reach := np.flatnonzero(first + step < at))
    ]
    later, earlier = zip(*pairs, strict=True) if pairs else ((places[:0],), (places[:0],))
    return np.concatenate(later), np.concatenate(earlier)


def _within(group: Places, start: Places, when: Floats, window: float) -> Places:
    """Return for each place the first of its group that is not too long before it. Times grow within
    a group; NaN stands last, and all of the group are near to it.
    """
    undated = np.isnan(when)
    earliest, latest = np.nanmin(when, initial=np.inf), np.nanmax(when, initial=-np.inf)
    if undated.all():
        return start[group]
    line = group * (latest - earliest + 1) + np.where(undated, latest, when) - earliest
    first = np.maximum(np.searchsorted(line, line - window), start[group])
    return np.where(undated, start[group], first)
