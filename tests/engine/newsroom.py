"""A small desk in memory: the shipped fakes at the ports, the real engine between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from wiredesk.adapters.memory import MemoryStore
from wiredesk.config import Settings
from wiredesk.doors.progress import Silent
from wiredesk.engine.classifying import Labels
from wiredesk.engine.gathering import Ask, Gather
from wiredesk.engine.judging import Judge
from wiredesk.engine.outcomes import SourceReport
from wiredesk.engine.profiles import DeskProfile
from wiredesk.engine.reading import Reading, ReadPage, article_digest
from wiredesk.engine.telling import Tell
from wiredesk.errors import WiredeskError
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.clock import Clock
from wiredesk.ports.fetcher import Fetcher
from wiredesk.ports.source import Source
from wiredesk.ports.store import ArticleRow, Store
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.decided import decide
from wiredesk.records.decision import Decision
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState
from wiredesk.records.page import Answer, Page
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.signals import load_comparisons, load_signals
from wiredesk.stages.classify import Topics
from wiredesk.stages.group import Group
from wiredesk.stages.relate import Relate
from wiredesk.stages.score import Score

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SITE = "https://harbour-courier.example"

FERRY = (
    "The council of Port Lorne voted on Tuesday night to buy two electric ferries from the yard at "
    "Nessby, after eleven years of dispute over the ageing diesel fleet. Mayor Ada Quill said that "
    "the first boat would cross the sound in May 2027 and that fares would stay as they are. The "
    "opposition called the price of 41 million crowns a gamble on an unproven battery, and asked "
    "the auditor Bram Oster to look at the contract before the first payment is due in August."
)
CHIP = (
    "Tessel Semiconductor has shown a processor that learns from its mistakes while it runs, at a "
    "fair in Velm. The maker says that it needs a tenth of the power of the usual accelerators. "
    "Engineers of three universities will get samples in autumn, said chief designer Ines Marrow, "
    "and the factory in Korrin is to begin with ten thousand wafers a month in the new year."
)


def spec(name: str) -> SourceSpec:
    return SourceSpec(kind="feed", url=f"https://{name}.example/feed.xml")


def entry(name: str, source: str = "feed:a", **more: Any) -> Entry:
    fields: dict[str, Any] = {"url": f"{SITE}/{name}", "title": f"About {name}"} | more
    return Entry(source=source, guid=fields.pop("guid", name), **fields)


def answer(url: str, body: bytes = b"A title", status: int = 200) -> Answer:
    headers = (("content-type", "text/html"),)
    return Answer(url=url, status=status, headers=headers, body=body, at=NOON)


def article(name: str, title: str, text: str = "", hours: float = 0, **more: Any) -> Article:
    domain = more.pop("domain", f"{name}.example")
    when = NOON + timedelta(hours=hours)
    fields: dict[str, Any] = {
        "language": "en",
        "published_date_time": when,
        "fetched_at": when,
        "web_url": f"https://{domain}/{name}",
    } | more
    provider = ProviderName(name=domain, domain=domain)
    return Article(id=name, title=title, text=text, provider=provider, **fields)


def row(found: Article) -> ArticleRow:
    return ArticleRow(article=found, digest=article_digest(found))


class Lists:
    """A source that lists what it is told, or fails as it is told; it holds no page."""

    def __init__(self, told: Gathered | WiredeskError | Exception) -> None:
        self.told = told

    def gather(self, state: SourceState) -> Gathered:
        if isinstance(self.told, Exception):
            raise self.told
        return self.told

    def page(self, entry: Entry) -> Page | None:
        return None


def gather(
    store: Store, clock: Clock, sources: Mapping[str, Source], concurrency: int = 4
) -> Callable[[Sequence[SourceSpec]], list[SourceReport]]:
    """Return what asks every source, due or not."""
    ask = Gather(store, clock, lambda spec: sources[spec.id], concurrency, Silent())
    return lambda specs: ask(specs, Ask(every=True))


def unmeasured(body: bytes) -> tuple[int, int] | None:
    """Know no size."""
    del body
    return None


def reading(
    store: Store,
    fetch: Fetcher,
    clock: Clock,
    read_page: ReadPage,
    *,
    apart: Apart = here,
    measure: Callable[[bytes], tuple[int, int] | None] = unmeasured,
    held: Mapping[str, Source] | None = None,
) -> Reading:
    return Reading(
        store=store,
        fetch=fetch,
        opened=(held or {}).get,
        apart=apart,
        read_page=read_page,
        read_entry=_of_entry,
        measure=measure,
        concurrency=4,
        now=clock.now,
        progress=Silent(),
    )


def _of_entry(entry: Entry, now: datetime) -> Article:
    found = article(entry.url, entry.title, fetched_at=now, source=entry.source, guid=entry.guid)
    return msgspec.structs.replace(found, published_date_time=entry.published)


FIELD = TopicPack((Topic(name="Ferries", shortname="ferries", keywords=("ferry", "ferries")),))


def make_tell(settings: Settings, pack: TopicPack) -> Tell:
    registry = ProviderRegistry()
    window = settings.group.window_days
    profile = DeskProfile(Score(load_signals(), load_comparisons(), settings.score, window))
    return Tell(profile, registry, settings.score, needs_topic=bool(pack.topics))


NO_TOPICS = TopicPack()


def judge(
    store: Store,
    pack: TopicPack = NO_TOPICS,
    settings: Settings | None = None,
    labels: Labels = tuple,
    decisions: Sequence[Decision] = (),
) -> Judge:
    given = settings or Settings()
    return Judge(
        store=store,
        settings=given,
        pack=pack,
        registry=ProviderRegistry(),
        classify=Topics(pack, given.classify),
        group=Group(given.group),
        relate=Relate(given.relate),
        tell=make_tell(given, pack),
        labels=labels,
        decided=decide(decisions),
    )


def store_of(articles: Iterable[Article]) -> MemoryStore:
    store = MemoryStore()
    store.settle(row(found) for found in articles)
    return store
