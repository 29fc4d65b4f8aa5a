"""Statements about ``topics_of``: what the model adds to keywords, and what people's word changes."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import ClassifySettings
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.judgement import Evidence, TopicMatch
from wiredesk.records.label import Label
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.stages.classify import Topics, topics_of

SEA = ("quay", "tide", "deck", "sailors", "moorings", "gangway", "skipper", "pilings", "crossing")
OVEN = ("flour", "dough", "crust", "loaf", "proving", "kneading", "yeast", "bakers", "rye", "crumb")
LAMP = ("lantern", "keeper", "rock", "fog", "beam", "lens", "tower", "relief", "horn", "wick")
OTHER = ("verdict", "juror", "bailiff", "hearing", "alibi", "stroller", "pram", "crayon", "bonnet")

FERRIES = Topic(name="Ferries", keywords=("ferry", "ferries"), order=0)
BREAD = Topic(name="Bread", keywords=("bread", "!roll"), order=1)
PACK = TopicPack((FERRIES, BREAD))


def article(name: str, words: Sequence[str], keyword: str = "") -> Article:
    return Article(
        id=name,
        title=" ".join(filter(None, ("Of", keyword, *words))),
        provider=ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
    )


def wire(count: int = 20) -> list[Article]:
    """Return reports of ferries and of bread, and as many of neither."""
    dice = random.Random(7)
    found: list[Article] = []
    for number in range(count):
        found.append(article(f"sea{number}", dice.sample(SEA, 5), "ferry"))
        found.append(article(f"oven{number}", dice.sample(OVEN, 5), "bread"))
        found.append(article(f"other{number}", dice.sample(OTHER, 5)))
        found.append(article(f"more{number}", dice.sample(OTHER, 5)))
    return found


SILENT_SEA = article("silent-sea", ["skipper", "gangway", "tide", "teapot"])
SILENT_OTHER = article("silent-other", ["verdict", "pram", "bonnet", "hearing"])
WIRE = [*wire(), SILENT_SEA, SILENT_OTHER]


def names(matches: Sequence[TopicMatch]) -> list[str]:
    return [match.topic for match in matches]


def lines(matches: Sequence[TopicMatch], rule: str) -> list[Evidence]:
    return [line for match in matches for line in match.evidence if line.rule == rule]


def said(name: str, topic: str, *, about: bool = True) -> Label:
    return Label(article=name, topic=topic, about=about, source="_news/some-record.md")


# The model


def test_where_keywords_are_silent_the_words_of_the_desks_own_articles_speak() -> None:
    found = topics_of(WIRE, PACK)
    assert names(found["silent-sea"]) == ["Ferries"]
    assert names(found["sea0"]) == ["Ferries"]


def test_each_topic_by_the_model_names_its_heaviest_words_first() -> None:
    told = lines(topics_of(WIRE, PACK)["silent-sea"], "model")
    assert {line.keyword for line in told} <= {"skipper", "gangway", "tide"}
    assert [line.weight for line in told] == sorted((line.weight for line in told), reverse=True)
    assert all(line.weight > 0 and line.place == "title" for line in told)


def test_none_of_these_is_an_answer() -> None:
    found = topics_of(WIRE, PACK)
    assert names(found["silent-other"]) == []
    assert not any(found[f"other{number}"] for number in range(20))


def test_keywords_alone_are_asked_for_by_a_setting() -> None:
    found = topics_of(WIRE, PACK, settings=ClassifySettings(model=False))
    assert found["silent-sea"] == ()
    assert names(found["sea0"]) == ["Ferries"]


def test_too_few_examples_teach_nothing() -> None:
    few = [*wire(4), SILENT_SEA]
    assert topics_of(few, PACK)["silent-sea"] == ()
    assert topics_of(few, PACK, settings=ClassifySettings(least=3, margin=0))["silent-sea"]


def test_a_wider_margin_leaves_more_unsaid() -> None:
    wide = topics_of(WIRE, PACK, settings=ClassifySettings(margin=9))
    assert wide["silent-sea"] == ()
    assert names(wide["sea0"]) == ["Ferries"]


def test_an_empty_set_and_an_empty_pack_have_no_topics() -> None:
    assert topics_of([], PACK) == {}
    assert topics_of([SILENT_SEA], TopicPack()) == {"silent-sea": ()}


@pytest.mark.parametrize("title", ["", " ", "2004", "\u200b", "İ", "囲碁で人工知能が勝つ"])
def test_an_article_without_words_costs_nobody_anything(title: str) -> None:
    odd = msgspec.structs.replace(SILENT_SEA, id="odd", title=title)
    assert topics_of([odd], PACK) == {"odd": ()}
    found = topics_of([*WIRE, odd], PACK)
    assert found["odd"] == ()
    assert names(found["silent-sea"]) == ["Ferries"]


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(len(WIRE))))
def test_the_order_of_the_articles_has_no_say(order: list[int]) -> None:
    assert topics_of([WIRE[place] for place in order], PACK) == topics_of(WIRE, PACK)


def test_ids_have_no_say() -> None:
    turned = [msgspec.structs.replace(each, id=each.id[::-1]) for each in WIRE]
    found, other = topics_of(WIRE, PACK), topics_of(turned, PACK)
    assert found == {name[::-1]: matches for name, matches in other.items()}


def test_a_text_that_is_there_again_is_no_second_witness() -> None:
    again = [msgspec.structs.replace(each, id=f"{each.id}-again") for each in WIRE]
    found, other = topics_of(WIRE, PACK), topics_of([*WIRE, *again], PACK)
    assert {name: names(matches) for name, matches in found.items()} == {
        name: names(other[name]) for name in found
    }


def test_no_article_testifies_in_its_own_case() -> None:
    strange = article("strange", ["zithers", "zithers", "zithers", "tide"], "ferry")
    alone = article("alone", ["quoits", "quoits", "hoopla", "hoopla"])
    found = topics_of([*WIRE, strange, alone], PACK)
    assert found["alone"] == ()


def test_a_section_of_a_paper_needs_no_keywords() -> None:
    sections = TopicPack(tuple(Topic(name=name) for name in ("Sport", "Science & Technology")))
    found = topics_of(
        [
            article("cup", ["striker", "scores", "penalty", "in", "cup", "final"]),
            article("app", ["browser", "update", "fixes", "software", "bug"]),
            article("rain", ["rain", "and", "snow", "forecast", "for", "evening"]),
        ],
        sections,
    )
    assert [names(found[name]) for name in ("cup", "app", "rain")] == [
        ["Sport"],
        ["Science & Technology"],
        [],
    ]


def test_a_script_without_blanks_is_learned_too() -> None:
    sea, oven = "潮の満ち引きと桟橋と船長", "小麦粉と生地を焼く窯の朝"
    wire_ = [article(f"sea{n}", [f"{sea}{n}番"], "ferry") for n in range(12)]
    wire_ += [article(f"oven{n}", [f"{oven}{n}番"], "bread") for n in range(12)]
    found = topics_of([*wire_, article("a", ["桟橋の船長と潮の満ち引き"])], PACK)
    assert names(found["a"]) == ["Ferries"]


# The tree

TREE = TopicPack(
    (
        Topic(name="Sea", keywords=("harbour",), order=0),
        Topic(name="Ferries", parent="Sea", keywords=("ferry",), order=1),
        Topic(name="Lights", parent="Sea", keywords=("lighthouse",), order=2),
    )
)


def coast() -> list[Article]:
    dice = random.Random(3)
    found = []
    for number in range(24):
        found.append(article(f"sea{number}", dice.sample(SEA, 5), "ferry"))
        found.append(article(f"lamp{number}", dice.sample(LAMP, 5), "lighthouse"))
        found.append(article(f"other{number}", dice.sample(OTHER, 5)))
    return found


def test_below_a_topic_that_keywords_gave_the_model_finds_which_one() -> None:
    found = topics_of([*coast(), article("a", ["lantern", "fog", "beam"], "harbour")], TREE)["a"]
    assert names(found) == ["Lights", "Sea"]
    assert lines(found[:1], "model")
    assert [line.rule for line in found[1].evidence] == ["strong", "child"]


def test_what_no_keyword_names_at_all_finds_its_tree_and_its_branch() -> None:
    found = topics_of([*coast(), article("a", ["lantern", "fog", "beam", "wick"])], TREE)["a"]
    assert names(found) == ["Lights", "Sea"]


def test_a_topic_stays_alone_where_nothing_tells_which_one_below() -> None:
    found = topics_of([*coast(), article("a", ["mayor", "speaks"], "harbour")], TREE)["a"]
    assert names(found) == ["Sea"]


# Weak keywords


def test_a_passing_keyword_stays_and_the_words_put_another_topic_first() -> None:
    text = " ".join(OVEN * 12) + " Somebody took the ferry."
    mixed = msgspec.structs.replace(
        article("mixed", OVEN[:3]), text=text.replace(" Some", "\nSome")
    )
    excerpt = msgspec.structs.replace(mixed, text="", excerpt="They took the ferry.")
    found = topics_of([*WIRE, excerpt], PACK)["mixed"]
    assert "Ferries" in names(found)


# Stability


def test_a_topic_that_was_given_is_not_given_up_for_a_little() -> None:
    unsure = article("unsure", ["tide", "quoits", "hoopla", "zithers"])
    topics = Topics(PACK, ClassifySettings(margin=3))
    named = {each.id: (each, topics.named(each)) for each in [*WIRE, unsure]}
    first = Topics(PACK, ClassifySettings(margin=0))(named)["unsure"]
    assert names(first) == ["Ferries"]
    assert topics(named)["unsure"] == ()
    strict = Topics(PACK, ClassifySettings(margin=3, hold=3))
    kept = strict(named, before={"unsure": first})["unsure"]
    assert names(kept) == ["Ferries"]
    assert lines(kept, "held")
    assert strict(named, before={"unsure": kept})["unsure"] == kept


# Labels


def test_what_a_person_says_holds_and_says_where_it_was_said() -> None:
    found = topics_of(WIRE, PACK, labels=[said("silent-other", "Bread")])["silent-other"]
    assert names(found) == ["Bread"]
    assert found[0].evidence[0] == Evidence(
        keyword="Bread", place="_news/some-record.md", rule="label"
    )


def test_what_a_person_denies_goes_even_where_a_keyword_gave_it() -> None:
    found = topics_of(WIRE, PACK, labels=[said("sea0", "Ferries", about=False)])
    assert found["sea0"] == ()
    assert names(found["sea1"]) == ["Ferries"]


def test_a_topic_that_a_person_gives_brings_those_above_it() -> None:
    found = topics_of(coast(), TREE, labels=[said("other0", "Lights")])["other0"]
    assert names(found) == ["Lights", "Sea"]


def test_who_denies_a_topic_denies_what_is_below_it() -> None:
    assert names(topics_of(coast(), TREE)["sea0"]) == ["Ferries", "Sea"]
    assert topics_of(coast(), TREE, labels=[said("sea0", "Sea", about=False)])["sea0"] == ()
    kept = [said("sea0", "Sea", about=False), said("sea0", "Ferries")]
    assert names(topics_of(coast(), TREE, labels=kept)["sea0"]) == ["Ferries"]


def test_of_two_labels_that_contradict_each_other_the_later_holds() -> None:
    both = [said("sea0", "Ferries", about=False), said("sea0", "Ferries")]
    assert names(topics_of(WIRE, PACK, labels=both)["sea0"]) == ["Ferries"]
    assert topics_of(WIRE, PACK, labels=both[::-1])["sea0"] == ()


def test_labels_of_unknown_articles_and_topics_are_passed_over() -> None:
    labels = [said("nobody", "Bread"), said("sea0", "Cheese")]
    assert topics_of(WIRE, PACK, labels=labels) == topics_of(WIRE, PACK)


HINTS = [article(f"hint{number}", ["gondola", "cable", "summit", "pylon"]) for number in range(2)]
LATER = article("later", ["gondola", "summit", "cable", "queue"])


def test_the_desk_learns_a_little_from_each_label_and_says_so() -> None:
    everything = [*WIRE, HINTS[0], LATER]
    assert topics_of(everything, PACK)["later"] == ()
    taught = topics_of(everything, PACK, labels=[said("hint0", "Ferries")])["later"]
    assert names(taught) == ["Ferries"]
    (line,) = lines(taught, "label")
    assert line.keyword == "corrections"
    assert line.weight > 0


def test_a_denial_teaches_too() -> None:
    denied = [said("sea0", "Ferries", about=False), said("sea1", "Ferries", about=False)]
    before = lines(topics_of(WIRE, PACK)["silent-sea"], "model")
    after = topics_of(WIRE, PACK, labels=denied)["silent-sea"]
    assert sum(line.weight for line in lines(after, "model")) < sum(line.weight for line in before)


def test_taking_a_label_back_takes_what_was_learned_back() -> None:
    everything = [*WIRE, *HINTS, LATER]
    topics = Topics(PACK)
    named = {each.id: (each, topics.named(each)) for each in everything}
    before = topics(named)
    assert topics(named, [said("hint0", "Ferries")]) != before
    assert topics(named) == before


@pytest.mark.parametrize("weight", [0, 3])
def test_how_much_a_label_teaches_is_a_setting(weight: int) -> None:
    settings_ = ClassifySettings(label_weight=weight)
    found = topics_of(
        [*WIRE, HINTS[0], LATER], PACK, labels=[said("hint0", "Ferries")], settings=settings_
    )
    assert bool(lines(found["later"], "label")) is bool(weight)
