"""The commands ``record check`` and ``record score``: record files, without a desk."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import msgspec

from wiredesk.errors import MalformedRecord

_FILES = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_DESK = click.Path(path_type=Path, exists=True)


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
    line that would be written in another way; one that cannot be read, with the
    line and what was expected there. Exit 1 if any file does not round-trip.

    \b
    Example:
      wiredesk record check my-desk/records/_news/*.md
    """

    def told(file: Path) -> bool:
        line, said = _checked(file)
        if as_json:
            found = {"file": str(file), "roundTrips": not line, "line": line, "message": said}
            click.echo(msgspec.json.encode(found))
        elif line or not quiet:
            click.echo(said, err=bool(line))
        return not line

    _each(files, told)


def _checked(file: Path) -> tuple[int, str]:
    """Return the line at which a file does not round-trip, 0 for none, and what to say of it."""
    from wiredesk.records.frontmatter import parse  # noqa: PLC0415 - slow to import

    try:
        found = parse(_bytes(file), str(file))
    except MalformedRecord as error:
        return error.line, str(error)
    if found.classic:
        return 0, f"{file}: the same bytes"
    line = found.differs_at
    return line, f"{file}:{line}: reads well, but would be written in another way"


@record.command()
@click.argument("files", nargs=-1, required=True, type=_FILES)
@click.option("--profile", type=click.Choice(["classic"]), default="classic", show_default=True)
@click.option("--topics", type=_FOLDER, required=True, help="Folder of topic files.")
@click.option("--providers", type=_FOLDER, help="Folder of provider files.")
@click.option("--threshold", type=int, help="Heat to be published.  [default: 70, or the desk's]")
@click.option("--desk", type=_DESK, help="A desk, or its desk.toml, for its weights and threshold.")
@click.option("--explain", is_flag=True, help="Add the ledgers.")
def score(
    files: tuple[Path, ...],
    *,
    profile: str,  # noqa: ARG001 - one choice today; the desk profile scores articles, not records
    topics: Path,
    providers: Path | None,
    threshold: int | None,
    desk: Path | None,
    explain: bool,
) -> None:
    """Recompute the numbers of FILES by the classic profile: one JSON object a line.

    A file that cannot be read is told on standard error; the others are scored all
    the same, and the exit code is 1.

    \b
    Example:
      wiredesk record score --topics topics --providers providers --explain _news/*.md
    """
    from wiredesk.adapters.desk_folder import (  # noqa: PLC0415 - slow to import
        read_pack,
        read_registry,
        read_settings,
    )
    from wiredesk.config import Settings  # noqa: PLC0415 - slow to import
    from wiredesk.records.frontmatter import parse  # noqa: PLC0415 - slow to import
    from wiredesk.records.provider import ProviderRegistry  # noqa: PLC0415 - slow to import
    from wiredesk.stages.classic import score_record  # noqa: PLC0415 - slow to import

    pack = read_pack(topics, whole=False)
    registry = read_registry(providers) if providers else ProviderRegistry()
    toml = desk / "desk.toml" if desk and desk.is_dir() else desk
    settings = (read_settings(toml) if toml else Settings()).score
    bound = settings.threshold if threshold is None else threshold

    def told(file: Path) -> bool:
        try:
            found = parse(_bytes(file), str(file)).record
        except MalformedRecord as error:
            click.echo(f"wiredesk: {error}", err=True)
            return False
        scored = score_record(found, pack, registry, settings.classic, bound)
        line: dict[str, object] = {
            "file": str(file),
            "quality": scored.quality.total,
            "heat": scored.heat.total,
            "published": scored.published,
        }
        if explain:
            line["ledger"] = {"quality": scored.quality.lines, "heat": scored.heat.lines}
        click.echo(msgspec.json.encode(line))
        return True

    _each(files, told)


def _each(files: Sequence[Path], told: Callable[[Path], bool]) -> None:
    """Go over all ``files``; exit with 1 when any was told to be bad."""
    good = [told(file) for file in files]
    if not all(good):
        sys.exit(1)


def _bytes(file: Path) -> bytes:
    """Return the file's bytes, one more than a record may have at most."""
    from wiredesk.records.frontmatter import MOST_BYTES  # noqa: PLC0415 - slow to import

    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = error.strerror if isinstance(error, OSError) else "no such name"
        raise MalformedRecord(str(file), 1, f"a file that can be read ({why})") from error
