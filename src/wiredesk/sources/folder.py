"""A folder of saved pages: every ``.html`` and ``.htm`` file in it, at any depth.

A page's address is what the page itself says (``rel=canonical``, ``og:url``, or the comment "saved
from url" that browsers write). Where it says nothing, it gets ``https://FOLDER.invalid/PATH``: a
name that can never exist (RFC 2606), the same on every machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from wiredesk.errors import Refused, SourceError
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.fetcher import Fetcher
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState
from wiredesk.records.page import Page
from wiredesk.records.weburl import checked

FILE_CAP = 10_000_000
"""Most bytes of one page."""

_SUFFIXES = frozenset({".html", ".htm"})
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(\S{1,2048})\s*-->")
_HEAD = 100_000
"""Bytes at the beginning in which a page's own address is looked for."""


class FolderSource:
    """The folder at ``path`` (below the desk, if relative)."""

    def __init__(self, spec: SourceSpec, desk: Path, apart: Apart) -> None:
        self._spec, self._apart = spec, apart
        self._root = (desk / spec.path).resolve()

    def gather(self, state: SourceState) -> Gathered:
        """Return an entry for each page, by its path. Raises ``SourceError`` without the folder."""
        del state
        if not self._root.is_dir():
            raise SourceError("file", f"{self._root} is not a folder that can be read")
        entries: list[Entry] = []
        notices: list[str] = []
        for path in sorted(_pages(self._root), key=Path.as_posix):
            try:
                entries.append(self._entry(path))
            except SourceError as error:
                notices.append(error.message)
        return Gathered(entries=tuple(entries), notices=tuple(notices))

    def page(self, entry: Entry) -> Page | None:
        """Return the saved page; its time is that of the file. Raises ``SourceError``."""
        path = self._root / entry.locator
        body = self._body(path)
        return Page(
            url=entry.url,
            final_url=entry.url,
            status=200,
            headers=(("content-type", "text/html"),),
            body=body,
            at=datetime.fromtimestamp(int(path.stat().st_mtime), UTC),
            hops=(entry.url,),
        )

    def _entry(self, path: Path) -> Entry:
        body = self._body(path)
        place = path.relative_to(self._root).as_posix()
        return Entry(
            source=self._spec.id,
            guid=f"{quote(place)} {sha256(body).hexdigest()[:16]}",
            url=self._apart(_stated, body[:_HEAD]) or self._made_up(place),
            locator=place,
        )

    def _body(self, path: Path) -> bytes:
        """Read a page whose real place is below the folder, within the cap."""
        try:
            if not path.resolve().is_relative_to(self._root):
                raise SourceError("outside", f"{path} leads out of its folder and was not read")
            with path.open("rb") as file:
                body = file.read(FILE_CAP + 1)
        except OSError as error:
            raise SourceError("file", f"{path} cannot be read: {error.strerror}") from error
        if len(body) > FILE_CAP:
            raise SourceError("size", f"{path} has more than {FILE_CAP:,} bytes and was not read")
        return body

    def _made_up(self, place: str) -> str:
        name = re.sub(r"[^a-z0-9]+", "-", self._root.name.lower()).strip("-")[:60].strip("-")
        try:
            return checked(f"https://{name or 'folder'}.invalid/{quote(place)}")
        except Refused as error:
            raise SourceError("url", f"{place} has too long a path to be named") from error


def _pages(root: Path) -> Iterator[Path]:
    """Give the pages below ``root``; folders that are symbolic links are not entered."""
    for folder, _, names in os.walk(root, followlinks=False):
        for name in names:
            if Path(name).suffix.lower() in _SUFFIXES:
                yield Path(folder, name)


def _stated(head: bytes) -> str:
    """Return the address that a page gives for itself, if one can be asked."""
    text = head.decode("utf-8", "replace")
    tree = LexborHTMLParser(text)
    canonical = tree.css_first('link[rel="canonical"]')
    shared = tree.css_first('meta[property="og:url"]')
    saved = _SAVED_FROM.search(text)
    stated = (
        canonical.attributes.get("href") if canonical is not None else "",
        shared.attributes.get("content") if shared is not None else "",
        saved[1] if saved else "",
    )
    for url in filter(None, stated):
        try:
            return checked(url)
        except Refused:
            continue
    return ""


def open_source(spec: SourceSpec, desk: Path, fetch: Fetcher, apart: Apart = here) -> FolderSource:
    """Return the folder at ``spec.path``. Raises ``SourceError`` when it is not stated."""
    del fetch
    if not spec.path:
        raise SourceError("config", f"the folder {spec.name!r} has no path")
    return FolderSource(spec, desk, apart)
