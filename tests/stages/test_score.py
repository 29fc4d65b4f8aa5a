from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wiredesk.config import ScoreSettings
from wiredesk.ports.signal import Place, Standing
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.judgement import Evidence, LedgerLine, TopicMatch
from wiredesk.records.provider import Provider
from wiredesk.signals import load_comparisons, load_signals
from wiredesk.stages.score import BURST_MOST, DOUBLING, Score, Voice, superseded

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
REPORT = "The harbour board met on Monday and agreed on the plan for the new quay. " * 50
WEEK = 24.0 * 7


def scorer(*, burst: bool = False) -> Score:
    return Score(load_signals(), load_comparisons(), ScoreSettings(burst=burst))


def voice(group: str, hours_ago: float = 0, weight: float = 1.0) -> Voice:
    return Voice(group=group, at=NOW - timedelta(hours=hours_ago), weight=weight)


def crowd(count: int, hours_ago: float = 0) -> list[Voice]:
    return [voice(f"paper-{place}", hours_ago) for place in range(count)]


def heat(points: int, *voices: Voice, later: float = 0, burst: bool = False) -> int:
    return scorer(burst=burst).heat(points, voices, NOW + timedelta(hours=later)).total


def complete(standing: int | None, **changes: object) -> Standing:
    fields: dict[str, object] = {
        "id": "a",
        "title": "Harbour board agrees on a plan for the new quay",
        "provider": ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
        "excerpt": "After two years of talks the board has settled where the quay will stand.",
        "text": REPORT,
        "byline": "Ada Quill",
        "language": "en",
        "published_date_time": NOW,
        "images": (Image(url="https://harbour-courier.example/a.jpg", width=1600, height=900),),
    }
    provider = Provider(name="Harbour Courier", domain="harbour-courier.example", standing=standing)
    evidence = Evidence(keyword="quay", place="title", rule="strong")
    return Standing(
        article=Article(**(fields | changes)),  # type: ignore[arg-type]  # a row of a table
        topics=(TopicMatch(topic="Harbours", evidence=(evidence,)),),
        provider=provider if standing is not None else None,
    )


def first_heat(standing: Standing, others: int) -> int:
    score = scorer()
    return score.heat(score.alone(score.lines(standing)), crowd(1 + others), NOW).total


@pytest.mark.parametrize(
    ("standing", "others", "passes"),
    [(20, 0, True), (14, 0, False), (14, 1, True), (None, 0, False), (None, 1, True)],
)
def test_the_default_threshold_divides_complete_reports_by_standing_and_voices(
    standing: int | None, others: int, passes: bool
) -> None:
    assert (first_heat(complete(standing), others) >= ScoreSettings().threshold) is passes


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Quay Equipment Market Size to Reach USD 4.2 Billion by 2031 at 6.1% CAGR"},
        {"text": "", "byline": "", "excerpt": ""},
        {"title": "Save $40: best quay deals of the week with this coupon code"},
        {"text": f"VELM, /PRNewswire/ -- {REPORT} Forward-looking statements follow."},
    ],
)
def test_advertising_and_thin_items_stay_below_the_threshold_even_with_a_second_voice(
    changes: dict[str, object],
) -> None:
    assert first_heat(complete(14, **changes), 1) < ScoreSettings().threshold


def test_quality_stays_within_its_bounds_and_says_so() -> None:
    worst = complete(0, title="BUY COUPON CODES TODAY!!", text="", excerpt="", byline="", images=())
    score = scorer()
    ledger = score.quality(score.lines(worst), Place())
    assert ledger.total == 0
    assert ledger.lines[-1].signal == "clamp"
    assert all(line.points and line.reason for line in ledger.lines)


def test_being_first_is_quality_but_not_of_the_article_alone() -> None:
    score = scorer()
    lines = score.lines(complete(14))
    first, later = (score.quality(lines, Place(first=one)).total for one in (True, False))
    assert first > later == score.alone(lines)


def test_a_second_independent_voice_adds_ten_and_four_in_all_add_twenty() -> None:
    assert heat(60, voice("a"), voice("a")) == 60
    assert heat(60, *crowd(2)) == 70
    assert heat(60, *crowd(4)) == 80


def test_a_fresh_voice_adds_at_least_ten_to_a_story_of_one_however_old() -> None:
    for hours in range(0, 200, 7):
        alone = heat(60, voice("a", hours))
        assert heat(60, voice("a", hours), voice("b")) >= alone + DOUBLING


def test_the_age_of_one_half_life_takes_ten() -> None:
    assert heat(60, voice("a"), later=24) == 50


def test_another_half_life_is_another_day() -> None:
    slow = Score((), (), ScoreSettings(half_life_hours=48))
    assert slow.heat(60, [voice("a")], NOW + timedelta(hours=48)).total == 50


def test_heat_is_final_when_the_story_leaves_the_window() -> None:
    assert heat(60, voice("a"), later=WEEK) == heat(60, voice("a"), later=100 * WEEK) == 30


def test_a_copy_weighs_less_than_a_report_and_an_advertiser_nothing() -> None:
    by_weight = [heat(60, voice("a"), voice("b", weight=weight)) for weight in (0.0, 0.5, 1.0)]
    assert by_weight == [60, 66, 70]


def test_only_a_report_of_full_weight_makes_a_story_young_again() -> None:
    old = voice("a", hours_ago=48)
    assert heat(60, old, voice("b", weight=0.0)) == heat(60, old)
    assert heat(60, old, voice("b", weight=0.5)) < heat(60, old, voice("b")) - DOUBLING


def test_what_nobody_but_advertisers_tell_is_never_fresh() -> None:
    assert heat(60, voice("a", weight=0.0)) == heat(60, voice("a", hours_ago=WEEK))


def test_an_undated_report_has_no_voice() -> None:
    undated = Voice(group="a", at=None)
    assert heat(60, undated) == heat(60, voice("a", hours_ago=WEEK))
    assert heat(60, undated, voice("a")) == heat(60, undated)
    assert scorer().peak(60, [undated]).total == heat(60, undated)


def test_the_first_report_decides_what_a_provider_weighs() -> None:
    copy, own = voice("b", hours_ago=2, weight=0.5), voice("b", hours_ago=1)
    assert heat(60, voice("a"), copy, own) == heat(60, voice("a"), copy)


def test_the_peak_is_the_hottest_hour_and_stays() -> None:
    one, other = voice("a", hours_ago=48), voice("b", hours_ago=24)
    peak = scorer().peak(60, [one, other])
    assert peak.total == scorer().heat(60, [one, other], other.at or NOW).total > 60


def test_the_ledger_says_whose_quality_it_starts_from() -> None:
    ledger = scorer().heat(60, crowd(2), NOW, "quality of its lead")
    assert ledger.lines == (
        LedgerLine(signal="quality", points=60, reason="quality of its lead"),
        LedgerLine(signal="voices", points=10, reason="one other independent provider reports it"),
    )


def test_heat_is_never_below_nothing_and_says_so() -> None:
    ledger = scorer().heat(5, [voice("a", hours_ago=WEEK)], NOW)
    assert ledger.total == 0
    assert ledger.lines[-1].signal == "clamp"


@pytest.mark.parametrize(("providers", "more"), [(1, 0), (3, 0), (4, 4), (6, 10), (12, 10)])
def test_a_burst_begins_with_the_fourth_fresh_voice_and_doubles_at_most(
    providers: int, more: int
) -> None:
    voices = crowd(providers)
    assert heat(60, *voices, burst=True) == heat(60, *voices) + more
    assert BURST_MOST == 2


def test_a_burst_is_over_within_hours() -> None:
    assert heat(60, *crowd(6), later=12, burst=True) == heat(60, *crowd(6), later=12)


def test_a_burst_has_a_line_of_its_own() -> None:
    ledger = scorer(burst=True).heat(60, crowd(6), NOW)
    assert [line.points for line in ledger.lines if line.signal == "burst"] == [10]


def test_a_superseded_copy_has_a_heat_of_minus_one() -> None:
    ledger = superseded("b")
    assert ledger.total == -1
    assert "b" in ledger.lines[0].reason
