"""What one new article costs a desk that already tells some thousand stories.

    .venv/bin/python bench/upkeep.py [STORIES]

Makes a desk with a real store, repository and key, fills it with synthetic articles of a week (words
drawn from made-up ones, several providers an event), runs judgement and publishing, and then adds one
article at a time. Says how many articles were scored, stories settled and records written, and the
CPU seconds of telling (quality and heat), of all of judging (telling, grouping, relating), and of
publishing.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wiredesk.adapters.git import GitRepository
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.app.desk import Desk, make_seal, new_desk
from wiredesk.app.judging import make_tell
from wiredesk.doors.progress import Silent
from wiredesk.engine.judging import Judge
from wiredesk.engine.kinds import load_publishers
from wiredesk.engine.publishing import PublishAll
from wiredesk.engine.reading import article_digest
from wiredesk.engine.telling import Tell
from wiredesk.ports.store import ArticleRow, Row, Store
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.story import Story
from wiredesk.stages.classify import Topics
from wiredesk.stages.group import Group
from wiredesk.stages.publish import Publish
from wiredesk.stages.relate import Relate

START = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
PROVIDERS = 120
SYLLABLES = (
    "ba",
    "dor",
    "fen",
    "gil",
    "hus",
    "kel",
    "lom",
    "mar",
    "nis",
    "pol",
    "rud",
    "sev",
    "tam",
    "vor",
    "wex",
)


class Newsroom:
    """Gives synthetic articles: an event has words of its own, each report a part of them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._common = [self._word() for _ in range(3000)]

    def _word(self) -> str:
        return "".join(self._random.choice(SYLLABLES) for _ in range(self._random.randint(2, 4)))

    def event(self) -> list[str]:
        return [self._word().capitalize() for _ in range(25)]

    def report(self, name: str, event: list[str], provider: int, at: datetime) -> Article:
        draw = self._random
        sentences = []
        for _ in range(draw.randint(8, 40)):
            words = [draw.choice(self._common) for _ in range(draw.randint(8, 16))]
            words += draw.sample(event, 4)
            draw.shuffle(words)
            sentences.append(" ".join(words).capitalize() + ".")
        domain = f"paper-{provider}.example"
        return Article(
            id=name,
            title=" ".join([*draw.sample(event, 5), *draw.sample(self._common, 2)]),
            provider=ProviderName(name=f"Paper {provider}", domain=domain),
            excerpt=sentences[0],
            text=" ".join(sentences),
            byline="Ada Quill",
            language="en",
            published_date_time=at,
            fetched_at=at,
            original_url=f"https://{domain}/{name}",
            web_url=f"https://{domain}/{name}",
            images=(Image(url=f"https://{domain}/{name}.jpg", width=1600, height=900),),
            source="feed:bench",
            guid=name,
        )

    def week(self, stories: int) -> Iterator[Article]:
        """Give the reports of ``stories`` events, a third of them told by two to six providers."""
        number = 0
        for _ in range(stories):
            event = self.event()
            at = START + self._random.random() * WEEK
            reports = self._random.choice((1, 1, 1, 1, 2, 2, 3, 6))
            for provider in self._random.sample(range(PROVIDERS), reports):
                when = at + timedelta(hours=self._random.expovariate(0.2))
                yield self.report(f"a{number:06}", event, provider, when)
                number += 1


def row(article: Article) -> ArticleRow:
    return ArticleRow(article=article, digest=article_digest(article))


def publish_all(desk: Desk, store: Store) -> PublishAll:
    settings = desk.settings
    repository = GitRepository(desk.records, settings.publish.branch)
    return PublishAll(
        store=store,
        settings=settings,
        pack=desk.pack,
        publish=Publish(repository, make_seal(desk)),
        publishers=load_publishers(),
        public=desk.public,
        progress=Silent(),
    )


class Timed:
    """Counts the CPU seconds that are spent in the methods of ``Tell``."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self.seconds = tell, 0.0

    def __getattr__(self, name: str) -> Callable[..., object]:
        method = getattr(self._tell, name)

        def timed(*arguments: object) -> object:
            started = time.process_time()
            try:
                return method(*arguments)
            finally:
                self.seconds += time.process_time() - started

        return timed


class Counting(SqliteStore):
    """The store, counting the articles and stories that it settles."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.scored: set[str] = set()
        self.told = 0

    def settle(self, rows: Iterable[Row]) -> None:
        kept = list(rows)
        self.scored |= {each.article.id for each in kept if isinstance(each, ArticleRow)}
        self.told += sum(isinstance(each, Story) for each in kept)
        super().settle(kept)


def judge_of(desk: Desk, store: Store, tell: Timed) -> Judge:
    settings = desk.settings
    return Judge(
        store=store,
        settings=settings,
        pack=desk.pack,
        registry=desk.registry,
        classify=Topics(desk.pack),
        group=Group(settings.group),
        relate=Relate(settings.relate),
        tell=tell,  # type: ignore[arg-type]  # it has all of its methods
    )


def run(desk: Desk, store: Counting, what: str) -> None:
    """Judge and publish once, and print what it came to."""
    store.scored.clear()
    store.told = 0
    tell = Timed(make_tell(desk))
    judge, publish = judge_of(desk, store, tell), publish_all(desk, store)
    started = time.process_time()
    judged = judge()
    halfway = time.process_time()
    out = publish(judged.as_of)
    ended = time.process_time()
    counts = judged.articles, len(store.scored), store.told, out.new + out.changed
    seconds = tell.seconds, halfway - started, ended - halfway
    told = [what, *(f"{count:,}" for count in counts), *(f"{spent:.2f}" for spent in seconds)]
    print(f"| {' | '.join(told)} |", flush=True)


def main(stories: int = 3000) -> None:
    newsroom = Newsroom(7)
    with tempfile.TemporaryDirectory() as folder:
        desk = new_desk(Path(folder) / "desk", "plain")
        columns = (
            "run",
            "articles",
            "scored",
            "stories",
            "records",
            "telling",
            "judging",
            "publishing",
        )
        print(f"| {' | '.join(columns)} |")
        print("|---|---:|---:|---:|---:|---:|---:|---:|")
        with closing(Counting(desk.store_path)) as store, store.writer():
            store.settle(row(article) for article in newsroom.week(stories))
            run(desk, store, "all of them")
            run(desk, store, "nothing new")
            last = max(each.article.fetched_at or START for each in store.articles())
            for minutes in (1, 10, 60):
                last += timedelta(minutes=minutes)
                lone = newsroom.report(f"late-{minutes}", newsroom.event(), 7, last)
                store.settle([row(lone)])
                run(desk, store, f"one more, {minutes} min later")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
