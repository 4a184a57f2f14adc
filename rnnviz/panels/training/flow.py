"""The gradient at each time step while a network learns, on the fixed logarithmic axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.document.single_losses import state_norms
from rnnviz.engine.arrays import Array
from rnnviz.engine.gradients import Gradients
from rnnviz.panels.canvas.axis import (
    LogAxis,
    draw_bands,
    draw_curve,
    draw_log_axis,
    hidden_gradient,
)
from rnnviz.panels.canvas.columns import Columns
from rnnviz.panels.canvas.text import draw_text, elided, run
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate


@final
@dataclass(frozen=True, eq=False)
class Norms:
    """The norms of dL/dh at each time step, and of which sequence they are."""

    values: Array
    is_probe: bool


@final
class Flow:
    """Finds the gradient to be shown, and keeps what it has computed."""

    def __init__(self) -> None:
        self._known: tuple[Gradients | None, dict[str, Array]] = (None, {})

    def shown(self, sight: Sight) -> Norms | None:
        """Of the sample that is watched while a run is under way, else of the sequence shown."""
        if sight.training.running:
            found = self._chosen(dict(sight.training.gradient), sight)
            return None if found is None else Norms(found, is_probe=True)
        gradients = sight.frame.gradients
        if gradients is not self._known[0]:
            self._known = (gradients, {} if gradients is None else state_norms(gradients))
        found = self._chosen(self._known[1], sight)
        return None if found is None else Norms(found, is_probe=False)

    @staticmethod
    def _chosen(norms: dict[str, Array], sight: Sight) -> Array | None:
        """The hidden state of the selected part, else of any."""
        part = sight.selection.part
        paths = sorted(norms, key=lambda path: (not path.startswith(part), path[-2:] != "/h"))
        return norms[paths[0]] if paths and len(norms[paths[0]]) else None


def draw_flow(painter: QPainter, area: QRectF, norms: Norms, sight: Sight) -> None:
    """The curve on its axis, below a line that says of which sequence it is."""
    theme = sight.theme
    words = translate("Training", "gradient per step")
    if norms.is_probe:
        words = translate("Training", "gradient per step, one sample")
    label = run(words, theme.type.axis, theme.colours.tx2, sight.present)
    head = 16.0 * (1.5 if sight.present else 1.0)
    left = area.left() + 34 * (1.5 if sight.present else 1.0)
    draw_text(painter, left, area.top() + head - 5, elided(label, area.right() - left))
    low, high = theme.scales.gradient_axis
    axis = LogAxis(low, high, area.top() + head, area.bottom() - 6)
    every = 4 if axis.foot - axis.top < 110 else 2
    draw_bands(painter, axis, left, area.right(), theme, "", "")
    draw_log_axis(painter, axis, left, area.right(), theme, every)
    columns = Columns(left, area.right(), len(norms.values))
    draw_curve(
        painter, columns.xs(), norms.values.tolist(), axis, hidden_gradient(theme), theme, 24
    )
