"""The panel of the gates: every gate of every unit at every step, and holding them by hand."""

from rnnviz.panels.gates.panel import GatesPanel

__all__ = ["GatesPanel"]
