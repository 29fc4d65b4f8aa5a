"""The commands of ``wiredesk newsletter`` that are about editions."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from wiredesk.config import Settings
from wiredesk.doors.newsletter_desk import counted, desk_argument, need_smtp, opened
from wiredesk.errors import ConfigError, PostError
from wiredesk.records.newsletter import Issue

_SHORT = 60


@click.command("run")
@desk_argument
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def run(desk: Path, *, as_json: bool) -> None:
    """Do what is due for the newsletters of DESK.

    Makes the editions that are due, releases those whose window for an editor has
    ended, writes their records, sends, and tries again what a server put off.
    Nothing is ever sent twice because of a crash: what may have been sent is shown
    as "in doubt". Exit 1 when something could not be done now.
    """
    with opened(desk) as (_, work):
        done = work()
    if as_json:
        report = {
            "made": [each.id for each in done.made],
            "released": [each.id for each in done.released if each.status == "released"],
            "filed": done.filed,
            "sent": done.sent,
            "confirmations": done.confirmations,
            "troubles": done.troubles,
        }
        click.echo(msgspec.json.encode(report))
    else:
        for issue in (*done.made, *done.released):
            click.echo(_line(issue))
        for folder in done.filed:
            click.echo(f"written to {folder}")
        for each in done.sent:
            click.echo(f"{each.issue}: {each.recipients} recipients: {counted(each.counts)}")
        for trouble in done.troubles:
            click.echo(f"wiredesk: {trouble}", err=True)
    if done.troubles:
        sys.exit(1)


@click.command("list")
@desk_argument
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_issues(desk: Path, *, as_json: bool) -> None:
    """List the editions of DESK, the newest last, with what became of their letters.

    "doubt" counts letters that may have arrived: the process or the connection died
    at the moment of sending. They are not sent again unless you say so.
    """
    with opened(desk) as (_, work):
        for issue in work.letters.issues():
            counts = Counter[str](each.status for each in work.letters.deliveries(issue.id))
            if as_json:
                told = {
                    "id": issue.id,
                    "status": issue.status,
                    "due": issue.due,
                    "stories": len(issue.items or issue.picks),
                    "deliveries": dict(sorted(counts.items())),
                }
                click.echo(msgspec.json.encode(told))
            else:
                click.echo(f"{_line(issue)}{'; ' if counts else ''}{counted(counts)}")


@click.command("show")
@desk_argument
@click.argument("edition")
@click.option("--html", "form", flag_value="html", help="The mail's HTML.")
@click.option("--text", "form", flag_value="text", help="The mail's plain text.")
@click.option(
    "--recipients", "form", flag_value="recipients", help="Every recipient, and what became of it."
)
def show(desk: Path, edition: str, form: str | None) -> None:
    """Show EDITION as it is, or would be if it were released now.

    With --recipients, a line for each: status, time, the server's code and words, and
    the address. That is the one place that prints addresses beside the export.
    """
    with opened(desk) as (settings, work):
        issue = work.issuing.show(edition)
        if form == "recipients":
            for each in work.letters.deliveries(issue.id):
                known = work.letters.subscriber(each.subscriber)
                address = known.address if known else "(forgotten)"
                click.echo(
                    f"{each.status:8} {each.at:%Y-%m-%dT%H:%MZ} {each.code:3} {address} {each.reply}"
                )
            return
        if form in {"html", "text"}:
            click.echo(_rendered(settings, issue, form), nl=False)
            return
    click.echo(_line(issue))
    for item in issue.items:
        click.echo(f"  {item.heat:4}  {item.title}  [{item.provider.name}]")
        click.echo(f"        {item.story}  {item.url}")


@click.command("preview")
@desk_argument
@click.argument("series", default="")
@click.option("--at", type=click.DateTime(), help="As if it were due at this time (UTC).")
@click.option("--html", "form", flag_value="html", help="The mail's HTML.")
@click.option("--text", "form", flag_value="text", default=True, help="Its plain text (default).")
def preview(desk: Path, series: str, at: datetime | None, form: str) -> None:
    """Show what an edition of SERIES (the first one) would be now. Nothing is kept or sent.

    \b
    Example:
      wiredesk newsletter preview my-desk daily --html > daily.html
    """
    with opened(desk) as (settings, work):
        issue = work.issuing.preview(series, at.replace(tzinfo=UTC) if at else None)
    if not issue.items:
        click.echo("There is nothing to tell.", err=True)
        sys.exit(1)
    click.echo(_rendered(settings, issue, form), nl=False)


@click.command("hold")
@desk_argument
@click.argument("edition")
def hold(desk: Path, edition: str) -> None:
    """Keep EDITION from being sent by itself when its window ends.

    It waits until you release or drop it.
    """
    with opened(desk) as (_, work):
        click.echo(_line(work.issuing.hold(edition)))


@click.command("release")
@desk_argument
@click.argument("edition")
def release(desk: Path, edition: str) -> None:
    """Release EDITION now: its content is fixed, and the next run sends it.

    Its stories' titles and excerpts are those of their records at this moment.
    """
    with opened(desk) as (_, work):
        click.echo(_line(work.issuing.release(edition)))
        for trouble in work.issuing.record_released():
            click.echo(f"wiredesk: {trouble}", err=True)


@click.command("drop")
@desk_argument
@click.argument("edition")
@click.option("--story", help="Take only this story out of it, and keep it out of later ones.")
def drop(desk: Path, edition: str, story: str | None) -> None:
    """Never send EDITION; its stories may come in the next one.

    One that is being sent stops there: who has it has it. With --story (its id, as
    `show` prints it), only that story goes, and comes in no later edition either.
    """
    with opened(desk) as (_, work):
        done = work.issuing.remove(edition, story) if story else work.issuing.drop(edition)
        click.echo(_line(done))


@click.command("send")
@desk_argument
@click.argument("edition")
@click.option(
    "--retry-doubtful",
    is_flag=True,
    help="Send again to those of whom nobody knows whether they have it.",
)
def send(desk: Path, edition: str, *, retry_doubtful: bool) -> None:
    """Send the released EDITION now to whoever has not got it.

    With --retry-doubtful, recipients in doubt may get it twice, with one Message-ID,
    by which most mail programs show it once.
    """
    with opened(desk) as (settings, work):
        need_smtp(settings, desk)
        if retry_doubtful:
            click.echo(f"{work.sending.retry_doubts(edition)} recipients in doubt are tried again")
        issue = work.issuing.show(edition)
        if issue.status not in {"released", "sent"}:
            raise ConfigError(f"{edition}: is {issue.status}; first: wiredesk newsletter release")
        for each in work.sending([edition]):
            click.echo(f"{each.issue}: {each.recipients} recipients: {counted(each.counts)}")
            if each.stopped:
                raise PostError(each.stopped)


def _rendered(settings: Settings, issue: Issue, form: str) -> str:
    from wiredesk.publishers.newsletter import render  # noqa: PLC0415 - slow to import

    made = render(issue, settings)
    return made.html if form == "html" else made.text


def _line(issue: Issue) -> str:
    count = len(issue.items or issue.picks)
    title = issue.items[0].title[:_SHORT] if issue.items else ""
    stories = f"{count} {'story' if count == 1 else 'stories'}"
    until = f", until {issue.review_until:%Y-%m-%d %H:%M} UTC" if issue.status == "waiting" else ""
    return f"{issue.id}: {issue.status}{until}; {stories}{': ' + title if title else ''}"
