"""What three suites of feeds say (feedparser's, feedjira's, the W3C validator's), and how much of it
wiredesk and feedparser read.

python bench/feed_suites.py [FOLDER] [--misses]     FOLDER has the suites as .tar.xz

feedparser's suite states values in comments (``Expect: … entries[0]['title'] == '…'``). Those that have a
place in our entries are compared with it, texts as the plain text that they come down to; the others
(feed-level texts, markup, bases, geography, …) are counted and left aside. Of the other two suites it is
counted how many items, dates and links are found.
"""

from __future__ import annotations

import ast
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

import feedparser
from lxml import etree

from wiredesk.errors import Refused, SourceError
from wiredesk.records import dates
from wiredesk.records.page import Page
from wiredesk.records.plaintext import from_html, plain
from wiredesk.records.weburl import checked
from wiredesk.sources.feed import parsed
from wiredesk.sources.feed.item import Item

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOME = "http://127.0.0.1:8097/"

EXPECT = re.compile(r"Expect:\s*(.*?)\s*\n-->", re.DOTALL)
HEADER = re.compile(r"^\s*Header:\s*([\w-]+):\s*(.*?)\s*$", re.MULTILINE)
Key = tuple[str | int, ...]


class Case(NamedTuple):
    """A file of the suite: its headers, its bytes, and what it says of itself."""

    name: str
    headers: dict[str, str]
    body: bytes
    claims: list[tuple[Key, object]]


def cases(folder: Path) -> Iterator[Case]:
    """Give the files of feedparser's suite that state a value."""
    for name, body in files(folder / "feedparser_tests.tar.xz", (".xml", ".json")):
        text = body.decode("utf-8", "replace")
        found = EXPECT.search(text[:4000])
        if found is None:
            continue
        headers = {key.lower(): value for key, value in HEADER.findall(text[:4000])}
        yield Case(name, headers, body, list(claims(found[1])))


def files(archive: Path, suffixes: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as tar:
        for member in sorted(tar, key=lambda member: member.name):
            file = tar.extractfile(member) if member.isfile() else None
            if file is not None and member.name.endswith(suffixes):
                yield member.name, file.read()


def claims(expression: str) -> Iterator[tuple[Key, object]]:
    """Give what an expression claims: where, and which value."""
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except SyntaxError:
        return
    for part in (
        tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    ):
        if isinstance(part, ast.Compare) and len(part.ops) == 1 and isinstance(part.ops[0], ast.Eq):
            key = path_of(part.left)
            try:
                value = ast.literal_eval(part.comparators[0])
            except ValueError:
                continue
            if key:
                yield key, value


def path_of(node: ast.expr) -> Key:
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Subscript(value=value, slice=ast.Constant(value=step)) if isinstance(
            step, str | int
        ):
            above = path_of(value)
            return (*above, step) if above else ()
        case ast.Attribute(value=value, attr=name):
            above = path_of(value)
            return (*above, name) if above else ()
        case _:
            return ()


Field = Callable[[Item], object]


def text(value: object) -> str:
    return from_html(str(value), 300)


def address(value: object, base: str = HOME) -> str:
    try:
        return checked(str(value), base)
    except Refused:
        return str(value)


def link(item: Item) -> str:
    found = (address(each, item.base) for each in item.links if each.strip())
    return next((each for each in found if "://" in each), "")


def moment(value: object) -> object:
    """Return a time as feedparser gives it: a tuple in UTC."""
    return tuple(value)[:6] if isinstance(value, tuple | list) else value


def clock(written: str) -> object:
    time = dates.read(written)
    return (*time.timetuple()[:6],) if time else None


FIELDS: dict[str, tuple[Field, Callable[[Any], object]]] = {
    "title": (lambda item: item.title.as_plain(300), text),
    "description": (lambda item: item.summary.as_plain(300) or item.content.as_plain(300), text),
    "summary": (lambda item: item.summary.as_plain(300) or item.content.as_plain(300), text),
    "content": (lambda item: item.content.as_plain(300) or item.summary.as_plain(300), text),
    "link": (link, address),
    "id": (lambda item: item.guid, str),
    "guid": (lambda item: item.guid, str),
    "author": (lambda item: plain(item.author), plain),
    "published_parsed": (lambda item: clock(item.published), moment),
    "updated_parsed": (lambda item: clock(item.updated or item.published), moment),
    "created_parsed": (lambda item: clock(item.published), moment),
    "language": (lambda item: item.language.lower(), lambda value: str(value).lower()),
    "feedburner_origlink": (link, address),
    "yt_videoid": (lambda item: item.video.rpartition("/")[2], str),
}


def field_of(key: Key) -> tuple[int, str, Key] | None:
    """Return which item and field a claim is about, and where feedparser has it."""
    match key:
        case ("entries", int(number), str(name)) if name in FIELDS and name != "content":
            return number, name, key[2:]
        case ("entries", int(number), str(name), "value") if name in {
            "title_detail",
            "summary_detail",
        }:
            return number, name.partition("_")[0], key[2:]
        case ("entries", int(number), "content", int(), "value"):
            return number, "content", key[2:]
        case ("entries", int(number), "author_detail", "name"):
            return number, "author", key[2:]
        case _:
            return None


def page(case: Case) -> Page:
    url = address(case.headers.get("content-location", "feed.xml"))
    kind = case.headers.get("content-type", "")
    headers = (("content-type", kind),)
    return Page(url=url, final_url=url, status=200, headers=headers, body=case.body, at=NOW)


def theirs(case: Case) -> list[dict[str, object]]:
    """Return feedparser's entries."""
    headers = {"content-location": HOME, **case.headers}
    return list(feedparser.parse(case.body, response_headers=headers).entries)


def step_into(value: object, steps: Key) -> object:
    for step in steps:
        value = cast("dict[str | int, object]", value)[step]
    return value


class Score:
    """Claims that hold, and that do not."""

    def __init__(self) -> None:
        self.held, self.all, self.refused = 0, 0, Counter[str]()
        self.misses: list[str] = []


def judge(folder: Path, *, beside: bool = True) -> tuple[Score, Score, int]:
    """Return wiredesk's and feedparser's score, and how many claims have no place in an entry. Unless
    ``beside``, feedparser is not asked.
    """
    ours, other, aside = Score(), Score(), 0
    for case in cases(folder):
        mapped = [(where, value) for key, value in case.claims if (where := field_of(key))]
        aside += len(case.claims) - len(mapped)
        if not mapped:
            continue
        try:
            items = list(parsed(page(case)).items)
        except SourceError as error:
            items = None
            ours.refused[error.reason] += len(mapped)
        entries = theirs(case) if beside else []
        for (number, name, steps), value in mapped:
            field, norm = FIELDS[name]
            wanted = norm(value)
            verbatim = plain(str(value)) if norm is text else wanted
            other.all += 1
            try:
                found = step_into(entries[number], steps)
                other.held += norm(found) == wanted or norm(moment(found)) == norm(moment(value))
            except (LookupError, AttributeError, TypeError):
                pass
            if items is None:
                continue
            ours.all += 1
            got = field(items[number]) if number < len(items) else None
            if got in (wanted, verbatim):
                ours.held += 1
            else:
                ours.misses.append(f"{case.name}: {name}: {got!r} for {wanted!r}")
    return ours, other, aside


def reads(body: bytes) -> tuple[int, int, int]:
    """Return how many items, dates and links wiredesk finds."""
    url = f"{HOME}feed.xml"
    try:
        items = list(parsed(Page(url=url, final_url=url, status=200, body=body, at=NOW)).items)
    except SourceError:
        return 0, 0, 0
    return (
        len(items),
        sum(item.time is not None for item in items),
        sum(bool(link(i)) for i in items),
    )


def feedparser_reads(body: bytes) -> tuple[int, int, int]:
    entries = feedparser.parse(body, response_headers={"content-location": HOME}).entries
    timed = sum(bool(e.get("published_parsed") or e.get("updated_parsed")) for e in entries)
    return len(entries), timed, sum(_is_linked(entry.get("link")) for entry in entries)


def _is_linked(given: str | None) -> bool:
    return bool(given) and "://" in address(given)


def stated(body: bytes) -> int:
    """Return how many items an XML file has, if it is a feed at all."""
    try:
        root = etree.fromstring(body, etree.XMLParser(recover=True, resolve_entities=False))
    except etree.XMLSyntaxError:
        return 0
    if root is None or etree.QName(root).localname.lower() not in {"rss", "rdf", "feed"}:
        return 0
    return sum(1 for _ in root.iter("{*}item", "{*}entry"))


def found_in(bodies: list[bytes]) -> dict[str, tuple[int, int, int]]:
    def added(reader: Callable[[bytes], tuple[int, int, int]]) -> tuple[int, int, int]:
        items, timed, linked = zip(*map(reader, bodies), strict=True)
        return sum(items), sum(timed), sum(linked)

    return {"wiredesk": added(reads), "feedparser": added(feedparser_reads)}


def w3c(folder: Path) -> list[bytes]:
    return [
        body
        for _, body in files(folder / "w3c_testcases.tar.xz", (".xml", ".rss", ".atom"))
        if stated(body)
    ]


def main() -> None:
    given = [one for one in sys.argv[1:] if not one.startswith("--")]
    folder = Path(given[0]) if given else SHARED
    if not (folder / "feedparser_tests.tar.xz").exists():
        print(f"no suites in {folder}: give the folder as argument")
        return
    ours, other, aside = judge(folder)
    if "--misses" in sys.argv:
        print("\n".join(ours.misses))
    print(f"feedparser's suite: {other.all} claims about entries, {aside} others left aside")
    print(
        f"{'wiredesk':12}{ours.held:6} of {ours.all} ({100 * ours.held / ours.all:.1f} %)", end="; "
    )
    print("refused:", dict(ours.refused))
    print(f"{'feedparser':12}{other.held:6} of {other.all} ({100 * other.held / other.all:.1f} %)")
    bodies = w3c(folder)
    print(f"W3C: {len(bodies)} feeds, {sum(map(stated, bodies))} items stated")
    for name, counts in found_in(bodies).items():
        print(f"{name:12}{counts[0]:6} items, {counts[1]} with a date, {counts[2]} with a link")
    real = [body for _, body in files(folder / "feedjira_samples.tar.xz", (".xml", ".json"))]
    print(f"feedjira: {len(real)} files")
    for name, counts in found_in(real).items():
        print(f"{name:12}{counts[0]:6} items, {counts[1]} with a date, {counts[2]} with a link")


if __name__ == "__main__":
    main()
