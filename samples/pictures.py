"""Flat pictures of a stated size, packed by hand so that no library's version changes a byte."""

from __future__ import annotations

import zlib

PIXEL = bytes.fromhex(
    "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
)
"""A transparent GIF of one pixel, as visitors are counted with."""
_RUN = 258
"""The longest repetition that deflate can state (RFC 1951, section 3.2.5)."""


def flat_png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """Return a PNG of ``width`` x ``height`` pixels in one colour: a palette of one, 1 bit deep."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    raw = height * (1 + (width + 7) // 8)
    chunks = _chunk(b"IHDR", size + bytes([1, 3, 0, 0, 0])) + _chunk(b"PLTE", bytes(colour))
    chunks += _chunk(b"IDAT", _zeros(raw)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _zeros(count: int) -> bytes:
    """Return ``count`` zero bytes as a zlib stream (RFC 1950): one fixed Huffman block."""
    literal, run = "00110000", "11000101" + "00000"
    runs, singles = divmod(count - 1, _RUN)
    bits = "1" + "10" + literal + run * runs + literal * singles + "0000000"
    bits += "0" * (-len(bits) % 8)
    packed = bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))
    adler = (count % 65521) << 16 | 1
    return b"\x78\x01" + packed + adler.to_bytes(4, "big")
