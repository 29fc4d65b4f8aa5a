from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wiredesk.config import ScoreSettings
from wiredesk.records.judgement import Ledger, LedgerLine
from wiredesk.records.provider import ProviderRegistry
from wiredesk.stages.score import Score, Voice

START = datetime(2026, 3, 2, tzinfo=UTC)
SCORE = Score((), ScoreSettings(), ProviderRegistry())

moments = st.integers(0, 14 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
voices = st.builds(
    Voice,
    group=st.sampled_from("abcdefgh"),
    at=st.none() | moments,
    weight=st.sampled_from([0.0, 0.5, 1.0]),
)
leads = st.builds(Voice, group=st.sampled_from("abc"), at=st.none() | moments)
qualities = st.integers(0, 100).map(
    lambda points: Ledger((LedgerLine(signal="text", points=points, reason="given"),))
)
stories = st.tuples(qualities, leads, st.lists(voices, max_size=8))


@given(stories, moments, moments)
def test_one_more_independent_provider_never_cools(
    story: tuple[Ledger, Voice, list[Voice]], at: datetime, now: datetime
) -> None:
    quality, lead, others = story
    joined = [*others, Voice(group="new", at=at)]
    assert (
        SCORE.heat(quality, lead, joined, now).total >= SCORE.heat(quality, lead, others, now).total
    )
    assert SCORE.peak(quality, lead, joined).total >= SCORE.peak(quality, lead, others).total


@given(stories, moments, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_time_alone_never_heats(
    story: tuple[Ledger, Voice, list[Voice]], now: datetime, later: timedelta
) -> None:
    assert SCORE.heat(*story, now + later).total <= SCORE.heat(*story, now).total


@given(stories, moments, moments)
def test_a_provider_that_repeats_itself_heats_nothing(
    story: tuple[Ledger, Voice, list[Voice]], again: datetime, now: datetime
) -> None:
    quality, lead, others = story
    before = SCORE.heat(quality, lead, others, now).total
    for one in (lead, *others):
        if one.at is not None:
            repeated = Voice(group=one.group, at=max(one.at, again), weight=one.weight)
            assert SCORE.heat(quality, lead, [*others, repeated], now).total == before


@given(stories, moments, st.randoms(use_true_random=False))
def test_the_order_of_the_providers_has_no_say(
    story: tuple[Ledger, Voice, list[Voice]], now: datetime, random: object
) -> None:
    quality, lead, others = story
    shuffled = list(others)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert SCORE.heat(quality, lead, shuffled, now) == SCORE.heat(quality, lead, others, now)
    assert SCORE.peak(quality, lead, shuffled) == SCORE.peak(quality, lead, others)
