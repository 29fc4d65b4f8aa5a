"""Plain TF-IDF (Salton and Buckley 1988): cosines, and stories by a stream or by average linkage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

MOST = 8_000
"""Texts whose cosines fit into a laptop's memory, each with each (256 MB)."""
_WORD = re.compile(r"\w+")
_COMMON = 64
"""A word of more texts than this is multiplied by rows, a rarer one by its few pairs."""


def cosines(texts: Sequence[str]) -> Matrix:
    """Return the cosine of each two texts: (1 + ln tf) · ln(N / df), of length 1, on all words."""
    counts = [Counter(_WORD.findall(text.lower())) for text in texts]
    spread = Counter(word for its in counts for word in its)
    numbers = {word: place for place, word in enumerate(spread)}
    rows, columns, weights = _weighted(counts, spread, numbers)
    found = np.zeros((len(texts), len(texts)), dtype=np.float32)
    order = np.argsort(columns, kind="stable")
    rows, columns, weights = rows[order], columns[order], weights[order]
    sizes = np.array(list(spread.values()), dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    for word in np.flatnonzero((sizes > 1) & (sizes <= _COMMON)).tolist():
        its = slice(starts[word], starts[word + 1])
        found[np.ix_(rows[its], rows[its])] += np.outer(weights[its], weights[its])
    common = np.flatnonzero(sizes > _COMMON)
    for some in np.array_split(common, len(common) // 1000 + 1):
        dense = np.zeros((len(texts), len(some)), dtype=np.float32)
        for place, word in enumerate(some.tolist()):
            its = slice(starts[word], starts[word + 1])
            dense[rows[its], place] = weights[its]
        found += dense @ dense.T
    np.fill_diagonal(found, np.bincount(rows, weights=weights**2, minlength=len(texts)))
    return found


def _weighted(
    counts: Sequence[Counter[str]], spread: Counter[str], numbers: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return for each word of each text the text's place, the word's number, and the weight."""
    sizes = [len(its) for its in counts]
    rows = np.repeat(np.arange(len(counts)), sizes)
    columns = np.array([numbers[word] for its in counts for word in its], dtype=np.int64)
    times = np.array([number for its in counts for number in its.values()], dtype=np.float64)
    rarity = np.log(len(counts) / np.array(list(spread.values()), dtype=np.float64))
    weights = (1 + np.log(times)) * rarity[columns]
    lengths = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(counts)))
    lengths[lengths == 0] = 1.0
    return rows, columns, (weights / lengths[rows]).astype(np.float32)


def stream(likeness: Matrix, threshold: float) -> list[int]:
    """Return each text's story by the one pass of a stream, in the order of the texts: it joins the
    story with the highest mean cosine, if that reaches ``threshold``, or opens one (Allan et al.
    1998, average link to the story so far).
    """
    count = len(likeness)
    stories = np.zeros(count, dtype=np.int64)
    sizes = np.zeros(count, dtype=np.int64)
    opened = 0
    for place in range(count):
        story = opened
        if opened:
            sums = np.bincount(stories[:place], weights=likeness[place, :place], minlength=opened)
            means = sums / sizes[:opened]
            best = int(means.argmax())
            story = best if means[best] >= threshold else opened
        stories[place] = story
        sizes[story] += 1
        opened += story == opened
    found: list[int] = stories.tolist()
    return found


def linkage(likeness: Matrix, thresholds: Sequence[float]) -> Iterator[list[int]]:
    """Give, for each threshold, each text's story by average linkage cut there (UPGMA, Sokal and
    Michener 1958; by chains of nearest neighbours, Murtagh 1983).
    """
    joins = sorted(_joins(likeness.astype(np.float32).copy()), reverse=True)
    for threshold in thresholds:
        parents = list(range(len(likeness)))
        for at, one, other in joins:
            if at < threshold:
                break
            parents[_root(parents, one)] = _root(parents, other)
        yield [_root(parents, place) for place in range(len(likeness))]


def _joins(left: Matrix) -> Iterator[tuple[float, int, int]]:
    """Give the joins of the whole dendrogram, each by a text of either side; spoils ``left``."""
    count = len(left)
    np.fill_diagonal(left, -1)
    sizes = np.ones(count)
    alive = np.ones(count, dtype=bool)
    chain: list[int] = []
    for _ in range(count - 1):
        if not chain:
            chain.append(int(alive.argmax()))
        while True:
            row = left[chain[-1]]
            near = int(row.argmax())
            if len(chain) > 1 and row[chain[-2]] >= row[near]:
                break
            chain.append(near)
        one, other = chain.pop(), chain.pop()
        yield float(left[one, other]), one, other
        total = sizes[one] + sizes[other]
        mean = (left[one] * sizes[one] + left[other] * sizes[other]) / total
        mean[~alive] = -1
        mean[one] = -1
        left[one], left[:, one] = mean, mean
        left[other], left[:, other] = -1, -1
        left[one, other] = -1
        alive[other] = False
        sizes[one] = total


def _root(parents: list[int], place: int) -> int:
    while parents[place] != place:
        parents[place] = parents[parents[place]]
        place = parents[place]
    return place


def nearest(likeness: Matrix, most: int) -> list[list[int]]:
    """Return for each text the places of the ``most`` likest others, best first."""
    own = likeness.copy()
    np.fill_diagonal(own, -1)
    order = np.argsort(-own, axis=1, kind="stable")[:, :most]
    found: list[list[int]] = order.tolist()
    return found


# fmt: off
THRESHOLDS = (
    0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18,
    0.2, 0.225, 0.25, 0.275, 0.3, 0.35, 0.4,
)
# fmt: on
"""Where the best threshold of a baseline is sought."""
