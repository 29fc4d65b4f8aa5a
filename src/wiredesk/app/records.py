"""What is in a desk's records: opened, told, and a lost store made of them again."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec

from wiredesk.adapters.keys import read_keys
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.app.desk import Desk, desk_around, make_repository, make_seal, open_desk
from wiredesk.app.judging import make_judge, make_profile, make_tell
from wiredesk.engine.classifying import by_pack
from wiredesk.engine.drafting import Secret
from wiredesk.engine.outlook import Outlook, outlook
from wiredesk.engine.rebuilding import Found, Rebuilt, rebuild
from wiredesk.errors import ConfigError, MalformedRecord, SealError
from wiredesk.records.frontmatter import parse
from wiredesk.records.merge import is_humans
from wiredesk.records.paths import FOLDER
from wiredesk.records.record import Record
from wiredesk.stages.publish import read_record
from wiredesk.stages.seal import Seal


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


def _opened(seal: Seal, path: str, data: bytes) -> Found:
    written = read_record(path, data, seal)
    try:
        secret = msgspec.convert(written.secret, Secret)
    except msgspec.ValidationError:
        raise SealError from None
    return Found(path=path, revision=written.revision, secret=secret)


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
