"""Witnesses: the words by which the model gave a topic, for a person to read."""

from __future__ import annotations

from wiredesk.records.article import Article
from wiredesk.records.judgement import Evidence
from wiredesk.stages.classify.bags import UNIT, Bags
from wiredesk.stages.classify.model import LONG, THOUSAND, Model
from wiredesk.stages.classify.text import PLACES
from wiredesk.stages.classify.words import stem, tokens

WORDS_NAMED = 5
"""Words that are named, the heaviest first."""
WORTH_TELLING = 50
"""What people's word adds, in thousandths, from which it is told."""


def witnesses(article: Article, bags: Bags, row: int, model: Model, topic: int) -> list[Evidence]:
    """Return a line for each of the heaviest words, with its weight in natural logarithms of odds, and
    one for what people's corrections add.
    """
    at = bags.of_row(row)
    words, units = bags.words[at], bags.units[at]
    size = UNIT * (LONG + int(units.sum()))
    weights = (units * model.weights[topic, words] * LONG) // size
    taught = int((units * (model.weights - model.plain)[topic, words]).sum()) * LONG // size
    said = _said(article)
    heaviest = sorted(
        (-int(weight), bags.vocabulary[word])
        for weight, word in zip(weights, words, strict=True)
        if weight > 0
    )
    lines = [
        Evidence(
            keyword=said[word][0],
            place=said[word][1],
            rule="model",
            times=said[word][2],
            weight=_in_logarithms(-minus),
        )
        for minus, word in heaviest[:WORDS_NAMED]
    ]
    if abs(taught) >= WORTH_TELLING:
        lines.append(
            Evidence(
                keyword="corrections", place="model", rule="label", weight=_in_logarithms(taught)
            )
        )
    return lines


def _said(article: Article) -> dict[str, tuple[str, str, int]]:
    """Return for each stem the word as it was said first, where, and how often in all."""
    found: dict[str, tuple[str, str, int]] = {}
    texts = (article.title, article.excerpt, article.text)
    for place, text in zip(PLACES, texts, strict=True):
        for token in tokens(text):
            word = stem(token)
            first = found.get(word)
            found[word] = (token, place, 1) if first is None else (*first[:2], first[2] + 1)
    return found


def _in_logarithms(thousandths: int) -> float:
    return round(thousandths / THOUSAND, 2)
