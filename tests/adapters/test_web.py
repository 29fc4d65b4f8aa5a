from __future__ import annotations

import gc
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from server import RawServer, answer, says, serving

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.adapters.clock import FixedClock
from wiredesk.adapters.web import LiveWeb, Resolve, _public_trust
from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, Refused
from wiredesk.records.page import Answer, Request

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HOST = "harbour-courier.example"


def loopback_settings(port: int, **changes: object) -> FetchSettings:
    settings = FetchSettings(
        ports=(port,),
        allow_networks=("127.0.0.1/32",),
        contact="https://desk.example/about",
        feed_deadline=5.0,
        page_deadline=5.0,
    )
    return msgspec.structs.replace(settings, **changes)


def loopback_web(
    port: int,
    resolve: Resolve | None = None,
    trust: ssl.SSLContext | None = None,
    **changes: object,
) -> LiveWeb:
    settings = loopback_settings(port, **changes)
    policy = AddressPolicy(settings.allow_networks)
    named = resolve or (lambda host: ["127.0.0.1"])
    return LiveWeb(settings, FixedClock(AT), policy.refusal, resolve=named, trust=trust)


def ask(
    server: RawServer, path: str = "/", resolve: Resolve | None = None, **changes: object
) -> Answer:
    request = Request(url=f"http://{HOST}:{server.port}{path}", purpose="feed")
    return loopback_web(server.port, resolve, None, **changes).exchange(request)


def always(found: Sequence[str]) -> Resolve:
    return lambda host: found


def failure(server: RawServer, **changes: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        ask(server, "/", None, **changes)
    assert HOST in caught.value.message
    return caught.value


def test_an_answer_comes_with_its_status_headers_body_and_time() -> None:
    with serving(says(answer(b"<rss/>", "Content-Type: application/rss+xml", "ETag: x"))) as server:
        got = ask(server, "/feed?a=1")

    assert got == Answer(
        url=f"http://{HOST}:{server.port}/feed?a=1",
        status=200,
        headers=(("content-type", "application/rss+xml"), ("etag", "x"), ("content-length", "6")),
        body=b"<rss/>",
        at=AT,
    )


def test_the_request_is_one_plain_get_that_says_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with serving(says(answer(b"ok", "Set-Cookie: a=b"))) as server:
        web = loopback_web(server.port)
        for _ in range(2):
            web.exchange(
                Request(
                    url=server.url("/feed"), purpose="feed", headers=(("if-none-match", '"x"'),)
                )
            )

    assert server.requests[0] == server.requests[1]
    first, *lines = server.requests[0].decode().split("\r\n")
    assert first == "GET /feed HTTP/1.1"
    sent = dict(line.split(": ", 1) for line in lines if line)
    assert sent.pop("accept").startswith("application/atom+xml")
    assert sent == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": "wiredesk/0.1 (+https://desk.example/about)",
        "accept-encoding": "gzip, identity",
        "connection": "close",
        "if-none-match": '"x"',
    }


def test_a_form_is_posted_whole() -> None:
    with serving(says(answer(b"", status="202 Accepted"))) as server:
        request = Request(url=server.url("/hub"), purpose="websub", form=b"hub.mode=subscribe")
        assert loopback_web(server.port).exchange(request).status == 202
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert (first, body) == ("POST /hub HTTP/1.1", b"hub.mode=subscribe")
    assert {"content-type: application/x-www-form-urlencoded", "content-length: 18"} <= {*lines}


@pytest.mark.parametrize("value", ['"a"\r\nX-Injected: 1', "a\nb", "a\0b", "\N{SNOWMAN}"])
def test_a_validator_that_would_break_the_request_is_never_sent(value: str) -> None:
    with serving(says(answer())) as server:
        request = Request(url=server.url(), purpose="feed", headers=(("if-none-match", value),))
        with pytest.raises(Refused, match=r"\[header\]"):
            loopback_web(server.port).exchange(request)
    assert server.connections == 0


class Late(ssl.SSLContext):
    """Lets the deadline pass between the connection and the handshake."""

    def wrap_socket(self, sock: socket.socket, *args: Any, **more: Any) -> ssl.SSLSocket:
        time.sleep(0.2)
        return super().wrap_socket(sock, *args, **more)


def test_s01_a_connection_that_came_too_late_for_tls_is_closed() -> None:
    with serving(says(60.0)) as server:
        web = loopback_web(server.port, trust=Late(ssl.PROTOCOL_TLS_CLIENT), feed_deadline=0.1)
        with pytest.raises(FetchError) as caught:
            web.exchange(Request(url=f"https://{HOST}:{server.port}/", purpose="feed"))
        gc.collect()  # a socket that was left open would be told here
    assert caught.value.reason == "timeout"


def forever(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece


@pytest.mark.parametrize("status", ["302 Found", "404 Not Found", "503 Busy", "304 Not Modified"])
def test_u10_only_what_went_well_has_its_body_read(status: str) -> None:
    def script(_: bytes) -> Iterator[bytes]:
        yield f"HTTP/1.1 {status}\r\nContent-Encoding: gzip\r\nLocation: /x\r\n\r\n".encode()
        yield from forever(b"\0" * 65536)

    with serving(script) as server:
        got = ask(server)
    assert (got.status, got.body) == (int(status[:3]), b"")
    assert server.sent < 10_000_000


@pytest.mark.parametrize("later", [False, True], ids=["at once", "in a later packet"])
def test_s05_bytes_beyond_the_announced_end_are_an_error(later: bool) -> None:
    pieces: list[bytes | float] = [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"]
    pieces += [0.02] if later else []
    with serving(says(*pieces, b"more")) as server:
        assert failure(server).reason == "length"


def test_a_server_that_keeps_the_connection_open_costs_no_deadline() -> None:
    with serving(says(answer(b"hello"), 3.0)) as server:
        began = time.monotonic()
        assert ask(server).body == b"hello"
        assert time.monotonic() - began < 0.5


def test_s11_a_port_where_nobody_listens_is_a_failure_to_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(FetchError) as caught:
        loopback_web(port).exchange(Request(url=f"http://{HOST}:{port}/", purpose="feed"))
    assert caught.value.reason == "connect"
    assert caught.value.message == f"{HOST} cannot be reached (connection refused)"


def test_a_host_without_an_address_is_a_failure_of_the_dns() -> None:
    def nobody(host: str) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    for resolve in (nobody, always([])):
        with pytest.raises(FetchError) as caught:
            loopback_web(80, resolve=resolve).exchange(
                Request(url=f"http://{HOST}/", purpose="feed")
            )
        assert caught.value.reason == "dns"


def test_an_address_that_does_not_answer_leaves_time_for_the_next() -> None:
    with serving(says(answer(b"ok")), address="127.0.0.1") as server:
        got = ask(
            server,
            resolve=lambda host: ["127.0.0.3", "127.0.0.1"],
            allow_networks=("127.0.0.0/8",),
        )
    assert got.body == b"ok"


UNSAFE_HOSTS = [
    *(
        f"u01 {host}"
        for host in [
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "0177.0.0.1",
            "127.1",
            "0",
        ]
    ),
    *(
        f"u02 [{host}]"
        for host in [
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:a9fe:a9fe",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
            "fec0::1",
            "fd00:ec2::254",
            "fe80::1%25eth0",
        ]
    ),
    *(f"u04 {host}" for host in ("①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛocalhost")),
    *(f"u05 {host}" for host in ("127.0.0.1%00.paper.example", "127.0.0.1\0.paper.example")),
    *(
        f"u06 {host}"
        for host in (
            "127.0.0.1\\@paper.example",
            "paper.example\\@127.0.0.1",
            "paper.example#@127.0.0.1",
            "paper.example?@127.0.0.1",
            "a@b@127.0.0.1",
        )
    ),
    "r2 169.254.169.254",
    "r2 10.0.0.1",
    "r2 168.63.129.16",
]


@pytest.mark.parametrize("case", UNSAFE_HOSTS, ids=ascii)
def test_an_address_that_leads_inside_is_refused_before_any_connection(case: str) -> None:
    host = case.split(" ", 1)[1]
    asked: list[str] = []

    def resolve(name: str) -> Sequence[str]:
        asked.append(name)
        if name == "paper.example":
            pytest.fail("parsers disagree about this host: it must be refused, not looked up")
        return [str(ip_address(name))]

    settings = FetchSettings()
    web = LiveWeb(settings, FixedClock(AT), AddressPolicy().refusal, resolve=resolve)
    for url in (f"http://{host}/", f"https://{host}/latest"):
        with pytest.raises(Refused) as caught:
            web.exchange(Request(url=url, purpose="page"))
        assert caught.value.reason in {"address", "url"}


@pytest.mark.parametrize("port", ["22", "25", "6379", "99999", "0", "-1", "8080", "x"])
def test_u14_other_ports_are_refused(port: str) -> None:
    def never(name: str) -> Sequence[str]:
        pytest.fail("a refused port needs no look-up")

    web = LiveWeb(FetchSettings(), FixedClock(AT), AddressPolicy().refusal, resolve=never)
    with pytest.raises(Refused) as caught:
        web.exchange(Request(url=f"http://{HOST}:{port}/", purpose="page"))
    assert caught.value.reason in {"port", "url"}


def certificate(name: str, until: datetime, folder: Path) -> Path:
    """Make a self-signed certificate for ``name``; return the file with it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(until - timedelta(days=30))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}-{until:%Y%m%d}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.mark.parametrize(
    ("name", "valid", "trusted", "why"),
    [
        (HOST, True, True, ""),
        (HOST, True, False, "self-signed"),
        (HOST, False, True, "expired"),
        ("other.example", True, True, "Hostname mismatch"),
    ],
    ids=["good", "self-signed", "expired", "for another host"],
)
def test_s11_a_server_must_prove_who_it_is(
    name: str, valid: bool, trusted: bool, why: str, tmp_path: Path
) -> None:
    until = datetime.now(UTC) + timedelta(days=10 if valid else -10)
    file = certificate(name, until, tmp_path)
    serve = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serve.load_cert_chain(file)
    trust = ssl.create_default_context()
    if trusted:
        trust.load_verify_locations(file)

    with serving(says(answer(b"sealed")), tls=serve) as server:
        web = loopback_web(server.port, trust=trust)
        request = Request(url=f"https://{HOST}:{server.port}/", purpose="page")
        if not why:
            assert web.exchange(request).body == b"sealed"
            return
        with pytest.raises(FetchError) as caught:
            web.exchange(request)
    assert caught.value.reason == "tls"
    assert why in caught.value.message
    assert server.requests == []


def test_s11_a_tls_request_to_a_plain_server_fails_as_tls() -> None:
    with serving(says(answer(b"plain"))) as server, pytest.raises(FetchError) as caught:
        # the plain server waits for an empty line that a handshake never sends
        loopback_web(server.port, feed_deadline=0.3).exchange(
            Request(url=f"https://{HOST}:{server.port}/", purpose="feed")
        )
    assert caught.value.reason in {"tls", "timeout"}


def test_public_authorities_are_trusted_even_where_the_machine_has_none() -> None:
    assert _public_trust().cert_store_stats()["x509_ca"] > 50
    assert _public_trust().verify_mode == ssl.CERT_REQUIRED
    assert _public_trust().check_hostname


def test_settings_name_the_budget_of_each_purpose() -> None:
    settings = FetchSettings()

    feed, page, image = (settings.budget(purpose) for purpose in ("feed", "page", "image"))
    assert (feed.deadline, feed.wire, feed.decoded) == (20, 5_000_000, 10_000_000)
    assert (page.deadline, page.wire, page.decoded) == (30, 5_000_000, 10_000_000)
    assert (image.deadline, image.wire, image.decoded) == (30, 15_000_000, 15_000_000)
