"""One round of a desk's newsletters: all that is due now, each part whatever became of the others."""

from __future__ import annotations

from pathlib import Path

import msgspec

from wiredesk.config import Settings
from wiredesk.engine.newsletter.filing import file_released
from wiredesk.engine.newsletter.issuing import Issuing
from wiredesk.engine.newsletter.sending import Sending, Sent
from wiredesk.engine.newsletter.subscribing import Subscribing
from wiredesk.errors import PostError, PublishError
from wiredesk.ports.letters import Letters
from wiredesk.ports.post import Post
from wiredesk.records.newsletter import Issue


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What a round came to; ``troubles`` has a sentence for each thing that could not be done now."""

    made: tuple[Issue, ...] = ()
    released: tuple[Issue, ...] = ()
    filed: tuple[str, ...] = ()
    sent: tuple[Sent, ...] = ()
    confirmations: int = 0
    troubles: tuple[str, ...] = ()


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """A desk's newsletters, and how they leave it."""

    settings: Settings
    letters: Letters
    issuing: Issuing
    sending: Sending
    subscribing: Subscribing
    post: Post
    outbox: Path

    def __call__(self) -> Done:
        """Make, release, record and send what is due. Raises ``StoreError``, and ``ConfigError`` for a
        desk whose store is not there.
        """
        troubles: list[str] = []
        made: list[Issue] = []
        released: list[Issue] = []
        try:
            released += self.issuing.release_due()
            made += self.issuing.compose_due()
            released += self.issuing.release_due()
        except PublishError as error:  # the records are being written by a run; what is out goes on
            troubles.append(f"{error}; the next run tries again")
        troubles += self.issuing.record_released()
        if self.settings.newsletter.deliver != "smtp":
            filed = file_released(self.letters, self.settings, self.outbox)
            return Done(
                made=tuple(made),
                released=tuple(released),
                filed=tuple(map(str, filed)),
                troubles=tuple(troubles),
            )
        sent = self.sending()
        troubles += [f"{each.issue}: {each.stopped}" for each in sent if each.stopped]
        confirmations = 0
        try:
            confirmations = self.subscribing.send_confirmations(self.post)
        except PostError as error:
            troubles.append(str(error))
        return Done(
            made=tuple(made),
            released=tuple(released),
            sent=tuple(sent),
            confirmations=confirmations,
            troubles=tuple(dict.fromkeys(troubles)),
        )
