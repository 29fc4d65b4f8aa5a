"""Addresses in the AMP cache."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wiredesk.errors import Refused
from wiredesk.records.ampcache import amp_cache_url, subdomain

_VECTORS = Path(__file__).resolve().parents[2] / ".." / "shared/data/amp/cache_url_vectors.json"


@pytest.mark.parametrize(
    ("url", "cached"),
    [
        ("https://courier.example/amp/a", "courier-example|c/s/courier.example/amp/a"),
        ("http://courier.example/amp/a", "courier-example|c/courier.example/amp/a"),
        ("https://courier.example/a?x=1&y=%20", "courier-example|c/s/courier.example/a?x=1&y=%20"),
        ("https://courier.example?amp=1", "courier-example|c/s/courier.example?amp=1"),
        ("https://courier.example/", "courier-example|c/s/courier.example/"),
        ("https://Courier.Example/A", "courier-example|c/s/courier.example/A"),
        ("https://courier.example/a.jpg?w=2", "courier-example|i/s/courier.example/a.jpg?w=2"),
        ("https://courier.example/a?b=c.jpg", "courier-example|c/s/courier.example/a?b=c.jpg"),
        ("https://courier.example/jpg", "courier-example|c/s/courier.example/jpg"),
        ("https://courier.example/a.otf", "courier-example|r/s/courier.example/a.otf"),
        (
            "https://harbour-courier.example/a",
            "harbour--courier-example|c/s/harbour-courier.example/a",
        ),
        ("https://xn--bcher-kva.example/a", "xn--bcher-example-wob|c/s/xn--bcher-kva.example/a"),
    ],
)
def test_a_page_has_its_place_in_the_cache(url: str, cached: str) -> None:
    label, path = cached.split("|")
    assert amp_cache_url(url) == f"https://{label}.cdn.ampproject.org/{path}"


@pytest.mark.parametrize(
    ("host", "label"),
    [
        ("a-b.c-d.example", "a--b-c--d-example"),
        ("ab.example", "ab-example"),
        ("de-at.example", "0-de--at-example-0"),
        ("d-at.example", "d--at-example"),
    ],
)
def test_a_label_that_would_pass_for_an_international_one_is_guarded(host: str, label: str) -> None:
    assert subdomain(host) == label


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        f"{'a' * 30}.{'b' * 30}.example",
        f"{'a-' * 20}b.example",
        "courier.xn--4gbrim",
    ],
)
def test_a_host_that_has_no_readable_label_is_hashed(host: str) -> None:
    label = subdomain(host)
    assert len(label) == 52
    assert set(label) <= set("abcdefghijklmnopqrstuvwxyz234567")


@pytest.mark.parametrize("url", ["", "courier.example", "ftp://courier.example/", "https:///a"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        amp_cache_url(url)


@pytest.mark.shared
def test_the_vectors_of_the_format_hold() -> None:
    if not _VECTORS.exists():
        pytest.skip("the shared AMP vectors are not beside this checkout")
    vectors = json.loads(_VECTORS.read_text(encoding="utf-8"))
    for url, cached in vectors["createCacheUrl"]:
        assert amp_cache_url(url) == cached
    for url, label in vectors["createCurlsSubdomain"]:
        assert subdomain(url.removeprefix("https://")) == label
