"""Showing: what of a story may leave the desk beyond its record.

The one gate between what is sealed and what is public: fields are copied by name. A human's word
in the record goes before the desk's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from wiredesk.engine.drafting import stamp
from wiredesk.ports.publisher import Report, Told
from wiredesk.ports.store import ArticleRow
from wiredesk.records.identity import content_digest
from wiredesk.records.judgement import Ledger, LedgerLine, Membership
from wiredesk.records.merge import digests
from wiredesk.records.record import Record
from wiredesk.records.story import Story


def show(
    story: Story, record: Record, base: Mapping[str, str], held: Callable[[str], ArticleRow]
) -> Told:
    """Return what is told of ``story`` beside its ``record``; ``base`` has the digests of the desk's
    own values in it (``records.merge``), ``held`` gives an article's row.
    """
    first, *others = (_report(member, held(member.id)) for member in story.members)
    others.sort(key=lambda report: (report.published_date_time, report.provider.domain, report.url))
    if digests(record).get("related", "") != base.get("related", ""):
        left = {item.web_url for item in record.related}
        others = [report for report in others if report.url in left]
    score = story.scores[story.lead]
    return Told(
        coverage=(first, *others),
        quality=_with_editor(score.quality, record.quality),
        heat=_with_editor(score.heat, record.heat),
    )


def version(story: Story, base: Mapping[str, str]) -> str:
    """Return a digest of all that ``show`` goes by apart from the record."""
    judged = msgspec.structs.replace(story, closed=False)
    return content_digest((judged, base.get("related", "")))


def _report(member: Membership, row: ArticleRow) -> Report:
    article = row.article
    return Report(
        title=article.title,
        provider=article.provider,
        url=article.web_url or article.featured_content,
        published_date_time=stamp(article.published_date_time),
        language=article.language,
        copy=bool(member.duplicate_of),
    )


def _with_editor(ledger: Ledger, shown: int | None) -> Ledger:
    """Return ``ledger`` with a line for what a human made of the number."""
    by_hand = (ledger.total if shown is None else shown) - ledger.total
    if not by_hand:
        return ledger
    line = LedgerLine(signal="editor", points=by_hand, reason="changed by an editor")
    return Ledger((*ledger.lines, line))
