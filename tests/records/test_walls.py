"""Walls are named, by their marks; what only stands behind the same maker's servers is none."""

from __future__ import annotations

import pytest

from wiredesk.records.walls import named

MOMENT = (
    b"<html><head><title>Just a moment...</title></head><body>"
    b"<script src='/cdn-cgi/challenge-platform/h/b/orchestrate'></script>"
)


@pytest.mark.parametrize(
    ("status", "header", "body", "maker"),
    [
        (403, ("cf-mitigated", "challenge"), b"", "Cloudflare"),
        (403, ("server", "cloudflare"), b"", "Cloudflare"),
        (403, ("server", "DataDome"), b"", "DataDome"),
        (403, ("x-datadome", "protected"), b"", "DataDome"),
        (403, ("server", "AkamaiGHost"), b"", "Akamai"),
        (403, ("x-iinfo", "1-2-3"), b"", "Imperva"),
        (202, ("x-amzn-waf-action", "challenge"), b"", "AWS WAF"),
        (429, ("x-vercel-mitigated", "challenge"), b"", "Vercel"),
        (200, ("content-type", "text/html"), MOMENT, "Cloudflare"),
        (200, ("server", "cloudflare"), b"<rss/>", ""),
        (200, ("x-datadome", "protected"), b"<rss/>", ""),
        (503, ("server", "cloudflare"), b"", ""),
        (429, ("server", "cloudflare"), b"", ""),
        (404, ("server", "cloudflare"), b"", ""),
        (403, ("server", "nginx"), b"", ""),
        (200, ("content-type", "text/html"), MOMENT + b" " * 50_000, ""),
        (200, ("a", "b"), b"<p>Their page said: Just a moment...</p>", ""),
        (200, ("a", "b"), b"<script src='/cdn-cgi/challenge-platform/scripts/jsd'>", ""),
    ],
)
def test_a_wall_is_told_by_its_marks(
    status: int, header: tuple[str, str], body: bytes, maker: str
) -> None:
    assert named(status, (header,), body) == maker
