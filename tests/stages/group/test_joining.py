"""Joining beside the plain way: after each step, look at all pairs of stories again."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.stages.group.joining import CLEARLY, COHESION, Bounds, Joining
from wiredesk.stages.group.near import Pairs

BOUNDS = Bounds(join_at=0.2, window=7.0, sigma=3.0)
Common = dict[tuple[int, int], float]


def pairs_of(common: Common) -> Pairs:
    places = sorted(common)
    return Pairs(
        np.array([one for one, _ in places], dtype=np.int64),
        np.array([other for _, other in places], dtype=np.int64),
        np.array([common[pair] for pair in places], dtype=float),
    )


def likeness(one: list[int], other: list[int], common: Common, times: list[float]) -> float:
    def product(ones: list[int], others: list[int]) -> float:
        both = ((min(a, b), max(a, b)) for a in ones for b in others)
        return sum(1.0 if a == b else common.get((a, b), 0.0) for a, b in both)

    def scale(story: list[int]) -> float:
        return math.pow(product(story, story), COHESION / 2) * math.pow(len(story), 1 - COHESION)

    dated = [
        [times[place] for place in story if not math.isnan(times[place])] for story in (one, other)
    ]
    ease = 1.0
    if all(dated):
        span = max(map(max, dated)) - min(map(min, dated))
        distance = sum(dated[0]) / len(dated[0]) - sum(dated[1]) / len(dated[1])
        ease = 0.0 if span > BOUNDS.window else math.exp(-(distance**2) / (2 * BOUNDS.sigma**2))
    return round(product(one, other) / (scale(one) * scale(other)) * ease, 9)


def plainly(common: Common, times: list[float]) -> list[list[int]]:
    stories = [[place] for place in range(len(times))]
    while True:
        alike = [
            (likeness(one, other, common, times), one, other)
            for one, other in combinations(stories, 2)
        ]
        best = max(alike, default=(0.0, [], []), key=lambda found: found[0])
        if best[0] < BOUNDS.join_at:
            return sorted(stories)
        stories = [story for story in stories if story not in best[1:]]
        stories.append(sorted(best[1] + best[2]))


@st.composite
def windows(draw: st.DrawFn) -> tuple[Common, list[float]]:
    size = draw(st.integers(1, 7))
    time = st.floats(0, 9, width=16) | st.just(math.nan)
    pairs = list(combinations(range(size), 2))
    # Sums of distinct powers of two do not tie, so that both ways take the same steps.
    values = draw(
        st.permutations(
            [round(0.9 / (1 + place) + 2.0**-26 * 2**place, 9) for place in range(len(pairs))]
        )
    )
    common = {pair: value for pair, value in zip(pairs, values, strict=True) if value > 0.06}
    return common, draw(st.lists(time, min_size=size, max_size=size))


@settings(deadline=None, max_examples=200)
@given(windows())
def test_joining_takes_the_likest_two_stories_each_time(window: tuple[Common, list[float]]) -> None:
    common, times = window
    assert Joining(pairs_of(common), np.array(times), BOUNDS).join() == plainly(common, times)


def stories(
    common: Common,
    size: int,
    *published: list[int],
    apart: list[tuple[list[int], list[int]]] | None = None,
) -> list[list[int]]:
    joining = Joining(pairs_of(common), np.zeros(size), BOUNDS, apart or [])
    for places in published:
        joining.unite(places, published=True)
    return joining.join()


def test_what_was_published_together_stays_together_though_nothing_is_alike() -> None:
    assert stories({}, 3, [0, 2]) == [[0, 2], [1]]


def test_two_published_stories_become_one_only_when_they_are_clearly_one() -> None:
    enough, clearly = BOUNDS.join_at * 1.1, BOUNDS.join_at * CLEARLY * 1.1
    assert stories({(0, 1): enough}, 2) == [[0, 1]]
    assert stories({(0, 1): enough}, 2, [0], [1]) == [[0], [1]]
    assert stories({(0, 1): clearly}, 2, [0], [1]) == [[0, 1]]


def test_articles_that_are_kept_apart_are_never_joined_not_even_by_a_third() -> None:
    alike = {(0, 1): 0.9, (1, 2): 0.8, (0, 2): 0.9}
    assert stories(alike, 3) == [[0, 1, 2]]
    assert stories(alike, 3, apart=[([0], [2])]) == [[0, 1], [2]]


def test_stories_further_apart_than_the_window_are_never_joined() -> None:
    times = np.array([0.0, 6.0, 12.0])
    found = Joining(
        pairs_of({(0, 1): 0.99, (1, 2): 0.99}), times, Bounds(join_at=0.05, window=7, sigma=9)
    )
    assert found.join() == [[0, 1], [2]]
