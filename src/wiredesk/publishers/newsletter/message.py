"""A letter as it travels: headers of constant names, two readings of the edition, a link to leave."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256

import msgspec

from wiredesk.publishers.newsletter.html import UNSUBSCRIBE
from wiredesk.records.plaintext import TITLE_LIMIT, plain

_BAD = re.compile(r"[^\x21-\x7e]")
"""What no address or id of ours has: it could start another header."""


class _Unfolded(UnstructuredHeader):
    """A header whose value is one address or id: folded, it would become an encoded word."""

    max_count = 1

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the header on one line."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]  # BaseHeader's


_HEADERS = HeaderRegistry()
for _name in ("list-unsubscribe", "list-id", "message-id"):
    _HEADERS.map_to_type(_name, _Unfolded)  # type: ignore[arg-type]  # a mix-in, as the registry wants
_POLICY = EmailPolicy(header_factory=_HEADERS, linesep="\r\n")


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """What all recipients get, but for their own link."""

    subject: str
    html: str
    text: str
    sender: str
    sender_name: str
    reply_to: str = ""
    list_id: str = ""
    """Identifies the list for ever (RFC 2919), such as ``daily.news.example``."""
    at: datetime
    """What its Date says: when it was released."""


def message(letter: Rendered, *, recipient: str, id: str, unsubscribe: str = "") -> bytes:  # noqa: A002 - as headers call it
    """Return the letter for one recipient, its lines ended by CR LF. The same values give the same bytes.

    ``id`` is the Message-ID without its angle brackets, ``unsubscribe`` the recipient's own address for
    leaving (RFC 8058); without one, the letter has no such header. Raises ValueError for an address or
    id with anything that could end a header's line.
    """
    for value in (recipient, id, unsubscribe, letter.sender, letter.reply_to, letter.list_id):
        if _BAD.search(value):
            raise ValueError(f"{value!r} is unfit for a header")
    made = EmailMessage(policy=_POLICY)
    made["From"] = Address(plain(letter.sender_name, TITLE_LIMIT), addr_spec=letter.sender)
    made["To"] = recipient
    if letter.reply_to:
        made["Reply-To"] = letter.reply_to
    made["Subject"] = plain(letter.subject, TITLE_LIMIT)
    made["Date"] = format_datetime(letter.at)
    made["Message-ID"] = f"<{id}>"
    if letter.list_id:
        made["List-Id"] = f"<{letter.list_id}>"
    if unsubscribe:
        made["List-Unsubscribe"] = f"<{unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.text.replace(UNSUBSCRIBE, unsubscribe), cte="quoted-printable")
    html = letter.html.replace(UNSUBSCRIBE, unsubscribe.replace("&", "&amp;"))
    if html:
        made.add_alternative(html, subtype="html", cte="quoted-printable")
        made.set_boundary(f"=_{sha256(id.encode()).hexdigest()[:32]}")
    return made.as_bytes()
