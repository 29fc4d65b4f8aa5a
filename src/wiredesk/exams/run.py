"""Runs exams: finds them by name, lets each sit, and holds what it measures to its floors."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import cast

import msgspec

from wiredesk.errors import ConfigError
from wiredesk.exams import papers
from wiredesk.exams.floors import Floors, Verdict
from wiredesk.exams.sitting import Paper, Row, Said, Sitting


class Answer(msgspec.Struct, frozen=True):
    """What an exam said, and of a row what its floors say."""

    exam: str
    said: Said
    verdicts: tuple[Verdict, ...] = ()


def names() -> list[str]:
    """Return the names of all exams."""
    return sorted(module.name for module in pkgutil.iter_modules(papers.__path__))


def load(name: str) -> Paper:
    """Return the exam of that name. Raises ``ConfigError``."""
    if name not in names():
        raise ConfigError(f"there is no exam {name!r}; there are: {', '.join(names())}")
    return cast("Paper", import_module(f"{papers.__name__}.{name}").sit)


def about() -> dict[str, str]:
    """Return what each exam examines, in a few words: how its module's docstring begins."""
    told = {}
    for name in names():
        first = (import_module(f"{papers.__name__}.{name}").__doc__ or "").partition("\n\n")[0]
        told[name] = " ".join(first.split()).removeprefix(f"{name}: ").removesuffix(".")
    return told


def run(chosen: Sequence[str], sitting: Sitting, floors: Floors) -> Iterator[Answer]:
    """Give what the chosen exams say (all of them, if none is chosen), in their order.

    Floors were pinned for the default settings: a desk's own are held to none. Raises
    ``ConfigError`` for a name that there is not.
    """
    loaded = {name: load(name) for name in chosen or names()}
    for name, paper in loaded.items():
        for said in paper(sitting):
            held = isinstance(said, Row) and sitting.ours.by_default
            verdicts = floors.verdicts(name, said) if held and isinstance(said, Row) else ()
            yield Answer(name, said, verdicts)
