"""Every source is asked, and what it lists is remembered once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from newsroom import NOON, Lists, entry, gather, spec

from wiredesk.adapters.clock import FixedClock, ManualTimer
from wiredesk.adapters.memory import MemoryStore
from wiredesk.doors.progress import Silent
from wiredesk.engine.gathering import DUE, Ask, Gather
from wiredesk.engine.outcomes import SourceReport
from wiredesk.errors import FetchError, SourceError
from wiredesk.ports.source import Source
from wiredesk.records.entry import Gathered, SourceSpec, SourceState, Validators

CLOCK = FixedClock(NOON)
A, B = spec("a"), spec("b")


def test_reports_and_entries_come_in_the_order_of_the_sources_not_of_their_answers() -> None:
    class Slow(Lists):
        def gather(self, state: SourceState) -> Gathered:
            time.sleep(0.05)
            return super().gather(state)

    store = MemoryStore()
    sources: dict[str, Source] = {
        A.id: Slow(Gathered(entries=(entry("slow", A.id),))),
        B.id: Lists(Gathered(entries=(entry("quick", B.id),))),
    }
    reports = gather(store, CLOCK, sources)([A, B])
    assert [report.id for report in reports] == [A.id, B.id]
    assert [row.entry.guid for row in store.entries()] == ["slow", "quick"]


def test_a_guid_that_is_listed_a_thousand_times_is_one_entry() -> None:
    store = MemoryStore()
    many = tuple(entry("x", A.id, guid="one", title=f"Take {n}") for n in range(1000))
    (report,) = gather(store, CLOCK, {A.id: Lists(Gathered(entries=many))})([A])
    assert report.listed == 1000
    assert report.new == 1
    assert [row.entry.title for row in store.entries()] == ["Take 0"]


def test_one_guid_in_two_sources_is_two_entries() -> None:
    store = MemoryStore()
    sources: dict[str, Source] = {
        each.id: Lists(Gathered(entries=(entry("x", each.id, guid="same"),))) for each in (A, B)
    }
    gather(store, CLOCK, sources)([A, B])
    assert len(store.entries()) == 2


def test_what_was_listed_before_is_not_new_but_what_changed_is() -> None:
    store = MemoryStore()
    source = Lists(Gathered(entries=(entry("x", A.id), entry("y", A.id))))
    ask = gather(store, CLOCK, {A.id: source})
    assert ask([A])[0].new == 2
    settled = [msgspec.structs.replace(row, status="done") for row in store.entries()]
    store.settle(settled)
    assert ask([A])[0].new == 0
    source.told = Gathered(entries=(entry("x", A.id, title="Said otherwise"), entry("y", A.id)))
    assert ask([A])[0].new == 1
    assert [row.entry.title for row in store.waiting()] == ["Said otherwise"]


def test_where_a_source_keeps_a_page_is_no_change_of_the_entry() -> None:
    store = MemoryStore()
    source = Lists(Gathered(entries=(entry("x", A.id, locator="10"),)))
    ask = gather(store, CLOCK, {A.id: source})
    ask([A])
    source.told = Gathered(entries=(entry("x", A.id, locator="99"),))
    assert ask([A])[0].new == 0


@pytest.mark.parametrize(
    "error", [FetchError("timeout", "it took too long"), SourceError("dtd", "it has a DTD")]
)
def test_a_source_that_fails_costs_only_itself_and_keeps_what_was_known(error: Exception) -> None:
    store = MemoryStore()
    known = SourceState(id=A.id, validators=Validators(etag='"x"'), title="Courier", last_good=NOON)
    store.settle([known])
    sources: dict[str, Source] = {
        A.id: Lists(error),
        B.id: Lists(Gathered(entries=(entry("y", B.id),))),
    }
    failed, well = gather(store, CLOCK, sources)([A, B])
    assert failed.failure == str(error)
    assert well.new == 1
    state = store.source_states()[A.id]
    assert (state.failure, state.failing_since) == (str(error), NOON)
    assert (state.validators, state.title, state.last_good) == (Validators('"x"'), "Courier", NOON)


def test_a_source_is_failing_since_its_first_failure_until_it_answers() -> None:
    store = MemoryStore()
    source = Lists(FetchError("server", "down"))
    later = FixedClock(NOON.replace(day=4))
    gather(store, CLOCK, {A.id: source})([A])
    gather(store, later, {A.id: source})([A])
    assert store.source_states()[A.id].failing_since == NOON
    source.told = Gathered()
    gather(store, later, {A.id: source})([A])
    assert store.source_states()[A.id].failing_since is None


def test_sources_that_a_list_names_are_asked_once_each_even_in_a_circle() -> None:
    store = MemoryStore()
    sources: dict[str, Source] = {
        A.id: Lists(Gathered(sources=(B, A, B))),
        B.id: Lists(Gathered(sources=(A,), entries=(entry("y", B.id),))),
    }
    reports = gather(store, CLOCK, sources)([A, B, A])
    assert sorted(report.id for report in reports) == [A.id, B.id]


def test_an_error_that_nobody_foresaw_costs_its_source_only_and_asks_to_be_reported() -> None:
    store = MemoryStore()
    reports = gather(
        store, CLOCK, {A.id: Lists(ZeroDivisionError("oops")), B.id: Lists(Gathered())}
    )([A, B])
    assert "ZeroDivisionError: oops" in reports[0].failure
    assert "please report this" in reports[0].failure
    assert not reports[1].failure


class Day:
    """A desk whose time goes by, with sources that are asked when they are due."""

    def __init__(self, *sources: tuple[SourceSpec, Source]) -> None:
        self.timer, self.store = ManualTimer(NOON), MemoryStore()
        self.sources = {spec.id: source for spec, source in sources}
        self.asked: list[str] = []

    def run(self, specs: Sequence[SourceSpec], ask: Ask = DUE) -> dict[str, SourceReport]:
        def opened(spec: SourceSpec) -> Source:
            self.asked.append(spec.id)
            return self.sources[spec.id]

        self.asked.clear()
        gather = Gather(self.store, self.timer, opened, 4, Silent())
        return {report.id: report for report in gather(specs, ask)}


LIST = SourceSpec(kind="opml", url="https://lists.example/feeds.opml")
LOCAL = SourceSpec(kind="opml", path="feeds.opml")


def test_a_source_rests_until_it_is_due_and_one_on_this_machine_never_does() -> None:
    day = Day((A, Lists(Gathered())), (LOCAL, Lists(Gathered())))
    day.run([A, LOCAL])
    assert day.asked == [A.id, LOCAL.id]
    reports = day.run([A, LOCAL])
    assert day.asked == [LOCAL.id]
    assert (reports[A.id].resting, reports[LOCAL.id].resting) == (True, False)
    day.timer.wait(7 * 3600)
    day.run([A, LOCAL])
    assert day.asked == [A.id, LOCAL.id]


@pytest.mark.parametrize("name", [A.id, A.url, "The Courier"])
def test_a_source_that_is_named_is_asked_and_a_name_of_nobody_is_told(name: str) -> None:
    named = msgspec.structs.replace(A, name="The Courier")
    day = Day((A, Lists(Gathered())), (B, Lists(Gathered())))
    day.run([named, B])
    reports = day.run([named, B], Ask(named=frozenset({name, "The Couriet"})))
    assert day.asked == [A.id]
    assert "no source of this desk" in reports["The Couriet"].failure


def test_what_a_list_names_is_asked_while_the_list_rests_and_while_it_fails() -> None:
    listing = Lists(Gathered(sources=(A, B)))
    day = Day((LIST, listing), (A, Lists(Gathered())), (B, Lists(Gathered())))
    day.run([LIST])
    assert day.asked == [LIST.id, A.id, B.id]
    day.run([LIST], Ask(named=frozenset({A.id})))
    assert day.asked == [A.id]
    listing.told = FetchError("server", "down")
    day.timer.wait(86_400)
    assert day.run([LIST])[LIST.id].failure
    assert day.asked == [LIST.id, A.id, B.id]


def test_a_source_whose_host_is_left_alone_rests_and_has_not_failed() -> None:
    until = NOON + timedelta(hours=3)
    source = Lists(Gathered())
    day = Day((A, source))
    day.run([A])
    source.told = FetchError("waiting", "a.example is left alone", until)
    report = day.run([A], Ask(every=True))[A.id]
    assert (report.resting, report.failure) == (True, "")
    state = day.store.source_states()[A.id]
    assert (state.failure, state.polling.due) == ("", until)


def test_a_source_took_as_long_as_its_requests_did() -> None:
    spent = iter([100.0, 101.5])
    store = MemoryStore()
    gather = Gather(
        store, CLOCK, lambda _: Lists(Gathered()), 1, Silent(), spent=lambda: next(spent)
    )
    gather([A])
    assert store.source_states()[A.id].polling.took == 1.5
