"""Web addresses: what may be requested, what is shown, and what makes two of them one page.

Addresses come from strangers. They are taken apart once, here, and put together from the parts, so
that no two parsers can disagree about the host (THREATS R3). The parts then follow the WHATWG URL
standard (https://url.spec.whatwg.org/), by the library ada.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import NoReturn

import can_ada
import idna
import tldextract

from wiredesk.errors import Refused
from wiredesk.records.tracking import is_tracking

MOST_BYTES = 2_048
"""Longest address that is requested (THREATS R3)."""

_AROUND = "\t\n\x0b\x0c\r \x85\xa0\u2028\u2029\u3000\ufeff"
"""Whitespace that hangs on links in feeds; inside an address it is refused."""

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")
_ABSOLUTE = re.compile(r"(?i:(https?)):(//)?([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PLAIN_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_NUMERIC = re.compile(r"(?i:[0-9]+|0x[0-9a-f]*)")
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_DOTTED_QUAD = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_SLASHES = re.compile(r"/{2,}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORT = {"http": 80, "https": 443}
_MOST_LABEL, _MOST_HOST, _MOST_PORT = 63, 253, 65_535

_psl = tldextract.TLDExtract(
    suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True, fallback_to_snapshot=True
)


def _refuse(url: str, why: str, reason: str = "url") -> NoReturn:
    shown = url if len(url) <= 100 else f"{url[:100]}…"  # noqa: PLR2004 - enough to find it again
    raise Refused(reason, f"{shown!r} is not an address that we ask: {why}")


def checked(url: str, base: str = "") -> str:
    """Return ``url`` as an absolute http(s) address that is fit to be requested.

    Whitespace around it and its fragment are dropped, the host becomes ASCII (UTS 46 with STD3
    rules) without a trailing dot, the rest is escaped by the URL standard. A relative address is
    resolved against ``base``. Ports are only checked for being ports. Raises ``Refused`` (class
    ``url``, or ``port``) for what could be understood in two ways or is no web address.
    """
    url = url.strip(_AROUND)
    if len(url) > MOST_BYTES:
        _refuse(url, f"it is longer than {MOST_BYTES} bytes")
    if _FORBIDDEN.search(url):
        _refuse(url, "it contains a space, a control character or a backslash")
    parts = _ABSOLUTE.fullmatch(url)
    if parts is None:
        parts = _resolved(url, base)
    scheme, slashes, authority, path, query, fragment = parts.groups(default="")
    if not slashes:
        _refuse(url, "there is no // before its host")
    if not path and "@" in query + fragment:
        _refuse(url, "parsers disagree about where its host ends")
    host, port = _authority(url, authority)
    scheme = scheme.lower()
    if port and int(port) == _DEFAULT_PORT[scheme]:
        port = ""
    whole = f"{scheme}://{host}{':' + port if port else ''}{path}{query}"
    try:
        fit: str = can_ada.parse(whole).href
    except ValueError:
        _refuse(url, "it does not follow the URL standard")
    if len(fit) > MOST_BYTES:
        _refuse(url, f"it is longer than {MOST_BYTES} bytes")
    return fit


def linkable(url: str | None) -> str:
    """Return ``url`` as ``checked`` does, or an empty string for what nobody should be sent to: records
    are edited by hand.
    """
    try:
        return checked(url) if url else ""
    except Refused:
        return ""


def _resolved(url: str, base: str) -> re.Match[str]:
    """Resolve a relative address; only its path and query can be its own, or its whole authority."""
    if _SCHEME.match(url):
        _refuse(url, "its scheme is neither http nor https")
    if not base:
        _refuse(url, "it is relative, and nothing says to what")
    base = checked(base)
    scheme = base.partition(":")[0]
    whole = f"{scheme}:{url}" if url.startswith("//") else str(can_ada.parse(base) + url)
    parts = _ABSOLUTE.fullmatch(whole)
    if parts is None:
        _refuse(url, "it does not follow the URL standard")
    return parts


def _authority(url: str, authority: str) -> tuple[str, str]:
    """Return the ASCII host and the port as digits (empty when none is stated)."""
    if "@" in authority:
        _refuse(url, "it carries a user name")
    if authority.startswith("["):
        literal, bracket, rest = authority[1:].partition("]")
        host = _ipv6(url, literal if bracket else "")
    else:
        name, colon, digits = authority.partition(":")
        host, rest = _host(url, name), colon + digits
    if not rest:
        return host, ""
    digits = rest[1:]
    if rest[0] != ":" or not (digits.isascii() and digits.isdigit() and len(digits) <= 5):  # noqa: PLR2004 - 65535
        _refuse(url, "its port is no number", "port")
    if not 0 < int(digits) <= _MOST_PORT:
        _refuse(url, "there is no such port", "port")
    return host, str(int(digits))


def _ipv6(url: str, literal: str) -> str:
    try:
        address = IPv6Address("" if "%" in literal else literal)
    except AddressValueError:
        _refuse(url, "its IPv6 address is malformed")
    return f"[{address.compressed}]"


def _host(url: str, name: str) -> str:
    if "%" in name:
        _refuse(url, "there is a percent sign in its host")
    host = name.lower() if name.isascii() else _ascii(url, name)
    host = host.removesuffix(".")
    if "xn--" in host:
        host = _ascii(url, host)
    if not _PLAIN_HOST.fullmatch(host) or len(host) > _MOST_HOST:
        _refuse(url, "its host is no host name")
    labels = host.split(".")
    if max(map(len, labels)) > _MOST_LABEL:
        _refuse(url, "a part of its host is too long")
    if _NUMERIC.fullmatch(labels[-1]) and not _DOTTED_QUAD.fullmatch(host):
        _refuse(url, "its host is a number in disguise")
    if not name.isascii() and "xn--" not in host:
        _refuse(url, "its host is a plain name in disguise")
    return host


@lru_cache(maxsize=4096)
def _idna(name: str) -> str:
    try:
        return idna.encode(name, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return ""


def _ascii(url: str, name: str) -> str:
    host = _idna(name)
    if not host:
        _refuse(url, "its host is no valid international name")
    return host


def cleaned(url: str) -> str:
    """Return ``url`` as it is shown and fetched: checked, without tracking parameters, fragment and
    default port; all other parameters stay as they are. Raises ``Refused`` like ``checked``.
    """
    fit = checked(url)
    place, mark, query = fit.partition("?")
    if not mark:
        return fit
    host = host_of(fit)
    kept = [pair for pair in query.split("&") if pair and not is_tracking(pair, host)]
    return f"{place}?{'&'.join(kept)}" if kept else place


def canonical_key(url: str) -> str:
    """Return the identity of the page at ``url``: equal for addresses that differ only in scheme,
    ``www.``, case of the host, default ports, tracking, fragment, order of parameters, escapes of
    characters that need none (RFC 3986, section 6.2.2.2), repeated and trailing slashes.

    It has the form of an address, and is its own key. Raises ``Refused`` like ``checked``.
    """
    key = _folded(cleaned(url))
    if "%" not in url:
        return key
    while (again := _folded(cleaned(key))) != key:
        key = again  # an escape inside an escape only shows once the inner one is gone
    return key


def _folded(url: str) -> str:
    place, _, query = url.partition("?")
    host, _, path = place.partition("://")[2].partition("/")
    name, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if colon and int(port) in _DEFAULT_PORT.values():
        host = name
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    path = _SLASHES.sub("/", _unescaped(path)).strip("/")
    query = "&".join(sorted(_unescaped(query).replace("%20", "+").split("&")))
    return f"https://{host}/{path}{'?' + query if query else ''}"


def _unescaped(text: str) -> str:
    def unescape(escape: re.Match[str]) -> str:
        character = chr(int(escape[1], 16))
        return character if character in _UNRESERVED else escape[0].upper()

    return _ESCAPE.sub(unescape, text) if "%" in text else text


def host_of(url: str) -> str:
    """Return the host of a checked address, without its port; empty for anything else."""
    parts = _ABSOLUTE.fullmatch(url)
    if parts is None:
        return ""
    authority = parts[3].lower()
    if authority.startswith("["):
        return authority.partition("]")[0] + "]"
    return authority.partition(":")[0]


@lru_cache(maxsize=65_536)
def registrable_domain(host: str) -> str:
    """Return the part of ``host`` that somebody registered, such as ``bbc.co.uk``; the host itself
    where there is none (an IP address, ``localhost``).

    By the Public Suffix List as bundled with tldextract, its private part included: two blogs on
    one blogging platform are two publishers.
    """
    return _psl.extract_str(host).top_domain_under_public_suffix or host


def same_site(one: str, other: str) -> bool:
    """Tell whether two checked addresses are below one registrable domain."""
    return registrable_domain(host_of(one)) == registrable_domain(host_of(other))
