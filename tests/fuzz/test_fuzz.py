"""A minute's worth of the night's fuzzing, always the same inputs: every parser of foreign input."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fuzzing import PARSERS, SEALED, batch, mutated, searched, seeds_of

from wiredesk.adapters.apart import Children
from wiredesk.adapters.apart.limits import Limits
from wiredesk.engine.reading import PRELOAD

COUNTS = {"page": 400, "feed": 400}
MOST = 700


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    with Children(1, preload=(*PRELOAD, "fuzzing"), limits=Limits(cpu=60, wall=90)) as made:
        yield made


@pytest.mark.parametrize("name", PARSERS)
def test_whatever_comes_is_read_or_refused_in_time(name: str, children: Children) -> None:
    assert searched(children, name, 0, COUNTS.get(name, MOST)) == []


@pytest.mark.parametrize("name", PARSERS)
def test_the_seeds_themselves_are_read(name: str) -> None:
    for seed in seeds_of(name):
        PARSERS[name](seed)


def test_a_number_always_makes_the_same_input() -> None:
    assert mutated([b"ferry"], 7, "x") == mutated([b"ferry"], 7, "x")
    assert len({mutated([b"ferry" * 9], number, "x") for number in range(100)}) > 90


def test_a_parser_that_trips_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def trips(body: bytes) -> None:
        if body != SEALED.encode():
            raise KeyError("sealed")

    monkeypatch.setitem(PARSERS, "sealed", trips)
    assert batch("sealed", 0, 3)[0].what == "KeyError: 'sealed'"
