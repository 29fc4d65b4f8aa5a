"""Word lists: what tells a name by the words beside it. One list a file, written by hand for this
desk, in lower case; English but for the given names.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the words of the list ``name`` (``given``, ``titles``, ``acts``, ``determiners``)."""
    lines = files(__name__).joinpath(f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
