from __future__ import annotations

import pytest

from wiredesk.records.article import Article, ProviderName
from wiredesk.records.likeness import Rarity, Terms, dot, names, shingles, words


def terms(title: str, text: str = "") -> Terms:
    provider = ProviderName(name="x", domain="x.example")
    return Terms(Article(id=title, title=title, text=text, provider=provider))


def test_words_are_found_in_every_script() -> None:
    assert words("Velm\u2019s GIANT leap, 2nd try!") == ["velm", "giant", "leap", "2nd", "try"]
    assert words("東京で地震") == ["東", "京", "で", "地", "震"]
    assert words("Straße") == words("STRASSE")
    assert words("") == []


def test_a_text_of_n_words_has_n_minus_four_shingles() -> None:
    assert len(shingles(["a", "b", "c", "d", "e", "f", "g"])) == 3
    assert len(shingles(["a", "b", "c", "d"])) == 0


def test_names_are_capitalised_words_and_numbers() -> None:
    assert names("Mayor Quill paid 41,5 crowns") == ["mayor", "quill", "41,5"]


def test_a_text_is_wholly_like_itself_and_not_like_one_without_common_words() -> None:
    every = [terms("ferry contract signed"), terms("bread price rises"), terms("clock wing opens")]
    rarity = Rarity(every)
    one, other, _ = (rarity.vector(its) for its in every)
    assert dot(one, one) == pytest.approx(1.0)
    assert dot(one, other) == 0.0


def test_a_rare_common_word_weighs_more_than_a_frequent_one() -> None:
    every = [
        terms("the ferry sails"),
        terms("the ferry sinks"),
        terms("the bread burns"),
        terms("the clock stops"),
    ]
    rarity = Rarity(every)
    first, rare, frequent, _ = (rarity.vector(its) for its in every)
    assert dot(first, rare) > dot(first, frequent)


def test_an_article_without_words_has_an_empty_vector() -> None:
    every = [terms(""), terms("ferry")]
    assert Rarity(every).vector(every[0]) == {}
