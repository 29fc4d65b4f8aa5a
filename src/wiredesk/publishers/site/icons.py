"""The desk's icons: three lines of a column on its colour, drawn by us.

PNG by its own rules (W3C PNG, third edition), with stored deflate blocks (RFC 1951): no library
compresses here, so the bytes are the same on every machine. ICO holds one PNG.
"""

from __future__ import annotations

import struct
from zlib import adler32, crc32

_GRID = 16
"""The drawing is on a grid of 16 units: (left, top, right, bottom) of each line."""
_LINES = ((3, 4, 13, 6), (3, 7, 13, 9), (3, 10, 9, 12))
_STORED = 65_535


def svg(colour: str) -> bytes:
    """Return the icon as SVG."""
    lines = "".join(
        f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" fill="#fff"/>'
        for left, top, right, bottom in _LINES
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_GRID} {_GRID}">'
        f'<rect width="{_GRID}" height="{_GRID}" rx="3" fill="{colour}"/>{lines}</svg>\n'
    ).encode("ascii")


def png(colour: str, size: int) -> bytes:
    """Return the icon as a PNG of ``size`` by ``size`` pixels (a multiple of 4), one bit a pixel."""
    red, green, blue = bytes.fromhex(colour[1:])
    header = struct.pack(">IIBBBBB", size, size, 1, 3, 0, 0, 0)
    drawn = [b"\0" + _row(unit, size) for unit in range(_GRID)]
    rows = b"".join(drawn[y * _GRID // size] for y in range(size))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", bytes((red, green, blue, 255, 255, 255))),
            _chunk(b"IDAT", _deflated(rows)),
            _chunk(b"IEND", b""),
        )
    )


def ico(colour: str, size: int = 32) -> bytes:
    """Return an ICO with the icon as its one picture."""
    picture = png(colour, size)
    entry = struct.pack("<BBBBHHII", size, size, 2, 0, 1, 1, len(picture), 6 + 16)
    return struct.pack("<HHH", 0, 1, 1) + entry + picture


def _row(unit: int, size: int) -> bytes:
    """Return a row of pixels that is in the ``unit``-th row of the grid: white where a line is."""
    bits = 0
    for x in range(size):
        column = x * _GRID // size
        white = any(
            left <= column < right and top <= unit < bottom for left, top, right, bottom in _LINES
        )
        bits = bits << 1 | white
    spare = -size % 8
    return (bits << spare).to_bytes((size + spare) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))


def _deflated(data: bytes) -> bytes:
    blocks = [data[start : start + _STORED] for start in range(0, len(data), _STORED)]
    stored = b"".join(
        struct.pack("<BHH", place == len(blocks) - 1, len(block), len(block) ^ 0xFFFF) + block
        for place, block in enumerate(blocks)
    )
    return b"\x78\x01" + stored + struct.pack(">I", adler32(data))
