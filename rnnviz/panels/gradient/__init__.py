"""The panel of the gradient's size at each step: vanishing, exploding, clipped, truncated."""

from rnnviz.panels.gradient.panel import GradientPanel

__all__ = ["GradientPanel"]
