"""Context: whether the words around an ambiguous keyword speak for its topic's sense.

Yarowsky (1992) told the senses of a word apart by the categories of Roget's thesaurus that the words
around it belong to. Here the categories are the fields of news (``fields``). A topic is at *home* in
the fields that hold one of its sure single words ("chipmaker" is technology). It is *near* to those in
which its tree is at home, and to those of the tree's ambiguous words that are said elsewhere only
("doctor" is health). All others are *foreign* to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from functools import cached_property

import msgspec

from wiredesk.records.topic import TopicPack
from wiredesk.stages.classify.fields import fields, spread
from wiredesk.stages.classify.points import NEAR, Tally
from wiredesk.stages.classify.shape import is_letters, stands_alone
from wiredesk.stages.classify.terms import Hit
from wiredesk.stages.classify.text import Place
from wiredesk.stages.classify.tree import Tree
from wiredesk.stages.classify.words import everyday, stem, tokens

LANGUAGES = frozenset({"", "en"})
"""The words of the fields are English; an article that does not say its language may be."""
HOME, FOREIGN, OWN_WORD, SHAPE, MAIN_SENSE = 2, -2, 1, 2, 1
"""What a word around the hit weighs: of a field in which the topic is at home, of a foreign one, of
the phrases of the pack; what it weighs that the hit has the form of a name that stands alone, or has
not (``shape``); and that the keyword is a word of the topic's own field and of no foreign one."""
NEEDED, NEEDED_BY_LETTERS = 1, 2
"""What must be left over; more where the keyword is an acronym or two letters, which stand for many
things."""
HELD = 1
"""Words of a field that a topic's sure single words must make up for it to be at home there; a word of
two fields counts half in each."""
TOUCHED = 0.5
"""The same of a tree's ambiguous words, for it to be near a field: half a word."""
_UNIT = 12
"""Parts of a word: whole numbers for a half, a third and a quarter, so that no order matters."""
LOOKED_AT = 8
"""Mentions of a keyword whose words around are looked at, from the title on."""
FAMILIAR = 2
"""Phrases of a tree that must share a word for it to be one of the tree's own."""


class _Realm(msgspec.Struct, frozen=True):
    """What speaks for a topic, and against it, by stems.

    ``known`` has all that is said at home; ``home`` those of it that are said in no foreign field;
    ``own`` what speaks half as loud: the others, and the words of the tree's phrases.
    """

    home: frozenset[str]
    known: frozenset[str]
    foreign: frozenset[str]
    own: frozenset[str]


class Context:
    """The words around the ambiguous keywords of ``pack``, and what they say."""

    def __init__(self, pack: TopicPack, tree: Tree) -> None:
        self._pack, self._tree = pack, tree

    def speaks(self, tally: Tally, places: Sequence[Place]) -> tuple[str, ...] | None:
        """Return the words that speak for the keyword's sense somewhere; None where too little does.

        Where only its form speaks or its usual sense, the words are none: ().
        """
        realm = self._realms[tally.term.topic]
        mine = {stem(token) for token in tokens(tally.term.said)}
        if not realm.known or (not tally.term.cased and self._elsewhere(mine, realm)):
            return None
        needed = NEEDED_BY_LETTERS if is_letters(tally.term) else NEEDED
        for hit in tally.hits[:LOOKED_AT]:
            weight, words = self._weight(hit, places[hit.place], realm, mine)
            if weight >= needed:
                return words
        return None

    def _elsewhere(self, mine: Iterable[str], realm: _Realm) -> bool:
        """Tell whether a word has its only sense in another field: around it that field proves
        nothing, and technology does not make a doctor a matter of AI.
        """
        known = spread()
        return any(word in known for word in mine) and not any(word in realm.known for word in mine)

    def _weight(
        self, hit: Hit, place: Place, realm: _Realm, mine: set[str]
    ) -> tuple[int, tuple[str, ...]]:
        said = place.said
        around = f"{said[max(0, hit.start - NEAR) : hit.start]} {said[hit.end : hit.end + NEAR]}"
        words = {stem(token): token for token in tokens(around)}
        said_here = words.keys() - everyday() - mine
        home, own = said_here & realm.home, said_here & realm.own
        weight = HOME * len(home) + OWN_WORD * len(own) + FOREIGN * len(said_here & realm.foreign)
        weight += SHAPE * stands_alone(hit, place)
        weight += MAIN_SENSE * (not hit.term.cased and mine <= realm.home)
        return weight, tuple(words[word] for word in words if word in home or word in own)

    @cached_property
    def _realms(self) -> list[_Realm]:
        held = [_held(_single(topic.keywords), HELD) for topic in self._pack.topics]
        leading: dict[int, frozenset[str]] = {}
        near: dict[int, frozenset[str]] = {}
        own: dict[int, frozenset[str]] = {}
        for root, members in self._trees().items():
            keywords = [
                keyword for index in members for keyword in self._pack.topics[index].keywords
            ]
            leading[root] = held[root] or _leading(_single(keywords))
            near[root] = leading[root].union(*(held[index] for index in members))
            unsure = _single(word.lstrip("!") for word in keywords if word.startswith("!"))
            at_home = _stems_of(near[root])
            near[root] |= _held(
                (word for word in unsure if word.islower() and stem(word) not in at_home), TOUCHED
            )
            own[root] = _familiar(keywords)
        realms: list[_Realm] = []
        for index, above in enumerate(self._tree.above):
            root = self._tree.root(index)
            homes = held[index].union(leading[root], *(held[up] for up in above))
            home, ours = _stems_of(homes), _stems_of(near[root])
            others = _stems_of({field.name for field in fields()} - near[root])
            half = home & others
            realms.append(
                _Realm(home=home - half, known=home, foreign=others - ours, own=own[root] | half)
            )
        return realms

    def _trees(self) -> dict[int, list[int]]:
        trees: dict[int, list[int]] = {}
        for index in range(len(self._pack.topics)):
            trees.setdefault(self._tree.root(index), []).append(index)
        return trees


def _single(keywords: Iterable[str]) -> list[str]:
    """Return the keywords that are one word of letters and sure, or given without their mark."""
    return [keyword for keyword in keywords if keyword.isalpha()]


def _held(words: Iterable[str], least: float) -> frozenset[str]:
    """Return the names of the fields that hold ``least`` words or more of ``words``."""
    return frozenset(name for name, weight in _weights(words).items() if weight >= _UNIT * least)


def _leading(words: Iterable[str]) -> frozenset[str]:
    """Return the fields that hold most of ``words``: one, or several with equally many."""
    weights = _weights(words)
    most = max(weights.values(), default=0)
    return frozenset(name for name, weight in weights.items() if weight == most >= _UNIT * HELD)


def _weights(words: Iterable[str]) -> Counter[str]:
    """Return how many of ``words`` each field holds, in parts of a word: a word of two fields counts
    half in each. An acronym is no form of another word: METR is not "metres".
    """
    weights: Counter[str] = Counter()
    for word in sorted({word if word.isupper() else stem(word.lower()) for word in words}):
        held = [
            field.name
            for field in fields()
            if (word.lower() in field.words if word.isupper() else word in field.stems)
        ]
        for name in held:
            weights[name] += _UNIT // len(held)
    return weights


def _stems_of(names: Set[str]) -> frozenset[str]:
    """Return the words of the fields of these names."""
    return frozenset().union(*(field.stems for field in fields() if field.name in names))


def _familiar(keywords: Sequence[str]) -> frozenset[str]:
    """Return the words of several sure phrases, without the words of every report, and without those
    that are keywords themselves: where these do not count as such, they are something else.
    """
    shared: Counter[str] = Counter()
    for keyword in keywords:
        words = {stem(token) for token in tokens(keyword)}
        if not keyword.startswith("!") and len(words) > 1:
            shared.update(words)
    single = {stem(word.lower()) for word in _single(keywords)}
    usual = {word for word, times in shared.items() if times >= FAMILIAR}
    return frozenset(usual - single - everyday() - {""})
