"""Writing a WARC file by hand (ISO 28500, WARC/1.1): one gzip member a record, dates given."""

from __future__ import annotations

import json
import uuid
import zlib
from base64 import b32encode
from collections.abc import Mapping
from hashlib import sha1, sha256
from types import MappingProxyType

RECORDED = "2026-03-06T18:00:00Z"
"""When the sample wire was recorded."""
HTTP_DATE = "Fri, 06 Mar 2026 18:00:00 GMT"
_REASONS = {
    200: "OK", 301: "Moved Permanently", 404: "Not Found", 410: "Gone", 503: "Service Unavailable",
}  # fmt: skip
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""A gzip header with no time and no system in it (RFC 1952)."""


def warcinfo() -> bytes:
    """Return the record that says what the file is."""
    fields = "software: samples/build.py\r\nformat: WARC File Format 1.1\r\n"
    fields += "description: the sample wire; every newsroom in it is invented\r\n"
    return _record("warcinfo", "", "application/warc-fields", fields.encode())


def response(
    url: str,
    body: bytes,
    kind: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return the record of one answer; ``headers`` are those beyond date, type and length."""
    lines = [f"HTTP/1.1 {status} {_REASONS[status]}", f"Date: {HTTP_DATE}"]
    lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")
    return _record("response", url, "application/http; msgtype=response", head + body, len(head))


def failure(url: str, reason: str, message: str) -> bytes:
    """Return the record of a request that got no answer, as wiredesk's own recordings have it."""
    block = json.dumps({"reason": reason, "message": message, "refused": False}).encode()
    return _record("metadata", url, "application/vnd.wiredesk.failure+json", block)


def etag(body: bytes) -> str:
    """Return a strong validator for ``body`` (RFC 9110, section 8.8.3)."""
    return f'"{sha256(body).hexdigest()[:16]}"'


def _record(kind: str, url: str, content: str, block: bytes, head: int = 0) -> bytes:
    identity = uuid.UUID(bytes=sha256(f"{kind} {url} ".encode() + block).digest()[:16], version=4)
    lines = ["WARC/1.1", f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:uuid:{identity}>"]
    lines += [f"WARC-Date: {RECORDED}"]
    lines += [f"WARC-Target-URI: {url}"] if url else ["WARC-Filename: wire.warc.gz"]
    if head:
        lines.append(f"WARC-Payload-Digest: {_digest(block[head:])}")
    lines += [f"WARC-Block-Digest: {_digest(block)}"]
    lines += [f"Content-Type: {content}", f"Content-Length: {len(block)}", "", ""]
    return _gzip("\r\n".join(lines).encode("ascii") + block + b"\r\n\r\n")


def _digest(data: bytes) -> str:
    # SHA-1 in base 32 is what archives use to find equal payloads; nothing is trusted by it.
    return "sha1:" + b32encode(sha1(data, usedforsecurity=False).digest()).decode("ascii")


def _gzip(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    tail = zlib.crc32(data).to_bytes(4, "little") + (len(data) % 2**32).to_bytes(4, "little")
    return _GZIP_HEAD + packer.compress(data) + packer.flush() + tail
