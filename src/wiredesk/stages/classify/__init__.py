"""Classify: which topics of the desk's pack an article is about, and why.

::

    title, excerpt, text -> hits -> senses -> points -> topics by keywords      (Classify)
                            |       |         |              |
                            |       |         |              with those of all other articles, a model of
                            |       |         |              their words: topics where keywords are silent
                            |       |         |                                 (Topics, topics_of)
                            |       |         where it is said: title > excerpt > lead > body
                            |       names, and ambiguous words that nothing supports, fall out
                            whole words only, case where the keyword has it, exclusions applied

Pure and deterministic: ``Classify`` depends on the article and the pack alone, ``topics_of`` on the set
of articles, the pack, the labels and the settings.
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
