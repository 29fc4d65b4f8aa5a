"""Terms: the phrases of a pack, and where they stand in a text as whole words.

An automaton over tens of thousands of long phrases takes seconds to build, one over their first
letters takes none: it finds where a phrase may begin, and a table says which ones do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal, NamedTuple

from ahocorasick_rs import AhoCorasick

from wiredesk.records.topic import Topic, TopicPack
from wiredesk.stages.classify.boundaries import free_before, free_end
from wiredesk.stages.classify.text import Place, bare, case_holds, fold, plain, soft

HEAD = 8
"""Letters of a phrase that the automaton knows: enough to be rare, few enough to be built at once."""

Kind = Literal["strong", "ambiguous", "dependent", "hashtag", "exclude"]
"""``!word`` is ambiguous: it needs support. ``!!word`` is a word of another field: it depends on a sure
keyword beside it."""


class Term(NamedTuple):
    """A phrase to look for: ``written`` as the pack has it, ``said`` as a text would."""

    topic: int
    kind: Kind
    written: str
    said: str
    cased: bool
    bare: str
    """Letters and digits of ``said`` in lower case: two with one bare form are one keyword."""


class Hit(NamedTuple):
    """A term found in place number ``place``; ``sure`` is False for one that needs support."""

    place: int
    start: int
    end: int
    term: Term
    sure: bool


class Terms:
    """All terms of a pack. ``tags`` has those that a publisher's tag may name, by bare form."""

    def __init__(self, pack: TopicPack) -> None:
        self.tags: dict[str, list[Term]] = defaultdict(list)
        self._phrases: dict[str, list[Term]] = defaultdict(list)
        for index, topic in enumerate(pack.topics):
            for term in _terms(index, topic):
                same = self._phrases[fold(term.said)]
                if all((index, term.kind) != (other.topic, other.kind) for other in same):
                    same.append(term)
                if term.kind in {"strong", "hashtag"}:
                    self.tags[term.bare].append(term)
        lengths: dict[str, set[int]] = defaultdict(set)
        for phrase in self._phrases:
            lengths[phrase[:HEAD]].add(len(phrase))
        self._lengths = [tuple(sorted(found)) for found in lengths.values()]
        self._find = AhoCorasick(list(lengths)).find_matches_as_indexes

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self._phrases)

    def hits(self, index: int, place: Place) -> Iterator[Hit]:
        """Yield each whole word or phrase of the pack that stands in ``place``, number ``index``."""
        said, folded, phrases = place.said, place.folded, self._phrases
        for head, start, _ in self._find(folded, overlapping=True):
            for length in self._lengths[head]:
                end = start + length
                if end > len(said) or not free_before(said, start):
                    break
                terms = phrases.get(folded[start:end])
                if terms is None:
                    continue
                stop = free_end(place, end)
                if not stop:
                    continue
                found = soft(said[start:end])
                for term in terms:
                    if stop > end and _is_one_name(term):
                        continue
                    if not term.cased or place.shouts or case_holds(found, soft(term.said)):
                        # Where all is in capitals, case cannot tell "IT" from "it": support is needed.
                        unsure = term.kind in {"ambiguous", "dependent"}
                        sure = not unsure and not (place.shouts and term.said.isupper())
                        yield Hit(index, start, stop, term, sure)


def _is_one_name(term: Term) -> bool:
    """Tell whether a keyword is a name that is also a word: "Figures" are no plural of Figure."""
    return term.kind in {"ambiguous", "dependent"} and term.cased and not term.said.isupper()


def _terms(index: int, topic: Topic) -> Iterator[Term]:
    """Yield what a topic looks for; empty phrases, which would be everywhere, are passed over."""
    for written in topic.keywords:
        said = plain(written.removeprefix("!").removeprefix("!"))
        if said:
            marks = len(written) - len(written.lstrip("!"))
            kind: Kind = ("strong", "ambiguous", "dependent")[min(marks, 2)]
            yield Term(index, kind, written, said, said != said.lower(), bare(said))
    for written in topic.hashtags:
        said = plain(written.removeprefix("#")).replace(" ", "")
        if said:
            yield Term(index, "hashtag", written, f"#{said}", cased=False, bare=bare(said))
    for written in topic.exclude:
        said = plain(written)
        if said:
            yield Term(index, "exclude", written, said, said != said.lower(), bare(said))
