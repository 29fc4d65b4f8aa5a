"""Puts everything together: the only module that knows all the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import msgspec

from wiredesk import signals
from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.adapters.apart import Children
from wiredesk.adapters.clock import FixedClock, SystemClock, SystemTimer
from wiredesk.adapters.desk_folder import read_desk
from wiredesk.adapters.git import GitRepository
from wiredesk.adapters.journal import Journal, read_journal
from wiredesk.adapters.kept_meanings import KeptMeanings
from wiredesk.adapters.keys import exposure, new_key, random_id, read_keys
from wiredesk.adapters.memory_hosts import MemoryHosts
from wiredesk.adapters.picture_folder import PictureFolder
from wiredesk.adapters.polite import PoliteWeb
from wiredesk.adapters.robots import RobotsWeb
from wiredesk.adapters.smtp import SmtpPost
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.adapters.sqlite.hosts import SqliteHosts
from wiredesk.adapters.sqlite.hubs import SqliteHubs
from wiredesk.adapters.sqlite.letters import SqliteLetters
from wiredesk.adapters.starter import lay_out
from wiredesk.adapters.warc import RecordingWeb, ReplayWeb, recorded_at
from wiredesk.adapters.web import LiveWeb
from wiredesk.config import FetchSettings, Settings
from wiredesk.engine.classifying import by_pack
from wiredesk.engine.corrections import Corrections
from wiredesk.engine.deciding import unknown_topics
from wiredesk.engine.discovering import FoundFeed, discover
from wiredesk.engine.drafting import Secret
from wiredesk.engine.filters import (
    Filter,
    classify_filter,
    group_filter,
    read_filter,
    relate_filter,
    score_filter,
)
from wiredesk.engine.gathering import Gather
from wiredesk.engine.hubs import Hubbing
from wiredesk.engine.judging import Judge
from wiredesk.engine.kinds import Sources, load_model, load_publishers
from wiredesk.engine.lines import Lines
from wiredesk.engine.newsletter.issuing import Issuing
from wiredesk.engine.newsletter.newsroom import read_newsroom
from wiredesk.engine.newsletter.rounds import Round
from wiredesk.engine.newsletter.sending import Sending
from wiredesk.engine.newsletter.subscribing import Subscribing
from wiredesk.engine.outlook import Outlook, outlook
from wiredesk.engine.picturing import Picturing
from wiredesk.engine.pipeline import Pipeline
from wiredesk.engine.profiles import ClassicProfile, DeskProfile, Profile
from wiredesk.engine.publishing import PublishAll
from wiredesk.engine.reading import PRELOAD, Reading, ReadPage, make_reader, prepare, read_page
from wiredesk.engine.rebuilding import Found, Rebuilt, rebuild
from wiredesk.engine.telling import Tell
from wiredesk.errors import ConfigError, MalformedRecord, NotRecorded, SealError
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.clock import Clock, Timer
from wiredesk.ports.fetcher import Fetcher
from wiredesk.ports.hosts import Hosts
from wiredesk.ports.progress import Progress
from wiredesk.ports.publisher import Publisher
from wiredesk.ports.store import Store
from wiredesk.ports.web import Web
from wiredesk.records.decided import Decided, decide
from wiredesk.records.entry import Validators
from wiredesk.records.frontmatter import parse
from wiredesk.records.merge import is_humans
from wiredesk.records.newsletter import Issue
from wiredesk.records.page import Page, Purpose
from wiredesk.records.paths import FOLDER
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.record import Record
from wiredesk.records.topic import TopicPack
from wiredesk.stages.classify import Topics
from wiredesk.stages.fetch import Fetch
from wiredesk.stages.group import Group
from wiredesk.stages.publish import Publish, read_record
from wiredesk.stages.relate import Relate
from wiredesk.stages.score import Score
from wiredesk.stages.seal import Seal

JOURNAL = "decisions.jsonl"
"""The file of editors' decisions, below the desk."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A desk's own files, read once."""

    root: Path
    settings: Settings
    pack: TopicPack
    registry: ProviderRegistry
    journal: Journal = Journal()
    """What editors decided."""

    @property
    def store_path(self) -> Path:
        """Where the embedded store is."""
        return self.root / "state" / "desk.sqlite"

    @property
    def records(self) -> Path:
        """The Git repository of records."""
        return self.root / self.settings.publish.records

    @property
    def public(self) -> Path:
        """The folder of the static outputs."""
        return self.root / self.settings.publish.public

    @property
    def key_path(self) -> Path:
        """The file of the desk's keys."""
        return self.root / self.settings.key_file

    @property
    def secrets(self) -> tuple[Path, ...]:
        """The files that nobody but their owner should be able to read."""
        password = self.settings.newsletter.smtp.password_file
        return (self.key_path, self.root / password) if password else (self.key_path,)

    @property
    def decided(self) -> Decided:
        """What the decisions come to."""
        return decide(self.journal.decisions)

    @property
    def journal_path(self) -> Path:
        """The file of editors' decisions."""
        return self.root / JOURNAL


def open_desk(root: Path) -> Desk:
    """Return the desk in the folder ``root``. Raises ``ConfigError``."""
    if not (root / "desk.toml").is_file():
        raise ConfigError(
            f"{root}: no desk.toml here; make a desk with: wiredesk new {root} --pack ai"
        )
    settings, pack, registry = read_desk(root)
    journal = read_journal(root / JOURNAL)
    return Desk(root=root, settings=settings, pack=pack, registry=registry, journal=journal)


def make_profile(desk: Desk) -> Profile:
    """Return the arithmetic that the desk's settings name. Raises ``ConfigError``."""
    settings = desk.settings.score
    match settings.profile:
        case "desk":
            window = desk.settings.group.window_days
            families = signals.load_signals(), signals.load_comparisons()
            return DeskProfile(Score(*families, settings, window))
        case "classic":
            return ClassicProfile(desk.pack, settings)
        case other:
            raise ConfigError(f"desk.toml: score.profile: {other!r} is neither desk nor classic")


def make_group(desk: Desk) -> Group:
    """Return the desk's grouping, with the model that its settings name.

    Raises ``ConfigError`` for a model that is not there.
    """
    settings = desk.settings.group
    if not settings.model:
        return Group(settings)
    kept = KeptMeanings(load_model(settings.model), desk.root / "state" / "meanings.sqlite")
    return Group(settings, kept)


def make_judge(desk: Desk, store: Store) -> Judge:
    """Return the desk's judge over ``store``."""
    settings = desk.settings
    return Judge(
        store=store,
        settings=settings,
        pack=desk.pack,
        registry=desk.registry,
        classify=Topics(desk.pack, settings.classify),
        group=make_group(desk),
        relate=Relate(settings.relate),
        tell=make_tell(desk),
        labels=Corrections(make_repository(desk), make_seal(desk), desk.pack),
        decided=desk.decided,
    )


def make_tell(desk: Desk) -> Tell:
    """Return what makes the desk's stories of their articles."""
    return Tell(
        make_profile(desk),
        desk.registry,
        desk.settings.score,
        needs_topic=bool(desk.pack.topics),
    )


def make_repository(desk: Desk) -> GitRepository:
    """Return the repository of the desk's records."""
    return GitRepository(desk.records, desk.settings.publish.branch)


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


def make_seal(desk: Desk) -> Seal:
    """Return the desk's seal. Raises ``ConfigError`` when its key cannot be read."""
    return Seal(read_keys(desk.key_path))


def read_apart(registry: ProviderRegistry) -> ReadPage:
    """Return what reads one page after the other in a child under limits, which lives as long as it
    does. It raises ``Unreadable`` and ``Ended``.
    """
    apart = Children(1, prepare=partial(prepare, make_reader, registry), preload=PRELOAD)
    return partial(apart, read_page)


@contextmanager
def pipeline(
    desk: Desk, progress: Progress, *, record: Path | None = None, replay: Path | None = None
) -> Iterator[Pipeline]:
    """Give the desk's pipeline, recording to or replaying from a WARC when one is named.

    Raises ``ConfigError`` (also for a recording that cannot be read) and ``StoreError``.
    """
    from wiredesk.stages.read import measured, read_entry  # noqa: PLC0415 - see above

    settings = desk.settings
    if not desk.store_path.exists() and _has_records(desk):
        raise ConfigError(f"{desk.root}: there are records but no store; first: {_first(desk)}")
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
        hosts = MemoryHosts() if record or replay else _hosts(desk, stack, timer)
        live = _live(settings.fetch, clock)
        web: Web = replayed or PoliteWeb(live, settings.fetch, hosts, timer)
        if record:
            web = stack.enter_context(RecordingWeb(web, record, started))
        fetch = _fetch(web, settings.fetch, hosts, timer, live.spent)
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
            hubs=None if record or replay else _hubbing(desk, web, stack),
            announced=partial(_own_feeds, desk),
            warnings=tuple(warning for warning in warnings if warning),
        )


def _fetch(
    web: Web, settings: FetchSettings, hosts: Hosts, timer: Timer, spent: Callable[[], float]
) -> Fetch:
    """Return the one fetch function over ``web``, with ``robots.txt`` heeded."""
    robots = Fetch(web, settings, spent)
    return Fetch(RobotsWeb(web, robots, settings, hosts, timer), settings, spent)


def _hosts(desk: Desk, stack: ExitStack, timer: Timer) -> SqliteHosts:
    hosts = SqliteHosts(desk.root / "state" / "hosts.sqlite", timer.moment())
    return stack.enter_context(closing(hosts))


def _hubbing(desk: Desk, web: Web, stack: ExitStack) -> Hubbing | None:
    """Return the desk's dealings with hubs; None where its settings name neither callback nor hub."""
    if not (desk.settings.websub.callback or desk.settings.feeds.hub):
        return None
    return Hubbing(stack.enter_context(open_hubs(desk)), web, desk.settings, random_id)


@contextmanager
def open_hubs(desk: Desk) -> Iterator[SqliteHubs]:
    """Give what is remembered of hubs. Raises ``StoreError``."""
    with closing(SqliteHubs(desk.root / "state" / "websub.sqlite")) as hubs:
        yield hubs


def _own_feeds(desk: Desk) -> dict[str, object]:
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


def _live(settings: FetchSettings, clock: Clock) -> LiveWeb:
    return LiveWeb(settings, clock, AddressPolicy(settings.allow_networks).refusal)


def _started(replay: Path | None) -> datetime:
    """Return the run's one time: now, or that of the recording that is replayed."""
    return (recorded_at(replay) if replay else None) or SystemClock().now()


def discovered(url: str, settings: FetchSettings | None = None) -> tuple[FoundFeed, ...]:
    """Return the feeds of the site at ``url``. Raises ``FetchError`` when it cannot be asked, ``Ended``
    when its page cannot be read.
    """
    from wiredesk.sources.feed import read  # noqa: PLC0415 - slow to import

    given, hosts, timer = settings or FetchSettings(), MemoryHosts(), SystemTimer()
    live = _live(given, SystemClock())
    web = PoliteWeb(live, given, hosts, timer)
    with Children(1, preload=PRELOAD) as apart:
        return discover(url, _fetch(web, given, hosts, timer, live.spent), read, apart)


def new_desk(root: Path, pack: str, sources: Iterable[str] = ()) -> Desk:
    """Return a new desk in ``root`` with a key of its own (``adapters.starter.lay_out``).

    Raises ``ConfigError``.
    """
    lay_out(root, pack, sources)
    desk = open_desk(root)
    new_key(desk.key_path)
    return desk


def _has_records(desk: Desk) -> bool:
    return any((desk.records / FOLDER).glob("*.md"))


def _first(desk: Desk) -> str:
    return f"wiredesk {'rebuild' if _has_records(desk) else 'run'} {desk.root}"


@contextmanager
def open_store(desk: Desk) -> Iterator[SqliteStore]:
    """Give the desk's store for looking at it. Raises ``StoreError``."""
    if not desk.store_path.exists():
        raise ConfigError(f"{desk.root}: there is no store yet; first: {_first(desk)}")
    with closing(SqliteStore(desk.store_path)) as store:
        yield store


def stage_filter(
    name: str, desk: Desk, as_of: datetime | None, *, keywords: bool = False
) -> Filter:
    """Return the stage ``name`` of the desk as a filter on JSON lines; ``keywords`` leaves the model of
    ``classify`` aside.
    """
    settings = desk.settings
    topics, group = Topics(desk.pack, settings.classify), make_group(desk)
    lines = Lines(settings.language, desk.registry)
    match name:
        case "read":
            return read_filter(read_apart(desk.registry), as_of or SystemClock().now())
        case "classify":
            return classify_filter(lines, topics, keywords=keywords)
        case "group":
            return group_filter(lines, group)
        case "score":
            return score_filter(lines, topics, group, make_tell(desk), as_of)
        case "relate":
            return relate_filter(lines, group, Relate(settings.relate))
        case other:
            raise ConfigError(f"there is no stage {other!r} that runs alone")


def rebuild_store(desk: Desk) -> Rebuilt:
    """Make the desk's store from its records and key. Raises ``ConfigError`` when it has one."""
    if desk.store_path.exists():
        raise ConfigError(
            f"{desk.store_path} is there; to rebuild it from the records, move it away first"
        )
    repository = make_repository(desk)
    snapshot = repository.snapshot(FOLDER)
    opened = partial(_opened, make_seal(desk))
    rebuilt = rebuild(snapshot.files, repository.removed(FOLDER), opened, by_pack(desk.pack))
    with closing(SqliteStore(desk.store_path)) as store:
        store.settle(make_judge(desk, store).restored(rebuilt.rows))
    return rebuilt


def _opened(seal: Seal, path: str, data: bytes) -> Found:
    written = read_record(path, data, seal)
    try:
        secret = msgspec.convert(written.secret, Secret)
    except msgspec.ValidationError:
        raise SealError from None
    return Found(path=path, revision=written.revision, secret=secret)


def open_record(path: Path, key: Path | None) -> tuple[Record, Secret]:
    """Return the record in the file ``path`` and what is sealed into it.

    Without ``key``, the key of the desk around the file is used. Raises ``ConfigError`` (no key),
    ``MalformedRecord`` and ``SealError``.
    """
    if key is None:
        around = desk_around(path)
        if around is None:
            raise ConfigError(f"{path}: no desk around it; name its key with --key")
        key = open_desk(around).key_path
    seal = Seal(read_keys(key))
    data = path.read_bytes()
    return parse(data, str(path)).record, _opened(seal, str(path), data).secret


def desk_around(path: Path) -> Path | None:
    """Return the folder of the desk that ``path`` is or is in, or None."""
    whole = path.resolve()
    return next((one for one in (whole, *whole.parents) if (one / "desk.toml").is_file()), None)


def story_of_file(desk: Desk, path: Path) -> str:
    """Return the id of the story that a record's file tells, by its seal; empty if there is none."""
    try:
        return read_record(str(path), path.read_bytes(), make_seal(desk)).story
    except (OSError, MalformedRecord, SealError):
        return ""


def held_by_hand(desk: Desk, path: str, key: str) -> bool:
    """Tell whether a human changed ``key`` in the record at ``path`` below the repository."""
    try:
        file = read_record(path, (desk.records / path).read_bytes(), make_seal(desk))
    except (OSError, MalformedRecord, SealError):
        return False
    return is_humans(file.base, file.record, key)


def story_outlook(path: Path, secret: Secret) -> Outlook | None:
    """Return the outlook of the story that is sealed into the record ``path``, by the desk around it;
    None where there is no desk that can say. Raises ``ConfigError`` when there is one of unsound files.
    """
    folder = desk_around(path)
    if folder is None:
        return None
    desk = open_desk(folder)
    return outlook(make_tell(desk), make_profile(desk), desk.settings.score.threshold, secret)


def letters_path(desk: Desk) -> Path:
    """Return where the newsletters' own file is."""
    return desk.root / "state" / "newsletter.sqlite"


@contextmanager
def newsletter(desk: Desk, clock: Clock | None = None) -> Iterator[Round]:
    """Give the desk's newsletters. Raises ``ConfigError``, ``StoreError``."""
    settings, time = desk.settings, clock or SystemClock()
    if not settings.newsletter.series:
        raise ConfigError(f"{desk.root}: desk.toml has no newsletter; add [[newsletter.series]]")
    ring = read_keys(desk.key_path)
    repository = make_repository(desk)
    with ExitStack() as stack:
        store = cache(lambda: stack.enter_context(open_store(desk)))
        letters = stack.enter_context(closing(SqliteLetters(letters_path(desk))))
        post = stack.enter_context(closing(SmtpPost(settings.newsletter.smtp, desk.root)))
        yield Round(
            settings=settings,
            letters=letters,
            issuing=Issuing(
                letters=letters,
                clock=time,
                settings=settings,
                pack=desk.pack,
                newsroom=lambda since: read_newsroom(store(), repository, since),
                repository=repository,
                public=desk.public,
            ),
            sending=Sending(letters=letters, clock=time, settings=settings, ring=ring, post=post),
            subscribing=Subscribing(
                letters=letters, clock=time, settings=settings, ring=ring, new_id=random_id
            ),
            post=post,
            outbox=desk.root / "outbox",
        )


def released(desk: Desk) -> tuple[Issue, ...]:
    """Return the editions of the desk; none where it has no newsletters yet."""
    if not letters_path(desk).exists():
        return ()
    with closing(SqliteLetters(letters_path(desk))) as letters:
        return tuple(letters.issues())
