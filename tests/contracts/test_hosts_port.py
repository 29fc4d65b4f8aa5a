"""What every memory of hosts must do, run on each adapter of the port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from wiredesk.adapters.memory_hosts import MemoryHosts
from wiredesk.adapters.sqlite.hosts import SqliteHosts
from wiredesk.errors import StoreError
from wiredesk.ports.hosts import Hosts
from wiredesk.records.host import Pace, RobotsFile

PACE = Pace(host="a.example", not_before=12.5, why="it asked for 5 s", strikes=2, silences=1)
ROBOTS = RobotsFile(authority="http://a.example", verdict="rules", text="x\n", until=5, delay=2)


@pytest.fixture(params=["memory", "sqlite"])
def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hosts]:
    if request.param == "memory":
        yield MemoryHosts()
        return
    with closing(SqliteHosts(tmp_path / "state" / "hosts.sqlite")) as opened:
        yield opened


def test_a_host_that_nobody_asked_is_not_known(hosts: Hosts) -> None:
    assert hosts.pace("a.example") is None
    assert hosts.robots("http://a.example") is None


def test_what_was_kept_last_is_known(hosts: Hosts) -> None:
    hosts.keep(Pace(host="a.example"))
    hosts.keep(PACE)
    hosts.keep(ROBOTS)
    assert hosts.pace("a.example") == PACE
    assert hosts.robots("http://a.example") == ROBOTS
    assert hosts.robots("https://a.example") is None


def test_it_is_there_after_a_restart_and_for_another_process(tmp_path: Path) -> None:
    path = tmp_path / "hosts.sqlite"
    first = SqliteHosts(path)
    first.keep(PACE)
    first.keep(ROBOTS)
    with closing(SqliteHosts(path)) as second:  # the first was not closed, as after a kill
        assert (second.pace("a.example"), second.robots("http://a.example")) == (PACE, ROBOTS)
    first.close()


def test_a_file_of_another_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "hosts.sqlite"
    path.write_bytes(b"this is a text, and somebody may need it" * 100)
    with pytest.raises(StoreError, match=r"cannot open .*hosts\.sqlite"):
        SqliteHosts(path)
    assert path.read_bytes().startswith(b"this is a text")


def test_a_host_that_nobody_asked_for_long_is_forgotten(tmp_path: Path) -> None:
    path, day = tmp_path / "hosts.sqlite", 86_400.0
    with closing(SqliteHosts(path)) as first:
        first.keep(Pace(host="old.example", not_before=day))
        first.keep(Pace(host="new.example", not_before=30 * day))
        first.keep(RobotsFile(authority="http://old.example", until=day))
    with closing(SqliteHosts(path, now=45 * day)) as later:
        assert later.pace("old.example") is None
        assert later.robots("http://old.example") is None
        assert later.pace("new.example") is not None
