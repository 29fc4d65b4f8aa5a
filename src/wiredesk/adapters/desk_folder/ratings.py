"""An open list of domain ratings, as a desk may load it (``[score] ratings``).

Text, a domain a line: columns between commas, semicolons or tabs, perhaps in double quotes, with or
without a line of headings. The domain and its rating are found by their headings, else they are the
first and the second column; all other columns are passed over, and so are empty lines and those
that begin with ``#``. A line that cannot be used costs itself only, and is told.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from wiredesk.adapters.desk_folder.files import bytes_of
from wiredesk.errors import ConfigError, Refused
from wiredesk.records.rating import Ratings
from wiredesk.records.weburl import checked, host_of

MOST_BYTES = 50_000_000
MOST_LINE = 4_000
"""Characters of one line."""
SHOWN = 3
"""Lines that are told one by one; the others are counted."""

_SEPARATORS = "\t;,"
_DOMAIN_HEADINGS = ("domain", "host", "hostname", "site", "website", "url", "source", "publisher")
_RATING_HEADINGS = ("rating", "pc1", "score", "quality", "reliability", "trust", "credibility")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?")

_UNFIT = re.compile(r"[\0\r]")
"""What ``csv`` takes for an error."""

Row = tuple[int, list[str]]
"""A line's number, and its columns."""


def read_ratings(path: Path, best: float) -> Ratings:
    """Return the ratings in ``path``; ``best`` is the number that the list gives to the best.

    Raises ``ConfigError`` for a file that cannot be read or in which no line can be used.
    """
    text = bytes_of(path, MOST_BYTES).decode("utf-8-sig", "replace")
    rows = list(_rows(text))
    domain_at, rating_at, headings = _columns(rows)
    values: dict[str, float] = {}
    broken: list[tuple[int, str]] = []
    for number, row in rows[headings:]:
        try:
            domain, value = _domain(_column(row, domain_at)), _value(_column(row, rating_at), best)
        except ValueError as error:
            broken.append((number, str(error)))
        else:
            if values.setdefault(domain, value) != value:
                broken.append((number, f"{domain} has another rating above, which is used"))
    if not values:
        why = f":{broken[0][0]}: {broken[0][1]}" if broken else ": it is empty"
        raise ConfigError(f"{path}{why}; expected a domain and its rating a line")
    return Ratings(
        source=path.name, values=values, notices=tuple(_told(path.name, broken, len(values)))
    )


def _rows(text: str) -> Iterator[Row]:
    """Give the columns of each line; every line for itself, so that an open quote ends with it."""
    lines = [(number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), 1)]
    told = [(number, line) for number, line in lines if line.strip() and line[0] != "#"]
    separator = _separator([line for _, line in told[:20]])
    for number, line in told:
        clean = _UNFIT.sub(" ", line[:MOST_LINE])
        columns = next(csv.reader([clean], delimiter=separator), [])
        yield number, [column.strip() for column in columns]


def _separator(lines: Sequence[str]) -> str:
    """Return the separator that most of the first lines have; a comma may be a decimal one."""
    found = Counter(mark for line in lines for mark in _SEPARATORS if mark in line)
    return max(_SEPARATORS, key=found.__getitem__)


def _columns(rows: Sequence[Row]) -> tuple[int, int, int]:
    """Return the places of domain and rating, and how many lines of headings there are. Where one of
    the two has a heading that nobody knows, it is the first of those that are left.
    """
    headings = [column.casefold() for column in rows[0][1]] if rows else []
    domain, rating = _named(headings, _DOMAIN_HEADINGS), _named(headings, _RATING_HEADINGS)
    if domain is None and rating is None:
        return 0, 1, 0
    left = (place for place in range(len(headings)) if place not in {domain, rating})
    if domain is None:
        domain = next(left, 0)
    if rating is None:
        rating = next(left, 1)
    return domain, rating, 1


def _named(headings: Sequence[str], names: Sequence[str]) -> int | None:
    return next((headings.index(name) for name in names if name in headings), None)


def _column(row: Sequence[str], place: int) -> str:
    if place >= len(row):
        raise ValueError(f"there is no column {place + 1}")
    return row[place]


def _domain(text: str) -> str:
    """Return a domain, host or address as a bare host. Raises ValueError, for a part of a site too:
    what is said of one page of a platform is not said of the platform.
    """
    name = text if "//" in text else f"https://{text}"
    if name.partition("//")[2].partition("/")[2]:
        raise ValueError(f"{text[:80]!r} is a part of a site")
    try:
        host = host_of(checked(name)).removeprefix("www.").rstrip(".")
    except Refused:
        host = ""
    if "." not in host or host.startswith("["):
        raise ValueError(f"{text[:80]!r} is no domain")
    return host


def _value(text: str, best: float) -> float:
    """Return a rating as a share of the best one. Raises ValueError."""
    value = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else math.nan
    if not 0 <= value <= best:
        raise ValueError(f"{text[:40]!r} is no rating from 0 to {best:g}")
    return value / best


def _told(file: str, broken: Sequence[tuple[int, str]], used: int) -> Iterator[str]:
    for number, problem in broken[:SHOWN]:
        yield f"{file}:{number}: {problem}; the line is passed over"
    if len(broken) > SHOWN:
        yield f"{file}: {len(broken) - SHOWN} more lines are passed over; {used:,} domains are rated"
    if len(broken) > used:
        yield f"{file}: most lines cannot be used; is score.ratings_best the number of the best?"
