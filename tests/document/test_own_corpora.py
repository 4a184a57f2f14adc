"""The two English corpora of our own: their form, their tags, and what their README promises."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest

from rnnviz.document.examples import Examples, Tags
from rnnviz.document.reading import read_tagged
from rnnviz.document.resources import resource
from rnnviz.document.tokens import Tokens, words

FILES = ("pos_english.conll", "ner_english.conll")
POS = set(
    [
        "ADJ",
        "ADP",
        "ADV",
        "AUX",
        "CCONJ",
        "DET",
        "INTJ",
        "NOUN",
        "NUM",
        "PART",
        "PRON",
        "PROPN",
        "PUNCT",
        "SCONJ",
        "VERB",
    ]
)
NER = {"O"} | {f"{place}-{kind}" for place in "BI" for kind in ("PER", "LOC", "ORG")}
HELD_OUT = (
    "He went to the bank to deposit money",
    "I love football",
    "Barack Obama was born in Hawaii",
    "Barack Obama",
)

AMBIGUOUS_POS = """
    answer NOUN VERB | back ADJ ADV NOUN | bank NOUN VERB | book NOUN VERB | call NOUN VERB
    can AUX NOUN | clean ADJ VERB | close ADJ ADV VERB | cold ADJ NOUN | cook NOUN VERB
    dance NOUN VERB | deposit NOUN VERB | dream NOUN VERB | drink NOUN VERB | duck NOUN VERB
    face NOUN VERB | fast ADJ ADV | fish NOUN VERB | fly NOUN VERB | hand NOUN VERB | hard ADJ ADV
    help NOUN VERB | home ADV NOUN | kind ADJ NOUN | last ADJ VERB | left ADJ ADV NOUN VERB
    light ADJ NOUN VERB | like ADP VERB | long ADJ ADV | love NOUN VERB | match NOUN VERB
    minute ADJ NOUN | no DET INTJ | open ADJ VERB | orange ADJ NOUN | park NOUN VERB
    plant NOUN VERB | play NOUN VERB | present ADJ NOUN VERB | rain NOUN VERB | record NOUN VERB
    rest NOUN VERB | right ADJ ADV NOUN | rose NOUN VERB | run NOUN VERB | saw NOUN VERB
    second ADJ NOUN | show NOUN VERB | since ADP SCONJ | sleep NOUN VERB | still ADJ ADV
    that DET PRON SCONJ | this DET PRON | to ADP PART | train NOUN VERB | until ADP SCONJ
    visit NOUN VERB | walk NOUN VERB | watch NOUN VERB | water NOUN VERB | well ADJ ADV INTJ NOUN
    will AUX NOUN | work NOUN VERB | have AUX VERB | do AUX VERB | before ADP SCONJ
    after ADP SCONJ | when ADV SCONJ | 's AUX PART
"""
AMBIGUOUS_NER = """
    washington B-PER B-LOC | lincoln B-PER B-LOC | paris B-PER B-LOC | jordan B-PER B-LOC
    georgia B-PER B-LOC | florence B-PER B-LOC | sydney B-PER B-LOC | charlotte B-PER B-LOC
    victoria B-PER B-LOC I-LOC | austin B-PER B-LOC | ford B-PER B-ORG | tesla B-PER B-ORG
    disney B-PER B-ORG | amazon B-ORG B-LOC | liverpool B-ORG B-LOC | barcelona B-ORG B-LOC
    milan B-ORG B-LOC | chelsea B-PER B-LOC B-ORG | apple B-ORG O | orange B-ORG O | shell B-ORG O
    may B-PER O | rose B-PER O | bill B-PER O | mark B-PER O | will B-PER O | turkey B-LOC O
    china B-LOC O | united B-LOC B-ORG I-ORG | new B-LOC B-ORG O | of O I-ORG
"""


def table(text: str) -> list[tuple[str, str]]:
    """`(word, tag)` for every reading in a table above."""
    entries = [e.split() for e in text.replace("\n", "|").split("|") if e.strip()]
    return [(word, tag) for word, *tags in entries for tag in tags]


def corpus(name: str) -> Examples[Tokens]:
    return read_tagged(resource("data", "own", name))


def tagged(name: str) -> list[tuple[Tokens, Tokens]]:
    """Every sentence: its tokens and their tags."""
    examples = corpus(name)
    assert isinstance(examples.targets, Tags)
    return list(zip(examples.sequences, examples.targets.values, strict=True))


def tags_in(name: str) -> set[str]:
    return {tag for _, tags in tagged(name) for tag in tags}


def counted(name: str) -> dict[str, Counter[str]]:
    """How often each word, in small letters, has each tag."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for tokens, tags in tagged(name):
        for token, tag in zip(tokens, tags, strict=True):
            found[token.lower()][tag] += 1
    return found


def plain(tokens: Iterable[str]) -> Tokens:
    """The words alone, in small letters."""
    return tuple(t.lower() for t in tokens if t not in ".,?!")


@pytest.fixture(scope="module", params=FILES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_lines_are_one_token_a_tab_and_one_tag(name: str) -> None:
    text = resource("data", "own", name).read_text("utf-8")
    assert text.isascii()
    assert text.endswith("\n")
    for sentence in text.removesuffix("\n").split("\n\n"):
        for line in sentence.split("\n"):
            assert re.fullmatch(r"[^\s]+\t[A-Z-]+", line), line


def test_the_tags_are_those_of_the_readme() -> None:
    assert tags_in("pos_english.conll") == POS
    assert tags_in("ner_english.conll") == NER


def test_there_are_enough_sentences_of_the_right_length(name: str) -> None:
    examples = corpus(name)
    assert len(examples) >= {"pos_english.conll": 450, "ner_english.conll": 400}[name]
    assert min(examples.lengths) >= 3
    assert max(examples.lengths) <= 12


def test_no_sentence_comes_twice(name: str) -> None:
    often = Counter(plain(tokens) for tokens in corpus(name).sequences)
    assert often.most_common(1)[0][1] == 1


def test_the_sentences_of_the_lessons_are_held_out(name: str) -> None:
    sentences = {plain(tokens) for tokens in corpus(name).sequences}
    assert not sentences & {plain(text.split()) for text in HELD_OUT}


@pytest.mark.parametrize(
    ("name", "text"),
    [("pos_english.conll", text) for text in HELD_OUT[:2]]
    + [("ner_english.conll", text) for text in HELD_OUT[2:]],
)
def test_the_words_of_the_lessons_are_known(name: str, text: str) -> None:
    found = counted(name)
    assert all(found[word].total() >= 3 for word in text.lower().split())


def test_every_word_comes_twice_and_the_vocabulary_is_modest(name: str) -> None:
    found = counted(name)
    assert [word for word, tags in found.items() if tags.total() < 2] == []
    assert len(found) <= 700


def test_sentences_begin_with_a_capital_and_mostly_end_with_a_mark(name: str) -> None:
    sequences = corpus(name).sequences
    assert all(tokens[0][0].isupper() for tokens in sequences)
    unmarked = sum(tokens[-1] not in ".?!" for tokens in sequences)
    assert 0.1 * len(sequences) < unmarked < 0.3 * len(sequences)
    assert not any(token in ".?!" for tokens in sequences for token in tokens[:-1])


def test_the_tokens_are_what_the_tokeniser_makes_of_the_sentence(name: str) -> None:
    for tokens in corpus(name).sequences:
        text = re.sub(r" (?=[.,?!]|n't\b|')", "", " ".join(tokens))
        assert words(text) == tokens


@pytest.mark.parametrize(("word", "tag"), table(AMBIGUOUS_POS))
def test_an_ambiguous_word_has_each_part_of_speech_three_times(word: str, tag: str) -> None:
    assert counted("pos_english.conll")[word][tag] >= 3


@pytest.mark.parametrize(("word", "tag"), table(AMBIGUOUS_NER))
def test_an_ambiguous_name_has_each_kind_three_times(word: str, tag: str) -> None:
    assert counted("ner_english.conll")[word][tag] >= 3


@pytest.mark.parametrize("text", [AMBIGUOUS_POS, AMBIGUOUS_NER])
def test_the_tables_of_this_test_name_two_readings_or_more_of_each_word(text: str) -> None:
    assert min(Counter(word for word, _ in table(text)).values()) >= 2


ONE_TAG = {
    "DET": "the a an every each some any",
    "PRON": "i you he she it we they me him us them my your his her its our their",
    "AUX": "am is are was were be 'm 're 'll 've wo ca would should could must may been",
    "PART": "not n't",
    "PUNCT": ". , ? !",
    "CCONJ": "and but or",
}


@pytest.mark.parametrize(("tag", "text"), ONE_TAG.items())
def test_words_with_one_use_have_one_tag(tag: str, text: str) -> None:
    found = counted("pos_english.conll")
    assert [word for word in text.split() if set(found[word]) != {tag}] == []


def tagged_pairs(name: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Every two neighbours of every sentence, with their tags."""
    for tokens, tags in tagged(name):
        yield from pairwise(zip((t.lower() for t in tokens), tags, strict=True))


def test_what_follows_agrees_with_the_part_of_speech() -> None:
    for (word, tag), (after, next_tag) in tagged_pairs("pos_english.conll"):
        if (word, tag) == ("to", "PART"):
            assert next_tag == "VERB" or after == "be", after
        if (word, tag) == ("to", "ADP"):
            assert next_tag in {"DET", "PRON", "NOUN", "PROPN"}, after
        if word in {"the", "a", "an"}:
            assert next_tag in {"NOUN", "ADJ"}, after
        if word == "an":
            assert after[0] in "aeiouh", after
        if word == "a":
            assert after[0] not in "aeio", after
        if tag == "AUX" and word in {"can", "will", "must", "would", "should", "may"}:
            assert next_tag in {"VERB", "PRON", "PART", "NOUN", "AUX", "PUNCT"}, after
            assert next_tag != "AUX" or after == "be", after


def test_names_begin_with_b_and_go_on_with_the_same_kind() -> None:
    for tokens, tags in tagged("ner_english.conll"):
        for before, tag in pairwise(("O", *tags)):
            if tag.startswith("I-"):
                assert before in {"B" + tag[1:], tag}, tokens


def names_in(tokens: Tokens, tags: Tokens) -> list[tuple[Tokens, str]]:
    """`(name, kind)` for every name of a sentence."""
    parts = [(token, tag) for token, tag in zip(tokens, tags, strict=True) if tag != "O"]
    found: list[tuple[list[str], str]] = []
    for token, tag in parts:
        if tag.startswith("B-"):
            found.append(([token], tag[2:]))
        else:
            found[-1][0].append(token)
    return [(tuple(name), kind) for name, kind in found]


def test_names_are_spelt_with_capitals_and_what_is_outside_mostly_not() -> None:
    titles = {"Mr", "Mrs", "Queen", "President", "Doctor", "General", "Aunt", "I"}
    calendar = {"January", "March", "May", "June", "Sunday", "Monday"}
    for tokens, tags in tagged("ner_english.conll"):
        for name, _ in names_in(tokens, tags):
            assert all(word[0].isupper() or word == "of" for word in name), name
        for token, tag in list(zip(tokens, tags, strict=True))[1:]:
            assert tag != "O" or token[0].islower() or token in titles | calendar | {*".,?!", "'s"}


def test_names_have_one_to_three_tokens_and_those_of_more_have_one_kind() -> None:
    sentences = tagged("ner_english.conll")
    names = [found for tokens, tags in sentences for found in names_in(tokens, tags)]
    assert {len(name) for name, kind in names if kind == "PER"} == {1, 2}
    assert {len(name) for name, kind in names if kind == "LOC"} == {1, 2}
    assert {len(name) for name, kind in names if kind == "ORG"} == {1, 2, 3}
    kinds: dict[Tokens, set[str]] = defaultdict(set)
    for name, kind in names:
        kinds[name].add(kind)
    assert [name for name, found in kinds.items() if len(name) > 1 and len(found) > 1] == []
    assert sum(name == ("Barack", "Obama") for name, _ in names) >= 5


def test_the_readme_counts_right(name: str) -> None:
    text = resource("data", "own", "README.md").read_text("utf-8")
    examples = corpus(name)
    row = (
        f"| `{name}` | {len(examples)} | {sum(examples.lengths)} | {len(counted(name))} "
        f"| {len(tags_in(name))} |"
    )
    assert row in text


def test_every_reading_that_the_readme_quotes_is_in_the_corpus() -> None:
    text = resource("data", "own", "README.md").read_text("utf-8")
    section = text.split("## Parts of speech")[1].split("The tags are")[0]
    corpus_text = "\n".join(" ".join(t).lower() for t in corpus("pos_english.conll").sequences)
    quoted = [" ".join(q.lower().split()) for q in re.findall(r"\*([^*]+)\*", section)]
    assert len(quoted) > 5
    assert [q for q in quoted if q not in corpus_text] == []


def test_the_licence_is_a_dedication_to_the_public_domain() -> None:
    text = resource("data", "own", "LICENCE.txt").read_text("utf-8")
    assert "CC0 1.0 Universal" in text
    assert all(name in text for name in FILES)
