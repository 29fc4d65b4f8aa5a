"""Sending: each recipient once at most, and a word about every one of them.

For each recipient::

    claim: still subscribed, nothing sent yet ─▶ server takes the recipient ─▶ "sending" on the disk
        ─▶ the text goes out ─▶ what the server said on the disk

A process that dies before "sending" is on the disk has sent nothing, and the next run goes on. One that
dies after it may have: that letter is in doubt, is counted and shown, and only an editor's explicit word
sends it again, with the same Message-ID, so that a mailbox that has it can tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec

from wiredesk.config import Settings
from wiredesk.errors import PostError
from wiredesk.ports.clock import Clock
from wiredesk.ports.letters import Letters
from wiredesk.ports.post import Envelope, Outcome, OutcomeKind, Post
from wiredesk.publishers.newsletter import Rendered, message, render
from wiredesk.records.keys import KeyRing
from wiredesk.records.letter_tokens import token
from wiredesk.records.newsletter import Delivery, DeliveryStatus, Issue, Subscriber

GIVE_UP = timedelta(days=3)
"""How long a recipient whose server says "later" is tried (RFC 5321, section 4.5.4.1: some days)."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=4)
"""Between two tries; each is twice as long as the one before. Greylisting wants some minutes."""
SOFT_BOUNCES, SOFT_WITHIN = 5, timedelta(days=60)
"""Editions that came back for a passing reason, and in which time, after which nobody tries any more."""
_MANY = 5
"""Letters that are refused after they were read, none taken: then it is the letter, not the readers."""
_GONE = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
"""Codes for an address that is none (RFC 3463, RFC 7505)."""
_AN_ADDRESS = re.compile(r"[^\s<>()\[\]:;,]+@[^\s<>()\[\]:;,]+")
"""What servers repeat in their replies; it is kept in one place only."""
_STATUS: dict[OutcomeKind, DeliveryStatus] = {
    "accepted": "sent",
    "refused": "failed",
    "unfit": "failed",
    "later": "later",
    "unsent": "later",
    "doubt": "doubt",
}


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What a round of sending one edition came to: recipients by what became of them, in all."""

    issue: str
    recipients: int
    counts: dict[str, int]
    """By status of delivery, and ``waiting`` for those not tried yet; only what is not 0."""
    stopped: str = ""
    """Why the round ended before everybody was tried, or empty."""


class Sending:
    """Sends released editions."""

    def __init__(
        self, *, letters: Letters, clock: Clock, settings: Settings, ring: KeyRing, post: Post
    ) -> None:
        self._letters, self._clock, self._settings = letters, clock, settings
        self._ring, self._post = ring, post

    def __call__(self, issues: Sequence[str] = ()) -> list[Sent]:
        """Send as ``all_due`` does. Raises ``StoreBusy`` while another process is sending."""
        with self._letters.sending():
            return self.all_due(issues)

    def all_due(self, issues: Sequence[str] = ()) -> list[Sent]:
        """Send the released editions (those of ``issues``, or all) to whom it is due; return what came of
        each. Only for the sender.
        """
        self.find_doubts()
        due = [each for each in self._letters.issues() if each.status == "released"]
        return [self._send(each) for each in due if not issues or each.id in issues]

    def find_doubts(self) -> int:
        """Turn what a dead process left on its way into doubts; return how many. Only for the sender."""
        found = 0
        for issue in self._letters.issues():
            if issue.status in {"released", "dropped"} and issue.released_at is not None:
                for each in self._letters.deliveries(issue.id):
                    if each.status == "sending":
                        self._letters.keep(msgspec.structs.replace(each, status="doubt"))
                        found += 1
        return found

    def retry_doubts(self, issue_id: str) -> int:
        """Let the doubtful recipients of an edition be sent to again; return how many they are.

        Each of them may then have the letter twice, with one Message-ID.
        """
        with self._letters.sending(), self._letters.changing():
            self.find_doubts()
            doubts = [each for each in self._letters.deliveries(issue_id) if each.status == "doubt"]
            now = self._clock.now()
            self._letters.keep(
                *(
                    msgspec.structs.replace(each, status="later", at=now, attempts=0)
                    for each in doubts
                )
            )
            issue = self._letters.issue(issue_id)
            if doubts and issue is not None and issue.status == "sent":
                self._letters.keep(msgspec.structs.replace(issue, status="released"))
        return len(doubts)

    def _send(self, issue: Issue) -> Sent:
        letter, stopped = render(issue, self._settings), ""
        unfit = taken = 0
        for subscriber in self._recipients(issue):
            if not self._is_due(issue, subscriber):
                continue
            try:
                outcome = self._hand_over(issue, letter, subscriber)
            except PostError as error:
                stopped = str(error)
                break
            unfit, taken = unfit + (outcome.kind == "unfit"), taken + (outcome.kind == "accepted")
            if unfit >= _MANY and not taken:
                said = _AN_ADDRESS.sub("…", outcome.reply)
                stopped = f"the server refuses this letter itself: {outcome.code} {said}"
                break
        self._post.close()
        return self._told(issue, stopped)

    def _recipients(self, issue: Issue) -> list[Subscriber]:
        """Return those who get an edition: who had confirmed when it was released and has not left."""
        at = issue.released_at or issue.due
        return [
            each
            for each in self._letters.subscribers()
            if each.status == "active"
            and issue.series in each.series
            and (each.confirmed_at is None or each.confirmed_at <= at)
        ]

    def _is_due(self, issue: Issue, subscriber: Subscriber) -> bool:
        before = self._letters.delivery(issue.id, subscriber.id)
        if before is None:
            return True
        return before.status == "later" and self._clock.now() >= before.at + _pause(before.attempts)

    def _hand_over(self, issue: Issue, letter: Rendered, subscriber: Subscriber) -> Outcome:
        mail = self._settings.newsletter
        mark = token(self._ring, "letter", subscriber.id, issue.id)
        leave = token(self._ring, "leave", subscriber.id, issue.series)
        domain = mail.sender.rpartition("@")[2]
        data = message(
            letter,
            recipient=subscriber.address,
            id=f"{mark}@{domain}",
            unsubscribe=f"{mail.url.rstrip('/')}/unsubscribe?t={leave}",
        )
        envelope = Envelope(
            sender=mail.bounces or mail.sender, recipient=subscriber.address, id=mark, data=data
        )
        outcome = self._post.send(envelope, partial(self._claim, issue.id, subscriber.id))
        self._settle(issue, subscriber, outcome)
        return outcome

    def _claim(self, issue_id: str, subscriber_id: str) -> bool:
        """Put on the disk that the letter goes out now; False when it must not any more."""
        with self._letters.changing():
            subscriber = self._letters.subscriber(subscriber_id)
            issue = self._letters.issue(issue_id)
            before = self._letters.delivery(issue_id, subscriber_id)
            if subscriber is None or subscriber.status != "active":
                return False
            if issue is None or issue.status != "released" or issue.series not in subscriber.series:
                return False
            if before is not None and before.status != "later":
                return False
            self._letters.keep(
                self._delivery(issue_id, subscriber_id, before, "sending", Outcome(kind="unsent"))
            )
        return True

    def _settle(self, issue: Issue, subscriber: Subscriber, outcome: Outcome) -> None:
        """Put on the disk what became of the letter, and what that says about its recipient."""
        status = _STATUS[outcome.kind]
        with self._letters.changing():
            before = self._letters.delivery(issue.id, subscriber.id)
            current = self._letters.subscriber(subscriber.id)
            if current is None or (before is None and current.status != "active"):
                return  # forgotten, or left before anything went out
            if before is not None and before.status not in {"sending", "later"}:
                return  # another process was first, and this one sent nothing
            now = self._clock.now()
            if status == "later" and now - (issue.released_at or now) > GIVE_UP:
                status = "failed"
            told = msgspec.structs.replace(outcome, reply=_AN_ADDRESS.sub("…", outcome.reply))
            self._letters.keep(self._delivery(issue.id, subscriber.id, before, status, told))
            if status == "failed" and outcome.kind in {"refused", "later"}:
                self._letters.keep(bounced(current, f"{outcome.code} {outcome.reply}", now))

    def _delivery(
        self,
        issue: str,
        subscriber: str,
        before: Delivery | None,
        status: DeliveryStatus,
        outcome: Outcome,
    ) -> Delivery:
        attempts = before.attempts if before else 0
        return Delivery(
            issue=issue,
            subscriber=subscriber,
            status=status,
            at=self._clock.now(),
            attempts=attempts if before and before.status == "sending" else attempts + 1,
            code=outcome.code,
            reply=outcome.reply,
        )

    def _told(self, issue: Issue, stopped: str) -> Sent:
        """Return what the round came to; an edition for which nobody is left is ``sent``."""
        recipients, deliveries = self._recipients(issue), self._letters.deliveries(issue.id)
        known = {each.subscriber for each in deliveries}
        counts = Counter[str](each.status for each in deliveries)
        counts["waiting"] = sum(each.id not in known for each in recipients)
        left = {each.id for each in recipients}
        open_still = counts["waiting"] or any(
            each.status == "later" and each.subscriber in left for each in deliveries
        )
        if not open_still and not stopped:
            with self._letters.changing():
                current = self._letters.issue(issue.id) or issue
                if current.status == "released":
                    self._letters.keep(msgspec.structs.replace(current, status="sent"))
        return Sent(
            issue=issue.id,
            recipients=len(known | left),
            counts={name: number for name, number in sorted(counts.items()) if number},
            stopped=stopped,
        )


def bounced(subscriber: Subscriber, said: str, now: datetime) -> Subscriber:
    """Return a subscriber after an edition came back: out at once when there is no such mailbox, else
    after ``SOFT_BOUNCES`` of them within ``SOFT_WITHIN``.
    """
    recent = (*(at for at in subscriber.bounces if now - at <= SOFT_WITHIN), now)
    gone = any(code in said.split() for code in _GONE) or len(recent) >= SOFT_BOUNCES
    status = "bounced" if gone and subscriber.status == "active" else subscriber.status
    return msgspec.structs.replace(subscriber, bounces=recent, status=status)


def _pause(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** max(0, attempts - 1), LONGEST_PAUSE) if attempts else timedelta(0)
