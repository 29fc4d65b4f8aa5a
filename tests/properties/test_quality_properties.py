"""Quality is monotone: whatever an article is like, one thing better about it never costs a point.

Each knob below has its settings in order, the worst first; what "better" means stands in the docstring
of each family of ``wiredesk.signals``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import ScoreSettings
from wiredesk.ports.signal import Place, Standing
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.judgement import Evidence, Ledger, TopicMatch
from wiredesk.records.provider import Provider
from wiredesk.records.rating import Rating
from wiredesk.signals import load_comparisons, load_signals
from wiredesk.stages.score import HIGHEST, Score

SCORE = Score(load_signals(), load_comparisons(), ScoreSettings())
FOUND = datetime(2026, 3, 2, 12, tzinfo=UTC)
SENTENCE = "the harbour board met on monday and agreed on a quay"
BOILERPLATE = "\n\nMedia Contact: Jo Ham\nThis text has forward-looking statements."


def found_in(*places: str) -> tuple[TopicMatch, ...]:
    evidence = tuple(Evidence(keyword="quay", place=place, rule="strong") for place in places)
    return (TopicMatch(topic="Quays", evidence=evidence),)


def pictures(*widths: int) -> tuple[Image, ...]:
    return tuple(Image(url="https://courier.example/a.jpg", width=width) for width in widths)


KNOBS: dict[str, list[object]] = {
    "advertises": ["press releases", ""],
    "kind": ["news", "official"],
    "standing": [-5, 0, 7, 13, 17, 20, 90],
    "rating": [0.0, 0.11, 0.5, 0.87, 1.0],
    "words": [0, 5, 59, 60, 100, 150, 599, 600, 2000],
    "stops": ["", "."],
    "boilerplate": [BOILERPLATE, ""],
    "excerpt": ["", "Short.", "The harbour board met and agreed on a plan at last."],
    "byline": ["", "Ada Quill"],
    "language": ["", "en"],
    "date": [datetime(1970, 1, 1, tzinfo=UTC), None, FOUND - timedelta(days=2), FOUND],
    "found": [timedelta(days=90), timedelta(days=31), timedelta(days=3), timedelta(0)],
    "images": [
        (),
        pictures(1),
        pictures(0),
        pictures(0, 1),
        pictures(300),
        pictures(300, 0),
        pictures(1600),
    ],
    "topics": [(), found_in("text"), found_in("excerpt"), found_in("text", "title")],
    "title": [
        "Quay Crane Market Size, Share and Forecast 2026-2031",
        "Save $40 with this coupon code",
        "You won't believe what this harbour did",
        "9 reasons to visit the harbour in winter",
        "Harbour board agrees on a plan",
    ],
    "loudness": [str.upper, str],
    "marks": ["!!", ""],
    "paywalled": [True, False],
    "place": [Place(copy_of="b"), Place(first=False), Place(first=True)],
}
LISTED = 3
"""Ways in which a publisher stands in the desk's list: not at all, by its kind, by a stated standing.
None of them is better in itself: each gives the word to somebody else.
"""
articles = st.fixed_dictionaries(
    {name: st.integers(0, len(steps) - 1) for name, steps in KNOBS.items()}
    | {"listed": st.integers(0, LISTED - 1)}
)


def quality(chosen: Mapping[str, int]) -> Ledger:
    knob: dict[str, Any] = {name: steps[chosen[name]] for name, steps in KNOBS.items()}
    in_list = [
        None,
        Provider(name="Courier", domain="courier.example", kind=knob["kind"]),
        Provider(name="Courier", domain="courier.example", standing=knob["standing"]),
    ][chosen["listed"]]
    words = (f"{SENTENCE}{knob['stops']} " * 200).split()[: knob["words"]]
    date = knob["date"]
    article = Article(
        id="a",
        title=knob["loudness"](knob["title"]) + knob["marks"],
        provider=ProviderName(name="Courier", domain="courier.example"),
        excerpt=knob["excerpt"],
        text=" ".join(words) + knob["boilerplate"],
        byline=knob["byline"],
        language=knob["language"],
        published_date_time=date,
        fetched_at=date + knob["found"] if date and date.year > 2000 else FOUND,
        images=knob["images"],
        paywalled=knob["paywalled"],
    )
    standing = Standing(
        article=article,
        topics=knob["topics"],
        provider=in_list,
        rating=Rating(domain="courier.example", value=knob["rating"], source="list.csv"),
        advertises="" if in_list else knob["advertises"],
    )
    return SCORE.quality(SCORE.lines(standing), knob["place"])


@pytest.mark.parametrize("name", KNOBS)
@settings(max_examples=120, deadline=None)
@given(articles, st.data())
def test_one_thing_better_never_costs_quality(
    name: str, chosen: dict[str, int], data: st.DataObject
) -> None:
    worse = chosen[name]
    better = data.draw(st.integers(worse, len(KNOBS[name]) - 1))
    assert quality(chosen | {name: better}).total >= quality(chosen).total


@settings(max_examples=300, deadline=None)
@given(articles)
def test_a_quality_is_the_sum_of_its_lines_within_its_bounds(chosen: dict[str, int]) -> None:
    ledger = quality(chosen)
    assert 0 <= ledger.total <= HIGHEST
    assert ledger.total == sum(line.points for line in ledger.lines)
    assert all(line.points == int(line.points) != 0 for line in ledger.lines)
    assert all(line.signal and line.reason for line in ledger.lines)


def test_the_best_of_all_articles_has_nearly_all_points_and_the_worst_none() -> None:
    best = {name: len(steps) - 1 for name, steps in KNOBS.items()}
    for in_list in range(LISTED):
        assert quality(best | {"listed": in_list}).total > HIGHEST - 20
        assert quality(dict.fromkeys(KNOBS, 0) | {"listed": in_list}).total == 0
