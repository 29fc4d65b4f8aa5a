"""Mutated input for every parser of what strangers write: each must give a value or an error of ours,
in time, and what it gives must hold what it promises.

The same number always makes the same input, so that a finding is told by its parser and number::

    ./dev fuzz feed 4711        # one input again
    ./dev fuzz --minutes 480    # a night, all parsers in turn
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import msgspec
from PIL import Image as Pixels

from wiredesk.adapters.apart import Children
from wiredesk.adapters.desk_folder.yaml_file import YamlFile
from wiredesk.engine.discovering import named_feeds
from wiredesk.errors import Ended, WiredeskError
from wiredesk.records import dates, robots
from wiredesk.records.article import Article
from wiredesk.records.entry import Entry
from wiredesk.records.frontmatter import emit, parse
from wiredesk.records.http1 import Caps, Incoming, read_body, read_head
from wiredesk.records.keys import Key
from wiredesk.records.page import Page
from wiredesk.records.picture import format_of, is_bearable
from wiredesk.records.plaintext import from_html, plain
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.weburl import canonical_key, checked, cleaned
from wiredesk.sources import opml, sitemap
from wiredesk.sources.feed import read as read_feed
from wiredesk.stages.read import Read, measured
from wiredesk.stages.seal import Seal
from wiredesk.stages.thumbnail import thumbnail

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://harbour-courier.example/feed"
SLOW = 3.0
"""Seconds of processor that no input of this size may take."""
MOST_BYTES = 60_000

KEY = Key(bytes(range(32)))
SEALED = Seal(KEY).seal(b'{"story":"x"}', record_id="abc", field="secured", revision=3)

TOKENS = [
    *(
        b"<",
        b">",
        b"&",
        b"'",
        b'"',
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"-->",
        b"<!DOCTYPE x [",
        b"<?xml ",
    ),
    *(b"&#0;", b"&#xD800;", b"&#x110000;", b"&nbsp;", b"&a;", b"\0", b"\xff", b"\xed\xa0\x80"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\r\n", b"\n", b"\r\n\r\n", b"\xe2\x80\xae", b"\xc2\x85"),
    *(
        b"\xe2\x80\xa8",
        b"%00",
        b"%",
        b"http://127.0.0.1/",
        b"javascript:alert(1)",
        b"//",
        b"\\",
        b"@",
    ),
    *(
        b"#",
        b"?",
        b":",
        b"xn--",
        b"[::1]",
        b"99999999999999999999",
        b"-1",
        b"1e999",
        b"0",
        b"2026-13-45",
    ),
    *(b"null", b"true", b"{", b"}", b"[", b"]", b"---\n", b"  - ", b": ", b"|\n", b"&a *a"),
    *(b"!!python/name:x", b"\t", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"),
    *(
        b"Content-Encoding: gzip\r\n",
        b"FFFFFFFFFFFFFFFF\r\n",
        b" " * 300,
        b"a" * 3_000,
        b"<a>" * 500,
    ),
    *(b"xml:base='http://[/'", b"xmlns:a='b'", b"type='xhtml'", b"\xc3\x28"),
]
"""What parsers stumble over; put anywhere."""


def mutated(seeds: list[bytes], number: int, name: str) -> bytes:
    """Return the input of that number: a seed, or a splice of two, changed in a few places."""
    chance = random.Random(f"{name} {number}")
    body = bytearray(chance.choice(seeds))
    if chance.random() < 0.2:
        other = chance.choice(seeds)
        body = body[: chance.randrange(len(body) + 1)] + other[chance.randrange(len(other) + 1) :]
    for _ in range(1 + int(chance.expovariate(0.25))):
        place = chance.randrange(len(body) + 1)
        end = min(len(body), place + int(chance.expovariate(0.05)))
        match chance.randrange(7):
            case 0:
                body[place:place] = chance.choice(TOKENS)
            case 1:
                body[place:end] = chance.choice(TOKENS)
            case 2:
                del body[place:end]
            case 3:
                body[place:place] = body[place:end] * chance.choice((1, 2, 50))
            case 4 if place < len(body):
                body[place] ^= 1 << chance.randrange(8)
            case 5:
                del body[place:]
            case _:
                other_place = chance.randrange(len(body) + 1)
                body[other_place:other_place] = body[place:end]
    return bytes(body[:MOST_BYTES])


def is_plain(text: str) -> bool:
    return plain(text) == text


def page(body: bytes, kind: str = "text/xml") -> Page:
    headers = (("content-type", kind),)
    return Page(url=URL, final_url=URL, status=200, headers=headers, body=body, at=NOW)


def sound(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        assert checked(entry.url) == entry.url
        assert is_plain(entry.title)
        assert is_plain(entry.summary)
        assert len(entry.guid) <= 2_048
        assert all(checked(image.url) == image.url for image in entry.images)
    assert len({entry.guid for entry in entries}) == len(entries)
    msgspec.json.encode(entries)


def feed(body: bytes) -> None:
    sound(read_feed(page(body), "feed:x").entries)


def news_sitemap(body: bytes) -> None:
    found = sitemap.read(page(body), "sitemap:x")
    sound(found.entries)
    assert all(checked(url) == url for url in found.others)


def opml_list(body: bytes) -> None:
    assert all(checked(spec.url) == spec.url for spec in opml.read(body, URL).sources)


def html(body: bytes) -> None:
    article: Article = Read(ProviderRegistry())(page(body, "text/html"))
    assert is_plain(article.title)
    assert is_plain(article.excerpt)
    assert checked(article.web_url) == article.web_url
    msgspec.json.encode(article)


def http(body: bytes) -> None:
    stream, caps = BytesIO(body), Caps(wire=50_000, decoded=100_000)
    incoming = Incoming(stream.read, "harbour-courier.example", caps.wire)
    head = read_head(incoming)
    assert len(read_body(incoming, head, caps)) <= caps.decoded


def named(body: bytes) -> None:
    """Find the feeds that a page names."""
    found = named_feeds(body, URL)
    assert all(checked(address) == address for address in found)
    assert len(found) <= 20


def rules(body: bytes) -> None:
    """Read a robots.txt, and ask it."""
    file = robots.given("harbour-courier.example", body, "wiredesk", 0.0, 60.0)
    assert 0 <= file.delay <= 60
    assert isinstance(robots.allows(file, URL, "wiredesk"), bool)


def record(body: bytes) -> None:
    file = parse(body, "x.md")
    written = emit(file.record, file.newline)
    assert emit(parse(written, "x.md").record, file.newline) == written


def topic(body: bytes) -> None:
    yaml = YamlFile(Path("x.yaml"), body.decode("utf-8", "surrogateescape"), 0)
    yaml.needed("name")
    assert all(isinstance(word, str) for word in yaml.words("keywords"))
    yaml.sound()


def sealed(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    Seal(KEY).open(text, field="secured")
    assert text == SEALED, "a changed value was opened"


def url(body: bytes) -> None:
    for line in body.decode("utf-8", "surrogateescape").splitlines()[:20]:
        try:
            fit = checked(line, URL)
        except WiredeskError:
            continue
        assert checked(fit) == fit
        assert cleaned(cleaned(fit)) == cleaned(fit)
        assert canonical_key(canonical_key(fit)) == canonical_key(fit)


def text(body: bytes) -> None:
    given = body.decode("utf-8", "surrogateescape")
    assert is_plain(plain(given))
    assert is_plain(from_html(given, 300))
    moment = dates.read(given[:90])
    assert moment is None or moment.tzinfo is UTC


def picture(body: bytes) -> None:
    size = measured(body)
    assert size is None or is_bearable(*size)
    made = thumbnail(body)
    assert is_bearable(made.original_width, made.original_height)
    assert format_of(made.body) == "WEBP"


def pictures() -> Iterator[bytes]:
    for kind in ("JPEG", "PNG", "GIF", "WEBP"):
        out = BytesIO()
        Pixels.linear_gradient("L").resize((120, 90)).convert("RGB").save(out, kind)
        yield out.getvalue()


PARSERS: dict[str, Callable[[bytes], None]] = {
    "feed": feed, "page": html, "links": named, "robots": rules, "http": http, "opml": opml_list,
    "sitemap": news_sitemap, "record": record, "topic": topic, "sealed": sealed, "url": url,
    "text": text, "picture": picture,
}  # fmt: skip


def seeds_of(name: str) -> list[bytes]:
    """Return the corpus of a parser, in the order of its files."""
    made = {"sealed": [SEALED.encode()], "picture": [*pictures()]}
    if name in made:
        return made[name]
    folders = {
        "feed": GOLDEN / "feeds",
        "text": HERE / "corpus" / "page",
        "links": HERE / "corpus" / "page",
    }
    folder = folders.get(name, HERE / "corpus" / name)
    return [path.read_bytes() for path in sorted(folder.iterdir()) if ".expected" not in path.name]


class Finding(msgspec.Struct, frozen=True):
    """An input that was not read as it should be."""

    parser: str
    number: int
    what: str


def batch(name: str, first: int, count: int) -> list[Finding]:
    """Read ``count`` inputs from number ``first`` on; return what was found."""
    seeds, read, findings = seeds_of(name), PARSERS[name], list[Finding]()
    for number in range(first, first + count):
        body = mutated(seeds, number, name)
        began = time.process_time()
        try:
            read(body)
        except WiredeskError:
            pass
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            findings.append(Finding(name, number, f"{type(error).__name__}: {error}"))
        if (took := time.process_time() - began) > SLOW:
            findings.append(Finding(name, number, f"{took:.1f} s"))
    return findings


def searched(children: Children, name: str, first: int, count: int) -> list[Finding]:
    """Read inputs apart; an input that ends its process is found by halves."""
    try:
        return children(batch, name, first, count)
    except Ended as error:
        if count == 1:
            return [Finding(name, first, str(error))]
        half = count // 2
        found = searched(children, name, first, half)
        return found + searched(children, name, first + half, count - half)
