"""The panel of the highway: what each state keeps of the step before, and what it writes."""

from rnnviz.panels.highway.panel import HighwayPanel

__all__ = ["HighwayPanel"]
