"""The edition as plain text, for those who read mail so."""

from __future__ import annotations

from textwrap import wrap

from wiredesk.publishers.newsletter.html import UNSUBSCRIBE
from wiredesk.publishers.newsletter.words import Masthead, said_by, sections
from wiredesk.records.newsletter import Issue, Item

_WIDTH = 72


def as_text(issue: Issue, head: Masthead, *, with_foot: bool = True) -> str:
    """Return the edition as lines of text; addresses stand alone on theirs, never broken."""
    lines = [*_wrapped(head.title.upper()), head.date, ""]
    for name, places in sections(issue):
        lines += [*_wrapped(name.upper()), "-" * min(len(name), _WIDTH), ""] if name else []
        for place in places:
            lines += _story(issue.items[place], head)
    lines += ["--------", "Excerpts and links: each story belongs to its publisher."]
    if with_foot:
        lines += ["You get this because you asked for it. Unsubscribe:", UNSUBSCRIBE]
    lines += _wrapped(head.postal)
    return "\n".join(lines).rstrip() + "\n"


def _story(item: Item, head: Masthead) -> list[str]:
    texts = (item.title, item.excerpt, said_by(item, head.zone))
    return [*(line for text in texts for line in _wrapped(text)), item.url, ""]


def _wrapped(text: str) -> list[str]:
    return wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
