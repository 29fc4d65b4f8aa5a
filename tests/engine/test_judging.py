"""What the desk thinks of its articles: worked out when something changed, settled at once."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest
from newsroom import CHIP, FERRY, FIELD, article, judge, row, store_of

from wiredesk.adapters.memory import MemoryStore
from wiredesk.config import ScoreSettings, Settings
from wiredesk.ports.store import ArticleRow, Note, Row
from wiredesk.records.article import Article
from wiredesk.records.identity import story_id

FERRIES = article("courier", "Port Lorne buys two electric ferries", FERRY)
COPY = article("post", "Two electric ferries for Port Lorne", FERRY, hours=1)
CHIPS = article("times", "Tessel shows a chip that learns", CHIP, hours=2)
DAY = 24.0


class Counting(MemoryStore):
    """The store in memory, counting its settlements and the articles in them."""

    def __init__(self) -> None:
        super().__init__()
        self.settlements = 0
        self.articles_settled: list[str] = []

    def settle(self, rows: Iterable[Row]) -> None:
        kept = list(rows)
        self.settlements += 1
        self.articles_settled += (one.article.id for one in kept if isinstance(one, ArticleRow))
        super().settle(kept)


def test_an_empty_desk_has_no_time() -> None:
    judged = judge(MemoryStore())()
    assert judged.as_of is None
    assert judged.articles == 0


def test_the_desks_time_is_that_of_its_newest_article() -> None:
    judged = judge(store_of([FERRIES, CHIPS]))()
    assert judged.as_of == CHIPS.fetched_at


def test_copies_fold_into_one_story_and_other_events_stay_apart() -> None:
    store = store_of([FERRIES, COPY, CHIPS])
    judged = judge(store)()
    stories = {story.id: story for story in store.stories()}
    assert set(stories) == {story_id("courier"), story_id("times")}
    told = stories[story_id("courier")]
    assert told.lead == "courier"
    assert [member.id for member in told.members] == ["courier", "post"]
    assert told.members[1].duplicate_of == "courier"
    assert told.scores["post"].heat.total < told.scores["courier"].heat.total
    assert (judged.articles, judged.copies) == (3, 1)


def test_nothing_is_judged_again_unless_something_changed() -> None:
    store = Counting()
    store.settle([row(each) for each in (FERRIES, CHIPS)])
    judge(store)()
    before = store.settlements
    assert judge(store)().articles == 2
    assert store.settlements == before


@pytest.mark.parametrize(
    ("articles", "settings"),
    [
        ([msgspec.structs.replace(CHIPS, title="Tessel shows a chip that forgets")], None),
        ([article("late", "Bakers raise the price of rye", "Flour is dear.", hours=1)], None),
        ([], Settings(score=ScoreSettings(half_life_hours=5))),
    ],
    ids=["a changed article", "a new article", "other settings"],
)
def test_a_change_is_judged(articles: list[Article], settings: Settings | None) -> None:
    store = store_of([FERRIES, CHIPS])
    judge(store)()
    before = store.note("judged")
    store.settle(row(each) for each in articles)
    judge(store, settings=settings)()
    assert store.note("judged") != before


def test_time_alone_settles_only_the_stories_whose_heat_has_moved() -> None:
    store = store_of(
        [FERRIES, article("old", "Bakers raise the price of rye", "Flour.", hours=-90)]
    )
    judge(store)()
    before = {story.id: story for story in store.stories()}
    store.settle([row(article("late", "Tessel shows a chip", CHIP, hours=3))])
    judge(store)()
    after = {story.id: story for story in store.stories()}
    moved = {name for name in before if after[name] != before[name]}
    assert moved == {story_id("courier")}
    assert after[story_id("courier")].as_of != before[story_id("courier")].as_of


def test_an_article_that_is_there_is_not_scored_again() -> None:
    store = Counting()
    store.settle([row(each) for each in (FERRIES, CHIPS)])
    judge(store)()
    store.settle([row(article("late", "Bakers raise the price of rye", "Flour is dear.", hours=5))])
    store.articles_settled.clear()
    judge(store)()
    assert set(store.articles_settled) == {"late"}
    assert all(each.lines for each in store.articles())


def test_what_is_off_the_desks_matter_tells_no_story_and_no_time() -> None:
    store = store_of([FERRIES, CHIPS])
    judged = judge(store, FIELD)()
    assert (judged.articles, judged.off_topic) == (2, 1)
    assert judged.as_of == FERRIES.fetched_at
    assert [story.lead for story in store.stories()] == ["courier"]
    assert [match.topic for match in store.stories()[0].topics] == ["Ferries"]


def test_another_pack_classifies_anew() -> None:
    store = store_of([FERRIES])
    judge(store)()
    assert store.articles()[0].topics == ()
    judge(store, FIELD)()
    assert [match.topic for match in store.articles()[0].topics] == ["Ferries"]


def test_a_story_keeps_its_id_when_an_older_copy_turns_up_late() -> None:
    store = store_of([COPY])
    judge(store)()
    (before,) = store.stories()
    store.settle([row(FERRIES)])
    judge(store)()
    told = [story for story in store.stories() if not story.merged_into]
    assert [story.id for story in told] == [before.id]
    assert {member.id for member in told[0].members} == {"courier", "post"}


def test_a_merged_story_stays_as_an_unpublished_pointer() -> None:
    other = msgspec.structs.replace(COPY, text=CHIP, title="Tessel shows a chip that learns")
    store = store_of([FERRIES, other])
    judge(store)()
    assert len(store.stories()) == 2
    store.settle([row(COPY)])  # it was edited: now it is a copy of the other
    judge(store)()
    told, pointer = sorted(store.stories(), key=lambda story: bool(story.merged_into))
    assert {member.id for member in told.members} == {"courier", "post"}
    assert pointer.merged_into == told.id
    assert not pointer.published
    assert told.id in pointer.gate
    assert pointer.scores[pointer.lead].heat.total == -1
    judge(store)()
    assert len(store.stories()) == 2


def test_an_old_story_is_closed_to_new_articles() -> None:
    store = store_of([FERRIES])
    judge(store)()
    late = article("late", COPY.title, FERRY, hours=15 * DAY)
    store.settle([row(late)])
    judge(store)()
    assert sorted(len(story.members) for story in store.stories()) == [1, 1]
    assert story_id("courier") in {story.id for story in store.stories()}


def test_the_order_in_which_articles_were_settled_changes_no_story() -> None:
    one, other = store_of([FERRIES, COPY, CHIPS]), store_of([CHIPS, COPY, FERRIES])
    judge(one)()
    judge(other)()
    assert one.stories() == other.stories()
    assert one.note("judged") == other.note("judged")


def test_the_notes_of_a_rebuilt_store_are_those_that_judgement_left() -> None:
    store = store_of([FERRIES, COPY, CHIPS])
    judge(store)()
    rows: list[Row] = [*store.articles(), *store.stories()]
    notes = [Note(name, store.note(name)) for name in ("judged", "as_of")]
    assert judge(store).restored(rows) == [*rows, *notes]
    assert judge(store).restored([]) == []


def test_after_a_rebuild_an_article_without_its_text_keeps_its_quality() -> None:
    store = store_of([FERRIES, CHIPS])
    judge(store)()
    before = {story.id: story for story in store.stories()}
    sealed = [
        ArticleRow(
            article=msgspec.structs.replace(one.article, text="", sealed_digest=one.digest),
            digest=one.digest,
            pack=one.pack,
        )
        for one in store.articles()
    ]
    rebuilt = MemoryStore()
    rebuilt.settle(judge(rebuilt).restored([*sealed, *store.stories()]))
    rebuilt.settle([row(article("late", "Bakers raise the price of rye", "Flour.", hours=3))])
    judge(rebuilt)()
    after = {story.id: story for story in rebuilt.stories()}
    assert len(after) == len(before) + 1
    for name, story in before.items():
        told = after[name].scores[story.lead].quality
        assert told == story.scores[story.lead].quality
