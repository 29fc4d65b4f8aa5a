"""What holds of heat over random streams: of voices alone, with and without the burst, and of whole
stories as the engine tells them, with owners, copies, advertisers and undated reports in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import ScoreSettings
from wiredesk.engine.profiles import DeskProfile
from wiredesk.engine.telling import Tell
from wiredesk.ports.store import ArticleRow
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.judgement import Membership
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.signals import load_comparisons, load_signals
from wiredesk.stages.score import Score, Voice

replace = msgspec.structs.replace
STREAMS, STORIES = 400, 150
"""Random cases a property: of voices, of stories."""
START = datetime(2026, 3, 2, tzinfo=UTC)
SCORES = {burst: Score((), (), ScoreSettings(burst=burst)) for burst in (False, True)}

with_and_without_burst = pytest.mark.parametrize("score", SCORES.values(), ids=["", "burst"])
many = settings(max_examples=STREAMS, deadline=None)

moments = st.integers(0, 14 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
whens = st.none() | moments | st.sampled_from([START, START + timedelta(hours=1)])
voices = st.builds(
    Voice,
    group=st.sampled_from("abcdefgh"),
    at=whens,
    weight=st.sampled_from([0.0, 0.5, 1.0, 1.0]),
)
streams = st.lists(voices, max_size=12)
qualities = st.integers(0, 100)
delays = st.timedeltas(timedelta(0), timedelta(days=30))
Repetition = tuple[timedelta | None, float]
repetitions = st.tuples(st.none() | delays, st.sampled_from([0.0, 0.5, 1.0]))
"""How much later, and of which weight; at no stated time for None."""


@with_and_without_burst
@many
@given(qualities, streams, st.tuples(whens, st.sampled_from([0.5, 1.0])), moments)
def test_one_more_independent_provider_never_cools(
    score: Score,
    quality: int,
    stream: list[Voice],
    new: tuple[datetime | None, float],
    now: datetime,
) -> None:
    at, weight = new
    joined = [*stream, Voice(group="new", at=at, weight=weight)]
    assert score.heat(quality, joined, now).total >= score.heat(quality, stream, now).total
    assert score.peak(quality, joined).total >= score.peak(quality, stream).total


@with_and_without_burst
@many
@given(qualities, streams, moments, delays)
def test_time_alone_never_heats(
    score: Score, quality: int, stream: list[Voice], now: datetime, later: timedelta
) -> None:
    assert score.heat(quality, stream, now + later).total <= score.heat(quality, stream, now).total


@with_and_without_burst
@many
@given(qualities, streams, moments, repetitions)
def test_a_provider_that_reports_again_heats_nothing(
    score: Score, quality: int, stream: list[Voice], now: datetime, repetition: Repetition
) -> None:
    delay, weight = repetition
    before, peak = score.heat(quality, stream, now).total, score.peak(quality, stream).total
    for one in stream:
        at = None if one.at is None or delay is None else one.at + delay
        again = [*stream, Voice(group=one.group, at=at, weight=weight)]
        assert score.heat(quality, again, now).total <= before
        assert score.peak(quality, again).total <= peak


@with_and_without_burst
@many
@given(qualities, streams, moments, st.randoms(use_true_random=False))
def test_the_order_of_the_voices_has_no_say(
    score: Score, quality: int, stream: list[Voice], now: datetime, random: Random
) -> None:
    shuffled = list(stream)
    random.shuffle(shuffled)
    assert score.heat(quality, shuffled, now) == score.heat(quality, stream, now)
    assert score.peak(quality, shuffled) == score.peak(quality, stream)


@with_and_without_burst
@many
@given(qualities, qualities, streams, moments)
def test_more_quality_never_cools(
    score: Score, one: int, other: int, stream: list[Voice], now: datetime
) -> None:
    less, more = sorted((one, other))
    assert score.heat(less, stream, now).total <= score.heat(more, stream, now).total


@with_and_without_burst
@many
@given(qualities, streams, moments)
def test_the_lines_add_up_to_the_rounded_formula_held_at_zero(
    score: Score, quality: int, stream: list[Voice], now: datetime
) -> None:
    ledger = score.heat(quality, stream, now)
    assert sum(line.points for line in ledger.lines) == ledger.total >= 0
    assert all(line.points and line.reason for line in ledger.lines)
    assert score.peak(quality, stream).total >= 0


@many
@given(streams, moments)
def test_a_burst_adds_up_to_ten_and_takes_nothing(stream: list[Voice], now: datetime) -> None:
    plain, burst = (SCORES[on].heat(100, stream, now).total for on in (False, True))
    assert plain <= burst <= plain + 10


# Whole stories

PROVIDERS = ProviderRegistry(
    (
        Provider(name="Courier", domain="courier.example", standing=20),
        Provider(name="Evening", domain="evening.example", standing=12, group="Quill Media"),
        Provider(name="Morning", domain="morning.example", standing=5, group="Quill Media"),
        Provider(name="Wire", domain="pr.example", kind="press-release"),
    )
)
DOMAINS = [*(provider.domain for provider in PROVIDERS.providers), "b.example", "c.example"]
TITLES = ("Board agrees on a quay", "Quay", "Quay Crane Market Size, Share and Forecast 2026-2031")
ONE = "The harbour board met on Monday and agreed on the plan for the new quay. "


def told_by(burst: bool) -> tuple[Tell, DeskProfile]:
    given = ScoreSettings(burst=burst)
    profile = DeskProfile(Score(load_signals(), load_comparisons(), given))
    return Tell(profile, PROVIDERS, given, needs_topic=False), profile


TELL, PROFILE = told_by(burst=False)
TOLD = {False: (TELL, PROFILE), True: told_by(burst=True)}


class Report(msgspec.Struct, frozen=True):
    """An article of a random story, and the number of the one that it copies (-1 for none)."""

    article: Article
    copies: int = -1


@st.composite
def reports(draw: st.DrawFn, domain: str = "") -> Report:
    name = domain or draw(st.sampled_from(DOMAINS))
    at = draw(whens)
    article = Article(
        id="",
        title=draw(st.sampled_from(TITLES)) if not domain else TITLES[0],
        provider=ProviderName(name=name, domain=name),
        text=ONE * draw(st.sampled_from([0, 5, 20, 60])),
        byline=draw(st.sampled_from(["", "Ada Quill"])),
        images=draw(st.sampled_from([(), (Image(url="https://a.example/a.jpg", width=1600),)])),
        published_date_time=at,
        fetched_at=at or draw(st.none() | moments),
    )
    return Report(article, -1 if domain else draw(st.integers(-4, 5)))


def sound(story: list[Report]) -> list[Report]:
    """A copy is of an article that is there, another one, and no copy itself."""
    originals = [place for place, report in enumerate(story) if report.copies < 0]
    return [report if report.copies in originals else Report(report.article) for report in story]


stories = st.lists(reports(), min_size=1, max_size=7).map(sound)


def numbers(burst: bool, story: Sequence[Report], now: datetime) -> tuple[int, int]:
    """The heat of a story, and what its gate goes by."""
    tell, profile = TOLD[burst]
    named = {f"a{place}": report for place, report in enumerate(story)}
    rows = {
        name: ArticleRow(article=replace(report.article, id=name), digest=name)
        for name, report in named.items()
    }
    members = [
        Membership(
            id=name, story="s", duplicate_of=f"a{report.copies}" if report.copies >= 0 else ""
        )
        for name, report in named.items()
    ]
    tellers = tell.tellers(members, rows)
    heat = tell.scores(tellers, 0, now)[tellers[0].article.id].heat
    return heat.total, profile.gated(tellers, 0, now)


of_stories = settings(max_examples=STORIES, deadline=None)


def _said(article: Article) -> tuple[datetime | None, datetime | None]:
    return article.published_date_time, article.fetched_at


burst_or_not = pytest.mark.parametrize("burst", [False, True], ids=["", "burst"])


@burst_or_not
@of_stories
@given(stories, reports(domain="new.example"), moments)
def test_a_new_independent_provider_never_cools_a_story(
    burst: bool, story: list[Report], new: Report, now: datetime
) -> None:
    before, after = numbers(burst, story, now), numbers(burst, [*story, new], now)
    assert after[0] >= before[0]
    assert after[1] >= before[1]


@burst_or_not
@of_stories
@given(stories, moments, delays)
def test_time_alone_never_heats_a_story_and_never_closes_its_gate(
    burst: bool, story: list[Report], now: datetime, later: timedelta
) -> None:
    before, after = numbers(burst, story, now), numbers(burst, story, now + later)
    assert after[0] <= before[0]
    assert after[1] <= before[1]
    if all(now >= (said or START) for report in story for said in _said(report.article)):
        assert after[1] == before[1]


@burst_or_not
@of_stories
@given(stories, st.integers(0, 6), st.tuples(moments, delays), st.booleans())
def test_a_provider_that_publishes_its_article_again_heats_nothing(
    burst: bool, story: list[Report], which: int, times: tuple[datetime, timedelta], copied: bool
) -> None:
    place, (now, delay) = which % len(story), times
    again = story[place]
    at = again.article.published_date_time
    repeated = replace(again.article, published_date_time=at + delay if at else None)
    original = place if copied and again.copies < 0 else again.copies
    after = numbers(burst, [*story, Report(repeated, original)], now)
    before = numbers(burst, story, now)
    assert after[0] <= before[0]
    assert after[1] <= before[1]


@burst_or_not
@of_stories
@given(stories, moments, st.randoms(use_true_random=False))
def test_the_order_of_the_articles_changes_nothing(
    burst: bool, story: list[Report], now: datetime, random: Random
) -> None:
    alone = [Report(report.article) for report in story]
    shuffled = list(alone)
    random.shuffle(shuffled)
    assert numbers(burst, shuffled, now) == numbers(burst, alone, now)


@burst_or_not
@of_stories
@given(stories, st.integers(0, 6), moments)
def test_a_better_article_never_cools_its_story(
    burst: bool, story: list[Report], which: int, now: datetime
) -> None:
    place = which % len(story)
    better = replace(story[place].article, text=ONE * 60, byline="Ada Quill", title=TITLES[0])
    improved = [*story[:place], Report(better, story[place].copies), *story[place + 1 :]]
    assert numbers(burst, improved, now)[0] >= numbers(burst, story, now)[0]
