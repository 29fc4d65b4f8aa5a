"""Work apart gives what it gives here, and errors of ours come back as they were raised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hostile_work import doubled, echoed, refuses

from wiredesk.adapters.apart import Children
from wiredesk.errors import Unreadable
from wiredesk.ports.apart import Apart, here
from wiredesk.records.article import Article, Image, ProviderName


@pytest.fixture(params=["here", "children"])
def apart(request: pytest.FixtureRequest) -> Iterator[Apart]:
    if request.param == "here":
        yield here
    else:
        with Children(1) as children:
            yield children


def test_the_result_is_that_of_the_work(apart: Apart) -> None:
    assert [apart(doubled, number) for number in range(5)] == [0, 2, 4, 6, 8]


def test_a_value_of_ours_comes_back_equal(apart: Apart) -> None:
    article = Article(
        id="x",
        title="Ünïcode \U0001f916 \u2028 \x00",
        provider=ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
        published_date_time=datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=1))),
        fetched_at=datetime(2026, 3, 1, 10, 0, 0, 123, tzinfo=UTC),
        images=(Image(url="https://a.example/a.jpg", width=3, is_cached=True),),
        origins={"b": "1", "a": "2"},
    )
    found = apart(echoed, article)
    assert found == article
    assert list(found.origins) == ["b", "a"]


def test_an_error_of_ours_is_raised_as_it_was(apart: Apart) -> None:
    with pytest.raises(Unreadable) as caught:
        apart(refuses, "wall")
    assert (caught.value.reason, caught.value.message) == ("wall", "wall cannot be read")
