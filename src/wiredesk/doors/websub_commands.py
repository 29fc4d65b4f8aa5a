"""``wiredesk websub``: being told by hubs when a feed has news."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from wiredesk.errors import ConfigError

_DAY = 86_400.0
_desk = click.argument("desk", type=click.Path(path_type=Path, file_okay=False))


@click.group("websub")
def websub() -> None:
    """Be told by WebSub hubs when a feed has news, instead of asking for it.

    Name the address at which hubs reach `wiredesk websub serve` as websub.callback
    in desk.toml; `wiredesk run` and `wiredesk watch` then subscribe by themselves.
    """


@websub.command("serve")
@_desk
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8026, show_default=True, type=click.IntRange(0, 65_535))
def serve(desk: Path, host: str, port: int) -> None:
    """Answer the hubs that the desk in DESK has subscribed at.

    Put a web server with TLS before it, reached at websub.callback. What hubs
    send is not read: it only has the source asked sooner. Ends on Ctrl-C or
    SIGTERM.
    """
    from wiredesk.adapters.clock import SystemTimer  # noqa: PLC0415 - slow to import
    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import
    from wiredesk.app.network import open_hubs  # noqa: PLC0415 - slow to import
    from wiredesk.doors.websub_server import Callbacks, HubDoor  # noqa: PLC0415 - slow to import

    opened = open_desk(desk)
    if not opened.settings.websub.callback:
        raise ConfigError(f"{desk}: desk.toml names no websub.callback, so that no hub calls")
    lease = opened.settings.websub.lease_days * _DAY
    with open_hubs(opened) as hubs:
        try:
            door = HubDoor((host, port), Callbacks(hubs, SystemTimer().moment, lease))
        except OSError as error:
            raise ConfigError(f"cannot listen at {host}:{port}: {error.strerror}") from error
        click.echo(f"Serving at http://{host}:{door.server_address[1]}/ (Ctrl-C ends it)")
        door.serve_until_told()


@websub.command("list")
@_desk
def list_subscriptions(desk: Path) -> None:
    """Show the subscriptions of the desk in DESK.

    Each with its hub, whether the hub has verified it, until when its lease
    is, or what went wrong.
    """
    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import
    from wiredesk.app.network import open_hubs  # noqa: PLC0415 - slow to import

    with open_hubs(open_desk(desk)) as hubs:
        for each in hubs.subscriptions():
            state = str(each.state)
            if each.until:
                state += (
                    f", lease until {datetime.fromtimestamp(each.until, UTC):%Y-%m-%d %H:%M} UTC"
                )
            trouble = f"\n  {each.trouble}" if each.trouble else ""
            click.echo(f"{each.source}\n  at {each.hub}: {state}{trouble}")
