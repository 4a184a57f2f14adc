"""The pointer over a picture: what is under it, what it pressed, and the drag under way."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from rnnviz.panels.gestures import Drag, Gestures, Item


@final
class Pointer:
    """Tells clicks from drags.

    Attributes
    ----------
    gestures : Gestures
        What the picture answers to.
    item : Item or None
        What is under the pointer.
    drag : Drag or None
        The drag under way.
    """

    def __init__(self, gestures: Gestures) -> None:
        self.gestures = gestures
        self.item: Item | None = None
        self.drag: Drag | None = None
        self._pressed: tuple[Item, QPointF] | None = None

    def press(self, item: Item | None, at: QPointF) -> None:
        """Begin what will be a click or a drag."""
        self._pressed = None if item is None else (item, at)

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow a pointer that is held down."""
        if self.drag is None and self._pressed is not None:
            item, start = self._pressed
            if (at - start).manhattanLength() < QApplication.startDragDistance() / 2:
                return
            self._pressed = None
            self.drag = self.gestures.drag(item, start)
        if self.drag is not None:
            self.drag.move(at, modifiers)

    def release(self, modifiers: Qt.KeyboardModifier) -> None:
        """End a drag, or click what was pressed."""
        pressed, self._pressed = self._pressed, None
        drag, self.drag = self.drag, None
        if drag is not None:
            drag.drop()
        elif pressed is not None:
            self.gestures.click(pressed[0], modifiers)

    def cancel(self) -> None:
        """End a drag as if it had not been."""
        drag, self.drag, self._pressed = self.drag, None, None
        if drag is not None:
            drag.cancel()
