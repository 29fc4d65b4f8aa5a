"""Which addresses may be connected to (THREATS R2).

Python's ``ipaddress.is_global`` answers another question (is it globally *reachable*?) and its
answer for wrapped addresses, such as ``::ffff:127.0.0.1``, differs between versions. The table is
therefore stated here, after the IANA special-purpose registries (RFC 6890 and its updates).
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from wiredesk.errors import ConfigError

_IPV4_REFUSED = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by a carrier"),
    ("127.0.0.0/8", "this machine"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "AS112"),
    ("192.52.193.0/24", "AMT"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("168.63.129.16/32", "a cloud's own services"),
)

_IPV6_PUBLIC = IPv6Network("2000::/3")
_IPV6_REFUSED = (
    ("2001::/23", "protocol assignments"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "documentation"),
    ("2620:4f:8000::/48", "AS112"),
)

_IPV4_TABLE = tuple((IPv4Network(network), what) for network, what in _IPV4_REFUSED)
_IPV6_TABLE = tuple((IPv6Network(network), what) for network, what in _IPV6_REFUSED)


class AddressPolicy:
    """Says of an IP address whether a stranger's link may lead us there.

    ``allow_networks`` are CIDRs that are let through although they are not public, for a desk that
    polls its own network. Raises ``ConfigError`` for what is no CIDR.
    """

    def __init__(self, allow_networks: Iterable[str] = ()) -> None:
        self._allowed = tuple(_network(cidr) for cidr in allow_networks)

    def refusal(self, address: str) -> str | None:
        """Return why ``address`` (numeric, as a resolver gives it) is refused, or None."""
        if "%" in address:
            return "belongs to one link of this machine"
        try:
            parsed = ip_address(address)
        except ValueError:
            return "is no IP address"
        if any(parsed in network for network in self._allowed):
            return None
        what = _special4(parsed) if isinstance(parsed, IPv4Address) else _special6(parsed)
        return f"is not public ({what})" if what else None


def _special4(address: IPv4Address) -> str:
    return next((what for network, what in _IPV4_TABLE if address in network), "")


def _special6(address: IPv6Address) -> str:
    if address not in _IPV6_PUBLIC:  # ::1, fc00::/7, fe80::/10, and every wrapped IPv4 address
        return "outside of 2000::/3"
    return next((what for network, what in _IPV6_TABLE if address in network), "")


def _network(cidr: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(cidr)
    except ValueError as error:
        raise ConfigError(f"fetch.allow_networks: {cidr!r} is no network: {error}") from error
