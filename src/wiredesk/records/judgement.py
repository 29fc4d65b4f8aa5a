"""What the desk thinks of articles: topics, stories, ledgers, relations."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Why a topic was given: ``keyword`` as the pack has it, ``place`` (title, excerpt, text,
    hashtag), ``rule`` (strong, ambiguous, hashtag, child, …), how many ``times``, and the words
    around the first hit.

    Of the rule ``model``, the keyword is a word of the article, and ``weight`` what it adds to the
    natural logarithm of the odds.
    """

    keyword: str
    place: str
    rule: str
    times: int = 1
    quote: str = ""
    weight: float = 0.0


class TopicMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A topic that an article is about, by its name in the pack, and the evidence for it."""

    topic: str
    evidence: tuple[Evidence, ...]
    points: int = 0
    """What the topic's own keywords weigh; 0 for one that was given without any."""


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One contribution: which signal, how many points (signed), and why in words."""

    signal: str
    points: int
    reason: str


CLAMP = "clamp"
"""The signal of the line that holds a ledger within its bounds."""


class Ledger(msgspec.Struct, frozen=True):
    """A number as the sum of its lines; clamping is a line too, so that the sum is exact."""

    lines: tuple[LedgerLine, ...] = ()

    @property
    def total(self) -> int:
        """The number that the lines add up to."""
        return sum(line.points for line in self.lines)

    @classmethod
    def clamped(cls, lines: Iterable[LedgerLine], low: int, high: int | None = None) -> Ledger:
        """Return the ledger of ``lines`` with, where needed, a named line that holds its bounds."""
        kept = tuple(line for line in lines if line.points)
        total = sum(line.points for line in kept)
        bound = max(low, total if high is None else min(high, total))
        if bound == total:
            return cls(kept)
        reason = f"held within {low} and {high}" if high is not None else f"never below {low}"
        return cls((*kept, LedgerLine(signal=CLAMP, points=bound - total, reason=reason)))


class Membership(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where an article belongs: its story, and the article that it copies, if any."""

    id: str
    story: str
    duplicate_of: str = ""
    likeness: float = 0.0
    """How alike it is to what it was joined to (0 to 1), and by which rule, for ``explain``."""
    rule: str = ""
    by: str = ""
    """Id of the decision that brought it here from another story, if one did."""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Quality of an article and heat of its story now, each with its ledger."""

    quality: Ledger
    heat: Ledger


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """A related article: its id, why (``story`` or ``likeness``), and how near it is (0 to 1).

    A story keeps no nearness: it moves a little with every article of the window, and would have
    its record sealed anew for nothing.
    """

    id: str
    why: str
    score: float = 0.0
