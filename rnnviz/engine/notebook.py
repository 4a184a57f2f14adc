"""The engine in few words, for notebooks: a network of like layers, forward from plain lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rnnviz.engine.batch import Batch
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import Head
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Input
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Form, Network
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights


def network(
    cell: str | Cell,
    input: Input,
    hidden: int | Sequence[int],
    head: Head | None = None,
    form: Form = "many-to-many",
    layers: int = 1,
    direction: Direction = "forward",
) -> Network:
    """A network whose layers have the same cell.

    For residual connections, dropout, unshared weights or mixed cells, give `Layer`s to `Network`.

    Parameters
    ----------
    cell : str or Cell
        A name of `CELLS`, such as "lstm", or a cell made with `define`.
    input : Tokens or Vectors
        What a step reads: `Tokens(vocabulary)` one-hot, `Tokens(vocabulary, embedding)`, or
        `Vectors(size)`.
    hidden : int or sequence of int
        Units of a layer and direction; several numbers are a layer each, from the bottom up.
    head : Softmax, Regression, CRF or None
        What answers, such as `Softmax(classes)`; None shows the hidden states alone.
    form : str
        "many-to-many" answers at every step, "many-to-one" after the last; see `Network`.
    layers : int
        How many layers, where `hidden` is one number.
    direction : "forward", "backward" or "both"
        How each layer reads; with both, the hidden states are concatenated.

    Raises
    ------
    EngineError
        An unknown cell, sizes below 1, parts that do not fit.
    """
    kind = find_cell(cell) if isinstance(cell, str) else cell
    stack = tuple(Layer(kind, size, direction) for size in _sizes(hidden, layers))
    return Network(input, stack, head, form)


def _sizes(hidden: int | Sequence[int], layers: int) -> tuple[int, ...]:
    if isinstance(hidden, Sequence):
        if layers not in (1, len(hidden)):
            raise EngineError(f"layers: {layers} came, but hidden names {len(hidden)} of them")
        return tuple(hidden)
    if layers < 1:
        raise EngineError(f"layers: {layers} came, expected at least 1")
    return (hidden,) * layers


def forward(
    network: Network | EncoderDecoder,
    weights: Weights,
    inputs: Any,
    targets: Any = None,
    initial: Mapping[str, Any] | None = None,
    holds: Iterable[Hold] = (),
) -> Trace:
    """Every value of every step.

    Parameters
    ----------
    network, weights
        What computes; the precision of the weights is that of the computation.
    inputs : sequence or Batch
        One sequence or a list of them: token numbers, or arrays `[time, inputs]`. Or a batch that
        `network.batch` made.
    targets : sequence, optional
        What should come out, see `Network.batch`; without it there is no loss and no gradient.
    initial : mapping, optional
        Path of a state, such as "layer0/forward/h" -> `[batch, hidden]`; else zero.
    holds : iterable of Hold
        Quantities held at a value.

    Returns
    -------
    Trace
        `trace["layer0/forward/f"]` is `[time, batch, unit]`; `trace.paths()` names all there is.

    Raises
    ------
    EngineError
        What does not fit, with what was expected.
    """
    return network.forward(weights, _batch(network, weights, inputs, targets, initial), holds)


def _batch(
    network: Network | EncoderDecoder,
    weights: Weights,
    inputs: Any,
    targets: Any,
    initial: Mapping[str, Any] | None,
) -> Batch:
    dtype = weights.vector.dtype
    if isinstance(inputs, Batch):
        if targets is not None or initial is not None:
            raise EngineError("inputs: a batch came, so its targets and initial states are in it")
        return inputs
    if isinstance(network, Network):
        return network.batch(inputs, targets, initial, dtype)
    if initial is not None:
        raise EngineError("initial: the encoder begins at zero, the decoder where the bridge says")
    return network.batch(inputs, targets, dtype)
