"""Outputs and loss: what the network answers at each step, what is right, and what it costs."""

from __future__ import annotations

from rnnviz.panels.outputs.panel import OutputsPanel

__all__ = ["OutputsPanel"]
