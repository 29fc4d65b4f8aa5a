from __future__ import annotations

import random

import numpy as np
import pytest

from wiredesk.ports.meaning import whole
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.vectors import ONE, PARTS, vectors
from wiredesk.stages.group import candidates
from wiredesk.stages.group.near import ALONE, FAINT, MEANT, near

WORDS = [
    f"{first}{last}" for first in "bcdfghklmnprst" for last in ("arn", "olt", "ind", "eph", "usk")
]


def article(place: int, title: str, text: str) -> Article:
    provider = ProviderName(name="x", domain="x.example")
    return Article(id=str(place), title=title, text=text, provider=provider)


def wire(size: int, seed: int = 1) -> list[Article]:
    chance = random.Random(seed)
    return [
        article(place, " ".join(chance.sample(WORDS, 6)), " ".join(chance.choices(WORDS, k=20)))
        for place in range(size)
    ]


def plainly(window: list[Article]) -> dict[tuple[int, int], float]:
    """Return what each two articles have in common, worked out pair by pair."""
    dense = vectors(window, "en").toarray().astype(np.int64)
    found = {}
    for later in range(len(window)):
        for earlier in range(later):
            product = dense[earlier] * dense[later]
            by_word = product.reshape(-1, PARTS).sum(axis=1)
            total = int(by_word.sum())
            if total >= candidates.LEAST * ONE * ONE:
                common = (total - ALONE * float((by_word**2).sum()) / total) / ONE**2
                if common >= FAINT:
                    found[earlier, later] = common
    return found


def found_in(window: list[Article], meanings: object = None) -> dict[tuple[int, int], float]:
    pairs = near(vectors(window, "en"), meanings)  # type: ignore[arg-type]  # a matrix or None
    return dict(
        zip(
            zip(pairs.earlier.tolist(), pairs.later.tolist(), strict=True),
            pairs.common.tolist(),
            strict=True,
        )
    )


@pytest.mark.parametrize("block", [7, 64, 1024])
@pytest.mark.parametrize("piece", [16, 1 << 15])
def test_all_near_pairs_are_found_however_the_window_is_cut(
    monkeypatch: pytest.MonkeyPatch, block: int, piece: int
) -> None:
    monkeypatch.setattr(candidates, "BLOCK", block)
    monkeypatch.setattr(candidates, "SLICE", piece)
    window = wire(70)
    assert found_in(window) == pytest.approx(plainly(window), abs=1e-7)
    assert len(plainly(window)) > 100


def test_an_article_is_compared_with_no_more_than_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(candidates, "NEAREST", 3)
    window, best = wire(60), plainly(wire(60))
    found = found_in(window)
    assert max(sum(later == place for _, later in found) for place in range(60)) == 3
    likest = max(best, key=lambda pair: best[pair])
    assert likest in found


def test_a_word_of_very_many_articles_brings_no_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "COMMON", 5)
    window = [article(place, f"Velm olt{place} ind{place}", "") for place in range(9)]
    assert found_in(window) == {}


def test_two_articles_that_agree_in_one_word_alone_have_little_in_common() -> None:
    filler = wire(40)
    one_word = [article(90, "Velm raises tariffs", ""), article(91, "Velm wins cup", "")]
    two_words = [article(92, "Korrin strike spreads", ""), article(93, "Korrin strike ends", "")]
    found = found_in([*filler, *one_word, *two_words])
    assert found[42, 43] > 2 * found.get((40, 41), 0.0)


def test_articles_that_mean_the_same_are_near_in_whatever_words() -> None:
    window = [article(0, "ferry sinks off Velm", ""), article(1, "boat lost near harbour", "")]
    same = whole(np.array([[1, 0.1, 0], [1, 0, 0.1]], dtype=np.float32))
    other = whole(np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32))
    assert found_in(window) == {}
    assert found_in(window, same)[0, 1] > 0.9 * MEANT
    assert found_in(window, other) == {}
