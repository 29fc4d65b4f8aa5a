"""The shipped fake of the web port: answers that are there already."""

from __future__ import annotations

from collections.abc import Mapping

from wiredesk.errors import FetchError, NotRecorded
from wiredesk.records.page import Answer, Request


class MemoryWeb:
    """Answers from a mapping of address to answer, or to the error to raise.

    ``asked`` keeps the requests in the order in which they came.
    """

    def __init__(self, answers: Mapping[str, Answer | FetchError]) -> None:
        self._answers = dict(answers)
        self.asked: list[Request] = []

    def exchange(self, request: Request) -> Answer:
        """Return or raise what is there for the address; raises ``NotRecorded`` for any other."""
        self.asked.append(request)
        found = self._answers.get(request.url)
        if found is None:
            raise NotRecorded("not-recorded", f"{request.url} is not among the answers given")
        if isinstance(found, FetchError):
            raise found
        return found
