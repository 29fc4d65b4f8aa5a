"""From stories to records and outputs, and from records back to a store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone
from pathlib import Path

import msgspec
import pytest
from newsroom import CHIP, FERRY, NOON, article, judge, row, store_of

from wiredesk.adapters.git import GitRepository
from wiredesk.adapters.keys import new_key, read_keys
from wiredesk.adapters.memory import MemoryStore
from wiredesk.config import Settings
from wiredesk.doors.progress import Silent
from wiredesk.engine.drafting import MOST_IMAGES, Secret, draft, stamp
from wiredesk.engine.publishing import Out, PublishAll
from wiredesk.engine.rebuilding import RESTORED, Found, Rebuilt, rebuild
from wiredesk.errors import SealError
from wiredesk.ports.publisher import Edition, Written
from wiredesk.ports.store import ArticleRow, EntryRow, Store
from wiredesk.records.article import Article, Image
from wiredesk.records.decision import Pin
from wiredesk.records.identity import story_id
from wiredesk.records.paths import FOLDER
from wiredesk.records.story import Publication, Story
from wiredesk.records.topic import TopicPack
from wiredesk.stages.publish import Publish, read_record
from wiredesk.stages.seal import Seal

FERRIES = article(
    "courier", "Port Lorne buys two electric ferries", FERRY, guid="1", source="feed:a"
)
COPY = article(
    "post", "Two electric ferries for Port Lorne", FERRY, hours=1, guid="2", source="feed:b"
)
CHIPS = article(
    "times", "Tessel shows a chip that learns", CHIP, hours=2, guid="3", source="feed:a"
)

Desk = Callable[[Store], PublishAll]


class Shown(list[Edition]):
    """A publisher that keeps what it was shown."""

    def __call__(self, edition: Edition, root: Path) -> Written:
        self.append(edition)
        return Written()


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    new_key(tmp_path / "desk.key")
    return Seal(read_keys(tmp_path / "desk.key"))


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "records", "main")


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
def desk(tmp_path: Path, seal: Seal, repository: GitRepository, shown: Shown) -> Desk:
    def made(store: Store) -> PublishAll:
        return PublishAll(
            store=store,
            settings=Settings(),
            pack=TopicPack(),
            publish=Publish(repository, seal),
            publishers=[shown],
            public=tmp_path / "public",
            progress=Silent(),
        )

    return made


def judged(*articles: Article) -> MemoryStore:
    store = store_of(articles)
    judge(store)()
    return store


def published(store: MemoryStore, desk: Desk) -> Out:
    return desk(store)(NOON)


def test_each_story_has_one_record_and_a_copy_has_none(desk: Desk, shown: Shown) -> None:
    store = judged(FERRIES, COPY, CHIPS)
    out = published(store, desk)
    assert (out.stories, out.new, out.changed) == (2, 2, 0)
    assert out.commit
    assert [record.title for _, record in shown[0].records] == [FERRIES.title, CHIPS.title]
    assert shown[0].as_of == NOON
    assert set(shown[0].languages.values()) == {"en"}


def test_a_pin_lasts_to_the_end_of_its_day_by_the_desks_time(desk: Desk, shown: Shown) -> None:
    store = store_of([FERRIES, CHIPS])
    story = story_id("courier")
    pin = Pin(id="p", when=NOON, story=story, article="courier", until=NOON.date())
    judge(store, decisions=[pin])()
    midnight = NOON.replace(hour=23, minute=59)
    for moment in (NOON, midnight, midnight + timedelta(minutes=1)):
        desk(store)(moment)
    (path,) = [each.path for each in store.publications() if each.story == story]
    assert [each.pinned for each in shown] == [{path}, {path}, set()]


def test_with_nothing_new_nothing_is_written(desk: Desk) -> None:
    store = judged(FERRIES, CHIPS)
    published(store, desk)
    out = published(store, desk)
    assert (out.new, out.changed, out.commit) == (0, 0, "")


def test_a_story_that_changed_changes_its_record_and_no_other(desk: Desk) -> None:
    store = judged(FERRIES, CHIPS)
    published(store, desk)
    paths = [publication.path for publication in store.publications()]
    better = msgspec.structs.replace(CHIPS, title="Tessel shows a chip that never forgets")
    store.settle([row(better)])
    judge(store)()
    out = published(store, desk)
    assert (out.new, out.changed) == (0, 1)
    assert [publication.path for publication in store.publications()] == paths
    assert sorted(publication.revision for publication in store.publications()) == [1, 2]


def test_a_story_merged_before_it_was_written_is_never_written(desk: Desk, shown: Shown) -> None:
    store = judged(FERRIES, CHIPS)
    gone = next(story for story in store.stories() if story.lead == "times")
    store.settle([msgspec.structs.replace(gone, merged_into="another", published=False)])
    assert published(store, desk).new == 1
    assert [record.title for _, record in shown[0].records] == [FERRIES.title]


def test_a_story_that_tells_an_article_which_is_not_there_is_a_fault_of_ours(desk: Desk) -> None:
    store = judged(FERRIES)
    (story,) = store.stories()
    fresh = MemoryStore()
    fresh.settle([story])
    with pytest.raises(LookupError, match="courier"):
        desk(fresh)(NOON)


def rebuilt(repository: GitRepository, seal: Seal) -> Rebuilt:
    def opened(path: str, data: bytes) -> Found:
        written = read_record(path, data, seal)
        secret = msgspec.convert(written.secret, Secret)
        return Found(path=path, revision=written.revision, secret=secret)

    return rebuild(repository.snapshot(FOLDER).files, repository.removed(FOLDER), opened, "pack")


def test_a_store_is_found_again_in_the_records(
    desk: Desk, repository: GitRepository, seal: Seal
) -> None:
    store = judged(FERRIES, COPY, CHIPS)
    published(store, desk)
    found = rebuilt(repository, seal)
    stories = {each.id: each for each in found.rows if isinstance(each, Story)}
    assert stories == {each.id: each for each in store.stories()}
    publications = {each.story: each for each in found.rows if isinstance(each, Publication)}
    assert publications == {each.story: each for each in store.publications()}
    articles = {each.article.id: each for each in found.rows if isinstance(each, ArticleRow)}
    assert {name: each.digest for name, each in articles.items()} == {
        each.article.id: each.digest for each in store.articles()
    }
    assert {each.article.text for each in articles.values()} == {""}
    entries = [each for each in found.rows if isinstance(each, EntryRow)]
    assert {(each.entry.source, each.entry.guid) for each in entries} == {
        ("feed:a", "1"),
        ("feed:b", "2"),
        ("feed:a", "3"),
    }
    assert {(each.digest, each.status) for each in entries} == {(RESTORED, "done")}
    assert len({each.sequence for each in entries}) == len(entries)


def test_a_record_that_cannot_be_opened_costs_only_itself(
    desk: Desk, repository: GitRepository, seal: Seal
) -> None:
    published(judged(FERRIES, CHIPS), desk)
    files = repository.snapshot(FOLDER).files
    first, second = sorted(files)

    def opened(path: str, data: bytes) -> Found:
        if path == first:
            raise SealError
        written = read_record(path, data, seal)
        return Found(path=path, revision=1, secret=msgspec.convert(written.secret, Secret))

    found = rebuild(files, {}, opened, "pack")
    assert found.stories == 1
    assert len(found.notices) == 1
    assert found.notices[0].startswith(f"{first}: not restored: ")
    twice = rebuild({second: files[second], f"{second}.copy": files[second]}, {}, opened, "pack")
    assert twice.stories == 1
    assert "it says that it is" in twice.notices[0]


def test_a_withdrawn_record_is_restored_as_withdrawn(
    desk: Desk, repository: GitRepository, seal: Seal
) -> None:
    published(judged(FERRIES), desk)
    files = repository.snapshot(FOLDER).files

    def opened(path: str, data: bytes) -> Found:
        written = read_record(path, data, seal)
        return Found(path=path, revision=1, secret=msgspec.convert(written.secret, Secret))

    (publication,) = (
        each for each in rebuild({}, files, opened, "").rows if isinstance(each, Publication)
    )
    assert publication.withdrawn


def test_a_draft_shows_only_pictures_of_known_size_and_only_so_many() -> None:
    sized = tuple(Image(url=f"https://a.example/{n}.jpg", width=9, height=9) for n in range(5))
    pictured = msgspec.structs.replace(FERRIES, images=(Image(url="https://a.example/x"), *sized))
    store = judged(pictured)
    (story,) = store.stories()
    record = draft(story, lambda _: store.articles()[0], lambda _: 1).record
    assert record.images == sized[:MOST_IMAGES]


def test_a_draft_of_a_film_has_its_player_and_no_page() -> None:
    player = "https://films.harbour-courier.example/embed/1"
    store = judged(msgspec.structs.replace(FERRIES, featured_content=player))
    (story,) = store.stories()
    record = draft(story, lambda _: store.articles()[0], lambda _: 1).record
    assert (record.type, record.featured_content, record.web_url) == ("video", player, None)


def test_no_text_of_an_article_is_in_its_record_not_even_sealed() -> None:
    store = judged(FERRIES)
    (story,) = store.stories()
    made = draft(story, lambda _: store.articles()[0], lambda _: 1)
    assert "auditor Bram Oster" not in str(made)


def test_a_time_is_written_in_utc_to_the_second() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert stamp(elsewhere.replace(microsecond=9)) == "2026-03-02T12:00:00Z"
    with pytest.raises(ValueError, match="without a time"):
        stamp(None)
