"""Key files: one line for each key, newest first, readable by their owner only.

A line is ``wdkey1:`` and the secret in standard base64. The old form's keys have no file format of
their own; ``legacy_readings`` gives what such a file may mean.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path

from wiredesk.errors import ConfigError
from wiredesk.records.keys import LEAST_BYTES, Key, KeyRing

_PREFIX = "wdkey1:"
_MOST_FILE_BYTES = 16_384
_LEGACY_SIZES = (16, 24, 32)
"""Key sizes of AES in bytes (FIPS 197)."""


def new_key(path: Path) -> Key:
    """Make a key from the system's randomness and write it to ``path``, which must not exist yet.

    The file is made with mode 0600, its folder (if missing) with 0700. Raises ``ConfigError``: a
    key that is there is never written over.
    """
    key = Key(secrets.token_bytes(LEAST_BYTES))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(f"{path}: there is a key already; it was left as it is") from None
    except OSError as error:
        raise ConfigError(f"{path}: the key cannot be written ({error.strerror})") from error
    _fill(descriptor, path, _line(key))
    return key


def random_id() -> str:
    """Return 80 random bits in hex, as an id that tells nothing."""
    return secrets.token_hex(10)


def rotate(path: Path) -> Key:
    """Put a new key before those in ``path``: it seals from now on, the older ones still open.

    The file is replaced as a whole. Raises ``ConfigError``, with the file as it was.
    """
    ring = read_keys(path)
    key = Key(secrets.token_bytes(LEAST_BYTES))
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        _fill(descriptor, fresh, "".join(_line(each) for each in (key, *ring)))
        fresh.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: the key cannot be written ({error.strerror})") from error
    return key


def read_keys(path: Path) -> KeyRing:
    """Return the keys in ``path``. Raises ``ConfigError`` with the line, never with its content."""
    lines = _bytes_of(path).decode("ascii", "replace").removesuffix("\n").split("\n")
    if lines == [""]:
        raise ConfigError(f"{path}: the key file is empty; make one with: wiredesk keys new")
    return KeyRing(*(_key_of(line, f"{path}:{number}") for number, line in enumerate(lines, 1)))


def exposure(path: Path) -> str:
    """Return a warning when others than its owner may read or change ``path``, else an empty string."""
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:
        return ""
    if not mode & 0o077:
        return ""
    return f"{path}: others on this machine may read this secret (mode {mode:04o}); run: chmod 600 {path}"


def legacy_readings(path: Path) -> tuple[bytes, ...]:
    """Return the AES keys that the content of ``path`` may stand for: raw bytes, hex or base64.

    Raises ``ConfigError`` when it can be none of these with 16, 24 or 32 bytes.
    """
    content = _bytes_of(path)
    text = content.strip()
    readings = [content, content.removesuffix(b"\n").removesuffix(b"\r")]
    for decode in (bytes.fromhex, _strict_base64):
        try:
            readings.append(decode(text.decode("ascii")))
        except ValueError:
            continue
    fitting = dict.fromkeys(reading for reading in readings if len(reading) in _LEGACY_SIZES)
    if not fitting:
        raise ConfigError(
            f"{path}: expected a key of 16, 24 or 32 bytes: raw, in hex, or in base64"
        )
    return tuple(fitting)


def _line(key: Key) -> str:
    return f"{_PREFIX}{base64.b64encode(key.secret).decode('ascii')}\n"


def _fill(descriptor: int, path: Path, text: str) -> None:
    try:
        with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise ConfigError(f"{path}: the key cannot be written ({error.strerror})") from error


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: there is no key file; put your copy back (a new key opens nothing that is"
            " sealed already) or, for a desk without records, make one: wiredesk keys new"
        ) from None
    except OSError as error:
        raise ConfigError(f"{path}: the key file cannot be read ({error.strerror})") from error
    if len(content) > _MOST_FILE_BYTES:
        raise ConfigError(f"{path}: too long for a key file")
    return content


def _key_of(line: str, where: str) -> Key:
    if not line.startswith(_PREFIX):
        raise ConfigError(f"{where}: expected a line that starts with {_PREFIX}")
    try:
        secret = _strict_base64(line.removeprefix(_PREFIX))
    except ValueError:
        raise ConfigError(f"{where}: expected standard base64 after {_PREFIX}") from None
    try:
        return Key(secret)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from None


def _strict_base64(text: str) -> bytes:
    """Decode standard base64 in its one canonical spelling; raises ValueError for any other."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if base64.b64encode(decoded).decode("ascii") != text:
        raise ValueError("not canonical")
    return decoded
