"""The site's own words: one file a language below ``words/``, a theme's before ours.

Times are in UTC and written by the language's patterns, so that the bytes never depend on the
machine's locale or zone; a script puts them into the reader's zone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import cast

import msgspec

from wiredesk.errors import PublishError

FALLBACK = "en"

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """All that the site says itself, in one language."""

    language: str
    direction: str
    plural: str
    day: str
    day_short: str
    month_of_year: str
    moment: str
    moment_short: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    weekdays: tuple[str, ...]
    text: dict[str, str]
    count: dict[str, dict[str, str]]

    def counted(self, what: str, number: int) -> str:
        """Return ``number`` of ``what`` in words: ``3 stories``."""
        forms = self.count[what]
        return forms.get(self.category(number), forms["other"]).format(n=number)

    def category(self, number: int) -> str:
        """Return the plural category of a whole number, as CLDR names them."""
        if self.plural != "arabic":
            return "one" if number == 1 else "other"
        if number in {0, 1, 2}:
            return ("zero", "one", "two")[number]
        hundredth = number % 100
        if 3 <= hundredth <= 10:  # noqa: PLR2004 - CLDR's rule for Arabic
            return "few"
        return "many" if hundredth >= 11 else "other"  # noqa: PLR2004 - CLDR's rule for Arabic

    def day_of(self, when: datetime) -> str:
        """Return the day: ``4 March 2026``."""
        return self._dated(self.day, when)

    def day_short_of(self, when: datetime) -> str:
        """Return the day without its year: ``4 Mar``."""
        return self._dated(self.day_short, when)

    def moment_of(self, when: datetime) -> str:
        """Return day and time: ``4 Mar 2026, 14:05 UTC``."""
        return self._dated(self.moment, when)

    def moment_short_of(self, when: datetime) -> str:
        """Return day and time without the year: ``4 Mar, 14:05 UTC``."""
        return self._dated(self.moment_short, when)

    def month_of(self, month: str) -> str:
        """Return the month ``2026-03`` in words."""
        return self._dated(self.month_of_year, datetime.fromisoformat(f"{month}-01"))

    def _dated(self, pattern: str, when: datetime) -> str:
        return pattern.format(
            day=when.day,
            month=self.months[when.month - 1],
            month_short=self.months_short[when.month - 1],
            year=when.year,
            time=f"{when:%H:%M}",
        )


def direction_of(language: str) -> str:
    """Return ``rtl`` or ``ltr``: how a language is written."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def read_words(language: str, theme: Path | None) -> Words:
    """Return the words of ``language``: those of ``theme/words`` before ours, and English where
    neither has one. Raises ``PublishError`` for a theme's file that cannot be used.
    """
    values = _ours(FALLBACK) or {}
    for more in (_ours(language) if language != FALLBACK else None, _theirs(language, theme)):
        values = _over(values, more or {})
    known = language if _ours(language) or _theirs(language, theme) else FALLBACK
    try:
        return msgspec.convert({**values, "language": known}, Words)
    except msgspec.ValidationError as error:
        raise PublishError(f"{theme}/words/{language}.toml: {error}") from error


def _ours(language: str) -> dict[str, object] | None:
    file = resources.files(__package__) / "words" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else None


def _theirs(language: str, theme: Path | None) -> dict[str, object] | None:
    file = theme / "words" / f"{language}.toml" if theme else None
    if file is None or not file.is_file():
        return None
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise PublishError(f"{file}: {error}") from error


def _over(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            deeper = cast("Mapping[str, object]", value)
            merged[key] = _over(cast("Mapping[str, object]", below), deeper)
        else:
            merged[key] = value
    return merged
