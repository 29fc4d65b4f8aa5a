"""The newsletter's forms: mail that survives its clients, headers that nobody can add to, an archive."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from test_feeds import HOSTILE

from wiredesk.config import NewsletterSettings, PublishSettings, SeriesSettings, Settings
from wiredesk.ports.publisher import Edition
from wiredesk.publishers.newsletter import (
    MOST_BYTES,
    archive,
    message,
    publish,
    record,
    record_path,
    render,
)
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.newsletter import Issue, Item
from wiredesk.records.plaintext import plain
from wiredesk.records.topic import TopicPack

GOLDEN = Path(__file__).parents[1] / "golden" / "newsletter"
ROOT = Path(__file__).resolve().parents[2]
DUE = datetime(2026, 3, 29, 5, tzinfo=UTC)
LEAVE = "https://desk.example/mail/unsubscribe?t=abc~daily~def"
MARK = f"{'a' * 20}~daily-2026-03-29-0500~{'b' * 32}"


def item(name: str, **more: Any) -> Item:
    fields: dict[str, Any] = {
        "story": f"story-{name}",
        "url": f"https://courier.example/{name}?a=1&b=2",
        "title": f"About {name} & more",
        "excerpt": "What <happened> and “why”.",
        "provider": ProviderName(name="Harbour Courier", domain="courier.example"),
        "published": DUE - timedelta(hours=3),
        "heat": 70,
        "section": "Ports",
        "image": Image(url="https://img.courier.example/a.png?x=1&y=2", width=640, height=360),
        "voices": 3,
    } | more
    return Item(**fields)


def issue(*items: Item, **more: Any) -> Issue:
    given = items or (item("a"), item("b", language="de"), item("c", section="Ferries", voices=1))
    fields: dict[str, Any] = {"items": given, "status": "released", "released_at": DUE} | more
    made = Issue(
        id="daily-2026-03-29-0500", series="daily", due=DUE, since=DUE, review_until=DUE, **fields
    )
    return msgspec.structs.replace(made, path=record_path(made, "Europe/Berlin"))


def settings(**more: Any) -> Settings:
    fields: dict[str, Any] = {
        "sender": "news@desk.example",
        "zone": "Europe/Berlin",
        "postal": "1 Quay Street, Port Lorne",
        "series": (SeriesSettings(name="daily", cron="0 7 * * *", title="The Harbour Morning"),),
    } | more
    base = PublishSettings(base_url="https://desk.example")
    return Settings(name="Harbour desk", publish=base, newsletter=NewsletterSettings(**fields))


def mail(given: Issue, using: Settings | None = None, **more: Any) -> bytes:
    fields: dict[str, Any] = {
        "recipient": "ada@reader.example", "id": f"{MARK}@desk.example", "unsubscribe": LEAVE,
    } | more  # fmt: skip
    return message(render(given, using or settings()), **fields)


def parsed(data: bytes) -> EmailMessage:
    read = message_from_bytes(data, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def body(data: bytes, kind: str) -> str:
    part = parsed(data).get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_forms_are_those_of_the_golden_folder() -> None:
    made = {
        "letter.eml": mail(issue()),
        "letter.html": render(issue(), settings()).html.encode(),
        "letter.txt": render(issue(), settings()).text.encode(),
        "record.md": record(issue(), settings()),
    }
    if os.environ.get("WIREDESK_GOLDEN") == "write":
        GOLDEN.mkdir(parents=True, exist_ok=True)
        for name, data in made.items():
            (GOLDEN / name).write_bytes(data)
    assert made == {file.name: file.read_bytes() for file in GOLDEN.iterdir()}


def test_a_letter_has_its_headers_each_once_and_no_other() -> None:
    read = parsed(mail(issue(), settings(reply_to="editor@desk.example")))
    assert {name: read[name] for name in read} == {
        "From": "The Harbour Morning <news@desk.example>",
        "To": "ada@reader.example",
        "Reply-To": "editor@desk.example",
        "Subject": "The Harbour Morning: About a & more",
        "Date": "Sun, 29 Mar 2026 05:00:00 +0000",
        "Message-ID": f"<{MARK}@desk.example>",
        "List-Id": "<daily.desk.example>",
        "List-Unsubscribe": f"<{LEAVE}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": read["Content-Type"],
    }
    assert len(read.keys()) == len({*read.keys()})
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]


def test_addresses_and_ids_stand_on_one_line_of_the_header_unencoded() -> None:
    long = f"https://{'very-' * 20}long.example/mail/unsubscribe?t={'x' * 120}"
    head = mail(issue(), unsubscribe=long).partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert f"List-Unsubscribe: <{long}>".encode() in head
    assert f"Message-ID: <{MARK}@desk.example>".encode() in head


def test_a_letter_is_seven_bit_lines_that_every_server_takes() -> None:
    long = item(
        "x", title="Ж" * 300, excerpt="y" * 500, url=f"https://courier.example/{'z' * 1900}"
    )
    data = mail(issue(long))
    assert data.isascii()
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert data == mail(issue(long)), "the same values give the same bytes"


BREAKS = (
    "\r\nBcc: x@y.example",
    "\nBcc: x@y.example",
    "\rBcc: x",
    "\x85Bcc: x",
    "\u2028Bcc: x",
    "\0",
    "\x1b[0m",
)


@pytest.mark.parametrize("end", BREAKS)
def test_no_text_can_end_a_header(end: str) -> None:
    using = settings(series=(SeriesSettings(name="daily", cron="0 7 * * *", title=f"Desk{end}"),))
    read = parsed(mail(issue(item("a", title=f"News{end}")), using))
    assert "Bcc" not in read
    assert len(read.keys()) == 10
    for name in ("From", "Subject"):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028]", read[name])


@pytest.mark.parametrize("end", BREAKS)
@pytest.mark.parametrize("field", ["recipient", "id", "unsubscribe"])
def test_an_address_or_id_that_could_is_refused(field: str, end: str) -> None:
    unfit: dict[str, Any] = {field: f"a@b.example{end}"}
    with pytest.raises(ValueError, match="unfit for a header"):
        mail(issue(), **unfit)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_makes_a_mail(title: str, excerpt: str) -> None:
    odd = issue(item("a", title=title, excerpt=excerpt, section=title))
    html = LexborHTMLParser(render(odd, settings()).html)
    assert [each.text() for each in html.css("h3")] == [plain(title)]


@given(st.text(max_size=400))
def test_any_subject_travels_as_plain_text(title: str) -> None:
    letter = msgspec.structs.replace(_RENDERED, subject=title)
    data = message(letter, recipient="ada@reader.example", id="1@desk.example")
    assert parsed(data)["Subject"] == plain(title, 300)


_RENDERED = msgspec.structs.replace(render(issue(), settings()), html="", text="x")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_every_form(text: str, tmp_path: Path) -> None:
    provider = ProviderName(name=plain(text), domain="courier.example")
    given = issue(
        item("a", title=plain(text), excerpt=plain(text), section=plain(text), provider=provider)
    )
    using = settings(
        series=(SeriesSettings(name="daily", cron="0 7 * * *", title=text),), postal=text
    )
    data = mail(given, using)
    html = body(data, "html")
    tree = LexborHTMLParser(html)
    assert {node.tag for node in tree.css("*") if node.tag} <= {
        "html", "head", "title", "meta", "style", "body", "div", "table", "tbody", "tr", "td", "h1", "h2",
        "h3", "a", "p", "br", "noscript", "xml", "-undef",
    }  # fmt: skip
    assert not any(name.startswith("on") for node in tree.css("*") for name in node.attributes)
    shown = plain(text)
    (title,) = tree.css("h3")
    assert title.text() == shown
    assert {link.attributes["href"] for link in tree.css("a")} == {
        given.items[0].url, LEAVE, "https://desk.example",
    }  # fmt: skip
    assert shown.split()[0] in body(data, "plain")
    archive((given,), using, tmp_path)
    fragment = LexborHTMLParser(
        (tmp_path / "newsletters/2026-03-29-daily-0700.fragment").read_text()
    )
    assert [title.text() for title in fragment.css("h3")] == [shown]
    assert not fragment.css("img, script, b, svg, i")
    front = record(given, using).decode().split("---\n")[1]
    assert yaml.safe_load(front)["stories"][0]["title"] == shown


@pytest.mark.parametrize("text", HOSTILE)
def test_in_markdown_a_strangers_text_is_no_markup_either(text: str) -> None:
    markdown = pytest.importorskip("markdown_it")
    made = record(issue(item("a", title=plain(text), excerpt=plain(text))), settings()).decode()
    html = markdown.MarkdownIt("commonmark").render(made.split("---\n", 2)[2])
    tree = LexborHTMLParser(html)
    assert not tree.css("img, script, b, svg, i, strong, em")
    assert [title.text() for title in tree.css("h3")] == [plain(text)]
    assert "{{" not in made.split("---\n", 2)[2], "and no template of a site's generator"


def test_the_foot_says_how_to_leave_unless_nobody_is_known_to() -> None:
    assert "Unsubscribe" in render(issue(), settings()).html
    without = render(issue(), settings(), with_foot=False)
    assert "nsubscribe" not in without.html + without.text


def test_images_are_shown_only_where_the_desk_wants_them() -> None:
    assert "<img" not in render(issue(), settings()).html
    assert "img.courier.example" not in render(issue(), settings()).html
    shown = LexborHTMLParser(render(issue(), settings(images=True)).html).css("img")
    assert [image.attributes["alt"] for image in shown] == ["", "", ""]
    assert shown[0].attributes["src"] == "https://img.courier.example/a.png?x=1&y=2"


def test_nothing_is_loaded_from_anywhere() -> None:
    tree = LexborHTMLParser(render(issue(), settings()).html)
    assert not tree.css("link, script, iframe, object, embed, [src], [background]")
    assert not re.search(r"(?i)url\(|@import", render(issue(), settings()).html)


def test_a_storys_own_language_is_said() -> None:
    titles = LexborHTMLParser(render(issue(), settings()).html).css("h3")
    assert [title.attributes.get("lang") for title in titles] == [None, "de", None]


def test_twelve_stories_are_far_from_where_a_mail_is_cut() -> None:
    many = (
        item(f"{n}", title="x" * 100, excerpt="y" * 500, section=f"Section {n}") for n in range(12)
    )
    assert len(render(issue(*many), settings()).html.encode()) < MOST_BYTES / 2


def test_dates_are_those_of_the_readers_zone() -> None:
    text = render(issue(), settings()).text
    assert "Sunday, 29 March 2026" in text
    assert "Harbour Courier and 2 others · 29 Mar, 04:00" in text, "summer time has begun"
    assert record_path(issue(), "Pacific/Auckland") == "_newsletters/2026-03-29-daily-1800.md"


def test_the_hour_that_comes_twice_has_two_names() -> None:
    first, second = (
        msgspec.structs.replace(issue(), due=datetime(2026, 10, 25, hour, 30, tzinfo=UTC))
        for hour in (0, 1)
    )
    assert record_path(first, "Europe/Berlin") == "_newsletters/2026-10-25-daily-0230.md"
    assert record_path(second, "Europe/Berlin") == "_newsletters/2026-10-25-daily-0230-2.md"


def test_a_fragment_is_there_while_its_edition_is_public(tmp_path: Path) -> None:
    edition = Edition(
        records=(), languages={}, pack=TopicPack(), as_of=DUE, settings=settings(),
        letters=(issue(), issue(status="waiting")),
    )  # fmt: skip
    assert publish(edition, tmp_path).wrote == 1
    assert publish(edition, tmp_path).wrote == 0
    (tmp_path / "newsletters" / "mine.html").write_text("mine")
    publish(msgspec.structs.replace(edition, letters=(issue(status="dropped"),)), tmp_path)
    assert [file.name for file in (tmp_path / "newsletters").iterdir()] == ["mine.html"]


def test_a_desk_without_newsletters_gets_no_folder(tmp_path: Path) -> None:
    publish(
        Edition(records=(), languages={}, pack=TopicPack(), as_of=DUE, settings=Settings()),
        tmp_path,
    )
    assert list(tmp_path.iterdir()) == []


MAJOR = ("gmail.*", "outlook.*", "apple-mail.*", "yahoo.*", "samsung-email.*")
DEGRADES = {
    "<body> element": "some put a div in its place; its ground is on a div of ours as well",
    "aria-label attribute": "MJML names the mail for screen readers; without it the title does",
    "role attribute": "tables for layout say so; without it they are read as tables",
    "display:none": "hides the preview text, which is also set in white at 1 px and no height",
    "opacity": "the same preview text",
    "overflow": "the same preview text",
    "max-height property": "the same preview text",
    "color-scheme meta tag": "says that there is a dark mode; without it there is none",
    "word-break": "long words are not broken; the cell grows",
    "word-spacing": "MJML sets it to normal, which is the default",
    "target attribute": "a link on an image opens as the client likes",
    "border-spacing": "of a table around an image that has one cell",
    "height property": "of images, whose width decides",
    "outline": "none of an image's, which few would draw",
    "transform": "the checker takes text-transform for it; headings would stand in small letters",
}
"""What a major client lacks of what we use, and why that does no harm. Nothing else may be lacking."""


def caniemail_folder() -> Path | None:
    """Return the folder whose node_modules has caniemail: where `./dev page-tools` puts it, or the one
    that WIREDESK_CANIEMAIL names.
    """
    for folder in (os.environ.get("WIREDESK_CANIEMAIL", ""), str(ROOT / "tests" / "page_checks")):
        if folder and (Path(folder) / "node_modules" / "caniemail").is_dir():
            return Path(folder)
    return None


@pytest.mark.skipif(
    shutil.which("node") is None or caniemail_folder() is None,
    reason="missing: node or caniemail; ./dev page-tools installs them",
)
@pytest.mark.parametrize("images", [False, True])
def test_major_clients_lack_nothing_that_matters(images: bool) -> None:
    html = render(issue(), settings(images=images)).html
    styles = re.compile(r"(?is)<style.*?</style>")
    assert styles.search(html)
    bare = styles.sub("", html)  # as a client sees it that drops style sheets
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("caniemail.mjs")), str(caniemail_folder()), *MAJOR],
        input=bare,
        capture_output=True,
        text=True,
        check=True,
    )
    found = {tuple(line.split("\t")) for line in done.stdout.splitlines()}
    assert found, "the checker sees something"
    assert {feature for _, feature in found} <= DEGRADES.keys(), found


CHROMIUM = shutil.which("chromium")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_no_script_of_a_stranger_runs_in_a_browser(tmp_path: Path) -> None:
    texts = [
        *map(plain, HOSTILE),
        "<svg onload=\"document.title='run'\">",
        "';document.title='run';//",
    ]
    payload = '"><img src=x onerror="document.title=\'run\'">'
    items = (
        item(f"{n}", title=text + payload, excerpt=text, section=text)
        for n, text in enumerate(texts)
    )
    given = issue(*items)
    pages = {
        "letter.html": render(given, settings()).html,
        "fragment.html": "<!doctype html><title>safe</title>"
        + _fragment(given, tmp_path).read_text(),
    }
    for name, html in pages.items():
        file = tmp_path / name
        file.write_text(html)
        done = subprocess.run(
            [
                str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000", "--dump-dom",
                file.as_uri(),
            ],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert "<title>" in done.stdout, done.stderr
        assert "<title>run</title>" not in done.stdout, name


def _fragment(given: Issue, folder: Path) -> Path:
    archive((given,), settings(), folder)
    return next((folder / "newsletters").iterdir())
