"""Text as classify reads it: tidied once, then folded to the same length, so that offsets hold in
both.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from wiredesk.records.article import Article

PLACES = ("title", "excerpt", "text")
TITLE, EXCERPT, TEXT = range(3)
"""Numbers of the places, in the order in which they are read."""

WORD = re.compile(r"[^\W\d_][\w']*")

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_NOT_BARE = re.compile(r"[^0-9a-z]+")
_LONG_WORD = 4
_FEWEST_LONG_WORDS = 3


class Place(NamedTuple):
    """A field of the article, tidied. ``shouts``: all capitals; ``titled``: headline capitals."""

    name: str
    said: str
    folded: str
    shouts: bool
    titled: bool


def places(article: Article) -> list[Place]:
    """Return the title, excerpt and text of ``article``."""
    texts = (article.title, article.excerpt, article.text)
    return [place(name, text) for name, text in zip(PLACES, texts, strict=True)]


def place(name: str, text: str) -> Place:
    """Return ``text`` as the place ``name``."""
    said = plain(text)
    shouts = said.isupper() and said.count(" ") > 1
    # Only headlines and the like are set in title case; a long text is not worth the look.
    titled = name != "text" and _title_case(said)
    return Place(name, said, fold(said), shouts, titled)


def plain(text: str) -> str:
    """Return the text with compatibility forms unified and each run of blanks as one.

    A line break stays (as a newline): no name and no sentence goes across it.
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        text = text.replace("\u2010", "-").replace("\u2019", "'")
    lines = text.splitlines()
    if len(lines) == 1:
        return " ".join(text.split())
    return "\n".join(line for line in (" ".join(raw.split()) for raw in lines) if line)


def fold(text: str) -> str:
    """Return the text as keywords are compared: lower case, hyphens and breaks as blanks."""
    lowered = text.lower()
    if len(lowered) != len(text):  # İ becomes two characters
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return soft(lowered)


def soft(text: str) -> str:
    """Return the text with hyphens and line breaks as blanks."""
    return text.replace("-", " ").replace("\n", " ")


def bare(text: str) -> str:
    """Return letters and digits in lower case: ``#Machine-Learning`` and "machine learning" are one."""
    if text.isascii():
        return _NOT_BARE.sub("", text.lower())
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())


def case_holds(found: str, keyword: str) -> bool:
    """Tell whether each word with a capital in the keyword is written just so.

    The others may have any case: "AI chip" is also "AI Chip" in a headline, never "Ai chip".
    """
    words = zip(found.split(" "), keyword.split(" "), strict=True)
    return all(said == wanted or wanted == wanted.lower() for said, wanted in words)


def _title_case(said: str) -> bool:
    """Tell whether nearly all longer words have a capital, so that capitals say nothing."""
    words = [word for word in WORD.findall(said) if len(word) >= _LONG_WORD]
    small = sum(word[0].islower() for word in words)
    return len(words) >= _FEWEST_LONG_WORDS and small * 4 <= len(words)
