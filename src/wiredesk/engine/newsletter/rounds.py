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
        """Make, release, record and send what is due. Raises ``StoreBusy`` while another round is at
        work, ``StoreError``, and ``ConfigError`` for a desk whose store is not there.
        """
        with self.letters.sending():
            return self._done()

    def _done(self) -> Done:
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
        done = Done(made=tuple(made), released=tuple(released), troubles=tuple(troubles))
        return (
            self._mailed(done) if self.settings.newsletter.deliver == "smtp" else self._filed(done)
        )

    def _filed(self, done: Done) -> Done:
        folders = file_released(self.letters, self.settings, self.outbox)
        return msgspec.structs.replace(done, filed=tuple(map(str, folders)))

    def _mailed(self, done: Done) -> Done:
        sent = self.sending.all_due()
        stopped = [f"{each.issue}: {each.stopped}" for each in sent if each.stopped]
        confirmations = 0
        try:
            confirmations = self.subscribing.send_confirmations(self.post)
        except PostError as error:
            stopped = stopped or [str(error)]
        troubles = (*done.troubles, *stopped)
        return msgspec.structs.replace(
            done, sent=tuple(sent), confirmations=confirmations, troubles=troubles
        )
