"""Advertising in the dress of news: reports of a market's size that somebody sells, and offers
(coupons, deals), -40 to 0 points.

Market reports are told by *marks*, each a turn that the makers of such reports use all the time and
newsrooms seldom. One alone may stand in honest news, so it takes several, by weight. Sums, years and
growth are business news, and count little. The heavier kind counts, once.

Better: fewer marks. One more mark never gives points back.

The wording is English. Market reports that state a growth rate are told in German, French, Spanish,
Italian and Portuguese too, from their titles; offers, and all other languages, are not covered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

MARKET_REPORT, OFFER = -40, -25

BY_TITLE, BY_LEAD, BY_BOTH = 4, 6, 6
"""Weight of marks from which a text is a market report: in a title about a market, in the first
words below any title, and in both together where the title is about a market."""

LEAD = 1200
"""Characters of the text that are looked at: the marks stand at the top."""

Mark = tuple[int, re.Pattern[str]]


def _any(*turns: str) -> str:
    return rf"\b(?:{'|'.join(turns)})\b"


def _marks(*marks: tuple[int, str]) -> tuple[Mark, ...]:
    return tuple((weight, re.compile(pattern)) for weight, pattern in marks)


# fmt: off
_YEAR = r"20[2-9]\d"
_SUM = r"(?:\bus\$|\busd|\beur|\$|€|£)\s?\d|\b\d[\d.,]*\s?" + _any(
    "billion", "million", "trillion", "bn", "mn", "milliarden", "milliards", "(?:mil )?millones",
    "miliardi", "bilhões",
)
_RATE = _any(
    "cagr", "compound annual (?:growth )?rate", "tcac", "tcca", "tasa de crecimiento anual compuesta"
)
_TERM = _any(
    "analysis", "business", "competitive", "comprehensive", "demand", "drivers", "dynamics?", "emerging",
    "forecasts?", "future", "global", "growth", "in-depth", "industry", "innovations", "insights?", "key",
    "landscape", "latest", "manufacturers", "opportunit(?:y|ies)", "outlook", "overview", "players",
    "projections", "prospects", "regional", "report", "revenue", "scenario", "scope", "segments?",
    "segmentation", "share", "size", "statistics", "status", "strategic", "strategies", "study",
    "technologies", "trends?", "valuation", "vendors", "worldwide",
)
"""What titles of market reports are strung together from."""
_TERMS = re.compile(_TERM)
TERMS = (0, 1, 1, 2, 3, 4)
"""Weight of so many different terms in a title; of more, that of the last."""
_PLAYERS = (
    _any("(?:top |major )?(?:key|top|leading|prominent|major|emerging)")
    + " (?:market )?"
    + _any("players", "vendors", "companies", "manufacturers", "giants", "participants")
)
_SELLER = r"\w[\w&']* (?:market )?" + _any(
    "research", "insights", "analytics", "intelligence", "markets", "consulting"
)
_PAIRED = rf"\b(?:size|share|trends)(?:,| and| &) (?:and |& )?{_TERM}"
_PROMISE = _any(
    "expected", "projected", "estimated", "anticipated", "predicted", "forecast(?:ed)?", "set", "poised",
    "likely", "will", "to", "may",
) + " (?:to )?" + _any(
    "reach", "hit", "surpass", "exceed", "cross", "touch", "garner", "grow", "rise", "climb", "witness",
    "experience", "generate", "expand", "gain", "add", "be worth",
)

_END = rf"(?:the (?:year|end of) )?{_YEAR}\b"
_SOURCE = r"\b(?:says?|said|sees|expects|warns|predicts|estimates|finds|shows)\b|[:-] [\w .&']+$"

_IN_TITLE = _marks(
    (2, _RATE),
    (2, _any("(?:market|industry) (?:size|worth|research|insights)", "größe, anteil",
             r"(?:größe|taille|tamaño|dimensione|tamanho) d(?:es|el|u|o) m\w+")),
    (2, _PAIRED),
    (2, _any("global", "worldwide", "research", "industry")
        + r" (?:market )?(?:report|forecast|analysis)\b(?! to [a-z])"),
    (2, rf"\b(?:market|industry) {_YEAR}\b"),
    (2, _any(rf"{_YEAR} ?(?:-|\u2013|to) ?{_YEAR}", "forecast period", f"industry to {_YEAR}")),
    (2, _PLAYERS),
    (2, _any("booming", "going to boom", "big move", "next big thing", "lucrative")),
    (2, _any("(?:huge|explosive|tremendous|massive|exponential|substantial|robust) "
             "(?:growth|revenue|demand)",
             "growth (?:opportunities|drivers|strategies|prospects)")),
    (2, _any("by (?:type|product|component|application|region|end[ -]user|deployment), by")),
    (2, rf"\b(?:says|reveals|finds|by|report from) (?:a )?(?:new )?{_SELLER}|[:-] {_SELLER}$"),
    (2, r"^insights on the\b"),
    (2, r"\bfeaturing [\w&' ]+,|\|[^,|]+,[^,|]+"),
    (1, r"\b(?:market|industry) ?(?:[:|]|- )"),
    (1, _any("mondial", "mundial", "globale", "north america", "asia[ -]pacific", "united states")),
    (1, _any("(?:rising|growing|increasing|surging) (?:adoption|demand|prevalence|popularity|use)")),
    (1, _PROMISE),
    (1, _SUM),
    (1, rf"\b(?:by|until|till|through|to|bis|en|ici|para|entro|até) {_END}"),
    (1, rf"^(?!.*(?:{_SOURCE})).*\bmarket\b.*\bby {_END}"),
)
"""The last one is a promise with nobody's name to it."""
_IN_LEAD = _marks(
    (2, _RATE),
    (2, _any("forecast period", "during the (?:forecast|projection)")),
    (2, _any("market (?:size )?(?:(?:was|is|has been) )?(?:valued|estimated|pegged|reached)")),
    (2, _any("market (?:size )?is (?:expected|projected|anticipated|estimated|poised|set|likely) to",
             "expects the market to")),
    (2, _PLAYERS),
    (2, _any("(?:request|get|download) (?:a |your )?(?:free )?sample", "sample (?:copy|pdf|report)",
             "browse (?:the )?full report", "table of contents", "(?:buy|purchase) (?:this|the) report")),
    (2, _any("segmented (?:on the basis of|based on|by|into)", "by type, application")),
    (2, r"\bth(?:e|is) (?:\w+ )?(?:report|study) "
        + _any("offers", "provides", "gives", "covers", "analy[sz]es", "profiles", "highlights")),
    (2, _any("drivers(?:,| and) (?:and )?restraints", "market dynamics", "competitive landscape")),
    (2, r"\baccording to (?:a |the )?(?:new |latest )?(?:market |research ){0,2}report by " + _SELLER),
    (2, _PAIRED),
    (1, _SUM),
)
_SUBJECT = re.compile(
    r"(?:([\w'&-]+) )?(?:\b(?:market|industry)\b(?: ([\w'-]+))?|"
    r"\b(?:markt für|\w+markt|marché (?:mondial )?d|mercado d|mercato d))|"
    r"^(?:global )?(?:demand for|sales of) "
)
_NOT_BEFORE = frozenset((
    "a", "an", "and", "at", "for", "from", "in", "into", "its", "of", "on", "or", "out", "that", "the",
    "their", "this", "to",
    "bear", "bond", "bonds", "bull", "credit", "currency", "emerging", "equity", "forex", "housing",
    "job", "jobs", "labor", "labour", "money", "mortgage", "share", "shares", "stock", "stocks",
    "black", "christmas", "common", "farmers", "farmers'", "fish", "flea", "flower", "food", "free",
    "night", "open", "single", "street",
))
"""Words after which a market is one that was named before, one of finance, or a place."""
_NOT_AFTER = frozenset((
    "hall", "halls", "place", "square", "stall", "stallholders", "stalls", "street", "town",
    "abuse", "access", "close", "crash", "day", "days", "economy", "forces", "funds", "leader",
    "leaders", "maker", "makers", "movers", "rally", "regulator", "regulators", "reopens", "rule",
    "rules", "sell-off", "sentiment", "trader", "traders", "traders'", "turmoil", "volatility",
    "watchdog", "wrap",
))
"""Words before which it is."""
# fmt: on
_OFFER = re.compile(
    r"\b(?:promo|coupon|discount|voucher) codes?\b|\bcoupons?\b|\b\d{1,2}% off\b|"
    r"\b(?:best|top|early|today's) [\w' -]{0,30}?deals\b|\bdeal alert\b|\bsave (?:up to )?[$£€]\d|"
    r"\blowest price (?:ever|yet)\b"
)


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Take the points of the heavier kind of advertising that is found."""
    found = sorted(_found(standing), key=lambda line: (line.points, line.signal))
    yield from found[:1]


def _found(standing: Standing) -> Iterator[LedgerLine]:
    article = standing.article
    if is_market_report(article.title, f"{article.excerpt} {article.text[:LEAD]}"):
        reason = "it reads like an advertised market report"
        yield LedgerLine(signal="market-report", points=MARKET_REPORT, reason=reason)
    offer = offered(article.title)
    if offer:
        reason = f"its title offers something for sale (“{offer}”)"
        yield LedgerLine(signal="offer", points=OFFER, reason=reason)


def is_market_report(title: str, lead: str = "") -> bool:
    """Return whether a title, with the first words below it (``lead``), is that of a market report:
    a text that advertises a study of some market's size.
    """
    title, lead = title.lower(), lead.lower()
    about = _is_about_a_market(title)
    in_title = _weight(title, _IN_TITLE) + _terms(title) if about else 0
    if in_title >= BY_TITLE:
        return True
    if "market" not in lead:
        return False
    in_lead = _weight(lead, _IN_LEAD)
    return in_lead >= BY_LEAD or (about and in_title + in_lead >= BY_BOTH)


def offered(title: str) -> str:
    """Return the words with which a title offers something for sale, or an empty string."""
    found = _OFFER.search(title.lower().replace("\u2019", "'"))
    return found[0] if found else ""


def _is_about_a_market(title: str) -> bool:
    """Return whether a title names a market of goods: not at its very start, which is where the
    day's trading is told.
    """
    return any(
        found[1] not in _NOT_BEFORE and found[2] not in _NOT_AFTER and not _opens(found)
        for found in _SUBJECT.finditer(title)
    )


def _opens(found: re.Match[str]) -> bool:
    return found.start() == 0 and found[0].startswith(("market", "industry"))


def _terms(title: str) -> int:
    return TERMS[min(len(set(_TERMS.findall(title))), len(TERMS) - 1)]


def _weight(text: str, marks: Sequence[Mark]) -> int:
    return sum(weight for weight, mark in marks if mark.search(text))
