"""Small models with random weights for the tests of the doors."""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from rnnviz.document.interchange.model import Model
from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import CELLS
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.heads import CRF, Regression, Softmax
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Network
from rnnviz.engine.two_biases import with_recurrent_biases
from rnnviz.engine.weights import Weights

Values = npt.NDArray[Any]

EVERY_CELL: tuple[Cell, ...] = (*CELLS, *(with_recurrent_biases(cell) for cell in CELLS))
WORDS = ("I", "am", "not", "happy", "élan", "爱", "=cmd")
CUSTOM = define("leaky", "Leaky unit", "h = 0.5 * h_prev + tanh(W @ x + U @ h_prev + b)")


def weights(network: Network | EncoderDecoder, dtype: Any = np.float64, seed: int = 1) -> Weights:
    vector = np.random.default_rng(seed).normal(0, 0.5, network.layout.size)
    return Weights(network.layout, vector.astype(dtype))


def model(network: Network | EncoderDecoder, dtype: Any = np.float64, **words: Any) -> Model:
    return Model(network, weights(network, dtype), **words)


def classifier(cell: Cell, direction: Direction = "forward", depth: int = 1, **words: Any) -> Model:
    layers = tuple(Layer(cell, 4, direction) for _ in range(depth))
    network = Network(Tokens(len(WORDS), 3), layers, Softmax(2), "many-to-one")
    named = {"vocabulary": WORDS, "labels": ("negative", "positive"), "title": "Sentiment"}
    return model(network, **(named | words))


def tagger(cell: Cell, direction: Direction = "both", depth: int = 1) -> Model:
    layers = tuple(Layer(cell, 4, direction) for _ in range(depth))
    return model(Network(Tokens(len(WORDS), 3), layers, Softmax(3)), vocabulary=WORDS)


def forecast(cell: Cell, direction: Direction = "forward") -> Model:
    return model(Network(Vectors(2), (Layer(cell, 4, direction),), Regression(1)))


def variants() -> dict[str, Model]:
    """Networks of every shape that there is, with cells of every kind in turn."""
    cells = itertools.cycle(EVERY_CELL)

    def layer(hidden: int = 4, direction: Direction = "forward", **more: Any) -> Layer:
        return Layer(next(cells), hidden, direction, **more)

    one_hot, vectors = Tokens(len(WORDS)), Vectors(3)
    networks: dict[str, Network | EncoderDecoder] = {
        "one-hot": Network(one_hot, (layer(),), Softmax(2), "many-to-one"),
        "no head": Network(vectors, (layer(),)),
        "backward": Network(vectors, (layer(direction="backward"),), Softmax(2), "many-to-one"),
        "backward tags": Network(vectors, (layer(direction="backward"),), Softmax(2)),
        "mixed": Network(vectors, (layer(3), layer(4, "both"), layer(2)), Softmax(2)),
        "residual": Network(vectors, (layer(3), layer(3, residual=True)), Regression(2)),
        "residual both": Network(
            Vectors(4), (layer(2, "both", residual=True),), Softmax(2), "many-to-one"
        ),
        "dropout": Network(vectors, (layer(dropout=0.25),), Softmax(2)),
        "unshared": Network(vectors, (layer(unshared=3),), Softmax(2)),
        "crf": Network(Tokens(len(WORDS), 2), (layer(direction="both"),), CRF(3)),
        "generator": Network(Tokens(len(WORDS), 2), (layer(),), Softmax(len(WORDS)), "one-to-many"),
        "single step": Network(vectors, (layer(),), Softmax(2), "one-to-one"),
        "own cell": Network(vectors, (Layer(CUSTOM, 3),), Softmax(2)),
        "translator": EncoderDecoder(
            Tokens(5, 3), (layer(3),), Tokens(6, 2), (layer(4),), start=0, stop=1
        ),
        "attention": EncoderDecoder(
            Tokens(5, 3), (layer(3, "both"),), Tokens(6, 2), (layer(4),), attention=2
        ),
    }
    return {name: model(network) for name, network in networks.items()}


def inputs(network: Network, steps: int = 6, rows: int = 3, seed: int = 5) -> Any:
    """Sequences of equal length that the network can read: a list of rows."""
    rng = np.random.default_rng(seed)
    if network.form == "one-to-one":
        steps = 1
    if network.layers[0].unshared is not None:
        steps = network.layers[0].unshared
    if isinstance(network.input, Tokens):
        return list(rng.integers(0, network.input.vocabulary, (rows, steps)))
    return list(rng.normal(size=(rows, steps, network.input.size)))


def outputs(given: Model, sequences: Any) -> Values:
    """What the engine computes: the head's outputs or the hidden states `[time, batch, units]`."""
    assert isinstance(given.network, Network)
    dtype = given.weights.vector.dtype
    initial = {path: value for path, value in given.initial.items()}
    batch = given.network.batch(sequences, initial=initial, dtype=dtype)
    trace = given.network.forward(given.weights, batch)
    return trace.read if trace.logits is None else trace.logits


def assert_same(first: Model, second: Model) -> None:
    """The two are equal in every part, the numbers to the last bit."""
    assert first.network == second.network
    assert np.array_equal(first.weights.vector, second.weights.vector, equal_nan=True)
    assert first.weights.vector.dtype == second.weights.vector.dtype
    assert (first.vocabulary, first.labels) == (second.vocabulary, second.labels)
    assert (first.title, first.notes) == (second.title, second.notes)
    assert set(first.initial) == set(second.initial)
    assert all(np.array_equal(first.initial[path], second.initial[path]) for path in first.initial)
