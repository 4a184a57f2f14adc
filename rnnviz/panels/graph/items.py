"""What can be pointed at in the graph: frozen values, one for each kind of drawn thing.

A `side` is 0, or 0 for the encoder and 1 for the decoder; steps and units count from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rnnviz.panels.sight import Zoom


@dataclass(frozen=True)
class Chip:
    """The word, or the number of the step, that a column reads."""

    side: int
    step: int


@dataclass(frozen=True)
class AddChip:
    """The plus behind the last word."""


@dataclass(frozen=True)
class InputCell:
    """One number of what a step reads."""

    side: int
    step: int
    unit: int


@dataclass(frozen=True)
class StateCell:
    """One number of a quantity in a strip: of a state, of a layer's output, of a context."""

    path: str
    step: int
    unit: int


@dataclass(frozen=True)
class CellBox:
    """A cell, by its layer and direction."""

    part: str
    step: int


@dataclass(frozen=True)
class GateBar:
    """The bar of one gate of the selected unit in a folded cell."""

    part: str
    step: int
    symbol: str


@dataclass(frozen=True)
class StateNorm:
    """The size of the gradient of a whole state at a step."""

    part: str
    state: str
    step: int


@dataclass(frozen=True)
class Road:
    """A stretch between two cells: of the state `state`, before `step` is entered."""

    part: str
    state: str
    step: int


@dataclass(frozen=True)
class OutputRow:
    """One class of the answer at a step, by its number."""

    step: int
    index: int


@dataclass(frozen=True)
class Badge:
    """The loss of a step."""

    step: int


@dataclass(frozen=True)
class UnitChip:
    """The button of one unit."""

    unit: int


@dataclass(frozen=True)
class MoreUnits:
    """The buttons that show other units."""

    by: int


@dataclass(frozen=True)
class ZoomButton:
    """One of the buttons at the top right."""

    name: Literal["smaller", "whole", "larger", "fit"]


@dataclass(frozen=True)
class Crumb:
    """One word of the line that leads back from the cell to the sequence."""

    zoom: Zoom


@dataclass(frozen=True)
class UndoButton:
    """Takes the last edit back, where numbers overflowed."""


@dataclass(frozen=True)
class Overview:
    """A step in the strip of all steps."""

    step: int


@dataclass(frozen=True)
class Attended:
    """How much a step of the decoder looks at one of the encoder."""

    step: int
    source: int
