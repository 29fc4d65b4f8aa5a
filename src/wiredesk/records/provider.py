"""Providers: who publishes, and how the desk regards them."""

from __future__ import annotations

from typing import Literal

import msgspec

from wiredesk.records.article import ProviderName

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


class ProviderRegistry(msgspec.Struct, frozen=True):
    """The desk's providers. ``domain`` of one may be a host; the longest match wins."""

    providers: tuple[Provider, ...] = ()

    def of_host(self, host: str) -> Provider | None:
        """Return the provider whose domain is ``host`` or its longest registered suffix."""
        labels = host.lower().rstrip(".").split(".")
        by_domain = {provider.domain.lower(): provider for provider in self.providers}
        suffixes = (".".join(labels[start:]) for start in range(len(labels)))
        return next((by_domain[suffix] for suffix in suffixes if suffix in by_domain), None)

    def named(self, host: str, registrable: str, site_name: str = "") -> ProviderName:
        """Return how a record names the publisher at ``host``: as registered, else by the site's
        own name, else by its registrable domain.
        """
        known = self.of_host(host)
        if known is not None:
            return ProviderName(name=known.name, domain=known.domain)
        return ProviderName(name=site_name or registrable, domain=registrable)
