"""The families of quality signals: one file each, all of them used.

A family is a module of this package with one public function: ``lines`` for what it sees in an
article alone, or ``compared`` for how the article stands in its story (``ports.signal``). A new
family is a new file here and no other edit.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

from wiredesk.ports.signal import Comparison, Signal


def load_signals() -> tuple[Signal, ...]:
    """Return every family that looks at an article alone, by name: a ledger's order never changes."""
    return tuple(family.lines for family in _families() if hasattr(family, "lines"))


def load_comparisons() -> tuple[Comparison, ...]:
    """Return every family that compares an article with others of its story, by name."""
    return tuple(family.compared for family in _families() if hasattr(family, "compared"))


def _families() -> list[ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [import_module(f"{__name__}.{name}") for name in names]
