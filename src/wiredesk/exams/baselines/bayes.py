"""Multinomial naive Bayes on words (McCallum and Nigam 1998): what labels would make possible."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from wiredesk.exams.chance import Chance

FOLDS = 5
_WORD = re.compile(r"\w+")
_SMOOTHED = 1.0
"""Laplace's: each word was seen once more in each class."""


class NaiveBayes:
    """Learns classes from labelled texts."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        self._labels = sorted(set(labels))
        self._numbers: dict[str, int] = {}
        counts = [self._counted(text, learn=True) for text in texts]
        seen = np.full((len(self._labels), len(self._numbers)), _SMOOTHED)
        for label, its in zip(labels, counts, strict=True):
            seen[self._labels.index(label), list(its)] += list(its.values())
        self._weights = np.log(seen / seen.sum(axis=1, keepdims=True))
        sizes = Counter(labels)
        self._priors = np.log([sizes[label] / len(labels) for label in self._labels])

    def __call__(self, text: str) -> str:
        """Return the likeliest class."""
        its = self._counted(text, learn=False)
        odds = self._priors + self._weights[:, list(its)] @ np.array(
            list(its.values()), dtype=float
        )
        return self._labels[int(odds.argmax())]

    def _counted(self, text: str, *, learn: bool) -> Counter[int]:
        words = Counter(_WORD.findall(text.lower()))
        numbers = self._numbers
        if learn:
            for word in words:
                numbers.setdefault(word, len(numbers))
        known = {numbers[word]: times for word, times in words.items() if word in numbers}
        return Counter(known)


def folds(size: int) -> list[list[int]]:
    """Return the places of ``size`` texts in folds, drawn at random, the same each time."""
    order = Chance("folds").sample(range(size), size)
    return [order[fold::FOLDS] for fold in range(FOLDS)]


def cross_validated(
    texts: Sequence[str], labels: Sequence[str], asked: Sequence[str] | None = None
) -> list[str]:
    """Return each text's class as learnt from the other folds; of ``asked``, if it has what is asked in
    place of the texts.
    """
    guesses = [""] * len(texts)
    for held in folds(len(texts)):
        rest = sorted(set(range(len(texts))) - set(held))
        model = NaiveBayes([texts[place] for place in rest], [labels[place] for place in rest])
        for place in held:
            guesses[place] = model((asked or texts)[place])
    return guesses
