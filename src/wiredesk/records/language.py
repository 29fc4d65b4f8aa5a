"""In which language a text is, as far as its letters tell."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LEAST, MOST = 300, 600
"""Characters from which on a text tells its language, and that are looked at."""
SURE = 0.99
"""Probability from which on a guess may overrule, or stand in for, what is stated."""


def guessed(text: str) -> tuple[str, bool]:
    """Return the primary subtag (BCP 47) of the text's language and whether it is surely that;
    an empty one for a text that is too short to tell.
    """
    if len(text) < LEAST:
        return "", False
    language, sure = _identifier().classify(text[:MOST])
    return str(language), sure >= SURE


def load() -> None:
    """Have the model ready. It is unpacked by way of a temporary file, which a confined process may
    not write, and is shared by processes that are forked later.
    """
    _identifier()


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    # Its model takes a second and 100 MB: only who meets a text without a language pays for it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see above

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
