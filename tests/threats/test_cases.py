"""Every case that is defended has a test that a reader finds by its id, and the guide names it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = [
    *("F01", "F03", "F04", "F05", "F07", "F08", "F09", "F11", "F12", "F13", "F15", "F16", "F17"),
    *("F19", "F20", "F21", "H01", "H02", "H04", "H05", "H06", "H08"),
    *("I01", "I02", "I04", "I05", "I06", "I08"),
    *("U01", "U02", "U04", "U05", "U06", "U12", "U13", "U14"),
    *("C02", "C03", "C04", "C06", "C07", "C08"),
]
"""The groups F, H, I, U and C of the threats; F23, U08-U10 and S are with fetching."""

_NAMED = re.compile(r"def (test_\w+)|id=\"([^\"]+)\"|\"([FHIUC]\d\d)[-\"]", re.IGNORECASE)


def named() -> set[str]:
    """Return the ids in the names of tests and of their parameters."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for groups in _NAMED.findall(path.read_text("utf-8")):
            found.update(
                re.findall(
                    r"(?<![a-z0-9])[fhiuc]\d\d(?!\d)", "-".join(groups).lower().replace("_", "-")
                )
            )
    return {name.upper() for name in found}


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_a_test_by_its_id(case: str) -> None:
    assert case in named()


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_in_the_guide(case: str) -> None:
    guide = (ROOT / "docs" / "guides" / "hostile-input.md").read_text("utf-8")
    assert f"| {case} |" in guide
