"""Fuzzing by the clock (``--minutes N``), or one input again (``PARSER NUMBER``), which is written."""

from __future__ import annotations

import sys
import time

from fuzzing import PARSERS, batch, mutated, searched, seeds_of

from wiredesk.adapters.apart import Children
from wiredesk.adapters.apart.limits import Limits
from wiredesk.engine.reading import PRELOAD

FIRST, STEP = 1_000_000, 200
"""Where the night begins: after all that CI reads."""


def night(minutes: float) -> int:
    """Read inputs for so many minutes; print findings as they come, return how many there were."""
    with Children(0, preload=(*PRELOAD, "fuzzing"), limits=Limits(cpu=60, wall=90)) as children:
        until, first, found = time.monotonic() + 60 * minutes, FIRST, 0
        while time.monotonic() < until:
            for name in PARSERS:
                for finding in searched(children, name, first, STEP):
                    print(f"{finding.parser} {finding.number}: {finding.what[:300]}", flush=True)  # noqa: T201
                    found += 1
            first += STEP
    print(f"{(first - FIRST) * len(PARSERS):,} inputs, {found} findings")  # noqa: T201
    return found


def again(name: str, number: int) -> int:
    """Write one input to standard output, and what it does to the other one."""
    sys.stdout.buffer.write(mutated(seeds_of(name), number, name))
    findings = batch(name, number, 1)
    print(findings, file=sys.stderr)  # noqa: T201
    return len(findings)


if __name__ == "__main__":
    one, other = sys.argv[1:3]
    sys.exit(bool(night(float(other)) if one == "--minutes" else again(one, int(other))))
