"""The weights and states that a recurrent node of ONNX gets through its inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.document.interchange.files import check_shape
from rnnviz.document.interchange.gates import ONNX, PEEPHOLES, split
from rnnviz.document.interchange.onnx_constants import Constants, NotConstantError, Scope
from rnnviz.document.interchange.onnx_tensors import Values
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import Cell
from rnnviz.engine.errors import EngineError

W, R, B, LENGTHS, H, C, P = 1, 2, 3, 4, 5, 6, 7


@dataclass(frozen=True, eq=False)
class Inputs:
    """The inputs of a node.

    Attributes
    ----------
    scope, node, constants
        The graph, the node in it, and what is constant there.
    directions : tuple of str
        "forward" or "backward" or both, in the order of the tensors' first axis.
    """

    scope: Scope
    node: Any
    constants: Constants
    directions: tuple[str, ...]

    def optional(self, index: int) -> Values | None:
        """The constant at an input; None where the input is left out."""
        if index >= len(self.node.input) or not self.node.input[index]:
            return None
        return self.constants.value(self.scope, self.node.input[index])

    def weights(self, family: str, peepholes: Values | None) -> list[dict[str, Array]]:
        """The weights of each direction by symbol."""
        order = ONNX[family]
        inner = self._split("W", self._needed(W), order)
        recurrent = self._split("U", self._needed(R), order)
        found = [{**a, **b} for a, b in zip(inner, recurrent, strict=True)]
        biases = self.optional(B)
        if biases is not None:
            if biases.ndim != 2 or biases.shape[1] % 2:
                raise EngineError(f"B has the shape {biases.shape}")
            first, second = np.split(biases, 2, axis=1)
            for letter, half in (("b", first), ("d", second)):
                for weights, more in zip(found, self._split(letter, half, order), strict=True):
                    weights.update(more)
        if peepholes is not None:
            more_of_all = self._split("p", peepholes, PEEPHOLES)
            for weights, more in zip(found, more_of_all, strict=True):
                weights.update(more)
        return found

    def _needed(self, index: int) -> Values:
        array = self.optional(index)
        if array is None:
            raise EngineError(f"its input {'XWR'[index]} is missing")
        return array

    def _split(self, letter: str, array: Values, order: tuple[str, ...]) -> list[dict[str, Array]]:
        """The blocks of each direction of a tensor `[directions, gates * hidden, ...]`."""
        check_shape(f"the tensor of {letter}", array.shape)
        rank = 3 if letter in "WU" else 2
        fits = array.ndim == rank and len(array) == len(self.directions)
        if not fits or array.shape[1] % len(order) or array.dtype.kind != "f":
            raise EngineError(
                f"the tensor of {letter} has the shape {array.shape} and holds {array.dtype}; "
                f"expected {rank} axes of numbers with a fraction, the first of "
                f"{len(self.directions)}, the second of {len(order)} blocks"
            )
        return [split(letter, of_direction, order) for of_direction in array]

    def states(self, cell: Cell, hidden: int, batch_first: bool) -> dict[str, Array]:
        """The initial states that are constant and not zero: "forward/h" -> `[hidden]`."""
        found: dict[str, Array] = {}
        for state, index in zip(cell.states, (H, C), strict=False):
            try:
                values = self._repeated(index)
            except NotConstantError:
                continue
            if values is not None:
                rows = self._rows(state, values, hidden, batch_first)
                named = zip(self.directions, rows, strict=True)
                found |= {f"{direction}/{state}": row for direction, row in named if row.any()}
        return found

    def _rows(self, state: str, values: Values, hidden: int, batch_first: bool) -> Values:
        """The one state of each direction, `[directions, hidden]`."""
        if batch_first and values.ndim == 3:
            values = values.swapaxes(0, 1)
        if (
            values.ndim != 3
            or values.shape[::2] != (len(self.directions), hidden)
            or not values.size
        ):
            raise EngineError(f"initial_{state} has the shape {values.shape}")
        if not (values == values[:, :1]).all():
            raise EngineError(f"initial_{state} has another value for each row of a batch")
        return np.asarray(values[:, 0])

    def _repeated(self, index: int) -> Values | None:
        """An initial state; one that `Expand` repeats for each row of the batch is constant too."""
        name = self.node.input[index] if index < len(self.node.input) else ""
        owner = self.scope.owner(name)
        maker = owner.producers.get(name) if owner is not None else None
        if owner is not None and maker is not None and maker.op_type == "Expand":
            return self.constants.value(owner, maker.input[0])
        return self.optional(index)

    def notes(self) -> Iterator[str]:
        """What the node gets from outside, a sentence each."""
        try:
            lengths = self.optional(LENGTHS)
        except NotConstantError:
            yield "sequence_lens is given when the model runs; here every row has its own length."
        else:
            if lengths is not None:
                yield f"sequence_lens is {lengths.ravel().tolist()[:20]} in the file."
        for index, state in ((H, "h"), (C, "c")):
            try:
                self._repeated(index)
            except NotConstantError:
                yield f"initial_{state} is given when the model runs; here it is zero."
