"""Gathering: the sources that are due are asked, and what they list is remembered once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from wiredesk.config import PollingSettings
from wiredesk.engine.held import Held
from wiredesk.engine.ordered import ordered, threads
from wiredesk.engine.outcomes import SourceReport
from wiredesk.engine.polling.outcome import failed, succeeded
from wiredesk.errors import ConfigError, FetchError, SourceError, StoreError, unforeseen
from wiredesk.ports.clock import Clock
from wiredesk.ports.progress import Progress
from wiredesk.ports.source import Source
from wiredesk.ports.store import EntryRow, Row, Store
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState
from wiredesk.records.identity import content_digest
from wiredesk.records.polling import Polling

SETTLE_EVERY = 32
"""Sources a transaction: a kill loses the answers of so many, and they are asked again."""
AHEAD = 40
"""Sources under way for each one that is asked at once: those that hang must hold up nobody."""


MOST_HELD = 10_000
"""Entries of answers that wait for one before them; while there are more, no further source is asked."""


class Listed(msgspec.Struct, frozen=True):
    """What a source gave, or why it gave nothing, and the seconds that asking it took."""

    spec: SourceSpec
    answer: Gathered | SourceError | FetchError
    took: float


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Which sources to ask: those that are due, and beside them the named ones, or every one."""

    every: bool = False
    named: frozenset[str] = frozenset()
    """Ids, addresses or names of sources."""
    told: frozenset[str] = frozenset()
    """Ids of sources that a hub told of."""

    def is_for(self, spec: SourceSpec, state: SourceState | None, now: datetime) -> bool:
        """Whether ``spec`` is asked at ``now``. One that is on this machine always is."""
        if self.every or not spec.url or spec.id in self.told:
            return True
        if not self.named.isdisjoint(_names(spec)):
            return True
        due = state.polling.due if state else None
        return due is None or due <= now


DUE = Ask()


class Gather:
    """Asks sources at once and settles their answers in the order in which they are named.

    ``now`` gives the time at which an answer has come; by default it is the clock's, at which the run
    began. ``spent`` gives the seconds that this thread's requests have taken so far.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        opened: Callable[[SourceSpec], Source],
        concurrency: int,
        progress: Progress,
        *,
        polling: PollingSettings | None = None,
        now: Callable[[], datetime] | None = None,
        spent: Callable[[], float] = float,
    ) -> None:
        self._store, self._clock, self._opened = store, clock, opened
        self._concurrency, self._progress = concurrency, progress
        self._polling = polling or PollingSettings()
        self.now, self._spent = now or clock.now, spent

    def __call__(self, specs: Sequence[SourceSpec], ask: Ask = DUE) -> list[SourceReport]:
        """Ask ``specs`` and the sources that they list in turn; return a report of each."""
        states = self._store.source_states()
        settling = _Settling(self._store)
        reports: list[SourceReport] = []
        seen: set[str] = set()
        named: set[str] = set()
        wave = list(specs)
        while wave:
            wave = [spec for spec in _once(wave) if spec.id not in seen]
            seen.update(spec.id for spec in wave)
            named.update(name for spec in wave for name in _names(spec))
            now = self.now()
            asked = [spec for spec in wave if ask.is_for(spec, states.get(spec.id), now)]
            answers = self._progress.watch("asking sources", self._ask(asked, states), len(asked))
            listed: list[SourceSpec] = []
            told: dict[str, SourceReport] = {}
            for each in answers:
                state = states.get(each.spec.id) or SourceState(id=each.spec.id)
                told[each.spec.id] = self._settle(settling, each, state)
                listed += each.answer.sources if isinstance(each.answer, Gathered) else state.lists
            for spec in wave:
                if spec.id not in told:
                    listed += states[spec.id].lists
                reports.append(told.get(spec.id) or SourceReport(id=spec.id, resting=True))
            wave = listed
        settling.done()
        return [*reports, *_unknown(ask.named - named)]

    def _ask(
        self, specs: Sequence[SourceSpec], states: Mapping[str, SourceState]
    ) -> Iterator[Listed]:
        held = Held(MOST_HELD)

        def ask(numbered: tuple[int, SourceSpec]) -> Listed:
            position, spec = numbered
            held.wait(position)
            before = self._spent()
            answer = self._answer(spec, states.get(spec.id) or SourceState(id=spec.id))
            held.put(_weight(answer))
            return Listed(spec, answer, self._spent() - before)

        with threads(self._concurrency) as pool:
            try:
                for listed in ordered(pool, ask, enumerate(specs), AHEAD * self._concurrency):
                    held.free(_weight(listed.answer))
                    yield listed
            finally:
                held.end()

    def _answer(self, spec: SourceSpec, state: SourceState) -> Gathered | SourceError | FetchError:
        try:
            return self._opened(spec).gather(state)
        except (SourceError, FetchError) as error:
            return error
        except ConfigError as error:
            return SourceError("config", str(error))
        except StoreError:  # ours, and no fault of the source's: the run ends
            raise
        except Exception as error:  # noqa: BLE001 - strangers' input costs its own source only
            return SourceError("unforeseen", f"{spec.id}: {unforeseen(error)}")

    def _settle(self, settling: _Settling, listed: Listed, before: SourceState) -> SourceReport:
        answer, now = listed.answer, self._clock.now()
        if not isinstance(answer, Gathered):
            polling = self._polled(listed, before)
            if answer.reason == "waiting":
                settling.put(msgspec.structs.replace(before, polling=polling))
                return SourceReport(id=before.id, resting=True)
            state = msgspec.structs.replace(
                before,
                failure=str(answer),
                failing_since=before.failing_since or now,
                polling=polling,
            )
            settling.put(state)
            return SourceReport(id=before.id, failure=str(answer))
        rows = settling.news(before.id, answer.entries)
        state = SourceState(
            id=before.id,
            validators=answer.validators,
            title=answer.title or before.title,
            last_good=now,
            notices=answer.notices,
            polling=self._polled(listed, before, [row.entry for row in rows]),
            lists=answer.sources if listed.spec.url else (),
        )
        settling.put(state, *rows)
        return SourceReport(
            id=before.id,
            listed=len(answer.entries),
            new=len(rows),
            unchanged=answer.unchanged,
            notices=answer.notices,
        )

    def _polled(self, listed: Listed, before: SourceState, fresh: Sequence[Entry] = ()) -> Polling:
        """Return what is remembered of the poll; nothing for a source that is on this machine."""
        answer, now, took = listed.answer, self.now(), listed.took
        if not listed.spec.url:
            return before.polling
        if isinstance(answer, Gathered):
            return succeeded(before, answer, fresh, now=now, took=took, settings=self._polling)
        return failed(before, answer, now=now, took=took, settings=self._polling)


class _Settling:
    """Puts what was learned into the store, some sources at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: list[Row] = []
        self._sources = 0
        self._sequence = store.next_sequence()

    def news(self, source: str, entries: Sequence[Entry]) -> list[EntryRow]:
        """Return a row for each entry that is new or changed; a guid counts once an answer (F16)."""
        if not entries:
            return []
        known = {row.entry.guid: row.digest for row in self._store.entries(source)}
        first: dict[str, Entry] = {}
        for entry in entries:
            first.setdefault(entry.guid, entry)
        rows = []
        for entry in first.values():
            digest = content_digest(msgspec.structs.replace(entry, locator=""))
            if known.get(entry.guid) != digest:
                rows.append(EntryRow(entry=entry, digest=digest, sequence=self._sequence))
                self._sequence += 1
        return rows

    def put(self, *rows: Row) -> None:
        """Settle the rows of one source, now or with some others."""
        self._rows += rows
        self._sources += 1
        if self._sources >= SETTLE_EVERY:
            self.done()

    def done(self) -> None:
        """Settle what has not been settled yet."""
        if self._rows:
            self._store.settle(self._rows)
        self._rows, self._sources = [], 0


def _names(spec: SourceSpec) -> tuple[str, ...]:
    """Return what an editor may call a source by."""
    return spec.id, spec.url or spec.path, spec.name


def _unknown(names: frozenset[str]) -> Iterator[SourceReport]:
    for name in sorted(names):
        error = SourceError("unknown", "no source of this desk has this id, address or name")
        yield SourceReport(id=name, failure=str(error))


def _weight(answer: Gathered | SourceError | FetchError) -> int:
    return len(answer.entries) if isinstance(answer, Gathered) else 0


def _once(specs: Sequence[SourceSpec]) -> list[SourceSpec]:
    first: dict[str, SourceSpec] = {}
    for spec in specs:
        first.setdefault(spec.id, spec)
    return list(first.values())
