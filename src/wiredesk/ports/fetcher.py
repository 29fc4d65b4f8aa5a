"""The fetcher port: what the one fetch function looks like to those who need a page."""

from __future__ import annotations

from typing import Protocol

from wiredesk.records.entry import Validators
from wiredesk.records.page import Page, Purpose


class Fetcher(Protocol):
    """Fetches an address with redirects, policy and caps; see ``stages.fetch``."""

    def __call__(self, url: str, purpose: Purpose, validators: Validators = ...) -> Page:
        """Return the page: status 200, or 304 only if validators were sent. Raises ``FetchError``
        for every other status and failure.
        """
        ...
