"""Meaning: what a model makes of a text, so that texts of other words, or languages, can be compared.

An option: without a model, words alone decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

LENGTH = 1 << 10
"""The length of a meaning: whole numbers, so that sums of products are exact on every machine (in
single precision too, since LENGTH squared is below 2^24)."""
ALIKE = LENGTH * LENGTH
"""The product of a meaning with itself, but for rounding."""

Meanings = NDArray[np.int16]
"""A row a text, each of length `LENGTH`."""


class Model(Protocol):
    """Reads texts. The same text has the same meaning in every run."""

    name: str
    """Tells one model (and version) from another: meanings of different ones do not compare."""

    def __call__(self, texts: Sequence[str]) -> Meanings:
        """Return the meanings of the texts, in order."""
        ...


def whole(rows: NDArray[np.float32]) -> Meanings:
    """Return rows of any length as meanings."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.rint(rows * (LENGTH / np.where(lengths > 0, lengths, 1))).astype(np.int16)
