"""The command ``wiredesk``. Each command's module is imported only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from wiredesk import __version__
from wiredesk.errors import ConfigError, NotFound, StoreBusy, StoreTooNew, WiredeskError

COMMANDS = {
    "sample": "desk_commands:sample",
    "new": "desk_commands:new",
    "run": "desk_commands:run",
    "watch": "watch_command:watch",
    "sources": "source_commands:sources",
    "discover": "discover_command:discover",
    "websub": "websub_commands:websub",
    "articles": "look_commands:articles",
    "explain": "explain_command:explain",
    "decide": "decide_commands:decide",
    "read": "read_command:read",
    "stage": "stage_command:stage",
    "exam": "exam_command:exam",
    "record": "record_commands:record",
    "keys": "key_commands:keys",
    "open": "key_commands:open_record",
    "newsletter": "newsletter_commands:newsletter",
    "site": "site_commands:site",
    "rebuild": "desk_commands:rebuild",
}
"""Every command and where it is, in the order in which a new user meets them."""

EXIT_FAILED = 1
EXIT_CONFIG = 2
EXIT_TOO_NEW = 3
EXIT_BUSY = 75
"""``EX_TEMPFAIL`` of sysexits.h: try again later."""


class LateGroup(click.Group):
    """A group whose commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Return the names in the order in which they are stated."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Return the command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(f"wiredesk.doors.{module}"), name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wiredesk")
def cli() -> None:
    """A self-hosted news desk: feeds in; curated, scored, explained stories out.

    \b
    See it work, offline, on the bundled sample wire:
      wiredesk sample my-sample
    Make a desk of your own and run it:
      wiredesk new my-desk --pack ai
      wiredesk run my-desk
    Ask why a story is where it is:
      wiredesk explain my-desk/records/_news/A-RECORD.md

    Exit codes: 0 done (a failing source is reported, not an error), 1 something
    could not be done, 2 wrong usage or a desk file that cannot be used,
    3 the store is from a newer wiredesk, 75 another run is at work.
    """


def main() -> None:
    """Run the command line; errors of ours are one sentence on standard error."""
    try:
        code = cli.main(standalone_mode=False)
    except click.Abort:
        click.echo("wiredesk: stopped; what is settled stays, and the next run goes on", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except WiredeskError as error:
        click.echo(f"wiredesk: {error}", err=True)
        code = _exit_code(error)
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def _exit_code(error: WiredeskError) -> int:
    match error:
        case ConfigError() | NotFound():
            return EXIT_CONFIG
        case StoreTooNew():
            return EXIT_TOO_NEW
        case StoreBusy():
            return EXIT_BUSY
        case _:
            return EXIT_FAILED
