"""One hostile input, read as a desk reads it (in a child under limits), and what that cost."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from wiredesk.adapters.apart import Children
from wiredesk.adapters.apart.limits import Limits
from wiredesk.engine.reading import PRELOAD
from wiredesk.errors import Classed, Ended
from wiredesk.records.page import Page

NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://harbour-courier.example/feed"


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an input: a value, or the class of its refusal; seconds of processor, and by how
    many megabytes its process grew at the most.
    """

    value: msgspec.Raw = msgspec.Raw(b"null")
    refused: str = ""
    message: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0

    def within(self, seconds: float, megabytes: float) -> Trial:
        """Return itself if it cost no more."""
        assert self.seconds < seconds, f"{self.seconds:.2f} s of processor"
        assert self.megabytes < megabytes, f"{self.megabytes:.0f} MB"
        return self

    def as_(self, kind: Any) -> Any:
        """Return the value as the type that it has."""
        assert not self.refused, f"{self.refused}: {self.message}"
        return msgspec.json.decode(self.value, type=kind)


def measured(work: Callable[..., object], things: tuple[object, ...]) -> Trial:
    """Do the work in this process, which has done nothing before, and say what it cost."""
    before, began = _resident(), time.process_time()
    refused = message = ""
    value: object = None
    try:
        value = work(*things)
    except Classed as error:
        refused, message = error.reason, error.message
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return Trial(
        value=msgspec.Raw(msgspec.json.encode(value)),
        refused=refused,
        message=message,
        seconds=time.process_time() - began,
        megabytes=max(0.0, peak - before),
    )


def _resident() -> float:
    """Return the megabytes that this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


_TRIED = (*PRELOAD, "wiredesk.stages.thumbnail", "trials", "pages_read", "configured")


def tried(work: Callable[..., object], *things: object, cpu: int = 10) -> Trial:
    """Return what ``work(*things)`` comes to in a child of its own; a death is a refusal, too. ``cpu``
    is the limit of processor seconds.
    """
    began = time.monotonic()
    try:
        with Children(1, preload=_TRIED, limits=Limits(cpu=cpu)) as child:
            return child(measured, work, things)
    except Ended as error:
        took = time.monotonic() - began
        return Trial(refused=error.reason, message=error.message, seconds=took)


def page(body: bytes | str, content_type: str = "", url: str = URL) -> Page:
    """Return an answer as it was fetched."""
    raw = body.encode() if isinstance(body, str) else body
    headers = (("content-type", content_type),)
    return Page(url=url, final_url=url, status=200, headers=headers, body=raw, at=NOW, hops=(url,))
