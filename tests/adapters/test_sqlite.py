"""What the SQLite store promises beyond the port: durability, one writer, and plain words."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path

import apsw
import pytest

from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.adapters.sqlite.schema import check_library, prepare, shipped
from wiredesk.errors import StoreBusy, StoreError, StoreTooNew
from wiredesk.ports.store import Note

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "desk.sqlite"


def settle_and_close(file: Path, value: str) -> None:
    store = SqliteStore(file)
    store.settle([Note("judged", value)])
    store.close()


def note_in(file: Path) -> str:
    store = SqliteStore(file)
    try:
        return store.note("judged")
    finally:
        store.close()


# A stranger's process: settles pairs of notes for ever and says so after each one.
SETTLING = """
import itertools, sys
from pathlib import Path
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.ports.store import Note
store = SqliteStore(Path(sys.argv[1]))
with store.writer():
    for n in itertools.count(1):
        store.settle([Note("first", str(n)), *(Note(f"n{k}", "x" * 999) for k in range(50)),
                      Note("last", str(n))])
        print(n, flush=True)
"""


def start_settling(file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SETTLING, str(file)], stdout=subprocess.PIPE, text=True
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def kill(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGKILL)
    return process.communicate()[0]


@pytest.mark.parametrize("moment", [0.0, 0.011, 0.027, 0.05])
def test_a_kill_in_the_middle_of_settling_loses_nothing_acknowledged(
    file: Path, moment: float
) -> None:
    process = start_settling(file)
    acknowledged = int(line_of(process))
    time.sleep(moment)
    said = kill(process).split("\n")[:-1]
    acknowledged = int(said[-1]) if said else acknowledged
    store = SqliteStore(file)
    assert int(store.note("first")) >= acknowledged
    assert store.note("first") == store.note("last")
    store.settle([Note("judged", "the lock of the dead is no problem")])
    store.close()


def test_a_second_process_is_told_who_the_writer_is(file: Path) -> None:
    process = start_settling(file)
    line_of(process)
    store = SqliteStore(file)
    with pytest.raises(StoreBusy, match=f"process {process.pid} is writing"):
        store.settle([Note("judged", "x")])
    kill(process)
    store.settle([Note("judged", "x")])
    store.close()


def test_reading_goes_on_beside_a_writer(file: Path) -> None:
    writer, reader = SqliteStore(file), SqliteStore(file)
    with writer.writer():
        writer.settle([Note("judged", "one")])
        assert reader.note("judged") == "one"
    writer.close()
    reader.close()


def sleep_for_long(begun: Event) -> None:
    begun.set()
    time.sleep(60)


def test_a_worker_that_outlives_the_writer_does_not_keep_its_lock(file: Path) -> None:
    store = SqliteStore(file)
    fork = get_context("fork")
    begun = fork.Event()
    with store.writer():
        worker = fork.Process(target=sleep_for_long, args=(begun,))
        worker.start()
    assert begun.wait(20)
    try:
        with SqliteStore(file).writer():
            pass
    finally:
        worker.kill()
        worker.join()
    store.close()


def test_a_writer_that_was_overtaken_cannot_settle(file: Path) -> None:
    store = SqliteStore(file)
    with store.writer():
        other = apsw.Connection(str(file))
        other.execute("UPDATE lease SET fence = fence + 1")
        other.close()
        with pytest.raises(StoreBusy, match="meanwhile"):
            store.settle([Note("judged", "too late")])
    assert store.note("judged") == ""
    store.close()


def test_d10_a_store_of_a_newer_schema_is_refused_and_not_touched(file: Path) -> None:
    settle_and_close(file, "x")
    database = apsw.Connection(str(file))
    database.pragma("user_version", 99)
    database.close()
    before = file.read_bytes()
    with pytest.raises(StoreTooNew, match="schema 99"):
        SqliteStore(file)
    assert file.read_bytes() == before
    assert not file.with_name("desk.sqlite-wal").exists() or not (
        file.with_name("desk.sqlite-wal").stat().st_size
    )


def test_an_older_store_is_brought_forward_with_its_rows(tmp_path: Path) -> None:
    database = apsw.Connection(str(tmp_path / "old.sqlite"))
    prepare(database, "CREATE TABLE note (name TEXT); INSERT INTO note VALUES ('kept')", [])
    added = "ALTER TABLE note ADD COLUMN value TEXT NOT NULL DEFAULT ''"
    moved = "CREATE TABLE mark (note TEXT); INSERT INTO mark SELECT name FROM note"
    prepare(database, "", [added, moved])
    assert database.pragma("user_version") == 3
    assert database.execute("SELECT * FROM note, mark").fetchall() == [("kept", "", "kept")]
    database.close()


def test_a_migration_that_fails_leaves_the_older_store(tmp_path: Path) -> None:
    database = apsw.Connection(str(tmp_path / "old.sqlite"))
    prepare(database, "CREATE TABLE note (name TEXT)", [])
    with pytest.raises(apsw.SQLError):
        prepare(database, "", ["CREATE TABLE half (way TEXT)", "CREATE TABLE note (name TEXT)"])
    assert database.pragma("user_version") == 1
    assert database.execute("SELECT name FROM sqlite_schema").fetchall() == [("note",)]
    database.close()


def test_the_schema_of_a_new_store_is_the_one_that_migrations_lead_to() -> None:
    schema, migrations = shipped()
    database = apsw.Connection(":memory:")
    prepare(database, schema, migrations)
    assert database.pragma("user_version") == 1 + len(migrations)
    database.close()


def test_another_programs_database_is_left_alone(file: Path) -> None:
    database = apsw.Connection(str(file))
    database.execute("CREATE TABLE recipes (name TEXT)")
    database.close()
    with pytest.raises(StoreError, match="another program"):
        SqliteStore(file)


def test_a_file_that_is_no_database_is_named(file: Path) -> None:
    file.write_text("These are my notes about the harbour." * 100)
    with pytest.raises(StoreError, match=r"desk\.sqlite: it is not a database"):
        SqliteStore(file)


def test_a_damaged_row_is_not_taken_for_the_truth(file: Path) -> None:
    settle_and_close(file, "the truth")
    database = apsw.Connection(str(file))
    database.execute("UPDATE note SET document = CAST(replace(document, 'truth', 'lie!!') AS BLOB)")
    database.close()
    with pytest.raises(StoreError, match="damaged"):
        note_in(file)


def test_an_sqlite_with_the_wal_reset_bug_is_refused() -> None:
    with pytest.raises(StoreError, match=r"3\.51\.3 or later"):
        check_library("3.40.1")
    check_library("3.51.3")


def killed_with_a_log(file: Path) -> None:
    process = start_settling(file)
    line_of(process)
    line_of(process)
    kill(process)
    assert file.with_name("desk.sqlite-wal").stat().st_size > 0


def test_d02_a_log_that_was_deleted_is_noticed(file: Path) -> None:
    settle_and_close(file, "x")
    killed_with_a_log(file)
    log = file.with_name("desk.sqlite-wal")
    kept = log.read_bytes()
    log.unlink()
    with pytest.raises(StoreError, match="-wal file was probably taken away"):
        SqliteStore(file)
    for leftover in ("desk.sqlite-wal", "desk.sqlite-shm"):
        file.with_name(leftover).unlink(missing_ok=True)
    log.write_bytes(kept)
    assert note_in(file) == "x"


def test_d02_a_log_of_another_store_is_noticed(file: Path, tmp_path: Path) -> None:
    settle_and_close(file, "ours")
    other = tmp_path / "other" / "desk.sqlite"
    killed_with_a_log(other)
    file.with_name("desk.sqlite-wal").write_bytes(other.with_name("desk.sqlite-wal").read_bytes())
    with pytest.raises(StoreError):
        note_in(file)


def test_d02_a_deleted_store_is_a_new_one(file: Path) -> None:
    settle_and_close(file, "x")
    file.unlink()
    settle_and_close(file, "y")
    assert note_in(file) == "y"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_d02_a_read_only_store_is_named(file: Path) -> None:
    settle_and_close(file, "x")
    file.chmod(0o444)
    with pytest.raises(StoreError, match="read-only"):
        settle_and_close(file, "y")


FILLING = """
import resource, signal, sys
from pathlib import Path
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.errors import StoreError
from wiredesk.ports.store import Note
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = SqliteStore(Path(sys.argv[1]))
store.settle([Note("judged", "acknowledged")])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    for n in range(100):
        store.settle([Note("first", str(n)), Note("big", "x" * 200_000), Note("last", str(n))])
except StoreError as error:
    print(error)
assert store.note("judged") == "acknowledged"
assert store.note("first") == store.note("last")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.settle([Note("judged", "there is room again")])
"""


@pytest.mark.parametrize("room", [90_000, 150_000, 300_000, 1_000_000])
def test_d03_a_full_disk_costs_only_what_was_not_acknowledged(file: Path, room: int) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    filling = subprocess.run(
        [sys.executable, "-c", FILLING, str(file), str(room)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert f"cannot write {file}: the disk" in filling.stdout
    assert resource.getrlimit(resource.RLIMIT_FSIZE) == limits
    assert note_in(file) == "there is room again"


def test_the_window_of_articles_is_found_by_the_index(file: Path) -> None:
    store = SqliteStore(file)
    database = apsw.Connection(str(file))
    plan = database.execute("EXPLAIN QUERY PLAN SELECT id FROM article WHERE at >= 5").fetchall()
    assert "article_by_time" in str(plan)
    database.close()
    store.close()
