"""From entries to articles: in order, each settled with what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
import pytest
from hostile_work import KILLS, titled
from newsroom import NOON, SITE, answer, entry, reading

from wiredesk.adapters.apart import Children
from wiredesk.adapters.clock import FixedClock
from wiredesk.adapters.memory import MemoryStore
from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.config import FetchSettings
from wiredesk.engine.reading import MOST_ATTEMPTS, ReadPage, Told, article_digest
from wiredesk.errors import FetchError, Refused, SourceError, Unreadable
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.store import EntryRow
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.entry import Entry, Gathered, SourceState
from wiredesk.records.page import Answer, Page
from wiredesk.stages.fetch import Fetch

CLOCK = FixedClock(NOON)
Answers = Mapping[str, Answer | FetchError]


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def waiting(*entries: Entry) -> list[EntryRow]:
    return [EntryRow(entry=each, digest="d", sequence=n) for n, each in enumerate(entries, 1)]


def read(
    store: MemoryStore,
    answers: Answers,
    rows: Sequence[EntryRow],
    clock: FixedClock = CLOCK,
    *,
    read_page: ReadPage = titled,
    apart: Apart = here,
) -> Told:
    store.settle(rows)
    fetch = Fetch(MemoryWeb(answers), FetchSettings())
    return reading(store, fetch, clock, read_page, apart=apart)(store.waiting())


def statuses(store: MemoryStore) -> list[tuple[str, str, str]]:
    return [(row.entry.guid, row.status, row.reason) for row in store.entries()]


def test_every_entry_becomes_an_article_in_order(store: MemoryStore) -> None:
    names = [f"n{number}" for number in range(70)]
    answers: Answers = {f"{SITE}/{name}": answer(f"{SITE}/{name}") for name in names}
    told = read(store, answers, waiting(*map(entry, names)))
    assert told.read == 70
    assert statuses(store) == [(name, "done", "") for name in names]
    assert len(store.articles()) == 70


@pytest.mark.parametrize(("status", "reason"), [(404, "missing"), (410, "gone")])
def test_a_broken_link_is_dropped_at_once(store: MemoryStore, status: int, reason: str) -> None:
    url = f"{SITE}/x"
    told = read(store, {url: answer(url, status=status)}, waiting(entry("x")))
    assert statuses(store) == [("x", "dropped", reason)]
    assert url in told.troubles[0].message


def test_an_entry_that_fails_is_tried_in_five_runs_and_then_given_up(store: MemoryStore) -> None:
    url = f"{SITE}/x"
    answers: Answers = {url: answer(url, status=503)}
    read(store, answers, waiting(entry("x")))
    for attempts in range(1, MOST_ATTEMPTS):
        (row,) = store.waiting()
        assert (row.status, row.attempts, row.reason) == ("later", attempts, "server")
        read(store, answers, [])
    assert MOST_ATTEMPTS == 5
    assert statuses(store) == [("x", "dropped", "server")]
    assert store.waiting() == []


def test_an_entry_that_failed_is_read_when_its_page_is_back(store: MemoryStore) -> None:
    url = f"{SITE}/x"
    read(store, {url: FetchError("timeout", "too slow")}, waiting(entry("x")))
    read(store, {url: answer(url)}, [])
    assert statuses(store) == [("x", "done", "")]


def test_a_page_that_fails_is_tried_again_after_ever_longer_waits(store: MemoryStore) -> None:
    failing, waits = {f"{SITE}/x": FetchError("server", "down")}, list[float]()
    read(store, failing, waiting(entry("x")))
    for _ in range(3):
        (row,) = store.entries()
        assert row.not_before is not None
        waits.append((row.not_before - NOON).total_seconds())
        read(store, failing, [])
    assert 600 <= waits[0] <= 751
    assert waits[0] * 1.5 < waits[1] < waits[2] / 1.5
    read(store, {f"{SITE}/x": answer(f"{SITE}/x")}, [])
    assert store.entries()[0].not_before is None


def test_s09_a_page_that_was_not_asked_for_waits_until_its_host_wants_and_has_not_been_tried(
    store: MemoryStore,
) -> None:
    until = NOON + timedelta(hours=20)
    resting = {f"{SITE}/x": FetchError("waiting", "it is left alone", until)}
    read(store, resting, waiting(entry("x")))
    for _ in range(7):
        read(store, resting, [])
    (row,) = store.entries()
    assert (row.status, row.attempts, row.not_before) == ("later", 0, until)


@pytest.mark.parametrize("error", [FetchError("wall", "w"), Refused("robots", "r")])
def test_what_is_not_to_be_asked_by_programs_is_what_its_entry_says(
    store: MemoryStore, error: FetchError
) -> None:
    read(store, {f"{SITE}/x": error}, waiting(entry("x")))
    assert [row.article.title for row in store.articles()] == ["About x"]


def test_where_nobody_ever_says_what_may_be_asked_the_entry_speaks_in_the_end(
    store: MemoryStore,
) -> None:
    silent = {f"{SITE}/x": FetchError("robots-unreachable", "no robots.txt")}
    read(store, silent, waiting(entry("x")))
    for _ in range(3):
        read(store, silent, [])
        assert statuses(store) == [("x", "later", "robots-unreachable")]
    read(store, silent, [])
    assert statuses(store) == [("x", "done", "")]


def test_what_a_recording_does_not_hold_is_tried_later(store: MemoryStore) -> None:
    read(store, {}, waiting(entry("x")))
    assert statuses(store) == [("x", "later", "not-recorded")]


@pytest.mark.parametrize("status", [401, 402, 403, 451])
def test_behind_a_wall_the_entry_speaks_for_its_page(store: MemoryStore, status: int) -> None:
    url = f"{SITE}/x"
    read(store, {url: answer(url, status=status)}, waiting(entry("x")))
    assert [row.article.title for row in store.articles()] == ["About x"]


def test_behind_a_wall_an_entry_without_a_title_is_not_enough(store: MemoryStore) -> None:
    url = f"{SITE}/x"
    read(store, {url: answer(url, status=403)}, waiting(entry("x", title="")))
    assert store.articles() == []


def test_of_two_sources_with_one_article_the_first_keeps_it(store: MemoryStore) -> None:
    url = f"{SITE}/x"
    first, second = entry("x", "feed:a"), entry("x", "feed:b", guid="other")
    read(store, {url: answer(url)}, waiting(first, second))
    (row,) = store.articles()
    assert row.article.source == "feed:a"
    assert {row.article for row in store.entries()} == {row.article.id}
    again = [msgspec.structs.replace(store.entries()[1], status="new")]
    read(store, {url: answer(url, b"Said otherwise")}, again)
    assert [row.article.title for row in store.articles()] == ["A title"]


def test_a_changed_entry_is_read_again_and_keeps_when_it_was_first_seen(store: MemoryStore) -> None:
    url = f"{SITE}/x"
    read(store, {url: answer(url)}, waiting(entry("x")))
    later = msgspec.structs.replace(answer(url, b"A better title"), at=NOON + timedelta(hours=3))
    changed = waiting(entry("x", title="Changed"))
    read(store, {url: later}, changed, FixedClock(NOON + timedelta(hours=3)))
    (row,) = store.articles()
    assert row.article.title == "A better title"
    assert row.article.fetched_at == NOON


def test_an_article_without_a_date_has_that_of_its_first_sight_and_says_so(
    store: MemoryStore,
) -> None:
    url = f"{SITE}/x"
    read(store, {url: answer(url)}, waiting(entry("x")))
    (row,) = store.articles()
    assert row.article.published_date_time == NOON
    assert row.article.origins["publishedDateTime"] == "first seen"


def test_a_page_that_kills_its_reader_costs_only_itself(store: MemoryStore) -> None:
    names = ["one", "two", "three", "four", "five"]
    answers: dict[str, Answer | FetchError] = {
        f"{SITE}/{name}": answer(f"{SITE}/{name}") for name in names
    }
    answers[f"{SITE}/three"] = answer(f"{SITE}/three", KILLS)
    with Children(2) as apart:
        told = read(store, answers, waiting(*map(entry, names)), apart=apart)
    assert told.read == 4
    assert [row.status for row in store.entries()] == ["done", "done", "dropped", "done", "done"]
    assert store.entries()[2].reason == "died"


def test_a_page_that_is_no_article_is_dropped_by_its_reason(store: MemoryStore) -> None:
    def refuses(page: Page, entry: Entry | None) -> Article:
        raise Unreadable("no-title", f"{page.url} has no title")

    url = f"{SITE}/x"
    told = read(store, {url: answer(url)}, waiting(entry("x")), read_page=refuses)
    assert told.troubles[0].reason == "no-title"
    assert statuses(store) == [("x", "dropped", "no-title")]


def test_a_page_that_its_source_holds_is_not_fetched(store: MemoryStore) -> None:
    class Holds:
        def gather(self, state: SourceState) -> Gathered:
            return Gathered()

        def page(self, entry: Entry) -> Page:
            if entry.guid == "gone":
                raise SourceError("gone", "the archive has it no more")
            return Page(url=entry.url, final_url=entry.url, status=200, body=b"Held", at=NOON)

    store.settle(waiting(entry("x"), entry("gone")))
    web = MemoryWeb({})
    fetch = Fetch(web, FetchSettings())
    reading(store, fetch, CLOCK, titled, held={"feed:a": Holds()})(store.waiting())
    assert web.asked == []
    assert [row.article.title for row in store.articles()] == ["Held"]
    assert statuses(store) == [("x", "done", ""), ("gone", "dropped", "gone")]


@pytest.mark.parametrize(
    ("sizes", "kept", "asked"),
    [
        ([(640, 480)], [("a", 640), ("b", 0)], "a"),
        ([(1, 1), (640, 480)], [("b", 640)], "ab"),
        ([None, (640, 480)], [("b", 640)], "ab"),
        ([(2_000, 2), None], [], "ab"),
    ],
)
def test_i08_the_lead_image_is_the_first_that_turns_out_to_be_one(
    store: MemoryStore, sizes: list[tuple[int, int] | None], kept: list[tuple[str, int]], asked: str
) -> None:
    def pictured(page: Page, entry: Entry | None) -> Article:
        images = tuple(Image(url=f"{SITE}/{name}") for name in "ab")
        return Article(id="x", title="T", provider=ProviderName(name="", domain=""), images=images)

    def picture(name: str) -> Answer:
        headers = (("content-type", "image/jpeg"),)
        return Answer(url=f"{SITE}/{name}", status=200, headers=headers, at=NOON)

    url = f"{SITE}/x"
    web = MemoryWeb({url: answer(url), f"{SITE}/a": picture("a"), f"{SITE}/b": picture("b")})
    store.settle(waiting(entry("x")))
    found = iter(sizes)
    fetch = Fetch(web, FetchSettings())
    reading(store, fetch, CLOCK, pictured, measure=lambda _: next(found))(store.waiting())
    images = store.articles()[0].article.images
    assert [(image.url[-1], image.width) for image in images] == kept
    assert [request.url for request in web.asked] == [url, *(f"{SITE}/{name}" for name in asked)]


def test_a_restored_article_keeps_its_digest_until_it_has_a_text() -> None:
    provider = ProviderName(name="", domain="")
    restored = Article(id="x", title="T", provider=provider, sealed_digest="as it was")
    assert article_digest(restored) == "as it was"
    assert article_digest(msgspec.structs.replace(restored, text="Words.")) != "as it was"


def test_nothing_to_read_is_nothing_done(store: MemoryStore) -> None:
    assert read(store, {}, []) == Told()
