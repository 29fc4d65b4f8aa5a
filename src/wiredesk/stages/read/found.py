"""What was found for a field, and where."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Found(msgspec.Struct, Generic[T], frozen=True):
    """A field's value and its origin in words (``og:title``, ``json-ld``, ``entry``)."""

    value: T
    origin: str
