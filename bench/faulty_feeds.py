"""200 feeds on loopback, 10, 30 and 50 % of their answers faulty in twelve ways, a day by a fake clock.

    .venv/bin/python bench/faulty_feeds.py [--feeds 200] [--hours 24]

It must show 0 items lost that were ever served whole, 0 deletions, 0 requests within a host's gap or
before the end of its Retry-After; four restarts on the way.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/adapters"), str(ROOT / "tests/engine/polling")]

import faultywire  # noqa: E402 - the exam that the tests hold in its short form


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--hours", type=float, default=24.0)
    given = parser.parse_args()
    for share in (0.1, 0.3, 0.5):
        began = time.monotonic()
        wire = faultywire.Wire(given.feeds, share, seed=20260302, days=given.hours / 24 + 1)
        with tempfile.TemporaryDirectory() as folder:
            counts = faultywire.run(wire, Path(folder), given.hours, restarts=4)
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        print(f"{share:.0%} faulty: {told} ({time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
