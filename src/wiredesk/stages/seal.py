"""Seal: what must travel with a record but is not public.

A sealed value is ``wd1.<key id>.<revision>.<record id>.<ciphertext>``. The parts before the
ciphertext are public, so that a clone of the repository and the key are enough to know each record
again, and authenticated, so that none of them can be changed.

The cipher is AES-256-SIV (RFC 5297): deterministic, so that sealing the same again gives the same
bytes. Associated data, in this order: the form's version, record id, field, key id, revision. S2V
takes them as a vector, so that no two lists of parts are the same to it. The plaintext is padded
with a one bit and zeros (ISO/IEC 7816-4) to whole blocks of 64 bytes, so that its length tells
little; the ciphertext, 16 bytes longer, is in base64url without padding (RFC 4648, section 5).

The old form, ``base64(AES-CBC);base64(IV)``, is only ever read (``open_legacy``), offline: it proves
nothing about who wrote it, and a service that answers whether it opens would be a padding oracle.
"""

from __future__ import annotations

import base64
import binascii
import re

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.padding import PKCS7

from wiredesk.errors import SealError
from wiredesk.ports.sealing import Opened
from wiredesk.records.keys import Key, KeyRing

_VERSION = "wd1"
_STEP = 64
"""Plaintext is padded to whole steps of so many bytes."""
_SIV_KEY_BYTES = 64
"""AES-256-SIV takes two 256-bit keys (RFC 5297, section 2.1)."""
_DERIVATION = b"wiredesk seal wd1 aes-256-siv"
_MOST_CHARACTERS = 4_000_000
_BLOCK = 16
_RECORD_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FORM = re.compile(
    r"wd1\.(?P<key>[0-9a-f]{8})\.(?P<revision>[1-9][0-9]{0,8})"
    r"\.(?P<record>[A-Za-z0-9_-]{1,64})\.(?P<sealed>[A-Za-z0-9_-]+)",
    re.ASCII,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Header(msgspec.Struct, frozen=True):
    """The public parts of a sealed value. Nothing is proven about them until it is opened."""

    key_id: str
    revision: int
    record_id: str


def header(value: str) -> Header | None:
    """Return what ``value`` says of itself, or None when it is not in our form."""
    if len(value) > _MOST_CHARACTERS or (found := _FORM.fullmatch(value)) is None:
        return None
    return Header(found["key"], int(found["revision"]), found["record"])


class Seal:
    """Seals with the newest key of a ring and opens with any of it."""

    def __init__(self, keys: KeyRing | Key) -> None:
        """Derive what is needed from ``keys`` once, by HKDF-SHA256 (RFC 5869)."""
        ring = KeyRing(keys) if isinstance(keys, Key) else keys
        self.key_id = ring.newest.id
        self.key_ids = frozenset(key.id for key in ring)
        self._ciphers = {key.id: AESSIV(_derived(key)) for key in ring}

    def seal(self, plaintext: bytes, *, record_id: str, field: str, revision: int) -> str:
        """Return ``plaintext`` sealed for one field of one revision (1 or more) of one record.

        Raises ValueError for a record id or a revision that the form cannot hold.
        """
        if _RECORD_ID.fullmatch(record_id) is None:
            raise ValueError(f"not a record id: {record_id!r}")
        if not 1 <= revision < 10**9:
            raise ValueError(f"not a revision: {revision}")
        bound = _associated(Header(self.key_id, revision, record_id), field)
        sealed = self._ciphers[self.key_id].encrypt(_padded(plaintext), bound)
        return f"{_VERSION}.{self.key_id}.{revision}.{record_id}.{_base64url(sealed)}"

    def open(self, value: str, *, field: str, record_id: str | None = None) -> Opened:
        """Return what ``value`` holds; it must be of ``record_id`` when that is given.

        Raises ``SealError``, always the same one, whatever is wrong.
        """
        said = header(value)
        if said is None or (record_id is not None and said.record_id != record_id):
            raise SealError
        cipher = self._ciphers.get(said.key_id)
        if cipher is None:
            raise SealError
        try:
            padded = cipher.decrypt(
                _unbase64url(value.rpartition(".")[2]), _associated(said, field)
            )
            plaintext = _unpadded(padded)
        except (InvalidTag, ValueError):
            raise SealError from None
        return Opened(said.record_id, said.revision, said.key_id, plaintext)


def is_legacy(value: str) -> bool:
    """Tell whether ``value`` has the shape of the old form: two parts with a ``;`` between."""
    return value.count(";") == 1 and header(value) is None


def open_legacy(value: str, *keys: bytes) -> str:
    """Return the text in a value of the old form, under the first of the raw AES ``keys`` that fits.

    The result is NOT authenticated. Valid padding proves nothing (a wrong key gives it once in some
    250 times), so the plaintext must also be UTF-8 without control characters. Raises ``SealError``.
    """
    first, separator, second = value.partition(";")
    try:
        if not separator or len(value) > _MOST_CHARACTERS:
            raise SealError
        ciphertext, vector = _unbase64(first), _unbase64(second)
    except ValueError:
        raise SealError from None
    if len(vector) != _BLOCK or not ciphertext or len(ciphertext) % _BLOCK:
        raise SealError
    for key in keys:
        text = _legacy_text(ciphertext, vector, key)
        if text:
            return text
    raise SealError


def _legacy_text(ciphertext: bytes, vector: bytes, key: bytes) -> str:
    decryptor = Cipher(AES(key), CBC(vector)).decryptor()
    unpadder = PKCS7(_BLOCK * 8).unpadder()
    try:
        padded = decryptor.update(ciphertext) + decryptor.finalize()
        text = (unpadder.update(padded) + unpadder.finalize()).decode("utf-8")
    except ValueError:
        return ""
    return "" if _CONTROL.search(text) else text


def _derived(key: Key) -> bytes:
    return HKDF(algorithm=SHA256(), length=_SIV_KEY_BYTES, salt=None, info=_DERIVATION).derive(
        key.secret
    )


def _associated(said: Header, field: str) -> list[bytes]:
    parts = (_VERSION, said.record_id, field, said.key_id, str(said.revision))
    return [part.encode("utf-8") for part in parts]


def _padded(plaintext: bytes) -> bytes:
    return plaintext + b"\x80" + bytes(-(len(plaintext) + 1) % _STEP)


def _unpadded(padded: bytes) -> bytes:
    plaintext, mark, zeros = padded.rpartition(b"\x80")
    if not mark or any(zeros) or len(zeros) >= _STEP or len(padded) % _STEP:
        raise ValueError("not padded as we pad")
    return plaintext


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _unbase64url(text: str) -> bytes:
    """Decode canonical base64url without padding; raises ValueError for any other spelling.

    The last character may carry bits that belong to no byte: were they ignored, a flipped bit there
    would go unseen.
    """
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _base64url(data) != text:
        raise ValueError("not canonical")
    return data


def _unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if base64.b64encode(data).decode("ascii") != text:
        raise ValueError("not canonical")
    return data
