"""The list as CSV: nothing in it is a formula, and it comes back as it went."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.engine.newsletter.lists import as_csv, read_csv
from wiredesk.errors import ConfigError
from wiredesk.records.newsletter import Subscriber

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KNOWN = ("daily", "weekly")
LOCAL = st.text("abcxyz019.!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=20).filter(
    lambda text: not text.startswith(".") and not text.endswith(".") and ".." not in text
)


def somebody(address: str, **more: object) -> Subscriber:
    fields: dict[str, object] = {"status": "active", "series": KNOWN, "confirmed_at": NOON} | more
    return Subscriber(id="1" * 20, address=address, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "'"])
def test_no_cell_begins_like_a_formula(first: str) -> None:
    text = as_csv([somebody(f"{first}cmd|'/C calc'!A0@reader.example")])
    assert text.splitlines()[1].startswith(f"\"'{first}") or first == "\r"
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@given(LOCAL)
def test_an_address_comes_back_as_it_went(local: str) -> None:
    given = somebody(f"{local}@reader.example")
    rows, problems = read_csv(as_csv([given]), KNOWN)
    assert problems == []
    (row,) = rows
    assert (row.address, row.status, row.series, row.confirmed) == (
        given.address, "active", KNOWN, NOON,
    )  # fmt: skip


def test_only_the_address_must_be_there() -> None:
    rows, problems = read_csv("\ufeffName,Address\r\nAda,ada@reader.example\n\n,\n", KNOWN)
    assert problems == []
    assert [(row.address, row.status, row.series) for row in rows] == [
        ("ada@reader.example", "pending", KNOWN)
    ]


def test_a_bad_line_is_told_by_its_number_alone_and_costs_only_itself() -> None:
    text = (
        "address,status,series\nada@reader.example,active,daily\nnobody here,,\n"
        "b@reader.example,king,\nc@reader.example,,monthly\nd@reader.example,,\n"
    )
    rows, problems = read_csv(text, KNOWN)
    assert [row.address for row in rows] == ["ada@reader.example", "d@reader.example"]
    assert [problem.partition(":")[0] for problem in problems] == ["line 3", "line 4", "line 5"]
    assert not any("reader.example" in problem or "nobody" in problem for problem in problems)


@pytest.mark.parametrize("text", ["", "ada@reader.example\n", "mail\nx@y.example\n"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="names its columns"):
        read_csv(text, KNOWN)
