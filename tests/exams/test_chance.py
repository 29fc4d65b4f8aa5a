from __future__ import annotations

import numpy as np

from wiredesk.exams.chance import Chance, seed_of, units, units_at

DRAWN = [90, 36, 20, 68, 78, 4, 74, 91]
UNITS = [0.6836461708888912, 0.7181817721387751, 0.332412731239222]


def test_the_same_names_give_the_same_draws_on_any_machine() -> None:
    chance = Chance("story", 7)
    assert [chance.below(100) for _ in range(8)] == DRAWN
    assert units(seed_of("wire"), 5, 3).tolist() == UNITS


def test_a_number_needs_none_of_those_before_it() -> None:
    seed = seed_of("x")
    assert units(seed, 0, 50)[20:30].tolist() == units(seed, 20, 10).tolist()
    assert units_at(seed, np.array([[3], [9]])).ravel().tolist() == [
        units(seed, 3, 1)[0],
        units(seed, 9, 1)[0],
    ]


def test_draws_are_even() -> None:
    drawn = units(seed_of("even"), 0, 40_000)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert np.abs(np.histogram(drawn, bins=10, range=(0, 1))[0] / 4_000 - 1).max() < 0.06
    chance = Chance("even")
    assert {chance.below(6) for _ in range(200)} == set(range(6))


def test_a_sample_has_each_thing_once_and_no_more_than_there_are() -> None:
    assert sorted(Chance("a").sample(range(20), 50)) == list(range(20))
    some = Chance("b").sample(range(1000), 10)
    assert len(set(some)) == 10
    assert some != sorted(some)
