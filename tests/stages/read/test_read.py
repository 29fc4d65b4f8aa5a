"""What is understood of a page."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from wiredesk.errors import Unreadable
from wiredesk.records.article import Article, Image
from wiredesk.records.entry import Entry
from wiredesk.records.page import Page
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.stages.read import Read, measured, read_entry
from wiredesk.stages.read.document import Document
from wiredesk.stages.read.moments import moment_in
from wiredesk.stages.read.people import byline_of
from wiredesk.stages.read.titles import title_of
from wiredesk.stages.read.words import hashtags_of

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
URL = "https://www.harbour-courier.example/2026/03/02/ferry?utm_source=rss"
BODY = "".join(
    f"<p>Paragraph {n}: the ferry company said on Monday that its boats would run again, after a "
    f"winter in which the quay was repaired and the town had waited for news of it.</p>"
    for n in range(6)
)
HEAD = """
<meta property="og:site_name" content="Harbour Courier">
<meta property="og:title" content="The ferry runs again | Harbour Courier">
<meta property="og:description" content="After a long winter the boats leave the quay on Monday.">
<meta property="og:image" content="/media/ferry.jpg">
<meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">
<link rel="canonical" href="https://www.harbour-courier.example/2026/03/02/ferry">
<link rel="amphtml" href="/amp/2026/03/02/ferry">
<script type="application/ld+json">{"@graph": [
 {"@type": "Person", "@id": "#p", "name": "Ada Quay"},
 {"@type": "NewsArticle", "headline": "The ferry runs again", "author": {"@id": "#p"},
  "datePublished": "2026-03-02T09:30:00+01:00", "keywords": ["ferries", "harbour"],
  "publisher": {"@type": "Organization", "name": "Harbour Courier"}},]}</script>
"""


def page(head: str = HEAD, body: str = BODY, *, url: str = URL, root: str = 'lang="en"') -> Page:
    html = f"<!doctype html><html {root}><head>{head}</head><body><article>{body}</article></body></html>"
    return raw(html.encode(), url)


def raw(body: bytes, url: str = URL, kind: str = "text/html; charset=utf-8") -> Page:
    headers = (("content-type", kind),)
    return Page(url=url, final_url=url, status=200, headers=headers, body=body, at=NOW)


def read(of: Page, entry: Entry | None = None) -> Article:
    return Read(ProviderRegistry())(of, entry)


def test_a_page_becomes_an_article_with_the_origin_of_each_field() -> None:
    article = read(page(body=f"<h1>The ferry runs again</h1>{BODY}"))
    assert article.title == "The ferry runs again"
    assert article.original_url == URL
    assert article.web_url == "https://www.harbour-courier.example/2026/03/02/ferry"
    assert article.amp_web_url == "https://www.harbour-courier.example/amp/2026/03/02/ferry"
    assert article.cdn_amp_web_url.startswith(
        "https://www-harbour--courier-example.cdn.ampproject.org/c/s/"
    )
    assert article.published_date_time == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert (article.byline, article.language) == ("Ada Quay", "en")
    assert article.excerpt == "After a long winter the boats leave the quay on Monday."
    image = Image(url="https://www.harbour-courier.example/media/ferry.jpg", width=1200, height=630)
    assert article.images == (image,)
    assert article.provider.name == "Harbour Courier"
    assert article.hashtags == ("ferries", "harbour")
    assert "Paragraph 5" in article.text
    assert article.origins["publishedDateTime"] == "json-ld"
    assert article.origins["webUrl"] == "canonical"


@pytest.mark.parametrize(
    "canonical",
    [
        "https://evil.example/ferry",
        "https://www.harbour-courier.example/",
        "http://127.1/",
        "javascript:1",
    ],
)
def test_a_canonical_address_that_leads_away_is_not_believed(canonical: str) -> None:
    head = f'<title>A ferry runs</title><link rel="canonical" href="{canonical}">'
    assert read(page(head)).web_url == "https://www.harbour-courier.example/2026/03/02/ferry"


def test_an_amp_page_gives_its_own_address_as_amp_and_its_canonical_as_web() -> None:
    head = '<title>A ferry runs</title><link rel="canonical" href="/ferry">'
    article = read(page(head, url="https://harbour-courier.example/amp/ferry", root="⚡"))
    assert article.web_url == "https://harbour-courier.example/ferry"
    assert article.amp_web_url == "https://harbour-courier.example/amp/ferry"


def test_an_amp_address_of_a_stranger_is_not_believed() -> None:
    head = '<title>A ferry runs</title><link rel="amphtml" href="https://evil.example/amp">'
    assert read(page(head)).amp_web_url == ""


@pytest.mark.parametrize(
    ("of", "reason"),
    [
        (raw(b""), "empty"),
        (raw(b"%PDF-1.7", kind="application/pdf"), "type"),
        (raw(b'{"a": 1}', kind="text/plain"), "type"),
        (page("", ""), "title"),
        (page("<title>Just a moment...</title>", ""), "wall"),
        (
            page("<title>Harbour Courier</title>", "", url="https://harbour-courier.example/"),
            "index",
        ),
        (page("<title>Deep</title>", "<b>" * 100_000), "depth"),
        (page("<title>Deep</title>", "<div>" * 100_000 + "</div>" * 100_000), "depth"),
        (page("<title>Deep</title>", "</div>" * 100_000 + "<b></i>" * 100_000), "depth"),
        (page("<title>Deep</title>", "<div><!--</div>-->" * 100_000), "depth"),
    ],
)
def test_what_is_no_article_is_unreadable(of: Page, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(of)
    assert error.value.reason == reason


def test_broken_linked_data_costs_only_itself() -> None:
    broken = '<title>A ferry runs</title><script type="application/ld+json">{"@type": [</script>'
    nested = f'<script type="application/ld+json">{"[" * 50_000}</script>'
    assert read(page(broken + nested)).title == "A ferry runs"


@pytest.mark.parametrize("url", ["/pixel.gif", "/logo.png", "data:image/png;base64,x", "/a.svg"])
def test_a_stand_in_is_no_picture(url: str) -> None:
    head = f'<title>A ferry runs</title><meta property="og:image" content="{url}">'
    assert read(page(head)).images == ()


def test_a_strip_and_a_tracking_pixel_are_no_pictures() -> None:
    body = (
        f'{BODY}<img src="/t.jpg" width="1" height="1"><img src="/s.jpg" width="2" height="2000">'
    )
    assert read(page("<title>A ferry runs</title>", body)).images == ()


def test_a_video_entry_is_a_video_with_its_player() -> None:
    entry = Entry(
        source="s",
        guid="g",
        url=URL,
        title="The ferry, filmed",
        video="https://tube.example/embed/1",
    )
    article = read(page(), entry)
    assert (article.type, article.featured_content) == ("video", "https://tube.example/embed/1")


def test_a_paywall_is_told() -> None:
    stated = '{"@type":"Article","headline":"A","isAccessibleForFree":"False"}'
    linked = f'<script type="application/ld+json">{stated}</script>'
    assert read(page(f"<title>A ferry runs</title>{linked}")).paywalled


def test_a_registered_provider_has_its_registered_name() -> None:
    registry = ProviderRegistry((Provider(name="The Courier", domain="harbour-courier.example"),))
    assert Read(registry)(page()).provider.name == "The Courier"


def test_a_date_of_the_future_is_not_believed() -> None:
    stated = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'
    head = f"<title>A ferry runs</title>{stated}"
    assert read(page(head)).origins["publishedDateTime"] == "url (day only)"


@pytest.mark.parametrize(
    ("text", "moment", "open_"),
    [
        ("2026-03-02T09:30:00+01:00", "2026-03-02T08:30:00+00:00", ""),
        ("2026-03-02T09:30:00.123Z", "2026-03-02T09:30:00+00:00", ""),
        ("2026-03-02 09:30", "2026-03-02T09:30:00+00:00", "no zone"),
        ("20260302", "2026-03-02T00:00:00+00:00", "day only"),
        ("Mon, 02 Mar 2026 09:30:00 -0500", "2026-03-02T14:30:00+00:00", ""),
        ("March 2, 2026 at 9:30 pm EST", "2026-03-03T02:30:00+00:00", ""),
        ("2 March 2026", "2026-03-02T00:00:00+00:00", "day only"),
        ("2026年3月2日", "2026-03-02T00:00:00+00:00", "day only"),
        ("1772443800", "2026-03-02T09:30:00+00:00", ""),
    ],
)
def test_dates_are_read_in_the_forms_that_newsrooms_use(text: str, moment: str, open_: str) -> None:
    found = moment_in(text)
    assert found == (datetime.fromisoformat(moment), open_)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-40", "9999999999999999", "0000-00-00"])
def test_what_is_no_date_gives_none(text: str) -> None:
    assert moment_in(text) is None


def test_an_entry_alone_gives_an_article() -> None:
    entry = Entry(
        source="s", guid="g", url=URL, title="The ferry runs again", summary="Soon.", published=NOW
    )
    article = read_entry(ProviderRegistry(), entry, NOW)
    assert (article.title, article.published_date_time) == ("The ferry runs again", NOW)
    with pytest.raises(Unreadable):
        read_entry(ProviderRegistry(), Entry(source="s", guid="g", url=URL), NOW)


def test_pictures_are_measured_by_their_first_bytes() -> None:
    png = (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
        + (640).to_bytes(4, "big")
        + (480).to_bytes(4, "big")
        + b"\x08\2\0\0\0"
    )
    assert measured(png) == (640, 480)
    assert measured(png.replace((640).to_bytes(4, "big"), (0).to_bytes(4, "big"))) is None
    for body in (b"", b"<svg width='9'>", b"%!PS", b"II*\0", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP"):
        assert measured(body) is None


def test_a_long_page_that_nests_little_is_read() -> None:
    rows = "<tr><td><p>row<br><span>more</span>" * 20_000
    article = read(page("<title>A ferry runs</title>", f"{BODY}<table>{rows}</table>"))
    assert article.title == "A ferry runs"


@pytest.mark.parametrize(
    "bait",
    [
        " " * 1_000_000,
        "a" * 1_000_000 + "!",
        "<!--" * 200_000,
        "<script " * 100_000,
        ">By " * 200_000,
        ">By" + "<i>" * 200_000,
        "-->" + " " * 1_000_000 + "x",
        "the post " * 100_000,
        "[" * 10_000,
    ],
)
def test_bait_for_patterns_costs_little(bait: str) -> None:
    script = f'<script type="application/ld+json">{bait}</script>'
    stated = f'<meta name="author" content="{bait}"><meta name="og:title" content="{bait}">'
    for html in (f"<title>A</title>{script}", f"<title>A</title>{stated}", f"<h1>A</h1>{bait}"):
        start = time.process_time()
        with suppress(Unreadable):
            document = Document(page(html))
            byline_of(document, None, "")
            title_of(document, None, "")
            hashtags_of(document, None)
            moment_in(bait)
        assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("head", "body", "names"),
    [
        ("", '<p>By <a href="/profile/ada">Ada Quay</a></p>', "Ada Quay"),
        (
            "",
            "<div><span>By</span><span>by ADA QUAY and BEN MOLE</span></div>",
            "ADA QUAY, BEN MOLE",
        ),
        ("", '<p class="x-Byline">Ada Quay</p>', "Ada Quay"),
        (
            '<meta name="author" content="Tidal Media Inc">',
            '<i class="author">Ada Quay</i>',
            "Ada Quay",
        ),
        ('<meta name="author" content="Tidal Media Inc">', "", "Tidal Media Inc"),
        (
            '<meta name="author" content="aquay"><meta name="byline" content="Ada Quay">',
            "",
            "Ada Quay",
        ),
        (
            '<meta name="twitter:label1" content="By"><meta name="twitter:data1" content="Ada Quay">',
            "",
            "Ada Quay",
        ),
        ("", '<p class="byline">March 2, 2026 9:30</p>', ""),
    ],
)
def test_authors_are_found_where_pages_show_them(head: str, body: str, names: str) -> None:
    article = read(page(f"<title>A ferry runs</title>{head}", f"<h1>A ferry runs</h1>{body}{BODY}"))
    assert article.byline == names


def test_an_organisation_is_the_author_where_no_person_is_named() -> None:
    author = '{"@type": "Organization", "name": "Port Authority"}'
    linked = f'{{"@type": "NewsArticle", "headline": "A", "author": {author}}}'
    head = f'<title>A ferry runs</title><script type="application/ld+json">{linked}</script>'
    assert read(page(head)).byline == "Port Authority"
    assert read(page(head, f'<a rel="author">Ada Quay</a>{BODY}')).byline == "Ada Quay"
