"""What is believed of what a hub says (WebSub; THREATS O11)."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qs

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.records.websub import (
    LONGEST_LEASE,
    Subscription,
    announcing,
    asking,
    denied,
    is_signed,
    verified,
)

NOW = 1_772_000_000.0
DAY = 86_400.0
ASKED = Subscription(
    id="abc123",
    source="feed:a",
    hub="https://hub.example/",
    topic="https://a.example/feed?x=1&y=2",
    secret="s" * 40,
    asked=NOW - 5,
    tries=1,
)
GOOD = {
    "hub.mode": "subscribe",
    "hub.topic": ASKED.topic,
    "hub.challenge": "made by the hub",
    "hub.lease_seconds": "864000",
}


def test_what_is_asked_of_a_hub_is_a_form_with_a_callback_of_its_own() -> None:
    assert parse_qs(asking(ASKED, "https://desk.example/hub/", 10 * DAY).decode()) == {
        "hub.callback": ["https://desk.example/hub/abc123"],
        "hub.mode": ["subscribe"],
        "hub.topic": [ASKED.topic],
        "hub.lease_seconds": ["864000"],
        "hub.secret": [ASKED.secret],
    }
    assert len(ASKED.secret) < 200, "section 5.1"


def test_the_secret_never_goes_over_a_line_that_others_read() -> None:
    plain = msgspec.structs.replace(ASKED, hub="http://hub.example/")
    assert b"secret" not in asking(plain, "https://desk.example/hub", DAY)
    assert not is_signed(plain, signature("sha256", b"x"), b"x")


def test_a_verification_of_what_was_asked_starts_its_lease() -> None:
    granted = verified(ASKED, GOOD, NOW, DAY)
    assert granted is not None
    assert (granted.state, granted.lease, granted.until) == ("verified", 864_000, NOW + 864_000)
    assert granted.tries == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
        {"hub.topic": "https://b.example/feed"},
        {"hub.topic": ""},
        {"hub.challenge": ""},
        {"hub.challenge": "x" * 1001},
    ],
)
def test_o11_a_verification_of_something_else_is_none(changed: dict[str, str]) -> None:
    assert verified(ASKED, {**GOOD, **changed}, NOW, DAY) is None


def test_o11_a_verification_long_after_it_was_asked_is_none() -> None:
    assert verified(ASKED, GOOD, NOW + 2 * DAY, DAY) is None


@pytest.mark.parametrize(
    ("said", "lease"),
    [
        ("1000000000000", LONGEST_LEASE),
        ("9" * 400, 5 * DAY),
        ("-5", 5 * DAY),
        ("", 5 * DAY),
        ("3600", 3600),
        ("0", 0),
    ],
)
def test_o11_a_lease_is_believed_up_to_thirty_days(said: str, lease: float) -> None:
    granted = verified(ASKED, {**GOOD, "hub.lease_seconds": said}, NOW, 5 * DAY)
    assert granted is not None
    assert granted.lease == lease


def test_a_denial_is_about_the_topic() -> None:
    refused = denied(ASKED, {"hub.mode": "denied", "hub.topic": ASKED.topic, "hub.reason": "no"})
    assert refused is not None
    assert refused.state == "denied"
    assert denied(ASKED, {"hub.mode": "denied", "hub.topic": "x"}) is None
    assert denied(ASKED, GOOD) is None


def signature(method: str, body: bytes, secret: str = ASKED.secret) -> str:
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"


@pytest.mark.parametrize("method", ["sha256", "sha384", "sha512"])
def test_a_signature_with_our_secret_is_the_hubs(method: str) -> None:
    assert is_signed(ASKED, signature(method, b"news"), b"news")
    assert is_signed(ASKED, signature(method, b"news").upper(), b"news")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256",
        "sha256=",
        "sha256=0",
        "=" * 100,
        "md5=" + hmac.new(ASKED.secret.encode(), b"news", hashlib.md5).hexdigest(),
        signature("sha1", b"news"),
        signature("sha256", b"news", "another secret"),
        signature("sha256", b"other news"),
        signature("sha256", b"news").replace("sha256", "sha512"),
        signature("sha256", b"news")[:-1],
        signature("sha256", b"news") + " " * 10_000 + "x",
        "sha256=\N{SNOWMAN}",
    ],
)
def test_o11_anything_else_is_forged_or_weak(header: str) -> None:
    assert is_signed(ASKED, header, b"news") is (
        header.startswith("sha256=") and "x" in header[-1:]
    )


@given(st.text(), st.binary(max_size=100))
def test_no_text_signs_by_chance(header: str, body: bytes) -> None:
    assert not is_signed(ASKED, header, body)


def test_our_own_hub_is_told_of_each_feed() -> None:
    assert parse_qs(announcing(["https://d.example/a", "https://d.example/b"]).decode()) == {
        "hub.mode": ["publish"],
        "hub.url": ["https://d.example/a", "https://d.example/b"],
    }
