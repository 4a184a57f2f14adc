"""How a number is changed by hand: by a drag, by the wheel and by keys, one step of undo each."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic
from typing import final

from PySide6.QtCore import QPointF, Qt

from rnnviz.panels.panel import Panel, next_gesture

PAUSE = 0.8
"""Seconds after which a turn of the wheel or a press of a key begins a new step of undo."""
DIGITS = 9
FINE = Qt.KeyboardModifier.ShiftModifier
_LIMITS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, 1e6)}


def limits(function: str) -> tuple[float, float]:
    """The least and the greatest number at which a hand holds what a function gives."""
    return _LIMITS.get(function, (-1e6, 1e6))


@final
class ValueDrag:
    """A drag that changes one number: upward and to the right it grows.

    Parameters
    ----------
    panel : Panel
        Where it is; its document says whether there is something to undo.
    start : QPointF
        Where it begins.
    value : float
        What the number is there.
    change : callable
        `(value, gesture)` -> wishes the edit.
    per_px : float
        How much it changes a px; a tenth of that with Shift.
    within : tuple of float
        The least and the greatest number.
    """

    def __init__(
        self,
        panel: Panel,
        start: QPointF,
        value: float,
        change: Callable[[float, int], None],
        per_px: float = 0.01,
        within: tuple[float, float] = (-1e6, 1e6),
    ) -> None:
        self._panel, self._last, self._value = panel, start, value
        self._change, self._per_px, self._within = change, per_px, within
        self._gesture = next_gesture()
        self._before = panel.sight.frame.document

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        way = at - self._last
        self._last = at
        step = self._per_px * (0.1 if modifiers & FINE else 1.0)
        low, high = self._within
        self._value = min(max(self._value + step * (way.x() - way.y()), low), high)
        self._change(round(self._value, DIGITS), self._gesture)

    def drop(self) -> None:
        """End where it is."""

    def cancel(self) -> None:
        """Take back what the drag did."""
        undo_since(self._panel, self._before)


@final
class PlaceDrag:
    """A drag whose value is where the pointer stands, such as that of a slider.

    Parameters
    ----------
    panel : Panel
        Where it is.
    change : callable
        `(place, gesture)` -> wishes the edit.
    """

    def __init__(self, panel: Panel, change: Callable[[QPointF, int], None]) -> None:
        self._panel, self._change = panel, change
        self._gesture = next_gesture()
        self._before = panel.sight.frame.document

    def move(self, at: QPointF, _: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        self._change(at, self._gesture)

    def drop(self) -> None:
        """End where it is."""

    def cancel(self) -> None:
        """Take back what the drag did."""
        undo_since(self._panel, self._before)


def undo_since(panel: Panel, before: object) -> None:
    """Undo the one step that a gesture made, if it made one."""
    if panel.sight.frame.document != before:
        panel.command_requested.emit("undo", None)


@final
class Streak:
    """Numbers of gestures for what comes in single strokes: those in quick succession share one."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self._when, self._number = 0.0, 0

    def number(self, key: Hashable) -> int:
        """The gesture of a stroke; the same as before for the same key without a pause."""
        now = monotonic()
        if key != self._key or now - self._when > PAUSE:
            self._key, self._number = key, next_gesture()
        self._when = now
        return self._number
