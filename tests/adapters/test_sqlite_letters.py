"""The newsletters' own file: two processes, damage, a newer schema, and what is really erased."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import apsw
import msgspec
import pytest

from wiredesk.adapters.sqlite.letters import SqliteLetters
from wiredesk.errors import StoreBusy, StoreError, StoreTooNew
from wiredesk.records.newsletter import Delivery, Subscriber

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADDRESS = "bram.oster.1234@reader.example"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "newsletter.sqlite"


def test_two_that_have_it_open_see_each_others_steps(path: Path) -> None:
    one, other = SqliteLetters(path), SqliteLetters(path)
    with other.sending(), pytest.raises(StoreBusy), one.sending():
        pass
    one.keep(Subscriber(id="1", address=ADDRESS))
    assert [each.id for each in other.subscribers()] == ["1"]
    other.keep(Subscriber(id="2", address="other@reader.example"))
    assert len(one.subscribers()) == 2
    one.close()
    other.close()


def test_threads_take_turns(path: Path) -> None:
    letters = SqliteLetters(path)
    letters.keep(Subscriber(id="1", address=ADDRESS, generation=0))

    def raise_it() -> None:
        for _ in range(20):
            with letters.changing():
                found = letters.subscriber("1")
                assert found is not None
                letters.keep(msgspec.structs.replace(found, generation=found.generation + 1))

    threads = [threading.Thread(target=raise_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = letters.subscriber("1")
    assert found is not None
    assert found.generation == 80
    letters.close()


def test_one_mailbox_cannot_be_on_the_list_twice(path: Path) -> None:
    letters = SqliteLetters(path)
    letters.keep(Subscriber(id="1", address=ADDRESS))
    with pytest.raises(StoreError):
        letters.keep(Subscriber(id="2", address=ADDRESS.upper()))
    letters.close()


def test_no_byte_of_a_forgotten_address_is_left_in_any_file(path: Path) -> None:
    letters = SqliteLetters(path)
    for number in range(200):
        letters.keep(Subscriber(id=f"{number}", address=f"somebody.{number}@reader.example"))
    letters.keep(Subscriber(id="x", address=ADDRESS))
    letters.keep(
        Delivery(issue="a", subscriber="x", status="failed", at=NOON, reply=f"no {ADDRESS} here")
    )
    local = ADDRESS.partition("@")[0].encode()
    assert any(local in file.read_bytes() for file in path.parent.iterdir())
    letters.forget("x")
    assert not any(local in file.read_bytes() for file in path.parent.iterdir())
    letters.close()
    assert not any(local in file.read_bytes() for file in path.parent.iterdir())


def test_only_its_owner_may_read_it(path: Path) -> None:
    SqliteLetters(path).close()
    assert path.stat().st_mode & 0o077 == 0


def test_a_newer_file_a_strangers_and_a_damaged_row_are_refused(path: Path, tmp_path: Path) -> None:
    SqliteLetters(path).close()
    database = apsw.Connection(str(path))
    database.pragma("user_version", 99)
    database.close()
    with pytest.raises(StoreTooNew):
        SqliteLetters(path)
    other = tmp_path / "other.sqlite"
    database = apsw.Connection(str(other))
    database.execute("CREATE TABLE theirs (x)")
    database.close()
    with pytest.raises(StoreError, match="another program"):
        SqliteLetters(other)
    third = tmp_path / "third.sqlite"
    letters = SqliteLetters(third)
    letters.keep(Subscriber(id="1", address=ADDRESS))
    database = apsw.Connection(str(third))
    database.execute("UPDATE subscriber SET checksum = x'00'")
    database.close()
    with pytest.raises(StoreError, match="damaged"):
        letters.subscribers()
    letters.close()
