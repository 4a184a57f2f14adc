"""Sentiment of a whole sentence: a vanilla RNN, an LSTM and a GRU on the same split."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import TypeAlias

import numpy as np

from rnnviz.document.catalogue import load
from rnnviz.document.examples import AnyExamples, Labels, Tags, has_tokens, split
from rnnviz.document.history import Score
from rnnviz.document.samples.baselines import naive_bayes, share_right
from rnnviz.document.samples.encoding import SMALL_EMBEDDING, forgetful, ids, vocabulary, without
from rnnviz.document.samples.opening import FEELINGS
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.document.tokens import Tokens
from rnnviz.document.words import Words
from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Tokens as Reads
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.weights import Weights

Rows: TypeAlias = list[tuple[Tokens, str]]

DATA = ("product_reviews", "movie_reviews", "feelings")
LESSONS = (
    "I am happy",
    "I am not happy",
    "I am unhappy",
    "I am not unhappy",
    "I love this movie",
)
_LABELS = (FEELINGS["neg"], FEELINGS["pos"])
_WORDS = 1_000
_COPIES = {"product_reviews": (4, 0.5), "movie_reviews": (4, 0.5), "feelings": (16, 0.05)}
"""How often each sentence is learned in an epoch, and the share of its words that are hidden."""
_RECIPE = Recipe(
    Adam(0.005),
    Cosine(8),
    epochs=8,
    batch_size=32,
    clip_norm=1.0,
    patience=5,
    every=100,
    dtype="float32",
)


@cache
def _parts() -> dict[tuple[str, str], Rows]:
    """The sentences with a feeling, by data set and part."""
    found: dict[tuple[str, str], Rows] = {}
    for name in DATA:
        examples = load(name)
        assert has_tokens(examples)
        rows = list(zip(examples.sequences, _labels(examples), strict=True))
        kept = set(without(examples.sequences, LESSONS))
        parts = split(examples, validation=0.1, test=0.15, seed=0)
        for part in ("train", "validation", "test"):
            places = [place for place in getattr(parts, part) if place in kept]
            found[name, part] = [rows[p] for p in places if rows[p][1] in _LABELS]
    return found


def _labels(examples: AnyExamples) -> list[str]:
    match examples.targets:
        case Labels(values):
            return [FEELINGS[label] for label in values]
        case Tags(tags):
            return [FEELINGS[sentence[-1]] for sentence in tags]
    raise TypeError(f"targets: {examples.targets} came, expected labels or tags")


def _all(part: str) -> Rows:
    return [row for name in DATA for row in _parts()[name, part]]


def _learned(seed: int) -> Rows:
    """What is learned in an epoch: copies of each sentence, with different words hidden."""
    rng = np.random.default_rng(seed)
    return [
        (forgetful(tokens, share, rng), label)
        for name, (copies, share) in _COPIES.items()
        for _ in range(copies)
        for tokens, label in _parts()[name, "train"]
    ]


def _samples(rows: Sequence[tuple[Tokens, str]], words: Words) -> Samples:
    return Samples([ids(words, t) for t, _ in rows], [_LABELS.index(label) for _, label in rows])


def _make(cell: str) -> Task:
    words = vocabulary((tokens for tokens, _ in _all("train")), _WORDS)
    layer = Layer(find_cell(cell), 12, dropout=0.3)
    network = Network(Reads(len(words), 8), (layer,), Softmax(2), "many-to-one")
    return Task(
        network=network,
        recipe=_RECIPE,
        learned=_samples(_learned(_RECIPE.seed), words),
        asked=_samples(_all("validation"), words),
        test=_samples(_all("test"), words),
        measure=partial(_measure, network, words),
        scheme=SMALL_EMBEDDING,
        parts={
            "vocabulary": words,
            "labels": _LABELS,
            "sequence": ("I", "am", "not", "happy"),
            "targets": ("negative",),
            "loss_steps": "last",
            "lower": True,
            "language": "en",
        },
    )


def _measure(network: Network, words: Words, weights: Weights) -> Measured:
    found, facts, right, count = [], [], 0.0, 0
    for name, title in zip(DATA, ("product reviews", "film reviews", "own sentences"), strict=True):
        rows = _parts()[name, "test"]
        accuracy = evaluate(network, weights, _samples(rows, words)).accuracy or 0.0
        answers = naive_bayes(_all("train"), [tokens for tokens, _ in rows])
        bag = share_right(answers, [label for _, label in rows])
        facts.append(f"{title} {accuracy:.1%} (a bag of words {bag:.1%}, {len(rows)} sentences)")
        found.append(bag * len(rows))
        right, count = right + accuracy * len(rows), count + len(rows)
    score = Score("accuracy", right / count, sum(found) / count, count)
    return Measured(score, (f"Held out: {'; '.join(facts)}.", _asked(network, words, weights)))


def _asked(network: Network, words: Words, weights: Weights) -> str:
    """What it answers to the sentences of the lessons."""
    said = []
    for text in LESSONS:
        batch = network.batch([ids(words, tuple(text.lower().split()))])
        chances = network.forward(weights, batch).predictions[0, 0]
        best = int(np.argmax(chances))
        said.append(f"{text}: {_LABELS[best]} {chances[best]:.2f}")
    return f"{'; '.join(said)}. None of these sentences was learned."


_SHOWS = (
    "The words are read one by one, and the last hidden state alone decides between negative and "
    "positive. {cell}The three networks have the same size, the same sentences and the same "
    "recipe.\n\n"
    "A bag of words (naive Bayes, with all words of the training) knows no order. It is better on "
    "reviews, where most sentences have one strong word, and fails where a denial turns the "
    "meaning round.\n\n"
    "Reviews alone are too few to teach a network of this size what not does; short sentences "
    "written for rnnviz are mixed in, in which a denied bad thing counts as good. Words that are "
    "not among the 1,000 most frequent ones are <unk>. Sentences that people found neutral are "
    "left out, so it has to take sides on I am from Paris too."
)

SAMPLES = tuple(
    Sample(
        name=f"sentiment_{name}",
        title=f"Sentiment, {title}",
        task="sentiment of a sentence",
        shows=_SHOWS.format(cell=cell),
        data=DATA,
        make=partial(_make, name),
    )
    for name, title, cell in (
        ("rnn", "vanilla RNN", "Watch how little of not is left when happy comes. "),
        ("lstm", "LSTM", "Watch the cell state at not. "),
        ("gru", "GRU", "Watch the update gate at not. "),
    )
)
