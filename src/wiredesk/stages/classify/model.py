"""The model: how much each word speaks for each topic, learned from articles whose topics are known.

A naive Bayes model in the form of log-odds against the whole set of articles, trained in two passes
(the second counts what the first made of the articles that say nothing for certain: one round of the
EM of Nigam, McCallum, Thrun and Mitchell, 2000). Beside the topics there are classes for the fields of
news that no topic is the whole of: what is sport goes there and not to the least unlikely topic. The
words of the fields count as seen beforehand. No article testifies in its own case: its own words are
taken out of the counts that judge it, and texts that are there twice count once.

All counts, weights and scores are whole numbers, so that no order of adding up matters: weights in
thousandths of a natural logarithm, shares of a class in sixteenths.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wiredesk.stages.classify.bags import UNIT, Bags, Integers
from wiredesk.stages.classify.fields import spread

WHOLE = 16
"""Shares that make up one article."""
DOUBT = 1 * UNIT * WHOLE
"""Added to what was counted of a word and to what was expected of it: one mention. Words that were
seen a few times have little say."""
BEFOREHAND = 10 * UNIT * WHOLE
"""Mentions of a field's word that are counted before any article is read: ten, divided by the number of
fields that it stands in."""
WEIGHTIEST = 4000
"""No word speaks louder than e to the fourth to one."""
SECTION = 50
"""Of so many articles one is expected in each field, before any is read."""
LONG = 30 * UNIT
"""Length of a text, in units, of which the evidence counts half: the words of one text repeat one
another's testimony, and naive Bayes would be all too sure."""
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Taught:
    """What people said, as counts: how often a labelled row counts, and the words that speak against
    topics, in the same units as the counts.
    """

    times: Integers
    """By row: 1, or more for a labelled one."""
    against: Integers
    """By topic and word."""


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned, applied to the articles that it was learned from.

    ``score`` has, by article and topic, the evidence of the words; ``odds`` has it with how usual the
    topic is, against the best of "another field" and "none of these": at 0 both are as likely.
    """

    score: Integers
    odds: Integers
    weights: Integers
    """By class and word."""
    plain: Integers
    """The weights as they would be without what people said."""


def learn(
    bags: Bags,
    shares: Integers,
    silent: NDArray[np.bool_],
    words: Sequence[Set[str]],
    others: Sequence[Set[str]],
    *,
    taught: Taught,
) -> Model:
    """Return what the articles of known topics teach.

    ``shares`` has by row and topic how much of the article is the topic's, in sixteenths; ``silent``
    the rows of which nothing is known; ``words`` the stems that are known beforehand of each topic,
    ``others`` those of the classes beside the topics.
    """
    return _Learning(bags, (*words, *others), taught).model(shares, silent, len(words))


class _Learning:
    def __init__(self, bags: Bags, lexicons: Sequence[Set[str]], taught: Taught) -> None:
        self._bags, self._taught, self._classes = bags, taught, len(lexicons)
        size = len(bags.vocabulary)
        self._first = bags.twin == np.arange(bags.size)
        counted = bags.units * self._first[bags.rows]
        self._usual = _tally(bags.words, counted * WHOLE, size) + DOUBT // 8
        self._all = int(self._usual.sum())
        self._length = bags.sums(bags.units)
        number = {word: index for index, word in enumerate(bags.vocabulary)}
        fields = spread()
        self._known = np.zeros((len(lexicons), size), dtype=np.int64)
        for row, lexicon in enumerate(lexicons):
            for word in lexicon:
                if word in number:
                    self._known[row, number[word]] = BEFOREHAND // fields.get(word, 1)
        self._has_words = np.array([bool(lexicon) for lexicon in lexicons], dtype=np.int64)
        self._against = np.zeros((len(lexicons), size), dtype=np.int64)
        self._against[: len(taught.against)] = taught.against

    def model(self, shares: Integers, silent: NDArray[np.bool_], topics: int) -> Model:
        bags = self._bags
        all_shares = np.zeros((bags.size, self._classes), dtype=np.int64)
        all_shares[:, :topics] = shares
        # At first some articles are expected in every field; then only in those that the desk has a
        # topic for: the others have what the first pass found in them.
        fields = self._has_words
        of_topics = fields * (np.arange(self._classes) < topics)
        guessed = self._odds(all_shares, self._scores(all_shares), fields)
        all_shares[silent] = _in_shares(guessed)[silent]
        score = self._scores(all_shares)
        likely = self._odds(all_shares, score, of_topics)
        none = likely[:, topics:].max(axis=1)
        taught = self._taught
        plain = Taught(times=np.ones_like(taught.times), against=taught.against * 0)
        labelled = taught.times > 1
        without = all_shares * ~labelled[:, None]
        return Model(
            score=score[:, :topics],
            odds=likely[:, :topics] - none[:, None],
            weights=self._weights(*self._counts(all_shares, taught.times), self._against),
            plain=self._weights(*self._counts(without, plain.times), self._against * 0),
        )

    def _counts(self, shares: Integers, times: Integers) -> tuple[Integers, Integers]:
        """Return how much of each word each class has, and how much of all words."""
        bags, size = self._bags, len(self._bags.vocabulary)
        part = shares * (times * self._first)[:, None]
        counts = np.zeros((self._classes, size), dtype=np.int64)
        for one in range(self._classes):
            at = np.flatnonzero(part[bags.rows, one])
            amounts = bags.units[at] * part[bags.rows[at], one]
            counts[one] = _tally(bags.words[at], amounts, size)
        return counts, counts.sum(axis=1)

    def _weights(self, counts: Integers, sums: Integers, against: Integers) -> Integers:
        """Return how much more usual each word is in a class than in all, as a logarithm."""
        expected = sums[:, None] * (self._usual[None, :] / self._all)
        return _weight((counts + self._known + DOUBT) / (expected + against + DOUBT))

    def _scores(self, shares: Integers) -> Integers:
        """Return the evidence of each article's words for each class, its own counts taken out."""
        bags, times = self._bags, self._taught.times
        counts, sums = self._counts(shares, times)
        weights = self._weights(counts, sums, self._against)
        scores = np.empty((bags.size, self._classes), dtype=np.int64)
        for one in range(self._classes):
            of_word = weights[one, bags.words]
            own_rows = shares[:, one] > 0
            at = np.flatnonzero(own_rows[bags.rows])
            if len(at):
                rows, words = bags.rows[at], bags.words[at]
                own = bags.units[at] * shares[rows, one] * times[rows]
                own_sum = _tally(rows, own, bags.size)
                left = np.maximum(counts[one, words] - own, 0)
                expected = (sums[one] - own_sum[rows]).clip(0) * (self._usual[words] / self._all)
                known, against = self._known[one, words], self._against[one, words]
                of_word[at] = _weight((left + known + DOUBT) / (expected + against + DOUBT))
            scores[:, one] = bags.sums(bags.units * of_word)
        return scores * LONG // (UNIT * (LONG + self._length))[:, None]

    def _odds(self, shares: Integers, scores: Integers, expected: Integers) -> Integers:
        """Return the scores with how usual each class is; the last column is for none of them.

        ``expected`` has 1 for the classes of which some articles are expected before any is read.
        """
        articles = int(self._first.sum())
        part = shares[self._first].sum(axis=0)
        rest = max(0, articles * WHOLE - int(part.sum()))
        part = part + expected * (articles * WHOLE // SECTION)
        usual = _logarithm(
            (np.append(part, rest) + WHOLE) / (WHOLE * (articles + self._classes + 1))
        )
        none = np.zeros((len(scores), 1), dtype=np.int64)
        return np.concatenate([scores, none], axis=1) + usual[None, :]


def _in_shares(odds: Integers) -> Integers:
    """Return each row's classes as shares; the last column, none of them, has no class."""
    likely = np.exp((odds - odds.max(axis=1, keepdims=True)) / THOUSAND)
    part = likely / likely.sum(axis=1, keepdims=True)
    return _whole(part[:, :-1] * WHOLE)


def _logarithm(ratio: NDArray[np.float64]) -> Integers:
    """Return the natural logarithms in thousandths."""
    return _whole(np.log(ratio) * THOUSAND)


def _weight(ratio: NDArray[np.float64]) -> Integers:
    return _whole((np.log(ratio) * THOUSAND).clip(-WEIGHTIEST, WEIGHTIEST))


def _whole(numbers: NDArray[np.float64]) -> Integers:
    return np.asarray(np.rint(numbers), dtype=np.int64)


def _tally(places: Integers, amounts: Integers, size: int) -> Integers:
    """Return the sum of the amounts at each place; exact, as they are whole numbers below 2^53."""
    return np.bincount(places, weights=amounts, minlength=size).astype(np.int64)
