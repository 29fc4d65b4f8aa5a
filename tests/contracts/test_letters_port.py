"""What every keeper of newsletters must do, run on each adapter of the port."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from wiredesk.adapters.memory_letters import MemoryLetters
from wiredesk.adapters.sqlite.letters import SqliteLetters
from wiredesk.errors import StoreBusy
from wiredesk.ports.letters import Letters
from wiredesk.records.newsletter import Delivery, Issue, Pick, Subscriber

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite"])
def letters(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Letters]:
    if request.param == "memory":
        yield MemoryLetters()
        return
    opened = SqliteLetters(tmp_path / "state" / "newsletter.sqlite")
    yield opened
    opened.close()


def issue(name: str, due: datetime = NOON) -> Issue:
    picks = (Pick(story="s", lead="l", key="https://x.example/"),)
    return Issue(id=name, series="daily", due=due, since=due, review_until=due, picks=picks)


def subscriber(name: str, address: str = "") -> Subscriber:
    return Subscriber(id=name, address=address or f"{name}@reader.example", series=("daily",))


def delivery(name: str, to: str, reply: str = "") -> Delivery:
    return Delivery(issue=name, subscriber=to, status="sent", at=NOON, reply=reply)


def test_nothing_is_there_at_first(letters: Letters) -> None:
    assert [*letters.issues(), *letters.subscribers(), *letters.deliveries("x")] == []
    assert letters.issue("x") is None
    assert letters.subscriber("x") is None
    assert letters.of_address("x@y.example") is None
    assert letters.delivery("x", "y") is None


def test_what_is_kept_comes_back_in_order(letters: Letters) -> None:
    later = issue("a", NOON + timedelta(days=1))
    letters.keep(later, issue("b"), subscriber("2"), subscriber("1"))
    letters.keep(delivery("b", "2"), delivery("b", "1"), delivery("a", "1"))
    assert letters.issues() == [issue("b"), later]
    assert letters.issue("a") == later
    assert [each.id for each in letters.subscribers()] == ["1", "2"]
    assert [each.subscriber for each in letters.deliveries("b")] == ["1", "2"]
    assert letters.delivery("a", "1") == delivery("a", "1")


def test_a_row_is_put_over_its_older_self(letters: Letters) -> None:
    letters.keep(issue("a"), subscriber("1"), delivery("a", "1"))
    changed = msgspec.structs.replace(issue("a"), status="held")
    letters.keep(changed, msgspec.structs.replace(delivery("a", "1"), status="doubt"))
    assert letters.issues() == [changed]
    assert [each.status for each in letters.deliveries("a")] == ["doubt"]


def test_an_address_is_found_whatever_its_case(letters: Letters) -> None:
    letters.keep(subscriber("1", "Ada.Quill@Reader.example"))
    found = letters.of_address("ada.quill@reader.EXAMPLE")
    assert found is not None
    assert found.address == "Ada.Quill@Reader.example"


def test_a_step_that_fails_leaves_nothing(letters: Letters) -> None:
    def step() -> None:
        with letters.changing():
            letters.keep(issue("a"))
            with letters.changing():
                letters.keep(subscriber("1"))
            raise RuntimeError("broke")

    with pytest.raises(RuntimeError):
        step()
    assert [*letters.issues(), *letters.subscribers()] == []
    letters.keep(issue("b"))
    assert len(letters.issues()) == 1


def test_who_is_forgotten_is_gone_with_what_was_said_of_them(letters: Letters) -> None:
    letters.keep(subscriber("1"), subscriber("2"), delivery("a", "1", "no 1@reader.example here"))
    letters.forget("1")
    assert [each.id for each in letters.subscribers()] == ["2"]
    assert [(each.status, each.reply) for each in letters.deliveries("a")] == [("sent", "")]
    letters.forget("1")


def test_there_is_one_sender_at_a_time(letters: Letters) -> None:
    with letters.sending():
        with pytest.raises(StoreBusy), letters.sending():
            pass
        letters.keep(issue("a"))
    with letters.sending():
        assert letters.issues() == [issue("a")]
