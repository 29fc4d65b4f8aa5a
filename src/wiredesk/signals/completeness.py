"""How much of an article there is, -14 to 31 points.

A reader needs a title, a summary, a text, an author and a date; what is missing is told in its own
line. The length counts in steps, because from some 600 words on more words are not more quality.

Better: a longer text, a title of three words or more, and each part rather than none.
"""

from __future__ import annotations

from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.article import Article
from wiredesk.records.judgement import LedgerLine
from wiredesk.records.wording import words

EXCERPT, BYLINE, DATE, LANGUAGE = 6, 3, 5, 1
TEXT_STEPS = ((600, 16), (300, 13), (150, 9), (60, 4))
"""(words, points): a long report, a report, a brief, a note."""
THIN = -8
"""Fewer words than a note: nothing to read behind the link."""
VIDEO = 16
"""A video stands for its text: as much as a long report."""
SHORT_TITLE = -6
"""A title of fewer than three words says nothing in a list."""
LEAST_TITLE_WORDS, LEAST_EXCERPT_WORDS = 3, 8


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Give a line for each part that is there, and for a text or title that is too short."""
    article = standing.article
    yield _text(article)
    if len(words(article.title)) < LEAST_TITLE_WORDS:
        yield _line("title", SHORT_TITLE, "the title has fewer than three words")
    if len(words(article.excerpt)) >= LEAST_EXCERPT_WORDS:
        yield _line("excerpt", EXCERPT, "it has a summary")
    if article.byline:
        yield _line("byline", BYLINE, f"it is signed by {article.byline}")
    if article.published_date_time is not None:
        yield _line("date", DATE, "it states when it was published")
    if article.language:
        yield _line("language", LANGUAGE, f"its language is known ({article.language})")


def _text(article: Article) -> LedgerLine:
    if article.featured_content:
        return _line("video", VIDEO, "it is a video that can be shown")
    count = len(words(article.text))
    for least, points in TEXT_STEPS:
        if count >= least:
            return _line("text", points, f"its text has {least} words or more ({count})")
    return _line("thin", THIN, f"its text has only {count} words")


def _line(signal: str, points: int, reason: str) -> LedgerLine:
    return LedgerLine(signal=signal, points=points, reason=reason)
