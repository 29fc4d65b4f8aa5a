"""relate: what else to read below an article: the rest of its story, then near matter.

::

    vectors -> postings of telling terms -> 60 of the story  -> likest first ─┐
                                         -> 60 of near matter -> MMR ─────────┴-> no text and no
                                            (one a story)                         provider twice

Near matter is chosen one by one for being both like the article and unlike what is already shown
(maximal marginal relevance, Carbonell and Goldstein 1998). The cost of an article does not grow with
the window: its candidates come by its heaviest terms, and a term of very many articles brings none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wiredesk.config import RelateSettings
from wiredesk.records.article import Article
from wiredesk.records.judgement import Membership, Relation
from wiredesk.records.vectors import MATTER, ONE, vectors
from wiredesk.records.wording import Bits, text_runs

CONSIDERED = 60
"""Nearest articles of the story, and of near matter, that are looked at closely."""
COMMON = 400
"""A term in more articles than this brings no candidates (it still counts in the likeness)."""
TELLING = 48
"""Heaviest terms of an article by which its candidates are found: the cost of an article stays the
same however long it is."""
DOUBTFUL = 0.05
"""Likeness below which two articles have too few words in common to be one text."""
LEAST_SHINGLES, SHARED = 20, 0.35
"""Two texts of that many runs of five words are one to a reader when the shorter one shares this part
of its runs, whether one was copied or both came by one template. Independent reports of one event
have been seen to share 0.34."""
SAME = 0.9
"""Likeness from which two articles, one of them too short for its runs to tell, are one text."""
_FINE = 4
"""Decimals of a likeness: below them, processors may differ."""

Places = NDArray[np.int64]
Weights = NDArray[np.float64]


class Relate:
    """Relates the articles of a window to one another by the desk's settings."""

    def __init__(self, settings: RelateSettings) -> None:
        self._settings = settings

    def __call__(
        self, articles: Iterable[Article], memberships: Iterable[Membership]
    ) -> dict[str, tuple[Relation, ...]]:
        """Return for each article's id what is related to it, best first: at most ``most``, none of
        them twice, by one provider each, and no text twice, the article's own included.

        An article without a membership is a story of its own. Articles in other languages are
        never near in matter: their readers are others.
        """
        unique = {article.id: article for article in articles}
        ordered = [unique[one] for one in sorted(unique)]
        window = _Window(ordered, {member.id: member for member in memberships})
        return {
            article.id: tuple(self._related(place, window)) for place, article in enumerate(ordered)
        }

    def _related(self, one: int, window: _Window) -> Iterator[Relation]:
        near = window.near(one)
        shown = _Shown(near, window)
        for turn in near.mates:
            if len(shown.turns) < self._settings.most and shown.takes(turn):
                yield near.relation(turn, window, "story")
        for turn in self._diverse(near, shown):
            yield near.relation(turn, window, "likeness")

    def _diverse(self, near: _Near, shown: _Shown) -> Iterator[int]:
        """Choose from near matter, one by one, what is best by marginal relevance."""
        novelty = self._settings.diversity
        worth = (1 - novelty) * near.likeness
        worth[near.likeness < self._settings.least_likeness] = -np.inf
        worth[near.mates] = -np.inf
        while len(shown.turns) < self._settings.most and np.isfinite(worth).any():
            best = int((worth - novelty * shown.repeated).round(_FINE).argmax())
            worth[best] = -np.inf
            if shown.takes(best):
                yield best


class _Shown:
    """What a list shows already, and so must not be shown again."""

    def __init__(self, near: _Near, window: _Window) -> None:
        self._near, self._window = near, window
        self._providers: set[str] = set()
        self._rows: list[Weights] = []
        self.turns: list[int] = []
        self.repeated = np.zeros(len(near.places))
        """How alike each candidate is to the likest that is shown."""

    def takes(self, turn: int) -> bool:
        """Take a candidate onto the list unless its provider or its text is there."""
        near, window = self._near, self._window
        place = near.places[turn]
        provider = window.articles[place].domain
        if provider in self._providers:
            return False
        if window.one_text(near.one, place, near.likeness[turn]):
            return False
        for shown, row in zip(self.turns, self._rows, strict=True):
            if window.one_text(near.places[shown], place, row[turn]):
                return False
        row = near.to(turn)
        self.turns.append(turn)
        self._rows.append(row)
        self._providers |= {provider} - {""}
        self.repeated = np.maximum(self.repeated, row)
        return True


class _Near:
    """What is near an article: some of its story and some of others, and how alike they are."""

    def __init__(self, one: int, mates: Places, others: Places, index: _Index) -> None:
        self.one, self._index = one, index
        self._rows = index.rows(np.concatenate((mates, others)))
        self.places: list[int] = self._rows.places.tolist()
        self.likeness = index.cosines(one, self._rows)
        own = self.likeness[: len(mates)]
        self.mates: list[int] = np.lexsort((mates, -own)).tolist()
        """Which of them are of the same story, the likest first."""

    def to(self, turn: int) -> Weights:
        """Return the likeness of the candidate at ``turn`` to each of them."""
        return self._index.cosines(self.places[turn], self._rows)

    def relation(self, turn: int, window: _Window, why: str) -> Relation:
        """Return the candidate at ``turn`` as a related article."""
        score = float(self.likeness[turn])
        return Relation(id=window.articles[self.places[turn]].id, score=score, why=why)


class _Window:
    """The articles by place, who is in which story, and what their texts are."""

    def __init__(self, articles: Sequence[Article], memberships: Mapping[str, Membership]) -> None:
        self.articles = articles
        place_of = {article.id: place for place, article in enumerate(articles)}
        members = [memberships.get(article.id) for article in articles]
        stories: dict[str, int] = {}
        self._story = np.array(
            [
                stories.setdefault(member.story if member else article.id, len(stories))
                for article, member in zip(articles, members, strict=True)
            ],
            dtype=np.int64,
        )
        self._original = np.array(
            [
                place_of.get(member.duplicate_of, place) if member else place
                for place, member in enumerate(members)
            ],
            dtype=np.int64,
        )
        is_original = self._original == np.arange(len(articles))
        self._mates: dict[int, list[int]] = defaultdict(list)
        for place in np.flatnonzero(is_original).tolist():
            self._mates[int(self._story[place])].append(place)
        self._shingles: dict[int, Bits] = {}
        self._index = _Index(articles, is_original)

    def near(self, one: int) -> _Near:
        """Return the nearest originals of the article's own story, and the nearest ones of others,
        at most one a story.
        """
        places, sums = self._index.sharing(one)
        fit = (places != one) & (places != self._original[one])
        order = np.lexsort((places[fit], -sums[fit]))
        places = places[fit][order]
        own = self._story[places] == self._story[one]
        others = places[~own]
        _, firsts = np.unique(self._story[others], return_index=True)
        mates = self._with_rest(one, places[own][:CONSIDERED])
        return _Near(one, mates, others[np.sort(firsts)[:CONSIDERED]], self._index)

    def one_text(self, one: int, other: int, likeness: float) -> bool:
        """Tell whether two articles of that likeness are one text to a reader."""
        if likeness < DOUBTFUL:
            return False
        first, second = self._runs_of(one), self._runs_of(other)
        smaller = min(len(first), len(second))
        if smaller < LEAST_SHINGLES:
            return likeness >= SAME
        both = len(np.intersect1d(first, second, assume_unique=True))
        return both >= SHARED * smaller

    def _with_rest(self, one: int, mates: Places) -> Places:
        """Add articles of the story that share no telling term, as far as there is room."""
        every = self._mates[int(self._story[one])]
        if len(every) <= len(mates) or len(mates) >= CONSIDERED:
            return mates
        known = {*mates.tolist(), one, int(self._original[one])}
        rest = [mate for mate in every[: CONSIDERED + len(known)] if mate not in known]
        return np.concatenate((mates, np.array(rest, dtype=np.int64)))[:CONSIDERED]

    def _runs_of(self, one: int) -> Bits:
        runs = self._shingles.get(one)
        if runs is None:
            article = self.articles[one]
            runs = self._shingles[one] = text_runs(article.text or article.excerpt)
        return runs


class _Rows(NamedTuple):
    """The vectors of some articles in one row: whose each entry is (by turn), its term, its weight."""

    places: Places
    whose: Places
    terms: Places
    weights: Weights


class _Index:
    """The articles' vectors, and which originals have each term."""

    def __init__(self, articles: Sequence[Article], is_original: NDArray[np.bool_]) -> None:
        self._terms, self._weights, self._starts = _vectors(articles)
        owners = np.repeat(np.arange(len(articles)), np.diff(self._starts))
        listed = np.flatnonzero(is_original[owners])
        listed = listed[np.argsort(self._terms[listed], kind="stable")]
        self._posted, self._shares = owners[listed], self._weights[listed]
        most = int(self._terms.max(initial=-1)) + 1
        sizes = np.bincount(self._terms[listed], minlength=most)
        self._runs = np.concatenate(([0], np.cumsum(sizes)))
        self._telling = (sizes > 1) & (sizes <= COMMON)
        # Room for one question at a time, empty between two: that of a question, not of the window.
        self._query = np.zeros(most)
        self._sums = np.zeros(len(articles))
        self._stamps = np.zeros(len(articles), dtype=np.int64)

    def sharing(self, one: int) -> tuple[Places, Weights]:
        """Return the originals that share telling terms with an article, each once, with the sum of
        the products of these terms' weights.
        """
        terms, weights = self._vector(one)
        telling = self._telling[terms]
        terms, weights = terms[telling], weights[telling]
        if len(terms) > TELLING:
            heaviest = np.sort(np.argsort(-weights.round(9), kind="stable")[:TELLING])
            terms, weights = terms[heaviest], weights[heaviest]
        if not len(terms):
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        starts, ends = self._runs[terms], self._runs[terms + 1]
        runs = [slice(*pair) for pair in zip(starts.tolist(), ends.tolist(), strict=True)]
        places = np.concatenate([self._posted[run] for run in runs])
        shares = np.concatenate([self._shares[run] for run in runs])
        np.add.at(self._sums, places, shares * np.repeat(weights, ends - starts))
        turns = np.arange(len(places))
        self._stamps[places] = turns  # of a place that is met more than once, one turn stays
        places = places[self._stamps[places] == turns]
        sums = self._sums[places].round(9)
        self._sums[places] = 0.0
        return places, sums

    def rows(self, places: Places) -> _Rows:
        """Return the vectors of the articles at ``places``."""
        starts, ends = self._starts[places], self._starts[places + 1]
        lengths = ends - starts
        whose = np.repeat(np.arange(len(places)), lengths)
        shift = starts - (np.cumsum(lengths) - lengths)
        entries = np.arange(len(whose)) + shift[whose]
        return _Rows(places, whose, self._terms[entries], self._weights[entries])

    def cosines(self, one: int, rows: _Rows) -> Weights:
        """Return the cosine of an article with each of the rows, to four decimals."""
        terms, weights = self._vector(one)
        self._query[terms] = weights
        products = self._query[rows.terms] * rows.weights
        self._query[terms] = 0.0
        sums = np.bincount(rows.whose, weights=products, minlength=len(rows.places))
        return np.clip(sums, 0.0, 1.0).astype(np.float64).round(_FINE)

    def _vector(self, one: int) -> tuple[Places, Weights]:
        its = slice(self._starts[one], self._starts[one + 1])
        return self._terms[its], self._weights[its]


def _vectors(articles: Sequence[Article]) -> tuple[Places, Weights, Places]:
    """Return the articles' terms and weights laid end to end, and where each article's begin. Articles
    of two languages have no term in common.
    """
    by_language: dict[str, list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        by_language[article.language].append(place)
    terms, weights = [np.zeros(0, dtype=np.int64)] * len(articles), [np.zeros(0)] * len(articles)
    known = 0
    for language, its in sorted(by_language.items()):
        rows = vectors([articles[place] for place in its], language, MATTER)
        for turn, place in enumerate(its):
            row = slice(rows.indptr[turn], rows.indptr[turn + 1])
            terms[place] = rows.indices[row].astype(np.int64) + known
            weights[place] = rows.data[row] / ONE
        known += rows.shape[1]
    starts = np.cumsum([0, *map(len, terms)])
    if not articles:
        return np.zeros(0, dtype=np.int64), np.zeros(0), starts
    return np.concatenate(terms), np.concatenate(weights), starts
