"""Judging only what changed comes to the same as judging all: over random wires, batch after batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import CHIP, FERRY, NOON, article, judge, make_tell, row

from wiredesk.adapters.memory import MemoryStore
from wiredesk.config import Settings
from wiredesk.records.article import Article
from wiredesk.records.judgement import Score
from wiredesk.records.story import Story
from wiredesk.records.topic import TopicPack

EVENTS = (
    ("Port Lorne buys two electric ferries", FERRY),
    ("Tessel shows a chip that learns", CHIP),
    ("Bakers raise the price of rye", "Flour is dear in Korrin, the guild of bakers said. " * 8),
)


@st.composite
def reports(draw: st.DrawFn) -> Article:
    title, text = draw(st.sampled_from(EVENTS))
    part = draw(st.sampled_from([0, 120, 200]))
    provider = draw(st.integers(0, 5))
    hours = draw(st.integers(0, 400))
    return article(
        f"a{draw(st.integers(0, 30))}",
        title,
        text[part:],
        hours=hours,
        domain=f"paper-{provider}.example",
        fetched_at=NOON + timedelta(hours=hours, minutes=draw(st.integers(0, 90))),
    )


wires = st.lists(st.lists(reports(), min_size=1, max_size=5), min_size=1, max_size=5)
few = settings(max_examples=60, deadline=None)


def stories(store: MemoryStore) -> dict[str, Story]:
    return {story.id: story for story in store.stories()}


def fed(store: MemoryStore, batch: Sequence[Article]) -> None:
    store.settle(row(one) for one in batch)
    judge(store)()


def forgetting(store: MemoryStore) -> None:
    """Take away all that was said of articles, so that all of it is said anew."""
    store.settle(msgspec.structs.replace(one, lines=(), scored="") for one in store.articles())


@few
@given(wires)
def test_what_is_kept_is_what_would_be_said_anew(wire: list[list[Article]]) -> None:
    keeping, forgetful = MemoryStore(), MemoryStore()
    for batch in wire:
        fed(keeping, batch)
        forgetting(forgetful)
        fed(forgetful, batch)
        assert keeping.stories() == forgetful.stories()
        said_anew = [
            one for one in forgetful.articles() if one.scored
        ]  # not those of closed stories
        assert said_anew
        assert all(one == keeping.article(one.article.id) for one in said_anew)


@few
@given(wires)
def test_a_story_is_settled_only_when_more_moved_than_how_its_heat_adds_up(
    wire: list[list[Article]],
) -> None:
    store = MemoryStore()
    for batch in wire:
        before = stories(store)
        fed(store, batch)
        for name, story in stories(store).items():
            if name in before and story != before[name]:
                assert outline(story) != outline(before[name])


def outline(story: Story) -> tuple[object, ...]:
    """A story without the moment and the lines of its heat."""
    totals = {name: score.heat.total for name, score in story.scores.items()}
    qualities = {name: score.quality for name, score in story.scores.items()}
    bare = msgspec.structs.replace(story, scores={}, as_of=None)
    return bare, totals, qualities


@few
@given(wires)
def test_every_number_is_that_of_the_desks_own_moment(wire: list[list[Article]]) -> None:
    store = MemoryStore()
    for batch in wire:
        fed(store, batch)
    as_of = datetime.fromisoformat(store.note("as_of"))
    forgetting(store)
    rows = {one.article.id: one for one in store.articles()}
    tell = make_tell(Settings(), TopicPack())
    for story in store.stories():
        if not story.closed and not story.merged_into:
            tellers = tell.tellers(story.members, rows)
            anew = tell.scores(tellers, len(story.related), as_of)
            assert tellers[0].article.id == story.lead
            assert _totals(anew) == _totals(story.scores)


def _totals(scores: dict[str, Score]) -> dict[str, tuple[int, int]]:
    return {name: (score.quality.total, score.heat.total) for name, score in scores.items()}
