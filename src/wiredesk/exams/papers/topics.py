"""topics: the right topic first, on full texts and on headlines alone, without a label.

The sets are those of ``topics/``, a label a line. The pack is the examined desk's, or five topics that
were written from their names alone, before a look at any text: what a stranger would write. An
article without a topic counts as wrong. The baselines take the same keywords as substrings and as
whole words; naive Bayes, which learns from four fifths of the labels and guesses the rest, shows what
labels would make possible.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from wiredesk.adapters.desk_folder.topics import read_pack
from wiredesk.exams.baselines.bayes import FOLDS, cross_validated
from wiredesk.exams.baselines.keywords import Substrings, WholeWords
from wiredesk.exams.material import Corpus
from wiredesk.exams.sitting import OURS, Figure, Remark, Row, Said, Sitting, Skipped
from wiredesk.records.article import Article
from wiredesk.records.topic import TopicPack

FIVE_TOPICS = Path(__file__).parents[1] / "data" / "five_topics"

Guess = Callable[[Sequence[Article]], Sequence[str]]


def sit(sitting: Sitting) -> Iterator[Said]:
    """Examine each labelled set of the material."""
    pack = read_pack(FIVE_TOPICS) if sitting.ours.by_default else sitting.ours.desk.pack
    corpora = sitting.material.corpora("topics")
    if not corpora:
        yield Skipped("topics", f"there is no set of JSON lines in {sitting.material.root}/topics")
    for corpus in corpora:
        yield from (Remark(f"{corpus.name}: {trouble}") for trouble in corpus.troubles)
        labelled = [
            (line.article, name)
            for line in corpus.lines
            if (name := _named(pack, line.said("topic")))
        ]
        if len(labelled) < len(corpus.lines):
            yield Skipped(
                f"topics: {len(corpus.lines) - len(labelled):,} lines of {corpus.name}",
                "their label is no topic of the pack (wiredesk exam topics --desk DESK takes another)",
            )
        if labelled:
            yield from _examined(sitting, corpus, pack, labelled)


def _named(pack: TopicPack, label: str) -> str:
    """Return the pack's name of a labelled topic, or nothing."""
    wanted = label.casefold()
    names = (
        topic.name
        for topic in pack.topics
        if wanted in {topic.name.casefold(), topic.shortname.casefold()}
    )
    return next(names, "") if wanted else ""


def _examined(
    sitting: Sitting, corpus: Corpus, pack: TopicPack, labelled: Sequence[tuple[Article, str]]
) -> Iterator[Row]:
    texts = [article for article, _ in labelled]
    labels = [label for _, label in labelled]
    bare = [msgspec.structs.replace(text, text="", excerpt="") for text in texts]
    forms = {"full text": texts, "headline": bare} if corpus.has_texts else {"headline": bare}
    for form, articles in forms.items():
        for contender, guess in _contenders(sitting, pack, labels):
            start = time.process_time()
            guesses = guess(articles)
            seconds = time.process_time() - start
            right = sum(map(str.__eq__, guesses, labels))
            given = sum(map(bool, guesses))
            yield Row(
                material=corpus.name,
                case=form,
                contender=contender,
                figures=(
                    Figure("accuracy", right / len(labels)),
                    Figure("given", given / len(labels), "neither"),
                    Figure("right of given", right / given if given else 0.0, margin=0.01),
                ),
                documents=len(labels),
                seconds=seconds,
                files=(corpus.path,),
            )


def _contenders(
    sitting: Sitting, pack: TopicPack, labels: Sequence[str]
) -> Iterator[tuple[str, Guess]]:
    def ours(articles: Sequence[Article]) -> Sequence[str]:
        return [topics[0] if topics else "" for topics in sitting.ours.topics(articles, pack)]

    yield OURS, ours
    if sitting.baselines:
        yield "substrings", _each(Substrings(pack))
        yield "whole words", _each(WholeWords(pack))
        bayes = f"naive Bayes with labels, {FOLDS} folds"
        yield bayes, lambda articles: cross_validated([_said(one) for one in articles], labels)


def _each(guess: Callable[[str], str]) -> Guess:
    return lambda articles: [guess(_said(article)) for article in articles]


def _said(article: Article) -> str:
    return f"{article.title}\n{article.text}"
