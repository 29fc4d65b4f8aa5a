from __future__ import annotations

import random

import numpy as np

from wiredesk.records.article import Article, ProviderName
from wiredesk.records.wording import RUN, Vocabulary, blocks, runs_of
from wiredesk.stages.group.sketches import EARLIEST, KEPT, Sketches

DAY = 86400.0


def text(words: int, seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(f"w{chance.randrange(10**6)}" for _ in range(words))


def sketched(*texts: str, titles: tuple[str, ...] = ()) -> Sketches:
    provider = ProviderName(name="x", domain="x.example")
    vocabulary = Vocabulary()
    sketches = Sketches(vocabulary)
    window = [
        Article(id=str(place), title=titles[place] if titles else "", text=its, provider=provider)
        for place, its in enumerate(texts)
    ]
    for block in blocks(window, vocabulary):
        sketches.add(block, np.arange(block.size))
    return sketches


def pairs(sketches: Sketches, times: list[float], window: float = 7 * DAY) -> set[tuple[int, int]]:
    found = sketches.alike(np.array(times), window)
    return set(zip(found.earlier.tolist(), found.later.tolist(), strict=True))


def test_a_text_of_n_words_has_n_minus_four_runs() -> None:
    assert len(runs_of(np.arange(7, dtype=np.uint64))) == 7 - RUN + 1
    assert len(runs_of(np.arange(4, dtype=np.uint64))) == 0


def test_a_text_finds_its_half_at_any_length() -> None:
    for words in (60, 150, 700, 5000):
        whole = text(words, words)
        half = " ".join(whole.split()[: words // 2])
        assert (0, 1) in pairs(sketched(whole, half, text(words, 1)), [0.0, 1.0, 2.0])


def test_unrelated_texts_are_not_paired() -> None:
    assert pairs(sketched(*(text(300, seed) for seed in range(20))), [0.0] * 20) == set()


def test_texts_further_apart_than_the_window_are_not_paired_but_undated_ones_are() -> None:
    same = text(100, 1)
    assert pairs(sketched(same, same), [0.0, 6 * DAY]) == {(0, 1)}
    assert pairs(sketched(same, same), [0.0, 8 * DAY]) == set()
    assert pairs(sketched(same, same, same), [0.0, 8 * DAY, np.nan]) == {(0, 2), (1, 2)}


def test_a_text_that_everyone_carries_is_compared_with_the_earliest_alone() -> None:
    same = text(100, 1)
    found = pairs(sketched(*[same] * 40), [float(place) for place in range(40)])
    assert {(0, later) for later in range(1, 40)} <= found
    assert len(found) <= 40 * EARLIEST


def test_what_is_remembered_of_a_text_does_not_grow_with_its_length() -> None:
    sketches = sketched(text(20_000, 3))
    (runs,) = sketches._runs
    assert KEPT // 2 < len(runs) < 4 * KEPT


def test_titles_meet_on_one_day_whatever_their_case() -> None:
    titles = ("Ferry sinks off Velm", "FERRY SINKS OFF VELM", "Ferry sinks off Velm", "Ferry sinks")
    sketches = sketched("", "", "", "", titles=titles)
    found = sketches.same_title(np.array([1, 1, 2, 1]), least_words=4)
    assert list(zip(found.earlier.tolist(), found.later.tolist(), strict=True)) == [(0, 1)]
