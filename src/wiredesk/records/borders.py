"""Borders: which things are one, and which never may be.

A forest of disjoint sets (Galler and Fischer 1964), with borders between some of its trees.
"""

from __future__ import annotations

from collections.abc import Iterator


class Borders:
    """Things are named by strings. What is one stays one, and what is apart stays apart: whoever speaks
    first is right, and what would contradict it is refused.
    """

    def __init__(self) -> None:
        self._above: dict[str, str] = {}
        self._beyond: dict[str, set[str]] = {}
        """By the root of a tree, the roots that it is apart from."""

    def root(self, one: str) -> str:
        """Return what stands for all that ``one`` is one with."""
        above = self._above
        path = []
        while (higher := above.get(one, one)) != one:
            path.append(one)
            one = higher
        for passed in path:
            above[passed] = one
        return one

    def unite(self, one: str, other: str) -> bool:
        """Let two be one; False, with nothing changed, if they are apart."""
        kept, gone = self.root(one), self.root(other)
        if kept == gone:
            return True
        if kept in self._beyond.get(gone, ()):
            return False
        beyond = self._beyond.pop(gone, set())
        for root in beyond:
            self._beyond[root].remove(gone)
            self._beyond[root].add(kept)
        if beyond:
            self._beyond.setdefault(kept, set()).update(beyond)
        self._above[gone] = kept
        return True

    def part(self, one: str, other: str) -> bool:
        """Put two apart; False, with nothing changed, if they are one."""
        here, there = self.root(one), self.root(other)
        if here == there:
            return False
        self._beyond.setdefault(here, set()).add(there)
        self._beyond.setdefault(there, set()).add(here)
        return True

    def apart(self, one: str, other: str) -> bool:
        """Tell whether two are apart."""
        return bool(self._beyond) and self.root(one) in self._beyond.get(self.root(other), ())

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Give the roots that are apart, each pair once, in order."""
        for here in sorted(self._beyond):
            yield from ((here, there) for there in sorted(self._beyond[here]) if here < there)
