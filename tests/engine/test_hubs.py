"""The desk's dealings with hubs: whom it asks, when again, and what a push brings about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from wiredesk.adapters.sqlite.hubs import SqliteHubs
from wiredesk.config import FeedSettings, Settings, WebSubSettings
from wiredesk.engine.hubs import MOST_AT_ONCE, Hubbing
from wiredesk.errors import FetchError
from wiredesk.records.entry import SourceState
from wiredesk.records.page import Answer, Request
from wiredesk.records.polling import Polling
from wiredesk.records.websub import verified

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HUB = "https://hub.example/"
SETTINGS = Settings(
    websub=WebSubSettings(callback="https://desk.example/hub"), feeds=FeedSettings(hub=HUB)
)


class Hub:
    """Accepts, refuses or fails, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.status = 202
        self.error = ""

    def exchange(self, request: Request) -> Answer:
        assert request.purpose == "websub"
        self.asked.append(parse_qs(request.form.decode()))
        if self.error:
            raise FetchError(self.error, "the hub did not answer")
        return Answer(url=request.url, status=self.status, at=NOON)


@pytest.fixture
def hubs(tmp_path: Path) -> Iterator[SqliteHubs]:
    with closing(SqliteHubs(tmp_path / "state" / "websub.sqlite")) as opened:
        yield opened


def hubbing(hubs: SqliteHubs, hub: Hub, settings: Settings = SETTINGS) -> Hubbing:
    numbers = count()
    return Hubbing(hubs, hub, settings, lambda: f"id{next(numbers)}")


def source(name: str, **polling: object) -> SourceState:
    told: dict[str, object] = {"hub": HUB, "topic": f"https://{name}.example/feed"}
    return SourceState(id=f"feed:{name}", polling=Polling(**(told | polling)))  # type: ignore[arg-type]


def verify(hubs: SqliteHubs, at: datetime, lease: int) -> None:
    for held in hubs.subscriptions():
        query = {"hub.mode": "subscribe", "hub.topic": held.topic, "hub.challenge": "c"}
        said = {**query, "hub.lease_seconds": str(lease)}
        granted = verified(held, said, at.timestamp(), 1)
        assert granted is not None
        hubs.keep(granted)


def test_a_source_with_a_hub_is_subscribed_once_and_renewed_before_its_lease_ends(
    hubs: SqliteHubs,
) -> None:
    hub, day = Hub(), timedelta(days=1)
    work = hubbing(hubs, hub)
    work.subscribe([source("a"), source("b", hub="")], NOON)
    assert [asked["hub.topic"] for asked in hub.asked] == [["https://a.example/feed"]]
    verify(hubs, NOON, 10 * 86_400)
    work.subscribe([source("a")], NOON + 8.9 * day)
    assert len(hub.asked) == 1
    work.subscribe([source("a")], NOON + 9.1 * day)
    assert len(hub.asked) == 2
    assert hub.asked[0]["hub.callback"] == hub.asked[1]["hub.callback"]
    (held,) = hubs.subscriptions()
    assert held.state == "verified", "it goes on while it is renewed"


def test_a_hub_that_does_not_verify_is_asked_ever_less(hubs: SqliteHubs) -> None:
    hub = Hub()
    work = hubbing(hubs, hub)
    for hour in range(24 * 7):
        work.subscribe([source("a")], NOON + timedelta(hours=hour))
    assert 5 <= len(hub.asked) <= 8


@pytest.mark.parametrize("error", ["timeout", "address", "waiting"])
def test_o11_a_hub_that_fails_costs_its_pushes_only_and_is_told(
    hubs: SqliteHubs, error: str
) -> None:
    hub = Hub()
    hub.error = error
    hubbing(hubs, hub).subscribe([source("a")], NOON)
    (held,) = hubs.subscriptions()
    assert held.trouble == f"the hub did not answer [{error}]"


def test_a_refusal_is_kept_as_what_the_hub_answered(hubs: SqliteHubs) -> None:
    hub = Hub()
    hub.status = 403
    hubbing(hubs, hub).subscribe([source("a")], NOON)
    assert hubs.subscriptions()[0].trouble == f"{HUB} answered with status 403"


def test_another_hub_is_another_subscription(hubs: SqliteHubs) -> None:
    hub = Hub()
    work = hubbing(hubs, hub)
    work.subscribe([source("a")], NOON)
    first = hubs.subscriptions()[0]
    work.subscribe([source("a", hub="https://other.example/")], NOON)
    (second,) = hubs.subscriptions()
    assert second.hub == "https://other.example/"
    assert {first.id, first.secret}.isdisjoint({second.id, second.secret})


def test_without_a_callback_nobody_is_asked(hubs: SqliteHubs) -> None:
    hub = Hub()
    hubbing(hubs, hub, Settings()).subscribe([source("a")], NOON)
    assert hub.asked == []


def test_a_run_asks_a_bounded_number_of_hubs(hubs: SqliteHubs) -> None:
    hub = Hub()
    work = hubbing(hubs, hub)
    work.subscribe([source(f"s{n}") for n in range(80)], NOON)
    assert len(hub.asked) == MOST_AT_ONCE
    work.subscribe([source(f"s{n}") for n in range(80)], NOON)
    assert len(hub.asked) == 80


@pytest.mark.parametrize(
    ("signed", "minutes", "asked"),
    [(True, 0.5, False), (True, 1.5, True), (False, 1.5, False), (False, 10.5, True)],
)
def test_o11_a_push_has_the_source_asked_soon_and_a_forged_one_not_before_the_floor(
    hubs: SqliteHubs, signed: bool, minutes: float, asked: bool
) -> None:
    work = hubbing(hubs, Hub())
    states = {"feed:a": source("a", asked=NOON)}
    hubs.tell("feed:a", NOON.timestamp(), signed=signed)
    found = work.to_ask(states, NOON + timedelta(minutes=minutes))
    assert found == (frozenset({"feed:a"}) if asked else frozenset())


def test_a_forged_push_does_not_take_the_proof_from_a_signed_one(hubs: SqliteHubs) -> None:
    hubs.tell("feed:a", 1.0, signed=True)
    hubs.tell("feed:a", 2.0, signed=False)
    assert hubs.told() == {"feed:a": True}


def test_what_came_while_the_source_was_asked_is_not_forgotten(hubs: SqliteHubs) -> None:
    work = hubbing(hubs, Hub())
    hubs.tell("feed:a", NOON.timestamp() - 1, signed=True)
    hubs.tell("feed:b", NOON.timestamp() + 1, signed=True)
    work.heard(["feed:a", "feed:b"], NOON)
    assert hubs.told() == {"feed:b": True}


def test_our_own_hub_is_told_what_changed_and_its_failure_is_a_notice(hubs: SqliteHubs) -> None:
    hub = Hub()
    work = hubbing(hubs, hub)
    assert work.announce([]) == ""
    assert work.announce(["https://d.example/feeds/rss.xml"]) == ""
    assert hub.asked == [{"hub.mode": ["publish"], "hub.url": ["https://d.example/feeds/rss.xml"]}]
    assert work.announce([f"https://d.example/{n}" for n in range(120)]) == ""
    assert [len(asked["hub.url"]) for asked in hub.asked[1:]] == [50, 50, 20]
    hub.error = "timeout"
    assert "did not answer" in work.announce(["https://d.example/feeds/rss.xml"])
