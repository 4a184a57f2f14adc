"""Documents of every kind, for the tests to share."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np

from rnnviz.document.document import Clip, Document
from rnnviz.document.edits import (
    SetAttention,
    SetCell,
    SetDirection,
    SetHidden,
    SetLayers,
    SetTargets,
    SetTask,
    SetUnshared,
)
from rnnviz.document.history import History, Moment, Score
from rnnviz.document.new import new_document
from rnnviz.engine.cell import define
from rnnviz.engine.cells import CELLS
from rnnviz.engine.heads import Regression, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.initial_weights import Initialisation, initial_weights
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Cosine, Momentum, WarmUp
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.weights import Weights

OWN = define(
    "minimal",
    "A gate of one's own",
    """
    f = sigmoid(W_f @ x + U_f @ h_prev + b_f)
    h = f * h_prev + (0.3 - 0.123456789 * f) * tanh(W @ x)
    """,
    reference="nobody",
)


def small(cell: str = "lstm") -> Document:
    """The default document with three units."""
    return new_document(cell, 3)


def of_every_cell() -> Document:
    document = small()
    layers = tuple(Layer(cell, 2) for cell in CELLS)
    assert isinstance(document.network, Network)
    network = replace(document.network, layers=layers)
    return document.changed(network=network, weights=initial_weights(network, 1))


def tagger() -> Document:
    document = new_document("gru", 3, labels=("PRON", "VERB", "ADV"), form="many-to-many")
    document = SetDirection("both").apply(SetLayers(2).apply(document))
    targets = ("PRON", "VERB", None, "VERB")
    holds = (Hold("layer0/forward/z", 1, 0.5), Hold("layer1/backward/h", 2, -0.25, unit=1, row=0))
    return document.changed(targets=targets, loss_steps=(0, 2, -1), truncate=2, holds=holds)


def chain_of_tags() -> Document:
    document = SetTask("many-to-many", "crf", ("B-PER", "I-PER", "O")).apply(small("lstm_peephole"))
    return document.changed(targets=("B-PER", "I-PER", "O", "O"), clip=Clip("norm", 0.5))


def forecast(dtype: type = np.float64) -> Document:
    network = Network(Vectors(2), (Layer(CELLS[2], 3),), Regression(1), "many-to-many")
    vectors = np.array([[0.1, -3.0], [np.nan, 1e-300], [2.0, -0.0]])
    return Document(
        network=network,
        weights=initial_weights(network, 2, dtype=dtype),
        columns=("wind", "sun"),
        labels=("tomorrow",),
        sequence=vectors,
        targets=np.array([[0.5], [np.nan], [1.5]]),
        title="Forecast",
    )


def generator() -> Document:
    words = ("<unk>", "a", "b", " ")
    network = Network(Tokens(4), (Layer(CELLS[0], 3),), Softmax(4), "one-to-many")
    return Document(
        network=network,
        weights=initial_weights(network, 3),
        vocabulary=words,
        sequence=("a", " ", "Z"),
        targets=("b", None, "a"),
        tokeniser="characters",
        lower=True,
    )


def translator() -> Document:
    words = ("je", "ne", "suis")
    document = SetTask("many-to-many unaligned", "softmax", words).apply(small("gru"))
    document = SetDirection("both").apply(SetHidden(2).apply(SetLayers(2).apply(document)))
    document = SetTargets(("je", "suis", "perdu")).apply(SetAttention(3).apply(document))
    holds = (Hold("attention/weights", 1, 0.5, 2), Hold("decoder/layer1/forward/z", 3, 0.0))
    return document.changed(holds=(*holds, Hold("encoder/layer0/backward/r", 3, 0.1)))


def free_translator() -> Document:
    return SetTargets(None).apply(SetAttention(None).apply(translator()))


def unshared() -> Document:
    return SetUnshared(True).apply(SetDirection("both").apply(small("rnn")))


def one_step() -> Document:
    return new_document("rnn_relu", 2, ("yes",), form="one-to-one")


def states_only() -> Document:
    return SetTask("many-to-many", None).apply(small())


def empty() -> Document:
    return small().changed(sequence=())


def no_vectors() -> Document:
    return forecast().changed(sequence=np.zeros((0, 2)), targets=None)


def overflowed() -> Document:
    document = small()
    vector = document.weights.vector.copy()
    vector[:3] = np.inf, -np.inf, np.nan
    return document.changed(weights=Weights(document.network.layout, vector))


def own_cell() -> Document:
    return SetCell(OWN).apply(small())


def residual() -> Document:
    document = SetLayers(2).apply(small())
    assert isinstance(document.network, Network)
    first, second = document.network.layers
    second = replace(second, residual=True, dropout=0.25)
    network = replace(document.network, layers=(first, second))
    return document.changed(network=network)


def trained(dtype: type = np.float32) -> Document:
    document = small("gru_pytorch")
    weights = document.weights.astype(dtype)
    moments = tuple(
        Moment(epoch, 7 * epoch, (weights.vector * epoch).astype(np.float32), loss, score=0.5)
        for epoch, loss in ((0, np.inf), (1, np.nan), (2, 0.25))
    )
    return document.changed(
        weights=weights,
        history=History(moments, "early stopping"),
        score=Score("accuracy", 0.875, 0.5, 640),
        recipe=Recipe(Momentum(0.1, nesterov=True), WarmUp(3, Cosine(9)), clip_norm=1.0, seed=5),
        scheme=Initialisation(recurrent=("identity", 0.9), forget_bias=None),
        seed=12,
        title="情感 🙂 <b>",
        notes="one\n\ttwo \u0000 \u202e three\n" * 3,
        language="en",
        licence="CC BY 4.0",
        source="=cmd|' /C calc'!A0",
    )


KINDS: dict[str, Callable[[], Document]] = {
    **{cell.name: (lambda name=cell.name: small(name)) for cell in CELLS},  # type: ignore[misc]
    "of every cell": of_every_cell,
    "tagger": tagger,
    "chain of tags": chain_of_tags,
    "forecast": forecast,
    "forecast32": lambda: forecast(np.float32),
    "generator": generator,
    "translator": translator,
    "free translator": free_translator,
    "unshared": unshared,
    "one step": one_step,
    "states only": states_only,
    "empty": empty,
    "no vectors": no_vectors,
    "overflowed": overflowed,
    "own cell": own_cell,
    "residual": residual,
    "trained32": trained,
    "trained64": lambda: trained(np.float64),
}


@cache
def document(kind: str) -> Document:
    """The document of one of `KINDS`, the same object each time."""
    return KINDS[kind]()
