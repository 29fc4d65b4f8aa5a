"""What children read is, byte for byte, what this process would have read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from wiredesk.adapters.apart import Children
from wiredesk.engine.reading import PRELOAD, make_reader, prepare, read_page
from wiredesk.errors import SourceError, Unreadable
from wiredesk.ports.apart import Apart, here
from wiredesk.records.entry import Entry, SourceSpec, SourceState, Validators
from wiredesk.records.page import Page, Purpose
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.sources.feed import read
from wiredesk.sources.warc import open_source

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "feeds"
REGISTRY = ProviderRegistry((Provider(name="The Courier", domain="www.harbour-courier.example"),))


def no_fetch(url: str, purpose: Purpose, validators: Validators = Validators()) -> Page:  # noqa: B008
    raise AssertionError(url)


def pages() -> list[tuple[Page, Entry]]:
    """Return the pages of the bundled wire."""
    with resources.as_file(resources.files("wiredesk") / "samples" / "wire.warc.gz") as path:
        source = open_source(SourceSpec(kind="warc", path=str(path)), Path("/"), no_fetch)
        entries = source.gather(SourceState(id="x")).entries
        found = [(source.page(entry), entry) for entry in entries]
    return [(page, entry) for page, entry in found if page is not None]


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    ready = partial(prepare, make_reader, REGISTRY)
    ready()
    with Children(2, prepare=ready, preload=PRELOAD) as made:
        yield made


def said(apart: Apart, page: Page, entry: Entry) -> bytes:
    try:
        return msgspec.json.encode(apart(read_page, page, entry))
    except Unreadable as error:
        return str(error).encode()


def test_every_page_of_the_sample_wire_is_the_same_article(children: Children) -> None:
    given = pages()
    assert len(given) > 50
    for page, entry in given:
        assert said(children, page, entry) == said(here, page, entry)


@pytest.mark.parametrize("feed", sorted(GOLDEN.glob("*.xml")), ids=lambda path: path.name)
def test_every_feed_is_the_same(children: Children, feed: Path) -> None:
    pages_of, at = pages()[0], feed.read_bytes()
    page = msgspec.structs.replace(pages_of[0], body=at)

    def listed(apart: Apart) -> bytes:
        try:
            return msgspec.json.encode(apart(read, page, "feed:x"))
        except SourceError as error:
            return str(error).encode()

    assert listed(children) == listed(here)
