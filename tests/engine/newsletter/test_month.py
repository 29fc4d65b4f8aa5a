"""A month of daily and weekly editions, over restarts and kills at every step: none twice, none lost,
none empty, no letter twice, nobody without.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from letterdesk import DAILY, WEEKLY, LetterDesk, settings, story

from wiredesk.adapters.memory_letters import MemoryLetters
from wiredesk.adapters.memory_post import MemoryPost
from wiredesk.adapters.sqlite.letters import SqliteLetters
from wiredesk.ports.letters import Letters
from wiredesk.ports.post import Envelope, Outcome
from wiredesk.records.newsletter import Issue

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 10, tzinfo=UTC)
"""The clocks go forward in Berlin on the 29th."""
DAYS = 28
READERS = tuple(f"reader{number}@reader.example" for number in range(5))


class Killed(BaseException):
    """The process dies here."""


class Mortal:
    """Dies at the n-th chance, counted over whatever it is given to."""

    def __init__(self, dice: random.Random) -> None:
        self._dice, self.left = dice, 0
        self.deaths = 0

    def arm(self, most: int) -> None:
        self.left = self._dice.randrange(1, most)

    def chance(self) -> None:
        self.left -= 1
        if not self.left:
            self.deaths += 1
            raise Killed


class MortalLetters:
    """The letters of a process that may die before or after each step is on the disk."""

    def __init__(self, inner: Letters, mortal: Mortal) -> None:
        self._inner, self._mortal = inner, mortal
        self._depth = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    @contextmanager
    def changing(self) -> Iterator[None]:
        self._depth += 1
        try:
            with self._inner.changing():
                if self._depth == 1:
                    self._mortal.chance()
                yield
        finally:
            self._depth -= 1
        if not self._depth:
            self._mortal.chance()

    def keep(self, *rows: Any) -> None:
        with self.changing():
            self._inner.keep(*rows)


class World:
    """All that a kill leaves: the state, the mailboxes, and the clock."""

    def __init__(self, folder: Path, letters: Letters, dice: random.Random) -> None:
        self.dice, self.mortal = dice, Mortal(dice)
        weekly = msgspec.structs.replace(WEEKLY, digest=True)
        daily = msgspec.structs.replace(DAILY, cron="30 2 * * *")
        given = settings(daily, weekly, zone="Europe/Berlin", review_minutes=90)
        mortal = MortalLetters(letters, self.mortal)
        self.desk = LetterDesk(folder, given, letters=mortal, post=MemoryPost(self._server))
        self.desk.subscribe(*READERS)
        self.desk.time = START

    def _server(self, envelope: Envelope) -> Outcome:
        roll = self.dice.random()
        if roll < 0.1:
            return Outcome(kind="later", code=451, reply="greylisted")
        if roll < 0.13:
            return Outcome(kind="unsent", reply="cut")
        return Outcome(kind="accepted", code=250)

    def run(self) -> None:
        """Run once, and die on the way more often than not."""
        self.mortal.arm(self.dice.choice((3, 10, 40)))
        with suppress(Killed):
            self.desk.cycle()
        self.mortal.left = 0

    def hour(self, number: int) -> None:
        if number % 3 == 0:  # eight stories a day
            at = self.desk.time - timedelta(minutes=self.dice.randrange(120))
            self.desk.stories.append(story(f"s{number}", at, heat=self.dice.randrange(20, 120)))
        if self.dice.random() < 0.8:  # the machine is off sometimes
            for _ in range(self.dice.randrange(1, 4)):
                self.run()
        self.desk.time += timedelta(hours=1)


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "memory":
        yield World(tmp_path, MemoryLetters(), random.Random(7))
        return
    letters = SqliteLetters(tmp_path / "newsletter.sqlite")
    yield World(tmp_path, letters, random.Random(11))
    letters.close()


def public(world: World, series: str) -> list[Issue]:
    return [
        each for each in world.desk.letters.issues() if each.is_public and each.series == series
    ]


def test_a_month_of_restarts_and_kills(world: World) -> None:
    for number in range(DAYS * 24):
        world.hour(number)
    for _ in range(40):  # let what was put off come through
        world.desk.time += timedelta(hours=1)
        world.desk.cycle()
    assert world.mortal.deaths > 100
    issues = world.desk.letters.issues()

    # None lost, none twice: one each day (the machine runs at some hour of each), one each Friday.
    days = [each.due.astimezone(BERLIN).date() for each in issues if each.series == "daily"]
    assert [*days] == sorted({*days})
    first, last = START.astimezone(BERLIN).date(), (START + timedelta(days=DAYS)).date()
    assert {first + timedelta(days=n) for n in range((last - first).days)} <= {*days}
    fridays = {day for day in days if day.weekday() == 4 and day < last}
    weeks = [each.due.astimezone(BERLIN).date() for each in issues if each.series == "weekly"]
    assert fridays <= {*weeks}
    assert len(weeks) == len({*weeks})
    assert {each.due.astimezone(BERLIN).hour for each in issues if each.series == "daily"} == {2, 3}

    # None empty, and no story twice in one series.
    for series in ("daily", "weekly"):
        stories = Counter(item.story for issue in public(world, series) for item in issue.items)
        assert all(issue.items for issue in public(world, series))
        assert set(stories.values()) == {1}
    assert len(public(world, "daily")) >= DAYS

    # No letter twice; every recipient has it, or it is known of whom nobody knows.
    post = world.desk.post
    assert isinstance(post, MemoryPost)
    arrived = Counter((e.recipient, e.id.split("~")[1]) for e in post.letters)
    assert set(arrived.values()) == {1}
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for issue in issues:
        if issue.is_public:
            assert issue.status == "sent"
            told[issue.id] += Counter(
                each.status for each in world.desk.letters.deliveries(issue.id)
            )
            assert sum(told[issue.id].values()) == len(READERS)
            assert set(told[issue.id]) <= {"sent", "doubt"}
            got = sum(arrived[reader, issue.id] for reader in READERS)
            assert told[issue.id]["sent"] <= got <= len(READERS)
    assert sum(counts["doubt"] for counts in told.values()) > 0, "some kills hit that moment"

    # Its record is there for each edition, once.
    files = {file.name for file in (world.desk.records / "_newsletters").iterdir()}
    assert files == {Path(each.path).name for each in issues if each.is_public}
