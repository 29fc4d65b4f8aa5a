"""A decision: what an editor said of a story or an article, with who, when and why.

Decisions name stories and articles by their ids, which never move, and a story by the articles that
it has at that time, too: read in another place, where nothing was published yet, they say the same.
What several of them come to is ``records.decided``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from wiredesk.records.identity import content_digest
from wiredesk.records.plaintext import TITLE_LIMIT, plain

WORDS_LIMIT = 1000
"""Longest reason, in characters."""
NAME_LIMIT = 200
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
"""Whole calendars of them in any zone: no arithmetic on such a time runs over."""
_DIGITS = 12
"""Hex digits of a decision's id: 48 bits are plenty for what one desk ever decides."""

Id = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
"""An id of ours. It may come to name a file, so that nothing else is taken for one."""
Ids = Annotated[tuple[Id, ...], msgspec.Meta(min_length=1)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LIMIT)]


class _Said(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="what",
    tag=str.lower,
):
    """What all decisions have. ``about`` has the titles, for whoever reads the journal."""

    id: str = ""
    who: str = ""
    when: Annotated[datetime, msgspec.Meta(tz=True)]
    why: str = ""
    about: str = ""


class Merge(_Said, frozen=True, kw_only=True):
    """These articles are one story; by the story that each was in."""

    stories: dict[Id, Ids]


class Split(_Said, frozen=True, kw_only=True):
    """``articles`` are no part of ``story`` but a story of their own, with the id ``becomes``;
    ``rest`` stays.
    """

    story: Id
    articles: Ids
    rest: Ids
    becomes: Id


class Exclude(_Said, frozen=True, kw_only=True):
    """``articles`` are no part of ``story``, whatever else they belong to; ``rest`` stays."""

    story: Id
    articles: Ids
    rest: Ids


class Publish(_Said, frozen=True, kw_only=True):
    """The record of ``story`` is published. ``article`` is what leads the story at that time; so it is
    below.
    """

    story: Id
    article: Id


class Spike(_Said, frozen=True, kw_only=True):
    """The record of ``story`` is not published."""

    story: Id
    article: Id


class Retitle(_Said, frozen=True, kw_only=True):
    """The record of ``story`` has another title than its lead."""

    story: Id
    article: Id
    title: Annotated[str, msgspec.Meta(min_length=1)]


class Topics(_Said, frozen=True, kw_only=True):
    """The record of ``story`` is on the topics ``add``, and not on the topics ``remove``."""

    story: Id
    article: Id
    add: tuple[_Name, ...] = ()
    remove: tuple[_Name, ...] = ()


class Pin(_Said, frozen=True, kw_only=True):
    """The record of ``story`` leads the front page up to the end of the day ``until``, in UTC."""

    story: Id
    article: Id
    until: date


class Undo(_Said, frozen=True, kw_only=True):
    """An earlier decision, by its id, is as if it had never been said."""

    undoes: Annotated[str, msgspec.Meta(min_length=1)]


Decision = Merge | Split | Exclude | Publish | Spike | Retitle | Topics | Pin | Undo
OfStory = Publish | Spike | Retitle | Topics | Pin
"""Decisions about the record of one story."""
Parting = Split | Exclude
"""Decisions that take articles out of a story."""


def what(decision: Decision) -> str:
    """Return the decision's kind, as the journal has it."""
    return str(type(decision).__struct_config__.tag)


def sentence(decision: Decision) -> str:
    """Return what a decision says, on one line."""
    match decision:
        case Retitle(title=title):
            more = f" as “{title}”"
        case Topics(add=add, remove=remove):
            more = "".join([*(f" +{name}" for name in add), *(f" -{name}" for name in remove)])
        case Pin(until=until):
            more = f" until {until}"
        case Undo(undoes=undoes):
            more = f" {undoes}"
        case _:
            more = ""
    return f"{what(decision)}{more}: {decision.about}"


def tidy(decision: Decision) -> Decision:
    """Return ``decision`` with its texts made plain (THREATS R6), and with an id if it has none."""
    texts: dict[str, str] = {
        "who": plain(decision.who, NAME_LIMIT),
        "why": plain(decision.why, WORDS_LIMIT),
        "about": plain(decision.about, WORDS_LIMIT),
    }
    if isinstance(decision, Retitle):
        texts["title"] = plain(decision.title, TITLE_LIMIT)
    tidied = msgspec.structs.replace(decision, **texts)
    return tidied if tidied.id else msgspec.structs.replace(tidied, id=decision_id(tidied))


def decision_id(decision: Decision) -> str:
    """Return the id of a decision that has none: a digest of all that it says."""
    return content_digest(msgspec.structs.replace(decision, id=""))[:_DIGITS]


def flaw(decision: Decision) -> str:
    """Return what makes a decision mean nothing, in words; empty for a sound one."""
    match decision:
        case _ if not _FIRST_YEAR <= decision.when.year <= _LAST_YEAR:
            wrong = f"nobody decided anything in the year {decision.when.year}"
        case Merge(stories=stories) if len(stories) < 2:  # noqa: PLR2004 - a merge is of two
            wrong = "a merge names the articles of two stories or more"
        case Split(articles=articles, rest=rest) | Exclude(articles=articles, rest=rest) if {
            *articles
        } & {*rest}:
            wrong = "an article cannot both leave and stay"
        case Split(story=story, becomes=becomes) if story == becomes:
            wrong = "the part that leaves needs another id than the story"
        case Topics(add=add, remove=remove) if not (add or remove):
            wrong = "no topic is added or removed"
        case Topics(add=add, remove=remove) if {*add} & {*remove}:
            wrong = "a topic cannot be both added and removed"
        case Retitle(title=title) if not title.strip():
            wrong = "a title has a word at least"
        case _:
            wrong = ""
    return wrong
