"""How right the read stage is on real pages, field by field, beside trafilatura's own metadata.

Usage: ``python bench/extract.py [--misses FIELD] [--quick]``. Reads ``../shared`` beside the checkout;
says so and ends when it is not there. The pages are:

- those of Postlight's parser, 153 cases with a person's answers, in two halves by the hash of their
  address: rules may be made by looking at the misses of the open half (``--misses`` shows no others);
- the 990 of trafilatura's own evaluation (``--quick`` leaves them out): title, author and date of
  those that state them, and the segments that a text must and must not have;
- the 50 of the wire, with the article's body as a person marked it.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import sys
import tarfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trafilatura
from fastwarc.warc import ArchiveIterator

from wiredesk.errors import Unreadable
from wiredesk.records.article import Article
from wiredesk.records.page import Page
from wiredesk.records.provider import ProviderRegistry
from wiredesk.stages.read import Read
from wiredesk.stages.read.document import Document
from wiredesk.stages.read.words import text_in

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


Case = tuple[str, bytes, dict[str, str]]


def is_open(url: str) -> bool:
    """Tell whether a page is in the half whose misses may be looked at."""
    return int(hashlib.sha256(url.encode()).hexdigest(), 16) % 2 == 0


def ours_of(read: Read, url: str, body: bytes) -> tuple[dict[str, str], str]:
    try:
        return of_article(read(page_of(url, body))), ""
    except Unreadable as error:
        return of_article(None), str(error)


def measure_fields(label: str, cases: Iterable[Case], fields: tuple[str, ...], misses: str) -> None:
    read = Read(ProviderRegistry())
    hits = {name: dict.fromkeys(fields, 0) for name in ("wiredesk", "trafilatura")}
    asked = dict.fromkeys(fields, 0)
    unread: Counter[str] = Counter()
    for url, body, expected in cases:
        ours, refusal = ours_of(read, url, body)
        unread[refusal.rpartition("[")[2].rstrip("]")] += bool(refusal)
        theirs = of_trafilatura(body, url)
        for field in fields:
            true = truth(expected, field)
            if not true:
                continue
            asked[field] += 1
            hits["trafilatura"][field] += right(field, theirs[field], true)
            hit = right(field, ours[field], true)
            hits["wiredesk"][field] += hit
            if not hit and field == misses:
                print("\n  ".join((url[:90], true[:150], ours[field][:150], theirs[field][:150])))
    refused = {reason: count for reason, count in unread.items() if count}
    print(f"{label}: asked {asked}, unread {refused}")
    for name, counts in hits.items():
        shown = "  ".join(f"{field} {counts[field] / asked[field]:.3f}" for field in fields)
        print(f"  {name:12} {shown}")


def evaluation() -> Iterator[tuple[str, bytes, dict[str, object]]]:
    with tarfile.open(_SHARED / "data/extract/trafilatura_eval.tar.xz") as archive:
        files = {
            member.name: handle.read()
            for member in archive
            if member.isfile() and (handle := archive.extractfile(member)) is not None
        }
    for url, case in json.loads(files["evaldata.json"]).items():
        body = files.get(f"eval/{case['file']}") or files.get(f"cache/{case['file']}")
        if body is not None:
            yield url, body, case


def stated(case: dict[str, object]) -> dict[str, str]:
    """Return the fields of an evaluation page that can be compared."""
    names = {"title": "title", "author": "author", "date": "date_published"}
    found = {ours: str(case.get(theirs) or "") for theirs, ours in names.items()}
    try:
        datetime.fromisoformat(found["date_published"][:10])
    except ValueError:  # a year alone, or a slip
        found["date_published"] = ""
    return found


def as_extracted(url: str, body: bytes) -> str:
    """Return what trafilatura gives when it is handed the page as it is."""
    return trafilatura.extract(body, url=url, fast=True, include_comments=False) or ""


def as_read(url: str, body: bytes) -> str:
    try:
        return text_in(Document(page_of(url, body)), walled=False).value
    except Unreadable:
        return ""


def measure_texts(cases: list[tuple[str, bytes, dict[str, object]]]) -> None:
    """Compare the texts: segments found and avoided, and words shared with the marked bodies."""
    bodies = json.loads((_SHARED / "wire/article-bodies.json").read_text(encoding="utf-8"))
    for name, text_of in (("wiredesk", as_read), ("trafilatura", as_extracted)):
        print(f"Text, {name}: words of the wire F1 {shared_words(text_of, bodies):.4f}", end="")
        print(f"; segments {segments(text_of, cases)}" if cases else "")


def shared_words(text_of: Callable[[str, bytes], str], bodies: dict[str, str]) -> float:
    scores = []
    for url, body in wire():
        one, other = (
            Counter(re.findall(r"\w+", text.casefold()))
            for text in (text_of(url, body), bodies[url])
        )
        scores.append(2 * (one & other).total() / max(1, one.total() + other.total()))
    return sum(scores) / len(scores)


def segments(
    text_of: Callable[[str, bytes], str], cases: list[tuple[str, bytes, dict[str, object]]]
) -> str:
    found = asked = wrong = 0
    for url, body, case in cases:
        text = " ".join(unicodedata.normalize("NFC", text_of(url, body)).split())
        have, avoid = (
            [" ".join(unicodedata.normalize("NFC", part).split()) for part in case[key]]  # type: ignore[attr-defined] # a list of texts
            for key in ("with", "without")
        )
        found += sum(part in text for part in have)
        asked += len(have)
        wrong += sum(part in text for part in avoid)
    precision, recall = found / (found + wrong), found / asked
    f1 = 2 * precision * recall / (precision + recall)
    return f"precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}"


def measure_wire() -> None:
    read = Read(ProviderRegistry())
    pages = list(wire())
    for url, body in pages[:2]:
        read(page_of(url, body))
    took: list[float] = []
    articles: list[Article] = []
    for _ in range(3):
        start = time.process_time()
        articles = [read(page_of(url, body)) for url, body in pages]
        took.append(time.process_time() - start)
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
    print(f"Wire: {len(pages) / min(took):.1f} pages a second of one core; {counts}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", default="", choices=("", *FIELDS), help="show what was missed")
    parser.add_argument("--quick", action="store_true", help="leave out the 990 pages")
    arguments = parser.parse_args()
    if not _SHARED.exists():
        sys.exit(f"the real pages are not at {_SHARED}")
    cases = list(postlight())
    halves = [[case for case in cases if is_open(case[0]) is half] for half in (True, False)]
    measure_fields("Postlight, open half", halves[0], FIELDS, arguments.misses)
    measure_fields("Postlight, held out", halves[1], FIELDS, "")
    measure_fields("Postlight, all", cases, FIELDS, "")
    others = [] if arguments.quick else list(evaluation())
    if others:
        fielded = [(url, body, stated(case)) for url, body, case in others]
        measure_fields("Evaluation, held out", fielded, ("title", "author", "date"), "")
    measure_texts(others)
    measure_wire()


if __name__ == "__main__":
    main()
