"""Running a desk for as long as one likes."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING

import click

from wiredesk.doors.desk_commands import quiet_option
from wiredesk.doors.progress import progress_for
from wiredesk.engine.hubs import SIGNED_APART
from wiredesk.errors import ConfigError, StoreBusy

if TYPE_CHECKING:
    from wiredesk.app.desk import Desk

_LOOKS_EVERY = 2.0
"""Seconds between two looks for what hubs told of."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class _Stopped(BaseException):
    """Somebody wants the command to end."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--every",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    help="Seconds between the beginnings of two runs, at least.",
)
@quiet_option
def watch(folder: Path, *, every: float, quiet: bool) -> None:
    """Run the desk in FOLDER whenever something is due, until it is told to end.

    SIGTERM or Ctrl-C ends it: what is settled stays, and the next run goes on.
    The desk's own files are read anew for each run; while they are not sound,
    the desk goes on as it was.
    """
    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import

    desk = open_desk(folder)
    try:
        with _signals() as asleep:
            while True:
                desk = _again(desk)
                known, began = _told(desk), time.monotonic()
                seconds = _round(desk, every, quiet=quiet)
                if _told(desk):  # what was too soon to be asked for is asked for in a minute
                    seconds = min(seconds, max(every, SIGNED_APART))
                _wait(asleep, desk, known, began + every - time.monotonic(), seconds)
    except _Stopped:
        if not quiet:
            click.echo("wiredesk: ended; what is settled stays")


def _again(desk: Desk) -> Desk:
    """Return the desk as its files say now; as it was while they are not sound."""
    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import

    try:
        return open_desk(desk.root)
    except ConfigError as error:
        click.echo(f"wiredesk: going on with the files as they were: {error}", err=True)
        return desk


def _round(desk: Desk, every: float, *, quiet: bool) -> float:
    """Run the desk once; return the seconds until something is due."""
    from wiredesk.adapters.clock import SystemClock  # noqa: PLC0415 - slow to import
    from wiredesk.app.running import pipeline  # noqa: PLC0415 - slow to import
    from wiredesk.engine.watching import next_round  # noqa: PLC0415 - slow to import

    clock = SystemClock()
    began = clock.now()
    try:
        with pipeline(desk, progress_for(quiet=True)) as desk_pipeline:
            report = desk_pipeline.run()
            due = next_round(desk_pipeline.store, desk.settings, clock.now())
    except StoreBusy as error:
        click.echo(f"wiredesk: {error}", err=True)
        return every
    due = max(due, began + timedelta(seconds=every))
    if not quiet:
        fresh = sum(source.new for source in report.sources)
        click.echo(
            f"{_time(began)} {len(report.sources)} asked, {len(report.failing)} failing,"
            f" {report.resting} not due, {fresh} new, {report.read} read,"
            f" {report.new_records + report.changed_records} records written; next {_time(due)}"
        )
    return (due - clock.now()).total_seconds()


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


@contextmanager
def _signals() -> Iterator[Event]:
    """Turn the signals that end a process into ``_Stopped``; give what to sleep on."""

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise _Stopped

    before = [signal.signal(number, stop) for number in _SIGNALS]
    try:
        yield Event()
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)


def _wait(asleep: Event, desk: Desk, known: frozenset[str], least: float, most: float) -> None:
    """Sleep ``least`` seconds, then up to ``most`` or until a hub tells of what was not ``known``."""
    until = time.monotonic() + most
    asleep.wait(max(0.0, min(least, most)))
    while (left := until - time.monotonic()) > 0:
        if _told(desk) - known:
            return
        asleep.wait(min(left, _LOOKS_EVERY))


def _told(desk: Desk) -> frozenset[str]:
    """Return the sources that hubs told of."""
    from wiredesk.app.network import open_hubs  # noqa: PLC0415 - slow to import

    if not desk.settings.websub.callback:
        return frozenset()
    with open_hubs(desk) as hubs:
        return frozenset(hubs.told())
