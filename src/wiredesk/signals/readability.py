"""Can it be read with ease? -4 to 3 points.

Sentence length is the one measure of readability that holds across languages without a dictionary
(every classic formula has it as a term). A text of long prose sentences is fine; one without full
stops is a list, a table or boilerplate. Little weight: it is a hint. Scripts that put no space
between words (Chinese, Japanese, Thai, …) are not judged: their words cannot be counted so.

Better: a mean nearer to that of usual prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

PLAIN, TANGLED = 3, -4
LEAST_WORDS = 60
"""Below this a mean says nothing."""
EASY_FROM, EASY_TO, HARD_FROM = 6, 30, 45
"""Words a sentence."""
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_SAMPLE, _MOST_UNSPACED = 400, 40
"""Of so many first characters, how many may be of such a script."""
_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\u06d4\u0964]")


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Give points for sentences of a usual length, take them for endless ones."""
    text = standing.article.text
    count = len(text.split())
    if count < LEAST_WORDS or len(_UNSPACED.findall(text[:_SAMPLE])) > _MOST_UNSPACED:
        return
    mean = count / max(1, len(_END.findall(text)))
    if EASY_FROM <= mean <= EASY_TO:
        yield LedgerLine(
            signal="readability", points=PLAIN, reason=f"its sentences have {mean:.0f} words each"
        )
    elif mean > HARD_FROM:
        yield LedgerLine(
            signal="readability",
            points=TANGLED,
            reason=f"its sentences have {mean:.0f} words each, more a list than prose",
        )
