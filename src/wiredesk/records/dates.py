"""Dates as feeds write them. The same text always gives the same time: nothing is filled in from
today's date, the machine's zone or its locale, as libraries for human dates do.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)
"""What a feed may be ahead of us (THREATS R12)."""

_LONGEST = 100
_OF_MONTH = (
    "jan january januar janvier janv enero ene gennaio gen januari janeiro",
    "feb february februar fevrier fevr febrero febbraio februari fevereiro fev",
    "mar march marz mrz mars marzo maart mrt marco",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag mei maio",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august aout agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october oktober okt octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez decembre diciembre dic dicembre dezembro",
)
"""Months in English, German, French, Spanish, Italian, Dutch and Portuguese, without accents."""
_MONTHS = {name: n for n, names in enumerate(_OF_MONTH, start=1) for name in names.split()}

_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
    "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "ist": 330, "sgt": 480,
    "hkt": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600,
    "aedt": 660, "nzst": 720, "nzdt": 780, "ast": -240, "adt": -180, "est": -300, "edt": -240,
    "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540,
    "akdt": -480, "hst": -600,
}  # fmt: skip
"""Minutes east of UTC: those of RFC 822, and the usual abbreviations; of two readings of one (IST,
BST, CST) the one with more readers of news."""

_DAY = 24

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:T\s*|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(.*))?",
    re.IGNORECASE | re.ASCII,
)
_COMPACT = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(z|[+-].*)?",
    re.IGNORECASE | re.ASCII,
)
"""ISO 8601 in its basic form, and in mixed ones."""
_MONTH_ALONE = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
"""A comment of RFC 822, section 3.4.3, without others in it."""
_DEEPEST = 3
_RFC822 = re.compile(
    r"(?:[a-z]{3,9},? +)?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) ?(.*)",
    re.IGNORECASE | re.ASCII,
)
_UNIX = re.compile(r"(\d{9,10})(\d{3})?", re.ASCII)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([ap]\.?m\b\.?)?", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})?", re.ASCII)
_NAME = re.compile(r"[a-z]+")
_YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b", re.ASCII)
_NUMBERS = re.compile(r"\b(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})\b", re.ASCII)
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+([a-z]{3,10})\.?,?[\s-]+(\d{4}|\d{2})\b"
)
_MONTH_DAY = re.compile(r"\b([a-z]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_MONTH_YEAR = re.compile(r"\b([a-z]{3,10})\.?,?\s+(\d{4})\b")


def within(moment: datetime | None, now: datetime) -> datetime | None:
    """Return ``moment`` if it lies within what a feed can know at ``now`` (R12), else None.

    It is not moved to the bound: the bound moves too, and the entry would look changed every time.
    """
    return moment if moment is not None and EARLIEST <= moment <= now + AHEAD else None


@lru_cache(maxsize=4096)
def read(text: str) -> datetime | None:
    """Return the time that ``text`` states, in UTC, or None when it states none.

    Read are ISO 8601, RFC 822 and RFC 5322 with their obsolete forms, seconds since 1970, and what
    people write by hand in seven languages. A day without a time is its midnight in UTC, a month
    its first day; a zone that is absent or unknown is UTC. Numbers with slashes are month, day,
    year, unless only the other order is a date; with dots, hyphens or spaces the day comes first.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        return _exact(text) or _loose(text) or _commented(text)
    except (ValueError, OverflowError):
        return None


def _exact(text: str) -> datetime | None:
    if iso := _ISO.fullmatch(text):
        year, month, day, hour, minute, second, zone = iso.groups()
        return _utc(
            (int(year), int(month), int(day)),
            (int(hour or 0), int(minute or 0), int(second or 0)),
            _minutes_east(zone or ""),
        )
    if mail := _RFC822.fullmatch(text):
        day, name, year, hour, minute, second, zone = mail.groups()
        if month := _MONTHS.get(name.lower(), 0):
            clock = (int(hour), int(minute), int(second))
            return _utc((int(year), month, int(day)), clock, _minutes_east(zone))
    if unix := _UNIX.fullmatch(text):
        return datetime.fromtimestamp(int(unix[1]), UTC)
    if compact := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = compact.groups()
        clock = (int(hour), int(minute), int(second or 0))
        return _utc((int(year), int(month), int(day)), clock, _minutes_east(zone or ""))
    if alone := _MONTH_ALONE.fullmatch(text):
        return _utc((int(alone[1]), int(alone[2]), 1), (0, 0, 0), 0)
    return None


def _commented(text: str) -> datetime | None:
    """Read a date without what it says in parentheses, which may nest."""
    bare = text
    for _ in range(_DEEPEST):
        bare = _COMMENT.sub("", bare)
    return _exact(" ".join(bare.split())) or _loose(bare) if bare != text else None


def _loose(text: str) -> datetime | None:
    words = "".join(
        mark
        for mark in unicodedata.normalize("NFD", text.lower())
        if not unicodedata.combining(mark)
    )
    clock, rest, zone = _clock(words)
    for reading in (_year_first, _day_month, _month_day, _numbers, _month_year):
        if date := reading(rest):
            return _utc(date, clock, _minutes_east(zone))
    return None


def _clock(words: str) -> tuple[tuple[int, int, int], str, str]:
    """Return hour, minute and second, the words without them, and those after them."""
    found = _CLOCK.search(words)
    if found is None:
        return (0, 0, 0), words, ""
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4].startswith("p") else 0)
    before, after = words[: found.start()], words[found.end() :]
    return (hour, int(found[2]), int(found[3] or 0)), f"{before} {after}", after


def _minutes_east(zone: str) -> int:
    if offset := _OFFSET.search(zone):
        minutes = 60 * int(offset[2]) + int(offset[3] or 0)
        return -minutes if offset[1] == "-" else minutes
    names = _NAME.findall(zone.lower())
    return next((_ZONES[name] for name in names if name in _ZONES), 0)


def _utc(date: tuple[int, int, int], clock: tuple[int, int, int], east: int) -> datetime:
    """Put the parts together; an hour of 24 is the next midnight, a leap second the one before."""
    hour, minute, second = clock
    zone = timezone(timedelta(minutes=east))
    local = datetime(
        *date, hour % 24 if hour == _DAY else hour, minute, min(second, 59), tzinfo=zone
    )
    return (local + timedelta(days=hour == _DAY)).astimezone(UTC)


def _year(digits: str) -> int:
    """Read a year of two digits as RFC 5322, section 4.3, has it."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)  # noqa: PLR2004 - RFC


def _year_first(words: str) -> tuple[int, int, int] | None:
    found = _YEAR_FIRST.search(words)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _day_month(words: str) -> tuple[int, int, int] | None:
    found = _DAY_MONTH.search(words)
    month = _MONTHS.get(found[2]) if found else None
    return (_year(found[3]), month, int(found[1])) if found and month else None


def _month_day(words: str) -> tuple[int, int, int] | None:
    found = _MONTH_DAY.search(words)
    month = _MONTHS.get(found[1]) if found else None
    return (int(found[3]), month, int(found[2])) if found and month else None


def _numbers(words: str) -> tuple[int, int, int] | None:
    found = _NUMBERS.search(words)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), _year(found[4])
    month_first = found[2] == "/" and first <= 12  # noqa: PLR2004 - months
    return (year, first, second) if month_first else (year, second, first)


def _month_year(words: str) -> tuple[int, int, int] | None:
    found = _MONTH_YEAR.search(words)
    month = _MONTHS.get(found[1]) if found else None
    return (int(found[2]), month, 1) if found and month else None
