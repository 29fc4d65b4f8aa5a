"""A human's edit is kept, for good, and shown when the desk moves on."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.records.article import Image, ProviderName
from wiredesk.records.merge import digests, merge
from wiredesk.records.record import Extra, Record, RelatedItem

DESK = Record(
    title="Harbour opens",
    excerpt="The new harbour opened on Sunday.",
    published_date_time="2026-03-01T12:00:00Z",
    web_url="https://harbour-courier.example/opens",
    quality=70,
    heat=80,
    published=True,
    provider=ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
    topics=("Ports", "Trade"),
)

texts = st.text("abc é", max_size=4)
numbers = st.integers(0, 3)
records = st.builds(
    Record,
    title=texts,
    excerpt=st.none() | texts,
    published_date_time=st.just("2026-03-01T12:00:00Z"),
    web_url=st.none() | texts,
    type=st.sampled_from(["article", "video"]),
    featured_content=st.none() | texts,
    provider=st.builds(ProviderName, name=texts, domain=texts),
    topics=st.none() | st.lists(texts, min_size=1, max_size=2).map(tuple),
    images=st.lists(st.builds(Image, url=texts, width=numbers), max_size=2).map(tuple),
    related=st.lists(
        st.builds(RelatedItem, title=texts, provider=st.just(ProviderName(name="p", domain="d"))),
        max_size=1,
    ).map(tuple),
).flatmap(
    lambda record: st.one_of(
        st.just(record),
        st.builds(
            lambda quality, heat, published: msgspec.structs.replace(
                record, quality=quality, heat=heat, published=published
            ),
            numbers,
            numbers,
            st.booleans(),
        ),
    )
)
extras = st.lists(st.builds(Extra, after=texts, raw=texts), max_size=2).map(tuple)


def test_without_a_change_by_a_human_the_desk_writes_its_own_values() -> None:
    ours = msgspec.structs.replace(DESK, heat=85, title="Harbour opens at last")
    merged = merge(digests(DESK), ours, DESK)
    assert merged.record == ours
    assert merged.held == ()
    assert merged.conflicts == ()


def test_a_changed_title_is_kept_and_the_rest_goes_on() -> None:
    theirs = msgspec.structs.replace(DESK, title="A harbour for all")
    merged = merge(digests(DESK), msgspec.structs.replace(DESK, heat=90), theirs)
    assert merged.record.title == "A harbour for all"
    assert merged.record.heat == 90
    assert merged.held == ("title",)
    assert merged.conflicts == ()


def test_a_conflict_is_shown_with_both_values_and_only_once() -> None:
    theirs = msgspec.structs.replace(DESK, title="A harbour for all")
    ours = msgspec.structs.replace(DESK, title="Harbour opens at last")
    merged = merge(digests(DESK), ours, theirs)
    (conflict,) = merged.conflicts
    assert (conflict.key, conflict.ours, conflict.theirs) == (
        "title",
        '"Harbour opens at last"',
        '"A harbour for all"',
    )
    again = merge(merged.base, ours, merged.record)
    assert again.record.title == "A harbour for all"
    assert again.conflicts == ()


def test_unpublishing_by_hand_holds() -> None:
    theirs = msgspec.structs.replace(DESK, published=False)
    merged = merge(digests(DESK), msgspec.structs.replace(DESK, heat=120), theirs)
    assert (merged.record.published, merged.record.heat) == (False, 120)


def test_a_removed_value_stays_removed_and_an_added_one_stays_added() -> None:
    theirs = msgspec.structs.replace(DESK, excerpt=None, images=(Image(url="https://a.example/i"),))
    merged = merge(digests(DESK), DESK, theirs)
    assert merged.record.excerpt is None
    assert merged.record.images == theirs.images
    assert merged.held == ("excerpt", "images")


def test_unknown_keys_and_body_are_always_the_humans() -> None:
    extra = Extra(after="title", raw="weight: 3\n")
    theirs = msgspec.structs.replace(DESK, extras=(extra,), body="A note.\n", secured="old")
    merged = merge(digests(DESK), msgspec.structs.replace(DESK, heat=81), theirs)
    assert merged.record.extras == (extra,)
    assert merged.record.body == "A note.\n"
    assert merged.held == ()


def test_a_change_that_the_desk_came_to_share_for_a_while_is_still_the_humans() -> None:
    theirs = msgspec.structs.replace(DESK, title="A")
    agreed = merge(digests(DESK), msgspec.structs.replace(DESK, title="A"), theirs)
    later = merge(agreed.base, msgspec.structs.replace(DESK, title="B"), agreed.record)
    assert later.record.title == "A"
    assert [conflict.key for conflict in later.conflicts] == ["title"]


def test_the_sealed_field_foreign_keys_and_body_have_no_digest() -> None:
    changed = msgspec.structs.replace(
        DESK, secured="x", body="y", extras=(Extra(after="", raw="z: 1\n"),)
    )
    assert digests(changed) == digests(DESK)
    assert set(digests(DESK)) == {
        "category", "title", "excerpt", "publishedDateTime", "webUrl", "type", "quality", "heat",
        "published", "provider", "topics",
    }  # fmt: skip
    assert all(len(digest) == 12 for digest in digests(DESK).values())


@given(before=records, ours=records, added=extras, body=texts)
def test_no_change_by_a_human_gives_ours_with_extras_and_body(
    before: Record, ours: Record, added: tuple[Extra, ...], body: str
) -> None:
    theirs = msgspec.structs.replace(before, extras=added, body=body)
    merged = merge(digests(before), ours, theirs)
    assert merged.record == msgspec.structs.replace(ours, extras=added, body=body)
    assert not merged.held
    assert merged.base == digests(ours)


@given(
    before=records,
    theirs=records,
    later=st.lists(records, min_size=1, max_size=4),
)
def test_a_humans_changes_survive_any_number_of_later_merges(
    before: Record, theirs: Record, later: list[Record]
) -> None:
    base, current = digests(before), theirs
    held: set[str] = set()
    for number, ours in enumerate(later):
        merged = merge(base, ours, current)
        if number == 0:
            held = set(merged.held)
        assert held <= set(merged.held) | {"quality", "heat", "published"}
        base, current = merged.base, merged.record
    names = {field.encode_name: field.name for field in msgspec.structs.fields(Record)}
    for key in held - {"quality", "heat", "published"}:
        assert getattr(current, names[key]) == getattr(theirs, names[key])


@given(before=records, ours=records, theirs=records)
def test_merging_again_changes_nothing(before: Record, ours: Record, theirs: Record) -> None:
    once = merge(digests(before), ours, theirs)
    twice = merge(once.base, ours, once.record)
    assert twice.record == once.record
    assert merge(twice.base, ours, twice.record) == twice
    assert not twice.conflicts


@given(before=records, ours=records, theirs=records)
def test_the_three_numbers_are_all_there_or_none(
    before: Record, ours: Record, theirs: Record
) -> None:
    record = merge(digests(before), ours, theirs).record
    assert len({value is None for value in (record.quality, record.heat, record.published)}) == 1
