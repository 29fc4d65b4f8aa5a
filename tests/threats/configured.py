"""What children do for the tests of configuration: they must be able to import it."""

from __future__ import annotations

import time

from wiredesk.records.safe_yaml import Misread, read
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.stages.classify import Classify


def read_text_yaml(text: str) -> str:
    """Read YAML; say why it is refused."""
    try:
        read(text)
    except Misread as error:
        return str(error)
    return "read"


def of_words(words: list[str]) -> TopicPack:
    """Return a pack of one topic."""
    return TopicPack((Topic(name="T", keywords=tuple(words)),))


def ready(count: int) -> float:
    """Make ``count`` keywords ready; return the seconds of processor that it took."""
    pack = of_words([f"word{n} other{n % 977}" for n in range(count)])
    began = time.process_time()
    Classify(pack)
    return time.process_time() - began
