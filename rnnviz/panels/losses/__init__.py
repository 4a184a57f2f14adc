"""The panel of whose gradient it is: what each loss sends to each step."""

from rnnviz.panels.losses.panel import LossMatrixPanel

__all__ = ["LossMatrixPanel"]
