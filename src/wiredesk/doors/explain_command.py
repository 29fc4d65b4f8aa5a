"""The command ``explain``: why a record is what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from wiredesk.engine.drafting import SealedArticle, Secret
from wiredesk.records.judgement import Ledger, Membership
from wiredesk.records.record import Record

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("record", type=_FILE)
@click.option("--key", type=_FILE, help="The desk's key; found by itself for a record in its desk.")
@click.option("--json", "as_json", is_flag=True, help="Print what was sealed, as JSON.")
def explain(record: Path, key: Path | None, *, as_json: bool) -> None:
    """Say why RECORD is what it is.

    Prints the ledgers of quality and heat, the evidence for each topic, where
    each field came from, and the articles that its story is made of. All of it
    is sealed into the record, so the desk's key is needed, and nothing else.
    """
    from wiredesk.app import open_record  # noqa: PLC0415 - slow to import

    shown, secret = open_record(record, key)
    if as_json:
        click.echo(msgspec.json.encode(secret, order="deterministic"))
        return
    for line in _told(shown, secret):
        click.echo(line)


def _told(record: Record, secret: Secret) -> Iterator[str]:
    story = secret.story
    articles = {sealed.article.id: sealed for sealed in secret.articles}
    lead = articles[story.lead].article
    score = story.scores[story.lead]
    yield record.title
    yield f"{record.provider.name}, {record.published_date_time}, story {story.id}"
    gate = "published" if record.published else "not published"
    yield f"{gate}: {story.gate}"
    if record.published is not story.published:
        yield "  (a human changed this in the file, and it holds)"
    yield ""
    yield f"Quality {score.quality.total}"
    yield from _ledger(score.quality)
    yield ""
    yield f"Heat {score.heat.total}"
    yield from _ledger(score.heat)
    yield ""
    yield "Topics"
    yield from _topics(secret)
    yield ""
    yield "Where each field came from"
    width = max(map(len, lead.origins), default=0)
    yield from (f"  {field:<{width}}  {origin}" for field, origin in lead.origins.items())
    yield ""
    yield f"The story: {_count(len(story.members), 'article')}"
    for member in story.members:
        sealed = articles[member.id]
        copy = _copy(member.duplicate_of, articles)
        quality = story.scores[member.id].quality.total
        mark = "lead" if member.id == story.lead else (copy or "report")
        yield f"  {quality:>4}  {sealed.article.provider.name}: {sealed.article.title}"
        yield f"        {mark}; {_joined(member)}"
    near = [relation for relation in story.related if relation.id not in articles]
    if near:
        yield ""
        yield f"Near matter on the record: {_count(len(near), 'article')}"


def _joined(member: Membership) -> str:
    if not member.likeness:
        return "opened the story"
    return f"joined by {member.rule}, likeness {member.likeness:.2f}"


def _ledger(ledger: Ledger) -> Iterator[str]:
    for line in ledger.lines:
        yield f"  {line.points:>+4}  {line.signal}: {line.reason}"


def _topics(secret: Secret) -> Iterator[str]:
    if not secret.story.topics:
        yield "  none"
    for match in secret.story.topics:
        yield f"  {match.topic}"
        for item in match.evidence:
            times = f" {item.times} times" if item.times > 1 else ""
            quote = f": “{item.quote}”" if item.quote else ""
            weight = f", weight {item.weight:+.2f}" if item.weight else ""
            yield f"    {item.rule} {item.keyword!r} in {item.place}{times}{weight}{quote}"


def _copy(original: str, articles: dict[str, SealedArticle]) -> str:
    if not original:
        return ""
    sealed = articles.get(original)
    return f"copy of {sealed.article.provider.name}'s" if sealed else "copy"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
