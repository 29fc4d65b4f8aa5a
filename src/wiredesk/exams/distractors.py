"""Distractors: articles that belong to no story of a set, to be told apart from those that do."""

from __future__ import annotations

from pathlib import Path

import msgspec

from wiredesk.exams.chance import Chance
from wiredesk.exams.material import Corpus, Material, headlines
from wiredesk.records.article import Article, ProviderName

TEXTS, HEADLINES = 1_000, 2_200
"""Distractors among full texts, and among headlines."""


class Among(msgspec.Struct, frozen=True):
    """A set with distractors; ``path`` is their file. ``missing`` says what there is not, if so."""

    articles: list[Article] = msgspec.field(default_factory=list)
    path: Path = Path()
    missing: str = ""
    distractors: int = 0


def among(material: Material, corpus: Corpus) -> Among | None:
    """Return the set among distractors of its own form: full texts among texts of ``topics/``,
    headlines among ordinary ones of ``clickbait/``; None for a set of neither form.

    They are dated as the set is, so that no date gives them away.
    """
    if corpus.has_texts:
        needed, wanted, found = TEXTS, "topics/*.jsonl of full texts", _texts(material)
    elif not any(article.text for article in corpus.articles):
        needed, wanted, found = HEADLINES, "clickbait/ordinary*.txt", _titles(material)
    else:
        return None
    if found is None:
        return Among(missing=f"there is no {wanted}")
    path, others = found
    dates = [article.published_date_time for article in corpus.articles]
    noise = [
        msgspec.structs.replace(
            one, id=f"distractor {place}", published_date_time=dates[place % len(dates)]
        )
        for place, one in enumerate(Chance("distractors").sample(others, needed))
    ]
    return Among([*corpus.articles, *noise], path, distractors=len(noise))


def _texts(material: Material) -> tuple[Path, list[Article]] | None:
    for corpus in material.corpora("topics"):
        if corpus.has_texts:
            return corpus.path, corpus.articles
    return None


def _titles(material: Material) -> tuple[Path, list[Article]] | None:
    for path in material.files("clickbait", ".txt"):
        if path.name.startswith("ordinary"):
            nobody = ProviderName(name="", domain="")
            return path, [
                Article(id="", title=title, provider=nobody, language="en")
                for title in headlines(path)
            ]
    return None
