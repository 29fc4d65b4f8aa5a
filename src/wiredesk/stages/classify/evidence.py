"""Evidence: the lines that say why a topic was given, for a person to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from wiredesk.records.judgement import Evidence
from wiredesk.stages.classify.points import Tally
from wiredesk.stages.classify.terms import Hit
from wiredesk.stages.classify.text import Place

QUOTE_REACH = 40
"""Characters quoted on either side of a hit, before trimming to whole words."""
EVIDENCE_CAP = 12
"""Lines of evidence kept for a topic, weightiest first: what a person still reads."""

WORDS_SHOWN = 4
"""Words around an ambiguous keyword that are named."""


def evidence(tallies: Sequence[Tally], places: Sequence[Place]) -> list[Evidence]:
    """Return the weightiest keywords' lines, each followed by the support that it leaned on."""
    lines: dict[Evidence, None] = {}
    for tally in sorted(tallies, key=lambda tally: -tally.points):
        lines.update(dict.fromkeys(_lines(tally, places, tally.term.kind)))
        if tally.support is not None and tally.support not in tallies:
            lines.update(dict.fromkeys(_lines(tally.support, places, "support")[:1]))
        if tally.context is not None:
            alone = "a name that stands alone" if tally.term.cased else "its usual sense"
            around = ", ".join(tally.context[:WORDS_SHOWN]) or alone
            lines[Evidence(keyword=around, place="context", rule="context")] = None
        if len(lines) >= EVIDENCE_CAP:
            break
    return list(lines)[:EVIDENCE_CAP]


def _lines(tally: Tally, places: Sequence[Place], rule: str) -> list[Evidence]:
    """Return one line for each place where the keyword was found."""
    written = tally.term.written
    if tally.tag:
        return [Evidence(keyword=written, place="hashtag", rule=rule, quote=tally.tag)]
    by_place: dict[int, list[Hit]] = defaultdict(list)
    for hit in tally.hits:
        by_place[hit.place].append(hit)
    return [
        Evidence(
            keyword=written,
            place=places[place].name,
            rule=rule,
            times=len(hits),
            quote=_quote(places[place].said, hits[0]),
        )
        for place, hits in sorted(by_place.items())
    ]


def _quote(said: str, hit: Hit) -> str:
    """Return the hit with a few words on either side, whole, and "…" where the text goes on."""
    start, end = max(0, hit.start - QUOTE_REACH), min(len(said), hit.end + QUOTE_REACH)
    before, after = said[start : hit.start], said[hit.end : end]
    if start:
        before = "… " + (before.split(" ", 1)[1] if " " in before else before)
    if end < len(said):
        after = (after.rsplit(" ", 1)[0] if " " in after else after) + " …"
    return f"{before}{said[hit.start : hit.end]}{after}".replace("\n", " ")
