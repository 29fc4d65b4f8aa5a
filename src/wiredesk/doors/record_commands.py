"""The commands ``record check`` and ``record score``: record files, without a desk."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from wiredesk.errors import MalformedRecord

_FILES = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group()
def record() -> None:
    """Check and score record files (Markdown with front matter in the classic form)."""


@record.command()
@click.argument("files", nargs=-1, required=True, type=_FILES)
@click.option("-q", "--quiet", is_flag=True, help="Only say what does not round-trip.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def check(files: tuple[Path, ...], *, quiet: bool, as_json: bool) -> None:
    """Say for each of FILES whether reading and writing it gives the same bytes.

    A file that reads well but is not in the classic form is named with the first
    line that would be written in another way. Exit 1 if any file does not
    round-trip.
    """
    from wiredesk.records.frontmatter import parse  # noqa: PLC0415 - slow to import

    bad = 0
    for file in files:
        try:
            found = parse(_bytes(file), str(file))
        except MalformedRecord as error:
            ok, said = False, str(error)
        else:
            ok = found.classic
            said = (
                f"{file}: the same bytes"
                if ok
                else f"{file}:{found.differs_at}: reads well, but would be written in another way"
            )
        bad += not ok
        if as_json:
            told = {"file": str(file), "roundTrips": ok, "message": said}
            click.echo(msgspec.json.encode(told))
        elif not (ok and quiet):
            click.echo(said, err=not ok)
    if bad:
        sys.exit(1)


@record.command()
@click.argument("files", nargs=-1, required=True, type=_FILES)
@click.option("--profile", type=click.Choice(["classic"]), default="classic", show_default=True)
@click.option("--topics", type=_FOLDER, required=True, help="Folder of topic files.")
@click.option("--providers", type=_FOLDER, help="Folder of provider files.")
@click.option("--threshold", type=int, default=70, show_default=True, help="Heat to be published.")
@click.option(
    "--desk", type=click.Path(path_type=Path, exists=True), help="desk.toml with other weights."
)
@click.option("--explain", is_flag=True, help="Add the ledgers.")
def score(
    files: tuple[Path, ...],
    *,
    profile: str,  # noqa: ARG001 - one choice today; the desk profile scores articles, not records
    topics: Path,
    providers: Path | None,
    threshold: int,
    desk: Path | None,
    explain: bool,
) -> None:
    """Recompute the numbers of FILES by the classic profile: one JSON object a line."""
    from wiredesk.adapters.desk_folder import (  # noqa: PLC0415 - slow to import
        read_pack,
        read_registry,
        read_settings,
    )
    from wiredesk.config import Settings  # noqa: PLC0415
    from wiredesk.records.frontmatter import parse  # noqa: PLC0415
    from wiredesk.records.provider import ProviderRegistry  # noqa: PLC0415
    from wiredesk.stages.classic import score_record  # noqa: PLC0415

    pack = read_pack(topics)
    registry = read_registry(providers) if providers else ProviderRegistry()
    weights = (read_settings(desk) if desk else Settings()).score.classic
    bad = 0
    for file in files:
        try:
            found = parse(_bytes(file), str(file)).record
        except MalformedRecord as error:
            bad += 1
            click.echo(f"wiredesk: {error}", err=True)
            continue
        scored = score_record(found, pack, registry, weights, threshold)
        told: dict[str, object] = {
            "file": str(file),
            "quality": scored.quality.total,
            "heat": scored.heat.total,
            "published": scored.published,
        }
        if explain:
            told["ledger"] = {"quality": scored.quality.lines, "heat": scored.heat.lines}
        click.echo(msgspec.json.encode(told))
    if bad:
        sys.exit(1)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise MalformedRecord(
            str(file), 1, f"a file that can be read ({error.strerror})"
        ) from error
