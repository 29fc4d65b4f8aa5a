"""The command ``explain``: why a record is what it is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from wiredesk.engine.drafting import SealedArticle, Secret
from wiredesk.engine.outlook import Outlook
from wiredesk.records.decision import sentence
from wiredesk.records.judgement import CLAMP, Ledger, Membership
from wiredesk.records.record import Record
from wiredesk.records.story import Story

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_WIDE = 120
"""Columns where nobody is at a terminal."""


@click.command()
@click.argument("record", type=_FILE)
@click.option("--key", type=_FILE, help="The desk's key; found by itself for a record in its desk.")
@click.option("--json", "as_json", is_flag=True, help="Print what was sealed, as JSON.")
def explain(record: Path, key: Path | None, *, as_json: bool) -> None:
    """Say why RECORD is what it is.

    Prints how quality and heat add up, when its heat falls below the threshold
    or what would lift it over the gate, the evidence for each topic, where each
    field came from, and the articles that its story is made of. All of it is
    sealed into the record, so the desk's key is needed; the outlook needs the
    desk around it too.
    """
    from wiredesk.app.records import open_record, story_outlook  # noqa: PLC0415 - slow to import

    shown, secret = open_record(record, key)
    ahead = story_outlook(record, secret)
    if as_json:
        told = {**msgspec.structs.asdict(secret), "outlook": ahead}
        click.echo(msgspec.json.encode(told, order="deterministic"))
        return
    _show(shown, secret, ahead)


def _show(record: Record, secret: Secret, ahead: Outlook | None) -> None:
    from rich.console import Console  # noqa: PLC0415 - slow to import

    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    story = secret.story
    score = story.scores[story.lead]
    _head(console, record, story)
    _heading(console, f"Quality {score.quality.total}")
    console.print(_ledger(score.quality))
    moment = f", as of {_moment(story.as_of)}" if story.as_of else ""
    _heading(console, f"Heat {score.heat.total}", moment)
    console.print(_ledger(score.heat))
    if record.heat not in {None, score.heat.total} or record.quality not in {
        None,
        score.quality.total,
    }:
        _say(console, "(a human changed these numbers in the file, and theirs hold there)")
    if story.decisions:
        _heading(console, "Decisions")
        _lines(console, _decisions(story))
    if ahead is not None:
        _heading(console, "Outlook")
        _lines(console, _outlook(ahead, published=story.published))
    _heading(console, "Topics")
    _lines(console, _topics(secret))
    _heading(console, "Where each field came from")
    lead = next(one.article for one in secret.articles if one.article.id == story.lead)
    width = max(map(len, lead.origins), default=0)
    _lines(console, (f"{field:<{width}}  {origin}" for field, origin in lead.origins.items()))
    _heading(console, f"The story: {_count(len(story.members), 'article')}")
    _lines(console, _members(secret))
    near = [one for one in story.related if one.id not in {other.id for other in story.members}]
    if near:
        _heading(console, f"Near matter on the record: {_count(len(near), 'article')}")


def _head(console: Console, record: Record, story: Story) -> None:
    from rich.text import Text  # noqa: PLC0415 - slow to import

    console.print(Text(record.title, style="bold"))
    where = f"{record.provider.name}, {record.published_date_time}, story {story.id}"
    console.print(Text(where, style="dim"), soft_wrap=True)
    gate = Text("published" if record.published else "not published")
    gate.stylize("bold green" if record.published else "bold yellow")
    console.print(gate.append(f": {story.gate}", style="default not bold"))
    if story.split_from:
        _say(console, f"(split from story {story.split_from})")
    if record.published is not story.published:
        _say(console, "(a human changed this in the file, and it holds)")


def _ledger(ledger: Ledger) -> RenderableType:
    """Return a ledger as a table, what gives most first: points, what for, and the signal that said
    so; then the sum.
    """
    from rich.table import Table  # noqa: PLC0415 - slow to import
    from rich.text import Text  # noqa: PLC0415 - slow to import

    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", min_width=6, no_wrap=True)
    table.add_column()
    table.add_column(style="dim", no_wrap=True)
    for line in sorted(ledger.lines, key=lambda line: (line.signal == CLAMP, -line.points)):
        points = Text(f"{line.points:+}", style="green" if line.points > 0 else "red")
        table.add_row(points, Text(line.reason), Text(line.signal))
    table.add_row(Text(f"= {ledger.total}", style="bold"))
    return table


def _outlook(ahead: Outlook, *, published: bool) -> Iterator[str]:
    if ahead.missing:
        yield f"It lacks {_count(ahead.missing, 'point')} of the threshold of {ahead.threshold}."
        for lift in ahead.lifts:
            enough = "enough alone" if lift.enough else "not enough alone"
            yield f"  {lift.points:+4}  {lift.what} ({enough})"
        return
    if ahead.below_from is None:
        yield f"Its heat never falls below the threshold of {ahead.threshold}."
        return
    moment = _moment(ahead.below_from)
    yield f"If nobody else reports, its heat is below {ahead.threshold} from {moment} on."
    yield f"In the end it is {ahead.final}."
    if published:
        yield "It stays published: the gate goes by its hottest hour, not by the hour that it is."


def _topics(secret: Secret) -> Iterator[str]:
    if not secret.story.topics:
        yield "none"
    for match in secret.story.topics:
        yield match.topic
        for item in match.evidence:
            times = f" {item.times} times" if item.times > 1 else ""
            quote = f": “{item.quote}”" if item.quote else ""
            weight = f", weight {item.weight:+.2f}" if item.weight else ""
            yield f"  {item.rule} {item.keyword!r} in {item.place}{times}{weight}{quote}"


def _decisions(story: Story) -> Iterator[str]:
    for one in story.decisions:
        yield sentence(one)
        yield f"  {one.id}, {one.who or 'nobody named'}, {_moment(one.when)}: {one.why or 'no reason'}"


def _members(secret: Secret) -> Iterator[str]:
    story = secret.story
    articles = {sealed.article.id: sealed for sealed in secret.articles}
    for member in story.members:
        article = articles[member.id].article
        copy = _copy(member.duplicate_of, articles)
        mark = "lead" if member.id == story.lead else (copy or "report")
        yield (
            f"{story.scores[member.id].quality.total:>4}  {article.provider.name}: {article.title}"
        )
        yield f"      {mark}; {_joined(member)}"


def _joined(member: Membership) -> str:
    if member.by:
        return f"put here by the decision {member.by}"
    if not member.likeness:
        return "opened the story"
    return f"joined by {member.rule}, likeness {member.likeness:.2f}"


def _copy(original: str, articles: dict[str, SealedArticle]) -> str:
    if not original:
        return ""
    sealed = articles.get(original)
    return f"copy of {sealed.article.provider.name}'s" if sealed else "copy"


def _heading(console: Console, heading: str, more: str = "") -> None:
    from rich.text import Text  # noqa: PLC0415 - slow to import

    console.print()
    console.print(Text(heading, style="bold").append(more, style="dim not bold"))


def _say(console: Console, line: str) -> None:
    """Print a line as it is: what strangers wrote is no markup."""
    from rich.padding import Padding  # noqa: PLC0415 - slow to import
    from rich.text import Text  # noqa: PLC0415 - slow to import

    console.print(Padding(Text(line), (0, 0, 0, 2), expand=False))


def _lines(console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        _say(console, line)


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
