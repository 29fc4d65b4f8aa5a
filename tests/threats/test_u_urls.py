"""Addresses that mean harm: the cases U of the threats, by their ids (U08-U10, of servers and their
answers, are with fetching).
"""
# ruff: noqa: RUF001 - letters that look like others are the matter here

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.config import FetchSettings
from wiredesk.errors import Refused
from wiredesk.records.page import Answer, Request
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.records.weburl import (
    canonical_key,
    checked,
    cleaned,
    host_of,
    registrable_domain,
)
from wiredesk.stages.fetch import Fetch

TABLE = Path(__file__).resolve().parents[1] / "records" / "canonical_keys.txt"
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"

ODD = {
    "U01": "http://2130706433/ http://0x7f000001/ http://0x7f.1/ http://017700000001/ http://0177.0.0.1/"
    " http://127.1/ http://0/ http://0x7F.0.0.0x1/ http://127.0.1/ http://127.0.0.01/ http://0x/"
    " http://1.2.3.4.5/ http://256.0.0.1/ http://a.0x7f/ http://127.0.0.0x1/ http://00/",
    "U04": "http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://ⓛocalhost/ http://localhost。/"
    " http://127.0.0.１/ http://ｌocalhost/ http://𝟏𝟐𝟕.𝟎.𝟎.𝟏/ http://loc\u00adalhost/",
    "U05": "http://127.0.0.1%00.example.com/ http://127.0.0.1\x00.example.com/ http://example.com%2f/"
    " http://exam\x00ple.com/ http://example.com/\x00 http://%31%32%37.0.0.1/ http://a%2eb/",
    "U06": "http://127.0.0.1\\@example.com/ http://example.com\\@127.0.0.1/ http://example.com#@127.0.0.1/"
    " http://example.com?@127.0.0.1/ http://a@b@c/ http://user@example.com/ http://u:p@example.com/"
    " http://@example.com/ http:\\\\127.0.0.1\\ http:/127.0.0.1/ http:127.0.0.1/ http:///127.0.0.1/"
    " http://example.com:80@127.0.0.1/ http://[::1]@example.com/",
}  # fmt: skip
PORTS = {
    "U14": "http://example.com:22/ http://example.com:25/ http://example.com:6379/"
    " http://example.com:99999/ http://example.com:/ http://example.com:0/ http://example.com:65536/"
    " http://example.com:080a/ http://example.com:-80/ http://example.com:80:80/ http://example.com:8080/"
}
ADDRESSES = {
    "U02": "http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:a9fe:a9fe]/"
    " http://[64:ff9b::a9fe:a9fe]/ http://[2002:a9fe:a9fe::]/ http://[fec0::1]/ http://[fd00:ec2::254]/"
    " http://[::127.0.0.1]/ http://[0:0:0:0:0:ffff:7f00:1]/ http://[fe80::1]/ http://[ff02::1]/"
    " http://[2001:db8::1]/ http://[2001::1]/ http://[3fff::1]/ http://[100::1]/",
    "U03": "http://127.0.0.1/ http://10.1.2.3/ http://169.254.169.254/ http://192.168.1.1/ http://0.0.0.0/"
    " http://100.64.0.1/ http://172.16.0.1/ http://198.18.0.1/ http://224.0.0.1/ http://255.255.255.255/"
    " http://168.63.129.16/ http://127.255.255.254./",
}


def cases(table: dict[str, str]) -> list[object]:
    return [
        pytest.param(url, id=f"{name}-{place}")
        for name, urls in table.items()
        for place, url in enumerate(urls.split(" "))
    ]


class NeverAsked:
    """A web that must not be asked."""

    def exchange(self, request: Request) -> Answer:
        raise AssertionError(f"asked {request.url}")


@pytest.mark.parametrize("url", cases(ODD))
def test_what_two_parsers_could_read_in_two_ways_is_never_asked(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        Fetch(NeverAsked(), FetchSettings())(url, "page")
    assert refusal.value.reason == "url"


def test_u02_a_zone_is_refused() -> None:
    for url in ("http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[::1"):
        with pytest.raises(Refused):
            checked(url)


@pytest.mark.parametrize("url", cases(ADDRESSES))
def test_an_address_that_is_not_public_is_refused_however_it_is_written(url: str) -> None:
    host = host_of(checked(url)).strip("[]")
    assert AddressPolicy().refusal(host)


@pytest.mark.parametrize("url", cases(PORTS))
def test_a_port_that_is_not_allowed_is_refused(url: str) -> None:
    from wiredesk.adapters.clock import SystemClock  # noqa: PLC0415
    from wiredesk.adapters.web import LiveWeb  # noqa: PLC0415

    settings = FetchSettings()

    def public(address: str) -> str | None:
        raise AssertionError(f"{address} was looked up")

    web = LiveWeb(settings, SystemClock(), public)
    with pytest.raises(Refused) as refusal:
        Fetch(web, settings)(url, "page")
    assert refusal.value.reason == "port"


@pytest.mark.parametrize(
    ("like", "host"),
    [
        pytest.param("https://аррӏе.example/", "xn--80ak6aa92e.example", id="U12-cyrillic"),
        pytest.param(
            "https://xn--80ak6aa92e.example/", "xn--80ak6aa92e.example", id="U12-punycode"
        ),
        pytest.param("https://аpple.example/", "xn--pple-43d.example", id="U12-mixed"),
        pytest.param("https://faß.example/", "xn--fa-hia.example", id="U12-sharp-s"),
        pytest.param("https://applе.example/", "xn--appl-y4d.example", id="U12-mixed-end"),
    ],
)
def test_u12_a_look_alike_is_shown_as_what_it_is_and_has_no_provider(like: str, host: str) -> None:
    registry = ProviderRegistry(
        (Provider(name="Apple", domain="apple.example"), Provider(name="F", domain="fass.example"))
    )
    assert host_of(checked(like)) == host
    assert registry.of_host(host) is None
    assert registry.named(host, registrable_domain(host)).domain.startswith(("xn--", "example"))
    assert canonical_key(like) != canonical_key("https://apple.example/")


def test_u12_letters_of_another_size_are_another_letter() -> None:
    assert host_of(checked("https://paypaI.example/")) == "paypai.example"


def table() -> Iterator[tuple[str, str]]:
    key = ""
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("= "):
            key = line[2:]
        elif line.strip() and not line.startswith("#"):
            yield line, key


def test_u13_the_table_has_at_least_200_rows() -> None:
    assert len(list(table())) >= 200


@pytest.mark.parametrize(("url", "key"), list(table()))
def test_u13_a_page_has_one_key(url: str, key: str) -> None:
    assert canonical_key(url) == key
    assert canonical_key(key) == key
    assert canonical_key(cleaned(url)) == key


def test_u13_no_two_pages_have_one_key() -> None:
    keys = [line[2:] for line in TABLE.read_text("utf-8").splitlines() if line.startswith("= ")]
    assert len({canonical_key(key) for key in keys}) == len(keys)


@given(st.text(alphabet="aA0/.?&=#%:;@~-_+,[]é‰ẞ\u202e", max_size=60))
def test_u13_a_key_is_its_own_key(rest: str) -> None:
    url = f"https://courier.example/{rest}"
    try:
        key = canonical_key(url)
    except Refused:
        return
    assert canonical_key(key) == key
    assert canonical_key(cleaned(url)) == key


def test_h08_u13_a_long_address_costs_little() -> None:
    began = time.process_time()
    for url in (f"https://a.example/{'a/' * 100_000}", f"https://a.example/?{'a=%41&' * 300}"):
        try:
            canonical_key(url)
        except Refused:
            continue
    assert time.process_time() - began < 0.1


@pytest.mark.shared
def test_the_whatwg_urls_are_read_as_browsers_read_them_or_refused() -> None:
    """Of those that the standard reads as http(s): ours is the same without fragment, or refused on
    purpose; of those that it refuses, none is let through.
    """
    file = SHARED / "url" / "urltestdata.json"
    if not file.exists():
        pytest.skip("the shared material is not beside this checkout")
    read = refused = 0
    for case in json.loads(file.read_text("utf-8")):
        if isinstance(case, str):
            continue
        base = case.get("base") or ""
        try:
            ours = checked(case["input"], base)
        except Refused:
            refused += 1
            continue
        assert not case.get("failure"), case["input"]
        theirs = case["href"].partition("#")[0]
        assert ours.rstrip("/") == theirs.rstrip("/"), case["input"]
        read += 1
    assert read >= 100
    assert refused > read
