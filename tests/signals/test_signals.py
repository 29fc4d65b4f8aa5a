"""What each family of signals says of an article that differs in one thing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from wiredesk.ports.signal import Place, Standing
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.judgement import Evidence, LedgerLine, TopicMatch
from wiredesk.records.provider import Provider
from wiredesk.records.rating import Rating
from wiredesk.signals import (
    clickbait,
    completeness,
    dates,
    load_comparisons,
    load_signals,
    originality,
    paywall,
    picture,
    press_release,
    readability,
    shouting,
    spam,
    standing,
    topicality,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ORDINARY = (
    "Why the ferry to Port Lorne was late again",
    "10 dead as storm crosses the northern islands",
    "IBM and NASA open a joint laboratory",
    "Stock market falls as bond yields reach 5%",
    "Council report on market square due in May",
    "What the new quay means for fishermen",
)


def case(provider: Provider | None = None, **changes: object) -> Standing:
    of_standing = {
        name: changes.pop(name) for name in ("topics", "rating", "advertises") if name in changes
    }
    fields: dict[str, object] = {
        "id": "a",
        "title": "Harbour board agrees on a plan",
        "provider": ProviderName(name="Courier", domain="courier.example"),
    }
    return Standing(
        article=Article(**(fields | changes)),  # type: ignore[arg-type]  # a row of a table
        provider=provider,
        **of_standing,  # type: ignore[arg-type]  # as above
    )


def points(lines: Iterable[LedgerLine], signal: str = "") -> int:
    return sum(line.points for line in lines if signal in {"", line.signal})


def provider(**fields: object) -> Provider:
    return Provider(name="Courier", domain="courier.example", **fields)  # type: ignore[arg-type]  # a row


def test_every_module_of_the_package_is_a_family() -> None:
    assert len(load_signals()) == 11
    assert standing.lines in load_signals()
    assert load_comparisons() == (originality.compared,)


def test_standing_ranks_listed_publishers_above_unknown_ones_and_those_above_advertisers() -> None:
    ranked = [
        case(provider(standing=20)),
        case(provider(kind="official")),
        case(provider()),
        case(),
        case(provider(kind="press-release"), advertises="press releases"),
    ]
    given = [points(standing.lines(one)) for one in ranked]
    assert given == sorted(given, reverse=True)
    assert len(set(given)) == len(given)


def test_a_standing_beyond_the_scale_is_held_within_it() -> None:
    assert points(standing.lines(case(provider(standing=90)))) == standing.MOST
    assert points(standing.lines(case(provider(standing=-5)))) == 0


def rated(value: float) -> Rating:
    return Rating(domain="courier.example", value=value, source="list.csv")


@pytest.mark.parametrize(("value", "given"), [(1.0, 20), (0.87, 17), (0.4, 8), (0.02, 0)])
def test_an_unlisted_publisher_stands_as_it_is_rated(value: float, given: int) -> None:
    (line,) = standing.lines(case(rating=rated(value)))
    assert line.points == given
    assert line.reason == f"courier.example is rated {value:.2f} of 1 in list.csv"


def test_the_desks_own_word_goes_before_any_list() -> None:
    best, worst = rated(1.0), rated(0.0)
    assert points(standing.lines(case(provider(standing=3), rating=best))) == 3
    assert points(standing.lines(case(provider(standing=18), rating=worst))) == 18
    assert points(standing.lines(case(provider(), rating=worst))) == standing.REGISTERED
    assert points(standing.lines(case(provider(), rating=best))) == standing.MOST


def test_an_advertiser_has_no_standing_however_it_is_rated() -> None:
    (line,) = standing.lines(case(rating=rated(0.95), advertises="press releases"))
    assert line.points == 0
    assert line.reason == "Courier carries press releases"


def test_a_longer_text_never_has_fewer_points() -> None:
    given = [points(completeness.lines(case(text="word " * count))) for count in range(0, 900, 20)]
    assert given == sorted(given)
    assert given[0] < 0 < given[-1]


def test_each_part_that_is_there_adds_its_line() -> None:
    full = case(
        text="word " * 700,
        excerpt="A summary of at least eight words stands here today.",
        byline="Ada Quill",
        published_date_time=NOW,
        language="en",
    )
    assert {line.signal for line in completeness.lines(full)} == {
        *("text", "excerpt", "byline", "date", "language"),
    }
    assert points(completeness.lines(case(title="Boats")), "title") < 0


def test_a_video_stands_for_its_text() -> None:
    shown = completeness.lines(case(featured_content="https://video.example/1"))
    assert points(shown, "video") == completeness.VIDEO


@pytest.mark.parametrize(("width", "given"), [(1600, 7), (600, 5), (0, 5), (1, 0)])
def test_a_picture_counts_by_its_width(width: int, given: int) -> None:
    image = Image(url="https://courier.example/a.jpg", width=width)
    assert points(picture.lines(case(images=(image,)))) == given
    assert points(picture.lines(case())) == 0


def test_one_more_picture_takes_nothing_away() -> None:
    unknown, tiny = (Image(url="https://courier.example/a.jpg", width=width) for width in (0, 9))
    assert points(picture.lines(case(images=(unknown, tiny)))) == picture.SMALL


def test_a_topic_in_the_title_counts_more_than_one_in_passing() -> None:
    def found(*places: str) -> int:
        evidence = tuple(Evidence(keyword="quay", place=place, rule="strong") for place in places)
        return points(topicality.lines(case(topics=(TopicMatch(topic="Q", evidence=evidence),))))

    assert found("title", "text") > found("excerpt") > found("text") > 0
    assert points(topicality.lines(case())) == 0


def test_the_first_gains_and_a_copy_loses_even_if_it_was_first() -> None:
    assert points(originality.compared(Place(first=True))) > 0
    assert points(originality.compared(Place(first=False))) == 0
    assert points(originality.compared(Place(first=True, copy_of="b"))) < 0


def test_sentences_of_usual_length_read_better_than_endless_ones() -> None:
    usual = ("The board met and agreed on the plan. " * 30).strip()
    assert points(readability.lines(case(text=usual))) > 0
    assert points(readability.lines(case(text="word " * 300))) < 0
    assert points(readability.lines(case(text="Too short to tell."))) == 0


def test_scripts_without_spaces_are_not_judged_by_their_sentences() -> None:
    thai = "\u0e17\u0e48\u0e32\u0e40\u0e23\u0e37\u0e2d " * 300
    assert list(readability.lines(case(text=thai))) == []


@pytest.mark.parametrize(
    ("published", "fetched", "signal"),
    [
        (NOW - timedelta(days=1), NOW, ""),
        (datetime(1970, 1, 1, tzinfo=UTC), NOW, "date"),
        (NOW + timedelta(days=3), NOW, "date"),
        (NOW - timedelta(days=90), NOW, "stale"),
        (NOW - timedelta(days=90), None, ""),
        (NOW + timedelta(days=900), None, ""),
    ],
)
def test_impossible_dates_and_old_news_lose(
    published: datetime, fetched: datetime | None, signal: str
) -> None:
    found = list(dates.lines(case(published_date_time=published, fetched_at=fetched)))
    assert [line.signal for line in found] == ([signal] if signal else [])
    assert points(found) <= 0


@pytest.mark.parametrize(
    "title",
    [
        "Smart Quay Market Size to Reach USD 4.2 Billion by 2031 at 6.1% CAGR",
        "Global Ferry Battery Market Report 2026-2032: Key Players and Forecast",
        "Harbour Crane Market Worth $9.8 Billion by 2030",
    ],
)
def test_market_reports_are_told_by_their_titles(title: str) -> None:
    assert spam.is_market_report(title)


@pytest.mark.parametrize("title", ORDINARY)
def test_ordinary_headlines_are_under_no_suspicion(title: str) -> None:
    article = case(title=title)
    assert points(spam.lines(article)) == 0
    assert points(clickbait.lines(article)) == 0
    assert points(shouting.lines(article)) == 0


def test_of_a_market_report_and_an_offer_the_heavier_one_counts() -> None:
    offer = case(title="Save $40 with this coupon code")
    assert [line.points for line in spam.lines(offer)] == [spam.OFFER]
    both = case(title="30% off: Sonar Market Size, Share and Forecast 2026-2031")
    assert [line.points for line in spam.lines(both)] == [spam.MARKET_REPORT]


def test_a_press_release_loses_once_by_its_publisher_or_its_wording() -> None:
    text = "VELM (BUSINESS WIRE) A firm is pleased. Media Contact: Jo Ham"
    assert points(press_release.lines(case(text=text))) == press_release.WORDING
    wire = case(text=text, advertises="press releases")
    assert points(press_release.lines(wire)) == press_release.WIRE
    assert points(press_release.lines(case(advertises="market reports"))) == press_release.WIRE
    assert points(press_release.lines(case(text="The board met."))) == 0


@pytest.mark.parametrize(
    "title",
    [
        "You won't believe what this captain did",
        "She opened the box. What happened next is amazing",
        "17 Things You Should Know About Quays",
        "Which Harbour Should You Retire To",
        "This Harbour Seal Will Make You Cry",
    ],
)
def test_baiting_titles_lose_a_little(title: str) -> None:
    assert points(clickbait.lines(case(title=title))) == clickbait.BAIT


def test_a_mere_list_loses_half_of_that() -> None:
    title = "9 reasons to visit Port Lorne in winter"
    assert points(clickbait.lines(case(title=title)), "list") == clickbait.LIST
    assert points(clickbait.lines(case(title="9 people rescued from a ferry"))) == 0


def test_shouting_is_whole_titles_in_capitals_and_rows_of_marks() -> None:
    assert points(shouting.lines(case(title="FERRY SINKS OFF VELM HARBOUR"))) < 0
    assert points(shouting.lines(case(title="Ferry sinks!!"))) < 0
    assert points(shouting.lines(case(title="NASA and ESA plan a ferry"))) == 0


def test_a_paywall_costs_less_than_a_thin_text() -> None:
    wall = points(paywall.lines(case(paywalled=True)))
    assert completeness.THIN < wall < 0
    assert points(paywall.lines(case())) == 0
