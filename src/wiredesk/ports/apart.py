"""The apart port: work on a stranger's input, done where it can do no harm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

B = TypeVar("B")


class Apart(Protocol):
    """Does one piece of work apart from the process that holds the store (THREATS R5).

    ``work`` is a function of a module (it may have to travel by its name) whose result is a value of
    ours. The result is the same wherever the work is done.
    """

    def __call__(self, work: Callable[..., B], /, *things: object) -> B:
        """Return ``work(*things)``. Raises what of ``errors.Classed`` the work raises, and ``Ended``
        when it did not come to its end (class ``cpu``, ``deadline``, ``memory``, ``died``,
        ``unforeseen``).
        """
        ...


def here(work: Callable[..., B], /, *things: object) -> B:
    """Do the work in this very process: for tests, and for input of our own."""
    return work(*things)
