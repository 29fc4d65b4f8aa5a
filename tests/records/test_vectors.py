from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.records.article import Article, ProviderName
from wiredesk.records.vectors import HEAVIEST, ONE, Counting, vectors
from wiredesk.records.wording import Vocabulary, blocks, words


def article(title: str, text: str = "") -> Article:
    provider = ProviderName(name="x", domain="x.example")
    return Article(id=title, title=title, text=text, provider=provider)


def likenesses(*titles: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    rows = vectors([article(title) for title in titles], "en").toarray() / ONE
    products: np.ndarray[tuple[int, int], np.dtype[np.float64]] = rows @ rows.T
    return products


def test_words_are_found_in_every_script() -> None:
    assert words("Velm\u2019s GIANT leap, 2nd try!") == ["velm", "giant", "leap", "2nd", "try"]
    assert words("東京で地震") == ["東", "京", "で", "地", "震"]
    assert words("Straße") == words("STRASSE")
    assert words("") == []


def test_spellings_of_one_word_are_one_stem_and_names_are_told_by_their_capital() -> None:
    vocabulary = Vocabulary()
    ferries, ferry, quill, forty = vocabulary.numbers("Ferries ferry's Quill 41")
    stems, names = vocabulary.stem_of(), vocabulary.is_name()
    assert vocabulary.numbers("Ferries") == [ferries]
    assert stems[ferry] != stems[quill]
    assert names[[ferries, ferry, quill, forty]].tolist() == [True, False, True, True]


def test_a_title_is_wholly_like_itself_and_not_like_one_without_common_words() -> None:
    products = likenesses("ferry contract signed", "bread price rises", "clock wing opens")
    assert np.diag(products) == pytest.approx([1, 1, 1], abs=0.001)
    assert products[0, 1] == 0.0


def test_a_rare_common_word_weighs_more_than_a_frequent_one() -> None:
    products = likenesses(
        "the ferry sails", "the ferry sinks", "the bread burns", "the clock stops"
    )
    assert products[0, 1] > products[0, 2]


def test_a_word_that_every_newsroom_uses_weighs_less_from_the_first_article_on() -> None:
    products = likenesses("Quill said today", "Oster said today", "Quill rows harder")
    assert products[0, 2] > products[0, 1]


def test_an_article_without_words_has_an_empty_row() -> None:
    assert vectors([article(""), article("ferry")], "en").toarray()[0].sum() == 0


def test_only_the_heaviest_words_of_a_long_text_are_kept() -> None:
    long = article("long", " ".join(f"word{number}" for number in range(900)))
    assert vectors([long, article("short")], "en")[[0]].nnz == HEAVIEST


texts = st.lists(
    st.sampled_from(["ferry", "quay", "Velm", "Quill", "41", "the", "said", "bread"]), max_size=12
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(texts, texts, st.booleans()), min_size=1, max_size=8))
def test_articles_that_are_left_out_leave_no_trace(
    rows: list[tuple[list[str], list[str], bool]],
) -> None:
    window = [article(" ".join(title), " ".join(text)) for title, text, _ in rows]
    kept = np.array([keep for *_, keep in rows])
    vocabulary = Vocabulary()
    counting = Counting(vocabulary, "en")
    for block in blocks(window, vocabulary):
        counting.add(block)
    some = counting.vectors(kept)
    alone = vectors([one for one, keep in zip(window, kept, strict=True) if keep], "en")
    products = [(its.astype(np.int64) @ its.astype(np.int64).T).toarray() for its in (some, alone)]
    assert (products[0] == products[1]).all()
