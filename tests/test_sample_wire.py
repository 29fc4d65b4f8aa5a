"""The bundled sample wire: fresh from its source, and what the documentation promises of it."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "wiredesk" / "samples"
WIRE = PACKAGE / "wire.warc.gz"
BUILDER = ROOT / "samples" / "build.py"

OUTSIDE = {
    "ogp.me", "schema.org", "www.w3.org", "purl.org", "search.yahoo.com", "www.youtube.com",
    "jsonfeed.org", "cdn.ampproject.org",
}  # fmt: skip
"""Hosts of vocabularies and of AMP's own script: names, never fetched."""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    for name in ("one", "two"):
        subprocess.run([sys.executable, BUILDER, "--into", folder / name], check=True)
    return folder


@pytest.fixture(scope="module")
def truth() -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = json.loads((ROOT / "samples/source/truth.json").read_bytes())
    return facts


@pytest.fixture(scope="module")
def answers() -> dict[str, tuple[int, bytes]]:
    found = {}
    with WIRE.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            status = record.http_headers.status_code or 0
            found[record.headers["WARC-Target-URI"]] = (status, record.reader.read())
    return found


def shingles(fact: dict[str, Any]) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", " ".join(fact["paragraphs"]).lower())
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def slug(title: str) -> str:
    """A title as the classic form names files by it."""
    return re.sub(r"[ -]+", "-", re.sub(r"[^a-z0-9 -]", "", title.lower()).strip())


def shared(one: dict[str, Any], other: dict[str, Any]) -> float:
    """The share of the shorter text's 5-word runs that the other has too."""
    left, right = shingles(one), shingles(other)
    return len(left & right) / max(1, min(len(left), len(right)))


def test_two_builds_give_the_same_bytes(fresh: Path) -> None:
    for file in sorted((fresh / "one").rglob("*.*")):
        twin = fresh / "two" / file.relative_to(fresh / "one")
        assert file.read_bytes() == twin.read_bytes()


def test_the_committed_wire_is_what_its_source_gives(fresh: Path) -> None:
    # Unpacked: another build of zlib may pack the same text into other bytes.
    built = gzip.decompress((fresh / "one" / "wire.warc.gz").read_bytes())
    assert gzip.decompress(WIRE.read_bytes()) == built


def test_the_committed_desk_and_truth_are_what_their_source_gives(fresh: Path) -> None:
    built = fresh / "one" / "desk"
    for file in (path for path in built.rglob("*") if path.is_file()):
        assert (PACKAGE / "desk" / file.relative_to(built)).read_bytes() == file.read_bytes()
    committed = {path.name for path in (PACKAGE / "desk" / "providers").iterdir()}
    assert committed == {path.name for path in (built / "providers").iterdir()}
    assert (fresh / "one" / "truth.json").read_bytes() == (
        ROOT / "samples" / "source" / "truth.json"
    ).read_bytes()


def test_the_wire_is_small_and_begins_by_saying_what_it_is() -> None:
    assert WIRE.stat().st_size < 1_000_000
    with WIRE.open("rb") as stream:
        first = next(iter(ArchiveIterator(stream)))
        assert first.record_type == WarcRecordType.warcinfo
        assert first.headers["WARC-Date"] == "2026-03-06T18:00:00Z"


def test_every_record_has_sound_digests() -> None:
    with WIRE.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            assert record.verify_block_digest(consume=False)


def test_there_is_enough_of_everything(truth: list[dict[str, Any]]) -> None:
    assert len([fact for fact in truth if "missing" not in fact["special"]]) >= 60
    assert len({fact["provider"] for fact in truth}) >= 14
    assert len({fact["event"] for fact in truth} - {""}) >= 15
    days = {fact["published"][:10] for fact in truth} - {""}
    assert days == {f"2026-03-0{day}" for day in range(2, 7)}


def test_most_events_have_several_independent_reports(truth: list[dict[str, Any]]) -> None:
    reports = Counter(fact["event"] for fact in truth if fact["event"] and not fact["copy_of"])
    assert all(count >= 2 for count in reports.values())
    assert max(reports.values()) >= 4


@pytest.mark.parametrize(
    "special",
    ["amp", "paywalled", "clickbait", "spam", "missing", "pixel_only", "late", "video",
     "redirect_from", "feed_title", "section_title"],
)  # fmt: skip
def test_each_oddity_is_there(truth: list[dict[str, Any]], special: str) -> None:
    assert any(special in fact["special"] for fact in truth)


def test_bait_languages_and_an_undated_page_are_there(truth: list[dict[str, Any]]) -> None:
    assert len([fact for fact in truth if fact["off_topic"]]) >= 7
    assert {fact["language"] for fact in truth} == {"en", "de", "es"}
    assert any(not fact["published"] for fact in truth)


def test_titles_are_hostile_and_two_slug_alike_on_one_day(truth: list[dict[str, Any]]) -> None:
    titles = " ".join(fact["title"] for fact in truth)
    assert all(bait in titles for bait in ("<script>", "{{7*7}}", "\u202e", "🤖", '"'))
    day = [fact["title"] for fact in truth if fact["published"].startswith("2026-03-03")]
    slugs = Counter(slug(title) for title in day)
    assert slugs["ai-at-work-week-one"] == 2


def test_copies_are_copied_and_independent_reports_are_not(truth: list[dict[str, Any]]) -> None:
    family = {fact["id"]: fact["copy_of"] or fact["id"] for fact in truth}
    for one, other in combinations(truth, 2):
        if family[one["id"]] == family[other["id"]]:
            assert shared(one, other) >= 0.4, (one["id"], other["id"])
        else:
            assert shared(one, other) < 0.1, (one["id"], other["id"])


def test_every_host_is_reserved(answers: dict[str, tuple[int, bytes]]) -> None:
    hosts = {urlsplit(url).hostname or "" for url in answers}
    for _, body in answers.values():
        text = body.decode("utf-8", "replace")
        hosts |= {host.lower() for host in re.findall(r"https?://([A-Za-z0-9.-]+)", text)}
    assert {host for host in hosts if not host.endswith(".example")} <= OUTSIDE


def test_every_article_answers_as_the_truth_says(
    truth: list[dict[str, Any]], answers: dict[str, tuple[int, bytes]]
) -> None:
    for fact in truth:
        wanted = 200
        wanted = 404 if "missing" in fact["special"] else wanted
        wanted = 301 if "redirect_from" in fact["special"] else wanted
        assert answers[fact["link"]][0] == wanted, fact["id"]


def test_all_listed_feeds_were_recorded(answers: dict[str, tuple[int, bytes]]) -> None:
    opml = (PACKAGE / "desk" / "feeds.opml").read_text("utf-8")
    listed = re.findall(r'xmlUrl="([^"]+)"', opml)
    silent = [url for url in listed if url not in answers]
    assert silent == ["https://gorse-herald.example/atom.xml"]
    assert Counter(answers[url][0] for url in listed if url in answers) == {
        200: len(listed) - 3,
        410: 1,
        503: 1,
    }


@pytest.mark.parametrize(
    "opening",
    [b"<rss", b"<rdf:RDF", b'<feed xmlns="http://www.w3.org/2005/Atom"', b"xmlns:media",
     b"<yt:channelId>", b"jsonfeed.org/version/1.1", b'"WINDOWS-1252"', b'"ISO-8859-1"', b"<!ENTITY"],
)  # fmt: skip
def test_each_kind_of_feed_is_there(answers: dict[str, tuple[int, bytes]], opening: bytes) -> None:
    assert any(opening in body for _, body in answers.values())
