"""A desk: its own files, read once, and what is made of them alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from wiredesk.adapters.desk_folder import read_desk
from wiredesk.adapters.desk_folder.journal import Journal, read_journal
from wiredesk.adapters.git import GitRepository
from wiredesk.adapters.keys import new_key, read_keys
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.adapters.starter import lay_out
from wiredesk.config import Settings
from wiredesk.errors import ConfigError
from wiredesk.records.decided import Decided, decide
from wiredesk.records.paths import FOLDER
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.topic import TopicPack
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


def new_desk(root: Path, pack: str, sources: Iterable[str] = ()) -> Desk:
    """Return a new desk in ``root`` with a key of its own (``adapters.starter.lay_out``).

    Raises ``ConfigError``.
    """
    lay_out(root, pack, sources)
    desk = open_desk(root)
    new_key(desk.key_path)
    return desk


def desk_around(path: Path) -> Path | None:
    """Return the folder of the desk that ``path`` is or is in, or None."""
    whole = path.resolve()
    return next((one for one in (whole, *whole.parents) if (one / "desk.toml").is_file()), None)


def has_records(desk: Desk) -> bool:
    """Tell whether there are records of the desk."""
    return any((desk.records / FOLDER).glob("*.md"))


def first_step(desk: Desk) -> str:
    """Return the command that makes the store of a desk without one."""
    return f"wiredesk {'rebuild' if has_records(desk) else 'run'} {desk.root}"


@contextmanager
def open_store(desk: Desk) -> Iterator[SqliteStore]:
    """Give the desk's store for looking at it. Raises ``StoreError``."""
    if not desk.store_path.exists():
        raise ConfigError(f"{desk.root}: there is no store yet; first: {first_step(desk)}")
    with closing(SqliteStore(desk.store_path)) as store:
        yield store


def make_repository(desk: Desk) -> GitRepository:
    """Return the repository of the desk's records."""
    return GitRepository(desk.records, desk.settings.publish.branch)


def make_seal(desk: Desk) -> Seal:
    """Return the desk's seal. Raises ``ConfigError`` when its key cannot be read."""
    return Seal(read_keys(desk.key_path))
