"""Puts together the pipeline of a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from wiredesk.adapters.apart import Children
from wiredesk.adapters.clock import FixedClock, SystemClock, SystemTimer
from wiredesk.adapters.keys import exposure
from wiredesk.adapters.memory_hosts import MemoryHosts
from wiredesk.adapters.polite import PoliteWeb
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.adapters.warc import RecordingWeb, ReplayWeb, recorded_at
from wiredesk.app.desk import Desk, first_step, has_records
from wiredesk.app.judging import make_judge
from wiredesk.app.network import live_web, make_fetch, make_hubbing, open_hosts
from wiredesk.app.publishing import make_picturing, make_publish, own_feeds
from wiredesk.engine.deciding import unknown_topics
from wiredesk.engine.gathering import Gather
from wiredesk.engine.kinds import Sources, load_publishers
from wiredesk.engine.pipeline import Pipeline
from wiredesk.engine.reading import PRELOAD, Reading, make_reader, prepare, read_page
from wiredesk.errors import ConfigError
from wiredesk.ports.progress import Progress
from wiredesk.ports.web import Web


@contextmanager
def pipeline(
    desk: Desk, progress: Progress, *, record: Path | None = None, replay: Path | None = None
) -> Iterator[Pipeline]:
    """Give the desk's pipeline, recording to or replaying from a WARC when one is named.

    Raises ``ConfigError`` (also for a recording that cannot be read) and ``StoreError``.
    """
    from wiredesk.stages.read import measured, read_entry  # noqa: PLC0415 - see above

    settings = desk.settings
    if not desk.store_path.exists() and has_records(desk):
        raise ConfigError(f"{desk.root}: there are records but no store; first: {first_step(desk)}")
    with ExitStack() as stack:
        started = _started(replay)
        clock = FixedClock(started)
        replayed = ReplayWeb(replay, settings.fetch) if replay else None
        damage = replayed.damage if replayed else ""
        warnings = (
            *(exposure(path) for path in desk.secrets),
            damage,
            *desk.registry.ratings.notices,
            *desk.journal.problems,
            *unknown_topics(desk.decided, desk.pack),
        )
        timer = SystemTimer()
        # what a recording holds and a replay does must not depend on what this machine remembers
        hosts = MemoryHosts() if record or replay else open_hosts(desk, stack, timer)
        live = live_web(settings.fetch, clock)
        web: Web = replayed or PoliteWeb(live, settings.fetch, hosts, timer)
        if record:
            web = stack.enter_context(RecordingWeb(web, record, started))
        fetch = make_fetch(web, settings.fetch, hosts, timer, live.spent)
        store = stack.enter_context(closing(SqliteStore(desk.store_path)))
        apart = stack.enter_context(
            Children(
                settings.workers,
                prepare=partial(prepare, make_reader, desk.registry),
                preload=PRELOAD,
            )
        )
        opened = Sources(desk.root, settings.sources, fetch, apart)
        yield Pipeline(
            desk=settings.name,
            sources=settings.sources,
            store=store,
            gather=Gather(
                store,
                clock,
                opened.of_spec,
                settings.fetch.concurrency,
                progress,
                polling=settings.polling,
                now=clock.now if replay else SystemClock().now,
                spent=live.spent,
            ),
            read=Reading(
                store=store,
                fetch=fetch,
                opened=opened.of_id,
                apart=apart,
                read_page=read_page,
                read_entry=partial(read_entry, desk.registry),
                measure=measured,
                concurrency=settings.fetch.concurrency,
                now=clock.now,
                progress=progress,
            ),
            judge=make_judge(desk, store),
            publish=make_publish(
                desk, store, progress, load_publishers(), make_picturing(desk, fetch, apart)
            ),
            hubs=None if record or replay else make_hubbing(desk, web, stack),
            announced=partial(own_feeds, desk),
            warnings=tuple(warning for warning in warnings if warning),
        )


def _started(replay: Path | None) -> datetime:
    """Return the run's one time: now, or that of the recording that is replayed."""
    return (recorded_at(replay) if replay else None) or SystemClock().now()
