r"""In which order each library stacks the gates of a cell in one matrix.

PyTorch keeps :math:`[W_i; W_f; W_g; W_o]`, ONNX `i, o, f, c`, Keras `i, f, c, o`; a GRU is
`r, z, n` in PyTorch and `z, r, h` in ONNX and in Keras. A model read in the wrong order computes
something else without a word.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.engine.arrays import Array

Orders = Mapping[str, tuple[str, ...]]

TORCH: Orders = {"rnn": ("",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")}
ONNX: Orders = {"rnn": ("",), "lstm": ("i", "o", "f", "g"), "gru": ("z", "r", "n")}
KERAS: Orders = {"rnn": ("",), "lstm": ("i", "f", "g", "o"), "gru": ("z", "r", "n")}
PEEPHOLES = ("i", "o", "f")
"""The order of ONNX's tensor `P`."""

FAMILY_OF = {1: "rnn", 3: "gru", 4: "lstm"}
"""Number of stacked blocks -> family."""


def symbol(letter: str, gate: str) -> str:
    """The name of a weight in the cell's equations: `W_f`, or `W` in the vanilla cell."""
    return f"{letter}_{gate}" if gate else letter


def split(letter: str, stacked: Array, order: tuple[str, ...]) -> dict[str, Array]:
    """The blocks of a stacked matrix `[gates * hidden, columns]` or vector by name."""
    blocks = np.split(stacked, len(order))
    return {symbol(letter, gate): block for gate, block in zip(order, blocks, strict=True)}
