from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wiredesk.config import ScoreSettings
from wiredesk.ports.signal import Standing
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.judgement import Evidence, Ledger, LedgerLine, TopicMatch
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.signals import load_signals
from wiredesk.stages.score import Score, Voice, superseded

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
REPORT = "The harbour board met on Monday and agreed on the plan for the new quay. " * 50


def registry(*providers: Provider) -> ProviderRegistry:
    return ProviderRegistry(providers)


def scorer(*providers: Provider) -> Score:
    return Score(load_signals(), ScoreSettings(), registry(*providers))


def voice(group: str, hours_ago: float = 0, weight: float = 1.0) -> Voice:
    return Voice(group=group, at=NOW - timedelta(hours=hours_ago), weight=weight)


def quality(points: int) -> Ledger:
    return Ledger((LedgerLine(signal="text", points=points, reason="as given"),))


def heat(points: int, lead: Voice, *voices: Voice, later: float = 0) -> int:
    return scorer().heat(quality(points), lead, voices, NOW + timedelta(hours=later)).total


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
        as_of=NOW,
        settings=ScoreSettings(),
    )


def first_heat(standing: Standing, others: int) -> int:
    score = scorer()
    voices = [voice(f"other-{place}.example") for place in range(others)]
    ledger = score.quality(standing)
    return score.heat(ledger, voice("harbour-courier.example"), voices, NOW).total


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
    ledger = scorer().quality(worst)
    assert ledger.total == 0
    assert ledger.lines[-1].signal == "clamp"
    assert all(line.points and line.reason for line in ledger.lines)


def test_a_second_independent_voice_adds_ten_and_four_in_all_add_twenty() -> None:
    lead = voice("a")
    assert heat(60, lead, lead) == 60
    assert heat(60, lead, voice("b")) == 70
    assert heat(60, lead, voice("b"), voice("c"), voice("d")) == 80


def test_the_age_of_one_half_life_takes_ten() -> None:
    assert heat(60, voice("a"), later=24) == 50


def test_heat_is_final_when_the_story_leaves_the_window() -> None:
    assert heat(60, voice("a"), later=24 * 7) == heat(60, voice("a"), later=24 * 700)


def test_owners_count_once_copies_less_and_advertisers_not_at_all() -> None:
    score = scorer(
        Provider(name="Courier", domain="courier.example", group="Quill Media"),
        Provider(name="Evening", domain="evening.example", group="Quill Media"),
        Provider(name="Wire", domain="pr.example", kind="press-release"),
    )

    def of(domain: str, duplicate_of: str = "") -> Voice:
        provider = ProviderName(name=domain, domain=domain)
        article = Article(id=domain, title="", provider=provider, published_date_time=NOW)
        return score.voice(article, duplicate_of)

    lead = of("courier.example")

    def with_voice(other: Voice) -> int:
        return score.heat(quality(60), lead, [other], NOW).total

    assert with_voice(of("evening.example")) == 60
    assert with_voice(of("pr.example")) == 60
    assert 60 < with_voice(of("third.example", "courier.example")) < with_voice(of("third.example"))


def test_an_undated_report_counts_as_old_as_can_be() -> None:
    lead = Voice(group="a", at=None)
    assert heat(60, lead) == heat(60, voice("a"), later=24 * 7)
    assert scorer().peak(quality(60), lead, ()).total == heat(60, lead)


def test_the_peak_is_the_hottest_hour_and_stays() -> None:
    lead, other = voice("a", hours_ago=48), voice("b", hours_ago=24)
    peak = scorer().peak(quality(60), lead, [other])
    assert peak.total == scorer().heat(quality(60), lead, [other], other.at or NOW).total


def test_being_first_is_quality_but_no_heat() -> None:
    first = LedgerLine(signal="first", points=6, reason="nobody reported it earlier")
    ledger = Ledger((*quality(60).lines, first))
    assert scorer().heat(ledger, voice("a"), (), NOW).total == 60


def test_a_superseded_copy_has_a_heat_of_minus_one() -> None:
    ledger = superseded("b")
    assert ledger.total == -1
    assert "b" in ledger.lines[0].reason
