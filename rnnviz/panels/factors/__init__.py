"""The panel of step-to-step factors: the road against all that passes through a step."""

from rnnviz.panels.factors.panel import FactorsPanel

__all__ = ["FactorsPanel"]
