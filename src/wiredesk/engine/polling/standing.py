"""How a source is doing, in a word, and what an editor can do about it."""

from __future__ import annotations

from typing import Literal

from wiredesk.records.entry import SourceState

Standing = Literal["new", "healthy", "slow", "failing", "dormant", "walled"]

SLOW = 8.0
"""Seconds of a poll from which a source is slow; the deadline is at 20 (THREATS R4)."""

_WALLS = frozenset({"denied", "wall"})

_ADVICE = {
    "html": "look on that page for the feed's address (wiredesk discover), and change desk.toml",
    "not-a-feed": "look whether the address is still the feed's (wiredesk discover)",
    "dns": "look whether the name is spelt right, and whether the site still exists",
    "tls": "its certificate must be mended by its owner; tell them, or wait",
    "address": "its name leads to a machine that is not public; if it is yours, see fetch.allow_networks",
    "port": "see fetch.ports, if you trust it",
    "missing": "look for its new address (wiredesk discover)",
    "throttled": "nothing: it is asked less often by itself; name a contact in fetch.contact",
    "config": "correct desk.toml",
    "wire-cap": "ask its owner for a shorter feed, or raise fetch.wire_cap",
    "decoded-cap": "ask its owner for a shorter feed, or raise fetch.decoded_cap",
    "dtd": "tell its owner that the feed declares entities, which no reader should expand",
}


def standing(state: SourceState) -> Standing:
    """Return how the source is doing."""
    polling = state.polling
    if polling.dormant_since:
        return "dormant"
    if state.failure:
        return "walled" if polling.trouble in _WALLS else "failing"
    if state.last_good is None:
        return "new"
    return "slow" if polling.took >= SLOW else "healthy"


def said(state: SourceState) -> str:
    """Return how the source is doing as a sentence."""
    polling = state.polling
    match standing(state):
        case "dormant":
            return f"dormant since {polling.dormant_since:%Y-%m-%d}: {polling.dormant_why}"
        case "walled":
            return f"walled since {state.failing_since:%Y-%m-%d}: {state.failure}"
        case "failing":
            return f"failing since {state.failing_since:%Y-%m-%d}: {state.failure}"
        case "slow":
            return f"slow: its last answer took {polling.took:g} seconds"
        case "new":
            return "new: not asked yet"
        case "healthy":
            return "to look at" if state.notices else "healthy"


def advice(state: SourceState) -> str:
    """Return what an editor can do, or an empty string for nothing."""
    polling = state.polling
    match standing(state):
        case "dormant":
            return f"take it out of the desk's files, or: wiredesk sources DESK --wake {state.id!r}"
        case "walled":
            return "ask its publisher to let the desk in, or take the source out"
        case "failing":
            return _ADVICE.get(polling.trouble, "nothing yet: it is asked again by itself")
        case _ if polling.address:
            return (
                f"change its address in the desk's files to {polling.address}: it has moved there"
            )
        case _:
            return ""
