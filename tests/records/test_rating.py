"""What a list of ratings, and the table of advertisers, say of a host."""

from __future__ import annotations

import pytest

from wiredesk.records.advertisers import ADVERTISERS, carried_by
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.records.rating import Ratings
from wiredesk.records.weburl import registrable_domain

LIST = Ratings(
    source="list.csv",
    values={
        "courier.example": 0.9,
        "sport.paper.co.uk": 0.3,
        "blogspot.com": 0.7,
        "paper.co.uk": 0.8,
        "co.uk": 0.1,
    },
)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("courier.example", "courier.example"),
        ("www.courier.example", "courier.example"),
        ("WWW.Courier.Example.", "courier.example"),
        ("live.sport.paper.co.uk", "sport.paper.co.uk"),
        ("news.paper.co.uk", "paper.co.uk"),
        ("blogspot.com", "blogspot.com"),
    ],
)
def test_the_longest_rated_part_of_a_host_counts(host: str, domain: str) -> None:
    rating = LIST.of_host(host)
    assert rating is not None
    assert (rating.domain, rating.source) == (domain, "list.csv")
    assert rating.value == LIST.values[domain]


@pytest.mark.parametrize(
    "host", ["a-blog.blogspot.com", "other.co.uk", "notcourier.example", "localhost", "", "example"]
)
def test_a_platforms_or_a_suffixs_rating_is_nobodys_below_it(host: str) -> None:
    assert LIST.of_host(host) is None


def test_a_desk_without_a_list_rates_nobody() -> None:
    assert ProviderRegistry().rating_of("courier.example") is None


def test_wires_and_report_sellers_are_known_wherever_below_their_domain() -> None:
    assert carried_by("www.prnewswire.com") == "press releases"
    assert carried_by("marketsandmarkets.com") == "market reports"
    assert carried_by("notprnewswire.com") == ""
    assert carried_by("courier.example") == ""


@pytest.mark.parametrize("domain", ADVERTISERS)
def test_the_table_has_registrable_domains_only(domain: str) -> None:
    assert domain == domain.lower() == registrable_domain(domain)


def test_the_desks_own_file_has_the_last_word_on_an_advertiser() -> None:
    news = Provider(name="PR Newswire", domain="prnewswire.com", kind="news")
    own = Provider(name="Flare", domain="flare.example", kind="press-release")
    registry = ProviderRegistry((news, own))
    assert registry.advertises("www.prnewswire.com") == ""
    assert registry.advertises("flare.example") == "press releases"
    assert registry.advertises("businesswire.com") == "press releases"
    assert registry.advertises("courier.example") == ""
