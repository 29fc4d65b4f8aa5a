"""Puts together what publishes a desk's stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from wiredesk.adapters.picture_folder import PictureFolder
from wiredesk.app.desk import Desk, make_repository, make_seal, open_store
from wiredesk.app.letters import released
from wiredesk.engine.kinds import load_publishers
from wiredesk.engine.picturing import Picturing
from wiredesk.engine.publishing import PublishAll
from wiredesk.errors import NotRecorded
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.fetcher import Fetcher
from wiredesk.ports.progress import Progress
from wiredesk.ports.publisher import Publisher
from wiredesk.ports.store import Store
from wiredesk.records.entry import Validators
from wiredesk.records.page import Page, Purpose
from wiredesk.stages.publish import Publish


def make_picturing(desk: Desk, fetch: Fetcher, apart: Apart) -> Picturing | None:
    """Return what keeps copies of pictures; None for a desk that keeps none."""
    if not desk.settings.images.cache:
        return None
    from wiredesk.stages.thumbnail import thumbnail  # noqa: PLC0415 - slow to import

    return Picturing(
        pictures=PictureFolder(desk.root / "state" / "pictures"),
        fetch=fetch,
        apart=apart,
        make=thumbnail,
        settings=desk.settings.images,
        concurrency=desk.settings.fetch.concurrency,
    )


def make_publish(
    desk: Desk,
    store: Store,
    progress: Progress,
    publishers: Sequence[Publisher],
    picturing: Picturing | None = None,
) -> PublishAll:
    """Return what publishes the desk's stories as records and by ``publishers``."""
    settings = desk.settings
    return PublishAll(
        store=store,
        settings=settings,
        pack=desk.pack,
        registry=desk.registry,
        publish=Publish(
            make_repository(desk),
            make_seal(desk),
            settings.publish.newline,
        ),
        publishers=publishers,
        public=desk.public,
        home=desk.root,
        progress=progress,
        letters=partial(released, desk),
        picturing=picturing,
    )


def publish_again(desk: Desk, progress: Progress) -> int:
    """Bring every output but the records up to date with the records as they stand; return how many
    are published. Raises ``ConfigError``, ``StoreBusy`` while a run is at work, ``PublishError``.
    """
    with open_store(desk) as store, store.writer():
        as_of = store.note("as_of")
        when = datetime.fromisoformat(as_of) if as_of else None
        kept = make_picturing(desk, _no_fetch, here)
        return make_publish(desk, store, progress, load_publishers(), kept).again(when)


def _no_fetch(url: str, purpose: Purpose, validators: Validators = Validators()) -> Page:  # noqa: B008
    """Stand for a network that is not asked."""
    del purpose, validators
    raise NotRecorded("not-asked", f"{url} is not asked now")


def own_feeds(desk: Desk) -> dict[str, object]:
    """Return the addresses of the feeds that the desk has written, with what tells a new version."""
    base = desk.settings.publish.base_url.rstrip("/")
    if not (base and desk.settings.feeds.hub):
        return {}
    found: dict[str, object] = {}
    for file in sorted((desk.public / "feeds").rglob("*")):
        if file.suffix in {".xml", ".json"}:
            stat = file.stat()
            address = f"{base}/{file.relative_to(desk.public).as_posix()}"
            found[address] = (stat.st_ino, stat.st_mtime_ns)
    return found
