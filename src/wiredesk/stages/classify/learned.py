"""Learned: what the model says where keywords are silent, level by level of the tree.

First which tree an article belongs to, if any; then, below each topic that it has, which topic there.
Each level has a model of its own, trained on the articles of which keywords speak.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wiredesk.config import ClassifySettings
from wiredesk.stages.classify.bags import bags
from wiredesk.stages.classify.fields import spread
from wiredesk.stages.classify.found import Found
from wiredesk.stages.classify.level import Level
from wiredesk.stages.classify.tree import Tree


def fill(tree: Tree, found: Sequence[Found], settings: ClassifySettings) -> None:
    """Give topics (``Found.given``) to the articles that keywords leave silent, from the top down.

    ``found`` is in the order of the articles' ids, so that it is the same for every order of them.
    """
    below: dict[int | None, list[int]] = {}
    for topic, above in enumerate(tree.above):
        below.setdefault(above[0] if above else None, []).append(topic)
    if not found or not below:
        return
    said = bags([one.article for one in found], spread())
    Level(tree, below[None], found, said, settings).decide()
    waiting = [topic for topic in below[None] if topic in below]
    while waiting:
        parent = waiting.pop(0)
        waiting += [topic for topic in below[parent] if topic in below]
        inside = np.array([_has(tree, one, parent) for one in found], dtype=bool)
        if inside.any():
            chosen = [one for one, is_in in zip(found, inside.tolist(), strict=True) if is_in]
            Level(tree, below[parent], chosen, said.of(inside), settings).decide()


def _has(tree: Tree, found: Found, topic: int) -> bool:
    return any(one == topic or topic in tree.above[one] for one in found.affirmed())
