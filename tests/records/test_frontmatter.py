"""The record file: what is read, what is written, and what is refused with a line."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest

from wiredesk.errors import MalformedRecord
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.frontmatter import MOST_BYTES, emit, parse
from wiredesk.records.record import Extra, Record, RelatedItem

FULL = """\
---
category: news
title: "Harbour board \\"pauses\\" its C:\\\\ drive\\tagain\\r\\n"
excerpt: "The port ☂ “and” system: stopped # for now"
publishedDateTime: 2026-03-02T09:30:00+01:00
originalUrl: "https://harbour-courier.example/a?utm=1"
webUrl: "https://harbour-courier.example/a"
ampWebUrl: "https://harbour-courier.example/amp/a"
cdnAmpWebUrl: "https://harbour--courier-example.cdn.ampproject.example/c/s/a"
type: article
quality: 74
heat: -1
published: false

provider:
  name:  Harbour: the "Courier" # 'daily'\x20
  domain: harbour-courier.example

topics:
  - AI: the # of "things"
  - Ports

images:
  - url: "https://harbour-courier.example/a.jpg"
    width: 450
    height: 300
    title: "A \\"crane\\""
    isCached: true
  - url: "https://harbour-courier.example/b.jpg"
    width: 1

related:
  - title: "Inland ports follow"
    publishedDateTime: 2026-03-01T08:00:00Z
    webUrl: "https://inland-post.example/b"
    type: article
    provider:
      name: Inland: Post
      domain: inland-post.example
    quality: 59
    images:
      - url: "https://inland-post.example/b.jpg"
        width: 1920
        height: 1080
        isCached: true
  - title: "No more than a title"

secured: "abc=;def="
---

"""
VIDEO = """\
---
category: news
title: "A film"
publishedDateTime: 2026-03-02T09:30:00Z
type: video

featuredContent: "https://video.example/embed/1"

provider:
  name: Kestrel
  domain: kestrel.example

topics:

---

"""


def broken(old: str, new: str, text: str = FULL) -> bytes:
    assert old in text
    return text.replace(old, new, 1).encode()


def test_a_full_record_is_read_into_typed_values() -> None:
    record = parse(FULL.encode()).record
    assert record.title == 'Harbour board "pauses" its C:\\ drive\tagain\r\n'
    assert record.excerpt == "The port ☂ “and” system: stopped # for now"
    assert (record.quality, record.heat, record.published) == (74, -1, False)
    assert record.provider.name == " Harbour: the \"Courier\" # 'daily' "
    assert record.topics == ('AI: the # of "things"', "Ports")
    assert record.images[0] == Image(
        url="https://harbour-courier.example/a.jpg",
        width=450,
        height=300,
        title='A "crane"',
        is_cached=True,
    )
    assert record.related[0].provider == ProviderName(
        name="Inland: Post", domain="inland-post.example"
    )
    assert record.related[0].images[0].height == 1080
    assert record.secured == "abc=;def="
    assert record.published_at.utcoffset() is not None
    assert record.extras == ()


def test_a_video_has_featured_content_and_empty_topics() -> None:
    record = parse(VIDEO.encode()).record
    assert record.featured_content == "https://video.example/embed/1"
    assert record.web_url is None
    assert record.topics == ()


VARIANTS = {
    "full": FULL,
    "video": VIDEO,
    "topics absent": VIDEO.replace("topics:\n\n", ""),
    "provider last, then secured": VIDEO.replace("topics:\n\n", 'secured: "x"\n'),
    "body": FULL + "A note by the editor.\n\n---\nnot: front matter\n",
    "body without the empty line": FULL[:-1] + "A note.",
    "no empty line": FULL[:-1],
    "no newline at all": FULL[:-2],
    "NEL, LS, PS, lone CR, form feed": FULL.replace("Inland: Post", "In\x85la\u2028nd\u2029 \rP\fost"),
    "no-break space": FULL.replace("Inland: Post", "\u00a0Inland\u00a0"),
    "empty plain values": FULL.replace("name: Inland: Post", "name: "),
    "NEL in quotes": FULL.replace("abc=", "a\x85b\u2028c"),
    "unknown key at the very top": FULL.replace("category", "zero: 0\ncategory"),
    "unknown keys among the first": FULL.replace("type:", "byline: Ada\nx-y.z: [1, 2]\ntype:", 1),
    "unknown key before the empty line": FULL.replace("false\n\n", "false\nnote: x\n\n"),
    "unknown key in a paragraph of its own": FULL.replace("topics:", "note: x\n\ntopics:"),
    "unknown key right before a block": FULL.replace("topics:", "note: x\ntopics:"),
    "unknown key at the very end": FULL.replace('def="\n', 'def="\nlast: 1\n'),
    "unknown key after secured, spaced": FULL.replace('def="\n', 'def="\n\nlast: 1\n\n'),
    "unknown block": FULL.replace("topics:", "map:\n  title: inner\n\n  b:\n    - c\n\ntopics:"),
    "unknown list at its key's depth": FULL.replace("topics:", "tags:\n- a\n- b: 1\n  c: 2\n\ntopics:"),
    "unknown literal": FULL.replace("topics:", "text: |\n  provider:\n\n    name: x\n\ntopics:"),
    "unknown folded": FULL.replace("topics:", "text: >-\n  one\n  two\n\n\ntopics:"),
    "unknown quoted over lines": FULL.replace("topics:", 'text: "one\n  two"\n\ntopics:'),
    "unknown key with odd name": FULL.replace("type:", '"a: b": 1\nnaïve key: 2\nurn:x: 3\ntype:', 1),
    "unknown first in provider": FULL.replace("provider:\n", "provider:\n  id: 7\n", 1),
    "unknown in provider": FULL.replace(
        "courier.example\n\ntopics", "courier.example\n  images:\n    - url: x\n\n      w: 1\n\ntopics"
    ),
    "unknown in an image": FULL.replace("width: 450", "alt: crane\n    width: 450"),
    "unknown first in an image": FULL.replace("- url:", "- alt: crane\n    url:", 1),
    "unknown last in an image": FULL.replace("isCached: true", "isCached: true\n    credit: Ada", 1),
    "unknown in a related item": FULL.replace("quality: 59", "quality: 59\n    language: en"),
    "unknown in a related item's provider": FULL.replace(
        "domain: inland-post.example", "domain: inland-post.example\n      country: NL"
    ),
    "unknown in a related item's image": FULL.replace("width: 1920", "width: 1920\n        dpi: 72"),
    "comments": FULL.replace("title:", "# why\ntitle:", 1).replace("  - Ports", "  # or not\n  - Ports"),
    "comment in a block": FULL.replace("  domain: h", "  # host\n  domain: h"),
    "two empty lines": FULL.replace("\nprovider:", "\n\nprovider:"),
    "an empty line less": FULL.replace("\n\ntopics:", "\ntopics:"),
    "an empty line with spaces": FULL.replace("\n\ntopics:", "\n  \ntopics:"),
    "an empty line between items": FULL.replace("  - title: \"No", "\n  - title: \"No"),
    "an empty line between topics": FULL.replace("  - Ports", "\n  - Ports"),
    "an empty line after a block's key": FULL.replace("topics:\n", "topics:\n\n"),
    "an empty line among the first keys": FULL.replace("type:", "\ntype:", 1),
    "isCached: false": FULL.replace("isCached: true", "isCached: false"),
    "width: 0": FULL.replace("width: 450", "width: 0"),
    "an image's empty title": FULL.replace('title: "A \\"crane\\""', 'title: ""'),
    "images without any": VIDEO.replace("topics:\n", "topics:\n\nimages:\n\nrelated:\n"),
    "a related video": FULL.replace(
        "    type: article\n", '    type: video\n    featuredContent: "https://v.example/1"\n', 1
    ),
    "empty excerpt": FULL.replace("The port ☂ “and” system: stopped # for now", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_file_in_the_form_comes_back_byte_by_byte(name: str, newline: str) -> None:
    data = VARIANTS[name].replace("\n", newline).encode()
    found = parse(data)
    assert emit(found.record, found.newline) == data
    assert (found.classic, found.newline, found.differs_at) == (True, newline, 0)


@pytest.mark.parametrize("name", VARIANTS)
def test_values_do_not_depend_on_what_else_is_in_the_file(name: str) -> None:
    record = parse(VARIANTS[name].encode()).record
    assert record.category == "news"
    assert record.title
    assert record.provider.domain.endswith(".example")


@pytest.mark.shared
def test_the_seed_record_comes_back_byte_by_byte() -> None:
    seed = Path(__file__).resolve().parents[3] / "shared" / "contract" / "record.md"
    if not seed.exists():
        pytest.skip("the shared contract is not beside the checkout")
    data = seed.read_bytes()
    for same in (data, data.replace(b"\n", b"\r\n")):
        found = parse(same)
        assert found.classic
        assert found.record.extras == ()
        assert emit(found.record, found.newline) == same


def test_writing_does_not_echo_what_was_read() -> None:
    record = msgspec.structs.replace(parse(FULL.encode()).record, title="New", heat=80)
    written = emit(record).decode()
    assert 'title: "New"\n' in written
    assert "heat: 80\n" in written
    assert parse(written.encode()).record == record


def test_unknown_keys_survive_a_change_of_the_values_around_them() -> None:
    text = FULL.replace("heat: -1\n", "heat: -1\nnote: mine\n").replace(
        "topics:\n", "# mine too\ntopics:\n"
    )
    record = parse(text.encode()).record
    bare = msgspec.structs.replace(
        record, heat=None, quality=None, published=None, topics=None, images=(), related=()
    )
    found = parse(emit(bare))
    assert found.classic
    assert b"note: mine\n" in emit(found.record)
    assert b"# mine too\n" in emit(found.record)


def test_a_key_that_said_nothing_gives_way_to_the_value() -> None:
    record = parse(FULL.replace("width: 450", "width: 0").encode()).record
    assert record.images[0].width == 0
    wider = msgspec.structs.replace(record.images[0], width=9)
    written = emit(msgspec.structs.replace(record, images=(wider,))).decode()
    assert written.count("width:") == 2
    assert "    width: 9\n" in written


def test_a_body_with_mixed_newlines_is_kept() -> None:
    data = FULL.replace("\n", "\r\n").encode() + b"one\ntwo\r\n"
    assert parse(data).classic
    assert parse(FULL.encode() + b"one\r\ntwo\n").classic


@pytest.mark.parametrize("value", ["two\nlines", "x\npublished: true"])
def test_no_value_can_add_a_line(value: str) -> None:
    record = parse(FULL.encode()).record
    provider = ProviderName(name=value, domain="d.example")
    with pytest.raises(ValueError, match="no line break"):
        emit(msgspec.structs.replace(record, provider=provider))
    with pytest.raises(ValueError, match="no line break"):
        emit(msgspec.structs.replace(record, topics=(value,)))
    quoted = msgspec.structs.replace(record, title=value, secured=value)
    assert parse(emit(quoted)).record == quoted


def test_what_could_not_be_read_again_is_not_written() -> None:
    record = parse(FULL.encode()).record
    with pytest.raises(ValueError, match="NUL"):
        emit(msgspec.structs.replace(record, title="a\0b"))
    with pytest.raises(ValueError, match="surrogates"):
        emit(msgspec.structs.replace(record, title="a\ud800b"))


# Front matter that is YAML, but not in the classic form

OTHER = """\
---
# by hand
title: 'It''s a harbour'
publishedDateTime: "2026-03-02T09:30:00Z"
category: "news"
excerpt: >-
  Folded
  text
provider: {name: "Harbour: Courier", domain: harbour-courier.example, since: 1901}
topics: [AI, no, 012, 1:30, 2021-12-14]
quality: 07
heat: +8
published: True
images:
- {url: https://a.example/a.jpg, width: 3, credit: Ada}
related:
  - provider:
        domain: inland-post.example
        name: Inland Post
    title: Bare
    quality:
    mood: |
      grim
tags:
    - one   # first
    - two
secured: ~
...

Body
"""


def test_other_yaml_is_read_into_the_same_values() -> None:
    found = parse(OTHER.encode())
    record = found.record
    assert (found.classic, found.differs_at) == (False, 2)
    assert record.title == "It's a harbour"
    assert record.excerpt == "Folded text"
    assert record.published_date_time == "2026-03-02T09:30:00Z"
    assert record.provider == ProviderName(
        name="Harbour: Courier", domain="harbour-courier.example"
    )
    assert record.topics == ("AI", "no", "012", "1:30", "2021-12-14")
    assert (record.quality, record.heat, record.published) == (7, 8, True)
    assert record.images == (Image(url="https://a.example/a.jpg", width=3),)
    assert record.related == (
        RelatedItem(
            title="Bare", provider=ProviderName(name="Inland Post", domain="inland-post.example")
        ),
    )
    assert (record.type, record.secured, record.body) == ("article", None, "\nBody\n")


def test_other_yaml_is_written_in_the_classic_form_with_its_unknown_keys() -> None:
    written = emit(parse(OTHER.encode()).record)
    again = parse(written)
    assert again.classic
    assert b'  since: "1901"\n' in written
    assert b'    credit: "Ada"\n' in written
    assert b"tags:\n    - one   # first\n    - two\n\nprovider:\n" in written
    assert written.endswith(b"---\n\nBody\n")
    assert emit(again.record) == written


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"abc=;def="', "'abc=;def='"),
        ("quality: 74\nheat: -1", "heat: -1\nquality: 74"),
        ("  - AI", "- AI"),
        ("quality: 74", '"quality": 74'),
        ("quality: 74", "quality : 74"),
        ('"abc=;def="', '"abc=;def=" # sealed'),
        ("---\ncategory", "--- \ncategory"),
        ("---\ncategory", "\ufeff---\ncategory"),
        ("heat: -1\n", "heat: -1\r\n"),
        ("type: article", 'type: "article"'),
    ],
)
def test_a_small_departure_is_read_and_named_by_its_line(old: str, new: str) -> None:
    lists = 'topics:\n  - AI\n\nsecured: "abc=;def="\n'
    text = VIDEO.replace("topics:\n\n", lists)
    text = text.replace("type: video", "type: article\nquality: 74\nheat: -1\npublished: true")
    found = parse(broken(old, new, text))
    assert not found.classic
    assert 1 <= found.differs_at <= text.count("\n")
    assert found.record == parse(text.encode()).record


# What is refused, with its line

REFUSED = [
    ("---\ncategory", "category", 1, "opens the front matter"),
    ('"abc=;def="\n---\n', '"abc=;def="\n', 49, "closes the front matter"),
    ('again\\r\\n"', "again", 3, "double quotes"),
    ("again\\r", "again\\q", 3, "double quotes"),
    ("quality: 74", "quality: high", 11, "whole number"),
    ("heat: -1", "heat: 9999999999999999999999", 12, "whole number"),
    ("published: false", "published: maybe", 13, "true or false"),
    ("T09:30:00+01:00", "T09:30:00", 5, "offset"),
    ("2026-03-02T", "2026-02-30T", 5, "offset"),
    ("category: news\n", "category: news\n%%% what\n", 3, "a key with a colon"),
    ("heat: -1\n", "heat: -1\nheat: -2\n", 13, "only once"),
    ("type: article\n", "type: article\nx: 1\nx: 2\n", 12, "only once"),
    ("  domain: harbour", "\tdomain: harbour", 16, "'domain'"),
    ("  domain: harbour", "    domain: harbour", 17, "next key"),
    ("  - Ports", "  + Ports", 21, "an item"),
    ("    width: 450", "    width: wide", 25, "whole number"),
    ("  - url: \"https://harbour-courier.example/b.jpg\"\n    width: 1", "  - width: 1", 29, "'url'"),
    ("  - title: \"No more than a title\"", "  - excerpt: \"x\"", 46, "'title'"),
    ("\x20\n  domain", "\0\n  domain", 16, "NUL"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "expected"), REFUSED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_what_is_malformed_is_told_with_its_line(
    old: str, new: str, line: int, expected: str, newline: str
) -> None:
    data = broken(old, new).replace(b"\n", newline.encode())
    with pytest.raises(MalformedRecord) as refused:
        parse(data, "news.md")
    assert (refused.value.file, refused.value.line) == ("news.md", line)
    assert expected in refused.value.expected


@pytest.mark.parametrize("key", ["title", "publishedDateTime"])
def test_a_key_that_must_be_there_is_named(key: str) -> None:
    lines = [line for line in FULL.split("\n") if not line.startswith(f"{key}:")]
    with pytest.raises(MalformedRecord, match=f"'{key}'"):
        parse("\n".join(lines).encode())


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe-\x00", b"--", b"----\n", b"---\n---\n", b"---\n- a\n---\n", b"---\n[\n---\n"],
)
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedRecord):
        parse(data)


def test_text_that_is_not_utf8_is_refused_by_its_line() -> None:
    with pytest.raises(MalformedRecord) as refused:
        parse(FULL.encode().replace("☂".encode(), b"\xe2\x28"))
    assert refused.value.line == 4


@pytest.mark.parametrize(
    "hostile",
    [
        "a: &a [x]\nb: [*a, *a]",
        "a: " + "[" * 2000,
        "!!python/object/apply:os.system [ls]: 1",
        "{a: 1, a: 2}",
        "? [a]\n: 1",
    ],
    ids=["alias", "depth", "tag", "duplicate", "key"],
)
def test_hostile_yaml_is_refused(hostile: str) -> None:
    text = OTHER.replace('category: "news"', hostile)
    with pytest.raises(MalformedRecord):
        parse(text.encode())


def test_yaml_of_more_than_a_million_characters_is_refused() -> None:
    with pytest.raises(MalformedRecord):
        parse(OTHER.replace("Folded", "x" * 1_000_000).encode())


def test_a_file_over_the_cap_is_refused_unread() -> None:
    with pytest.raises(MalformedRecord, match="10,000,000"):
        parse(b"x" * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    "piece",
    ["\n", "# c\n", "k{}: 1\n", "k{}:\n  - a\n\n\n", "k{}: [\n", "k{}:\n\n", "k{}: |\n   x\n \n"],
    ids=["empty", "comments", "keys", "lists", "brackets", "spaced", "literal"],
)
def test_the_time_grows_no_faster_than_the_file(piece: str) -> None:
    def seconds(count: int) -> float:
        many = "".join(piece.format(number) for number in range(count))
        data = FULL.replace("type: article\n", f"type: article\n{many}", 1).encode()
        started = time.perf_counter()
        assert parse(data).classic
        return time.perf_counter() - started

    seconds(100)
    assert seconds(32_000) < 20 * seconds(4_000) + 0.2


def test_a_gap_goes_with_the_list_item_that_it_was_in() -> None:
    record = parse(FULL.replace("width: 450", "width: 450\n    alt: crane").encode()).record
    assert record.extras == (Extra(after="images.0.width", raw="    alt: crane\n"),)
    assert b"alt" not in emit(msgspec.structs.replace(record, images=()))


def test_the_least_record_is_in_the_form() -> None:
    least = Record(
        title="",
        published_date_time="2026-03-02T09:30:00Z",
        provider=ProviderName(name="", domain=""),
    )
    written = emit(least)
    assert parse(written).record == least
    assert parse(written).classic


def by_hand(old: str, new: str) -> Record:
    """Read the full record with a title in single quotes, so as YAML, and one more change."""
    text = FULL.replace(FULL.split("\n")[2], "title: 'By hand'")
    found = parse(broken(old, new, text))
    assert not found.classic
    again = parse(emit(found.record))
    assert again.classic
    assert msgspec.structs.replace(again.record, extras=()) == msgspec.structs.replace(
        found.record, extras=()
    )
    return found.record


@pytest.mark.parametrize("name", ["C# # Daily", "Port: News #1", "@harbour", "Harbour:", "a]b: c"])
def test_bare_names_and_topics_are_whole_in_a_file_changed_by_hand(name: str) -> None:
    assert by_hand("name: Inland: Post", f"name: {name}").related[0].provider == ProviderName(
        name=name, domain="inland-post.example"
    )
    assert by_hand("  - Ports", f"  - {name}").topics == ('AI: the # of "things"', name)


@pytest.mark.parametrize("key", ["category", "type"])
def test_an_absent_category_or_type_is_that_of_an_ordinary_article(key: str) -> None:
    text = FULL.replace("name:  Harbour", "name: Harbour").replace("'daily' ", "'daily'")
    lines = [line for line in text.split("\n") if not line.startswith(f"{key}:")]
    found = parse("\n".join(lines).encode())
    assert not found.classic
    assert found.record == parse(text.encode()).record


def test_what_only_yaml_takes_for_a_line_break_stays_in_a_file_changed_by_hand() -> None:
    record = by_hand("stopped # for", "a\u2028b\x85c\rd # for")
    assert record.excerpt == "The port ☂ “and” system: a\u2028b\x85c\rd # for now"
    noted = by_hand("heat: -1\n", 'heat: -1\nnote: "a\u2028b"\nmore: 1\n')
    assert "".join(extra.raw for extra in noted.extras) == 'note: "a\u2028b"\nmore: 1\n\n'


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-01:00"])
def test_a_time_that_utc_cannot_tell_is_refused(time: str) -> None:
    with pytest.raises(MalformedRecord, match=r":5: .*offset"):
        parse(broken("2026-03-02T09:30:00+01:00", time))


@pytest.mark.parametrize("piece", ["\n", "# c\n", "x: [\n", "- a\n", '\\"'], ids=range(5))
def test_ten_megabytes_of_front_matter_are_refused_at_once(piece: str) -> None:
    many = piece * (9_900_000 // len(piece))
    started = time.perf_counter()
    with pytest.raises(MalformedRecord, match="1,000,000"):
        parse(broken("type: article\n", f"type: article\n{many}"))
    assert time.perf_counter() - started < 5


def test_ten_megabytes_of_body_are_read() -> None:
    data = FULL.encode() + b"---\n" * 2_400_000
    assert parse(data).classic
