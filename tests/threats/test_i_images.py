"""Pictures that mean harm: the cases I of the threats, by their ids, each with what it may cost."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from papers import edition, pages, record
from PIL import Image as Pixels
from trials import Trial, tried

from wiredesk.records.article import Image
from wiredesk.records.picture import Thumbnail, format_of
from wiredesk.stages.read import measured
from wiredesk.stages.thumbnail import HIGHEST, WIDEST, thumbnail


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, depth: int = 1, colour: int = 0, rows: bool = True) -> bytes:
    """Return a PNG of zeros; without ``rows`` its header is all that there is."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = b""
    if rows:
        packer, row = zlib.compressobj(9), b"\0" * (1 + (width * depth + 7) // 8)
        data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    body = chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def saved(kind: str, size: tuple[int, int] = (640, 480), **more: object) -> bytes:
    out = BytesIO()
    Pixels.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **more)
    return out.getvalue()


def webp_head(width: int, height: int) -> bytes:
    frame = (
        b"\x10\0\0\0\0\0\0\0"[:4]
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    body = b"WEBPVP8X" + struct.pack("<I", 10) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_head(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0;"


def frames(count: int, size: tuple[int, int]) -> bytes:
    shown = [Pixels.new("P", size, n % 255) for n in range(2)]
    out = BytesIO()
    shown[0].save(out, "GIF", save_all=True, append_images=[shown[1]] * (count - 1), duration=10)
    return out.getvalue()


def progressive(scans: int) -> bytes:
    """Return a progressive JPEG whose last scan is said again and again."""
    whole = saved("JPEG", (800, 600), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * scans + whole[-2:]


def copied(body: bytes) -> Trial:
    return tried(thumbnail, body)


BOMBS = {
    "I01-1-bit-13300": png(13_300, 13_300),
    "I02-png-30000": png(30_000, 30_000, rows=False),
    "I02-png-2-31": png(2**31 - 1, 2**31 - 1, rows=False),
    "I02-webp-16384": webp_head(16_384, 16_384),
    "I02-gif-65535": gif_head(65_535, 65_535),
    "I02-long": png(29_999, 2_000, rows=False),
    "I06-png-0": png(0, 0, rows=False),
}


@pytest.mark.parametrize("name", BOMBS)
def test_too_many_pixels_or_none_are_refused_before_any_is_unpacked(name: str) -> None:
    trial = copied(BOMBS[name]).within(0.5, 100)
    assert trial.refused in {"pixels", "broken"}
    assert tried(measured, BOMBS[name]).within(0.5, 50).as_(tuple[int, int] | None) is None


def test_i02_of_a_film_the_first_frame_is_copied() -> None:
    trial = copied(frames(60, (2_000, 1_500))).within(3, 150)
    assert trial.as_(Thumbnail).original_width == 2_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_i03_a_copy_is_small_and_nothing_but_pixels(kind: str) -> None:
    more = {"comment": b"<script>alert(1)</script>"} if kind in {"JPEG", "GIF"} else {}
    body = saved(kind, (3_000, 2_000), **more) + b"<script>alert(1)</script>"
    made: Thumbnail = copied(body).within(3, 150).as_(Thumbnail)
    assert (made.original_width, made.original_height) == (3_000, 2_000)
    assert (made.width, made.height) == (WIDEST, 853)
    assert format_of(made.body) == "WEBP"
    assert b"script" not in made.body
    assert b"EXIF" not in made.body
    assert b"ICCP" not in made.body
    assert len(made.body) < 100_000


def test_i03_a_copy_is_turned_as_its_file_says_and_where_it_was_taken_is_gone() -> None:
    exif = Pixels.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Quay 7, Port Lorne"
    made: Thumbnail = copied(saved("JPEG", (1_600, 1_000), exif=exif)).as_(Thumbnail)
    assert (made.width, made.height) == (800, HIGHEST)
    assert (made.original_width, made.original_height) == (1_000, 1_600)
    assert b"Lorne" not in made.body


def test_i03_what_can_be_seen_through_stays_so() -> None:
    out = BytesIO()
    Pixels.new("RGBA", (300, 200), (10, 20, 30, 0)).save(out, "PNG")
    made: Thumbnail = copied(out.getvalue()).as_(Thumbnail)
    with Pixels.open(BytesIO(made.body)) as shown:
        assert shown.mode == "RGBA"


NO_PICTURES = {
    "I04-svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "I04-svg-xml": b"<?xml version='1.0'?><svg onload='alert(1)'/>",
    "I04-html": b"<html><script>alert(1)</script></html>",
    "I04-nothing": b"",
    "I05-eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/hostname) run",
    "I05-psd": b"8BPS\0\1" + b"\0" * 40,
    "I05-fits": b"SIMPLE  =                    T" + b" " * 2_850,
    "I05-tiff": b"II*\0\x08\0\0\0\0\0",
    "I05-tiff-big-endian": b"MM\0*\0\0\0\x08\0\0",
    "I05-ico": b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0",
    "I05-heic": b"\0\0\0\x18ftypheic\0\0\0\0",
    "I05-avif": b"\0\0\0\x1cftypavif\0\0\0\0",
    "I05-bmp": b"BM" + b"\0" * 60,
    "I05-jpeg-2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "I05-pdf": b"%PDF-1.7",
    "I05-riff-that-is-sound": b"RIFF\x24\0\0\0WAVEfmt ",
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_by_its_own_bytes_is_not_opened(name: str) -> None:
    assert copied(NO_PICTURES[name]).within(0.3, 30).refused == "format"
    assert measured(NO_PICTURES[name]) is None


def test_i04_of_a_file_that_is_two_kinds_at_once_only_pixels_are_left() -> None:
    polyglot = b"GIF89a/*<script>alert(1)</script>*/=1;"
    assert copied(polyglot).within(0.5, 50).refused in {"broken", "pixels", "small"}
    good = saved("GIF", (200, 100))
    both: Thumbnail = copied(good + b"*/=alert(1);//").as_(Thumbnail)
    assert b"alert" not in both.body


def test_i04_copies_are_served_as_what_they_are_and_run_nothing() -> None:
    headers = pages(edition([record(1)]))["_headers"].decode()
    rules = headers.partition("/pictures/*")[2].partition("\n\n")[0]
    assert "default-src 'none'; sandbox" in rules
    assert "nosniff" in headers


BROKEN = {
    "I06-cut": saved("JPEG")[:2_000],
    "I06-cut-at-the-end": saved("JPEG")[:-200],
    "I06-cut-png": saved("PNG")[:-60],
    "I06-cut-webp": saved("WEBP")[:-100],
    "I06-head-alone": b"\xff\xd8\xff\xe0",
    "I06-webp-head-alone": b"RIFF\0\0\0\0WEBP",
    "I06-png-bad-sum": png(200, 100).replace(b"IDAT", b"IDAT\1", 1),
    "I06-text-bomb": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 99, 99, 8, 0, 0, 0, 0))
    + chunk(b"zTXt", b"x\0\0" + zlib.compress(b"x" * 50_000_000)),
    "I06-profile-bomb": b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 99, 99, 8, 0, 0, 0, 0))
    + chunk(b"iCCP", b"x\0\0" + zlib.compress(b"x" * 50_000_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_i06_a_broken_picture_is_refused_within_bounds(name: str) -> None:
    assert copied(BROKEN[name]).within(2, 200).refused in {"broken", "pixels"}


def test_i06_countless_scans_are_refused_at_sight() -> None:
    assert copied(progressive(10_000)).within(1, 100).refused == "scans"
    assert not copied(progressive(1)).within(1, 100).refused


@pytest.mark.parametrize(
    "size",
    [pytest.param((1, 1), id="I08-pixel"), pytest.param((2, 2_000), id="I08-strip"),
     pytest.param((2_000, 90), id="I08-banner"), pytest.param((32, 32), id="I08-icon")],
)  # fmt: skip
def test_i08_what_shows_nothing_is_not_copied(size: tuple[int, int]) -> None:
    assert copied(saved("PNG", size)).within(0.5, 50).refused == "small"


def test_i08_a_record_whose_picture_is_a_strip_shows_none_on_the_site() -> None:
    strip = Image(url="/pictures/strip.webp", width=2, height=2_000, is_cached=True)
    made = pages(edition([record(1, images=(strip,))]))
    assert all(b"strip.webp" not in content for content in made.values())
