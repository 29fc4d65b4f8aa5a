"""gate: is a record published? The last word is an editor's, then the copy's, then the number's."""

from __future__ import annotations

from collections.abc import Collection


def gate(
    heat: int,
    *,
    peak: int | None = None,
    threshold: int,
    topics: Collection[str],
    needs_topic: bool,
    superseded: bool,
    ruling: bool | None,
) -> tuple[bool, str]:
    """Return whether a record is published, and why in words.

    ``heat`` is what the record shows, ``peak`` the highest heat that its story has had, by which it
    is judged (``heat`` itself if not given); both and ``threshold`` are in points. ``topics`` are
    the record's topics, of which one is needed when ``needs_topic``; ``superseded`` marks a copy
    that another article stands for, which nothing publishes; ``ruling`` is what an editor said,
    None when no editor said anything.
    """
    if superseded:
        return False, "another article of the story stands for this one"
    if ruling is not None:
        return ruling, "an editor published it" if ruling else "an editor held it back"
    if needs_topic and not topics:
        return False, "it is on none of the desk's topics"
    if peak is None or peak == heat:
        return _by_heat(heat, threshold)
    return _by_peak(heat, peak, threshold)


def _by_heat(heat: int, threshold: int) -> tuple[bool, str]:
    if heat < threshold:
        return False, f"its heat of {heat} is below the threshold of {threshold}"
    return True, f"its heat of {heat} reaches the threshold of {threshold}"


def _by_peak(heat: int, peak: int, threshold: int) -> tuple[bool, str]:
    if peak < threshold:
        return False, f"its heat never reached the threshold of {threshold} (at most {peak})"
    return True, f"its heat reached {peak} (now {heat}); the threshold is {threshold}"
