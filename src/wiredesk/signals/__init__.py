"""The families of quality signals: one file each, all of them used.

A family is a module of this package with one public function ``lines`` (``ports.signal.Signal``).
A new family is a new file here and no other edit.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from wiredesk.ports.signal import Signal


def load_signals() -> tuple[Signal, ...]:
    """Return every family of this package, by name, so that a ledger's order never changes."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").lines for name in names)
