from __future__ import annotations

import pytest

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.errors import ConfigError

REFUSED = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.1.1
    192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255 168.63.129.16 :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:a9fe:a9fe
    ::7f00:1 64:ff9b::a9fe:a9fe 100::1 2001::1 2001:1ff::1 2001:db8::1 2002:a9fe:a9fe:: 3fff::1
    2620:4f:8000::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 2606:4700::1%eth0 fec0::1 ff02::1
    4000::1
"""

PUBLIC = """
    1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1
    169.253.255.255 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255 192.169.0.0
    198.17.255.255 198.20.0.0 223.255.255.255 168.63.129.15 168.63.129.17 2000::1 2001:200::1
    2001:db7:ffff::1 2001:db9::1 2003::1 2606:4700::6810:1 3ffe::1 3fff:1000::1
"""


@pytest.mark.parametrize("address", REFUSED.split())
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert AddressPolicy().refusal(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_is_let_through(address: str) -> None:
    assert AddressPolicy().refusal(address) is None


@pytest.mark.parametrize(
    "address", ["", "2130706433", "127.1", "0177.0.0.1", "localhost", "1.2.3.4.5"]
)
def test_what_is_no_numeric_address_is_refused(address: str) -> None:
    assert AddressPolicy().refusal(address)


def test_a_desk_can_allow_its_own_network_and_nothing_beside_it() -> None:
    policy = AddressPolicy(["10.1.0.0/16", "fd00:1::/32"])

    assert policy.refusal("10.1.2.3") is None
    assert policy.refusal("fd00:1::5") is None
    assert policy.refusal("10.2.0.1")
    assert policy.refusal("::ffff:10.1.2.3")
    assert policy.refusal("fd00:1::5%eth0")


def test_the_reason_says_what_the_address_is() -> None:
    assert AddressPolicy().refusal("169.254.169.254") == "is not public (link-local)"


def test_an_allowed_network_that_is_none_is_a_problem_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match=r"fetch\.allow_networks: '10\.0\.0\.1/8' is no network"):
        AddressPolicy(["10.0.0.1/8"])
