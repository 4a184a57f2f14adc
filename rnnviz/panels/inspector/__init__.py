"""The inspector: the equation of what is selected, with the live numbers put in."""

from __future__ import annotations

from rnnviz.panels.inspector.panel import InspectorPanel

__all__ = ["InspectorPanel"]
