"""Ratings: what an open list says of publishers' domains, from 0 (the worst) to 1 (the best)."""

from __future__ import annotations

import msgspec

from wiredesk.records.weburl import registrable_domain


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """One domain's rating, and the name of the list that it is from."""

    domain: str
    value: float
    source: str


class Ratings(msgspec.Struct, frozen=True, kw_only=True):
    """A list of ratings as the desk has loaded it; empty for a desk that has none."""

    source: str = ""
    """The list's name, for ledgers: that of its file."""
    values: dict[str, float] = msgspec.field(default_factory=dict)
    """By domain or host, in lower case and ASCII, without ``www.``."""
    notices: tuple[str, ...] = ()
    """Sentences about the lines that could not be used."""

    def of_host(self, host: str) -> Rating | None:
        """Return the rating of ``host`` or of the longest part of it that is rated.

        Never of less than its registrable domain: what a list says of a blogging platform, it does
        not say of each blog there.
        """
        if not self.values:
            return None
        name = host.lower().rstrip(".").removeprefix("www.")
        shortest = registrable_domain(name)
        while name not in self.values:
            if name == shortest or "." not in name:
                return None
            name = name.partition(".")[2]
        return Rating(domain=name, value=self.values[name], source=self.source)
