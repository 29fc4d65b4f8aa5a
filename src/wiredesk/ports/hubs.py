"""The hubs port: keeps subscriptions at WebSub hubs, and what hubs told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from wiredesk.records.websub import Subscription


class Hubs(Protocol):
    """Remembers subscriptions. Several processes may share it."""

    def subscriptions(self) -> Sequence[Subscription]:
        """Return every subscription, by its id."""
        ...

    def subscription(self, subscription_id: str) -> Subscription | None:
        """Return one subscription, or None."""
        ...

    def keep(self, subscription: Subscription) -> None:
        """Put a subscription over its older self."""
        ...

    def drop(self, subscription_id: str) -> None:
        """Forget a subscription."""
        ...

    def tell(self, source: str, at: float, *, signed: bool) -> None:
        """Note that something came for ``source``: proven to be from its hub, or not."""
        ...

    def told(self) -> Mapping[str, bool]:
        """Return the sources that something came for, and whether any of it was signed."""
        ...

    def heard(self, sources: Iterable[str], before: float) -> None:
        """Forget what came for ``sources`` before a moment: they were asked since."""
        ...
