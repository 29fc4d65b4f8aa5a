"""Classify: which topics of the desk's pack an article is about, and why.

::

    title, excerpt, text -> hits -> senses -> points -> topics, each with its evidence
                            |       |         |
                            |       |         where it is said: title > excerpt > lead > body
                            |       names and unsupported ambiguous words fall out
                            whole words only, case where the keyword has it, exclusions applied

Pure and deterministic: the result depends on the article and the pack alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from ahocorasick_rs import AhoCorasick

from wiredesk.records.article import Article
from wiredesk.records.judgement import Evidence, TopicMatch
from wiredesk.records.topic import Topic, TopicPack

TITLE_POINTS = 6
"""A headline says what the article is about: it outweighs any other single place."""
EXCERPT_POINTS = 4
"""The publisher's own summary: nearly as good, but it has room for asides."""
LEAD_POINTS = 3
"""News is told most important first: the opening of the text names the matter."""
TAG_POINTS = 3
"""The publisher's own tag: a statement, though tags are often broad."""
BODY_POINTS = 1
"""A mention further down; several make a theme."""
BODY_CAP = 4
"""Mentions of one keyword that count below the lead: one word repeated is one argument."""
NEEDED_POINTS = 3
"""What a topic needs: one mention in title, excerpt, lead or tags, or three in the body. A passing
mention deep in a long text is thus not enough."""
LEAD_LENGTH = 500
"""Characters of the text that are its lead: about 80 words, two or three paragraphs of news."""
NEAR = 160
"""Characters within which two keywords speak of the same thing: about a sentence."""
QUOTE_REACH = 40
"""Characters quoted on either side of a hit, before trimming to whole words."""
EVIDENCE_CAP = 12
"""Lines of evidence kept for a topic, weightiest first: what a person still reads."""

COMPOUND_HEADS = frozenset((
    "aided", "assisted", "augmented", "backed", "based", "built", "capable", "centric", "created",
    "designed", "developed", "driven", "enabled", "enhanced", "equipped", "first", "focused",
    "free", "friendly", "fueled", "fuelled", "generated", "guided", "heavy", "infused",
    "integrated", "led", "like", "made", "maker", "makers", "making", "native", "only",
    "optimised", "optimized", "powered", "proof", "ready", "related", "run", "specific", "style",
    "supported", "themed", "trained", "using", "written",
))  # fmt: skip
"""What may follow a keyword and a hyphen and leave it its sense: ``AI-powered``, not ``AI-171``."""
OPEN_PREFIXES = frozenset(
    {"anti", "cross", "ex", "mid", "multi", "non", "post", "pre", "pro", "re", "self"}
)
"""What may stand with a hyphen before a keyword and leave it its sense: ``anti-AI``, not
``Jean-Claude``."""

_SIBILANTS = ("s", "x", "z", "ch", "sh")
_SENTENCE_ENDS = frozenset(".!?:;…\n")
_OPENERS = " \"'\u201c\u201d\u2018\u00ab\u00bb([{\u2013\u2014*\u2022"
_UNSPACED = (
    "CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "HANGUL",
    "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "BOPOMOFO",
)  # fmt: skip
"""Scripts that set no space between words, or (Hangul) hang particles on them: no boundary there."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_WORD_AHEAD = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_][\w']*")
_ACRONYM_LENGTH = 4
_LONG_WORD = 4
_FEWEST_LONG_WORDS = 3

_PLACES = ("title", "excerpt", "text")
_TITLE, _EXCERPT, _TEXT = range(3)

Kind = Literal["strong", "ambiguous", "hashtag", "exclude"]


class _Term(NamedTuple):
    """A phrase to look for: ``written`` as the pack has it, ``said`` as a text would."""

    topic: int
    kind: Kind
    written: str
    said: str
    cased: bool
    bare: str
    """Letters and digits of ``said`` in lower case: two with one bare form are one keyword."""


class _Place(NamedTuple):
    """A field of the article, tidied. ``shouts``: all capitals; ``titled``: headline capitals."""

    name: str
    said: str
    folded: str
    shouts: bool
    titled: bool


class _Hit(NamedTuple):
    """A term found in place number ``place``; ``sure`` is False for one that needs support."""

    place: int
    start: int
    end: int
    term: _Term
    sure: bool


@dataclass(slots=True)
class _Tally:
    """All hits of one keyword of one topic, and the points that they earn."""

    term: _Term
    sure: bool
    hits: list[_Hit] = field(default_factory=list)
    tag: str = ""
    """The article's tag, when that is what was found."""
    points: int = 0
    support: _Tally | None = None


class Classify:
    """Gives an article its topics by the keywords and hashtags of ``pack``.

    A topic without keywords and hashtags never matches by itself; its children still bring it.
    """

    def __init__(self, pack: TopicPack) -> None:
        self._topics = pack.topics
        number = {topic.name: index for index, topic in enumerate(pack.topics)}
        self._above = [
            tuple(number[above] for above in pack.ancestors(topic.name) if above in number)
            for topic in pack.topics
        ]
        self._tags: dict[str, list[_Term]] = defaultdict(list)
        self._terms: list[tuple[_Term, ...]] = []
        by_pattern: dict[str, list[_Term]] = defaultdict(list)
        for index, topic in enumerate(pack.topics):
            for term in _terms(index, topic):
                same = by_pattern[_fold(term.said)]
                if (index, term.kind) not in ((other.topic, other.kind) for other in same):
                    same.append(term)
                if term.kind in ("strong", "hashtag"):
                    self._tags[term.bare].append(term)
        self._terms = [tuple(terms) for terms in by_pattern.values()]
        self._find = AhoCorasick(list(by_pattern)).find_matches_as_indexes

    def __call__(self, article: Article) -> tuple[TopicMatch, ...]:
        """Return the topics of ``article``: strongest first, every child before its ancestors."""
        if not self._terms:
            return ()
        texts = (article.title, article.excerpt, article.text)
        places = [_place(name, text) for name, text in zip(_PLACES, texts, strict=True)]
        hits = [hit for index, place in enumerate(places) for hit in self._hits(index, place)]
        kept, excluded = self._part_excluded(hits)
        senses = _drop_names(_drop_covered(kept), excluded, places)
        tallies = [*_tallies(senses), *self._tagged(article.hashtags)]
        return self._matches([tally for tally in tallies if self._stands(tally, tallies)], places)

    def _hits(self, index: int, place: _Place) -> Iterator[_Hit]:
        """Yield each whole word or phrase of the pack that stands in ``place``."""
        said = place.said
        for pattern, start, end in self._find(place.folded, overlapping=True):
            if not _free_before(said, start):
                continue
            stop = _free_end(place, end)
            if not stop:
                continue
            found = _soft(said[start:end])
            for term in self._terms[pattern]:
                if not term.cased or place.shouts or _case_holds(found, _soft(term.said)):
                    # Where all is in capitals, case cannot tell "IT" from "it": support is needed.
                    sure = term.kind != "ambiguous" and not (place.shouts and term.said.isupper())
                    yield _Hit(index, start, stop, term, sure)

    def _part_excluded(self, hits: list[_Hit]) -> tuple[list[_Hit], list[_Hit]]:
        """Part the hits from those that an exclusion of their topic, or of one above it, covers."""
        phrases = _Phrases(hit for hit in hits if hit.term.kind == "exclude")
        if not phrases.starts:
            return hits, []
        kept: list[_Hit] = []
        out: list[_Hit] = []
        for hit in hits:
            if hit.term.kind != "exclude":
                topics = (hit.term.topic, *self._above[hit.term.topic])
                (out if any(phrases.cover(topic, hit) for topic in topics) else kept).append(hit)
        return kept, out

    def _tagged(self, hashtags: Iterable[str]) -> Iterator[_Tally]:
        """Yield what the article's own tags say: a topic's hashtag or one of its strong keywords."""
        seen: set[int] = set()
        for hashtag in hashtags:
            for term in self._tags.get(_tag(hashtag), ()):
                if term.topic not in seen:
                    seen.add(term.topic)
                    yield _Tally(term, sure=True, tag=hashtag.strip(), points=TAG_POINTS)

    def _stands(self, tally: _Tally, others: Sequence[_Tally]) -> bool:
        """Tell whether a keyword keeps its topic's sense: by itself, or supported by another one.

        Any sure keyword of the same tree can support; an ambiguous one only within its own line
        (the topic, those above and below), since "chip" and "model" together may still be a car.
        A supporter must itself weigh enough, or stand near: a word at the end of a long text does
        not vouch for its headline.
        """
        if tally.sure:
            return True
        for other in others:
            if (
                other.term.bare != tally.term.bare
                and self._related(tally, other)
                and (other.points >= NEEDED_POINTS or _near(tally, other))
            ):
                tally.support = other
                return True
        return False

    def _related(self, tally: _Tally, other: _Tally) -> bool:
        mine, theirs = tally.term.topic, other.term.topic
        if other.sure:
            return self._root(mine) == self._root(theirs)
        return mine == theirs or mine in self._above[theirs] or theirs in self._above[mine]

    def _root(self, topic: int) -> int:
        above = self._above[topic]
        return above[-1] if above else topic

    def _matches(self, tallies: list[_Tally], places: list[_Place]) -> tuple[TopicMatch, ...]:
        """Return the topics that earned their points, with those above them, in record order."""
        by_topic: dict[int, list[_Tally]] = defaultdict(list)
        for tally in tallies:
            by_topic[tally.term.topic].append(tally)
        points = {topic: sum(tally.points for tally in own) for topic, own in by_topic.items()}
        given = [topic for topic in points if points[topic] >= NEEDED_POINTS]
        given.sort(key=lambda topic: (-points[topic], self._topics[topic].order, topic))
        return tuple(
            TopicMatch(
                topic=self._topics[topic].name,
                evidence=(
                    *_evidence(by_topic[topic], places),
                    *(
                        Evidence(keyword=self._topics[child].name, place="topic", rule="child")
                        for child in given
                        if self._brings(child, topic, given)
                    ),
                ),
            )
            for topic in self._in_order(given)
        )

    def _brings(self, child: int, topic: int, given: list[int]) -> bool:
        """Tell whether ``child`` brings ``topic``, no other given topic standing between them."""
        above = self._above[child]
        return topic in above and not any(a in given for a in above[: above.index(topic)])

    def _in_order(self, given: list[int]) -> list[int]:
        """Return the given topics and their ancestors: by strength, but a child before its ancestors."""
        ordered: list[int] = []
        waiting = [topic for topic in given if not any(topic in self._above[o] for o in given)]
        for position, leaf in enumerate(waiting):
            later = {above for other in waiting[position + 1 :] for above in self._above[other]}
            ordered.append(leaf)
            ordered.extend(
                above for above in self._above[leaf] if above not in later and above not in ordered
            )
        return ordered


def _terms(index: int, topic: Topic) -> Iterator[_Term]:
    """Yield what a topic looks for; empty phrases, which would be everywhere, are passed over."""
    for written in topic.keywords:
        said = _plain(written.removeprefix("!"))
        if said:
            kind: Kind = "ambiguous" if written.startswith("!") else "strong"
            yield _Term(index, kind, written, said, said != said.lower(), _tag(said))
    for written in topic.hashtags:
        said = _plain(written.removeprefix("#")).replace(" ", "")
        if said:
            yield _Term(index, "hashtag", written, f"#{said}", cased=False, bare=_tag(said))
    for written in topic.exclude:
        said = _plain(written)
        if said:
            yield _Term(index, "exclude", written, said, said != said.lower(), _tag(said))


# Text: tidied once, then folded to the same length, so that offsets hold in both.


def _plain(text: str) -> str:
    """Return the text with compatibility forms unified and each run of blanks as one.

    A line break stays (as a newline): no name and no sentence goes across it.
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        text = text.replace("\u2010", "-").replace("\u2019", "'")
    return "\n".join(line for line in (" ".join(raw.split()) for raw in text.splitlines()) if line)


def _fold(text: str) -> str:
    """Return the text as keywords are compared: lower case, hyphens and breaks as blanks."""
    lowered = text.lower()
    if len(lowered) != len(text):  # İ becomes two characters
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return _soft(lowered)


def _soft(text: str) -> str:
    return text.replace("-", " ").replace("\n", " ")


def _case_holds(found: str, keyword: str) -> bool:
    """Tell whether each word with a capital in the keyword is written just so.

    The others may have any case: "AI chip" is also "AI Chip" in a headline, never "Ai chip".
    """
    words = zip(found.split(" "), keyword.split(" "), strict=True)
    return all(said == wanted or wanted == wanted.lower() for said, wanted in words)


def _place(name: str, text: str) -> _Place:
    said = _plain(text)
    shouts = said.isupper() and said.count(" ") > 1
    # Only headlines and the like are set in title case; a long text is not worth the look.
    titled = name != "text" and _title_case(said)
    return _Place(name, said, _fold(said), shouts, titled)


def _title_case(said: str) -> bool:
    """Tell whether nearly all longer words have a capital, so that capitals say nothing."""
    words = [word for word in _WORD.findall(said) if len(word) >= _LONG_WORD]
    small = sum(word[0].islower() for word in words)
    return len(words) >= _FEWEST_LONG_WORDS and small * 4 <= len(words)


def _tag(text: str) -> str:
    """Return a tag's or keyword's bare form: ``#Machine-Learning`` and "machine learning" are one."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())


# Boundaries.


@lru_cache(maxsize=8192)
def _joins(char: str) -> bool:
    """Tell whether a character makes one word with a letter beside it."""
    if char.isascii():
        return char.isalnum() or char == "_"
    if not (char.isalnum() or unicodedata.category(char).startswith("M")):
        return False
    return not unicodedata.name(char, "").startswith(_UNSPACED)


def _free_before(said: str, start: int) -> bool:
    """Tell whether a word can begin at ``start``."""
    if start == 0 or not _joins(said[start]):
        return True
    before = said[start - 1]
    if before == "-":
        head = said[: start - 1][-8:]
        words = _WORD_AHEAD.findall(head)
        return bool(words) and head.endswith(words[-1]) and words[-1].lower() in OPEN_PREFIXES
    if before in ".@" and start > 1 and _joins(said[start - 2]):
        return before == "." and not _runs_on(said[start])
    return not _joins(before)


def _free_end(place: _Place, end: int) -> int:
    """Return where the word that holds the match up to ``end`` ends, its plural included, or 0."""
    said = place.said
    if not _joins(said[end - 1]) or _closed(said, end):
        return end
    if not said[end - 1].isalpha():
        return 0
    plural = "S" if place.shouts else "s"
    if said[end] == plural and _closed(said, end + 1):
        return end + 1
    if (
        said[end : end + 2].lower() == "es"
        and place.folded.endswith(_SIBILANTS, 0, end)
        and _closed(said, end + 2)
    ):
        return end + 2
    return 0


def _closed(said: str, end: int) -> bool:
    """Tell whether a word can end at ``end``."""
    if end >= len(said):
        return True
    after, rest = said[end], said[end + 1 : end + 16]
    if after == "-":
        following = _WORD_AHEAD.match(rest)
        return following is None or following.group().lower() in COMPOUND_HEADS
    if after == "'":  # a possessive, a closing quote; not "don't"
        return not rest[:1].isalpha() or (rest[0] in "sS" and not _joins(rest[1:2] or " "))
    if after == ".":
        return not (rest and _runs_on(rest[0]))
    return not _joins(after)


def _runs_on(char: str) -> bool:
    """Tell whether a character after a dot belongs to what is before: ``openai.com``, ``4.5``."""
    return char.islower() or char.isdigit()


# Senses.


class _Phrases:
    """Excluded phrases by topic and place, to ask whether one covers a hit without reading all."""

    def __init__(self, phrases: Iterable[_Hit]) -> None:
        self.starts: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._reach: dict[tuple[int, int], list[int]] = defaultdict(list)
        for phrase in sorted(phrases, key=lambda phrase: phrase.start):
            key = (phrase.term.topic, phrase.place)
            furthest = self._reach[key][-1] if self._reach[key] else 0
            self.starts[key].append(phrase.start)
            self._reach[key].append(max(furthest, phrase.end))

    def cover(self, topic: int, hit: _Hit) -> bool:
        """Tell whether a phrase that begins at or before the hit reaches to its end or beyond."""
        key = (topic, hit.place)
        before = bisect_right(self.starts.get(key, ()), hit.start)
        return before > 0 and self._reach[key][before - 1] >= hit.end


def _drop_covered(hits: list[_Hit]) -> list[_Hit]:
    """Drop hits inside a longer one that explains them: a phrase of their own topic, which is then
    counted once, and for an ambiguous word ("model" in "language model") a phrase of any topic.
    """
    kept: list[_Hit] = []
    widest: dict[tuple[int, int | None], _Hit] = {}
    for hit in sorted(hits, key=lambda hit: (hit.place, hit.start, -hit.end)):
        # Sorted thus, a hit lies in an earlier one if, and only if, in the one that reaches furthest.
        own, anyone = (hit.place, hit.term.topic), (hit.place, None)
        longer = widest.get(own if hit.sure else anyone)
        if longer is None or hit.end > longer.end or hit[:3] == longer[:3]:
            kept.append(hit)
        for key in (own, anyone):
            if key not in widest or hit.end > widest[key].end:
                widest[key] = hit
    return kept


def _drop_names(hits: list[_Hit], excluded: list[_Hit], places: list[_Place]) -> list[_Hit]:
    """Drop ambiguous hits that are part of somebody's name, and those that then mean that person.

    A text gives a full name at first mention ("Ai Weiwei") and a part of it later ("Ai"): if the
    first hit of a keyword in excerpt or text is a name, or is excluded, none of its hits counts.
    """
    starts = {(hit.place, hit.start) for hit in hits}
    ends = {(hit.place, hit.end) for hit in hits}
    out = set(excluded)
    out.update(
        hit for hit in hits if not hit.sure and _is_name(hit, places[hit.place], starts, ends)
    )
    first: dict[tuple[str, int], _Hit] = {}
    for hit in sorted((*hits, *excluded), key=lambda hit: (hit.place, hit.start, -hit.end)):
        first.setdefault((hit.term.said, hit.place), hit)
    others = {said for (said, place), hit in first.items() if place != _TITLE and hit in out}
    return [hit for hit in hits if hit.sure or (hit not in out and hit.term.said not in others)]


def _is_name(
    hit: _Hit, place: _Place, starts: set[tuple[int, int]], ends: set[tuple[int, int]]
) -> bool:
    """Tell whether a capitalised hit stands beside a capitalised word that is no keyword."""
    said = place.said
    if place.shouts or place.titled or not said[hit.start].isupper():
        return False
    after = _WORD.match(said, hit.end + 1) if said[hit.end : hit.end + 1] == " " else None
    if after and _names(after.group().removesuffix("'s") + said[after.end() : after.end() + 1]):
        return (hit.place, after.start()) not in starts
    if said[hit.start - 1 : hit.start] != " ":
        return False
    begin = max(said.rfind(" ", 0, hit.start - 1), said.rfind("\n", 0, hit.start - 1)) + 1
    if not _names(said[begin : hit.start - 1]) or (hit.place, hit.start - 1) in ends:
        return False
    # At the start of a sentence every word has a capital: it says nothing there.
    lead_in = said[:begin].rstrip(_OPENERS)[-1:]
    return bool(lead_in) and lead_in not in _SENTENCE_ENDS


def _names(word: str) -> bool:
    """Tell whether a neighbour, with what follows it, looks like part of a name.

    "Monet" and "E." do; "I", "API", "Google's" and "Ltd," do not.
    """
    letters = word.rstrip(" .,;:!?")
    if not word[:1].isupper() or letters.endswith("'s"):
        return False
    if len(letters) == 1:
        return word[1:] == "."
    return not (letters.isupper() and len(letters) <= _ACRONYM_LENGTH)


# Points.


def _tallies(hits: list[_Hit]) -> list[_Tally]:
    """Return the hits by keyword, with their points, in the order of first appearance."""
    tallies: dict[tuple[_Term, bool], _Tally] = {}
    for hit in hits:
        tallies.setdefault((hit.term, hit.sure), _Tally(hit.term, hit.sure)).hits.append(hit)
    for tally in tallies.values():
        tally.points = _points(tally.hits)
    return list(tallies.values())


def _points(hits: list[_Hit]) -> int:
    """Return what the hits of one keyword weigh by where they stand."""
    where = {hit.place for hit in hits}
    lead = any(hit.place == _TEXT and hit.start < LEAD_LENGTH for hit in hits)
    body = sum(hit.place == _TEXT and hit.start >= LEAD_LENGTH for hit in hits)
    return (
        TITLE_POINTS * (_TITLE in where)
        + EXCERPT_POINTS * (_EXCERPT in where)
        + LEAD_POINTS * lead
        + BODY_POINTS * min(body, BODY_CAP)
    )


def _near(tally: _Tally, other: _Tally) -> bool:
    """Tell whether two keywords stand within ``NEAR`` characters somewhere (hits are in order)."""
    for one in tally.hits:
        after = bisect_right(other.hits, one[:2], key=lambda hit: hit[:2])
        for two in other.hits[max(0, after - 1) : after + 1]:
            gap = max(one.start - two.end, two.start - one.end)
            if one.place == two.place and gap <= NEAR:
                return True
    return False


# Evidence.


def _evidence(tallies: list[_Tally], places: list[_Place]) -> list[Evidence]:
    """Return the weightiest keywords' lines, each followed by the support that it leaned on."""
    lines: dict[Evidence, None] = {}
    for tally in sorted(tallies, key=lambda tally: -tally.points):
        lines.update(dict.fromkeys(_lines(tally, places, tally.term.kind)))
        if tally.support is not None and tally.support not in tallies:
            lines.update(dict.fromkeys(_lines(tally.support, places, "support")[:1]))
        if len(lines) >= EVIDENCE_CAP:
            break
    return list(lines)[:EVIDENCE_CAP]


def _lines(tally: _Tally, places: list[_Place], rule: str) -> list[Evidence]:
    """Return one line for each place where the keyword was found."""
    written = tally.term.written
    if tally.tag:
        return [Evidence(keyword=written, place="hashtag", rule=rule, quote=tally.tag)]
    by_place: dict[int, list[_Hit]] = defaultdict(list)
    for hit in tally.hits:
        by_place[hit.place].append(hit)
    return [
        Evidence(
            keyword=written,
            place=places[place].name,
            rule=rule,
            times=len(hits),
            quote=_quote(places[place].said, hits[0]),
        )
        for place, hits in sorted(by_place.items())
    ]


def _quote(said: str, hit: _Hit) -> str:
    """Return the hit with a few words on either side, whole, and "…" where the text goes on."""
    start, end = max(0, hit.start - QUOTE_REACH), min(len(said), hit.end + QUOTE_REACH)
    before, after = said[start : hit.start], said[hit.end : end]
    if start:
        before = "… " + (before.split(" ", 1)[1] if " " in before else before)
    if end < len(said):
        after = (after.rsplit(" ", 1)[0] if " " in after else after) + " …"
    return f"{before}{said[hit.start : hit.end]}{after}".replace("\n", " ")


Classifier = Callable[[Article], tuple[TopicMatch, ...]]
"""What the engine calls: any function of this shape can stand in for, or wrap, ``Classify``."""
