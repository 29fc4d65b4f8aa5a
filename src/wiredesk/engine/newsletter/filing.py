"""Editions as files only, for a desk that sends by other means."""

from __future__ import annotations

from pathlib import Path

import msgspec

from wiredesk.config import Settings
from wiredesk.ports.letters import Letters
from wiredesk.ports.output import settle
from wiredesk.publishers.newsletter import render


def file_released(letters: Letters, settings: Settings, folder: Path) -> list[Path]:
    """Write each released edition to a folder of its own below ``folder``, as HTML, text and subject,
    without recipients or a link to leave; it counts as sent then. Return the folders.

    Raises ``PublishError``.
    """
    written = []
    for issue in letters.issues():
        if issue.status != "released":
            continue
        made = render(issue, settings, with_foot=False)
        texts = {
            "letter.html": made.html,
            "letter.txt": made.text,
            "subject.txt": made.subject + "\n",
        }
        settle(folder / issue.id, {name: text.encode() for name, text in texts.items()}, ())
        letters.keep(msgspec.structs.replace(issue, status="sent"))
        written.append(folder / issue.id)
    return written
