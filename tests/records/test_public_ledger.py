"""The ledger on a record, for desks that show it; and keys of that name that are not ours."""

from __future__ import annotations

import msgspec
import pytest

from wiredesk.records.article import ProviderName
from wiredesk.records.frontmatter import emit, parse
from wiredesk.records.judgement import LedgerLine
from wiredesk.records.merge import digests, merge
from wiredesk.records.record import PublicLedger, Record

LEDGER = PublicLedger(
    quality=(
        LedgerLine(signal="standing", points=14, reason='Courier: "Daily" is in the desk\'s list'),
        LedgerLine(signal="thin", points=-8, reason="its text has only 12 words"),
    ),
    heat=(LedgerLine(signal="quality", points=6, reason="quality of its lead"),),
)
RECORD = Record(
    title="Harbour board agrees",
    published_date_time="2026-03-02T09:30:00Z",
    quality=6,
    heat=6,
    published=False,
    provider=ProviderName(name="Courier", domain="courier.example"),
    ledger=LEDGER,
    secured="wd1.x",
)
TEXT = """\
---
category: news
title: "Harbour board agrees"
publishedDateTime: 2026-03-02T09:30:00Z
type: article
quality: 6
heat: 6
published: false

provider:
  name: Courier
  domain: courier.example

ledger:
  quality:
    - signal: standing
      points: 14
      reason: "Courier: \\"Daily\\" is in the desk's list"
    - signal: thin
      points: -8
      reason: "its text has only 12 words"
  heat:
    - signal: quality
      points: 6
      reason: "quality of its lead"

secured: "wd1.x"
---

"""
BARE = msgspec.structs.replace(RECORD, ledger=None)


def test_it_stands_before_the_seal_and_comes_back() -> None:
    assert emit(RECORD).decode() == TEXT
    found = parse(TEXT.encode())
    assert found.record == RECORD
    assert found.classic


def test_a_record_without_one_is_written_as_before() -> None:
    assert b"ledger" not in emit(BARE)


def test_it_is_read_in_other_yaml_too() -> None:
    found = parse(
        TEXT.replace('title: "Harbour board agrees"', "title: 'Harbour board agrees'").encode()
    )
    assert found.record.ledger == LEDGER
    assert not found.classic


def test_one_that_a_human_wrote_in_another_way_is_the_humans() -> None:
    text = TEXT.replace("      points: 14\n", "      points: +14 # of 20\n")
    theirs = parse(text.encode()).record
    merged = merge(digests(RECORD), RECORD, theirs)
    assert merged.held == ("ledger",)
    assert emit(merged.record).decode() == text


@pytest.mark.parametrize(
    "foreign",
    [
        "ledger: yes",
        "ledger: [1, 2]",
        "ledger:\n  page: 12",
        "ledger:\n  quality:\n    - points: many\n      signal: x",
        "ledger:\n  quality: 4\n  # and more\n  heat: 5",
        "ledger:\n- a\n- b",
        "ledger:",
    ],
)
def test_a_foreign_key_of_that_name_stays_as_it_is(foreign: str) -> None:
    text = emit(BARE).decode().replace("\nsecured", f"\n{foreign}\nsecured", 1)
    found = parse(text.encode())
    assert found.classic
    assert found.record.ledger is None
    assert emit(found.record).decode() == text


def test_a_foreign_key_of_that_name_stays_in_other_yaml_too() -> None:
    text = emit(BARE).decode().replace('title: "Harbour', "ledger: yes\ntitle: 'Harbour", 1)
    found = parse(text.replace('agrees"', "agrees'").encode())
    assert not found.classic
    assert found.record.title == RECORD.title
    assert b"\nledger: yes\n" in emit(found.record)


@pytest.mark.parametrize(
    "foreign", ["ledger: yes", "ledger:\n  page: 12\n  of: 20", "ledger:\n- a\n- b\n\n# mine\nx: y"]
)
def test_where_ours_is_to_be_written_a_foreign_key_of_that_name_gives_way(foreign: str) -> None:
    text = emit(BARE).decode().replace("\nsecured", f"\n{foreign}\nsecured", 1)
    theirs = parse(text.encode()).record
    merged = merge(digests(BARE), RECORD, theirs).record
    assert merged.ledger == LEDGER
    found = parse(emit(merged))
    assert found.classic
    assert found.record.ledger == LEDGER
    assert ("x: y" in foreign) is (b"# mine\nx: y\n" in emit(merged))


def test_a_human_who_takes_it_away_or_changes_it_is_heeded() -> None:
    changed = msgspec.structs.replace(RECORD, ledger=PublicLedger(heat=LEDGER.heat))
    for theirs in (BARE, changed):
        merged = merge(digests(RECORD), RECORD, theirs)
        assert merged.held == ("ledger",)
        assert merged.record.ledger == theirs.ledger


def test_a_changed_heat_leaves_the_ledger_to_the_desk() -> None:
    hotter = msgspec.structs.replace(
        LEDGER, heat=(LedgerLine(signal="quality", points=7, reason="quality of its lead"),)
    )
    ours = msgspec.structs.replace(RECORD, heat=7, ledger=hotter)
    theirs = msgspec.structs.replace(RECORD, heat=99)
    merged = merge(digests(RECORD), ours, theirs)
    assert (merged.record.heat, merged.record.ledger) == (99, hotter)
