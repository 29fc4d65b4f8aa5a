"""Commands that look at what a desk holds."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, without texts.")
@click.option("--text", is_flag=True, help="With --json: the texts too.")
def articles(folder: Path, *, as_json: bool, text: bool) -> None:
    """List the articles that the desk in FOLDER holds, off-topic ones included."""
    from wiredesk.app.desk import open_desk, open_store  # noqa: PLC0415 - slow to import

    with open_store(open_desk(folder)) as store:
        rows = store.articles()
    for row in rows:
        article = row.article if text else msgspec.structs.replace(row.article, text="")
        if as_json:
            topics = [match.topic for match in row.topics]
            told = {**msgspec.to_builtins(article), "topics": topics}
            click.echo(msgspec.json.encode(told))
        else:
            when = article.published_date_time
            click.echo(f"{when:%Y-%m-%d}  {article.provider.name}: {article.title}")
