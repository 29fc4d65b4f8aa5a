"""What decisions come to: which articles are one story and which never are, and what holds of a story.

The last word counts. Decisions are gone through from the latest to the earliest, and each statement
("these two are one story", "these two never are") holds unless later ones say otherwise, be it only by
what follows from them: ``merge {a, b}``, ``split {a} off {b}``, ``merge {a, c}``, ``merge {c, b}`` comes
to one story of all three, because the last two say so. What was undone says nothing.

An article that a split or an exclusion took out of a story stays out of it, whoever joins that story
later, until a later decision names it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

import msgspec

from wiredesk.records.borders import Borders
from wiredesk.records.decision import (
    Decision,
    Exclude,
    Merge,
    OfStory,
    Parting,
    Pin,
    Publish,
    Retitle,
    Spike,
    Split,
    Topics,
    Undo,
)
from wiredesk.records.identity import fresh_story_id

Pairs = tuple[tuple[str, str], ...]


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """Where an article was when a decision moved or kept it, and where it was put."""

    decision: str
    was: str
    """Id of the story that it was in."""
    put: str
    """Id of the story that it is in by that; empty for one that finds its own place."""
    now: str
    """Id of the story that tells what ``was`` told."""
    leaves: bool = False
    rest: tuple[str, ...] = ()
    """The articles that it left behind."""


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What editors said of a story's record, as far as it holds."""

    ruling: bool | None = None
    """Whether it is published; None: nobody said."""
    title: str = ""
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    """Topics that it is and is not on."""
    pinned: date | None = None
    """The last day on which it leads the front page."""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What holds, of all decisions. ``decide`` makes it."""

    holding: tuple[Decision, ...] = ()
    """The decisions that say something that holds, in their order."""
    undone: dict[str, Decision] = {}
    overruled: frozenset[str] = frozenset()
    """Ids of those of which nothing holds for later ones that say otherwise."""
    together: Pairs = ()
    apart: Pairs = ()
    """Pairs of articles; no two of all these statements contradict each other."""
    moved: dict[str, Mention] = {}
    """By article, the latest decision about where it belongs."""
    claims: dict[str, str] = {}
    """By article, the story that it was in when it was last spoken of: where it goes unless it is
    known to be elsewhere. Empty for one that was excluded.
    """
    origins: dict[str, str] = {}
    """Id of a story, and of the older one that it was split from."""
    words: dict[str, Word] = {}
    """By story."""
    past: dict[str, tuple[tuple[str, str], ...]] = {}
    """By article: the decisions about where it belongs, the latest first, undone ones included, each
    with the story that it was in.
    """
    about: dict[str, tuple[int, ...]] = {}
    """By story or article, the places in ``holding`` of the decisions that have a say in it."""

    def settled(self, known: Mapping[str, str], articles: Iterable[str]) -> dict[str, str]:
        """Return the published story of each of ``articles`` that has one: ``known``, but for those
        that a decision took elsewhere.
        """
        found: dict[str, str] = {}
        for article in articles:
            story = known.get(article, "")
            mention = self.moved.get(article)
            if mention is not None and mention.leaves:
                left = {mention.was, mention.now}
                if story in left or any(known.get(one) == story for one in mention.rest):
                    story = ""
                if not story and self.claims.get(article) not in left:
                    story = self.claims.get(article, "")
            elif not story:
                story = self.claims.get(article, "")
            if story:
                found[article] = story
        return found

    def eldest(self, stories: Sequence[str]) -> str:
        """Return the story that keeps its id when ``stories``, by their first articles, are one: the
        first that was not split from another of them.
        """
        return next(
            (one for one in stories if not self._above(one) & {*stories}), next(iter(stories))
        )

    def _above(self, story: str) -> set[str]:
        above: set[str] = set()
        while (story := self.origins.get(story, "")) and story not in above:
            above.add(story)
        return above

    def by(self, article: str, story: str) -> str:
        """Return the id of the decision by which ``article`` is in ``story``; empty if none moved it."""
        mention = self.moved.get(article)
        return mention.decision if mention is not None and mention.was != story else ""

    def left_behind(self, story: str, members: Sequence[str]) -> Iterator[str]:
        """Give the story that ``members``, who are in ``story``, were taken out of, if that made it."""
        for member in members:
            mention = self.moved.get(member)
            if mention is None or not mention.leaves or mention.now == story:
                continue
            if mention.put == story or member == members[0]:
                yield mention.now
                return

    def former(self, article: str, by: str) -> str:
        """Return the story in which an article was before the decision ``by``, which was undone, and
        before those earlier ones that are undone too.
        """
        story, found = "", False
        for decision, was in self.past.get(article, ()):
            found = found or decision == by
            if found and decision not in self.undone:
                break
            if found:
                story = was
        return story

    def word(self, story: str) -> Word:
        """Return what editors said of a story's record."""
        return self.words.get(story, Word())

    def following(self, pointers: Mapping[str, str], origins: Mapping[str, str]) -> Decided:
        """Return this as it reads on a desk where stories were merged since (``pointers``: into which
        one) or split (``origins``: from which one).
        """
        claims = {
            article: self._followed(article, story, pointers)
            for article, story in self.claims.items()
        }
        moved = {
            article: msgspec.structs.replace(mention, now=_end(mention.was, pointers))
            for article, mention in self.moved.items()
        }
        return msgspec.structs.replace(
            self, claims=claims, moved=moved, origins={**self.origins, **origins}
        )

    def _followed(self, article: str, story: str, pointers: Mapping[str, str]) -> str:
        """Return where the claim of ``article`` leads. A part that was split off, was merged back and is
        split off again has its own story again.
        """
        end, mention = _end(story, pointers), self.moved.get(article)
        if mention is not None and mention.leaves and end == _end(mention.was, pointers):
            return story
        return end

    def concerning(self, story: str, members: Iterable[str]) -> tuple[Decision, ...]:
        """Return the decisions that hold and have a say in a story of ``members``."""
        places = {place for one in (story, *members) for place in self.about.get(one, ())}
        return tuple(self.holding[place] for place in sorted(places))


NOTHING = Decided()
"""Nobody decided anything."""


def _end(story: str, pointers: Mapping[str, str]) -> str:
    """Return the story that tells what ``story`` told, following its pointer."""
    seen = {story}
    while (following := pointers.get(story, "")) and following not in seen:
        seen.add(following)
        story = following
    return story


def _named(decision: Decision) -> Iterator[str]:
    """Give the stories and articles that a decision has a say in."""
    match decision:
        case Merge(stories=stories):
            yield from chain.from_iterable(stories.values())
        case Split() | Exclude():
            yield from (decision.story, *decision.articles, *decision.rest)
        case Undo():
            pass
        case _:
            yield decision.story


def decide(decisions: Sequence[Decision]) -> Decided:
    """Return what ``decisions``, in their order, come to. A later one wins over an earlier one; an
    ``Undo`` is of one that stands before it.
    """
    deciding = _Deciding()
    undone: dict[str, Decision] = {}
    lifted: set[str] = set()
    for decision in reversed(decisions):
        if decision.id in lifted:
            undone[decision.id] = decision
            deciding.remember(decision)
        elif isinstance(decision, Undo):
            lifted.add(decision.undoes)
        else:
            deciding.remember(decision)
            deciding.hear(decision)
    heard = [one for one in decisions if one.id not in undone and not isinstance(one, Undo)]
    return deciding.decided(heard, undone)


class _Deciding:
    """Hears decisions, the latest first."""

    def __init__(self) -> None:
        self._borders = Borders()
        self._together: list[tuple[str, str]] = []
        self._apart: list[tuple[str, str]] = []
        self._moved: dict[str, Mention] = {}
        self._claims: dict[str, str] = {}
        self._origins: dict[str, str] = {}
        self._words: dict[str, Word] = {}
        self._past: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._holding: set[str] = set()

    def remember(self, decision: Decision) -> None:
        """Keep where articles were when it was said where they belong."""
        for article, mention in _mentions(decision).items():
            self._past[article].append((decision.id, mention.was))

    def hear(self, decision: Decision) -> None:
        """Take what a decision says, as far as no later one says otherwise."""
        mentions = _mentions(decision)
        for article, mention in mentions.items():
            if self._moved.setdefault(article, mention) is mention:
                self._holding.add(decision.id)
            self._claims.setdefault(article, mention.put)
        match decision:
            case Merge():
                self._unite(decision, [*mentions])
            case Split():
                self._part(decision)
                self._unite(decision, decision.articles)
                self._origins.setdefault(decision.becomes, decision.story)
            case Exclude():
                self._part(decision)
                for article in decision.articles:
                    own = fresh_story_id(article, {decision.story})
                    self._origins.setdefault(own, decision.story)
            case Undo():
                pass
            case _:
                self._claims.setdefault(decision.article, decision.story)
                self._speak(decision)

    def decided(self, heard: Sequence[Decision], undone: dict[str, Decision]) -> Decided:
        """Return what all that was heard comes to."""
        holding = tuple(one for one in heard if one.id in self._holding)
        about: dict[str, dict[int, None]] = defaultdict(dict)
        for place, decision in enumerate(holding):
            for name in _named(decision):
                about[name][place] = None
        return Decided(
            holding=holding,
            undone=undone,
            overruled=frozenset(one.id for one in heard) - self._holding,
            together=tuple(self._together),
            apart=tuple(self._apart),
            moved=self._moved,
            claims=self._claims,
            origins=self._origins,
            words=self._words,
            past={article: tuple(past) for article, past in self._past.items()},
            about={name: tuple(places) for name, places in about.items()},
        )

    def _unite(self, decision: Decision, articles: Sequence[str]) -> None:
        """Let each of ``articles`` be one with the first of those before it that it may be one with."""
        for place, article in enumerate(articles):
            for other in articles[:place]:
                if self._borders.unite(other, article):
                    self._together.append((other, article))
                    self._holding.add(decision.id)
                    break

    def _part(self, decision: Parting) -> None:
        for article in decision.articles:
            for other in decision.rest:
                if self._borders.part(article, other):
                    self._apart.append((article, other))
                    self._holding.add(decision.id)

    def _speak(self, decision: OfStory) -> None:
        before = self._words.get(decision.story, Word())
        word = _with(before, decision)
        if word != before:
            self._words[decision.story] = word
            self._holding.add(decision.id)


def _mentions(decision: Decision) -> dict[str, Mention]:
    """Return what a decision says of where articles belong."""
    match decision:
        case Merge(id=name, stories=stories):
            return {
                article: Mention(decision=name, was=story, put=story, now=story)
                for story, articles in sorted(stories.items())
                for article in articles
            }
        case Split() | Exclude():
            name, was = decision.id, decision.story
            put = decision.becomes if isinstance(decision, Split) else ""
            stayed = Mention(decision=name, was=was, put=was, now=was)
            left = msgspec.structs.replace(stayed, put=put, leaves=True, rest=decision.rest)
            return {
                **dict.fromkeys(decision.rest, stayed),
                **dict.fromkeys(decision.articles, left),
            }
        case _:
            return {}


def _with(word: Word, decision: OfStory) -> Word:
    """Return ``word`` with what an earlier ``decision`` adds to it."""
    match decision:
        case Publish() | Spike() if word.ruling is None:
            return msgspec.structs.replace(word, ruling=isinstance(decision, Publish))
        case Retitle(title=title) if not word.title:
            return msgspec.structs.replace(word, title=title)
        case Topics(add=add, remove=remove):
            said = {*word.add, *word.remove}
            return msgspec.structs.replace(
                word,
                add=(*word.add, *(topic for topic in add if topic not in said)),
                remove=(*word.remove, *(topic for topic in remove if topic not in said)),
            )
        case Pin(until=until) if word.pinned is None:
            return msgspec.structs.replace(word, pinned=until)
        case _:
            return word
