"""When a story's heat falls below the threshold, and what would lift it over the gate."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from newsroom import FERRY, NOON, article, judge, make_tell, store_of

from wiredesk.config import ScoreSettings, Settings
from wiredesk.engine.drafting import Secret, draft
from wiredesk.engine.outlook import Outlook, outlook
from wiredesk.engine.profiles import DeskProfile
from wiredesk.records.article import Article
from wiredesk.records.topic import TopicPack
from wiredesk.signals import load_comparisons, load_signals
from wiredesk.stages.score import Score, Voice

FERRIES = article(
    "courier", "Port Lorne buys two electric ferries", FERRY * 9, byline="Ines Marrow"
)
OWN_WORDS = (
    "Port Lorne gets electric ferries. After a long dispute its council said yes to two boats from the "
    "yard at Nessby on Tuesday night; Mayor Ada Quill hopes that they cross the sound from May 2027. "
    "Opponents doubt the battery and the price, 41 million crowns, and want auditor Bram Oster to see "
    "the contract before Port Lorne pays for the first electric ferry in August."
)
SECOND = article("times", "Port Lorne council votes for two electric ferries", OWN_WORDS)


def sealed(*articles: Article, settings: Settings) -> Secret:
    """What is sealed into the record of the one story that is told."""
    store = store_of(articles)
    judge(store, settings=settings)()
    (story,) = store.stories()

    def held(name: str) -> object:
        return store.article(name)

    secret = draft(story, held, lambda _: None).secret  # type: ignore[arg-type]  # all are there
    return msgspec.convert(secret, Secret)


def ahead(*articles: Article, threshold: int) -> Outlook:
    settings = Settings(score=ScoreSettings(threshold=threshold))
    found = look(sealed(*articles, settings=settings), settings)
    assert found is not None
    return found


def look(secret: Secret, settings: Settings) -> Outlook | None:
    score = Score(load_signals(), load_comparisons(), settings.score, settings.group.window_days)
    tell, threshold = make_tell(settings, TopicPack()), settings.score.threshold
    return outlook(tell, DeskProfile(score), threshold, secret)


def test_ten_points_above_the_threshold_last_a_half_life() -> None:
    peak = ahead(FERRIES, threshold=0).peak
    told = ahead(FERRIES, threshold=peak - 10)
    assert told.below_from is not None
    hours = (told.below_from - NOON) / timedelta(hours=1)
    assert 24 <= hours <= 27  # a half point is rounded up
    assert told.final == max(0, peak - 30)
    assert (told.missing, told.lifts) == (0, ())


def test_the_minute_that_is_named_is_the_first_with_a_heat_below() -> None:
    settings = Settings(score=ScoreSettings(threshold=ahead(FERRIES, threshold=0).peak - 6))
    told = ahead(FERRIES, threshold=settings.score.threshold)
    score = Score((), (), settings.score)
    assert told.below_from is not None
    heats = [
        score.heat(told.peak, [Voice(group="a", at=NOON)], told.below_from - minutes).total
        for minutes in (timedelta(minutes=1), timedelta(0))
    ]
    assert heats == [told.threshold, told.threshold - 1]


def test_a_heat_that_never_falls_so_low_has_no_such_minute() -> None:
    told = ahead(FERRIES, threshold=0)
    assert told.below_from is None


def test_a_story_below_the_gate_is_told_what_would_lift_it() -> None:
    peak = ahead(FERRIES, threshold=0).peak
    told = ahead(FERRIES, threshold=peak + 7)
    assert told.missing == 7
    assert told.below_from is None
    lifts = {lift.what: (lift.points, lift.enough) for lift in told.lifts}
    assert lifts["one more provider that reports it on its own"] == (10, True)
    assert lifts["a large picture"] == (7, True)
    assert lifts["a summary"] == (6, False)
    assert "a byline" not in lifts
    enough = [lift.enough for lift in told.lifts]
    assert enough == sorted(enough, reverse=True)


def test_where_one_provider_is_not_enough_it_says_how_many_are() -> None:
    peak = ahead(FERRIES, threshold=0).peak
    lifts = {lift.what: lift for lift in ahead(FERRIES, threshold=peak + 15).lifts}
    assert not lifts["one more provider that reports it on its own"].enough
    assert lifts["2 more providers that report it on their own"].points == 16


def test_what_is_promised_comes_true() -> None:
    peak = ahead(FERRIES, threshold=0).peak
    (gain,) = (
        lift.points for lift in ahead(FERRIES, threshold=peak + 9).lifts if "provider" in lift.what
    )
    assert ahead(FERRIES, SECOND, threshold=0).peak == peak + gain


@pytest.mark.parametrize("change", ["settings", "merged", "undated"])
def test_there_is_no_outlook_where_it_would_be_another_desks(change: str) -> None:
    settings = Settings()
    found_late = msgspec.structs.replace(FERRIES, fetched_at=NOON + timedelta(hours=5))
    secret = sealed(found_late, settings=settings)
    assert look(secret, settings) is not None
    story = secret.story
    match change:
        case "settings":
            settings = Settings(score=ScoreSettings(half_life_hours=1))
        case "merged":
            story = msgspec.structs.replace(story, merged_into="another")
        case _:
            story = msgspec.structs.replace(story, as_of=None)
    assert look(msgspec.structs.replace(secret, story=story), settings) is None
