"""gate: is a record published? The last word is an editor's, then the copy's, then the number's."""

from __future__ import annotations

from collections.abc import Collection


def gate(
    heat: int,
    *,
    threshold: int,
    topics: Collection[str],
    needs_topic: bool,
    superseded: bool,
    ruling: bool | None,
) -> tuple[bool, str]:
    """Return whether a record is published, and why in words.

    ``heat`` and ``threshold`` are in points; ``topics`` are the record's topics, of which one is
    needed when ``needs_topic``; ``superseded`` marks a copy that another article stands for, which
    nothing publishes; ``ruling`` is what an editor said, None when no editor said anything.
    """
    if superseded:
        return False, "another article of the story stands for this one"
    if ruling is not None:
        return ruling, "an editor published it" if ruling else "an editor held it back"
    if needs_topic and not topics:
        return False, "it is on none of the desk's topics"
    if heat < threshold:
        return False, f"heat {heat} is below the threshold of {threshold}"
    return True, f"heat {heat} reaches the threshold of {threshold}"
