"""Shape: what the words right beside a hit say of it: part of a name, a name that stands alone, or a
common word.
"""

from __future__ import annotations

from wiredesk.stages.classify.fields import spread
from wiredesk.stages.classify.terms import Hit, Term
from wiredesk.stages.classify.text import WORD, Place
from wiredesk.stages.classify.wordlists import word_list
from wiredesk.stages.classify.words import everyday, stem

SENTENCE_ENDS = frozenset(".!?:;…\n")
OPENERS = " \"'\u201c\u201d\u2018\u00ab\u00bb([{\u2013\u2014*\u2022"

_ACRONYM_LENGTH = 4
_LEAST_SURNAME = 3
_LEAST_NAME = 3
_WORD_ENDINGS = ("s", "ed", "ing")


def is_name(
    hit: Hit, place: Place, starts: set[tuple[int, int]], ends: set[tuple[int, int]]
) -> bool:
    """Tell whether a capitalised hit stands beside a capitalised word that is no keyword.

    ``starts`` and ``ends`` say where keywords begin and end. Where every word has a capital, the
    neighbour must itself be known as a given name or a title, or be no word that is known.
    """
    said = place.said
    if place.shouts or not said[hit.start].isupper():
        return False
    follows = WORD.match(said, hit.end + 1) if said[hit.end : hit.end + 1] == " " else None
    if follows and (hit.place, follows.start()) in starts:
        follows = None
    leads = said[hit.start - 1 : hit.start] == " " and (hit.place, hit.start - 1) not in ends
    word = said[_word_before(said, hit) : hit.start - 1] if leads else ""
    if _introduces(word):
        return True
    if place.titled:
        return follows is not None and _surname(follows.group().removesuffix("'s"))
    if follows:
        after = said[follows.end() : follows.end() + 1]
        if _names(follows.group().removesuffix("'s") + after):
            return True
    # At the start of a sentence every word has a capital: it says nothing there.
    return _names(word) and _goes_on(said[: _word_before(said, hit)])


def stands_alone(hit: Hit, place: Place) -> int:
    """Return 1 for a name that stands alone, -1 for a common word, 0 where its form says nothing.

    A keyword with capitals is a name: alone in mid-sentence it is one that needs no introduction, as
    it is before what names do ("Claude writes"); after "a" or "the" it is a word. One without
    capitals is a figure of speech before "of": a flood of complaints.
    """
    said = place.said
    following = said[hit.end : hit.end + 24]
    after = following[1:].split(" ", 1)[0].lower() if following[:1] == " " else ""
    if not hit.term.cased:
        return -(after == "of")
    if is_letters(hit.term):
        return 0
    before = said[: hit.start].rstrip(" ")
    if before.rsplit(" ", 1)[-1].lower() in word_list("determiners"):
        return -1
    if _goes_on(before) and not place.titled and not place.shouts:
        return 1
    return int(after in word_list("acts"))


def is_letters(term: Term) -> bool:
    """Tell whether a keyword is an acronym, or too short to be a name by itself."""
    return term.said.isupper() or len(term.said) < _LEAST_NAME


def _introduces(word: str) -> bool:
    """Tell whether a word is a given name or a title."""
    word = word.strip(OPENERS)
    lowered = word.rstrip(".").lower()
    return word[:1].isupper() and (lowered in word_list("given") or lowered in word_list("titles"))


def _surname(word: str) -> bool:
    """Tell whether a word of a headline in title case looks like no word but like a name."""
    lowered = word.lower()
    return (
        word[0].isupper()
        and len(word) >= _LEAST_SURNAME
        and not word.isupper()
        and not lowered.endswith(_WORD_ENDINGS)
        and stem(lowered) not in spread()
        and lowered not in everyday()
    )


def _goes_on(before: str) -> bool:
    """Tell whether a sentence has begun in ``before`` and goes on."""
    last = before.rstrip(OPENERS)[-1:]
    return bool(last) and last not in SENTENCE_ENDS


def _word_before(said: str, hit: Hit) -> int:
    """Return where the word before the hit begins."""
    return max(said.rfind(" ", 0, hit.start - 1), said.rfind("\n", 0, hit.start - 1)) + 1


def _names(word: str) -> bool:
    """Tell whether a neighbour, with what follows it, looks like part of a name.

    "Monet", "E." and "E" do; "I", "A", "API", "Google's" and "Ltd," do not.
    """
    letters = word.rstrip(" .,;:!?")
    if not word[:1].isupper() or letters.endswith("'s"):
        return False
    if len(letters) == 1:
        return word[1:] == "." or word not in {"A", "I", "O"}
    return not (letters.isupper() and len(letters) <= _ACRONYM_LENGTH)
