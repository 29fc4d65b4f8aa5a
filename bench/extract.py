"""How right the read stage is on real pages, field by field, beside trafilatura's own metadata.

Usage: ``python bench/extract.py [--misses FIELD]``. Reads ``../shared`` beside the checkout; says so
and ends when it is not there. The pages are those of Postlight's parser (153 cases with a person's
answers) and the 50 of the wire.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import tarfile
import time
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trafilatura
from fastwarc.warc import ArchiveIterator

from wiredesk.errors import Unreadable
from wiredesk.records.article import Article
from wiredesk.records.page import Page
from wiredesk.records.provider import ProviderRegistry
from wiredesk.stages.read import Read

_SHARED = Path(__file__).resolve().parents[2] / "shared"
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIELDS = ("title", "author", "date", "image", "first words")


def page_of(url: str, body: bytes) -> Page:
    headers = (("content-type", "text/html"),)
    return Page(url=url, final_url=url, status=200, headers=headers, body=body, at=_NOW)


def postlight() -> Iterator[tuple[str, bytes, dict[str, str]]]:
    folder = _SHARED / "data/extract"
    with tarfile.open(folder / "postlight_pages.tar.xz") as archive:
        pages = {
            Path(member.name).name: handle.read()
            for member in archive
            if member.isfile() and (handle := archive.extractfile(member)) is not None
        }
    for case in json.loads((folder / "postlight_expected.json").read_text(encoding="utf-8")):
        if case["fixture"] in pages:
            yield case["url"], pages[case["fixture"]], case["expected"]


def letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def same_author(ours: str, true: str) -> bool:
    one, other = set(re.findall(r"\w+", ours.casefold())), set(re.findall(r"\w+", true.casefold()))
    one, other = one - {"and", "by"}, other - {"and", "by"}
    return bool(one) and len(one & other) / len(one | other) >= 0.5


def same_date(ours: str, true: str) -> bool:
    """The day counts, give or take the one that a time zone moves it by."""
    if not ours:
        return False
    one = datetime.fromisoformat(ours[:10])
    other = datetime.fromisoformat(true[:10])
    return abs(one - other) <= timedelta(days=1)


def same_image(ours: str, true: str) -> bool:
    return bool(ours) and letters(ours.partition("://")[2]) == letters(true.partition("://")[2])


def right(field: str, ours: str, true: str) -> bool:
    if field == "title":
        return letters(ours) == letters(true)
    if field == "author":
        return same_author(ours, true)
    if field == "date":
        return same_date(ours, true)
    if field == "image":
        return same_image(ours, true)
    return letters(true)[:60] in letters(ours)


def truth(expected: dict[str, str], field: str) -> str:
    key = {
        "author": "author",
        "date": "date_published",
        "image": "lead_image_url",
        "first words": "first13",
    }.get(field, field)
    return expected.get(key) or ""


def of_article(article: Article | None) -> dict[str, str]:
    if article is None:
        return dict.fromkeys(FIELDS, "")
    published = article.published_date_time
    return {
        "title": article.title,
        "author": article.byline,
        "date": published.isoformat() if published else "",
        "image": article.images[0].url if article.images else "",
        "first words": article.text,
    }


def of_trafilatura(body: bytes, url: str) -> dict[str, str]:
    document = trafilatura.bare_extraction(
        body, url=url, with_metadata=True, fast=True, include_comments=False
    )
    found = document if isinstance(document, dict) else document.as_dict() if document else {}
    names = {
        "title": "title",
        "author": "author",
        "date": "date",
        "image": "image",
        "first words": "text",
    }
    return {field: found.get(name) or "" for field, name in names.items()}


def wire() -> Iterator[tuple[str, bytes]]:
    with (_SHARED / "wire/wire.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(io.BytesIO(stream.read())):
            if record.http_headers and "text/html" in (
                record.http_headers.get("Content-Type") or ""
            ):
                yield record.headers["WARC-Target-URI"], record.reader.read()


def measure_postlight(misses: str) -> None:
    read = Read(ProviderRegistry())
    hits = {name: dict.fromkeys(FIELDS, 0) for name in ("wiredesk", "trafilatura")}
    asked = dict.fromkeys(FIELDS, 0)
    unread = 0
    for url, body, expected in postlight():
        try:
            ours = of_article(read(page_of(url, body)))
        except Unreadable as error:
            unread += 1
            ours = of_article(None)
            if misses:
                print(f"unread  {error}")
        theirs = of_trafilatura(body, url)
        for field in FIELDS:
            true = truth(expected, field)
            if not true:
                continue
            asked[field] += 1
            hits["trafilatura"][field] += right(field, theirs[field], true)
            hit = right(field, ours[field], true)
            hits["wiredesk"][field] += hit
            if not hit and field == misses:
                print("\n  ".join((url[:90], true[:150], ours[field][:150], theirs[field][:150])))
    print(f"Postlight, {unread} unread")
    for name, counts in hits.items():
        shown = "  ".join(f"{field} {counts[field] / asked[field]:.3f}" for field in FIELDS)
        print(f"  {name:12} {shown}")


def measure_wire() -> None:
    read = Read(ProviderRegistry())
    pages = list(wire())
    for url, body in pages[:2]:
        read(page_of(url, body))
    start = time.perf_counter()
    articles = [read(page_of(url, body)) for url, body in pages]
    took = time.perf_counter() - start
    counts = {
        "articles": len(articles),
        "dated": sum(article.published_date_time is not None for article in articles),
        "byline": sum(bool(article.byline) for article in articles),
        "pictured": sum(bool(article.images) for article in articles),
        "sized": sum(bool(article.images and article.images[0].width) for article in articles),
        "amp": sum(bool(article.amp_web_url) for article in articles),
        "excerpt": sum(bool(article.excerpt) for article in articles),
        "text": sum(len(article.text) > 200 for article in articles),
    }
    print(f"Wire: {len(pages) / took:.1f} pages/s; {counts}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", default="", choices=("", *FIELDS), help="show what was missed")
    arguments = parser.parse_args()
    if not _SHARED.exists():
        sys.exit(f"the real pages are not at {_SHARED}")
    measure_postlight(arguments.misses)
    measure_wire()


if __name__ == "__main__":
    main()
