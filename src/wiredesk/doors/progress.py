"""Progress bars: on a terminal only, on standard error, gone when the work is done."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class Silent:
    """No bars."""

    def watch(self, what: str, pieces: Iterable[T], total: int) -> Iterator[T]:  # noqa: ARG002 - the port's
        """Give ``pieces`` on."""
        yield from pieces


class Bars:
    """A bar a phase."""

    def watch(self, what: str, pieces: Iterable[T], total: int) -> Iterator[T]:
        """Give ``pieces`` on, with a bar that counts them."""
        from rich.console import Console  # noqa: PLC0415 - slow to import
        from rich.progress import track  # noqa: PLC0415 - slow to import

        console = Console(stderr=True)
        yield from track(pieces, description=what, total=total, console=console, transient=True)


def progress_for(*, quiet: bool) -> Silent | Bars:
    """Return bars where a human is waiting at a terminal, else silence."""
    return Silent() if quiet or not sys.stderr.isatty() else Bars()
