"""Advertising in the dress of news, -40 to 0 points.

Three kinds, each told by wording that reports do not use: market-report mills (a "market size"
that "will reach" a sum "by 2031" at a "CAGR"), press releases (the distributors' datelines and legal
boilerplate, or a publisher that the desk lists as a distributor), and offers (coupons, deals). One
phrase may stand in honest news, so a market report needs its subject and two of its turns. The
heaviest kind counts, once: the three often come together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

MARKET_REPORT, PRESS_WIRE, PRESS_WORDING, OFFER = -40, -30, -20, -25
LEAST_TURNS = 2
"""Of a market report's turns beside its subject."""

_MARKET = re.compile(
    r"\bmarkets?\b[^.]{0,40}?\b(?:size|share|report|analysis|forecast|growth|outlook|trends?|value|"
    r"research|insights?|worth|is (?:expected|projected|estimated|set)|"
    r"to (?:reach|hit|surpass|exceed|grow))\b",
    re.IGNORECASE,
)
_TURNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bCAGR\b|\bcompound annual growth\b",
        r"\b(?:reach|hit|surpass|exceed|worth|valued at|cross)\b[^.]{0,20}?\d",
        r"(?:US\$|USD|\$|€)\s?\d[\d.,]*\s?(?:bn|billion|mn|million|trillion)\b",
        r"\bby 20[2-9]\d\b|\b20[2-9]\d\s?(?:-|\u2013|to)\s?(?:20)?[2-9]\d\b",
        r"\b(?:key|top|leading) (?:players|vendors|companies|manufacturers)\b",
        r"\b(?:size|share|growth|trends?|forecast),? (?:and |& )?(?:share|growth|trends?|forecast)\b",
        r"\b(?:global )?(?:industry|market) (?:analysis|research|insights|forecasts?)\b",
    )
)
_RELEASE = re.compile(
    r"/PRNewswire/|\(BUSINESS WIRE\)|\bGLOBE ?NEWSWIRE\b|\bEIN ?Presswire\b|\bACCESSWIRE\b|"
    r"\b(?:media|press) contacts?:|\bforward-looking statements?\b|"
    r"\bfor immediate release\b|\bview original content\b",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\b(?:promo|coupon|discount|voucher) codes?\b|\bcoupons?\b|\b\d{1,2}% off\b|"
    r"\b(?:best|top|early|today's) [\w' -]{0,30}?deals\b|\bdeal alert\b|\bsave (?:up to )?[$£€]\d|"
    r"\blowest price (?:ever|yet)\b",
    re.IGNORECASE,
)
_LEAD = 1200
"""Characters of the text that are looked at for a market report: its turns stand at the top."""
_TAIL = 3000
"""Characters at either end of the text in which a release has its dateline and its boilerplate."""


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Take the points of the heaviest kind of advertising that is found."""
    found = sorted(_found(standing), key=lambda line: (line.points, line.signal))
    yield from found[:1]


def _found(standing: Standing) -> Iterator[LedgerLine]:
    article, provider = standing.article, standing.provider
    if is_market_report(article.title, f"{article.excerpt} {article.text[:_LEAD]}"):
        yield _line("market-report", MARKET_REPORT, "it reads like an advertised market report")
    if provider is not None and provider.kind == "press-release":
        yield _line("press-release", PRESS_WIRE, f"{provider.name} distributes press releases")
    ends = article.text if len(article.text) <= 2 * _TAIL else _ends(article.text)
    told = _RELEASE.search(ends)
    if told is not None:
        reason = f"it is worded like a press release ({' '.join(told.group().split())})"
        yield _line("press-release", PRESS_WORDING, reason)
    offer = _OFFER.search(article.title)
    if offer is not None:
        yield _line("offer", OFFER, f"its title offers something for sale ({offer.group()})")


def is_market_report(title: str, lead: str = "") -> bool:
    """Return whether a title, with the words below it, is a market report's."""
    if _MARKET.search(title) is None:
        return False
    in_title = sum(turn.search(title) is not None for turn in _TURNS)
    if in_title == 0:
        return False
    text = f"{title}. {lead}"
    return sum(turn.search(text) is not None for turn in _TURNS) >= LEAST_TURNS


def _ends(text: str) -> str:
    return f"{text[:_TAIL]} {text[-_TAIL:]}"


def _line(signal: str, points: int, reason: str) -> LedgerLine:
    return LedgerLine(signal=signal, points=points, reason=reason)
