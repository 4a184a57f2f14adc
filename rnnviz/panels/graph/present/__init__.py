"""The graph as a room sees it: few things, and all of them large."""

from __future__ import annotations

from rnnviz.panels.graph.present.calm import calmed
from rnnviz.panels.graph.present.empty import draw_large_empty
from rnnviz.panels.graph.present.painting import draw_present

__all__ = ["calmed", "draw_large_empty", "draw_present"]
