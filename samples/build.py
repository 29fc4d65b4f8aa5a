"""Build the sample wire and the sample desk from ``samples/source``: the same bytes every time.

Run it after a change of the source: ``python samples/build.py``. With ``--into DIR`` it writes
there instead, which is how the test compares. Needs nothing but Python's standard library.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import archive
import pages
import pictures
import syndication
from newsroom import Article, Newsroom, read_articles, read_newsrooms

_HERE = Path(__file__).resolve().parent
_HTML = "text/html; charset=utf-8"
_COLOURS = ((38, 70, 83), (42, 157, 143), (233, 196, 106), (244, 162, 97), (231, 111, 81))
_MARKET = (
    "<item><title>Market day moves to Wednesday</title>"
    "<link>https://www.copperline-times.example/market-day</link>"
    "<guid>copperline-1</guid><pubDate>Mon, 02 Mar 2026 06:00:00 GMT</pubDate>"
    "<description>The cheese stalls stay where they are.</description></item>"
)


def build(source: Path, package: Path, truth: Path) -> None:
    """Write the archive and the desk's files below ``package``, and what is true of them."""
    rooms, broken = read_newsrooms(source)
    articles = read_articles(source, rooms)
    package.mkdir(parents=True, exist_ok=True)
    (package / "wire.warc.gz").write_bytes(b"".join(_records(rooms, broken, articles)))
    _write_desk(package / "desk", rooms, broken)
    facts = [_truth(article) for article in articles]
    _write(truth, json.dumps(facts, ensure_ascii=False, indent=1) + "\n")


def _records(
    rooms: list[Newsroom], broken: list[dict[str, str]], articles: list[Article]
) -> Iterator[bytes]:
    yield archive.warcinfo()
    own = defaultdict(list)
    for article in articles:
        own[article.newsroom.id].append(article)
    for room in rooms:
        yield from _robots(room)
        yield from _feeds(room, own[room.id])
        for number, article in enumerate(own[room.id]):
            yield from _article(article, own[room.id], _COLOURS[number % len(_COLOURS)])
        if room.page.get("pixel"):
            address = f"https://pixel.{room.domain}/count.gif"
            yield archive.response(address, pictures.PIXEL, "image/gif")
    for row in broken:
        yield from _broken(row)


def _robots(room: Newsroom) -> Iterator[bytes]:
    rules = b"User-agent: *\nDisallow: /account/\nDisallow: /search\n"
    yield archive.response(f"{room.root}/robots.txt", rules, "text/plain; charset=utf-8")


def _feeds(room: Newsroom, articles: list[Article]) -> Iterator[bytes]:
    for path in _feed_paths(room):
        section = path == room.feed.get("section")
        body = syndication.feed(room, articles, section=section)
        headers = {"ETag": archive.etag(body), "Cache-Control": "max-age=1800"}
        kind = syndication.content_type(room)
        yield archive.response(room.root + path, body, kind, headers=headers)


def _article(
    article: Article, others: list[Article], colour: tuple[int, int, int]
) -> Iterator[bytes]:
    room = article.newsroom
    if article.missing:
        yield archive.response(article.link, pages.not_found(room), _HTML, status=404)
        return
    if article.redirect_from:
        headers = {"Location": article.fetched}
        yield archive.response(article.link, b"", _HTML, status=301, headers=headers)
    yield archive.response(article.fetched, pages.page(article, others), _HTML)
    if article.amp:
        yield archive.response(article.amp_url, pages.amp_page(article), _HTML)
    if room.image and not article.pixel_only:
        picture = pictures.flat_png(room.image[0], room.image[1], colour)
        yield archive.response(article.picture, picture, "image/png")


def _broken(row: dict[str, str]) -> Iterator[bytes]:
    root = f"https://{row['host']}"
    url = root + row["path"]
    if row["how"] == "timeout":
        yield archive.failure(url, "deadline", f"{row['host']} did not answer within 20 seconds")
        return
    yield archive.response(f"{root}/robots.txt", b"", "text/plain", status=404)
    status, kind, body = syndication.broken(row, _MARKET)
    headers = {"Retry-After": "3600"} if status == 503 else {}  # noqa: PLR2004 - as HTTP names it
    yield archive.response(url, body, kind, status=status, headers=headers)
    if row["how"] == "cut":
        text = (
            b"<!doctype html><title>Market day moves to Wednesday</title><h1>Market day moves to "
        )
        text += b"Wednesday</h1><p>The cheese stalls stay where they are, the council says.</p>\n"
        yield archive.response(f"{root}/market-day", text, _HTML)


def _feed_paths(room: Newsroom) -> list[str]:
    section = room.feed.get("section")
    return [room.feed["path"], *([section] if section else [])]


def _write_desk(desk: Path, rooms: list[Newsroom], broken: list[dict[str, str]]) -> None:
    listed = [(room.name, room.root + path) for room in rooms for path in _feed_paths(room)]
    listed += [(row["name"], f"https://{row['host']}{row['path']}") for row in broken]
    outlines = "".join(
        f'      <outline type="rss" text={quoteattr(name)} xmlUrl={quoteattr(url)}/>\n'
        for name, url in listed
    )
    _write(desk / "feeds.opml", _OPML.format(outlines=outlines))
    _write(desk / "desk.toml", _DESK)
    for room in rooms:
        if room.registered:
            _write(desk / "providers" / f"{room.domain}.yaml", _provider(room))


def _provider(room: Newsroom) -> str:
    lines = ["taxonomy: organization"]
    lines += [f'name: "{room.name}"', f'domain: "{room.domain}"', f'description: "{room.about}"']
    lines += [f'kind: "{room.kind}"', f"standing: {room.standing}"]
    lines += [f'group: "{room.group}"'] if room.group else []
    return "\n".join(lines) + "\n"


def _truth(article: Article) -> dict[str, object]:
    return {
        "id": article.id,
        "provider": article.newsroom.domain,
        "url": article.canonical,
        "link": article.link,
        "title": article.title,
        "published": f"{article.published:%Y-%m-%dT%H:%M:%SZ}" if article.published else "",
        "language": article.newsroom.language,
        "event": article.event,
        "topics": list(article.topics),
        "copy_of": article.copy_of,
        "off_topic": article.off_topic,
        "special": [name for name in _SPECIAL if getattr(article, name)],
        "paragraphs": list(article.paragraphs),
    }


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


_SPECIAL = (
    "amp", "paywalled", "clickbait", "spam", "missing", "pixel_only", "late", "video",
    "redirect_from", "feed_title", "section_title",
)  # fmt: skip
_OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>The sample wire</title>
  </head>
  <body>
    <outline text="Fictional newsrooms">
{outlines}    </outline>
  </body>
</opml>
"""
_DESK = '''\
# The sample desk: it reads the bundled recording of invented newsrooms.
name = "Sample desk"
language = "en"

[[sources]]
kind = "opml"
path = "feeds.opml"
name = "The sample wire's list of feeds"

[publish]
base_url = "https://sample-desk.example"

[site]
tagline = "News of machines that think, from newsrooms that were made up"
about = """
This is the sample desk of wiredesk. Every newsroom on it is invented, and so is all of its news.
"""

# A look at an edition: wiredesk newsletter preview sample-desk --at 2026-03-07T06:00:00
[newsletter]
zone = "Europe/Berlin"

[[newsletter.series]]
name = "daily"
cron = "0 7 * * *"
title = "The AI Morning"
'''


def main() -> None:
    """Build in place, or into the folder that ``--into`` names."""
    options = argparse.ArgumentParser(description="Build the sample wire and the sample desk.")
    options.add_argument("--into", type=Path, help="write below this folder instead of in place")
    into = options.parse_args().into
    source = _HERE / "source"
    if into is None:
        package = _HERE.parent / "src" / "wiredesk" / "samples"
        build(source, package, source / "truth.json")
    else:
        build(source, into, into / "truth.json")


if __name__ == "__main__":
    main()
