"""What editors decided holds in every judgement that follows, until it is undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import pytest
from newsroom import CHIP, FERRY, FIELD, NOON, article, judge, row, store_of

from wiredesk.adapters.memory import MemoryStore
from wiredesk.ports.store import Row
from wiredesk.records.article import Article
from wiredesk.records.decision import (
    Decision,
    Exclude,
    Merge,
    Pin,
    Publish,
    Retitle,
    Spike,
    Split,
    Topics,
    Undo,
)
from wiredesk.records.identity import story_id
from wiredesk.records.story import Story
from wiredesk.records.topic import Topic, TopicPack

FERRIES = article("courier", "Port Lorne buys two electric ferries", FERRY)
COPY = article("post", "Two electric ferries for Port Lorne", FERRY, hours=1)
CHIPS = article("times", "Tessel shows a chip that learns", CHIP, hours=2)
FERRY_STORY, CHIP_STORY = story_id("courier"), story_id("times")
DAYS = 24.0

MERGE = Merge(
    id="merge", when=NOON, stories={FERRY_STORY: ("courier", "post"), CHIP_STORY: ("times",)}
)
SPLIT = Split(
    id="split", when=NOON, story=FERRY_STORY, articles=("post",), rest=("courier",), becomes="part"
)
EXCLUDE = Exclude(id="exclude", when=NOON, story=FERRY_STORY, articles=("post",), rest=("courier",))


def undo(decision: Decision) -> Undo:
    return Undo(id=f"undo-{decision.id}", when=NOON, undoes=decision.id)


def ran(store: MemoryStore, decisions: Sequence[Decision] = ()) -> dict[str, Story]:
    """Judge, prove that a second judgement says nothing else, and return the stories by id."""
    judge(store, decisions=decisions)()
    told = list(store.stories())
    judge(store, decisions=decisions)()
    assert list(store.stories()) == told
    return {story.id: story for story in told}


def members(stories: dict[str, Story]) -> dict[str, set[str]]:
    """Return the articles of each story that tells any."""
    return {
        name: {member.id for member in story.members}
        for name, story in stories.items()
        if not story.merged_into
    }


def desk(*more: Article) -> MemoryStore:
    """Return a desk that has judged two reports of ferries, a copy among them, and one of chips."""
    store = store_of([FERRIES, COPY, CHIPS, *more])
    ran(store)
    return store


# Merging


def test_a_merge_keeps_the_older_story_and_leaves_a_pointer() -> None:
    stories = ran(desk(), [MERGE])
    assert members(stories) == {FERRY_STORY: {"courier", "post", "times"}}
    pointer = stories[CHIP_STORY]
    assert pointer.merged_into == FERRY_STORY
    assert not pointer.published
    assert pointer.scores["times"].heat.total == -1
    assert stories[FERRY_STORY].decisions == pointer.decisions == (MERGE,)
    moved = {member.id: member.by for member in stories[FERRY_STORY].members}
    assert moved == {"courier": "", "post": "", "times": "merge"}


def test_a_report_that_is_late_joins_the_merged_story_by_either_event() -> None:
    store = desk()
    ran(store, [MERGE])
    store.settle([row(article("late", "A chip that learns, by Tessel", CHIP, hours=3))])
    assert members(ran(store, [MERGE])) == {FERRY_STORY: {"courier", "post", "times", "late"}}


def test_undoing_a_merge_gives_both_stories_back_as_they_were() -> None:
    store = desk()
    before = ran(store)
    ran(store, [MERGE])
    assert ran(store, [MERGE, undo(MERGE)]) == before


def test_what_joined_while_a_merge_held_finds_its_own_place_when_it_is_undone() -> None:
    store = desk()
    ran(store, [MERGE])
    store.settle([row(article("late", "A chip that learns, by Tessel", CHIP, hours=3))])
    ran(store, [MERGE])
    after = members(ran(store, [MERGE, undo(MERGE)]))
    assert after == {FERRY_STORY: {"courier", "post"}, CHIP_STORY: {"times", "late"}}


# Splitting and excluding


def test_the_part_that_is_split_off_says_so_and_the_rest_keeps_the_id() -> None:
    stories = ran(desk(), [SPLIT])
    assert members(stories) == {FERRY_STORY: {"courier"}, "part": {"post"}, CHIP_STORY: {"times"}}
    assert stories["part"].split_from == FERRY_STORY
    assert not stories[FERRY_STORY].split_from
    assert [member.duplicate_of for member in stories["part"].members] == [""]


def test_a_founder_that_leaves_does_not_take_the_id_with_it() -> None:
    leaves = msgspec.structs.replace(SPLIT, articles=("courier",), rest=("post",))
    stories = ran(desk(), [leaves])
    assert members(stories)[FERRY_STORY] == {"post"}
    assert members(stories)["part"] == {"courier"}


def test_an_article_that_was_excluded_finds_its_own_place() -> None:
    stories = ran(desk(), [EXCLUDE])
    assert members(stories)[FERRY_STORY] == {"courier"}
    assert members(stories)[story_id("post")] == {"post"}


@pytest.mark.parametrize("decision", [SPLIT, EXCLUDE], ids=["split", "exclude"])
def test_a_late_copy_never_brings_back_together_what_was_parted(decision: Decision) -> None:
    store = desk()
    ran(store, [decision])
    for hours in (3, 4, 5):
        late = article(f"late{hours}", "Two electric ferries for Port Lorne", FERRY, hours=hours)
        store.settle([row(late)])
        told = members(ran(store, [decision]))
        assert not any({"courier", "post"} <= its for its in told.values())
        assert "courier" in told[FERRY_STORY]


@pytest.mark.parametrize("decision", [SPLIT, EXCLUDE], ids=["split", "exclude"])
def test_undoing_puts_back_what_was_taken_out(decision: Decision) -> None:
    store = desk()
    before = ran(store)
    ran(store, [decision])
    after = ran(store, [decision, undo(decision)])
    assert members(after) == members(before)
    assert {name: after[name] for name in before} == before
    (part,) = after.keys() - before.keys()
    assert after[part].merged_into == FERRY_STORY
    again = ran(store, [decision, undo(decision), undo(undo(decision))])
    assert members(again)[part] == {"post"}, "the same part comes back under the same id"


# Outliving


@pytest.mark.parametrize("decision", [MERGE, SPLIT, EXCLUDE], ids=["merge", "split", "exclude"])
def test_a_desk_that_never_judged_before_comes_to_the_same(decision: Decision) -> None:
    held = members(ran(desk(), [decision]))
    replayed = members(ran(store_of([CHIPS, COPY, FERRIES]), [decision]))
    assert replayed == held


@pytest.mark.parametrize("decision", [MERGE, SPLIT, EXCLUDE], ids=["merge", "split", "exclude"])
def test_a_decision_outlives_the_window(decision: Decision) -> None:
    store = desk()
    held = members(ran(store, [decision]))
    for weeks in (4, 8):
        store.settle([row(article(f"w{weeks}", "Rye is dear", "Flour.", hours=weeks * 7 * DAYS))])
        stories = ran(store, [decision])
        assert {name: members(stories)[name] for name in held} == held
        assert all(stories[name].closed for name in held)


def test_a_story_that_is_closed_long_since_can_still_be_decided_on() -> None:
    store = desk(article("now", "Rye is dear", "Flour.", hours=60 * DAYS))
    assert ran(store)[FERRY_STORY].closed
    stories = ran(store, [MERGE])
    assert members(stories)[FERRY_STORY] == {"courier", "post", "times"}
    assert stories[CHIP_STORY].merged_into == FERRY_STORY
    back = ran(store, [MERGE, undo(MERGE)])
    assert members(back)[CHIP_STORY] == {"times"}


@pytest.mark.parametrize("carried", [True, False], ids=["carried out", "noted"])
@pytest.mark.parametrize("decision", [MERGE, SPLIT, EXCLUDE], ids=["merge", "split", "exclude"])
def test_a_store_that_was_rebuilt_comes_to_the_same(decision: Decision, *, carried: bool) -> None:
    store = desk()
    if carried:
        ran(store, [decision])
    rows: list[Row] = [*store.articles(), *store.stories()]
    rebuilt = MemoryStore()
    rebuilt.settle(judge(rebuilt, decisions=[decision]).restored(rows))
    assert members(ran(rebuilt, [decision])) == members(ran(store, [decision]))


# What is said of a record


def said(decision: Decision, pack: TopicPack | None = None) -> Story:
    store = desk()
    judge(store, pack or TopicPack(), decisions=[decision])()
    return {story.id: story for story in store.stories()}[FERRY_STORY]


def test_a_spiked_story_is_not_published_and_a_published_one_is() -> None:
    plain = ran(desk())[FERRY_STORY]
    spike = Spike(id="s", when=NOON, story=FERRY_STORY, article="courier")
    publish = Publish(id="p", when=NOON, story=FERRY_STORY, article="courier")
    assert not said(spike).published
    assert said(publish).published
    assert said(publish).scores == said(spike).scores == plain.scores


def test_a_title_and_a_pin_are_the_storys_whichever_article_leads_it() -> None:
    retitle = Retitle(id="r", when=NOON, story=FERRY_STORY, article="courier", title="Two ferries")
    assert said(retitle).title == "Two ferries"
    pin = Pin(id="p", when=NOON, story=FERRY_STORY, article="courier", until=date(2026, 3, 5))
    assert said(pin).pinned == date(2026, 3, 5)


def test_topics_are_added_with_what_is_above_and_taken_away_with_what_is_below() -> None:
    pack = TopicPack(
        (
            *FIELD.topics,
            Topic(name="Ships", shortname="ships", keywords=("ships",)),
            Topic(name="Tugs", shortname="tugs", keywords=("tugs",), parent="Ships"),
        )
    )
    topics = Topics(
        id="t", when=NOON, story=FERRY_STORY, article="courier", add=("Tugs",), remove=("Ferries",)
    )
    story = said(topics, pack)
    assert [match.topic for match in story.topics] == ["Tugs", "Ships"]
    bare = msgspec.structs.replace(topics, add=(), remove=("Ferries",))
    assert said(bare, FIELD).topics == ()
    assert not said(bare, FIELD).published
