"""The unrolled graph: the face of the Lab."""

from __future__ import annotations

from rnnviz.panels.graph.panel import GraphPanel

__all__ = ["GraphPanel"]
