"""The newsletter as it is shown: as mail, as a record, and as fragments for the site.

::

    newsletters/<name>.fragment   an edition that was released, as HTML to be put into a page

``engine.newsletter`` decides what an edition holds and who gets it; here it only gets its forms. The
fragments follow from the released editions; files below ``newsletters`` that end in ``.fragment`` are
ours, all others stay untouched.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from wiredesk.config import Settings
from wiredesk.ports.output import settle
from wiredesk.ports.publisher import Edition, Written
from wiredesk.publishers.newsletter.archive import FOLDER, as_fragment, as_record, record_path
from wiredesk.publishers.newsletter.html import as_html
from wiredesk.publishers.newsletter.message import Rendered, message
from wiredesk.publishers.newsletter.text import as_text
from wiredesk.publishers.newsletter.words import masthead
from wiredesk.records.newsletter import Issue

__all__ = [
    "FOLDER",
    "MOST_BYTES",
    "Rendered",
    "archive",
    "message",
    "publish",
    "record",
    "record_path",
    "render",
]

MOST_BYTES = 100_000
"""Of a mail's HTML: from 102 KB on Gmail cuts it (https://github.com/hteumeuleu/email-bugs/issues/41)."""


def publish(edition: Edition, root: Path) -> Written:
    """Bring ``root/newsletters`` to the edition's letters. Raises ``PublishError``."""
    return archive(tuple(edition.letters), edition.settings, root)


def archive(issues: tuple[Issue, ...], settings: Settings, root: Path) -> Written:
    """Write the fragment of each edition that was released. Raises ``PublishError``."""
    files = {
        f"{PurePosixPath(issue.path).stem}.fragment": as_fragment(issue, masthead(issue, settings))
        for issue in issues
        if issue.is_public
    }
    folder = root / "newsletters"
    return settle(folder, files, {".fragment"}) if files or folder.is_dir() else Written()


def record(issue: Issue, settings: Settings) -> bytes:
    """Return what the record of ``issue`` holds."""
    return as_record(issue, masthead(issue, settings))


def render(issue: Issue, settings: Settings, *, with_foot: bool = True) -> Rendered:
    """Return what every recipient of ``issue`` gets; ``with_foot`` says how to leave."""
    head, mail = masthead(issue, settings), settings.newsletter
    domain = mail.sender.rpartition("@")[2] or "localhost"
    return Rendered(
        subject=head.subject,
        html=as_html(issue, head, with_foot=with_foot),
        text=as_text(issue, head, with_foot=with_foot),
        sender=mail.sender or "desk@localhost",
        sender_name=head.title,
        reply_to=mail.reply_to,
        list_id=f"{issue.series}.{domain}",
        at=issue.released_at or issue.due,
    )
