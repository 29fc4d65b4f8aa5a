"""What a newsletter is made of: editions, those who get them, and what became of each letter."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from wiredesk.records.article import Image, ProviderName

IssueStatus = Literal["waiting", "held", "released", "sent", "dropped", "empty"]
SubscriberStatus = Literal["pending", "active", "left", "bounced", "suppressed"]
DeliveryStatus = Literal["sending", "sent", "later", "failed", "doubt"]


class Pick(msgspec.Struct, frozen=True, kw_only=True):
    """A story as an edition chose it: its id and what else would make another story the same one."""

    story: str
    lead: str
    """Id of its lead article."""
    key: str
    """Canonical key of the address that it links to."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A story as an edition tells it. Texts are plain, addresses checked."""

    story: str
    url: str
    title: str
    excerpt: str
    provider: ProviderName
    published: datetime
    heat: int
    section: str = ""
    """The heading that it stands under; empty on a desk without topics."""
    language: str = ""
    image: Image | None = None
    voices: int = 1
    """How many providers report it."""


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """An edition: one newsletter issue.

    ``waiting`` for its review window to end, ``held`` by an editor until released, ``released`` (its
    content is fixed, it is being sent), ``sent`` (nobody is left to send to), ``dropped`` by an editor,
    or ``empty`` (there was nothing to tell; nobody gets it). All times are in UTC.
    """

    id: str
    """Its series and when it was due, such as ``daily-2026-03-29-0500`` (in UTC)."""
    series: str
    due: datetime
    since: datetime
    """When the edition before it was due."""
    review_until: datetime
    status: IssueStatus = "waiting"
    picks: tuple[Pick, ...] = ()
    passed: tuple[str, ...] = ()
    """Stories that it looked at and left out: they come back only with new coverage."""
    removed: tuple[Pick, ...] = ()
    """What an editor took out: it comes in no later edition either."""
    items: tuple[Item, ...] = ()
    """What it tells; fixed when it is released."""
    released_at: datetime | None = None
    path: str = ""
    """Of its record, below the repository; given once, when it is released."""
    recorded: bool = False
    """Its record was written: a human may change or delete that, and it is not written again."""

    @property
    def covers(self) -> tuple[Pick, ...]:
        """What no other edition may tell because of this one."""
        if self.status in {"dropped", "empty"} and self.released_at is None:
            return self.removed
        return (*self.picks, *self.removed)

    @property
    def is_public(self) -> bool:
        """True once its content is fixed and may be shown."""
        return self.status in {"released", "sent"}


class Subscriber(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who gets, asked for, or got editions. The only place of an address.

    ``pending`` (asked, not confirmed), ``active``, ``left`` by their own wish, ``bounced`` (their server
    refuses), or ``suppressed`` (never to be written to again).
    """

    id: str
    """Random, so that it may be seen where the address may not."""
    address: str
    status: SubscriberStatus = "pending"
    series: tuple[str, ...] = ()
    """What they get."""
    wants: tuple[str, ...] = ()
    """What they asked for and have not confirmed."""
    ask_due: bool = False
    """A confirmation mail is still to be sent."""
    asks: tuple[datetime, ...] = ()
    """When confirmation mails were sent, the last few."""
    generation: int = 0
    """Rises whenever they leave: older confirmation links are void then."""
    confirmed_at: datetime | None = None
    bounces: tuple[datetime, ...] = ()
    """When editions came back, the last few."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one edition for one subscriber.

    ``sending`` stands only while a letter is on its way: found later, its process died, and whether it
    arrived is not known (``doubt``). ``later`` is tried again, ``sent`` and ``failed`` are final.
    """

    issue: str
    subscriber: str
    status: DeliveryStatus
    at: datetime
    attempts: int = 1
    code: int = 0
    """The server's last reply code, 0 when there was none."""
    reply: str = ""
    """Its words, without the address."""
