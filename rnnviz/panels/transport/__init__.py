"""The transport: buttons, one scrubber over the whole story, and the speed."""

from __future__ import annotations

from rnnviz.panels.transport.panel import TransportPanel

__all__ = ["TransportPanel"]
