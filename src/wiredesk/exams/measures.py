"""Measures: how right an answer is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple


class Agreement(NamedTuple):
    """How well a grouping agrees with the truth, each 0 to 1."""

    f1: float
    precision: float
    recall: float


def b_cubed(truth: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> Agreement:
    """Return the B-cubed agreement over the labelled articles (Bagga and Baldwin 1998).

    What is found of unlabelled ones costs the precision of whom they are put with.
    """
    sizes, stories = Counter(found.values()), Counter(truth.values())
    both = Counter((found[one], story) for one, story in truth.items())
    precision = math.fsum(times * times / sizes[group] for (group, _), times in both.items()) / len(
        truth
    )
    recall = math.fsum(times * times / stories[story] for (_, story), times in both.items()) / len(
        truth
    )
    return Agreement(harmonic(precision, recall), precision, recall)


def harmonic(precision: float, recall: float) -> float:
    """Return F1, the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def pearson(one: Sequence[float], other: Sequence[float]) -> float:
    """Return Pearson's correlation of two rows of numbers, 0 where one of them does not vary."""
    mean, its = math.fsum(one) / len(one), math.fsum(other) / len(other)
    both = math.fsum((a - mean) * (b - its) for a, b in zip(one, other, strict=True))
    spread = math.fsum((a - mean) ** 2 for a in one) * math.fsum((b - its) ** 2 for b in other)
    return both / math.sqrt(spread) if spread else 0.0


Runs = frozenset[tuple[str, ...]]


def runs(text: str, length: int = 4) -> Runs:
    """Return each run of ``length`` words of a text, in lower case."""
    words = text.lower().split()
    return frozenset(
        tuple(words[place : place + length]) for place in range(len(words) - length + 1)
    )


def contained(one: Runs, other: Runs) -> float:
    """Return the part of the smaller set of runs that is in the other, 0 to 1; 0 for none at all."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def verbatim(one: str, other: str) -> float:
    """Return the part of the shorter text's runs of four words that are in the other, 0 to 1.

    Plain arithmetic, independent of how the desk finds its copies.
    """
    return contained(runs(one), runs(other))
