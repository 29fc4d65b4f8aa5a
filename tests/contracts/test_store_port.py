"""What every store must do, run on each adapter of the port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from wiredesk.adapters.memory import MemoryStore
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.errors import StoreBusy
from wiredesk.ports.store import ArticleRow, EntryRow, Note, Row, Store
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.entry import Entry, SourceState, Validators
from wiredesk.records.judgement import Ledger, LedgerLine, Membership, Score
from wiredesk.records.story import Publication, Story

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    opened = SqliteStore(tmp_path / "state" / "desk.sqlite")
    yield opened
    opened.close()


def article(
    name: str, published: datetime | None = NOON, fetched: datetime | None = None
) -> ArticleRow:
    return ArticleRow(
        article=Article(
            id=name,
            title=f"The harbour is “closed” {name}",
            provider=ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
            published_date_time=published,
            fetched_at=fetched,
            images=(Image(url="https://harbour-courier.example/a.jpg", width=3, height=2),),
            origins={"title": "og:title", "excerpt": "entry"},
        ),
        digest=f"digest of {name}",
        pack="digest of the pack",
    )


def entry(source: str, guid: str, sequence: int, title: str = "") -> EntryRow:
    url = f"https://harbour-courier.example/{guid}"
    return EntryRow(
        entry=Entry(source=source, guid=guid, url=url, title=title, published=NOON),
        digest="d",
        sequence=sequence,
    )


def one_of_each() -> list[Row]:
    line = LedgerLine(signal="image", points=20, reason="it has an image")
    return [
        SourceState(id="feed:a", validators=Validators(etag='"x"'), last_good=NOON),
        entry("feed:a", "1", 1),
        article("a1"),
        Story(
            id="s1",
            lead="a1",
            members=(Membership(id="a1", story="s1", likeness=0.1),),
            scores={"a1": Score(quality=Ledger((line,)), heat=Ledger((line,)))},
            newest=NOON,
        ),
        Publication(story="s1", path="_news/2026-03-01-a.md", revision=1, base={"title": "00"}),
        Note("judged", "abc"),
    ]


def everything(store: Store) -> list[Row]:
    return [
        *store.source_states().values(),
        *store.entries(),
        *store.articles(),
        *store.stories(),
        *store.publications(),
        Note("judged", store.note("judged")),
    ]


def test_a_new_store_is_empty(store: Store) -> None:
    assert everything(store) == [Note("judged", "")]


def test_each_kind_of_row_comes_back_as_it_was_put(store: Store) -> None:
    store.settle(one_of_each())
    assert everything(store) == one_of_each()


def test_a_row_is_put_over_its_older_self(store: Store) -> None:
    store.settle(one_of_each())
    store.settle([Note("judged", "def"), article("a1", NOON + timedelta(hours=1))])
    assert store.note("judged") == "def"
    assert [row.article.published_date_time for row in store.articles()] == [
        NOON + timedelta(hours=1)
    ]


def test_the_last_of_two_versions_in_one_settlement_stays(store: Store) -> None:
    store.settle([entry("feed:a", "1", 1, title=f"Version {n}") for n in range(1000)])
    assert [row.entry.title for row in store.entries()] == ["Version 999"]


def test_entries_come_by_sequence_and_by_source(store: Store) -> None:
    store.settle([entry("feed:b", "1", 3), entry("feed:a", "2", 2), entry("feed:a", "1", 10)])
    assert [row.sequence for row in store.entries()] == [2, 3, 10]
    assert [row.entry.guid for row in store.entries("feed:a")] == ["2", "1"]
    assert store.entries("feed:none") == []


def test_sequence_numbers_go_on_after_the_last(store: Store) -> None:
    assert store.next_sequence() == 1
    store.settle([entry("feed:a", "1", 7), entry("feed:b", "1", 3)])
    assert store.next_sequence() == 8


def test_one_article_is_found_by_its_id(store: Store) -> None:
    store.settle([article("a1")])
    assert store.article("a1") == article("a1")
    assert store.article("a2") is None


def test_one_guid_in_two_feeds_is_two_entries(store: Store) -> None:
    store.settle([entry("feed:a", "1", 1, title="Ours"), entry("feed:b", "1", 2, title="Theirs")])
    assert [row.entry.title for row in store.entries()] == ["Ours", "Theirs"]


def test_articles_come_by_id_from_a_time_on(store: Store) -> None:
    old = NOON - timedelta(days=9)
    store.settle(
        [
            article("d", published=old, fetched=NOON),
            article("c", NOON),
            article("b", old),
            article("a", published=NOON, fetched=old),
            article("e", published=None),
        ]
    )
    assert [row.article.id for row in store.articles()] == ["a", "b", "c", "d", "e"]
    assert [row.article.id for row in store.articles(NOON)] == ["c", "d"]
    assert store.articles(NOON + timedelta(seconds=1)) == []
    store.settle([msgspec.structs.replace(article("b", old), pack="")])
    assert [row.article.id for row in store.articles(NOON)] == ["b", "c", "d"]  # never judged


def test_a_settlement_that_fails_leaves_nothing(store: Store) -> None:
    def rows() -> Iterator[Row]:
        yield Note("judged", "half")
        raise RuntimeError("the stage broke")

    with pytest.raises(RuntimeError):
        store.settle(rows())
    assert store.note("judged") == ""


def test_there_is_one_writer_at_a_time(store: Store) -> None:
    with store.writer():
        store.settle([Note("judged", "by the writer")])
        with pytest.raises(StoreBusy), store.writer():
            pass
        store.settle([Note("judged", "still the writer")])
    with store.writer():
        pass
    assert store.note("judged") == "still the writer"


def test_the_writer_may_leave_by_an_error(store: Store) -> None:
    def run() -> None:
        with store.writer():
            raise KeyError("something else")

    with pytest.raises(KeyError):
        run()
    store.settle([Note("judged", "afterwards")])
    assert store.note("judged") == "afterwards"


@pytest.mark.parametrize("order", [lambda rows: rows, lambda rows: rows[::-1]])
def test_the_order_of_settling_leaves_no_trace(
    store: Store, order: Callable[[list[Row]], list[Row]]
) -> None:
    store.settle(order([*one_of_each(), article("a2"), entry("feed:a", "2", 2)]))
    assert [row.article.id for row in store.articles()] == ["a1", "a2"]
    assert [row.sequence for row in store.entries()] == [1, 2]
