"""Keys: the desk's secrets that seal what travels with a record but is not public."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from wiredesk.errors import ConfigError

LEAST_BYTES = 32
"""A key has at least 256 bits (THREATS R11)."""
MOST_BYTES = 64


class Key:
    """One secret. It never shows itself: its ``repr`` has the id alone.

    ``id`` names the key in sealed values: 8 hex digits of a keyed one-way function of the secret,
    so that an id tells nothing about it.
    """

    __slots__ = ("id", "secret")

    def __init__(self, secret: bytes) -> None:
        """Hold ``secret``; raises ``ConfigError`` when it has less than 256 bits or over 512."""
        if not LEAST_BYTES <= len(secret) <= MOST_BYTES:
            raise ConfigError(f"a key has {LEAST_BYTES} to {MOST_BYTES} bytes, not {len(secret)}")
        self.secret = secret
        self.id = blake2b(b"wiredesk key id", key=secret, digest_size=4).hexdigest()

    def __repr__(self) -> str:
        return f"Key(id={self.id!r})"

    __str__ = __repr__

    def __reduce__(self) -> tuple[type[Key], tuple[bytes]]:
        """Travel to another process of ours as the secret alone."""
        return Key, (self.secret,)


class KeyRing:
    """The keys of a desk: the first seals, all open. Rotating puts a new key before the others."""

    __slots__ = ("keys",)

    def __init__(self, *keys: Key) -> None:
        """Hold ``keys``, newest first; raises ``ConfigError`` for none or for two with one id."""
        if not keys:
            raise ConfigError("a key ring needs at least one key")
        if len({key.id for key in keys}) != len(keys):
            raise ConfigError("a key ring has the same key twice")
        self.keys = keys

    @property
    def newest(self) -> Key:
        """The key that seals."""
        return self.keys[0]

    def of_id(self, key_id: str) -> Key | None:
        """Return the key with that id, or None."""
        return next((key for key in self.keys if key.id == key_id), None)

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(key.id for key in self.keys)})"
