"""Chance that is the same everywhere: SplitMix64 (Steele, Lea and Flood 2014), counted, not stepped.

The n-th number of a seed needs none of those before it, so that a part of a long wire can be made
alone. Only integers and exact divisions are used: no machine rounds otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

_GOLDEN = 0x9E3779B97F4A7C15
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_LARGEST = (1 << 64) - 1
_EXACT = 2.0**-53


def seed_of(*names: object) -> int:
    """Return a seed of 64 bits for what these names (texts, numbers) say together."""
    said = "\x1f".join(map(str, names)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "big")


def mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return each number scattered over 64 bits, one to one."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * _SECOND
    return numbers ^ (numbers >> np.uint64(31))


def units_at(seed: int, places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the numbers of a seed at these places, evenly in [0, 1)."""
    found = mixed(np.uint64(seed) + (places.astype(np.uint64) + np.uint64(1)) * np.uint64(_GOLDEN))
    return (found >> np.uint64(11)).astype(np.float64) * _EXACT


def units(seed: int, first: int, count: int) -> NDArray[np.float64]:
    """Return ``count`` numbers of a seed from the place ``first`` on, evenly in [0, 1)."""
    return units_at(seed, np.arange(first, first + count))


class Chance:
    """Draws one after the other; the same names give the same draws."""

    def __init__(self, *names: object) -> None:
        self._state = seed_of(*names)

    def below(self, bound: int) -> int:
        """Return a number of 0 to ``bound`` - 1."""
        return self._next() * bound >> 64

    def unit(self) -> float:
        """Return a number in [0, 1)."""
        return (self._next() >> 11) * _EXACT

    def sample(self, things: Sequence[T], most: int) -> list[T]:
        """Return ``most`` of the things (all, if there are no more) in a random order."""
        left = list(things)
        count = min(most, len(left))
        for place in range(count):
            other = place + self.below(len(left) - place)
            left[place], left[other] = left[other], left[place]
        return left[:count]

    def _next(self) -> int:
        self._state = (self._state + _GOLDEN) & _LARGEST
        number = self._state
        number = ((number ^ (number >> 30)) * int(_FIRST)) & _LARGEST
        number = ((number ^ (number >> 27)) * int(_SECOND)) & _LARGEST
        return number ^ (number >> 31)
