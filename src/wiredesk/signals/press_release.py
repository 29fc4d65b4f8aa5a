"""Press releases, -30 to 0 points: what somebody says of himself, sent out as it stands.

Told by their publisher (a wire that carries nothing else, by the desk's list or by the table that
comes with wiredesk), else by their wording: a distributor's mark in the dateline, a release's opening
with some of its boilerplate, or two kinds of boilerplate. The heavier kind counts, once.

Better: a publisher of its own words, and less of this wording.

The wording is English (and ``(ots)``, which German wires use); releases in other languages are told
by their publisher alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

WIRE, WORDING = -30, -20

TAIL = 3000
"""Characters at either end of the text in which a release has its dateline and its boilerplate."""

# fmt: off
_DISTRIBUTED = (
    "/prnewswire", "(business wire)", "(globe newswire)", "(globenewswire)", "(ein presswire)",
    "(einpresswire", "/ein presswire", "/einpresswire", "/accesswire", "/ accesswire", "(accesswire",
    "/cnw/", "(newsfile corp", "(marketwired", "(prweb)", "/prweb", "/kisspr", "(ots)",
    "view original content to download", "view original content:", "view source version on",
    "view the original press release",
)
"""A distributor's mark, in the dateline or at the end."""
_GLAD = "(?:pleased|proud|delighted|excited|thrilled|honou?red)"
_MAKER = "(?:provider|supplier|developer|manufacturer|innovator|maker|distributor|platform)"
_NAMED = r"(?!the |how |what |why |half |one |two |three |a |an )[\w&.'-]+(?: [\w&.'-]+){0,4}"
_OPENING = re.compile("|".join((
    r"(?:^|\n)[\W_]*for immediate release\b(?! of)",
    r"\btoday announced\b|\bannounced today\b",
    rf"\b(?:is|are) {_GLAD} to (?:announce|introduce|unveil|share)\b",
    r"\bproudly (?:announces|presents|introduces)\b",
    rf"\b(?:a|an|the) (?:\w+[ -]){{0,2}}?(?:leading|premier|award-winning) (?:\w+ ){{0,3}}?{_MAKER} of\b",
    r"\((?:nasdaq|nyse|tsx|tsxv|cse|lse|aim|asx|otcq[bx]|euronext)(?: \w+)?: ?[a-z.]+\)",
)))
_BOILERPLATE = tuple(map(re.compile, (
    r"\b(?:media|press|investor|pr)(?: relations)? (?:contacts?|inquiries|enquiries)\b ?(?:\w+ ?)?[:\n]",
    r"(?:^|\n)(?:investor relations|media relations|press office):",
    r"\bforward-looking statements?\b|\bsafe harbou?r statement\b",
    rf"(?:^|\n)about {_NAMED} ?(?:\n|: |$)",
    r"\b(?:for more information|to learn more),? (?:please )?(?:visit|contact|go to)\b",
    r"\bis solely responsible for (?:the|this) (?:content|release|announcement)\b",
    r"\bnot for (?:release|distribution)[\w ,]* in(?:to)? the united states\b",
    r"# ?# ?#(?:\s|$)",
    r"(?:^|\n)source:? [\w&.' ]+$",
)))
# fmt: on


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Take points for a release, by its publisher or by its wording."""
    article = standing.article
    if standing.advertises:
        reason = f"{article.provider.name} carries {standing.advertises}"
        yield LedgerLine(signal="press-release", points=WIRE, reason=reason)
    elif is_press_release(article.text or article.excerpt):
        reason = "it has the wording of a press release"
        yield LedgerLine(signal="press-release", points=WORDING, reason=reason)


def is_press_release(text: str) -> bool:
    """Return whether a text has the wording of a press release."""
    ends = text if len(text) <= 2 * TAIL else f"{text[:TAIL]}\n{text[-TAIL:]}"
    ends = ends.lower()
    if any(mark in ends for mark in _DISTRIBUTED):
        return True
    boilerplate = sum(pattern.search(ends) is not None for pattern in _BOILERPLATE)
    return boilerplate > 1 or (boilerplate == 1 and _OPENING.search(ends) is not None)
