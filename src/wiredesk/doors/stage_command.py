"""The command ``stage``: any one stage as a filter on JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import click

STAGES = ("read", "classify", "group", "score", "relate")


@click.command()
@click.argument("name", type=click.Choice(STAGES))
@click.option("--desk", "folder", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option(
    "--as-of", type=click.DateTime(), help="Judge by this time (UTC), not the newest one."
)
@click.option("--keywords", is_flag=True, help="classify: keywords alone, line by line.")
@click.option("--in", "source", type=click.File("rb"), default="-", help="Input; default: stdin.")
def stage(name: str, folder: Path, as_of: object, source: IO[bytes], *, keywords: bool) -> None:
    """Run the stage NAME alone: JSON lines on standard input, JSON lines out.

    \b
    read      takes  {"url", "html"}; gives an article with the record's names
              plus text, byline, language
    classify  gives  {"id", "topics": [...], "evidence": {topic: [...]}}
    group     gives  {"id", "story", "duplicateOf", "likeness", "rule"}
    score     gives  {"id", "quality", "heat", "ledger": {...}}
    relate    gives  {"id", "related": [{"id", "score", "why"}]}

    All but `read` take articles: {"id", "title"} and what there is of "text",
    "excerpt", "publishedDateTime", "provider", "domain", "language", "webUrl",
    also under usual other names ("body", "summary", "date", "source", "url").
    `score` and `relate` group what they get unless it has "story" (and
    "duplicateOf") already. The desk's topics, providers and settings are used;
    its store is not. What is wrong with a line is said on standard error: a
    field that cannot be used is left out (a date, say), a line that cannot be
    used costs only itself (exit 1).
    """
    from datetime import UTC, datetime  # noqa: PLC0415 - late, with the rest

    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import
    from wiredesk.app.judging import stage_filter  # noqa: PLC0415 - slow to import
    from wiredesk.engine.lines import Trouble  # noqa: PLC0415 - with the app

    when = as_of.replace(tzinfo=UTC) if isinstance(as_of, datetime) else None
    run = stage_filter(name, open_desk(folder), when, keywords=keywords)
    lost = 0
    for line in run(_lines(source)):
        if isinstance(line, Trouble):
            lost += line.lost
            click.echo(f"wiredesk: {line.said}", err=True)
        else:
            sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
    if lost:
        sys.exit(1)


def _lines(source: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(source, 1) if line.strip())
