"""What is remembered of asking a source: its rhythm, its wishes, and when it is asked next."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wiredesk.records.wishes import Wishes


class Polling(msgspec.Struct, frozen=True, kw_only=True):
    """How a source on the network is asked. One that is on this machine is asked in every run."""

    due: datetime | None = None
    """When it is asked next; None for at once."""
    why: str = ""
    """Why then, in words."""
    asked: datetime | None = None
    """When it was asked last."""
    polls: int = 0
    unchanged: int = 0
    """Polls that brought nothing new."""
    failures: int = 0
    """Failed polls in a row."""
    failed: int = 0
    """Failed polls in all."""
    entries: int = 0
    """New entries in all."""
    trouble: str = ""
    """Class of the last poll's error."""
    took: float = 0.0
    """Seconds that the last poll took."""
    arrivals: tuple[int, ...] = ()
    """When something new came, the latest times, in seconds since 1970; what came together is one."""
    wishes: Wishes = Wishes()
    address: str = ""
    """Where it is asked since it moved; empty for where the desk's files say."""
    moving_to: str = ""
    """Where its address has been redirecting to for good, lately."""
    moving_days: tuple[str, ...] = ()
    """The days on which it did, in UTC."""
    missing_since: datetime | None = None
    """Since when nothing is at its address (404)."""
    dormant_since: datetime | None = None
    dormant_why: str = ""
    hub: str = ""
    """The WebSub hub that the feed names."""
    topic: str = ""
    """The address by which that hub knows the feed."""
