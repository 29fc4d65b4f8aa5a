"""A page: what a URL answered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Purpose = Literal["feed", "page", "image", "robots", "websub", "webhook"]
"""What a request is for; budgets and accepted types follow from it (THREATS R1, R4)."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One hop: a GET of ``url`` for ``purpose``, with extra headers (lower-case names); a POST of
    ``form`` (``application/x-www-form-urlencoded``) if there is one.
    """

    url: str
    purpose: Purpose
    headers: tuple[tuple[str, str], ...] = ()
    form: bytes = b""
    within: float = 0.0
    """Seconds that are left of the purpose's budget; 0 for all of it."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What one hop answered. ``body`` is decoded from its transfer and content encodings."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case, in the order in which they came."""
    body: bytes = b""
    at: datetime
    """When it was asked, in UTC, to the second."""

    def header(self, name: str) -> str:
        """Return the first value of header ``name`` (lower case), or an empty string."""
        return next((value for key, value in self.headers if key == name), "")


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The last answer of a chain of hops, and the chain."""

    url: str
    """The address that was asked for first."""
    final_url: str
    """The address that answered."""
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    at: datetime
    hops: tuple[str, ...] = ()
    """Every address on the way, ``url`` first, ``final_url`` last."""
    moved: str = ""
    """How far the redirects were for good (301, 308; RFC 9110, section 15.4): the address there, or
    empty when the first one was not.
    """

    def header(self, name: str) -> str:
        """Return the first value of header ``name`` (lower case), or an empty string."""
        return next((value for key, value in self.headers if key == name), "")
