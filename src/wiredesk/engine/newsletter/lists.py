"""The list as CSV, out and in, and what an address is.

Cells that a spreadsheet would take for formulas are defused (THREATS O07).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from wiredesk.errors import ConfigError
from wiredesk.records.newsletter import Subscriber, SubscriberStatus
from wiredesk.records.plaintext import plain

COLUMNS = ("address", "status", "series", "confirmed")
MOST_ROWS = 1_000_000
_LONGEST = 254
"""Of an address, in bytes (RFC 5321, section 4.5.3.1.3)."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_STATUSES: tuple[SubscriberStatus, ...] = ("pending", "active", "left", "bounced", "suppressed")


def normal(address: str) -> str:
    """Return an address as we keep it, its domain in ASCII. Nobody is asked whether it exists.

    Raises ``ConfigError`` for what is no address, names no public domain, or needs SMTPUTF8.
    """
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - slow to import

    if len(address) > _LONGEST or plain(address) != address:
        raise ConfigError("that is not a mail address that letters can be sent to")
    try:
        found = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=False
        )
    except EmailNotValidError:
        raise ConfigError("that is not a mail address that letters can be sent to") from None
    return found.ascii_email or found.normalized


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list."""

    address: str
    status: SubscriberStatus
    series: tuple[str, ...]
    confirmed: datetime | None


def as_csv(subscribers: Iterable[Subscriber]) -> str:
    """Return a list with a line for each subscriber, by address, every cell in quotes."""
    out = io.StringIO()
    table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for each in sorted(subscribers, key=lambda subscriber: subscriber.address.lower()):
        confirmed = each.confirmed_at.isoformat() if each.confirmed_at else ""
        table.writerow(map(_defused, (each.address, each.status, " ".join(each.series), confirmed)))
    return out.getvalue()


def read_csv(text: str, known: Sequence[str]) -> tuple[list[Row], list[str]]:
    """Return the rows of a list, and a sentence for each line that cannot be used.

    Only ``address`` must be there; without a status it is ``pending``, without series it is all of
    ``known``. Lines are told by number, never by their content. Raises ``ConfigError`` for a text that
    is no such list.
    """
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[: MOST_ROWS + 1]
    except csv.Error as error:
        raise ConfigError(f"the list is no CSV: {error}") from error
    head = [cell.strip().lower() for cell in lines[0]] if lines else []
    if "address" not in head:
        raise ConfigError(f"the list's first line names its columns: {', '.join(COLUMNS)}")
    rows: list[Row] = []
    problems: list[str] = []
    for number, line in enumerate(lines[1:], 2):
        cells = dict(zip(head, map(_bare, line), strict=False))
        if not any(cells.values()):
            continue
        try:
            rows.append(_row(cells, known))
        except (ConfigError, ValueError) as error:
            problems.append(f"line {number}: {error}")
    return rows, problems


def _row(cells: dict[str, str], known: Sequence[str]) -> Row:
    status = next((each for each in _STATUSES if each == (cells.get("status") or "pending")), None)
    if status is None:
        raise ConfigError(f"the status is one of {', '.join(_STATUSES)}")
    named = cells.get("series", "").split()
    if unknown := [name for name in named if name not in known]:
        raise ConfigError(f"there is no newsletter {unknown[0]!r}")
    confirmed = cells.get("confirmed", "")
    at = datetime.fromisoformat(confirmed) if confirmed else None
    return Row(
        address=normal(cells["address"]),
        status=status,
        series=tuple(name for name in known if name in named or not named),
        confirmed=at.replace(tzinfo=UTC) if at and at.tzinfo is None else at,
    )


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _bare(cell: str) -> str:
    """Undo ``_defused``."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell.strip()
