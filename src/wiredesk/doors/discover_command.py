"""Finding the feeds of a site."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec


@click.command()
@click.argument("url")
@click.option(
    "--desk",
    type=click.Path(path_type=Path, file_okay=False),
    help="Ask with the settings of this desk (contact, ports, networks).",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def discover(url: str, desk: Path | None, *, as_json: bool) -> None:
    """Print the feeds of the site at URL: what its page names, else where feeds often are.

    Each is fetched and read, so that what is printed is a feed. Put its
    address into desk.toml, or into an OPML list.
    """
    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import
    from wiredesk.app.network import discovered  # noqa: PLC0415 - slow to import

    address = url if "://" in url else f"https://{url}"
    found = discovered(address, open_desk(desk).settings.fetch if desk else None)
    for feed in found:
        if as_json:
            click.echo(msgspec.json.encode(feed))
            continue
        click.echo(feed.url)
        hub = f", hub {feed.hub}" if feed.hub else ""
        click.echo(f"  {feed.title or 'no title'}: {feed.entries} entries{hub} ({feed.how})")
    if not found:
        click.echo(f"no feed found at {address}", err=True)
        raise SystemExit(1)
