"""``wiredesk keys`` and ``wiredesk open``: the desk's keys, and what is sealed with them."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from wiredesk.adapters.keys import exposure, legacy_readings, new_key, read_keys, rotate
from wiredesk.app.desk import open_desk
from wiredesk.errors import MalformedRecord, SealError, WiredeskError
from wiredesk.records import frontmatter
from wiredesk.records.paths import FOLDER
from wiredesk.stages.seal import Seal, header, is_legacy, open_legacy

_FILE = click.Path(path_type=Path)
_DESK = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group("keys")
def keys() -> None:
    """Make, rotate and check the keys that seal the private part of records."""


@keys.command("new")
@click.argument("file", type=_FILE, required=False)
@click.option("--desk", type=_DESK, help="Make the key of this desk, where its desk.toml says.")
def new(file: Path | None, desk: Path | None) -> None:
    """Make a new key in FILE (keys/desk.key when not given). A key that is there is never lost."""
    try:
        path = file or (open_desk(desk).key_path if desk else Path("keys/desk.key"))
        key = new_key(path)
    except WiredeskError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{path}: new key {key.id}. Keep a copy: without it no sealed field opens again.")


@keys.command("rotate")
@click.argument("desk", type=_DESK)
def rotate_keys(desk: Path) -> None:
    """Put a new key before those of DESK: it seals from now on, the older ones still open."""
    try:
        key = rotate(open_desk(desk).key_path)
    except WiredeskError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"new key {key.id} seals from now on; see what is left with: wiredesk keys check {desk}"
    )


@keys.command("check")
@click.argument("desk", type=_DESK)
def check(desk: Path) -> None:
    """List the keys of DESK and how many records each one seals.

    Exits with 1 when a record is sealed with another key than the newest, or does not open.
    """
    try:
        opened = open_desk(desk)
        ring = read_keys(opened.key_path)
    except WiredeskError as error:
        raise click.ClickException(str(error)) from error
    warning = exposure(opened.key_path)
    if warning:
        click.echo(f"warning: {warning}", err=True)
    counts = dict.fromkeys((key.id for key in ring), 0)
    leftovers: list[str] = []
    seal = Seal(ring)
    for file in sorted((opened.records / FOLDER).rglob("*.md")):
        if file.is_symlink():
            continue
        key_id, problem = _sealed_with(file, seal)
        if key_id in counts:
            counts[key_id] += 1
        if problem or key_id != ring.newest.id:
            leftovers.append(f"{file}: {problem or f'sealed with the older key {key_id}'}")
    for key in ring:
        role = "seals" if key is ring.newest else "opens only"
        click.echo(f"{key.id}  {role:10}  {counts[key.id]} records")
    for line in leftovers:
        click.echo(line)
    sys.exit(1 if leftovers else 0)


def _sealed_with(file: Path, seal: Seal) -> tuple[str, str]:
    """Return the id of the key that a record is sealed with, and what is wrong with it, if anything."""
    try:
        value = frontmatter.parse(file.read_bytes(), str(file)).record.secured or ""
    except (MalformedRecord, OSError) as error:
        return "", f"cannot be read: {error}"
    said = header(value)
    if said is None:
        return "", "has no sealed field in our form"
    try:
        seal.open(value, field="secured")
    except SealError as error:
        return said.key_id, str(error)
    return said.key_id, ""


@click.command("open")
@click.argument("record", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", type=_FILE, required=True, help="The key file.")
@click.option("--legacy", is_flag=True, help="Take only the old form, base64(AES-CBC);base64(IV).")
def open_record(record: Path, key: Path, *, legacy: bool) -> None:
    """Print what is sealed into RECORD, as JSON.

    A value of the old form is told by its shape. It proves nothing about who wrote it, and says so.
    """
    try:
        value = frontmatter.parse(record.read_bytes(), str(record)).record.secured or ""
        old = legacy or is_legacy(value)
        text, about = _old(value, key) if old else _ours(value, key)
    except WiredeskError as error:
        raise click.ClickException(
            f"{record}: {error}" if isinstance(error, SealError) else str(error)
        ) from None
    click.echo(about, err=True)
    click.echo(text)


def _ours(value: str, key: Path) -> tuple[str, str]:
    opened = Seal(read_keys(key)).open(value, field="secured")
    about = f"story {opened.record_id}, revision {opened.revision}, key {opened.key_id}: authentic"
    return _pretty(opened.plaintext.decode("utf-8", "replace")), about


def _old(value: str, key: Path) -> tuple[str, str]:
    text = open_legacy(value, *legacy_readings(key))
    return _pretty(text), "old form, NOT authenticated: anyone could have changed it"


def _pretty(text: str) -> str:
    """Return JSON indented; other text as it is."""
    try:
        return msgspec.json.format(text, indent=2)
    except msgspec.DecodeError:
        return text
