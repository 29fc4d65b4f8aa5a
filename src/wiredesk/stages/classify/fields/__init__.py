"""Fields of news: the words of sport, business, weather and so on, written by hand for this desk.

A desk knows its own matter from its pack. What it is *not* about, and what the sections of any
paper are about, it knows from here: one file a field, the names that a topic may have to be the
whole field on the first line, its words below. The division is near to the upper level of the IPTC
Media Topics (https://iptc.org/standards/media-topics/). The words are English, of no particular
paper or year, and no persons; they need not be complete: the desk's own articles add to them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from wiredesk.stages.classify.words import stem, tokens

_NAMES = "names:"


class Field(msgspec.Struct, frozen=True):
    """A field of news: what it may be called, its words (both in lower case), and their stems."""

    name: str
    names: frozenset[str]
    words: frozenset[str]
    stems: frozenset[str]


@cache
def fields() -> tuple[Field, ...]:
    """Return all fields, by name."""
    folder = files(__name__)
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".txt"))
    return tuple(_read(name, folder.joinpath(name).read_text("utf-8")) for name in found)


@cache
def spread() -> dict[str, int]:
    """Return in how many fields each stem stands: a word of many says little of any."""
    counts: dict[str, int] = {}
    for field in fields():
        for word in field.stems:
            counts[word] = counts.get(word, 0) + 1
    return counts


def named(name: str) -> tuple[Field, ...]:
    """Return the fields that a topic called ``name`` is the whole of.

    Two may be joined by "and", "&" or a comma: "Science and Technology".
    """
    name = " ".join(name.lower().replace("&", " and ").split())
    whole = tuple(field for field in fields() if name in field.names)
    if whole:
        return whole
    parts = [part.strip() for part in name.replace(",", " and ").split(" and ") if part.strip()]
    of_parts = [[field for field in fields() if part in field.names] for part in parts]
    if len(parts) > 1 and all(of_parts):
        return tuple(dict.fromkeys(field for found in of_parts for field in found))
    return ()


def _read(name: str, text: str) -> Field:
    head, _, words = text.partition("\n")
    called = head.removeprefix(_NAMES).split(",")
    found = frozenset(tokens(words))
    return Field(
        name=name.removesuffix(".txt"),
        names=frozenset(" ".join(one.lower().split()) for one in called),
        words=found,
        stems=frozenset(map(stem, found)) - {""},
    )
