"""The way of a story.

Stated once, as a drawing and as code::

    sources ──gather──▶ entries ──fetch──▶ pages ──read──▶ articles        engine.gathering, .reading
                                                              │
          ┌───────────────────────────────────────────────────┘
          ▼
    classify ──▶ group ──▶ score ──▶ relate ──▶ gate ──▶ stories           engine.judging
     topics     stories   quality   related  published      │
                            heat                            │
          ┌─────────────────────────────────────────────────┘
          ▼
    draft ──▶ seal ──▶ publish ──▶ records in Git ──▶ every other output   engine.publishing
    record   secured    (with what humans changed)     (JSON API, …)

``gather`` and ``read`` settle some entries at a time, always the next ones in the order in which
they were found; ``judge`` settles its stories at once; ``publish`` commits its records at once. A
run that is killed leaves a prefix of that, and the next run goes on from there to the same end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from wiredesk.engine.gathering import DUE, Ask, Gather
from wiredesk.engine.hubs import Hubbing
from wiredesk.engine.judging import Judge
from wiredesk.engine.listing import remember_listed
from wiredesk.engine.outcomes import Dropped, Later, RunReport, SourceReport
from wiredesk.engine.publishing import PublishAll
from wiredesk.engine.reading import Reading
from wiredesk.ports.store import EntryRow, Store
from wiredesk.records.entry import SourceSpec


class Pipeline(msgspec.Struct, frozen=True, kw_only=True):
    """One desk's stages, put together by ``app``."""

    desk: str
    sources: tuple[SourceSpec, ...]
    store: Store
    gather: Gather
    read: Reading
    judge: Judge
    publish: PublishAll
    hubs: Hubbing | None = None
    """None where hubs have no say: in replays, and in runs that are recorded."""
    announced: Callable[[], Mapping[str, object]] = dict
    """Gives the addresses of the desk's own feeds, each with what changes when it is written anew."""
    warnings: tuple[str, ...] = ()
    """What was seen while the desk was put together, for the run's report."""

    def run(self, ask: Ask = DUE) -> RunReport:
        """Take the desk from its sources to its outputs once. Raises ``WiredeskError``."""
        with self.store.writer():
            before = self.announced()
            sources = self._gathered(ask)
            remember_listed(self.store, sources)
            told = self.read(self._to_read(ask))
            judged = self.judge()
            out = self.publish(judged.as_of)
            hub = tuple(self._announced(before))
        return RunReport(
            desk=self.desk,
            as_of=judged.as_of,
            sources=tuple(report for report in sources if not report.resting),
            resting=sum(report.resting for report in sources),
            read=told.read,
            dropped=told.counted(Dropped),
            later=told.counted(Later),
            problems=tuple(trouble.message for trouble in told.troubles),
            articles=judged.articles,
            off_topic=judged.off_topic,
            copies=judged.copies,
            stories=out.stories,
            published=out.published,
            new_records=out.new,
            changed_records=out.changed,
            commit=out.commit,
            notices=(*self.warnings, *out.notices, *hub),
            top=out.top,
        )

    def _gathered(self, ask: Ask) -> list[SourceReport]:
        """Ask what is due, or told of by a hub; see that hubs know of the desk."""
        if self.hubs is None:
            return self.gather(self.sources, ask)
        began = self.gather.now()
        told = self.hubs.to_ask(self.store.source_states(), began)
        reports = self.gather(self.sources, msgspec.structs.replace(ask, told=told))
        self.hubs.heard([report.id for report in reports if not report.resting], began)
        states = self.store.source_states()
        current = [states[report.id] for report in reports if report.id in states]
        self.hubs.subscribe(current, self.gather.now())
        return reports

    def _announced(self, before: Mapping[str, object]) -> Iterator[str]:
        """Tell the desk's hub which of its feeds were written anew; give what went wrong."""
        if self.hubs is None:
            return
        now = self.announced()
        changed = [address for address, made in now.items() if before.get(address) != made]
        if notice := self.hubs.announce(changed):
            yield notice

    def _to_read(self, ask: Ask) -> list[EntryRow]:
        """Return the entries that wait and may be tried now."""
        now = self.gather.now()
        return [
            row
            for row in self.store.waiting()
            if ask.every or row.not_before is None or row.not_before <= now
        ]
