"""What can be pointed at in a cell: its wires with their numbers, and its nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, final

READER = "reader"
"""The name of the way on which the hidden state leaves upward, and its gradient comes down."""


@final
@dataclass(frozen=True)
class CellWire:
    """The number of one unit on a wire.

    Attributes
    ----------
    part : str
        Layer and direction.
    name : str
        The value: a quantity, `x`, a previous state, or an expression.
    step, unit : int
        From 0.
    """

    part: str
    name: str
    step: int
    unit: int


@final
@dataclass(frozen=True)
class CellNode:
    """A gate, a function or a round operation, by the value that it gives."""

    part: str
    name: str
    step: int


CellItem: TypeAlias = CellWire | CellNode
