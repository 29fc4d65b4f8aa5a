"""The record codec over generated records and generated files, hostile ones among them."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import MalformedRecord
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.frontmatter import Newline, emit, parse
from wiredesk.records.judgement import LedgerLine
from wiredesk.records.record import PublicLedger, Record, RelatedItem

HOSTILE = st.sampled_from(
    [
        "a: b", " # c", "'", '"', "\\", "\t", "\r", "\x85", "\u2028", "\u2029", "\ufeff", "- ", "---",
        "...", "{", "[", "!!int", "&a", "*a", "|", ">", "%", "@", "`", "~", "null", "no", "012", "1:30",
        "2021-12-14", " ", "\\n", "\x1b", "\u202e", "topics:", "published: true", "\U0001f6a2",
    ]
)  # fmt: skip
ANY = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")
QUOTED = st.lists(HOSTILE | st.text(ANY, max_size=5) | st.just("\n"), max_size=6).map("".join)
PLAIN = QUOTED.map(lambda text: text.replace("\n", " "))
WORD = PLAIN.map(lambda text: text.lstrip("\"'"))
WHOLE = st.integers(-(10**17), 10**17)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.builds(
    lambda at, zulu: (
        at.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0") + ("Z" if zulu else at.isoformat()[-6:])
    ),
    st.datetimes(min_value=datetime(1000, 1, 1), timezones=OFFSETS).map(  # noqa: DTZ001 - made aware
        lambda at: at.replace(microsecond=0)
    ),
    st.booleans(),
)
PROVIDERS = st.builds(ProviderName, name=PLAIN, domain=PLAIN)
IMAGES = st.lists(
    st.builds(Image, url=QUOTED, width=WHOLE, height=WHOLE, title=QUOTED, is_cached=st.booleans()),
    max_size=3,
).map(tuple)
RELATED = st.builds(
    RelatedItem,
    title=QUOTED,
    excerpt=st.none() | QUOTED,
    published_date_time=st.none() | TIMES,
    original_url=st.none() | QUOTED,
    web_url=st.none() | QUOTED,
    amp_web_url=st.none() | QUOTED,
    cdn_amp_web_url=st.none() | QUOTED,
    type=st.none() | WORD,
    featured_content=st.none() | QUOTED,
    provider=st.none() | PROVIDERS,
    quality=st.none() | WHOLE,
    images=IMAGES,
)
LINES = st.lists(st.builds(LedgerLine, signal=WORD, points=WHOLE, reason=QUOTED), max_size=3).map(
    tuple
)
LEDGERS = st.builds(PublicLedger, quality=LINES, heat=LINES).filter(PublicLedger().__ne__)
RECORDS = st.builds(
    Record,
    category=WORD,
    title=QUOTED,
    excerpt=st.none() | QUOTED,
    published_date_time=TIMES,
    original_url=st.none() | QUOTED,
    web_url=st.none() | QUOTED,
    amp_web_url=st.none() | QUOTED,
    cdn_amp_web_url=st.none() | QUOTED,
    type=WORD,
    quality=st.none() | WHOLE,
    heat=st.none() | WHOLE,
    published=st.none() | st.booleans(),
    featured_content=st.none() | QUOTED,
    provider=PROVIDERS,
    topics=st.none() | st.lists(PLAIN, max_size=4).map(tuple),
    images=IMAGES,
    related=st.lists(RELATED, max_size=3).map(tuple),
    ledger=st.none() | LEDGERS,
    secured=st.none() | QUOTED,
    body=st.just("\n") | QUOTED.map(lambda text: "\n" + text.replace("\r", "")),
)
NEWLINES: st.SearchStrategy[Newline] = st.sampled_from(["\n", "\r\n"])

FOREIGN = st.sampled_from(
    [
        "", "#", "# a comment", "    # a deep one", "note: x", "list:\n- a\n- title: b",
        "map:\n  provider:\n    name: x",
        "text: |\n  topics:\n\n    - a", '"odd: key": 1', "a.b: [1, 2]", "q: 'it''s'", "  ",
    ]
)  # fmt: skip


@given(record=RECORDS, newline=NEWLINES)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_again(record: Record, newline: Newline) -> None:
    data = emit(record, newline)
    found = parse(data)
    assert found.record == record
    assert found.newline == newline
    assert found.classic


@given(record=RECORDS, newline=NEWLINES, draw=st.data())
@settings(max_examples=60, deadline=None)
def test_foreign_lines_at_the_top_come_back_where_they_were(
    record: Record, newline: Newline, draw: st.DataObject
) -> None:
    lines = emit(record).decode().split("\n")
    end = lines.index("---", 1)
    tops = [at for at in range(1, end + 1) if not lines[at].startswith(" ")]
    places = draw.draw(st.lists(st.sampled_from(tops), max_size=3, unique=True))
    for number, place in enumerate(sorted(places, reverse=True)):
        foreign = draw.draw(FOREIGN)
        key, colon, rest = foreign.partition(":")
        named = f"{key}{number}{colon}{rest}" if colon and '"' not in key else foreign
        lines[place:place] = named.split("\n")
    data = "\n".join(lines).replace("\n", newline).encode()
    odd = lines.count('"odd: key": 1')
    if odd > 1:
        with pytest.raises(MalformedRecord, match="only once"):
            parse(data)
        return
    found = parse(data)
    assert emit(found.record, found.newline) == data
    assert found.record.title == record.title


@given(record=RECORDS, draw=st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_settles(record: Record, draw: st.DataObject) -> None:
    text = emit(record).decode()
    start = draw.draw(st.integers(0, len(text)))
    stop = draw.draw(st.integers(start, min(len(text), start + 20)))
    data = (text[:start] + draw.draw(HOSTILE | st.just("\n")) + text[stop:]).encode()
    try:
        found = parse(data, "x.md")
    except MalformedRecord as error:
        line, expected = error.line, error.expected
    else:
        once = emit(found.record, found.newline)
        assert (once == data) == found.classic
        assert emit(parse(once).record, found.newline) == once
        return
    assert 1 <= line <= data.count(b"\n") + 1
    assert expected


@given(
    data=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: f"---\n{text}\n---\n".encode("utf-8", "replace"))
)
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedRecord):
        parse(data)
