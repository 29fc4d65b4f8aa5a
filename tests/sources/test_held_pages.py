"""Sources that are files: lists of feeds, archives, folders of pages."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from wiredesk.errors import SourceError
from wiredesk.records.entry import SourceSpec, SourceState, Validators
from wiredesk.records.page import Purpose
from wiredesk.sources import folder, opml, warc

STATE = SourceState(id="x")


NONE = Validators()


def no_fetch(url: str, purpose: Purpose, validators: Validators = NONE) -> NoReturn:
    raise AssertionError(f"{url} was fetched")


def member(url: str, body: bytes, date: str, kind: str = "text/html") -> bytes:
    answer = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0)


def archive(path: Path, *members: bytes) -> warc.WarcSource:
    path.write_bytes(b"".join(members))
    return warc.open_source(SourceSpec(kind="warc", path=path.name), path.parent, no_fetch)


def test_an_archive_lists_its_pages_and_gives_them(tmp_path: Path) -> None:
    source = archive(
        tmp_path / "a.warc.gz",
        member("https://a.example/1", b"<p>old</p>", "2026-03-01T10:00:00Z"),
        member("https://a.example/i.png", b"png", "2026-03-01T10:00:00Z", "image/png"),
        member("https://a.example/2", b"<p>two</p>", "2026-03-01T10:00:00Z"),
        member("https://a.example/1", b"<p>new</p>", "2026-03-01T11:00:00Z"),
    )
    gathered = source.gather(STATE)
    assert [entry.url for entry in gathered.entries] == [
        "https://a.example/2",
        "https://a.example/1",
    ]
    assert "1 record(s) skipped: it is not HTML" in gathered.notices
    page = source.page(gathered.entries[1])
    assert page is not None
    assert (page.body, page.at) == (b"<p>new</p>", datetime(2026, 3, 1, 11, tzinfo=UTC))


def test_a_cut_archive_keeps_what_is_whole(tmp_path: Path) -> None:
    last = member("https://a.example/2", os.urandom(9_000), "2026-03-01T10:00:00Z")
    first = member("https://a.example/1", b"x", "2026-03-01T10:00:00Z")
    gathered = archive(tmp_path / "a.warc.gz", first, last[:4_000]).gather(STATE)
    assert [entry.url for entry in gathered.entries] == ["https://a.example/1"]
    assert gathered.notices


def test_an_archive_that_changed_under_us_is_noticed(tmp_path: Path) -> None:
    source = archive(
        tmp_path / "a.warc.gz", member("https://a.example/1", b"x", "2026-03-01T10:00:00Z")
    )
    (entry,) = source.gather(STATE).entries
    archive(tmp_path / "a.warc.gz", member("https://a.example/2", b"x", "2026-03-01T10:00:00Z"))
    with pytest.raises(SourceError, match="no longer holds"):
        source.page(entry)


def test_an_archive_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.warc"):
        warc.open_source(SourceSpec(kind="warc", path="none.warc"), tmp_path, no_fetch).gather(
            STATE
        )


def test_a_folder_names_its_pages_by_what_they_say_or_by_their_place(tmp_path: Path) -> None:
    root = tmp_path / "Saved Pages"
    (root / "deep").mkdir(parents=True)
    (root / "b.html").write_text('<link rel="canonical" href="https://a.example/b">')
    (root / "a.htm").write_text("<!-- saved from url=(0019)https://a.example/a -->")
    (root / "deep" / "c d.html").write_text("<p>c</p>")
    (root / "notes.txt").write_text("no page")
    secret = tmp_path / "secret.html"
    secret.write_text("secret")
    (root / "out.html").symlink_to(secret)
    source = folder.open_source(SourceSpec(kind="folder", path="Saved Pages"), tmp_path, no_fetch)
    gathered = source.gather(STATE)
    assert [entry.url for entry in gathered.entries] == [
        "https://a.example/a",
        "https://a.example/b",
        "https://saved-pages.invalid/deep/c%20d.html",
    ]
    assert "leads out of its folder" in gathered.notices[0]
    page = source.page(gathered.entries[2])
    assert page is not None
    assert page.body == b"<p>c</p>"


def listed(tmp_path: Path, body: str) -> opml.OpmlSource:
    (tmp_path / "list.opml").write_text(body)
    return opml.open_source(SourceSpec(kind="opml", path="list.opml"), tmp_path, no_fetch)


def test_a_list_gives_its_feeds_at_any_depth_once(tmp_path: Path) -> None:
    body = (
        '<opml version="2.0"><head><title>Mine</title></head><body><outline text="Port">'
        '<outline text="A" xmlUrl="https://a.example/f"/></outline>'
        '<outline text="A again" xmlUrl="https://a.example/f"/>'
        '<outline text="bad" xmlUrl="file:///etc/passwd"/>'
        '<outline type="include" url="https://b.example/more.opml"/></body></opml>'
    )
    gathered = listed(tmp_path, body).gather(STATE)
    assert gathered.sources == (SourceSpec(kind="feed", url="https://a.example/f", name="A"),)
    assert gathered.title == "Mine"
    assert len(gathered.notices) == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<opml><body>", "xml"),
        ("<rss/>", "not-opml"),
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "dtd"),
    ],
)
def test_what_is_no_list_is_named(tmp_path: Path, body: str, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        listed(tmp_path, body).gather(STATE)
    assert caught.value.reason == reason
