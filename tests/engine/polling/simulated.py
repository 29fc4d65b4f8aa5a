"""A day of operation without a network: sources that publish by a rhythm, asked by a fake clock."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wiredesk.adapters.clock import ManualTimer
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.config import PollingSettings
from wiredesk.doors.progress import Silent
from wiredesk.engine.gathering import Gather
from wiredesk.errors import FetchError
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState
from wiredesk.records.page import Page

BEGINNING = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = 30
MINUTE = 60.0


class Killed(Exception):
    """The process was killed."""


class Source:
    """Publishes every ``mean`` seconds or so from before the day until its end, or never answers."""

    def __init__(self, number: int, mean: float, timer: ManualTimer, hours: float) -> None:
        self.spec = SourceSpec(kind="feed", url=f"https://paper-{number}.example/feed")
        self.mean, self._timer = mean, timer
        chance = random.Random(number)
        start = BEGINNING.timestamp()
        moment, self.times = start - mean * WINDOW, list[float]()
        while moment < start + hours * 3600:
            moment += chance.gammavariate(4, mean / 4)  # fairly even, as newsrooms are
            self.times.append(moment)
        self.asked: list[float] = []
        self.dead = False

    def gather(self, state: SourceState) -> Gathered:
        now = self._timer.moment()
        self.asked.append(now)
        if self.dead:
            raise FetchError("timeout", f"{self.spec.url} did not answer")
        shown = bisect_right(self.times, now)
        entries = tuple(self._entry(n) for n in range(max(0, shown - WINDOW), shown))
        return Gathered(entries=entries, title="Paper")

    def _entry(self, n: int) -> Entry:
        when = datetime.fromtimestamp(int(self.times[n]), UTC)
        url = f"{self.spec.url}/{n}"
        return Entry(source=self.spec.id, guid=str(n), url=url, title=f"N {n}", published=when)

    def page(self, entry: Entry) -> Page | None:
        return None


class Day:
    """A desk with ``sources``, run each minute."""

    def __init__(self, sources: Sequence[Source], timer: ManualTimer, path: Path) -> None:
        self.sources = {source.spec.id: source for source in sources}
        self.timer, self._path = timer, path
        self.minutes: Counter[int] = Counter()
        """Polls by minute of the day."""

    def run(self, hours: float, kill_at: int = 0) -> None:
        """Run for so many hours; raise ``Killed`` at the poll of that number."""
        end = self.timer.moment() + hours * 3600
        polls = 0

        def opened(spec: SourceSpec) -> Source:
            nonlocal polls
            polls += 1
            if polls == kill_at:
                raise KeyboardInterrupt
            self.minutes[int((self.timer.moment() - BEGINNING.timestamp()) // MINUTE)] += 1
            return self.sources[spec.id]

        specs = [source.spec for source in self.sources.values()]
        with closing(SqliteStore(self._path)) as store, store.writer():
            gather = Gather(store, self.timer, opened, 2, Silent(), polling=PollingSettings())
            try:
                while self.timer.moment() < end:
                    gather(specs)
                    self.timer.wait(MINUTE)
            except KeyboardInterrupt:
                raise Killed from None

    def held(self) -> dict[str, set[str]]:
        """Return the guids that the store has, by source."""
        found: dict[str, set[str]] = {source: set() for source in self.sources}
        with closing(SqliteStore(self._path)) as store:
            for row in store.entries():
                found[row.entry.source].add(row.entry.guid)
        return found

    def published(self, source: Source, before: timedelta = timedelta()) -> set[str]:
        """Return the guids of what ``source`` has published since the day began."""
        until = bisect_right(source.times, self.timer.moment() - before.total_seconds())
        since = bisect_right(source.times, BEGINNING.timestamp())
        return {str(n) for n in range(since, until)}
