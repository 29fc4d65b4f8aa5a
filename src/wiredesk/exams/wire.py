"""A made-up wire of any length, for measuring speed: events with their reports, in several languages.

It means nothing, but its words are spread as real ones are: little words as in any text, newsroom
words and others by the law of Zipf and Mandelbrot, names that come up again and names that only one
event has. Events have many or few reports, close in time, by many providers; some are copies.
``papers.speed`` says how close its document frequencies come to those of real headlines.

It is a stream: it holds which events the last day's reports told of, and the words of the open events,
never the articles. The same names give the same bytes on any machine (``exams.chance``; nothing
but exact divisions, and sums in order).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wiredesk.exams.chance import mixed, seed_of, units, units_at
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.commonwords import LITTLE, NEWSY

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

LANGUAGES = ("en", "en", "en", "en", "de", "de", "es", "fr")
"""Of events, each as likely as the others."""
FRESH = 0.35
"""Part of the reports that open an event: three reports an event, half of the events with one."""
OPEN_DAYS = 1.0
"""How far back the report may be that another one follows."""
COPIED, RETOLD = 0.08, 0.04
"""Parts of the later reports that carry another's lead, and that carry its title too."""
PROVIDERS = 2_000
TITLE_WORDS, LEAD_WORDS = (3, 14), 40
"""Fewest and most words of a title, and those of a lead."""

_START = datetime(2026, 3, 2, tzinfo=UTC)
_CHUNK = 1_024
_OPEN = 50_000
"""Events whose words are kept at hand; those of others are drawn again when they are needed."""
_LITTLE, _WORDS, _NAMES = 100, 30_000, 60_000
"""Little words, other words and known names of a language, by rank."""
_FLAT = 100
"""Shift of the words' ranks: the most frequent ones are nearly equally so."""
_LITTLE_IN_TITLE, _LITTLE_IN_LEAD = 0.29, 0.45
_OF_EVENT = 0.55
"""Part of the words that are not little which are the event's own."""
_EVENT_WORDS, _EVENT_NAMES = 16, 3
_OWN_NAME = 0.6
"""Part of the events that have a name which no other event has."""
_OF_MATTER = 6
"""Words of an event that are its matter's (a trade, a sport), which other events share."""
_MATTERS, _MATTER_WORDS = 400, 60


class Report(NamedTuple):
    """An article of the wire and the number of the event that it tells of."""

    article: Article
    event: int


def wire(
    articles: int,
    *names: object,
    days: float = 7.0,
    fresh: float = FRESH,
    languages: tuple[str, ...] = LANGUAGES,
) -> Iterator[Report]:
    """Give ``articles`` reports in the order of time, over ``days``; ``names`` tell one wire from
    another.
    """
    day = max(1, round(articles / days * OPEN_DAYS))
    events = _Events(seed_of("events", *names), day, fresh)
    writer = _Writer(seed_of("words", *names), languages)
    step = timedelta(days=days) / max(1, articles)
    for first in range(0, articles, _CHUNK):
        numbers = np.arange(first, min(first + _CHUNK, articles))
        ids = mixed(numbers.astype(np.uint64)).tolist()
        providers = _ranks(units_at(seed_of("providers", *names), numbers), PROVIDERS, 20).tolist()
        told = [events.next(number) for number in numbers.tolist()]
        for number, one, said, provider, name in zip(
            numbers.tolist(), told, writer.written(told), providers, ids, strict=True
        ):
            domain = f"outlet-{provider}.example"
            article = Article(
                id=f"{name:016x}",
                title=said.title,
                text=said.lead,
                language=said.language,
                provider=ProviderName(name=domain, domain=domain),
                published_date_time=(_START + number * step).replace(microsecond=0),
            )
            yield Report(article, one.event)


@cache
def _shares(size: int, shift: float) -> Floats:
    """Return the summed shares of ``size`` ranks, each 1 / (rank + shift) (Mandelbrot 1953)."""
    sums = np.cumsum(1.0 / (np.arange(1, size + 1) + shift))
    shares: Floats = sums / sums[-1]
    return shares


def _ranks(draws: Floats, size: int, shift: float) -> Numbers:
    return np.minimum(np.searchsorted(_shares(size, shift), draws, side="right"), size - 1)


class _Told(NamedTuple):
    """What a report tells: its event, and the reports whose lead and title it has (or its own)."""

    event: int
    lead: int
    title: int


class _Events:
    """Which event each report tells of: a new one, or that of any report of the last day (Simon 1955).
    This makes many small events and a few large ones.
    """

    def __init__(self, seed: int, day: int, fresh: float) -> None:
        self._seed, self._fresh = seed, fresh
        self._last = np.zeros((day, 2), dtype=np.int64)
        """Event and lead of the last reports, in a ring."""
        self._opened = 0

    def next(self, number: int) -> _Told:
        """Return what the report of that number tells; they are asked for in order."""
        fresh, lag, copied = units(self._seed, 3 * number, 3).tolist()
        held = len(self._last)
        event, lead, title = self._opened, number, number
        behind = 1 + int(lag * held)
        if behind > number or fresh < self._fresh:
            self._opened += 1
        else:
            event, carried = self._last[(number - behind) % held].tolist()
            lead = carried if copied < COPIED else number
            title = carried if copied < RETOLD else number
        self._last[number % held] = event, lead
        return _Told(event, lead, title)


class _Said(NamedTuple):
    title: str
    lead: str
    language: str


class _Writer:
    """Writes titles and leads."""

    def __init__(self, seed: int, languages: tuple[str, ...]) -> None:
        self._seed, self._languages = seed, languages
        self._open: OrderedDict[int, tuple[str, list[str]]] = OrderedDict()

    def written(self, told: list[_Told]) -> Iterator[_Said]:
        """Give what the reports say, word by word: a little word, one of the event, or another."""
        most = TITLE_WORDS[1]
        titles = _Draws(self._seed, "title", [one.title for one in told], most)
        leads = _Draws(self._seed, "lead", [one.lead for one in told], LEAD_WORDS)
        for place, one in enumerate(told):
            language, pool = self._event(one.event)
            title = titles.words(place, titles.length(place), language, pool, _LITTLE_IN_TITLE)
            lead = leads.words(place, LEAD_WORDS, language, pool, _LITTLE_IN_LEAD)
            yield _Said(_sentence(title), _sentence(lead) + ".", language)

    def _event(self, event: int) -> tuple[str, list[str]]:
        """Return an event's language and its words, the weightiest first."""
        known = self._open.get(event)
        if known is None:
            known = self._open[event] = self._invented(event)
            if len(self._open) > _OPEN:
                self._open.popitem(last=False)
        return known

    def _invented(self, event: int) -> tuple[str, list[str]]:
        draws = units(seed_of(self._seed, "event", event), 0, 4 + _EVENT_WORDS + _EVENT_NAMES)
        language = self._languages[int(draws[0] * len(self._languages))]
        matter = int(_ranks(draws[1:2], _MATTERS, 10)[0])
        names = _ranks(draws[4 : 4 + _EVENT_NAMES], _NAMES, 20).tolist()
        if draws[2] < _OWN_NAME:
            names[0] = _NAMES + event
        of_matter = _ranks(
            units(seed_of(self._seed, "matter", matter), 0, _MATTER_WORDS), _WORDS, _FLAT
        ).tolist()
        own = draws[4 + _EVENT_NAMES :]
        ranks = _ranks(own, _WORDS, _FLAT).tolist()
        for place in range(_OF_MATTER):
            ranks[2 * place + 1] = of_matter[int(own[place] * _MATTER_WORDS)]
        number = str(2 + int(1 / (draws[3] + 0.001)))
        words = [_word(language, rank) for rank in ranks]
        called = [_name(rank) for rank in names]
        return language, [called[0], words[0], words[1], called[1], *words[2:], called[2], number]


class _Draws:
    """The draws for some texts, by place."""

    def __init__(self, seed: int, what: str, numbers: list[int], words: int) -> None:
        self._lengths = units_at(seed_of(seed, what, "length"), _grid(numbers, 3)).sum(axis=1)
        draws = units_at(seed_of(seed, what), _grid(numbers, 2 * words)).reshape(-1, words, 2)
        self._kinds: list[list[float]] = draws[:, :, 0].tolist()
        self._which: list[list[float]] = draws[:, :, 1].tolist()
        self._little: list[list[int]] = _ranks(draws[:, :, 1], _LITTLE, 1.5).tolist()
        self._others: list[list[int]] = _ranks(draws[:, :, 1], _WORDS, _FLAT).tolist()

    def length(self, place: int) -> int:
        """Return the words of a title: most often halfway between fewest and most."""
        least, most = TITLE_WORDS
        return least + int(float(self._lengths[place]) / 3 * (most - least + 1))

    def words(
        self, place: int, count: int, language: str, pool: list[str], little: float
    ) -> Iterator[str]:
        """Give the first ``count`` words of a text about an event with these words."""
        frequent = _little_words(language)
        of_event = little + (1 - little) * _OF_EVENT
        kinds, which = self._kinds[place], self._which[place]
        for turn in range(count):
            kind = kinds[turn]
            if kind < little:
                yield frequent[self._little[place][turn]]
            elif kind < of_event:
                draw = which[turn]
                yield pool[int(draw * draw * len(pool))]
            else:
                yield _word(language, self._others[place][turn])


def _grid(numbers: list[int], width: int) -> Numbers:
    return np.array(numbers, dtype=np.int64)[:, None] * width + np.arange(width)


def _sentence(words: Iterator[str]) -> str:
    said = " ".join(words)
    return said[:1].upper() + said[1:]


# Words: the rank of a made-up one is spelt in syllables, so that each has its own and rare ones are
# long.

_SYLLABLES = {
    language: [onset + vowel for onset in onsets.split() for vowel in vowels.split()]
    for language, onsets, vowels in (
        ("en", "b c d f g h l m n p r s t w st tr", "a e i o u ea oo"),
        ("de", "b d f g h k l m n r s t w z sch st", "a e i o u ei au"),
        ("es", "b c d f g j l m n p r s t v ll qu", "a e i o u ie ue"),
        ("fr", "b c d f g j l m n p r s t v ch vr", "a e i o u eu oi"),
    )
}
_CODAS = ("n", "r", "l", "s", "t", "")


@cache
def _little_words(language: str) -> list[str]:
    words = list(dict.fromkeys(LITTLE[language].split()))
    return [words[place % len(words)] for place in range(_LITTLE)]


@cache
def _newsy_words(language: str) -> list[str]:
    return list(dict.fromkeys(NEWSY[language].split()))


@cache
def _word(language: str, rank: int) -> str:
    newsy = _newsy_words(language)
    if rank < len(newsy):
        return newsy[rank]
    return _spelt(_SYLLABLES[language], rank - len(newsy))


def _name(rank: int) -> str:
    return _spelt(_SYLLABLES["en"], rank).capitalize()


def _spelt(syllables: list[str], rank: int) -> str:
    rank, coda = divmod(rank, len(_CODAS))
    rank += len(syllables)  # at least two syllables
    said = ""
    while rank:
        rank, which = divmod(rank, len(syllables))
        said += syllables[which]
    return said + _CODAS[coda]
