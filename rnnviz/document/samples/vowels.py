"""Who speaks? Nine men say two Japanese vowels, twelve numbers a frame."""

from __future__ import annotations

from functools import partial

import numpy as np

from rnnviz.document.catalogue import load
from rnnviz.document.examples import Examples, Labels, has_vectors, split
from rnnviz.document.history import Score
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.engine.arrays import Array
from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.weights import Weights

_EPOCHS = 40


def _make() -> Task:
    examples = load("japanese_vowels")
    assert has_vectors(examples)
    assert isinstance(examples.targets, Labels)
    parts, names = split(examples, validation=0.15), examples.targets.names
    frames = np.concatenate([examples.sequences[place] for place in parts.train])
    mean, deviation = frames.mean(axis=0), frames.std(axis=0)
    learned, asked, test = (
        _samples(examples.take(part), names, mean, deviation)
        for part in (parts.train, parts.validation, parts.test)
    )
    network = Network(
        Vectors(len(examples.columns)),
        (Layer(find_cell("gru"), 16, dropout=0.3),),
        Softmax(len(names)),
        "many-to-one",
    )
    return Task(
        network=network,
        recipe=Recipe(
            Adam(0.01),
            Cosine(_EPOCHS),
            epochs=_EPOCHS,
            batch_size=16,
            clip_norm=1.0,
            dtype="float32",
        ),
        learned=learned,
        asked=asked,
        test=test,
        measure=partial(_measure, network, test, _nearest(learned, test)),
        parts={
            "columns": examples.columns,
            "labels": names,
            "sequence": test.inputs[0],
            "targets": (names[test.targets[0]],),
            "loss_steps": "last",
            "language": "ja",
        },
    )


def _samples(examples: Examples[Array], names: tuple[str, ...], mean: Array, by: Array) -> Samples:
    assert isinstance(examples.targets, Labels)
    return Samples(
        [(frames - mean) / by for frames in examples.sequences],
        [names.index(label) for label in examples.targets.values],
    )


def _nearest(learned: Samples, test: Samples) -> float:
    """The share that is right if the speaker is the one with the nearest mean frame."""
    means = np.stack([frames.mean(axis=0) for frames in learned.inputs])
    truth = np.array(learned.targets)
    centres = np.stack([means[truth == who].mean(axis=0) for who in range(truth.max() + 1)])
    asked = np.stack([frames.mean(axis=0) for frames in test.inputs])
    distances = ((asked[:, None] - centres) ** 2).sum(axis=2)
    return float((distances.argmin(axis=1) == np.array(test.targets)).mean())


def _measure(network: Network, test: Samples, baseline: float, weights: Weights) -> Measured:
    score = evaluate(network, weights, test)
    assert score.accuracy is not None
    return Measured(
        Score("accuracy", score.accuracy, baseline, score.n),
        (
            f"Held out (the source's own test part): {score.accuracy:.1%} of {score.n} utterances. "
            f"The speaker whose mean frame is nearest is right in {baseline:.1%}.",
        ),
    )


SAMPLES = (
    Sample(
        name="vowels",
        title="Who says the vowels?",
        task="which of nine speakers",
        shows=(
            "An utterance of the vowels a and e is 7 to 29 frames of twelve cepstral coefficients, "
            "standardised by the mean and the deviation of what is learned. After the last frame "
            "the network names the speaker. Utterances of unequal length need no padding here: the "
            "same cell is used as often as there are frames. The voices of nine men are told apart "
            "by their mean frame nearly as well, so that the order of the frames matters little."
        ),
        data=("japanese_vowels",),
        make=_make,
    ),
)
