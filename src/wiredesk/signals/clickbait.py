"""Titles that withhold what they announce, or are there to be clicked at, -8 to 0 points.

Gently: a wrong suspicion costs less than a missing picture and a missing date together. And only by
turns that honest headlines hardly use. Capital letters, questions, numbers, the word "you" and
"here's why" are common in ordinary ones and are no evidence; the title is judged without its
capitals. Three turns count in full: a tease ("what happened next"), a game with the reader ("which
of these are you"), a promise of feelings ("will make you cry"). A bare list ("9 reasons to") counts
half, under its own name: it baits nobody, and some are service. The heaviest turn counts, once.
English only.

Better: a title without any of these turns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

BAIT, LIST = -8, -4

# fmt: off
_SOMEBODY = (
    "man|woman|guy|girl|boy|kid|baby|mom|mum|dad|teen|couple|dog|puppy|cat|kitten|video|photo|picture|"
    "tweet|quiz|test|trick|app"
)
_TEASE = re.compile("|".join((
    r"\byou (?:won't|will not|wouldn't|will never|would never|'ll never) (?:believe|guess|look at)\b",
    r"\bwhat (?:happened|happens|he did|she did|they did|it did|came) next\b",
    r"\byou(?:'ve| have) (?:probably )?(?:never|been) [\w ]{0,24}?(?:seen|wrong|noticed|doing)\b",
    r"\byou (?:probably|definitely|totally) (?:didn't|never|don't|missed|forgot)\b",
    r"\b(?:didn't|never) (?:know|knew) you (?:needed|wanted|could)\b",
    r"\bone (?:weird|simple|strange) trick\b|\b(?:doctors|experts|dentists) hate\b",
    r"\bthis (?:one )?(?:simple|weird|strange|tiny) (?:trick|hack|thing|habit)\b",
    r"^this is (?:what|how|why|exactly|the (?:most|best|only|cutest|funniest))\b",
    rf"^this (?:\w+ )?(?:{_SOMEBODY})(?:'s)? (?!was\b|died\b)",
    r"\bthe (?:reason|answer|result|ending) (?:will|might|may) (?:surprise|shock|amaze)\b",
    r"\b(?:is|are) (?:way )?too (?:real|cute|relatable)\b",
)))
_GAME = re.compile("|".join((
    r"\bwhich (?:[\w'-]+ ){1,6}?(?:are you|should you|do you|matches your|would you|describes you)\b",
    r"^(?:what|which) (?:[\w'-]+ ){1,6}?(?:are|were|would) you\b",
    r"\bcan (?:you|we) (?:guess|name|tell|spot|identify|match|pick|pass|solve|get through|make it)\b",
    r"^how \w+ (?:[\w'-]+ ){0,6}?(?:do|are|can|have|did|would) you\b",
    r"^(?:do|did|are|were|have|would|could) you (?!\w+ing to\b)",
    r"\bwe(?:'ll| can| will)? (?:guess|tell you|know|reveal|give you) (?:your|what|which|who|how|if)\b",
    r"\band we'll (?:tell|give|reveal|guess)\b",
    r"\bbased on your\b|\bbased on (?:the|how|which|what) [\w' ]*\byou|\byour (?:zodiac|star) sign\b",
)))
_FEELING = re.compile("|".join((
    r"\b(?:will|'ll) (?:blow your mind|make (?:you|your)|(?:melt|warm|break) your)\b",
    r"\b(?:will|'ll) (?:(?:give|leave|haunt) you|change (?:your life|the way you))\b",
    r"\b(?:restore|ruin) your (?:faith|childhood|day|life)\b",
    r"\bgives? you (?:chills|goosebumps|all the)\b",
    r"\b(?:we|you) can't (?:even|unsee|stop|handle|get enough)\b",
    r"\bthe internet (?:is losing|lost|can't)\b|\b(?:losing|lose|lost) (?:their|its|our|your) minds?\b",
    r"\b(?:so|too) (?:hilarious|adorable|relatable|satisfying)\b|\bthe cutest\b",
    r"\bwe(?:'re| are) all (?:\w+ )?(?:obsessed|crying|here for)\b",
    r"\ball the feels\b|\bfaith in humanity\b",
)))
_MATTERS = (
    "things|reasons|ways|signs|facts|pictures|photos|pics|gifs|tweets|times|moments|tips|tricks|secrets|gifts|"
    "products|hacks|questions|struggles|thoughts|jokes|memes|quotes|lessons|ideas|recipes|posts|looks|habits|"
    "mistakes|myths|truths|outfits|snacks|stages|situations"
)
_LIVING = "people|celebrities|women|men|girls|boys|guys|kids|parents|dogs|puppies|cats|kittens|animals"
"""Headlines count the living for graver reasons: alone, they make no list."""
_COUNT = r"^(?:the |these |here are )?(?:top )?\d{1,3} (?:[\w'&-]+ ){0,4}?"
_LISTED = re.compile(rf"{_COUNT}(?:{_MATTERS})\b")
_WHOM = "you|you'll|you're|everyone|every|anyone|all of us|only|who"
_FOR_ALL = re.compile(
    rf"{_COUNT}(?:(?:{_MATTERS})\b.*?\b(?:{_WHOM}) |(?:{_LIVING}) (?:who|that|you|everyone|we all) )"
)
"""A list about the reader, or about everybody: more than service."""
# fmt: on
_TURNS = ((_TEASE, BAIT), (_GAME, BAIT), (_FEELING, BAIT), (_FOR_ALL, BAIT), (_LISTED, LIST))


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Take points for a title with a turn of clickbait, or for a list."""
    points, turn = baited(standing.article.title)
    if points == BAIT:
        reason = f"its title baits the reader (“{turn}”)"
        yield LedgerLine(signal="clickbait", points=points, reason=reason)
    elif points:
        reason = f"its title announces a list (“{turn}”)"
        yield LedgerLine(signal="list", points=points, reason=reason)


def baited(title: str) -> tuple[int, str]:
    """Return the points that a title loses for its heaviest turn of clickbait (0 for none), and that
    turn in lower case.
    """
    told = title.casefold().replace("\u2019", "'").strip()
    for turns, points in _TURNS:
        if (found := turns.search(told)) is not None:
            return points, found[0].strip()
    return 0, ""
