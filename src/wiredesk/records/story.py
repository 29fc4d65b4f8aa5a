"""A story as the desk holds it, and what was published of it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from wiredesk.records.decision import Decision
from wiredesk.records.judgement import Membership, Relation, Score, TopicMatch
from wiredesk.records.record import Record


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """The articles about one event, its lead first, with what the stages found.

    ``merged_into`` points to the older story when this one was found to be the same: an id that was
    once published never vanishes and never comes back as something else. ``split_from`` points back
    to the story that its articles were taken out of by an editor.
    """

    id: str
    lead: str
    members: tuple[Membership, ...]
    topics: tuple[TopicMatch, ...] = ()
    scores: dict[str, Score] = msgspec.field(default_factory=dict)
    """By article id."""
    related: tuple[Relation, ...] = ()
    published: bool = False
    gate: str = ""
    """Why the gate is open or closed, in words."""
    language: str = ""
    """Of its lead, as a BCP 47 primary subtag."""
    newest: datetime | None = None
    """Time of the newest member, in UTC."""
    as_of: datetime | None = None
    """When its numbers came to be what they are: a heat is that of this moment until it moves by a
    whole point."""
    merged_into: str = ""
    split_from: str = ""
    title: str = ""
    """What an editor called it; empty: as its lead does."""
    pinned: date | None = None
    """The last day, in UTC, on which an editor has it lead the front page."""
    decisions: tuple[Decision, ...] = ()
    """What editors said of it and holds."""
    closed: bool = False
    """Too old to change: it is judged no more."""
    basis: str = ""
    """Digest of the articles that its record shows, so that a changed text is a changed story."""


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """What was last written for a story, so that a human's change can be told from ours.

    ``base`` has, for each key of the record, the digest of the value that we ourselves would have
    written (``records.merge``): a key whose value in the file has another digest was changed by a
    human. It is sealed into the record too, so that a clone and the key are enough to know it again.
    """

    story: str
    path: str
    revision: int
    base: dict[str, str] = msgspec.field(default_factory=dict)
    of: str = ""
    """Digest of the story that was written."""
    withdrawn: bool = False
    """A human deleted the file: it is never written again."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A record as we would publish it, and what is to be sealed into it."""

    story: str
    record: Record
    """With neither ``secured`` nor anything that a human added."""
    named: str = ""
    """The title that a new file is named after, if that is not the record's."""
    merged_into: str = ""
    """The story whose record stands for this one."""
    secret: dict[str, object]
    """The private part as JSON values: the story as the desk holds it, its articles' facts, ledgers."""
