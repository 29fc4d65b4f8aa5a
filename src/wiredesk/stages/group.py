"""group: which articles are copies of one another, and which tell of one event.

Two passes over the whole window, each in order of time, so that the result depends on the set of
articles alone and late arrivals land where they would have landed in time:

    articles -> copies (shingles, titles) -> stories (agglomeration of the rest) -> memberships

A copy is always in the story of the article that it copies. Stories that were published keep their
articles and their ids: they enter the second pass as they are, may grow, and two of them become one
only when they are clearly one.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from wiredesk.config import GroupSettings
from wiredesk.records.article import Article
from wiredesk.records.identity import story_id
from wiredesk.records.judgement import Membership
from wiredesk.records.likeness import Rarity, Terms, Vector, dot, moment, names, shingles, words

LEAST_SHINGLES = 20
"""A text with fewer runs of five words is too short to be told by them."""
LEAST_TITLE_WORDS = 4
"""A shorter title ("Morning briefing") says nothing about what is below it."""
LEAST_SIZE = 0.2
"""A text is no copy of one that is more than five times as long, such as a round-up."""
WHOLE = 0.8
"""A copy with this part of the longest one's text is whole: the earliest whole one is kept."""
SHORT_ALIKE = 0.5
"""Part of the words of a short item that must be in the other one's, if both have some."""
AGREED = 0.7
"""Part of the names and numbers of the shorter text that must be in the other one, where the
shingles just reach ``copy_at``; the more shingles, the fewer names, one for one. Notices by one
template share their phrases and differ in these; an edited copy loses phrases and keeps them."""
DOUBTFUL = 0.875
"""Times ``copy_at`` that is enough when the names agree all the better. Independent reports of one
event have been seen to reach 0.34."""
LEAST_NAMES = 5
"""Fewer names have no say."""
INDEXED = 50
"""Shingles of an article in the index, at least and up to twice as many: the memory of an article
does not grow with its length."""

COMMON = 400
"""A term in more articles than this brings no candidates: it tells no event from another."""
CANDIDATES = 64
"""Nearest articles that are looked at for each one."""
FAINT = 0.5
"""Part of the joining likeness below which two articles are no candidates for one another."""
COHESION = 0.75
"""Between the mean likeness of two stories' articles (0) and that of their common ground (1)."""
CLEARLY = 1.5
"""Times the joining likeness at which two published stories are clearly one."""
_LAST = datetime.max.replace(tzinfo=UTC)


class Grouping(msgspec.Struct, frozen=True):
    """Where each article belongs (by id), and which published stories became part of another."""

    memberships: tuple[Membership, ...]
    merged: dict[str, str]
    """Id of a published story, and of the older one that it is now part of."""


class Group:
    """Groups a window of articles by the desk's settings."""

    def __init__(self, settings: GroupSettings) -> None:
        self._settings = settings

    def __call__(self, articles: Iterable[Article], known: Mapping[str, str] = {}) -> Grouping:
        """Return the grouping of the articles; ``known`` gives the published story of an article.

        A story's id is that of its first article, for life. An article without a date counts as
        published at any time, and as later than every other when the first is sought.
        """
        unique = {article.id: article for article in articles}
        window = sorted(unique.values(), key=_by_time)
        copies = _Copies(self._settings).of(window)
        places = [place for place, article in enumerate(window) if article.id not in copies]
        originals = [window[place] for place in places]
        published = _published(window, copies, known)
        stories = _Stories(originals, self._settings).joined(published)
        return _grouping(window, originals, stories, copies, known)


def _by_time(article: Article) -> tuple[datetime, str]:
    return moment(article) or _LAST, article.id


class _Copy(msgspec.Struct, frozen=True):
    of: str
    likeness: float
    rule: str


class _Text:
    """An article as the search for copies sees it."""

    __slots__ = ("day", "names", "runs", "title", "vocabulary")

    def __init__(self, article: Article) -> None:
        text = article.text or article.excerpt
        body = words(text)
        found = shingles(body)
        self.runs = array("Q", sorted(found)) if len(found) >= LEAST_SHINGLES else array("Q")
        self.names = frozenset(names(text)) if self.runs else frozenset()
        self.vocabulary = frozenset() if self.runs else frozenset(body)
        title = words(article.title)
        self.title = tuple(title) if len(title) >= LEAST_TITLE_WORDS else ()
        when = moment(article)
        self.day = when.astimezone(UTC).date() if when else None

    def indexed(self) -> Iterator[int]:
        """Give the shingles that stand for the text: by their value, so that copies share them."""
        rate = 1 << max(0, int(math.log2(max(1, len(self.runs) / INDEXED))))
        return (run for run in self.runs if run % rate == 0)

    def holds(self, runs: frozenset[int]) -> float:
        """Return the containment of the smaller set of shingles in the larger one, 0 to 1."""
        smaller, larger = sorted((len(runs), len(self.runs)))
        if smaller < LEAST_SIZE * larger:
            return 0.0
        return sum(run in runs for run in self.runs) / smaller

    def agreement(self, other: _Text) -> float | None:
        """Return the part of the fewer names that is among the more; None if there are too few."""
        fewer = min(len(self.names), len(other.names))
        return len(self.names & other.names) / fewer if fewer >= LEAST_NAMES else None


class _Copies:
    """Finds for each article the one that it copies."""

    def __init__(self, settings: GroupSettings) -> None:
        self._copy_at = settings.copy_at
        self._window = timedelta(days=settings.window_days)
        self._texts: list[_Text] = []
        self._times: list[datetime | None] = []
        self._by_run: dict[int, list[int]] = defaultdict(list)
        self._by_title: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)

    def of(self, window: Sequence[Article]) -> dict[str, _Copy]:
        """Return the copies among articles in order of time, each with its original: the earliest
        of the whole ones. No original is itself a copy.
        """
        families: dict[int, list[tuple[int, float, str]]] = {}
        for place, article in enumerate(window):
            self._texts.append(_Text(article))
            self._times.append(moment(article))
            found = self._original(place, article)
            if found is None:
                self._remember(place, article)
                families[place] = []
            else:
                first, likeness, rule = found
                families[first].append((place, likeness, rule))
        copies: dict[str, _Copy] = {}
        for first, family in families.items():
            copies.update(self._elected(window, first, family))
        return copies

    def _original(self, place: int, article: Article) -> tuple[int, float, str] | None:
        text = self._texts[place]
        runs = frozenset(text.runs)
        candidates = {other for run in text.runs for other in self._by_run.get(run, ())}
        alike = (
            (self._texts[other].holds(runs), -other)
            for other in candidates
            if self._near(place, other)
        )
        for likeness, negative in sorted(alike, reverse=True):
            if self._is_copy(likeness, text, self._texts[-negative]):
                return -negative, likeness, "shingles"
        if text.title:
            for other in self._by_title.get((article.language, text.title), ()):
                if self._same_item(text, self._texts[other]):
                    return other, 1.0, "title"
        return None

    def _is_copy(self, likeness: float, one: _Text, other: _Text) -> bool:
        if likeness < DOUBTFUL * self._copy_at:
            return False
        agreement = one.agreement(other)
        if agreement is None:
            return likeness >= self._copy_at
        return likeness + agreement >= self._copy_at + AGREED

    def _same_item(self, one: _Text, other: _Text) -> bool:
        """Tell whether items of one title are one: on one day, one too short to be compared by its
        text, and no contradiction in what text there is.
        """
        if one.day != other.day or (one.runs and other.runs):
            return False
        smaller = min(len(one.vocabulary), len(other.vocabulary))
        common = len(one.vocabulary & other.vocabulary)
        return smaller == 0 or common / smaller >= SHORT_ALIKE

    def _near(self, one: int, other: int) -> bool:
        first, second = self._times[one], self._times[other]
        return first is None or second is None or abs(first - second) <= self._window

    def _remember(self, place: int, article: Article) -> None:
        text = self._texts[place]
        for run in text.indexed():
            self._by_run[run].append(place)
        if text.title:
            self._by_title[article.language, text.title].append(place)

    def _elected(
        self, window: Sequence[Article], first: int, family: Sequence[tuple[int, float, str]]
    ) -> Iterator[tuple[str, _Copy]]:
        """Give the family's copies, each of the earliest that has (nearly) the whole text."""
        how = {first: (1.0, "shingles")} | {place: (like, rule) for place, like, rule in family}
        sizes = {place: len(self._texts[place].runs) for place in how}
        whole = WHOLE * max(sizes.values())
        original = min(place for place, size in sizes.items() if size >= whole)
        how[first] = how[original]
        for place, (likeness, rule) in how.items():
            if place != original:
                copy = _Copy(of=window[original].id, likeness=round(likeness, 4), rule=rule)
                yield window[place].id, copy


class _Cluster:
    """A story in the making: its articles (by place), the sum of their vectors, its times."""

    __slots__ = ("earliest", "latest", "length", "members", "published", "stamp", "sum", "times")

    def __init__(self, place: int, vector: Vector, when: datetime | None) -> None:
        self.members = [place]
        self.sum = vector
        self.length = 1.0
        self.times = [when.timestamp()] if when else []
        self.earliest, self.latest = when, when
        self.published = False
        self.stamp = 0

    def absorb(self, other: _Cluster) -> None:
        """Take in the other's articles."""
        self.members += other.members
        merged = dict(self.sum)
        for term, weight in other.sum.items():
            merged[term] = merged.get(term, 0.0) + weight
        self.sum = merged
        self.length = math.sqrt(math.fsum([weight * weight for weight in merged.values()])) or 1.0
        self.times = sorted(self.times + other.times)
        self.earliest = min(_dated(self.earliest, other.earliest), default=None)
        self.latest = max(_dated(self.latest, other.latest), default=None)
        self.published = self.published or other.published
        self.stamp += 1


def _dated(*times: datetime | None) -> list[datetime]:
    return [time for time in times if time is not None]


class _Stories:
    """Joins articles, the likest first, until no two stories are alike enough."""

    def __init__(self, articles: Sequence[Article], settings: GroupSettings) -> None:
        self._settings = settings
        self._window = timedelta(days=settings.window_days)
        self._sigma = settings.sigma_days * 86400
        self._languages = [article.language for article in articles]
        vectors = _vectors(articles)
        self._clusters: dict[int, _Cluster] = {
            place: _Cluster(place, vector, moment(articles[place]))
            for place, vector in enumerate(vectors)
        }
        self._near: dict[int, set[int]] = defaultdict(set)
        self._find_candidates(vectors)
        self.likeness = [0.0] * len(articles)
        """How alike each article was to what it was first joined to."""

    def joined(self, published: Iterable[Sequence[int]]) -> _Stories:
        """Join all; ``published`` gives the places that are one story already."""
        for places in published:
            self._seed(places)
        heap = [
            pair
            for one, others in self._near.items()
            for other in others
            if one < other
            for pair in self._pair(one, other)
        ]
        heapq.heapify(heap)
        while heap:
            likeness, one, other, stamps = heapq.heappop(heap)
            if self._stamps(one, other) == stamps:
                for pair in self._join(one, other, -likeness):
                    heapq.heappush(heap, pair)
        return self

    def stories(self) -> list[list[int]]:
        """Return the places of each story in order, the stories by their first place."""
        return sorted(sorted(cluster.members) for cluster in self._clusters.values())

    def _seed(self, places: Sequence[int]) -> None:
        first, *rest = sorted(places)
        for place in rest:
            self._unite(first, place)
        self._clusters[first].published = True

    def _find_candidates(self, vectors: Sequence[Vector]) -> None:
        spread: dict[str, int] = defaultdict(int)
        for place, vector in enumerate(vectors):
            for term in vector:
                spread[self._languages[place] + term] += 1
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, vector in enumerate(vectors):
            terms = [(self._languages[place] + term, weight) for term, weight in vector.items()]
            telling = [(term, weight) for term, weight in terms if 1 < spread[term] <= COMMON]
            for other in self._nearest(telling, postings):
                self._near[place].add(other)
                self._near[other].add(place)
            for term, weight in telling:
                postings[term].append((place, weight))

    def _nearest(
        self,
        terms: Iterable[tuple[str, float]],
        postings: Mapping[str, Sequence[tuple[int, float]]],
    ) -> list[int]:
        likeness: dict[int, float] = defaultdict(float)
        for term, weight in terms:
            for other, its in postings.get(term, ()):
                likeness[other] += weight * its
        floor = FAINT * self._settings.join_at
        found = [(-like, other) for other, like in likeness.items() if like >= floor]
        return [other for _, other in heapq.nsmallest(CANDIDATES, found)]

    def _pair(self, one: int, other: int) -> Iterator[tuple[float, int, int, tuple[int, int]]]:
        likeness = self._likeness(self._clusters[one], self._clusters[other])
        both = self._clusters[one].published and self._clusters[other].published
        if likeness >= self._settings.join_at * (CLEARLY if both else 1.0):
            first, second = sorted((one, other))
            yield -likeness, first, second, self._stamps(first, second)

    def _stamps(self, one: int, other: int) -> tuple[int, int]:
        """Return the states of two clusters; (-1, …) for one that was absorbed."""
        clusters = self._clusters.get(one), self._clusters.get(other)
        first, second = (cluster.stamp if cluster else -1 for cluster in clusters)
        return first, second

    def _likeness(self, one: _Cluster, other: _Cluster) -> float:
        ends = _dated(one.earliest, one.latest, other.earliest, other.latest)
        if one.times and other.times and max(ends) - min(ends) > self._window:
            return 0.0
        sizes = len(one.members) * len(other.members)
        scale: float = (one.length * other.length) ** COHESION * float(sizes) ** (1 - COHESION)
        likeness: float = dot(one.sum, other.sum) / scale
        if one.times and other.times:
            apart = _mean(one.times) - _mean(other.times)
            likeness *= math.exp(-(apart**2) / (2 * self._sigma**2))
        return round(likeness, 9)

    def _join(
        self, one: int, other: int, likeness: float
    ) -> Iterator[tuple[float, int, int, tuple[int, int]]]:
        for place in (one, other):
            if len(self._clusters[place].members) == 1:
                self.likeness[place] = likeness
        self._unite(one, other)
        for near in sorted(self._near[one]):
            yield from self._pair(one, near)

    def _unite(self, one: int, other: int) -> None:
        """Let ``one`` take in ``other``, with all that is near to it."""
        self._clusters[one].absorb(self._clusters.pop(other))
        near = self._near.pop(other, set())
        for third in near:
            self._near[third].discard(other)
            if third != one:
                self._near[third].add(one)
        self._near[one] |= near
        self._near[one] -= {one, other}


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)


def _vectors(articles: Sequence[Article]) -> list[Vector]:
    """Return the articles' vectors, each weighted by the rarities of its own language."""
    terms = [Terms(article) for article in articles]
    by_language: dict[str, list[Terms]] = defaultdict(list)
    for article, its in zip(articles, terms, strict=True):
        by_language[article.language].append(its)
    rarities = {language: Rarity(every) for language, every in by_language.items()}
    return [
        rarities[article.language].vector(its) for article, its in zip(articles, terms, strict=True)
    ]


def _published(
    window: Sequence[Article], copies: Mapping[str, _Copy], known: Mapping[str, str]
) -> list[list[int]]:
    """Return the places, among the originals, of each published story. Two stories that share an
    original (an article of one copies an article of the other) are one.
    """
    originals = [article.id for article in window if article.id not in copies]
    place_of = {original: place for place, original in enumerate(originals)}
    parts: list[set[int]] = []
    by_story: dict[str, set[int]] = defaultdict(set)
    for article in window:
        if article.id in known:
            original = copies[article.id].of if article.id in copies else article.id
            by_story[known[article.id]].add(place_of[original])
    for _, places in sorted(by_story.items()):
        touching = [part for part in parts if part & places]
        parts = [part for part in parts if not part & places]
        parts.append(places.union(*touching))
    return [sorted(part) for part in parts]


def _grouping(
    window: Sequence[Article],
    originals: Sequence[Article],
    stories: _Stories,
    copies: Mapping[str, _Copy],
    known: Mapping[str, str],
) -> Grouping:
    order = {article.id: place for place, article in enumerate(window)}
    copied: dict[str, list[str]] = defaultdict(list)
    for copy, how in copies.items():
        copied[how.of].append(copy)
    memberships: list[Membership] = []
    merged: dict[str, str] = {}
    for places in stories.stories():
        own = [originals[place].id for place in places]
        members = sorted(
            [*own, *(copy for one in own for copy in copied[one])], key=order.__getitem__
        )
        older = list(dict.fromkeys(known[member] for member in members if member in known))
        story = older[0] if older else story_id(members[0])
        merged.update((gone, story) for gone in older[1:])
        alike = {originals[place].id: stories.likeness[place] for place in places}
        memberships += (_membership(member, story, copies, alike) for member in members)
    return Grouping(tuple(sorted(memberships, key=lambda one: one.id)), merged)


def _membership(
    member: str, story: str, copies: Mapping[str, _Copy], alike: Mapping[str, float]
) -> Membership:
    if member in copies:
        how = copies[member]
        return Membership(
            id=member, story=story, duplicate_of=how.of, likeness=how.likeness, rule=how.rule
        )
    likeness = round(alike[member], 4)
    return Membership(id=member, story=story, likeness=likeness, rule="terms" if likeness else "")
