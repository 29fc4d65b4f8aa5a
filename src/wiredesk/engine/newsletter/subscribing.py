"""Who gets editions: double opt-in, leaving by a link, bounces, and being forgotten.

Nothing here tells a stranger whether an address is known: asking has one answer for all, and what
follows goes to the address itself. Whoever clicks proves by a token that the letter reached them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from wiredesk.config import Settings
from wiredesk.engine.newsletter.lists import Row, normal
from wiredesk.engine.newsletter.returned import Returned
from wiredesk.engine.newsletter.sending import bounced
from wiredesk.ports.clock import Clock
from wiredesk.ports.letters import Letters
from wiredesk.ports.post import Envelope, Outcome, Post
from wiredesk.publishers.newsletter import Rendered, message
from wiredesk.records.keys import KeyRing
from wiredesk.records.letter_tokens import read_token, token
from wiredesk.records.newsletter import Subscriber, SubscriberStatus
from wiredesk.records.plaintext import TITLE_LIMIT, plain

MOST_ASKS, ASKS_WITHIN = 3, timedelta(days=1)
"""Confirmation mails to one address, so that nobody can flood a stranger's mailbox through us."""
CONFIRM_WITHIN = timedelta(days=7)


class Subscribing:
    """The list of subscribers. All methods raise ``StoreError``."""

    def __init__(
        self,
        *,
        letters: Letters,
        clock: Clock,
        settings: Settings,
        ring: KeyRing,
        new_id: Callable[[], str],
    ) -> None:
        self._letters, self._clock, self._settings = letters, clock, settings
        self._ring, self._new_id = ring, new_id
        self._known = tuple(series.name for series in settings.newsletter.series)

    # Coming

    def ask(self, address: str, series: Sequence[str]) -> None:
        """Note that somebody asked for ``series`` (all for none) at ``address``; a confirmation mail is
        due then, unless the address is suppressed, has it all, or was asked often today.

        Raises ``ConfigError`` for what is no address.
        """
        fit, now = normal(address), self._clock.now()
        wanted = tuple(name for name in self._known if name in series or not series)
        with self._letters.changing():
            before = self._letters.of_address(fit) or Subscriber(id=self._new_id(), address=fit)
            recent = tuple(at for at in before.asks if now - at < ASKS_WITHIN)
            has_all = before.status == "active" and {*wanted} <= {*before.series}
            if before.status == "suppressed" or has_all or len(recent) >= MOST_ASKS or not wanted:
                return
            self._letters.keep(
                msgspec.structs.replace(before, wants=wanted, ask_due=True, asks=recent)
            )

    def send_confirmations(self, post: Post) -> int:
        """Send the confirmation mails that are due; return how many went out. Raises ``PostError``."""
        sent = 0
        for each in self._letters.subscribers():
            if each.ask_due:
                sent += self._confirm_by_mail(each.id, post)
        post.close()
        return sent

    def _confirm_by_mail(self, subscriber_id: str, post: Post) -> bool:
        asked = self._letters.subscriber(subscriber_id)
        if asked is None or not asked.ask_due:
            return False
        now = self._clock.now()
        said = f"{asked.generation}.{int(now.timestamp())}.{','.join(asked.wants)}"
        proof = token(self._ring, "confirm", asked.id, said)
        outcome = post.send(
            self._confirmation(asked, proof, now), lambda: self._claim_ask(asked.id, now)
        )
        if outcome.kind in {"later", "unsent"}:
            self._ask_again(asked.id, outcome)
        return outcome.kind in {"accepted", "doubt"}

    def _claim_ask(self, subscriber_id: str, now: datetime) -> bool:
        with self._letters.changing():
            current = self._letters.subscriber(subscriber_id)
            if current is None or not current.ask_due:
                return False
            self._letters.keep(
                msgspec.structs.replace(current, ask_due=False, asks=(*current.asks, now))
            )
        return True

    def _ask_again(self, subscriber_id: str, outcome: Outcome) -> None:
        with self._letters.changing():
            current = self._letters.subscriber(subscriber_id)
            if current is not None and outcome.code and len(current.asks) < MOST_ASKS:
                self._letters.keep(msgspec.structs.replace(current, ask_due=True))

    def _confirmation(self, asked: Subscriber, proof: str, now: datetime) -> Envelope:
        mail, name = self._settings.newsletter, plain(self._settings.name, TITLE_LIMIT)
        link = f"{mail.url.rstrip('/')}/confirm?t={proof}"
        titles = [
            plain(series.title or self._settings.name, TITLE_LIMIT)
            for series in mail.series
            if series.name in asked.wants
        ]
        text = (
            f"Somebody, most likely you, asked for this newsletter:\n\n"
            f"  {'; '.join(titles)}\n\nTo get it, open this page and confirm within 7 days:\n\n{link}\n\n"
            "If it was not you, do nothing: you will get no mail.\n"
        )
        letter = Rendered(
            subject=f"Please confirm: {name}",
            html="",
            text=text,
            sender=mail.sender,
            sender_name=name,
            reply_to=mail.reply_to,
            at=now,
        )
        domain = mail.sender.rpartition("@")[2]
        mark = f"confirm.{proof.replace(',', '.')}"
        data = message(letter, recipient=asked.address, id=f"{mark}@{domain}")
        return Envelope(
            sender=mail.bounces or mail.sender, recipient=asked.address, id=mark[:100], data=data
        )

    def confirm(self, proof: str) -> bool:
        """Subscribe the one who was given ``proof``; False for a link that is none, or too old. Doing it
        again changes nothing.
        """
        read = read_token(self._ring, "confirm", proof)
        if read is None:
            return False
        subscriber_id, said = read
        generation, stamp, names = said.split(".", 2)
        now = self._clock.now()
        with self._letters.changing():
            current = self._letters.subscriber(subscriber_id)
            if current is None or current.status == "suppressed":
                return False
            too_old = now.timestamp() - int(stamp) > CONFIRM_WITHIN.total_seconds()
            if str(current.generation) != generation or too_old:
                return False
            asked = {*names.split(",")}
            if current.status == "active" and asked <= {*current.series}:
                return True
            had = current.series if current.status == "active" else ()
            series = tuple(name for name in self._known if name in {*had, *asked})
            self._letters.keep(
                msgspec.structs.replace(
                    current,
                    status="active",
                    series=series,
                    wants=(),
                    ask_due=False,
                    bounces=(),
                    confirmed_at=now if current.status != "active" else current.confirmed_at,
                )
            )
        return True

    def add(self, row: Row, *, agreed: bool) -> bool:
        """Take a line of a list; False when the address is known already. Without ``agreed``, and unless
        the list says that they did, whoever is to get letters is asked first.
        """
        now = self._clock.now()
        with self._letters.changing():
            if self._letters.of_address(row.address) is not None:
                return False
            had = row.status == "active" and row.confirmed is not None
            is_in = had or (agreed and row.status in {"active", "pending"})
            asks = row.status in {"active", "pending"} and not is_in
            self._letters.keep(
                Subscriber(
                    id=self._new_id(),
                    address=row.address,
                    status="active" if is_in else "pending" if asks else row.status,
                    series=row.series if is_in else (),
                    wants=row.series if asks else (),
                    ask_due=asks,
                    confirmed_at=(row.confirmed or now) if is_in else None,
                )
            )
        return True

    # Going

    def leave(self, proof: str) -> bool:
        """Unsubscribe the one who was given ``proof`` from its series; False for what proves nothing.
        Doing it again changes nothing.
        """
        read = read_token(self._ring, "leave", proof)
        if read is None:
            return False
        subscriber_id, series = read
        with self._letters.changing():
            current = self._letters.subscriber(subscriber_id)
            if current is not None and series in current.series:
                left = tuple(name for name in current.series if name != series)
                self._letters.keep(_without(current, left))
        return True

    def take_out(self, address: str, status: SubscriberStatus) -> bool:
        """Have an address be ``left`` or ``suppressed``; False when nobody has it (one to be suppressed
        is noted all the same). Raises ``ConfigError`` for what is no address.
        """
        fit = normal(address)
        with self._letters.changing():
            current = self._letters.of_address(fit)
            if current is not None or status == "suppressed":
                known = current or Subscriber(id=self._new_id(), address=fit)
                self._letters.keep(msgspec.structs.replace(_without(known, ()), status=status))
        return current is not None

    def forget(self, address: str) -> bool:
        """Erase all that is known of an address; False when nothing is."""
        current = self._letters.of_address(address.strip())
        if current is not None:
            self._letters.forget(current.id)
        return current is not None

    def returned(self, found: Returned) -> str:
        """Note a letter that came back, or a complaint about one; return what was done, in a word:
        ``unknown`` when it proves nothing, ``noted``, ``bounced`` or ``suppressed``.
        """
        read = read_token(self._ring, "letter", found.mark)
        current = self._letters.subscriber(read[0]) if read else None
        if current is None:
            return "unknown"
        with self._letters.changing():
            current = self._letters.subscriber(current.id) or current
            if found.complaint:
                after = msgspec.structs.replace(_without(current, ()), status="suppressed")
            else:
                after = bounced(current, found.status, self._clock.now())
            self._letters.keep(after)
        return "noted" if after.status == current.status else after.status


def _without(subscriber: Subscriber, left: tuple[str, ...]) -> Subscriber:
    """Return a subscriber who gets ``left`` only; older confirmation links are void then."""
    return msgspec.structs.replace(
        subscriber,
        series=left,
        wants=(),
        ask_due=False,
        status=subscriber.status if left or subscriber.status != "active" else "left",
        generation=subscriber.generation + 1,
    )
