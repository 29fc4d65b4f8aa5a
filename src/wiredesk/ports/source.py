"""The source port: a kind of source is one module of ``wiredesk.sources`` with ``open_source``."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from wiredesk.ports.apart import Apart
from wiredesk.ports.fetcher import Fetcher
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState
from wiredesk.records.page import Page


class Source(Protocol):
    """Where entries come from."""

    def gather(self, state: SourceState) -> Gathered:
        """Return what the source lists now; raises ``SourceError`` or ``FetchError``."""
        ...

    def page(self, entry: Entry) -> Page | None:
        """Return the page that the source itself holds for ``entry``, or None: fetch its URL.

        Raises ``SourceError`` when it should hold it and does not any more.
        """
        ...


class OpenSource(Protocol):
    """The one function that a module of ``wiredesk.sources`` must have, as ``open_source``."""

    def __call__(self, spec: SourceSpec, desk: Path, fetch: Fetcher, apart: Apart = ...) -> Source:
        """Return the source that ``spec`` names; paths are relative to the folder ``desk``. What it is
        answered is read ``apart``, which raises ``SourceError`` here for ``Ended``.
        """
        ...
