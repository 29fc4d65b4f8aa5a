"""Providers: who publishes, and how the desk regards them."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import msgspec

from wiredesk.records.advertisers import carried_by
from wiredesk.records.article import ProviderName
from wiredesk.records.rating import Rating, Ratings

ProviderKind = Literal["news", "official", "wire", "press-release", "blog"]


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """A publisher in the desk's registry. ``standing`` is in points of the profile in use."""

    name: str
    domain: str
    description: str = ""
    standing: int | None = None
    kind: ProviderKind = "news"
    group: str = ""
    """Who owns it: providers of one group are not independent of each other."""


class ProviderRegistry(msgspec.Struct, frozen=True, dict=True):
    """The desk's providers, and the list of ratings that it has loaded.

    ``domain`` of a provider may be a host; the longest match wins.
    """

    providers: tuple[Provider, ...] = ()
    ratings: Ratings = Ratings()

    @cached_property
    def _by_domain(self) -> dict[str, Provider]:
        return {provider.domain.lower(): provider for provider in self.providers}

    def of_host(self, host: str) -> Provider | None:
        """Return the provider whose domain is ``host`` or its longest registered suffix."""
        labels = host.lower().rstrip(".").split(".")
        suffixes = (".".join(labels[start:]) for start in range(len(labels)))
        known = self._by_domain
        return next((known[suffix] for suffix in suffixes if suffix in known), None)

    def rating_of(self, host: str) -> Rating | None:
        """Return what the list of ratings says of ``host``, or None."""
        return self.ratings.of_host(host)

    def advertises(self, host: str) -> str:
        """Return what ``host`` carries for money (``press releases``), or an empty string.

        A provider file of the desk's own has the last word, whatever it says; only then comes the
        table that comes with wiredesk (``records.advertisers``).
        """
        own = self.of_host(host)
        if own is not None:
            return "press releases" if own.kind == "press-release" else ""
        return carried_by(host)

    def named(self, host: str, registrable: str, site_name: str = "") -> ProviderName:
        """Return how a record names the publisher at ``host``: as registered, else by the site's
        own name, else by its registrable domain.
        """
        known = self.of_host(host)
        if known is not None:
            return ProviderName(name=known.name, domain=known.domain)
        return ProviderName(name=site_name or registrable, domain=registrable)
