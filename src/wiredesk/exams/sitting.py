"""What an exam is given, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from wiredesk.exams.material import Material
from wiredesk.exams.ours import Ours

OURS = "wiredesk"
"""The contender that is examined; every other one is a baseline."""

Better = Literal["more", "less", "neither"]
"""Which way a figure is better; neither: it is for information only."""

Effort = Literal["quick", "usual", "long"]
"""What may be spent: ``quick`` for CI (seconds an exam), ``long`` for what takes many minutes."""


class Sitting(msgspec.Struct, frozen=True):
    """One sitting of an exam: the material, what is examined, and how much is to be done."""

    material: Material
    ours: Ours
    baselines: bool = True
    effort: Effort = "usual"


class Figure(msgspec.Struct, frozen=True):
    """A measured number; ``margin`` is how far on its worse side a floor is pinned."""

    name: str
    value: float
    better: Better = "more"
    margin: float = 0.005
    digits: int = 3

    def shown(self) -> str:
        """Return the number as a table has it."""
        return f"{self.value:,.{self.digits}f}"


def count(name: str, value: int, better: Better = "less") -> Figure:
    """Return a figure that counts something; its floor has no margin."""
    return Figure(name, value, better, margin=0, digits=0)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an exam's table: a contender on some material."""

    material: str
    """Name of the set, such as ``basil_dev``."""
    case: str = ""
    """In which form, such as ``with 1,000 distractors``."""
    contender: str = OURS
    figures: tuple[Figure, ...]
    documents: int = 0
    seconds: float = 0.0
    """Processor time for ``documents``; 0 where it was not taken."""
    files: tuple[Path, ...] = ()
    """Data files that the figures depend on, in a stated order; none: the exam makes its own."""


class Skipped(msgspec.Struct, frozen=True):
    """What was not measured, and why."""

    what: str
    why: str


class Remark(msgspec.Struct, frozen=True):
    """A sentence that belongs to the figures, for a person to read."""

    said: str


Said = Row | Skipped | Remark


class Paper(Protocol):
    """The one function that a module of ``wiredesk.exams.papers`` must have, as ``sit``."""

    def __call__(self, sitting: Sitting) -> Iterator[Said]:
        """Measure, saying each thing as soon as it is known."""
        ...
