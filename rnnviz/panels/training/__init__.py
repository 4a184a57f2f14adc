"""Training: how the network learns, live, and a way back through what it was before."""

from __future__ import annotations

from rnnviz.panels.training.panel import TrainingPanel

__all__ = ["TrainingPanel"]
