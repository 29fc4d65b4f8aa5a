"""OPML lists of feeds (http://opml.org/spec2.opml): a file of the desk, or an address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml.etree import _Element

from wiredesk.errors import Refused, SourceError
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.fetcher import Fetcher
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState, Validators
from wiredesk.records.page import Page
from wiredesk.records.plain_xml import is_flooded, root_of
from wiredesk.records.plaintext import TITLE_LIMIT, plain
from wiredesk.records.weburl import checked

MOST = 5_000
"""Feeds of one list (THREATS F21)."""
FILE_CAP = 10_000_000
"""Most bytes of a list."""


def read(body: bytes, address: str) -> Gathered:
    """Return the feeds that the list names, at whatever depth, each once and in the list's order.
    Lists that it includes are not followed. Raises ``SourceError`` (``dtd``, ``xml``, ``not-opml``).
    """
    root = root_of(body, address, {"opml"}, "opml")
    specs: dict[str, SourceSpec] = {}
    refused = includes = 0
    for outline in root.iter("{*}outline", "outline"):
        values = {} if is_flooded(outline) else _values(outline)
        if not values.get("xmlurl", "").strip():
            includes += values.get("type", "").lower() == "include"
            continue
        try:
            url = checked(values["xmlurl"])
        except Refused:
            refused += 1
            continue
        name = plain(values.get("title", "") or values.get("text", ""), TITLE_LIMIT)
        specs.setdefault(url, SourceSpec(kind="feed", url=url, name=name))
    listed = tuple(specs.values())
    return Gathered(
        sources=listed[:MOST],
        title=plain(root.findtext(".//{*}head/{*}title") or "", TITLE_LIMIT),
        notices=tuple(_notices(len(listed), refused, includes)),
    )


def _values(outline: _Element) -> dict[str, str]:
    return {name.lower(): value for name, value in outline.attrib.items()}


def _notices(listed: int, refused: int, includes: int) -> Iterator[str]:
    if listed > MOST:
        yield f"the list names {listed:,} feeds; the first {MOST:,} are used"
    if refused:
        yield f"{refused} outline(s) have an address that cannot be asked"
    if includes:
        yield f"{includes} list(s) that this one includes are not followed; name them as sources"


class OpmlSource:
    """The list at ``path`` (below the desk, if relative), or at an address."""

    def __init__(self, spec: SourceSpec, desk: Path, fetch: Fetcher, apart: Apart) -> None:
        self._spec, self._desk, self._fetch, self._apart = spec, desk, fetch, apart

    def gather(self, state: SourceState) -> Gathered:
        """Return the feeds that the list names now; raises ``SourceError`` or ``FetchError``."""
        del state
        if self._spec.path:
            body = _file(self._desk / self._spec.path)
            return self._apart(read, body, self._spec.path)
        page = self._fetch(self._spec.url, "feed", Validators())  # always whole, or its feeds rest
        return self._apart(read, page.body, page.final_url)

    def page(self, entry: Entry) -> Page | None:
        """Return None: a list of feeds holds no pages."""
        del entry
        return None


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(FILE_CAP + 1)
    except OSError as error:
        raise SourceError("file", f"{path} cannot be read: {error.strerror}") from error
    if len(body) > FILE_CAP:
        raise SourceError("size", f"{path} has more than {FILE_CAP:,} bytes")
    return body


def open_source(spec: SourceSpec, desk: Path, fetch: Fetcher, apart: Apart = here) -> OpmlSource:
    """Return the list that ``spec`` names. Raises ``SourceError`` when it names none."""
    if not (spec.path or spec.url):
        raise SourceError("config", f"the list {spec.name!r} has neither path nor url")
    return OpmlSource(spec, desk, fetch, apart)
