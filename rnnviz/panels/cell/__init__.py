"""The inside of a cell: its equations as a diagram, with the numbers of one step on its wires."""

from __future__ import annotations

from rnnviz.panels.cell.picture import CellPicture
from rnnviz.panels.cell.ports import Ports, ports

__all__ = ["CellPicture", "Ports", "ports"]
