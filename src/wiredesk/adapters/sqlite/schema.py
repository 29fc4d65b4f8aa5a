"""Brings a database to the schema of this wiredesk, or says why it cannot be opened."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import apsw

from wiredesk.errors import StoreError, StoreTooNew

APPLICATION_ID = 0x77697265
"""``wire`` in ASCII, in the file's header: `file(1)` and we know a store by it."""

LEAST_LIBRARY = (3, 51, 3)
"""The first SQLite in which a WAL that was reset while read cannot corrupt the database
(https://www.sqlite.org/wal.html, "the WAL-reset bug")."""


def check_library(version: str) -> None:
    """Refuse an SQLite older than ``LEAST_LIBRARY``. Raises ``StoreError``."""
    numbers = tuple(int(part) for part in version.split("."))
    if numbers < LEAST_LIBRARY:
        least = ".".join(map(str, LEAST_LIBRARY))
        raise StoreError(
            f"SQLite {version} can corrupt a store (its WAL-reset bug): {least} or later is needed;"
            " `pip install --upgrade apsw` brings one with it"
        )


def shipped() -> tuple[str, tuple[str, ...]]:
    """Return the schema of a new store, and the migrations of older ones in their order."""
    package = files("wiredesk.adapters.sqlite")
    scripts = sorted(
        (item for item in package.joinpath("migrations").iterdir() if item.name.endswith(".sql")),
        key=lambda item: item.name,
    )
    schema = package.joinpath("schema.sql").read_text(encoding="utf-8")
    return schema, tuple(script.read_text(encoding="utf-8") for script in scripts)


def version_of(database: apsw.Connection) -> int:
    """Return the schema's version: 0 for an empty database. Raises ``StoreError`` for a database
    that is not a store of ours.
    """
    version = int(database.pragma("user_version"))
    if version == 0 and database.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall():
        raise StoreError(
            f"{database.filename} is a database of another program, not a desk's store"
        )
    return version


def check_version(database: apsw.Connection, migrations: Sequence[str]) -> int:
    """Return the version of ``database``. Raises ``StoreTooNew`` for one that is not known yet."""
    version, known = version_of(database), 1 + len(migrations)
    if version > known:
        raise StoreTooNew(
            f"{database.filename} was written by a newer wiredesk (schema {version}, this one knows"
            f" {known}): nothing was changed; use the newer wiredesk"
        )
    return version


def prepare(database: apsw.Connection, schema: str, migrations: Sequence[str]) -> None:
    """Give an empty ``database`` the ``schema``, or an older one the ``migrations`` that it lacks,
    in one transaction. Raises ``StoreTooNew`` and ``StoreError``, with nothing written.
    """
    known = 1 + len(migrations)
    if check_version(database, migrations) == known:
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        version = check_version(database, migrations)  # another process may just have done it
        for script in (schema,) if version == 0 else migrations[version - 1 :]:
            database.execute(script)
        database.pragma("application_id", APPLICATION_ID)
        database.pragma("user_version", known)
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
