"""Texts with a label each, and tokens with a tag each."""

from __future__ import annotations

from functools import partial
from typing import Any

from rnnviz.document import limits
from rnnviz.document.examples import Examples, Labels, Tags
from rnnviz.document.history import Score
from rnnviz.document.learning.choices import Choices
from rnnviz.document.learning.source import Source, at, parts_of
from rnnviz.document.samples.baselines import by_word, most_frequent, share_right
from rnnviz.document.samples.encoding import SMALL_EMBEDDING, ids, vocabulary
from rnnviz.document.samples.sample import Measured, Task
from rnnviz.document.tokens import Tokens
from rnnviz.document.words import UNKNOWN, Words
from rnnviz.engine.batching import Samples
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import CRF, Softmax
from rnnviz.engine.inputs import Tokens as Reads
from rnnviz.engine.network import Network
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.weights import Weights

ENOUGH = 50
"""With so many words that come twice, those that come once teach what an unknown word is."""


def words_of(texts: list[Tokens], most: int, first: Words = (UNKNOWN,)) -> Words:
    """The vocabulary: the most frequent words; those that come once are left to `<unk>`.

    Where few words come twice, all are taken.
    """
    short = [tuple(t for t in tokens if len(t) <= limits.WORD) for tokens in texts]
    found = vocabulary(short, most, 2, first)
    return found if len(found) >= ENOUGH else vocabulary(short, most, 1, first)


def shown(tokens: Tokens) -> Tokens:
    """The tokens as a document may show them."""
    return tuple(token[: limits.WORD] for token in tokens[: limits.STEPS - 1])


def labelled(source: Source, examples: Examples[Tokens], labels: Labels, choices: Choices) -> Task:
    """Learn the label of each text."""
    names = labels.names
    check_classes(names, "label")
    parts = parts_of(examples, choices.seed)
    words = words_of(at(examples.sequences, parts.train), choices.words)
    reads, head = Reads(len(words), choices.embedding), Softmax(len(names))
    network = Network(reads, choices.stack(), head, "many-to-one")
    learned, asked, test = (
        Samples(
            [ids(words, tokens) for tokens in at(examples.sequences, part)],
            [names.index(label) for label in at(labels.values, part)],
        )
        for part in (parts.train, parts.validation, parts.test)
    )
    usual = most_frequent(at(labels.values, parts.train))
    baseline = share_right([usual] * len(parts.test), at(labels.values, parts.test))
    first = parts.test[0]
    return Task(
        network=network,
        recipe=choices.recipe,
        learned=learned,
        asked=asked,
        test=test,
        measure=partial(
            accuracy, network, test, baseline, f"Always saying {usual} is right {baseline:.1%}."
        ),
        scheme=SMALL_EMBEDDING,
        parts={
            **of_texts(source, words),
            "labels": names,
            "sequence": shown(examples.sequences[first]),
            "targets": (labels.values[first],),
            "loss_steps": "last",
        },
    )


def tagged(source: Source, examples: Examples[Tokens], tags: Tags, choices: Choices) -> Task:
    """Learn the tag of each token."""
    names = tags.names
    check_classes(names, "tag")
    parts = parts_of(examples, choices.seed)
    words = words_of(at(examples.sequences, parts.train), choices.words)
    head = CRF(len(names)) if choices.crf else Softmax(len(names))
    network = Network(Reads(len(words), choices.embedding), choices.stack(), head)
    learned, asked, test = (
        Samples(
            [ids(words, tokens) for tokens in at(examples.sequences, part)],
            [[names.index(tag) for tag in row] for row in at(tags.values, part)],
        )
        for part in (parts.train, parts.validation, parts.test)
    )
    pairs = zip(at(examples.sequences, parts.train), at(tags.values, parts.train), strict=True)
    answers = by_word(pairs, at(examples.sequences, parts.test))
    baseline = share_right(flat(answers), flat(at(tags.values, parts.test)))
    first = parts.test[0]
    said = f"The most frequent tag of each token is right {baseline:.1%}."
    return Task(
        network=network,
        recipe=choices.recipe,
        learned=learned,
        asked=asked,
        test=test,
        measure=partial(accuracy, network, test, baseline, said),
        scheme=SMALL_EMBEDDING,
        parts={
            **of_texts(source, words),
            "labels": names,
            "sequence": shown(examples.sequences[first]),
            "targets": tags.values[first][: limits.STEPS - 1],
        },
    )


def of_texts(source: Source, words: Words) -> dict[str, Any]:
    """The parts of a document that reads texts."""
    return {"vocabulary": words, "lower": source.lower, "tokeniser": source.tokeniser}


def accuracy(
    network: Network, test: Samples, baseline: float, said: str, weights: Weights
) -> Measured:
    """The share of right answers beside that of something simple."""
    found = evaluate(network, weights, test)
    if found.accuracy is None:
        raise EngineError("data: nothing of what is kept for the test has an answer")
    score = Score("accuracy", found.accuracy, baseline, found.n)
    return Measured(score, (f"Held out: {found.accuracy:.1%} of {found.n:,} right. {said}",))


def check_classes(names: Words, what: str) -> None:
    """Raise an EngineError where there is nothing to choose from."""
    if len(names) < 2:
        raise EngineError(f"data: every {what} is {names[0]!r}, expected at least two different")


def flat(rows: list[Tokens]) -> Tokens:
    """All entries of all rows."""
    return tuple(entry for row in rows for entry in row)
