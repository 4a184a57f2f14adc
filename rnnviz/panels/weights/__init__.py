"""The panel of weights: matrices as heat maps whose numbers are typed, dragged and pasted."""

from __future__ import annotations

from rnnviz.panels.weights.panel import WeightsPanel

__all__ = ["WeightsPanel"]
