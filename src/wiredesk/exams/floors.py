"""Floors: what a figure must not sink below, pinned to the very data that it was measured on.

They are in a JSON file. A floor is known by the exam, the form and number of the documents, the
model, and the SHA-256 of each data file; figures on other data are measured and held to nothing. A
floor is a little on the worse side of what was measured when it was pinned (``Figure.margin``), and
pinning again never lowers it.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import msgspec

from wiredesk.errors import ConfigError
from wiredesk.exams.material import digest
from wiredesk.exams.sitting import OURS, Figure, Row

SHIPPED = Path(__file__).with_name("floors.json")
_THOUSANDTHS = 1000


class Pinned(msgspec.Struct, frozen=True, kw_only=True):
    """The floors of one row of one exam. ``material`` is for people only."""

    exam: str
    material: str
    case: str
    model: str = ""
    """The model that grouping asked; empty for none."""
    documents: int
    files: tuple[str, ...]
    floors: dict[str, float]

    @property
    def key(self) -> tuple[str, str, str, int, tuple[str, ...]]:
        """What it is known by."""
        return self.exam, self.case, self.model, self.documents, self.files


class Verdict(msgspec.Struct, frozen=True):
    """A figure held to its floor."""

    figure: str
    floor: float
    held: bool


class Floors:
    """The floors of a file, for judgement with ``model``; one that is absent has none."""

    def __init__(self, path: Path = SHIPPED, model: str = "") -> None:
        """Raises ``ConfigError`` for a file that cannot be used."""
        self._path, self._model = path, model
        try:
            data = path.read_bytes() if path.exists() else b"[]"
            found = msgspec.json.decode(data, type=list[Pinned])
        except (OSError, msgspec.DecodeError) as error:
            raise ConfigError(f"{path}: no floors can be read from it: {error}") from None
        self._pinned = {pinned.key: pinned for pinned in found}

    def verdicts(self, exam: str, row: Row) -> tuple[Verdict, ...]:
        """Return what is said of each figure that has a floor."""
        pinned = self._pinned.get(self._measured(exam, row).key) if row.contender == OURS else None
        if pinned is None:
            return ()
        return tuple(
            Verdict(figure.name, floor, not _worse(figure, figure.value, floor))
            for figure in row.figures
            if (floor := pinned.floors.get(figure.name)) is not None
        )

    def pin(self, exam: str, row: Row) -> list[str]:
        """Pin a row's figures; return a sentence for each floor that would sink, and is kept."""
        fresh = self._measured(exam, row)
        if row.contender != OURS or not fresh.floors:
            return []
        known = self._pinned.get(fresh.key)
        kept = dict(known.floors) if known else {}
        refused = []
        for figure in row.figures:
            floor = fresh.floors.get(figure.name)
            before = kept.get(figure.name)
            if floor is None:
                continue
            if before is None or not _worse(figure, floor, before):
                kept[figure.name] = floor
            elif _worse(figure, figure.value, before):
                refused.append(
                    f"{exam}: {row.material} {row.case}: the floor of {figure.name} stays at "
                    f"{before:g}; {figure.shown()} was measured"
                )
        self._pinned[fresh.key] = msgspec.structs.replace(fresh, floors=kept)
        return refused

    def save(self) -> None:
        """Write the file. Raises ``ConfigError`` where that cannot be done."""
        ordered = sorted(self._pinned.values(), key=lambda one: (one.exam, one.material, one.key))
        try:
            text = msgspec.json.format(msgspec.json.encode(ordered), indent=1)
            self._path.write_bytes(text + b"\n")
        except OSError as error:
            raise ConfigError(f"{self._path}: cannot be written: {error.strerror}") from error

    def _measured(self, exam: str, row: Row) -> Pinned:
        return Pinned(
            exam=exam,
            material=row.material,
            case=row.case,
            model=self._model,
            documents=row.documents,
            files=tuple(_digest(path) for path in row.files),
            floors={
                figure.name: _floor(figure) for figure in row.figures if figure.better != "neither"
            },
        )


_digest = cache(digest)


def _floor(figure: Figure) -> float:
    """Return the floor of a figure (a ceiling where less is better), in whole thousandths."""
    if figure.better == "less":
        return math.ceil(round((figure.value + figure.margin) * _THOUSANDTHS, 6)) / _THOUSANDTHS
    return math.floor(round((figure.value - figure.margin) * _THOUSANDTHS, 6)) / _THOUSANDTHS


def _worse(figure: Figure, value: float, than: float) -> bool:
    return value > than if figure.better == "less" else value < than
