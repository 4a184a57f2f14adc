"""The adding problem at three lengths: a vanilla RNN, an LSTM and a GRU on the same numbers."""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from rnnviz.document.history import Score
from rnnviz.document.probes import ADDING_BASELINE, adding
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import Regression
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.weights import Weights

EPOCHS = {10: 15, 50: 15, 150: 20}
"""The lengths, and how often the sequences of each are gone through."""

BASELINE = ADDING_BASELINE / 2
"""What always answering 1 has: half the squared error, as the loss is counted."""

_HIDDEN = 12
_CLOSE = 0.1


@cache
def _samples(length: int, count: int, seed: int) -> Samples:
    examples = adding(count, seed, length)
    assert examples.targets is not None
    return Samples(examples.sequences, [np.asarray(t)[-1] for t in examples.targets.values])


def _make(cell: str, length: int) -> Task:
    network = Network(Vectors(2), (Layer(find_cell(cell), _HIDDEN),), Regression(1), "many-to-one")
    test = _samples(length, 1_000, 2)
    epochs = EPOCHS[length]
    return Task(
        network=network,
        recipe=Recipe(
            Adam(0.01),
            Cosine(epochs),
            epochs=epochs,
            batch_size=50,
            clip_norm=1.0,
            dtype="float32",
        ),
        learned=_samples(length, 5_000, 0),
        asked=_samples(length, 500, 1),
        test=test,
        measure=partial(_measure, network, test),
        parts={
            "columns": ("value", "marker"),
            "labels": ("sum",),
            "sequence": np.asarray(test.inputs[0]),
            "targets": np.asarray(test.targets[:1]),
            "loss_steps": "last",
        },
    )


def _measure(network: Network, test: Samples, weights: Weights) -> Measured:
    score = evaluate(network, weights, test)
    truth = np.array(test.targets)
    answers = network.forward(weights, network.batch(test.inputs)).predictions[0]
    close = float(np.mean(np.abs(answers - truth) < _CLOSE))
    always_one = float(np.mean(np.abs(truth - 1) < _CLOSE))
    return Measured(
        Score("half squared error", score.loss, BASELINE, score.n),
        (
            f"Held out: a mean squared error of {2 * score.loss:.4f} in {score.n:,} sequences; who "
            f"always answers 1 has 1/6 = {ADDING_BASELINE:.4f}. (The loss is half of it, as the "
            f"formula says: {score.loss:.4f} against {BASELINE:.4f}.) Within {_CLOSE} of the sum "
            f"are {close:.1%} of the answers, against {always_one:.1%}.",
            _verdict(2 * score.loss),
        ),
    )


def _verdict(error: float) -> str:
    """What a mean squared error says of what was learned, in words."""
    if error > 0.9 * ADDING_BASELINE:
        return (
            "It has learned next to nothing: it does no better than somebody who reads nothing, "
            "and this is the lesson. Look how little of the gradient is left at the marked steps."
        )
    if error > 0.05 * ADDING_BASELINE:
        return "It has learned a part of it: better than reading nothing, and far from the sum."
    return "It has learned the task: it stores what is marked and lets the rest pass."


_SHOWS = (
    "Each step has a value from 0 to 1 and a marker; two of the {length} steps are marked, one in "
    "each half, and the answer at the end is the sum of their two values. The three cells have as "
    "many units, the same sequences and the same recipe at each length, and one seed: another seed "
    "or a longer training may end elsewhere. The values are random, nothing else is to be found "
    "in them. Longer sequences than it has learned from are a different task to it."
)

SAMPLES = tuple(
    Sample(
        name=f"adding_{length}_{cell}",
        title=f"Adding problem, {length} steps, {title}",
        task=f"adding two of {length} numbers",
        shows=_SHOWS.format(length=length),
        data=(),
        make=partial(_make, cell, length),
    )
    for length in EPOCHS
    for cell, title in (("rnn", "vanilla RNN"), ("lstm", "LSTM"), ("gru", "GRU"))
)
