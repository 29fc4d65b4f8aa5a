"""Classify: which topics of the desk's pack an article is about, and why.

::

    title, excerpt, text -> hits -> senses -> points -> topics, each with its evidence
                            |       |         |
                            |       |         where it is said: title > excerpt > lead > body
                            |       names and unsupported ambiguous words fall out
                            whole words only, case where the keyword has it, exclusions applied

Pure and deterministic: the result depends on the article and the pack alone.
"""

from wiredesk.stages.classify.keywords import Classifier, Classify
from wiredesk.stages.classify.topics import BY_LABEL, BY_MODEL, Topics, by_keywords, topics_of

__all__ = [
    "BY_LABEL",
    "BY_MODEL",
    "Classifier",
    "Classify",
    "Topics",
    "by_keywords",
    "topics_of",
]
