"""The commands on keys and sealed fields."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from wiredesk.adapters.git import GitRepository
from wiredesk.adapters.keys import new_key, read_keys, rotate
from wiredesk.doors.key_commands import keys, open_record
from wiredesk.records import frontmatter
from wiredesk.records.article import ProviderName
from wiredesk.records.record import Record
from wiredesk.records.story import Draft
from wiredesk.stages.publish import Publish
from wiredesk.stages.seal import Seal

RECORD = Record(
    title="Ships",
    published_date_time="2026-03-01T12:00:00Z",
    provider=ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
)
FILE = "records/_news/2026-03-01-ships.md"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk with one record."""
    for folder in ("topics", "providers"):
        (tmp_path / folder).mkdir()
    (tmp_path / "desk.toml").write_text('name = "Harbour desk"\n')
    new_key(tmp_path / "keys" / "desk.key")
    publish(tmp_path)
    return tmp_path


def publish(desk: Path) -> None:
    seal = Seal(read_keys(desk / "keys" / "desk.key"))
    draft = Draft(story="5" * 20, record=RECORD, secret={"note": "private words"})
    Publish(GitRepository(desk / "records"), seal)([draft], {}, datetime(2026, 3, 1, tzinfo=UTC))


def run(command: object, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])  # type: ignore[arg-type] # a click command


def test_a_new_key_is_made_where_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    done = run(keys, "new", path)
    assert done.exit_code == 0
    assert read_keys(path).newest.id in done.output
    again = run(keys, "new", path)
    assert (again.exit_code, again.output.count("\n")) == (1, 1)


def test_a_record_is_opened_with_the_key(desk: Path) -> None:
    done = run(open_record, desk / FILE, "--key", desk / "keys" / "desk.key")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["note"] == "private words"
    assert "authentic" in done.stderr


def test_a_wrong_key_is_one_line_that_tells_nothing(desk: Path, tmp_path: Path) -> None:
    new_key(tmp_path / "other.key")
    done = run(open_record, desk / FILE, "--key", tmp_path / "other.key")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"Error: {desk / FILE}: the sealed field cannot be opened with this key\n"


def test_the_old_form_is_opened_and_marked_unauthenticated(tmp_path: Path) -> None:
    secret, vector, padder = bytes(range(32)), bytes(16), PKCS7(128).padder()
    encryptor = Cipher(AES(secret), CBC(vector)).encryptor()
    padded = padder.update(b'{"source":"wire"}') + padder.finalize()
    ciphertext = encryptor.update(padded) + encryptor.finalize()
    value = f"{base64.b64encode(ciphertext).decode()};{base64.b64encode(vector).decode()}"
    old = Record(title="Old", published_date_time="2020-03-01T12:00:00Z", provider=RECORD.provider,
                 secured=value)  # fmt: skip
    (tmp_path / "old.md").write_bytes(frontmatter.emit(old))
    (tmp_path / "old.key").write_bytes(secret)
    for flags in ((), ("--legacy",)):
        done = run(open_record, tmp_path / "old.md", "--key", tmp_path / "old.key", *flags)
        assert json.loads(done.stdout) == {"source": "wire"}
        assert "NOT authenticated" in done.stderr
    (tmp_path / "old.key").write_bytes(bytes(32))
    assert run(open_record, tmp_path / "old.md", "--key", tmp_path / "old.key").exit_code == 1


def test_checking_lists_what_an_older_key_still_seals(desk: Path) -> None:
    assert run(keys, "check", desk).exit_code == 0
    rotate(desk / "keys" / "desk.key")
    done = run(keys, "check", desk)
    assert done.exit_code == 1
    assert "older key" in done.output
    publish(desk)
    assert run(keys, "check", desk).exit_code == 0


def test_a_key_removed_while_it_still_seals_is_found(desk: Path) -> None:
    (desk / "keys" / "desk.key").unlink()
    new_key(desk / "keys" / "desk.key")
    done = run(keys, "check", desk)
    assert done.exit_code == 1
    assert "cannot be opened" in done.output
