"""The site: what is on its pages, what is never there, and that only what changed is made again."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from lxml import etree
from papers import ALERTS, GAZETTE, NOON, edition, hostile, laid, pages, record
from selectolax.lexbor import LexborHTMLParser

from wiredesk.errors import PublishError
from wiredesk.ports.publisher import Edition
from wiredesk.publishers import feeds
from wiredesk.publishers import site as site_publisher
from wiredesk.publishers.site import icons, is_ours
from wiredesk.publishers.site.kinds.machines import MOST_NEWS
from wiredesk.publishers.site.linked_data import script_json
from wiredesk.publishers.site.pictures import picture
from wiredesk.publishers.site.words import read_words
from wiredesk.records.article import Image
from wiredesk.records.record import Record

LANGUAGES = ("ar", "de", "en", "es")
TEMPLATES = Path(site_publisher.__file__).parent / "templates"


def some(count: int = 12) -> list[Record]:
    return [record(number) for number in range(count)]


def tree(page: bytes) -> LexborHTMLParser:
    return LexborHTMLParser(page)


def files(root: Path) -> dict[str, bytes]:
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


def test_the_front_page_is_ranked_by_heat_and_names_who_else_reports() -> None:
    made = pages(edition(some()))
    headlines = [node.text() for node in tree(made["index.html"]).css(".cluster h2")]
    hottest = sorted(some(), key=lambda one: (-(one.heat or 0), one.published_date_time))
    by_heat = sorted(some(), key=lambda one: one.published_date_time, reverse=True)
    by_heat.sort(key=lambda one: -(one.heat or 0))
    assert headlines == [one.title for one in by_heat]
    assert len(hottest) == len(headlines)
    first = tree(made["index.html"]).css_first(".cluster .coverage").text()  # type: ignore[union-attr]
    assert "Captainless ferry seen" in first
    assert "Carried by: Vellmark Gazette" in " ".join(first.split())


def test_old_stories_leave_the_front_page_however_hot_they_were() -> None:
    old = record(1, title="Old and hot", heat=999, published_date_time="2026-01-01T00:00:00Z")
    made = pages(edition([*some(3), old], front=3))
    assert "Old and hot" not in [node.text() for node in tree(made["index.html"]).css("h2")]
    filled = pages(edition([*some(2), old], front=3))
    assert tree(filled["index.html"]).css(".cluster h2")[-1].text() == "Old and hot"


def test_what_is_pinned_leads_the_front_page_and_nothing_else() -> None:
    old = record(1, title="Old and pinned", heat=1, published_date_time="2026-01-01T00:00:00Z")
    plain = edition([*some(3), old], front=3)
    path = next(path for path, each in plain.records if each is old)
    made, without = pages(msgspec.structs.replace(plain, pinned=frozenset({path}))), pages(plain)
    headlines = [node.text() for node in tree(made["index.html"]).css(".cluster h2")]
    assert headlines[0] == "Old and pinned"
    assert len(headlines) == 3
    others = {name: data for name, data in made.items() if name != "index.html"}
    assert others == {name: data for name, data in without.items() if name != "index.html"}


def test_what_is_not_published_is_nowhere() -> None:
    hidden = [record(90, title="HIDDEN", published=value) for value in (False, None)]
    with_hidden = pages(edition([*some(4), *hidden]))
    assert with_hidden == pages(edition(some(4)))


def test_nothing_sealed_is_in_any_file() -> None:
    for path, content in pages(edition(some())).items():
        assert b"TOPSECRET" not in content, path
        assert b"secured" not in content, path


def test_a_humans_edit_shows() -> None:
    edited = msgspec.structs.replace(
        some(1)[0], title="A human's title", body="\nA human's note.\n"
    )
    made = pages(edition([edited]))
    story = made["news/2026-03-01-story-0.html"]
    for page in (made["index.html"], made["latest.html"], story, made["search/2026-03.json"]):
        assert b"A human" in page
    assert "A human's note." in tree(story).css_first(".note").text()  # type: ignore[union-attr]


def test_a_storys_page_tells_who_reports_it_and_why_it_is_here() -> None:
    story = tree(pages(edition(some(2)))["news/2026-03-01-story-1.html"])
    assert len(story.css(".timeline li")) == 3
    rows = [
        (row.css_first("th").text(), row.css_first("td").text())  # type: ignore[union-attr]
        for row in story.css(".ledger")[0].css("tbody tr")
    ]
    assert rows[-1] == ("the last provider to join reported it 20 hours ago", "-10")
    sums = [strong.text() for strong in story.css(".ledger caption strong")]
    assert sums == ["70", "60"]
    assert len(story.css(".ledger svg")) == 4


def test_the_ledger_can_be_kept_back() -> None:
    made = pages(edition(some(1), ledger=False))
    assert b"taken alone" not in b"".join(made.values())


@pytest.mark.parametrize(
    ("canonical", "href"),
    [
        ("publisher", "https://harbour-courier.example/1"),
        ("self", "https://desk.example/news/2026-03-01-story-1.html"),
    ],
)
def test_a_story_names_its_original(canonical: str, href: str) -> None:
    story = tree(pages(edition(some(2), canonical=canonical))["news/2026-03-01-story-1.html"])
    (link,) = story.css("link[rel=canonical]")
    assert link.attributes["href"] == href


def test_linked_data_gives_every_article_its_own_publisher() -> None:
    page = tree(pages(edition(some()))["index.html"])
    data = msgspec.json.decode(page.css_first("script[type='application/ld+json']").text())  # type: ignore[union-attr]
    listed = data["mainEntity"]["itemListElement"]
    assert [one["position"] for one in listed] == list(range(1, 11))
    for one in listed:
        article = one["item"]
        assert article["@type"] == "NewsArticle"
        assert urlsplit(article["url"]).hostname == "harbour-courier.example"
        assert article["publisher"]["name"] in {"Harbour Courier", "Vellmark Gazette"}
    assert "publisher" not in data


@drawn(st.text())
def test_linked_data_never_leaves_its_element(text: str) -> None:
    made = script_json({"headline": text})
    assert not set("<>&\u2028\u2029") & set(made)
    assert msgspec.json.decode(made.encode("utf-8", "surrogatepass")) == {"headline": text}


@pytest.mark.parametrize("path", sorted(pages(edition(some()))))
def test_no_page_runs_or_styles_inline_or_asks_another_host(path: str) -> None:
    if not path.endswith(".html"):
        return
    page = tree(pages(edition(some(), images="none"))[path])
    for node in page.css("script"):
        if node.attributes.get("type") != "application/ld+json":
            assert (node.attributes.get("src") or "").startswith("/assets/")
    assert page.css("[style], style, iframe, object, embed, base") == []
    asked = [node.attributes.get(name) for node in page.css("*") for name in ("src", "srcset")]
    asked += [node.attributes["href"] for node in page.css("link:not([rel=canonical])")]
    assert all(address.startswith("/") for address in asked if address)
    policy = page.css_first("meta[http-equiv=Content-Security-Policy]")
    assert "default-src 'none'" in (policy.attributes["content"] or "")  # type: ignore[union-attr]


def test_hostile_text_makes_no_element_and_no_link_of_its_own() -> None:
    """45 texts in every place; the browser's test is in tests/page_checks."""
    for path, content in pages(hostile()).items():
        if not path.endswith(".html"):
            continue
        page = tree(content)
        for node in page.css("*"):
            assert not any(name.startswith("on") for name in node.attributes), path
            address = (node.attributes.get("href") or "").strip().lower()
            month = re.fullmatch(r"[0-9-]+\.html", address)
            assert address.startswith(("/", "#", "https://", "http://")) or not address or month
        assert len(page.css("script")) <= 3, path
        assert page.css("img, iframe, style, base, embed, object, video, math") == [], path
    literal = pages(hostile())["latest.html"].decode()
    assert "{{7*7}}" in literal
    assert "49" not in re.sub(r"\d{2}:\d{2}|[0-9a-f]{8,}", "", literal)


def test_templates_never_switch_escaping_off() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text()
        assert "|safe" not in text.replace(" ", "")
        assert "autoescape" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_and_its_places(language: str) -> None:
    english, words = read_words("en", None), read_words(language, None)
    assert words.language == language
    own = msgspec.toml.decode((TEMPLATES.parent / "words" / f"{language}.toml").read_bytes())
    assert own["text"].keys() == english.text.keys()
    for name, text in english.text.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", own["text"][name]))
    for number in (0, 1, 2, 3, 11, 100, 101):
        assert words.counted("stories", number)


def test_arabic_counts_as_cldr_says() -> None:
    words = read_words("ar", None)
    numbers = {0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many",
               100: "other", 102: "other", 103: "few", 111: "many"}  # fmt: skip
    assert {number: words.category(number) for number in numbers} == numbers


def test_a_page_is_written_in_its_direction_and_a_headline_in_its_own() -> None:
    made = edition(some(2), language="ar")
    languages = {"_news/2026-03-01-story-0.md": "de"}
    page = tree(pages(msgspec.structs.replace(made, languages=languages))["index.html"])
    root = page.css_first("html")
    assert root is not None
    assert (root.attributes["lang"], root.attributes["dir"]) == ("ar", "rtl")
    assert page.css(".cluster h2 a[lang=de][dir=ltr]")


def test_pictures_of_others_are_not_loaded_by_default() -> None:
    assert b"<img" not in b"".join(pages(edition(some())).values())
    shown = pages(edition(some(), images="publishers"))
    assert b"https://img.harbour-courier.example/i.jpg" in shown["index.html"]
    assert b"img-src &#39;self&#39; https:" in shown["index.html"]


def test_the_smallest_sharp_picture_is_chosen() -> None:
    images = [Image(url=f"https://x.example/{width}.jpg", width=width, height=400)
              for width in (60, 300, 1200, 800, 2400)]  # fmt: skip
    settings = edition([], images="publishers").settings
    chosen = picture(images, settings)
    assert chosen is not None
    assert chosen.width == 800
    assert picture(images, edition([], images="cached").settings) is None
    cached = Image(url="/pictures/a.webp", width=640, height=360, is_cached=True)
    assert picture([cached], edition([]).settings) == cached
    for url in ("//evil.example/a.png", "/\\evil.example/a.png", "/a b.png", "data:image/png,x"):
        odd = msgspec.structs.replace(cached, url=url)
        assert picture([odd], edition([]).settings) is None


def test_links_of_the_site_lead_somewhere() -> None:
    given = edition(some(100))
    made = pages(given)
    there = {*made, *(f"feeds/{path}" for path in feeds.documents(given))}
    for path, content in made.items():
        if not path.endswith(".html"):
            continue
        for node in tree(content).css("a[href], link[href], script[src]"):
            address = node.attributes.get("href") or node.attributes.get("src") or ""
            folder = urlsplit(f"https://desk.example/{path}").path.rpartition("/")[0]
            if address.startswith(("http", "#", "/api/")):
                continue
            target = (address if address.startswith("/") else f"{folder}/{address}").lstrip("/")
            target += "index.html" if not target or target.endswith("/") else ""
            assert target in there, (path, address)


def test_below_a_path_all_links_stay_below_it() -> None:
    for path, content in pages(edition(some(), base_url="https://x.example/news/desk/")).items():
        if path.endswith(".html"):
            for node in tree(content).css("a[href^='/'], link[href^='/'], script[src]"):
                address = node.attributes.get("href") or node.attributes.get("src") or ""
                assert address.startswith("/news/desk/"), (path, address)


# Sitemaps, by the rules of sitemaps.org 0.9 and Google's news extension 0.9

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
W3C = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def locations(content: bytes, kind: str) -> list[str]:
    root = etree.fromstring(content)
    assert root.tag == f"{SITEMAP}{kind}"
    assert len(content) <= 50 * 2**20
    assert len(root) <= 50_000
    found = []
    for entry in root:
        assert entry.tag == SITEMAP + ("url" if kind == "urlset" else "sitemap")
        children = [child.tag for child in entry]
        assert children[0] == f"{SITEMAP}loc"
        assert set(children[1:]) <= {f"{SITEMAP}lastmod", f"{NEWS}news"}
        location = entry[0].text or ""
        assert location.startswith("https://desk.example/")
        assert len(location) < 2048
        for changed in entry.iter(f"{SITEMAP}lastmod", f"{NEWS}publication_date"):
            assert W3C.fullmatch(changed.text or "")
        found.append(location)
    assert len(found) == len(set(found))
    return found


@pytest.mark.parametrize("canonical", ["publisher", "self"])
def test_sitemaps_keep_their_rules_and_name_what_is_there(canonical: str) -> None:
    made = pages(edition(some(80), canonical=canonical))
    maps = locations(made["sitemap.xml"], "sitemapindex")
    listed = []
    for address in maps:
        listed += locations(made[address.removeprefix("https://desk.example/")], "urlset")
    for address in listed:
        path = address.removeprefix("https://desk.example/")
        path += "index.html" if not path or path.endswith("/") else ""
        assert path in made
        if "/news/2" in address:
            links = tree(made[path]).css("link[rel=canonical]")
            assert [link.attributes["href"] for link in links] == [address]
    assert ("/news/2026" in "".join(listed)) is (canonical == "self")


def test_the_news_sitemap_has_the_last_two_days() -> None:
    root = etree.fromstring(pages(edition(some(80)))["sitemap-news.xml"])
    locations(etree.tostring(root), "urlset")
    assert len(root) == 49 <= MOST_NEWS
    for news in root.iter(f"{NEWS}news"):
        names = [child.tag.removeprefix(NEWS) for child in news]
        assert names == ["publication", "publication_date", "title"]
        when = datetime.fromisoformat(news[1].text or "")
        assert 0 <= (NOON - when).total_seconds() <= 2 * 86_400


def test_hostile_text_leaves_sitemaps_and_the_manifest_whole() -> None:
    made = pages(hostile())
    for path, content in made.items():
        if path.endswith(".xml"):
            etree.fromstring(content)
        elif path.endswith((".json", ".webmanifest")):
            msgspec.json.decode(content)
    assert not any(line.startswith(("# <", "<")) for line in made["llms.txt"].decode().split("\n"))


def test_without_an_address_of_its_own_a_desk_has_no_sitemap() -> None:
    made = pages(edition(some(), base_url=""))
    assert not [path for path in made if "sitemap" in path]
    assert b"Sitemap" not in made["robots.txt"]


def test_icons_are_what_they_say() -> None:
    data = icons.png("#0a5fb4", 180)
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert (width, height, depth, kind) == (180, 180, 1, 3)
    start = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    pixels = zlib.decompress(data[start + 4 : start + 4 + length])
    assert len(pixels) == 180 * (1 + 23)
    assert icons.ico("#0a5fb4")[22:] == icons.png("#0a5fb4", 32)
    assert b"#0a5fb4" in icons.svg("#0a5fb4")


# Themes


def test_a_theme_goes_before_our_templates_styles_and_words(tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    (theme / "words").mkdir(parents=True)
    (theme / "static").mkdir()
    (theme / "layout.html").write_text(
        '{% extends "wiredesk/layout.html" %}{% block footer %}<p>Our own foot</p>{% endblock %}'
    )
    (theme / "site.css").write_text("body { background: pink }")
    (theme / "static" / "crest.svg").write_text("<svg/>")
    (theme / "words" / "en.toml").write_text('[text]\nfront = "Quayside"\n')
    made = pages(edition(some(), home=tmp_path))
    assert b"Our own foot" in made["index.html"]
    assert b"Quayside" in made["archive/index.html"]
    assert made["assets/theme/crest.svg"] == b"<svg/>"
    (style,) = [content for path, content in made.items() if path.endswith(".css")]
    assert style.endswith(b"pink }")


def test_a_theme_that_fails_says_where(tmp_path: Path) -> None:
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "about.html").write_text("line\n{{ nothing.at.all }}\n")
    with pytest.raises(PublishError, match=r"about\.html"):
        pages(edition(some(1), home=tmp_path))


def test_the_desks_colour_and_logo_are_used(tmp_path: Path) -> None:
    (tmp_path / "crest.png").write_bytes(icons.png("#123456", 32))
    made = pages(edition(some(1), home=tmp_path, accent="#123456", logo="crest.png"))
    (style,) = [content for path, content in made.items() if path.endswith(".css")]
    assert b"--accent: #123456" in style
    assert made["assets/logo.png"] == (tmp_path / "crest.png").read_bytes()


# Only what changed


def test_building_again_makes_and_writes_nothing(tmp_path: Path) -> None:
    laid(edition(some(50)), tmp_path / "public", tmp_path / "memory")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    again = laid(edition(some(50)), tmp_path / "public", tmp_path / "memory")
    assert again.made == 0
    assert {
        path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()
    } == before


def test_a_lost_memory_costs_work_and_changes_no_file(tmp_path: Path) -> None:
    laid(edition(some(50)), tmp_path / "public", tmp_path / "memory")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "public").rglob("*.html")}
    for spoilt in (b"", b"\xff\x00", None):
        (tmp_path / "memory").unlink()
        if spoilt is not None:
            (tmp_path / "memory").write_bytes(spoilt)
        assert laid(edition(some(50)), tmp_path / "public", tmp_path / "memory").made > 80
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "public").rglob("*.html")} == before


CHANGES: tuple[Callable[[Edition], Edition], ...] = (
    lambda given: _with(given, 30, title="Changed"),
    lambda given: _with(given, 30, published=False),
    lambda given: _with(given, 0, heat=500),
    lambda given: _with(given, 5, published_date_time="2026-02-01T00:00:00Z"),
    lambda given: _with(given, 5, provider=GAZETTE, topics=("Ports", "New")),
    lambda given: _with(given, 7, web_url="https://harbour-courier.example/elsewhere"),
    lambda given: msgspec.structs.replace(given, records=given.records[:40]),
    lambda given: msgspec.structs.replace(given, languages={given.records[3][0]: "ar"}),
    lambda given: edition(some(50), name="Another name"),
    lambda given: edition(some(50), tagline="Another line"),
    lambda given: edition(some(51)),
)


def _with(given: Edition, place: int, **changes: object) -> Edition:
    records = list(given.records)
    path, old = records[place]
    records[place] = (path, msgspec.structs.replace(old, **changes))
    return msgspec.structs.replace(given, records=records)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_site_is_the_site_built_anew(
    tmp_path: Path, change: Callable[[Edition], Edition]
) -> None:
    first = edition(some(50))
    laid(first, tmp_path / "a", tmp_path / "memory")
    after = change(first)
    shelf = laid(after, tmp_path / "a", tmp_path / "memory")
    laid(after, tmp_path / "b")
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert shelf.made > 0


def test_one_changed_record_makes_only_the_pages_that_show_it(tmp_path: Path) -> None:
    many = [record(number * 8) for number in range(400)]
    laid(edition(many), tmp_path / "public", tmp_path / "memory")
    changed = _with(edition(many), 200, title="Changed")
    shelf = laid(changed, tmp_path / "public", tmp_path / "memory")
    shown = [path for path, content in files(tmp_path / "public").items() if b"Changed" in content]
    assert 5 <= shelf.made <= len(shown) + 2


def test_a_page_that_somebody_touched_is_mended(tmp_path: Path) -> None:
    laid(edition(some()), tmp_path / "public", tmp_path / "memory")
    whole = files(tmp_path / "public")
    (tmp_path / "public" / "index.html").write_bytes(b"x")
    (tmp_path / "public" / "latest.html").unlink()
    (tmp_path / "public" / "news" / ".x.html.wiredesk-new").write_bytes(b"half")
    (tmp_path / "public" / "news" / "stray.html").write_bytes(b"old")
    (tmp_path / "public" / "mine.html").write_bytes(b"mine")
    (tmp_path / "public" / "feeds").mkdir()
    (tmp_path / "public" / "feeds" / "feed.xml").write_bytes(b"<rss/>")
    laid(edition(some()), tmp_path / "public", tmp_path / "memory")
    assert files(tmp_path / "public") == whole | {"mine.html": b"mine", "feeds/feed.xml": b"<rss/>"}


def test_switched_off_it_takes_its_files_away_and_no_others(tmp_path: Path) -> None:
    site_publisher.publish(edition(some()), tmp_path)
    (tmp_path / "mine.html").write_bytes(b"mine")
    site_publisher.publish(edition(some(), enabled=False), tmp_path)
    assert files(tmp_path) == {"mine.html": b"mine"}


def test_every_file_of_the_site_is_its_own() -> None:
    made = pages(edition(some(80), canonical="self"))
    assert [path for path in made if not is_ours(path)] == []
    assert not is_ours("api/news/index.json")


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from hashlib import sha256
from papers import edition, pages, record
made = pages(edition([record(number) for number in range(60)], language="de"))
print(sha256(repr(sorted(made.items())).encode()).hexdigest())
"""


def test_elsewhere_the_site_has_the_same_bytes() -> None:
    script = SCRIPT.format(tests=str(Path(__file__).parent))
    told = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, **env}, capture_output=True,
            text=True, check=True,
        ).stdout
        for env in (
            {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"},
            {"PYTHONHASHSEED": "99", "TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONUTF8": "0"},
        )
    }  # fmt: skip
    assert len(told) == 1


def test_the_texts_that_want_to_run_are_at_least_35() -> None:
    assert len(set(ALERTS)) >= 35
