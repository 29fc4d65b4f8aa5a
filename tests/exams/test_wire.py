from __future__ import annotations

import tracemalloc
from collections import Counter
from hashlib import sha256
from itertools import islice

import msgspec

from wiredesk.exams.wire import COPIED, FRESH, wire

FIRST = "bbabec11360eb7f28615e040f9f3b6a1cc596cd66266368beb57534ad152a606"


def test_the_same_names_give_the_same_bytes_on_any_machine() -> None:
    said = msgspec.json.encode(list(wire(500, "golden")))
    assert sha256(said).hexdigest() == FIRST
    assert msgspec.json.encode(list(wire(500, "other"))) != said


def test_reports_come_in_the_order_of_time_each_with_an_id_of_its_own() -> None:
    articles = [report.article for report in wire(3_000, "x")]
    times = [one.published_date_time for one in articles if one.published_date_time]
    assert times == sorted(times)
    assert (times[-1] - times[0]).days == 6
    assert len({one.id for one in articles}) == 3_000


def test_events_have_one_language_many_reports_or_few_and_some_copies() -> None:
    reports = list(wire(20_000, "x"))
    sizes = Counter(report.event for report in reports)
    assert FRESH * 0.95 < len(sizes) / 20_000 < FRESH + 0.1
    assert 0.4 < sum(size == 1 for size in sizes.values()) / len(sizes) < 0.6
    assert 20 < max(sizes.values()) < 200
    languages = {(report.event, report.article.language) for report in reports}
    assert len(languages) == len(sizes)
    leads = Counter(report.article.text for report in reports)
    copies = sum(times - 1 for times in leads.values()) / 20_000
    assert 0.3 * COPIED < copies < COPIED


def test_reports_of_an_event_share_words_that_others_do_not() -> None:
    reports = list(wire(2_000, "x", languages=("en",)))
    words = [set(one.article.text.lower().split()) for one in reports]
    same: list[float] = []
    other: list[float] = []
    for place in range(200, 2_000):
        for before in range(place - 100, place):
            shared = len(words[before] & words[place]) / 40
            (same if reports[before].event == reports[place].event else other).append(shared)
    assert sum(same) / len(same) > 2 * sum(other) / len(other)


def test_a_wire_of_a_million_is_a_stream() -> None:
    tracemalloc.start()
    try:
        count = sum(1 for _ in islice(wire(1_000_000, "x"), 3_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 3_000
    assert peak < 40_000_000
