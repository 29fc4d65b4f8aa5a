"""What is remembered of a source after each poll, and how it is doing by that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from newsroom import entry

from wiredesk.config import PollingSettings
from wiredesk.engine.polling.outcome import failed, succeeded, woken
from wiredesk.engine.polling.standing import advice, said, standing
from wiredesk.errors import FetchError, SourceError
from wiredesk.records.entry import Gathered, SourceState
from wiredesk.records.polling import Polling

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SETTINGS = PollingSettings()
NEW = "https://new.example/feed"


class Desk:
    """One source, asked by hand."""

    def __init__(self) -> None:
        self.state = SourceState(id="feed:a")

    @property
    def polling(self) -> Polling:
        return self.state.polling

    def gives(self, at: datetime, new: int = 0, took: float = 0.1, moved: str = "") -> Polling:
        fresh = [entry(str(n), published=at) for n in range(new)]
        answer = Gathered(unchanged=not new, moved=moved)
        polling = succeeded(self.state, answer, fresh, now=at, took=took, settings=SETTINGS)
        self.state = SourceState(id="feed:a", last_good=at, polling=polling)
        return polling

    def fails(self, at: datetime, reason: str, until: datetime | None = None) -> Polling:
        error = FetchError(reason, "it does not work", until)
        polling = failed(self.state, error, now=at, took=0.1, settings=SETTINGS)
        since = self.state.failing_since or at
        self.state = msgspec.structs.replace(
            self.state, failure=str(error), failing_since=since, polling=polling
        )
        return polling


def test_polls_are_counted_and_told() -> None:
    desk = Desk()
    assert standing(desk.state) == "new"
    desk.gives(NOON, new=3)
    desk.gives(NOON + DAY)
    polling = desk.gives(NOON + 2 * DAY)
    assert (polling.polls, polling.unchanged, polling.entries) == (3, 2, 3)
    assert standing(desk.state) == "healthy"
    assert advice(desk.state) == ""
    desk.gives(NOON + 3 * DAY, took=12.5)
    assert said(desk.state) == "slow: its last answer took 12.5 seconds"


def test_failures_are_counted_until_it_answers_and_told_with_what_to_do() -> None:
    desk = Desk()
    for n in range(2):
        desk.fails(NOON + n * DAY, "dns")
    polling = desk.fails(NOON + 2 * DAY, "dns")
    assert (polling.failures, polling.failed, polling.trouble) == (3, 3, "dns")
    assert said(desk.state) == "failing since 2026-03-02: it does not work [dns]"
    assert "spelt" in advice(desk.state)
    polling = desk.gives(NOON + 4 * DAY)
    assert (polling.failures, polling.failed, polling.trouble) == (0, 3, "")


@pytest.mark.parametrize("reason", ["denied", "wall"])
def test_a_wall_is_a_state_of_its_own(reason: str) -> None:
    desk = Desk()
    desk.fails(NOON, reason)
    assert said(desk.state).startswith("walled since 2026-03-02")
    assert advice(desk.state).startswith("ask its publisher")


def test_s10_what_is_gone_for_good_is_dormant_asked_once_a_week_and_woken_by_success() -> None:
    desk = Desk()
    desk.gives(NOON, new=1)
    polling = desk.fails(NOON + DAY, "gone")
    assert said(desk.state) == (
        "dormant since 2026-03-03: its server says that it is gone for good (410)"
    )
    assert polling.due == NOON + 8 * DAY
    assert "--wake 'feed:a'" in advice(desk.state)
    assert desk.fails(NOON + 8 * DAY, "timeout").due == NOON + 15 * DAY
    assert desk.gives(NOON + 15 * DAY).dormant_since is None
    assert standing(desk.state) == "healthy"


def test_s10_404_for_thirty_days_is_dormant_and_a_day_less_is_not() -> None:
    desk = Desk()
    for day in range(30):
        assert desk.fails(NOON + day * DAY, "missing").dormant_since is None
    assert desk.fails(NOON + 30 * DAY, "missing").dormant_since == NOON + 30 * DAY


def test_s10_404s_count_only_while_nothing_else_comes_between() -> None:
    desk = Desk()
    desk.fails(NOON, "missing")
    desk.gives(NOON + 29 * DAY)
    assert desk.fails(NOON + 30 * DAY, "missing").dormant_since is None
    desk.fails(NOON + 45 * DAY, "server")
    assert desk.fails(NOON + 65 * DAY, "missing").dormant_since is None


def test_an_editor_wakes_a_dormant_source() -> None:
    desk = Desk()
    desk.fails(NOON, "gone")
    polling = woken(desk.polling)
    assert (polling.due, polling.dormant_since, polling.failures) == (None, None, 0)


def test_s10_a_move_is_followed_after_three_days_that_agree() -> None:
    desk = Desk()
    hours = [0, 5, 23, 24, 30, 47]
    for hour in hours:
        assert desk.gives(NOON.replace(hour=0) + timedelta(hours=hour), moved=NEW).address == ""
    assert desk.gives(NOON.replace(hour=0) + 2 * DAY, moved=NEW).address == NEW
    assert NEW in advice(desk.state)
    assert desk.gives(NOON + 3 * DAY).address == NEW


@pytest.mark.parametrize("between", ["", "https://elsewhere.example/feed"])
def test_s10_a_day_that_does_not_agree_begins_the_count_anew(between: str) -> None:
    desk = Desk()
    desk.gives(NOON, moved=NEW)
    desk.gives(NOON + DAY, moved=NEW)
    desk.gives(NOON + 2 * DAY, moved=between)
    assert desk.gives(NOON + 3 * DAY, moved=NEW).address == ""
    assert desk.gives(NOON + 4 * DAY, moved=NEW).address == ""
    assert desk.gives(NOON + 5 * DAY, moved=NEW).address == NEW


def test_s10_where_it_moved_to_is_left_again_when_nothing_is_there() -> None:
    desk = Desk()
    for day in range(3):
        desk.gives(NOON + day * DAY, moved=NEW)
    polling = desk.fails(NOON + 4 * DAY, "gone")
    assert (polling.address, polling.dormant_since) == ("", None)


def test_s09_a_wish_of_the_server_is_when_it_is_asked_next() -> None:
    desk = Desk()
    until = NOON + timedelta(hours=20)
    assert desk.fails(NOON, "throttled", until).due == until
    assert "asks to be left alone" in desk.polling.why


def test_s09_a_source_that_was_not_asked_has_not_failed() -> None:
    desk = Desk()
    before = desk.gives(NOON, new=1)
    until = NOON + timedelta(hours=5)
    polling = desk.fails(NOON + timedelta(hours=1), "waiting", until)
    assert polling == msgspec.structs.replace(before, due=until, why=polling.why)


def test_what_is_no_feed_is_failing_and_its_page_is_where_to_look() -> None:
    error = SourceError("html", "it is a page")
    polling = failed(SourceState(id="feed:a"), error, now=NOON, took=1, settings=SETTINGS)
    state = SourceState(id="feed:a", failure=str(error), failing_since=NOON, polling=polling)
    assert "wiredesk discover" in advice(state)
