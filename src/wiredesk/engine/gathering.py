"""Gathering: every source is asked, and what it lists is remembered once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from wiredesk.engine.ordered import ordered, threads
from wiredesk.engine.outcomes import SourceReport
from wiredesk.errors import ConfigError, FetchError, SourceError, unforeseen
from wiredesk.ports.clock import Clock
from wiredesk.ports.progress import Progress
from wiredesk.ports.source import Source
from wiredesk.ports.store import EntryRow, Store
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState
from wiredesk.records.identity import content_digest

Listed = tuple[SourceSpec, Gathered | SourceError | FetchError]


class Gather:
    """Asks all sources at once and settles their answers in the order in which they are named."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        opened: Callable[[SourceSpec], Source],
        concurrency: int,
        progress: Progress,
    ) -> None:
        self._store, self._clock, self._opened = store, clock, opened
        self._concurrency, self._progress = concurrency, progress

    def __call__(self, specs: Sequence[SourceSpec]) -> list[SourceReport]:
        """Ask ``specs`` and the sources that they list in turn; return a report of each."""
        states = self._store.source_states()
        reports: list[SourceReport] = []
        asked: set[str] = set()
        wave = list(specs)
        while wave:
            wave = [spec for spec in _once(wave) if spec.id not in asked]
            asked.update(spec.id for spec in wave)
            listed: list[SourceSpec] = []
            answers = self._progress.watch("asking sources", self._ask(wave, states), len(wave))
            for spec, answer in answers:
                reports.append(self._settle(spec, states.get(spec.id), answer))
                if isinstance(answer, Gathered):
                    listed.extend(answer.sources)
            wave = listed
        return reports

    def _ask(
        self, specs: Sequence[SourceSpec], states: Mapping[str, SourceState]
    ) -> Iterator[Listed]:
        def ask(spec: SourceSpec) -> Listed:
            try:
                state = states.get(spec.id) or SourceState(id=spec.id)
                return spec, self._opened(spec).gather(state)
            except (SourceError, FetchError) as error:
                return spec, error
            except ConfigError as error:
                return spec, SourceError("config", str(error))
            except Exception as error:  # noqa: BLE001 - strangers' input costs its own source only
                return spec, SourceError("unforeseen", f"{spec.id}: {unforeseen(error)}")

        with threads(self._concurrency) as pool:
            yield from ordered(pool, ask, specs, ahead=4 * self._concurrency)

    def _settle(
        self,
        spec: SourceSpec,
        state: SourceState | None,
        answer: Gathered | SourceError | FetchError,
    ) -> SourceReport:
        before = state or SourceState(id=spec.id)
        now = self._clock.now()
        if not isinstance(answer, Gathered):
            since = before.failing_since or now
            self._store.settle(
                [msgspec.structs.replace(before, failure=str(answer), failing_since=since)]
            )
            return SourceReport(id=spec.id, failure=str(answer))
        known = {row.entry.guid: row for row in self._store.entries(spec.id)}
        rows = list(self._news(answer.entries, known))
        after = SourceState(
            id=spec.id,
            validators=answer.validators,
            title=answer.title or before.title,
            last_good=now,
            notices=answer.notices,
        )
        self._store.settle([after, *rows])
        return SourceReport(
            id=spec.id,
            listed=len(answer.entries),
            new=len(rows),
            unchanged=answer.unchanged,
            notices=answer.notices,
        )

    def _news(self, entries: Sequence[Entry], known: Mapping[str, EntryRow]) -> Iterator[EntryRow]:
        """Give a row for each entry that is new or changed; a guid counts once an answer (F16)."""
        sequence = self._store.next_sequence()
        first: dict[str, Entry] = {}
        for entry in entries:
            first.setdefault(entry.guid, entry)
        for entry in first.values():
            digest = content_digest(msgspec.structs.replace(entry, locator=""))
            row = known.get(entry.guid)
            if row is None or row.digest != digest:
                yield EntryRow(entry=entry, digest=digest, sequence=sequence)
                sequence += 1


def _once(specs: Sequence[SourceSpec]) -> list[SourceSpec]:
    first: dict[str, SourceSpec] = {}
    for spec in specs:
        first.setdefault(spec.id, spec)
    return list(first.values())
