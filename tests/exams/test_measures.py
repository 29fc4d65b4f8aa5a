from __future__ import annotations

import pytest

from wiredesk.exams.measures import b_cubed, contained, harmonic, pearson, runs, verbatim


def test_b_cubed_is_the_mean_over_articles_of_how_pure_and_how_whole_their_stories_are() -> None:
    truth = {"a": "x", "b": "x", "c": "x", "d": "y"}
    found = {"a": 1, "b": 1, "c": 2, "d": 2}
    agreement = b_cubed(truth, found)
    assert agreement.precision == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert agreement.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert agreement.f1 == pytest.approx(harmonic(agreement.precision, agreement.recall))


def test_b_cubed_counts_an_unlabelled_article_against_whom_it_is_put_with() -> None:
    truth = {"a": "x", "b": "x"}
    assert b_cubed(truth, {"a": 1, "b": 1, "noise": 2}) == (1, 1, 1)
    assert b_cubed(truth, {"a": 1, "b": 1, "noise": 1}).precision == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [([1, 2, 3], [2, 4, 6], 1), ([1, 2, 3], [3, 2, 1], -1), ([1, 2, 3], [5, 5, 5], 0)],
)
def test_pearson(one: list[float], other: list[float], value: float) -> None:
    assert pearson(one, other) == pytest.approx(value)


def test_verbatim_is_the_part_of_the_shorter_text_that_is_in_the_longer() -> None:
    text = "two electric ferries will cross the sound from May on"
    assert verbatim(text, f"Mayor Quill said: {text} and later more") == 1
    assert verbatim(text, text.replace("ferries", "boats")) == pytest.approx(4 / 7)
    assert verbatim(text, "rain fell over the hills") == 0
    assert verbatim("too short", "too short") == 0
    assert contained(runs(text, 5), runs(text.upper(), 5)) == 1
