"""The pictures port: where copies of pictures are kept between runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from wiredesk.records.picture import Copy


class Pictures(Protocol):
    """Keeps copies by the address of their original, and which stories asked for which.

    Nothing counts as kept until ``settle``; a process that ends before it leaves what was settled.
    """

    def copies(self) -> Mapping[str, Copy]:
        """Return the copies that are there, by address."""
        ...

    def of_stories(self) -> Mapping[str, str]:
        """Return the address that each story asked for, by the story's id."""
        ...

    def put(self, copy: Copy, body: bytes) -> None:
        """Write the file of a copy. Raises ``PublishError``."""
        ...

    def settle(self, copies: Mapping[str, Copy], of_stories: Mapping[str, str]) -> None:
        """Have these copies, and drop the files of all others. Raises ``PublishError``."""
        ...

    def body(self, name: str) -> bytes:
        """Return the bytes of the copy ``name``. Raises ``PublishError`` when its file is gone."""
        ...


def without(copies: Mapping[str, Copy], dropped: Collection[str]) -> dict[str, Copy]:
    """Return ``copies`` but for those of the addresses ``dropped``."""
    return {url: copy for url, copy in copies.items() if url not in dropped}
