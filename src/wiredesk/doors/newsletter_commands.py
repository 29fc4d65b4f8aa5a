"""``wiredesk newsletter``: editions for the editor, and the list of subscribers."""

from __future__ import annotations

import click

from wiredesk.doors import edition_commands, subscriber_commands


@click.group("newsletter")
def newsletter() -> None:
    """Make, look at and send a desk's newsletters, and keep the list of subscribers.

    Schedule `wiredesk newsletter run DESK` some minutes apart, beside `wiredesk run`.
    An edition is made when it is due, waits for you (newsletter.review_minutes), and
    is then sent.
    """


for _command in (
    edition_commands.run,
    edition_commands.list_issues,
    edition_commands.show,
    edition_commands.preview,
    edition_commands.hold,
    edition_commands.release,
    edition_commands.drop,
    edition_commands.send,
    subscriber_commands.subscribers,
    subscriber_commands.export,
    subscriber_commands.import_list,
    subscriber_commands.bounces,
    subscriber_commands.forget,
    subscriber_commands.suppress,
    subscriber_commands.serve,
):
    newsletter.add_command(_command)
