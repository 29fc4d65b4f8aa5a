"""Joining: the likest first, until nothing alike is left.

Agglomeration over near pairs. The likeness of two stories needs nothing but the sum of what their
articles have in common, and this sum for two stories that become one is the sum of both sums (Lance
and Williams 1967), so that joining costs the same however long the articles are. Sums are of
multiples of one small fraction and therefore exact, in whatever order stories are joined.

A story is a number: an article's place as long as it is alone, a new number each time that two
stories become one, so that what was once said of a number stays true.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence

import msgspec
import numpy as np

from wiredesk.records.wording import Floats, Places
from wiredesk.stages.group.near import Pairs

COHESION = 0.8
"""Between the mean likeness of two stories' articles (0) and that of their common ground (1)."""
CLEARLY = 1.5
"""Times the joining likeness at which two published stories are clearly one."""
_FINE = 9
"""Decimals of a likeness; below them, processors may differ."""

_AT_A_TIME = 1 << 12
"""Sorted pairs that are looked at together."""

Candidate = tuple[float, int, int]
"""Minus the likeness of two stories, and their numbers."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """From which likeness on stories are joined, and how times lessen it (in seconds)."""

    join_at: float
    window: float
    sigma: float


class Joining:
    """Joins articles, given by their places, to stories.

    ``times`` are seconds; NaN for an article without a date, which is near in time to every other.
    ``apart`` are pairs of sets of places: no article of the one is ever in a story with one of the
    other.
    """

    def __init__(
        self,
        pairs: Pairs,
        times: Floats,
        bounds: Bounds,
        apart: Sequence[tuple[Collection[int], Collection[int]]] = (),
    ) -> None:
        self._bounds = bounds
        self._stories = _Stories(times)
        self._near = _Near(pairs, len(times))
        self._published: set[int] = set()
        self._sides: dict[int, frozenset[int]] = {}
        """The sides that a story is on: 2n and 2n + 1 for the two of pair n."""
        for side, places in enumerate(side for pair in apart for side in pair):
            for place in places:
                self._sides[place] = self._sides.get(place, frozenset()) | {side}
        self.likeness: dict[int, float] = {}
        """How alike an article was to what it was first joined to."""

    def unite(self, places: Sequence[int], *, published: bool) -> None:
        """Let articles be one story from the beginning."""
        number = self._stories.of(places[0])
        for place in places[1:]:
            other = self._stories.of(place)
            if other != number:
                number = self._joined(number, other)
        if published:
            self._published.add(number)

    def join(self) -> list[list[int]]:
        """Join all that is alike; return the places of each story in order, by their first place."""
        heap = [pair for number in self._near.gathered() for pair in self._candidates(number)]
        heapq.heapify(heap)
        for negative, one, other in _likest_first(self._singles(), heap):
            if self._stories.alive[one] and self._stories.alive[other]:
                for place in (one, other):
                    if place < self._stories.articles:
                        self.likeness[place] = -negative
                for candidate in self._candidates(self._joined(one, other)):
                    heapq.heappush(heap, candidate)
        return self._stories.every()

    def _singles(self) -> Iterator[Candidate]:
        """Give the pairs of single articles that may be joined, the likest first.

        They are by far the most: they lie sorted in arrays, not in the heap, and those of which one
        was joined meanwhile are left out together.
        """
        pairs, stories = self._near.pairs, self._stories
        likeness = self._likeness(pairs.earlier, pairs.later, pairs.common)
        kept = np.flatnonzero(likeness >= self._bounds.join_at)
        kept = kept[np.lexsort((pairs.later[kept], pairs.earlier[kept], -likeness[kept]))]
        for first in range(0, len(kept), _AT_A_TIME):
            some = kept[first : first + _AT_A_TIME]
            ones, others = pairs.earlier[some], pairs.later[some]
            alone = (stories.numbers(ones) == ones) & (stories.numbers(others) == others)
            yield from self._allowed(likeness[some[alone]], ones[alone], others[alone])

    def _candidates(self, number: int) -> Iterator[Candidate]:
        """Give the pairs of a story and another one that are alike enough to be joined."""
        near, common = self._near.of(number)
        others = self._stories.numbers(near)
        ones = np.full(len(others), number)
        likeness = self._likeness(ones, others, common)
        kept = np.flatnonzero(likeness >= self._bounds.join_at)
        return self._allowed(likeness[kept], ones[kept], others[kept])

    def _likeness(self, ones: Places, others: Places, common: Floats) -> Floats:
        """Return how alike pairs of stories are that have so much in common."""
        scale = self._stories.scale
        likeness: Floats = common / (scale[ones] * scale[others]) * self._ease(ones, others)
        return likeness.round(_FINE)

    def _allowed(self, likeness: Floats, ones: Places, others: Places) -> Iterator[Candidate]:
        """Give the pairs of stories that may be joined, for what was published and decided."""
        found = zip((-likeness).tolist(), ones.tolist(), others.tolist(), strict=True)
        return (pair for pair in found if self._may(*pair))

    def _may(self, negative: float, one: int, other: int) -> bool:
        if one in self._published and other in self._published:
            return -negative >= CLEARLY * self._bounds.join_at and not self._opposed(one, other)
        return not self._opposed(one, other)

    def _opposed(self, one: int, other: int) -> bool:
        mine, its = self._sides.get(one), self._sides.get(other)
        return bool(mine and its) and any(side ^ 1 in (its or ()) for side in mine or ())

    def _ease(self, ones: Places, others: Places) -> Floats:
        """Return how easily stories are joined for their times: 1 at one time, 0 if too far."""
        its = self._stories
        span = np.maximum(its.latest[ones], its.latest[others]) - np.minimum(
            its.earliest[ones], its.earliest[others]
        )
        distance = its.middle[ones] - its.middle[others]
        ease: Floats = np.exp(-(distance**2) / (2 * self._bounds.sigma**2))
        ease[span > self._bounds.window] = 0.0
        ease[np.isnan(distance)] = 1.0
        return ease

    def _joined(self, one: int, other: int) -> int:
        """Let two stories become one; return its number."""
        near, common, between = self._near.together(one, other, self._stories)
        number = self._stories.join(one, other, between)
        self._near.remember(number, near, common)
        if one in self._published or other in self._published:
            self._published.add(number)
        sides = self._sides.get(one, frozenset()) | self._sides.get(other, frozenset())
        if sides:
            self._sides[number] = sides
        return number


def _likest_first(given: Iterator[Candidate], heap: list[Candidate]) -> Iterator[Candidate]:
    """Give what is ``given`` in order, and what is in the heap meanwhile, all in order."""
    upcoming = next(given, None)
    while heap or upcoming is not None:
        if upcoming is None or (heap and heap[0] < upcoming):
            yield heapq.heappop(heap)
        else:
            yield upcoming
            upcoming = next(given, None)


class _Stories:
    """The stories by number: their articles, their times, and how much they have in common within.

    There are never more than two numbers an article.
    """

    def __init__(self, times: Floats) -> None:
        self.articles = len(times)
        undated = np.isnan(times)
        self.alive = bytearray(b"\x01") * self.articles
        self.scale = _room(np.ones(self.articles))
        """What the products with a story are divided by."""
        self._square = _room(np.ones(self.articles))
        """The product of a story's sum of vectors with itself."""
        self.earliest = _room(np.where(undated, np.inf, times))
        self.latest = _room(np.where(undated, -np.inf, times))
        self.middle = _room(times)
        """The mean of the times; NaN without any."""
        self._dated = _room(np.where(undated, 0.0, 1.0))
        self._members: dict[int, list[int]] = {}
        self._label = np.arange(self.articles)
        self._number = np.arange(self.articles)
        """The number of the story whose articles have a label."""

    def of(self, place: int) -> int:
        """Return the number of an article's story."""
        return int(self._number[self._label[place]])

    def numbers(self, places: Places) -> Places:
        """Return the numbers of the stories of articles."""
        found: Places = self._number[self._label[places]]
        return found

    def members(self, number: int) -> list[int]:
        """Return the places of a story's articles."""
        return self._members.get(number) or [number]

    def every(self) -> list[list[int]]:
        """Return the places of each story in order, the stories by their first place."""
        living = (number for number, alive in enumerate(self.alive) if alive)
        return sorted(sorted(self.members(number)) for number in living)

    def join(self, one: int, other: int, between: float) -> int:
        """Make a new story of two that have ``between`` in common; return its number."""
        number = len(self.alive)
        self.alive[one] = self.alive[other] = 0
        self.alive.append(1)
        self._take(number, *sorted((one, other), key=lambda story: len(self.members(story))))
        size = len(self._members[number])
        self._square[number] = self._square[one] + self._square[other] + 2 * between
        self.scale[number] = self._square[number] ** (COHESION / 2) * size ** (1 - COHESION)
        self.earliest[number] = min(self.earliest[one], self.earliest[other])
        self.latest[number] = max(self.latest[one], self.latest[other])
        dated = self._dated[one] + self._dated[other]
        sums = (self.middle[story] * self._dated[story] for story in (one, other))
        self.middle[number] = np.nansum(list(sums)) / dated if dated else np.nan
        self._dated[number] = dated
        return number

    def _take(self, number: int, smaller: int, larger: int) -> None:
        """Give the members of both stories to ``number``; those of the larger keep their label."""
        label = self._label[self.members(larger)[0]]
        few = self.members(smaller)
        self._label[few] = label
        self._number[label] = number
        members = self._members.pop(larger, None) or [larger]
        members += few
        self._members[number] = members
        self._members.pop(smaller, None)


def _room(values: Floats) -> Floats:
    """Return the values of single articles, with room for as many stories of several."""
    return np.concatenate([values, np.full(len(values), np.nan)])


class _Near:
    """Who is near to each story: one article of each near story, and what they have in common."""

    def __init__(self, pairs: Pairs, articles: int) -> None:
        self.pairs = pairs
        places = np.concatenate([pairs.earlier, pairs.later])
        order = np.argsort(places, kind="stable")
        self._other = np.concatenate([pairs.later, pairs.earlier])[order]
        self._common = np.concatenate([pairs.common, pairs.common])[order]
        self._ends = np.concatenate([[0], np.bincount(places, minlength=articles).cumsum()])
        self._gathered: dict[int, tuple[Places, Floats]] = {}

    def gathered(self) -> list[int]:
        """Return the stories of several articles."""
        return list(self._gathered)

    def of(self, number: int) -> tuple[Places, Floats]:
        """Return who is near to a story."""
        known = self._gathered.get(number)
        if known is not None:
            return known
        its = slice(self._ends[number], self._ends[number + 1])
        return self._other[its], self._common[its]

    def together(self, one: int, other: int, stories: _Stories) -> tuple[Places, Floats, float]:
        """Return who is near to two stories taken as one, and what the two have in common."""
        (first, its), (second, others) = self.of(one), self.of(other)
        near, common = np.concatenate([first, second]), np.concatenate([its, others])
        numbers = stories.numbers(near)
        between = float(its[numbers[: len(first)] == other].sum())
        outside = np.flatnonzero((numbers != one) & (numbers != other))
        order = outside[np.argsort(numbers[outside], kind="stable")]
        if not len(order):
            return near[order], common[order], between
        starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
        return near[order[starts]], np.add.reduceat(common[order], starts), between

    def remember(self, number: int, near: Places, common: Floats) -> None:
        """Note who is near to a story of several articles."""
        self._gathered[number] = (near, common)
