"""Commands that make, run and rebuild a desk."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from wiredesk.doors.progress import progress_for
from wiredesk.doors.summary import show_summary
from wiredesk.engine.gathering import Ask

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)

quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the run's report as JSON."
)


@click.command()
@click.argument("folder", type=_FOLDER, default=Path("sample-desk"))
@quiet_option
@json_option
def sample(folder: Path, *, quiet: bool, as_json: bool) -> None:
    """Run the sample desk in FOLDER, offline, on the bundled sample wire.

    FOLDER (sample-desk) is made if it is not there. Run it again: nothing new,
    so no byte changes. All newsrooms on the sample wire are invented.
    """
    from wiredesk.adapters.starter import (  # noqa: PLC0415 - slow to import
        lay_out_sample,
        sample_wire,
    )

    with sample_wire() as wire:
        lay_out_sample(folder)
        _run(folder, Ask(every=True), quiet=quiet, as_json=as_json, replay=wire)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option(
    "--pack", default="plain", show_default=True, help="Topic pack; `--pack ?` lists them."
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    help="Add a source: a feed's URL, an OPML file, a WARC or a folder of pages. May be repeated.",
)
def new(folder: Path, pack: str, sources: tuple[str, ...]) -> None:
    """Make a desk in the new FOLDER from a topic pack.

    The pack `ai` has topics, providers and a list of feeds for AI; `plain` has
    no topics, so everything is on its matter.
    """
    from wiredesk.adapters.starter import packs  # noqa: PLC0415 - slow to import
    from wiredesk.app.desk import new_desk  # noqa: PLC0415 - slow to import

    if pack == "?":
        click.echo("\n".join(packs()))
        return
    desk = new_desk(folder, pack, sources)
    topics, providers = len(desk.pack.topics), len(desk.registry.providers)
    click.echo(f"Made {folder}: {topics} topics, {providers} providers.")
    click.echo(f"Its key is {desk.key_path}: keep a copy; without it no sealed field opens.")
    click.echo(f"Next: wiredesk run {folder}")


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--record", type=_FILE, help="Record every exchange with the network to this WARC.")
@click.option("--replay", type=_FILE, help="Answer from this WARC instead of the network.")
@click.option("--all", "every", is_flag=True, help="Ask every source, even those that are not due.")
@click.option(
    "--ask", "named", multiple=True, help="Ask this source (name or address), due or not."
)
@quiet_option
@json_option
def run(
    folder: Path,
    record: Path | None,
    replay: Path | None,
    named: tuple[str, ...],
    *,
    every: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run the desk in FOLDER once: ask its sources, judge, publish.

    Sources on the network are asked when they are due, so that this may run
    each minute; a run that is recorded or replayed asks all of them. With
    nothing new, no byte of any output changes. A run that is killed is taken
    up by the next one.
    """
    if record and replay:
        raise click.UsageError("--record and --replay exclude each other")
    ask = Ask(every=every or bool(record or replay), named=frozenset(named))
    _run(folder, ask, quiet=quiet, as_json=as_json, record=record, replay=replay)


@click.command()
@click.argument("folder", type=_FOLDER)
def rebuild(folder: Path) -> None:
    """Rebuild the lost store of the desk in FOLDER from its records and key.

    The records' repository (or a clone of it in its place) and the key are
    enough. Sources that still list an article have its text read again on the
    next run. A store that is there is never touched.
    """
    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import
    from wiredesk.app.records import rebuild_store  # noqa: PLC0415 - slow to import

    rebuilt = rebuild_store(open_desk(folder))
    for notice in rebuilt.notices:
        click.echo(notice, err=True)
    click.echo(f"Restored {rebuilt.stories} stories. Next: wiredesk run {folder}")
    if rebuilt.notices:
        click.echo(
            "Mend the records named above first (or bring them back from their history): the next"
            " run does not know them and would write their stories a second time.",
            err=True,
        )
        raise SystemExit(1)


def _run(
    folder: Path,
    ask: Ask,
    *,
    quiet: bool,
    as_json: bool,
    record: Path | None = None,
    replay: Path | None = None,
) -> None:
    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import
    from wiredesk.app.running import pipeline  # noqa: PLC0415 - slow to import

    desk = open_desk(folder)
    progress = progress_for(quiet=quiet or as_json)
    with pipeline(desk, progress, record=record, replay=replay) as desk_pipeline:
        report = desk_pipeline.run(ask)
    if as_json:
        click.echo(msgspec.json.encode(report, order="deterministic"))
    elif not quiet:
        show_summary(report, desk.records, desk.public)
