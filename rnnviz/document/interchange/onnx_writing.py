"""Writes a network as an ONNX graph: embedding, recurrent nodes, head."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnviz.document.interchange.description import KEY, encode
from rnnviz.document.interchange.extras import needed
from rnnviz.document.interchange.files import FilePath, faults_named, write_atomically
from rnnviz.document.interchange.model import ExportError, Model, plain_network
from rnnviz.document.interchange.onnx_cells import FORMAT, onnx_cell, pieces
from rnnviz.document.interchange.onnx_graph import serialised
from rnnviz.document.interchange.pieces import tensors


def write_onnx(model: Model, path: FilePath, dtype: Any = np.float32) -> None:
    """Write the network as an ONNX graph.

    Its input is `tokens [time, batch]` or `vectors [time, batch, units]`, rows of equal length. Its
    outputs are `outputs` (before the softmax) and `predictions`, or `hidden` where there is no
    head. The outputs of a CRF are its emissions, with its `transitions`, `start` and `end` beside.

    Parameters
    ----------
    dtype : dtype
        The precision of the numbers. float64 keeps all of them, but onnxruntime has no recurrent
        nodes of that precision.

    Raises
    ------
    ExportError
        Names what ONNX cannot express.
    FileError
        It cannot be written; the `onnx` package is missing.
    """
    network = plain_network(model, FORMAT)
    for layer in network.layers:
        onnx_cell(layer.cell)
        if layer.unshared is not None:
            raise ExportError(FORMAT, "weights that each step has for itself")
    needed(path, "onnx", "onnx")
    with faults_named(path, "it cannot be written"):
        arrays = tensors(pieces(network), model.weights.astype(dtype))
        write_atomically(path, serialised(model, arrays, np.dtype(dtype), {KEY: encode(model)}))
