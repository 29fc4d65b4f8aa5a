"""Key files."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from wiredesk.adapters.keys import exposure, legacy_readings, new_key, read_keys, rotate
from wiredesk.errors import ConfigError


def test_a_new_key_is_its_owners_alone_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "desk.key"
    key = new_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().startswith("wdkey1:")
    assert [each.id for each in read_keys(path)] == [key.id]
    assert exposure(path) == ""


def test_a_key_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"
    new_key(path)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="a key already"):
        new_key(path)
    assert path.read_bytes() == before


def test_rotating_puts_a_new_key_first_and_keeps_the_old(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"
    old = new_key(path)
    new = rotate(path)
    assert [key.id for key in read_keys(path)] == [new.id, old.id]
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"
    new_key(path)
    path.chmod(0o644)
    assert "chmod 600" in exposure(path)


GOOD = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    "content",
    [
        "", "\n", "wdkey1:", "wdkey1:AAAA\n", f"{GOOD}\n", f"wdkey2:{GOOD}\n", f"wdkey1: {GOOD}\n",
        f"wdkey1:{GOOD[:20]}\n{GOOD[20:]}\n", f"wdkey1:{GOOD}\n\n", f"wdkey1:{GOOD}\r\n",
        f"wdkey1:{GOOD[:-2]}9=\n", f"wdkey1:{GOOD}\nwdkey1:{GOOD}\n", "x" * 20_000,
    ],
)  # fmt: skip
def test_a_malformed_key_file_is_refused_and_not_quoted(tmp_path: Path, content: str) -> None:
    path = tmp_path / "desk.key"
    path.write_bytes(content.encode())
    with pytest.raises(ConfigError) as caught:
        read_keys(path)
    assert GOOD[:12] not in str(caught.value)


def test_a_missing_key_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="wiredesk keys new"):
        read_keys(tmp_path / "none.key")
    with pytest.raises(ConfigError):
        read_keys(tmp_path)


@pytest.mark.parametrize("length", [16, 24, 32])
def test_a_key_of_the_old_form_may_be_raw_in_hex_or_in_base64(tmp_path: Path, length: int) -> None:
    secret = bytes(range(200, 200 + length))
    path = tmp_path / "old.key"
    for content in (
        secret, secret + b"\n", secret.hex().encode(), f"{secret.hex().upper()}\n".encode(),
        base64.b64encode(secret), base64.b64encode(secret) + b"\r\n",
    ):  # fmt: skip
        path.write_bytes(content)
        assert secret in legacy_readings(path)


def test_what_can_be_no_key_of_the_old_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.key"
    for content in (b"", b"x" * 15, b"zz" * 9):
        path.write_bytes(content)
        with pytest.raises(ConfigError, match="16, 24 or 32"):
            legacy_readings(path)
