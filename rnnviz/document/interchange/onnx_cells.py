r"""How ONNX has our cells, and which of its tensors hold which weights.

ONNX has the vanilla cell, the LSTM (also with peepholes and with coupled gates) and the GRU that
keeps the old state where `z` is near 1. With the weights of `z` negated that is also the other GRU,
for :math:`\sigma(-a) = 1 - \sigma(a)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rnnviz.document.interchange.description import is_ours
from rnnviz.document.interchange.gates import ONNX, PEEPHOLES, symbol
from rnnviz.document.interchange.model import ExportError
from rnnviz.document.interchange.pieces import Block, Piece, whole
from rnnviz.engine.cell import Cell
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.two_biases import SUFFIX

FORMAT = "ONNX"


@dataclass(frozen=True)
class OnnxCell:
    """How ONNX has a cell.

    Attributes
    ----------
    operator : str
        The node.
    family : str
        "rnn", "lstm" or "gru".
    attributes : tuple
        Names and values beside the usual ones.
    negated : tuple of str
        The gates whose weights have the other sign there.
    peepholes : bool
        Whether the node gets `P`.
    """

    operator: str
    family: str
    attributes: tuple[tuple[str, Any], ...] = ()
    negated: tuple[str, ...] = ()
    peepholes: bool = False


_CELLS = {
    "rnn": OnnxCell("RNN", "rnn"),
    "rnn_relu": OnnxCell("RNN", "rnn", (("activations", ("Relu",)),)),
    "lstm": OnnxCell("LSTM", "lstm"),
    "lstm_peephole": OnnxCell("LSTM", "lstm", peepholes=True),
    "lstm_coupled": OnnxCell("LSTM", "lstm", (("input_forget", 1),), ("i",)),
    "gru": OnnxCell("GRU", "gru", negated=("z",)),
    "gru_swapped": OnnxCell("GRU", "gru"),
    "gru_reset_after": OnnxCell("GRU", "gru", (("linear_before_reset", 1),), ("z",)),
    "gru_pytorch": OnnxCell("GRU", "gru", (("linear_before_reset", 1),)),
}


def onnx_cell(cell: Cell) -> OnnxCell:
    """How ONNX has the cell.

    Raises
    ------
    ExportError
        It does not.
    """
    known = _CELLS.get(cell.name.removesuffix(SUFFIX)) if is_ours(cell) else None
    if known is None:
        raise ExportError(FORMAT, f"the cell {cell.title}")
    return known


def pieces(network: Network) -> tuple[Piece, ...]:
    """All initialisers that hold weights."""
    found = []
    if "embedding/E" in network.layout.paths:
        found.append(whole("embedding/E", "embedding/E"))
    for number, layer in enumerate(network.layers):
        found += _layer_pieces(number, layer)
    found += [whole(path, path) for path in network.layout.paths if path.startswith("head/")]
    return tuple(found)


def _layer_pieces(number: int, layer: Layer) -> Iterator[Piece]:
    known = onnx_cell(layer.cell)
    parts = [f"layer{number}/{direction}" for direction in layer.directions]
    columns = {
        "W": [_blocks(layer, known, part, "W") for part in parts],
        "R": [_blocks(layer, known, part, "U") for part in parts],
        "B": [
            (*_blocks(layer, known, part, "b"), *_blocks(layer, known, part, "d")) for part in parts
        ],
    }
    if known.peepholes:
        columns["P"] = [
            tuple(Block(f"{part}/{symbol('p', gate)}", layer.hidden) for gate in PEEPHOLES)
            for part in parts
        ]
    for name, stacks in columns.items():
        yield Piece(f"layer{number}/{name}", tuple(stacks), stacked=True)


def _blocks(layer: Layer, known: OnnxCell, part: str, letter: str) -> tuple[Block, ...]:
    given = {parameter.name for parameter in layer.cell.parameters}
    coupled = ("input_forget", 1) in known.attributes
    blocks = []
    for gate in ONNX[known.family]:
        name = symbol(letter, "f" if coupled and gate == "i" else gate)
        sign = -1.0 if gate in known.negated else 1.0
        blocks.append(Block(f"{part}/{name}" if name in given else "", layer.hidden, sign))
    return tuple(blocks)
