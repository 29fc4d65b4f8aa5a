"""How the sources of a desk are doing, and waking those that rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import click
import msgspec

from wiredesk.engine.polling.outcome import woken
from wiredesk.engine.polling.standing import advice, said, standing
from wiredesk.engine.watching import current
from wiredesk.errors import ConfigError
from wiredesk.records.entry import SourceState

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--wake", is_flag=True, help="Have the named sources asked in the next run.")
def sources(folder: Path, names: tuple[str, ...], *, as_json: bool, wake: bool) -> None:
    """Show how each source of the desk in FOLDER is doing, or those with NAMES.

    Each is healthy, slow, failing, walled or dormant; beside it stand when it
    last answered, when it is asked next and why then, what it gave, and what
    an editor can do. A name is an id, a part of an address, or a title.
    """
    from wiredesk.app.desk import open_desk, open_store  # noqa: PLC0415 - slow to import

    desk = open_desk(folder)
    with open_store(desk) as store:
        named_now = current(store, desk.settings)
        states = [*_named(store.source_states(), names)]
        if wake:
            if not names:
                raise click.UsageError("--wake needs the name of a source")
            states = [
                msgspec.structs.replace(state, polling=woken(state.polling)) for state in states
            ]
            store.settle(states)
    for state in states:
        if as_json:
            told = {**msgspec.to_builtins(state), "standing": standing(state)}
            is_current = state.id in named_now
            click.echo(
                msgspec.json.encode({**told, "advice": advice(state), "current": is_current})
            )
        elif state.id in named_now:
            click.echo("\n  ".join(_lines(state)))
        else:
            click.echo(f"{state.id}\n  not asked any more: neither the desk nor a list names it")


def _named(states: Mapping[str, SourceState], names: tuple[str, ...]) -> Iterator[SourceState]:
    for name in names:
        if not any(_is(state, name) for state in states.values()):
            raise ConfigError(f"no source of this desk is called {name!r}, or was asked yet")
    yield from (
        state for state in states.values() if not names or any(_is(state, name) for name in names)
    )


def _is(state: SourceState, name: str) -> bool:
    return name in state.id or name == state.title


def _lines(state: SourceState) -> Iterator[str]:
    polling = state.polling
    yield state.id
    yield f"{state.title}: {said(state)}" if state.title else said(state)
    if polling.polls:
        yield (
            f"asked {polling.polls} times: {polling.unchanged} brought nothing new,"
            f" {polling.failed} failed; {polling.entries} entries in all"
        )
    last = f"last good answer {_time(state.last_good)}" if state.last_good else "no good answer yet"
    if polling.due:
        yield f"{last}, asked next {_time(polling.due)}: {polling.why}"
    else:
        yield f"{last}, asked in the next run"
    if polling.moving_to:
        days = len(polling.moving_days)
        yield f"it says that it has moved to {polling.moving_to} ({days} of 3 days)"
    yield from state.notices
    if what := advice(state):
        yield f"→ {what}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
