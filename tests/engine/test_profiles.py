"""Whose articles are voices of a story, and from whose quality its heat starts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from newsroom import CHIP, FERRY, NOON, article, row

from wiredesk.config import ScoreSettings
from wiredesk.engine.profiles import DeskProfile
from wiredesk.engine.telling import Tell
from wiredesk.records.article import Article
from wiredesk.records.judgement import Ledger, Membership
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.records.rating import Ratings
from wiredesk.signals import load_comparisons, load_signals
from wiredesk.stages.score import Score

REGISTRY = ProviderRegistry(
    (
        Provider(name="Courier", domain="courier.example", standing=10),
        Provider(name="Evening", domain="evening.example", standing=10, group="Quill Media"),
        Provider(name="Morning", domain="morning.example", standing=10, group="Quill Media"),
        Provider(name="Times", domain="times.example", standing=20),
        Provider(name="Flare", domain="flare.example", kind="press-release"),
    ),
    Ratings(source="list.csv", values={"rated.co.uk": 1.0, "live.rated.co.uk": 0.5}),
)
RELEASE = f"VELM (BUSINESS WIRE) {FERRY}"


def told(domain: str, text: str = FERRY, hours: float = 0, name: str = "") -> Article:
    title = "Port Lorne buys two electric ferries"
    return article(
        name or domain.split(".", maxsplit=1)[0], title, text, hours=hours, domain=domain
    )


def heat(*articles: Article, copies: dict[str, str] | None = None) -> Ledger:
    """The heat of the story of ``articles``; ``copies`` names the original of each copy."""
    settings = ScoreSettings()
    profile = DeskProfile(Score(load_signals(), load_comparisons(), settings))
    tell = Tell(profile, REGISTRY, settings, needs_topic=False)
    members = [
        Membership(id=each.id, story="s", duplicate_of=(copies or {}).get(each.id, ""))
        for each in articles
    ]
    return profile.heat(tell.tellers(members, {one.id: row(one) for one in articles}), 0, NOON)


def points(ledger: Ledger, signal: str) -> int:
    return sum(line.points for line in ledger.lines if line.signal == signal)


COURIER = told("courier.example")


@pytest.mark.parametrize(
    ("other", "copies", "voices"),
    [
        (told("unlisted.example", CHIP), {}, 10),
        (told("unlisted.example"), {"unlisted": "courier"}, 6),
        (told("courier.example", CHIP, name="again"), {}, 0),
        (told("www.courier.example", CHIP, name="again"), {}, 0),
        (told("flare.example", CHIP), {}, 0),
        (told("unlisted.example", RELEASE), {}, 0),
    ],
    ids=["a report", "a copy", "its own", "its own by another host", "a wire", "a release"],
)
def test_what_another_article_adds_to_a_report(
    other: Article, copies: dict[str, str], voices: int
) -> None:
    assert points(heat(COURIER, other, copies=copies), "voices") == voices


@pytest.mark.parametrize(
    "title",
    ["Electric Ferry Market Size, Share and Forecast 2026-2031", "Save $40 on ferries: promo code"],
)
def test_what_is_sold_by_its_title_is_no_voice(title: str) -> None:
    sold = article("unlisted", title, CHIP)
    assert points(heat(COURIER, sold), "voices") == 0


def test_the_titles_of_one_owner_are_one_voice() -> None:
    assert points(heat(told("evening.example"), told("morning.example", CHIP)), "voices") == 0


def test_a_copy_of_ones_own_text_neither_adds_nor_takes() -> None:
    again = told("courier.example", hours=-1, name="again")
    assert heat(COURIER, again, copies={"again": "courier"}).total == heat(COURIER).total


def test_copies_of_advertising_are_advertising() -> None:
    wire, paper = told("flare.example", hours=-2), told("courier.example", hours=-1)
    carried = heat(wire, paper, copies={"courier": "flare"})
    assert points(carried, "voices") == 0
    assert points(carried, "age") == -30


def test_heat_starts_from_the_best_telling_whoever_leads() -> None:
    times = told("times.example", hours=1)
    ledger = heat(COURIER, times, copies={"times": "courier"})
    assert ledger.lines[0].reason == "quality of its best telling, by times.example"
    assert points(ledger, "quality") == points(heat(times), "quality")


def test_a_report_is_no_younger_than_when_it_was_found() -> None:
    ahead = article(
        "unlisted", COURIER.title, CHIP, hours=30, fetched_at=NOON - timedelta(hours=24)
    )
    assert points(heat(ahead), "age") == -10


def test_a_rating_is_that_of_the_page_and_not_only_of_the_publisher() -> None:
    def at(page: str) -> int:
        one = article("a", COURIER.title, FERRY, domain="rated.co.uk", web_url=page)
        return points(heat(one), "quality")

    whole = at("https://www.rated.co.uk/a")
    assert at("https://live.rated.co.uk/a") == whole - 10
    assert at("https://other.example/a") == whole
