"""The drags of the graph that are not a number's: reordering words, sweeping over units."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QPointF, Qt

from rnnviz.panels.graph.items import UnitChip
from rnnviz.panels.graph.look import Look
from rnnviz.panels.graph.wishing import Wishing
from rnnviz.panels.picture import PicturePanel


@final
class ChipDrag:
    """Takes a word to another place: it floats with the pointer and falls where it is let go.

    Parameters
    ----------
    panel : PicturePanel
        Where.
    look : Look
        Shows the word on its way.
    wishing : Wishing
        Moves it in the end.
    step : int
        Which.
    """

    def __init__(self, panel: PicturePanel, look: Look, wishing: Wishing, step: int) -> None:
        self._panel, self._look, self._wishing, self._step = panel, look, wishing, step

    def move(self, at: QPointF, _: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        plan = self._look.plan
        if plan is not None:
            x = at.x() / plan.scale
            columns = [c for c in plan.axis.visible if c.side == 0]
            near = min(columns, key=lambda c: abs(c.foot - x))
            self._look.floating = (self._step, x, near.step)
            self._panel.update()

    def drop(self) -> None:
        """Let it fall."""
        floating, self._look.floating = self._look.floating, None
        self._panel.update()
        if floating is not None:
            self._wishing.move(self._step, floating[2])

    def cancel(self) -> None:
        """Leave it where it was."""
        self._look.floating = None
        self._panel.update()


@final
class Sweep:
    """Chooses the units over which the pointer goes.

    Parameters
    ----------
    panel : PicturePanel
        Where.
    before : int
        The unit that was chosen.
    """

    def __init__(self, panel: PicturePanel, before: int) -> None:
        self._panel, self._before, self._last = panel, before, before

    def move(self, at: QPointF, _: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        item = self._panel.hits.at(at * self._panel.grown)
        if isinstance(item, UnitChip) and item.unit != self._last:
            self._last = item.unit
            self._panel.selection_requested.emit({"unit": item.unit})

    def drop(self) -> None:
        """Stay with the last one."""

    def cancel(self) -> None:
        """Go back to the one before."""
        self._panel.selection_requested.emit({"unit": self._before})


@final
class Pull:
    """Calls something at every move, such as to follow a strip of steps.

    Parameters
    ----------
    follow : callable
        `(place)`.
    """

    def __init__(self, follow: Callable[[QPointF], None]) -> None:
        self._follow = follow

    def move(self, at: QPointF, _: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        self._follow(at)

    def drop(self) -> None:
        """End where it is."""

    def cancel(self) -> None:
        """End where it is: nothing was changed."""
