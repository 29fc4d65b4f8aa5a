"""The baselines do what their papers say: on small texts, by hand or by brute force."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from wiredesk.exams.baselines.bayes import NaiveBayes, cross_validated
from wiredesk.exams.baselines.keywords import Substrings, WholeWords
from wiredesk.exams.baselines.sketches import families, minhash_pairs, simhash_pairs
from wiredesk.exams.baselines.tfidf import cosines, linkage, nearest, stream
from wiredesk.exams.wire import wire
from wiredesk.records.topic import Topic, TopicPack

TEXTS = [report.article.text for report in wire(150, "baselines", languages=("en",))]


def by_hand(texts: list[str]) -> np.ndarray:
    counts = [Counter(text.lower().replace(".", "").split()) for text in texts]
    spread = Counter(word for its in counts for word in its)
    rows = []
    for its in counts:
        row = {w: (1 + math.log(n)) * math.log(len(texts) / spread[w]) for w, n in its.items()}
        length = math.sqrt(sum(weight**2 for weight in row.values())) or 1
        rows.append({word: weight / length for word, weight in row.items()})
    return np.array([[sum(w * b.get(t, 0) for t, w in a.items()) for b in rows] for a in rows])


def test_cosines_are_those_of_the_plain_formula() -> None:
    assert np.abs(cosines(TEXTS) - by_hand(TEXTS)).max() < 1e-5


def test_words_of_every_text_weigh_nothing_and_an_empty_text_is_near_to_none() -> None:
    found = cosines(["the ferry", "the ferry", "the quay", ""])
    assert found[0, 1] == pytest.approx(1)
    assert found[0, 3] == found[3, 3] == 0


LIKE = np.array(
    [[1, 0.9, 0.1, 0.2], [0.9, 1, 0.3, 0.2], [0.1, 0.3, 1, 0.8], [0.2, 0.2, 0.8, 1]],
    dtype=np.float32,
)


def test_a_stream_joins_the_likest_story_by_its_mean_or_opens_one() -> None:
    assert stream(LIKE, 0.5) == [0, 0, 1, 1]
    assert stream(LIKE, 0.2) == [0, 0, 0, 0]  # the third is .2 on average like the first two
    assert stream(LIKE, 0.95) == [0, 1, 2, 3]


def test_average_linkage_cuts_its_tree_at_each_threshold() -> None:
    one, two, four = linkage(LIKE, [0.15, 0.5, 0.95])
    assert len(set(one)) == 1
    assert [two[0] == two[1], two[2] == two[3], two[0] == two[2]] == [True, True, False]
    assert len(set(four)) == 4


def test_average_linkage_is_that_of_joining_the_likest_each_time() -> None:
    likeness = cosines(TEXTS[:50])
    threshold = 0.1
    groups = [[place] for place in range(50)]

    def mean(one: list[int], other: list[int]) -> float:
        return float(likeness[np.ix_(one, other)].mean())

    while True:
        best, one, other = max(
            (mean(a, b), i, j) for i, a in enumerate(groups) for j, b in enumerate(groups[:i])
        )
        if best < threshold:
            break
        groups[other] += groups.pop(one)
    (found,) = linkage(likeness, [threshold])
    labels = {place: number for number, group in enumerate(groups) for place in group}
    pairs = [(a, b) for a in range(50) for b in range(a)]
    assert all((labels[a] == labels[b]) == (found[a] == found[b]) for a, b in pairs)


def test_the_nearest_are_others_likest_first() -> None:
    assert nearest(LIKE, 2) == [[1, 3], [0, 2], [3, 1], [2, 0]]


def test_minhash_finds_what_shares_most_runs_and_nothing_else() -> None:
    text = TEXTS[0]
    longer = f"{text} and a few words more"
    assert list(minhash_pairs([text, TEXTS[1], longer, "too short"])) == [(0, 2)]
    assert list(minhash_pairs([text, text[: len(text) // 3]])) == []


def test_minhash_estimates_jaccard() -> None:
    words = [f"w{number}" for number in range(400)]
    half = [*words[:200], *(f"v{number}" for number in range(100))]
    texts = [" ".join(words[:300]), " ".join(half)]  # 196 of 396 runs are common
    assert list(minhash_pairs(texts, at=0.40))
    assert not list(minhash_pairs(texts, at=0.60))


def test_simhash_finds_the_same_words_and_nothing_else() -> None:
    shuffled = " ".join(sorted(TEXTS[0].split()))
    assert list(simhash_pairs([TEXTS[0], TEXTS[1], shuffled])) == [(0, 2)]


def test_families_are_what_is_connected() -> None:
    assert families(5, iter([(3, 4), (1, 3)])) == [0, 1, 2, 1, 1]


PACK = TopicPack(
    (
        Topic(name="boats", keywords=("ferry", "!quay")),
        Topic(name="arts", keywords=("opera", "art")),
        Topic(name="none"),
    )
)


def test_substrings_are_found_anywhere_and_whole_words_are_not() -> None:
    assert Substrings(PACK)("The Party met at the Quay") == "boats"
    assert Substrings(PACK)("The party starts") == "arts"
    assert WholeWords(PACK)("The party starts") == ""
    assert WholeWords(PACK)("Art, opera and one ferry") == "arts"


def test_naive_bayes_learns_from_labels() -> None:
    model = NaiveBayes(["ferry quay", "ferry harbour", "opera aria"], ["boats", "boats", "arts"])
    assert model("a quay without a ferry") == "boats"
    assert model("an aria") == "arts"
    assert model("words unknown") == "boats"  # the larger class


def test_cross_validation_never_learns_from_the_text_that_it_guesses() -> None:
    texts = [f"unique{number}" for number in range(20)]
    labels = ["a" if number % 2 else "b" for number in range(20)]
    assert cross_validated(["same"] * 20, ["a"] * 20) == ["a"] * 20
    right = sum(map(str.__eq__, cross_validated(texts, labels), labels))
    assert right < 20
