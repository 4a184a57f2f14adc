r"""One RNN, LSTM or GRU node of ONNX as a recurrent layer.

The equations are those of the operators' documentation. `linear_before_reset` says whether the
reset gate acts after the product with `R` (PyTorch, Keras) or before; in both `z` keeps the state.
`input_forget` couples the gates, :math:`f = 1 - i`: with the weights of `i` negated it is our `f`.
What the equations of a cell cannot say is refused by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.document.errors import visible
from rnnviz.document.interchange.found import FoundLayer
from rnnviz.document.interchange.gates import ONNX, symbol
from rnnviz.document.interchange.onnx_constants import Constants, Scope, attributes
from rnnviz.document.interchange.onnx_inputs import Inputs, P
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError

FAMILIES = {"RNN": "rnn", "LSTM": "lstm", "GRU": "gru"}
_DIRECTIONS = {
    "forward": ("forward",),
    "reverse": ("backward",),
    "bidirectional": ("forward", "backward"),
}
_ACTIVATIONS = {"RNN": ("tanh",), "LSTM": ("sigmoid", "tanh", "tanh"), "GRU": ("sigmoid", "tanh")}
_KNOWN = {
    "activation_alpha",
    "activation_beta",
    "activations",
    "clip",
    "direction",
    "hidden_size",
    "input_forget",
    "layout",
    "linear_before_reset",
    "output_sequence",
}
NO_CLIP = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class FoundNode:
    """A node that can be read.

    Attributes
    ----------
    name : str
        Its name, or that of its first output.
    scope : Scope
        The graph that it stands in.
    node : NodeProto
        It.
    layer : FoundLayer
        Its cell and weights.
    initial : dict
        "forward/h" -> the state before the first step, where it is not zero.
    batch_first : bool
        `layout` is 1.
    notes : tuple of str
        What is given from outside.
    """

    name: str
    scope: Scope
    node: Any
    layer: FoundLayer
    initial: Mapping[str, Array]
    batch_first: bool
    notes: tuple[str, ...]


def read_node(scope: Scope, node: Any, constants: Constants) -> FoundNode:
    """The layer of a node.

    Raises
    ------
    EngineError
        Names the attribute that is not supported, or the tensor that does not fit.
    """
    given = attributes(node)
    unknown = sorted(set(given) - _KNOWN)
    if unknown:
        raise EngineError(f"the attribute {visible(', '.join(unknown))} is not supported")
    if float(given.get("clip", NO_CLIP)) < NO_CLIP:
        raise EngineError(
            f"clip={given['clip']:g} is not supported: no cell here cuts its sums off"
        )
    directions = _DIRECTIONS.get(_text(given.get("direction", b"forward")))
    if directions is None:
        raise EngineError(f"direction={visible(given['direction'])} is not known")
    reader = Inputs(scope, node, constants, directions)
    peepholes = reader.optional(P)
    cell = _cell(node.op_type, given, directions, peepholes is not None)
    weights = reader.weights(FAMILIES[node.op_type], peepholes)
    if cell.name == "lstm_coupled":
        weights = [_coupled(of_direction) for of_direction in weights]
    name = symbol("W", ONNX[FAMILIES[node.op_type]][-1])
    hidden, inputs = weights[0][name].shape
    if given.get("hidden_size", hidden) != hidden:
        raise EngineError(f"hidden_size={given['hidden_size']}, its weights are for {hidden} units")
    layer = FoundLayer(cell, inputs, hidden, dict(zip(directions, weights, strict=True)))
    batch_first = bool(given.get("layout", 0))
    states = reader.states(cell, hidden, batch_first)
    notes = tuple(reader.notes())
    title = node.name or (node.output[0] if node.output else node.op_type)
    return FoundNode(title, scope, node, layer, states, batch_first, notes)


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _cell(
    kind: str, given: Mapping[str, Any], directions: tuple[str, ...], peepholes: bool
) -> Cell:
    """The cell that the attributes ask for."""
    relu = _relu(kind, given, directions)
    if kind == "RNN":
        return find_cell("rnn_relu" if relu else "rnn")
    if kind == "GRU":
        return find_cell("gru_pytorch" if given.get("linear_before_reset", 0) else "gru_swapped")
    if given.get("input_forget", 0):
        if peepholes:
            raise EngineError("input_forget=1 together with peepholes is not supported")
        return find_cell("lstm_coupled")
    return find_cell("lstm_peephole" if peepholes else "lstm")


def _relu(kind: str, given: Mapping[str, Any], directions: tuple[str, ...]) -> bool:
    """Whether an RNN squashes with relu; anything but the usual functions is refused."""
    usual = _ACTIVATIONS[kind]
    names = tuple(_text(name).lower() for name in given.get("activations", ()))
    if names in ((), usual * len(directions)):
        return False
    if kind == "RNN" and names == ("relu",) * len(directions):
        return True
    shown = ", ".join(_text(name) for name in given["activations"])
    raise EngineError(
        f"activations={visible(shown)} is not supported; expected {', '.join(usual)}"
        + (" or relu, the same in both directions" if kind == "RNN" else "")
    )


def _coupled(weights: Mapping[str, Array]) -> dict[str, Array]:
    """The weights of `f` are those of `i`, negated: 1 - sigmoid(a) = sigmoid(-a)."""
    found = {n: a for n, a in weights.items() if n.partition("_")[2] not in ("i", "f")}
    return found | {
        f"{letter}_f": -weights[f"{letter}_i"] for letter in "WUbd" if f"{letter}_i" in weights
    }
