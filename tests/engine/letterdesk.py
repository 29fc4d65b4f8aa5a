"""A newsletter in memory: the shipped fakes at the ports, the real engine between them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from wiredesk.adapters.clock import FixedClock
from wiredesk.adapters.git import GitRepository
from wiredesk.adapters.memory_letters import MemoryLetters
from wiredesk.adapters.memory_post import MemoryPost
from wiredesk.config import NewsletterSettings, SeriesSettings, Settings
from wiredesk.engine.newsletter.composing import Newsroom, Told, told
from wiredesk.engine.newsletter.issuing import Issuing
from wiredesk.engine.newsletter.rounds import Round
from wiredesk.engine.newsletter.sending import Sending
from wiredesk.engine.newsletter.subscribing import Subscribing
from wiredesk.ports.letters import Letters
from wiredesk.ports.post import Post
from wiredesk.records.article import ProviderName
from wiredesk.records.keys import Key, KeyRing
from wiredesk.records.newsletter import Subscriber
from wiredesk.records.record import Record
from wiredesk.records.story import Story
from wiredesk.records.topic import Topic, TopicPack

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)
"""When the daily edition is due."""
RING = KeyRing(Key(b"k" * 32))
PACK = TopicPack(
    (
        Topic(name="Sea"),
        Topic(name="Ports", parent="Sea"),
        Topic(name="Ferries", parent="Sea"),
        Topic(name="Night ferries", parent="Ferries"),
    )
)
DAILY = SeriesSettings(name="daily", cron="0 6 * * *")
WEEKLY = SeriesSettings(name="weekly", cron="0 9 * * 5", title="The week")


def settings(*series: SeriesSettings, **more: Any) -> Settings:
    fields: dict[str, Any] = {
        "deliver": "smtp",
        "sender": "news@desk.example",
        "bounces": "bounces@desk.example",
        "url": "https://desk.example/mail",
        "review_minutes": 0,
        "series": series or (DAILY,),
    } | more
    return Settings(name="Harbour desk", newsletter=NewsletterSettings(**fields))


def story(
    name: str, at: datetime = MONDAY - timedelta(hours=3), heat: int = 80, **more: Any
) -> Told:
    """Return a published story; ``newest``, ``lead`` and ``merged_into`` are its own, the rest is in
    its record.
    """
    own = {key: more.pop(key) for key in ("newest", "lead", "merged_into") if key in more}
    fields: dict[str, Any] = {
        "title": f"About {name}",
        "excerpt": f"What became of {name}.",
        "published_date_time": at.isoformat(),
        "web_url": f"https://courier.example/{name}",
        "quality": 70,
        "heat": heat,
        "published": True,
        "provider": ProviderName(name="Harbour Courier", domain="courier.example"),
        "topics": ("Ports", "Sea"),
    } | more
    kept: dict[str, Any] = {"lead": f"lead-of-{name}", "newest": at} | own
    found = told(Story(id=name, members=(), published=True, **kept), Record(**fields))
    assert found is not None
    return found


def room(stories: Iterable[Told], merged: dict[str, str] | None = None) -> Newsroom:
    by_id = {each.story.id: each for each in stories}
    return Newsroom(stories=by_id, merged=merged or {}, voices=lambda _: 2)


class LetterDesk:
    """The newsletter's parts, over one state and one clock that can be set."""

    def __init__(
        self,
        folder: Path,
        given: Settings | None = None,
        *,
        letters: Letters | None = None,
        post: Post | None = None,
        stories: Iterable[Told] = (),
    ) -> None:
        self.settings = given or settings()
        self.letters = letters or MemoryLetters()
        self.post = post or MemoryPost()
        self.stories = list(stories)
        self.merged: dict[str, str] = {}
        self.time = MONDAY
        self.public, self.records = folder / "public", folder / "records"
        self.outbox = folder / "outbox"
        self._numbers = count(1)

    def new_id(self) -> str:
        """Give out the next id."""
        return f"{next(self._numbers):020x}"

    def now(self) -> datetime:
        """Be the clock."""
        return FixedClock(self.time).now()

    @property
    def issuing(self) -> Issuing:
        return Issuing(
            letters=self.letters,
            clock=self,
            settings=self.settings,
            pack=PACK,
            newsroom=lambda since: room(
                (each for each in self.stories if (each.story.newest or each.at) >= since),
                self.merged,
            ),
            repository=GitRepository(self.records),
            public=self.public,
        )

    @property
    def sending(self) -> Sending:
        return Sending(
            letters=self.letters, clock=self, settings=self.settings, ring=RING, post=self.post
        )

    @property
    def subscribing(self) -> Subscribing:
        return Subscribing(
            letters=self.letters, clock=self, settings=self.settings, ring=RING, new_id=self.new_id
        )

    def subscribe(self, *addresses: str, **more: Any) -> list[Subscriber]:
        """Put active subscribers onto the list."""
        names = tuple(series.name for series in self.settings.newsletter.series)
        early = datetime(2026, 1, 1, tzinfo=UTC)
        made = []
        for address in addresses:
            fields: dict[str, Any] = {
                "status": "active",
                "series": names,
                "confirmed_at": early,
            } | more
            made.append(Subscriber(id=self.new_id(), address=address, **fields))
        self.letters.keep(*made)
        return made

    def cycle(self) -> None:
        """Do what ``wiredesk newsletter run`` does."""
        Round(
            settings=self.settings,
            letters=self.letters,
            issuing=self.issuing,
            sending=self.sending,
            subscribing=self.subscribing,
            post=self.post,
            outbox=self.outbox,
        )()

    def edit(self, name: str, **more: Any) -> None:
        """Change a story's record, as a human does."""
        self.stories = [
            made
            for each in self.stories
            for made in [_edited(each, **more) if each.story.id == name else each]
            if made is not None
        ]


def _edited(each: Told, **more: Any) -> Told | None:
    return told(each.story, msgspec.structs.replace(each.record, **more))
