"""The document that the program opens with: a feeling at every step of *I am not happy*."""

from __future__ import annotations

from rnnviz.document.catalogue import load
from rnnviz.document.examples import Examples, Tags, has_tokens, split
from rnnviz.document.history import Score
from rnnviz.document.samples.baselines import by_word, share_right
from rnnviz.document.samples.encoding import ids, vocabulary
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.document.tokens import Tokens
from rnnviz.document.words import Words
from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Tokens as Reads
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.weights import Weights

FEELINGS = {"neg": "negative", "neu": "neutral", "pos": "positive"}
_LABELS = tuple(FEELINGS.values())


def _make() -> Task:
    examples = load("feelings")
    assert has_tokens(examples)
    parts = split(examples, validation=0.1, test=0.15, seed=1)
    words = vocabulary(examples.take(parts.train).sequences)
    network = Network(Reads(len(words), 4), (Layer(find_cell("lstm"), 6),), Softmax(3))
    learned, asked, test = (
        _samples(examples.take(part), words) for part in (parts.train, parts.validation, parts.test)
    )
    baseline = _baseline(examples.take(parts.train), examples.take(parts.test))

    def measure(weights: Weights) -> Measured:
        score = evaluate(network, weights, test)
        assert score.accuracy is not None
        return Measured(Score("accuracy of a step", score.accuracy, baseline, score.n))

    return Task(
        network=network,
        recipe=Recipe(Adam(0.01), epochs=50, batch_size=16, clip_norm=1.0, dtype="float32", seed=3),
        learned=learned,
        asked=asked,
        test=test,
        measure=measure,
        parts={
            "vocabulary": words,
            "labels": _LABELS,
            "sequence": ("I", "am", "not", "happy"),
            "targets": ("neutral", "neutral", "negative", "negative"),
            "lower": True,
            "language": "en",
        },
    )


def _tags(examples: Examples[Tokens]) -> tuple[Tokens, ...]:
    assert isinstance(examples.targets, Tags)
    return examples.targets.values


def _samples(examples: Examples[Tokens], words: Words) -> Samples:
    places = {tag: place for place, tag in enumerate(FEELINGS)}
    return Samples(
        [ids(words, tokens) for tokens in examples.sequences],
        [[places[tag] for tag in tags] for tags in _tags(examples)],
    )


def _baseline(learned: Examples[Tokens], test: Examples[Tokens]) -> float:
    """What somebody reaches who remembers nothing."""
    pairs = zip(learned.sequences, _tags(learned), strict=True)
    answers = by_word(pairs, test.sequences)
    return share_right(
        [tag for tags in answers for tag in tags], [tag for tags in _tags(test) for tag in tags]
    )


SAMPLES = (
    Sample(
        name="not_happy",
        title="I am not happy",
        task="sentiment at every step",
        shows="",
        data=("feelings",),
        make=_make,
    ),
)
