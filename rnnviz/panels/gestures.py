"""What a picture does with the mouse, the wheel and the keys: a table of callables."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QKeyEvent, QWheelEvent

from rnnviz.session.selection import Spot

Item: TypeAlias = Hashable
"""A drawn thing that can be pointed at: a frozen value of the panel's own kind."""

Table: TypeAlias = Sequence[Sequence[object]]


class Drag(Protocol):
    """A drag under way."""

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""

    def drop(self) -> None:
        """End where it is."""

    def cancel(self) -> None:
        """End as if it had not been: Esc was pressed."""


def _nothing(*_: object) -> None:
    """Do nothing."""


def _no(*_: object) -> bool:
    return False


@final
@dataclass(frozen=True)
class Gestures:
    """What a picture answers to. Callables take the item under the pointer.

    Attributes
    ----------
    click, double_click : callable
        `(item, modifiers)`. A press that does not move further than the system's drag distance is
        a click, also where the item can be dragged.
    drag : callable
        `(item, at)` -> a `Drag`, or None where the item cannot be dragged.
    wheel : callable
        `(item or None, notches, modifiers)` -> whether it was used; notches may be parts of one.
    key : callable
        `(event)` -> whether it was used.
    wants : callable
        `(event)` -> whether a key is for the picture rather than a shortcut of the program.
    spot : callable
        `(item)` -> the `Spot` of the trace that it stands for, or None.
    menu : callable
        `(item or None)` -> actions of the context menu, before those that every picture has.
    table : callable or None
        The numbers of the picture as rows, for a spreadsheet.
    """

    click: Callable[[Item, Qt.KeyboardModifier], None] = _nothing
    double_click: Callable[[Item, Qt.KeyboardModifier], None] = _nothing
    drag: Callable[[Item, QPointF], Drag | None] = _nothing
    wheel: Callable[[Item | None, float, Qt.KeyboardModifier], bool] = _no
    key: Callable[[QKeyEvent], bool] = _no
    wants: Callable[[QKeyEvent], bool] = _no
    spot: Callable[[Item], Spot | None] = _nothing
    menu: Callable[[Item | None], Sequence[QAction]] = lambda _: ()
    table: Callable[[], Table] | None = None


def notches(event: QWheelEvent) -> float:
    """How far the wheel was turned: 1 a notch, away from the reader above 0."""
    return (event.angleDelta().y() or event.angleDelta().x()) / 120
