"""News sitemaps: what counts, what is left out, and what of an index is asked."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wiredesk.errors import FetchError, SourceError
from wiredesk.records.entry import Gathered, SourceSpec, SourceState, Validators
from wiredesk.records.page import Page, Purpose
from wiredesk.sources.sitemap import MOST_OF_INDEX, open_source, read

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SITE = "https://harbour-courier.example"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"


def page(body: str | bytes, url: str = f"{SITE}/news.xml") -> Page:
    raw = body.encode() if isinstance(body, str) else body
    headers = (("etag", '"v1"'),)
    return Page(url=url, final_url=url, status=200, headers=headers, body=raw, at=NOW)


def news(name: str, date: str = "2026-03-02T10:00:00Z", more: str = "", site: str = SITE) -> str:
    return (
        f"<url><loc>{site}/{name}</loc><news:news><news:publication>"
        "<news:name>Harbour Courier</news:name>"
        f"<news:language>en-GB</news:language></news:publication><news:publication_date>{date}"
        f"</news:publication_date><news:title>About {name}</news:title>"
        f"<news:keywords>ferry, port</news:keywords></news:news>{more}</url>"
    )


def urlset(*urls: str) -> str:
    spaces = f'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="{NEWS}"'
    return f'<urlset {spaces} xmlns:image="{IMAGE}">{"".join(urls)}</urlset>'


def index(*named: tuple[str, str]) -> str:
    parts = (f"<sitemap><loc>{url}</loc><lastmod>{day}</lastmod></sitemap>" for url, day in named)
    return f"<sitemapindex>{''.join(parts)}</sitemapindex>"


def refused(body: str | bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read(page(body), "sitemap:x")
    return caught.value.reason


def test_news_become_entries_with_what_the_extensions_say() -> None:
    picture = "<image:image><image:loc>/a.jpg</image:loc></image:image>"
    found = read(page(urlset(news("a", more=picture))), "sitemap:x")
    (entry,) = found.entries
    assert (found.title, entry.title, entry.language) == ("Harbour Courier", "About a", "en")
    assert (entry.url, entry.guid) == (f"{SITE}/a", f"{SITE}/a")
    assert entry.published == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert entry.categories == ("ferry", "port")
    assert [image.url for image in entry.images] == [f"{SITE}/a.jpg"]


def test_what_is_neither_news_nor_new_is_the_archive() -> None:
    new = f"<url><loc>{SITE}/new</loc><lastmod>2026-03-01</lastmod></url>"
    old = f"<url><loc>{SITE}/old</loc><lastmod>2020-03-01</lastmod></url>"
    undated = f"<url><loc>{SITE}/undated</loc></url>"
    found = read(page(urlset(new, old, undated, news("a"))), "sitemap:x")
    assert [entry.url for entry in found.entries] == [f"{SITE}/new", f"{SITE}/a"]
    assert found.notices[0].startswith("2 address(es) are neither news nor new")


def test_nobody_speaks_for_another_site() -> None:
    found = read(page(urlset(news("a", site="https://evil.example"), news("b"))), "sitemap:x")
    assert [entry.url for entry in found.entries] == [f"{SITE}/b"]
    named = read(
        page(index((f"{SITE}/1.xml", "2026"), ("https://evil.example/2.xml", "2026"))), "s"
    )
    assert named.others == (f"{SITE}/1.xml",)
    assert named.notices == ("1 sitemap(s) of other sites are not asked",)


def test_f08_the_newest_500_are_kept() -> None:
    urls = (news(str(n), f"2026-03-01T{n // 60:02}:{n % 60:02}:00Z") for n in range(700))
    found = read(page(urlset(*urls)), "sitemap:x")
    assert [entry.title for entry in found.entries] == [f"About {n}" for n in range(200, 700)]
    assert found.notices == ("the sitemap lists 700 news; the newest 500 were read",)


def test_a_packed_sitemap_is_unpacked_within_bounds() -> None:
    packed = gzip.compress(urlset(news("a")).encode())
    assert len(read(page(packed), "sitemap:x").entries) == 1
    assert refused(packed[:-9]) == "gzip"
    assert refused(b"\x1f\x8b" + b"x" * 50) == "gzip"
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()
    assert refused(bomb) == "size"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html/>", "not-sitemap"),
        ("<rss/>", "not-sitemap"),
        ("", "xml"),
        ("<urlset>", "xml"),
        (
            '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname">]><urlset>&x;</urlset>',
            "dtd",
        ),
    ],
)
def test_what_is_no_sitemap_is_named(body: str, reason: str) -> None:
    assert refused(body) == reason


class Site:
    """Answers by address; keeps what was asked with which validators."""

    def __init__(self, answers: dict[str, str | int]) -> None:
        self.answers, self.asked = answers, list[tuple[str, Validators]]()

    def __call__(self, url: str, purpose: Purpose, validators: Validators = Validators()) -> Page:  # noqa: B008
        self.asked.append((url, validators))
        answer = self.answers.get(url)
        if answer is None:
            raise FetchError("missing", f"{url} has nothing there")
        if isinstance(answer, int):
            return Page(url=url, final_url=url, status=answer, at=NOW)
        return page(answer, url)


def gathered(site: Site, validators: Validators = Validators()) -> Gathered:  # noqa: B008
    spec = SourceSpec(kind="sitemap", url=f"{SITE}/news.xml")
    state = SourceState(id=spec.id, validators=validators, title="Before")
    return open_source(spec, Path(), site).gather(state)


def test_a_list_is_asked_conditionally() -> None:
    site = Site({f"{SITE}/news.xml": urlset(news("a"))})
    assert gathered(site).validators == Validators(etag='"v1"')
    unchanged = gathered(Site({f"{SITE}/news.xml": 304}), Validators(etag='"v1"'))
    assert (unchanged.unchanged, unchanged.title) == (True, "Before")


def test_of_an_index_the_newest_are_asked_and_one_that_fails_costs_itself() -> None:
    named = [(f"{SITE}/{n}.xml", f"2026-02-{n:02}") for n in range(1, 15)]
    answers: dict[str, str | int] = {url: urlset(news(url[-6:-4])) for url, _ in named}
    answers[f"{SITE}/news.xml"] = index(*named)
    answers[f"{SITE}/14.xml"] = "<html/>"
    answers[f"{SITE}/13.xml"] = index(*named)
    site = Site(answers)
    found = gathered(site)
    assert len(site.asked) == 1 + MOST_OF_INDEX
    assert len(found.entries) == MOST_OF_INDEX - 2
    assert found.validators == Validators()
    told = " ".join(found.notices)
    assert "newest 10" in told
    assert "14.xml" in told
    assert "13.xml is an index inside an index" in told


def test_an_index_that_cannot_be_had_is_the_sources_failure() -> None:
    with pytest.raises(FetchError):
        gathered(Site({}))
    with pytest.raises(SourceError):
        open_source(SourceSpec(kind="sitemap", path="x"), Path(), Site({}))
