from __future__ import annotations

import pytest

from wiredesk.stages.gate import gate


def opened(heat: int = 80, **changes: object) -> tuple[bool, str]:
    case: dict[str, object] = {
        "threshold": 70,
        "topics": ("AI",),
        "needs_topic": True,
        "superseded": False,
        "ruling": None,
    }
    return gate(heat, **(case | changes))  # type: ignore[arg-type]  # a case is a row of a table


@pytest.mark.parametrize(
    ("case", "published", "why"),
    [
        ({"heat": 70}, True, "reaches"),
        ({"heat": 69}, False, "below"),
        ({"topics": ()}, False, "topics"),
        ({"topics": (), "needs_topic": False}, True, "reaches"),
        ({"heat": 10, "ruling": True}, True, "editor"),
        ({"ruling": False}, False, "editor"),
        ({"heat": 10, "topics": (), "ruling": True}, True, "editor"),
        ({"superseded": True, "ruling": True}, False, "stands for"),
    ],
)
def test_the_gate_opens_by_ruling_topic_and_heat_in_this_order(
    case: dict[str, object], published: bool, why: str
) -> None:
    result, reason = opened(**case)  # type: ignore[arg-type]  # heat is among the keys
    assert result is published
    assert why in reason


@pytest.mark.parametrize(
    ("heat", "peak", "published", "why"),
    [
        (43, 77, True, "its heat reached 77 (now 43); the threshold is 70"),
        (43, 61, False, "its heat never reached the threshold of 70 (at most 61)"),
        (77, 77, True, "its heat of 77 reaches the threshold of 70"),
        (61, 61, False, "its heat of 61 is below the threshold of 70"),
        (77, None, True, "its heat of 77 reaches the threshold of 70"),
    ],
)
def test_a_story_is_judged_by_its_hottest_hour_and_the_reason_says_so(
    heat: int, peak: int | None, published: bool, why: str
) -> None:
    assert opened(heat, peak=peak) == (published, why)
