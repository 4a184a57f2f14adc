"""The drags of the gradient's chart: of the clip line, and of the end of a truncation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, final

from PySide6.QtCore import QPointF, Qt

from rnnviz.document.document import Clip
from rnnviz.document.edits import SetClip, SetTruncation
from rnnviz.document.edits.base import Edit
from rnnviz.panels.gradient.layout import Geometry
from rnnviz.panels.panel import next_gesture

OFF = 12.0
"""How far above the chart the clip line is let go of."""

Emit = Callable[[Edit], None]


def rounded(limit: float) -> float:
    """A limit of two figures, as nobody wants to clip at 4.8372."""
    return float(f"{limit:.1e}")


@final
class ClipDrag:
    """Moves the clip line; above the top of the chart it is gone."""

    def __init__(self, clip: Clip, place: Geometry, emit: Emit) -> None:
        self._clip, self._place, self._emit = clip, place, emit
        self._kind: Literal["norm", "value"] = "value" if clip.kind == "value" else "norm"
        self._last = clip
        self._gesture = next_gesture()

    def move(self, at: QPointF, _: Qt.KeyboardModifier) -> None:
        """Clip at the size where the pointer is."""
        axis = self._place.axis
        if at.y() < axis.top - OFF:
            self._set(Clip("none", self._last.limit))
        else:
            self._set(Clip(self._kind, rounded(axis.value(at.y()))))

    def drop(self) -> None:
        """Leave the line where it is."""

    def cancel(self) -> None:
        """Put the line back."""
        self._set(self._clip)

    def _set(self, clip: Clip) -> None:
        if clip != self._last:
            self._last = clip
            self._emit(SetClip(clip.kind, clip.limit, gesture=self._gesture))


@final
class TruncationDrag:
    """Moves the place where the error is cut off."""

    def __init__(self, limit: int, source: int, turned: bool, place: Geometry, emit: Emit) -> None:
        self._limit, self._last, self._source, self._turned = limit, limit, source, turned
        self._place, self._emit = place, emit
        self._gesture = next_gesture()

    def move(self, at: QPointF, _: Qt.KeyboardModifier) -> None:
        """Cut off after as many steps as the pointer is away from the loss."""
        step = self._place.columns.nearest(at.x())
        far = step - self._source if self._turned else self._source - step
        self._set(max(1, far + 1))

    def drop(self) -> None:
        """Leave it as it is."""

    def cancel(self) -> None:
        """As it was."""
        self._set(self._limit)

    def _set(self, limit: int) -> None:
        if limit != self._last:
            self._last = limit
            self._emit(SetTruncation(limit, gesture=self._gesture))
