"""Puts together the one way out: the web, polite, with ``robots.txt`` heeded, and the hubs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.adapters.apart import Children
from wiredesk.adapters.clock import SystemClock, SystemTimer
from wiredesk.adapters.keys import random_id
from wiredesk.adapters.memory_hosts import MemoryHosts
from wiredesk.adapters.polite import PoliteWeb
from wiredesk.adapters.robots import RobotsWeb
from wiredesk.adapters.sqlite.hosts import SqliteHosts
from wiredesk.adapters.sqlite.hubs import SqliteHubs
from wiredesk.adapters.web import LiveWeb
from wiredesk.app.desk import Desk
from wiredesk.config import FetchSettings
from wiredesk.engine.discovering import FoundFeed, discover
from wiredesk.engine.hubs import Hubbing
from wiredesk.engine.reading import PRELOAD
from wiredesk.ports.clock import Clock, Timer
from wiredesk.ports.hosts import Hosts
from wiredesk.ports.web import Web
from wiredesk.stages.fetch import Fetch


def make_fetch(
    web: Web, settings: FetchSettings, hosts: Hosts, timer: Timer, spent: Callable[[], float]
) -> Fetch:
    """Return the one fetch function over ``web``, with ``robots.txt`` heeded."""
    robots = Fetch(web, settings, spent)
    return Fetch(RobotsWeb(web, robots, settings, hosts, timer), settings, spent)


def open_hosts(desk: Desk, stack: ExitStack, timer: Timer) -> SqliteHosts:
    """Return what is remembered of hosts, to be closed by ``stack``."""
    hosts = SqliteHosts(desk.root / "state" / "hosts.sqlite", timer.moment())
    return stack.enter_context(closing(hosts))


def make_hubbing(desk: Desk, web: Web, stack: ExitStack) -> Hubbing | None:
    """Return the desk's dealings with hubs; None where its settings name neither callback nor hub."""
    if not (desk.settings.websub.callback or desk.settings.feeds.hub):
        return None
    return Hubbing(stack.enter_context(open_hubs(desk)), web, desk.settings, random_id)


@contextmanager
def open_hubs(desk: Desk) -> Iterator[SqliteHubs]:
    """Give what is remembered of hubs. Raises ``StoreError``."""
    with closing(SqliteHubs(desk.root / "state" / "websub.sqlite")) as hubs:
        yield hubs


def live_web(settings: FetchSettings, clock: Clock) -> LiveWeb:
    """Return the network as it is, under the desk's policy of addresses."""
    return LiveWeb(settings, clock, AddressPolicy(settings.allow_networks).refusal)


def discovered(url: str, settings: FetchSettings | None = None) -> tuple[FoundFeed, ...]:
    """Return the feeds of the site at ``url``. Raises ``FetchError`` when it cannot be asked, ``Ended``
    when its page cannot be read.
    """
    from wiredesk.sources.feed import read  # noqa: PLC0415 - slow to import

    given, hosts, timer = settings or FetchSettings(), MemoryHosts(), SystemTimer()
    live = live_web(given, SystemClock())
    web = PoliteWeb(live, given, hosts, timer)
    with Children(1, preload=PRELOAD) as apart:
        return discover(url, make_fetch(web, given, hosts, timer, live.spent), read, apart)
