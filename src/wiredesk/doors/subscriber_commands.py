"""The commands of ``wiredesk newsletter`` that are about subscribers."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import click

from wiredesk.doors.newsletter_desk import counted, desk_argument, need_smtp, opened
from wiredesk.errors import ConfigError


@click.command("subscribers")
@desk_argument
def subscribers(desk: Path) -> None:
    """Count the subscribers of DESK by status and by newsletter.

    No address is printed; `export` does that.
    """
    with opened(desk) as (_, work):
        everybody = work.letters.subscribers()
    for status, count in sorted(Counter(each.status for each in everybody).items()):
        click.echo(f"{count:8} {status}")
    active = [each for each in everybody if each.status == "active"]
    for series, count in sorted(Counter(name for each in active for name in each.series).items()):
        click.echo(f"{count:8} get {series}")


@click.command("export")
@desk_argument
def export(desk: Path) -> None:
    """Print the list of subscribers as CSV, on standard output.

    Cells that a spreadsheet would take for formulas begin with an apostrophe; `import`
    takes it away again.
    """
    from wiredesk.engine.newsletter.lists import as_csv  # noqa: PLC0415 - slow to import

    with opened(desk) as (_, work):
        sys.stdout.buffer.write(as_csv(work.letters.subscribers()).encode())


@click.command("import")
@desk_argument
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option(
    "--confirmed", is_flag=True, help="They agreed already: lines without a status are active."
)
def import_list(desk: Path, file: IO[str], *, confirmed: bool) -> None:
    """Add the subscribers in FILE, a CSV with a column `address` (as `export` prints it).

    Those who are not active there, or of whom you do not say that they agreed, are
    asked by mail first. Who is on the list already stays as they are. A line that
    cannot be used is told by its number, and costs only itself (exit 1).
    """
    from wiredesk.engine.newsletter.lists import read_csv  # noqa: PLC0415 - slow to import

    with opened(desk) as (settings, work):
        known = [series.name for series in settings.newsletter.series]
        rows, problems = read_csv(file.read(), known)
        added = sum(work.subscribing.add(row, agreed=confirmed) for row in rows)
    click.echo(f"{added} added, {len(rows) - added} were there, {len(problems)} lines not used")
    for problem in problems:
        click.echo(f"wiredesk: {problem}", err=True)
    if problems:
        sys.exit(1)


@click.command("bounces")
@desk_argument
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def bounces(desk: Path, files: Sequence[Path]) -> None:
    """Note the letters that came back: FILES are mails, or folders of mails (Maildir).

    Without FILES, one mail is read from standard input, as a mail server's pipe gives
    it. A report counts only if it carries the mark of a letter that was sent. Complaints
    (ARF) take an address off for good.
    """
    from wiredesk.engine.newsletter.returned import (  # noqa: PLC0415 - slow to import
        MOST_BYTES,
        read_returned,
    )

    counts: Counter[str] = Counter()
    with opened(desk) as (_, work):
        for mail in _mails(files, MOST_BYTES):
            report = read_returned(mail)
            counts["no report" if report is None else work.subscribing.returned(report)] += 1
    click.echo(counted(counts) or "no mail")


@click.command("forget")
@desk_argument
@click.argument("address")
def forget(desk: Path, address: str) -> None:
    """Erase all that is known of ADDRESS, also from the file's free space.

    What was sent stays counted, without a name. The address may subscribe again; to
    keep it off for good, use `suppress`.
    """
    with opened(desk) as (_, work):
        known = work.subscribing.forget(address)
    click.echo("forgotten" if known else "nothing is known of it")


@click.command("suppress")
@desk_argument
@click.argument("address")
def suppress(desk: Path, address: str) -> None:
    """Never write to ADDRESS again, not even when somebody asks for it there.

    The address itself is kept for that. `forget` undoes it.
    """
    with opened(desk) as (_, work):
        work.subscribing.take_out(address, "suppressed")
    click.echo("suppressed")


@click.command("serve")
@desk_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8025, show_default=True, type=click.IntRange(0, 65_535))
@click.option("--behind-proxy", is_flag=True, help="Count clients by the last X-Forwarded-For.")
def serve(desk: Path, host: str, port: int, *, behind_proxy: bool) -> None:
    """Serve the pages on which readers of DESK subscribe, confirm and leave.

    Put a web server with TLS before it, reached at newsletter.url. Confirmation mails
    are sent from here. Ends on Ctrl-C or SIGTERM, when what was asked for is worked off.
    """
    from wiredesk.doors.newsletter_pages import Pages  # noqa: PLC0415 - slow to import
    from wiredesk.doors.newsletter_server import Clerk, Door  # noqa: PLC0415 - slow to import

    with opened(desk) as (settings, work):
        need_smtp(settings, desk)
        clerk = Clerk(work.subscribing.ask, lambda: work.subscribing.send_confirmations(work.post))
        pages = Pages(settings, work.subscribing, clerk.note)
        try:
            door = Door((host, port), pages, behind_proxy=behind_proxy)
        except OSError as error:
            raise ConfigError(f"cannot listen at {host}:{port}: {error.strerror}") from error
        clerk.start()
        click.echo(f"Serving at http://{host}:{door.server_address[1]}/ (Ctrl-C ends it)")
        try:
            door.serve_until_told()
        finally:
            clerk.stop()


def _mails(files: Sequence[Path], most: int) -> list[bytes]:
    if not files:
        return [sys.stdin.buffer.read(most)]
    mails = []
    for file in files:
        try:
            inside = sorted(file.rglob("*")) if file.is_dir() else [file]
            mails += [each.read_bytes()[:most] for each in inside if each.is_file()]
        except OSError as error:
            click.echo(f"wiredesk: {error.filename}: {error.strerror}", err=True)
    return mails
