"""The seal: deterministic, bound to its place, and closed to everything else."""

from __future__ import annotations

import base64
import pickle
import random

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.errors import ConfigError, SealError
from wiredesk.records.keys import Key, KeyRing
from wiredesk.stages.seal import Seal, header, is_legacy, open_legacy

OLD = Key(bytes(range(32)))
NEW = Key(bytes(range(1, 33)))
SEAL = Seal(NEW)
RECORD = "0123456789abcdef0123"


def sealed(plaintext: bytes, seal: Seal = SEAL, revision: int = 3) -> str:
    return seal.seal(plaintext, record_id=RECORD, field="secured", revision=revision)


@given(plaintext=st.binary(max_size=500), revision=st.integers(1, 10**9 - 1))
def test_what_was_sealed_opens_again_and_says_whose_it_is(plaintext: bytes, revision: int) -> None:
    opened = SEAL.open(sealed(plaintext, revision=revision), field="secured", record_id=RECORD)
    assert opened.plaintext == plaintext
    assert (opened.record_id, opened.revision, opened.key_id) == (RECORD, revision, NEW.id)


def test_sealing_again_gives_the_same_bytes_and_these_never_change() -> None:
    value = sealed(b'{"kind": "courier"}')
    assert value == Seal(NEW).seal(
        b'{"kind": "courier"}', record_id=RECORD, field="secured", revision=3
    )
    assert value == (
        "wd1.39ba0286.3.0123456789abcdef0123.BUcCndXH7n_DRDJa7Xvej17pjoND86r2TnR1lo8pgBs2NaBcA2y7"
        "aFeQ0lg67YLqfmKcVEzx4w0gmuMLGPJX-1YY5tCZ0v2ZHBnYDuJgoaM"
    )


def test_each_single_bit_flip_is_refused() -> None:
    value = sealed(b"the editor's note")
    data = value.encode("ascii")
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealError):
            SEAL.open(flipped.decode("latin-1"), field="secured")


def test_each_truncation_and_each_lengthening_is_refused() -> None:
    value = sealed(b"the editor's note")
    for length in range(len(value)):
        with pytest.raises(SealError):
            SEAL.open(value[:length], field="secured")
    for tail in ("A", "=", "==", "\n", " ", ".", ".A", "AAAA"):
        with pytest.raises(SealError):
            SEAL.open(value + tail, field="secured")


def test_twenty_thousand_malformed_values_are_refused() -> None:
    chance = random.Random(7)
    value = sealed(b"x" * 90)
    for _ in range(20_000):
        characters = list(value)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(characters))
            kind = chance.randrange(3)
            if kind == 0:
                characters[place] = chance.choice("ABCxyz019._-=+/;\n é\x00")
            elif kind == 1:
                del characters[place]
            else:
                characters.insert(place, chance.choice("ABCxyz019._-"))
        malformed = "".join(characters)
        if malformed == value:
            continue
        with pytest.raises(SealError):
            SEAL.open(malformed, field="secured")


@given(st.text(max_size=200))
def test_any_text_is_refused_by_the_one_error(text: str) -> None:
    with pytest.raises(SealError) as caught:
        SEAL.open(text, field="secured")
    assert str(caught.value) == str(SealError())
    assert caught.value.__cause__ is None


def test_another_key_record_or_field_does_not_open_it() -> None:
    value = sealed(b"secret")
    with pytest.raises(SealError):
        Seal(OLD).open(value, field="secured")
    with pytest.raises(SealError):
        SEAL.open(value, field="excerpt")
    with pytest.raises(SealError):
        SEAL.open(value, field="secured", record_id="ffff")


def test_the_header_cannot_be_changed_to_that_of_another_record_revision_or_key() -> None:
    value = sealed(b"secret")
    ring = Seal(KeyRing(NEW, OLD))
    for forged in (
        value.replace(RECORD, RECORD[::-1]),
        value.replace(".3.", ".2.", 1),
        value.replace(NEW.id, OLD.id),
        value.replace(".3.", ".03.", 1),
        value.replace(".3.", ".٣.", 1),
    ):
        assert forged != value
        with pytest.raises(SealError):
            ring.open(forged, field="secured")


def test_the_length_goes_in_steps_of_64_bytes() -> None:
    sizes = [
        len(base64.urlsafe_b64decode(sealed(bytes(length)).rpartition(".")[2] + "=="))
        for length in range(300)
    ]
    assert set(sizes) == {16 + 64 * steps for steps in range(1, 6)}
    assert sizes == sorted(sizes)
    assert sizes[63] == sizes[0]
    assert sizes[64] == sizes[0] + 64


def test_plaintexts_that_end_like_padding_stay_apart() -> None:
    for plaintext in (b"", b"\x80", b"\x80\x00", b"\x00" * 63, b"\x80" + bytes(63), bytes(64)):
        assert SEAL.open(sealed(plaintext), field="secured").plaintext == plaintext


def test_a_rotated_ring_seals_with_the_newest_key_and_opens_all() -> None:
    before = sealed(b"secret", Seal(OLD))
    ring = Seal(KeyRing(NEW, OLD))
    assert ring.open(before, field="secured").key_id == OLD.id
    assert ring.open(sealed(b"secret", ring), field="secured").key_id == NEW.id
    assert sealed(b"secret", ring) == sealed(b"secret", Seal(NEW))


@pytest.mark.parametrize("record", ["", "a.b", "ä", "a" * 65, "a\n"])
def test_a_record_id_that_the_form_cannot_hold_is_refused(record: str) -> None:
    with pytest.raises(ValueError, match="record id"):
        SEAL.seal(b"", record_id=record, field="secured", revision=1)


@pytest.mark.parametrize("revision", [0, -1, 10**9])
def test_a_revision_that_the_form_cannot_hold_is_refused(revision: int) -> None:
    with pytest.raises(ValueError, match="revision"):
        SEAL.seal(b"", record_id=RECORD, field="secured", revision=revision)


def test_the_cipher_is_that_of_rfc_5297() -> None:
    """The RFC's own vector (appendix A.1), so that a library that strays is noticed."""
    key = bytes.fromhex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
    associated = bytes.fromhex("101112131415161718191a1b1c1d1e1f2021222324252627")
    plaintext = bytes.fromhex("112233445566778899aabbccddee")
    expected = "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c"
    assert AESSIV(key).encrypt(plaintext, [associated]).hex() == expected


def test_a_key_never_shows_its_secret() -> None:
    for shown in (repr(NEW), str(NEW), repr(KeyRing(NEW, OLD)), f"{NEW}"):
        assert NEW.secret.hex() not in shown
        assert repr(NEW.secret) not in shown
    assert pickle.loads(pickle.dumps(NEW)).secret == NEW.secret


@pytest.mark.parametrize("length", [0, 16, 31, 65])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ConfigError):
        Key(bytes(length))


def test_a_ring_without_keys_or_with_one_twice_is_refused() -> None:
    with pytest.raises(ConfigError):
        KeyRing()
    with pytest.raises(ConfigError):
        KeyRing(NEW, Key(NEW.secret))


# The old form

LEGACY_KEY = bytes(range(16))
VECTOR = bytes(range(16, 32))


def legacy(plaintext: bytes, key: bytes = LEGACY_KEY, vector: bytes = VECTOR) -> str:
    padder = PKCS7(128).padder()
    encryptor = Cipher(AES(key), CBC(vector)).encryptor()
    padded = padder.update(plaintext) + padder.finalize()
    ciphertext = encryptor.update(padded) + encryptor.finalize()
    return f"{base64.b64encode(ciphertext).decode()};{base64.b64encode(vector).decode()}"


@pytest.mark.parametrize("length", [16, 24, 32])
@pytest.mark.parametrize("text", ['{"source": "harbour-courier.example"}', "plain words", "é\n"])
def test_the_old_form_is_read_with_each_size_of_key(length: int, text: str) -> None:
    key = bytes(range(length))
    value = legacy(text.encode(), key)
    assert is_legacy(value)
    assert open_legacy(value, key) == text


def test_of_several_readings_of_a_key_the_one_that_fits_is_taken() -> None:
    assert open_legacy(legacy(b"words"), bytes(32), LEGACY_KEY) == "words"


def test_an_old_value_is_never_opened_as_one_of_ours_nor_the_other_way_round() -> None:
    with pytest.raises(SealError):
        SEAL.open(legacy(b"words"), field="secured")
    with pytest.raises(SealError):
        open_legacy(sealed(b"words"), LEGACY_KEY)
    assert not is_legacy(sealed(b"words"))


def test_malformed_old_values_are_refused() -> None:
    value = legacy(b"words and words")
    first, _, second = value.partition(";")
    ciphertext = base64.b64decode(first)
    short, long_ = (base64.b64encode(bytes(size)).decode() for size in (15, 17))
    for malformed in (
        f"{first};{short}",
        f"{first};{long_}",
        f"{base64.b64encode(ciphertext[:-1]).decode()};{second}",
        f";{second}",
        f"{first};{second};{second}",
        f"{first}{second}",
        f"{first};",
        f"{first};{second}\n",
        f" {first};{second}",
        f"{base64.urlsafe_b64encode(bytes([255] * 48)).decode()};{second}",
        "",
        ";",
    ):
        with pytest.raises(SealError):
            open_legacy(malformed, LEGACY_KEY)


def test_a_wrong_key_with_valid_padding_is_still_refused() -> None:
    value = legacy(b'{"source": "harbour-courier.example", "facts": [1, 2, 3]}')
    chance = random.Random(11)
    for _ in range(5_000):
        with pytest.raises(SealError):
            open_legacy(value, chance.randbytes(16))


def test_a_value_without_text_in_it_is_refused() -> None:
    for plaintext in (b"", b"\xff\xfe", b"a\x00b", "a\x85b".encode()):
        with pytest.raises(SealError):
            open_legacy(legacy(plaintext), LEGACY_KEY)


def test_the_header_is_read_without_a_key() -> None:
    said = header(sealed(b"x"))
    assert said is not None
    assert (said.key_id, said.revision, said.record_id) == (NEW.id, 3, RECORD)
    assert header("79G+;tko7") is None
