"""Feeds whose answers are faulty: nothing that was served whole is lost, nobody is asked too often.

``bench/faulty_feeds.py`` is the long form: 200 feeds and a whole day for each share of faults.
"""

from __future__ import annotations

from pathlib import Path

import faultywire
import pytest

FEEDS, HOURS = 16, 3.0


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_no_item_is_lost_that_was_ever_served_whole(share: float, tmp_path: Path) -> None:
    wire = faultywire.Wire(FEEDS, share, seed=20260302, days=HOURS / 24 + 1)
    counts = faultywire.run(wire, tmp_path, HOURS, restarts=1)
    assert counts["requests"] > 3 * FEEDS
    assert abs(counts["faulty"] / counts["requests"] - share) < 0.15
    assert counts["lost"] == 0
    assert counts["deletions"] == 0
    assert counts["gaps broken"] == 0
    assert counts["wishes broken"] == 0
