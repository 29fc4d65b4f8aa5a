"""The exams on the real material beside the checkout, held to their floors, where it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from wiredesk.exams.floors import Floors
from wiredesk.exams.material import Material
from wiredesk.exams.ours import Ours
from wiredesk.exams.run import run
from wiredesk.exams.sitting import Sitting

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FLOORS = {"stories": 15, "copies": 12, "topics": 6, "senses": 12, "related": 10, "scores": 10}
"""Exams whose quick form has floors on that material, and at least how many."""


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason=f"the real material is not there ({DATA})")
@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_sinks_below_its_floor(name: str) -> None:
    ours = Ours()
    sitting = Sitting(Material(DATA, ours.lines), ours, baselines=False, effort="quick")
    answers = list(run([name], sitting, Floors()))
    verdicts = [(answer.said, one) for answer in answers for one in answer.verdicts]
    assert [pair for pair in verdicts if not pair[1].held] == []
    assert len(verdicts) >= FLOORS[name]
