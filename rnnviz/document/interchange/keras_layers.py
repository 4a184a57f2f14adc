r"""Layers of Keras with their weights as layers of ours.

Keras keeps matrices with the inputs in rows, so they are turned; gates in the order `i, f, c, o`
and `z, r, h`. Its GRU keeps the old state where `z` is near 1; with `reset_after` the bias has two
rows, the second for the recurrent side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnnviz.document.errors import visible
from rnnviz.document.interchange.found import FoundLayer, Linear, Table
from rnnviz.document.interchange.gates import FAMILY_OF, KERAS, split
from rnnviz.document.interchange.keras_config import Spec
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError

FAMILIES = {"SimpleRNN": "rnn", "LSTM": "lstm", "GRU": "gru"}
RECURRENT = (*FAMILIES, "Bidirectional")
OTHERS = ("CuDNNLSTM", "CuDNNGRU", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "RNN")
HEADS = ("Dense", "TimeDistributed")

Arrays = Mapping[str, Mapping[str, Array]]
"""Direction -> the arrays called kernel, recurrent_kernel, bias or embeddings."""


@dataclass(frozen=True, eq=False)
class Read:
    """A recurrent layer of Keras.

    Attributes
    ----------
    name : str
        What the model calls it.
    layer : FoundLayer
        Its cell and weights.
    sequences : bool
        Whether it gives all steps, or the last alone.
    notes : tuple of str
        What is not kept.
    """

    name: str
    layer: FoundLayer
    sequences: bool
    notes: tuple[str, ...]


def read_recurrent(spec: Spec, arrays: Arrays) -> Read:
    """A recurrent layer.

    Raises
    ------
    EngineError
        Names the setting that is not supported, or the array that does not fit.
    """
    inner = spec.inner() if spec.kind == "Bidirectional" else spec
    if inner.kind not in FAMILIES:
        raise EngineError(f"a {visible(inner.kind)} in a {spec.kind} is not supported")
    both = spec.kind == "Bidirectional"
    mode = spec.text("merge_mode", "concat")
    if both and mode != "concat":
        raise EngineError(f"merge_mode={visible(mode)} is not supported, expected concat")
    backward, sequences = inner.flag("go_backwards"), inner.flag("return_sequences")
    if backward and (both or sequences):
        raise EngineError(
            "go_backwards=True inside Bidirectional or with return_sequences=True is not supported"
        )
    directions = ("forward", "backward") if both else ("forward",)
    missing = [d for d in directions if "recurrent_kernel" not in arrays.get(d, {})]
    if missing:
        raise EngineError(f"its {' and '.join(missing)} weights are missing")
    first = arrays["forward"]
    cell = _cell(inner, first)
    weights = {
        "backward" if backward else d: _weights(FAMILIES[inner.kind], arrays[d]) for d in directions
    }
    hidden, inputs = first["recurrent_kernel"].shape[0], first["kernel"].shape[0]
    notes = []
    if inner.flag("stateful"):
        notes.append(f"{visible(spec.name)} is stateful in Keras; here every row starts anew.")
    return Read(spec.name, FoundLayer(cell, inputs, hidden, weights), sequences, tuple(notes))


def _cell(spec: Spec, arrays: Mapping[str, Array]) -> Cell:
    """The cell that the settings ask for."""
    activation = spec.text("activation", "tanh")
    if spec.kind == "SimpleRNN" and activation == "relu":
        return find_cell("rnn_relu")
    if activation != "tanh":
        raise EngineError(f"activation={visible(activation)} is not supported, expected tanh")
    gates = spec.text("recurrent_activation", "sigmoid")
    if spec.kind != "SimpleRNN" and gates != "sigmoid":
        raise EngineError(f"recurrent_activation={visible(gates)} is not supported, only sigmoid")
    if spec.kind == "GRU":
        after = spec.flag("reset_after")
        if "bias" in arrays:
            after = arrays["bias"].ndim == 2
        return find_cell("gru_pytorch" if after else "gru_swapped")
    return find_cell(FAMILIES[spec.kind])


def _weights(family: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The weights of one direction by symbol."""
    order = KERAS[family]
    found: dict[str, Array] = {}
    recurrent = arrays["recurrent_kernel"]
    if recurrent.ndim != 2 or recurrent.shape[1] != len(order) * recurrent.shape[0]:
        raise EngineError(
            f"recurrent_kernel has the shape {recurrent.shape}, expected (units, "
            f"{len(order)} * units)"
        )
    kernel = arrays.get("kernel")
    if kernel is None or kernel.ndim != 2 or kernel.shape[1] != recurrent.shape[1]:
        shape = None if kernel is None else kernel.shape
        raise EngineError(f"kernel has the shape {shape}, expected {recurrent.shape[1]} columns")
    found |= split("W", kernel.T, order) | split("U", recurrent.T, order)
    if "bias" in arrays:
        rows = np.atleast_2d(arrays["bias"])
        if rows.ndim != 2 or rows.shape[1] != recurrent.shape[1] or len(rows) > 2:
            raise EngineError(f"bias has the shape {arrays['bias'].shape}")
        if len(rows) == 2 and family != "gru":
            raise EngineError(f"bias has the shape {rows.shape}, two rows are for a GRU")
        for letter, row in zip("bd", rows, strict=False):
            found |= split(letter, row, order)
    return found


def family_by_shape(arrays: Mapping[str, Array]) -> str | None:
    """The class of a recurrent layer whose configuration is not known."""
    recurrent = arrays.get("recurrent_kernel")
    if recurrent is None or recurrent.ndim != 2 or recurrent.shape[1] % recurrent.shape[0]:
        return None
    family = FAMILY_OF.get(recurrent.shape[1] // recurrent.shape[0])
    return next((kind for kind, name in FAMILIES.items() if name == family), None)


def read_table(spec: Spec, arrays: Arrays) -> Table | None:
    """An embedding."""
    values = arrays.get("forward", {}).get("embeddings")
    return None if values is None or values.ndim != 2 else Table(spec.name, values)


def read_head(spec: Spec, arrays: Arrays) -> tuple[Linear, tuple[str, ...]]:
    """A dense layer as a linear layer, with what it answers.

    One output behind a sigmoid is two classes, for the softmax of `(0, a)` is `sigmoid(a)`.

    Raises
    ------
    EngineError
        Its activation is not supported.
    """
    inner = spec.inner() if spec.kind == "TimeDistributed" else spec
    given = arrays.get("forward", {})
    kernel = given.get("kernel")
    if inner.kind != "Dense" or kernel is None or kernel.ndim != 2:
        raise EngineError(f"it is no dense layer ({visible(inner.kind)})")
    matrix, bias = kernel.T, given.get("bias")
    if bias is not None and bias.shape != (len(matrix),):
        raise EngineError(f"bias has the shape {bias.shape}, expected ({len(matrix)},)")
    activation = inner.text("activation", "linear")
    if activation == "softmax":
        return Linear(spec.name, matrix, bias, "classes"), ()
    if activation == "linear":
        return Linear(spec.name, matrix, bias), ()
    if activation == "sigmoid" and len(matrix) == 1:
        bias = np.zeros(1, matrix.dtype) if bias is None else bias
        two = np.concatenate([np.zeros_like(matrix), matrix])
        note = f"The one sigmoid of {visible(spec.name)} became two classes, which is the same."
        return Linear(spec.name, two, np.concatenate([np.zeros_like(bias), bias]), "classes"), (
            note,
        )
    raise EngineError(f"activation={visible(activation)} of {visible(spec.name)} is not supported")
