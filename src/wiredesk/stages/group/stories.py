"""Stories: joining the likest articles first, until nothing alike is left.

The likeness of two stories needs nothing but the sum of the products of their articles' vectors.
These sums are worked out once for all near articles and added up when two stories become one
(Lance and Williams 1967), so that joining costs the same however long the articles are.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from wiredesk.config import GroupSettings
from wiredesk.records.article import Article
from wiredesk.records.likeness import Vector, moment, vectors

COMMON = 1000
"""A term in more articles than this has no say: it tells no event from another, and the cost of an
article does not grow with the window."""
NEAREST = 128
"""Earlier articles that each one is compared with."""
FAINT = 0.1
"""Part of the joining likeness below which two articles count as having nothing in common."""
COHESION = 0.75
"""Between the mean likeness of two stories' articles (0) and that of their common ground (1)."""
CLEARLY = 1.5
"""Times the joining likeness at which two published stories are clearly one."""

Candidate = tuple[float, int, int, tuple[int, int]]
"""Minus the likeness, two stories, and the states in which they had it."""


class _Cluster:
    """A story in the making: its articles (by place), its times, and what it shares with others."""

    __slots__ = (
        "dated",
        "earliest",
        "latest",
        "members",
        "near",
        "published",
        "scale",
        "square",
        "stamp",
        "time",
    )

    def __init__(self, place: int, square: float, when: datetime | None) -> None:
        self.members = [place]
        self.near: dict[int, float] = {}
        """The product of its sum of vectors and that of each near one."""
        self.square = square
        """The product of its sum of vectors with itself."""
        self.scale = 1.0
        self.earliest = self.latest = self.time = when.timestamp() if when else 0.0
        self.dated = 1 if when else 0
        self.published = False
        self.stamp = 0

    def absorb(self, other: _Cluster, common: float) -> None:
        """Take in the other's articles; ``common`` is the product of both sums."""
        self.members += other.members
        self.square += other.square + 2 * common
        self.scale = self.square ** (COHESION / 2) * len(self.members) ** (1 - COHESION) or 1.0
        if self.dated and other.dated:
            self.earliest = min(self.earliest, other.earliest)
            self.latest = max(self.latest, other.latest)
        elif other.dated:
            self.earliest, self.latest = other.earliest, other.latest
        self.time += other.time
        self.dated += other.dated
        self.published = self.published or other.published
        self.stamp += 1


class Stories:
    """Joins articles, given in order of time, to stories."""

    def __init__(self, articles: Sequence[Article], settings: GroupSettings) -> None:
        self._join_at = settings.join_at
        self._window = timedelta(days=settings.window_days).total_seconds()
        self._spread = 2 * (settings.sigma_days * 86400) ** 2
        found = vectors(articles)
        self._clusters = {
            place: _Cluster(place, 1.0 if vector else 0.0, moment(articles[place]))
            for place, vector in enumerate(found)
        }
        languages = [article.language for article in articles]
        for one, other, common in _near(found, languages, FAINT * settings.join_at):
            self._clusters[one].near[other] = common
            self._clusters[other].near[one] = common
        self.likeness = [0.0] * len(articles)
        """How alike each article was to what it was first joined to."""

    def joined(self, published: Iterable[Sequence[int]]) -> Stories:
        """Join all; ``published`` gives the places that are one story already."""
        for first, *rest in published:
            for place in rest:
                self._unite(first, place)
            self._clusters[first].published = True
        heap = [pair for one in self._clusters for pair in self._candidates(one, after=one)]
        heapq.heapify(heap)
        while heap:
            likeness, one, other, stamps = heapq.heappop(heap)
            if self._stamps(one, other) == stamps:
                self._note(one, other, -likeness)
                self._unite(one, other)
                for pair in self._candidates(one):
                    heapq.heappush(heap, pair)
        return self

    def stories(self) -> list[list[int]]:
        """Return the places of each story in order, the stories by their first place."""
        return sorted(sorted(cluster.members) for cluster in self._clusters.values())

    def _candidates(self, one: int, after: int = -1) -> Iterator[Candidate]:
        """Give the stories that ``one`` may be joined with, of those with a place past ``after``."""
        cluster = self._clusters[one]
        least = self._join_at * cluster.scale
        for near, common in cluster.near.items():
            other = self._clusters[near]
            if near <= after or common < least * other.scale:
                continue
            likeness = round(common / (cluster.scale * other.scale) * self._ease(cluster, other), 9)
            both = cluster.published and other.published
            if likeness >= self._join_at * (CLEARLY if both else 1.0):
                first, second = (one, near) if one < near else (near, one)
                yield -likeness, first, second, self._stamps(first, second)

    def _ease(self, one: _Cluster, other: _Cluster) -> float:
        """Return how easily two stories are joined for their times: 1 at one time, 0 if too far."""
        if not (one.dated and other.dated):
            return 1.0
        span = max(one.latest, other.latest) - min(one.earliest, other.earliest)
        if span > self._window:
            return 0.0
        return math.exp(-((one.time / one.dated - other.time / other.dated) ** 2) / self._spread)

    def _stamps(self, one: int, other: int) -> tuple[int, int]:
        """Return the states of two clusters; (-1, …) for one that was absorbed."""
        first, second = self._clusters.get(one), self._clusters.get(other)
        return first.stamp if first else -1, second.stamp if second else -1

    def _note(self, one: int, other: int, likeness: float) -> None:
        for place in (one, other):
            if len(self._clusters[place].members) == 1:
                self.likeness[place] = likeness

    def _unite(self, one: int, other: int) -> None:
        """Let ``one`` take in ``other``, with all that is near to it."""
        cluster, gone = self._clusters[one], self._clusters.pop(other)
        cluster.absorb(gone, cluster.near.pop(other, 0.0))
        gone.near.pop(one, None)
        for near, common in gone.near.items():
            its = self._clusters[near].near
            del its[other]
            its[one] = cluster.near[near] = cluster.near.get(near, 0.0) + common


def _near(
    found: Sequence[Vector], languages: Sequence[str], least: float
) -> Iterator[tuple[int, int, float]]:
    """Give the pairs of near articles of one language, with the products of their vectors."""
    index = _Index(found, languages)
    for place in range(len(found)):
        products = index.products(place)
        near = np.flatnonzero(products >= least)
        if len(near) > NEAREST:
            likest = np.argsort(-products[near].round(9), kind="stable")[:NEAREST]
            near = near[likest]
        for other in near.tolist():
            yield other, place, float(products[other])


class _Index:
    """Who has each term: the articles' places and weights, one run of an array for each term."""

    def __init__(self, found: Sequence[Vector], languages: Sequence[str]) -> None:
        numbers: dict[tuple[str, str], int] = {}
        terms = [
            numbers.setdefault((language, term), len(numbers))
            for language, vector in zip(languages, found, strict=True)
            for term in vector
        ]
        self._terms = np.array(terms, dtype=np.int64)
        self._weights = np.array([weight for its in found for weight in its.values()], dtype=float)
        self._ends = np.cumsum([0, *(len(vector) for vector in found)])
        by_term = np.argsort(self._terms, kind="stable")
        places = np.repeat(np.arange(len(found)), np.diff(self._ends))
        self._places, self._shares = places[by_term], self._weights[by_term]
        sizes = np.bincount(self._terms, minlength=len(numbers))
        self._starts = np.concatenate(([0], np.cumsum(sizes)))
        self._telling = (sizes > 1) & (sizes <= COMMON)

    def products(self, place: int) -> NDArray[np.float64]:
        """Return the product of an article's vector with that of each earlier one, in order."""
        its = slice(self._ends[place], self._ends[place + 1])
        telling = self._telling[self._terms[its]]
        terms, weights = self._terms[its][telling], self._weights[its][telling]
        runs = [
            slice(*pair) for pair in zip(self._starts[terms], self._starts[terms + 1], strict=True)
        ]
        if not runs:
            return np.zeros(place)
        places = np.concatenate([self._places[run] for run in runs])
        lengths = self._starts[terms + 1] - self._starts[terms]
        shares = np.concatenate([self._shares[run] for run in runs]) * np.repeat(weights, lengths)
        products: NDArray[np.float64] = np.zeros(place)
        earlier = places < place
        products += np.bincount(places[earlier], weights=shares[earlier], minlength=place)
        return products
