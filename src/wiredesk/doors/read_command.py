"""``wiredesk read``: what one saved page says, as JSON."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from wiredesk.errors import Ended, Unreadable
from wiredesk.records.page import Page
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.weburl import checked

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--url", required=True, help="The address that the page was answered at.")
@click.option("--providers", type=_FOLDER, help="A desk's folder of providers, for their names.")
def read(file: Path, url: str, providers: Path | None) -> None:
    """Read the article in FILE, a saved HTML page, and print it as JSON.

    Dates are judged as of the time at which the file was saved.
    """
    from wiredesk.adapters.desk_folder import read_registry  # noqa: PLC0415 - as below
    from wiredesk.app.judging import read_apart  # noqa: PLC0415 - keeps `wiredesk --help` quick

    saved = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    address = checked(url)
    page = Page(url=address, final_url=address, status=200, body=file.read_bytes(), at=saved)
    registry = ProviderRegistry() if providers is None else read_registry(providers)
    try:
        article = read_apart(registry)(page, None)
    except (Unreadable, Ended) as error:
        raise type(error)(error.reason, f"{file}: {error.message}") from error
    body = msgspec.json.encode(article)
    click.echo(msgspec.json.format(body, indent=2) if sys.stdout.isatty() else body)
