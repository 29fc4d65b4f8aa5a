"""What the commands of ``wiredesk newsletter`` share: a desk whose newsletters are open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wiredesk.config import Settings
from wiredesk.errors import ConfigError

if TYPE_CHECKING:  # slow to import
    from wiredesk.engine.newsletter.rounds import Round

desk_argument = click.argument(
    "desk", type=click.Path(path_type=Path, exists=True, file_okay=False)
)


@contextmanager
def opened(root: Path) -> Iterator[tuple[Settings, Round]]:
    """Give the settings and the newsletters of the desk in ``root``. Raises ``ConfigError``."""
    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import
    from wiredesk.app.letters import newsletter  # noqa: PLC0415 - slow to import

    desk = open_desk(root)
    with newsletter(desk) as work:
        yield desk.settings, work


def need_smtp(settings: Settings, root: Path) -> None:
    """Raise ``ConfigError`` for a desk that hands no letters to a server."""
    if settings.newsletter.deliver != "smtp":
        raise ConfigError(f'{root}: desk.toml sends no mail; set newsletter.deliver = "smtp"')


def counted(counts: Mapping[str, int]) -> str:
    """Return counts as words: ``2 failed, 40 sent``."""
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
